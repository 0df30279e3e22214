//! Opens overlays, sends actions to them, and fulfils their requests.

use super::App;
use super::{jumps, media, programs, saved_searches, tags};
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::effect::{Effect, Effects, SubscriptionEffect};
use crate::app::focus::Focus;
use crate::app::notices::Notice;
#[cfg(feature = "sync")]
use crate::app::overlays::ChannelPicker;
use crate::app::overlays::{
    self, Confirm, InsightsView, Opening, Overlay, OverlayRequest, OverlayType, Overlays, PromptState, SavedSearchList,
    SessionParts, SubscriptionList,
};
use crate::app::prompt_history::PromptKind;
use crate::app::view_before_prompt::ViewBeforePrompt;
use crate::query::Query;

impl App {
    /// Performs an action in the topmost overlay. `None` if no overlay is open or the overlay ignores the action.
    pub(super) fn act_in_overlay(&mut self, action: Action, count: Count) -> Option<Effects> {
        let requests = self.with_overlays(|overlays, session| overlays.act(action, count, session))?;
        Some(self.handle_overlay_requests(requests))
    }

    /// Inserts pasted text into the topmost overlay. It is never treated as keys.
    pub fn paste(&mut self, text: &str) -> Effects {
        let requests = self.with_overlays(|overlays, session| overlays.paste(text, session));
        self.handle_overlay_requests(requests.unwrap_or_default())
    }

    pub(super) fn handle_overlay_requests(&mut self, requests: Vec<OverlayRequest>) -> Effects {
        let mut effects = Effects::none();
        for request in requests {
            effects.0.extend(self.handle_overlay_request(request).0);
        }
        effects
    }

    fn handle_overlay_request(&mut self, request: OverlayRequest) -> Effects {
        match request {
            OverlayRequest::Say(words) => return self.notify(words),
            OverlayRequest::Fail(error) => return self.notify_failure(error.as_str()),
            OverlayRequest::SetQuery(query) => return self.set_query(query),
            OverlayRequest::FocusList => self.panes.focus_list(self.loaded_feed.feed()),
            OverlayRequest::AskForPath(kind) => {
                let last = self.history.of(kind).last().cloned().unwrap_or_default();
                return self.push_overlay(PromptState::new(kind, &last, Query::default(), None));
            }
            #[cfg(feature = "sync")]
            OverlayRequest::PickChannels => return self.push_overlay(ChannelPicker::open()),
            OverlayRequest::RunCommand(command) => return self.act_on_command(&command, Count::default()),
            OverlayRequest::Pipe(program) => return programs::pipe(self, program),
            OverlayRequest::SetMark(mark, articles) => return self.set_mark(mark, &articles),
            OverlayRequest::SetTag(tag, adds, articles) => return tags::set(self, tag, adds, &articles),
            OverlayRequest::FollowLink(link, target) => return jumps::follow(self, &link, &target),
            OverlayRequest::ShowPlace(at) => return jumps::go_to(self, at),
            OverlayRequest::PickTheme(index) => self.themes.pick(index),
            OverlayRequest::Perform(effect) => return effect.into(),
            OverlayRequest::ChangeSearch(change) => return saved_searches::change(self, change),
            OverlayRequest::SaveSearch(effect) => {
                // The name was the last thing to type: the prompt of the query closes as with Enter.
                if let Some(prompt) =
                    self.overlays.top_as::<PromptState>().filter(|prompt| prompt.is_query() && prompt.error.is_none())
                {
                    let text = prompt.remember();
                    self.overlays.pop();
                    return self.handle_overlay_request(text).and(effect);
                }
                return effect.into();
            }
            OverlayRequest::Find(letters) => self.panes.detail_mut().find_letters(&letters),
            OverlayRequest::Filter(words) => self.panes.navigation_mut().set_filter(&words, &self.subscriptions),
            OverlayRequest::EndFind => self.panes.detail_mut().end_find(true),
            OverlayRequest::RestoreView(view) => return self.restore_view(*view),
            OverlayRequest::RememberInput(kind, text) => self.history.keep(kind, &text),
            OverlayRequest::RememberInsights(options) => self.insights = options,
            OverlayRequest::Download(requests) => return media::add(self, requests),
            OverlayRequest::Ask(words, then) => return self.push_overlay(Confirm { words, then }),
            OverlayRequest::ForgetFoundChannels => {
                return self.with_subscriptions(|subscriptions, _| subscriptions.forget_found());
            }
        }
        Effects::none()
    }

