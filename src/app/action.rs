//! What a reader can ask for, each with its name, what it does in words, and what it can be done with.

use super::text_input::Edit;

/// A wish of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// One row or line down.
    Down,
    /// One row or line up.
    Up,
    /// To the first row or line.
    Top,
    /// To the last row or line.
    Bottom,
    /// Half a page down.
    HalfPageDown,
    /// Half a page up.
    HalfPageUp,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// Opens what is selected.
    Open,
    /// Back one pane.
    Back,
    /// To the next pane.
    NextPane,
    /// To the previous pane.
    PreviousPane,
    /// Shows the focused pane alone, or all panes again.
    Zen,
    /// Makes the list narrower.
    Narrower,
    /// Makes the list wider.
    Wider,
    /// From the list: scrolls the article; from the article: the next one.
    AcrossDown,
    /// From the list: scrolls the article back; from the article: the previous one.
    AcrossUp,
    /// Opens the original in the browser.
    OpenOriginal,
    /// To the next unread article, or the next hit while finding in the article.
    Next,
    /// To the previous unread article, or the previous hit.
    Previous,
    /// Opens the original, marks the article read, goes to the next unread.
    OpenAndNext,
    /// Pages the article down from any pane; at its end marks it read and goes to the next unread.
    ReadOn,
    /// Marks read, or unread when it is read.
    ToggleRead,
    /// Marks read.
    MarkRead,
    /// Marks unread.
    MarkUnread,
    /// Marks read and goes to the next unread.
    ReadAndNext,
    /// Marks everything above read.
    ReadAbove,
    /// Marks all in view read.
    ReadAll,
    /// Stars, or takes the star away.
    Star,
    /// Hides, or shows again.
    Hide,
    /// Types a note on the article.
    Note,
    /// Begins or ends a range.
    Range,
    /// Takes the last change of marks back.
    Undo,
    /// Makes the change again that was taken back.
    Redo,
    /// Shows the links of the article.
    Links,
    /// Copies the link.
    CopyLink,
    /// Copies `[title](link)`.
    CopyMarkdown,
    /// Types what to look for.
    Search,
    /// Types the whole query.
    EditQuery,
    /// Shows the saved searches.
    SavedSearches,
    /// Gives the query that is being typed a name.
    SaveSearch,
    /// Shows the topics to pick from.
    Topics,
    /// Shows the providers to pick from.
    Providers,
    /// From the topics to the providers, and back.
    SwitchLabels,
    /// Unfolds the story of the selected row, or folds it.
    Story,
    /// Unfolds all stories, or folds them.
    Stories,
    /// Shows the orders to pick from.
    Sort,
    /// Drops the query.
    Clear,
    /// Read and unread articles.
    AllStates,
    /// Unread articles alone.
    UnreadOnly,
    /// Starred articles alone.
    StarredOnly,
    /// What was read, the latest first.
    History,
    /// Back to where one came from.
    JumpBack,
    /// Forward again.
    JumpForward,
    /// Opens the article file in the editor.
    Edit,
    /// Shows what is wrong with files.
    Problems,
    /// Shows the last notices.
    Notices,
    /// Shows the themes to pick from.
    Themes,
    /// Shows articles over time, topics, providers and what was read when, as charts.
    Insights,
    /// In the charts: by day.
    ByDay,
    /// In the charts: by week.
    ByWeek,
    /// In the charts: by month.
    ByMonth,
    /// Shows what there is to do, with its keys.
    Help,
    /// Types what to do.
    Palette,
    /// Opens the settings in the editor.
    Settings,
    /// Takes one layer away; never quits.
    Cancel,
    /// Back, and quits at the top.
    Quit,
    /// Quits at once.
    QuitNow,
    /// Stops the program until the shell continues it.
    Suspend,
    /// Draws the whole screen again.
    Redraw,
    /// Picks or drops what is selected, and goes on.
    Toggle,
    /// A character for the text that is being typed.
    Type(char),
    /// Moves or deletes in the text that is being typed.
    EditText(Edit),
    /// Takes what Tab offers.
    Complete,
    /// Takes what Tab offered before.
    CompleteBack,
}

impl Action {
    /// The rows that it moves by, where a page has `page` rows; none when it does not move.
    pub fn rows(self, page: isize) -> Option<isize> {
        Some(match self {
            Action::Down => 1,
            Action::Up => -1,
            Action::Top => isize::MIN,
            Action::Bottom => isize::MAX,
            Action::HalfPageDown => page / 2,
            Action::HalfPageUp => -page / 2,
            Action::PageDown => page - 1,
            Action::PageUp => 1 - page,
            _ => return None,
        })
    }
}

