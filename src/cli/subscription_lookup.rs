//! Finds the subscription that a command names: by its address, key, title, folder or host, or a part of them.

use super::context::Context;
use super::error::CliError;
use crate::config::paths::UserPaths;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::file_system::RealFileSystem;
use crate::query::nearest_name;
use crate::subscriptions::{
    FetchRecord, FetchRecords, Found, ListedSubscription, Subscription, SubscriptionKey, read_records, without_secrets,
};
use crate::sync;
use std::path::PathBuf;

/// Candidates that a message names at most.
const MAX_CANDIDATES: usize = 10;

/// The subscriptions, and what is known of their fetching.
pub struct KnownSubscriptions<'a> {
    /// The lines of the file.
    pub listed: &'a [ListedSubscription],
    /// The records.
    pub records: FetchRecords,
}

/// The folder with the states of subscriptions. `None` without a home folder.
pub fn states_folder(context: &Context) -> Option<PathBuf> {
    context.state_folder.as_ref().map(|folder| folder.join("sync"))
}

/// The folder with the folders of all subscriptions. `None` without a home folder.
pub fn articles_folder() -> Option<PathBuf> {
    UserPaths::find().map(|paths| paths.articles)
}

/// The subscription of a channel, as article files name it; may be empty.
pub fn of_channel<'a>(subscriptions: &'a [Subscription], channel: &SafeText) -> Option<&'a Subscription> {
    let is_of_channel = |one: &&Subscription| sync::shown_address(one.address.untrusted()) == *channel;
    subscriptions.iter().find(is_of_channel).filter(|_| !channel.is_empty())
}

/// Fails if the file cannot be read as a whole; the notices say why.
pub fn usable(context: &Context) -> Result<&[ListedSubscription], CliError> {
    match context.user.subscriptions.found {
        Found::Unusable => Err(CliError::new("subscriptions.yaml cannot be used: see above")),
        Found::Nothing | Found::List => Ok(&context.user.subscriptions.subscriptions),
    }
}

impl<'a> KnownSubscriptions<'a> {
    /// Reads the records of the subscriptions and of the accounts.
    pub fn read(context: &'a Context) -> Result<KnownSubscriptions<'a>, CliError> {
        let listed = usable(context)?;
        let accounts = context.user.subscriptions.accounts.iter().map(|listed| listed.account.key());
        let keys = listed.iter().map(|listed| listed.key).chain(accounts);
        let folder = states_folder(context);
        let records = folder.map(|folder| read_records(&folder, keys, &RealFileSystem)).unwrap_or_default();
        Ok(KnownSubscriptions { listed, records })
    }

    /// The record of a subscription or an account, if it was ever fetched.
    pub fn record(&self, key: SubscriptionKey) -> Option<&FetchRecord> {
        self.records.records.get(&key)
    }

    /// The title of a subscription: the user's, else the channel's, else the address.
    pub fn title(&self, subscription: &Subscription) -> SafeText {
        match self.record(subscription.key()) {
            Some(record) => sync::title(subscription, record),
            None => sync::title(subscription, &FetchRecord::default()),
        }
    }

    /// The one subscription that a text names. A whole name comes before a part of one.
    pub fn find(&self, text: &str) -> Result<&'a ListedSubscription, CliError> {
        let wanted = text.trim();
        if self.listed.is_empty() {
            return Err(CliError::new("there are no subscriptions").hint("frontpage subscribe URL adds one"));
        }
        let of_address = SubscriptionKey::of_address(&UntrustedText::new(wanted));
        let is_exact = |listed: &&ListedSubscription| {
            let subscription = &listed.subscription;
            let key = listed.key;
            key == of_address || key.to_string() == wanted || subscription.address.untrusted().trim() == wanted
        };
        if let Some(exact) = self.listed.iter().find(is_exact) {
            return Ok(exact);
        }
        let folded = wanted.to_lowercase();
        // An address is written as it is shown, or with its secrets, which must not have to match.
        let shown = without_secrets(wanted).as_str().to_lowercase();
        let names = |listed: &ListedSubscription| {
            let subscription = &listed.subscription;
            let address = without_secrets(subscription.address.untrusted());
            let folder = subscription.folder_name().unwrap_or_default();
            [self.title(subscription).to_string(), address.to_string(), folder].map(|name| name.to_lowercase())
        };
        let whole = |listed: &&ListedSubscription| {
            names(listed).iter().any(|name| *name == folded || *name == shown || host(name) == folded)
        };
        let part = |listed: &&ListedSubscription| names(listed).iter().any(|name| name.contains(&folded));
        let mut found: Vec<&ListedSubscription> = self.listed.iter().filter(whole).collect();
        if found.is_empty() && !folded.is_empty() {
            found = self.listed.iter().filter(part).collect();
        }
        match found.as_slice() {
            [one] => Ok(one),
            [] => {
                let error = CliError::new(&format!("no subscription is called {}", clean::quote(&shown_name(wanted))));
                let titles: Vec<SafeText> = self.listed.iter().map(|listed| self.title(&listed.subscription)).collect();
                Err(match nearest_name(wanted, titles.iter().map(SafeText::as_str)) {
                    Some(nearest) => error.hint(&format!("did you mean `{nearest}`?")),
                    None => error.hint("`frontpage subscriptions` lists them"),
                })
            }
            several => {
                let what = format!("{} subscriptions match {}", several.len(), clean::quote(&shown_name(wanted)));
                let mut error = CliError::new(&what);
                for listed in several.iter().take(MAX_CANDIDATES) {
                    let address = without_secrets(listed.subscription.address.untrusted());
                    error = error.hint(&format!("{} {address}", self.title(&listed.subscription)));
                }
                if several.len() > MAX_CANDIDATES {
                    error = error.hint(&format!("and {} more", several.len() - MAX_CANDIDATES));
                }
                Err(error)
            }
        }
    }
}

/// A name for a message: an address without its secrets.
fn shown_name(text: &str) -> String {
    if text.contains("://") || text.contains('@') { without_secrets(text).to_string() } else { text.to_owned() }
}

/// The host of an address; empty for another text.
fn host(name: &str) -> &str {
    let rest = name.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}
