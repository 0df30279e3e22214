//! Finds the known name that the user probably meant by an unknown one.

/// Maximum number of names that an error lists if none is near.
const MAX_LISTED: usize = 12;

/// Whether a word differs from a name only in case and by a slip: one edit per four letters, so names of up to three letters
/// must match.
pub fn is_near_miss<'a>(word: &str, mut known: impl Iterator<Item = &'a str>) -> bool {
    let word = word.to_lowercase();
    known.any(|name| strsim::damerau_levenshtein(name, &word) <= name.len() / 4)
}

/// The known name that a word probably means: at most one edit, plus one per four letters.
pub fn nearest_name<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distances = known.map(|name| (strsim::damerau_levenshtein(name, &word), name));
    distances.filter(|(distance, name)| *distance <= 1 + name.len() / 4).min().map(|(_, name)| name)
}

/// An error text for an unknown name, with the nearest known name, or the first known ones, if there are any.
pub fn unknown_name<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    // The footer has room for about 60 characters.
    let short: String = word.chars().take(40).collect();
    match nearest_name(word, known.clone()) {
        Some(name) => format!("unknown {what} `{short}` (did you mean `{name}`?)"),
        None if known.clone().next().is_none() => format!("unknown {what} `{short}` (there are none)"),
        None => {
            let more = if known.clone().nth(MAX_LISTED).is_some() { " …" } else { "" };
            format!("unknown {what} `{short}` (valid: {}{more})", known.take(MAX_LISTED).collect::<Vec<_>>().join(", "))
        }
    }
}
