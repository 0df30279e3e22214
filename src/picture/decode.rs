//! Decoding: the decoder of each format, within limits, and from its pixels to those that are shown.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions};
use image_webp::WebPDecoder;
use png::Transformations;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::exif::Orientation;
use super::format::Format;
use super::ground::Ground;
use super::limits::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
use super::measured::Measured;
use super::pixels::{Pixels, Size};
use super::scale::{self, Decoded};
use super::transparency;
use super::unreadable::Unreadable;

/// Memory that a decoder may use for itself, in bytes. Most ask for less; the limit of the process holds for all.
const DECODER_BYTES: usize = 256 << 20;
/// Passes of a progressive JPEG that are read. Real files have about 10; each one costs time.
const MOST_SCANS: usize = 64;

/// A decoder that has read the header.
enum Decoder<'a> {
    Jpeg(Box<JpegDecoder<ZCursor<&'a [u8]>>>),
    Png(Box<png::Reader<Cursor<&'a [u8]>>>),
    WebP(Box<WebPDecoder<Cursor<&'a [u8]>>>),
    Gif(Box<gif::Decoder<&'a [u8]>>),
}

/// A file whose header was read and found small enough.
struct Header<'a> {
    format: Format,
    /// Width and height in the file.
    size: Size,
    orientation: Orientation,
    decoder: Decoder<'a>,
}

/// Reads the header of a file. Its first bytes may be enough.
pub fn measure(bytes: &[u8]) -> Result<Measured, Unreadable> {
    open(bytes).map(|header| header.measured())
}

/// Decodes a picture, scales it down to fit into `most`, and turns it as the file says. A transparent diagram that would not be seen
/// on `ground` gets a ground of its own.
pub fn decode(bytes: &[u8], most: Size, ground: Ground) -> Result<(Measured, Pixels), Unreadable> {
    let header = open(bytes)?;
    let (measured, orientation) = (header.measured(), header.orientation);
    let shown = measured.size.within(most);
    let in_file = if orientation.is_transposed { shown.turned() } else { shown };
    let decoded = header.pixels()?;
    let scaled = scale::scale(&decoded, in_file).ok_or(Unreadable::Damaged)?;
    drop(decoded);
    let mut pixels = scale::turn(scaled, orientation);
    transparency::lay_on_ground(&mut pixels, ground);
    Ok((measured, pixels))
}

fn open(bytes: &[u8]) -> Result<Header<'_>, Unreadable> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Unreadable::LongFile);
    }
    let format = Format::of(bytes).ok_or(Unreadable::UnknownFormat)?;
    let (decoder, size, orientation) = match format {
        Format::Jpeg => open_jpeg(bytes)?,
        Format::Png => open_png(bytes)?,
        Format::WebP => open_webp(bytes)?,
        Format::Gif => open_gif(bytes)?,
    };
    check(size)?;
    Ok(Header { format, size, orientation, decoder })
}

type Parts<'a> = (Decoder<'a>, Size, Orientation);

fn open_jpeg(bytes: &[u8]) -> Result<Parts<'_>, Unreadable> {
    // Any side: what is too long is found by its size, which is named then.
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::default().set_max_width(side).set_max_height(side).set_strict_mode(false);
    let options = options.jpeg_set_max_scans(MOST_SCANS).jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().or(Err(Unreadable::Damaged))?;
    let info = decoder.info().ok_or(Unreadable::Damaged)?;
    let orientation = decoder.exif().map(|exif| Orientation::of(exif)).unwrap_or_default();
    Ok((Decoder::Jpeg(Box::new(decoder)), Size::new(info.width.into(), info.height.into()), orientation))
}

fn open_png(bytes: &[u8]) -> Result<Parts<'_>, Unreadable> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: DECODER_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    // Before the reader, which reserves memory for rows.
    let info = decoder.read_header_info().or(Err(Unreadable::Damaged))?;
    let size = Size::new(info.width, info.height);
    check(size)?;
    let reader = decoder.read_info().or(Err(Unreadable::Damaged))?;
    let orientation = reader.info().exif_metadata.as_ref().map(|exif| Orientation::of(exif)).unwrap_or_default();
    Ok((Decoder::Png(Box::new(reader)), size, orientation))
}

