//! Turns mouse input into mouse actions: clicks, wheel and drags, by what the last frame showed.

use std::time::Duration;

use crate::app::{Action, ButtonCommand, Context, Focus, FrameInfo, HitTarget, MouseAction};
use crate::text::hyperlinks::TaggedCells;

/// Maximum time between two presses on the same cell that count as a double click.
const DOUBLE_CLICK: Duration = Duration::from_millis(400);
/// Rows or lines per step of the wheel.
const WHEEL_ROWS: isize = 3;

/// What the mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseGesture {
    /// The left button is pressed.
    Press,
    /// The mouse moves while the button is down.
    Drag,
    /// The button is released.
    Release,
    /// The wheel turns by this number of steps: positive down, negative up.
    Wheel(i16),
    /// The right button is pressed.
    Menu,
    /// The button at the side that leads back in browsers is pressed.
    Back,
    /// The button that leads forward is pressed.
    Forward,
}

/// A gesture and its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MouseInput {
    /// The gesture.
    pub gesture: MouseGesture,
    /// The column, from 0.
    pub column: u16,
    /// The row, from 0.
    pub row: u16,
}

impl MouseInput {
    /// Whether following input may be merged into this one.
    pub fn can_merge(self) -> bool {
        matches!(self.gesture, MouseGesture::Wheel(_) | MouseGesture::Drag)
    }

    /// Merges the input that follows directly. `None` if they cannot be merged.
    pub fn merge(self, later: MouseInput) -> Option<MouseInput> {
        match (self.gesture, later.gesture) {
            (MouseGesture::Drag, MouseGesture::Drag) => Some(later),
            (MouseGesture::Wheel(turns), MouseGesture::Wheel(more))
                if (self.column, self.row) == (later.column, later.row) =>
            {
                Some(MouseInput { gesture: MouseGesture::Wheel(turns.saturating_add(more)), ..self })
            }
            _ => None,
        }
    }
}

/// The state of the mouse: the last press, for double clicks, and the drag of the divider or the scrollbar.
#[derive(Clone, Copy, Debug, Default)]
pub struct MouseTracker {
    /// The last press: column, row, time and target.
    last: Option<(u16, u16, Duration, Option<HitTarget>)>,
    drag: Option<DividerDrag>,
    /// The scrollbar of the article is dragged.
    drags_scrollbar: bool,
    /// The row of the list at which a drag began, and the one that it has reached.
    rows: Option<(usize, usize)>,
}

/// A drag of the divider between list and article.
#[derive(Clone, Copy, Debug)]
struct DividerDrag {
    divider: DividerDirection,
    /// The pane whose border was pressed.
    pane: Focus,
    moved: bool,
}

/// The direction of the divider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DividerDirection {
    /// The list is left of the article.
    Vertical,
    /// The list is above the article.
    Horizontal,
}

impl MouseTracker {
    /// The action of a mouse input. `at` is its time, since any fixed start.
    pub fn point(
        &mut self,
        input: MouseInput,
        at: Duration,
        context: Context,
        info: &FrameInfo,
    ) -> Option<MouseAction> {
        let MouseInput { gesture, column, row } = input;
        match gesture {
            MouseGesture::Wheel(turns) => {
                // The wheel moves rows under the mouse: the next press must not count as a double click.
                self.last = None;
                wheel(turns.into(), (column, row), context, info)
            }
            MouseGesture::Press => self.press((column, row), at, context, info),
            MouseGesture::Menu => {
                (self.last, self.drag, self.rows) = (None, None, None);
                menu((column, row), context, info)
            }
            MouseGesture::Back if is_pane(context) => Some(MouseAction::Run(Action::JumpBack.into())),
            MouseGesture::Back => Some(MouseAction::ClickOutside),
            MouseGesture::Forward => Some(MouseAction::Run(Action::JumpForward.into())).filter(|_| is_pane(context)),
            MouseGesture::Drag if self.drags_scrollbar => {
                Some(MouseAction::ScrollPane(Focus::Detail, info.detail.lines_to(row))).filter(|_| is_pane(context))
            }
            MouseGesture::Drag if self.rows.is_some() => self.drag_rows(row, context, info),
            MouseGesture::Drag => {
                let drag = self.drag.as_mut().filter(|_| is_pane(context))?;
                drag.moved = true;
                share(*drag, (column, row), info).map(MouseAction::ResizeList)
            }
            MouseGesture::Release => {
                (self.drags_scrollbar, self.rows) = (false, None);
                let drag = self.drag.take().filter(|drag| !drag.moved && is_pane(context))?;
                Some(MouseAction::Click(HitTarget::Pane(drag.pane)))
            }
        }
    }

