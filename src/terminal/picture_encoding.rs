//! What is sent to the terminal for a picture, by each protocol, in pieces between which text can be sent.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ratatui::layout::Rect;

use crate::picture::{self, Graphics, Pixels, Size};
use crate::text::placed_pictures::PicturePart;

/// Base64 characters in an escape sequence of kitty's protocol.
const CHUNK: usize = 4_096;
/// The most strips of a picture in sixels: xterm keeps 16 pictures, and each strip is one.
const MOST_SIXEL_STRIPS: u16 = 6;
/// Rows of a strip of a picture by the protocol of iTerm2.
const ITERM_ROWS: u16 = 4;

/// What the pieces of a picture depend on.
#[derive(Clone)]
pub struct EncodingRequest {
    /// The part of a picture.
    pub picture: PicturePart,
    /// The cells that it fills. The place matters to sixels and to the protocol of iTerm2 only.
    pub area: Rect,
    /// The protocol.
    pub graphics: Graphics,
    /// The size of a cell in pixels.
    pub cell: Size,
    /// Colours of a picture in sixels.
    pub colours: u32,
    /// Its number in the terminal.
    pub id: u8,
}

/// Encodes a picture. `None` if it cannot be encoded, which only a lack of memory explains.
pub fn encode(request: &EncodingRequest) -> Option<Vec<String>> {
    let PicturePart { pixels, at, part, size } = &request.picture;
    let scaled = picture::scale_part(pixels, *at, *part, *size)?;
    // The terminal would stretch a picture that does not fill its cells.
    let padded = || padded(&scaled, request.area, request.cell);
    match request.graphics {
        Graphics::Placeholders => {
            let Rect { width, height, .. } = request.area;
            Some(transmit(&picture::png(&padded()?)?, request.id, &format!("a=T,U=1,c={width},r={height}")))
        }
        Graphics::Placed => Some(transmit(&picture::png(&padded()?)?, request.id, "a=t")),
        Graphics::Sixel => {
            let rows = request.area.height.div_ceil(MOST_SIXEL_STRIPS).max(1);
            strips(request, &scaled, rows, |strip, _| Some(picture::sixel(strip, request.colours)))
        }
        Graphics::Iterm => strips(request, &padded()?, ITERM_ROWS, |strip, rows| {
            let png = picture::png(strip)?;
            let head = format!("inline=1;size={};width={};height={rows}", png.len(), request.area.width);
            Some(format!("\x1b]1337;File={head};preserveAspectRatio=0;doNotMoveCursor=1:{}\x07", STANDARD.encode(png)))
        }),
        Graphics::Blocks => Some(Vec::new()),
    }
}

/// Pixels with transparent ones at the right and below, so that they fill all cells.
fn padded(pixels: &Pixels, area: Rect, cell: Size) -> Option<Pixels> {
    let size = Size::new(u32::from(area.width) * cell.width, u32::from(area.height) * cell.height);
    let bytes = |pixels: u32| pixels as usize * Pixels::BYTES;
    let mut rgba = vec![0; usize::try_from(size.pixels()).ok()? * Pixels::BYTES];
    let rows = pixels.bytes().chunks_exact(bytes(pixels.size().width).max(1));
    for (from, to) in rows.zip(rgba.chunks_exact_mut(bytes(size.width).max(1))) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
    Pixels::new(size, rgba)
}

/// The pieces that send a PNG to a terminal by kitty's protocol. No reply is wanted.
fn transmit(png: &[u8], id: u8, keys: &str) -> Vec<String> {
    let text = STANDARD.encode(png);
    let mut pieces = Vec::with_capacity(text.len().div_ceil(CHUNK));
    let mut rest = text.as_str();
    while !rest.is_empty() || pieces.is_empty() {
        // Base64 is ASCII.
        let (chunk, after) = rest.split_at(CHUNK.min(rest.len()));
        rest = after;
        let more = u8::from(!rest.is_empty());
        let head =
            if pieces.is_empty() { format!("{keys},q=2,f=100,i={id},m={more}") } else { format!("q=2,m={more}") };
        pieces.push(format!("\x1b_G{head};{chunk}\x1b\\"));
    }
    pieces
}

/// Splits pixels into strips of whole rows of cells, and encodes each with the cursor at its place.
fn strips(
    request: &EncodingRequest,
    pixels: &Pixels,
    rows: u16,
    encode: impl Fn(&Pixels, u16) -> Option<String>,
) -> Option<Vec<String>> {
    let (area, size) = (request.area, pixels.size());
    let (mut pieces, mut row) = (Vec::new(), 0);
    while row < area.height {
        let rows = rows.min(area.height - row);
        let top = u32::from(row) * request.cell.height;
        let height = (u32::from(rows) * request.cell.height).min(size.height.saturating_sub(top));
        let (start, length) =
            (top as usize * size.width as usize * Pixels::BYTES, height as usize * size.width as usize * Pixels::BYTES);
        if let Some(bytes) = pixels.bytes().get(start..start + length).filter(|bytes| !bytes.is_empty()) {
            let strip = Pixels::new(Size::new(size.width, height), bytes.to_vec())?;
            let mut piece = String::new();
            // Writing to a string cannot fail.
            let _ = write!(piece, "{}{}{RESTORE_CURSOR}", cursor_to(area.x, area.y + row), encode(&strip, rows)?);
            pieces.push(piece);
        }
        row += rows;
    }
    Some(pieces)
}

