//! The list pane: one row an article, and only for the rows that can be seen.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::frame::{self, Place};
use super::hits::{self, Snippets};
use super::layout::offset_for;
use super::text::{self, repeat, span};
use super::time;
use super::view::View;
use crate::app::{Focus, Seen};
use crate::feed::{Article, Shown, clean};
use crate::query::{Field, Hits, SortKey};

/// Columns of the parts before the title: the selection, the unread mark, another mark; the age.
const MARKS: usize = 3;
const AGE: usize = 4;
/// What stands before the title of a member that is shown under its head.
const UNDER: &str = "╰ ";
/// Columns that the reason must have for which a head is there, when it needs as many.
const REASON: usize = 20;
/// What stands before the title of a member because of which its head is there.
const IN: &str = "with ";
/// Columns that a snippet must have.
const SNIPPET: usize = 20;

/// Draws the list, and says what of it was shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, snippets: &mut Snippets, seen: &mut Seen) {
    let list = view.app.list();
    let count = list.rows().len();
    let focused = view.app.focus() == Focus::List;
    let place = Place { at: list.selected() + 1, of: count };
    let inner = frame::draw(area, buf, view.styles, focused, view.library, (count > 0).then_some(place));
    let height = usize::from(inner.height);
    let offset = offset_for(list.offset(), list.selected(), height, count);
    (seen.list, seen.list_offset) = (inner, offset);
    if count == 0 {
        return empty(inner, buf, view);
    }
    let hits = view.app.query().hits();
    let range = list.range_rows();
    let rows = (offset..).zip(list.rows().between(offset..offset + height));
    for (y, (row, place)) in (inner.y..inner.bottom()).zip(rows) {
        let Some(article) = view.app.feed().get(place) else { continue };
        seen.rows_built += 1;
        let columns = usize::from(inner.width);
        let in_range = range.contains(&row);
        let row = Row { view, article: &article, place, columns, selected: row == list.selected(), in_range };
        let (line, marked) = row.line(&hits, snippets);
        buf.set_line(inner.x, y, &line, inner.width);
        for hit in marked {
            let (x, width) = (inner.x.saturating_add(hit.start as u16), (hit.end - hit.start) as u16);
            buf.set_style(Rect { x, y, width, height: 1 }.intersection(inner), view.styles.hit);
        }
        if row.selected {
            if focused {
                seen.cursor = Some(Position { x: inner.x, y });
            }
            let style = if focused { view.styles.selected } else { view.styles.selected_elsewhere };
            buf.set_style(Rect { y, height: 1, ..inner }, style);
        } else if row.in_range {
            buf.set_style(Rect { y, height: 1, ..inner }, view.styles.selected_elsewhere);
        }
    }
}

/// A row that is drawn.
struct Row<'a> {
    view: &'a View<'a>,
    article: &'a Article,
    place: usize,
    columns: usize,
    selected: bool,
    /// Between the beginning of a range and the selection.
    in_range: bool,
}

