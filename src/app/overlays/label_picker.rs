//! The picker for topics, providers or tags, with counts; typing narrows its list.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::{self, NarrowedRows};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::{SafeText, clean, tags};
use crate::jobs::{Answer, Job, JobId, label_counts};
use crate::query::{Field, Query, SearchContext, fold};

/// A topic, a provider or a tag in the picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickerLabel {
    /// Its name.
    pub name: SafeText,
    /// The folded name, for comparisons.
    key: String,
    /// Number of articles with it among those that the query finds: unread, and all.
    pub counts: (usize, usize),
}

/// A picker for topics, providers or tags; several can be picked.
#[derive(Clone, Debug)]
pub struct LabelPicker {
    /// The field to pick for: topic, provider or tag.
    pub field: Field,
    /// The labels, by index. Parts of names are typed.
    pub rows: NarrowedRows,
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
            rows: NarrowedRows::of_picker(Vec::new()),
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
        let labels: Vec<PickerLabel> = labels.into_iter().map(label).collect();
        self.rows.replace(labels.iter().map(|label| label.key.clone()).collect());
        self.labels = Some(labels);
    }

    /// Whether the labels are still being counted.
    pub fn is_counting(&self) -> bool {
        self.labels.is_none()
    }

    /// The label of a row.
    pub fn label(&self, row: usize) -> Option<&PickerLabel> {
        self.labels.as_ref()?.get(*self.rows.items().get(row)?)
    }

    fn selected(&self) -> Option<&PickerLabel> {
        self.label(self.rows.cursor.at)
    }

    /// Whether a label is picked.
    pub fn is_picked(&self, label: &PickerLabel) -> bool {
        self.picked.contains(&label.key)
    }

    /// The names of the picked labels, also of those not among the rows.
    pub fn picked_names(&self) -> Vec<SafeText> {
        let label = |key: &&String| self.labels.iter().flatten().find(|label| label.key == **key);
        let name = |key: &String| label(&key).map_or_else(|| clean::plain_line(key), |label| label.name.clone());
        self.picked.iter().map(name).collect()
    }

    /// Picks or unpicks the selected label.
    pub fn toggle(&mut self) {
        let Some(key) = self.selected().map(|label| label.key.clone()) else { return };
        self.is_touched = true;
        narrowed_rows::toggle(&mut self.picked, key);
    }

    fn is_selected_chosen(&self) -> bool {
        let chosen = self.chosen().unwrap_or_default();
        self.selected().is_none_or(|label| chosen.contains(&label.key))
    }

    /// The labels that Enter applies: the picked ones if a label was picked in this picker or nothing is typed; else the
    /// selected one. `None` if no label is listed.
    pub fn chosen(&self) -> Option<Vec<String>> {
        let selected = self.selected()?.key.clone();
        let keeps = self.is_touched || (!self.picked.is_empty() && self.rows.input.text().trim().is_empty());
        Some(if keeps { self.picked.clone() } else { vec![selected] })
    }

    fn query_with(&self, names: &[String], session: &SessionParts) -> Query {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        session.query.with_picked(self.field, &names)
    }
}

impl OverlayBehaviour for LabelPicker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows.items().len();
        Some((&mut self.rows.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => match self.chosen() {
                Some(names) => Outcome::Close(vec![OverlayRequest::SetQuery(self.query_with(&names, session))]),
                None => self.rows.refuse(),
            },
            Action::Toggle => {
                self.toggle();
                self.step(1, session)
            }
            Action::SwitchLabels => {
                // Apply the picked labels first, so that they are not lost.
                let query = self.query_with(&self.picked, session);
                let other = match self.field {
                    Field::Topic => Action::Providers,
                    Field::Provider if !tags::in_use(session.marks).is_empty() => Action::Tags,
                    _ => Action::Topics,
                };
                Outcome::Close(vec![OverlayRequest::SetQuery(query), OverlayRequest::RunCommand(other.into())])
            }
            action if self.rows.act(action, 0) => Outcome::stay(),
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.rows.paste(text);
        Outcome::stay()
    }

    /// Picks the row, unless Enter would apply it already: the user wants it, whatever else is picked.
    fn double_click(&mut self, _: usize) -> bool {
        if !self.is_selected_chosen() {
            self.toggle();
        }
        true
    }

    /// A check box was clicked.
    fn choose(&mut self, row: usize, session: &SessionParts) -> Outcome {
        // The click refers to the last frame, which may have had more rows.
        if row < self.rows.items().len() {
            self.click(row, session);
            self.toggle();
        }
        Outcome::stay()
    }

    fn kept_by_click_outside(&self) -> Option<&'static str> {
        self.is_touched.then_some("Enter lists what is picked, Esc drops it")
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("list")
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Toggle => !self.rows.items().is_empty(),
            action => action == Action::SwitchLabels || self.rows.is_available(action),
        }
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