/// What an action can be done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The number of a link of the article.
    Link,
    /// A topic, or several with commas between them.
    Topic,
    /// A provider, or several.
    Provider,
    /// The name of a saved search.
    Saved,
    /// An order.
    Order,
    /// Words, or any other part of a query.
    Query,
    /// A name for the query.
    Name,
    /// Text.
    Note,
    /// A theme.
    Theme,
}

impl Argument {
    /// What stands for it in help.
    pub fn word(self) -> &'static str {
        match self {
            Argument::Link => "NUMBER",
            Argument::Topic => "TOPIC",
            Argument::Provider => "PROVIDER",
            Argument::Saved | Argument::Name | Argument::Theme => "NAME",
            Argument::Order => "KEY",
            Argument::Query => "QUERY",
            Argument::Note => "TEXT",
        }
    }

    /// What an action does with it.
    pub fn help(self) -> &'static str {
        match self {
            Argument::Link => "open this link",
            Argument::Topic => "only articles with this topic",
            Argument::Provider => "only articles of this provider",
            Argument::Saved => "the saved search",
            Argument::Name => "save the search under this name",
            Argument::Order => "sort by this",
            Argument::Query => "look for this",
            Argument::Note => "write this note",
            Argument::Theme => "show this theme",
        }
    }
}

/// An action with its name.
#[derive(Clone, Copy, Debug)]
pub struct NamedAction {
    /// The action.
    pub action: Action,
    /// Its name, as settings and the palette have it.
    pub name: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What it can be done with.
    pub argument: Option<Argument>,
}

/// Actions under a heading.
#[derive(Clone, Copy, Debug)]
pub struct ActionGroup {
    /// The heading.
    pub name: &'static str,
    /// The actions.
    pub actions: &'static [NamedAction],
}

const fn named(action: Action, name: &'static str, help: &'static str) -> NamedAction {
    NamedAction { action, name, help, argument: None }
}

const fn with(argument: Argument, action: Action, name: &'static str, help: &'static str) -> NamedAction {
    NamedAction { action, name, help, argument: Some(argument) }
}

