//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod action;
mod articles;
mod bookmark;
mod commanding;
pub mod commands;
mod cursor;
mod detail;
mod effect;
mod event;
mod find;
mod focus;
mod frame_info;
mod history;
mod identities;
mod leaving;
mod likeness;
mod link_opener;
mod list;
mod marking;
mod marks;
mod narrowing;
mod news;
mod notices;
mod open_article;
mod opening;
mod overlay_host;
pub mod overlays;
mod panes;
mod pointed;
mod pointing;
mod problems;
mod prompt_history;
mod related;
mod reports;
mod restored;
mod rows;
mod rules;
mod ruling;
mod saved_view;
mod scroll;
mod search;
mod session_init;
mod shape;
mod state;
mod stories;
mod targets;
mod text_input;
mod theme_choice;
mod time;
mod undo;
mod unread;
mod updating;
mod user_config;

use std::ops::Deref;

use chrono::{DateTime, Utc};

pub use action::Action;
pub use articles::Articles;
pub use bookmark::Bookmark;
pub use commands::{Argument, Command, CommandError};
pub use cursor::Cursor;
pub use detail::Detail;
pub use effect::{Effect, Effects, NotOpened};
pub use event::Event;
pub use find::Find;
pub use focus::{Context, Focus};
pub use frame_info::{DetailInfo, FrameInfo, ListInfo, OverlayInfo, RelatedInfo, TOPICS, Top, TopicCells};
pub use list::List;
pub use marks::{SessionMarks, Unkept};
pub use news::News;
pub use notices::{Notice, Notices, Told};
pub use overlays::{
    Choice, Confirm, InsightsOptions, InsightsView, Label, LinkList, Palette, PaletteLine, Picker, ProblemList,
    PromptState, SavedList, Section, SortList, ThemeList,
};
pub use pointed::{Pointed, Thing};
pub use problems::Problems;
pub use prompt_history::PromptKind;
pub use related::RelatedPane;
pub use rows::Rows;
pub use rules::SessionRules;
pub use scroll::Scrolled;
pub use search::Search;
pub use session_init::SessionInit;
pub use shape::Shape;
pub use state::State;
pub use targets::{NoTarget, Targets};
pub use text_input::{Edit, TextInput};
pub use theme_choice::{Picked, ThemeChoice};
pub use time::SessionTime;
pub use unread::Unread;
pub use user_config::UserConfig;

