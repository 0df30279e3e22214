//! The kinds of callouts (notes, tips, warnings) under all names that tools give them, and how one begins.

/// A kind of callout that the parser knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something to know.
    Note,
    /// Something that helps.
    Tip,
    /// Something that must be known.
    Important,
    /// Something that may go wrong.
    Warning,
    /// Something that does harm.
    Caution,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Note => "NOTE",
            Kind::Tip => "TIP",
            Kind::Important => "IMPORTANT",
            Kind::Warning => "WARNING",
            Kind::Caution => "CAUTION",
        }
    }
}

/// The kind that a word names in Obsidian, MkDocs, Docusaurus, VuePress, GitBook and others.
pub fn kind(word: &str) -> Option<Kind> {
    Some(match word.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "tldr" | "todo" | "example" | "seealso" | "see-also" | "notes"
        | "information" | "details" | "quote" | "cite" | "question" | "help" | "faq" | "primary" | "secondary"
        | "blue" | "aside" | "new" | "versionadded" => Kind::Note,
        "tip" | "hint" | "success" | "check" | "done" | "tips" | "green" | "protip" => Kind::Tip,
        "important" => Kind::Important,
        "warning" | "attention" | "warn" | "yellow" | "orange" | "versionchanged" | "deprecated" => Kind::Warning,
        "caution" | "danger" | "error" | "bug" | "failure" | "fail" | "missing" | "red" | "critical" => Kind::Caution,
        _ => return None,
    })
}

/// True if a word alone says that a block is a callout: colours and states do only as arguments.
pub fn is_kind(word: &str) -> bool {
    const ONLY_ARGUMENTS: [&str; 14] = [
        "blue",
        "green",
        "yellow",
        "orange",
        "red",
        "primary",
        "secondary",
        "new",
        "quote",
        "cite",
        "check",
        "done",
        "help",
        "missing",
    ];
    kind(word).is_some() && !ONLY_ARGUMENTS.contains(&word.to_ascii_lowercase().as_str())
}

/// The kind that a word names, and the title that is shown if the author gives none: `None` for the kinds that the parser
/// knows by this name.
pub fn kind_and_title(word: &str) -> (Kind, Option<String>) {
    let found = kind(word).unwrap_or(Kind::Note);
    let is_own_name = found.name().eq_ignore_ascii_case(word);
    let is_colour = kind(word).is_some() && !is_kind(word) && !matches!(word, "quote" | "cite" | "help" | "missing");
    (found, (!is_own_name && !is_colour && !word.is_empty()).then(|| capitalised(word)))
}

/// A word with a capital first letter, and blanks in place of hyphens.
pub fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + &chars.as_str().replace(['-', '_'], " ")
}

/// Appends the lines that open a callout: its kind, and its title as a heading. `prefix` is before each line, without the `>`.
pub fn open(out: &mut String, prefix: &str, kind: Kind, title: Option<&str>) {
    out.push_str(prefix);
    out.push_str("> [!");
    out.push_str(kind.name());
    out.push_str("]\n");
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    if let Some(title) = title {
        out.push_str(prefix);
        out.push_str("> ###### ");
        push_title(out, title);
        out.push('\n');
        out.push_str(prefix);
        out.push_str(">\n");
    }
}

/// Appends a title that remains a title: hashes at the end of a heading would vanish, and brackets be read as attributes.
fn push_title(out: &mut String, title: &str) {
    match (title.strip_suffix('#'), title.strip_suffix('}')) {
        (Some(start), _) => {
            out.push_str(start);
            out.push_str("\\#");
        }
        (_, Some(start)) => {
            out.push_str(start);
            out.push_str("&#125;");
        }
        _ => out.push_str(title),
    }
}
