//! Draws the list pane. Only visible rows are built.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::date_display;
use super::frame_input::FrameInput;
use super::highlights::{self, Snippets};
use super::layout::offset_for;
use super::pane_frame::{self, Counter};
use crate::app::{Focus, FrameInfo};
use crate::feed::{Article, SafeText, clean};
use crate::query::{Field, Highlighter, SortKey};
use crate::text::{self, Piece, grouped, repeat, span};

/// Columns before the title: three signs (selection, unread, another mark), and the age.
const SIGN_COLUMNS: usize = 3;
const AGE_COLUMNS: usize = 4;
/// Prefix of the title of a member that is shown below its head.
const MEMBER_SIGN: &str = "╰ ";
/// Fewest columns of the reason for a head, if its text is that long. See [`MEMBER_PREFIX`].
const MIN_REASON: usize = 20;
/// Prefix of the reason for a head that the query does not find: the title of a member that it finds.
const MEMBER_PREFIX: &str = "with ";
/// Fewest columns of a snippet.
const MIN_SNIPPET: usize = 20;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, snippets: &mut Snippets, info: &mut FrameInfo) {
    let list = view.app.list();
    let count = list.rows().len();
    let focused = view.app.focus() == Focus::List;
    let counter = Counter { current: list.selected() + 1, total: count };
    let inner =
        pane_frame::draw_pane(area, buf, view, focused, view.app.library_name(), (count > 0).then_some(counter));
    // In a pane of one line, a row has only its first line.
    let lines = view.settings().density.row_lines().min(inner.height.max(1));
    let height = usize::from(inner.height / lines);
    let offset = offset_for(list.offset(), list.selected(), height, count);
    (info.list.area, info.list.offset, info.list.row_lines) = (inner, offset, lines);
    if count == 0 {
        return empty(inner, buf, view);
    }
    let highlighter = view.app.query().highlighter();
    let range = list.range_rows();
    let rows = (offset..).zip(list.rows().between(offset..offset + height));
    for (y, (row, index)) in (inner.y..inner.bottom()).step_by(usize::from(lines)).zip(rows) {
        let Some(article) = view.app.feed().get(index) else { continue };
        info.list.rows_built += 1;
        let columns = usize::from(inner.width);
        let in_range = range.contains(&row);
        let row = Row { view, article: &article, index, columns, selected: row == list.selected(), in_range };
        let drawn = row.lines(&highlighter, snippets, lines > 1);
        for (y, (line, highlights)) in (y..).zip(drawn.into_iter().take(usize::from(lines))) {
            buf.set_line(inner.x, y, &line, inner.width);
            for hit in highlights {
                let (x, width) = (inner.x.saturating_add(hit.start as u16), (hit.end - hit.start) as u16);
                buf.set_style(Rect { x, y, width, height: 1 }.intersection(inner), view.styles.hit.other);
            }
        }
        // After the hits, whose colours this overrides: they stay underlined.
        let whole = Rect { y, height: lines, ..inner };
        if row.selected {
            if focused {
                info.cursor = Some(Position { x: inner.x, y });
            }
            let style = if focused { view.styles.selected.focused } else { view.styles.selected.other };
            buf.set_style(whole, style);
        } else if row.in_range {
            buf.set_style(whole, view.styles.selected.other);
        }
    }
}

/// A row that is drawn.
struct Row<'a> {
    view: &'a FrameInput<'a>,
    article: &'a Article,
    index: usize,
    columns: usize,
    selected: bool,
    /// The row is in the selected range.
    in_range: bool,
}

