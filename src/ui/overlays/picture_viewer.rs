//! Draws a picture on the whole screen: as the terminal can, else each cell shows two of its pixels, one above the other.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;
use ratatui::text::Line;

use crate::app::FrameInfo;
use crate::app::overlays::{PictureView, PictureViewer, ViewerState};
use crate::config::colour;
use crate::config::themes::ColourDepth;
use crate::feed::{SafeText, clean};
use crate::picture::{self, Graphics, Measured, Pixels, ScreenGraphics, Size};
use crate::text::placed_pictures::{self, MOST_CELLS, PicturePart, PlacedPicture};
use crate::text::{self, Piece};
use crate::ui::frame_input::FrameInput;
use crate::ui::pane_frame::{self, Counter};

/// Opacity from which a pixel is drawn where the ground is not known.
const SEEN: u8 = 128;

/// The last picture as it was scaled for the screen, because a frame must not scale millions of pixels again.
#[derive(Debug, Default)]
pub struct ScaledPicture {
    of: Option<(Arc<Pixels>, PictureView, Size)>,
    scaled: Option<Pixels>,
}

impl ScaledPicture {
    /// A picture scaled for a part of the screen. It is scaled again only if something differs.
    fn of(&mut self, pixels: &Arc<Pixels>, view: PictureView, room: Size) -> Option<&Pixels> {
        let is_same = |(known, at, size): &(Arc<Pixels>, PictureView, Size)| {
            Arc::ptr_eq(known, pixels) && (*at, *size) == (view, room)
        };
        if !self.of.as_ref().is_some_and(is_same) {
            let (at, part, size) = visible_part(pixels.size(), view, room);
            self.scaled = picture::scale_part(pixels, at, part, size);
            self.of = Some((pixels.clone(), view, room));
        }
        self.scaled.as_ref()
    }
}

/// The part of a picture that is visible, by its first column and row and its size, and the size at which it is drawn. The more it is
/// enlarged, the more of the room it fills.
fn visible_part(of: Size, view: PictureView, room: Size) -> ((u32, u32), Size, Size) {
    let whole = of.within(room);
    let along = |length: u32, whole: u32, room: u32, centre: u32| {
        let enlarged = whole.saturating_mul(1 << view.steps.min(16));
        let drawn = enlarged.min(room).max(1);
        let scaled = u64::from(length) * u64::from(drawn) / u64::from(enlarged.max(1));
        let part = u32::try_from(scaled).unwrap_or(length).clamp(1, length.max(1));
        let middle = u64::from(length) * u64::from(centre) / 1_000;
        let start = u32::try_from(middle).unwrap_or(0).saturating_sub(part / 2).min(length.saturating_sub(part));
        (start, part, drawn)
    };
    let (x, width, columns) = along(of.width, whole.width, room.width, view.centre.0);
    let (y, height, rows) = along(of.height, whole.height, room.height, view.centre.1);
    ((x, y), Size::new(width, height), Size::new(columns, rows))
}

