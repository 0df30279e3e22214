//! [`App`], the session: it owns the features, sends actions and events to them, and does what concerns several of them.

mod actions;
mod bookmark;
mod commands;
mod days;
mod events;
mod feed;
mod folds;
mod full_text;
mod headings;
mod identities;
mod jobs;
mod jumps;
mod links;
mod marks;
mod media;
mod menus;
mod mouse;
mod navigation;
mod news;
mod open_article;
mod overlays;
mod panes;
mod pictures;
mod places;
mod programs;
mod rules;
mod saved_searches;
mod search;
mod settings;
mod sideways;
mod similar;
mod stories;
mod subscriptions;
mod tags;
mod views;
mod write;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::action::Action;
use crate::app::bookmark::Bookmark;
use crate::app::detail_pane::DetailPane;
use crate::app::downloads::Downloads;
use crate::app::effect::Effects;
use crate::app::focus::{Context, Focus};
use crate::app::frame_info::FrameInfo;
use crate::app::link_target::LinkTarget;
use crate::app::link_throttle::LinkThrottle;
use crate::app::list_pane::ListPane;
use crate::app::list_search::ListSearch;
use crate::app::loaded_feed::LoadedFeed;
use crate::app::news::News;
use crate::app::notices::{Notice, Notices};
use crate::app::open_article::OpenArticle;
#[cfg(feature = "pictures")]
use crate::app::overlays::PictureViewer;
use crate::app::overlays::{InsightsOptions, LinkList, Overlay, Overlays, ThemeList, Welcome};
use crate::app::pane_layout::PaneLayout;
use crate::app::panes::Panes;
use crate::app::pictures::Pictures;
use crate::app::problems::Problems;
use crate::app::programs::Programs;
use crate::app::prompt_history::{PromptHistory, PromptKind};
use crate::app::related_pane::RelatedPane;
use crate::app::restored_session::RestoredSession;
use crate::app::session_init::SessionInit;
use crate::app::session_marks::SessionMarks;
use crate::app::session_rules::SessionRules;
use crate::app::session_time::SessionTime;
use crate::app::story_folds::StoryFolds;
use crate::app::subscriptions::Subscriptions;
use crate::app::theme_choice::ThemeChoice;
use crate::app::unread_set::UnreadSet;
use crate::app::user_config::UserConfig;
use crate::config::Settings;
use crate::dates::{Now, Zone};
use crate::feed::{Article, Feed, Link, Marks, Related, SafeText};
use crate::jobs::JobKind;
use crate::jobs::running_jobs::RunningJobs;
use crate::query::{Query, SearchContext};

/// The session. Each feature has a method of its name that returns it. `feed`, `marks`, `query` and `now` return the
/// values that most code needs.
#[derive(Debug)]
pub struct App {
    /// All loaded articles.
    loaded_feed: LoadedFeed,
    /// The present time and time zone.
    time: SessionTime,
    /// The user's marks.
    marks: SessionMarks,
    /// Which articles are unread.
    unread: UnreadSet,
    /// The query and the search for its rows.
    search: ListSearch,
    /// The user's rules and their results.
    rules: SessionRules,
    /// Problems of files.
    problems: Problems,
    /// The three panes.
    panes: Panes,
    /// What the last frame showed.
    frame: FrameInfo,
    /// Overlays, on top of the panes.
    overlays: Overlays,
    /// The user's choice of list width and zen mode.
    pane_layout: PaneLayout,
    /// The settings.
    settings: Arc<Settings>,
    /// Name of the library, the title of the list.
    library_name: SafeText,
    /// Notices on the screen, and their history.
    notices: Notices,
    /// Limits how often links are opened.
    link_throttle: LinkThrottle,
    /// Jobs in the background.
    jobs: RunningJobs,
    /// Text for a user who has not named a library.
    welcome: Option<SafeText>,
    /// Earlier inputs of prompts.
    history: PromptHistory,
    /// Articles that arrived or changed.
    news: News,
    /// Which stories are folded.
    stories: StoryFolds,
    /// The open article, and when it counts as read.
    open: OpenArticle,
    /// The user's programs.
    programs: Programs,
    /// Files that are downloaded.
    downloads: Downloads,
    /// Whether pictures are shown.
    pictures: Pictures,
    /// The position of the last session, until it is restored.
    restored: RestoredSession,
    /// The last options of the insights.
    insights: InsightsOptions,
    /// The themes, and the applied one.
    themes: ThemeChoice,
    /// The subscriptions and their syncs.
    subscriptions: Subscriptions,
}

