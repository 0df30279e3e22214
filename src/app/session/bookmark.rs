//! The bookmark: saves the position and the visible marks for the next session, and restores those of the last one.

use super::App;
use crate::app::bookmark::Bookmark;
use crate::app::focus::Focus;
use crate::feed::tags::{self, MAX_TAGS};
use crate::feed::{ArticleId, Change, Mark, Stamp};

impl App {
    /// The bookmark of the present position. `None` while the articles are not loaded.
    pub fn bookmark(&self) -> Option<Bookmark> {
        // Quitting before the position is restored must not lose it.
        if let Some(bookmark) = self.restored.bookmark().cloned() {
            return Some(Bookmark { theme: self.themes.picked().cloned(), ..bookmark });
        }
        let (list, article) = (self.panes.list(), self.panes.detail().article());
        (article.is_some() || !self.is_loading()).then(|| Bookmark {
            query: self.query().to_string(),
            article,
            above: list.selected().saturating_sub(list.offset()),
            scrolled: self.panes.detail().scrolled(),
            reading: matches!(self.panes.focus(), Focus::Detail | Focus::Related),
            marks: self.visible_marks(),
            unread: self.unread.count(),
            unfolded: self.stories.are_unfolded(),
            layout: self.pane_layout,
            folds: self.panes.navigation().folds().clone(),
            // Only the terminal knows its background; the event loop fills it in.
            light: None,
            theme: self.themes.picked().cloned(),
        })
    }

    /// The marks of the articles in the last frame, and all hidden articles. `None` if there are more than 1,000.
    fn visible_marks(&self) -> Option<Vec<(ArticleId, Mark)>> {
        // The bookmark is written every 2 s while the user moves, so it must stay small.
        const MANY: usize = 500;
        let (marks, list) = (self.marks(), self.panes.list());
        let rows = list.rows().between(list.offset()..list.offset() + self.frame.list.page());
        // The row of a folded story is unread while a member is, so the marks of its members are needed too.
        let rows = rows.flat_map(|index| self.targets().of_row(index));
        let rows = rows.filter_map(|index| self.loaded_feed.id_at(index));
        let mut seen: Vec<(ArticleId, Mark)> = Vec::new();
        for id in rows.chain(self.panes.detail().article()) {
            // What only a rule marks read has no time; the first frame needs none.
            let read = marks.is_read(id).then(|| Mark::Read(Some(marks.read_at(id).unwrap_or_default())));
            let starred = marks.is_starred(id).then_some(Mark::Starred(true));
            let note = marks.note(id).cloned().map(Mark::Note);
            let arrived = marks.arrived(id).map(Mark::Arrived);
            let tags = tags::of(marks, id).into_iter().take(MAX_TAGS).map(|tag| Mark::Tagged(tag, true));
            seen.extend([read, starred, note, arrived].into_iter().flatten().chain(tags).map(|mark| (id, mark)));
        }
        seen.extend(marks.hidden().take(MANY + 1).map(|id| (id, Mark::Hidden(true))));
        (seen.len() <= 2 * MANY).then_some(seen)
    }

    /// Sets the marks of the bookmark until those on disk are loaded. Searches use only which articles are hidden: of
    /// the other marks, the bookmark has only those that were on the screen.
    pub(super) fn init_marks(&mut self, marks: Vec<(ArticleId, Mark)>, unread: usize) {
        let change = |(id, mark)| Change { stamp: Stamp::NEVER, mark, articles: vec![id] };
        let changes: Vec<Change> = marks.into_iter().map(change).collect();
        self.marks.begin_with(&changes);
        let hidden = changes.iter().filter(|change| matches!(change.mark, Mark::Hidden(_)));
        hidden.for_each(|change| self.search.apply_change(change));
        self.unread.begin_with(unread);
    }

    /// Whether the first frame is right with the marks of the bookmark alone.
    pub fn can_wait_for_marks(&self) -> bool {
        let depends_on_marks = self.query().depends_on_marks() || self.rules.depend_on_marks();
        self.restored.bookmark().is_none_or(|bookmark| bookmark.marks.is_some()) && !depends_on_marks
    }

    /// Restores the position of the last session, if its article has a row by now. A key before that cancels it.
    pub(super) fn try_restore_position(&mut self) {
        self.restored.land(&mut self.panes, self.loaded_feed.feed());
    }
}
