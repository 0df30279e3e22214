//! Draws the overlays, each in the file with its name.

#[cfg(feature = "sync")]
mod channel_picker;
pub mod confirm;
mod found_channels;
mod insights;
mod label_picker;
mod links;
mod list_box;
mod menu;
mod notices;
mod outline;
mod palette;
#[cfg(feature = "pictures")]
mod picture_viewer;
mod problems;
mod program_output;
mod prompt;
mod saved_searches;
mod sort;
pub mod subscriptions;
mod themes;
mod typed_line;
mod welcome;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

#[cfg(feature = "pictures")]
use self::picture_viewer::ScaledPicture;
use self::program_output::WrappedOutput;
use super::frame_input::FrameInput;
use super::pane_frame;
use crate::app::FrameInfo;
use crate::app::overlays::Overlay;
use crate::text::placed_pictures::PlacedPicture;

/// What overlays keep between frames, because it takes longer than a frame may.
#[derive(Debug, Default)]
pub struct OverlayCache {
    output: WrappedOutput,
    #[cfg(feature = "pictures")]
    picture: ScaledPicture,
}

/// Draws the topmost overlay above the footer, which shows its keys, and records in `info` what it showed. Prompts and questions are
/// drawn in the footer instead.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (cache, pictures): (&mut OverlayCache, &mut Vec<PlacedPicture>),
    info: &mut FrameInfo,
) {
    #[cfg(not(feature = "pictures"))]
    let _ = pictures;
    match view.app.overlay() {
        Some(Overlay::Palette(palette)) => palette::draw(area, buf, view, palette, info),
        Some(Overlay::Problems(list)) => problems::draw(area, buf, view, list, info),
        Some(Overlay::Notices(list)) => notices::draw(area, buf, view, list, info),
        Some(Overlay::ProgramOutput(output)) => {
            program_output::draw(area, buf, view, (output, &mut cache.output), info)
        }
        #[cfg(feature = "pictures")]
        Some(Overlay::Picture(viewer)) => {
            picture_viewer::draw(area, buf, view, (viewer, &mut cache.picture, pictures), info);
        }
        Some(Overlay::Picker(picker)) => label_picker::draw(area, buf, view, picker, info),
        Some(Overlay::Saved(list)) => saved_searches::draw(area, buf, view, list, info),
        Some(Overlay::Links(list)) => links::draw(area, buf, view, list, info),
        Some(Overlay::Menu(shown)) => menu::draw(area, buf, view, shown, info),
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

/// Draws a prompt in place of the footer and of the line above it. Returns false if none is open.
// It covers the last line of the panes, which is mostly a border: if they became smaller, all of them would move.
pub fn draw_prompt(footer: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) -> bool {
    let Some(Overlay::Prompt(state)) = view.app.overlay() else { return false };
    let area = Rect { y: footer.y.saturating_sub(1), height: footer.height.saturating_add(1), ..footer };
    pane_frame::clear(area, buf, view);
    info.footer.area = area;
    prompt::draw(area, buf, view, state, info);
    true
}