fn open_webp(bytes: &[u8]) -> Result<Parts<'_>, Unreadable> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).or(Err(Unreadable::Damaged))?;
    decoder.set_memory_limit(DECODER_BYTES);
    let (width, height) = decoder.dimensions();
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = exif.map(|exif| Orientation::of(&exif)).unwrap_or_default();
    Ok((Decoder::WebP(Box::new(decoder)), Size::new(width, height), orientation))
}

fn open_gif(bytes: &[u8]) -> Result<Parts<'_>, Unreadable> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    // Its own limit is 50 MB, and its sides have at most 65,535 pixels.
    let decoder = options.read_info(bytes).or(Err(Unreadable::Damaged))?;
    let size = Size::new(decoder.width().into(), decoder.height().into());
    Ok((Decoder::Gif(Box::new(decoder)), size, Orientation::default()))
}

fn check(size: Size) -> Result<(), Unreadable> {
    match size {
        Size { width: 0, .. } | Size { height: 0, .. } => Err(Unreadable::Damaged),
        Size { width, height } if width.max(height) > MAX_SIDE || size.pixels() > MAX_PIXELS => {
            Err(Unreadable::TooLarge(size))
        }
        Size { .. } => Ok(()),
    }
}

impl Header<'_> {
    fn measured(&self) -> Measured {
        let size = if self.orientation.is_transposed { self.size.turned() } else { self.size };
        Measured { format: self.format, size }
    }

    /// Decodes the pixels. A file that is cut off gives what is there, where its decoder can.
    fn pixels(self) -> Result<Decoded, Unreadable> {
        let size = self.size;
        let bytes = usize::try_from(size.pixels()).or(Err(Unreadable::TooLarge(size)))?;
        let (channels, bytes) = match self.decoder {
            Decoder::Jpeg(mut decoder) => (3, decoder.decode().or(Err(Unreadable::Damaged))?),
            Decoder::Png(mut reader) => {
                let (colours, _) = reader.output_color_type();
                let mut buffer = vec![0; reader.output_buffer_size().ok_or(Unreadable::TooLarge(size))?];
                reader.next_frame(&mut buffer).or(Err(Unreadable::Damaged))?;
                (colours.samples(), buffer)
            }
            Decoder::WebP(mut decoder) => {
                let mut buffer = vec![0; decoder.output_buffer_size().ok_or(Unreadable::TooLarge(size))?];
                let channels = if decoder.has_alpha() { 4 } else { 3 };
                decoder.read_image(&mut buffer).or(Err(Unreadable::Damaged))?;
                (channels, buffer)
            }
            Decoder::Gif(mut decoder) => {
                let frame = decoder.read_next_frame().ok().flatten().ok_or(Unreadable::Damaged)?;
                let mut canvas = vec![0; bytes * Pixels::BYTES];
                paste(frame, &mut canvas, size);
                (Pixels::BYTES, canvas)
            }
        };
        Ok(Decoded { size, channels, bytes })
    }
}

/// Copies a picture of an animation to its place. What lies outside is left out.
fn paste(frame: &gif::Frame, canvas: &mut [u8], size: Size) {
    let bytes = |pixels: u32| pixels as usize * Pixels::BYTES;
    let (left, width) = (u32::from(frame.left), u32::from(frame.width));
    let visible = bytes(width.min(size.width.saturating_sub(left)));
    let from = frame.buffer.chunks_exact(bytes(width).max(1));
    let to = canvas.chunks_exact_mut(bytes(size.width).max(1)).skip(frame.top.into());
    for (from, to) in from.zip(to) {
        let to = to.get_mut(bytes(left).min(bytes(size.width))..).and_then(|to| to.get_mut(..visible));
        if let Some((from, to)) = from.get(..visible).zip(to) {
            to.copy_from_slice(from);
        }
    }
}
