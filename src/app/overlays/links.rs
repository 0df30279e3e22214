//! The list of links of the article, each with a key that opens it: first those on the screen. Typing narrows it.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::link_target::LinkTarget;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;
use crate::feed::{ArticleId, NamedLink, SafeText, article_links};
use crate::query::fold;
use crate::text::hyperlinks::LinkSource;

/// Keys that open links, in the order of the rows. Letters bound to other actions in this list are left out.
const HINTS: &str = "123456789acdefimnprstvwxz";

/// A link in the list.
#[derive(Clone, Debug)]
pub struct ListedLink {
    /// Its number in the article, from 1.
    pub number: usize,
    /// The link.
    pub named: NamedLink,
    /// What it leads to.
    pub target: LinkTarget,
    /// The end of the path of the article that it leads to, if others have the title of that article.
    pub path: Option<SafeText>,
    /// The article that it leads to lacks the heading that it names.
    pub lacks_heading: bool,
    /// Folded words that find it.
    words: String,
}

/// The list of links of an article.
#[derive(Clone, Debug)]
pub struct LinkList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The typed text: parts of names and addresses.
    pub input: TextInput,
    /// Whether keys type text.
    pub is_typing: bool,
    /// The article that has the links.
    article: ArticleId,
    /// All links: first those that the screen shows, in their order there.
    all: Vec<ListedLink>,
    /// The indices of those that have the typed words.
    rows: Vec<usize>,
}

impl LinkList {
    /// The notice if the article has no links.
    pub const NOTHING: &'static str = "This article has no links";

    /// The links of the article shown; `None` if it has no links.
    pub fn open(session: &SessionParts) -> Option<LinkList> {
        let article = session.article?;
        let index = session.feed.index_of(article)?;
        let shown = session.feed.get(index)?;
        let links = article_links::links_in_feed(session.feed, index, &shown);
        let paths = article_links::paths_of_same_titles(session.feed, &shown, &links);
        let lack_heading = article_links::missing_headings(session.feed, &shown, &links);
        let listed = links.iter().zip(paths).zip(lack_heading).enumerate();
        let mut all: Vec<ListedLink> = listed
            .map(|(at, ((named, path), lacks_heading))| {
                let target = LinkTarget::of(named, article, session.feed);
                let words = fold(&format!("{} {}", named.name, named.link.shown()));
                ListedLink { number: at + 1, named: named.clone(), target, path, lacks_heading, words }
            })
            .collect();
        // A link can be in several places, and its text in several lines: the first counts.
        let visible: Vec<usize> = session.visible_links.numbers(LinkSource::Article).collect();
        all.sort_by_cached_key(|link| visible.iter().position(|number| *number == link.number).unwrap_or(usize::MAX));
        let rows = (0..all.len()).collect();
        let (cursor, input) = Default::default();
        (!links.is_empty()).then_some(LinkList { cursor, input, is_typing: false, article, all, rows })
    }

    /// The link of a row.
    pub fn link(&self, row: usize) -> Option<&ListedLink> {
        self.all.get(*self.rows.get(row)?)
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The article that has the links.
    pub fn article(&self) -> ArticleId {
        self.article
    }

    /// The selected link, and what it leads to.
    pub fn selected(&self) -> Option<(&NamedLink, &LinkTarget)> {
        self.link(self.cursor.at).map(|link| (&link.named, &link.target))
    }

    /// The key that opens the link of a row. `None` while keys type text.
    pub fn hint(&self, row: usize) -> Option<char> {
        HINTS.chars().nth(row).filter(|_| !self.is_typing)
    }

    fn open_selected(&self) -> Outcome {
        match self.selected() {
            Some((named, target)) => {
                Outcome::Close(vec![OverlayRequest::FollowLink(named.link.clone(), target.clone())])
            }
            None => Outcome::stay(),
        }
    }

    /// The row whose link a key opens.
    fn row_of(&self, hint: char) -> Option<usize> {
        HINTS.chars().position(|known| known == hint).filter(|row| *row < self.count())
    }

    /// Lists the links that have the typed words, with the first selected.
    fn narrow(&mut self) {
        let words = TypedWords::of(&self.input);
        self.rows = (0..).zip(&self.all).filter(|(_, link)| words.are_in(&link.words)).map(|(at, _)| at).collect();
        self.cursor = OverlayCursor::default();
    }

    /// Lists all links again, with the same one selected.
    fn widen(&mut self) {
        let selected = self.rows.get(self.cursor.at).copied().unwrap_or_default();
        (self.is_typing, self.input) = (false, TextInput::default());
        self.narrow();
        self.cursor = OverlayCursor::on(selected);
    }
}

impl OverlayBehaviour for LinkList {
    fn context(&self) -> Context {
        if self.is_typing { Context::Picker } else { Context::Links }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.rows.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => return self.open_selected(),
            Action::Search => self.is_typing = true,
            Action::Type(c) if self.is_typing => {
                self.input.insert(c.encode_utf8(&mut [0; 4]));
                self.narrow();
            }
            Action::Type(hint) => {
                // A wrong letter must not reach the panes below.
                if let Some(row) = self.row_of(hint) {
                    self.cursor.at = row;
                    return self.open_selected();
                }
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.narrow();
            }
            // The first Esc takes the typed text away, the second one closes the list.
            Action::Cancel | Action::Back if self.is_typing => self.widen(),
            _ => return Outcome::Ignored,
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        if self.is_typing {
            self.input.insert(text);
            self.narrow();
        }
        Outcome::stay()
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Open => self.selected().is_some(),
            Action::Search => !self.is_typing,
            _ => !matches!(action, Action::Toggle | Action::SwitchLabels | Action::Complete | Action::SaveSearch),
        }
    }
}
