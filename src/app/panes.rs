//! The panes: focus, selection, scrolling and jumps among list, article and related articles, and the navigation pane.

use std::sync::Arc;

use super::bookmark::Bookmark;
use super::detail_pane::DetailPane;
use super::focus::Focus;
use super::frame_info::FrameInfo;
use super::jump_history::{ArticlePlace, JumpEntry, JumpHistory};
use super::list_pane::ListPane;
use super::mouse_action::HitTarget;
use super::movement::Movement;
use super::navigation::{Folds, Navigation};
use super::related_pane::RelatedPane;
use super::scroll::ScrollPosition;
use crate::feed::{Article, ArticleId, Feed, Related, Target, TextPosition};
use crate::jobs::similarity_index::IndexStore;

/// The list, the article and the related articles, with the focus and the jump history.
#[derive(Clone, Debug, Default)]
pub struct Panes {
    list: ListPane,
    detail: DetailPane,
    related: RelatedPane,
    navigation: Navigation,
    /// The focused pane: keys go to it.
    focus: Focus,
    /// The articles that the user jumped from.
    jumps: JumpHistory,
}

impl Panes {
    /// Empty panes. `similar`: where the index of similar articles is saved; `None` if they are not looked up. `folds`: what is folded in the navigation pane.
    pub fn new(similar: Option<IndexStore>, folds: Folds) -> Panes {
        let (related, navigation) = (RelatedPane::new(similar), Navigation::new(folds));
        Panes { related, navigation, ..Panes::default() }
    }

    /// The list pane.
    pub fn list(&self) -> &ListPane {
        &self.list
    }

    /// The list pane, to change. After selecting a row, the caller must call `show_selected`.
    pub fn list_mut(&mut self) -> &mut ListPane {
        &mut self.list
    }

    /// The detail pane.
    pub fn detail(&self) -> &DetailPane {
        &self.detail
    }

    /// The detail pane, to change.
    pub fn detail_mut(&mut self) -> &mut DetailPane {
        &mut self.detail
    }

    /// The related pane.
    pub fn related(&self) -> &RelatedPane {
        &self.related
    }

    /// The related pane, to change.
    pub fn related_mut(&mut self) -> &mut RelatedPane {
        &mut self.related
    }

    /// The navigation pane.
    pub fn navigation(&self) -> &Navigation {
        &self.navigation
    }

    /// The navigation pane, to change.
    pub fn navigation_mut(&mut self) -> &mut Navigation {
        &mut self.navigation
    }

    /// The focused pane.
    pub fn focus(&self) -> Focus {
        self.focus
    }

    /// The jump history.
    pub fn jumps(&self) -> &JumpHistory {
        &self.jumps
    }

    /// The jump history, to change.
    pub fn jumps_mut(&mut self) -> &mut JumpHistory {
        &mut self.jumps
    }

    /// Takes over the scroll positions of the panes that the last frame showed.
    pub fn frame_drawn(&mut self, frame: &FrameInfo) {
        // A pane that was not drawn has offset 0 in the frame: it keeps its own.
        if !frame.list.area.is_empty() {
            self.list.frame_drawn(frame.list.offset);
        }
        if !frame.detail.area.is_empty() {
            self.detail.frame_drawn(&frame.detail);
        }
        if !frame.related.area.is_empty() {
            self.related.frame_drawn(frame.related.offset);
        }
        let navigation = frame.navigation;
        self.navigation.frame_drawn((!navigation.area.is_empty()).then_some(navigation.offset));
    }

    /// Restores earlier panes, but keeps the cache of similar articles and the navigation pane.
    pub fn restore(&mut self, before: Panes) {
        let mut related = std::mem::take(&mut self.related);
        related.restore(&before.related);
        *self = Panes { related, navigation: std::mem::take(&mut self.navigation), ..before };
    }

    /// The index in the feed of the article shown.
    pub fn article_index(&self, feed: &Feed) -> Option<usize> {
        self.detail.article().and_then(|id| feed.index_of(id))
    }

    /// The article shown.
    pub fn article(&self, feed: &Feed) -> Option<Arc<Article>> {
        self.article_index(feed).and_then(|index| feed.get(index))
    }

    /// The related entries of the article shown.
    pub fn related_entries(&self, feed: &Feed) -> Vec<Related> {
        self.article_index(feed).map(|index| self.related.entries(index, feed)).unwrap_or_default()
    }

    /// Whether the article shown has related entries.
    pub fn has_related(&self, feed: &Feed) -> bool {
        !self.related_entries(feed).is_empty()
    }

