//! Effects: what the program must do outside the session, as values. Only `terminal::effects` performs them.

use std::path::PathBuf;

use super::undo::FullTextChange;
use crate::config::saved_searches_file::SearchChange;
use crate::feed::{Address, Article, ArticleId, Change, Link, Problem, Refusal, SafeText, UntrustedText};
use crate::jobs::Job;
use crate::jobs::download::DownloadRequest;
use crate::jobs::full_text::FullTextRequest;
#[cfg(feature = "sync")]
use crate::jobs::import_subscriptions::ImportSource;
use crate::jobs::open_link::Player;
use crate::jobs::own_command::CommandRun;
#[cfg(feature = "pictures")]
use crate::jobs::remote_picture::RemoteRequest;
use crate::jobs::subscribe::SubscribeRequest;
use crate::jobs::sync_subscriptions::SyncScope;
use crate::jobs::write_articles::WriteRequest;
use crate::subscriptions::SubscriptionKey;

/// An action outside the session: files, terminal, clipboard, browser, jobs.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open an address in the browser.
    OpenLink(Address),
    /// Download an enclosure.
    Download(DownloadRequest),
    /// Stop all downloads.
    StopDownloads,
    /// Play the sound or film at an address, or its downloaded file.
    Play(Address),
    /// Start the player that was found for a sound or film.
    StartPlayer(Player),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: SafeText,
        /// What the text is, for the notice: "link".
        what: SafeText,
    },
    /// Have the terminal show a message, as one of the desktop.
    ShowMessage(SafeText),
    /// Suspend the screen and open the editor, for a file at a line.
    EditFile {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u32,
    },
    /// Run a command of the user on articles.
    RunCommand(Box<CommandRun>),
    /// Write articles to a file or a folder.
    WriteArticles(Box<WriteRequest>),
    /// End the programs that run for the user.
    StopPrograms,
    /// Suspend the screen and show a text in the pager.
    ShowInPager(SafeText),
    /// Scan the article files again.
    ReloadFiles,
    /// Run a job in the background.
    RunJob(Job),
    /// Save, rename, delete or pin a search.
    ChangeSearch(SearchChange),
    /// Write changes of marks to disk.
    SaveMarks(Vec<Change>),
    /// Suspend the screen and open the editor, for the saved searches.
    EditSavedSearches,
    /// Suspend the screen and open the editor, for the settings.
    EditSettings,
    /// Load the settings again.
    ReloadSettings,
    /// Add the folder of the subscriptions' articles to the library.
    JoinSubscriptions,
    /// Read a folder or a file in place of the present library.
    OpenLibrary(PathBuf),
    /// Subscribe to the channels of a list.
    #[cfg(feature = "sync")]
    Import(ImportSource),
    /// Fetch the full text of an article.
    FullText(FullTextRequest),
    /// Fetch a picture from another computer, because the user asked for it.
    #[cfg(feature = "pictures")]
    FetchPicture(RemoteRequest),
    /// Stop fetching a picture.
    #[cfg(feature = "pictures")]
    StopPicture,
    /// Set the full text of an article aside, or restore it.
    ChangeFullText(ArticleId, FullTextChange),
    /// Do something about subscriptions.
    Subscriptions(SubscriptionEffect),
    /// Suspend the process until the shell continues it.
    Suspend,
    /// Redraw the whole screen.
    Redraw,
    /// Quit.
    Quit,
}

/// What the program must do outside for the subscriptions. Addresses may contain passwords: `Debug` hides them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionEffect {
    /// Start a sync in the background.
    Sync {
        /// What is fetched.
        scope: SyncScope,
        /// True if the user did not ask for it.
        is_background: bool,
    },
    /// Send the marks that accounts have not got yet, in the background.
    SendMarks,
    /// End the running sync.
    StopSync,
    /// Subscribe to an address, or to the channel of a page.
    Subscribe(SubscribeRequest),
    /// Read what is known of the fetching of all subscriptions.
    ReadRecords,
    /// Suspend the screen and open the editor, for the subscriptions at a line.
    EditLine(u32),
    /// Remove a subscription from the file. Its articles stay.
    Unsubscribe(SubscriptionKey),
    /// Have the service of an account end following a feed. Its articles stay.
    Unfollow {
        /// The account.
        account: SubscriptionKey,
        /// The feed.
        feed: SubscriptionKey,
    },
    /// Replace the address of a subscription in the file. Its articles and marks stay with it.
    Move {
        /// The subscription.
        key: SubscriptionKey,
        /// Its new address.
        to: UntrustedText,
    },
}

impl From<SubscriptionEffect> for Effect {
    fn from(effect: SubscriptionEffect) -> Effect {
        Effect::Subscriptions(effect)
    }
}

/// Error: a link was not opened because its address is not safe to open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Not opened: {link} ({why}); copy it instead")]
pub struct LinkRefused {
    link: SafeText,
    #[source]
    why: Refusal,
}

impl Effect {
    /// The effect that opens a link.
    pub fn open(link: &Link) -> Result<Effect, LinkRefused> {
        match link {
            Link::Web(address) => Ok(Effect::OpenLink(address.clone())),
            Link::Refused { shown, why } => Err(LinkRefused { link: shown.clone(), why: why.clone() }),
        }
    }

    /// The effect that copies a link, or `[name](link)`. `what` says what it is: "link".
    pub fn copy(name: &SafeText, link: &Link, what: &'static str, as_markdown: bool) -> Effect {
        match as_markdown {
            false => Effect::Copy { text: link.for_copying(), what: what.into() },
            true => Effect::Copy { text: link.as_markdown(name), what: "Markdown link".into() },
        }
    }

    /// The effect that opens the file of an article in the editor, at the first problem with a line, else at line 1.
    pub fn edit_article<'a>(article: &Article, mut problems: impl Iterator<Item = &'a Problem>) -> Effect {
        let line = problems.find_map(|problem| problem.at).map_or(1, |at| at.line);
        Effect::EditFile { path: article.path.clone(), line }
    }

    /// The effect that opens the file of a problem in the editor, at its line, else at line 1.
    pub fn edit_problem(problem: &Problem) -> Effect {
        Effect::EditFile { path: problem.path.clone(), line: problem.at.map_or(1, |at| at.line) }
    }
}

/// Effects, in the order in which they must be performed.
#[must_use]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// No effects.
    pub fn none() -> Effects {
        Effects::default()
    }

    /// The same effects, and one more after them.
    pub fn and(mut self, last: Effect) -> Effects {
        self.0.push(last);
        self
    }
}

impl From<Effect> for Effects {
    fn from(effect: Effect) -> Effects {
        Effects(vec![effect])
    }
}
