//! The interface of an overlay: what the session asks it, and what it answers.

use super::insights_options::InsightsOptions;
use crate::app::action::Action;
use crate::app::commands::{Argument, Command};
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::frame_info::OverlayInfo;
use crate::app::list_cursor::ListCursor;
use crate::app::notices::Notices;
use crate::app::prompt_history::{PromptHistory, PromptKind};
use crate::app::saved_view::SavedView;
use crate::app::scroll::scrolled;
use crate::app::theme_choice::ThemeChoice;
use crate::feed::{ArticleId, Feed, Link, Mark, Problem, SafeText};
use crate::jobs::{Answer, Job, JobId};
use crate::query::{Query, QueryError, SavedSearches, SearchContext, SortKey};

/// The parts of the session that an overlay may read.
#[derive(Clone, Copy)]
pub struct SessionParts<'a> {
    /// All articles.
    pub feed: &'a Feed,
    /// The article that is shown.
    pub article: Option<ArticleId>,
    /// The query that narrows and orders the list.
    pub query: &'a Query,
    /// Saved searches.
    pub saved: &'a SavedSearches,
    /// What is wrong with files.
    pub problems: &'a [Problem],
    /// What was said in the footer.
    pub notices: &'a Notices,
    /// What was typed in earlier prompts.
    pub history: &'a PromptHistory,
    /// Commands that the reader bound to keys.
    pub user_commands: &'a [Command],
    /// The themes.
    pub themes: &'a ThemeChoice,
    /// What the charts showed last.
    pub insights: InsightsOptions,
    /// What the last frame showed of the topmost overlay.
    pub frame: &'a OverlayInfo,
}

impl SessionParts<'_> {
    /// Reads a query, with the saved searches.
    pub fn parse(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, self.saved)
    }

    /// Rows of a page of the topmost overlay.
    pub fn page(&self) -> isize {
        self.frame.height.max(2) as isize
    }

    /// Calls `tell` with each name that an argument can have.
    pub fn names(&self, argument: Argument, tell: &mut dyn FnMut(&str)) {
        match argument {
            Argument::Topic => self.feed.topics().iter().for_each(|(topic, _)| tell(topic.shown().as_str())),
            Argument::Provider => self.feed.providers().iter().for_each(|(name, _)| tell(name.as_str())),
            Argument::Saved => self.saved.iter().for_each(|(name, _)| tell(name)),
            Argument::Order => SortKey::ALL.iter().map(|key| key.word()).for_each(|word| {
                tell(word);
                tell(&format!("-{word}"));
            }),
            Argument::Theme => self.themes.words().iter().for_each(|word| tell(word)),
            Argument::Link | Argument::Query | Argument::Name | Argument::Note => {}
        }
    }
}

/// What an overlay answers to an action.
#[derive(Debug)]
pub enum Outcome {
    /// The action means nothing here: it goes on to the panes.
    Ignored,
    /// The overlay stays open, and the session does this.
    Stay(Vec<OverlayRequest>),
    /// The overlay closes, and then the session does this.
    Close(Vec<OverlayRequest>),
}

impl Outcome {
    /// The overlay stays open, and nothing else happens.
    pub fn stay() -> Outcome {
        Outcome::Stay(Vec::new())
    }

    /// The overlay closes, and nothing else happens.
    pub fn close() -> Outcome {
        Outcome::Close(Vec::new())
    }
}

/// What the session does for an overlay.
#[derive(Debug)]
pub enum OverlayRequest {
    /// Says a few words.
    Say(&'static str),
    /// Says why something could not be done.
    Fail(SafeText),
    /// Narrows the list to a query.
    SetQuery(Query),
    /// Gives the list the focus.
    FocusList,
    /// Runs a command.
    RunCommand(Command),
    /// Marks articles.
    SetMark(Mark, Vec<ArticleId>),
    /// Opens a link.
    OpenLink(Link),
    /// Shows the theme of this number from now on.
    PickTheme(usize),
    /// Hands an effect to the terminal.
    Perform(Effect),
    /// Finds letters in the article.
    Find(String),
    /// Ends finding, and scrolls back to where it began.
    EndFind,
    /// Restores the view before a prompt.
    RestoreView(Box<SavedView>),
    /// Remembers what was typed.
    RememberInput(PromptKind, String),
    /// Remembers what the charts show.
    RememberInsights(InsightsOptions),
}

/// An overlay. All but what it does with actions of its own has a default, which suits a list of rows.
pub trait OverlayBehaviour {
    /// The context of its keys.
    fn context(&self) -> Context {
        Context::Overlay
    }

    /// Its selected row, and how many rows it has; none where no row can be selected.
    fn selection(&mut self, _below: &SessionParts) -> Option<(&mut ListCursor, usize)> {
        None
    }

    /// Does an action that means something of its own here. Moving, and closing with Esc, need not be done.
    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome;

    /// Moves the selection by rows.
    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if let Some((cursor, count)) = self.selection(session) {
            cursor.step(by, count);
        }
        Outcome::stay()
    }

    /// Takes in text that was pasted.
    fn paste(&mut self, _text: &str, _below: &SessionParts) -> Outcome {
        Outcome::stay()
    }

    /// Selects a row that was clicked. The row keeps its place on the screen.
    fn click(&mut self, row: usize, session: &SessionParts) {
        let OverlayInfo { lines, row_lines, offset, .. } = *session.frame;
        let cursor = self.selection(session).filter(|_| row < lines && row_lines > 0);
        if let Some((cursor, _)) = cursor {
            *cursor = ListCursor { at: row, top: Some(offset) };
        }
    }

    /// Prepares for a double click on a row, which the first click selected. True when it does what Enter does.
    fn double_click(&mut self, _row: usize) -> bool {
        true
    }

    /// Scrolls by rows. The selection moves only where it would leave the screen.
    fn scroll(&mut self, by: isize, session: &SessionParts) {
        let OverlayInfo { height, lines, row_lines, offset, .. } = *session.frame;
        if let Some((cursor, _)) = self.selection(session).filter(|_| row_lines > 0) {
            let top = cursor.top.unwrap_or(offset);
            let (top, at) = scrolled((top, cursor.at), by, height.max(1), lines);
            *cursor = ListCursor { at, top: Some(top) };
        }
    }

    /// Whether a click on the panes is Enter here: a search that is typed is kept.
    fn click_outside_accepts(&self) -> bool {
        false
    }

    /// Whether an action would do something now; the footer hints at no other.
    fn is_available(&self, action: Action) -> bool {
        !matches!(action, Action::Toggle | Action::Complete | Action::SaveSearch)
    }

    /// The job that counts for it in the background.
    fn job(&mut self, _ground: &SearchContext) -> Option<Job> {
        None
    }

    /// The job whose answer it awaits.
    fn awaited_job(&self) -> Option<JobId> {
        None
    }

    /// Takes in the answer of its job.
    fn take_answer(&mut self, _answer: Answer) {}

    /// Takes note of what the last frame showed of it.
    fn frame_drawn(&mut self, _frame: &OverlayInfo) {}
}