use crate::feed::{Feed, Mark, Target};
use crate::jobs::Kind;
use crate::query::{self, Query};
use history::{Jumps, Way};
use panes::Panes;

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
    /// A session without articles yet.
    pub fn new(init: SessionInit, now: DateTime<Utc>) -> App {
        App { state: State::new(init, now) }
    }

    /// Takes over what the last frame showed.
    pub fn frame_drawn(&mut self, frame: FrameInfo) {
        self.state.frame_drawn(frame);
    }

    /// Takes note of the time: what is done next is done then.
    pub fn time_is(&mut self, now: DateTime<Utc>) {
        self.state.time.set_moment(now);
    }

    /// Does what the reader asks for.
    pub fn apply(&mut self, action: Action) -> Effects {
        self.run(&action.into())
    }

    /// Does what the reader asks for, with what it is to be done with.
    pub fn run(&mut self, command: &Command) -> Effects {
        self.attend(|app| app.act_with(command))
    }

    /// Does what the reader points at.
    pub fn point(&mut self, pointed: Pointed) -> Effects {
        self.attend(|app| app.pointed(pointed))
    }

    fn attend(&mut self, act: impl FnOnce(&mut App) -> Effects) -> Effects {
        self.state.notices.seen();
        self.state.welcome = None;
        self.state.restored.end();
        self.state.news.see();
        let mut effects = act(self);
        effects.0.extend(self.state.settle().0);
        effects.0.extend(self.state.want_similar().0);
        effects
    }

    fn act_with(&mut self, command: &Command) -> Effects {
        match &command.argument {
            None => self.act(command.action),
            Some(argument) if command.action == Action::OpenOriginal => self.state.open_numbered(argument),
            Some(argument) => self.state.act_with(command.action, argument),
        }
    }

    fn act(&mut self, action: Action) -> Effects {
        if let Some(effects) = self.act_in_overlay(action) {
            return effects;
        }
        if let Some(rows) = action.rows(self.state.page()) {
            self.state.panes.step(rows, &self.state.frame, self.state.articles.feed());
            return Effects::none();
        }
        match action {
            Action::Open => self.open_in_pane(),
            Action::Back => self.state.back(),
            Action::NextPane => self.turn(Panes::next),
            Action::PreviousPane => self.turn(Panes::previous),
            Action::AcrossDown => self.across(1),
            Action::AcrossUp => self.across(-1),
            Action::OpenOriginal => self.state.open_original(),
            Action::OpenAndNext => self.state.open_and_next(),
            Action::ReadOn => self.state.read_on(),
            Action::ToggleRead => self.state.toggle_read(),
            Action::MarkRead => self.state.mark_meant(self.state.read_now()),
            Action::MarkUnread => self.state.mark_meant(Mark::Read(None)),
            Action::ReadAndNext => self.state.read_and_next(),
            Action::ReadAbove => self.state.read_rows(true),
            Action::ReadAll => self.state.read_rows(false),
            Action::Star => self.state.toggle(Mark::Starred(true), Mark::Starred(false)),
            Action::Hide => self.state.toggle(Mark::Hidden(true), Mark::Hidden(false)),
            Action::Note => self.state.ask_note(),
            Action::Range => self.range(),
            Action::Undo => self.state.undo(),
            Action::Redo => self.state.redo(),
            Action::CopyLink => self.state.copy(false),
            Action::CopyMarkdown => self.state.copy(true),
            Action::Search => self.state.ask_words(),
            Action::EditQuery => self.state.ask_query(),
            Action::KeepSearch => self.state.ask_name(),
            Action::Zen => {
                self.state.shape.zen = !self.state.shape.zen;
                Effects::none()
            }
            Action::Narrower => self.state.widen(-(Shape::STEP as i16)),
            Action::Wider => self.state.widen(Shape::STEP as i16),
            Action::Next => self.next(1),
            Action::Previous => self.next(-1),
            Action::Story => self.state.turn_story(),
            Action::Stories => self.state.turn_stories(),
            Action::Clear => self.state.set_query(Query::default()),
            Action::AllStates => self.state.set_query(self.state.query().in_state(None)),
            Action::UnreadOnly => self.state.set_query(self.state.query().in_state(Some(query::State::Unread))),
            Action::StarredOnly => self.state.set_query(self.state.query().in_state(Some(query::State::Starred))),
            Action::History => self.state.set_query(Query::read_lately(!self.state.rules.is_empty())),
            Action::JumpBack => self.jump(Jumps::back),
            Action::JumpForward => self.jump(Jumps::forward),
            Action::Edit => self.state.edit(),
            Action::Settings => Effect::EditSettings.into(),
            Action::Cancel => self.state.cancel(),
            Action::Quit => self.state.quit(),
            Action::QuitNow => self.state.end(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => self.redraw(),
            // Any other opens an overlay, or means something in overlays only.
            _ => self.state.open_overlay(action),
        }
    }

    fn pointed(&mut self, pointed: Pointed) -> Effects {
        match pointed {
            Pointed::At(thing) => self.point_at(thing),
            Pointed::Twice(thing) => self.point_twice(thing),
            Pointed::Scroll(pane, by) => self.state.scroll(pane, by),
            Pointed::ScrollOverlay(by) => self.state.scroll_overlay(by),
            Pointed::Share(share) => {
                self.state.shape = self.state.shape.shared(share);
                Effects::none()
            }
            Pointed::Beside => self.act(Action::Cancel),
        }
    }

    /// Takes in a fact from outside. The selection and the scroll never move by it.
    pub fn receive(&mut self, event: Event) -> Effects {
        let are_marks = matches!(event, Event::MarksRead { .. });
        let tells_news = |kind| matches!(kind, Kind::Arrivals | Kind::Changes | Kind::Rules);
        let is_news = matches!(&event, Event::Job(report) if tells_news(report.kind) && report.is_end());
        let (generation, ruled) = (self.articles().generation(), self.marks().ruled().cloned());
        let mut effects = self.take(event);
        let counts_anew = are_marks || self.articles().generation() != generation;
        if counts_anew || search::differs(ruled.as_ref(), self.marks().ruled()) {
            effects.0.extend(self.state.count_again().0);
        }
        if is_news || counts_anew {
            self.state.count_news();
        }
        effects.0.extend(self.state.want_similar().0);
        effects
    }

    fn take(&mut self, event: Event) -> Effects {
        match event {
            Event::Job(report) => return self.state.reported(report),
            Event::FeedLoaded { feed, problems, complete } => return self.state.take_feed(feed, problems, complete),
            Event::FilesChanged => return self.state.files_changed(),
            Event::SearchesRead(saved) => return self.state.take_saved(saved),
            Event::SettingsChanged => return Effect::ReadSettings.into(),
            Event::SettingsRead(user) => return self.state.take_user_config(*user),
            Event::Done(text) => self.state.tell(Notice::of(text)),
            Event::Failed(text) => self.state.tell(Notice::failure(text)),
            Event::MarksRead { marks, problems } => return self.state.take_marks(&marks, problems),
            Event::MarksKept(kept) => {
                if let Some(notice) = self.state.marks.kept(kept) {
                    self.state.tell(notice);
                }
            }
            Event::Tick(now) => return self.state.tick(now),
        }
        Effects::none()
    }

    /// Takes over whether the background of the terminal is light.
    pub fn background_is(&mut self, is_light: bool) {
        self.state.themes.background_is(is_light);
    }

    // Moving.

    fn across(&mut self, by: isize) -> Effects {
        match self.state.panes.step_across(by, &self.state.frame, self.state.articles.feed()) {
            true => self.state.opened(),
            false => Effects::none(),
        }
    }

    fn turn(&mut self, turn: fn(&mut Panes, &Feed)) -> Effects {
        turn(&mut self.state.panes, self.state.articles.feed());
        Effects::none()
    }

    // Opening.

    fn open_in_pane(&mut self) -> Effects {
        match self.state.panes.focus() {
            Focus::List => {
                self.state.panes.show_selected(self.state.articles.feed());
                self.state.panes.next(self.state.articles.feed());
                return self.state.opened();
            }
            Focus::Detail if !self.related_entries().is_empty() => self.state.panes.next(self.state.articles.feed()),
            Focus::Detail => return self.state.say("nothing is related to this article"),
            Focus::Related => return self.open_related(),
        }
        Effects::none()
    }

    fn open_related(&mut self) -> Effects {
        let entries = self.related_entries();
        match entries.get(self.state.panes.related().selected()).map(|entry| &entry.target) {
            Some(Target::Here(place, _)) => self.travel_to(*place),
            Some(Target::Web(entry)) => match entry.link.clone() {
                Some(link) => self.state.open_link(&link),
                None => self.state.say("this entry has no link, and the library does not hold its article"),
            },
            None => Effects::none(),
        }
    }

    fn travel_to(&mut self, place: usize) -> Effects {
        self.state.panes.travel_to(place, self.state.articles.feed());
        self.state.opened()
    }

    fn jump(&mut self, to: Way) -> Effects {
        match self.state.panes.jump(to, self.state.articles.feed()) {
            true => Effects::none(),
            false => self.state.say("no jump that way"),
        }
    }

    /// The next (or previous) hit while finding, else the next unread article.
    fn next(&mut self, by: isize) -> Effects {
        if self.state.panes.focus() == Focus::Detail && self.state.panes.detail().find().is_some() {
            return self.state.panes.detail_mut().find_step(by).map(|words| self.state.say(words)).unwrap_or_default();
        }
        self.state.next_unread(by)
    }

    // Ranges.

    /// Begins a range of rows, or ends it.
    fn range(&mut self) -> Effects {
        self.state.panes.focus_list(self.state.articles.feed());
        self.state.panes.list_mut().toggle_range(self.state.articles.feed());
        Effects::none()
    }

    fn redraw(&mut self) -> Effects {
        let mut effects = self.state.refresh();
        effects.0.push(Effect::Redraw);
        effects
    }
}
