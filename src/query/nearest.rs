//! The name that was probably meant by one that nobody knows.

/// Names that are listed when none is near.
const LISTED: usize = 12;

/// Whether a word is a name but for its case and a slip: one letter in four may be another, and short names have none to spare.
pub fn is_near<'a>(word: &str, mut known: impl Iterator<Item = &'a str>) -> bool {
    let word = word.to_lowercase();
    known.any(|name| strsim::damerau_levenshtein(name, &word) <= name.len() / 4)
}

/// Says that a name is unknown, and which was meant, or which there are.
pub fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let nearest = known
        .clone()
        .map(|name| (strsim::damerau_levenshtein(name, &word.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min();
    let short: String = word.chars().take(40).collect();
    match nearest {
        Some((_, name)) => format!("unknown {what} `{short}`; did you mean `{name}`?"),
        None => {
            let more = if known.clone().nth(LISTED).is_some() { " …" } else { "" };
            format!("unknown {what} `{short}`; there are {}{more}", known.take(LISTED).collect::<Vec<_>>().join(", "))
        }
    }
}
