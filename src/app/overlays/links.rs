//! The list of links of the article, each with a key that opens it.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::NamedLink;

/// Keys that open links, in the order of the links. Letters bound to other actions in this list are left out.
const HINTS: &str = "123456789acdefimnprstvwxz";

/// The list of links of an article.
#[derive(Clone, Debug)]
pub struct LinkList {
    /// The selected row.
    pub cursor: OverlayCursor,
    links: Vec<NamedLink>,
}

impl LinkList {
    /// The notice if the article has no links.
    pub const NOTHING: &'static str = "This article has no links";

    /// The links of the article shown; `None` if it has no links.
    pub fn open(session: &SessionParts) -> Option<LinkList> {
        let links = session.article.and_then(|id| session.feed.find(id))?.links();
        (!links.is_empty()).then(|| LinkList { cursor: OverlayCursor::default(), links })
    }

    /// The links.
    pub fn links(&self) -> &[NamedLink] {
        &self.links
    }

    /// The selected link.
    pub fn selected(&self) -> Option<&NamedLink> {
        self.links.get(self.cursor.at)
    }

    /// The key that opens the link of a row.
    pub fn hint(row: usize) -> Option<char> {
        HINTS.chars().nth(row)
    }

    fn open_selected(&self) -> Outcome {
        let link = self.selected().map(|named| OverlayRequest::OpenLink(named.link.clone()));
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
