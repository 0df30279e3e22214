//! The list of suggested channels, to subscribe to some of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;
use crate::jobs::import_subscriptions::ImportSource;
use crate::query::fold;
use crate::subscriptions::{Subscription, SubscriptionKey, suggested_channels};

/// The list of suggested channels; several can be picked, and typing narrows the list.
#[derive(Clone, Debug)]
pub struct ChannelPicker {
    /// The typed text that narrows the list.
    pub input: TextInput,
    /// The selected row.
    pub cursor: OverlayCursor,
    channels: Vec<Subscription>,
    picked: Vec<SubscriptionKey>,
}

impl ChannelPicker {
    /// All suggested channels, none of them picked.
    pub fn open() -> ChannelPicker {
        let (input, cursor) = (TextInput::default(), OverlayCursor::default());
        ChannelPicker { input, cursor, channels: suggested_channels(), picked: Vec::new() }
    }

    /// The channels whose title or topic contains every typed word.
    pub fn rows(&self) -> Vec<&Subscription> {
        let words = TypedWords::of(&self.input);
        let text = |channel: &Subscription| {
            let topics = channel.topics.iter().map(|topic| topic.as_str());
            fold(&std::iter::once(channel.title.as_str()).chain(topics).collect::<Vec<_>>().join(" "))
        };
        self.channels.iter().filter(|channel| words.is_empty() || words.are_in(&text(channel))).collect()
    }

    /// Whether a channel is picked.
    pub fn is_picked(&self, channel: &Subscription) -> bool {
        self.picked.contains(&channel.key())
    }

    /// Number of picked channels.
    pub fn picked(&self) -> usize {
        self.picked.len()
    }

    fn toggle(&mut self) {
        let Some(key) = self.rows().get(self.cursor.at).map(|channel| channel.key()) else { return };
        match self.picked.iter().position(|picked| *picked == key) {
            Some(at) => drop(self.picked.remove(at)),
            None => self.picked.push(key),
        }
    }

    /// Subscribes to the picked channels; to the selected one if none is picked.
    fn subscribe(&mut self) -> Outcome {
        if self.picked.is_empty() {
            self.toggle();
        }
        let picked = self.channels.iter().filter(|channel| self.is_picked(channel)).cloned();
        let picked: Vec<Subscription> = picked.collect();
        if picked.is_empty() {
            return Outcome::stay();
        }
        Outcome::Close(vec![OverlayRequest::Perform(Effect::Import(ImportSource::Channels(picked)))])
    }

    fn narrowed(&mut self) -> Outcome {
        self.cursor = OverlayCursor::default();
        Outcome::stay()
    }
}

impl OverlayBehaviour for ChannelPicker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows().len();
        Some((&mut self.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.subscribe(),
            Action::Toggle => {
                self.toggle();
                self.step(1, session)
            }
            Action::Type(c) => {
                self.input.insert(c.encode_utf8(&mut [0; 4]));
                self.narrowed()
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.narrowed()
            }
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.input.insert(text);
        self.narrowed()
    }

    fn double_click(&mut self, _: usize) -> bool {
        self.toggle();
        false
    }

    fn is_available(&self, action: Action) -> bool {
        !matches!(action, Action::Complete | Action::SaveSearch | Action::SwitchLabels)
    }
}
