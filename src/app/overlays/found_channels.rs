//! The channels that a page names, to subscribe to one of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::SubscriptionEffect;
use crate::app::overlay_cursor::OverlayCursor;
use crate::jobs::subscribe::FoundChannel;

/// The list of the channels that a page names.
#[derive(Clone, Debug)]
pub struct FoundChannelList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The channels.
    pub channels: Vec<FoundChannel>,
}

impl FoundChannelList {
    /// The list; `None` if no page has named several channels.
    pub fn open(session: &SessionParts) -> Option<FoundChannelList> {
        let channels = session.subscriptions.found().to_vec();
        (!channels.is_empty()).then(|| FoundChannelList { cursor: OverlayCursor::default(), channels })
    }
}

impl OverlayBehaviour for FoundChannelList {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.channels.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match (action, self.channels.get(self.cursor.at)) {
            (Action::Open, Some(channel)) => {
                let effect = SubscriptionEffect::Subscribe(channel.request.clone());
                Outcome::Close(vec![OverlayRequest::ForgetFoundChannels, OverlayRequest::Perform(effect.into())])
            }
            // With Esc the next `:subscribe` asks for an address again.
            (Action::Cancel | Action::Back | Action::Quit, _) => {
                Outcome::Close(vec![OverlayRequest::ForgetFoundChannels])
            }
            _ => Outcome::Ignored,
        }
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("subscribe")
    }
}
