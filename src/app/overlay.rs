//! What lies on top of the panes: help, problems, topics, saved searches, links, orders, the line that is typed.

use super::asking::Asking;
use super::cursor::Cursor;
use super::frame_info::OverlayInfo;
use super::insights::InsightsView;
use super::palette::Palette;
use super::prompt::{Edit, Prompt};
use super::request::Answer;
use super::scroll::scrolled;
use crate::feed::{ArticleId, Mark, NamedLink, Shown, clean};
use crate::query::{Field, Query, Saved, SortKey, fold};

/// Letters that stand for links beyond the ninth; those with a meaning of their own are left out.
const HINTS: &str = "123456789acdefimnprstvwxz";

/// One layer on top of the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// What there is to do: the palette, or help.
    Palette(Box<Palette>),
    /// What is wrong with files.
    Problems(Cursor),
    /// Topics or providers to pick from.
    Pick(Picker),
    /// Saved searches.
    Saved(SavedList),
    /// The line at the bottom.
    Ask(Box<Asking>),
    /// Links of the article.
    Links(LinkList),
    /// Orders to pick from.
    Sort(Cursor),
    /// Themes to pick from.
    Themes(ThemeList),
    /// A question before much is marked.
    Confirm(Confirm),
    /// Articles, topics and providers as charts.
    Insights(InsightsView),
}

impl Overlay {
    /// Moves the selection. `problems` is how many there are.
    pub fn step(&mut self, by: isize, problems: usize) {
        match self {
            Overlay::Palette(palette) => {
                let count = palette.choices().len();
                palette.cursor.step(by, count);
            }
            Overlay::Problems(cursor) => cursor.step(by, problems),
            Overlay::Sort(cursor) => cursor.step(by, SortKey::ALL.len()),
            Overlay::Links(list) => list.cursor.step(by, list.links.len()),
            Overlay::Saved(list) => list.cursor.step(by, list.rows.len()),
            Overlay::Themes(list) => list.cursor.step(by, list.count),
            Overlay::Pick(picker) => {
                let count = picker.rows().len();
                picker.cursor.step(by, count);
            }
            Overlay::Insights(view) => view.step(by),
            Overlay::Ask(_) | Overlay::Confirm(_) => {}
        }
    }

    /// The selected row. None where there are no rows, or where not every row can be selected.
    fn cursor_mut(&mut self) -> Option<&mut Cursor> {
        match self {
            Overlay::Problems(cursor) | Overlay::Sort(cursor) => Some(cursor),
            Overlay::Pick(picker) => Some(&mut picker.cursor),
            Overlay::Saved(list) => Some(&mut list.cursor),
            Overlay::Links(list) => Some(&mut list.cursor),
            Overlay::Themes(list) => Some(&mut list.cursor),
            Overlay::Insights(view) => Some(&mut view.cursor),
            Overlay::Palette(_) | Overlay::Ask(_) | Overlay::Confirm(_) => None,
        }
    }

    /// Selects a row, which stays where it stood on the screen.
    pub fn point_at(&mut self, row: usize, frame: &OverlayInfo) {
        if let Overlay::Palette(palette) = self {
            return palette.point_at(row, frame);
        }
        if let Some(cursor) = self.cursor_mut().filter(|_| row < frame.lines && frame.row_lines > 0) {
            *cursor = Cursor { at: row, top: Some(frame.offset) };
        }
    }

    /// Scrolls by rows or lines; the selection moves only where it would not be seen.
    pub fn scroll(&mut self, by: isize, frame: &OverlayInfo) {
        if let Overlay::Palette(palette) = self {
            return palette.scroll(by, frame);
        }
        let (height, count) = (frame.height, frame.lines);
        match self.cursor_mut() {
            Some(cursor) if frame.row_lines > 0 => {
                let top = cursor.top.unwrap_or(frame.offset);
                let (top, at) = scrolled((top, cursor.at), by, height.max(1), count);
                *cursor = Cursor { at, top: Some(top) };
            }
            Some(cursor) => cursor.step(by, count.saturating_sub(height) + 1),
            None => {}
        }
    }

