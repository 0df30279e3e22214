//! Subscribing on disk: what the user follows, the records of requests, and the articles of a new subscription.

use std::time::Instant;

use url::Url;

use super::answer::{self, Received};
use super::channel_search::FoundChannel;
use super::claims;
use super::environment::{self, Environment};
use super::passwords;
use super::subscribe::{Added, SubscribeError, Subscribed, Subscriptions};
use crate::digest::PreparedChannel;
use crate::feed::{SafeText, clean};
use crate::subscriptions::{self, FetchRecord, Subscription, canonical};

/// Adds a line to `subscriptions.yaml`.
pub type AddLine<'a> = dyn FnMut(&Subscription) -> Result<Added, SubscribeError> + 'a;

/// The subscriptions of the user, on disk.
pub struct SubscriptionsOnDisk<'a> {
    environment: &'a Environment<'a>,
    add_line: &'a mut AddLine<'a>,
    /// Those that were added by this process.
    added: Vec<Subscription>,
    /// The record of the subscription that is being added, before the request.
    record: FetchRecord,
}

impl<'a> SubscriptionsOnDisk<'a> {
    /// The subscriptions of an environment. `add_line` adds one to the file.
    pub fn new(environment: &'a Environment<'a>, add_line: &'a mut AddLine<'a>) -> SubscriptionsOnDisk<'a> {
        SubscriptionsOnDisk { environment, add_line, added: Vec::new(), record: FetchRecord::default() }
    }
}

impl Subscriptions<PreparedChannel> for SubscriptionsOnDisk<'_> {
    fn find(&self, url: &Url) -> Option<SafeText> {
        let wanted = canonical(url);
        let is_same = |subscription: &&Subscription| {
            let address = Url::parse(subscription.address.untrusted().trim());
            address.is_ok_and(|address| canonical(&address) == wanted)
        };
        let found = self.environment.subscriptions.iter().chain(&self.added).find(is_same)?;
        let (record, _) = subscriptions::read_record(self.environment.states, found.key(), self.environment.fs);
        Some(environment::title(found, &record.unwrap_or_default()))
    }

    fn title(&self, channel: &PreparedChannel) -> SafeText {
        clean::plain_line(channel.title.untrusted())
    }

    fn record_request(&mut self, subscription: &Subscription) {
        let Environment { states, fs, clock, .. } = *self.environment;
        let claimed = claims::claim(states, subscription.key(), clock(), fs, |_| Ok::<(), ()>(()));
        // Without it, a sync that begins at this moment asks again: no article is lost.
        self.record = claimed.ok().and_then(Result::ok).unwrap_or_default();
    }

    fn add_line(&mut self, subscription: &Subscription) -> Result<Added, SubscribeError> {
        let added = (self.add_line)(subscription)?;
        self.added.push(subscription.clone());
        Ok(added)
    }

    fn write_articles(&mut self, subscription: &Subscription, found: FoundChannel<PreparedChannel>) -> Subscribed {
        let record = std::mem::take(&mut self.record);
        let is_first = !record.is_begun && self.environment.marks.is_some();
        let mut answer = found.answer;
        // The line has the new address already.
        answer.moved_to = None;
        let received = Received {
            subscription,
            record,
            settings: passwords::settings_hash(subscription, self.environment.fs),
            begun: Instant::now(),
            answer,
            body: Vec::new(),
        };
        let (result, problems) = answer::process_parsed(received, found.channel, self.environment);
        let read = if is_first { result.new.saturating_sub(answer::FIRST_UNREAD) } else { 0 };
        Subscribed { new: result.new, read, problem: result.problem, problems, ..Subscribed::default() }
    }
}
