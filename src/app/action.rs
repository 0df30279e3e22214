//! The actions of the user, and the table of their names, descriptions and arguments.

use super::argument::Argument;
use super::text_input::Edit;

/// Something the user can ask for, with a key, the palette or the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves one row or line down.
    Down,
    /// Moves one row or line up.
    Up,
    /// Moves to the first row or line.
    Top,
    /// Moves to the last row or line.
    Bottom,
    /// Moves to the percentage that was typed before it.
    Percent,
    /// Moves half a page down.
    HalfPageDown,
    /// Moves half a page up.
    HalfPageUp,
    /// Moves a page down, less one row.
    PageDown,
    /// Moves a page up, less one row.
    PageUp,
    /// Enter: opens the selected row, or accepts what an overlay shows.
    Open,
    /// Goes back one pane, or closes an overlay.
    Back,
    /// Moves the focus to the next pane.
    NextPane,
    /// Moves the focus to the previous pane.
    PreviousPane,
    /// Shows the focused pane alone, or all panes again.
    Zen,
    /// Shows the navigation pane and focuses it, or hides it.
    Navigation,
    /// In the navigation pane: folds an entry, or goes to the one that it is below.
    Fold,
    /// In the navigation pane: unfolds an entry, or lists its articles.
    Unfold,
    /// Makes the list narrower.
    Narrower,
    /// Makes the list wider.
    Wider,
    /// In the list: scrolls the article down. In the article: selects the next article of the list.
    AcrossDown,
    /// In the list: scrolls the article up. In the article: selects the previous article of the list.
    AcrossUp,
    /// Opens the link of the article in the browser.
    OpenOriginal,
    /// Goes to the next unread article, or to the next hit of a search in the article.
    Next,
    /// Goes to the previous unread article, or to the previous hit.
    Previous,
    /// Opens the original, marks the article read and goes to the next unread one.
    OpenAndNext,
    /// Scrolls the article a page down, from any pane. At its end, marks it read and goes to the next unread one.
    ReadOn,
    /// Marks read, or unread if it is read.
    ToggleRead,
    /// Marks read.
    MarkRead,
    /// Marks unread.
    MarkUnread,
    /// Marks read and goes to the next unread article.
    ReadAndNext,
    /// Marks all articles above the selected row read.
    ReadAbove,
    /// Marks all articles of the list read.
    ReadAll,
    /// Adds or removes the star.
    Star,
    /// Hides the article, or unhides it.
    Hide,
    /// Opens a prompt for the note on the article.
    Note,
    /// Opens a prompt for a tag to add.
    Tag,
    /// Opens a prompt for a tag to remove.
    Untag,
    /// Starts or ends the selection of a range of rows.
    Range,
    /// Undoes the last change of marks.
    Undo,
    /// Redoes the change that was undone last.
    Redo,
    /// Scrolls wide code and tables of the article to the left.
    ScrollLeft,
    /// Scrolls wide code and tables of the article to the right.
    ScrollRight,
    /// Wraps wide code and tables of the article, or lets them scroll sideways.
    WrapCode,
    /// Shows or hides what is known of the article besides its text.
    Details,
    /// Folds or unfolds the details or the callout of the article whose title is on the screen.
    FoldDetails,
    /// Unfolds all details and callouts of the article.
    UnfoldAll,
    /// Folds all details and callouts of the article.
    FoldAll,
    /// Scrolls the article to its next heading.
    NextHeading,
    /// Scrolls the article to the heading before.
    PreviousHeading,
    /// Selects the first row of the next day of the list.
    NextDay,
    /// Selects the first row of this day, or of the day before.
    PreviousDay,
    /// Shows the headings of the article.
    Outline,
    /// Shows the footnotes of the article.
    Footnotes,
    /// Fetches the full text of the article from its site, or shows the text of the file again.
    FullText,
    /// Plays the sound or film of the article.
    Play,
    /// Downloads the sound, film or other file of the article.
    Download,
    /// Stops downloads.
    StopDownloads,
    /// Shows the links of the article.
    Links,
    /// Shows the pictures of the article.
    Picture,
    /// Shows pictures, or none.
    Pictures,
    /// Enlarges the picture.
    ZoomIn,
    /// Makes the picture smaller.
    ZoomOut,
    /// Shows the whole picture.
    ZoomReset,
    /// Copies the link of the article.
    CopyLink,
    /// Copies `[title](link)`.
    CopyMarkdown,
    /// Copies the code block at the top of the screen, or the next one below; again: the next visible one.
    CopyCode,
    /// Opens a prompt: search in the list, or find in the article.
    Search,
    /// Opens a prompt with the whole query.
    EditQuery,
    /// Shows the saved searches.
    SavedSearches,
    /// Gives a saved search another name.
    RenameSearch,
    /// Deletes a saved search.
    DeleteSearch,
    /// Pins a saved search to keys.
    PinSearch,
    /// Saves the query under a name.
    SaveSearch,
    /// Lists the topics, to pick some.
    Topics,
    /// Lists the providers, to pick some.
    Providers,
    /// Lists the tags, to pick some.
    Tags,
    /// Switches the picker between topics, providers and tags.
    SwitchLabels,
    /// Unfolds or folds the story of the selected row.
    Story,
    /// Unfolds or folds all stories.
    Stories,
    /// Lists the sort orders.
    Sort,
    /// Clears the query: all articles are listed.
    Clear,
    /// Lists read and unread articles.
    AllStates,
    /// Lists only unread articles.
    UnreadOnly,
    /// Lists only starred articles.
    StarredOnly,
    /// Lists what the user read, the latest first.
    History,
    /// Goes back to the article from which the user jumped here.
    JumpBack,
    /// Goes forward again after a jump back.
    JumpForward,
    /// Opens the article file in the editor.
    Edit,
    /// Lists the problems of files.
    Problems,
    /// Lists the last notices.
    Notices,
    /// Lists the themes.
    Themes,
    /// Shows charts: articles over time, topics, providers, and reading over time.
    Insights,
    /// In the charts: counts by day.
    ByDay,
    /// In the charts: counts by week.
    ByWeek,
    /// In the charts: counts by month.
    ByMonth,
    /// In the charts: counts by quarter.
    ByQuarter,
    /// In the charts: counts by year.
    ByYear,
    /// Fetches the subscriptions that are due; twice within 3 s, all.
    Sync,
    /// Fetches all subscriptions.
    SyncAll,
    /// Ends the running sync.
    StopSync,
    /// Lists the subscriptions.
    Subscriptions,
    /// Opens a prompt for the address of a channel or a page, and subscribes to it.
    Subscribe,
    /// In the list of subscriptions: asks, and removes the selected one.
    Unsubscribe,
    /// In the list of subscriptions: shows what is wrong with the selected one, and what to do.
    SubscriptionProblem,
    /// Lists all commands with their keys.
    Help,
    /// Opens the command palette.
    Palette,
    /// Opens a menu with what can be done with the selected row, or with the article.
    Menu,
    /// Opens the menu of the program.
    MainMenu,
    /// Runs a command of the user, by its name.
    RunCommand,
    /// Opens a prompt for a program that reads the article from its stdin.
    Pipe,
    /// Opens a prompt for a path, and writes the article there.
    Write,
    /// Shows the output of the last program.
    ProgramOutput,
    /// Ends the programs that run in the background.
    StopPrograms,
    /// Opens the settings in the editor.
    Settings,
    /// Lists where articles can come from.
    Welcome,
    /// Says how to export the marks.
    ExportMarks,
    /// Esc: closes the overlay, ends the range, widens the query, or goes back one pane. Never quits.
    Cancel,
    /// Goes back; quits if there is nothing to go back from.
    Quit,
    /// Quits at once.
    QuitNow,
    /// Suspends the program until the shell continues it (`fg`).
    Suspend,
    /// Redraws the whole screen, and searches again with the present marks.
    Redraw,
    /// In a picker: picks or unpicks the selected row, and moves down.
    Toggle,
    /// Types a character.
    Type(char),
    /// Moves the cursor or deletes in the text being typed.
    EditText(Edit),
    /// Completes the text with the next candidate.
    Complete,
    /// Completes the text with the previous candidate.
    CompleteBack,
}

