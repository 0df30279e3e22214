//! The prompt at the bottom: for a search, a query, a name for it, words to find in the article, or a note.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::prompt_history::{PromptHistory, PromptKind};
use crate::app::saved_view::SavedView;
use crate::app::text_input::{Edit, TextInput};
use crate::config::saved_searches_file;
use crate::feed::{Mark, SafeText, clean};
use crate::query::{Completion, CompletionNames, Query, QueryError, SavedSearches, complete};

/// A prompt: its text, what is wrong with it, and what Tab offers.
#[derive(Clone, Debug)]
pub struct PromptState {
    /// What it asks for.
    pub kind: PromptKind,
    /// The text.
    pub input: TextInput,
    /// Why the text cannot be used as it is.
    pub error: Option<InputError>,
    /// What Tab offers, and which of it was taken.
    pub offered: Option<(Completion, usize)>,
    /// The query that a search narrows.
    base: Query,
    /// The view before the prompt, for Esc.
    before: Option<Box<SavedView>>,
    /// The text at the beginning.
    begun: String,
    /// Steps back in the history, and what was typed before the first.
    recalled: (usize, String),
}

/// Why a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// The part that is wrong, in characters.
    pub span: (usize, usize),
    /// What is wrong.
    pub what: SafeText,
}

impl From<QueryError> for InputError {
    fn from(error: QueryError) -> InputError {
        InputError { span: error.span, what: clean::plain_line(&error.what) }
    }
}

impl PromptState {
    /// A prompt with a text to begin with. What is typed narrows `base`; `before` is restored by Esc.
    pub fn new(kind: PromptKind, text: &str, base: Query, before: Option<SavedView>) -> PromptState {
        let (input, before) = (TextInput::with(text), before.map(Box::new));
        let begun = input.text().to_owned();
        PromptState { kind, input, error: None, offered: None, base, before, begun, recalled: (0, String::new()) }
    }

    /// True when what is typed narrows the list.
    pub fn is_query(&self) -> bool {
        matches!(self.kind, PromptKind::Search | PromptKind::Query)
    }

    /// Types or pastes text.
    fn insert(&mut self, text: &str) {
        self.offered = None;
        self.input.insert(text);
    }

    /// Moves or deletes.
    fn edit(&mut self, edit: Edit) {
        self.offered = None;
        self.input.edit(edit);
    }

    /// Goes back (negative) or forward in what was typed before. True when another text stands there now.
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
        self.offered = None;
        true
    }

    /// Completes what is typed by the names of fields, topics, providers and saved searches.
    fn complete(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if !self.is_query() {
            return Outcome::stay();
        }
        let saved = session.saved.iter().map(|(name, _)| name).collect();
        let names = CompletionNames { of: &|field| session.feed.names(field), saved };
        if self.offer(by, |text, cursor| complete(text, cursor, &names)) {
            self.changed(session)
        } else {
            Outcome::stay()
        }
    }

    /// The text is another one: the list or the article follows at once. A query that cannot be read changes nothing.
    fn changed(&mut self, session: &SessionParts) -> Outcome {
        self.error = None;
        match self.kind {
            PromptKind::Search | PromptKind::Query => match session.parse(self.input.text()) {
                Ok(query) => return Outcome::Stay(vec![OverlayRequest::SetQuery(self.base.and(&query))]),
                Err(error) => self.error = Some(error.into()),
            },
            PromptKind::Find => return Outcome::Stay(vec![OverlayRequest::Find(self.input.text().to_owned())]),
            PromptKind::Name | PromptKind::Note(_) => {}
        }
        Outcome::stay()
    }

    fn remember(&self) -> OverlayRequest {
        OverlayRequest::RememberInput(self.kind, self.input.text().trim().to_owned())
    }

    /// Enter: what is typed is kept.
    fn keep(&mut self, session: &SessionParts) -> Outcome {
        let text = self.input.text().trim();
        let follow_up = match self.kind {
            PromptKind::Search | PromptKind::Query if self.error.is_some() => {
                return Outcome::Stay(vec![self.remember()]);
            }
            PromptKind::Search | PromptKind::Query if self.input.text().is_empty() => {
                Some(OverlayRequest::SetQuery(self.base.clone()))
            }
            PromptKind::Search | PromptKind::Query => None,
            PromptKind::Find => text.is_empty().then_some(OverlayRequest::EndFind),
            PromptKind::Note(article) => {
                Some(OverlayRequest::SetMark(Mark::Note(clean::plain_line(text)), vec![article]))
            }
            PromptKind::Name => match keep_search(text, session.query, session.saved) {
                Ok(effect) => Some(OverlayRequest::Perform(effect)),
                Err(error) => {
                    let what = clean::plain_line(&error.to_string());
                    let span = (0, self.input.text().chars().count());
                    self.error = Some(InputError { span, what });
                    return Outcome::Stay(vec![self.remember()]);
                }
            },
        };
        Outcome::Close([Some(self.remember()), follow_up].into_iter().flatten().collect())
    }

    /// Esc: everything is as it was. The text can be recalled.
    fn cancel(&mut self) -> Outcome {
        let typed = (self.input.text() != self.begun).then(|| self.remember());
        let found = (self.kind == PromptKind::Find).then_some(OverlayRequest::EndFind);
        let restored = self.before.take().map(OverlayRequest::RestoreView);
        Outcome::Close([typed, found, restored].into_iter().flatten().collect())
    }

    /// Takes the next (or previous) of what Tab offers. True when the text is another one.
    fn offer(&mut self, by: isize, offer: impl FnOnce(&str, usize) -> Completion) -> bool {
        let (completion, at) = match self.offered.take() {
            Some((completion, at)) => {
                let count = completion.candidates.len() as isize;
                (completion, (at as isize + by).rem_euclid(count.max(1)) as usize)
            }
            None => (offer(self.input.text(), self.input.cursor()), 0),
        };
        let Some(text) = completion.candidates.get(at) else { return false };
        self.input.replace(completion.start, text);
        // A single completion is final: the next Tab completes what is there then.
        self.offered = (completion.candidates.len() > 1).then_some((completion, at));
        true
    }
}

/// Why a query is not saved under a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveSearchError {
    /// The text cannot name a search.
    #[error("a name is one word of letters, digits, - and _")]
    NoName,
    /// The query cannot be read once it has the name.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// The effect that saves a query under a name.
pub fn keep_search(name: &str, query: &Query, saved: &SavedSearches) -> Result<Effect, SaveSearchError> {
    if !saved_searches_file::is_valid_name(name) {
        return Err(SaveSearchError::NoName);
    }
    let query = query.to_string();
    let known = saved.iter().map(|(name, query)| (name.to_owned(), query.to_owned()));
    let saved = SavedSearches::new(known.chain([(name.to_owned(), query.clone())]));
    Query::parse_with(&format!("saved:{name}"), &saved)?;
    Ok(Effect::SaveSearch { name: name.to_owned(), query })
}

impl OverlayBehaviour for PromptState {
    fn context(&self) -> Context {
        Context::Prompt
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.keep(session),
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

    /// Goes back or forward in what was typed before.
    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if self.recall(by.signum(), session.history) { self.changed(session) } else { Outcome::stay() }
    }

    fn paste(&mut self, text: &str, session: &SessionParts) -> Outcome {
        self.insert(text);
        self.changed(session)
    }

    fn click_outside_accepts(&self) -> bool {
        self.is_query() || self.kind == PromptKind::Find
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Complete | Action::SaveSearch => self.is_query(),
            _ => action != Action::Toggle,
        }
    }
}
