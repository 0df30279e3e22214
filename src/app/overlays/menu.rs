//! Menus: what can be done with an article or with an entry of the navigation pane, and the menu of the program.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;

/// An entry of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// What it runs.
    pub action: Action,
    /// Its words.
    pub words: &'static str,
}

impl MenuEntry {
    /// Goes from the article to the related ones.
    pub const RELATED: &str = "related articles";
    /// Shows what is wrong with a subscription.
    pub const PROBLEM: &str = "show its problem";
}

const fn entry(action: Action, words: &'static str) -> MenuEntry {
    MenuEntry { action, words }
}

/// What can be done with an article.
const ARTICLE: &[MenuEntry] = &[
    entry(Action::Open, "open"),
    entry(Action::Open, MenuEntry::RELATED),
    entry(Action::Back, "back"),
    entry(Action::ToggleRead, "mark read or unread"),
    entry(Action::Star, "star or unstar"),
    entry(Action::OpenOriginal, "open in the browser"),
    entry(Action::Links, "links"),
    entry(Action::Picture, "pictures"),
    entry(Action::Play, "play"),
    entry(Action::CopyLink, "copy the link"),
    entry(Action::Note, "note"),
    entry(Action::Tag, "add a tag"),
    entry(Action::RunCommand, "your commands"),
    entry(Action::Write, "write to a file"),
    entry(Action::Hide, "hide or unhide"),
    entry(Action::Story, "unfold or fold the story"),
    entry(Action::Search, "find in the article"),
    entry(Action::ReadAbove, "mark all above read"),
    entry(Action::ReadAll, "mark all in the list read"),
    entry(Action::Undo, "undo"),
    entry(Action::MainMenu, "more …"),
];
/// What can be done with the articles of a range.
const RANGE: &[MenuEntry] = &[
    entry(Action::MarkRead, "mark read"),
    entry(Action::MarkUnread, "mark unread"),
    entry(Action::Star, "star or unstar"),
    entry(Action::Tag, "add a tag"),
    entry(Action::Hide, "hide or unhide"),
    entry(Action::Write, "write to a file"),
    entry(Action::Range, "end the selection"),
    entry(Action::MainMenu, "more …"),
];
/// What can be done with an entry of the navigation pane.
const NAVIGATION: &[MenuEntry] = &[
    entry(Action::Open, MenuEntry::PROBLEM),
    entry(Action::Open, "list its articles"),
    entry(Action::Unfold, "list its articles"),
    entry(Action::Story, "fold or unfold"),
    entry(Action::ReadAll, "mark its articles read"),
    entry(Action::RenameSearch, "rename"),
    entry(Action::PinSearch, "pin to a key"),
    entry(Action::DeleteSearch, "delete"),
    entry(Action::Search, "filter"),
    entry(Action::Navigation, "close this pane"),
    entry(Action::MainMenu, "more …"),
];
/// The menu of the program.
const PROGRAM: &[MenuEntry] = &[
    entry(Action::Search, "search"),
    entry(Action::SavedSearches, "saved searches"),
    entry(Action::SaveSearch, "save this search"),
    entry(Action::Clear, "all articles"),
    entry(Action::UnreadOnly, "unread only"),
    entry(Action::StarredOnly, "starred only"),
    entry(Action::Topics, "topics"),
    entry(Action::Sort, "sort"),
    entry(Action::Navigation, "navigation pane"),
    entry(Action::Subscriptions, "subscriptions"),
    entry(Action::Sync, "sync"),
    entry(Action::Undo, "undo"),
    entry(Action::Problems, "problems"),
    entry(Action::Themes, "theme"),
    entry(Action::Settings, "settings"),
    entry(Action::Help, "help"),
    entry(Action::Palette, "all commands"),
    entry(Action::QuitNow, "quit"),
];

/// What a menu is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuSubject {
    /// The selected article.
    Article,
    /// The articles of a range.
    Range,
    /// The selected entry of the navigation pane.
    NavigationEntry,
    /// The program.
    Program,
}

impl MenuSubject {
    /// The title of the menu.
    pub fn title(self) -> &'static str {
        match self {
            MenuSubject::Article => "Article",
            MenuSubject::Range => "Selected articles",
            MenuSubject::NavigationEntry => "Navigation",
            MenuSubject::Program => "Menu",
        }
    }

    /// All its entries, also those that would do nothing now.
    pub fn entries(self) -> &'static [MenuEntry] {
        match self {
            MenuSubject::Article => ARTICLE,
            MenuSubject::Range => RANGE,
            MenuSubject::NavigationEntry => NAVIGATION,
            MenuSubject::Program => PROGRAM,
        }
    }
}

/// A menu.
#[derive(Clone, Debug)]
pub struct Menu {
    /// What it is about.
    pub subject: MenuSubject,
    /// Its entries: those that would do something.
    pub entries: Vec<MenuEntry>,
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The cell that was clicked: the menu is beside it. `None`: at the top of the screen.
    pub at: Option<(u16, u16)>,
}

impl OverlayBehaviour for Menu {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.entries.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match (action, self.entries.get(self.cursor.at)) {
            (Action::Open, Some(entry)) => Outcome::Close(vec![OverlayRequest::RunCommand(entry.action.into())]),
            (Action::Open, None) => Outcome::close(),
            _ => Outcome::Ignored,
        }
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("run")
    }
}
