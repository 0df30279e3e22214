//! The default keys: the table of contexts, keys, actions and footer hints.

use crate::app::{Action, Context, Edit};

/// A row of the table of default keys.
pub struct DefaultBinding {
    /// The contexts in which the keys apply.
    pub contexts: &'static [Context],
    /// The sequences; each of them runs the action.
    pub keys: &'static [&'static str],
    /// The action.
    pub action: Action,
    /// A word for the hint in the footer, if it has one.
    pub hint: Option<&'static str>,
    /// Whether the hint is one of those that the footer drops last: keys that are pressed every day.
    pub is_daily: bool,
}

use Context::{
    Confirm, Detail, Help, Insights, Links, List, Navigation, Overlay, Palette, Picker, Picture, Prompt, Related,
    Subscriptions,
};

/// The panes.
pub const PANES: &[Context] = &[List, Detail, Related, Navigation];
/// The panes where keys act on an article.
pub const ARTICLES: &[Context] = &[List, Detail, Related];
/// All contexts.
pub const EVERYWHERE: &[Context] = &[
    List,
    Detail,
    Related,
    Navigation,
    Prompt,
    Picker,
    Palette,
    Links,
    Help,
    Confirm,
    Overlay,
    Insights,
    Subscriptions,
    Picture,
];
const LISTS: &[Context] = &[List, Detail, Related, Navigation, Links, Help, Overlay, Insights, Subscriptions];
/// Where digits are a count.
const COUNTING: &[Context] = &[List, Detail, Related, Navigation, Help, Overlay, Insights, Subscriptions];
/// Overlays that Esc closes without taking a typed text away.
const LOOKING: &[Context] = &[Links, Help, Overlay, Insights, Subscriptions, Picture];
const TYPING: &[Context] = &[Prompt, Picker, Palette];
const LINES: &[Context] = &[Prompt, Palette];
/// Contexts where Ctrl-C cancels; elsewhere it quits.
const PROMPTS: &[Context] = &[Prompt, Picker, Palette, Confirm];
const NO_PROMPTS: &[Context] =
    &[List, Detail, Related, Navigation, Links, Help, Overlay, Insights, Subscriptions, Picture];
/// Overlays where `?` is not text.
const CHOOSING: &[Context] = &[Links, Help, Confirm, Overlay, Insights, Subscriptions, Picture];

/// Actions on an article that have no default key.
const ON_ARTICLES: &[Action] =
    &[Action::MarkRead, Action::MarkUnread, Action::FullText, Action::WrapCode, Action::FoldAll];

/// Whether an action means something in the navigation pane. There a row is selected, and no article: an action on articles would
/// change one that the user does not look at.
pub fn is_for_navigation(action: Action) -> bool {
    let rows = || DEFAULT.iter().filter(|row| row.action == action);
    let is_in = |context: Context| rows().any(|row| row.contexts.contains(&context));
    is_in(Navigation) || !ON_ARTICLES.contains(&action) && !ARTICLES.iter().any(|context| is_in(*context))
}

const fn row(contexts: &'static [Context], keys: &'static [&'static str], action: Action) -> DefaultBinding {
    DefaultBinding { contexts, keys, action, hint: None, is_daily: false }
}

const fn hinted(
    contexts: &'static [Context],
    keys: &'static [&'static str],
    action: Action,
    hint: &'static str,
) -> DefaultBinding {
    DefaultBinding { contexts, keys, action, hint: Some(hint), is_daily: false }
}

const fn daily(
    contexts: &'static [Context],
    keys: &'static [&'static str],
    action: Action,
    hint: &'static str,
) -> DefaultBinding {
    DefaultBinding { contexts, keys, action, hint: Some(hint), is_daily: true }
}

