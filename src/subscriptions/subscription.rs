//! A subscription: a channel that the user follows, and what is set for it.

use super::subscription_key::SubscriptionKey;
use crate::feed::{SafeText, UntrustedText};

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
}

impl Subscription {
    /// The key of its articles and its state.
    pub fn key(&self) -> SubscriptionKey {
        SubscriptionKey::of_address(&self.address)
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
