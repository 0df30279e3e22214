//! The list pane: one row an article, and only for the rows that can be seen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame::{self, Place};
use super::layout::offset_for;
use super::text::{self, repeat, span};
use super::time;
use super::view::View;
use crate::app::{Focus, Seen};
use crate::feed::{Article, Role, clean};

/// Columns of the parts before the title: the selection, the unread mark, the age.
const MARKS: usize = 3;
const AGE: usize = 4;

/// Draws the list, and says what of it was shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, seen: &mut Seen) {
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
    for (y, (row, &place)) in (inner.y..inner.bottom()).zip(list.rows().iter().enumerate().skip(offset)) {
        let Some(article) = view.app.feed().get(place) else { continue };
        seen.rows_built += 1;
        let columns = usize::from(inner.width);
        let line = line(view, article, place, columns, row == list.selected());
        buf.set_line(inner.x, y, &line, inner.width);
        if row == list.selected() {
            let style = if focused { view.styles.selected } else { view.styles.selected_elsewhere };
            buf.set_style(Rect { y, height: 1, ..inner }, style);
        }
    }
}

fn line(view: &View, article: &Article, place: usize, columns: usize, selected: bool) -> Line<'static> {
    let styles = view.styles;
    let read = view.app.marks().is_read(article.id);
    let title_style = if read { styles.dim } else { styles.text };
    let provider_columns = match columns {
        0..50 => 0,
        50..70 => 12,
        _ => 18,
    };
    let mut spans = vec![
        span(if selected { "▸" } else { " " }, styles.accent),
        if read { span(" ", styles.dim) } else { span("●", styles.unread) },
        span(" ", styles.text),
    ];
    let age = time::age(article.published, view.app.now());
    spans.push(repeat(" ", AGE.saturating_sub(text::width(age.as_str())), styles.dim));
    spans.push(span(age, styles.dim));
    spans.push(span("  ", styles.text));
    let provider_style = if read { styles.dim } else { styles.provider };
    if provider_columns > 0 {
        spans.extend(text::fit(&article.provider.name, provider_columns, provider_style));
        spans.push(span("  ", styles.text));
    }
    let end = end_of_row(view, article, place, columns);
    let before = MARKS + AGE + 2 + if provider_columns > 0 { provider_columns + 2 } else { 0 };
    let title_columns = columns.saturating_sub(before + text::spans_width(&end));
    spans.extend(text::fit(&article.title, title_columns, title_style));
    spans.extend(end);
    Line::from(spans)
}

/// How many articles the story has beside its head, and the score.
fn end_of_row(view: &View, article: &Article, place: usize, columns: usize) -> Vec<Span<'static>> {
    let styles = view.styles;
    let feed = view.app.feed();
    let mut spans = Vec::new();
    if let (Role::Head, Some(story)) = (feed.role(place), feed.story_of(place)) {
        spans.push(span(clean::run(&format!(" +{}", story.members.len())), styles.accent));
    }
    if columns >= 60 {
        let score = article.quality.map(|quality| quality.to_string()).unwrap_or_default();
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
