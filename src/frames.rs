//! Frames: how the processes of a sync talk to each other through pipes. A frame is a head in JSON and a body of bytes.
//!
//! On the wire: the length of the head and the length of the body, four bytes each, little endian, then the head and the body.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The longest head and the longest body in bytes. A longer one is an error: the other process is not to be trusted.
pub const MAX_BYTES: usize = 64 << 20;

/// Bytes of both lengths.
const LENGTHS: usize = 8;
/// Memory that is taken for a part before any of it has arrived, in bytes.
const RESERVED: usize = 1 << 16;

/// Writes a frame, and flushes.
pub fn write(out: &mut dyn Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    // What comes before the body is one write to a pipe.
    let mut start = vec![0; LENGTHS];
    serde_json::to_writer(&mut start, head)?;
    let lengths = [length(start.get(LENGTHS..).unwrap_or_default())?, length(body)?];
    start.splice(..LENGTHS, lengths.into_iter().flatten());
    out.write_all(&start)?;
    out.write_all(body)?;
    out.flush()
}

/// Reads a frame. `None` at the end of the stream.
pub fn read<T: DeserializeOwned>(input: &mut dyn Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut lengths = [0; LENGTHS];
    let mut filled = 0;
    while let Some(rest) = lengths.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let [a, b, c, d, e, f, g, h] = lengths;
    let head = read_part(input, u32::from_le_bytes([a, b, c, d]))?;
    let body = read_part(input, u32::from_le_bytes([e, f, g, h]))?;
    Ok(Some((serde_json::from_slice(&head)?, body)))
}

/// Reads a list of at most `MAX` elements, for the attribute `deserialize_with`. A longer one is an error: `[{},{},…]` in a frame would
/// take a hundred times its length in memory.
pub fn at_most<'de, const MAX: usize, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(List::<MAX, T>(PhantomData))
}

struct List<const MAX: usize, T>(PhantomData<T>);

impl<'de, const MAX: usize, T: Deserialize<'de>> Visitor<'de> for List<MAX, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MAX} elements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            if list.len() == MAX {
                return Err(A::Error::invalid_length(MAX.saturating_add(1), &self));
            }
            list.push(element);
        }
        Ok(list)
    }
}

fn length(part: &[u8]) -> io::Result<[u8; 4]> {
    let length = u32::try_from(part.len()).ok().filter(|length| *length as usize <= MAX_BYTES);
    length.map(u32::to_le_bytes).ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "a frame is too long"))
}

fn read_part(input: &mut dyn Read, length: u32) -> io::Result<Vec<u8>> {
    if length as usize > MAX_BYTES {
        return Err(io::Error::new(ErrorKind::InvalidData, "a frame is too long"));
    }
    // Grows with what arrives, so that a length alone takes little memory.
    let mut part = Vec::with_capacity(RESERVED.min(length as usize));
    input.take(length.into()).read_to_end(&mut part)?;
    if part.len() < length as usize { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_were_written() {
        let mut stream = Vec::new();
        write(&mut stream, &vec!["a", "b"], b"body").unwrap();
        write(&mut stream, &1, b"").unwrap();
        let mut input = stream.as_slice();
        assert_eq!(
            read::<Vec<String>>(&mut input).unwrap().unwrap(),
            (vec!["a".to_owned(), "b".to_owned()], b"body".to_vec())
        );
        assert_eq!(read::<u8>(&mut input).unwrap().unwrap(), (1, Vec::new()));
        assert!(read::<u8>(&mut input).unwrap().is_none());
        for end in 1..stream.len() - 10 {
            assert!(read::<Vec<String>>(&mut &stream[..end.min(20)]).is_err(), "{end}");
        }
        assert!(read::<u8>(&mut [255; 20].as_slice()).is_err());
    }
}
