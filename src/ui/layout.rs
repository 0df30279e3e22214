//! Divides the screen into panes, by its size and the focused pane.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{Focus, PaneLayout};
use crate::config;

/// Smallest screen, in columns and rows. Below it only a message is drawn.
pub const MIN_SCREEN: (u16, u16) = (20, 5);
/// Fewest rows for several panes at a time, at any width.
const MIN_SPLIT_ROWS: u16 = 16;

/// Default share of the list on a wide and on a medium screen, in thousandths.
const DEFAULT_SHARES: (u16, u16) = (460, 400);
/// Fewest rows of the list and of the article, with frames, on a medium screen.
const MIN_PANE_ROWS: u16 = 4;
/// With fewer rows on a medium screen, the list gives its rows to the article while that has the focus.
const FOLDS_LIST_BELOW: u16 = 30;
/// Rows of such a list, with its frame.
const FOLDED_LIST: u16 = 5;

/// The areas of the panes. A pane that is not shown has an empty area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneAreas {
    /// The list, with its frame.
    pub list: Rect,
    /// The article, with its frame.
    pub detail: Rect,
    /// The related articles, with their frame; one line high when they are folded.
    pub related: Rect,
    /// The navigation pane, with its frame.
    pub navigation: Rect,
    /// The last line, or the last two.
    pub footer: Rect,
}

/// Fewest and most columns of the navigation pane.
const NAVIGATION_WIDTHS: (u16, u16) = (24, 32);
/// Fewest columns of the panes beside the navigation pane: with fewer, it is shown alone while it has the focus.
const MIN_BESIDE_NAVIGATION: u16 = 50;
/// Fewest columns of list and article side by side, beside the navigation pane.
const MIN_WIDE_BESIDE_NAVIGATION: u16 = 110;

/// Columns of the navigation pane beside the others. `None` if it is off, or is shown alone.
fn navigation_columns(area: Rect, pane_layout: PaneLayout, widths: &config::LayoutSettings) -> Option<u16> {
    let columns = (area.width / 6).clamp(NAVIGATION_WIDTHS.0, NAVIGATION_WIDTHS.1);
    let has_room = area.width.saturating_sub(columns) >= MIN_BESIDE_NAVIGATION;
    let is_split = has_room && list_share(area, pane_layout, widths).is_some();
    (is_split && pane_layout.has_navigation(area.width)).then_some(columns)
}

/// The share of the list in thousandths, or `None` if the screen has room for one pane only. `widths` has the fewest columns
/// for panes side by side and for panes above each other.
pub fn list_share(area: Rect, pane_layout: PaneLayout, widths: &config::LayoutSettings) -> Option<u16> {
    let given = if area.width >= widths.wide { DEFAULT_SHARES.0 } else { DEFAULT_SHARES.1 };
    (area.width >= widths.medium && area.height >= MIN_SPLIT_ROWS).then(|| pane_layout.share.unwrap_or(given))
}

/// `share` thousandths of a length, rounded.
fn portion(length: u16, share: u16) -> u16 {
    // 1000 columns times 1000 thousandths do not fit into `u16`.
    ((u32::from(length) * u32::from(share) + 500) / 1000) as u16
}

/// Divides the screen. `related` is the number of related articles, `footer` the height of the footer.
pub fn divide(
    area: Rect,
    focus: Focus,
    (related, footer): (usize, u16),
    pane_layout: PaneLayout,
    widths: &config::LayoutSettings,
) -> PaneAreas {
    let [body, footer] = Layout::vertical([Constraint::Min(0), Constraint::Length(footer)]).areas(area);
    let has_navigation = pane_layout.has_navigation(area.width);
    let navigation = navigation_columns(area, pane_layout, widths).unwrap_or_default();
    let [navigation, rest] = Layout::horizontal([Constraint::Length(navigation), Constraint::Min(0)]).areas(body);
    let panes = PaneAreas { footer, navigation, ..PaneAreas::default() };
    // Also where the panes are above each other: the navigation pane takes no rows.
    if focus == Focus::Navigation && has_navigation && navigation.is_empty() {
        return PaneAreas { navigation: body, ..panes };
    }
    let body = rest;
    let Some(share) = list_share(area, pane_layout, widths).filter(|_| !pane_layout.zen) else {
        return match focus {
            Focus::List | Focus::Navigation => PaneAreas { list: body, ..panes },
            Focus::Detail => PaneAreas { detail: body, ..panes },
            Focus::Related => PaneAreas { related: body, ..panes },
        };
    };
    let has_room = panes.navigation.is_empty() || body.width >= MIN_WIDE_BESIDE_NAVIGATION.min(widths.wide);
    let is_wide = area.width >= widths.wide && has_room;
    let rows = related_rows(related, body.height, focus, is_wide);
    if is_wide {
        let [list, right] =
            Layout::horizontal([Constraint::Length(portion(body.width, share)), Constraint::Min(0)]).areas(body);
        let [detail, related] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(right);
        return PaneAreas { list, detail, related, ..panes };
    }
    let most = body.height.saturating_sub(rows + MIN_PANE_ROWS).max(MIN_PANE_ROWS);
    // `clamp` panics if its bounds are reversed: `max` above prevents that on a low screen.
    let list = portion(body.height, share).clamp(MIN_PANE_ROWS, most);
    let folds_list = focus == Focus::Detail && area.height < FOLDS_LIST_BELOW;
    let list = if folds_list { list.min(FOLDED_LIST) } else { list };
    let [list, detail, related] =
        Layout::vertical([Constraint::Length(list), Constraint::Min(0), Constraint::Length(rows)]).areas(body);
    PaneAreas { list, detail, related, ..panes }
}

