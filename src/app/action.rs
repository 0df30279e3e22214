//! What a reader can ask for: exactly the things a key may be bound to.

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
    KeepSearch,
    /// Shows the topics to pick from.
    Topics,
    /// Shows the providers to pick from.
    Providers,
    /// From the topics to the providers, and back.
    OtherLabels,
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
