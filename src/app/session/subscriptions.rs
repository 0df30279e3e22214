//! Hands actions, times and answers to the subscriptions, and does what they ask for.

use super::App;
use crate::app::effect::Effects;
use crate::app::overlays::{Confirm, ConfirmedRequest, SubscriptionList};
use crate::app::subscriptions::{Subscriptions, SyncContext};
use crate::app::subscriptions_answer::SubscriptionsAnswer;
use crate::app::subscriptions_update::{PrivateNetworkQuestion, SubscriptionsUpdate};
use crate::jobs::{JobId, JobKind};

impl App {
    /// The subscriptions.
    pub fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// Changes the subscriptions, and updates what depends on them: the problems, and an open list of them.
    pub(super) fn with_subscriptions(
        &mut self,
        change: impl FnOnce(&mut Subscriptions, &SyncContext) -> SubscriptionsUpdate,
    ) -> Effects {
        let is_running = self.jobs.has(JobKind::Sync);
        let is_sending = self.jobs.has(JobKind::SendMarks);
        let context = SyncContext { moment: self.time.moment(), is_running, is_sending, settings: self.settings.sync };
        let (revision, channels) = (self.subscriptions.revision(), self.subscriptions.channels());
        let SubscriptionsUpdate { effects, notices, opens, asks } = change(&mut self.subscriptions, &context);
        notices.into_iter().for_each(|notice| self.push_notice(notice));
        let selected = self.selected_problem().cloned();
        if self.problems.set_of_subscriptions(self.subscriptions.problems()) {
            self.select_problem(selected.as_ref());
        }
        if let Some(list) = self.overlays.find_mut::<SubscriptionList>() {
            list.follow(&self.subscriptions);
        }
        if self.subscriptions.revision() != revision {
            self.panes.navigation_mut().rebuild(&self.subscriptions);
        }
        let mut effects = Effects(effects);
        if self.subscriptions.channels() != channels {
            self.panes.navigation_mut().articles.invalidate();
            effects.0.extend(self.refresh_counts().0);
        }
        // On top of another overlay it would take the keys that the user types there.
        let is_free = self.overlays.is_empty() || self.overlays.top_as::<SubscriptionList>().is_some();
        if let Some(action) = opens.filter(|_| is_free) {
            effects.0.extend(self.open_overlay(action).0);
        }
        match asks {
            Some(PrivateNetworkQuestion { words, request, .. }) if is_free => {
                let then = ConfirmedRequest::SubscribePrivately(request);
                effects.0.extend(self.push_overlay(Confirm { words, then }).0);
            }
            Some(question) => self.push_notice(question.unasked),
            None => {}
        }
        effects
    }

    /// Handles the answer of a job about subscriptions.
    pub(super) fn subscriptions_answered(&mut self, _: JobId, answer: impl Into<SubscriptionsAnswer>) -> Effects {
        self.with_subscriptions(|subscriptions, context| subscriptions.take(answer.into(), context))
    }
}
