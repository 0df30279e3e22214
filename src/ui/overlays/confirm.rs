//! A yes/no question in the footer.

use ratatui::text::Span;

use crate::app::Confirm;
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// The open question, if any.
pub fn question(view: &FrameInput, columns: usize) -> Option<Vec<Span<'static>>> {
    let confirm = view.app.overlays().top_as::<Confirm>()?;
    let words = text::cut(&confirm.words, columns.saturating_sub(3));
    Some(vec![span(" ? ", view.styles.warning), span(words, view.styles.text)])
}
