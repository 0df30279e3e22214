//! The list of saved searches with their counts.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::effect::Effect;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::clean;
use crate::jobs::{Answer, Job, JobId, query_counts};
use crate::query::{Query, QueryError, SavedSearches, SearchContext};

/// The list of saved searches.
#[derive(Clone, Debug)]
pub struct SavedSearchList {
    /// The selected row.
    pub cursor: OverlayCursor,
    job: Option<JobId>,
    /// The searches.
    pub rows: Vec<SavedSearchRow>,
}

/// A saved search.
#[derive(Clone, Debug)]
pub struct SavedSearchRow {
    /// Its name.
    pub name: String,
    /// Its query as written in the file.
    pub text: String,
    /// Its query, or the error.
    pub query: Result<Query, QueryError>,
    /// Number of articles found: unread, and all. `None` until they are counted.
    pub counts: Option<(usize, usize)>,
}

impl SavedSearchList {
    /// The notice if there are no saved searches.
    pub const NOTHING: &'static str = "No saved searches: Ctrl-s in the search prompt saves one";

    /// The list, without counts yet; `None` if there are no saved searches.
    pub fn open(saved: &SavedSearches) -> Option<SavedSearchList> {
        let row = |(name, text): (&str, &str)| {
            let query = Query::of_saved(name, saved);
            SavedSearchRow { name: name.to_owned(), text: text.to_owned(), query, counts: None }
        };
        let rows: Vec<SavedSearchRow> = saved.iter().map(row).collect();
        (!rows.is_empty()).then(|| SavedSearchList { cursor: OverlayCursor::default(), job: None, rows })
    }

    /// Selects the search that is selected in another list, else the same row.
    pub fn select_as(&mut self, other: &SavedSearchList) {
        let selected = other.rows.get(other.cursor.at).map(|row| &row.name);
        let again = self.rows.iter().position(|row| Some(&row.name) == selected);
        self.cursor = OverlayCursor::on(again.unwrap_or(other.cursor.at).min(self.rows.len().saturating_sub(1)));
    }

    /// The valid queries, in the order of the rows.
    fn queries(&self) -> Vec<Query> {
        self.rows.iter().filter_map(|row| row.query.clone().ok()).collect()
    }

    /// Sets the counts of the valid queries.
    fn set_counts(&mut self, counts: &[(usize, usize)]) {
        let rows = self.rows.iter_mut().filter(|row| row.query.is_ok());
        rows.zip(counts).for_each(|(row, counts)| row.counts = Some(*counts));
    }
}

impl OverlayBehaviour for SavedSearchList {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.rows.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => {
                let query = self.rows.get(self.cursor.at).map(|row| row.query.clone());
                let request = query.map(|query| match query {
                    Ok(query) => OverlayRequest::SetQuery(query),
                    Err(error) => OverlayRequest::Fail(clean::plain_line(&error.what)),
                });
                Outcome::Close(request.into_iter().collect())
            }
            Action::Edit => Outcome::Close(vec![OverlayRequest::Perform(Effect::EditSavedSearches)]),
            Action::RenameSearch | Action::DeleteSearch | Action::PinSearch => {
                let argument = self.rows.get(self.cursor.at).map(|row| row.name.clone());
                let command = argument.map(|name| Command { action, argument: Some(name) });
                Outcome::Stay(command.map(OverlayRequest::RunCommand).into_iter().collect())
            }
            _ => Outcome::Ignored,
        }
    }

    fn job(&mut self, search_context: &SearchContext) -> Option<Job> {
        let job = query_counts::count(&self.queries(), search_context.clone());
        self.job = Some(job.id);
        Some(job)
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.job
    }

    fn take_answer(&mut self, answer: Answer) {
        if let Answer::Counts(counts) = answer {
            self.set_counts(&counts);
        }
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("list")
    }
}
