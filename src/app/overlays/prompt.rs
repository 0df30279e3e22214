//! The prompt at the bottom of the screen: for a search, a query, a name, a search in the article, or a note.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::search_name::{keep_search, one_line};
use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::prompt_history::{PromptHistory, PromptKind};
use crate::app::tag_choice::TagChoice;
use crate::app::text_input::{Edit, TextInput};
use crate::app::view_before_prompt::ViewBeforePrompt;
use crate::config::saved_searches_file::{self, SearchChange};
use crate::config::{ProgramTemplate, TemplateError};
use crate::feed::{Feed, Field, Mark, SafeText, Tag, clean, tags};
#[cfg(feature = "sync")]
use crate::jobs::import_subscriptions::ImportSource;
use crate::jobs::{Answer, JobId, complete_path};
use crate::query::{Completion, CompletionNames, Query, QueryError, SavedSearches, complete, saved_condition};

/// Most tags that completion goes through.
const MAX_TAG_CANDIDATES: usize = 50;

/// Most earlier texts, and most saved searches, that a prompt offers.
const MAX_LAST_TEXTS: usize = 5;

/// A prompt: its text, its error, and the candidates for completion.
#[derive(Clone, Debug)]
pub struct PromptState {
    /// What its text is for.
    pub kind: PromptKind,
    /// The text.
    pub input: TextInput,
    /// Why the text is not valid.
    pub error: Option<InputError>,
    /// The candidates for completion, and the index of the one inserted.
    pub offered: Option<(Completion, usize)>,
    /// The query that the typed search narrows.
    base: Query,
    /// The view before the prompt, for Esc.
    before: Option<Box<ViewBeforePrompt>>,
    /// The text when the prompt was opened.
    initial: String,
    /// The job that completes the path, and the direction in which its candidates are gone through.
    awaited: Option<(JobId, isize)>,
    /// Earlier texts and saved searches, which a click takes.
    last: Vec<String>,
    /// Number of steps back in the history, and the text typed before the first step.
    recalled: (usize, String),
    /// The saved search that it is about.
    search: String,
    /// What the prompt for a tag needs.
    tags: TagChoice,
}

/// Why a text is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// The wrong part: start and end, in characters.
    pub span: (usize, usize),
    /// The error message.
    pub what: SafeText,
}

impl From<QueryError> for InputError {
    fn from(error: QueryError) -> InputError {
        InputError { span: error.span, what: clean::plain_line(&error.what) }
    }
}

impl PromptState {
    /// A prompt that starts with a text. The typed query narrows `base`; Esc restores `before`.
    pub fn new(kind: PromptKind, text: &str, base: Query, before: Option<ViewBeforePrompt>) -> PromptState {
        let (input, before) = (TextInput::with(text), before.map(Box::new));
        let initial = input.text().to_owned();
        let (recalled, search, tags) = ((0, String::new()), String::new(), TagChoice::default());
        let (awaited, last) = (None, Vec::new());
        PromptState {
            last,
            kind,
            input,
            error: None,
            offered: None,
            base,
            before,
            initial,
            awaited,
            recalled,
            search,
            tags,
        }
    }

    /// A prompt for another name of a saved search, or for its keys; `text` is what it has now.
    pub fn for_search(kind: PromptKind, search: &str, text: &str) -> PromptState {
        PromptState { search: search.to_owned(), ..PromptState::new(kind, text, Query::default(), None) }
    }

    /// The prompt for the keys of a saved search, after these keys were refused.
    pub fn with_refused_keys(search: &str, keys: &str, why: SafeText) -> PromptState {
        let mut prompt = PromptState::for_search(PromptKind::SearchKeys, search, keys);
        // Enter tries the same keys again, and says again why they are refused.
        prompt.initial.clear();
        prompt.error = Some(InputError { span: (0, keys.chars().count()), what: why });
        prompt
    }

