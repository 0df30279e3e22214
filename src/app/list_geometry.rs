//! Which rows of the list are on the screen: rows have one or two lines, and a line may precede the first row of a section. Only the
//! rows near the screen are looked at.

/// Fewest rows above and below the selected one on the screen, except at the ends of the list.
const CONTEXT: usize = 3;

/// The sizes of rows and sections of a list on the screen.
#[derive(Clone, Copy)]
pub struct ListGeometry<'a> {
    /// Number of rows.
    pub count: usize,
    /// Lines of the pane.
    pub height: usize,
    /// Lines of a row; at least 1.
    pub row_lines: usize,
    /// Whether a row is the first one of its section. Then a line with the name of the section precedes it. `None` without sections.
    pub starts_section: Option<&'a dyn Fn(usize) -> bool>,
    /// The first row on the screen has a line in any case, so that its section is known.
    pub has_top_line: bool,
}

impl ListGeometry<'_> {
    fn starts(&self, row: usize) -> bool {
        self.starts_section.is_some_and(|starts| starts(row))
    }

    /// Whether a line precedes a row that is on the screen; `offset` is the first such row.
    pub fn has_line_before(&self, row: usize, offset: usize) -> bool {
        self.has_top_line && row == offset || self.starts(row)
    }

    /// Number of rows that are whole on the screen from `offset` on.
    fn rows_from(&self, offset: usize) -> usize {
        let mut left = self.height;
        let fits = |row: &usize| {
            let rest = left.checked_sub(self.row_lines + usize::from(self.has_line_before(*row, offset)));
            left = rest.unwrap_or(0);
            rest.is_some()
        };
        (offset..self.count).take_while(fits).count()
    }

    /// The first row of the screen on which a row is the last one that is whole.
    fn offset_with_last(&self, row: usize) -> usize {
        let mut offset = row;
        // Lines of the rows from `offset` on, without the line that only the first row on the screen has.
        let mut lines = self.row_lines + usize::from(self.starts(row));
        while let Some(above) = offset.checked_sub(1) {
            let starts = self.starts(above);
            let more = lines + self.row_lines + usize::from(starts);
            if more + usize::from(self.has_top_line && !starts) > self.height {
                break;
            }
            (lines, offset) = (more, above);
        }
        offset
    }

    /// The largest offset that leaves no place free below the last row.
    fn last_offset(&self) -> usize {
        self.count.checked_sub(1).map_or(0, |last| self.offset_with_last(last))
    }

    /// Rows to show around the selected one: never more than half of the others on the screen, however many lines sections take.
    fn context(&self) -> usize {
        let sections = usize::from(self.starts_section.is_some());
        let rows = self.height.saturating_sub(sections) / (self.row_lines + sections).max(1);
        CONTEXT.min(rows.saturating_sub(1) / 2)
    }

    /// The first row to show: as near to `offset` as possible, such that the selected row and some around it are on the screen. A row
    /// more than a page away is shown a third of a page below the top, so that what surrounds it can be read.
    pub fn offset_for(&self, offset: usize, selected: usize) -> usize {
        let Some(last) = self.count.checked_sub(1) else { return 0 };
        let (selected, page) = (selected.min(last), self.height / self.row_lines.max(1));
        let is_far = selected.saturating_add(page) < offset || selected >= offset.saturating_add(2 * page);
        let offset = if is_far { selected.saturating_sub(page / 3) } else { offset };
        let lowest = self.offset_with_last(selected.saturating_add(self.context()).min(last));
        let highest = selected.saturating_sub(self.context());
        // In a pane without lines `lowest` is greater than `highest`.
        offset.max(lowest).min(highest.max(lowest)).min(self.last_offset())
    }

    /// Scrolls by rows. Returns the first row shown and the selected row, which moves if it would leave the screen or come too near
    /// to its edge.
    pub fn scrolled(&self, (offset, selected): (usize, usize), by: isize) -> (usize, usize) {
        let last = self.last_offset();
        // The selection may have moved since the last frame, which would have scrolled to it.
        let offset = self.offset_for(offset, selected).saturating_add_signed(by).min(last);
        // At the ends of the list there is nothing to show above or below.
        let first = if offset == 0 { 0 } else { offset + self.context() };
        let end =
            if offset == last { self.count } else { offset + self.rows_from(offset).saturating_sub(self.context()) };
        // At least one row, also in an empty list: `clamp` panics if its bounds are reversed.
        (offset, selected.clamp(first, end.max(first + 1) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(height: usize, count: usize) -> ListGeometry<'static> {
        ListGeometry { count, height, row_lines: 1, starts_section: None, has_top_line: false }
    }

    #[test]
    fn rows_around_the_selection_are_visible() {
        for (offset, selected, height, count, shown) in [
            (0, 0, 10, 100, 0),
            (0, 6, 10, 100, 0),
            (0, 7, 10, 100, 1),
            (0, 10, 10, 100, 4),
            (50, 52, 10, 100, 49),
            (50, 45, 10, 100, 42),
            // Far away: a third below the top.
            (0, 50, 10, 100, 47),
            (90, 50, 10, 100, 47),
            (0, 99, 10, 100, 90),
            (95, 99, 10, 100, 90),
            (40, 1, 10, 100, 0),
            (3, 2, 10, 5, 0),
            (0, 3, 1, 9, 3),
            (0, 3, 2, 9, 2),
            (0, 3, 4, 9, 1),
            (0, 5, 0, 9, 5),
            (usize::MAX, 0, 0, 0, 0),
        ] {
            assert_eq!(plain(height, count).offset_for(offset, selected), shown, "{offset} {selected} {height}");
        }
    }

    #[test]
    fn the_selection_moves_only_if_it_would_come_near_the_edge() {
        for (from, by, height, count, to) in [
            ((0, 5), 1, 10, 100, (1, 5)),
            ((0, 5), 3, 10, 100, (3, 6)),
            ((6, 10), -3, 10, 100, (3, 9)),
            ((88, 95), 30, 10, 100, (90, 95)),
            ((0, 2), 3, 10, 5, (0, 2)),
            ((0, 0), 3, 10, 0, (0, 0)),
            ((0, 7), 3, 1, 9, (8, 8)),
            ((5, 8), isize::MIN, 10, 100, (0, 6)),
            ((5, 8), isize::MAX, 10, 100, (90, 93)),
        ] {
            assert_eq!(plain(height, count).scrolled(from, by), to, "{from:?} {by} {height} {count}");
        }
    }

    /// All sizes of panes and sections: the selected row is whole on the screen, and a frame does not undo what scrolling did.
    #[test]
    fn the_selection_is_always_on_the_screen() {
        let lengths: [&[usize]; 4] = [&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], &[2, 7, 1, 1, 4], &[20], &[3, 3, 3, 3]];
        for sections in lengths {
            let starts: Vec<usize> =
                sections.iter().scan(0, |at, length| Some(std::mem::replace(at, *at + length))).collect();
            let starts_section = |row: usize| starts.contains(&row);
            let count = sections.iter().sum();
            for (height, row_lines) in (1..30).flat_map(|height| [(height, 1), (height, 2)]) {
                let starts_section: Option<&dyn Fn(usize) -> bool> = Some(&starts_section);
                for (starts_section, has_top_line) in [(starts_section, true), (starts_section, false), (None, false)] {
                    let geometry = ListGeometry { count, height, row_lines, starts_section, has_top_line };
                    if height < row_lines + usize::from(geometry.starts_section.is_some()) {
                        continue;
                    }
                    for (before, selected) in (0..count).flat_map(|before| (0..count).map(move |row| (before, row))) {
                        let offset = geometry.offset_for(before, selected);
                        let rows = geometry.rows_from(offset);
                        assert!(
                            (offset..offset + rows).contains(&selected),
                            "{sections:?} {height} {before} {selected}"
                        );
                        assert_eq!(geometry.offset_for(offset, selected), offset, "a frame is stable");
                        for by in [-50, -3, -1, 1, 3, 50] {
                            let (offset, selected) = geometry.scrolled((offset, selected), by);
                            assert_eq!(geometry.offset_for(offset, selected), offset, "{sections:?} {height} {by}");
                        }
                    }
                }
            }
        }
    }
}
