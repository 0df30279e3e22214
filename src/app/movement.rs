//! Movements in a list or a text: how far an action with a count goes.

use super::action::Action;
use super::count::Count;

/// A movement in rows of a list or lines of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// By a number of rows: positive down, negative up.
    By(isize),
    /// To a row, from 0.
    To(usize),
    /// To a percentage of the way from the first row to the last.
    Percent(usize),
}

impl Movement {
    /// The movement of an action, where a page has `page` rows. `None` for other actions.
    pub fn of(action: Action, count: Count, page: isize) -> Option<Movement> {
        let times = |rows: isize| Some(Movement::By(rows.saturating_mul(count.steps())));
        let row = count.typed().map(|number| Movement::To(number - 1));
        match action {
            Action::Down => times(1),
            Action::Up => times(-1),
            Action::Top => row.or(Some(Movement::By(isize::MIN))),
            Action::Bottom => row.or(Some(Movement::By(isize::MAX))),
            Action::HalfPageDown => times(page / 2),
            Action::HalfPageUp => times(-page / 2),
            Action::PageDown => times(page - 1),
            Action::PageUp => times(1 - page),
            Action::Percent => count.typed().map(Movement::Percent),
            _ => None,
        }
    }

    /// By how many rows it goes from row `at`, where `last` is the last row.
    pub fn rows_from(self, at: usize, last: usize) -> isize {
        let to = match self {
            Movement::By(rows) => return rows,
            Movement::To(row) => row.min(last),
            // Rounded up: then the border of the article shows this percentage.
            Movement::Percent(percent) => last.saturating_mul(percent.min(100)).div_ceil(100),
        };
        isize::try_from(to).unwrap_or(isize::MAX).saturating_sub_unsigned(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_multiplies_a_movement_or_names_a_row() {
        for (action, count, rows) in [
            (Action::Down, 0, 1),
            (Action::Down, 5, 5),
            (Action::Up, 12, -12),
            (Action::HalfPageDown, 3, 30),
            (Action::HalfPageUp, 2, -20),
            (Action::PageDown, 2, 38),
            (Action::PageUp, 0, -19),
            (Action::Top, 0, isize::MIN),
            (Action::Bottom, 0, isize::MAX),
            (Action::Top, 12, 1),
            (Action::Bottom, 12, 1),
            (Action::Bottom, 3, -8),
            (Action::Bottom, u32::MAX, 189),
            (Action::Percent, 50, 90),
            (Action::Percent, 1, -8),
            (Action::Percent, 100, 189),
            (Action::Percent, 900, 189),
        ] {
            let movement = Movement::of(action, Count::of(count), 20).map(|movement| movement.rows_from(10, 199));
            assert_eq!(movement, Some(rows), "{count} {action:?}");
        }
        let far = Movement::of(Action::Down, Count::of(u32::MAX), 20).map(|movement| movement.rows_from(10, 199));
        assert_eq!(far, Some(9_999_999));
        assert_eq!(Movement::of(Action::Percent, Count::default(), 20), None);
        assert_eq!(Movement::of(Action::Star, Count::of(3), 20), None);
        assert_eq!(Movement::Percent(50).rows_from(0, 0), 0, "an empty list");
    }
}
