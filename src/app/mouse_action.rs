//! What can be pointed at on the screen, and what a reader does with a pointer there.

use super::focus::Focus;

/// A thing on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitTarget {
    /// A row of the list.
    Row(usize),
    /// A related entry.
    Related(usize),
    /// A topic of the article that is shown.
    Topic(usize),
    /// Anything else of a pane.
    Pane(Focus),
    /// A row of the overlay.
    OverlayRow(usize),
}

/// What a reader does with a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAction {
    /// Points at something.
    Click(HitTarget),
    /// Points at it again: as Enter does there.
    DoubleClick(HitTarget),
    /// Scrolls a pane by rows or lines; the focus stays where it is.
    ScrollPane(Focus, isize),
    /// Scrolls the overlay by rows or lines.
    ScrollOverlay(isize),
    /// Gives the list another share of the screen, in thousandths.
    ResizeList(u16),
    /// Points beside the overlay, which closes it as Esc does.
    ClickOutside,
}
