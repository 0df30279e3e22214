//! The orders of the list.

use super::behaviour::{Below, FollowUp, Layer, Outcome};
use crate::app::action::Action;
use crate::app::list_cursor::Cursor;
use crate::query::{Sort, SortKey};

/// The orders to choose from.
#[derive(Clone, Copy, Debug)]
pub struct SortList {
    /// The selected row.
    pub cursor: Cursor,
}

impl SortList {
    /// The orders, the present one selected.
    pub fn open(below: &Below) -> SortList {
        let present = below.query.sort().map(|sort| sort.key);
        let at = SortKey::ALL.iter().position(|key| Some(*key) == present).unwrap_or(0);
        SortList { cursor: Cursor::on(at) }
    }
}

impl Layer for SortList {
    fn selection(&mut self, _: &Below) -> Option<(&mut Cursor, usize)> {
        Some((&mut self.cursor, SortKey::ALL.len()))
    }

    fn act(&mut self, action: Action, below: &Below) -> Outcome {
        if action != Action::Open {
            return Outcome::Ignored;
        }
        let Some(key) = SortKey::ALL.get(self.cursor.at).copied() else { return Outcome::close() };
        // The present order again: the other way round.
        let sort = match below.query.sort() {
            Some(sort) if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        Outcome::Close(vec![FollowUp::SetQuery(below.query.sorted(sort))])
    }
}
