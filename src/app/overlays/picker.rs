//! Topics or providers with their counts, narrowed by what is typed.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::list_cursor::ListCursor;
use crate::app::text_input::TextInput;
use crate::feed::{SafeText, clean};
use crate::jobs::{Answer, Job, JobId, label_counts};
use crate::query::{Field, Query, SearchContext, fold};

/// A topic or a provider to pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickerLabel {
    /// Its name.
    pub name: SafeText,
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
    pub input: TextInput,
    /// The selected row.
    pub cursor: ListCursor,
    /// The query without what is picked: its articles are counted.
    query: Query,
    job: Option<JobId>,
    labels: Option<Vec<PickerLabel>>,
    /// Folded names.
    picked: Vec<String>,
    /// Something was picked or dropped since it was opened.
    is_touched: bool,
}

impl Picker {
    /// A picker whose labels are not counted yet. It picks what the query picks already.
    pub fn open(field: Field, session: &SessionParts) -> Picker {
        Picker {
            field,
            input: TextInput::default(),
            cursor: ListCursor::default(),
            query: session.query.with_picked(field, &[]),
            job: None,
            labels: None,
            picked: session.query.picked(field),
            is_touched: false,
        }
    }

    /// Takes in what was counted.
    pub fn set_labels(&mut self, labels: Vec<(SafeText, (usize, usize))>) {
        let label = |(name, counts): (SafeText, (usize, usize))| PickerLabel { key: fold(name.as_str()), name, counts };
        self.labels = Some(labels.into_iter().map(label).collect());
    }

    /// True while the labels are being counted.
    pub fn is_counting(&self) -> bool {
        self.labels.is_none()
    }

    /// The labels that hold what is typed.
    pub fn rows(&self) -> Vec<&PickerLabel> {
        let typed = fold(self.input.text());
        let words: Vec<&str> = typed.split_whitespace().collect();
        let labels = self.labels.iter().flatten();
        labels.filter(|label| words.iter().all(|word| label.key.contains(word))).collect()
    }

    /// Whether a label is picked.
    pub fn is_picked(&self, label: &PickerLabel) -> bool {
        self.picked.contains(&label.key)
    }

    /// What is picked, folded.
    pub fn picked(&self) -> &[String] {
        &self.picked
    }

    /// The names of what is picked: it may not be among the rows.
    pub fn picked_names(&self) -> Vec<SafeText> {
        let label = |key: &&String| self.labels.iter().flatten().find(|label| label.key == **key);
        let name = |key: &String| label(&key).map_or_else(|| clean::plain_line(key), |label| label.name.clone());
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
        let keeps = self.is_touched || (!self.picked.is_empty() && self.input.text().trim().is_empty());
        Some(if keeps { self.picked.clone() } else { vec![selected] })
    }

    fn query_with(&self, names: &[String], session: &SessionParts) -> Query {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        session.query.with_picked(self.field, &names)
    }

    fn insert(&mut self, text: &str) -> Outcome {
        self.input.insert(text);
        self.cursor = ListCursor::default();
        Outcome::stay()
    }
}

impl OverlayBehaviour for Picker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut ListCursor, usize)> {
        let count = self.rows().len();
        Some((&mut self.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => match self.chosen() {
                Some(names) => Outcome::Close(vec![OverlayRequest::SetQuery(self.query_with(&names, session))]),
                None => Outcome::stay(),
            },
            Action::Toggle => {
                self.toggle();
                self.step(1, session)
            }
            Action::SwitchLabels => {
                // What was picked is not lost on the way.
                let query = self.query_with(&self.picked, session);
                let other = if self.field == Field::Topic { Action::Providers } else { Action::Topics };
                Outcome::Close(vec![OverlayRequest::SetQuery(query), OverlayRequest::RunCommand(other.into())])
            }
            Action::Type(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.cursor = ListCursor::default();
                Outcome::stay()
            }
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.insert(text)
    }

    /// Picks the row: a double click wants it, whatever else is picked.
    fn double_click(&mut self, _: usize) -> bool {
        if !self.is_selected_chosen() {
            self.toggle();
        }
        true
    }

    fn is_available(&self, action: Action) -> bool {
        !matches!(action, Action::Complete | Action::SaveSearch)
    }

    fn job(&mut self, search_context: &SearchContext) -> Option<Job> {
        let job = label_counts::count(self.field, &self.query, search_context.clone());
        self.job = Some(job.id);
        Some(job)
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.job
    }

    fn take_answer(&mut self, answer: Answer) {
        if let Answer::Labels(labels) = answer {
            self.set_labels(labels);
        }
    }
}
