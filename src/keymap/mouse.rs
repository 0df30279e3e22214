//! A pointer to what is meant by it: a click, a wheel or a drag on what the last frame showed.

use std::time::Duration;

use crate::app::{Context, Focus, Pointed, Seen, Thing};

/// Two presses on the same cell within this time are one that opens.
const TWICE: Duration = Duration::from_millis(400);
/// Rows or lines that one turn of the wheel scrolls.
const ROWS: isize = 3;

/// What a pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// The button goes down.
    Press,
    /// The pointer moves while it is down.
    Drag,
    /// It goes up again.
    Release,
    /// The wheel turns so often: down, or with less than nothing up.
    Wheel(i16),
}

/// A gesture and where it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// What is done.
    pub gesture: Gesture,
    /// The column, from 0.
    pub column: u16,
    /// The row, from 0.
    pub row: u16,
}

impl Pointer {
    /// Whether more of the same may come, with which it is one.
    pub fn goes_on(self) -> bool {
        matches!(self.gesture, Gesture::Wheel(_) | Gesture::Drag)
    }

    /// This and what comes right after it as one; none when they are two.
    pub fn with(self, later: Pointer) -> Option<Pointer> {
        match (self.gesture, later.gesture) {
            (Gesture::Drag, Gesture::Drag) => Some(later),
            (Gesture::Wheel(turns), Gesture::Wheel(more)) if (self.column, self.row) == (later.column, later.row) => {
                Some(Pointer { gesture: Gesture::Wheel(turns.saturating_add(more)), ..self })
            }
            _ => None,
        }
    }
}

/// What a pointer has done so far, as far as it matters for what it means next.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hand {
    /// The last press, when, and what it meant.
    last: Option<(u16, u16, Duration, Option<Thing>)>,
    held: Option<Held>,
}

/// The divider between the list and the article, held by the button.
#[derive(Clone, Copy, Debug)]
struct Held {
    divider: Divider,
    /// The pane that the cell belongs to which was pressed.
    pane: Focus,
    moved: bool,
}

/// How the divider stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Divider {
    /// The list is left of the article.
    Upright,
    /// The list is above the article.
    Level,
}

impl Hand {
    /// What is meant; `at` is when, since any beginning.
    pub fn point(&mut self, pointer: Pointer, at: Duration, context: Context, seen: &Seen) -> Option<Pointed> {
        let Pointer { gesture, column, row } = pointer;
        match gesture {
            Gesture::Wheel(turns) => {
                self.last = None;
                wheel(turns.into(), (column, row), context, seen)
            }
            Gesture::Press => self.press((column, row), at, context, seen),
            Gesture::Drag => {
                let held = self.held.as_mut().filter(|_| is_pane(context))?;
                held.moved = true;
                share(*held, (column, row), seen).map(Pointed::Share)
            }
            Gesture::Release => {
                let held = self.held.take().filter(|held| !held.moved && is_pane(context))?;
                Some(Pointed::At(Thing::Pane(held.pane)))
            }
        }
    }

    fn press(&mut self, cell: (u16, u16), at: Duration, context: Context, seen: &Seen) -> Option<Pointed> {
        self.held = divider(cell, seen).filter(|_| is_pane(context));
        let pointed = if self.held.is_some() { None } else { press(cell, context, seen) };
        let thing = if let Some(Pointed::At(thing)) = pointed { Some(thing) } else { None };
        let (column, row) = cell;
        let again = self.last.filter(|(x, y, then, _)| (*x, *y) == cell && at.saturating_sub(*then) <= TWICE);
        let Some((.., before)) = again else {
            self.last = Some((column, row, at, thing));
            return pointed;
        };
        self.last = None;
        // Where the first press has changed what stands there, the second one is not meant for it.
        match before.filter(|before| Some(*before) == thing)? {
            opens @ (Thing::Row(_) | Thing::Related(_) | Thing::Choice(_)) => Some(Pointed::Twice(opens)),
            Thing::Pane(_) | Thing::Topic(_) => None,
        }
    }
}

fn is_pane(context: Context) -> bool {
    matches!(context, Context::List | Context::Detail | Context::Related)
}

/// Whether an overlay stands in a box; what is typed and what is asked stand in the footer.
fn is_box(context: Context) -> bool {
    matches!(context, Context::Picker | Context::Links | Context::Help | Context::Overlay)
}

/// What a press means but for the divider and the one before it.
fn press(cell: (u16, u16), context: Context, seen: &Seen) -> Option<Pointed> {
    if !seen.body.contains(cell.into()) {
        return None;
    }
    if context == Context::Confirm || (is_box(context) && !seen.overlay.contains(cell.into())) {
        return Some(Pointed::Beside);
    }
    let thing = if is_box(context) { seen.choice_at(cell).map(Thing::Choice) } else { thing(cell, seen) };
    thing.map(Pointed::At)
}

/// What of the panes stands in a cell.
fn thing(cell: (u16, u16), seen: &Seen) -> Option<Thing> {
    let pane = seen.pane_at(cell)?;
    let finer = match pane {
        Focus::List => seen.row_at(cell).map(Thing::Row),
        Focus::Detail => seen.topic_at(cell).map(Thing::Topic),
        Focus::Related => seen.related_at(cell).map(Thing::Related),
    };
    Some(finer.unwrap_or(Thing::Pane(pane)))
}

fn wheel(turns: isize, cell: (u16, u16), context: Context, seen: &Seen) -> Option<Pointed> {
    if is_box(context) {
        // A row of two lines counts for two.
        let rows = (ROWS / isize::try_from(seen.overlay_row.max(1)).unwrap_or(ROWS)).max(1);
        return Some(Pointed::ScrollOverlay(turns * rows));
    }
    let pane = seen.pane_at(cell).filter(|_| context != Context::Confirm)?;
    Some(Pointed::Scroll(pane, turns * ROWS))
}

// The divider.

/// How the divider stands; none when one pane is shown at a time.
fn stands(seen: &Seen) -> Option<Divider> {
    let [list, detail, _] = seen.frames;
    seen.share?;
    Some(if list.right() == detail.x { Divider::Upright } else { Divider::Level })
}

/// The divider, when it is in a cell: it is made of the two borders that meet there.
fn divider(cell: (u16, u16), seen: &Seen) -> Option<Held> {
    let divider = stands(seen)?;
    let pane = seen.pane_at(cell)?;
    let [list, ..] = seen.frames;
    let (at, end) = match divider {
        Divider::Upright => (cell.0, list.right()),
        Divider::Level => (cell.1, list.bottom()),
    };
    (at == end || at + 1 == end).then_some(Held { divider, pane, moved: false })
}

/// What the list has of the screen when the border that is held stands in a cell.
fn share(held: Held, cell: (u16, u16), seen: &Seen) -> Option<u16> {
    stands(seen).filter(|divider| *divider == held.divider)?;
    let (at, start, all) = match held.divider {
        Divider::Upright => (cell.0, seen.body.x, seen.body.width),
        Divider::Level => (cell.1, seen.body.y, seen.body.height),
    };
    let length = at.saturating_sub(start) + u16::from(held.pane == Focus::List);
    let all = u32::from(all.max(1));
    u16::try_from((u32::from(length) * 1000 + all / 2) / all).ok()
}
