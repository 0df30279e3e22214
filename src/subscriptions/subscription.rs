//! A subscription: a channel that the user follows, and what is set for it.

use std::path::PathBuf;

use super::subscription_key::SubscriptionKey;
use crate::feed::{SafeText, UntrustedText};

/// Subscriptions of a list at most, in `subscriptions.yaml` and in the lists of other programs. It is also the limit of the refused
/// entries and of the duplicates that are listed.
pub const MAX_SUBSCRIPTIONS: usize = 10_000;

/// One line of `subscriptions.yaml`: a channel that the user follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscription {
    /// Address of the channel, as the user wrote it.
    pub address: UntrustedText,
    /// Title to show in place of the channel's; may be empty.
    pub title: SafeText,
    /// Topics that every article of it gets, besides its own.
    pub topics: Vec<SafeText>,
    /// Name of the folder of its articles, below the folder of all subscriptions. `None`: made from the address.
    pub folder: Option<String>,
    /// How long articles are kept. `None`: without limit.
    pub keep: Option<Keep>,
    /// The first address that it had, as its key, if the address was changed since.
    pub first_key: Option<SubscriptionKey>,
    /// How often it is fetched, in minutes; at least 15. `None`: as often as it changes.
    pub every: Option<u32>,
    /// A query that new articles must match to be written.
    pub only: Option<String>,
    /// True if the full text of new articles is fetched from their pages.
    pub has_full_text: bool,
    /// True if nothing is fetched until the user says so.
    pub is_paused: bool,
    /// How its server is asked.
    pub access: Access,
}

/// How the server of a subscription is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The header `User-Agent`, in place of that of the program.
    pub user_agent: Option<String>,
    /// Further headers, name and value.
    pub headers: Vec<(String, UntrustedText)>,
    /// User and password.
    pub login: Option<Login>,
    /// File with the certificates, in PEM, that vouch for the server in place of the public ones.
    pub certificate: Option<PathBuf>,
    /// True if the server may be on a private network.
    pub is_private: bool,
}

/// User and password of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: UntrustedText,
    /// Where the password comes from. It is never written in the file.
    pub password: PasswordSource,
}

/// Where a password comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// The first line that a command prints. Words as in a shell, without a shell.
    Command(String),
    /// The first line of a file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
}

impl Subscription {
    /// The key of its articles and its state.
    pub fn key(&self) -> SubscriptionKey {
        self.first_key.unwrap_or_else(|| SubscriptionKey::of_address(&self.address))
    }
}

/// How long the articles of a subscription are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// This number of days after publication (`180d`).
    Days(u32),
    /// The newest ones, up to this number (`500`).
    Newest(u32),
}
