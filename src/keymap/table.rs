//! The default keys: one table for what keys do, what the footer hints at and what help shows.

use crate::app::{Action, Context, Edit};

/// A row of the table.
pub struct Row {
    /// Where the keys hold.
    pub contexts: &'static [Context],
    /// The keys: any of them, each a sequence.
    pub keys: &'static [&'static str],
    /// What they do.
    pub action: Action,
    /// What they do, in words.
    pub help: &'static str,
    /// A word for the footer, where it is worth one.
    pub hint: Option<&'static str>,
}

/// A group of rows under a heading.
pub struct Group {
    /// The heading in help.
    pub name: &'static str,
    /// Its rows.
    pub rows: &'static [Row],
}

use Context::{Confirm, Detail, Help, Links, List, Overlay, Picker, Prompt, Related};

const PANES: &[Context] = &[List, Detail, Related];
const LISTS: &[Context] = &[List, Detail, Related, Links, Help, Overlay];
const EVERYWHERE: &[Context] = &[List, Detail, Related, Prompt, Picker, Links, Help, Confirm, Overlay];
const ON_TOP: &[Context] = &[Prompt, Picker, Links, Help, Confirm, Overlay];
const TYPING: &[Context] = &[Prompt, Picker];

const fn row(contexts: &'static [Context], keys: &'static [&'static str], action: Action, help: &'static str) -> Row {
    Row { contexts, keys, action, help, hint: None }
}

const fn hinted(
    contexts: &'static [Context],
    keys: &'static [&'static str],
    action: Action,
    help: &'static str,
    hint: &'static str,
) -> Row {
    Row { contexts, keys, action, help, hint: Some(hint) }
}

