//! A yes/no question in the footer.

use ratatui::text::Span;

use crate::app::Confirm;
use crate::feed::clean;
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// The end of a question.
const KEYS: &str = " y/n";

/// The open question, if any.
pub fn question(view: &FrameInput, columns: usize) -> Option<Vec<Span<'static>>> {
    let confirm = view.app.overlays().top_as::<Confirm>()?;
    let style = view.styles.text;
    // A title may be long, and without the keys the user would not know what to press.
    let (words, keys) = match confirm.words.as_str().strip_suffix(KEYS) {
        Some(words) => (clean::run(words), KEYS),
        None => (confirm.words.clone(), ""),
    };
    let words = text::cut(&words, columns.saturating_sub(3 + keys.len()));
    Some(vec![span(" ? ", view.styles.warning), span(words, style), span(keys, style)])
}