    fn press(&mut self, cell: (u16, u16), at: Duration, context: Context, info: &FrameInfo) -> Option<MouseAction> {
        self.rows = None;
        let follows_menu = self.last.take_if(|(x, y, then, target)| {
            (*x, *y) == cell
                && matches!(target, Some(HitTarget::MenuRow(_)))
                && at.saturating_sub(*then) <= DOUBLE_CLICK
        });
        if follows_menu.is_some() {
            // The menu is closed: what lies below it was not meant, such as a notice that offers to undo.
            return None;
        }
        let button = button(cell, context, info);
        if button.is_some() || info.footer.contains(cell) {
            // Two quick clicks on a hint run its action twice, as two presses of its key do.
            (self.last, self.drag) = (None, None);
            return button.map(|command| match command {
                // The menu opens where it was clicked.
                ButtonCommand::Act(Action::MainMenu) => MouseAction::Menu(HitTarget::Pane(Focus::List), cell),
                command => MouseAction::Run(command),
            });
        }
        self.drags_scrollbar = is_pane(context) && is_scrollbar(cell, info);
        if self.drags_scrollbar {
            (self.last, self.drag) = (None, None);
            return Some(MouseAction::ScrollPane(Focus::Detail, info.detail.lines_to(cell.1)));
        }
        self.drag = divider(cell, info).filter(|_| is_pane(context));
        let action = if self.drag.is_some() { None } else { press(cell, context, info) };
        let target = if let Some(MouseAction::Click(target)) = action { Some(target) } else { None };
        if let Some(HitTarget::Row(row)) = target.filter(|_| is_pane(context)) {
            self.rows = Some((row, row));
        }
        let (column, row) = cell;
        let again = self.last.filter(|(x, y, then, _)| (*x, *y) == cell && at.saturating_sub(*then) <= DOUBLE_CLICK);
        let Some((.., before)) = again else {
            self.last = Some((column, row, at, target));
            return action;
        };
        // A third press starts a new click.
        self.last = None;
        // If the first press changed what is at this cell, the second one is not a double click on it.
        match before.filter(|before| Some(*before) == target)? {
            opens @ (HitTarget::Row(_) | HitTarget::Related(_) | HitTarget::OverlayRow(_)) => {
                Some(MouseAction::DoubleClick(opens))
            }
            // The first click has done what Enter does.
            HitTarget::Navigation(_) | HitTarget::NavigationFold(_) => None,
            HitTarget::Pane(_)
            | HitTarget::Filter(_)
            | HitTarget::Day(_)
            | HitTarget::Topic(_)
            | HitTarget::Link(..)
            | HitTarget::MenuRow(_)
            | HitTarget::ReadSign(_)
            | HitTarget::StarSign(_)
            | HitTarget::Fold(_) => None,
        }
    }
}

impl MouseTracker {
    /// The action of a drag over rows of the list, if it has reached another row.
    fn drag_rows(&mut self, line: u16, context: Context, info: &FrameInfo) -> Option<MouseAction> {
        let (first, last) = self.rows.as_mut().filter(|_| is_pane(context))?;
        let row = info.list.row_dragged_to(line).filter(|row| row != last)?;
        *last = row;
        // The end of a drag is no click.
        self.last = None;
        Some(MouseAction::SelectRows(*first, row))
    }
}

/// Whether the scrollbar of the article is at a cell.
fn is_scrollbar((column, row): (u16, u16), info: &FrameInfo) -> bool {
    let rows = info.detail.area.y..info.detail.area.bottom();
    info.detail.scrollbar == Some(column) && rows.contains(&row)
}

