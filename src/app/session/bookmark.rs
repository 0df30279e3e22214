//! The bookmark of the session: where the reader is, for the next session, and the way back to where the last one ended.

use super::App;
use crate::app::bookmark::Bookmark;
use crate::app::focus::Focus;
use crate::feed::{ArticleId, Change, Mark, Stamp};

impl App {
    /// Where the reader is; none while that cannot be said, since the articles have not arrived.
    pub fn bookmark(&self) -> Option<Bookmark> {
        if let Some(bookmark) = self.restored.bookmark().cloned() {
            return Some(Bookmark { theme: self.themes.picked().cloned(), ..bookmark });
        }
        let (list, article) = (self.panes.list(), self.panes.detail().article());
        (article.is_some() || !self.is_loading()).then(|| Bookmark {
            query: self.query().to_string(),
            article,
            above: list.selected().saturating_sub(list.offset()),
            scrolled: self.panes.detail().scrolled(),
            reading: self.panes.focus() != Focus::List,
            marks: self.visible_marks(),
            unread: self.unread.count(),
            unfolded: self.stories.are_unfolded(),
            shape: self.pane_layout,
            light: None,
            theme: self.themes.picked().cloned(),
        })
    }

    /// The marks that were seen in the last frame, and all articles that are hidden; none when those are many.
    fn visible_marks(&self) -> Option<Vec<(ArticleId, Mark)>> {
        const MANY: usize = 500;
        let (marks, list) = (self.marks(), self.panes.list());
        let rows = list.rows().between(list.offset()..list.offset() + self.frame.list.page());
        let rows = rows.flat_map(|index| self.targets().of_row(index));
        let rows = rows.filter_map(|index| self.loaded_feed.id_at(index));
        let mut seen: Vec<(ArticleId, Mark)> = Vec::new();
        for id in rows.chain(self.panes.detail().article()) {
            let read = marks.is_read(id).then(|| Mark::Read(Some(marks.read_at(id).unwrap_or_default())));
            let starred = marks.is_starred(id).then_some(Mark::Starred(true));
            let note = marks.note(id).cloned().map(Mark::Note);
            let arrived = marks.arrived(id).map(Mark::Arrived);
            seen.extend([read, starred, note, arrived].into_iter().flatten().map(|mark| (id, mark)));
        }
        seen.extend(marks.hidden().take(MANY + 1).map(|id| (id, Mark::Hidden(true))));
        (seen.len() <= 2 * MANY).then_some(seen)
    }

    /// Begins with the marks that were on the screen when the last session ended, until those on the disk are known. Rows are
    /// found without them, but for what is hidden: they are not all.
    pub(super) fn init_marks(&mut self, marks: Vec<(ArticleId, Mark)>, unread: usize) {
        let change = |(id, mark)| Change { stamp: Stamp::NEVER, mark, articles: vec![id] };
        let changes: Vec<Change> = marks.into_iter().map(change).collect();
        self.marks.begin_with(&changes);
        let hidden = changes.iter().filter(|change| matches!(change.mark, Mark::Hidden(_)));
        hidden.for_each(|change| self.search.apply_change(change));
        self.unread.begin_with(unread);
    }

    /// True when what is seen needs no marks but those that the session began with, until all are known.
    pub fn can_wait_for_marks(&self) -> bool {
        let depends_on_marks = self.query().depends_on_marks() || self.rules.depend_on_marks();
        self.restored.bookmark().is_none_or(|bookmark| bookmark.marks.is_some()) && !depends_on_marks
    }

    /// Goes back to where the reader was, as soon as that article has a row. A key that is pressed first wins.
    pub(super) fn try_restore_position(&mut self) {
        self.restored.land(&mut self.panes, self.loaded_feed.feed());
    }
}
