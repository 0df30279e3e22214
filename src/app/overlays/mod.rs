//! What lies on top of the panes: an overlay is one type in one file here, and the file of that name in `ui/overlays` draws it.
//!
//! To add an overlay: its file here and there, a row in the list below, an arm in `open`, an arm in `ui::overlays::draw`.

mod behaviour;
mod confirm;
mod insights;
mod insights_options;
mod links;
mod notices;
mod palette;
mod picker;
mod problems;
mod prompt;
mod saved_searches;
mod sort;
mod themes;

pub use behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
pub use confirm::Confirm;
pub use insights::InsightsView;
pub use insights_options::{InsightsOptions, InsightsSection};
pub use links::LinkList;
pub use notices::NoticeList;
pub use palette::{Palette, PaletteItem, PaletteLine};
pub use picker::{Picker, PickerLabel};
pub use problems::ProblemList;
pub use prompt::{InputError, PromptState, keep_search};
pub use saved_searches::{SavedSearchList, SavedSearchRow};
pub use sort::SortList;
pub use themes::ThemeList;

use super::action::Action;
use super::focus::Context;
use super::frame_info::OverlayInfo;
use crate::jobs::{Answer, Job, JobId};
use crate::query::{Field, SearchContext};

/// A type of overlay, as one variant of [`Overlay`].
pub trait OverlayType: Sized {
    /// The overlay, when it is of this type.
    fn of(overlay: &Overlay) -> Option<&Self>;
    /// The overlay to change, when it is of this type.
    fn of_mut(overlay: &mut Overlay) -> Option<&mut Self>;
}

