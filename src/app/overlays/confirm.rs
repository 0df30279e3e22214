//! A yes/no question: before many articles are marked, before a file is replaced, before a subscription or a saved search is
//! removed, and before many files are downloaded or a server on a private network is used.

use super::behaviour::{ConfirmedRequest, Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::{Effect, SubscriptionEffect};
use crate::app::focus::Context;
use crate::feed::SafeText;

/// A yes/no question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub words: SafeText,
    /// What happens after yes. It was decided when the question was asked: articles that come later are not part of it.
    pub then: ConfirmedRequest,
}

impl OverlayBehaviour for Confirm {
    fn context(&self) -> Context {
        Context::Confirm
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => Outcome::Close(vec![match self.then.clone() {
                ConfirmedRequest::SetMark(mark, articles) => OverlayRequest::SetMark(mark, articles),
                ConfirmedRequest::Unsubscribe(key) => {
                    OverlayRequest::Perform(SubscriptionEffect::Unsubscribe(key).into())
                }
                ConfirmedRequest::Unfollow { account, feed } => {
                    OverlayRequest::Perform(SubscriptionEffect::Unfollow { account, feed }.into())
                }
                ConfirmedRequest::ChangeSearch(change) => OverlayRequest::Perform(Effect::ChangeSearch(change)),
                ConfirmedRequest::Download(requests) => OverlayRequest::Download(requests),
                ConfirmedRequest::Write(request) => OverlayRequest::Perform(Effect::WriteArticles(request)),
                ConfirmedRequest::SubscribePrivately(request) => {
                    OverlayRequest::Perform(SubscriptionEffect::Subscribe(request).into())
                }
            }]),
            _ => Outcome::Ignored,
        }
    }
}
