//! Starts and ends the processes that fetch subscriptions, and opens or changes the file of the subscriptions.

use std::io;
use std::time::{Duration, Instant};

use super::event_loop::EventLoop;
use crate::app::{Event, SubscriptionEffect};
use crate::config::OnQuit;
use crate::jobs::{JobKind, subscribe, subscription_records, sync_subscriptions, unfollow};
use crate::subscriptions::edit::{self, EditError};

/// How long the end of the reader waits until a sync that it ends has got the signal.
const END_WAIT: Duration = Duration::from_millis(200);
const WAIT_STEP: Duration = Duration::from_millis(5);

impl EventLoop {
    pub(super) fn perform_for_subscriptions(&mut self, effect: SubscriptionEffect) -> io::Result<()> {
        match effect {
            SubscriptionEffect::Sync { scope, is_background } => {
                self.start(sync_subscriptions::sync(&self.io.sync.program, scope, is_background))
            }
            SubscriptionEffect::SendMarks => self.start(sync_subscriptions::send_marks(&self.io.sync.program)),
            SubscriptionEffect::StopSync => {
                self.io.runner.cancel_all(JobKind::Sync);
                self.notify("Sync ended: what it had fetched stays")
            }
            SubscriptionEffect::Subscribe(request) => self.start(subscribe::subscribe(&self.io.sync.program, request)),
            SubscriptionEffect::ReadRecords => {
                let file = self.session.app().subscriptions().file().clone();
                self.start(subscription_records::read(self.io.sync.read_records.clone(), file))
            }
            SubscriptionEffect::EditLine(line) => {
                let file = self.io.subscriptions_file.clone();
                if self.edit(&file, line)? { self.send_event(Event::SettingsChanged) } else { Ok(()) }
            }
            SubscriptionEffect::Unsubscribe(key) => {
                let removed = edit::remove(&self.io.subscriptions_file, key);
                self.report_edit(removed, "Unsubscribed; the articles stay")
            }
            SubscriptionEffect::Unfollow { account, feed } => {
                self.start(unfollow::unfollow(&self.io.sync.program, account, feed))
            }
            SubscriptionEffect::Move { key, to } => {
                let moved = edit::move_to(&self.io.subscriptions_file, key, &to);
                self.report_edit(moved, "Moved to the new address; R fetches it")
            }
        }
    }

    /// Reads the changed subscriptions, or says why they were not changed.
    fn report_edit(&mut self, edited: Result<(), EditError>, done: &str) -> io::Result<()> {
        match edited {
            Ok(()) => {
                self.send_event(Event::SettingsChanged)?;
                self.notify(done)
            }
            Err(error) => self.report_failure(&format!("Not changed: {error}")),
        }
    }

    /// Ends a running sync, if the settings say so. Else it goes on, unless the user has just ended it: it has a process group of
    /// its own.
    pub(super) fn end_sync(&mut self) {
        if self.io.settings.sync.on_quit == OnQuit::Stop {
            self.io.runner.cancel_all(JobKind::Sync);
            self.io.runner.cancel_all(JobKind::SendMarks);
        }
        let started = Instant::now();
        // The thread of the job sends the signal. A process that does not react to it is not waited for.
        let is_ending = |kind| self.io.runner.is_ending(kind);
        while (is_ending(JobKind::Sync) || is_ending(JobKind::SendMarks)) && started.elapsed() < END_WAIT {
            std::thread::sleep(WAIT_STEP);
        }
    }
}
