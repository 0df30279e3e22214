//! Updating: another feed takes the place of the one before, and what is new in it is told.

use std::sync::Arc;

use chrono::TimeDelta;

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::news::News;
use crate::app::overlays::ProblemList;
use crate::app::rows::Rows;
use crate::app::user_config::UserConfig;
use crate::feed::{ArticleId, Feed, Mark, Problem};
use crate::jobs::{Changes, JobId, Kind, OfFeed, arrivals, changes, index};
use crate::query::{Query, Similar, Similarity};

impl App {
    /// The files are to be looked at again. From now on the selection stays where it is, whatever comes above it.
    pub(super) fn files_changed(&mut self) -> Effects {
        if !self.panes.list().rows().is_empty() {
            self.panes.list_mut().hold();
        }
        Effect::Reload.into()
    }

    /// Takes over what the user's files say now. The list stays as it is, unless a saved search in its query changed.
    pub(super) fn take_user_config(&mut self, user: UserConfig) -> Effects {
        let UserConfig { settings, saved, rules, own_commands, problems } = user;
        let selected = self.selected_problem().cloned();
        self.problems.set_own(problems);
        self.select_problem(selected.as_ref());
        self.take_themes(settings.clone());
        (self.settings, self.own_commands) = (settings, own_commands);
        let mut effects = self.rules_changed(rules);
        if *self.search.saved() != saved {
            effects.0.extend(self.take_saved(saved).0);
        }
        if self.time.set_zone(self.settings.dates.zone) {
            // Which day it is decides what queries and rules find; and the order of articles that name no zone is made again.
            self.search.forget();
            effects.0.extend(self.doubt_time().0);
            effects.0.extend(self.search_rows(self.selected(), false).0);
            effects.0.extend(self.files_changed().0);
        }
        effects
    }

    /// Takes in a feed in place of the one before.
    pub(super) fn take_feed(&mut self, feed: Arc<Feed>, problems: Vec<Problem>, complete: bool) -> Effects {
        let old = self.articles.feed().clone();
        let feed = feed.named_by(self.marks(), &old).map_or(feed, Arc::new);
        let related = self.panes.related_target(&old);
        self.panes.detail_mut().hold(&self.frame.detail);
        let problem = self.selected_problem().cloned();
        let anew = self.search.is_of_other_query();
        let shown = self.panes.detail().article().and_then(|id| old.place(id));
        let edited = shown.and_then(|was| feed.place_after_edit(&old, was)).and_then(|place| feed.id(place));
        edited.into_iter().for_each(|id| self.panes.detail_mut().rename(id));
        if complete && !old.is_empty() {
            self.news.seen_before = Some(old.clone());
        }
        self.articles.replace(feed);
        // What is on its way belongs to the articles that were there before.
        self.search.stop();
        self.jobs.drop_all(Kind::Rows);
        self.search.forget();
        self.unread.look_up(self.articles.feed(), self.marks.all());
        self.problems.set_of_articles(problems);
        self.select_problem(problem.as_ref());
        self.panes.select_related(related.as_ref(), self.articles.feed());
        if complete {
            self.jobs.hide(Kind::Load);
        }
        let mut effects = self.want_identities();
        effects.0.extend(self.note_arrivals().0);
        effects.0.extend(self.note_changes().0);
        if complete && self.finds_similar {
            let before = self.panes.related().similar().index().cloned();
            effects.0.push(Effect::Run(index::make(before, self.articles.feed().clone())));
        }
        effects.0.extend(self.ask_rules(true).0);
        effects.0.extend(self.carry_rows(&old, anew).0);
        if complete && *self.query() == Query::default() && !self.search.is_later() {
            self.restored.end();
        }
        effects
    }

