//! Overlays on top of the panes. Each overlay is a type in a file here; the file with the same name in `ui/overlays` draws it.
//!
//! To add an overlay: add its two files, a row in the list below, an arm in `open`, and an arm in `ui::overlays::draw`.

mod behaviour;
#[cfg(feature = "sync")]
mod channel_picker;
mod confirm;
mod found_channels;
mod help;
mod insights;
mod insights_options;
mod label_picker;
mod links;
mod menu;
mod narrowed_rows;
mod notices;
mod outline;
mod palette;
mod palette_items;
#[cfg(feature = "pictures")]
mod picture_viewer;
mod problems;
mod program_output;
mod prompt;
mod saved_searches;
mod search_name;
mod sort;
mod subscriptions;
mod themes;
mod welcome;

pub use behaviour::{ConfirmedRequest, Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
#[cfg(feature = "sync")]
pub use channel_picker::ChannelPicker;
pub use confirm::Confirm;
pub use found_channels::FoundChannelList;
pub use insights::InsightsView;
pub use insights_options::{InsightsOptions, InsightsSection};
pub use label_picker::{LabelPicker, PickerLabel};
pub use links::LinkList;
pub use menu::{Menu, MenuEntry, MenuSubject};
pub use narrowed_rows::{NO_MATCH, NarrowedRows};
pub use notices::NoticeList;
pub use outline::Outline;
pub use palette::{Palette, PaletteLine, PaletteRow};
pub use palette_items::PaletteItem;
#[cfg(feature = "pictures")]
pub use picture_viewer::{PictureView, PictureViewer, RemoteAccess, ViewerState};
pub use problems::ProblemList;
pub use program_output::ProgramOutput;
pub use prompt::{InputError, PromptState};
pub use saved_searches::{SavedSearchList, SavedSearchRow};
pub use search_name::keep_search;
pub use sort::SortList;
pub use subscriptions::SubscriptionList;
pub use themes::ThemeList;
pub use welcome::{ArticleSource, Welcome};

use super::action::Action;
use super::count::Count;
use super::focus::Context;
use super::frame_info::OverlayInfo;
use super::movement::Movement;
use super::prompt_history::PromptKind;
use crate::feed::tags;
use crate::jobs::{Answer, Job, JobId};
use crate::query::{Field, Query, SearchContext};

/// A type of overlay: one variant of [`Overlay`].
pub trait OverlayType: Sized {
    /// The overlay, if it has this type.
    fn of(overlay: &Overlay) -> Option<&Self>;
    /// The overlay, to change, if it has this type.
    fn of_mut(overlay: &mut Overlay) -> Option<&mut Self>;
}

/// Declares the enum of all overlays and the conversions of each type.
macro_rules! overlays {
    ($($(#[doc = $doc:literal])* $(#[cfg($condition:meta)])? $name:ident($overlay:ty),)*) => {
        /// Any overlay.
        #[derive(Clone, Debug)]
        pub enum Overlay {
            $($(#[doc = $doc])* $(#[cfg($condition)])? $name(Box<$overlay>),)*
        }

        impl Overlay {
            fn behaviour(&self) -> &dyn OverlayBehaviour {
                match self { $($(#[cfg($condition)])? Overlay::$name(overlay) => &**overlay,)* }
            }

            fn behaviour_mut(&mut self) -> &mut dyn OverlayBehaviour {
                match self { $($(#[cfg($condition)])? Overlay::$name(overlay) => &mut **overlay,)* }
            }
        }

        $(
            $(#[cfg($condition)])?
            impl From<$overlay> for Overlay {
                fn from(overlay: $overlay) -> Overlay {
                    Overlay::$name(Box::new(overlay))
                }
            }

            $(#[cfg($condition)])?
            impl OverlayType for $overlay {
                fn of(overlay: &Overlay) -> Option<&$overlay> {
                    if let Overlay::$name(overlay) = overlay { Some(overlay) } else { None }
                }

                fn of_mut(overlay: &mut Overlay) -> Option<&mut $overlay> {
                    if let Overlay::$name(overlay) = overlay { Some(overlay) } else { None }
                }
            }
        )*
    };
}

overlays! {
    /// The palette, and help.
    Palette(Palette),
    /// The problems of files.
    Problems(ProblemList),
    /// The last notices.
    Notices(NoticeList),
    /// The output of a program.
    ProgramOutput(ProgramOutput),
    /// A picker for topics or providers.
    Picker(LabelPicker),
    /// The saved searches.
    Saved(SavedSearchList),
    /// A prompt: a line of text at the bottom of the screen.
    Prompt(PromptState),
    /// The links of the article.
    Links(LinkList),
    /// A menu.
    Menu(Menu),
    /// The headings of the article.
    Outline(Outline),
    /// The pictures of the article.
    #[cfg(feature = "pictures")]
    Picture(PictureViewer),
    /// The sort orders.
    Sort(SortList),
    /// The themes.
    Themes(ThemeList),
    /// A yes/no question.
    Confirm(Confirm),
    /// The charts.
    Insights(InsightsView),
    /// The sources of articles, at the first start.
    Welcome(Welcome),
    /// The suggested channels.
    #[cfg(feature = "sync")]
    Channels(ChannelPicker),
    /// The subscriptions.
    Subscriptions(SubscriptionList),
    /// The channels that a page names.
    FoundChannels(FoundChannelList),
}

/// The result of opening an overlay.
pub enum Opening {
    /// An overlay.
    Overlay(Overlay),
    /// No overlay, because it would be empty; with a notice that says so.
    NothingToShow(&'static str),
}

/// Opens the overlay of an action. `None` for actions that open none, or need more than [`SessionParts`].
pub fn open(action: Action, session: &SessionParts) -> Option<Opening> {
    Some(match action {
        Action::Palette => opened(Palette::open(session)),
        Action::Problems => opened_or(ProblemList::open(session), ProblemList::NOTHING),
        Action::Notices => opened_or(NoticeList::open(session), NoticeList::NOTHING),
        Action::Topics => opened(LabelPicker::open(Field::Topic, session)),
        Action::Providers => opened(LabelPicker::open(Field::Provider, session)),
        Action::Tags if tags::in_use(session.marks).is_empty() => Opening::NothingToShow("No tags yet: + adds one"),
        Action::Tags => opened(LabelPicker::open(Field::Tag, session)),
        Action::SavedSearches => opened_or(SavedSearchList::open(session.saved), SavedSearchList::NOTHING),
        Action::Links => opened_or(LinkList::open(session), LinkList::NOTHING),
        Action::Sort => opened(SortList::open(session)),
        Action::Themes => opened_or(ThemeList::open(session), ThemeList::NOTHING),
        Action::Insights => opened(InsightsView::open(session)),
        Action::Welcome => opened(Welcome::default()),
        Action::Subscriptions => opened(SubscriptionList::open(session)),
        Action::Subscribe => match FoundChannelList::open(session) {
            Some(list) => opened(list),
            None => opened(PromptState::new(PromptKind::Subscribe, "", Query::default(), None)),
        },
        _ => return None,
    })
}

fn opened(overlay: impl Into<Overlay>) -> Opening {
    Opening::Overlay(overlay.into())
}

fn opened_or(overlay: Option<impl Into<Overlay>>, words: &'static str) -> Opening {
    overlay.map_or(Opening::NothingToShow(words), opened)
}

/// The stack of open overlays. The topmost gets the keys and is drawn.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    stack: Vec<Overlay>,
}

impl Overlays {
    /// Whether no overlay is open.
    pub fn is_empty(&self) -> bool {
        self.stack.is_empty()
    }

    /// The topmost overlay.
    pub fn top(&self) -> Option<&Overlay> {
        self.stack.last()
    }

    /// The topmost overlay, if it has this type.
    pub fn top_as<T: OverlayType>(&self) -> Option<&T> {
        self.stack.last().and_then(T::of)
    }

    /// The lowest overlay of this type; another one may be on top of it.
    pub fn find<T: OverlayType>(&self) -> Option<&T> {
        self.stack.iter().find_map(T::of)
    }

    /// The lowest overlay of this type, to change.
    pub fn find_mut<T: OverlayType>(&mut self) -> Option<&mut T> {
        self.stack.iter_mut().find_map(T::of_mut)
    }

    /// The topmost overlay, to change, if it has this type.
    pub fn top_as_mut<T: OverlayType>(&mut self) -> Option<&mut T> {
        self.stack.last_mut().and_then(T::of_mut)
    }

    /// Opens an overlay on top. Returns the job that computes its counts, if it needs one.
    pub fn push(&mut self, mut overlay: Overlay, search_context: &SearchContext) -> Option<Job> {
        let job = overlay.behaviour_mut().job(search_context);
        self.stack.push(overlay);
        job
    }

    /// The job that computes the counts of the overlay of this type again, if it is open.
    pub fn recount<T: OverlayType + OverlayBehaviour>(&mut self, search_context: &SearchContext) -> Option<Job> {
        self.find_mut::<T>()?.job(search_context)
    }

    /// Closes the topmost overlay.
    pub fn pop(&mut self) -> Option<Overlay> {
        self.stack.pop()
    }

    /// Closes the overlays of this type, also below others.
    pub fn close<T: OverlayType>(&mut self) {
        self.stack.retain(|overlay| T::of(overlay).is_none());
    }

    /// The key context of the topmost overlay.
    pub fn context(&self) -> Option<Context> {
        self.stack.last().map(|top| top.behaviour().context())
    }

    /// Whether an action would do something in the topmost overlay; `None` without an overlay.
    pub fn is_available(&self, action: Action) -> Option<bool> {
        // Keys of lists in general that only some of them know.
        let is_of = |top: &Overlay| match action {
            Action::RenameSearch | Action::DeleteSearch | Action::PinSearch => matches!(top, Overlay::Saved(_)),
            Action::Edit => matches!(top, Overlay::Saved(_) | Overlay::Problems(_) | Overlay::Subscriptions(_)),
            _ => true,
        };
        self.stack.last().map(|top| is_of(top) && top.behaviour().is_available(action))
    }

    /// The help of the topmost overlay, or of the focused pane. It leaves out what would do nothing.
    pub fn help(&self, session: &SessionParts) -> Palette {
        let bound = session.bound_commands.of(session.context).map(|bound| bound.command.action);
        let ignored = bound.filter(|action| self.is_available(*action) == Some(false)).collect();
        Palette::open_help(session.context, ignored, session)
    }

    /// What Enter does in the topmost overlay, if it has a word of its own for that.
    pub fn enter_word(&self) -> Option<&'static str> {
        self.stack.last().and_then(|top| top.behaviour().enter_word())
    }

    /// Handles an action in the topmost overlay. `None` if the overlay ignores it: then it goes to the panes.
    pub fn act(&mut self, action: Action, count: Count, session: &SessionParts) -> Option<Vec<OverlayRequest>> {
        let top = self.stack.last_mut()?.behaviour_mut();
        // The overlay decides first: in help, Esc ends a search before it closes the overlay.
        let outcome = match (top.act(action, session), Movement::of(action, count, session.page())) {
            (Outcome::Ignored, Some(movement)) => {
                let (at, last) = top.position(session);
                top.step(movement.rows_from(at, last), session)
            }
            (outcome, _) => outcome,
        };
        match (outcome, action) {
            (Outcome::Ignored, Action::Back | Action::Cancel | Action::Quit) => self.carry_out(Outcome::close()),
            // A list that cannot be narrowed does not open the search of the pane below.
            (Outcome::Ignored, Action::Search) => self.carry_out(Outcome::stay()),
            (outcome, _) => self.carry_out(outcome),
        }
    }

    /// Pastes text into the topmost overlay.
    pub fn paste(&mut self, text: &str, session: &SessionParts) -> Option<Vec<OverlayRequest>> {
        let outcome = self.stack.last_mut()?.behaviour_mut().paste(text, session);
        self.carry_out(outcome)
    }

    fn carry_out(&mut self, outcome: Outcome) -> Option<Vec<OverlayRequest>> {
        match outcome {
            Outcome::Ignored => None,
            Outcome::Stay(requests) => Some(requests),
            Outcome::Close(requests) => {
                self.stack.pop();
                Some(requests)
            }
        }
    }

    /// Why a click outside leaves the topmost overlay open, if it does.
    pub fn kept_by_click_outside(&self) -> Option<&'static str> {
        self.stack.last().and_then(|top| top.behaviour().kept_by_click_outside())
    }

    /// Whether a click outside accepts the topmost overlay, as Enter does.
    pub fn click_outside_accepts(&self) -> bool {
        self.stack.last().is_some_and(|top| top.behaviour().click_outside_accepts())
    }

    /// Handles a click on a row of the topmost overlay.
    pub fn click(&mut self, row: usize, session: &SessionParts) {
        if let Some(top) = self.stack.last_mut() {
            top.behaviour_mut().click(row, session);
        }
    }

    /// Handles a click on something else that the topmost overlay offers, by its index.
    pub fn choose(&mut self, at: usize, session: &SessionParts) -> Option<Vec<OverlayRequest>> {
        let outcome = self.stack.last_mut()?.behaviour_mut().choose(at, session);
        self.carry_out(outcome)
    }

    /// Handles a double click on a row of the topmost overlay. True if the caller must do what Enter does.
    pub fn double_click(&mut self, row: usize) -> bool {
        self.stack.last_mut().is_none_or(|top| top.behaviour_mut().double_click(row))
    }

    /// Scrolls the topmost overlay by rows.
    pub fn scroll(&mut self, by: isize, session: &SessionParts) {
        if let Some(top) = self.stack.last_mut() {
            top.behaviour_mut().scroll(by, session);
        }
    }

    /// Passes the answer of a job to the overlay that started it, also if it is not the topmost.
    pub fn take_answer(&mut self, job: JobId, answer: Answer) {
        // The answer of an earlier count has the id of no overlay and is dropped.
        let mut overlays = self.stack.iter_mut().map(Overlay::behaviour_mut);
        if let Some(overlay) = overlays.find(|overlay| overlay.awaited_job() == Some(job)) {
            overlay.take_answer(answer);
        }
    }

    /// Passes what the last frame showed to the topmost overlay.
    pub fn frame_drawn(&mut self, frame: &OverlayInfo) {
        if let Some(top) = self.stack.last_mut() {
            top.behaviour_mut().frame_drawn(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::bound_commands::BoundCommands;
    use super::super::frame_info::VisibleLinks;
    use super::super::notices::{Notice, Notices};
    use super::super::prompt_history::PromptHistory;
    use super::super::subscriptions::Subscriptions;
    use super::super::text_input::Edit;
    use super::super::theme_choice::ThemeChoice;
    use super::*;
    use crate::config::Settings;
    use crate::config::themes::ColourDepth;
    use crate::dates::{Now, Zone};
    use crate::feed::{Feed, Marks};
    use crate::query::{Query, SavedSearches, SortKey};

    /// A session with a query and a history of prompts.
    struct Session {
        feed: Feed,
        marks: Marks,
        query: Query,
        saved: SavedSearches,
        notices: Notices,
        bound_commands: BoundCommands,
        history: PromptHistory,
        themes: ThemeChoice,
        subscriptions: Subscriptions,
        visible_links: VisibleLinks,
        frame: OverlayInfo,
    }

    impl Session {
        fn new(query: &str) -> Session {
            let (settings, _) = Settings::parse("", Path::new(""), None).expect("settings");
            let saved = SavedSearches::new([("mine".to_owned(), "is:unread".to_owned())]);
            let query = Query::parse_with(query, &saved).expect("a query");
            let mut history = PromptHistory::default();
            history.keep(PromptKind::Search, "tides");
            let themes = ThemeChoice::new(Arc::new(settings), ColourDepth::TrueColour, None);
            let frame = OverlayInfo { row_lines: 1, height: 4, lines: 8, ..OverlayInfo::default() };
            let mut notices = Notices::default();
            notices.push(Notice::of("saved".into()), chrono::DateTime::UNIX_EPOCH);
            let subscriptions = Subscriptions::new(Arc::default(), "".into(), chrono::DateTime::UNIX_EPOCH);
            let visible_links = VisibleLinks::default();
            Session {
                feed: Feed::default(),
                marks: Marks::default(),
                query,
                saved,
                notices,
                bound_commands: BoundCommands::default(),
                history,
                themes,
                subscriptions,
                visible_links,
                frame,
            }
        }

        fn parts(&self) -> SessionParts<'_> {
            SessionParts {
                feed: &self.feed,
                marks: &self.marks,
                article: None,
                query: &self.query,
                saved: &self.saved,
                problems: &[],
                notices: &self.notices,
                history: &self.history,
                context: Context::List,
                bound_commands: &self.bound_commands,
                themes: &self.themes,
                subscriptions: &self.subscriptions,
                insights: InsightsOptions::default(),
                visible_links: &self.visible_links,
                frame: &self.frame,
            }
        }

        fn search_context(&self) -> SearchContext {
            SearchContext::new(
                Arc::default(),
                Arc::default(),
                Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc },
            )
        }

        /// The overlays after an action.
        fn opened(&self, action: Action) -> Overlays {
            let mut overlays = Overlays::default();
            match open(action, &self.parts()) {
                _ if action == Action::Help => {
                    let help = overlays.help(&self.parts());
                    drop(overlays.push(help.into(), &self.search_context()));
                }
                Some(Opening::Overlay(overlay)) => drop(overlays.push(overlay, &self.search_context())),
                Some(Opening::NothingToShow(_)) | None => {}
            }
            overlays
        }
    }

    /// A search prompt over the query of a session.
    fn search(session: &Session) -> Overlays {
        let mut overlays = Overlays::default();
        let prompt = PromptState::new(PromptKind::Search, "", session.query.clone(), None);
        assert!(overlays.push(prompt.into(), &session.search_context()).is_none());
        overlays
    }

    const OPENERS: [Action; 8] = [
        Action::Palette,
        Action::Help,
        Action::Topics,
        Action::Providers,
        Action::SavedSearches,
        Action::Sort,
        Action::Themes,
        Action::Insights,
    ];

    #[test]
    fn ignored_actions_go_to_the_panes_and_esc_closes() {
        let session = Session::new("is:unread");
        for opener in OPENERS {
            let mut overlays = session.opened(opener);
            assert!(overlays.act(Action::Star, Count::default(), &session.parts()).is_none(), "{opener:?}");
            assert!(overlays.act(Action::Down, Count::default(), &session.parts()).is_some(), "{opener:?}");
            for closes in [Action::Back, Action::Quit, Action::Cancel] {
                let mut overlays = session.opened(opener);
                assert!(
                    overlays.act(closes, Count::default(), &session.parts()).is_some_and(|then| then.is_empty()),
                    "{opener:?}"
                );
                assert!(overlays.is_empty(), "{opener:?} {closes:?}");
            }
        }
    }

    #[test]
    fn an_empty_list_is_a_notice() {
        let session = Session::new("");
        for opener in [Action::Problems, Action::Links] {
            assert!(matches!(open(opener, &session.parts()), Some(Opening::NothingToShow(words)) if words.len() > 10));
        }
        assert!(open(Action::Star, &session.parts()).is_none());
    }

    #[test]
    fn the_present_sort_order_is_selected_and_reversed() {
        let session = Session::new("sort:title");
        let mut overlays = session.opened(Action::Sort);
        let list = overlays.top_as::<SortList>().expect("the orders");
        assert_eq!(SortKey::ALL[list.cursor.at], SortKey::Title);
        let then = overlays.act(Action::Open, Count::default(), &session.parts()).expect("an order");
        let [OverlayRequest::SetQuery(query)] = &then[..] else { panic!("{then:?}") };
        assert_eq!((query.to_string().as_str(), overlays.is_empty()), ("sort:-title", true));
    }

    #[test]
    fn rows_are_clicked_and_scrolled_where_they_are_drawn() {
        let session = Session::new("");
        let mut overlays = session.opened(Action::Sort);
        let at = |overlays: &Overlays| overlays.top_as::<SortList>().expect("the orders").cursor.at;
        overlays.click(5, &session.parts());
        assert_eq!(at(&overlays), 5);
        overlays.click(8, &session.parts());
        assert_eq!(at(&overlays), 5, "there is no such row");
        overlays.scroll(-3, &session.parts());
        assert_eq!(at(&overlays), 3, "the last row that is still shown");
        let undrawn = Session { frame: OverlayInfo::default(), ..Session::new("") };
        overlays.scroll(3, &undrawn.parts());
        overlays.click(0, &undrawn.parts());
        assert_eq!(at(&overlays), 3, "nothing is drawn yet");
    }

    #[test]
    fn a_search_narrows_with_every_letter_and_an_error_keeps_it_open() {
        let session = Session::new("topic:ai");
        let mut overlays = search(&session);
        let mut act = |action| overlays.act(action, Count::default(), &session.parts()).expect("a prompt takes it");
        let then = act(Action::Type('x'));
        assert!(
            matches!(&then[..], [OverlayRequest::SetQuery(query)] if query.to_string() == "topic:ai x"),
            "{then:?}"
        );
        let then = act(Action::EditText(Edit::DeleteAll));
        assert!(matches!(&then[..], [OverlayRequest::SetQuery(query)] if query.to_string() == "topic:ai"), "{then:?}");
        act(Action::Up);
        assert_eq!(overlays.top_as::<PromptState>().map(|prompt| prompt.input.text()), Some("tides"));
        let then = overlays.paste(" is:nonsense", &session.parts()).expect("a prompt takes it");
        assert!(then.is_empty(), "a query that cannot be read changes nothing: {then:?}");
        let then = overlays.act(Action::Open, Count::default(), &session.parts()).expect("Enter");
        assert!(matches!(&then[..], [OverlayRequest::RememberInput(PromptKind::Search, _)]), "{then:?}");
        assert!(overlays.top_as::<PromptState>().is_some_and(|prompt| prompt.error.is_some()));
        let then = overlays.act(Action::Cancel, Count::default(), &session.parts()).expect("Esc");
        assert!(matches!(&then[..], [OverlayRequest::RememberInput(..)]) && overlays.is_empty(), "{then:?}");
    }

    #[test]
    fn switching_to_the_providers_keeps_the_picked_topics() {
        let session = Session::new("topic:ai");
        let mut overlays = session.opened(Action::Topics);
        let then = overlays.act(Action::SwitchLabels, Count::default(), &session.parts()).expect("the providers");
        let [OverlayRequest::SetQuery(query), OverlayRequest::RunCommand(command)] = &then[..] else {
            panic!("{then:?}")
        };
        assert_eq!((query.to_string().as_str(), command.action), ("topic:ai", Action::Providers));
        assert!(session.opened(Action::Sort).act(Action::SwitchLabels, Count::default(), &session.parts()).is_none());
    }

    #[test]
    fn an_answer_reaches_an_overlay_below_another() {
        let session = Session::new("");
        let mut overlays = Overlays::default();
        let picker = LabelPicker::open(Field::Topic, &session.parts());
        let job = overlays.push(picker.into(), &session.search_context()).expect("labels are counted");
        let help = Palette::open_help(Context::List, Vec::new(), &session.parts());
        assert!(overlays.push(help.into(), &session.search_context()).is_none());
        assert!(overlays.find::<LabelPicker>().is_some_and(LabelPicker::is_counting));
        overlays.take_answer(job.id, Answer::Labels(Vec::new()));
        assert!(overlays.find::<LabelPicker>().is_some_and(|picker| !picker.is_counting()));
        assert_eq!(overlays.context(), Some(Context::Help));
    }
}
