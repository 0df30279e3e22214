//! Draws the lines between the days of the list.

use ratatui::text::Line;

use super::date_display;
use super::frame_input::FrameInput;
use crate::app::DaySection;
use crate::config::SymbolSet;
use crate::feed::{SafeText, clean};
use crate::text::{self, grouped, repeat, span};

/// Columns of the rule before the name.
const BEFORE: usize = 2;

/// The line above the rows of a section: its name, and the number of its rows at the right if there is space.
pub fn line(view: &FrameInput, section: DaySection, rows: usize, columns: usize) -> Line<'static> {
    let styles = view.styles;
    let (name, style) = match section {
        DaySection::New => ("new since your last visit".into(), styles.unread),
        DaySection::Earlier => ("earlier".into(), styles.dim),
        DaySection::Day(day) => (date_display::day(view.settings(), day, view.app.now()), styles.dim),
        DaySection::Undated => ("no date".into(), styles.dim),
    };
    // A screen reader would read the rule out.
    let rule = if view.settings().symbols() == SymbolSet::Plain { " " } else { "─" };
    let name = text::cut(&clean::run(&format!(" {name} ")), columns.saturating_sub(BEFORE));
    let left = columns.saturating_sub(BEFORE + text::width(name.as_str()));
    let count = clean::run(&format!(" {} ", grouped(rows)));
    let end = text::width(count.as_str()) + BEFORE;
    // At least one sign of the rule between the name and the number.
    let (count, fill) = if left > end { (count, left - end) } else { (SafeText::default(), left) };
    let after = left - fill - text::width(count.as_str());
    Line::from(vec![
        repeat(rule, BEFORE, styles.frame.other),
        span(name, style),
        repeat(rule, fill, styles.frame.other),
        span(count, styles.dim),
        repeat(rule, after, styles.frame.other),
    ])
}
