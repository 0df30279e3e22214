//! What a job about subscriptions has found.

use crate::jobs::subscribe::SubscribeEnd;
use crate::jobs::sync_subscriptions::{MarksSent, SyncEnd};
use crate::jobs::unfollow::UnfollowEnd;
use crate::subscriptions::FetchRecords;

/// What a job about subscriptions has found.
#[derive(Clone, Debug)]
pub enum SubscriptionsAnswer {
    /// A sync has ended.
    Sync(SyncEnd),
    /// An attempt to subscribe has ended.
    Subscribe(SubscribeEnd),
    /// An attempt to send marks has ended.
    MarksSent(MarksSent),
    /// An attempt to end following a feed of an account has ended.
    Unfollow(UnfollowEnd),
    /// The records were read.
    Records(FetchRecords),
}

impl From<UnfollowEnd> for SubscriptionsAnswer {
    fn from(end: UnfollowEnd) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Unfollow(end)
    }
}

impl From<MarksSent> for SubscriptionsAnswer {
    fn from(end: MarksSent) -> SubscriptionsAnswer {
        SubscriptionsAnswer::MarksSent(end)
    }
}

impl From<SyncEnd> for SubscriptionsAnswer {
    fn from(end: SyncEnd) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Sync(end)
    }
}

impl From<SubscribeEnd> for SubscriptionsAnswer {
    fn from(end: SubscribeEnd) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Subscribe(end)
    }
}

impl From<FetchRecords> for SubscriptionsAnswer {
    fn from(records: FetchRecords) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Records(records)
    }
}
