//! What a change of the subscriptions asks the session to do.

use super::action::Action;
use super::effect::{Effect, SubscriptionEffect};
use super::notices::Notice;
use crate::feed::SafeText;
use crate::jobs::subscribe::SubscribeRequest;

/// The question whether a channel of a private network may be subscribed to.
#[derive(Debug)]
pub struct PrivateNetworkQuestion {
    /// The question, with answers yes and no.
    pub words: SafeText,
    /// What to subscribe to after yes.
    pub request: SubscribeRequest,
    /// What is shown if it cannot be asked.
    pub unasked: Notice,
}

/// What the session must do after a change of the subscriptions.
#[derive(Debug, Default)]
pub struct SubscriptionsUpdate {
    /// Effects.
    pub effects: Vec<Effect>,
    /// Notices.
    pub notices: Vec<Notice>,
    /// The action of an overlay to open, if no other one is open.
    pub opens: Option<Action>,
    /// A question to ask, if no overlay is open.
    pub asks: Option<PrivateNetworkQuestion>,
}

impl SubscriptionsUpdate {
    /// Nothing.
    pub fn nothing() -> SubscriptionsUpdate {
        SubscriptionsUpdate::default()
    }

    /// An effect.
    pub fn effect(effect: SubscriptionEffect) -> SubscriptionsUpdate {
        SubscriptionsUpdate { effects: vec![effect.into()], ..SubscriptionsUpdate::default() }
    }

    /// A notice.
    pub fn notice(notice: Notice) -> SubscriptionsUpdate {
        SubscriptionsUpdate { notices: vec![notice], ..SubscriptionsUpdate::default() }
    }

    /// A notice with these words.
    pub fn say(words: &'static str) -> SubscriptionsUpdate {
        SubscriptionsUpdate::notice(Notice::of(words.into()))
    }
}
