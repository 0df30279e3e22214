//! The rules of a session, what they said the last time, and what is not known of that any more.

use crate::feed::{ArticleId, Marks, Shown, clean};
use crate::query::{Doubt, Rules, Verdict};

/// The rules, what they said the last time, and what they are asked.
#[derive(Debug, Default)]
pub struct Ruling {
    /// The rules.
    pub rules: Rules,
    /// What they say of the marks as they are now.
    pub verdict: Option<Verdict>,
    /// What has changed since they were asked for that.
    pub doubt: Doubt,
    /// The number of the request under way, and whether its answer changes the list.
    pub awaited: Option<(u64, bool)>,
    /// How often the list was changed by an answer.
    pub spoken: u64,
}

impl Ruling {
    /// These rules, not asked yet.
    pub fn new(rules: Rules) -> Ruling {
        Ruling { rules, ..Ruling::default() }
    }

    /// True while an answer is on its way that changes the list.
    pub fn is_awaited(&self) -> bool {
        self.awaited.is_some_and(|(_, changes_list)| changes_list)
    }

    /// The list is looked at anew: what is on its way must not come too late for it.
    pub fn look_again(&mut self) {
        if let Some((_, changes_list)) = &mut self.awaited {
            *changes_list = true;
        }
    }

    /// What the rules say of an article, in words.
    pub fn words(&self, id: ArticleId, marks: &Marks) -> Vec<Shown> {
        let words = self.verdict.iter().flat_map(|verdict| verdict.words(id, marks));
        words.map(|words| clean::decoded(&words)).collect()
    }
}
