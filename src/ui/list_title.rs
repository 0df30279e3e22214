//! Draws the frame of the list: the library and the filters of the query as its title, and the counter.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame_input::FrameInput;
use super::pane_frame;
use crate::app::{Action, FrameInfo, IndexedCells, Subscriptions};
use crate::config::SymbolSet;
use crate::feed::{Feed, Field, SafeText, clean};
use crate::query::{Query, fold};
use crate::text::{self, grouped, signs};

/// Separates the library and the filters.
const SEPARATOR: &str = " › ";
/// Most columns of a filter.
const MAX_FILTER: usize = 32;

/// The names of the filters of the last query, because the spelling of a topic is found by going through all topics.
#[derive(Default)]
pub struct FilterNames {
    /// The query, and the versions of the articles and of the subscriptions.
    key: Option<(Query, u64, u64)>,
    names: Vec<SafeText>,
}

impl FilterNames {
    fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    fn of(&mut self, view: &FrameInput) -> &[SafeText] {
        let generation = view.app.loaded_feed().generation();
        let subscriptions = view.app.subscriptions();
        let revision = subscriptions.revision();
        let is_known = |(query, articles, rows): &(Query, u64, u64)| {
            query == view.app.query() && (*articles, *rows) == (generation, revision)
        };
        if !self.key.as_ref().is_some_and(is_known) {
            let filters = view.app.query().filters(&|field, name| match field {
                Field::Feed => title_of_channel(subscriptions, name),
                _ => spelling(view.app.feed(), field, name),
            });
            self.names = filters.iter().map(|filter| clean::plain_line(&filter.name)).collect();
            self.key = Some((view.app.query().clone(), generation, revision));
        }
        &self.names
    }
}

/// The title of the subscription to a channel, by its folded address.
fn title_of_channel(subscriptions: &Subscriptions, folded: &str) -> Option<String> {
    let row = subscriptions.rows().find(|row| row.has_articles() && fold(row.address().as_str()) == folded)?;
    Some(row.title().to_string())
}

/// A topic or provider as articles write it, by its folded name.
fn spelling(feed: &Feed, field: Field, folded: &str) -> Option<String> {
    if !matches!(field, Field::Topic | Field::Provider) {
        return None;
    }
    let count = if field == Field::Topic { feed.topic_count() } else { feed.provider_count() };
    let name = |number: usize| if field == Field::Topic { feed.topic(number) } else { feed.provider(number) };
    let is_it = |name: &SafeText| {
        // Folding is slow, and leaves ASCII as long as it is.
        let name = name.as_str();
        if name.is_ascii() { name.eq_ignore_ascii_case(folded) } else { fold(name) == folded }
    };
    (0..count).map(name).find(is_it).map(|name| name.to_string())
}

/// Draws the frame, records in `info` where the filters are, and returns the area inside. `count` is the number of rows.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (focused, count): (bool, usize),
    names: &mut FilterNames,
    info: &mut FrameInfo,
) -> Rect {
    let at = view.app.list().selected() + 1;
    let counter = match count {
        0 => SafeText::default(),
        _ => clean::plain_line(&format!("{} of {}", grouped(at), grouped(count))),
    };
    let room = pane_frame::title_room(area, &counter);
    let menu = menu_sign(view);
    let parts = fit(view.app.library_name(), names.of(view), room.saturating_sub(text::width(&menu)));
    let words: Vec<&str> = parts.iter().map(|(_, name)| name.as_str()).collect();
    let title = clean::run(&[&menu, words.join(SEPARATOR).as_str()].concat());
    let inner = pane_frame::draw_titled(area, buf, view, focused, &title, counter);
    let start = usize::from(pane_frame::title_start(area, buf, focused));
    let button =
        |column: usize, columns: usize| pane_frame::cells(area, column.saturating_sub(usize::from(area.x)), columns);
    if !menu.is_empty() {
        // With the blanks around it: a single cell is hard to hit.
        info.title_buttons.add(button(start.saturating_sub(1), text::width(&menu) + 1), Action::MainMenu);
    }
    let mut column = start + text::width(&menu);
    for (filter, name) in &parts {
        let columns = text::width(name.as_str());
        match filter {
            Some(filter) => info.list.filters.push(IndexedCells::new((column, area.y), columns, *filter)),
            // As in any path, the first part leads to everything below it.
            None => info
                .title_buttons
                .add(button(column, columns), if names.is_empty() { Action::MainMenu } else { Action::Clear }),
        }
        column += columns + text::width(SEPARATOR);
    }
    inner
}

/// The sign of the menu before the name of the library. A screen reader would read it out before each name.
fn menu_sign(view: &FrameInput) -> String {
    match view.settings().symbols() {
        SymbolSet::Plain => String::new(),
        symbols => format!("{} ", signs::MENU.drawn(symbols)),
    }
}

/// The parts of the title that fit into `room` columns, each with the index of its filter. The last filters stay longest; what is left
/// out before them is `…`.
fn fit(library: &SafeText, filters: &[SafeText], room: usize) -> Vec<(Option<usize>, SafeText)> {
    let filters = filters.iter().enumerate().map(|(at, name)| (Some(at), text::cut(name, MAX_FILTER)));
    let mut parts: Vec<(Option<usize>, SafeText)> = std::iter::once((None, library.clone())).chain(filters).collect();
    let width = |parts: &[(Option<usize>, SafeText)]| {
        let names: usize = parts.iter().map(|(_, name)| text::width(name.as_str())).sum();
        names + parts.len().saturating_sub(1) * text::width(SEPARATOR)
    };
    if width(&parts) > room && parts.len() > 1 {
        let sign = 1 + text::width(SEPARATOR);
        let fits = |left_out: &usize| sign + width(parts.get(*left_out..).unwrap_or_default()) <= room;
        let left_out = (1..parts.len()).find(fits).unwrap_or(parts.len() - 1);
        parts.drain(..left_out);
        // Beside the sign, there must be columns for a name.
        if room >= 2 * sign {
            parts.insert(0, (None, "…".into()));
        }
    }
    if let Some(((_, last), before)) = parts.split_last_mut() {
        let before = if before.is_empty() { 0 } else { width(before) + text::width(SEPARATOR) };
        *last = text::cut(last, room.saturating_sub(before));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_filters_stay_longest() {
        let filters = ["coronavirus", "unread", "#Travel Impact"].map(SafeText::from);
        let shown = |room: usize, filters: &[SafeText]| {
            let parts = fit(&"library".into(), filters, room);
            let words = parts.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(SEPARATOR);
            assert!(text::width(&words) <= room.max(1), "{words} in {room}");
            words
        };
        for (room, words) in [
            (60, "library › coronavirus › unread › #Travel Impact"),
            (47, "library › coronavirus › unread › #Travel Impact"),
            (46, "… › coronavirus › unread › #Travel Impact"),
            (40, "… › unread › #Travel Impact"),
            (20, "… › #Travel Impact"),
            (15, "… › #Travel Im…"),
        ] {
            assert_eq!(shown(room, &filters), words);
        }
        assert_eq!(shown(5, &[]), "libr…");
        assert_eq!(shown(60, &["a".repeat(50).as_str()].map(clean::run)).len(), "library › ".len() + 31 + "…".len());
        for room in 0..60 {
            shown(room, &filters);
        }
    }
}
