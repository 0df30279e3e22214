//! FNV-1a in 64 bits: a hash that is the same in every build, for numbers that are kept on disk.

/// The hash of no bytes.
pub const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// The factor that each byte multiplies the hash by.
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The hash after one more byte.
pub const fn hash_byte(hash: u64, byte: u8) -> u64 {
    hash_u64(hash, byte as u64)
}

/// The hash after one more part of up to 64 bits.
pub const fn hash_u64(hash: u64, part: u64) -> u64 {
    (hash ^ part).wrapping_mul(PRIME)
}

/// The hash after some more bytes.
pub fn hash_bytes(hash: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(hash, hash_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_reference() {
        for (text, hash) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            assert_eq!(hash_bytes(OFFSET_BASIS, text.bytes()), hash, "{text}");
        }
        assert_eq!(hash_u64(OFFSET_BASIS, u64::from(b'a')), hash_byte(OFFSET_BASIS, b'a'));
    }
}