impl Row<'_> {
    /// The line, and the columns of its hits.
    fn line(&self, hits: &Hits, snippets: &mut Snippets) -> (Line<'static>, Vec<Range<usize>>) {
        let (article, styles) = (self.article, self.view.styles);
        let marks = self.view.app.marks();
        let read = !self.view.app.is_unread_row(self.place);
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
                    "┃"
                } else {
                    " "
                },
                styles.accent,
            ),
            if read { span(" ", styles.dim) } else { span("●", styles.unread) },
            span(sign, if sign == " " { styles.text } else { styles.accent }),
        ];
        let mut marked = Vec::new();
        let mut mark = |field, shown: &Shown, at: usize, columns: usize| {
            let found = hits::in_text(hits, field, shown, columns);
            marked.extend(found.iter().map(|hit| hit.start + at..hit.end + at));
        };
        let age = time::age_or_arrival(article.published, marks.arrived(article.id), self.view.app.now());
        spans.push(repeat(" ", AGE.saturating_sub(text::width(age.as_str())), styles.dim));
        spans.push(span(age, styles.dim));
        spans.push(span("  ", styles.text));
        let provider_style = if read { styles.dim } else { styles.provider };
        let mut before = MARKS + AGE + 2;
        if provider_columns > 0 {
            mark(Field::Provider, &article.provider.name, before, provider_columns);
            spans.extend(text::fit(&article.provider.name, provider_columns, provider_style));
            spans.push(span("  ", styles.text));
            before += provider_columns + 2;
        }
        let feed = self.view.app.feed();
        let list = self.view.app.list();
        if list.head_over(self.place, feed).is_some() {
            spans.push(span(UNDER, styles.dim));
            before += text::width(UNDER);
        }
        let end = end_of_row(self.view, article, self.place, self.columns);
        let room = self.columns.saturating_sub(before + text::spans_width(&end));
        let in_title = !hits::in_text(hits, Field::Title, &article.title, room).is_empty();
        // The row is there because of a member, which is what the reader looks for.
        let member = list.reason(self.place).filter(|_| !in_title).and_then(|member| feed.get(member));
        let snippet = match &member {
            Some(member) => {
                let elsewhere = !hits.is_empty() && hits.of(Field::Title, member.title.as_str()).is_empty();
                let snippet = if elsewhere { snippets.get(self.view, hits, member) } else { None };
                snippet.or_else(|| Some((Field::Title, clean::join(&[IN.into(), member.title.clone()], ""))))
            }
            None if hits.is_empty() || in_title => None,
            None => snippets.get(self.view, hits, article),
        };
        let sign = text::width(hits::SIGN);
        // A reason has its room first, and the title what is left; words around a hit stand behind the title.
        let (least, columns) = match (&member, &snippet) {
            (Some(_), Some((_, reason))) => {
                let wanted = text::width(reason.as_str()).min((room / 2).max(REASON));
                (REASON.min(wanted), room.saturating_sub(wanted + sign))
            }
            _ => (SNIPPET, room / 2),
        };
        let title = text::cut(&article.title, columns);
        let taken = text::width(title.as_str()) + sign;
        let snippet = snippet.filter(|_| taken + least <= room);
        match snippet {
            None => {
                mark(Field::Title, &article.title, before, room);
                spans.extend(text::fit(&article.title, room, title_style));
            }
            Some((field, snippet)) => {
                mark(Field::Title, &title, before, taken);
                mark(field, &snippet, before + taken, room - taken);
                spans.extend([span(title, title_style), span(hits::SIGN, styles.dim)]);
                spans.extend(text::fit(&snippet, room - taken, styles.dim));
            }
        }
        spans.extend(end);
        (Line::from(spans), marked)
    }
}

/// How many articles the story has beside its head, and the score.
fn end_of_row(view: &View, article: &Article, place: usize, columns: usize) -> Vec<Span<'static>> {
    let styles = view.styles;
    let feed = view.app.feed();
    let mut spans = Vec::new();
    let is_shown = |member: &usize| feed.id(*member).is_some_and(|id| !view.app.marks().is_hidden(id));
    let members = feed.led_by(place).filter(is_shown).count();
    if members > 0 {
        let sign = if view.app.is_unfolded(article.id) { "▾" } else { "+" };
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

fn empty(area: Rect, buf: &mut Buffer, view: &View) {
    let app = view.app;
    let words = if app.loading().is_some() {
        "Reading the article files …".into()
    } else if app.context() == crate::app::Context::Prompt {
        clean::decoded(&format!("Nothing matches {}.", app.query()))
    } else if !app.query().is_everything() {
        let key = view.keymap.key_of(crate::app::Action::Clear).unwrap_or_default();
        clean::decoded(&format!("Nothing matches {}. {key} shows all articles again.", app.query()))
    } else if !app.problems().is_empty() {
        let key = view.keymap.key_of(crate::app::Action::Problems).unwrap_or_default();
        clean::decoded(&format!("No article could be read. {key} shows why."))
    } else {
        "No articles here. Put Markdown files into the folder, or name another: frontpage FOLDER".into()
    };
    frame::words(area, buf, words, view.styles.dim);
}