/// Everything that a key can be bound to, but the characters that are typed.
pub const ACTION_GROUPS: &[ActionGroup] = &[
    ActionGroup {
        name: "Moving",
        actions: &[
            named(Action::Down, "down", "down, or scroll"),
            named(Action::Up, "up", "up, or scroll back"),
            named(Action::Top, "top", "to the top"),
            named(Action::Bottom, "bottom", "to the bottom"),
            named(Action::HalfPageDown, "half-page-down", "half a page down"),
            named(Action::HalfPageUp, "half-page-up", "half a page up"),
            named(Action::PageDown, "page-down", "a page down"),
            named(Action::PageUp, "page-up", "a page up"),
            named(Action::AcrossDown, "across-down", "from the list scroll the article; from the article the next one"),
            named(Action::AcrossUp, "across-up", "the same back: scroll the article, or the one before"),
        ],
    },
    ActionGroup {
        name: "Panes",
        actions: &[
            named(Action::Open, "enter", "read the article; on to what is related; open what is selected"),
            named(Action::Back, "back", "back one pane"),
            named(Action::NextPane, "next-pane", "next pane"),
            named(Action::PreviousPane, "previous-pane", "previous pane"),
            named(Action::JumpBack, "jump-back", "back to where you came from"),
            named(Action::JumpForward, "jump-forward", "forward again"),
            named(Action::Zen, "zen", "this pane alone, or all panes again"),
            named(Action::Narrower, "narrower", "a narrower list"),
            named(Action::Wider, "wider", "a wider list"),
        ],
    },
    ActionGroup {
        name: "Reading",
        actions: &[
            with(
                Argument::Link,
                Action::OpenOriginal,
                "open",
                "open the original in the browser, or a link by its number",
            ),
            named(Action::OpenAndNext, "open-and-next", "open the original, mark read, next unread"),
            named(Action::ReadOn, "read-on", "page down; at the end mark read, next unread"),
            named(Action::Next, "next", "next unread; while finding, the next hit"),
            named(Action::Previous, "previous", "previous unread; while finding, the previous hit"),
            named(Action::Links, "links", "links of the article"),
            named(Action::CopyLink, "copy-link", "copy the link"),
            named(Action::CopyMarkdown, "copy-markdown", "copy [title](link)"),
            named(Action::Edit, "edit", "open the article file in $EDITOR"),
        ],
    },
    ActionGroup {
        name: "Marking",
        actions: &[
            named(Action::ToggleRead, "toggle-read", "read or unread"),
            named(Action::MarkRead, "mark-read", "mark read"),
            named(Action::MarkUnread, "mark-unread", "mark unread"),
            named(Action::ReadAndNext, "read-and-next", "mark read, next unread"),
            named(Action::ReadAbove, "read-above", "mark everything above read"),
            named(Action::ReadAll, "read-all", "mark all in view read"),
            named(Action::Star, "star", "star, or take the star away"),
            named(Action::Hide, "hide", "hide; is:hidden finds it"),
            with(Argument::Note, Action::Note, "note", "a note on the article"),
            named(Action::Range, "range", "select a range; what marks then acts on all of it"),
            named(Action::Undo, "undo", "undo the last change of marks"),
            named(Action::Redo, "redo", "redo it"),
        ],
    },
    ActionGroup {
        name: "Narrowing",
        actions: &[
            with(Argument::Query, Action::Search, "search", "search as you type; in the article, find"),
            with(Argument::Query, Action::EditQuery, "query", "edit the query"),
            with(Argument::Saved, Action::SavedSearches, "saved", "saved searches, with counts"),
            with(Argument::Topic, Action::Topics, "topic", "topics, with counts"),
            with(Argument::Provider, Action::Providers, "provider", "providers, with counts"),
            with(Argument::Order, Action::Sort, "sort", "sort; the same again reverses"),
            named(Action::Story, "story", "unfold the story, or fold it"),
            named(Action::Stories, "stories", "unfold all stories, or none"),
            named(Action::AllStates, "all", "read and unread"),
            named(Action::UnreadOnly, "unread", "unread only; again: drops what was read since"),
            named(Action::StarredOnly, "starred", "starred only"),
            named(Action::History, "history", "what you read, the latest first"),
            named(Action::Clear, "clear", "all articles again"),
            named(Action::Insights, "insights", "articles over time, topics, providers, reading"),
        ],
    },
    ActionGroup {
        name: "The program",
        actions: &[
            named(Action::Palette, "palette", "do anything, by its name"),
            named(Action::Help, "help", "what there is to do, and the keys"),
            named(Action::Problems, "problems", "files that could not be read well"),
            named(Action::Notices, "notices", "what the footer said, the newest first"),
            with(Argument::Theme, Action::Themes, "theme", "choose a theme"),
            named(Action::Settings, "settings", "edit the settings; what is changed holds at once"),
            named(Action::Cancel, "cancel", "take one layer away; never quits"),
            named(Action::Quit, "quit", "back; quit at the top"),
            named(Action::QuitNow, "quit-now", "quit"),
            named(Action::Suspend, "suspend", "stop; `fg` continues"),
            named(Action::Redraw, "redraw", "draw the screen again, by the present marks"),
        ],
    },
    TYPING,
];

/// What is done only where one types or chooses.
pub const TYPING: ActionGroup = ActionGroup {
    name: "While typing or choosing",
    actions: &[
        with(Argument::Name, Action::SaveSearch, "save", "save the search under a name"),
        named(Action::Complete, "complete", "complete fields, topics, providers, names"),
        named(Action::CompleteBack, "complete-back", "complete with the one before"),
        named(Action::Toggle, "pick", "pick several"),
        named(Action::SwitchLabels, "other-labels", "topics or providers"),
        named(Action::ByDay, "by-day", "in the charts: by day"),
        named(Action::ByWeek, "by-week", "in the charts: by week"),
        named(Action::ByMonth, "by-month", "in the charts: by month"),
        named(Action::EditText(Edit::Left), "cursor-left", "one character to the left"),
        named(Action::EditText(Edit::Right), "cursor-right", "one character to the right"),
        named(Action::EditText(Edit::Start), "cursor-start", "to the start of the line"),
        named(Action::EditText(Edit::End), "cursor-end", "to the end of the line"),
        named(Action::EditText(Edit::DeleteBackward), "delete-back", "delete a letter"),
        named(Action::EditText(Edit::DeleteForward), "delete-forward", "delete the letter here"),
        named(Action::EditText(Edit::DeleteWord), "delete-word", "delete a word"),
        named(Action::EditText(Edit::DeleteAll), "delete-line", "delete what was typed"),
    ],
};

/// All actions with their names.
pub fn all() -> impl Iterator<Item = &'static NamedAction> {
    ACTION_GROUPS.iter().flat_map(|group| group.actions)
}

impl Action {
    /// The name of an action, and what goes with it; none for a character that is typed.
    pub fn named(self) -> Option<&'static NamedAction> {
        all().find(|named| named.action == self)
    }

    /// What it does, in words.
    pub fn help(self) -> &'static str {
        self.named().map_or("", |named| named.help)
    }
}