    /// What is pointed at twice is wanted, whatever else is picked.
    pub fn pick_selected(&mut self) {
        if let Overlay::Pick(picker) = self
            && !picker.is_selected_chosen()
        {
            picker.toggle();
        }
    }

    /// Picks or drops the selected row where several can be picked, and goes on to the next.
    pub fn toggle(&mut self) {
        if let Overlay::Pick(picker) = self {
            picker.toggle();
            let count = picker.rows().len();
            picker.cursor.step(1, count);
        }
    }

    /// Takes a character. True when it was the hint of a row, which is selected now and wants to be opened.
    pub fn typed(&mut self, c: char) -> bool {
        match self {
            Overlay::Pick(picker) => {
                picker.prompt.insert(c.encode_utf8(&mut [0; 4]));
                picker.cursor = Cursor::default();
                false
            }
            Overlay::Links(list) => {
                let row = list.row_of(c);
                list.cursor.at = row.unwrap_or(list.cursor.at);
                row.is_some()
            }
            _ => false,
        }
    }

    /// Changes what is typed.
    pub fn edit(&mut self, edit: Edit) {
        if let Overlay::Pick(picker) = self {
            picker.prompt.edit(edit);
            picker.cursor = Cursor::default();
        }
    }

    /// Whether a request is its own.
    pub fn awaits(&self, ticket: u64) -> bool {
        match self {
            Overlay::Pick(picker) => picker.ticket == ticket,
            Overlay::Saved(list) => list.ticket == ticket,
            Overlay::Insights(view) => view.ticket == ticket,
            _ => false,
        }
    }

    /// Takes in the answer to its request.
    pub fn answered(&mut self, answer: Answer) {
        match (self, answer) {
            (Overlay::Pick(picker), Answer::Labels(labels)) => picker.set_labels(labels),
            (Overlay::Saved(list), Answer::Counts(counts)) => list.set_counts(&counts),
            (Overlay::Insights(view), Answer::Insights(numbers)) => view.take(*numbers),
            _ => {}
        }
    }
}

/// Themes to pick from; the selected one is shown as long as the list is open.
#[derive(Clone, Copy, Debug)]
pub struct ThemeList {
    /// The selected row.
    pub cursor: Cursor,
    /// How many there are.
    pub count: usize,
}

/// A question before much is marked, with the articles as they were when it was asked.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub words: Shown,
    /// What will be set.
    pub mark: Mark,
    /// On which articles.
    pub articles: Vec<ArticleId>,
}

/// A topic or a provider to pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its name.
    pub name: Shown,
    /// The name as it is compared.
    key: String,
    /// Articles in view that have it: unread and all.
    pub counts: (usize, usize),
}

/// Topics or providers with their counts, narrowed by what is typed, several at once.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is picked: topics or providers.
    pub field: Field,
    /// What is typed.
    pub prompt: Prompt,
    /// The selected row.
    pub cursor: Cursor,
    /// The request that will be answered with the labels.
    pub ticket: u64,
    labels: Option<Vec<Label>>,
    /// Folded names.
    picked: Vec<String>,
    /// Something was picked or dropped since it was opened.
    is_touched: bool,
}

impl Picker {
    /// A picker whose labels are being counted. `picked`: what the query picks already, folded.
    pub fn new(field: Field, ticket: u64, picked: Vec<String>) -> Picker {
        let (prompt, cursor) = (Prompt::default(), Cursor::default());
        Picker { field, prompt, cursor, ticket, labels: None, picked, is_touched: false }
    }

    /// Takes in what was counted.
    pub fn set_labels(&mut self, labels: Vec<(Shown, (usize, usize))>) {
        let label = |(name, counts): (Shown, (usize, usize))| Label { key: fold(name.as_str()), name, counts };
        self.labels = Some(labels.into_iter().map(label).collect());
    }

