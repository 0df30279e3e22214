//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

mod action;
mod detail;
mod effect;
mod event;
mod focus;
mod history;
mod list;
mod overlay;
mod panes;
mod prompt;
mod reading;
mod related;
mod seen;
mod status;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use action::Action;
pub use detail::Detail;
pub use effect::{Effect, Effects};
pub use event::Event;
pub use focus::{Context, Focus};
pub use list::List;
pub use overlay::{Cursor, LinkList, Overlay, TopicPicker};
pub use prompt::Prompt;
pub use related::RelatedPane;
pub use seen::Seen;
pub use status::{Loading, Notice};

use crate::feed::{Article, ArticleId, Feed, Link, Marks, NamedLink, Problem, Related, Shown, Target};
use crate::query::{Query, Sort, SortKey};
use history::{Jumps, Spot};
use panes::Panes;
use reading::Reading;

/// The reading session.
#[derive(Debug)]
pub struct App {
    reading: Reading,
    panes: Panes,
    overlays: Vec<Overlay>,
    notice: Option<Notice>,
    loading: Option<Loading>,
    /// Words for a reader who has not said what to read.
    welcome: Option<Shown>,
}

impl App {
    /// A session without articles yet. `welcome` is shown until the first key.
    pub fn new(query: Query, now: DateTime<Utc>, welcome: Option<Shown>) -> App {
        App {
            reading: Reading::new(query, now),
            panes: Panes::default(),
            overlays: Vec::new(),
            notice: None,
            loading: Some(Loading { done: 0, total: 0 }),
            welcome,
        }
    }

    /// All articles.
    pub fn feed(&self) -> &Feed {
        &self.reading.feed
    }

    /// Counts the feeds that were taken in.
    pub fn generation(&self) -> u64 {
        self.reading.generation
    }

    /// What is wrong with files.
    pub fn problems(&self) -> &[Problem] {
        &self.reading.problems
    }

    /// What the reader did.
    pub fn marks(&self) -> &Marks {
        &self.reading.marks
    }

    /// What narrows and orders the list.
    pub fn query(&self) -> &Query {
        &self.reading.query
    }

    /// The list pane.
    pub fn list(&self) -> &List {
        &self.panes.list
    }

    /// The detail pane.
    pub fn detail(&self) -> &Detail {
        &self.panes.detail
    }

    /// The related pane.
    pub fn related(&self) -> &RelatedPane {
        &self.panes.related
    }

    /// The pane that keys go to, below any overlay.
    pub fn focus(&self) -> Focus {
        self.panes.focus
    }