fn is_pane(context: Context) -> bool {
    matches!(context, Context::List | Context::Detail | Context::Related | Context::Navigation)
}

/// Whether the context is an overlay in a box. Prompts and questions are in the footer.
fn is_box(context: Context) -> bool {
    matches!(
        context,
        Context::Picker
            | Context::Palette
            | Context::Links
            | Context::Help
            | Context::Overlay
            | Context::Insights
            | Context::Subscriptions
            | Context::Picture
    )
}

/// The action of a press, without regard to the divider and double clicks.
fn press(cell: (u16, u16), context: Context, info: &FrameInfo) -> Option<MouseAction> {
    if !info.body.contains(cell.into()) {
        return None;
    }
    if context == Context::Confirm || (is_box(context) && !info.overlay.area.contains(cell.into())) {
        return Some(MouseAction::ClickOutside);
    }
    let row = if info.overlay.is_menu { HitTarget::MenuRow } else { HitTarget::OverlayRow };
    let target = if is_box(context) { info.overlay.row_at(cell).map(row) } else { target(cell, info) };
    target.map(MouseAction::Click)
}

/// What a click on the button at a cell does.
fn button(cell: (u16, u16), context: Context, info: &FrameInfo) -> Option<ButtonCommand> {
    let footer = info.footer.buttons.at(cell);
    if footer.is_some() || info.footer.contains(cell) {
        return footer;
    }
    match () {
        () if is_box(context) && info.overlay.boxes.contains(cell.into()) => {
            info.overlay.row_at(cell).map(ButtonCommand::Choose)
        }
        () if is_box(context) => info.overlay.buttons.at(cell),
        () if is_pane(context) => info.title_buttons.at(cell),
        () => None,
    }
}

/// The action of a press of the right button: a menu on the panes; beside an overlay, as the left one.
fn menu(cell: (u16, u16), context: Context, info: &FrameInfo) -> Option<MouseAction> {
    if info.footer.contains(cell) {
        return None;
    }
    match press(cell, context, info)? {
        MouseAction::Click(HitTarget::OverlayRow(_) | HitTarget::MenuRow(_)) => None,
        MouseAction::Click(target) => Some(MouseAction::Menu(target, cell)),
        other => Some(other),
    }
}

/// The target of the panes at a cell.
fn target(cell: (u16, u16), info: &FrameInfo) -> Option<HitTarget> {
    let pane = info.pane_at(cell)?;
    let finer = match pane {
        Focus::List => {
            let row = info.list.row_and_column_at(cell).map(|(row, column)| match column {
                0 | 1 => HitTarget::ReadSign(row),
                2 => HitTarget::StarSign(row),
                _ => HitTarget::Row(row),
            });
            let day = || info.list.day_at(cell).map(HitTarget::Day);
            row.or_else(day).or_else(|| info.list.filters.index_at(cell).map(HitTarget::Filter))
        }
        Focus::Detail => {
            let link = |cells: &TaggedCells| HitTarget::Link(cells.source, cells.number.into());
            let finer = info
                .detail
                .topics
                .index_at(cell)
                .map(HitTarget::Topic)
                .or_else(|| info.detail.links.at(cell).map(link));
            finer.or_else(|| info.detail.fold_at(cell).map(HitTarget::Fold))
        }
        Focus::Related => info.related.entry_at(cell).map(HitTarget::Related),
        Focus::Navigation => info.navigation.entry_at(cell).map(|(entry, folds)| match folds {
            true => HitTarget::NavigationFold(entry),
            false => HitTarget::Navigation(entry),
        }),
    };
    Some(finer.unwrap_or(HitTarget::Pane(pane)))
}

fn wheel(turns: isize, cell: (u16, u16), context: Context, info: &FrameInfo) -> Option<MouseAction> {
    if is_box(context) {
        // Scroll about as many lines, if rows have several lines.
        let rows = (WHEEL_ROWS / isize::try_from(info.overlay.row_lines.max(1)).unwrap_or(WHEEL_ROWS)).max(1);
        return Some(MouseAction::ScrollOverlay(turns * rows));
    }
    let pane = info.pane_at(cell).filter(|_| context != Context::Confirm)?;
    Some(MouseAction::ScrollPane(pane, turns * WHEEL_ROWS))
}