/// A line with the columns of its hits.
type HighlightedLine = (Line<'static>, Vec<Range<usize>>);

impl Row<'_> {
    /// The one or two lines of the row.
    fn lines(&self, highlighter: &Highlighter, snippets: &mut Snippets, two: bool) -> Vec<HighlightedLine> {
        let (article, styles) = (self.article, self.view.styles);
        let marks = self.view.app.marks();
        let read = !self.view.app.targets().is_unread(self.index);
        let sign = match () {
            () if marks.is_starred(article.id) => "★",
            () if marks.is_hidden(article.id) => "×",
            () if marks.note(article.id).is_some() => "✎",
            () => " ",
        };
        let title_style = if read { styles.dim } else { styles.text };
        let provider_columns = match self.columns {
            0..50 => 0,
            50..70 => 12,
            _ => 18,
        };
        let mut spans = vec![
            span(
                if self.selected {
                    "▸"
                } else if self.in_range {
                    "▍"
                } else {
                    " "
                },
                styles.accent,
            ),
            if read { span(" ", styles.dim) } else { span("●", styles.unread) },
            span(sign, if sign == " " { styles.text } else { styles.accent }),
        ];
        let mut highlights = Vec::new();
        let mut mark = |field, shown: &SafeText, at: usize, columns: usize| {
            let found = highlights::in_text(highlighter, field, shown, columns);
            highlights.extend(found.iter().map(|hit| hit.start + at..hit.end + at));
        };
        let age = date_display::age_or_arrival(
            article.published.map(|date| date.at(self.view.zone())),
            marks.arrived(article.id),
            self.view.app.now(),
        );
        spans.push(repeat(" ", AGE_COLUMNS.saturating_sub(text::width(age.as_str())), styles.dim));
        spans.push(span(age, styles.dim));
        spans.push(span("  ", styles.text));
        let provider_style = if read { styles.dim } else { styles.provider };
        let mut before = SIGN_COLUMNS + AGE_COLUMNS + 2;
        if provider_columns > 0 {
            mark(Field::Provider, &article.provider.name, before, provider_columns);
            spans.extend(text::fit(&article.provider.name, provider_columns, provider_style));
            spans.push(span("  ", styles.text));
            before += provider_columns + 2;
        }
        let feed = self.view.app.feed();
        let list = self.view.app.list();
        if list.head_over(self.index, feed).is_some() {
            spans.push(span(MEMBER_SIGN, styles.dim));
            before += text::width(MEMBER_SIGN);
        }
        let end = end_of_row(self.view, article, self.index, self.columns);
        let room = self.columns.saturating_sub(before + text::spans_width(&end));
        let in_title = !highlights::in_text(highlighter, Field::Title, &article.title, room).is_empty();
        // The query found a member and not the head, so the row shows the member's title.
        let member = list.placing_member(self.index).filter(|_| !in_title).and_then(|member| feed.get(member));
        let snippet = match &member {
            Some(member) => {
                let elsewhere =
                    !highlighter.is_empty() && highlighter.ranges(Field::Title, member.title.as_str()).is_empty();
                let snippet = if elsewhere { snippets.get(self.view, highlighter, member) } else { None };
                snippet.or_else(|| Some((Field::Title, clean::join(&[MEMBER_PREFIX.into(), member.title.clone()], ""))))
            }
            None if highlighter.is_empty() || in_title => None,
            None => snippets.get(self.view, highlighter, article),
        };
        let separator = text::width(highlights::SEPARATOR);
        if two {
            let first = FirstLine { spans, end, highlights, before, room };
            return self.two_lines(first, snippet, highlighter, title_style, provider_columns == 0);
        }
        // A reason has priority over the title. A snippet comes after the title and has at most half of the room.
        let (least, columns) = match (&member, &snippet) {
            (Some(_), Some((_, reason))) => {
                let wanted = text::width(reason.as_str()).min((room / 2).max(MIN_REASON));
                (MIN_REASON.min(wanted), room.saturating_sub(wanted + separator))
            }
            _ => (MIN_SNIPPET, room / 2),
        };
        let title = text::cut(&article.title, columns);
        let taken = text::width(title.as_str()) + separator;
        let snippet = snippet.filter(|_| taken + least <= room);
        match snippet {
            None => {
                mark(Field::Title, &article.title, before, room);
                spans.extend(text::fit(&article.title, room, title_style));
            }
            Some((field, snippet)) => {
                mark(Field::Title, &title, before, taken);
                mark(field, &snippet, before + taken, room - taken);
                spans.extend([span(title, title_style), span(highlights::SEPARATOR, styles.dim)]);
                spans.extend(text::fit(&snippet, room - taken, styles.dim));
            }
        }
        spans.extend(end);
        vec![(Line::from(spans), highlights)]
    }

    /// Two lines: the title, and below it the rest of the title, or else the snippet, or else the topics. The provider
    /// precedes the topics if it has no column.
    fn two_lines(
        &self,
        first: FirstLine,
        snippet: Option<(Field, SafeText)>,
        highlighter: &Highlighter,
        style: Style,
        names_provider: bool,
    ) -> Vec<HighlightedLine> {
        let (article, styles) = (self.article, self.view.styles);
        let FirstLine { mut spans, end, mut highlights, before, room } = first;
        let below = self.columns.saturating_sub(before + 1);
        let title = &article.title;
        let (start, rest) = if snippet.is_some() { (title.clone(), SafeText::default()) } else { split(title, room) };
        let at = title.as_str().len() - rest.as_str().len();
        let (start, rest) = (text::cut(&start, room), text::cut(&rest, below));
        let found = if highlighter.is_empty() { Vec::new() } else { highlighter.ranges(Field::Title, title.as_str()) };
        highlights
            .extend(columns_in(&found, title.as_str(), 0, &start).map(|hit| hit.start + before..hit.end + before));
        let missing = room.saturating_sub(text::width(start.as_str()));
        spans.extend([span(start, style), repeat(" ", missing, style)]);
        spans.extend(end);
        let mut second = vec![repeat(" ", before, styles.dim)];
        let mut highlights_below: Vec<Range<usize>> = Vec::new();
        match snippet {
            _ if !rest.is_empty() => {
                highlights_below.extend(columns_in(&found, title.as_str(), at, &rest));
                second.push(span(rest, style));
            }
            Some((field, snippet)) => {
                highlights_below.extend(highlights::in_text(highlighter, field, &snippet, below));
                second.push(span(text::cut(&snippet, below), styles.dim));
            }
            None => {
                let provider = names_provider.then(|| article.provider.name.clone());
                let topics = article.topics.iter().map(|topic| clean::run(&format!("#{}", topic.shown())));
                let about = clean::join(&provider.into_iter().chain(topics).collect::<Vec<_>>(), "  ");
                if names_provider {
                    highlights_below.extend(highlights::in_text(
                        highlighter,
                        Field::Provider,
                        &article.provider.name,
                        below,
                    ));
                }
                second.push(span(text::cut(&about, below), styles.dim));
            }
        }
        let highlights_below = highlights_below.into_iter().map(|hit| hit.start + before..hit.end + before).collect();
        vec![(Line::from(spans), highlights), (Line::from(second), highlights_below)]
    }
}

