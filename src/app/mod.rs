//! The reading session: a value that moves over the feed as wishes and facts arrive; no terminal, no files, no clock.

mod action;
mod detail;
mod effect;
mod event;
mod focus;
mod history;
mod list;
mod overlay;
mod prompt;
mod related;
mod seen;

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

use crate::feed::{self, Article, Feed, Link, Marks, NamedLink, Problem, Related, Shown, Target, clean};
use crate::query::{Query, Sort, SortKey};
use history::{Jumps, Spot};

/// A few words for the reader, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: Shown,
    /// True when something did not work.
    pub failed: bool,
}

/// Files read and files to read, while a load is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Files read so far.
    pub done: usize,
    /// Files to read.
    pub total: usize,
}

/// The reading session.
#[derive(Debug)]
pub struct App {
    feed: Arc<Feed>,
    /// Counts the feeds that were taken in: what was made from one holds for no other.
    generation: u64,
    problems: Vec<Problem>,
    marks: Marks,
    query: Query,
    list: List,
    detail: Detail,
    related: RelatedPane,
    focus: Focus,
    overlays: Vec<Overlay>,
    jumps: Jumps,
    notice: Option<Notice>,
    loading: Option<Loading>,
    seen: Seen,
    now: DateTime<Utc>,
    /// Words for a reader who has not said what to read.
    welcome: Option<Shown>,
}

impl App {
    /// A session without articles yet. `welcome` is shown until the first key.
    pub fn new(query: Query, now: DateTime<Utc>, welcome: Option<Shown>) -> App {
        App {
            feed: Arc::default(),
            generation: 0,
            problems: Vec::new(),
            marks: Marks::default(),
            query,
            list: List::default(),
            detail: Detail::default(),
            related: RelatedPane::default(),
            focus: Focus::default(),
            overlays: Vec::new(),
            jumps: Jumps::default(),
            notice: None,
            loading: Some(Loading { done: 0, total: 0 }),
            seen: Seen::default(),
            now,
            welcome,
        }
    }

    /// All articles.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Counts the feeds that were taken in.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What is wrong with files.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What the reader did.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// What narrows and orders the list.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The list pane.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The detail pane.
    pub fn detail(&self) -> &Detail {
        &self.detail
    }

    /// The related pane.
    pub fn related(&self) -> &RelatedPane {
        &self.related
    }

    /// The pane that keys go to, below any overlay.
    pub fn focus(&self) -> Focus {
        self.focus
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
        self.jumps.depth()
    }

    /// The present time, as the last tick told it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The place in the feed of the article that is shown.
    pub fn place(&self) -> Option<usize> {
        self.detail.article().and_then(|id| self.feed.place(id))
    }

    /// The article that is shown.
    pub fn article(&self) -> Option<&Article> {
        self.place().and_then(|place| self.feed.get(place))
    }