    /// The name and the query that saving under the typed name replaces, if that is another query.
    pub fn replaced<'a>(&self, query: &Query, saved: &'a SavedSearches) -> Option<(String, &'a str)> {
        let name = Some(one_line(self.input.text())).filter(|_| self.kind == PromptKind::Name)?;
        let before = saved.get(&name).filter(|before| *before != query.to_string())?;
        Some((name, before))
    }

    /// The saved search that it is about.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// A prompt for the name of a tag.
    pub fn for_tag(kind: PromptKind, tags: TagChoice) -> PromptState {
        PromptState { tags, ..PromptState::new(kind, "", Query::default(), None) }
    }

    /// The names of tags that match the typed text; none in prompts for something else.
    pub fn matching_tags(&self) -> Vec<SafeText> {
        self.tags.matching(self.input.text())
    }

    /// The tag that Enter removes without a name: there is no other.
    pub fn only_tag(&self) -> Option<&Tag> {
        match self.tags.known.as_slice() {
            [only] if self.kind == PromptKind::Untag => Some(only),
            _ => None,
        }
    }

    /// Whether there is no tag to remove.
    pub fn has_no_tags(&self) -> bool {
        self.kind == PromptKind::Untag && self.tags.known.is_empty()
    }

    /// Whether the typed text is the name of a tag.
    pub fn is_tag(&self) -> bool {
        matches!(self.kind, PromptKind::Tag | PromptKind::Untag)
    }

    /// Whether the typed text is a query of the list.
    pub fn is_query(&self) -> bool {
        matches!(self.kind, PromptKind::Search | PromptKind::Query)
    }

    /// The query before the prompt, if the typed text is a query of the list.
    pub fn query_before(&self) -> Option<&Query> {
        self.before.as_ref().map(|before| &before.query).filter(|_| self.is_query())
    }

    /// Types or pastes text.
    fn insert(&mut self, text: &str) {
        (self.offered, self.awaited) = (None, None);
        self.input.insert(text);
    }

    /// Moves the cursor or deletes.
    fn edit(&mut self, edit: Edit) {
        (self.offered, self.awaited) = (None, None);
        self.input.edit(edit);
    }

    /// Goes back (negative `by`) or forward in the history. True if the text changed.
    fn recall(&mut self, by: isize, history: &PromptHistory) -> bool {
        let texts: Vec<&String> = history.of(self.kind).collect();
        let (at, typed) = &mut self.recalled;
        let wanted = at.saturating_add_signed(-by).min(texts.len());
        if wanted == *at {
            return false;
        }
        if *at == 0 {
            *typed = self.input.text().to_owned();
        }
        *at = wanted;
        let earlier = wanted.checked_sub(1).and_then(|back| texts.iter().rev().nth(back));
        let text = earlier.map_or_else(|| typed.clone(), |text| (*text).clone());
        self.input = TextInput::with(&text);
        (self.offered, self.awaited) = (None, None);
        true
    }

    /// Completes the text with names of fields, topics, providers, tags and saved searches.
    fn complete(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if self.is_tag() {
            let tags = self.tags.clone();
            self.insert_candidate(by, |text, _| {
                let candidates = tags.matching(text).iter().take(MAX_TAG_CANDIDATES).map(ToString::to_string).collect();
                Completion { start: 0, candidates }
            });
            return Outcome::stay();
        }
        if self.is_path() {
            return self.complete_path(by);
        }
        if !self.is_query() {
            return Outcome::stay();
        }
        let offer = |text: &str, cursor: usize| {
            let own: Vec<Tag> = tags::in_use(session.marks).into_iter().map(|(tag, _)| tag).collect();
            let saved = session.saved.iter().map(|(name, _)| name).collect();
            complete(text, cursor, &CompletionNames { of: &|field| names_of(session.feed, &own, field), saved })
        };
        if self.insert_candidate(by, offer) { self.changed(session) } else { Outcome::stay() }
    }

    /// Whether the typed text is a path.
    fn is_path(&self) -> bool {
        matches!(self.kind, PromptKind::Folder | PromptKind::Import | PromptKind::Write)
    }

    /// Goes on to the next candidate, or has the names in the folder read, which a slow disk may delay.
    fn complete_path(&mut self, by: isize) -> Outcome {
        if self.offered.is_some() {
            self.insert_candidate(by, |_, _| Completion::default());
            return Outcome::stay();
        }
        let typed: String = self.input.text().chars().take(self.input.cursor()).collect();
        let job = complete_path::complete(&typed);
        self.awaited = Some((job.id, by));
        Outcome::Stay(vec![OverlayRequest::Perform(Effect::RunJob(job))])
    }

    /// Applies the changed text to the list or the article at once. An invalid query only sets the error.
    fn changed(&mut self, session: &SessionParts) -> Outcome {
        self.error = None;
        match self.kind {
            PromptKind::Search | PromptKind::Query => match session.parse(self.input.text()) {
                Ok(query) => return Outcome::Stay(vec![OverlayRequest::SetQuery(self.base.and(&query))]),
                Err(error) => self.error = Some(error.into()),
            },
            PromptKind::Find => return Outcome::Stay(vec![OverlayRequest::Find(self.input.text().to_owned())]),
            PromptKind::Filter => return Outcome::Stay(vec![OverlayRequest::Filter(self.input.text().to_owned())]),
            PromptKind::Name
            | PromptKind::NewName
            | PromptKind::SearchKeys
            | PromptKind::Note(_)
            | PromptKind::Tag
            | PromptKind::Untag
            | PromptKind::Folder
            | PromptKind::Import
            | PromptKind::Pipe
            | PromptKind::Write
            | PromptKind::Subscribe => {}
        }
        Outcome::stay()
    }

    /// Offers the last texts, and for a search the saved searches.
    pub fn offer(&mut self, history: &PromptHistory, saved: &SavedSearches) {
        let last: Vec<&String> = history.of(self.kind).collect();
        let last = last.into_iter().rev().take(MAX_LAST_TEXTS).cloned();
        let saved = saved.iter().filter(|_| self.is_query()).map(|(name, _)| saved_condition(name));
        self.last = last.chain(saved.take(MAX_LAST_TEXTS)).collect();
    }

    /// The texts that it offers: the candidates for completion, or tags; before anything is typed, earlier texts and saved searches.
    pub fn choices(&self) -> Vec<String> {
        match &self.offered {
            Some((completion, _)) => completion.candidates.clone(),
            None if self.error.is_some() => Vec::new(),
            None if self.is_tag() => {
                self.matching_tags().iter().take(MAX_TAG_CANDIDATES).map(ToString::to_string).collect()
            }
            None if self.input.text().is_empty() => self.last.clone(),
            None => Vec::new(),
        }
    }

    /// Whether the text is another one than at the beginning.
    pub fn is_changed(&self) -> bool {
        self.input.text() != self.initial
    }

    /// Adds its text to the history.
    pub fn remember(&self) -> OverlayRequest {
        OverlayRequest::RememberInput(self.kind, self.input.text().trim().to_owned())
    }

    /// Enter: accepts the text. With an error the prompt stays open.
    fn accept(&mut self, session: &SessionParts) -> Outcome {
        let text = self.input.text().trim();
        let request = match self.kind {
            PromptKind::Search | PromptKind::Query if self.error.is_some() => {
                // The text goes to the history now, so that it is not lost if the user gives up with Esc and starts again.
                return Outcome::Stay(vec![self.remember()]);
            }
            PromptKind::Search | PromptKind::Query if self.input.text().is_empty() => {
                // Without a typed key `changed` has not run, so the list may still have another query.
                Some(OverlayRequest::SetQuery(self.base.clone()))
            }
            // The list has this query already: `changed` has set it with the last key.
            PromptKind::Search | PromptKind::Query => None,
            // The pane has this filter already, as the list has a typed query.
            PromptKind::Filter => None,
            PromptKind::Find => text.is_empty().then_some(OverlayRequest::EndFind),
            PromptKind::Note(article) => {
                Some(OverlayRequest::SetMark(Mark::Note(clean::plain_line(text)), vec![article]))
            }
            // Nothing typed is nothing to do, as in other programs, unless there is only one tag to remove.
            PromptKind::Tag | PromptKind::Untag if text.is_empty() && self.only_tag().is_none() => {
                return Outcome::close();
            }
            PromptKind::Tag | PromptKind::Untag => {
                let adds = self.kind == PromptKind::Tag;
                match if adds { self.tags.to_add(text) } else { self.tags.to_remove(text) } {
                    Ok(tag) => Some(OverlayRequest::SetTag(tag, adds, std::mem::take(&mut self.tags.articles))),
                    Err(error) => return self.refuse(clean::plain_line(&error.to_string())),
                }
            }
            PromptKind::Pipe => match ProgramTemplate::split(text) {
                Ok(program) => Some(OverlayRequest::Pipe(program)),
                Err(TemplateError::NoProgram) => return self.refuse("write a program, such as wc -w".into()),
                // The hint is about a setting.
                Err(error @ TemplateError::UnclosedQuote) => return self.refuse(clean::plain_line(&error.to_string())),
                Err(error) => {
                    return self.refuse(clean::plain_line(&format!("{error}: {}", error.hint())));
                }
            },
            PromptKind::Write if text.is_empty() => return self.refuse("write a path, such as ~/article.md".into()),
            PromptKind::Write => {
                let argument = Some(text.to_owned());
                Some(OverlayRequest::RunCommand(Command { action: Action::Write, argument }))
            }
            PromptKind::Folder | PromptKind::Import | PromptKind::Subscribe if text.is_empty() => {
                let what = match self.kind {
                    PromptKind::Subscribe => "write an address, such as https://example.org/",
                    _ => "write a path, such as ~/notes",
                };
                return self.refuse(what.into());
            }
            PromptKind::Subscribe if text.contains(char::is_whitespace) => {
                return self.refuse("an address contains no blanks".into());
            }
            PromptKind::Folder => Some(OverlayRequest::Perform(Effect::OpenLibrary(text.into()))),
            #[cfg(feature = "sync")]
            PromptKind::Import => Some(OverlayRequest::Perform(Effect::Import(ImportSource::File(text.into())))),
            #[cfg(not(feature = "sync"))]
            PromptKind::Import => None,
            PromptKind::Subscribe => {
                let argument = Some(text.to_owned());
                Some(OverlayRequest::RunCommand(Command { action: Action::Subscribe, argument }))
            }
            PromptKind::Name => match keep_search(text, session.query, session.saved) {
                Ok(effect) => Some(OverlayRequest::SaveSearch(effect)),
                Err(error) => return self.refuse(clean::plain_line(&error.to_string())),
            },
            PromptKind::NewName => {
                let (from, to) = (self.search.clone(), one_line(text));
                if let Err(error) = saved_searches_file::check_name(&to) {
                    return self.refuse(clean::plain_line(&error.to_string()));
                }
                if to != from && session.saved.get(&to).is_some() {
                    return self.refuse("another saved search has this name".into());
                }
                (to != from).then_some(OverlayRequest::ChangeSearch(SearchChange::Rename { from, to }))
            }
            PromptKind::SearchKeys => {
                let keys = Some(text.to_owned()).filter(|keys| !keys.is_empty());
                let is_changed = keys.is_none() || self.is_changed();
                let change = SearchChange::Pin { name: self.search.clone(), keys };
                is_changed.then_some(OverlayRequest::ChangeSearch(change))
            }
        };
        Outcome::Close([Some(self.remember()), request].into_iter().flatten().collect())
    }

    /// Keeps the prompt open, and says what is wrong with the text.
    fn refuse(&mut self, what: SafeText) -> Outcome {
        self.error = Some(InputError { span: (0, self.input.text().chars().count()), what });
        Outcome::Stay(vec![self.remember()])
    }

    /// Esc: closes the prompt and restores the view. The text goes to the history.
    fn cancel(&mut self) -> Outcome {
        let typed = self.is_changed().then(|| self.remember());
        let found = match self.kind {
            PromptKind::Find => Some(OverlayRequest::EndFind),
            PromptKind::Filter => Some(OverlayRequest::Filter(String::new())),
            _ => None,
        };
        let restored = self.before.take().map(OverlayRequest::RestoreView);
        Outcome::Close([typed, found, restored].into_iter().flatten().collect())
    }

    /// Inserts the next or previous candidate. True if the text changed.
    fn insert_candidate(&mut self, by: isize, offer: impl FnOnce(&str, usize) -> Completion) -> bool {
        let (completion, at) = match self.offered.take() {
            Some((completion, at)) => {
                let count = completion.candidates.len() as isize;
                (completion, (at as isize + by).rem_euclid(count.max(1)) as usize)
            }
            None => (offer(self.input.text(), self.input.cursor()), 0),
        };
        let Some(text) = completion.candidates.get(at) else { return false };
        self.input.replace(completion.start, text);
        // A single candidate is final: the next Tab completes the new text.
        self.offered = (completion.candidates.len() > 1).then_some((completion, at));
        true
    }
}