    /// The rows of an earlier feed stay, in the places of the present one, until the search has found the new ones. The
    /// selection stays on its article, else on the one next to it: on the next one that is still there, when the search finds
    /// that, and until then on the next one that has a row. `anew`: rows of another query were on their way. While it is not known
    /// what rules say of new articles, these have no rows.
    pub(super) fn carry_rows(&mut self, old: &Feed, anew: bool) -> Effects {
        let feed = self.articles.feed();
        // What was lost of the old feed, with its file, most likely stands in the same place again.
        let is_damaged = old.is_damaged();
        let lost = |was: usize| Some(was).filter(|was| is_damaged && old.id(*was).is_none() && *was < feed.len());
        let list = self.panes.list();
        let edited = list.place().and_then(|was| Some((was, feed.place_after_edit(old, was)?)));
        let after_edit = |was: usize| edited.filter(|(selected, _)| *selected == was).map(|(_, place)| place);
        let same = |was: usize| old.id(was).and_then(|id| feed.place(id));
        let place = |was: usize| same(was).or_else(|| after_edit(was)).or_else(|| lost(was));
        let waits = self.waits_for_rules();
        let everything = *self.query() == Query::default() && !waits;
        let found = match everything {
            true => {
                let hidden = self.search.ground(self.ground()).hidden();
                let is_shown = |place: &usize| !hidden.contains(*place);
                if hidden.is_clear() {
                    Rows::All(feed.len())
                } else {
                    Rows::of((0..feed.len()).filter(is_shown), feed.len())
                }
            }
            false => {
                let places: Vec<usize> = list.found().iter().filter_map(place).collect();
                Rows::of(places.into_iter(), feed.len())
            }
        };
        // Of a head that is new it is not known either: its members stand for themselves until it is.
        let is_new = |head: ArticleId| waits && old.place(head).is_none();
        let folded = self.folded_but(&found, is_new);
        let nearest = |is_there: &dyn Fn(usize) -> bool| {
            list.nearest(old, |was| place(was).is_some_and(is_there)).and_then(place).and_then(|place| feed.id(place))
        };
        let (selected, anchor) = (nearest(&folded.has_row(feed)), nearest(&|_| true));
        self.panes.list_mut().set_rows(found, folded, selected, feed);
        if self.article().is_none() || self.panes.focus() == Focus::List {
            self.panes.show_selected(self.articles.feed());
        }
        self.panes.leave_nothing(self.articles.feed());
        self.come_back();
        self.unread.set_found(self.panes.list().found());
        match (waits, everything) {
            (true, _) => self.search.start_later(anchor, anew),
            (_, true) => {}
            _ => return self.search_rows(anchor, anew),
        }
        Effects::none()
    }

    pub(super) fn selected_problem(&self) -> Option<&Problem> {
        self.overlays.top_as::<ProblemList>().and_then(|list| self.problems.all().get(list.cursor.at))
    }

    /// Selects a problem again, wherever it stands now; without any problem the list closes.
    pub(super) fn select_problem(&mut self, problem: Option<&Problem>) {
        let (Some(problem), Some(list)) = (problem, self.overlays.top_as_mut::<ProblemList>()) else { return };
        match self.problems.all().is_empty() {
            true => drop(self.overlays.pop()),
            false => list.select(self.problems.number_of(problem), self.problems.all().len()),
        }
    }

    /// What arrived and changed.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// Looks for articles that changed since it was known last what had.
    pub(super) fn note_changes(&mut self) -> Effects {
        let feed = self.articles.feed().clone();
        if self.is_loading() || feed.is_damaged() {
            return Effects::none();
        }
        let Some(known) = self.news.known.clone() else {
            self.news.known = Some(feed);
            return Effects::none();
        };
        Effect::Run(changes::find(known, self.news.first(), feed)).into()
    }

