//! Ruling: rules are asked in the background when articles, rules or what they look at change, and what they say is taken over.
//!
//! What comes of other articles or rules changes the list as other files would. What comes of the reader's own marks, or of
//! time, changes how articles look, and the list only when it is looked at anew: nothing vanishes under the cursor.

use std::sync::Arc;

use super::effect::{Effect, Effects};
use super::reading::Reading;
use super::request::Request;
use super::state::State;
use crate::feed::{ArticleId, Ruled, Shown};
use crate::query::{Doubt, Query, Rules, Verdict};

impl Reading {
    /// Takes over what rules say of the present marks, and of those by which rows are found. True when rows may be others.
    fn ruled(&mut self, ruled: Option<Arc<Ruled>>, view: Option<Option<Arc<Ruled>>>) -> bool {
        let is_fresh = !self.is_stale();
        let differs = |one: &Option<Arc<Ruled>>, other: Option<&Arc<Ruled>>| match (one, other) {
            (Some(one), Some(other)) => !Arc::ptr_eq(one, other),
            (one, other) => one.is_some() != other.is_some(),
        };
        if differs(&ruled, self.ground.marks.ruled()) {
            let (before, now) =
                (self.ground.marks.ruled().cloned().unwrap_or_default(), ruled.clone().unwrap_or_default());
            self.ground.marks = Arc::new(self.ground.marks.ruled_by(ruled));
            self.note_all_read(&before.read_otherwise(&now));
        }
        let Some(view) = view else { return false };
        if !differs(&view, self.view.ruled()) {
            return false;
        }
        let view = if is_fresh { self.ground.marks.clone() } else { Arc::new(self.view.ruled_by(view)) };
        self.view_by(view);
        true
    }
}

impl State {
    /// What rules say of an article, in words; what the reader said himself is left out.
    pub fn words_of_rules(&self, id: ArticleId) -> Vec<Shown> {
        self.reading.ruling.words(id, self.marks())
    }

    /// True when there are rules.
    pub fn has_rules(&self) -> bool {
        !self.reading.ruling.rules.is_empty()
    }

    /// True while it is not known what rules say of the articles in the list.
    pub fn awaits_rules(&self) -> bool {
        self.reading.ruling.is_awaited()
    }

    /// True when the rows stay as they are until it is known what rules say. What is known from the last session is shown at
    /// once, and what no session has seen while files are read anyway.
    pub(super) fn waits_for_rules(&self) -> bool {
        self.awaits_rules() && (!self.panes.list.found().is_empty() || self.loading.is_some())
    }

    /// True when a frame now would show what rules hide, though not for long.
    pub fn needs_rules(&self) -> bool {
        // When they are known, their rows are searched for.
        let is_asked = self.awaits_rules() || self.has_rules() && self.is_searching();
        is_asked && self.reading.later.is_none() && !self.reading.begins_as_seen()
    }

    /// Other rules hold from now on.
    pub(super) fn rules_changed(&mut self, rules: Rules) -> Effects {
        let ruling = &mut self.reading.ruling;
        if ruling.rules == rules {
            return Effects::none();
        }
        let had_any = !std::mem::replace(&mut ruling.rules, rules).is_empty();
        if !ruling.rules.is_empty() {
            return self.ask_rules(true);
        }
        (ruling.verdict, ruling.awaited, ruling.doubt) = Default::default();
        if had_any { self.rule(None, Some(None)) } else { Effects::none() }
    }

    /// The reader, or another instance, marked those articles. None: all marks were read, and the list is looked at anew.
    pub(super) fn doubt_marks(&mut self, articles: Option<&[ArticleId]>) -> Effects {
        let ruling = &mut self.reading.ruling;
        if !ruling.rules.look_at_marks() {
            return Effects::none();
        }
        match articles {
            Some([]) => return Effects::none(),
            Some(articles) => ruling.doubt.articles.extend(articles),
            None => ruling.doubt.marks = true,
        }
        self.ask_rules(articles.is_none())
    }

    /// Time goes on.
    pub(super) fn doubt_time(&mut self) -> Effects {
        if !self.reading.ruling.rules.look_at_time() {
            return Effects::none();
        }
        self.reading.ruling.doubt.time = true;
        self.ask_rules(false)
    }

    /// Asks the rules what is not known. `changes_list`: rows are found by the answer at once.
    pub(super) fn ask_rules(&mut self, changes_list: bool) -> Effects {
        if self.reading.ruling.rules.is_empty() {
            return Effects::none();
        }
        let (ticket, stale) = (self.reading.ticket(), self.reading.is_stale());
        let view = stale.then(|| self.reading.view_ground());
        let Reading { ruling, ground, .. } = &mut self.reading;
        let changes_list = changes_list || ruling.is_awaited();
        ruling.awaited = Some((ticket, changes_list));
        let view = view.filter(|_| changes_list);
        let request =
            Request::rules(ticket, &ruling.rules, ruling.verdict.as_ref(), &ruling.doubt, ground.clone(), view);
        Effect::Search(Box::new(request)).into()
    }

    /// Takes in what the rules say of the marks, and of those by which rows are found, where these are others.
    pub(super) fn take_verdict(&mut self, ticket: u64, verdict: Verdict, view: Option<&Verdict>) -> Effects {
        let ruling = &mut self.reading.ruling;
        let Some((_, changes_list)) = ruling.awaited.filter(|(asked, _)| *asked == ticket) else {
            return Effects::none();
        };
        (ruling.awaited, ruling.doubt) = (None, Doubt::default());
        let ruled = verdict.ruled().clone();
        let of_view = changes_list.then(|| Some(view.map_or(&ruled, Verdict::ruled).clone()));
        ruling.verdict = Some(verdict);
        self.rule(Some(ruled), of_view)
    }

    fn rule(&mut self, ruled: Option<Arc<Ruled>>, view: Option<Option<Arc<Ruled>>>) -> Effects {
        let changes = self.reading.ruled(ruled, view);
        self.reading.ruling.spoken += u64::from(changes);
        let later = self.reading.later.take();
        if !changes && later.is_none() {
            return Effects::none();
        }
        let (anchor, anew) = later.unwrap_or((self.selected(), false));
        if self.reading.query != Query::default() {
            return self.reading.search(anchor, anew);
        }
        let feed = self.reading.ground.feed.clone();
        let effects = self.carry_rows(&feed, anew);
        if self.loading.is_none() {
            self.returning = None;
        }
        effects
    }
}
