//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

mod action;
mod asking;
mod detail;
mod effect;
mod event;
mod find;
mod focus;
mod history;
mod list;
mod narrowing;
mod overlay;
mod panes;
mod prompt;
mod reading;
mod related;
mod request;
mod seen;
mod state;
mod status;
mod typing;

use std::ops::Deref;

use chrono::{DateTime, Utc};

pub use action::Action;
pub use asking::{Asking, Wish};
pub use detail::Detail;
pub use effect::{Effect, Effects};
pub use event::Event;
pub use find::Find;
pub use focus::{Context, Focus};
pub use list::List;
pub use overlay::{Cursor, Label, LinkList, Overlay, Picker, SavedList};
pub use prompt::{Edit, Prompt};
pub use related::RelatedPane;
pub use request::{Answer, Request, Wanted};
pub use seen::Seen;
pub use state::State;
pub use status::{Loading, Notice};

use crate::feed::{Article, Feed, Link, Shown, Target};
use crate::query::{Field, Query, Saved, Sort, SortKey};
use history::{Jumps, Spot};
use panes::Panes;
use reading::Reading;

/// The reading session: its [`State`], and the ways in which that changes.
#[derive(Debug)]
pub struct App {
    state: State,
}

impl Deref for App {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl App {
    /// A session without articles yet. `welcome` is shown until the first key.
    pub fn new(query: Query, saved: Saved, now: DateTime<Utc>, welcome: Option<Shown>) -> App {
        App { state: State::new(Reading::new(query, saved, now), welcome) }
    }

    /// Takes over what the last frame showed.
    pub fn saw(&mut self, seen: Seen) {
        self.state.saw(seen);
    }