    /// Those articles changed, and so they are found by `is:changed`; others read as before again. An answer about a feed that is
    /// not there any more tells nothing: another one is on its way.
    pub(super) fn take_changes(&mut self, _: JobId, answer: OfFeed<Changes>) -> Effects {
        let OfFeed { feed, found: changes } = answer;
        if !self.articles.is_current(&feed) {
            return Effects::none();
        }
        self.news.known = Some(feed);
        let articles: Vec<ArticleId> = changes.changed.iter().map(|(id, _)| *id).chain(changes.back.clone()).collect();
        if articles.is_empty() {
            return Effects::none();
        }
        self.news.changed(&changes);
        self.search.forget();
        let mut effects = self.doubt_marks(Some(&articles));
        if self.query().names_changed() {
            effects.0.extend(self.search_rows(self.selected(), false).0);
        }
        effects
    }

    /// Counts what arrived and changed, after anything that decides what of it is found.
    pub(super) fn count_news(&mut self) {
        self.news.count(self.articles.feed(), self.marks.all());
    }

    /// Looks for articles that nobody has seen before.
    pub(super) fn note_arrivals(&mut self) -> Effects {
        if !self.marks.are_read() || self.is_loading() || !self.notes_arrivals || self.feed().is_damaged() {
            return Effects::none();
        }
        Effect::Run(arrivals::find(self.ground())).into()
    }

    /// Those articles have arrived now.
    pub(super) fn take_arrivals(&mut self, _: JobId, mut new: Vec<ArticleId>) -> Effects {
        // It says nothing of articles that were lost; another feed is on its way.
        if self.feed().is_damaged() {
            return Effects::none();
        }
        new.retain(|id| self.marks().arrived(*id).is_none());
        let mut effects = self.note_edited(&mut new);
        let begun = std::mem::replace(&mut self.news.begun, true);
        if new.is_empty() {
            return effects;
        }
        // When a library is opened for the first time, or all of it arrives as the session begins, it is the library that is new, and
        // its articles were there before.
        let mut at = self.time.moment();
        let is_new_library = !begun && (self.is_first_visit || new.len() == self.feed().len());
        match self.news.session_start() {
            Some(since) if is_new_library => at = since - TimeDelta::seconds(1),
            _ => self.news.arrived(new.iter().copied()),
        }
        effects.0.extend(self.change(Mark::Arrived(at), new).0);
        effects
    }

    /// Articles that were there before under another identity, until they were edited or moved, arrived when they did.
    fn note_edited(&mut self, new: &mut Vec<ArticleId>) -> Effects {
        /// Of more at once it is not looked up: it is a load of articles, and no edit.
        const MOST: usize = 16;
        let Some(before) = self.news.seen_before.take().filter(|_| new.len() <= MOST) else { return Effects::none() };
        let feed = self.articles.feed().clone();
        let mut effects = Effects::none();
        new.retain(|id| {
            let was = feed.place(*id).and_then(|place| before.place_after_edit(&feed, place));
            let arrived = was.and_then(|was| before.id(was)).and_then(|was| self.marks().arrived(was));
            let Some(at) = arrived else { return true };
            effects.0.extend(self.change(Mark::Arrived(at), vec![*id]).0);
            false
        });
        effects
    }

    /// Takes in what is like an article. The selection among what is related stays where it is.
    pub(super) fn take_similar(&mut self, job: JobId, answer: OfFeed<Vec<Similarity>>) -> Effects {
        let feed = self.articles.feed().clone();
        let target = self.panes.related_target(&feed);
        self.panes.related_mut().similar_mut().found(job, &answer.found, &answer.feed);
        self.panes.select_related(target.as_ref(), &feed);
        self.panes.leave_nothing(&feed);
        Effects::none()
    }

    /// Takes in another index of similar articles.
    pub(super) fn take_index(&mut self, _: JobId, index: Arc<Similar>) -> Effects {
        self.panes.related_mut().similar_mut().take_index(index);
        Effects::none()
    }

    /// Has what is like the article that is shown looked up, when nobody has yet.
    pub(super) fn want_similar(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        let job = self.panes.related_mut().similar_mut().ask(id, self.articles.feed());
        job.map(|job| Effect::Run(job).into()).unwrap_or_default()
    }
}
