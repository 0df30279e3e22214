//! The id that a service gives an article.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Before the id in the long form of the Google Reader API.
const LONG_FORM: &str = "tag:google.com,2005:reader/item/";
/// Longest id in bytes. Real ones have at most 24.
const MAX_BYTES: usize = 128;
/// Digits of an id in the long form.
const HEX_DIGITS: usize = 16;

/// The id that a service gives an article: text that only the service understands. The forms of the Google Reader API of one number,
/// decimal with sign and 16 hex digits after a fixed beginning, are one id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ServiceId(Box<str>);

impl ServiceId {
    /// Reads an id in any form. `None` if it is empty, too long, or not of visible ASCII characters.
    pub fn parse(text: &str) -> Option<ServiceId> {
        let text = text.trim();
        let short = text.strip_prefix(LONG_FORM);
        let id = short.unwrap_or(text);
        if id.is_empty() || id.len() > MAX_BYTES || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let number = match short {
            Some(hex) if hex.len() == HEX_DIGITS && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                u64::from_str_radix(hex, 16).ok().map(u64::cast_signed)
            }
            _ => {
                let digits = id.strip_prefix('-').unwrap_or(id);
                let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
                if is_number { id.parse::<i64>().ok() } else { None }
            }
        };
        Some(ServiceId(number.map_or_else(|| id.into(), |number| number.to_string().into())))
    }

    /// Its short form, as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is one. Greater ones came later.
    pub fn number(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ServiceId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<ServiceId, D::Error> {
        let text = String::deserialize(from)?;
        ServiceId::parse(&text).ok_or_else(|| serde::de::Error::custom("not the id of an article"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_a_number_are_one_id() {
        for (text, id) in [
            ("1726499381456789", "1726499381456789"),
            ("tag:google.com,2005:reader/item/0006223a3a0d1f95", "1726483337650069"),
            ("tag:google.com,2005:reader/item/00000000000004d2", "1234"),
            ("1234", "1234"),
            (" 0001234 ", "1234"),
            ("-7", "-7"),
            ("tag:google.com,2005:reader/item/fffffffffffffff9", "-7"),
            ("5a3d2f1b9c0e4a0012345678", "5a3d2f1b9c0e4a0012345678"),
            ("tag:google.com,2005:reader/item/5a3d2f1b9c0e4a0012345678", "5a3d2f1b9c0e4a0012345678"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            assert_eq!(ServiceId::parse(text).expect(text).as_str(), id, "{text}");
        }
        for text in ["", " ", LONG_FORM, "a b", "é", "a\u{1b}[2J", &"1".repeat(MAX_BYTES + 1)] {
            assert_eq!(ServiceId::parse(text), None, "{text}");
        }
    }
}
