//! Sideways scrolling of code and tables that are wider than the article pane, and the choice to wrap them instead.

use super::frame_info::DetailInfo;

/// How far wide code and tables are scrolled sideways, and whether they are wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sideways {
    /// Columns at the left that are scrolled away.
    offset: usize,
    /// What the user chose in this session, instead of the setting.
    wraps: Option<bool>,
    /// The user scrolled to the right, and not back to the left edge: until then nothing is wrapped.
    is_scrolled: bool,
}

impl Sideways {
    /// Columns at the left that are scrolled away.
    pub fn offset(self) -> usize {
        self.offset
    }

    /// Whether lines that are too wide are wrapped. `setting`: whether they are by the settings.
    pub fn wraps(self, setting: bool) -> bool {
        !self.is_scrolled && self.wraps.unwrap_or(setting)
    }

    /// The state for another article: it begins at its left edge.
    pub fn for_other_article(self) -> Sideways {
        Sideways { wraps: self.wraps, ..Sideways::default() }
    }

    /// The state for an article that was left with another one: where it was scrolled to, unless the user chose since then whether
    /// lines are wrapped.
    pub fn back_at(self, left: Sideways) -> Sideways {
        if left.wraps == self.wraps { left } else { self.for_other_article() }
    }

    /// Wraps if lines were not wrapped, else stops wrapping. Returns whether they are wrapped now.
    pub fn toggle_wrap(&mut self, setting: bool) -> bool {
        let wraps = !self.wraps(setting);
        *self = Sideways { wraps: Some(wraps), ..Sideways::default() };
        wraps
    }

    /// Scrolls by steps of half the width of the pane: to the right, or to the left if `steps` is negative. False if nothing on the
    /// screen is wide.
    pub fn scroll(&mut self, steps: isize, frame: &DetailInfo) -> bool {
        let step = usize::from(frame.area.width / 2).max(1).saturating_mul(steps.unsigned_abs());
        match (steps > 0, frame.sideways_end) {
            (true, None) => return false,
            (true, Some(end)) => {
                let further = self.offset.saturating_add(step).min(end);
                (self.offset, self.is_scrolled) = (self.offset.max(further), true);
            }
            (false, None) if self.offset == 0 => return false,
            (false, end) => {
                // A wider block may have been scrolled further than those on the screen can be.
                self.offset = self.offset.min(end.unwrap_or(self.offset)).saturating_sub(step);
                self.is_scrolled &= self.offset > 0;
            }
        }
        true
    }

    /// Takes over the offset that the frame showed.
    pub fn frame_drawn(&mut self, frame: &DetailInfo) {
        self.offset = frame.sideways;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn nothing_is_wrapped_until_the_user_is_back_at_the_left_edge() {
        let frame = |sideways| DetailInfo {
            area: Rect::new(0, 0, 40, 9),
            sideways_end: Some(27),
            sideways,
            ..DetailInfo::default()
        };
        let mut state = Sideways::default();
        assert!(state.wraps(true) && !state.wraps(false));
        state.scroll(1, &frame(0));
        assert!(!state.wraps(true) && state.offset() == 20);
        state.frame_drawn(&frame(20));
        for (steps, offset) in [(1, 27), (1, 27), (-1, 7), (9_999_999, 27), (-1, 7)] {
            state.scroll(steps, &frame(0));
            assert_eq!(state.offset(), offset);
        }
        assert!(!state.wraps(true));
        state.scroll(-1, &frame(7));
        assert!(state.wraps(true) && state.offset() == 0);
        assert!(!state.scroll(1, &DetailInfo::default()), "nothing is wide");
        assert!(state.wraps(true));
    }

    #[test]
    fn the_choice_to_wrap_is_kept_for_other_articles() {
        let mut state = Sideways::default();
        assert!(!state.toggle_wrap(true));
        assert!(!state.for_other_article().wraps(true));
        assert!(state.toggle_wrap(true) && state.for_other_article().wraps(false));
    }

    #[test]
    fn an_article_is_scrolled_to_where_it_was_left() {
        let left = Sideways { offset: 20, is_scrolled: true, ..Sideways::default() };
        let mut state = left.for_other_article();
        assert_eq!((state.offset(), state.back_at(left)), (0, left));
        state.toggle_wrap(false);
        assert_eq!(state.back_at(left), state, "wrapped lines are not scrolled");
    }
}
