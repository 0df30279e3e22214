//! The list of suggested channels, to subscribe to some of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::{self, NarrowedRows};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::SafeText;
use crate::jobs::import_subscriptions::ImportSource;
use crate::query::fold;
use crate::subscriptions::{Subscription, SubscriptionKey, suggested_channels};

/// The list of suggested channels; several can be picked, and typing narrows the list.
#[derive(Clone, Debug)]
pub struct ChannelPicker {
    /// The channels, by index. Parts of titles and topics are typed.
    pub rows: NarrowedRows,
    channels: Vec<Subscription>,
    picked: Vec<SubscriptionKey>,
}

impl ChannelPicker {
    /// All suggested channels, none of them picked.
    pub fn open() -> ChannelPicker {
        let channels = suggested_channels();
        let text = |channel: &Subscription| {
            let topics = channel.topics.iter().map(|topic| topic.as_str());
            fold(&std::iter::once(channel.title.as_str()).chain(topics).collect::<Vec<_>>().join(" "))
        };
        let rows = NarrowedRows::of_picker(channels.iter().map(text).collect());
        ChannelPicker { rows, channels, picked: Vec::new() }
    }

    /// The channel of a row.
    pub fn channel(&self, row: usize) -> Option<&Subscription> {
        self.channels.get(*self.rows.items().get(row)?)
    }

    /// Whether a channel is picked.
    pub fn is_picked(&self, channel: &Subscription) -> bool {
        self.picked.contains(&channel.key())
    }

    /// The titles of the picked channels, in the order in which they were picked.
    pub fn picked_titles(&self) -> Vec<SafeText> {
        let channel = |key: &SubscriptionKey| self.channels.iter().find(|channel| channel.key() == *key);
        self.picked.iter().filter_map(channel).map(|channel| channel.title.clone()).collect()
    }

    fn toggle(&mut self) {
        let Some(key) = self.channel(self.rows.cursor.at).map(Subscription::key) else { return };
        narrowed_rows::toggle(&mut self.picked, key);
    }

    /// Subscribes to the picked channels; to the selected one if none is picked.
    fn subscribe(&mut self) -> Outcome {
        if self.rows.selected().is_none() {
            return self.rows.refuse();
        }
        if self.picked.is_empty() {
            self.toggle();
        }
        let picked = self.channels.iter().filter(|channel| self.is_picked(channel)).cloned().collect();
        Outcome::Close(vec![OverlayRequest::Perform(Effect::Import(ImportSource::Channels(picked)))])
    }
}

impl OverlayBehaviour for ChannelPicker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows.items().len();
        Some((&mut self.rows.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.subscribe(),
            Action::Toggle => {
                self.toggle();
                self.step(1, session)
            }
            action if self.rows.act(action, 0) => Outcome::stay(),
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.rows.paste(text);
        Outcome::stay()
    }

    fn double_click(&mut self, _: usize) -> bool {
        self.toggle();
        false
    }

    /// A check box was clicked.
    fn choose(&mut self, row: usize, session: &SessionParts) -> Outcome {
        // The click refers to the last frame, which may have had more rows.
        if row < self.rows.items().len() {
            self.click(row, session);
            self.toggle();
        }
        Outcome::stay()
    }

    fn kept_by_click_outside(&self) -> Option<&'static str> {
        (!self.picked.is_empty()).then_some("Enter subscribes to what is picked, Esc drops it")
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("subscribe")
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Toggle => !self.rows.items().is_empty(),
            action => self.rows.is_available(action),
        }
    }
}
