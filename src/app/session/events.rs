//! Handles events: sends each to its feature, then updates what depends on it.

use chrono::{DateTime, Utc};

use super::{App, days, full_text, navigation, pictures, saved_searches, write};
use crate::app::effect::{Effect, Effects};
use crate::app::event::Event;
use crate::app::list_search::differs;
use crate::app::notices::Notice;
use crate::app::overlays::PromptState;
use crate::jobs::JobKind;

impl App {
    /// Sets the time of the following actions and events. Notices whose time is over leave the screen.
    pub fn set_time(&mut self, now: DateTime<Utc>) {
        self.time.set_moment(now);
        self.notices.expire(now);
    }

    /// Handles an event. Selection and scroll stay on their articles.
    pub fn receive(&mut self, event: Event) -> Effects {
        let are_marks = matches!(event, Event::MarksLoaded { .. });
        let is_of_news = |kind| matches!(kind, JobKind::Arrivals | JobKind::Changes | JobKind::Rules);
        let is_news = matches!(&event, Event::Job(report) if is_of_news(report.kind) && report.is_end());
        // Read before the event is handled: any event may replace the feed or the results of rules.
        let (generation, ruled) = (self.loaded_feed().generation(), self.marks().rule_marks().cloned());
        let mut effects = self.handle_event(event);
        let feed_or_marks_changed = are_marks || self.loaded_feed().generation() != generation;
        let has_new_rules = differs(ruled.as_ref(), self.marks().rule_marks());
        if are_marks || has_new_rules {
            navigation::follow_marks(self);
        }
        if feed_or_marks_changed || has_new_rules {
            effects.0.extend(self.refresh_counts().0);
        }
        if is_news || feed_or_marks_changed {
            self.count_news();
            self.panes.list_mut().set_days(None);
        }
        days::update(self);
        // An event may show another article too, such as one that arrived, or bring another index.
        effects.0.extend(self.request_similar().0);
        effects.0.extend(pictures::request(self).0);
        effects.0.extend(navigation::request(self).0);
        effects
    }

    fn handle_event(&mut self, event: Event) -> Effects {
        match event {
            Event::Job(report) => return self.receive_report(report),
            Event::FeedLoaded { feed, problems, complete } => return self.replace_feed(feed, problems, complete),
            Event::ArticlesArrived => return Effect::JoinSubscriptions.into(),
            Event::LibraryChanged { name, change } => return self.change_library(name, change),
            Event::FilesChanged => return self.files_changed(),
            Event::PicturesWanted(wanted) => return pictures::decode(self, &wanted),
            Event::PinRefused { name, keys, why } => {
                return self.push_overlay(PromptState::with_refused_keys(&name, &keys, why));
            }
            Event::SearchRenamed { from, to } => return saved_searches::renamed(self, &from, &to),
            Event::SettingsChanged => return Effect::ReloadSettings.into(),
            Event::SettingsLoaded(user) => return self.apply_user_config(*user),
            Event::FullTextChanged(article, change, result) => {
                return full_text::changed(self, article, change, result);
            }
            Event::Succeeded(text) => self.push_notice(Notice::of(text)),
            Event::Failed(text) => self.push_notice(Notice::failure(text)),
            Event::MarksLoaded { marks, problems } => return self.receive_marks(&marks, problems),
            Event::MarksSaved(saved) => {
                if let Some(notice) = self.marks.save_finished(saved) {
                    self.push_notice(notice);
                }
            }
            Event::FileExists(request) => return write::ask(self, *request),
            Event::Due(now) => return self.do_due(now),
            Event::Tick(now) => return self.tick(now),
        }
        Effects::none()
    }

    /// Sets whether the background of the terminal is light, unless a theme is chosen.
    pub fn set_background(&mut self, is_light: bool) {
        self.themes.background_is(is_light);
    }
}