    /// The parts of the session that overlays may read.
    pub(super) fn session_parts(&self) -> SessionParts<'_> {
        SessionParts {
            feed: self.loaded_feed.feed(),
            marks: self.marks.all(),
            article: self.panes.detail().article(),
            query: self.search.query(),
            saved: self.search.saved(),
            problems: self.problems.all(),
            notices: &self.notices,
            history: &self.history,
            context: self.context(),
            bound_commands: self.programs.bound(),
            themes: &self.themes,
            subscriptions: &self.subscriptions,
            insights: self.insights,
            visible_links: &self.frame.detail.links,
            frame: &self.frame.overlay,
        }
    }

    /// Calls `change` with the overlays, and with the parts of the session that they may read.
    pub(super) fn with_overlays<T>(&mut self, change: impl FnOnce(&mut Overlays, &SessionParts) -> T) -> T {
        // Taken out, because `session_parts` borrows the rest of the session.
        let mut overlays = std::mem::take(&mut self.overlays);
        let result = change(&mut overlays, &self.session_parts());
        self.overlays = overlays;
        result
    }

    // Opening.

    /// Opens an overlay on top, and runs the job that computes its counts.
    pub(super) fn push_overlay(&mut self, overlay: impl Into<Overlay>) -> Effects {
        let (mut overlay, search_context) = (overlay.into(), self.search_context());
        if let Some(prompt) = PromptState::of_mut(&mut overlay) {
            prompt.offer(&self.history, self.search.saved());
        }
        self.overlays.push(overlay, &search_context).map(|job| Effect::RunJob(job).into()).unwrap_or_default()
    }

    /// Opens the overlay of an action, if it has one.
    pub(super) fn open_overlay(&mut self, action: Action) -> Effects {
        if action == Action::Help {
            let help = self.overlays.help(&self.session_parts());
            return self.push_overlay(help);
        }
        match overlays::open(action, &self.session_parts()) {
            Some(Opening::Overlay(overlay)) => {
                let mut effects = self.push_overlay(overlay);
                if action == Action::Subscriptions {
                    // A sync of another reader, of a timer or in a shell may have changed them.
                    effects.0.push(SubscriptionEffect::ReadRecords.into());
                }
                effects
            }
            // Otherwise "No notices yet" would itself be a notice of the list.
            Some(Opening::NothingToShow(words)) if action == Action::Notices => {
                self.notices.show_unrecorded(Notice::of(words.into()), self.time.moment());
                Effects::none()
            }
            Some(Opening::NothingToShow(words)) => self.notify(words),
            None => Effects::none(),
        }
    }

    /// Opens the prompt for words: to find in the article if it has the focus, otherwise to search in the list. The
    /// words of the last search are dropped.
    pub(super) fn prompt_words(&mut self) -> Effects {
        if self.panes.focus() == Focus::Detail {
            self.panes.detail_mut().start_find();
            return self.push_overlay(PromptState::new(PromptKind::Find, "", Query::default(), None));
        }
        let base = self.query().without_words();
        self.prompt_for_rows(PromptState::new(PromptKind::Search, "", base, Some(self.save_view())))
    }

    /// Opens the prompt for the whole query.
    pub(super) fn prompt_query(&mut self) -> Effects {
        let text = self.query().to_string();
        // With a blank at the end, the next condition can be typed at once.
        let text = if text.is_empty() { text } else { text + " " };
        self.prompt_for_rows(PromptState::new(PromptKind::Query, &text, Query::default(), Some(self.save_view())))
    }

    /// Opens a prompt with the list focused, because a small screen shows only the focused pane.
    fn prompt_for_rows(&mut self, prompt: PromptState) -> Effects {
        self.panes.focus_list(self.loaded_feed.feed());
        self.push_overlay(prompt)
    }

    /// Opens the prompt for the name of a saved search.
    pub(super) fn prompt_name(&mut self) -> Effects {
        if self.query().is_everything() {
            return self.notify("Nothing to save: the query is empty");
        }
        self.push_overlay(PromptState::new(PromptKind::Name, "", Query::default(), None))
    }

    // The view before a prompt.

    fn save_view(&self) -> ViewBeforePrompt {
        let App { search, panes, .. } = self;
        // The panes are cheap to copy: their rows are behind an `Arc`.
        let (query, panes, view) = (search.query().clone(), panes.clone(), search.marks().clone());
        let (feed, settled) = (self.loaded_feed.feed().clone(), !search.is_running());
        ViewBeforePrompt {
            query,
            panes,
            frame: self.frame.detail,
            feed,
            settled,
            view,
            rule_changes: self.rules.list_changes(),
        }
    }

    fn restore_view(&mut self, before: ViewBeforePrompt) -> Effects {
        let App { search, panes, loaded_feed, .. } = self;
        // A search that began while the user typed must not replace the restored rows.
        search.stop();
        let as_ruled = before.rule_changes == self.rules.list_changes();
        search.restore_marks(before.view, as_ruled);
        search.set_query(before.query);
        panes.restore(before.panes);
        if !loaded_feed.is_current(&before.feed) {
            // The saved scroll position counts lines of the text before the reload.
            panes.detail_mut().keep_position(&before.frame);
            let related = panes.related_target(&before.feed);
            panes.select_related(related.as_ref(), loaded_feed.feed());
            return self.carry_over_rows(&before.feed, false);
        }
        self.unread.set_found(panes.list().found());
        if before.settled && as_ruled { Effects::none() } else { self.search_rows(self.selected_article(), false) }
    }

    // Updating.

    /// Counts for the insights and the subscriptions again, if they are open. The old counts stay until then.
    pub(super) fn refresh_counts(&mut self) -> Effects {
        let search_context = self.search_context();
        let jobs = [
            self.overlays.recount::<InsightsView>(&search_context),
            self.overlays.recount::<SubscriptionList>(&search_context),
        ];
        Effects(jobs.into_iter().flatten().map(Effect::RunJob).collect())
    }

    /// Updates the list of saved searches, if it is open. The selection stays on its search.
    pub(super) fn refresh_saved_list(&mut self) -> Effects {
        let Some(before) = self.overlays.top_as::<SavedSearchList>().cloned() else { return Effects::none() };
        // Opened again, so that the list closes if no saved search is left.
        self.overlays.pop();
        let effects = self.open_overlay(Action::SavedSearches);
        if let Some(now) = self.overlays.top_as_mut::<SavedSearchList>() {
            now.select_as(&before);
        }
        effects
    }
}
