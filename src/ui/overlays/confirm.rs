//! A yes/no question in the footer.

use ratatui::text::{Line, Span};

use crate::app::Confirm;
use crate::feed::clean;
use crate::text::{self, Piece, repeat, span};
use crate::ui::frame_input::FrameInput;

/// The end of a question.
const KEYS: &str = " y/n";

/// The lines of the open question, at most `most`.
pub fn question(view: &FrameInput, columns: usize, most: usize) -> Vec<Line<'static>> {
    let Some(confirm) = view.app.overlays().top_as::<Confirm>() else { return Vec::new() };
    let style = view.styles.text;
    // A title may be long, and without the keys the user would not know what to press.
    let (words, keys) = match confirm.words.as_str().strip_suffix(KEYS) {
        Some(words) => (clean::run(words), KEYS),
        None => (confirm.words.clone(), ""),
    };
    let (first, rest): ([Span<'static>; 1], _) = ([span(" ? ", view.styles.warning)], [repeat(" ", 3, style)]);
    let room = columns.saturating_sub(keys.len());
    let pieces = [Piece { text: words.clone(), style }];
    let mut lines: Vec<Line<'static>> = text::wrap(&pieces, room, &first, &rest).take(most + 1).collect();
    if lines.len() > most.max(1) {
        // Longer than a question should be: its beginning.
        let words = text::cut(&words, room.saturating_sub(3));
        lines = vec![Line::from(vec![span(" ? ", view.styles.warning), span(words, style)])];
    }
    if let Some(last) = lines.last_mut() {
        last.spans.push(span(keys, style));
    }
    lines
}