/// Height of the related pane: 0 without entries, and 1 on a medium screen unless it has the focus.
fn related_rows(related: usize, height: u16, focus: Focus, wide: bool) -> u16 {
    const FRAME: u16 = 2;
    let wanted = u16::try_from(related).unwrap_or(u16::MAX).saturating_add(FRAME);
    match (related, wide, focus) {
        (0, ..) => 0,
        (_, false, Focus::List | Focus::Detail | Focus::Navigation) => 1,
        _ => wanted.min(height / 3).max(FRAME + 1),
    }
}

/// A box in the middle of the width, of the given size, or less if the area is smaller. Its top depends only on the area, so that it
/// does not move when the number of rows changes.
pub fn anchored(area: Rect, columns: u16, rows: u16) -> Rect {
    let top = area.height / 10;
    let (width, height) = (columns.min(area.width), rows.min(area.height - top));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + top, width, height }
}

/// The first visible row, as near to `offset` as possible, such that `selected` is among the `height` visible rows.
pub fn offset_for(offset: usize, selected: usize, height: usize, count: usize) -> usize {
    let lowest = (selected + 1).saturating_sub(height);
    let highest = selected.min(count.saturating_sub(height));
    // With a height of 0, `lowest` is greater than `highest`.
    offset.max(lowest).min(highest.max(lowest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_medium_and_narrow_screens() {
        let (pane_layout, widths) = (PaneLayout::default(), config::LayoutSettings::default());
        let divide = |width, height, focus| divide(Rect::new(0, 0, width, height), focus, (4, 1), pane_layout, &widths);
        let wide = divide(160, 45, Focus::List);
        assert!(
            wide.list.right() == wide.detail.x && wide.detail.bottom() == wide.related.y && wide.related.height == 6
        );
        let medium = divide(100, 30, Focus::List);
        assert!(medium.list.bottom() == medium.detail.y && medium.related.height == 1);
        assert!(divide(100, 30, Focus::Related).related.height > 1);
        let narrow = divide(60, 20, Focus::Detail);
        assert!(narrow.list.is_empty() && narrow.related.is_empty() && narrow.detail.height == 19);
        let widths = config::LayoutSettings { wide: 200, medium: 50, ..widths };
        let divide = |width| super::divide(Rect::new(0, 0, width, 30), Focus::List, (4, 1), pane_layout, &widths);
        assert_eq!(divide(199).list.bottom(), divide(199).detail.y, "above each other");
        assert_eq!(divide(50).list.bottom(), divide(50).detail.y);
        assert!(divide(49).detail.is_empty() && divide(200).list.right() == divide(200).detail.x);
    }

    #[test]
    fn every_share_leaves_room_for_all_panes() {
        let widths = config::LayoutSettings::default();
        for (width, height) in (80..=200).step_by(7).flat_map(|width| (16..=60).map(move |height| (width, height))) {
            for share in [200, 460, 800] {
                for (focus, related) in [(Focus::List, 0), (Focus::Detail, 3), (Focus::Related, 40)] {
                    let pane_layout = PaneLayout { share: Some(share), ..PaneLayout::default() };
                    let panes = divide(Rect::new(0, 0, width, height), focus, (related, 1), pane_layout, &widths);
                    for pane in [panes.list, panes.detail] {
                        assert!(pane.width >= 20 && pane.height >= MIN_PANE_ROWS, "{width}x{height} {share} {panes:?}");
                    }
                    assert!(related == 0 || !panes.related.is_empty());
                }
            }
            let zen = PaneLayout { zen: true, ..PaneLayout::default() };
            let panes = divide(Rect::new(0, 0, width, height), Focus::Detail, (9, 1), zen, &widths);
            assert_eq!((panes.detail.width, panes.detail.height), (width, height - 1), "one pane alone");
        }
    }

    #[test]
    fn the_selection_is_always_visible() {
        for (offset, selected, height, count, shown) in [
            (0, 0, 10, 100, 0),
            (0, 10, 10, 100, 1),
            (50, 10, 10, 100, 10),
            (95, 99, 10, 100, 90),
            (3, 2, 10, 5, 0),
            (0, 5, 0, 9, 6),
        ] {
            assert_eq!(offset_for(offset, selected, height, count), shown);
        }
    }
}