/// An action with the name and description that settings, palette and help use.
#[derive(Clone, Copy, Debug)]
pub struct NamedAction {
    /// The action.
    pub action: Action,
    /// Its name in the settings and the palette.
    pub name: &'static str,
    /// Its description in help, palette and footer.
    pub help: &'static str,
    /// The argument that it accepts, if any.
    pub argument: Option<Argument>,
}

/// A group of actions under one heading of help.
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

/// All actions that a key can be bound to: all but [`Action::Type`].
pub const ACTION_GROUPS: &[ActionGroup] = &[
    ActionGroup {
        name: "Moving",
        actions: &[
            named(Action::Down, "down", "move down, or scroll down"),
            named(Action::Up, "up", "move up, or scroll up"),
            named(Action::Top, "top", "go to the top"),
            named(Action::Bottom, "bottom", "go to the bottom; after a number: to that row or line"),
            named(Action::Percent, "percent", "after a number: go to that percentage"),
            named(Action::HalfPageDown, "half-page-down", "half a page down"),
            named(Action::HalfPageUp, "half-page-up", "half a page up"),
            named(Action::PageDown, "page-down", "a page down"),
            named(Action::PageUp, "page-up", "a page up"),
            named(Action::NextDay, "next-day", "in the list: go to the next day"),
            named(Action::PreviousDay, "previous-day", "in the list: go to the start of the day, or the day before"),
            named(Action::AcrossDown, "across-down", "in the list: scroll the article; elsewhere: next article"),
            named(Action::AcrossUp, "across-up", "in the list: scroll it back; elsewhere: previous article"),
        ],
    },
    ActionGroup {
        name: "Panes",
        actions: &[
            named(Action::Open, "enter", "read, go to related, or open the selected row"),
            named(Action::Back, "back", "back one pane"),
            named(Action::NextPane, "next-pane", "focus the next pane"),
            named(Action::PreviousPane, "previous-pane", "focus the previous pane"),
            named(Action::JumpBack, "jump-back", "go back to where you jumped from, or to the view before"),
            named(Action::JumpForward, "jump-forward", "go forward again"),
            named(Action::Zen, "zen", "show only this pane, or all panes again"),
            named(Action::Navigation, "navigation", "show or hide the navigation pane"),
            named(Action::Narrower, "narrower", "make the list narrower"),
            named(Action::Wider, "wider", "make the list wider"),
        ],
    },
    ActionGroup {
        name: "Reading",
        actions: &[
            with(Argument::Link, Action::OpenOriginal, "open", "open the original, or a link by its number"),
            named(Action::OpenAndNext, "open-and-next", "open the original, mark read, go to next unread"),
            named(Action::ReadOn, "read-on", "page down; at the end: mark read, go to next unread"),
            named(Action::Next, "next", "next unread, or next hit in the article"),
            named(Action::Previous, "previous", "previous unread, or previous hit in the article"),
            named(Action::NextHeading, "next-heading", "scroll to the next heading of the article"),
            named(Action::PreviousHeading, "previous-heading", "scroll to the heading before"),
            named(Action::ScrollLeft, "scroll-left", "scroll code, tables, pictures to the left"),
            named(Action::ScrollRight, "scroll-right", "scroll code, tables, pictures to the right"),
            named(Action::WrapCode, "wrap-code", "wrap wide code and tables, or let them scroll sideways"),
            named(Action::Details, "details", "show or hide the details of the article: file, pictures, numbers"),
            named(Action::FoldDetails, "fold-details", "fold or unfold the details on the screen"),
            named(Action::UnfoldAll, "unfold-all", "unfold all details of the article"),
            named(Action::FoldAll, "fold-all", "fold all details of the article"),
            named(Action::Outline, "outline", "list the headings of the article"),
            named(Action::Footnotes, "footnotes", "list the footnotes of the article"),
            named(Action::Links, "links", "list the links of the article"),
            named(Action::Picture, "picture", "show or fetch a picture of the article"),
            with(Argument::Switch, Action::Pictures, "pictures", "show pictures, or none, until you quit"),
            named(Action::ZoomIn, "zoom-in", "enlarge the picture"),
            named(Action::ZoomOut, "zoom-out", "make the picture smaller"),
            named(Action::ZoomReset, "zoom-reset", "show the whole picture"),
            named(Action::Play, "play", "play the sound or film of the article"),
            named(Action::Download, "download", "download the sound, film or other file of the article"),
            named(
                Action::StopDownloads,
                "stop-downloads",
                "stop all downloads; what has arrived is kept for the next time",
            ),
            named(Action::FullText, "full-text", "fetch the full text from the site; again: the text of the file"),
            named(Action::CopyLink, "copy-link", "copy the link"),
            named(Action::CopyMarkdown, "copy-markdown", "copy the link as Markdown: [title](link)"),
            named(Action::CopyCode, "copy-code", "copy the code block in view; again: the next one"),
            with(Argument::Path, Action::Write, "write", "write the article to a file: Markdown, text, HTML or EPUB"),
            named(Action::Edit, "edit", "open the article file in $EDITOR"),
        ],
    },
    ActionGroup {
        name: "Marking",
        actions: &[
            named(Action::ToggleRead, "toggle-read", "mark read, or unread if it is read"),
            named(Action::MarkRead, "mark-read", "mark read"),
            named(Action::MarkUnread, "mark-unread", "mark unread"),
            named(Action::ReadAndNext, "read-and-next", "mark read, go to next unread"),
            named(Action::ReadAbove, "read-above", "mark all above read"),
            named(Action::ReadAll, "read-all", "mark all in the list read"),
            named(Action::Star, "star", "star or unstar"),
            named(Action::Hide, "hide", "hide or unhide; `is:hidden` lists hidden articles"),
            with(Argument::Note, Action::Note, "note", "write a note on the article"),
            with(Argument::Tag, Action::Tag, "tag", "add a tag to the article, or to a range"),
            with(Argument::Tag, Action::Untag, "untag", "remove a tag"),
            named(Action::Range, "range", "select a range, or end it: marks apply to all its rows"),
            named(Action::Undo, "undo", "undo the last change of marks"),
            named(Action::Redo, "redo", "redo the change undone last"),
        ],
    },
    ActionGroup {
        name: "Searching and sorting",
        actions: &[
            with(Argument::Query, Action::Search, "search", "search as you type; in the article: find text"),
            with(Argument::Query, Action::EditQuery, "query", "edit the whole query"),
            with(Argument::Saved, Action::SavedSearches, "saved", "list the saved searches with counts"),
            with(Argument::Search, Action::RenameSearch, "rename-search", "rename a saved search"),
            with(Argument::Search, Action::DeleteSearch, "delete-search", "delete a saved search"),
            with(Argument::Search, Action::PinSearch, "pin-search", "pin a saved search to a key"),
            with(Argument::Topic, Action::Topics, "topic", "pick topics, with counts"),
            with(Argument::Provider, Action::Providers, "provider", "pick providers, with counts"),
            with(Argument::Tag, Action::Tags, "tags", "pick tags, with counts"),
            with(Argument::Order, Action::Sort, "sort", "choose the sort order; the same again reverses it"),
            named(Action::Story, "story", "unfold or fold the story"),
            named(Action::Stories, "stories", "unfold or fold all stories"),
            named(Action::AllStates, "all", "show read and unread"),
            named(Action::UnreadOnly, "unread", "show unread only; again: drop those read since"),
            named(Action::StarredOnly, "starred", "show starred only"),
            named(Action::History, "history", "show what you read, the latest first"),
            named(Action::Clear, "clear", "clear the query: show all articles"),
            named(Action::Insights, "insights", "charts: articles over time, topics, providers, reading"),
        ],
    },
    ActionGroup {
        name: "Subscriptions",
        actions: &[
            named(Action::Sync, "sync", "fetch the subscriptions that are due; twice: all"),
            named(Action::SyncAll, "sync-all", "fetch all subscriptions"),
            named(Action::StopSync, "stop-sync", "end the running sync"),
            named(Action::Subscriptions, "subscriptions", "list the subscriptions with their state"),
            with(Argument::Address, Action::Subscribe, "subscribe", "subscribe to a channel, or to that of a page"),
        ],
    },
    ActionGroup {
        name: "The program",
        actions: &[
            named(Action::Palette, "palette", "run any command by name"),
            named(Action::Help, "help", "list all commands and keys"),
            named(Action::Menu, "menu", "what can be done with this row, as a right click"),
            named(Action::MainMenu, "main-menu", "searches, lists, settings and help, as a click on ≡"),
            named(Action::Problems, "problems", "list the problems of files and settings"),
            named(Action::Notices, "notices", "list the last notices, the newest first"),
            with(Argument::OwnCommand, Action::RunCommand, "run", "run a command of the settings on the article"),
            named(Action::Pipe, "pipe", "pipe the article to a program"),
            named(Action::ProgramOutput, "output", "show what the last program printed"),
            named(Action::StopPrograms, "stop-programs", "end the programs that run in the background"),
            with(Argument::Theme, Action::Themes, "theme", "choose a theme"),
            named(Action::Settings, "settings", "edit the settings; changes apply at once"),
            named(Action::Welcome, "welcome", "where articles come from: a folder, a list, an address"),
            named(
                Action::ExportMarks,
                "export-marks",
                "how to write the marks to a file, as a backup or for a program",
            ),
            named(Action::Cancel, "cancel", "close, widen the query or go back; never quits"),
            named(Action::Quit, "quit", "go back; in the list: quit"),
            named(Action::QuitNow, "quit-now", "quit at once"),
            named(Action::Suspend, "suspend", "stop the program; `fg` in the shell continues"),
            named(Action::Redraw, "redraw", "redraw, and update the list to the present marks"),
        ],
    },
    TYPING,
];

