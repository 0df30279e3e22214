//! The room for pictures in the text, on a terminal that draws them.

use crate::picture::Size;

/// The largest share of the pane that a picture has of its height, in percent.
const MOST_PERCENT: u16 = 60;
/// The smallest pane in which pictures are drawn: columns and rows.
const LEAST: (u16, u16) = (40, 12);
/// The most columns of a picture.
const MOST_COLUMNS: u16 = 100;

/// The room that a picture in the text can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureRoom {
    columns: u16,
    rows: u16,
    /// Width and height of a cell of the screen in pixels.
    cell: (u16, u16),
}

impl PictureRoom {
    /// The room in a pane of this many columns and rows, for pictures of at most `most` rows. `cell` is the size of a cell of the
    /// screen in pixels. `None` if the pane is too small.
    pub fn in_pane((columns, rows): (u16, u16), most: u16, cell: (u16, u16)) -> Option<PictureRoom> {
        let share = u32::from(rows) * u32::from(MOST_PERCENT) / 100;
        let rows_of_picture = most.min(u16::try_from(share).unwrap_or(u16::MAX));
        let fits = columns >= LEAST.0 && rows >= LEAST.1 && rows_of_picture > 0 && cell.0 > 0 && cell.1 > 0;
        fits.then_some(PictureRoom { columns: columns.min(MOST_COLUMNS), rows: rows_of_picture, cell })
    }

    /// The same room with fewer columns or rows.
    #[must_use]
    pub fn at_most(self, columns: usize, rows: u16) -> PictureRoom {
        let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(self.columns);
        PictureRoom { columns, rows: rows.min(self.rows), ..self }
    }

    /// Columns and rows of a picture of this size, which is never enlarged. Both are 0 where it has no room.
    pub fn cells_of(self, size: Size) -> (u16, u16) {
        let (width, height) = (u32::from(self.cell.0), u32::from(self.cell.1));
        if self.columns == 0 || self.rows == 0 || size.pixels() == 0 {
            return (0, 0);
        }
        let most = Size::new(width.saturating_mul(self.columns.into()), height.saturating_mul(self.rows.into()));
        let shown = size.within(most);
        let cells = |pixels: u32, cell: u32, most: u16| u16::try_from(pixels.div_ceil(cell)).unwrap_or(most).min(most);
        (cells(shown.width, width, self.columns), cells(shown.height, height, self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_shape_and_is_never_enlarged() {
        let room = PictureRoom::in_pane((80, 50), 20, (10, 20)).expect("room");
        for (size, cells) in [
            ((1280, 720), (72, 20)),
            ((100, 40), (10, 2)),
            ((1, 1), (1, 1)),
            ((105, 41), (11, 3)),
            ((20_000, 20), (80, 1)),
            ((20, 20_000), (1, 20)),
            ((0, 40), (0, 0)),
        ] {
            assert_eq!(room.cells_of(Size::new(size.0, size.1)), cells, "{size:?}");
        }
        assert_eq!(room.at_most(40, 12).cells_of(Size::new(1280, 720)), (40, 12));
        assert_eq!(room.at_most(0, 12).cells_of(Size::new(1280, 720)), (0, 0));
    }

    #[test]
    fn a_small_pane_has_no_room_for_pictures() {
        for (pane, has_room) in [((40, 12), true), ((39, 50), false), ((80, 11), false), ((0, 0), false)] {
            assert_eq!(PictureRoom::in_pane(pane, 20, (10, 20)).is_some(), has_room, "{pane:?}");
        }
        assert_eq!(PictureRoom::in_pane((80, 50), 0, (10, 20)), None);
        let low = PictureRoom::in_pane((300, 20), 20, (10, 20)).expect("room");
        assert_eq!(low.cells_of(Size::new(9_000, 9_000)), (24, 12), "60 % of the rows");
    }
}