    /// The layer on top of the panes.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.last()
    }

    /// A few words for the footer.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// Words for a reader who has not said what to read, until the first key.
    pub fn welcome(&self) -> Option<&Shown> {
        self.welcome.as_ref()
    }

    /// How far a load has come, while one is under way.
    pub fn loading(&self) -> Option<Loading> {
        self.loading
    }

    /// How many jumps one can go back.
    pub fn jump_depth(&self) -> usize {
        self.panes.jumps.depth()
    }

    /// The present time, as the last tick told it.
    pub fn now(&self) -> DateTime<Utc> {
        self.reading.now
    }

    /// The article that is shown.
    pub fn article(&self) -> Option<&Article> {
        self.panes.article(&self.reading.feed)
    }

    /// What goes with the article that is shown.
    pub fn related_entries(&self) -> Vec<Related<'_>> {
        self.panes.related_entries(&self.reading.feed)
    }

    /// What keys mean now.
    pub fn context(&self) -> Context {
        match (self.overlays.last(), self.panes.focus) {
            (Some(Overlay::Topics(_)), _) => Context::Picker,
            (Some(Overlay::Links(_)), _) => Context::Links,
            (Some(Overlay::Help(_)), _) => Context::Help,
            (Some(_), _) => Context::Overlay,
            (None, Focus::List) => Context::List,
            (None, Focus::Detail) => Context::Detail,
            (None, Focus::Related) => Context::Related,
        }
    }

    /// Whether an action would do something now; the footer hints at no other.
    pub fn offers(&self, action: Action) -> bool {
        match (action, self.context()) {
            (Action::Open, Context::List) => self.article().is_some(),
            (Action::Open, Context::Detail) => !self.related_entries().is_empty(),
            (Action::OpenOriginal, _) => self.link().is_some(),
            _ => true,
        }
    }

    /// Takes over what the last frame showed.
    pub fn saw(&mut self, seen: Seen) {
        self.panes.saw(seen);
        if let Some(Overlay::Help(cursor)) = self.overlays.last_mut() {
            cursor.at = cursor.at.min(seen.overlay_lines.saturating_sub(seen.overlay_height));
        }
    }

    /// Does what the reader asks for.
    pub fn apply(&mut self, action: Action) -> Effects {
        self.notice = None;
        self.welcome = None;
        match action {
            Action::Down => self.step(1),
            Action::Up => self.step(-1),
            Action::Top => self.step(isize::MIN),
            Action::Bottom => self.step(isize::MAX),
            Action::HalfPageDown => self.step(self.page() / 2),
            Action::HalfPageUp => self.step(-self.page() / 2),
            Action::PageDown => self.step(self.page() - 1),
            Action::PageUp => self.step(1 - self.page()),
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
            Action::Topics => self.show_topics(),
            Action::Sort => self.show_sort(),
            Action::Clear => self.set_query(Query::default()),
            Action::JumpBack => self.jump(Jumps::back),
            Action::JumpForward => self.jump(Jumps::forward),
            Action::Edit => self.edit(),
            Action::Problems => self.show_problems(),
            Action::Help => self.put_on_top(Overlay::Help(Cursor::default())),
            Action::Cancel => self.cancel(),
            Action::Quit => self.quit(),
            Action::QuitNow => Effect::Quit.into(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => Effect::Redraw.into(),
            Action::Toggle => self.on_top(Overlay::toggle),
            Action::Type(c) => self.typed(c),
            Action::DeleteBackward => self.on_top(|overlay| overlay.edit(Prompt::delete_backward)),
            Action::DeleteWord => self.on_top(|overlay| overlay.edit(Prompt::delete_word)),
            Action::DeleteAll => self.on_top(|overlay| overlay.edit(Prompt::clear)),
        }
    }

    /// Takes in a fact from outside. The selection and the scroll never move by it.
    pub fn receive(&mut self, event: Event) {
        match event {
            Event::Loading { done, total } => self.loading = Some(Loading { done, total }),
            Event::FeedLoaded { feed, problems, complete } => self.take_feed(feed, problems, complete),
            Event::LoadFailed(text) => (self.loading, self.notice) = (None, Some(Notice { text, failed: true })),
            Event::Done(text) => self.notice = Some(Notice { text, failed: false }),
            Event::Failed(text) => self.notice = Some(Notice { text, failed: true }),
            Event::Tick(now) => self.reading.now = now,
        }
    }

    fn take_feed(&mut self, feed: Arc<Feed>, problems: Vec<Problem>, complete: bool) {
        let selected = self.selected();
        self.reading.take(feed, problems);
        if complete {
            self.loading = None;
        }
        let rows = self.reading.rows();
        self.panes.list.set_rows(rows, selected, &self.reading.feed);
        if self.article().is_none() || self.panes.focus == Focus::List {
            self.panes.show_selected(&self.reading.feed);
        }
    }

    /// The selected article of the list.
    fn selected(&self) -> Option<ArticleId> {
        self.panes.list.place().and_then(|place| self.reading.id_at(place))
    }

    fn set_query(&mut self, query: Query) -> Effects {
        let selected = self.selected();
        let narrower = query != self.reading.query;
        self.reading.query = query;
        let rows = self.reading.rows();
        let still_there =
            selected.and_then(|id| self.reading.feed.place(id)).is_some_and(|place| rows.contains(&place));
        if narrower && !still_there {
            self.panes.list.rewind();
        }
        self.panes.list.set_rows(rows, selected, &self.reading.feed);
        self.panes.show_selected(&self.reading.feed);
        Effects::none()
    }

    // Moving.

    fn page(&self) -> isize {
        let rows = if self.overlays.is_empty() { self.panes.page() } else { self.panes.seen.overlay_height };
        rows.max(2) as isize
    }

    fn step(&mut self, by: isize) -> Effects {
        let seen = &self.panes.seen;
        let help_lines = seen.overlay_lines.saturating_sub(seen.overlay_height) + 1;
        match self.overlays.last_mut() {
            Some(overlay) => overlay.step(by, self.reading.problems.len(), help_lines),
            None => self.panes.step(by, &self.reading.feed),
        }
        Effects::none()
    }

    fn across(&mut self, by: isize) -> Effects {
        if self.panes.step_across(by, &self.reading.feed) {
            self.mark_read();
        }
        Effects::none()
    }

    fn turn(&mut self, turn: fn(&mut Panes, &Feed)) -> Effects {
        turn(&mut self.panes, &self.reading.feed);
        Effects::none()
    }

    // Opening.

    fn open(&mut self) -> Effects {
        match self.overlays.pop() {
            None => self.open_in_pane(),
            Some(Overlay::Help(_)) => Effects::none(),
            Some(Overlay::Problems(cursor)) => self.edit_problem(cursor.at),
            Some(Overlay::Sort(cursor)) => self.sort_by(cursor.at),
            Some(Overlay::Topics(picker)) => {
                let topics = picker.chosen(!self.reading.query.topics().is_empty());
                self.set_query(self.reading.query.with_topics(&topics))
            }
            Some(Overlay::Links(list)) => {
                list.links.get(list.cursor.at).map(|link| self.open_link(&link.link)).unwrap_or_default()
            }
        }
    }

    fn open_in_pane(&mut self) -> Effects {
        match self.panes.focus {
            Focus::List => {
                self.panes.show_selected(&self.reading.feed);
                self.panes.next(&self.reading.feed);
                self.mark_read();
            }
            Focus::Detail if !self.related_entries().is_empty() => self.panes.next(&self.reading.feed),
            Focus::Detail => return self.say("nothing is related to this article"),
            Focus::Related => return self.open_related(),
        }
        Effects::none()
    }

    fn open_related(&mut self) -> Effects {
        let entries = self.related_entries();
        match entries.get(self.panes.related.selected()).map(|entry| entry.target) {
            Some(Target::Here(place, _)) => self.travel_to(place),
            Some(Target::Web(entry)) => match entry.link.clone() {
                Some(link) => self.open_link(&link),
                None => self.say("this entry has no link, and the library does not hold its article"),
            },
            None => Effects::none(),
        }
    }

    fn travel_to(&mut self, place: usize) -> Effects {
        self.panes.travel_to(place, &self.reading.feed);
        self.mark_read();
        Effects::none()
    }

    fn jump(&mut self, to: fn(&mut Jumps, Option<Spot>) -> Option<Spot>) -> Effects {
        match self.panes.jump(to, &self.reading.feed) {
            Ok(()) => Effects::none(),
            Err(words) => self.say(words),
        }
    }

    fn mark_read(&mut self) {
        if let Some(id) = self.panes.detail.article() {
            self.reading.marks.set_read(id, true);
        }
    }

    /// The link that is meant now: of the selected link, of the selected related entry, or of the article.
    fn link(&self) -> Option<(Shown, Link)> {
        if let Some(Overlay::Links(list)) = self.overlays.last() {
            return list.links.get(list.cursor.at).map(|NamedLink { name, link }| (name.clone(), link.clone()));
        }
        if self.panes.focus == Focus::Related {
            let entries = self.related_entries();
            let target = entries.get(self.panes.related.selected())?.target;
            return Some((target.title().clone(), target.link()?.clone()));
        }
        let article = self.article()?;
        Some((article.title.clone(), article.link.clone()?))
    }

    fn open_original(&mut self) -> Effects {
        match self.link() {
            Some((_, link)) => self.open_link(&link),
            None => self.say("this article has no link"),
        }
    }

    fn open_link(&mut self, link: &Link) -> Effects {
        Effect::open(link).map(Effects::from).unwrap_or_else(|text| {
            self.notice = Some(Notice { text, failed: true });
            Effects::none()
        })
    }

    fn open_and_next(&mut self) -> Effects {
        let effects = self.open_original();
        self.mark_read();
        let (rows, selected) = (self.panes.list.rows(), self.panes.list.selected());
        let unread = |row: &usize| rows.get(*row).is_some_and(|&place| self.reading.is_unread(place));
        let next = (selected + 1..rows.len()).find(unread).or_else(|| (0..selected).find(unread));
        if let Some(row) = next {
            self.panes.list.select(row);
            self.panes.show_selected(&self.reading.feed);
        }
        effects
    }

    fn copy(&mut self, as_markdown: bool) -> Effects {
        let Some((name, link)) = self.link() else { return self.say("this article has no link") };
        Effect::copy(&name, &link, as_markdown).into()
    }

    // Overlays.

    fn put_on_top(&mut self, overlay: Overlay) -> Effects {
        self.overlays.push(overlay);
        Effects::none()
    }

    fn show_links(&mut self) -> Effects {
        let links = self.article().map(Article::links).unwrap_or_default();
        if links.is_empty() {
            return self.say("this article has no links");
        }
        self.put_on_top(Overlay::Links(LinkList { cursor: Cursor::default(), links }))
    }

    fn show_topics(&mut self) -> Effects {
        let topics = self.reading.topics();
        if topics.is_empty() {
            return self.say("no topics here");
        }
        self.put_on_top(Overlay::Topics(TopicPicker::new(topics, &self.reading.query.topics())))
    }

    fn show_sort(&mut self) -> Effects {
        let at = SortKey::ALL.iter().position(|key| *key == self.reading.query.sort().key).unwrap_or(0);
        self.put_on_top(Overlay::Sort(Cursor { at }))
    }

    /// Orders by a key; by the present one: the other way round.
    fn sort_by(&mut self, key: usize) -> Effects {
        let Some(key) = SortKey::ALL.get(key).copied() else { return Effects::none() };
        let sort = match self.reading.query.sort() {
            sort if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        self.set_query(self.reading.query.sorted(sort))
    }

    fn show_problems(&mut self) -> Effects {
        if self.reading.problems.is_empty() {
            return self.say("no problems: every file was read whole");
        }
        self.put_on_top(Overlay::Problems(Cursor::default()))
    }

    fn on_top(&mut self, change: impl FnOnce(&mut Overlay)) -> Effects {
        if let Some(overlay) = self.overlays.last_mut() {
            change(overlay);
        }
        Effects::none()
    }

    fn typed(&mut self, c: char) -> Effects {
        let opens = self.overlays.last_mut().is_some_and(|overlay| overlay.typed(c));
        if opens { self.open() } else { Effects::none() }
    }

    // Files.

    fn edit(&mut self) -> Effects {
        if let Some(Overlay::Problems(cursor)) = self.overlays.last().cloned() {
            self.overlays.pop();
            return self.edit_problem(cursor.at);
        }
        let Some(article) = self.article() else { return Effects::none() };
        Effect::edit_article(article).into()
    }

    fn edit_problem(&mut self, number: usize) -> Effects {
        self.reading.problems.get(number).map(Effect::edit_problem).map(Effects::from).unwrap_or_default()
    }

    // Leaving.

    fn back(&mut self) -> Effects {
        if self.overlays.pop().is_none() {
            self.panes.back();
        }
        Effects::none()
    }

    fn cancel(&mut self) -> Effects {
        if self.overlays.is_empty() && self.panes.focus == Focus::List && self.reading.query != Query::default() {
            return self.set_query(Query::default());
        }
        self.back()
    }

    fn quit(&mut self) -> Effects {
        if self.overlays.is_empty() && self.panes.focus == Focus::List {
            return Effect::Quit.into();
        }
        self.back()
    }

    fn say(&mut self, words: &'static str) -> Effects {
        self.notice = Some(Notice { text: words.into(), failed: false });
        Effects::none()
    }
}
