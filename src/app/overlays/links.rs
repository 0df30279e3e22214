//! The list of links of the article, each with a key that opens it.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::link_target::LinkTarget;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::{ArticleId, NamedLink, SafeText, article_links};

/// Keys that open links, in the order of the links. Letters bound to other actions in this list are left out.
const HINTS: &str = "123456789acdefimnprstvwxz";

/// The list of links of an article.
#[derive(Clone, Debug)]
pub struct LinkList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The article that has the links.
    article: ArticleId,
    links: Vec<NamedLink>,
    /// What the links lead to, as many.
    targets: Vec<LinkTarget>,
    /// What tells articles of one title apart, as many.
    paths: Vec<Option<SafeText>>,
    /// Whether the article lacks the heading that the link names, as many.
    lack_heading: Vec<bool>,
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
        let targets = links.iter().map(|named| LinkTarget::of(named, article, session.feed)).collect();
        let paths = article_links::paths_of_same_titles(session.feed, &shown, &links);
        let lack_heading = article_links::missing_headings(session.feed, &shown, &links);
        let cursor = OverlayCursor::default();
        (!links.is_empty()).then_some(LinkList { cursor, article, links, targets, paths, lack_heading })
    }

    /// The links.
    pub fn links(&self) -> &[NamedLink] {
        &self.links
    }

    /// The article that has the links.
    pub fn article(&self) -> ArticleId {
        self.article
    }

    /// What the link of a row leads to.
    pub fn target(&self, row: usize) -> Option<&LinkTarget> {
        self.targets.get(row)
    }

    /// The end of the path of the article that the link of a row leads to, if others have its title.
    pub fn path(&self, row: usize) -> Option<&SafeText> {
        self.paths.get(row)?.as_ref()
    }

    /// True if the article lacks the heading that the link of a row names.
    pub fn lacks_heading(&self, row: usize) -> bool {
        self.lack_heading.get(row).copied().unwrap_or_default()
    }

    /// The selected link, and what it leads to.
    pub fn selected(&self) -> Option<(&NamedLink, &LinkTarget)> {
        self.links.get(self.cursor.at).zip(self.target(self.cursor.at))
    }

    /// The key that opens the link of a row.
    pub fn hint(row: usize) -> Option<char> {
        HINTS.chars().nth(row)
    }

    fn open_selected(&self) -> Outcome {
        let link =
            self.selected().map(|(named, target)| OverlayRequest::FollowLink(named.link.clone(), target.clone()));
        Outcome::Close(link.into_iter().collect())
    }

    /// The row whose link a key opens.
    fn row_of(&self, hint: char) -> Option<usize> {
        HINTS.chars().position(|known| known == hint).filter(|row| *row < self.links.len())
    }
}

impl OverlayBehaviour for LinkList {
    fn context(&self) -> Context {
        Context::Links
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.links.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => self.open_selected(),
            Action::Type(hint) => match self.row_of(hint) {
                Some(row) => {
                    self.cursor.at = row;
                    self.open_selected()
                }
                // Not `Ignored`: a wrong letter must not reach the panes below.
                None => Outcome::stay(),
            },
            _ => Outcome::Ignored,
        }
    }
}