/// The default keys. The footer shows hints in the order of these rows.
pub const DEFAULT: &[DefaultBinding] = &[
    row(LISTS, &["j", "<down>", "<ctrl-n>"], Action::Down),
    row(LISTS, &["k", "<up>", "<ctrl-p>"], Action::Up),
    row(TYPING, &["<down>", "<ctrl-n>"], Action::Down),
    row(TYPING, &["<up>", "<ctrl-p>"], Action::Up),
    row(LISTS, &["gg", "<home>"], Action::Top),
    row(LISTS, &["G", "<end>"], Action::Bottom),
    row(COUNTING, &["%"], Action::Percent),
    row(LISTS, &["<ctrl-d>"], Action::HalfPageDown),
    row(LISTS, &["<ctrl-u>"], Action::HalfPageUp),
    row(LISTS, &["<ctrl-f>", "<pgdn>"], Action::PageDown),
    row(LISTS, &["<ctrl-b>", "<pgup>"], Action::PageUp),
    row(&[Picker, Palette], &["<pgdn>"], Action::PageDown),
    row(&[Picker, Palette], &["<pgup>"], Action::PageUp),
    row(PANES, &["J"], Action::AcrossDown),
    row(PANES, &["K"], Action::AcrossUp),
    daily(PANES, &["<space>"], Action::ReadOn, "on"),
    daily(ARTICLES, &["r"], Action::ReadAndNext, "read+next"),
    daily(ARTICLES, &["s"], Action::Star, "star"),
    daily(ARTICLES, &["o", "b"], Action::OpenOriginal, "browser"),
    daily(&[List, Related], &["/"], Action::Search, "search"),
    daily(&[Detail], &["/"], Action::Search, "find"),
    hinted(&[List], &["l", "<right>", "<enter>"], Action::Open, "open"),
    hinted(&[Detail], &["l", "<right>", "<enter>"], Action::Open, "related"),
    hinted(&[Related], &["l", "<right>", "<enter>"], Action::Open, "open"),
    hinted(&[Navigation], &["<enter>"], Action::Open, "list"),
    row(&[Navigation], &["l", "<right>"], Action::Unfold),
    row(&[Navigation], &["h", "<left>"], Action::Fold),
    row(&[Navigation], &["x"], Action::Story),
    hinted(&[Navigation], &["/"], Action::Search, "filter"),
    hinted(&[Navigation], &["n"], Action::Next, "next unread"),
    row(&[Navigation], &["<backspace>"], Action::Back),
    row(&[Navigation], &["r"], Action::RenameSearch),
    row(&[Navigation], &["d"], Action::DeleteSearch),
    row(&[Navigation], &["b"], Action::PinSearch),
    hinted(&[Detail, Related], &["h", "<left>", "<backspace>"], Action::Back, "back"),
    row(&[List], &["h", "<left>", "<backspace>"], Action::Back),
    row(PANES, &["<tab>"], Action::NextPane),
    row(PANES, &["<shift-tab>"], Action::PreviousPane),
    // Without the extended keyboard protocol, Ctrl-i is Tab: `]` works in every terminal.
    row(PANES, &["<ctrl-o>", "["], Action::JumpBack),
    row(PANES, &["]", "<ctrl-i>"], Action::JumpForward),
    row(PANES, &["z"], Action::Zen),
    row(PANES, &["B"], Action::Navigation),
    row(PANES, &["<lt>"], Action::Narrower),
    row(PANES, &[">"], Action::Wider),
    row(&[Links], &["o"], Action::OpenOriginal),
    row(ARTICLES, &["n"], Action::Next),
    row(PANES, &["p"], Action::Previous),
    row(ARTICLES, &["O"], Action::OpenAndNext),
    row(ARTICLES, &["}"], Action::NextHeading),
    row(ARTICLES, &["{"], Action::PreviousHeading),
    row(&[Detail], &["("], Action::ScrollLeft),
    row(&[Detail], &[")"], Action::ScrollRight),
    row(&[List], &["("], Action::PreviousDay),
    row(&[List], &[")"], Action::NextDay),
    row(ARTICLES, &["."], Action::Details),
    row(ARTICLES, &["gx"], Action::FoldDetails),
    row(ARTICLES, &["gX"], Action::UnfoldAll),
    row(ARTICLES, &["gO"], Action::Outline),
    row(ARTICLES, &["gf"], Action::Footnotes),
    row(ARTICLES, &["I"], Action::Picture),
    row(ARTICLES, &["U"], Action::Links),
    row(&[List, Detail, Related, Links], &["y"], Action::CopyLink),
    row(&[List, Detail, Related, Links], &["Y"], Action::CopyMarkdown),
    row(ARTICLES, &["C"], Action::CopyCode),
    row(ARTICLES, &["e"], Action::Edit),
    row(ARTICLES, &["|"], Action::Pipe),
    row(ARTICLES, &["w"], Action::Write),
    row(ARTICLES, &["m", "N"], Action::ToggleRead),
    row(ARTICLES, &["M"], Action::ReadAbove),
    row(PANES, &["A"], Action::ReadAll),
    row(ARTICLES, &["D"], Action::Hide),
    row(ARTICLES, &["a"], Action::Note),
    row(ARTICLES, &["+"], Action::Tag),
    row(ARTICLES, &["-"], Action::Untag),
    row(ARTICLES, &["v"], Action::Range),
    row(PANES, &["u"], Action::Undo),
    row(PANES, &["<ctrl-r>"], Action::Redo),
    row(PANES, &["F"], Action::EditQuery),
    hinted(PANES, &["f"], Action::SavedSearches, "saved"),
    hinted(PANES, &["t"], Action::Topics, "topics"),
    row(PANES, &["gp"], Action::Providers),
    row(PANES, &["gt"], Action::Tags),
    row(PANES, &["gS"], Action::Subscriptions),
    hinted(PANES, &["S"], Action::Sort, "sort"),
    row(ARTICLES, &["x"], Action::Story),
    row(ARTICLES, &["X"], Action::Stories),
    row(PANES, &["ga"], Action::AllStates),
    row(PANES, &["gu"], Action::UnreadOnly),
    row(PANES, &["gs"], Action::StarredOnly),
    row(PANES, &["H"], Action::History),
    row(PANES, &["c"], Action::Clear),
    row(PANES, &["i"], Action::Insights),
    hinted(&[Prompt], &["<enter>"], Action::Open, "keep"),
    hinted(&[Prompt], &["<tab>"], Action::Complete, "complete"),
    row(&[Prompt], &["<shift-tab>"], Action::CompleteBack),
    hinted(&[Prompt], &["<ctrl-s>"], Action::SaveSearch, "save"),
    row(LINES, &["<left>", "<ctrl-b>"], Action::EditText(Edit::Left)),
    row(LINES, &["<right>", "<ctrl-f>"], Action::EditText(Edit::Right)),
    row(LINES, &["<home>", "<ctrl-a>"], Action::EditText(Edit::Start)),
    row(LINES, &["<end>", "<ctrl-e>"], Action::EditText(Edit::End)),
    // Some terminals send Ctrl-h for Backspace.
    row(TYPING, &["<backspace>", "<ctrl-h>"], Action::EditText(Edit::DeleteBackward)),
    row(LINES, &["<delete>", "<ctrl-d>"], Action::EditText(Edit::DeleteForward)),
    row(TYPING, &["<ctrl-w>"], Action::EditText(Edit::DeleteWord)),
    row(TYPING, &["<ctrl-u>"], Action::EditText(Edit::DeleteAll)),
    hinted(&[Picker], &["<enter>"], Action::Open, "apply"),
    hinted(&[Picker], &["<ctrl-space>"], Action::Toggle, "pick several"),
    hinted(&[Picker], &["<tab>"], Action::SwitchLabels, "topics/providers"),
    hinted(&[Palette], &["<enter>"], Action::Open, "run"),
    hinted(&[Palette], &["<tab>"], Action::Complete, "complete"),
    hinted(&[Help], &["<enter>"], Action::Open, "run"),
    hinted(&[Help], &["/"], Action::Search, "search"),
    row(LOOKING, &[":"], Action::Palette),
    hinted(&[Links], &["<enter>", "l", "<right>"], Action::Open, "open"),
    hinted(&[Confirm], &["y", "<enter>"], Action::Open, "yes"),
    hinted(&[Confirm], &["n"], Action::Cancel, "no"),
    hinted(&[Overlay], &["<enter>"], Action::Open, "choose"),
    hinted(&[Links, Overlay], &["/"], Action::Search, "filter"),
    hinted(&[Overlay], &["b"], Action::PinSearch, "pin to a key"),
    hinted(&[Overlay], &["r"], Action::RenameSearch, "rename"),
    hinted(&[Overlay], &["d"], Action::DeleteSearch, "delete"),
    hinted(&[Insights], &["<enter>"], Action::Open, "list"),
    hinted(&[Insights], &["<tab>", "l", "<right>"], Action::NextPane, "section"),
    row(&[Insights], &["<shift-tab>", "h", "<left>"], Action::PreviousPane),
    hinted(&[Insights], &["d"], Action::ByDay, "day"),
    hinted(&[Insights], &["w"], Action::ByWeek, "week"),
    hinted(&[Insights], &["m"], Action::ByMonth, "month"),
    row(&[Insights], &["Q"], Action::ByQuarter),
    hinted(&[Insights], &["y"], Action::ByYear, "year"),
    hinted(&[Insights], &["s", "S"], Action::Sort, "order"),
    hinted(&[Subscriptions], &["<enter>", "l", "<right>"], Action::Open, "articles"),
    hinted(&[Subscriptions], &["x"], Action::SubscriptionProblem, "problem"),
    hinted(&[Subscriptions], &["a"], Action::Subscribe, "add"),
    hinted(&[Subscriptions], &["d"], Action::Unsubscribe, "remove"),
    hinted(&[Subscriptions], &["e"], Action::Edit, "edit"),
    hinted(&[Subscriptions], &["R"], Action::Sync, "sync"),
    hinted(&[Subscriptions], &["/"], Action::Search, "filter"),
    hinted(&[Picture], &["n", "<space>", "<enter>"], Action::Next, "next"),
    hinted(&[Picture], &["p", "<backspace>"], Action::Previous, "previous"),
    hinted(&[Picture], &["+"], Action::ZoomIn, "larger"),
    hinted(&[Picture], &["-"], Action::ZoomOut, "smaller"),
    row(&[Picture], &["0"], Action::ZoomReset),
    row(&[Picture], &["h", "<left>"], Action::ScrollLeft),
    row(&[Picture], &["l", "<right>"], Action::ScrollRight),
    row(&[Picture], &["k", "<up>"], Action::Up),
    row(&[Picture], &["j", "<down>"], Action::Down),
    hinted(&[Picture], &["o", "b"], Action::OpenOriginal, "browser"),
    row(&[Picture], &["y"], Action::CopyLink),
    row(&[Picture], &["Y"], Action::CopyMarkdown),
    hinted(&[Picture], &["I"], Action::Picture, "fetch"),
    hinted(PROMPTS, &["<esc>"], Action::Cancel, "cancel"),
    hinted(LOOKING, &["<esc>"], Action::Cancel, "close"),
    row(&[Links, Help, Overlay, Subscriptions], &["h", "<left>", "<backspace>"], Action::Back),
    row(&[Insights], &["<backspace>"], Action::Back),
    row(&[Overlay], &["e"], Action::Edit),
    row(PANES, &["R"], Action::Sync),
    row(PANES, &["P"], Action::Problems),
    row(PANES, &["T"], Action::Themes),
    hinted(PANES, &[":"], Action::Palette, "commands"),
    row(PANES, &[","], Action::Settings),
    row(PANES, &["<f10>"], Action::MainMenu),
    daily(PANES, &["?", "<f1>"], Action::Help, "help"),
    row(CHOOSING, &["?", "<f1>"], Action::Help),
    row(TYPING, &["<f1>"], Action::Help),
    row(PANES, &["<esc>"], Action::Cancel),
    row(LISTS, &["q"], Action::Quit),
    row(&[Picture], &["q"], Action::Cancel),
    row(PANES, &["Q"], Action::QuitNow),
    row(NO_PROMPTS, &["<ctrl-c>"], Action::QuitNow),
    row(PROMPTS, &["<ctrl-c>"], Action::Cancel),
    row(EVERYWHERE, &["<ctrl-z>"], Action::Suspend),
    row(EVERYWHERE, &["<ctrl-l>"], Action::Redraw),
];
