//! The trait that every overlay implements, what it may read of the session, and what it may request from it.

use super::insights_options::InsightsOptions;
use crate::app::action::Action;
use crate::app::bound_commands::BoundCommands;
use crate::app::commands::{Argument, Command};
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::frame_info::{OverlayInfo, VisibleLinks};
use crate::app::link_target::LinkTarget;
use crate::app::notices::Notices;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::prompt_history::{PromptHistory, PromptKind};
use crate::app::scroll::scrolled;
use crate::app::subscriptions::Subscriptions;
use crate::app::theme_choice::ThemeChoice;
use crate::app::view_before_prompt::ViewBeforePrompt;
use crate::config::ProgramTemplate;
use crate::config::saved_searches_file::SearchChange;
use crate::feed::{ArticleId, Feed, Link, Mark, Marks, Problem, SafeText, Tag, tags};
use crate::jobs::download::DownloadRequest;
use crate::jobs::subscribe::SubscribeRequest;
use crate::jobs::write_articles::WriteRequest;
use crate::jobs::{Answer, Job, JobId};
use crate::query::{Query, QueryError, SavedSearches, SearchContext, SortKey};
use crate::subscriptions::SubscriptionKey;

/// The parts of the session that an overlay may read.
#[derive(Clone, Copy)]
pub struct SessionParts<'a> {
    /// All articles.
    pub feed: &'a Feed,
    /// The user's marks.
    pub marks: &'a Marks,
    /// The article shown in the detail pane.
    pub article: Option<ArticleId>,
    /// The query of the list.
    pub query: &'a Query,
    /// The saved searches.
    pub saved: &'a SavedSearches,
    /// The problems of files.
    pub problems: &'a [Problem],
    /// The notices.
    pub notices: &'a Notices,
    /// The history of prompts.
    pub history: &'a PromptHistory,
    /// The context of the keys: the topmost overlay, or the focused pane.
    pub context: Context,
    /// The commands that keys are bound to.
    pub bound_commands: &'a BoundCommands,
    /// The themes.
    pub themes: &'a ThemeChoice,
    /// The subscriptions.
    pub subscriptions: &'a Subscriptions,
    /// The options of the charts when they were open last.
    pub insights: InsightsOptions,
    /// The links of the article on the screen.
    pub visible_links: &'a VisibleLinks,
    /// What the last frame showed of the topmost overlay.
    pub frame: &'a OverlayInfo,
}

impl SessionParts<'_> {
    /// Parses a query, which may refer to saved searches.
    pub fn parse(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, self.saved)
    }

    /// Number of rows of a page of the topmost overlay, at least 2.
    pub fn page(&self) -> isize {
        // A page key moves by one row less than a page: with 1 it would not move.
        self.frame.height.max(2) as isize
    }

    /// Calls `visit` with each name that an argument can have.
    pub fn names(&self, argument: Argument, visit: &mut dyn FnMut(&str)) {
        match argument {
            Argument::Topic => self.feed.topics().iter().for_each(|(topic, _)| visit(topic.shown().as_str())),
            Argument::Tag => tags::in_use(self.marks).iter().for_each(|(tag, _)| visit(tag.shown().as_str())),
            Argument::Provider => self.feed.providers().iter().for_each(|(name, _)| visit(name.as_str())),
            Argument::Saved | Argument::Search => self.saved.iter().for_each(|(name, _)| visit(name)),
            Argument::Order => SortKey::ALL.iter().map(|key| key.word()).for_each(|word| {
                visit(word);
                visit(&format!("-{word}"));
            }),
            Argument::Theme => self.themes.words().iter().for_each(|word| visit(word)),
            Argument::OwnCommand => {
                let own = self.bound_commands.with_argument().into_iter();
                let own = own.filter(|command| command.action == Action::RunCommand);
                own.filter_map(|command| command.argument.as_deref()).for_each(visit);
            }
            Argument::Switch => ["on", "off"].into_iter().for_each(visit),
            Argument::Path | Argument::Link | Argument::Query | Argument::Name | Argument::Note | Argument::Address => {
            }
        }
    }
}

/// What an overlay does with an action.
#[derive(Debug)]
pub enum Outcome {
    /// The overlay ignores the action: it goes to the panes.
    Ignored,
    /// The overlay stays open, and the session carries out the requests.
    Stay(Vec<OverlayRequest>),
    /// The overlay closes, then the session carries out the requests.
    Close(Vec<OverlayRequest>),
}

impl Outcome {
    /// The overlay stays open, without requests.
    pub fn stay() -> Outcome {
        Outcome::Stay(Vec::new())
    }

    /// The overlay closes, without requests.
    pub fn close() -> Outcome {
        Outcome::Close(Vec::new())
    }
}

