//! Subscribing: finds the channel of an address, adds its line to `subscriptions.yaml`, and writes its articles.
//!
//! The document that was fetched to find the channel is the one that becomes articles: it is not fetched again. The line is written
//! before the articles: a program that is stopped in between leaves a subscription that the next sync fetches, never articles
//! without a subscription. Before the line, the time of the request is recorded, so that a sync that runs meanwhile does not ask the
//! server again at once.

use url::Url;

use super::channel_search::{DocumentSource, FoundChannel, NamedChannel, Search, SearchResult};
use super::entered_address::{self, AddressError, EnteredAddress};
use super::environment::shown_address;
use super::search_failure::SearchFailure;
use crate::feed::{Problem, SafeText, UntrustedText};
use crate::subscriptions::{Access, RecordedProblem, Subscription};

/// What the user sets for new subscriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscribeOptions {
    /// Title to show in place of the channel's; may be empty.
    pub title: SafeText,
    /// Topics that every article gets.
    pub topics: Vec<SafeText>,
    /// Name of the folder of the articles.
    pub folder: Option<String>,
    /// True if the address may be on a private network.
    pub is_private: bool,
}

/// The result of subscribing to an address.
pub enum Outcome {
    /// The line was added, and articles were written.
    Subscribed(Subscribed),
    /// The user follows the channel already.
    AlreadySubscribed {
        /// The title, if it is known.
        title: SafeText,
        /// The address, without secrets.
        address: SafeText,
    },
    /// The page names several channels, and none was chosen. Nothing was written.
    Choose {
        /// The channels.
        channels: Vec<NamedChannel>,
        /// False if their addresses may have secrets.
        is_public: bool,
    },
    /// Nothing was written, except that after [`SubscribeError::Line`] the time of the request may be recorded.
    Failed(SubscribeError),
}

/// A new subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscribed {
    /// Its title; may be empty.
    pub title: SafeText,
    /// Its address, without secrets.
    pub address: SafeText,
    /// Number of articles that were written.
    pub new: usize,
    /// Number of those that are older than what a new subscription has unread.
    pub read: usize,
    /// What the user should know.
    pub notes: Vec<SafeText>,
    /// Why articles are missing; the next sync tries again. To be cleaned before display.
    pub problem: Option<RecordedProblem>,
    /// Problems of files of the program.
    pub problems: Vec<Problem>,
}

/// Why an address was not subscribed to.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SubscribeError {
    /// The text is not an address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No channel was found.
    #[error("{}", .0.problem())]
    Search(SearchFailure),
    /// The line could not be written.
    #[error("{what}")]
    Line {
        /// What happened.
        what: SafeText,
        /// What the user can do; may be empty.
        remedy: SafeText,
    },
}

impl SubscribeError {
    /// What the user can do; may be empty.
    pub fn remedy(&self) -> SafeText {
        match self {
            SubscribeError::Address(_) => SafeText::default(),
            SubscribeError::Search(failure) => failure.remedy(),
            SubscribeError::Line { remedy, .. } => remedy.clone(),
        }
    }
}

/// Whether a line was added to `subscriptions.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was.
    Added,
    /// The file has a line for the channel: another process was faster.
    AlreadyThere,
}

/// The subscriptions and their articles, on disk. `C` is a channel that was parsed.
pub trait Subscriptions<C> {
    /// The subscription to the channel of an address, if the user follows it.
    fn find(&self, url: &Url) -> Option<SafeText>;

    /// The title of a channel.
    fn title(&self, channel: &C) -> SafeText;

    /// Records that the channel of a subscription is being requested.
    fn record_request(&mut self, subscription: &Subscription);

    /// Adds the line of a subscription.
    fn add_line(&mut self, subscription: &Subscription) -> Result<Added, SubscribeError>;

    /// Writes the articles of a new subscription, and then what is known of its fetching.
    fn write_articles(&mut self, subscription: &Subscription, found: FoundChannel<C>) -> Subscribed;
}

/// Subscribes to the channel of an address that was entered. `choose` returns the position of one of several channels.
pub fn subscribe<C>(
    entered: EnteredAddress,
    options: &SubscribeOptions,
    source: &mut dyn DocumentSource<C>,
    subscriptions: &mut dyn Subscriptions<C>,
    choose: &mut dyn FnMut(&[NamedChannel]) -> Option<usize>,
) -> Outcome {
    let result = {
        let is_known = |url: &Url| subscriptions.find(url).is_some();
        let mut search = Search::new(source, &is_known, entered, options.is_private);
        let mut result = search.run();
        if let SearchResult::Several(channels) = result {
            let chosen = choose(&channels).and_then(|at| channels.get(at));
            result = match chosen.map(|channel| channel.url.clone()) {
                Some(url) => search.take(&url),
                None => return Outcome::Choose { channels, is_public: search.is_public() },
            };
        }
        result
    };
    let found = match result {
        SearchResult::Found(found) => *found,
        SearchResult::Known(url) => return already(&url, subscriptions),
        SearchResult::Failed(failure) => return Outcome::Failed(SubscribeError::Search(failure)),
        // A channel that was chosen is one.
        SearchResult::Several(channels) => return Outcome::Choose { channels, is_public: false },
    };
    let subscription = Subscription {
        address: UntrustedText::new(found.url.as_str()),
        title: options.title.clone(),
        topics: options.topics.clone(),
        folder: options.folder.clone(),
        access: Access { is_private: found.is_private, ..Access::default() },
        ..Subscription::default()
    };
    subscriptions.record_request(&subscription);
    match subscriptions.add_line(&subscription) {
        Ok(Added::Added) => {}
        Ok(Added::AlreadyThere) => return already(&found.url, subscriptions),
        Err(error) => return Outcome::Failed(error),
    }
    let title = if options.title.is_empty() { subscriptions.title(&found.channel) } else { options.title.clone() };
    let address = shown_address(found.url.as_str());
    let notes = notes(&found);
    let written = subscriptions.write_articles(&subscription, found);
    Outcome::Subscribed(Subscribed { title, address, notes, ..written })
}

/// Reads an address that was entered, for [`subscribe`].
pub fn entered(text: &str) -> Result<EnteredAddress, SubscribeError> {
    Ok(entered_address::read(text)?)
}

fn already<C>(url: &Url, subscriptions: &dyn Subscriptions<C>) -> Outcome {
    Outcome::AlreadySubscribed {
        title: subscriptions.find(url).unwrap_or_default(),
        address: shown_address(url.as_str()),
    }
}

fn notes<C>(found: &FoundChannel<C>) -> Vec<SafeText> {
    let mut notes = Vec::new();
    if found.url.scheme() == "http" && !found.is_private {
        notes.push(SafeText::from("the address is http: others in the network can read and change what comes"));
    }
    if found.url.password().is_some() || !found.url.username().is_empty() {
        notes.push(SafeText::from(
            "the address has a user in it, which is now in subscriptions.yaml; `auth` keeps a password out of the file",
        ));
    }
    notes
}