/// Draws the picture, or why it is not shown, and records in `info` what it showed.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (viewer, cache, pictures): (&PictureViewer, &mut ScaledPicture, &mut Vec<PlacedPicture>),
    info: &mut FrameInfo,
) {
    let Some(picture) = viewer.picture() else { return };
    let (current, total) = viewer.position();
    let counter = (total > 1).then_some(Counter { current, total });
    let inner = pane_frame::draw_overlay(area, buf, view, &picture.caption, counter);
    let [room, line] = [inner.height.saturating_sub(1), u16::from(inner.height > 1)];
    let facts = Rect { y: inner.bottom().saturating_sub(line), height: line, ..inner };
    let inner = Rect { height: room.max(1), ..inner };
    let written = picture.link.shown();
    let words = match viewer.state() {
        ViewerState::Shown(shown) => {
            let colours = view.app.themes().colours();
            match colours {
                _ if view.graphics.graphics != Graphics::Blocks => {
                    place((&shown.pixels, viewer.view()), view.graphics, inner, buf, pictures);
                }
                ColourDepth::TrueColour | ColourDepth::Indexed256 => {
                    let room = Size::new(u32::from(inner.width), u32::from(inner.height) * 2);
                    if let Some(pixels) = cache.of(&shown.pixels, viewer.view(), room) {
                        draw_pixels(pixels, colours, inner, buf, view);
                    }
                }
                ColourDepth::None | ColourDepth::Sixteen => {
                    say(inner, buf, view, "This terminal has too few colours for pictures".into());
                }
            }
            facts_of(shown.measured, viewer.view(), written)
        }
        ViewerState::Loading => {
            say(inner, buf, view, "Decoding …".into());
            written.clone()
        }
        ViewerState::Failed(why) => {
            say(inner, buf, view, clean::plain_line(&format!("Not shown: {why}")));
            written.clone()
        }
        ViewerState::Remote(words) => {
            say(inner, buf, view, words.clone());
            written.clone()
        }
        ViewerState::Fetching(host) => {
            say(inner, buf, view, clean::plain_line(&format!("Fetching from {host} …")));
            written.clone()
        }
    };
    let room = usize::from(facts.width).saturating_sub(2);
    let shown = text::cut(&words, room);
    buf.set_span(
        facts.x.saturating_add(1),
        facts.y,
        &text::span(shown, view.styles.dim),
        facts.width.saturating_sub(2),
    );
    info.cursor = Some(Position { x: facts.x.saturating_add(1), y: facts.y });
    (info.overlay.height, info.overlay.lines, info.overlay.row_lines) = (usize::from(inner.height), 0, 0);
    (info.overlay.area, info.overlay.offset, info.overlay.rows) = (area, 0, inner);
}

/// A message in the middle of the picture's place.
fn say(area: Rect, buf: &mut Buffer, view: &FrameInput, words: SafeText) {
    let pieces = [Piece { text: words, style: view.styles.text }];
    let columns = usize::from(area.width).saturating_sub(2);
    let lines: Vec<Line> = text::wrap(&pieces, columns, &[], &[]).take(usize::from(area.height)).collect();
    let above = area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX)).div_ceil(2);
    for (y, line) in (area.y + above..area.bottom()).zip(&lines) {
        let width = u16::try_from(line.width()).unwrap_or(u16::MAX).min(area.width);
        buf.set_line(area.x + (area.width - width) / 2, y, line, width);
    }
}

/// Format and size, how much it is enlarged, and where it is.
fn facts_of(measured: Measured, view: PictureView, written: &SafeText) -> SafeText {
    let Size { width, height } = measured.size;
    let grouped = |length: u32| text::grouped(length as usize);
    let enlarged = if view.steps > 0 { format!(" · {}×", 1_u32 << view.steps) } else { String::new() };
    clean::plain_line(&format!("{} × {} · {}{enlarged} · {written}", grouped(width), grouped(height), measured.format))
}

/// The most pixels from left to right of a picture in sixels: xterm draws no wider ones.
const WIDEST_SIXELS: u32 = 1_000;

/// Reserves the middle of an area for a picture that the terminal draws.
fn place(
    (pixels, view): (&Arc<Pixels>, PictureView),
    ScreenGraphics { graphics, cell }: ScreenGraphics,
    area: Rect,
    buf: &mut Buffer,
    pictures: &mut Vec<PlacedPicture>,
) {
    // What is below the viewer is covered by it.
    pictures.clear();
    let most = |cells: u16, side: u32| u32::from(cells.min(MOST_CELLS)) * side;
    let widest = if graphics == Graphics::Sixel { WIDEST_SIXELS } else { u32::MAX };
    let room = Size::new(most(area.width, cell.width).min(widest), most(area.height, cell.height));
    let (at, part, size) = visible_part(pixels.size(), view, room);
    let cells = |length: u32, side: u32, most: u16| u16::try_from(length.div_ceil(side)).unwrap_or(most).min(most);
    let (width, height) = (cells(size.width, cell.width, area.width), cells(size.height, cell.height, area.height));
    let area = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    placed_pictures::mark(area, buf, 0);
    pictures.push(PlacedPicture {
        area,
        hidden: 0,
        cells: (width, height),
        picture: PicturePart { pixels: pixels.clone(), at, part, size },
    });
}

