//! Draws the links of the article, each with its key, and its address or what it leads to in the library.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{FrameInfo, LinkList, LinkTarget};
use crate::feed::picture_facts::{PictureFacts, PictureState};
use crate::feed::{Link, SafeText, clean};
use crate::text::hyperlinks::{self, LinkSource};
use crate::text::{self, Caption, Captions, repeat, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::styles::Styles;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &LinkList, info: &mut FrameInfo) {
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(listed) = list.link(row) else { return Vec::new() };
        let (link, target) = (&listed.named, &listed.target);
        let hint = list.hint(row).map(String::from).unwrap_or_default();
        let room = columns.saturating_sub(6);
        let number = clean::run(&format!("[{}] ", listed.number));
        let is_refused = *target == LinkTarget::Browser && link.link.address().is_none();
        let refused = if is_refused { " (not opened)" } else { "" };
        let name_room = room.saturating_sub(text::width(number.as_str()) + text::width(refused));
        let is_broken = *target == LinkTarget::Missing || listed.lacks_heading;
        let name_style = if is_broken { styles.dim } else { styles.text };
        let first = vec![
            selection_mark(row == list.rows.cursor.at, view),
            span(clean::run(&format!("{hint:1} ")), styles.accent),
            span(number, styles.dim),
            span(text::cut(&link.name, name_room), name_style),
            span(refused, styles.warning),
        ];
        let (words, style) = match target {
            LinkTarget::Browser => {
                (link.link.shown_with_real_host(), hyperlinks::tag(styles.link, LinkSource::List, row + 1))
            }
            LinkTarget::Article { id, heading } => match view.app.feed().find(*id) {
                Some(article) => {
                    let path = listed.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
                    let title = clean::plain_line(&format!("{}{path}", article.title));
                    leads_to(&title, heading.as_ref(), listed.lacks_heading, styles)
                }
                None => ("no longer in this library".into(), styles.dim),
            },
            LinkTarget::SamePage(heading) => {
                leads_to(&"in this article".into(), Some(heading), listed.lacks_heading, styles)
            }
            LinkTarget::Picture => {
                let known = view.app.detail().pictures().of(list.article()).of(&link.link);
                let words = picture(&link.link, &known, styles);
                (words, hyperlinks::tag(styles.dim, LinkSource::List, row + 1))
            }
            LinkTarget::Missing => {
                (clean::plain_line(&format!("not in this library: {}", link.link.shown())), styles.dim)
            }
        };
        vec![Line::from(first), Line::from(vec![repeat(" ", 4, styles.dim), span(text::cut(&words, room), style)])]
    };
    let typed = TypedLine::of_rows(&list.rows, "part of a name or an address");
    let list_box = ListBox {
        title: "Links",
        columns: 100,
        count: list.count(),
        cursor: list.rows.cursor,
        height: 2,
        typed,
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}

/// Address, size and state of a picture.
fn picture(link: &Link, facts: &PictureFacts, styles: &Styles) -> SafeText {
    let written = &link.shown_with_real_host();
    let (is_missing, facts) = match facts.state {
        PictureState::NotFound => (true, &PictureFacts::default()),
        _ => (false, facts),
    };
    let words = if is_missing { &clean::plain_line(&format!("not found: {written}")) } else { written };
    let caption = Caption { words, written, facts, numbers: &[], is_drawn: false };
    let pieces = Captions::default().pieces(caption, styles.markdown.signs.captions, styles.dim);
    clean::join(&pieces.into_iter().map(|piece| piece.text).collect::<Vec<_>>(), "")
}

/// Where a link within the library leads, and the style of these words.
fn leads_to(title: &SafeText, heading: Option<&SafeText>, lacks: bool, styles: &Styles) -> (SafeText, Style) {
    match heading.filter(|heading| !heading.is_empty()) {
        Some(heading) if lacks => (clean::plain_line(&format!("→ {title}, no such heading: {heading}")), styles.dim),
        Some(heading) => (clean::plain_line(&format!("→ {title} › {heading}")), styles.provider),
        None => (clean::plain_line(&format!("→ {title}")), styles.provider),
    }
}
