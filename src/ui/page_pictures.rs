//! Draws the pictures in the text of the article, where the terminal can.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame_input::FrameInput;
use crate::app::WantedPicture;
use crate::picture::{ShownPicture, Size};
use crate::text::placed_pictures::{self, PicturePart, PlacedPicture};
use crate::text::{self, Page};

/// Marks the cells of the pictures that are visible, and notes those that must be decoded first. `area`: that of the text. `scroll`:
/// the first line in it.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (page, scroll): (&Page, usize),
    (pictures, all_wanted): (&mut Vec<PlacedPicture>, &mut Vec<WantedPicture>),
) {
    let (Some(article), Some((width, height))) = (view.app.detail().article(), view.picture_cell) else { return };
    let end = scroll.saturating_add(area.height.into());
    for picture in page.pictures().iter().filter(|picture| picture.rows > 0) {
        let top = page.lines_of(picture.block).start;
        let rows = top.max(scroll)..top.saturating_add(picture.rows.into()).min(end);
        if rows.is_empty() {
            continue;
        }
        let most =
            Size::new(u32::from(picture.columns) * u32::from(width), u32::from(picture.rows) * u32::from(height));
        let wanted = WantedPicture { article, address: picture.address.clone(), most };
        let shown = match view.app.detail().pictures().decoded.of(&wanted) {
            Some(Some(ShownPicture { pixels, .. })) => pixels.clone(),
            Some(None) => continue,
            None => {
                all_wanted.push(wanted);
                continue;
            }
        };
        let indent = page.lines().get(top).map(ToString::to_string).unwrap_or_default();
        let indent = indent.get(..page.indent_of(top)).map_or(0, text::width);
        let at = |start: u16, by: usize| start.saturating_add(u16::try_from(by).unwrap_or(u16::MAX));
        let place = Rect {
            x: at(area.x, indent + 1),
            y: at(area.y, rows.start - scroll),
            width: picture.columns,
            height: u16::try_from(rows.len()).unwrap_or(u16::MAX),
        };
        // More pictures than a frame can number are more than it can show.
        let Ok(number) = u8::try_from(pictures.len()) else { return };
        let place = place.intersection(area);
        placed_pictures::mark(place, buf, number);
        let part = shown.size();
        pictures.push(PlacedPicture {
            area: place,
            hidden: u16::try_from(rows.start - top).unwrap_or(u16::MAX),
            cells: (picture.columns, picture.rows),
            picture: PicturePart { pixels: shown, at: (0, 0), part, size: part },
        });
    }
}
