//! The articles that an action applies to: the range, the selected related article or the article shown, with their stories.

use std::fmt;

use super::focus::Focus;
use super::list_pane::ListPane;
use super::panes::Panes;
use super::story_folds::StoryFolds;
use super::unread_set::UnreadSet;
use crate::feed::{ArticleId, Feed, Mark, Marks, Target};

/// Error: an action has no article to apply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTarget {
    /// No article is selected: the list is empty.
    NotSelected,
    /// The selected related entry is not in the library.
    NotInLibrary,
}

impl NoTarget {
    /// The notice for the footer.
    pub fn words(self) -> &'static str {
        match self {
            NoTarget::NotSelected => "No article selected",
            NoTarget::NotInLibrary => "This article is not in the library",
        }
    }
}

impl fmt::Display for NoTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl std::error::Error for NoTarget {}

/// The state that decides which articles an action applies to.
#[derive(Clone, Copy)]
pub struct ActionTargets<'a> {
    /// The panes, with their selections.
    pub panes: &'a Panes,
    /// All articles.
    pub feed: &'a Feed,
    /// Which stories are folded.
    pub stories: &'a StoryFolds,
    /// Which articles are unread, and which the query finds.
    pub unread: &'a UnreadSet,
    /// The marks that searches use.
    pub view: &'a Marks,
}

impl<'a> ActionTargets<'a> {
    fn list(self) -> &'a ListPane {
        self.panes.list()
    }

    fn ids(self, indices: impl Iterator<Item = usize>) -> Vec<ArticleId> {
        indices.filter_map(|index| self.feed.id(index)).collect()
    }

    /// The articles of the range, else the selected related article, else the article shown.
    pub fn selected(self) -> Result<Vec<ArticleId>, NoTarget> {
        if !self.list().range_rows().is_empty() {
            return Ok(self.ids(self.list().range()));
        }
        if self.panes.focus() == Focus::Related {
            return match self.panes.related_target(self.feed) {
                Some(Target::InLibrary(index, _)) => Ok(self.ids([index].into_iter())),
                _ => Err(NoTarget::NotInLibrary),
            };
        }
        self.panes.detail().article().map(|id| vec![id]).ok_or(NoTarget::NotSelected)
    }

    /// The articles that a mark is set on. A star, a note and a tag apply to the selected articles; other marks apply to a whole
    /// story if the row is a folded story.
    pub fn of(self, mark: &Mark) -> Result<Vec<ArticleId>, NoTarget> {
        if matches!(mark, Mark::Starred(_) | Mark::Note(_) | Mark::Tagged(..)) {
            return self.selected();
        }
        if self.list().range_rows().is_empty() {
            // A related article is marked alone: its entry represents no folded story.
            let selected = self.selected()?;
            return Ok(if self.panes.focus() == Focus::Related { selected } else { self.with_story(selected, mark) });
        }
        // An article may be in the range twice: as a row, and as a member of a folded story.
        let mut indices: Vec<usize> = self.list().range().flat_map(|row| self.marked_with(row, mark)).collect();
        indices.sort_unstable();
        indices.dedup();
        Ok(self.ids(indices.into_iter()))
    }

    /// Adds the story to the article shown, if its row in the list is a folded story.
    pub fn with_story(self, shown: Vec<ArticleId>, mark: &Mark) -> Vec<ArticleId> {
        // The article shown may be a related one, while the list is on another row.
        let row = self.list().article_index().filter(|index| self.feed.id(*index).as_slice() == shown);
        row.map_or(shown, |row| self.ids(self.marked_with(row, mark)))
    }

    /// The articles that are marked with a row. Hidden members that the query does not find are left out, unless the mark
    /// hides or unhides.
    fn marked_with(self, row: usize, mark: &Mark) -> impl Iterator<Item = usize> + use<'a> {
        let hides = matches!(mark, Mark::Hidden(_));
        let is_hidden = move |index: usize| self.feed.id(index).is_some_and(|id| self.view.is_hidden(id));
        let is_seen = move |index: usize| self.unread.is_found(index) || !is_hidden(index);
        self.of_row(row).filter(move |index| hides || *index == row || is_seen(*index))
    }

    /// The articles that a mark is set on if the user clicks its sign in the row of an article.
    pub fn of_sign(self, index: usize, mark: &Mark) -> Vec<ArticleId> {
        match mark {
            Mark::Read(_) => self.ids(self.marked_with(index, mark)),
            _ => self.ids([index].into_iter()),
        }
    }

    /// The articles of a row: its own, and the members of the story if it is folded.
    pub fn of_row(self, index: usize) -> impl Iterator<Item = usize> + use<'a> {
        let is_folded = self.feed.id(index).is_some_and(|id| !self.stories.is_unfolded(id));
        let members = is_folded.then(|| self.feed.members_led_by(index));
        std::iter::once(index).chain(members.into_iter().flatten())
    }

    /// Whether a row has unread articles: its own, or members of its folded story that the query finds.
    pub fn is_unread(self, index: usize) -> bool {
        let mut members = self.of_row(index).skip(1).peekable();
        match members.peek() {
            None => self.unread.has(index),
            Some(_) => members.chain([index]).any(|one| self.unread.has(one) && self.unread.is_found(one)),
        }
    }

    /// The row with unread articles that is `by` of them further down, or further up if it is negative. Wraps around. `None` if no
    /// other row has any.
    pub fn next_unread(self, by: isize) -> Option<usize> {
        let (rows, selected) = (self.list().rows(), self.list().selected());
        let unread = |row: usize| rows.get(row).is_some_and(|index| self.is_unread(index));
        let away = |steps: usize| if by > 0 { selected + steps } else { selected + rows.len() - steps };
        // Without the selected row: the key must move on even if that is unread.
        let others = || (1..rows.len()).map(|steps| away(steps) % rows.len()).filter(|row| unread(*row));
        let steps = by.unsigned_abs().saturating_sub(1);
        let found = others().nth(steps);
        if found.is_some() {
            return found;
        }
        // Further than all of them: the same as going around until it is reached.
        let count = others().count();
        let around = steps.checked_rem(count + usize::from(unread(selected))).filter(|_| count > 0)?;
        others().nth(around).or(Some(selected))
    }

    /// The unread articles that the query finds: of the rows above the selected one if `above`, else of all rows.
    pub fn all_unread(self, above: bool) -> Vec<ArticleId> {
        let list = self.list();
        let indices: Vec<usize> = match above {
            false => list.found().iter().collect(),
            true => {
                let in_rows = list.rows().between(0..list.selected()).flat_map(|index| self.of_row(index));
                in_rows.filter(|index| self.unread.is_found(*index)).collect()
            }
        };
        self.ids(indices.into_iter().filter(|index| self.unread.has(*index)))
    }
}