/// Actions that work only in prompts, pickers, the palette and the charts.
pub const TYPING: ActionGroup = ActionGroup {
    name: "While typing or choosing",
    actions: &[
        with(Argument::Name, Action::SaveSearch, "save", "save the search under a name"),
        named(Action::Complete, "complete", "complete a field, topic, provider or name"),
        named(Action::CompleteBack, "complete-back", "complete with the previous candidate"),
        named(Action::Toggle, "pick", "pick or unpick the selected row"),
        named(Action::SwitchLabels, "other-labels", "switch between topics, providers and tags"),
        named(Action::ByDay, "by-day", "charts: count by day; again: by the unit that fits"),
        named(Action::ByWeek, "by-week", "charts: count by week"),
        named(Action::ByMonth, "by-month", "charts: count by month"),
        named(Action::ByQuarter, "by-quarter", "charts: count by quarter"),
        named(Action::ByYear, "by-year", "charts: count by year"),
        named(Action::Fold, "fold", "navigation: fold, or go to the entry around"),
        named(Action::Unfold, "unfold", "navigation: unfold, or list the articles"),
        named(Action::Unsubscribe, "unsubscribe", "subscriptions: remove the selected one"),
        named(Action::SubscriptionProblem, "subscription-problem", "subscriptions: show what is wrong, and what to do"),
        named(Action::EditText(Edit::Left), "cursor-left", "move one character left"),
        named(Action::EditText(Edit::Right), "cursor-right", "move one character right"),
        named(Action::EditText(Edit::Start), "cursor-start", "go to the start of the line"),
        named(Action::EditText(Edit::End), "cursor-end", "go to the end of the line"),
        named(Action::EditText(Edit::DeleteBackward), "delete-back", "delete the character before the cursor"),
        named(Action::EditText(Edit::DeleteForward), "delete-forward", "delete the character under the cursor"),
        named(Action::EditText(Edit::DeleteWord), "delete-word", "delete the word before the cursor"),
        named(Action::EditText(Edit::DeleteAll), "delete-line", "delete the whole line"),
    ],
};

/// All actions of all groups.
pub fn all() -> impl Iterator<Item = &'static NamedAction> {
    ACTION_GROUPS.iter().flat_map(|group| group.actions)
}

impl Action {
    /// The entry of the action in the table; `None` for [`Action::Type`].
    pub fn named(self) -> Option<&'static NamedAction> {
        all().find(|named| named.action == self)
    }

    /// Its description; empty for [`Action::Type`].
    pub fn help(self) -> &'static str {
        self.named().map_or("", |named| named.help)
    }
}