impl App {
    /// A session without articles yet.
    pub fn new(init: SessionInit, now: DateTime<Utc>) -> App {
        let SessionInit { library, query, user, welcome, device, records_arrivals, is_first_visit, .. } = init;
        let SessionInit {
            similar,
            bookmark,
            colours,
            picked,
            opens_welcome,
            importable,
            subscriptions_file,
            picture_cache,
            ..
        } = init;
        let UserConfig { settings, saved, rules, bound_commands, problems, subscriptions } = user;
        let subscriptions = Subscriptions::new(subscriptions, subscriptions_file, now);
        let stories = StoryFolds::all(bookmark.as_ref().is_some_and(|bookmark| bookmark.unfolded));
        let mut app = App {
            loaded_feed: LoadedFeed::default(),
            time: SessionTime::new(Now { at: now, zone: settings.dates.zone }),
            marks: SessionMarks::new(device),
            unread: UnreadSet::default(),
            search: ListSearch::new(query, saved),
            rules: SessionRules::new(rules),
            problems: Problems::default(),
            panes: Panes::new(similar, bookmark.as_ref().map(|bookmark| bookmark.folds.clone()).unwrap_or_default()),
            frame: FrameInfo::default(),
            overlays: Overlays::default(),
            pane_layout: bookmark.as_ref().map(|bookmark| bookmark.layout).unwrap_or_default(),
            themes: ThemeChoice::new(settings.clone(), colours, picked),
            pictures: Pictures::new(settings.pictures.draw, picture_cache),
            settings,
            library_name: library,
            notices: Notices::default(),
            link_throttle: LinkThrottle::default(),
            // The terminal starts loading at once; without this the first frame would show an empty library.
            jobs: RunningJobs::expecting(JobKind::Load),
            welcome,
            history: PromptHistory::default(),
            news: News::since(now, records_arrivals, is_first_visit),
            stories,
            open: OpenArticle::default(),
            programs: Programs::new(bound_commands),
            downloads: Downloads::default(),
            restored: RestoredSession::new(bookmark),
            insights: InsightsOptions::default(),
            subscriptions,
        };
        app.problems.set_user(problems);
        navigation::saved_changed(&mut app);
        importable.iter().for_each(|path| app.history.keep(PromptKind::Import, path));
        if opens_welcome {
            // It needs no job.
            drop(app.push_overlay(Welcome { is_first: true, ..Welcome::default() }));
        }
        // A clone: the bookmark itself waits until the session has returned to its article.
        if let Some(Bookmark { marks: Some(marks), unread, .. }) = app.restored.bookmark().cloned() {
            app.init_marks(marks, unread);
        }
        app
    }

    /// The input of searches and other jobs: the present articles, marks and time.
    fn search_context(&self) -> SearchContext {
        SearchContext {
            // All large parts are behind an `Arc`: the job keeps this state while the session goes on.
            feed: self.loaded_feed.feed().clone(),
            texts: self.loaded_feed.texts().clone(),
            marks: self.marks.all().clone(),
            now: self.time.now(),
            since: self.news.session_start(),
            changed: self.news.all_changed().clone(),
        }
    }

    /// All articles.
    pub fn feed(&self) -> &Feed {
        self.loaded_feed.feed()
    }

