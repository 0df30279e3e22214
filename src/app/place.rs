//! Where the reader was: kept when the session ends, and gone back to when the next one starts.

use super::focus::Focus;
use super::state::State;
use crate::feed::ArticleId;

/// A query, an article of what it finds, and how both stood on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The query, as text.
    pub query: String,
    /// The selected article.
    pub article: Option<ArticleId>,
    /// Rows of the list above it on the screen.
    pub above: usize,
    /// Its first line on the screen.
    pub scroll: usize,
    /// Whether keys went to the article.
    pub reading: bool,
}

impl State {
    /// Where the reader is.
    pub fn place(&self) -> Place {
        let list = &self.panes.list;
        Place {
            query: self.query().to_string(),
            article: self.panes.detail.article(),
            above: list.selected().saturating_sub(list.offset()),
            scroll: self.panes.detail.scroll(),
            reading: self.panes.focus != Focus::List,
        }
    }

    /// Goes back to where the reader was, as soon as that article has a row. A key that is pressed first wins.
    pub(super) fn come_back(&mut self) {
        let Some(place) = &self.returning else { return };
        let State { panes, reading, .. } = self;
        let feed = &reading.ground.feed;
        let row = place.article.and_then(|id| feed.place(id)).and_then(|at| panes.list.row_of(at));
        let Some(row) = row else { return };
        panes.list.select_at(row, place.above);
        panes.show_selected(feed);
        panes.detail.scroll_to(place.scroll);
        if place.reading {
            panes.focus = Focus::Detail;
        }
        self.returning = None;
    }
}