/// The first line of a row with two lines, without the title.
struct FirstLine {
    /// Spans before the title.
    spans: Vec<Span<'static>>,
    /// Spans after the title.
    end: Vec<Span<'static>>,
    /// Hits before the title.
    highlights: Vec<Range<usize>>,
    /// Columns before the title.
    before: usize,
    /// Columns for the title.
    room: usize,
}

/// Splits a title at the last blank that fits into `columns`. With less than 8 columns the second part is empty.
fn split(title: &SafeText, columns: usize) -> (SafeText, SafeText) {
    const FEW: usize = 8;
    let pieces = [Piece { text: title.clone(), style: Style::new() }];
    let first = text::wrap(&pieces, columns.max(FEW), &[], &[]).next().map(|line| line.to_string());
    let rest = first.as_deref().and_then(|first| title.as_str().strip_prefix(first));
    match (first.as_deref(), rest) {
        (Some(first), Some(rest)) if columns >= FEW => (clean::run(first), clean::run(rest.trim_start())),
        _ => (title.clone(), SafeText::default()),
    }
}

/// The columns of byte ranges of a title in a part of it that begins at byte `at` and may be cut.
fn columns_in<'a>(
    ranges: &'a [Range<usize>],
    title: &'a str,
    at: usize,
    part: &'a SafeText,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let shown = part.as_str();
    let same = title.get(at..).unwrap_or_default().bytes().zip(shown.bytes()).take_while(|(a, b)| a == b).count();
    let end = at + same;
    let column = move |byte: usize| title.get(at..byte).map_or(0, text::width);
    ranges.iter().filter_map(move |range| {
        let (start, stop) = (range.start.max(at), range.end.min(end));
        let columns = column(start)..column(stop);
        (start < stop && !columns.is_empty()).then_some(columns)
    })
}

