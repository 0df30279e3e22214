//! Where each pane stands: from the size of the screen and the pane that has the focus.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{Focus, PaneLayout};
use crate::config;

/// Screens below this are told to grow.
pub const MIN_SCREEN: (u16, u16) = (20, 5);
/// ListBox below which one pane is shown, however wide.
const MIN_SPLIT_ROWS: u16 = 16;

/// What the list has of a wide and of a medium screen, in thousandths, unless the reader says otherwise.
const DEFAULT_SHARES: (u16, u16) = (460, 400);
/// ListBox that the list and the article keep, with their frames, on a medium screen.
const MIN_PANE_ROWS: u16 = 4;

/// Where things stand. A pane without room is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneAreas {
    /// The list, with its frame.
    pub list: Rect,
    /// The article, with its frame.
    pub detail: Rect,
    /// The related articles, with their frame; one line high when they are folded.
    pub related: Rect,
    /// The last line, or two while one types.
    pub footer: Rect,
}

/// What the list has of the screen when all panes are shown, in thousandths; none where there is room for one at a time.
/// `from` says from how many columns panes stand beside and above each other.
pub fn list_share(area: Rect, shape: PaneLayout, from: &config::LayoutSettings) -> Option<u16> {
    let given = if area.width >= from.wide { DEFAULT_SHARES.0 } else { DEFAULT_SHARES.1 };
    (area.width >= from.medium && area.height >= MIN_SPLIT_ROWS).then(|| shape.share.unwrap_or(given))
}

/// So much of a length.
fn portion(length: u16, share: u16) -> u16 {
    ((u32::from(length) * u32::from(share) + 500) / 1000) as u16
}

/// Divides the screen. `related` is the number of related articles, `footer` the rows of the footer.
pub fn divide(
    area: Rect,
    focus: Focus,
    (related, footer): (usize, u16),
    shape: PaneLayout,
    from: &config::LayoutSettings,
) -> PaneAreas {
    let [body, footer] = Layout::vertical([Constraint::Min(0), Constraint::Length(footer)]).areas(area);
    let panes = PaneAreas { footer, ..PaneAreas::default() };
    let Some(share) = list_share(area, shape, from).filter(|_| !shape.zen) else {
        return match focus {
            Focus::List => PaneAreas { list: body, ..panes },
            Focus::Detail => PaneAreas { detail: body, ..panes },
            Focus::Related => PaneAreas { related: body, ..panes },
        };
    };
    let is_wide = area.width >= from.wide;
    let rows = related_rows(related, body.height, focus, is_wide);
    if is_wide {
        let [list, right] =
            Layout::horizontal([Constraint::Length(portion(body.width, share)), Constraint::Min(0)]).areas(body);
        let [detail, related] = Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(right);
        return PaneAreas { list, detail, related, ..panes };
    }
    let most = body.height.saturating_sub(rows + MIN_PANE_ROWS).max(MIN_PANE_ROWS);
    let list = portion(body.height, share).clamp(MIN_PANE_ROWS, most);
    let [list, detail, related] =
        Layout::vertical([Constraint::Length(list), Constraint::Min(0), Constraint::Length(rows)]).areas(body);
    PaneAreas { list, detail, related, ..panes }
}

/// ListBox of the related pane: none without entries; on a medium screen folded to one line until it has the focus.
fn related_rows(related: usize, height: u16, focus: Focus, wide: bool) -> u16 {
    const FRAME: u16 = 2;
    let wanted = u16::try_from(related).unwrap_or(u16::MAX).saturating_add(FRAME);
    match (related, wide, focus) {
        (0, ..) => 0,
        (_, false, Focus::List | Focus::Detail) => 1,
        _ => wanted.min(height / 3).max(FRAME + 1),
    }
}

/// A box in the middle of the screen, as large as its content needs and the screen allows.
pub fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(area.width), rows.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The first row shown so that `selected` is among `height` rows, as near as possible to `offset`.
pub fn offset_for(offset: usize, selected: usize, height: usize, count: usize) -> usize {
    let lowest = (selected + 1).saturating_sub(height);
    let highest = selected.min(count.saturating_sub(height));
    offset.max(lowest).min(highest.max(lowest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_arrangements() {
        let (shape, from) = (PaneLayout::default(), config::LayoutSettings::default());
        let divide = |width, height, focus| divide(Rect::new(0, 0, width, height), focus, (4, 1), shape, &from);
        let wide = divide(160, 45, Focus::List);
        assert!(
            wide.list.right() == wide.detail.x && wide.detail.bottom() == wide.related.y && wide.related.height == 6
        );
        let medium = divide(100, 30, Focus::List);
        assert!(medium.list.bottom() == medium.detail.y && medium.related.height == 1);
        assert!(divide(100, 30, Focus::Related).related.height > 1);
        let narrow = divide(60, 20, Focus::Detail);
        assert!(narrow.list.is_empty() && narrow.related.is_empty() && narrow.detail.height == 19);
        let from = config::LayoutSettings { wide: 200, medium: 50, ..from };
        let divide = |width| super::divide(Rect::new(0, 0, width, 30), Focus::List, (4, 1), shape, &from);
        assert_eq!(divide(199).list.bottom(), divide(199).detail.y, "above each other");
        assert_eq!(divide(50).list.bottom(), divide(50).detail.y);
        assert!(divide(49).detail.is_empty() && divide(200).list.right() == divide(200).detail.x);
    }

    #[test]
    fn no_share_takes_all_from_another_pane() {
        let from = config::LayoutSettings::default();
        for (width, height) in (80..=200).step_by(7).flat_map(|width| (16..=60).map(move |height| (width, height))) {
            for share in [200, 460, 800] {
                for (focus, related) in [(Focus::List, 0), (Focus::Detail, 3), (Focus::Related, 40)] {
                    let shape = PaneLayout { zen: false, share: Some(share) };
                    let panes = divide(Rect::new(0, 0, width, height), focus, (related, 1), shape, &from);
                    for pane in [panes.list, panes.detail] {
                        assert!(pane.width >= 20 && pane.height >= MIN_PANE_ROWS, "{width}x{height} {share} {panes:?}");
                    }
                    assert!(related == 0 || !panes.related.is_empty());
                }
            }
            let zen = PaneLayout { zen: true, share: None };
            let panes = divide(Rect::new(0, 0, width, height), Focus::Detail, (9, 1), zen, &from);
            assert_eq!((panes.detail.width, panes.detail.height), (width, height - 1), "one pane alone");
        }
    }

    #[test]
    fn the_selection_is_always_shown() {
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