/// The names that complete a field, the most used first. `own` are the user's own tags.
fn names_of<'a>(feed: &'a Feed, own: &'a [Tag], field: Field) -> Vec<&'a str> {
    let own = || own.iter().map(|tag| tag.shown().as_str());
    match field {
        Field::Tag => own().collect(),
        Field::Label => own().chain(feed.names(Field::Topic)).collect(),
        field => feed.names(field),
    }
}

impl OverlayBehaviour for PromptState {
    fn context(&self) -> Context {
        Context::Prompt
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.accept(session),
            Action::Back | Action::Cancel | Action::Quit => self.cancel(),
            Action::Complete => self.complete(1, session),
            Action::CompleteBack => self.complete(-1, session),
            Action::Type(c) => self.paste(c.encode_utf8(&mut [0; 4]), session),
            Action::EditText(edit) => {
                self.edit(edit);
                self.changed(session)
            }
            _ => Outcome::Ignored,
        }
    }

    /// Goes back or forward in the history.
    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if self.recall(by.signum(), session.history) { self.changed(session) } else { Outcome::stay() }
    }

    fn choose(&mut self, at: usize, session: &SessionParts) -> Outcome {
        let Some(text) = self.choices().into_iter().nth(at) else {
            return Outcome::stay();
        };
        match &mut self.offered {
            Some((completion, taken)) => {
                *taken = at;
                self.input.replace(completion.start, &text);
            }
            None => self.input = TextInput::with(&text),
        }
        self.changed(session)
    }

    fn paste(&mut self, text: &str, session: &SessionParts) -> Outcome {
        self.insert(text);
        self.changed(session)
    }

    fn click_outside_accepts(&self) -> bool {
        self.is_query() || matches!(self.kind, PromptKind::Find | PromptKind::Filter)
    }

    fn enter_word(&self) -> Option<&'static str> {
        match self.kind {
            PromptKind::Search | PromptKind::Query | PromptKind::Find | PromptKind::Filter => None,
            PromptKind::Name | PromptKind::Note(_) => Some("save"),
            PromptKind::Tag => Some("tag"),
            PromptKind::Untag => Some("untag"),
            PromptKind::NewName => Some("rename"),
            PromptKind::SearchKeys => Some("pin"),
            PromptKind::Folder => Some("open"),
            PromptKind::Import => Some("import"),
            PromptKind::Pipe => Some("pipe"),
            PromptKind::Write => Some("write"),
            PromptKind::Subscribe => Some("subscribe"),
        }
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Complete => self.is_query() || self.is_path() || self.is_tag() && !self.tags.known.is_empty(),
            Action::SaveSearch => self.is_query(),
            _ => action != Action::Toggle,
        }
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.awaited.map(|(job, _)| job)
    }

    fn take_answer(&mut self, answer: Answer) {
        if let (Answer::Paths(candidates), Some((_, by))) = (answer, self.awaited.take()) {
            self.insert_candidate(by, |_, _| Completion { start: 0, candidates });
        }
    }
}