    /// All articles, with the generation of the feed.
    pub fn loaded_feed(&self) -> &LoadedFeed {
        &self.loaded_feed
    }

    /// Problems of files.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The user's marks, with the results of rules.
    pub fn marks(&self) -> &Marks {
        self.marks.all()
    }

    /// The marks with their state on disk and the undo history.
    pub fn session_marks(&self) -> &SessionMarks {
        &self.marks
    }

    /// Which articles are unread.
    pub fn unread(&self) -> &UnreadSet {
        &self.unread
    }

    /// The query of the list and the search for its rows.
    pub fn search(&self) -> &ListSearch {
        &self.search
    }

    /// The rules and their results.
    pub fn rules(&self) -> &SessionRules {
        &self.rules
    }

    /// The query that selects and sorts the list.
    pub fn query(&self) -> &Query {
        self.search.query()
    }

    /// Articles that arrived or changed.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// Which stories are folded.
    pub fn stories(&self) -> &StoryFolds {
        &self.stories
    }

    /// The panes.
    pub fn panes(&self) -> &Panes {
        &self.panes
    }

    /// The list pane.
    pub fn list(&self) -> &ListPane {
        self.panes.list()
    }

    /// The detail pane.
    pub fn detail(&self) -> &DetailPane {
        self.panes.detail()
    }

    /// The related pane.
    pub fn related(&self) -> &RelatedPane {
        self.panes.related()
    }

    /// The focused pane. Keys go to it unless an overlay is open.
    pub fn focus(&self) -> Focus {
        self.panes.focus()
    }