/// Draws pixels in the middle of an area.
fn draw_pixels(pixels: &Pixels, colours: ColourDepth, area: Rect, buf: &mut Buffer, view: &FrameInput) {
    let Size { width, height } = pixels.size();
    let columns = u16::try_from(width).unwrap_or(u16::MAX).min(area.width);
    let rows = u16::try_from(height.div_ceil(2)).unwrap_or(u16::MAX).min(area.height);
    let (left, top) = (area.x + (area.width - columns) / 2, area.y + (area.height - rows) / 2);
    let ground = match view.styles.background.bg {
        Some(Color::Rgb(red, green, blue)) => Some([red, green, blue]),
        _ => None,
    };
    let colour = |x: u16, y: u32| colour_of(pixels.at(x.into(), y), ground, colours);
    for y in 0..rows {
        for x in 0..columns {
            let Some(cell) = buf.cell_mut(Position { x: left + x, y: top + y }) else { continue };
            match (colour(x, u32::from(y) * 2), colour(x, u32::from(y) * 2 + 1)) {
                (Some(upper), Some(lower)) => drop(cell.set_char('▀').set_fg(upper).set_bg(lower)),
                (Some(upper), None) => drop(cell.set_char('▀').set_fg(upper)),
                (None, Some(lower)) => drop(cell.set_char('▄').set_fg(lower)),
                (None, None) => {}
            }
        }
    }
}

/// The colour of a pixel over the ground of the screen; `None` if it is transparent.
fn colour_of([red, green, blue, opacity]: [u8; 4], ground: Option<[u8; 3]>, colours: ColourDepth) -> Option<Color> {
    let colour = match ground {
        _ if opacity == 0 => return None,
        Some([r, g, b]) => {
            let over = |colour: u8, below: u8| picture::blend(colour, below, opacity);
            Color::Rgb(over(red, r), over(green, g), over(blue, b))
        }
        None if opacity < SEEN => return None,
        None => Color::Rgb(red, green, blue),
    };
    Some(if colours == ColourDepth::TrueColour { colour } else { colour::to_256_colours(colour) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(of: (u32, u32), (steps, centre): (u32, (u32, u32)), room: (u32, u32)) -> [(u32, u32); 3] {
        let size = |(width, height)| Size::new(width, height);
        let (at, part, drawn) = visible_part(size(of), PictureView { steps, centre }, size(room));
        [at, (part.width, part.height), (drawn.width, drawn.height)]
    }

    #[test]
    fn the_visible_part_fills_the_room_as_it_is_enlarged() {
        let middle = (500, 500);
        for (of, view, room, expected) in [
            ((400, 200), (0, middle), (100, 100), [(0, 0), (400, 200), (100, 50)]),
            ((40, 20), (0, middle), (100, 100), [(0, 0), (40, 20), (40, 20)]),
            ((400, 200), (1, middle), (100, 100), [(100, 0), (200, 200), (100, 100)]),
            ((400, 200), (2, (250, 250)), (100, 100), [(50, 0), (100, 100), (100, 100)]),
            ((400, 200), (2, (900, 900)), (100, 100), [(300, 100), (100, 100), (100, 100)]),
            ((1, 1), (5, middle), (100, 100), [(0, 0), (1, 1), (32, 32)]),
            ((2_000, 10), (0, middle), (100, 100), [(0, 0), (2_000, 10), (100, 1)]),
            ((9, 9), (0, middle), (0, 0), [(0, 0), (9, 9), (1, 1)]),
        ] {
            assert_eq!(part(of, view, room), expected, "{of:?} {view:?} {room:?}");
        }
    }

    #[test]
    fn pixels_are_blended_with_a_ground_that_is_known() {
        let colour = |pixel, ground| colour_of(pixel, ground, ColourDepth::TrueColour);
        assert_eq!(colour([200, 100, 0, 255], None), Some(Color::Rgb(200, 100, 0)));
        assert_eq!(colour([200, 100, 0, 0], Some([9, 9, 9])), None);
        assert_eq!(colour([200, 100, 0, 100], None), None);
        assert_eq!(colour([255, 255, 255, 51], Some([0, 0, 0])), Some(Color::Rgb(51, 51, 51)));
        assert!(matches!(colour_of([255, 0, 0, 255], None, ColourDepth::Indexed256), Some(Color::Indexed(_))));
    }
}
