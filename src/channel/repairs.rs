//! What was repaired in a document, up to a limit.

use super::Repair;
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
    /// Repairs that are known already.
    pub fn of(kept: Vec<Repair>) -> Repairs {
        Repairs { kept, more: 0 }
    }

    /// Adds a repair.
    pub fn push(&mut self, line: u32, what: SafeText) {
        match self.kept.len() < MAX_REPAIRS {
            true => self.kept.push(Repair { line, what }),
            false => self.more = self.more.saturating_add(1),
        }
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
            self.kept.push(Repair { line, what: clean::plain_line(&format!("and {} more repairs", self.more)) });
        }
        self.kept
    }
}