/// The default keys. The hints of the footer stand in the order of the rows.
pub const DEFAULT: &[Group] = &[
    Group {
        name: "Moving",
        rows: &[
            row(LISTS, &["j", "<down>", "<ctrl-n>"], Action::Down, "down, or scroll"),
            row(LISTS, &["k", "<up>", "<ctrl-p>"], Action::Up, "up, or scroll back"),
            row(TYPING, &["<down>", "<ctrl-n>"], Action::Down, "down, or scroll"),
            row(TYPING, &["<up>", "<ctrl-p>"], Action::Up, "up, or scroll back"),
            row(LISTS, &["gg", "<home>"], Action::Top, "to the top"),
            row(LISTS, &["G", "<end>"], Action::Bottom, "to the bottom"),
            row(LISTS, &["<ctrl-d>"], Action::HalfPageDown, "half a page down"),
            row(LISTS, &["<ctrl-u>"], Action::HalfPageUp, "half a page up"),
            row(LISTS, &["<ctrl-f>", "<pgdn>"], Action::PageDown, "a page down"),
            row(LISTS, &["<ctrl-b>", "<pgup>"], Action::PageUp, "a page up"),
            row(&[Picker], &["<pgdn>"], Action::PageDown, "a page down"),
            row(&[Picker], &["<pgup>"], Action::PageUp, "a page up"),
            row(&[List], &["J"], Action::AcrossDown, "scroll the article, from the list"),
            row(&[List], &["K"], Action::AcrossUp, "scroll the article back, from the list"),
            row(&[Detail, Related], &["J"], Action::AcrossDown, "next article, from the article"),
            row(&[Detail, Related], &["K"], Action::AcrossUp, "previous article, from the article"),
        ],
    },
    Group {
        name: "Panes",
        rows: &[
            hinted(&[List], &["l", "<right>", "<enter>"], Action::Open, "read the article", "read"),
            hinted(&[Detail], &["l", "<right>", "<enter>"], Action::Open, "to the related articles", "related"),
            hinted(&[Related], &["l", "<right>", "<enter>"], Action::Open, "open the related article", "open"),
            hinted(&[Detail, Related], &["h", "<left>", "<backspace>"], Action::Back, "back one pane", "back"),
            row(&[List], &["h", "<left>", "<backspace>"], Action::Back, "back one pane"),
            row(PANES, &["<tab>"], Action::NextPane, "next pane"),
            row(PANES, &["<shift-tab>"], Action::PreviousPane, "previous pane"),
            row(PANES, &["<ctrl-o>", "["], Action::JumpBack, "back to where you came from"),
            row(PANES, &["]"], Action::JumpForward, "forward again"),
        ],
    },
    Group {
        name: "Reading",
        rows: &[
            hinted(PANES, &["o", "b"], Action::OpenOriginal, "open the original in the browser", "original"),
            row(&[Detail], &["/"], Action::Search, "find in the article"),
            row(PANES, &["<space>"], Action::ReadOn, "page down; at the end mark read, next unread"),
            row(PANES, &["n"], Action::Next, "next unread; while finding, the next hit"),
            row(PANES, &["p"], Action::Previous, "previous unread; while finding, the previous hit"),
            row(PANES, &["O"], Action::OpenAndNext, "open the original, mark read, next unread"),
            row(PANES, &["U"], Action::Links, "links of the article"),
            row(&[List, Detail, Related, Links], &["y"], Action::CopyLink, "copy the link"),
            row(&[List, Detail, Related, Links], &["Y"], Action::CopyMarkdown, "copy [title](link)"),
            row(PANES, &["e"], Action::Edit, "open the article file in $EDITOR"),
        ],
    },
    Group {
        name: "Marking",
        rows: &[
            row(PANES, &["m", "N"], Action::ToggleRead, "read or unread"),
            row(PANES, &["r"], Action::ReadAndNext, "mark read, next unread"),
            row(PANES, &["M"], Action::ReadAbove, "mark everything above read"),
            row(PANES, &["A"], Action::ReadAll, "mark all in view read"),
            row(PANES, &["s"], Action::Star, "star, or take the star away"),
            row(PANES, &["D"], Action::Hide, "hide; is:hidden finds it"),
            row(PANES, &["a"], Action::Note, "a note on the article"),
            row(PANES, &["v"], Action::Range, "select a range; m s D r act on all of it"),
            row(PANES, &["u"], Action::Undo, "undo the last change of marks"),
            row(PANES, &["<ctrl-r>"], Action::Redo, "redo it"),
        ],
    },
    Group {
        name: "Narrowing",
        rows: &[
            hinted(&[List, Related], &["/"], Action::Search, "search as you type", "search"),
            row(PANES, &["F"], Action::EditQuery, "edit the query"),
            row(PANES, &["f"], Action::SavedSearches, "saved searches, with counts"),
            hinted(PANES, &["t"], Action::Topics, "topics, with counts", "topics"),
            row(PANES, &["gp"], Action::Providers, "providers, with counts"),
            hinted(PANES, &["S"], Action::Sort, "sort; the same again reverses", "sort"),
            row(PANES, &["x"], Action::Story, "unfold the story, or fold it"),
            row(PANES, &["X"], Action::Stories, "unfold all stories, or none"),
            row(PANES, &["1"], Action::AllStates, "read and unread"),
            row(PANES, &["2"], Action::UnreadOnly, "unread only; again: drops what was read since"),
            row(PANES, &["3"], Action::StarredOnly, "starred only"),
            row(PANES, &["H"], Action::History, "what you read, the latest first"),
            row(PANES, &["c"], Action::Clear, "all articles again"),
        ],
    },
    Group {
        name: "While typing",
        rows: &[
            hinted(&[Prompt], &["<enter>"], Action::Open, "keep what is found", "keep"),
            hinted(
                &[Prompt],
                &["<tab>"],
                Action::Complete,
                "complete fields, topics, providers, saved names",
                "complete",
            ),
            row(&[Prompt], &["<shift-tab>"], Action::CompleteBack, "complete with the one before"),
            hinted(&[Prompt], &["<ctrl-s>"], Action::KeepSearch, "save the search under a name", "save"),
            row(&[Prompt], &["<left>", "<ctrl-b>"], Action::EditText(Edit::Left), "one character to the left"),
            row(&[Prompt], &["<right>", "<ctrl-f>"], Action::EditText(Edit::Right), "one character to the right"),
            row(&[Prompt], &["<home>", "<ctrl-a>"], Action::EditText(Edit::Start), "to the start of the line"),
            row(&[Prompt], &["<end>", "<ctrl-e>"], Action::EditText(Edit::End), "to the end of the line"),
            row(TYPING, &["<backspace>", "<ctrl-h>"], Action::EditText(Edit::DeleteBackward), "delete a letter"),
            row(&[Prompt], &["<delete>", "<ctrl-d>"], Action::EditText(Edit::DeleteForward), "delete the letter here"),
            row(TYPING, &["<ctrl-w>"], Action::EditText(Edit::DeleteWord), "delete a word"),
            row(TYPING, &["<ctrl-u>"], Action::EditText(Edit::DeleteAll), "delete what was typed"),
        ],
    },
    Group {
        name: "On top of the panes",
        rows: &[
            hinted(&[Picker], &["<space>"], Action::Toggle, "pick several", "pick several"),
            hinted(&[Picker], &["<tab>"], Action::OtherLabels, "topics or providers", "topics/providers"),
            hinted(&[Picker], &["<enter>"], Action::Open, "apply", "apply"),
            hinted(&[Links], &["<enter>", "l", "<right>"], Action::Open, "open it; so does its own letter", "open"),
            hinted(&[Confirm], &["y", "<enter>"], Action::Open, "yes", "yes"),
            hinted(&[Confirm], &["n"], Action::Cancel, "no", "no"),
            hinted(&[Overlay], &["<enter>"], Action::Open, "choose it; a problem: edit the file at its line", "choose"),
            hinted(ON_TOP, &["<esc>"], Action::Cancel, "close", "close"),
            row(&[Links, Help, Overlay], &["h", "<left>", "<backspace>"], Action::Back, "close"),
            row(&[Overlay], &["e"], Action::Edit, "edit the file of the problem, or of the saved searches"),
        ],
    },
    Group {
        name: "The program",
        rows: &[
            row(PANES, &["P"], Action::Problems, "files that could not be read well"),
            row(PANES, &["T"], Action::Themes, "choose a theme"),
            hinted(PANES, &["?", "<f1>"], Action::Help, "these keys", "help"),
            row(PANES, &["<esc>"], Action::Cancel, "take one layer away; never quits"),
            row(LISTS, &["q"], Action::Quit, "back; quit at the top"),
            row(PANES, &["Q"], Action::QuitNow, "quit"),
            row(EVERYWHERE, &["<ctrl-c>"], Action::QuitNow, "quit"),
            row(EVERYWHERE, &["<ctrl-z>"], Action::Suspend, "stop; `fg` continues"),
            row(EVERYWHERE, &["<ctrl-l>"], Action::Redraw, "draw the screen again, by the present marks"),
        ],
    },
];