    /// The target of the selected related entry.
    pub fn related_target(&self, feed: &Feed) -> Option<Target> {
        let entries = self.related_entries(feed);
        entries.into_iter().nth(self.related.selected()).map(|entry| entry.target)
    }

    /// Selects the related entry with this target, wherever it is now, else keeps the row.
    pub fn select_related(&mut self, target: Option<&Target>, feed: &Feed) {
        let entries = self.related_entries(feed);
        let again = target.and_then(|target| entries.iter().position(|entry| entry.target.is_same_article(target)));
        self.related.select(again.unwrap_or(self.related.selected()), entries.len());
    }

    /// Number of rows or lines of a page of the focused pane.
    pub fn page(&self, frame: &FrameInfo) -> usize {
        match self.focus {
            Focus::List => frame.list.page(),
            Focus::Detail => frame.detail.page(),
            Focus::Related => usize::from(frame.related.area.height),
            Focus::Navigation => frame.navigation.page(),
        }
    }

    /// Moves in the focused pane, or scrolls it.
    pub fn go(&mut self, movement: Movement, frame: &FrameInfo, feed: &Feed) {
        let by = |at: usize, count: usize| movement.rows_from(at, count.saturating_sub(1));
        match self.focus {
            Focus::List => {
                self.list.step(by(self.list.selected(), self.list.rows().len()));
                self.show_selected(feed);
            }
            Focus::Detail => {
                let lines = movement.rows_from(self.detail.scroll(), frame.detail.last_offset());
                self.detail.step(lines, &frame.detail);
            }
            Focus::Related => {
                let count = self.related_entries(feed).len();
                self.related.step(by(self.related.selected(), count), count);
            }
            Focus::Navigation => {
                self.navigation.step(by(self.navigation.selected(), self.navigation.entries().len()));
            }
        }
    }

    /// Moves in the other pane: in the list, scrolls the article; elsewhere, moves the selection of the list. True if another
    /// article is shown now.
    pub fn step_across(&mut self, by: isize, frame: &FrameInfo, feed: &Feed) -> bool {
        match self.focus {
            Focus::List => {
                self.detail.step(by, &frame.detail);
                false
            }
            Focus::Detail | Focus::Related | Focus::Navigation => {
                self.list.step(by);
                self.show_selected(feed)
            }
        }
    }

    /// Scrolls the list to an offset with a selected row, and keeps the focus. While the list does not have it, the article shown
    /// stays.
    pub fn scroll_list(&mut self, to: (usize, usize), feed: &Feed) {
        if self.list.scroll_to(to) && self.focus.shows_selected() {
            self.show_selected(feed);
        }
    }

    /// Scrolls the article or the related articles and keeps the focus.
    pub fn scroll_beside(&mut self, pane: Focus, by: isize, frame: &FrameInfo, feed: &Feed) {
        match pane {
            Focus::List => {}
            Focus::Detail => self.detail.step(by, &frame.detail),
            Focus::Related => {
                let count = self.related_entries(feed).len();
                self.related.scroll(by, usize::from(frame.related.area.height).max(1), count);
            }
            Focus::Navigation => self.navigation.scroll(by, frame.navigation.page()),
        }
    }

    /// Clicks a target: selects it and focuses its pane.
    pub fn click(&mut self, target: HitTarget, feed: &Feed) {
        match target {
            HitTarget::Row(row) if row < self.list.rows().len() => {
                self.list.end_dragged_range();
                self.list.select(row);
                self.focus_list(feed);
            }
            HitTarget::Related(entry) if entry < self.related_entries(feed).len() => {
                // The guard has compared the entry with the count.
                self.related.select(entry, usize::MAX);
                self.focus = Focus::Related;
            }
            HitTarget::Pane(Focus::List) => self.focus_list(feed),
            HitTarget::Pane(Focus::Detail) if self.article_index(feed).is_some() => self.focus = Focus::Detail,
            HitTarget::Pane(Focus::Related) if self.has_related(feed) => self.focus = Focus::Related,
            HitTarget::Pane(Focus::Navigation) => self.focus_navigation(feed),
            _ => {}
        }
    }

    /// Shows the selected article of the list. True if another article was shown before.
    pub fn show_selected(&mut self, feed: &Feed) -> bool {
        let id = self.list.article_index().and_then(|index| feed.id(index));
        let other = self.detail.show(id);
        if other {
            self.related.reset_to_top();
            if self.focus == Focus::Related {
                self.focus = Focus::Detail;
            }
        }
        other
    }

