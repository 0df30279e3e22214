//! Refuses text with so many brackets that a parser of YAML would take minutes: its time grows with their square.

/// Levels of brackets that are read.
pub const MAX_DEPTH: usize = 64;
/// Brackets outside of double quotes that are read.
const MAX_BRACKETS: usize = 2000;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// Brackets inside each other.
    #[error("more than {MAX_DEPTH} levels of brackets")]
    Levels,
    /// Brackets in all.
    #[error("more than {MAX_BRACKETS} brackets")]
    Brackets,
}

/// The byte offset of the first bracket too many, if any. Double quotes hide brackets up to the end of the line.
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
    fn the_first_bracket_too_many_is_found() {
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
