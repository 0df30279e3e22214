//! The signs that the screen draws, with their meanings, which help lists.

use crate::config::SymbolSet;

/// A sign on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The sign.
    pub sign: &'static str,
    /// The sign without Unicode, if [`ascii`](super::ascii) cannot replace it.
    ascii: Option<&'static str>,
    /// What it means, and where.
    pub meaning: &'static str,
}

impl Sign {
    const fn new(sign: &'static str, meaning: &'static str) -> Sign {
        Sign { sign, ascii: None, meaning }
    }

    const fn or_ascii(self, ascii: &'static str) -> Sign {
        Sign { ascii: Some(ascii), ..self }
    }

    /// The sign in these symbols. Other signs are replaced when the frame is finished.
    pub fn drawn(self, symbols: SymbolSet) -> &'static str {
        self.ascii.filter(|_| symbols != SymbolSet::Unicode).unwrap_or(self.sign)
    }
}

/// The selected row.
pub const SELECTED: Sign = Sign::new("▸", "the selected row");
/// A row of a range.
pub const IN_RANGE: Sign = Sign::new("▍", "list: a row of the range that v began");
/// An unread article.
pub const UNREAD: Sign = Sign::new("●", "list: unread");
/// An article that was begun.
pub const STARTED: Sign = Sign::new("◐", "list: begun, and not read to its end");
/// A starred article.
pub const STARRED: Sign = Sign::new("★", "list, article: starred");
/// A hidden article.
pub const HIDDEN: Sign = Sign::new("×", "list, article: hidden");
/// An article with a note.
pub const NOTE: Sign = Sign::new("✎", "list, article: has a note");
/// An article with tags of the user's own.
pub const TAGGED: Sign = Sign::new("+", "list: has a tag; article: before its name");
/// A folded story: before the number of its other articles.
pub const FOLDED_STORY: Sign = Sign::new("+", "list: before the number of other articles of a story");
/// An unfolded story: before the number of its other articles.
pub const UNFOLDED_STORY: Sign = Sign::new("▾", "list: the same, if they are shown below");
/// A member of the story above.
pub const MEMBER: Sign = Sign::new("├", "list: an article of the story above");
/// The last member of the story above.
pub const LAST_MEMBER: Sign = Sign::new("╰", "list: the last article of the story above");
/// The entry that the list shows.
pub const PRESENT: Sign = Sign::new("•", "navigation pane: what the list shows");
/// An entry or block whose content is not shown.
pub const FOLDED: Sign = Sign::new("▸", "navigation pane, article: folded");
/// An entry or block whose content is shown.
pub const UNFOLDED: Sign = Sign::new("▾", "navigation pane, article: unfolded");
/// A subscription with a problem.
pub const PROBLEM: Sign = Sign::new("!", "navigation pane: a subscription with a problem; Enter shows it");
/// A related article that is unread.
pub const RELATED_UNREAD: Sign = Sign::new("•", "related: an unread article of this library");
/// A related article that is read.
pub const RELATED_READ: Sign = Sign::new("◦", "related: a read article of this library");
/// A related page.
pub const RELATED_PAGE: Sign = Sign::new("↗", "related: a page, which the browser opens");
/// Before the title of what gets the keys.
pub const FOCUS: Sign = Sign::new("▌", "before a title: the keys go there; navigation pane: the selected row");
/// The part of the article that is on the screen.
pub const THUMB: Sign = Sign::new("▐", "article: the part of it that is on the screen");
/// A quote or a callout.
pub const QUOTE: Sign = Sign::new("▎", "article: what is quoted, or set apart");
/// Code.
pub const CODE: Sign = Sign::new("│", "article: code");
/// A line of code that was wrapped.
pub const WRAPPED_CODE: Sign = Sign::new("↪", "article: the line of code above goes on");
/// A line that goes on to the left.
pub const MORE_LEFT: Sign = Sign::new("‹", "article: code or a table goes on to the left");
/// A line that goes on to the right.
pub const MORE_RIGHT: Sign = Sign::new("›", "article: code or a table goes on to the right");
/// A task.
pub const TASK: Sign = Sign::new("☐", "article: something to do").or_ascii("[ ]");
/// A task that is done.
pub const DONE: Sign = Sign::new("☑", "article: something done").or_ascii("[x]");
/// A callout with something to know.
pub const INFORMATION: Sign = Sign::new("ℹ", "article, before a title: a note");
/// A callout with something that helps.
pub const TIP: Sign = Sign::new("✓", "article, before a title: a tip");
/// A callout with something that must be known.
pub const IMPORTANT: Sign = Sign::new("!", "article, before a title: important, or a warning");
/// A callout with something that may do harm.
pub const CAUTION: Sign = Sign::new("‼", "article, before a title: take care");
/// A picture.
pub const PICTURE: Sign = Sign::new("▣", "article: a picture");
/// A video or a sound.
pub const PLAYED: Sign = Sign::new("▶", "article: a video or a sound");
/// A link to another article of the library.
pub const INTERNAL_LINK: Sign = Sign::new("→", "links, article: leads to another article of this library");
/// Articles that are read, in charts.
pub const CHART_READ: Sign = Sign::new("▒", "charts: read articles");
/// Articles that are unread, in charts.
pub const CHART_UNREAD: Sign = Sign::new("█", "charts: unread articles");
/// The menu of the program.
pub const MENU: Sign = Sign::new("≡", "title of the list: a click opens the menu").or_ascii("=");
/// A pane that is shown alone, with a way back.
pub const BACK: Sign = Sign::new("‹", "before a title: a click goes back to the other panes").or_ascii("<");
/// The problems of files.
pub const PROBLEMS: Sign = Sign::new("⚠", "footer: number of problems of files and settings").or_ascii("!");
/// A running sync.
pub const SYNC: Sign = Sign::new("↻", "footer: subscriptions are fetched").or_ascii("sync");

/// All signs, in the order of help.
pub const ALL: [Sign; 40] = [
    SELECTED,
    IN_RANGE,
    UNREAD,
    STARTED,
    STARRED,
    HIDDEN,
    NOTE,
    TAGGED,
    FOLDED_STORY,
    UNFOLDED_STORY,
    MEMBER,
    LAST_MEMBER,
    PRESENT,
    FOLDED,
    UNFOLDED,
    PROBLEM,
    RELATED_UNREAD,
    RELATED_READ,
    RELATED_PAGE,
    FOCUS,
    THUMB,
    QUOTE,
    CODE,
    WRAPPED_CODE,
    MORE_LEFT,
    MORE_RIGHT,
    TASK,
    DONE,
    INFORMATION,
    TIP,
    IMPORTANT,
    CAUTION,
    PLAYED,
    INTERNAL_LINK,
    CHART_READ,
    CHART_UNREAD,
    MENU,
    BACK,
    PROBLEMS,
    SYNC,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ascii;

    #[test]
    fn every_sign_can_be_drawn_in_ascii() {
        for sign in ALL {
            let drawn = ascii::line(sign.drawn(SymbolSet::Ascii), SymbolSet::Ascii);
            assert!(drawn.is_ascii() && !drawn.trim().is_empty() && drawn != "()", "{sign:?}: {drawn}");
            assert_eq!(sign.drawn(SymbolSet::Unicode), sign.sign);
        }
    }
}