    /// Focuses the next pane that has something to show.
    pub fn next(&mut self, feed: &Feed) {
        match self.focus {
            Focus::List if self.article_index(feed).is_some() => self.focus = Focus::Detail,
            Focus::Detail if self.has_related(feed) => self.focus = Focus::Related,
            Focus::List | Focus::Detail | Focus::Related if self.navigation.is_on() => self.focus_navigation(feed),
            Focus::List | Focus::Detail | Focus::Related | Focus::Navigation => self.focus_list(feed),
        }
    }

    /// Focuses the previous pane that has something to show.
    pub fn previous(&mut self, feed: &Feed) {
        match self.focus {
            Focus::List if self.navigation.is_on() => self.focus_navigation(feed),
            Focus::List | Focus::Navigation if self.has_related(feed) => self.focus = Focus::Related,
            Focus::List | Focus::Navigation if self.article_index(feed).is_some() => self.focus = Focus::Detail,
            Focus::Related => self.focus = Focus::Detail,
            Focus::List | Focus::Detail | Focus::Navigation => self.focus_list(feed),
        }
    }

    /// Focuses the pane before: related, article, list. From the navigation pane, the list.
    pub fn back(&mut self, feed: &Feed) {
        match self.focus {
            Focus::Related => self.focus = Focus::Detail,
            Focus::Detail | Focus::List | Focus::Navigation => self.focus_list(feed),
        }
    }

    /// Focuses the navigation pane. The article shown is that of the list.
    pub fn focus_navigation(&mut self, feed: &Feed) {
        self.focus = Focus::Navigation;
        self.show_selected(feed);
    }

    /// Focuses the list and shows its selected article, because keys there act on it.
    pub fn focus_list(&mut self, feed: &Feed) {
        self.focus = Focus::List;
        self.show_selected(feed);
    }

    /// Moves the focus from the related pane to the article if no entries are left.
    pub fn leave_empty_related(&mut self, feed: &Feed) {
        if self.focus == Focus::Related && !self.has_related(feed) {
            self.focus = Focus::Detail;
        }
    }

    /// The place in the article shown.
    pub fn present_place(&self) -> Option<ArticlePlace> {
        let article = self.detail.article()?;
        Some(ArticlePlace { article, scrolled: self.detail.scrolled(), related: self.related.selected() })
    }

    /// Shows and focuses another article, and adds the present one to the jump history.
    pub fn jump_to(&mut self, index: usize, feed: &Feed) {
        if let Some(place) = self.present_place() {
            self.jumps.push(JumpEntry::Article(place));
        }
        // A folded member has no row: the list selects its head, and the article shown is the member.
        self.list.select_index(index, feed);
        self.detail.show(feed.id(index));
        // `show` ends a search only if it shows another article.
        self.detail.end_find(false);
        self.related.reset_to_top();
        self.focus = Focus::Detail;
    }

    /// Scrolls the article to a place in its text and focuses it. The present place is added to the jump history.
    pub fn jump_within(&mut self, place: TextPosition) {
        if let Some(place) = self.present_place() {
            self.jumps.push_place(place);
        }
        self.detail.jump_within(place);
        self.focus = Focus::Detail;
    }

    /// Shows and focuses the article of a place.
    pub fn return_to_place(&mut self, place: ArticlePlace, feed: &Feed) {
        if let Some(index) = feed.index_of(place.article) {
            self.list.select_index(index, feed);
        }
        self.read(place.article, place.scrolled);
        let count = self.related_entries(feed).len();
        self.related.select(place.related, count);
    }

    /// Shows and focuses an article where it was scrolled to.
    pub fn read(&mut self, article: ArticleId, scrolled: ScrollPosition) {
        self.detail.end_find(false);
        if self.detail.show(Some(article)) {
            self.related.reset_to_top();
        }
        // After `show`, which scrolls to where the article was left last.
        self.detail.return_to(scrolled);
        self.focus = Focus::Detail;
    }

    /// Restores the bookmark of the last session; its article is in row `row`.
    pub fn return_to(&mut self, row: usize, bookmark: &Bookmark, feed: &Feed) {
        self.list.select_at(row, bookmark.above);
        self.show_selected(feed);
        if bookmark.reading {
            // The article may be a folded member: then the row shows its head.
            self.detail.show(bookmark.article);
            self.focus = Focus::Detail;
        }
        if self.detail.article() == bookmark.article {
            self.detail.return_to(bookmark.scrolled);
        }
    }

    /// Focuses the article.
    pub fn focus_detail(&mut self) {
        self.focus = Focus::Detail;
    }
}
