//! What `config` reports: a problem at a position of the file being parsed. `cli::user_files` adds the path, which makes it a
//! `feed::Problem`.

/// Something wrong in the settings, a theme or the saved searches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", after_cause(.hint))]
pub struct ConfigProblem {
    /// Line and column from 1, if the problem is at a position in the file.
    pub at: Option<(u32, u32)>,
    /// What is wrong.
    pub what: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl ConfigProblem {
    /// A problem at a position, with its cause and a hint. A hint that is a question goes into the cause, as in the errors of
    /// queries: ``unknown theme `nrod` (did you mean `nord`?)``.
    pub fn new(at: Option<(u32, u32)>, what: &str, hint: &str) -> ConfigProblem {
        match hint.ends_with('?') {
            true => ConfigProblem { at, what: format!("{what} ({hint})"), hint: String::new() },
            false => ConfigProblem { at, what: what.to_owned(), hint: hint.to_owned() },
        }
    }
}

fn after_cause(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("; {hint}") }
}

/// Line and column, from 1, of the byte at `index`.
pub fn position_of(text: &[u8], index: usize) -> (u32, u32) {
    let before = text.get(..index).unwrap_or(text);
    let line = before.split(|byte| *byte == b'\n').next_back().unwrap_or_default();
    let column = String::from_utf8_lossy(line).chars().count() + 1;
    (before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1, column as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_in_an_editor() {
        for (text, index, at) in
            [("a: b\nc: [\n", 10, (3, 1)), ("a: \u{85}b\nc", 7, (2, 1)), ("ä: \u{2028}[", 7, (1, 5))]
        {
            assert_eq!(position_of(text.as_bytes(), index), at, "{text:?}");
        }
    }
}
