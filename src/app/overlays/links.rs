//! The list of links of the article, each with a key that opens it: first those on the screen, and pictures last. Typing narrows it.

use std::collections::HashMap;

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::NarrowedRows;
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::link_target::LinkTarget;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::{ArticleId, NamedLink, SafeText, article_links, article_pictures};
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
}

/// The list of links of an article.
#[derive(Clone, Debug)]
pub struct LinkList {
    /// The rows. Parts of names and addresses are typed.
    pub rows: NarrowedRows,
    /// The article that has the links.
    article: ArticleId,
    /// All links: first those that the screen shows, in their order there; then pictures in the same way.
    all: Vec<ListedLink>,
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
        let pictures = article_pictures::pictures(&shown);
        let pictures: HashMap<&SafeText, &SafeText> =
            pictures.iter().map(|picture| (picture.link.shown(), &picture.caption)).collect();
        let listed = links.iter().zip(paths).zip(lack_heading).enumerate();
        let mut all: Vec<ListedLink> = listed
            .map(|(at, ((named, path), lacks_heading))| {
                let target = match LinkTarget::of(named, article, session.feed) {
                    LinkTarget::Browser if pictures.contains_key(named.link.shown()) => LinkTarget::Picture,
                    target => target,
                };
                let mut named = named.clone();
                if let Some(caption) = pictures.get(named.link.shown()).filter(|_| named.name.is_empty()) {
                    named.name = (*caption).clone();
                }
                ListedLink { number: at + 1, named, target, path, lacks_heading }
            })
            .collect();
        // A link can be in several places, and its text in several lines: the first counts.
        let visible: Vec<usize> = session.visible_links.numbers(LinkSource::Article).collect();
        all.sort_by_cached_key(|link| {
            let place = visible.iter().position(|number| *number == link.number).unwrap_or(usize::MAX);
            (link.target == LinkTarget::Picture, place)
        });
        let texts = all.iter().map(|link| fold(&format!("{} {}", link.named.name, link.named.link.shown())));
        let rows = NarrowedRows::of(texts.collect());
        (!links.is_empty()).then_some(LinkList { rows, article, all })
    }

    /// The link of a row.
    pub fn link(&self, row: usize) -> Option<&ListedLink> {
        self.all.get(*self.rows.items().get(row)?)
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.rows.items().len()
    }

    /// The article that has the links.
    pub fn article(&self) -> ArticleId {
        self.article
    }

    /// The selected link, and what it leads to.
    pub fn selected(&self) -> Option<(&NamedLink, &LinkTarget)> {
        self.link(self.rows.cursor.at).map(|link| (&link.named, &link.target))
    }

    /// The key that opens the link of a row. `None` while keys type text.
    pub fn hint(&self, row: usize) -> Option<char> {
        HINTS.chars().nth(row).filter(|_| !self.rows.is_typing)
    }

    fn open_selected(&self) -> Outcome {
        match self.selected() {
            Some((named, target)) => {
                Outcome::Close(vec![OverlayRequest::FollowLink(named.link.clone(), target.clone())])
            }
            None => self.rows.refuse(),
        }
    }

    /// The row whose link a key opens.
    fn row_of(&self, hint: char) -> Option<usize> {
        HINTS.chars().position(|known| known == hint).filter(|row| *row < self.count())
    }
}

impl OverlayBehaviour for LinkList {
    fn context(&self) -> Context {
        if self.rows.is_typing { Context::Picker } else { Context::Links }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.count();
        Some((&mut self.rows.cursor, count))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.open_selected(),
            // A wrong letter must not reach the panes below.
            Action::Type(hint) if !self.rows.is_typing => match self.row_of(hint) {
                Some(row) => {
                    self.rows.cursor.at = row;
                    self.open_selected()
                }
                None => Outcome::stay(),
            },
            action if self.rows.act(action, 0) => Outcome::stay(),
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.rows.paste(text);
        Outcome::stay()
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("open")
    }

    fn is_available(&self, action: Action) -> bool {
        self.rows.is_available(action)
    }
}
