//! An account: a reader service that has the subscriptions and marks of the user.

use std::fmt;

use super::subscription::Subscription;
use super::subscription_key::SubscriptionKey;
use crate::feed::{SafeText, UntrustedText, clean};

/// A reader service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// FreshRSS, by the Google Reader API.
    FreshRss,
    /// Miniflux, by the Google Reader API.
    Miniflux,
    /// Any service that speaks the Google Reader API.
    GoogleReader,
    /// Any service that speaks the Fever API.
    Fever,
}

impl ServiceKind {
    /// All, with the names that settings and commands use.
    pub const NAMES: [(&str, ServiceKind); 4] = [
        ("freshrss", ServiceKind::FreshRss),
        ("miniflux", ServiceKind::Miniflux),
        ("greader", ServiceKind::GoogleReader),
        ("fever", ServiceKind::Fever),
    ];

    /// The name that settings and commands use.
    pub fn name(self) -> &'static str {
        ServiceKind::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for ServiceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ServiceKind::FreshRss => "FreshRSS",
            ServiceKind::Miniflux => "Miniflux",
            ServiceKind::GoogleReader => "a service with the Google Reader API",
            ServiceKind::Fever => "a service with the Fever API",
        })
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The service.
    pub service: ServiceKind,
    /// How it is asked, and how often, as for a subscription: the address is that of the API.
    pub server: Subscription,
}

impl Account {
    /// Its title: the user's, or the service and the host.
    pub fn title(&self) -> SafeText {
        if !self.server.title.is_empty() {
            return self.server.title.clone();
        }
        clean::plain_line(&format!("{} ({})", self.service.name(), self.host()))
    }

    /// The same without the service: the user's title, or the host.
    pub fn short_title(&self) -> SafeText {
        if self.server.title.is_empty() { clean::plain_line(&self.host()) } else { self.server.title.clone() }
    }

    /// The host of its API; may be empty.
    pub fn host(&self) -> String {
        let url = url::Url::parse(self.server.address.untrusted().trim()).ok();
        url.as_ref().and_then(url::Url::host_str).unwrap_or_default().to_owned()
    }

    /// The key of its state: of its address and its user.
    pub fn key(&self) -> SubscriptionKey {
        self.server.key()
    }

    /// The key of an account at an address.
    pub fn key_of(address: &str, user: &str) -> SubscriptionKey {
        let address = address.trim_end_matches('/');
        SubscriptionKey::of_address(&UntrustedText::from_string(format!("account {address} {user}")))
    }

    /// The key of a feed of this account, by the id that the service gives it.
    pub fn key_of_feed(&self, feed: &str) -> SubscriptionKey {
        SubscriptionKey::of_address(&UntrustedText::from_string(format!("{} {feed}", self.key())))
    }
}
