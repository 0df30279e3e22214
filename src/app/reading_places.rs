//! Where the user stops reading articles: noted at every frame, and recorded as marks now and then.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::frame_info::DetailInfo;
use crate::feed::{ArticleId, TextPosition};

/// How long a place waits before it is recorded, so that scrolling does not fill the marks file.
const RECORDED_AFTER: TimeDelta = TimeDelta::seconds(10);

/// The places that are not recorded yet, and what the last frame showed.
#[derive(Debug, Default)]
pub struct ReadingPlaces {
    shown: Option<Shown>,
    unsaved: BTreeMap<ArticleId, Option<TextPosition>>,
    /// When the first of them was noted.
    since: Option<DateTime<Utc>>,
}

/// The article on the screen.
#[derive(Clone, Copy, Debug)]
struct Shown {
    article: ArticleId,
    /// Its scroll position, which is the same at any width.
    position: TextPosition,
    /// Whether its end was on the screen, and is at most a page away since.
    at_end: bool,
}

impl ReadingPlaces {
    /// Notes the place of the article on the screen if the user has scrolled. `position` is the place at the top of the screen;
    /// `is_started` says whether the article has a place already.
    pub fn frame_drawn(
        &mut self,
        position: Option<TextPosition>,
        frame: &DetailInfo,
        now: DateTime<Utc>,
        is_started: impl Fn(ArticleId) -> bool,
    ) {
        let Some((article, top)) = frame.position.filter(|_| !frame.area.is_empty()) else { return };
        let position = position.unwrap_or(top);
        let before = self.shown.filter(|shown| shown.article == article);
        let was_at_end = before.is_some_and(|shown| shown.at_end);
        let (page, last) = (frame.page(), frame.last_offset());
        let at_end = frame.offset >= last || (was_at_end && frame.offset.saturating_add(page) >= last);
        self.shown = Some(Shown { article, position, at_end });
        // The first frame of an article, or one at another size: the user has not scrolled.
        if before.is_none_or(|shown| shown.position == position) {
            return;
        }
        // After a page key one line of the first page is on the screen.
        let is_past_first_page = frame.offset.saturating_add(1) >= page;
        let is_known = self.unsaved.get(&article).is_some_and(Option::is_some) || is_started(article);
        let is_inside = frame.offset > 0 && !at_end;
        if is_known || is_inside && is_past_first_page {
            self.unsaved.insert(article, is_inside.then_some(position));
            self.since.get_or_insert(now);
        }
    }

    /// Whether another article than the one of the last frame is shown now.
    pub fn is_left(&self, shown: Option<ArticleId>) -> bool {
        self.shown.is_some_and(|known| Some(known.article) != shown)
    }

    /// When places are to be recorded.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.since.and_then(|since| since.checked_add_signed(RECORDED_AFTER))
    }

    /// Returns the places to record.
    pub fn take(&mut self) -> BTreeMap<ArticleId, Option<TextPosition>> {
        self.since = None;
        std::mem::take(&mut self.unsaved)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    /// What a frame of 10 lines shows of an article of 100.
    fn frame(article: u64, offset: usize) -> DetailInfo {
        let position = Some((ArticleId::of_number(article), TextPosition::in_body(offset)));
        DetailInfo { area: Rect::new(0, 0, 80, 10), lines: 100, offset, position, ..DetailInfo::default() }
    }

    /// The place that remains after frames at these offsets; `None` if nothing is to be recorded.
    fn after(offsets: &[usize], is_started: bool) -> Option<Option<usize>> {
        let mut places = ReadingPlaces::default();
        for offset in offsets {
            places.frame_drawn(None, &frame(1, *offset), DateTime::UNIX_EPOCH, |_| is_started);
        }
        let taken = places.take().remove(&ArticleId::of_number(1))?;
        Some(taken.map(|place| place.block as usize))
    }

    #[test]
    fn a_place_is_noted_behind_the_first_page_until_the_end() {
        for (offsets, is_started, expected) in [
            (&[0][..], false, None),
            (&[30], true, None),
            (&[0, 5], false, None),
            (&[0, 9], false, Some(Some(9))),
            (&[0, 5], true, Some(Some(5))),
            (&[0, 30, 31], false, Some(Some(31))),
            (&[0, 30, 3], false, Some(Some(3))),
            (&[0, 30, 0], false, Some(None)),
            (&[30, 0], true, Some(None)),
            (&[0, 30, 90], false, Some(None)),
            (&[0, 30, 90, 85], false, Some(None)),
            (&[0, 30, 90, 60], false, Some(Some(60))),
            (&[0, 90], false, None),
            (&[0, 90], true, Some(None)),
        ] {
            assert_eq!(after(offsets, is_started), expected, "{offsets:?} {is_started}");
        }
    }

    #[test]
    fn another_size_is_no_scrolling() {
        let mut places = ReadingPlaces::default();
        let position = Some(TextPosition::in_body(500));
        for offset in [30, 60, 15, 90, 0] {
            places.frame_drawn(position, &frame(1, offset), DateTime::UNIX_EPOCH, |_| true);
        }
        assert!(places.take().is_empty());
    }

    #[test]
    fn places_are_due_10_s_after_the_first_of_them() {
        let mut places = ReadingPlaces::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        for (seconds, offset) in [(0, 0), (5, 20), (9, 30)] {
            places.frame_drawn(None, &frame(1, offset), at(seconds), |_| false);
        }
        assert_eq!(places.due(), Some(at(15)));
        places.frame_drawn(None, &frame(2, 0), at(11), |_| false);
        assert!(places.is_left(Some(ArticleId::of_number(1))) && !places.is_left(Some(ArticleId::of_number(2))));
        assert_eq!((places.take().len(), places.due()), (1, None));
    }
}
