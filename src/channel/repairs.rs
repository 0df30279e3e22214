//! What was repaired in a document, up to a limit.

use super::{MAX_ITEMS, Repair};
use crate::feed::{SafeText, clean};
use crate::xml::Damages;

/// Repairs that are reported of one document at most: a list that is all wrong has thousands.
const MAX_REPAIRS: usize = 100;

/// What was repaired.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    kept: Vec<Repair>,
    more: usize,
}

impl Repairs {
    /// True if further repairs are only counted.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= MAX_REPAIRS
    }

    /// Adds a repair.
    pub fn push(&mut self, line: u32, what: SafeText) {
        match self.is_full() {
            false => self.kept.push(Repair { line, what }),
            true => self.more = self.more.saturating_add(1),
        }
    }

    /// Adds a repair that may concern every item, unless it is there.
    pub fn push_once(&mut self, line: u32, what: &'static str) {
        if self.kept.iter().all(|known| known.what.as_str() != what) {
            self.push(line, what.into());
        }
    }

    /// Reports that a channel has more items than are read. `line` is that of the last item that is read, or of the list of items.
    pub fn push_left_out(&mut self, line: u32, items: usize) {
        self.push(line, clean::plain_line(&format!("{items} older items beyond {MAX_ITEMS} are left out")));
    }

    /// The repairs of a document, with the damages of its text, in the order of the lines. The last one tells how many are left
    /// out.
    pub fn with(mut self, damages: impl IntoIterator<Item = Damages>) -> Vec<Repair> {
        for damages in damages {
            let repair = |line, what: String| Repair { line, what: clean::plain_line(&what) };
            self.kept.extend(damages.first.iter().map(|damage| repair(damage.line, damage.kind.to_string())));
            self.more = self.more.saturating_add(damages.more);
        }
        self.kept.sort_by_key(|repair| repair.line);
        self.more = self.more.saturating_add(self.kept.len().saturating_sub(MAX_REPAIRS));
        self.kept.truncate(MAX_REPAIRS);
        if self.more > 0 {
            let line = self.kept.last().map_or(1, |last| last.line);
            let repairs = if self.more == 1 { "repair" } else { "repairs" };
            self.kept.push(Repair { line, what: clean::plain_line(&format!("and {} more {repairs}", self.more)) });
        }
        self.kept
    }
}