    /// True while the labels are being counted.
    pub fn is_counting(&self) -> bool {
        self.labels.is_none()
    }

    /// The labels that hold what is typed.
    pub fn rows(&self) -> Vec<&Label> {
        let typed = fold(self.prompt.text());
        let words: Vec<&str> = typed.split_whitespace().collect();
        let labels = self.labels.iter().flatten();
        labels.filter(|label| words.iter().all(|word| label.key.contains(word))).collect()
    }

    /// Whether a label is picked.
    pub fn is_picked(&self, label: &Label) -> bool {
        self.picked.contains(&label.key)
    }

    /// What is picked, folded.
    pub fn picked(&self) -> &[String] {
        &self.picked
    }

    /// The names of what is picked: it may not be among the rows.
    pub fn picked_names(&self) -> Vec<Shown> {
        let label = |key: &&String| self.labels.iter().flatten().find(|label| label.key == **key);
        let name = |key: &String| label(&key).map_or_else(|| clean::decoded(key), |label| label.name.clone());
        self.picked.iter().map(name).collect()
    }

    /// Picks or drops the selected label.
    pub fn toggle(&mut self) {
        let Some(key) = self.rows().get(self.cursor.at).map(|label| label.key.clone()) else { return };
        self.is_touched = true;
        match self.picked.iter().position(|picked| *picked == key) {
            Some(at) => drop(self.picked.remove(at)),
            None => self.picked.push(key),
        }
    }

    fn is_selected_chosen(&self) -> bool {
        let (rows, chosen) = (self.rows(), self.chosen().unwrap_or_default());
        rows.get(self.cursor.at).is_none_or(|label| chosen.contains(&label.key))
    }

    /// What Enter applies: what is picked, when that was done just now, or when nothing is typed; else the selected label. None
    /// where no label is to be seen: then nothing is meant.
    pub fn chosen(&self) -> Option<Vec<String>> {
        let selected = self.rows().get(self.cursor.at).map(|label| label.key.clone())?;
        let keeps = self.is_touched || (!self.picked.is_empty() && self.prompt.text().trim().is_empty());
        Some(if keeps { self.picked.clone() } else { vec![selected] })
    }
}

/// Saved searches with their counts.
#[derive(Clone, Debug)]
pub struct SavedList {
    /// The selected row.
    pub cursor: Cursor,
    /// The request that will be answered with the counts.
    pub ticket: u64,
    /// The searches.
    pub rows: Vec<SavedRow>,
}

/// A saved search.
#[derive(Clone, Debug)]
pub struct SavedRow {
    /// Its name.
    pub name: String,
    /// Its query as it is written.
    pub text: String,
    /// Its query, or why it cannot be read.
    pub query: Result<Query, Shown>,
    /// Articles found: unread and all; none while they are being counted.
    pub counts: Option<(usize, usize)>,
}

impl SavedList {
    /// Saved searches whose counts are not known yet.
    pub fn new(saved: &Saved, ticket: u64) -> SavedList {
        let row = |(name, text): (&str, &str)| {
            let query = Query::parse_with(&format!("saved:{name}"), saved).map_err(|error| clean::decoded(&error.what));
            SavedRow { name: name.to_owned(), text: text.to_owned(), query, counts: None }
        };
        SavedList { cursor: Cursor::default(), ticket, rows: saved.iter().map(row).collect() }
    }

    /// The queries that can be read, in their order.
    pub fn queries(&self) -> Vec<Query> {
        self.rows.iter().filter_map(|row| row.query.clone().ok()).collect()
    }

    /// Takes in the counts of those queries.
    pub fn set_counts(&mut self, counts: &[(usize, usize)]) {
        let rows = self.rows.iter_mut().filter(|row| row.query.is_ok());
        rows.zip(counts).for_each(|(row, counts)| row.counts = Some(*counts));
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
