//! The picker for topics or providers, with counts; typing narrows its list.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;
use crate::feed::{SafeText, clean};
use crate::jobs::{Answer, Job, JobId, label_counts};
use crate::query::{Field, Query, SearchContext, fold};

/// A topic or a provider in the picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickerLabel {
    /// Its name.
    pub name: SafeText,
    /// The folded name, for comparisons.
    key: String,
    /// Number of articles with it among those that the query finds: unread, and all.
    pub counts: (usize, usize),
}

/// A picker for topics or providers; several can be picked.
#[derive(Clone, Debug)]
pub struct LabelPicker {
    /// The field to pick for: topic or provider.
    pub field: Field,
    /// The typed text that narrows the list.
    pub input: TextInput,
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The query without this field: its articles are counted.
    query: Query,
    job: Option<JobId>,
    labels: Option<Vec<PickerLabel>>,
    /// The folded names of the picked labels.
    picked: Vec<String>,
    /// A label was picked or unpicked since the picker was opened.
    is_touched: bool,
}

impl LabelPicker {
    /// A picker without labels yet. The labels that the query already contains are picked.
    pub fn open(field: Field, session: &SessionParts) -> LabelPicker {
        LabelPicker {
            field,
            input: TextInput::default(),
            cursor: OverlayCursor::default(),
            query: session.query.with_picked(field, &[]),
            job: None,
            labels: None,
            picked: session.query.picked(field),
            is_touched: false,
        }
    }

    /// Sets the labels with their counts.
    pub fn set_labels(&mut self, labels: Vec<(SafeText, (usize, usize))>) {
        let label = |(name, counts): (SafeText, (usize, usize))| PickerLabel { key: fold(name.as_str()), name, counts };
        self.labels = Some(labels.into_iter().map(label).collect());
    }

    /// Whether the labels are still being counted.
    pub fn is_counting(&self) -> bool {
        self.labels.is_none()
    }

    /// The labels that contain every typed word.
    pub fn rows(&self) -> Vec<&PickerLabel> {
        let words = TypedWords::of(&self.input);
        let labels = self.labels.iter().flatten();
        labels.filter(|label| words.are_in(&label.key)).collect()
    }

    /// Whether a label is picked.
    pub fn is_picked(&self, label: &PickerLabel) -> bool {
        self.picked.contains(&label.key)
    }

    /// The folded names of the picked labels.
    pub fn picked(&self) -> &[String] {
        &self.picked
    }

    /// The names of the picked labels, also of those not among the rows.
    pub fn picked_names(&self) -> Vec<SafeText> {
        let label = |key: &&String| self.labels.iter().flatten().find(|label| label.key == **key);
        let name = |key: &String| label(&key).map_or_else(|| clean::plain_line(key), |label| label.name.clone());
        self.picked.iter().map(name).collect()
    }

    /// Picks or unpicks the selected label.
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

    /// The labels that Enter applies: the picked ones if a label was picked in this picker or nothing is typed; else the
    /// selected one. `None` if no label is listed.
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
        self.cursor = OverlayCursor::default();
        Outcome::stay()
    }
}

impl OverlayBehaviour for LabelPicker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
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
                // Apply the picked labels first, so that they are not lost.
                let query = self.query_with(&self.picked, session);
                let other = if self.field == Field::Topic { Action::Providers } else { Action::Topics };
                Outcome::Close(vec![OverlayRequest::SetQuery(query), OverlayRequest::RunCommand(other.into())])
            }
            Action::Type(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.cursor = OverlayCursor::default();
                Outcome::stay()
            }
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.insert(text)
    }

    /// Picks the row, unless Enter would apply it already: the user wants it, whatever else is picked.
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