/// Brings the cursor back to where it was before [`cursor_to`].
const RESTORE_CURSOR: &str = "\x1b8";

/// Keeps the place of the cursor, and moves it to a cell.
fn cursor_to(x: u16, y: u16) -> String {
    format!("\x1b7\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1)
}

/// Shows a picture that was sent by kitty's protocol without placeholders.
pub fn place(id: u8, area: Rect) -> String {
    let keys = format!("a=p,i={id},p=1,c={},r={},C=1,q=2", area.width, area.height);
    format!("{}\x1b_G{keys}\x1b\\{RESTORE_CURSOR}", cursor_to(area.x, area.y))
}

/// Removes a picture from the screen that [`place`] put there. The terminal keeps it.
pub fn hide(id: u8) -> String {
    format!("\x1b_Ga=d,d=i,i={id},q=2\x1b\\")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn request(graphics: Graphics, size: Size, area: Rect) -> EncodingRequest {
        // Pixels that PNG cannot make much smaller.
        let bytes = size.pixels() as usize * Pixels::BYTES;
        let mut seed = 7_u32;
        let noise = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        });
        let pixels = Arc::new(Pixels::new(size, noise.take(bytes).collect()).unwrap());
        let picture = PicturePart { pixels, at: (0, 0), part: size, size };
        EncodingRequest { picture, area, graphics, cell: Size::new(10, 20), colours: 256, id: 7 }
    }

    #[test]
    fn kittys_protocol_gets_a_png_in_chunks_and_no_reply_is_wanted() {
        for (graphics, keys) in [(Graphics::Placeholders, "a=T,U=1,c=10,r=4"), (Graphics::Placed, "a=t")] {
            let pieces = encode(&request(graphics, Size::new(100, 80), Rect::new(3, 2, 10, 4))).unwrap();
            assert!(pieces.len() > 3);
            let mut base64 = String::new();
            for (number, piece) in pieces.iter().enumerate() {
                let (head, chunk) =
                    piece.strip_prefix("\x1b_G").unwrap().strip_suffix("\x1b\\").unwrap().split_once(';').unwrap();
                let more = u8::from(number + 1 < pieces.len());
                let expected = match number {
                    0 => format!("{keys},q=2,f=100,i=7,m={more}"),
                    _ => format!("q=2,m={more}"),
                };
                assert_eq!(head, expected);
                assert!(chunk.len() <= CHUNK && (more == 0 || chunk.len().is_multiple_of(4)), "{}", chunk.len());
                base64.push_str(chunk);
            }
            let png = STANDARD.decode(base64).unwrap();
            let measured = picture::measure(&png).unwrap();
            assert_eq!((measured.format, measured.size), (picture::Format::Png, Size::new(100, 80)));
        }
    }

    #[test]
    fn other_protocols_get_strips_each_at_its_place() {
        for (graphics, start, count) in
            [(Graphics::Sixel, "\x1bP0;1;0q\"1;1;95;", 5), (Graphics::Iterm, "\x1b]1337;File=inline=1;", 3)]
        {
            // The last row of cells is filled by half.
            let pieces = encode(&request(graphics, Size::new(95, 190), Rect::new(4, 6, 10, 10))).unwrap();
            assert_eq!(pieces.len(), count, "{graphics:?}");
            let rows = if graphics == Graphics::Sixel { 2 } else { 4 };
            for (number, piece) in pieces.iter().enumerate() {
                let at = format!("\x1b7\x1b[{};5H{start}", 7 + number * rows);
                assert!(piece.starts_with(&at) && piece.ends_with(RESTORE_CURSOR), "{at:?} {:?}", &piece[..40]);
            }
        }
        let sixels = encode(&request(Graphics::Sixel, Size::new(200, 2_000), Rect::new(0, 0, 20, 100))).unwrap();
        assert!(sixels.len() <= MOST_SIXEL_STRIPS.into());
        let iterm = encode(&request(Graphics::Iterm, Size::new(95, 190), Rect::new(0, 0, 10, 10))).unwrap();
        assert!(iterm[0].contains(";width=10;height=4;") && iterm[2].contains(";height=2;"), "{}", &iterm[2][..90]);
    }

    #[test]
    fn a_picture_that_does_not_fill_its_cells_is_not_stretched() {
        let request = request(Graphics::Placed, Size::new(13, 22), Rect::new(0, 0, 2, 2));
        let filled = padded(&request.picture.pixels, request.area, request.cell).unwrap();
        assert_eq!(filled.size(), Size::new(20, 40));
        for (x, y) in [(0, 0), (12, 21), (12, 22), (13, 21), (19, 39)] {
            assert_eq!(filled.at(x, y), request.picture.pixels.at(x, y), "{x} {y}");
        }
    }

    #[test]
    fn a_picture_is_placed_without_moving_the_cursor() {
        let placed = place(3, Rect::new(9, 4, 20, 10));
        assert_eq!(placed, "\x1b7\x1b[5;10H\x1b_Ga=p,i=3,p=1,c=20,r=10,C=1,q=2\x1b\\\x1b8");
    }
}