    /// Does what the reader asks for.
    pub fn apply(&mut self, action: Action) -> Effects {
        self.state.notice = None;
        self.state.welcome = None;
        match action {
            Action::Down => self.step(1),
            Action::Up => self.step(-1),
            Action::Top => self.step(isize::MIN),
            Action::Bottom => self.step(isize::MAX),
            Action::HalfPageDown => self.step(self.state.page() / 2),
            Action::HalfPageUp => self.step(-self.state.page() / 2),
            Action::PageDown => self.step(self.state.page() - 1),
            Action::PageUp => self.step(1 - self.state.page()),
            Action::Open => self.open(),
            Action::Back => self.back(),
            Action::NextPane => self.turn(Panes::next),
            Action::PreviousPane => self.turn(Panes::previous),
            Action::AcrossDown => self.across(1),
            Action::AcrossUp => self.across(-1),
            Action::OpenOriginal => self.open_original(),
            Action::OpenAndNext => self.open_and_next(),
            Action::Links => self.show_links(),
            Action::CopyLink => self.copy(false),
            Action::CopyMarkdown => self.copy(true),
            Action::Search => self.state.ask_words(),
            Action::EditQuery => self.state.ask_query(),
            Action::SavedSearches => self.state.show_saved(),
            Action::KeepSearch => self.state.ask_name(),
            Action::Topics => self.state.show_labels(Field::Topic),
            Action::Providers => self.state.show_labels(Field::Provider),
            Action::OtherLabels => self.state.show_other_labels(),
            Action::Next => self.next(1),
            Action::Previous => self.next(-1),
            Action::Sort => self.show_sort(),
            Action::Clear => self.state.set_query(Query::default()),
            Action::JumpBack => self.jump(Jumps::back),
            Action::JumpForward => self.jump(Jumps::forward),
            Action::Edit => self.edit(),
            Action::Problems => self.show_problems(),
            Action::Help => self.state.put_on_top(Overlay::Help(Cursor::default())),
            Action::Cancel => self.cancel(),
            Action::Quit => self.quit(),
            Action::QuitNow => Effect::Quit.into(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => Effect::Redraw.into(),
            Action::Toggle => self.state.on_top(Overlay::toggle),
            Action::Type(c) => self.state.typed(c).unwrap_or_else(|| self.open()),
            Action::EditText(edit) => self.state.edit_text(edit),
            Action::Complete => self.state.complete(1),
            Action::CompleteBack => self.state.complete(-1),
        }
    }

    /// Takes in a fact from outside. The selection and the scroll never move by it.
    pub fn receive(&mut self, event: Event) -> Effects {
        match event {
            Event::Loading { done, total } => self.state.loading = Some(Loading { done, total }),
            Event::FeedLoaded { feed, problems, complete } => return self.state.take_feed(feed, problems, complete),
            Event::LoadFailed(text) => {
                (self.state.loading, self.state.notice) = (None, Some(Notice { text, failed: true }));
            }
            Event::Found { ticket, answer: Answer::Rows { found, progress } } => {
                self.state.take_rows(ticket, &found, progress);
            }
            Event::Found { ticket, answer } => {
                if let Some(overlay) = self.state.overlays.last_mut() {
                    overlay.answered(ticket, answer);
                }
            }
            Event::SearchesRead(saved) => return self.state.take_saved(saved),
            Event::Done(text) => self.state.notice = Some(Notice { text, failed: false }),
            Event::Failed(text) => self.state.notice = Some(Notice { text, failed: true }),
            Event::Tick(now) => self.state.reading.tick(now),
        }
        Effects::none()
    }

    /// Takes in text that was pasted: text, and never keys.
    pub fn paste(&mut self, text: &str) -> Effects {
        self.state.paste(text)
    }

    // Moving.

    fn step(&mut self, by: isize) -> Effects {
        let seen = &self.state.panes.seen;
        let help_lines = seen.overlay_lines.saturating_sub(seen.overlay_height) + 1;
        match self.state.overlays.last_mut() {
            Some(Overlay::Ask(asking)) => {
                if asking.recall(by.signum(), &self.state.history) {
                    return self.state.asked();
                }
            }
            Some(overlay) => overlay.step(by, self.state.reading.problems.len(), help_lines),
            None => self.state.panes.step(by, &self.state.reading.ground.feed),
        }
        Effects::none()
    }

    fn across(&mut self, by: isize) -> Effects {
        if self.state.panes.step_across(by, &self.state.reading.ground.feed) {
            self.mark_read();
        }
        Effects::none()
    }

    fn turn(&mut self, turn: fn(&mut Panes, &Feed)) -> Effects {
        turn(&mut self.state.panes, &self.state.reading.ground.feed);
        Effects::none()
    }

    // Opening.

    fn open(&mut self) -> Effects {
        match self.state.overlays.pop() {
            None => self.open_in_pane(),
            Some(Overlay::Help(_)) => Effects::none(),
            Some(Overlay::Problems(cursor)) => self.edit_problem(cursor.at),
            Some(Overlay::Sort(cursor)) => self.sort_by(cursor.at),
            Some(Overlay::Pick(picker)) => {
                let names = picker.chosen();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.state.set_query(self.state.reading.query.with_picked(picker.field, &names))
            }
            Some(Overlay::Saved(list)) => self.state.open_saved(&list),
            Some(Overlay::Ask(asking)) => self.state.answer(*asking),
            Some(Overlay::Links(list)) => {
                list.links.get(list.cursor.at).map(|link| self.open_link(&link.link)).unwrap_or_default()
            }
        }
    }

    fn open_in_pane(&mut self) -> Effects {
        match self.state.panes.focus {
            Focus::List => {
                self.state.panes.show_selected(&self.state.reading.ground.feed);
                self.state.panes.next(&self.state.reading.ground.feed);
                self.mark_read();
            }
            Focus::Detail if !self.related_entries().is_empty() => {
                self.state.panes.next(&self.state.reading.ground.feed)
            }
            Focus::Detail => return self.state.say("nothing is related to this article"),
            Focus::Related => return self.open_related(),
        }
        Effects::none()
    }

    fn open_related(&mut self) -> Effects {
        let entries = self.related_entries();
        match entries.get(self.state.panes.related.selected()).map(|entry| entry.target) {
            Some(Target::Here(place, _)) => self.travel_to(place),
            Some(Target::Web(entry)) => match entry.link.clone() {
                Some(link) => self.open_link(&link),
                None => self.state.say("this entry has no link, and the library does not hold its article"),
            },
            None => Effects::none(),
        }
    }

    fn travel_to(&mut self, place: usize) -> Effects {
        self.state.panes.travel_to(place, &self.state.reading.ground.feed);
        self.mark_read();
        Effects::none()
    }

    fn jump(&mut self, to: fn(&mut Jumps, Option<Spot>) -> Option<Spot>) -> Effects {
        match self.state.panes.jump(to, &self.state.reading.ground.feed) {
            Ok(()) => Effects::none(),
            Err(words) => self.state.say(words),
        }
    }

    fn mark_read(&mut self) {
        if let Some(id) = self.state.panes.detail.article() {
            let _ = id;
        }
    }

    fn open_original(&mut self) -> Effects {
        match self.link() {
            Some((_, link)) => self.open_link(&link),
            None => self.state.say("this article has no link"),
        }
    }

    fn open_link(&mut self, link: &Link) -> Effects {
        Effect::open(link).map(Effects::from).unwrap_or_else(|text| {
            self.state.notice = Some(Notice { text, failed: true });
            Effects::none()
        })
    }

    fn open_and_next(&mut self) -> Effects {
        let effects = self.open_original();
        self.mark_read();
        self.select_unread(1);
        effects
    }

    /// The next (or previous) hit while finding, else the next unread article.
    fn next(&mut self, by: isize) -> Effects {
        if self.state.panes.focus == Focus::Detail && self.state.panes.is_finding() {
            return self.state.panes.find_step(by).map(|words| self.state.say(words)).unwrap_or_default();
        }
        if !self.select_unread(by) {
            return self.state.say("nothing else is unread here");
        }
        if self.state.panes.focus != Focus::List {
            self.mark_read();
        }
        Effects::none()
    }

    /// Selects the next (or previous) unread article, round the ends. False when there is none.
    fn select_unread(&mut self, by: isize) -> bool {
        let (rows, selected) = (self.state.panes.list.rows(), self.state.panes.list.selected());
        let unread = |row: &usize| rows.get(*row).is_some_and(|&place| self.state.reading.is_unread(place));
        let next = match by > 0 {
            true => (selected + 1..rows.len()).chain(0..selected).find(unread),
            false => (0..selected).rev().chain((selected + 1..rows.len()).rev()).find(unread),
        };
        let Some(row) = next else { return false };
        self.state.panes.list.select(row);
        self.state.panes.show_selected(&self.state.reading.ground.feed);
        true
    }

    fn copy(&mut self, as_markdown: bool) -> Effects {
        let Some((name, link)) = self.link() else { return self.state.say("this article has no link") };
        Effect::copy(&name, &link, as_markdown).into()
    }

    // Overlays.

    fn show_links(&mut self) -> Effects {
        let links = self.article().map(Article::links).unwrap_or_default();
        if links.is_empty() {
            return self.state.say("this article has no links");
        }
        self.state.put_on_top(Overlay::Links(LinkList { cursor: Cursor::default(), links }))
    }

    fn show_sort(&mut self) -> Effects {
        let at = SortKey::ALL
            .iter()
            .position(|key| self.state.query().sort().is_some_and(|sort| sort.key == *key))
            .unwrap_or(0);
        self.state.put_on_top(Overlay::Sort(Cursor { at }))
    }

    /// Orders by a key; by the present one: the other way round.
    fn sort_by(&mut self, key: usize) -> Effects {
        let Some(key) = SortKey::ALL.get(key).copied() else { return Effects::none() };
        let sort = match self.state.reading.query.sort() {
            Some(sort) if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        self.state.set_query(self.state.reading.query.sorted(sort))
    }

    fn show_problems(&mut self) -> Effects {
        if self.state.reading.problems.is_empty() {
            return self.state.say("no problems: every file was read whole");
        }
        self.state.put_on_top(Overlay::Problems(Cursor::default()))
    }

    // Files.

    fn edit(&mut self) -> Effects {
        match self.state.overlays.pop() {
            Some(Overlay::Problems(cursor)) => return self.edit_problem(cursor.at),
            Some(Overlay::Saved(_)) => return Effect::EditSearches.into(),
            other => self.state.overlays.extend(other),
        }
        let Some(article) = self.article() else { return Effects::none() };
        Effect::edit_article(article).into()
    }

    fn edit_problem(&mut self, number: usize) -> Effects {
        self.state.reading.problems.get(number).map(Effect::edit_problem).map(Effects::from).unwrap_or_default()
    }

    // Leaving.

    fn back(&mut self) -> Effects {
        match self.state.overlays.pop() {
            Some(Overlay::Ask(asking)) => return self.state.take_back(*asking),
            Some(_) => {}
            None if self.state.panes.focus == Focus::Detail && self.state.panes.is_finding() => {
                self.state.panes.end_find(false);
            }
            None => self.state.panes.back(),
        }
        Effects::none()
    }

    fn cancel(&mut self) -> Effects {
        if self.state.overlays.is_empty()
            && self.state.panes.focus == Focus::List
            && self.state.reading.query != Query::default()
        {
            return self.state.set_query(Query::default());
        }
        self.back()
    }

    fn quit(&mut self) -> Effects {
        if self.state.overlays.is_empty() && self.state.panes.focus == Focus::List {
            return Effect::Quit.into();
        }
        self.back()
    }
}
