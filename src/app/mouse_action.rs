//! Mouse actions: clicks, double clicks, scrolling and resizing, and the targets on the screen that can be hit.

use super::buttons::ButtonCommand;
use super::focus::Focus;
use crate::text::hyperlinks::LinkSource;

/// Something on the screen that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitTarget {
    /// A row of the list.
    Row(usize),
    /// The sign of an unread row of the list, before its title.
    ReadSign(usize),
    /// The sign of a starred row of the list, beside that of unread ones.
    StarSign(usize),
    /// A filter of the query in the title of the list, by its index.
    Filter(usize),
    /// The line with the name of a day of the list, by a row of the day.
    Day(usize),
    /// A related entry.
    Related(usize),
    /// An entry of the navigation pane.
    Navigation(usize),
    /// The sign before an entry of the navigation pane that folds or unfolds it.
    NavigationFold(usize),
    /// A topic of the article shown, by its index.
    Topic(usize),
    /// A link or footnote of the article shown, by its number.
    Link(LinkSource, usize),
    /// The title of a foldable block of the article shown, by the number of the block.
    Fold(u32),
    /// Any other cell of a pane.
    Pane(Focus),
    /// A row or line of the topmost overlay.
    OverlayRow(usize),
    /// A row of a menu.
    MenuRow(usize),
}

/// What the user does with the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// Clicks a target.
    Click(HitTarget),
    /// Double-clicks a target: does what Enter does there.
    DoubleClick(HitTarget),
    /// Drags over rows of the list: selects those from the first to the last one.
    SelectRows(usize, usize),
    /// Scrolls a pane by rows or lines; the focus stays where it is.
    ScrollPane(Focus, isize),
    /// Scrolls the overlay by rows or lines.
    ScrollOverlay(isize),
    /// Drags the divider: sets the share of the screen that the list has, in thousandths.
    ResizeList(u16),
    /// Clicks outside the overlay: closes it, as Esc does.
    ClickOutside,
    /// Clicks a button: mostly, does what its key does.
    Run(ButtonCommand),
    /// Opens a menu with what can be done with a target, at a cell.
    Menu(HitTarget, (u16, u16)),
}
