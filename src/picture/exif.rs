//! How a picture is to be turned: the tag 0x0112 of [Exif](https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E).
//! Nothing else is read, so no place and no name leaves the process that decodes.

/// How the pixels of a file are turned into the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orientation {
    /// Rows become columns: done first.
    pub is_transposed: bool,
    /// Left and right are exchanged, after that.
    pub is_mirrored: bool,
    /// Top and bottom are exchanged, after that.
    pub is_flipped: bool,
}

/// Entries of a directory that are looked at. Real ones have about 20.
const MOST_ENTRIES: usize = 1_000;
const TAG: u16 = 0x0112;
/// The type of a number of two bytes.
const SHORT: u16 = 3;
const ENTRY_BYTES: usize = 12;

impl Orientation {
    /// The orientation that a block of Exif data names. Unchanged if there is none or it is wrong.
    pub fn of(exif: &[u8]) -> Orientation {
        Orientation::of_number(number(exif).unwrap_or(1))
    }

    /// The eight values of the tag.
    fn of_number(number: u16) -> Orientation {
        let (is_transposed, is_mirrored, is_flipped) = match number {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Orientation { is_transposed, is_mirrored, is_flipped }
    }
}

fn number(exif: &[u8]) -> Option<u16> {
    // Some writers leave the name of the JPEG segment in front.
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(directory)?).min(MOST_ENTRIES);
    (0..count).find_map(|entry| {
        let at = directory.checked_add(2)?.checked_add(entry * ENTRY_BYTES)?;
        (short(at)? == TAG && short(at + 2)? == SHORT).then(|| short(at + 8)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with an entry before the orientation.
    fn block(is_little: bool, orientation: u16) -> Vec<u8> {
        let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let mut bytes = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        bytes.extend(long(8));
        bytes.extend(short(2));
        for (tag, value) in [(0x0100, 9), (TAG, orientation)] {
            bytes.extend(short(tag));
            bytes.extend(short(SHORT));
            bytes.extend(long(1));
            bytes.extend(short(value));
            bytes.extend(short(0));
        }
        bytes
    }

    #[test]
    fn the_tag_is_found_in_both_orders_of_bytes() {
        for number in 0..=9 {
            for is_little in [true, false] {
                let exif = block(is_little, number);
                assert_eq!(Orientation::of(&exif), Orientation::of_number(number));
                assert_eq!(Orientation::of(&[b"Exif\0\0".as_slice(), &exif].concat()), Orientation::of_number(number));
            }
        }
        let turned = |number: u16| Orientation::of_number(number).is_transposed;
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 8].map(turned), [false, false, false, false, true, true, true, true]);
    }

    #[test]
    fn blocks_that_are_cut_or_wrong_turn_nothing() {
        let exif = block(true, 6);
        for end in 0..exif.len() - 3 {
            assert_eq!(Orientation::of(&exif[..end]), Orientation::default(), "{end}");
        }
        for at in 0..exif.len() {
            for byte in [0, 0xff, 0x80] {
                let mut wrong = exif.clone();
                wrong[at] = byte;
                Orientation::of(&wrong);
            }
        }
    }
}