    /// The topmost overlay.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.top()
    }

    /// All open overlays.
    pub fn overlays(&self) -> &Overlays {
        &self.overlays
    }

    /// The list width, the navigation pane and zen mode. Without a choice of the user, the settings decide.
    pub fn pane_layout(&self) -> PaneLayout {
        self.pane_layout.with_list_percent(self.settings.layout.list).with_navigation(self.settings.navigation)
    }

    /// The settings.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// How the session shows pictures.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// Name of the library, the title of the list.
    pub fn library_name(&self) -> &SafeText {
        &self.library_name
    }

    /// The themes, and the applied one.
    pub fn themes(&self) -> &ThemeChoice {
        &self.themes
    }

    /// Index of the theme on the screen: the selected one while the list of themes is open.
    pub fn shown_theme(&self) -> usize {
        let selected = self.overlays.find::<ThemeList>().and_then(ThemeList::selected);
        selected.unwrap_or(self.themes.shown())
    }

    /// The newest notice on the screen.
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.current()
    }

    /// The notices on the screen and their history.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Text for a user who has not named a library. Shown until the first key.
    pub fn welcome(&self) -> Option<&SafeText> {
        self.welcome.as_ref()
    }

    /// Titles of the articles in the jump history, most recent first, at most `most`. Several places of one article are one entry.
    pub fn jump_back_titles(&self, most: usize) -> impl Iterator<Item = SafeText> {
        let mut before = None;
        let articles = self.panes.jumps().back_articles().filter(move |id| before.replace(*id) != Some(*id)).take(most);
        let shown = self.panes.detail().article();
        articles.filter_map(move |id| match shown == Some(id) {
            true => Some("this article".into()),
            false => self.feed().find(id).map(|article| article.title.clone()),
        })
    }

    /// The time of the last tick.
    pub fn now(&self) -> DateTime<Utc> {
        self.time.now().at
    }

    /// The time zone of the user.
    pub fn zone(&self) -> Zone {
        self.time.now().zone
    }

    /// The article in the detail pane.
    pub fn article(&self) -> Option<Arc<Article>> {
        self.panes.article(self.feed())
    }

    /// What the last frame showed.
    pub fn frame(&self) -> &FrameInfo {
        &self.frame
    }

    /// Related entries of the article in the detail pane.
    pub fn related_entries(&self) -> Vec<Related> {
        self.panes.related_entries(self.feed())
    }

    /// The context that decides what keys mean.
    pub fn context(&self) -> Context {
        self.overlays.context().unwrap_or(match self.panes.focus() {
            Focus::List => Context::List,
            Focus::Detail => Context::Detail,
            Focus::Related => Context::Related,
            Focus::Navigation => Context::Navigation,
        })
    }

    /// Whether an action would do something now. The footer shows hints only for these.
    pub fn is_available(&self, action: Action) -> bool {
        // An open overlay gets every action before the panes do.
        if let Some(is_available) = self.overlays.is_available(action) {
            return is_available;
        }
        let feed = self.feed();
        match (action, self.panes.focus()) {
            (Action::ReadOn | Action::ReadAndNext | Action::Star, _) if !self.is_loading() => {
                self.panes.article_index(feed).is_some()
            }
            // In an empty library there is nothing to search, pick or sort.
            (Action::Search | Action::SavedSearches | Action::Topics | Action::Sort, focus)
                if !self.is_loading() && focus != Focus::Navigation =>
            {
                !feed.is_empty()
            }
            (Action::Open, Focus::List) => self.panes.article_index(feed).is_some(),
            (Action::Open, Focus::Detail) => self.panes.has_related(feed),
            (Action::OpenOriginal, _) => self.link().is_some(),
            (Action::Toggle | Action::SaveSearch | Action::Complete, _) => false,
            _ => true,
        }
    }

    /// The link that actions use, with its name: of the selected link or related entry, otherwise of the article.
    pub fn link(&self) -> Option<(SafeText, Link)> {
        #[cfg(feature = "pictures")]
        if let Some(viewer) = self.overlays.top_as::<PictureViewer>() {
            return viewer.link();
        }
        if let Some(list) = self.overlays.top_as::<LinkList>() {
            return match list.selected()? {
                (named, LinkTarget::Browser | LinkTarget::Picture) => Some((named.name.clone(), named.link.clone())),
                (_, LinkTarget::Article { id, .. }) => {
                    let article = self.feed().find(*id)?;
                    let link = article.link_to_open().filter(|link| link.address().is_some())?;
                    Some((article.title.clone(), link.clone()))
                }
                (_, LinkTarget::SamePage(_) | LinkTarget::Missing) => None,
            };
        }
        if self.panes.focus() == Focus::Related {
            let entries = self.related_entries();
            let target = &entries.get(self.panes.related().selected())?.target;
            return Some((target.title().clone(), target.link_to_open()?.clone()));
        }
        let article = self.article()?;
        Some((article.title.clone(), article.link_to_open()?.clone()))
    }

    /// Records what the last frame showed. True if the frame must be drawn again: it shows no pane with the focus, or a pane
    /// without its entries.
    pub fn frame_drawn(&mut self, frame: FrameInfo) -> bool {
        self.overlays.frame_drawn(&frame.overlay);
        self.panes.frame_drawn(&frame);
        self.frame = frame;
        places::frame_drawn(self);
        // The screen has become narrower, or a setting has changed.
        let is_gone = self.panes.focus() == Focus::Navigation && !frame.navigation.is_on;
        if is_gone {
            self.panes.focus_list(self.loaded_feed.feed());
        }
        let is_new = self.panes.navigation_mut().set_on(frame.navigation.is_on, &self.subscriptions);
        is_gone || is_new
    }

    /// Rows or lines of a page in the focused pane, at least 2.
    fn page_size(&self) -> isize {
        // A page key moves by one row less than a page: with 1 it would not move.
        self.panes.page(&self.frame).max(2) as isize
    }

    fn notify(&mut self, words: &'static str) -> Effects {
        self.push_notice(Notice::of(words.into()));
        Effects::none()
    }

    /// Adds a notice to the screen and the history. Its maker writes the capital at its beginning: a text may begin
    /// with a name.
    fn push_notice(&mut self, notice: Notice) {
        self.notices.push(notice, self.time.moment());
    }
}