    /// What goes with the article that is shown.
    pub fn related_entries(&self) -> Vec<Related<'_>> {
        self.place().map(|place| self.feed.related(place)).unwrap_or_default()
    }

    /// What keys mean now.
    pub fn context(&self) -> Context {
        match (self.overlays.last(), self.focus) {
            (Some(Overlay::Topics(_)), _) => Context::Picker,
            (Some(Overlay::Links(_)), _) => Context::Links,
            (Some(Overlay::Help(_)), _) => Context::Help,
            (Some(_), _) => Context::Overlay,
            (None, Focus::List) => Context::List,
            (None, Focus::Detail) => Context::Detail,
            (None, Focus::Related) => Context::Related,
        }
    }

    /// Takes over what the last frame showed.
    pub fn saw(&mut self, seen: Seen) {
        self.seen = seen;
        if !seen.list.is_empty() {
            self.list.saw(seen.list_offset);
        }
        if !seen.detail.is_empty() {
            self.detail.scroll_to(seen.detail_offset);
        }
        if !seen.related.is_empty() {
            self.related.saw(seen.related_offset);
        }
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
            Action::NextPane => self.turn_to(self.pane_after(self.focus)),
            Action::PreviousPane => self.turn_to(self.pane_after(self.pane_after(self.focus))),
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
            Action::Help => self.overlay_of(Overlay::Help(Cursor::default())),
            Action::Cancel => self.cancel(),
            Action::Quit => self.quit(),
            Action::QuitNow => Effect::Quit.into(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => Effect::Redraw.into(),
            Action::Toggle => self.toggle(),
            Action::Type(c) => self.typed(c),
            Action::DeleteBackward => self.edit_prompt(Prompt::delete_backward),
            Action::DeleteWord => self.edit_prompt(Prompt::delete_word),
            Action::DeleteAll => self.edit_prompt(Prompt::clear),
        }
    }

    /// Takes in a fact from outside. The selection and the scroll never move by it.
    pub fn receive(&mut self, event: Event) {
        match event {
            Event::Loading { done, total } => self.loading = Some(Loading { done, total }),
            Event::FeedLoaded { feed, problems, complete } => self.take_feed(feed, problems, complete),
            Event::Done(text) => self.notice = Some(Notice { text, failed: false }),
            Event::Failed(text) => self.notice = Some(Notice { text, failed: true }),
            Event::Tick(now) => self.now = now,
        }
    }

    fn take_feed(&mut self, feed: Arc<Feed>, problems: Vec<Problem>, complete: bool) {
        let selected = self.list.place().and_then(|place| self.feed.get(place)).map(|article| article.id);
        self.feed = feed;
        self.generation += 1;
        self.problems = problems;
        if complete {
            self.loading = None;
        }
        let rows = self.query.select(&self.feed, &self.marks, self.now);
        self.list.set_rows(rows, selected, &self.feed);
        if self.article().is_none() || self.focus == Focus::List && self.jumps.depth() == 0 {
            self.show_selected();
        }
    }

    /// Shows the selected article of the list.
    fn show_selected(&mut self) {
        let id = self.list.place().and_then(|place| self.feed.get(place)).map(|article| article.id);
        if self.detail.show(id) {
            self.related.rewind();
        }
    }

    fn set_query(&mut self, query: Query) -> Effects {
        let selected = self.list.place().and_then(|place| self.feed.get(place)).map(|article| article.id);
        let narrower = query != self.query;
        self.query = query;
        let rows = self.query.select(&self.feed, &self.marks, self.now);
        let still_there = selected.and_then(|id| self.feed.place(id)).is_some_and(|place| rows.contains(&place));
        if narrower && !still_there {
            self.list.rewind();
        }
        self.list.set_rows(rows, selected, &self.feed);
        self.show_selected();
        Effects::none()
    }

    // Moving.

    fn page(&self) -> isize {
        let rows = match (self.overlays.is_empty(), self.focus) {
            (false, _) => self.seen.overlay_height,
            (true, Focus::List) => self.seen.list_page(),
            (true, Focus::Detail) => self.seen.detail_page(),
            (true, Focus::Related) => usize::from(self.seen.related.height),
        };
        rows.max(2) as isize
    }

    fn step(&mut self, by: isize) -> Effects {
        let problems = self.problems.len();
        let lines = self.seen.overlay_lines.saturating_sub(self.seen.overlay_height) + 1;
        match self.overlays.last_mut() {
            Some(Overlay::Help(cursor)) => cursor.step(by, lines),
            Some(Overlay::Problems(cursor)) => cursor.step(by, problems),
            Some(Overlay::Sort(cursor)) => cursor.step(by, SortKey::ALL.len()),
            Some(Overlay::Links(list)) => list.cursor.step(by, list.links.len()),
            Some(Overlay::Topics(picker)) => {
                let count = picker.rows().len();
                picker.cursor.step(by, count);
            }
            None => self.step_pane(by),
        }
        Effects::none()
    }

    fn step_pane(&mut self, by: isize) {
        match self.focus {
            Focus::List => {
                self.list.step(by);
                self.show_selected();
            }
            Focus::Detail => self.detail.step(by, &self.seen),
            Focus::Related => {
                let count = self.related_entries().len();
                self.related.step(by, count);
            }
        }
    }

    fn across(&mut self, by: isize) -> Effects {
        match self.focus {
            Focus::List => self.detail.step(by, &self.seen),
            Focus::Detail | Focus::Related => {
                self.list.step(by);
                self.show_selected();
                self.mark_read();
            }
        }
        Effects::none()
    }

    fn pane_after(&self, focus: Focus) -> Focus {
        match focus {
            Focus::List if self.article().is_some() => Focus::Detail,
            Focus::Detail if !self.related_entries().is_empty() => Focus::Related,
            Focus::List | Focus::Detail | Focus::Related => Focus::List,
        }
    }

    fn turn_to(&mut self, focus: Focus) -> Effects {
        self.focus = focus;
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
                let topics = picker.chosen(!self.query.topics().is_empty());
                self.set_query(self.query.with_topics(&topics))
            }
            Some(Overlay::Links(list)) => match list.links.get(list.cursor.at) {
                Some(link) => self.open_link(&link.link),
                None => Effects::none(),
            },
        }
    }

    fn open_in_pane(&mut self) -> Effects {
        match self.focus {
            Focus::List if self.article().is_some() => {
                self.show_selected();
                self.focus = Focus::Detail;
                self.mark_read();
                Effects::none()
            }
            Focus::List => Effects::none(),
            Focus::Detail => self.turn_to(match self.related_entries().is_empty() {
                true => Focus::Detail,
                false => Focus::Related,
            }),
            Focus::Related => self.open_related(),
        }
    }

    fn open_related(&mut self) -> Effects {
        let entries = self.related_entries();
        match entries.get(self.related.selected()).map(|entry| entry.target) {
            Some(Target::Here(place, _)) => self.travel_to(place),
            Some(Target::Web(entry)) => match entry.link.clone() {
                Some(link) => self.open_link(&link),
                None => self.say("this entry has no link, and the library does not hold its article"),
            },
            None => Effects::none(),
        }
    }

    fn spot(&self) -> Option<Spot> {
        let article = self.detail.article()?;
        Some(Spot { article, scroll: self.detail.scroll(), related: self.related.selected() })
    }

    fn travel_to(&mut self, place: usize) -> Effects {
        if let Some(spot) = self.spot() {
            self.jumps.leave(spot);
        }
        let id = self.feed.get(place).map(|article| article.id);
        self.list.select_place(place);
        self.detail.show(id);
        self.related.rewind();
        self.focus = Focus::Detail;
        self.mark_read();
        Effects::none()
    }

    fn jump(&mut self, jump: fn(&mut Jumps, Option<Spot>) -> Option<Spot>) -> Effects {
        let present = self.spot();
        let Some(spot) = jump(&mut self.jumps, present) else { return self.say("no jump that way") };
        let Some(place) = self.feed.place(spot.article) else { return self.say("that article is no longer there") };
        self.list.select_place(place);
        self.detail.show(Some(spot.article));
        self.detail.scroll_to(spot.scroll);
        let count = self.related_entries().len();
        self.related.select(spot.related, count);
        self.focus = Focus::Detail;
        Effects::none()
    }

    fn mark_read(&mut self) {
        if let Some(id) = self.detail.article() {
            self.marks.set_read(id, true);
        }
    }

    /// The link that is meant now: of the selected link, of the selected related entry, or of the article.
    fn link(&self) -> Option<(Shown, Link)> {
        if let Some(Overlay::Links(list)) = self.overlays.last() {
            return list.links.get(list.cursor.at).map(|NamedLink { name, link }| (name.clone(), link.clone()));
        }
        if self.focus == Focus::Related {
            let entries = self.related_entries();
            let target = entries.get(self.related.selected())?.target;
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
        match link {
            Link::Web(address) => Effect::OpenLink(address.clone()).into(),
            Link::Refused { shown, why } => {
                let text = clean::decoded(&format!("not opened: {shown} — {why}; y copies it"));
                self.notice = Some(Notice { text, failed: true });
                Effects::none()
            }
        }
    }

    fn open_and_next(&mut self) -> Effects {
        let effects = self.open_original();
        self.mark_read();
        let unread = |row: &usize| {
            let place = self.list.rows().get(*row).copied();
            place.and_then(|place| self.feed.get(place)).is_some_and(|article| !self.marks.is_read(article.id))
        };
        let count = self.list.rows().len();
        let next = (self.list.selected() + 1..count).find(unread);
        if let Some(row) = next.or_else(|| (0..self.list.selected()).find(unread)) {
            self.list.select(row);
            self.show_selected();
        }
        effects
    }

    fn copy(&mut self, as_markdown: bool) -> Effects {
        let Some((name, link)) = self.link() else { return self.say("this article has no link") };
        let address = link.address().map_or_else(|| link.shown().clone(), feed::Address::shown);
        let (text, what) = match as_markdown {
            false => (address, "link"),
            true => (clean::decoded(&markdown_link(name.as_str(), address.as_str())), "Markdown link"),
        };
        Effect::Copy { text, what }.into()
    }

    // Overlays.

    fn overlay_of(&mut self, overlay: Overlay) -> Effects {
        self.overlays.push(overlay);
        Effects::none()
    }

    fn show_links(&mut self) -> Effects {
        let links = self.article().map(Article::links).unwrap_or_default();
        match links.is_empty() {
            true => self.say("this article has no links"),
            false => self.overlay_of(Overlay::Links(LinkList { cursor: Cursor::default(), links })),
        }
    }

    fn show_topics(&mut self) -> Effects {
        let rows = self.query.with_topics(&[]).select(&self.feed, &self.marks, self.now);
        let articles = rows.iter().filter_map(|&place| self.feed.get(place));
        let topics = feed::count_topics(articles.flat_map(|article| &article.topics));
        match topics.is_empty() {
            true => self.say("no topics here"),
            false => self.overlay_of(Overlay::Topics(TopicPicker::new(topics, &self.query.topics()))),
        }
    }

    fn show_sort(&mut self) -> Effects {
        let at = SortKey::ALL.iter().position(|key| *key == self.query.sort().key).unwrap_or(0);
        self.overlay_of(Overlay::Sort(Cursor { at }))
    }

    /// Orders by a key; by the present one: the other way round.
    fn sort_by(&mut self, key: usize) -> Effects {
        let Some(key) = SortKey::ALL.get(key).copied() else { return Effects::none() };
        let sort = match self.query.sort() {
            sort if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        self.set_query(self.query.sorted(sort))
    }

    fn show_problems(&mut self) -> Effects {
        match self.problems.is_empty() {
            true => self.say("no problems: every file was read whole"),
            false => self.overlay_of(Overlay::Problems(Cursor::default())),
        }
    }

    fn toggle(&mut self) -> Effects {
        if let Some(Overlay::Topics(picker)) = self.overlays.last_mut() {
            picker.toggle();
            let count = picker.rows().len();
            picker.cursor.step(1, count);
        }
        Effects::none()
    }

    fn typed(&mut self, c: char) -> Effects {
        match self.overlays.last_mut() {
            Some(Overlay::Topics(picker)) => {
                picker.prompt.insert(c);
                picker.cursor = Cursor::default();
                Effects::none()
            }
            Some(Overlay::Links(list)) => match list.row_of(c) {
                Some(row) => {
                    list.cursor.at = row;
                    self.open()
                }
                None => Effects::none(),
            },
            _ => Effects::none(),
        }
    }

    fn edit_prompt(&mut self, edit: fn(&mut Prompt)) -> Effects {
        if let Some(Overlay::Topics(picker)) = self.overlays.last_mut() {
            edit(&mut picker.prompt);
            picker.cursor = Cursor::default();
        }
        Effects::none()
    }

    // Files.

    fn edit(&mut self) -> Effects {
        if let Some(Overlay::Problems(cursor)) = self.overlays.last().cloned() {
            self.overlays.pop();
            return self.edit_problem(cursor.at);
        }
        let Some(article) = self.article() else { return Effects::none() };
        let line = article.problems.iter().find_map(|problem| problem.at).map_or(1, |at| at.line);
        let path = article.path.clone();
        self.edit_file(path, line)
    }

    fn edit_problem(&mut self, number: usize) -> Effects {
        let Some(problem) = self.problems.get(number) else { return Effects::none() };
        let (path, line) = (problem.path.clone(), problem.at.map_or(1, |at| at.line));
        self.edit_file(path, line)
    }

    fn edit_file(&mut self, path: std::path::PathBuf, line: u32) -> Effects {
        Effect::Edit { path, line }.into()
    }

    // Leaving.

    fn back(&mut self) -> Effects {
        if self.overlays.pop().is_none() {
            self.focus = match self.focus {
                Focus::Related => Focus::Detail,
                Focus::Detail | Focus::List => Focus::List,
            };
        }
        Effects::none()
    }

    fn cancel(&mut self) -> Effects {
        if self.overlays.is_empty() && self.focus == Focus::List && self.query != Query::default() {
            return self.set_query(Query::default());
        }
        self.back()
    }

    fn quit(&mut self) -> Effects {
        if self.overlays.is_empty() && self.focus == Focus::List {
            return Effect::Quit.into();
        }
        self.back()
    }

    fn say(&mut self, words: &'static str) -> Effects {
        self.notice = Some(Notice { text: words.into(), failed: false });
        Effects::none()
    }
}

/// `[title](link)`, with the characters that would end either of them escaped.
fn markdown_link(title: &str, link: &str) -> String {
    let title = title.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    let link = link.replace('(', "%28").replace(')', "%29");
    format!("[{title}]({link})")
}
