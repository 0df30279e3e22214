//! Lays out a row of the list: the title first, and at the right what there is space for beside it.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::article_page;
use super::date_display;
use super::frame_input::FrameInput;
use super::highlights::{self, Snippets};
use crate::app::{DaySection, Days};
use crate::config::ListDates;
use crate::dates::Date;
use crate::feed::{Article, ArticleHeader, Feed, SafeText, clean, tags};
use crate::query::{Field, Highlighter, RowSummary};
use crate::text::{self, repeat, signs, span};

/// Columns before the title: selection, unread, another mark, and a blank.
const SIGN_COLUMNS: usize = 4;
/// Fewest and most columns of the provider.
const PROVIDER_COLUMNS: (usize, usize) = (8, 14);
/// Fewest columns of a provider beside the count of a story.
const MIN_PROVIDER: usize = 4;
/// Columns of the borders of a pane.
const BORDERS: usize = 2;
/// Blanks between two columns.
const GAP: usize = 2;
/// Blanks before a border at the right, if the title keeps its 60 %: text that touches a border is harder to read.
const MARGIN: usize = 1;
/// Prefix of the reason for a head that the query does not find: the title of a member that it finds.
const MEMBER_PREFIX: &str = "with ";
/// Fewest columns of the reason for a head, if its text is that long. See [`MEMBER_PREFIX`].
const MIN_REASON: usize = 20;
/// Fewest columns of a snippet.
const MIN_SNIPPET: usize = 20;

/// A line with the columns of its hits.
pub type HighlightedLine = (Line<'static>, Vec<Range<usize>>);

/// The columns beside the title, the same for all rows of a frame. 0 for one that is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    /// All of the row, without the margin at its right.
    all: usize,
    /// Most columns of the provider. A title continues up to a shorter name.
    provider: usize,
    date: usize,
    number: usize,
}

impl Columns {
    /// Divides a row. The title gets at least 60 % of the pane; first the provider yields to it, then the date, then the number.
    fn divide((all, has_border): (usize, bool), summary: &RowSummary, date: usize) -> Columns {
        let least = (3 * (all + BORDERS)).div_ceil(5);
        let mut left = all.saturating_sub(SIGN_COLUMNS + least);
        let take = |left: &mut usize, wanted: usize, fewest: usize| {
            let given = left.saturating_sub(GAP).min(wanted);
            if given == 0 || given < fewest {
                return 0;
            }
            *left -= given + GAP;
            given
        };
        let number = take(&mut left, summary.number_columns, summary.number_columns);
        let date = if summary.has_dates { take(&mut left, date, date) } else { 0 };
        let (fewest, most) = PROVIDER_COLUMNS;
        // The margin does not cost the provider its place either.
        let is_last = summary.has_providers && (fewest + GAP..fewest + GAP + MARGIN).contains(&left);
        let margin = if has_border && !is_last { left.min(MARGIN) } else { 0 };
        left -= margin;
        let provider = if summary.has_providers { take(&mut left, most, fewest) } else { 0 };
        Columns { all: all - margin, provider, date, number }
    }
}

/// What the rows of a frame have in common.
pub struct Rows<'a> {
    view: &'a FrameInput<'a>,
    highlighter: &'a Highlighter,
    columns: Columns,
    /// Rows have two lines.
    two_lines: bool,
    /// A line with its day is above each row, except new ones.
    is_below_day: bool,
}

/// A row and its place in the list.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its index in the feed.
    pub index: usize,
    /// Its sign in the first column.
    pub sign: &'static str,
    /// The sign before its title, if it is shown below the head of its story.
    pub branch: &'static str,
    /// The section that it is in.
    pub section: Option<DaySection>,
}

/// A row that is being laid out.
struct LaidOut {
    spans: Vec<Span<'static>>,
    highlights: Vec<Range<usize>>,
    /// Columns of the spans.
    at: usize,
}

impl LaidOut {
    fn push(&mut self, text: SafeText, style: Style) {
        self.at += text::width(text.as_str());
        self.spans.push(span(text, style));
    }

