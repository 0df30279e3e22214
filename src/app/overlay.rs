//! What lies on top of the panes: help, problems, topics, links, orders.

use super::prompt::Prompt;
use crate::feed::{NamedLink, Topic};
use crate::query::{SortKey, fold};

/// Letters that stand for links beyond the ninth; those with a meaning of their own are left out.
const HINTS: &str = "123456789acdefimnprstvwxz";

/// One layer on top of the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys, scrolled to a line.
    Help(Cursor),
    /// What is wrong with files.
    Problems(Cursor),
    /// Topics to pick from.
    Topics(TopicPicker),
    /// Links of the article.
    Links(LinkList),
    /// Orders to pick from.
    Sort(Cursor),
}

impl Overlay {
    /// Moves the selection, or scrolls. `problems` and `help_lines` are how many there are of each.
    pub fn step(&mut self, by: isize, problems: usize, help_lines: usize) {
        match self {
            Overlay::Help(cursor) => cursor.step(by, help_lines),
            Overlay::Problems(cursor) => cursor.step(by, problems),
            Overlay::Sort(cursor) => cursor.step(by, SortKey::ALL.len()),
            Overlay::Links(list) => list.cursor.step(by, list.links.len()),
            Overlay::Topics(picker) => {
                let count = picker.rows().len();
                picker.cursor.step(by, count);
            }
        }
    }

    /// Picks or drops the selected row where several can be picked, and goes on to the next.
    pub fn toggle(&mut self) {
        if let Overlay::Topics(picker) = self {
            picker.toggle();
            let count = picker.rows().len();
            picker.cursor.step(1, count);
        }
    }

    /// Takes a character. True when it was the hint of a row, which is selected now and wants to be opened.
    pub fn typed(&mut self, c: char) -> bool {
        match self {
            Overlay::Topics(picker) => {
                picker.prompt.insert(c);
                picker.cursor = Cursor::default();
                false
            }
            Overlay::Links(list) => {
                let row = list.row_of(c);
                list.cursor.at = row.unwrap_or(list.cursor.at);
                row.is_some()
            }
            Overlay::Help(_) | Overlay::Problems(_) | Overlay::Sort(_) => false,
        }
    }

    /// Changes what is typed.
    pub fn edit(&mut self, edit: fn(&mut Prompt)) {
        if let Overlay::Topics(picker) = self {
            edit(&mut picker.prompt);
            picker.cursor = Cursor::default();
        }
    }
}

/// A selected row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The row, from 0.
    pub at: usize,
}

impl Cursor {
    /// Moves among `count` rows; stops at the ends.
    pub fn step(&mut self, rows: isize, count: usize) {
        self.at = self.at.saturating_add_signed(rows).min(count.saturating_sub(1));
    }
}

/// Topics with their counts, narrowed by what is typed, several at once.
#[derive(Clone, Debug)]
pub struct TopicPicker {
    /// What is typed.
    pub prompt: Prompt,
    /// The selected row.
    pub cursor: Cursor,
    topics: Vec<(Topic, usize)>,
    picked: Vec<Topic>,
}

impl TopicPicker {
    /// Topics to pick from, and those that are picked already, folded.
    pub fn new(topics: Vec<(Topic, usize)>, picked: &[String]) -> TopicPicker {
        let picked = topics.iter().map(|(topic, _)| topic).filter(|topic| picked.contains(&fold(topic.key())));
        let picked = picked.cloned().collect();
        TopicPicker { prompt: Prompt::default(), cursor: Cursor::default(), topics, picked }
    }

    /// The topics that hold what is typed.
    pub fn rows(&self) -> Vec<&(Topic, usize)> {
        let typed = fold(self.prompt.text());
        let words: Vec<&str> = typed.split_whitespace().collect();
        self.topics.iter().filter(|(topic, _)| words.iter().all(|word| fold(topic.key()).contains(word))).collect()
    }

    /// Whether a topic is picked.
    pub fn is_picked(&self, topic: &Topic) -> bool {
        self.picked.contains(topic)
    }

    /// Picks or drops the selected topic.
    pub fn toggle(&mut self) {
        let Some(topic) = self.rows().get(self.cursor.at).map(|(topic, _)| topic.clone()) else { return };
        match self.picked.iter().position(|picked| *picked == topic) {
            Some(at) => drop(self.picked.remove(at)),
            None => self.picked.push(topic),
        }
    }

    /// What Enter applies: the picked topics; when none was picked, the selected one.
    pub fn chosen(&self, had_picked: bool) -> Vec<Topic> {
        let selected = self.rows().get(self.cursor.at).map(|(topic, _)| topic.clone());
        match self.picked.is_empty() && !had_picked {
            true => selected.into_iter().collect(),
            false => self.picked.clone(),
        }
    }
}

/// The links of an article.
#[derive(Clone, Debug)]
pub struct LinkList {
    /// The selected row.
    pub cursor: Cursor,
    /// The links.
    pub links: Vec<NamedLink>,
}

impl LinkList {
    /// The key that opens the link of a row at once.
    pub fn hint(row: usize) -> Option<char> {
        HINTS.chars().nth(row)
    }

    /// The row that a key opens.
    pub fn row_of(&self, hint: char) -> Option<usize> {
        HINTS.chars().position(|known| known == hint).filter(|row| *row < self.links.len())
    }
}