/// The end of a row: the number of other articles in the story, and the quality or score.
fn end_of_row(view: &FrameInput, article: &Article, index: usize, columns: usize) -> Vec<Span<'static>> {
    let styles = view.styles;
    let feed = view.app.feed();
    let mut spans = Vec::new();
    let is_shown = |member: &usize| feed.id(*member).is_some_and(|id| !view.app.marks().is_hidden(id));
    let members = feed.members_led_by(index).filter(is_shown).count();
    if members > 0 {
        let sign = if view.app.stories().is_unfolded(article.id) { "▾" } else { "+" };
        spans.push(span(clean::run(&format!(" {sign}{members}")), styles.accent));
    }
    if columns >= 60 {
        let by_rules = view.app.query().sort().is_some_and(|sort| sort.key == SortKey::Score);
        let score = match by_rules {
            true => {
                Some(view.app.marks().score(article.id)).filter(|score| *score != 0).map(|score| format!("{score:+}"))
            }
            false => article.quality.map(|quality| quality.to_string()),
        };
        let score = score.unwrap_or_default();
        spans.push(span(" ", styles.text));
        spans.push(repeat(" ", 3usize.saturating_sub(score.len()), styles.dim));
        spans.push(span(clean::run(&score), styles.dim));
    }
    spans
}

fn empty(area: Rect, buf: &mut Buffer, view: &FrameInput) {
    let app = view.app;
    // While files are read or searched, an empty list says nothing about the query.
    let words = if app.is_loading() {
        "Reading the article files …".into()
    } else if app.search().is_running() {
        "Searching …".into()
    } else if are_all_hidden(view) {
        all_hidden(app.feed().len())
    } else if app.context() == crate::app::Context::Prompt {
        clean::plain_line(&format!("Nothing matches {}.", app.query()))
    } else if !app.query().is_everything() {
        let key = view.keymap.key_of(crate::app::Action::Clear).unwrap_or_default();
        clean::plain_line(&format!("Nothing matches {}. {key} shows all articles again.", app.query()))
    } else if !app.problems().all().is_empty() {
        let key = view.keymap.key_of(crate::app::Action::Problems).unwrap_or_default();
        clean::plain_line(&format!("No article could be read. {key} shows why."))
    } else {
        "No articles here. Put Markdown files into the folder, or name another: frontpage FOLDER".into()
    };
    pane_frame::draw_text(area, buf, words, view.styles.dim);
}

/// Whether the list is empty because all articles are hidden. Stops at the first one that is not hidden.
fn are_all_hidden(view: &FrameInput) -> bool {
    let (feed, marks) = (view.app.feed(), view.app.marks());
    let is_hidden = |index| feed.id(index).is_some_and(|id| marks.is_hidden(id));
    !feed.is_empty() && !view.app.query().mentions_hidden() && (0..feed.len()).all(is_hidden)
}

/// The text for a library whose articles are all hidden.
fn all_hidden(count: usize) -> SafeText {
    let words = match count {
        1 => "The only article here is hidden. The query is:hidden finds it.".to_owned(),
        _ => format!("All {} articles are hidden. The query is:hidden finds them.", grouped(count)),
    };
    clean::plain_line(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_split_at_a_blank_with_hits_in_both_parts() {
        let title = SafeText::from("Slow machines of the sea, and clocks");
        let (first, rest) = split(&title, 20);
        assert_eq!((first.as_str(), rest.as_str()), ("Slow machines of the", "sea, and clocks"));
        let at = title.as_str().len() - rest.as_str().len();
        let found = [5..13, 17..24];
        let columns = |at, part: &SafeText| columns_in(&found, title.as_str(), at, part).collect::<Vec<_>>();
        assert_eq!(columns(0, &first), [5..13, 17..20]);
        assert_eq!(columns(at, &rest), std::slice::from_ref(&(0..3)));
        assert_eq!(
            columns(0, &text::cut(&title, 10)),
            std::slice::from_ref(&(5..9)),
            "the ellipsis is not part of the hit"
        );
        assert_eq!(split(&title, 100).1.as_str(), "");
        assert_eq!(split(&title, 5).1.as_str(), "", "no room");
    }
}