    fn blanks(&mut self, count: usize) {
        self.at += count;
        self.spans.push(repeat(" ", count, Style::new()));
    }

    /// Appends a text that is right-aligned in `columns`, after a gap; nothing without columns.
    fn right(&mut self, text: SafeText, columns: usize, style: Style) {
        if columns > 0 {
            let text = text::cut(&text, columns);
            self.blanks(GAP + columns - text::width(text.as_str()).min(columns));
            self.push(text, style);
        }
    }

    fn mark(&mut self, hits: Vec<Range<usize>>) {
        let at = self.at;
        self.highlights.extend(hits.into_iter().map(|hit| hit.start + at..hit.end + at));
    }

    fn line(self) -> HighlightedLine {
        (Line::from(self.spans), self.highlights)
    }
}

impl<'a> Rows<'a> {
    /// Rows of some columns, with a border at the right or without, and of one line, or two, with the sections that lines separate.
    pub fn new(
        view: &'a FrameInput<'a>,
        highlighter: &'a Highlighter,
        columns: (usize, bool),
        (two_lines, days): (bool, Option<&Days>),
    ) -> Rows<'a> {
        // Lines with the day leave only the time.
        let below_day = days.is_some_and(|days| days.stay_visible());
        let is_short = view.settings().list.date == ListDates::Short;
        let is_needed = days.is_some_and(|days| days.has_new()) || !is_short;
        let is_empty = below_day && !is_needed && !view.app.list().summary().has_times;
        let date = if is_empty { 0 } else { date_display::listed_columns(view.settings(), below_day) };
        let columns = match (Columns::divide(columns, view.app.list().summary(), date), two_lines) {
            // In the second line, the date and the number have no title beside them.
            (divided, true) => Columns { date, number: view.app.list().summary().number_columns, ..divided },
            (divided, false) => divided,
        };
        Rows { view, highlighter, columns, two_lines, is_below_day: below_day }
    }

    /// The lines of a row.
    pub fn lines(&self, row: Row, snippets: &mut Snippets) -> Vec<HighlightedLine> {
        let first = self.signs(row);
        if self.two_lines { self.two_lines(row, first, snippets) } else { vec![self.one_line(row, first, snippets)] }
    }

    fn signs(&self, row: Row) -> LaidOut {
        let (styles, marks) = (self.view.styles, self.view.app.marks());
        let mark = match row.article.id {
            id if marks.is_starred(id) => signs::STARRED.sign,
            id if marks.is_hidden(id) => signs::HIDDEN.sign,
            id if marks.note(id).is_some() => signs::NOTE.sign,
            id if tags::has_any(marks, id) => signs::TAGGED.sign,
            _ => " ",
        };
        let is_started = || marks.places().of(row.article.id).is_some();
        let unread = match self.is_read(row) {
            false => (signs::UNREAD.sign, styles.unread),
            true if is_started() => (signs::STARTED.sign, styles.dim),
            true => (" ", styles.dim),
        };
        let spans = vec![
            span(row.sign, styles.accent),
            span(unread.0, unread.1),
            span(mark, if mark == " " { styles.text } else { styles.accent }),
            span(" ", styles.text),
        ];
        let mut first = LaidOut { spans, highlights: Vec::new(), at: SIGN_COLUMNS };
        if !row.branch.is_empty() {
            first.push(clean::run(&format!("{} ", row.branch)), styles.dim);
        }
        first
    }

    fn is_read(&self, row: Row) -> bool {
        !self.view.app.targets().is_unread(row.index)
    }

    fn hits(&self, field: Field, shown: &SafeText, columns: usize) -> Vec<Range<usize>> {
        highlights::in_text(self.highlighter, field, shown, columns)
    }

    fn one_line(&self, row: Row, mut line: LaidOut, snippets: &mut Snippets) -> HighlightedLine {
        let (article, styles, columns) = (row.article, self.view.styles, self.columns);
        let is_read = self.is_read(row);
        let count = self.count_of_story(row);
        let with_gap = |width: usize| if width > 0 { width + GAP } else { 0 };
        let after = text::width(count.as_str()) + with_gap(columns.date) + with_gap(columns.number);
        // The count of the story takes its columns from the provider, unless the title is short.
        let spare = columns.all.saturating_sub(line.at + text::width(article.title.as_str()) + after + GAP);
        let provider = columns.provider.saturating_sub(text::width(count.as_str())).max(spare.min(PROVIDER_COLUMNS.1));
        let is_shown = columns.provider > 0 && provider >= MIN_PROVIDER;
        let provider = text::cut(&article.provider.name, if is_shown { provider } else { 0 });
        let after = after + with_gap(text::width(provider.as_str()));
        let room = columns.all.saturating_sub(line.at + after);
        self.title_and_reason(row, &mut line, room, snippets);
        line.push(count, styles.accent);
        if !provider.is_empty() {
            line.blanks(GAP);
            let columns = text::width(provider.as_str());
            line.mark(self.hits(Field::Provider, &article.provider.name, columns));
            line.push(provider, if is_read { styles.dim } else { styles.provider });
        }
        self.date_and_number(row, &mut line);
        line.line()
    }

    fn date_and_number(&self, row: Row, line: &mut LaidOut) {
        let (app, columns, dim) = (self.view.app, self.columns, self.view.styles.dim);
        let (summary, header) = (app.list().summary(), app.feed().header(row.index));
        let number = header.as_ref().and_then(|header| summary.number(header, app.marks()));
        line.right(header.map(|header| self.date(row, &header)).unwrap_or_default(), columns.date, dim);
        line.right(number.map(|number| clean::run(&number)).unwrap_or_default(), columns.number, dim);
    }

    fn date(&self, row: Row, header: &ArticleHeader) -> SafeText {
        let app = self.view.app;
        let date: Option<Date> = app.list().summary().date(header, app.marks());
        let today = self.view.zone().day(app.now());
        let day = match row.section {
            Some(DaySection::Day(day)) => Some(day),
            // New articles are of several days: as below a line with today, but a date without a time keeps its day.
            Some(DaySection::New) if self.is_below_day => Some(today).filter(|_| date.is_some_and(Date::has_time)),
            _ => None,
        };
        date.map(|date| date_display::listed(self.view.settings(), date, day, app.now())).unwrap_or_default()
    }

    /// ` +4` for a folded story of 5 articles, ` ▾4` if it is unfolded; empty if the article leads none.
    fn count_of_story(&self, row: Row) -> SafeText {
        let (app, feed): (_, &Feed) = (self.view.app, self.view.app.feed());
        let is_shown = |member: &usize| feed.id(*member).is_some_and(|id| !app.marks().is_hidden(id));
        let members = feed.members_led_by(row.index).filter(is_shown).count();
        let is_unfolded = app.stories().is_unfolded(row.article.id);
        let sign = if is_unfolded { signs::UNFOLDED_STORY } else { signs::FOLDED_STORY }.sign;
        if members == 0 { SafeText::default() } else { clean::run(&format!(" {sign}{members}")) }
    }

    /// Why the row is found, if its title does not show it: the title of the member that is, or a snippet of the text. True for a
    /// member.
    fn reason(&self, row: Row, room: usize, snippets: &mut Snippets) -> Option<(bool, Field, SafeText)> {
        let (view, highlighter) = (self.view, self.highlighter);
        let in_title = !self.hits(Field::Title, &row.article.title, room).is_empty();
        let member = view.app.list().placing_member(row.index).filter(|_| !in_title);
        let Some(member) = member.and_then(|member| view.app.feed().get(member)) else {
            let searched = !highlighter.is_empty() && !in_title;
            let snippet = if searched { snippets.get(view, highlighter, row.article) } else { None };
            return snippet.map(|(field, text)| (false, field, text));
        };
        let elsewhere = !highlighter.is_empty() && highlighter.ranges(Field::Title, member.title.as_str()).is_empty();
        let snippet = if elsewhere { snippets.get(view, highlighter, &member) } else { None };
        let title = || (Field::Title, clean::join(&[MEMBER_PREFIX.into(), member.title.clone()], ""));
        let (field, text) = snippet.unwrap_or_else(title);
        Some((true, field, text))
    }

    /// Appends the title, and after it the reason if there is space for it, in exactly `room` columns.
    fn title_and_reason(&self, row: Row, line: &mut LaidOut, room: usize, snippets: &mut Snippets) {
        let (title, styles) = (&row.article.title, self.view.styles);
        let style = if self.is_read(row) { styles.dim } else { styles.text };
        let reason = self.reason(row, room, snippets);
        let separator = text::width(highlights::SEPARATOR);
        // The title of a member has priority over that of the head. A snippet has at most half of the room.
        let (least, columns) = match &reason {
            Some((true, _, reason)) => {
                let wanted = text::width(reason.as_str()).min((room / 2).max(MIN_REASON));
                (MIN_REASON.min(wanted), room.saturating_sub(wanted + separator))
            }
            _ => (MIN_SNIPPET, room / 2),
        };
        let end = line.at + room;
        let cut = text::cut(title, columns);
        let taken = text::width(cut.as_str()) + separator;
        match reason.filter(|_| taken + least <= room) {
            None => {
                line.mark(self.hits(Field::Title, title, room));
                line.push(text::cut(title, room), style);
            }
            Some((_, field, reason)) => {
                line.mark(self.hits(Field::Title, &cut, taken));
                line.push(cut, style);
                line.push(highlights::SEPARATOR.into(), styles.dim);
                line.mark(self.hits(field, &reason, room - taken));
                line.push(text::cut(&reason, room - taken), styles.dim);
            }
        }
        line.blanks(end.saturating_sub(line.at));
    }

    /// The title over the whole width, and below it the reason, or else provider, topics, tags and note; at the right the date.
    fn two_lines(&self, row: Row, mut first: LaidOut, snippets: &mut Snippets) -> Vec<HighlightedLine> {
        let (article, styles, columns) = (row.article, self.view.styles, self.columns);
        let before = first.at;
        let room = columns.all.saturating_sub(before);
        let style = if self.is_read(row) { styles.dim } else { styles.text };
        first.mark(self.hits(Field::Title, &article.title, room));
        first.push(text::cut(&article.title, room), style);
        let mut second = LaidOut { spans: Vec::new(), highlights: Vec::new(), at: 0 };
        second.blanks(before);
        let count = self.count_of_story(row);
        let mut end = LaidOut { spans: Vec::new(), highlights: Vec::new(), at: 0 };
        end.push(count, styles.accent);
        self.date_and_number(row, &mut end);
        let room = columns.all.saturating_sub(before + end.at);
        match self.reason(row, room, snippets) {
            Some((_, field, reason)) => {
                second.mark(self.hits(field, &reason, room));
                second.push(text::cut(&reason, room), styles.dim);
            }
            None => {
                second.mark(self.hits(Field::Provider, &article.provider.name, room));
                second.push(text::cut(&self.about(row), room), styles.dim);
            }
        }
        second.blanks(columns.all.saturating_sub(second.at + end.at));
        second.spans.extend(end.spans);
        vec![first.line(), second.line()]
    }

    /// Provider, topics, tags and note.
    fn about(&self, row: Row) -> SafeText {
        let topics = row.article.topics.iter().map(|topic| clean::run(&format!("#{}", topic.shown())));
        let topics = clean::join(&topics.collect::<Vec<_>>(), " ");
        let note = self.view.app.marks().note(row.article.id);
        let note = note.map(|note| clean::run(&format!("{} {note}", signs::NOTE.sign)));
        let tags = clean::join(&article_page::tags(self.view, row.article.id), " ");
        let parts = [row.article.provider.name.clone(), topics, tags, note.unwrap_or_default()];
        clean::join(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>(), " · ")
    }
}