/// Declares the enum of all overlays, and what follows from the list of them.
macro_rules! overlays {
    ($($(#[$doc:meta])* $name:ident($overlay:ty),)*) => {
        /// An overlay of any type.
        #[derive(Clone, Debug)]
        pub enum Overlay {
            $($(#[$doc])* $name(Box<$overlay>),)*
        }

        impl Overlay {
            fn layer(&self) -> &dyn OverlayBehaviour {
                match self { $(Overlay::$name(overlay) => &**overlay,)* }
            }

            fn layer_mut(&mut self) -> &mut dyn OverlayBehaviour {
                match self { $(Overlay::$name(overlay) => &mut **overlay,)* }
            }
        }

        $(
            impl From<$overlay> for Overlay {
                fn from(overlay: $overlay) -> Overlay {
                    Overlay::$name(Box::new(overlay))
                }
            }

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
    /// Commands by their names, and help.
    Palette(Palette),
    /// What is wrong with files.
    Problems(ProblemList),
    /// The last notices.
    Notices(NoticeList),
    /// Topics or providers.
    Picker(Picker),
    /// Saved searches.
    Saved(SavedSearchList),
    /// A line that is typed at the bottom.
    Prompt(PromptState),
    /// Links of the article.
    Links(LinkList),
    /// Orders of the list.
    Sort(SortList),
    /// Themes.
    Themes(ThemeList),
    /// A question.
    Confirm(Confirm),
    /// Charts.
    Insights(InsightsView),
}

/// What an action opens.
pub enum Opening {
    /// An overlay.
    Overlay(Overlay),
    /// Nothing: these words say why.
    NothingToShow(&'static str),
}

/// What an action opens, where it opens an overlay that needs no more than [`SessionParts`].
pub fn open(action: Action, session: &SessionParts) -> Option<Opening> {
    Some(match action {
        Action::Palette => shows(Palette::open(false, session)),
        Action::Help => shows(Palette::open(true, session)),
        Action::Problems => shows_or(ProblemList::open(session), ProblemList::NOTHING),
        Action::Notices => shows_or(NoticeList::open(session), NoticeList::NOTHING),
        Action::Topics => shows(Picker::open(Field::Topic, session)),
        Action::Providers => shows(Picker::open(Field::Provider, session)),
        Action::SavedSearches => shows_or(SavedSearchList::open(session.saved), SavedSearchList::NOTHING),
        Action::Links => shows_or(LinkList::open(session), LinkList::NOTHING),
        Action::Sort => shows(SortList::open(session)),
        Action::Themes => shows_or(ThemeList::open(session), ThemeList::NOTHING),
        Action::Insights => shows(InsightsView::open(session)),
        _ => return None,
    })
}

fn shows(overlay: impl Into<Overlay>) -> Opening {
    Opening::Overlay(overlay.into())
}

fn shows_or(overlay: Option<impl Into<Overlay>>, words: &'static str) -> Opening {
    overlay.map_or(Opening::NothingToShow(words), shows)
}

/// The open overlays, one on top of the other. The topmost gets the keys and is drawn.
#[derive(Clone, Debug, Default)]
pub struct Overlays {
    layers: Vec<Overlay>,
}

impl Overlays {
    /// Whether no overlay is open.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// The topmost overlay.
    pub fn top(&self) -> Option<&Overlay> {
        self.layers.last()
    }

    /// The topmost overlay, when it is of this type.
    pub fn top_as<T: OverlayType>(&self) -> Option<&T> {
        self.layers.last().and_then(T::of)
    }

    /// The lowest overlay of this type: another one may lie on top of it.
    pub fn find<T: OverlayType>(&self) -> Option<&T> {
        self.layers.iter().find_map(T::of)
    }

    /// The lowest overlay of this type, to change.
    pub fn find_mut<T: OverlayType>(&mut self) -> Option<&mut T> {
        self.layers.iter_mut().find_map(T::of_mut)
    }

    /// The topmost overlay, to change, when it is of this type.
    pub fn top_as_mut<T: OverlayType>(&mut self) -> Option<&mut T> {
        self.layers.last_mut().and_then(T::of_mut)
    }

    /// Opens an overlay on top. Returns the job that counts for it.
    pub fn push(&mut self, mut overlay: Overlay, search_context: &SearchContext) -> Option<Job> {
        let job = overlay.layer_mut().job(search_context);
        self.layers.push(overlay);
        job
    }

    /// What the overlay of this type wants counted again, when it is open.
    pub fn ask_again<T: OverlayType + OverlayBehaviour>(&mut self, search_context: &SearchContext) -> Option<Job> {
        self.find_mut::<T>()?.job(search_context)
    }

    /// Closes the topmost overlay.
    pub fn pop(&mut self) -> Option<Overlay> {
        self.layers.pop()
    }

    /// What keys mean in the topmost overlay.
    pub fn context(&self) -> Option<Context> {
        self.layers.last().map(|top| top.layer().context())
    }

    /// Whether an action would do something in the topmost overlay.
    pub fn is_available(&self, action: Action) -> Option<bool> {
        self.layers.last().map(|top| top.layer().is_available(action))
    }

    /// Does an action in the topmost overlay. None when it does not concern it: the panes take it.
    pub fn act(&mut self, action: Action, session: &SessionParts) -> Option<Vec<OverlayRequest>> {
        let top = self.layers.last_mut()?.layer_mut();
        let outcome = match (top.act(action, session), action.rows(session.page())) {
            (Outcome::Ignored, Some(rows)) => top.step(rows, session),
            (outcome, _) => outcome,
        };
        match (outcome, action) {
            (Outcome::Ignored, Action::Back | Action::Cancel | Action::Quit) => self.carry_out(Outcome::close()),
            (outcome, _) => self.carry_out(outcome),
        }
    }

    /// Takes text that was pasted into the topmost overlay.
    pub fn paste(&mut self, text: &str, session: &SessionParts) -> Option<Vec<OverlayRequest>> {
        let outcome = self.layers.last_mut()?.layer_mut().paste(text, session);
        self.carry_out(outcome)
    }

    fn carry_out(&mut self, outcome: Outcome) -> Option<Vec<OverlayRequest>> {
        match outcome {
            Outcome::Ignored => None,
            Outcome::Stay(follow_ups) => Some(follow_ups),
            Outcome::Close(follow_ups) => {
                self.layers.pop();
                Some(follow_ups)
            }
        }
    }

    /// Whether a click on the panes is Enter in the topmost overlay.
    pub fn click_outside_accepts(&self) -> bool {
        self.layers.last().is_some_and(|top| top.layer().click_outside_accepts())
    }

    /// Selects a row of the topmost overlay that was clicked.
    pub fn click(&mut self, row: usize, session: &SessionParts) {
        if let Some(top) = self.layers.last_mut() {
            top.layer_mut().click(row, session);
        }
    }

    /// Prepares the topmost overlay for a double click on a row. True when that does what Enter does.
    pub fn double_click(&mut self, row: usize) -> bool {
        self.layers.last_mut().is_none_or(|top| top.layer_mut().double_click(row))
    }

    /// Scrolls the topmost overlay by rows.
    pub fn scroll(&mut self, by: isize, session: &SessionParts) {
        if let Some(top) = self.layers.last_mut() {
            top.layer_mut().scroll(by, session);
        }
    }

    /// Hands the answer of a job to the overlay that awaits it, which need not be the topmost.
    pub fn take_answer(&mut self, job: JobId, answer: Answer) {
        let mut layers = self.layers.iter_mut().map(Overlay::layer_mut);
        if let Some(layer) = layers.find(|layer| layer.awaited_job() == Some(job)) {
            layer.take_answer(answer);
        }
    }

    /// Tells the topmost overlay what the last frame showed of it.
    pub fn frame_drawn(&mut self, frame: &OverlayInfo) {
        if let Some(top) = self.layers.last_mut() {
            top.layer_mut().frame_drawn(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::super::notices::{Notice, Notices};
    use super::super::prompt_history::{PromptHistory, PromptKind};
    use super::super::text_input::Edit;
    use super::super::theme_choice::ThemeChoice;
    use super::*;
    use crate::config::Settings;
    use crate::config::themes::ColourDepth;
    use crate::dates::{Now, Zone};
    use crate::feed::Feed;
    use crate::query::{Query, SavedSearches, SortKey};

    /// A session with a query and a history of prompts.
    struct Session {
        feed: Feed,
        query: Query,
        saved: SavedSearches,
        notices: Notices,
        history: PromptHistory,
        themes: ThemeChoice,
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
            Session { feed: Feed::default(), query, saved, notices, history, themes, frame }
        }

        fn parts(&self) -> SessionParts<'_> {
            SessionParts {
                feed: &self.feed,
                article: None,
                query: &self.query,
                saved: &self.saved,
                problems: &[],
                notices: &self.notices,
                history: &self.history,
                user_commands: &[],
                themes: &self.themes,
                insights: InsightsOptions::default(),
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

        /// All overlays that an action opens here.
        fn opened(&self, action: Action) -> Overlays {
            let mut overlays = Overlays::default();
            match open(action, &self.parts()) {
                Some(Opening::Overlay(overlay)) => drop(overlays.push(overlay, &self.search_context())),
                Some(Opening::NothingToShow(_)) | None => {}
            }
            overlays
        }
    }

    /// A search that narrows the query of a session.
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
    fn what_an_overlay_ignores_goes_to_the_panes_and_esc_closes_it() {
        let session = Session::new("is:unread");
        for opener in OPENERS {
            let mut overlays = session.opened(opener);
            assert!(overlays.act(Action::Star, &session.parts()).is_none(), "{opener:?}");
            assert!(overlays.act(Action::Down, &session.parts()).is_some(), "{opener:?}");
            for closes in [Action::Back, Action::Quit, Action::Cancel] {
                let mut overlays = session.opened(opener);
                assert!(overlays.act(closes, &session.parts()).is_some_and(|then| then.is_empty()), "{opener:?}");
                assert!(overlays.is_empty(), "{opener:?} {closes:?}");
            }
        }
    }

    #[test]
    fn where_there_is_nothing_to_list_words_say_so() {
        let session = Session::new("");
        for opener in [Action::Problems, Action::Links] {
            assert!(matches!(open(opener, &session.parts()), Some(Opening::NothingToShow(words)) if words.len() > 10));
        }
        assert!(open(Action::Star, &session.parts()).is_none());
    }

    #[test]
    fn the_present_order_is_selected_and_reversed() {
        let session = Session::new("sort:title");
        let mut overlays = session.opened(Action::Sort);
        let list = overlays.top_as::<SortList>().expect("the orders");
        assert_eq!(SortKey::ALL[list.cursor.at], SortKey::Title);
        let then = overlays.act(Action::Open, &session.parts()).expect("an order");
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
    fn a_search_narrows_with_every_letter_and_what_is_wrong_stays_open() {
        let session = Session::new("topic:ai");
        let mut overlays = search(&session);
        let mut act = |action| overlays.act(action, &session.parts()).expect("a prompt takes it");
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
        let then = overlays.act(Action::Open, &session.parts()).expect("Enter");
        assert!(matches!(&then[..], [OverlayRequest::RememberInput(PromptKind::Search, _)]), "{then:?}");
        assert!(overlays.top_as::<PromptState>().is_some_and(|prompt| prompt.error.is_some()));
        let then = overlays.act(Action::Cancel, &session.parts()).expect("Esc");
        assert!(matches!(&then[..], [OverlayRequest::RememberInput(..)]) && overlays.is_empty(), "{then:?}");
    }

    #[test]
    fn from_the_topics_to_the_providers_what_is_picked_is_kept() {
        let session = Session::new("topic:ai");
        let mut overlays = session.opened(Action::Topics);
        let then = overlays.act(Action::SwitchLabels, &session.parts()).expect("the providers");
        let [OverlayRequest::SetQuery(query), OverlayRequest::RunCommand(command)] = &then[..] else {
            panic!("{then:?}")
        };
        assert_eq!((query.to_string().as_str(), command.action), ("topic:ai", Action::Providers));
        assert!(session.opened(Action::Sort).act(Action::SwitchLabels, &session.parts()).is_none());
    }

    #[test]
    fn an_answer_reaches_the_overlay_below_another_one() {
        let session = Session::new("");
        let mut overlays = Overlays::default();
        let picker = Picker::open(Field::Topic, &session.parts());
        let job = overlays.push(picker.into(), &session.search_context()).expect("labels are counted");
        let help = Palette::open(true, &session.parts());
        assert!(overlays.push(help.into(), &session.search_context()).is_none());
        assert!(overlays.find::<Picker>().is_some_and(Picker::is_counting));
        overlays.take_answer(job.id, Answer::Labels(Vec::new()));
        assert!(overlays.find::<Picker>().is_some_and(|picker| !picker.is_counting()));
        assert_eq!(overlays.context(), Some(Context::Help));
    }
}