// The divider.

/// The direction of the divider. `None` if only one pane is shown.
fn divider_direction(info: &FrameInfo) -> Option<DividerDirection> {
    let [list, detail, _] = info.frames;
    let divider = if list.right() == detail.x { DividerDirection::Vertical } else { DividerDirection::Horizontal };
    (!list.is_empty() && !detail.is_empty()).then_some(divider)
}

/// A drag that starts at a cell, if the divider is there: it consists of the two borders that touch.
fn divider(cell: (u16, u16), info: &FrameInfo) -> Option<DividerDrag> {
    let divider = divider_direction(info)?;
    let pane = info.pane_at(cell)?;
    let [list, ..] = info.frames;
    let (at, end) = match divider {
        DividerDirection::Vertical => (cell.0, list.right()),
        DividerDirection::Horizontal => (cell.1, list.bottom()),
    };
    (at == end || at + 1 == end).then_some(DividerDrag { divider, pane, moved: false })
}

/// The share of the list, in thousandths, if the dragged border is moved to a cell.
fn share(drag: DividerDrag, cell: (u16, u16), info: &FrameInfo) -> Option<u16> {
    divider_direction(info).filter(|divider| *divider == drag.divider)?;
    let [list, ..] = info.frames;
    let (at, start, all) = match drag.divider {
        // The list has a share of what the navigation pane leaves.
        DividerDirection::Vertical => (cell.0, list.x, info.body.right().saturating_sub(list.x)),
        DividerDirection::Horizontal => (cell.1, info.body.y, info.body.height),
    };
    let length = at.saturating_sub(start).saturating_add(u16::from(drag.pane == Focus::List));
    let all = u32::from(all.max(1));
    u16::try_from(((u32::from(length) * 1000 + all / 2) / all).min(1000)).ok()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;
    use crate::app::{DetailInfo, FrameItems, IndexedCells, ListInfo, OverlayInfo, RelatedInfo, VisibleLinks};
    use crate::text::hyperlinks::LinkSource;

    const PANES: [Context; 3] = [Context::List, Context::Detail, Context::Related];
    const SECOND: Duration = Duration::from_secs(1);

    /// A screen of 120x30: 20 rows of the list from the 5th on, an article with two topics, two related entries.
    fn wide() -> FrameInfo {
        let mut topics = FrameItems::default();
        topics.push(IndexedCells::new((52, 4), 3, 0));
        topics.push(IndexedCells::new((57, 4), 9, 1));
        let mut links = VisibleLinks::default();
        links.push(TaggedCells { x: 60, y: 8, columns: 4, source: LinkSource::Article, number: 3 });
        links.push(TaggedCells { x: 52, y: 4, columns: 9, source: LinkSource::Note, number: 1 });
        FrameInfo {
            body: Rect::new(0, 0, 120, 29),
            frames: [Rect::new(0, 0, 50, 29), Rect::new(50, 0, 70, 20), Rect::new(50, 20, 70, 9)],
            share: Some(420),
            list: ListInfo {
                area: Rect::new(1, 1, 48, 27),
                row_lines: 0,
                offset: 4,
                rows_built: 20,
                ..ListInfo::default()
            },
            detail: DetailInfo { area: Rect::new(51, 1, 68, 18), topics, links, ..DetailInfo::default() },
            related: RelatedInfo { area: Rect::new(51, 21, 68, 7), offset: 1, entries: 3 },
            ..FrameInfo::default()
        }
    }

    /// The same with an overlay on top: rows of two lines, from the third on.
    fn boxed() -> FrameInfo {
        let (area, rows) = (Rect::new(20, 10, 80, 8), Rect::new(21, 12, 78, 4));
        let overlay =
            OverlayInfo { area, rows, offset: 2, row_lines: 2, height: 2, lines: 9, ..OverlayInfo::default() };
        FrameInfo { overlay, ..wide() }
    }

    /// The same with another number of lines per row.
    fn with_rows_of(row_lines: u16) -> FrameInfo {
        FrameInfo { overlay: OverlayInfo { row_lines, ..boxed().overlay }, ..boxed() }
    }

    fn medium() -> FrameInfo {
        FrameInfo {
            body: Rect::new(0, 0, 100, 29),
            frames: [Rect::new(0, 0, 100, 12), Rect::new(0, 12, 100, 16), Rect::new(0, 28, 100, 1)],
            share: Some(400),
            list: ListInfo { area: Rect::new(1, 1, 98, 10), ..wide().list },
            detail: DetailInfo { area: Rect::new(1, 13, 98, 14), ..wide().detail },
            related: RelatedInfo { area: Rect::ZERO, ..wide().related },
            ..wide()
        }
    }

    fn click(
        tracker: &mut MouseTracker,
        (column, row): (u16, u16),
        at: Duration,
        context: Context,
        info: &FrameInfo,
    ) -> Option<MouseAction> {
        let pressed = tracker.point(MouseInput { gesture: MouseGesture::Press, column, row }, at, context, info);
        let released = tracker.point(MouseInput { gesture: MouseGesture::Release, column, row }, at, context, info);
        assert!(pressed.is_none() || released.is_none());
        pressed.or(released)
    }

    #[test]
    fn a_click_hits_what_is_at_the_cell() {
        let at = |target| Some(MouseAction::Click(target));
        let pane = |pane| at(HitTarget::Pane(pane));
        for (cell, meant) in [
            ((1, 1), at(HitTarget::ReadSign(4))),
            ((2, 1), at(HitTarget::ReadSign(4))),
            ((3, 1), at(HitTarget::StarSign(4))),
            ((4, 1), at(HitTarget::Row(4))),
            ((48, 20), at(HitTarget::Row(23))),
            ((48, 21), pane(Focus::List)),
            ((0, 3), pane(Focus::List)),
            ((5, 0), pane(Focus::List)),
            ((51, 4), pane(Focus::Detail)),
            ((52, 4), at(HitTarget::Topic(0))),
            ((54, 4), at(HitTarget::Topic(0))),
            // A topic is more than the link that it is in.
            ((55, 4), at(HitTarget::Link(LinkSource::Note, 1))),
            ((65, 4), at(HitTarget::Topic(1))),
            ((66, 4), pane(Focus::Detail)),
            ((59, 8), pane(Focus::Detail)),
            ((60, 8), at(HitTarget::Link(LinkSource::Article, 3))),
            ((63, 8), at(HitTarget::Link(LinkSource::Article, 3))),
            ((64, 8), pane(Focus::Detail)),
            ((60, 9), pane(Focus::Detail)),
            ((60, 5), pane(Focus::Detail)),
            ((60, 21), at(HitTarget::Related(1))),
            ((60, 22), at(HitTarget::Related(2))),
            ((60, 23), pane(Focus::Related)),
            ((60, 20), pane(Focus::Related)),
            // The divider, which was not moved.
            ((49, 9), pane(Focus::List)),
            ((50, 9), pane(Focus::Detail)),
            ((50, 25), pane(Focus::Related)),
            // The footer, and what is not on the screen.
            ((60, 29), None),
            ((120, 4), None),
            ((u16::MAX, u16::MAX), None),
        ] {
            for context in PANES {
                assert_eq!(click(&mut MouseTracker::default(), cell, SECOND, context, &wide()), meant, "{cell:?}");
            }
            // While a search is typed, rows can be clicked; the divider cannot be dragged.
            let typing = click(&mut MouseTracker::default(), cell, SECOND, Context::Prompt, &wide());
            assert_eq!(typing, meant, "{cell:?}");
            assert_eq!(click(&mut MouseTracker::default(), cell, SECOND, Context::List, &FrameInfo::default()), None);
        }
    }

    #[test]
    fn every_press_on_the_footer_does_what_its_key_does() {
        let mut info = wide();
        info.footer.area = Rect::new(0, 28, 120, 2);
        info.footer.notice = Rect::new(1, 27, 30, 1);
        info.footer.buttons.add(info.footer.notice, Action::Notices);
        info.footer.buttons.add(Rect::new(1, 29, 8, 1), Action::ReadOn);
        for (cell, action) in [
            ((1, 29), Some(Action::ReadOn)),
            ((8, 29), Some(Action::ReadOn)),
            ((9, 29), None),
            ((1, 28), None),
            ((1, 27), Some(Action::Notices)),
            ((30, 27), Some(Action::Notices)),
        ] {
            for context in PANES.into_iter().chain([Context::Prompt, Context::Picker, Context::Confirm]) {
                let mut tracker = MouseTracker::default();
                for at in [0, 100, 200] {
                    let clicked = click(&mut tracker, cell, Duration::from_millis(at), context, &info);
                    assert_eq!(
                        clicked,
                        action.map(|action: Action| MouseAction::Run(action.into())),
                        "{cell:?} {context:?}"
                    );
                }
            }
        }
        let beside = click(&mut MouseTracker::default(), (31, 27), SECOND, Context::List, &info);
        assert_eq!(beside, Some(MouseAction::Click(HitTarget::Pane(Focus::List))), "the notice covers only its cells");
        for number in 0..100 {
            info.footer.buttons.add(Rect::new(number, 0, 1, 1), Action::Star);
        }
        assert_eq!(info.footer.buttons.at((99, 0)), None, "as many as fit");
    }

    #[test]
    fn an_overlay_gets_every_click() {
        let choice = |row| Some(MouseAction::Click(HitTarget::OverlayRow(row)));
        for context in [Context::Picker, Context::Links, Context::Overlay, Context::Help] {
            for (cell, meant) in [
                ((21, 12), choice(2)),
                ((98, 13), choice(2)),
                ((50, 14), choice(3)),
                ((50, 15), choice(3)),
                ((50, 16), None),
                ((50, 11), None),
                ((20, 12), None),
                ((19, 12), Some(MouseAction::ClickOutside)),
                ((1, 1), Some(MouseAction::ClickOutside)),
                ((49, 9), Some(MouseAction::ClickOutside)),
                ((60, 29), None),
            ] {
                assert_eq!(click(&mut MouseTracker::default(), cell, SECOND, context, &boxed()), meant, "{cell:?}");
            }
            let unselectable = with_rows_of(0);
            assert_eq!(click(&mut MouseTracker::default(), (50, 14), SECOND, context, &unselectable), None);
        }
        assert_eq!(
            click(&mut MouseTracker::default(), (1, 1), SECOND, Context::Confirm, &wide()),
            Some(MouseAction::ClickOutside)
        );
        assert_eq!(click(&mut MouseTracker::default(), (1, 29), SECOND, Context::Confirm, &wide()), None);
    }

    #[test]
    fn two_presses_on_the_same_target_are_a_double_click() {
        let (list, over) = (Context::List, Context::Overlay);
        let row = |row| Some(MouseAction::Click(HitTarget::Row(row)));
        let ms = Duration::from_millis;
        let other_rows = FrameInfo { list: ListInfo { offset: 9, ..wide().list }, ..wide() };
        for (info, context, first, second, later, meant) in [
            (wide(), list, (13, 5), (13, 5), 400, Some(MouseAction::DoubleClick(HitTarget::Row(8)))),
            (wide(), list, (13, 5), (13, 5), 401, row(8)),
            (wide(), list, (13, 5), (14, 5), 100, row(8)),
            (wide(), list, (13, 5), (13, 6), 100, row(9)),
            (other_rows, list, (13, 5), (13, 5), 100, None),
            (wide(), Context::Related, (60, 22), (60, 22), 100, Some(MouseAction::DoubleClick(HitTarget::Related(2)))),
            (wide(), list, (53, 4), (53, 4), 100, None),
            (wide(), list, (60, 9), (60, 9), 100, None),
            (boxed(), over, (50, 14), (50, 14), 100, None),
        ] {
            let mut tracker = MouseTracker::default();
            click(&mut tracker, first, SECOND, list, &wide());
            assert_eq!(click(&mut tracker, second, SECOND + ms(later), context, &info), meant, "{first:?} {second:?}");
        }
        let mut tracker = MouseTracker::default();
        let mut choose = |at| click(&mut tracker, (50, 14), ms(at), over, &boxed());
        let chosen = [choose(1000), choose(1100), choose(1200)];
        let once = Some(MouseAction::Click(HitTarget::OverlayRow(3)));
        assert_eq!(
            chosen,
            [once, Some(MouseAction::DoubleClick(HitTarget::OverlayRow(3))), once],
            "the third press is a first one"
        );
    }

    #[test]
    fn a_drag_over_rows_selects_them_and_goes_on_beyond_the_list() {
        let mut tracker = MouseTracker::default();
        let mut point = |gesture, row| {
            let input = MouseInput { gesture, column: 20, row };
            tracker.point(input, SECOND, Context::List, &wide())
        };
        assert_eq!(point(MouseGesture::Press, 3), Some(MouseAction::Click(HitTarget::Row(6))));
        assert_eq!(point(MouseGesture::Drag, 3), None, "it is still the row of the click");
        for (line, row) in [(5, 8), (20, 23), (28, 24), (2, 5), (0, 3)] {
            assert_eq!(point(MouseGesture::Drag, line), Some(MouseAction::SelectRows(6, row)), "{line}");
        }
        assert_eq!(point(MouseGesture::Release, 0), None);
        assert_eq!(point(MouseGesture::Drag, 9), None, "it was let go");
        // Signs are no place to begin.
        let sign = MouseInput { gesture: MouseGesture::Press, column: 2, row: 3 };
        tracker.point(sign, SECOND, Context::List, &wide());
        let drag = MouseInput { gesture: MouseGesture::Drag, column: 2, row: 9 };
        assert_eq!(tracker.point(drag, SECOND, Context::List, &wide()), None);
    }

    #[test]
    fn the_right_button_opens_a_menu_on_panes_and_closes_overlays() {
        let point = |cell: (u16, u16), context, info: &FrameInfo| {
            let input = MouseInput { gesture: MouseGesture::Menu, column: cell.0, row: cell.1 };
            MouseTracker::default().point(input, SECOND, context, info)
        };
        let menu = |target, cell| Some(MouseAction::Menu(target, cell));
        assert_eq!(point((20, 2), Context::List, &wide()), menu(HitTarget::Row(5), (20, 2)));
        assert_eq!(point((60, 8), Context::List, &wide()), menu(HitTarget::Link(LinkSource::Article, 3), (60, 8)));
        assert_eq!(point((60, 29), Context::List, &wide()), None, "the footer has no menu");
        assert_eq!(point((1, 1), Context::Overlay, &boxed()), Some(MouseAction::ClickOutside));
        assert_eq!(point((50, 14), Context::Overlay, &boxed()), None);
        assert_eq!(point((1, 1), Context::Confirm, &wide()), Some(MouseAction::ClickOutside));
    }

    #[test]
    fn the_wheel_scrolls_the_pane_under_it() {
        for (cell, context, info, meant) in [
            ((5, 5), Context::Detail, wide(), Some(MouseAction::ScrollPane(Focus::List, 3))),
            ((0, 0), Context::Detail, wide(), Some(MouseAction::ScrollPane(Focus::List, 3))),
            ((60, 5), Context::List, wide(), Some(MouseAction::ScrollPane(Focus::Detail, 3))),
            ((60, 25), Context::List, wide(), Some(MouseAction::ScrollPane(Focus::Related, 3))),
            ((60, 25), Context::Prompt, wide(), Some(MouseAction::ScrollPane(Focus::Related, 3))),
            ((60, 29), Context::List, wide(), None),
            ((60, 5), Context::Confirm, wide(), None),
            ((60, 14), Context::Links, boxed(), Some(MouseAction::ScrollOverlay(1))),
            ((1, 1), Context::Picker, with_rows_of(1), Some(MouseAction::ScrollOverlay(3))),
            ((1, 1), Context::Help, with_rows_of(0), Some(MouseAction::ScrollOverlay(3))),
        ] {
            let turn = |turns| MouseInput { gesture: MouseGesture::Wheel(turns), column: cell.0, row: cell.1 };
            assert_eq!(MouseTracker::default().point(turn(1), SECOND, context, &info), meant, "{cell:?} {context:?}");
            let many = MouseTracker::default().point(turn(i16::MIN), SECOND, context, &info);
            assert_eq!(many.is_some(), meant.is_some());
        }
        let wheel = |turns, column| MouseInput { gesture: MouseGesture::Wheel(turns), column, row: 0 };
        let drag = |column| MouseInput { gesture: MouseGesture::Drag, column, row: 0 };
        assert_eq!(wheel(2, 5).merge(wheel(3, 5)), Some(wheel(5, 5)));
        assert_eq!(wheel(i16::MAX, 5).merge(wheel(3, 5)), Some(wheel(i16::MAX, 5)));
        assert_eq!(wheel(2, 5).merge(wheel(3, 6)), None, "another pane may be there");
        assert_eq!(drag(2).merge(drag(9)), Some(drag(9)));
        assert_eq!(drag(2).merge(wheel(1, 2)), None);
    }

    #[test]
    fn the_buttons_at_the_side_go_back_and_forward_and_back_closes_an_overlay() {
        let point = |gesture, context| {
            let input = MouseInput { gesture, column: 3, row: 3 };
            MouseTracker::default().point(input, SECOND, context, &wide())
        };
        for context in PANES {
            assert_eq!(point(MouseGesture::Back, context), Some(MouseAction::Run(Action::JumpBack.into())));
            assert_eq!(point(MouseGesture::Forward, context), Some(MouseAction::Run(Action::JumpForward.into())));
        }
        for context in [Context::Picker, Context::Help, Context::Confirm, Context::Prompt] {
            assert_eq!(point(MouseGesture::Back, context), Some(MouseAction::ClickOutside));
            assert_eq!(point(MouseGesture::Forward, context), None);
        }
    }

    #[test]
    fn the_divider_follows_the_mouse() {
        for (info, from, to, share) in [
            (wide(), (49, 9), (71, 3), Some(600)),
            (wide(), (50, 9), (72, 28), Some(600)),
            (wide(), (50, 25), (24, 29), Some(200)),
            (wide(), (49, 9), (u16::MAX, 0), Some(1000)),
            (wide(), (49, 9), (0, 0), Some(8)),
            (wide(), (48, 9), (60, 9), None),
            (wide(), (51, 9), (60, 9), None),
            (medium(), (40, 11), (3, 20), Some(724)),
            (medium(), (40, 12), (3, 21), Some(724)),
            (medium(), (40, 10), (3, 21), None),
            (FrameInfo { frames: [Rect::new(0, 0, 50, 29), Rect::ZERO, Rect::ZERO], ..wide() }, (49, 9), (60, 9), None),
        ] {
            let mut tracker = MouseTracker::default();
            let mut point = |gesture, (column, row), context, info: &FrameInfo| {
                tracker.point(MouseInput { gesture, column, row }, SECOND, context, info)
            };
            point(MouseGesture::Press, from, Context::List, &info);
            let moved = point(MouseGesture::Drag, to, Context::List, &info);
            let Some(share) = share else {
                assert!(!matches!(moved, Some(MouseAction::ResizeList(_))), "{from:?}: {moved:?}");
                continue;
            };
            assert_eq!(moved, Some(MouseAction::ResizeList(share)), "{from:?}");
            assert_eq!(point(MouseGesture::Drag, to, Context::Help, &boxed()), None, "an overlay is on top");
            let other = if info == medium() { wide() } else { medium() };
            assert_eq!(point(MouseGesture::Drag, to, Context::List, &other), None, "the screen has another size");
            assert_eq!(point(MouseGesture::Release, to, Context::List, &info), None);
            assert_eq!(point(MouseGesture::Drag, from, Context::List, &info), None, "it was let go");
        }
        let mut tracker = MouseTracker::default();
        let press = MouseInput { gesture: MouseGesture::Press, column: 49, row: 9 };
        assert_eq!(tracker.point(press, SECOND, Context::Overlay, &boxed()), Some(MouseAction::ClickOutside));
        assert_eq!(
            tracker.point(MouseInput { gesture: MouseGesture::Drag, ..press }, SECOND, Context::List, &wide()),
            None
        );
    }
}
