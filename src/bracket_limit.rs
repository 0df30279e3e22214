//! Finds YAML with too many brackets: the time of the parser grows with the square of their number, so a small file could
//! stall it for minutes.

/// Limit of nested brackets.
pub const MAX_DEPTH: usize = 64;
/// Limit of opening brackets outside double quotes.
const MAX_BRACKETS: usize = 2000;

/// Which limit a text exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// The limit of nested brackets.
    #[error("more than {MAX_DEPTH} levels of brackets")]
    Levels,
    /// The limit of all brackets.
    #[error("more than {MAX_BRACKETS} brackets")]
    Brackets,
}

/// The byte offset of the first bracket that exceeds a limit, if any. Brackets in double quotes do not count, but a quote hides
/// them only to the end of its line: an unclosed quote must not hide the rest of the file.
pub fn first_excess(text: &str) -> Option<(usize, Excess)> {
    let (mut depth, mut brackets, mut quoted, mut escaped) = (0usize, 0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => quoted = false,
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                brackets += 1;
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some((at, Excess::Levels));
        }
        if brackets > MAX_BRACKETS {
            return Some((at, Excess::Brackets));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bracket_beyond_a_limit_is_found() {
        for (text, found) in [
            ("[".repeat(MAX_DEPTH), None),
            ("é".to_owned() + &"[".repeat(MAX_DEPTH + 1), Some((2 + MAX_DEPTH, Excess::Levels))),
            ("{}".repeat(MAX_BRACKETS), None),
            ("[]".repeat(MAX_BRACKETS) + "[", Some((2 * MAX_BRACKETS, Excess::Brackets))),
            (format!("\"{}\"", "[".repeat(3 * MAX_BRACKETS)), None),
            (format!("\"\\\"{}", "[".repeat(3 * MAX_BRACKETS)), None),
            (format!("\"\n{}", "[".repeat(MAX_DEPTH + 1)), Some((2 + MAX_DEPTH, Excess::Levels))),
        ] {
            assert_eq!(first_excess(&text), found, "{:?}", text.get(..20));
        }
        assert_eq!(Excess::Levels.to_string(), "more than 64 levels of brackets");
    }
}
