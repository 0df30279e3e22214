//! Draws the overlays, each in the file with its name.

#[cfg(feature = "sync")]
mod channel_picker;
pub mod confirm;
mod found_channels;
mod insights;
mod label_picker;
mod links;
mod list_box;
mod notices;
mod outline;
mod palette;
mod problems;
mod prompt;
mod saved_searches;
mod sort;
pub mod subscriptions;
mod themes;
mod welcome;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame_input::FrameInput;
use crate::app::FrameInfo;
use crate::app::overlays::Overlay;

/// Draws the topmost overlay, and records in `info` what it showed. Prompts and questions are drawn in the footer instead.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    // The footer stays visible, because it shows the keys of the overlay.
    let area = Rect { height: area.height.saturating_sub(1), ..area };
    match view.app.overlay() {
        Some(Overlay::Palette(palette)) => palette::draw(area, buf, view, palette, info),
        Some(Overlay::Problems(list)) => problems::draw(area, buf, view, list, info),
        Some(Overlay::Notices(list)) => notices::draw(area, buf, view, list, info),
        Some(Overlay::Picker(picker)) => label_picker::draw(area, buf, view, picker, info),
        Some(Overlay::Saved(list)) => saved_searches::draw(area, buf, view, list, info),
        Some(Overlay::Links(list)) => links::draw(area, buf, view, list, info),
        Some(Overlay::Outline(list)) => outline::draw(area, buf, view, list, info),
        Some(Overlay::Sort(list)) => sort::draw(area, buf, view, list, info),
        Some(Overlay::Insights(shown)) => insights::draw(area, buf, view, shown, info),
        Some(Overlay::Themes(list)) => themes::draw(area, buf, view, list, info),
        Some(Overlay::Welcome(shown)) => welcome::draw(area, buf, view, shown, info),
        #[cfg(feature = "sync")]
        Some(Overlay::Channels(picker)) => channel_picker::draw(area, buf, view, picker, info),
        Some(Overlay::Subscriptions(list)) => subscriptions::draw(area, buf, view, list, info),
        Some(Overlay::FoundChannels(list)) => found_channels::draw(area, buf, view, list, info),
        Some(Overlay::Prompt(_) | Overlay::Confirm(_)) | None => {}
    }
}

/// Height of the footer: 2 during a prompt, otherwise 1.
pub fn footer_rows(view: &FrameInput) -> u16 {
    if matches!(view.app.overlay(), Some(Overlay::Prompt(_))) { 2 } else { 1 }
}

/// Draws a prompt in place of the footer. Returns false if none is open.
pub fn draw_prompt(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) -> bool {
    let Some(Overlay::Prompt(state)) = view.app.overlay() else { return false };
    prompt::draw(area, buf, view, state, info);
    true
}
