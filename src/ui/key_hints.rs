//! Hints for keys: as many as fit, those of daily keys first, and never a part of one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame_input::FrameInput;
use crate::app::{Action, ButtonCommand, FrameInfo};
use crate::feed::clean;
use crate::keymap::KeyHint;
use crate::text::{self, repeat, span};

/// Columns between two hints.
const GAP: usize = 2;

/// Hints in the order in which they are drawn.
pub struct KeyHints(Vec<KeyHint>);

impl KeyHints {
    /// The hints of the present context that fit into `room` columns.
    pub fn fitting(view: &FrameInput, room: usize) -> KeyHints {
        KeyHints::of(view).fit(room)
    }

    /// All hints of the present context for actions that would do something, those of daily keys first.
    pub fn of(view: &FrameInput) -> KeyHints {
        let mut hints = view.keymap.hints(view.app.context());
        hints.retain(|hint| view.app.is_available(hint.action));
        let enter = view.app.overlays().enter_word();
        for hint in &mut hints {
            hint.key = view.key_names(&hint.key);
            if let Some(word) = enter.filter(|_| hint.action == Action::Open) {
                hint.word = word.into();
            }
        }
        // The last hint leads to all other keys, or out of the overlay, so it stays at the end.
        let last = hints.pop();
        hints.sort_by_key(|hint| !hint.is_daily);
        KeyHints(hints.into_iter().chain(last).collect())
    }

    /// The hints of daily keys; in an overlay, which has none, all hints.
    pub fn daily(&self) -> KeyHints {
        let daily: Vec<KeyHint> = self.0.iter().filter(|hint| hint.is_daily).cloned().collect();
        KeyHints(if daily.is_empty() { self.0.clone() } else { daily })
    }

    /// The hints that fit into `room` columns: the last one is kept longest, then the first ones.
    pub fn fit(mut self, room: usize) -> KeyHints {
        let Some(last) = self.0.pop() else { return self };
        let mut left = room.checked_sub(width(&last));
        if left.is_none() {
            return KeyHints(Vec::new());
        }
        let mut fits = |hint: &KeyHint| {
            let rest = left.and_then(|left| left.checked_sub(width(hint) + GAP));
            left = rest.or(left);
            rest.is_some()
        };
        self.0.retain(&mut fits);
        self.0.push(last);
        self
    }

    /// Columns of all hints.
    pub fn width(&self) -> usize {
        self.0.iter().map(|hint| width(hint) + GAP).sum::<usize>().saturating_sub(GAP)
    }

    /// Draws the hints from the left of a line, and records in `info` where they can be clicked.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
        let mut x = area.x;
        for hint in &self.0 {
            let columns = u16::try_from(width(hint)).unwrap_or(u16::MAX).min(area.right().saturating_sub(x));
            buf.set_line(x, area.y, &Line::from(spans(hint, view)), columns);
            info.footer.buttons.add(Rect { x, y: area.y, width: columns, height: 1 }, command(hint, view));
            x = x.saturating_add(columns).saturating_add(GAP as u16);
        }
    }

    /// Draws the hints at the right of a line.
    pub fn draw_right(&self, area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
        let columns = u16::try_from(self.width()).unwrap_or(u16::MAX).min(area.width);
        self.draw(Rect { x: area.right().saturating_sub(columns), width: columns, ..area }, buf, view, info);
    }
}

/// What a click on a hint does.
fn command(hint: &KeyHint, view: &FrameInput) -> ButtonCommand {
    let own = || view.settings().commands.iter().position(|command| command.name.text == hint.word);
    match hint.action {
        Action::RunCommand => own().map_or(Action::RunCommand.into(), ButtonCommand::RunOwn),
        action => action.into(),
    }
}

fn width(hint: &KeyHint) -> usize {
    text::width(&hint.key) + 1 + text::width(&hint.word)
}

fn spans(hint: &KeyHint, view: &FrameInput) -> Vec<Span<'static>> {
    let styles = view.styles;
    vec![
        span(clean::run(&hint.key), styles.accent),
        repeat(" ", 1, styles.dim),
        span(clean::run(&hint.word), styles.dim),
    ]
}
