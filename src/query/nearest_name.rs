//! The name that was probably meant by one that nobody knows.

/// Names that are listed when none is near.
const LISTED: usize = 12;

/// Whether a word is a name but for its case and a slip: one letter in four may be another, and short names have none to spare.
pub fn is_near_miss<'a>(word: &str, mut known: impl Iterator<Item = &'a str>) -> bool {
    let word = word.to_lowercase();
    known.any(|name| strsim::damerau_levenshtein(name, &word) <= name.len() / 4)
}

/// The known name that was probably meant by a word.
pub fn nearest_name<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distances = known.map(|name| (strsim::damerau_levenshtein(name, &word), name));
    distances.filter(|(distance, name)| *distance <= 1 + name.len() / 4).min().map(|(_, name)| name)
}

/// Says that a name is unknown, and which was meant, or which there are.
pub fn unknown_name<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let short: String = word.chars().take(40).collect();
    match nearest_name(word, known.clone()) {
        Some(name) => format!("unknown {what} `{short}`; did you mean `{name}`?"),
        None => {
            let more = if known.clone().nth(LISTED).is_some() { " …" } else { "" };
            format!("unknown {what} `{short}`; there are {}{more}", known.take(LISTED).collect::<Vec<_>>().join(", "))
        }
    }
}