/// A request of an overlay to the session.
#[derive(Debug)]
pub enum OverlayRequest {
    /// Show a notice.
    Say(&'static str),
    /// Show a notice of a failure.
    Fail(SafeText),
    /// Set the query of the list.
    SetQuery(Query),
    /// Focus the list.
    FocusList,
    /// Ask for the path of a file or folder.
    AskForPath(PromptKind),
    /// Offer the channels of the program's own list.
    #[cfg(feature = "sync")]
    PickChannels,
    /// Run a command.
    RunCommand(Command),
    /// Pipe the article to a program.
    Pipe(ProgramTemplate),
    /// Set a mark on articles.
    SetMark(Mark, Vec<ArticleId>),
    /// Add a tag to articles (true), or remove it.
    SetTag(Tag, bool, Vec<ArticleId>),
    /// Follow a link of the article to its target.
    FollowLink(Link, LinkTarget),
    /// Scroll the article to this byte of its body.
    ShowPlace(usize),
    /// Pick the theme at this index.
    PickTheme(usize),
    /// Perform an effect.
    Perform(Effect),
    /// Change a saved search, if need be after a question.
    ChangeSearch(SearchChange),
    /// Save the query of the list, and keep the typed query if it is still in its prompt.
    SaveSearch(Effect),
    /// Search for a text in the article.
    Find(String),
    /// Narrow the navigation pane to entries with these words.
    Filter(String),
    /// End the search in the article, and scroll back to where it started.
    EndFind,
    /// Restore the view before the prompt.
    RestoreView(Box<ViewBeforePrompt>),
    /// Add a text to the history of prompts.
    RememberInput(PromptKind, String),
    /// Remember the options of the charts.
    RememberInsights(InsightsOptions),
    /// Download files.
    Download(Vec<DownloadRequest>),
    /// Ask a yes/no question, and do this after yes.
    Ask(SafeText, ConfirmedRequest),
    /// Forget the channels that a page named.
    ForgetFoundChannels,
}

/// What happens after a question is answered with yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmedRequest {
    /// A mark is set on these articles.
    SetMark(Mark, Vec<ArticleId>),
    /// The subscription is removed; its articles stay.
    Unsubscribe(SubscriptionKey),
    /// A service ends following a feed of an account; its articles stay.
    Unfollow {
        /// The account.
        account: SubscriptionKey,
        /// The feed.
        feed: SubscriptionKey,
    },
    /// Articles are written over an existing file.
    Write(Box<WriteRequest>),
    /// The user subscribes to an address on a private network.
    SubscribePrivately(SubscribeRequest),
    /// A saved search is changed.
    ChangeSearch(SearchChange),
    /// Files are downloaded.
    Download(Vec<DownloadRequest>),
}

/// The behaviour of an overlay. The defaults suit a list of rows; only `act` is required.
pub trait OverlayBehaviour {
    /// The context of its key bindings.
    fn context(&self) -> Context {
        Context::Overlay
    }

    /// The cursor and the number of rows. `None` if no row can be selected.
    fn selection(&mut self, _session: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        None
    }

    /// The present row, or the first line on the screen, and the last one that it can be.
    fn position(&mut self, session: &SessionParts) -> (usize, usize) {
        self.selection(session).map_or((0, 0), |(cursor, rows)| (cursor.at, rows.saturating_sub(1)))
    }

    /// Handles an action. [`Overlays::act`](super::Overlays::act) handles movements and closing if this ignores them.
    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome;

    /// Moves the cursor by rows.
    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if let Some((cursor, count)) = self.selection(session) {
            cursor.step(by, count);
        }
        Outcome::stay()
    }

    /// Handles pasted text.
    fn paste(&mut self, _text: &str, _session: &SessionParts) -> Outcome {
        Outcome::stay()
    }

    /// Selects a clicked row, without scrolling.
    fn click(&mut self, row: usize, session: &SessionParts) {
        let OverlayInfo { lines, row_lines, offset, .. } = *session.frame;
        let cursor = self.selection(session).filter(|_| row < lines && row_lines > 0);
        if let Some((cursor, _)) = cursor {
            *cursor = OverlayCursor { at: row, top: Some(offset) };
        }
    }

    /// Handles the second click on a row, which the first click selected. True if the caller must do what Enter does.
    fn double_click(&mut self, _row: usize) -> bool {
        true
    }

    /// Handles a click on something else that it offers, by its index: a text, or the name of a chart.
    fn choose(&mut self, _at: usize, _session: &SessionParts) -> Outcome {
        Outcome::stay()
    }

    /// Scrolls by rows. The selection moves only if it would leave the screen.
    fn scroll(&mut self, by: isize, session: &SessionParts) {
        let OverlayInfo { height, lines, row_lines, offset, .. } = *session.frame;
        if let Some((cursor, _)) = self.selection(session).filter(|_| row_lines > 0) {
            let top = cursor.top.unwrap_or(offset);
            let (top, at) = scrolled((top, cursor.at), by, height.max(1), lines);
            *cursor = OverlayCursor { at, top: Some(top) };
        }
    }

    /// Whether a click on the panes accepts this overlay, as Enter does: a typed search is kept.
    fn click_outside_accepts(&self) -> bool {
        false
    }

    /// Why a click outside leaves this overlay open, if it does: rows that were picked in it would be lost.
    fn kept_by_click_outside(&self) -> Option<&'static str> {
        None
    }

    /// Whether an action would do something now. The footer shows no hints for other actions.
    fn is_available(&self, action: Action) -> bool {
        !matches!(action, Action::Toggle | Action::Complete | Action::SaveSearch | Action::Search)
    }

    /// What Enter does, in a word for the footer; `None` for the word of its context.
    fn enter_word(&self) -> Option<&'static str> {
        None
    }

    /// Creates the background job that computes the counts it shows, if it needs one.
    fn job(&mut self, _search_context: &SearchContext) -> Option<Job> {
        None
    }

    /// The job that it started last.
    fn awaited_job(&self) -> Option<JobId> {
        None
    }

    /// Handles the answer of that job.
    fn take_answer(&mut self, _answer: Answer) {}

    /// Records what the last frame showed of it.
    fn frame_drawn(&mut self, _frame: &OverlayInfo) {}
}
