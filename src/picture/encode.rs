//! Pixels as PNG, the form in which terminals get them.

use png::{BitDepth, ColorType, Compression};

use super::pixels::Pixels;

/// Encodes pixels as PNG, without opacity if all are opaque. `None` if they are too many.
pub fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    let rgba = pixels.bytes().as_chunks::<4>().0;
    let is_opaque = rgba.iter().all(|[.., opacity]| *opacity == u8::MAX);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.size().width, pixels.size().height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(if is_opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    if is_opaque {
        let rgb: Vec<u8> = rgba.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        writer.write_image_data(&rgb).ok()?;
    } else {
        writer.write_image_data(pixels.bytes()).ok()?;
    }
    writer.finish().ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::super::ground::Ground;
    use super::super::pixels::Size;
    use super::*;

    #[test]
    fn an_encoded_picture_is_decoded_to_the_same_pixels() {
        for opacities in [[255, 255], [255, 130]] {
            let rgba = (0..6).flat_map(|n: u8| [n * 40, 255 - n, 7, opacities[usize::from(n % 2)]]).collect();
            let pixels = Pixels::new(Size::new(3, 2), rgba).unwrap();
            let (_, decoded) = decode(&png(&pixels).unwrap(), Size::new(9, 9), Ground::Dark).unwrap();
            assert_eq!(decoded, pixels);
        }
        assert!(png(&Pixels::new(Size::new(0, 0), Vec::new()).unwrap()).is_none());
    }
}
