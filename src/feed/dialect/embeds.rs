//! Embeds of Obsidian, `![[file|size]]`, and sizes of pictures, which are not part of Markdown.

use crate::html::MediaKind;

/// An embed as a picture, or as a link to a note or a file; `inner` is what is between the brackets.
pub fn markdown(inner: &str) -> Option<String> {
    let inner = inner.replace("\\|", "|");
    let mut parts = inner.split('|').map(str::trim);
    let target = parts.next().filter(|target| !target.is_empty())?;
    let label = parts.find(|part| !part.is_empty() && !is_size(part));
    let file = target.split('#').next().unwrap_or_default().trim();
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let shown = label.unwrap_or(stem).replace('[', "\\[").replace(']', "\\]");
    // Obsidian's help draws icons by the parts of pictures: `![[lucide-x.svg#icon]]`.
    if target.ends_with("#icon") && label.is_none() {
        return Some(String::new());
    }
    let kind = match MediaKind::of_path(file) {
        Some(MediaKind::Picture) => return Some(format!("![{shown}](<{file}>)")),
        Some(MediaKind::Video) => Some("video"),
        Some(MediaKind::Audio) => Some("audio"),
        None => None,
    };
    if let Some(kind) = kind {
        return Some(format!("[▶ {kind}: {}](<{file}>)", label.unwrap_or(name)));
    }
    Some(match label {
        Some(label) => format!("→ [[{target}|{label}]]"),
        None => format!("→ [[{target}]]"),
    })
}

/// `[page bundles](g)`, with which the documentation of Hugo links a term of its glossary: as a wikilink to the page of the term.
/// `before` is what is before `](`. Returns the length of the text with its bracket, too.
pub fn glossary_link(before: &str, target: &str) -> Option<(usize, String)> {
    let start = before.rfind('[').filter(|_| target == "g")?;
    let text = before.get(start + 1..)?;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() || words.len() > 80 || words.contains([']', '|', '#', '!']) {
        return None;
    }
    let term = words.replace(['`', '*', '_'], "");
    let singular = match term.strip_suffix('s') {
        Some(stem) if stem.ends_with("ie") && stem.len() > 4 => format!("{}y", stem.get(..stem.len() - 2)?),
        Some(stem) if stem.ends_with("sse") || stem.ends_with("xe") => stem.get(..stem.len() - 1)?.to_owned(),
        Some(stem) if !stem.ends_with(['s', 'u', 'i', 'a']) && stem.len() > 2 => stem.to_owned(),
        _ => term,
    };
    // The name of its file: `CI/CD` is in `cicd.md`.
    let letters = singular.to_lowercase().replace(' ', "-");
    let file: String = letters.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    Some((before.len() - start, format!("[[glossary/{file}|{words}]]")))
}

/// True for `300` and `300x200`.
fn is_size(text: &str) -> bool {
    let is_number = |number: &str| (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('x') {
        Some((width, height)) => is_number(width) && is_number(height),
        None => is_number(text),
    }
}

/// Length of `|300` at the end of the text of a picture.
pub fn size_behind_bar(text: &str) -> Option<usize> {
    let last: Vec<u8> = text.bytes().rev().take(12).collect();
    let length = last.iter().position(|byte| *byte == b'|')?;
    let size = text.get(text.len() - length..)?;
    is_size(size).then_some(length + 1)
}

/// Length of ` =300x200` at the end of a target.
pub fn size_behind_blank(target: &str) -> Option<usize> {
    let trimmed = target.trim_end();
    let (before, size) = trimmed.rsplit_once('=')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'%');
    let fits = is_number(width) && is_number(height) && !(width.is_empty() && height.is_empty());
    (fits && before.ends_with(' ')).then(|| target.len() - before.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embeds_are_pictures_or_links() {
        for (inner, expected) in [
            ("image.png", "![image](<image.png>)"),
            ("a b/Pasted image.PNG|300", "![Pasted image](<a b/Pasted image.PNG>)"),
            ("x.svg#icon|A cog|100x50", "![A cog](<x.svg>)"),
            ("Engelbart.jpg\\|100", "![Engelbart](<Engelbart.jpg>)"),
            ("lucide-x.svg#icon", ""),
            ("talk.mp3", "[▶ audio: talk.mp3](<talk.mp3>)"),
            ("Note#Head", "→ [[Note#Head]]"),
            ("Note|shown", "→ [[Note|shown]]"),
            ("paper.pdf#page=3", "→ [[paper.pdf#page=3]]"),
        ] {
            assert_eq!(markdown(inner).as_deref(), Some(expected), "{inner}");
        }
        assert_eq!(markdown(""), None);
    }

    #[test]
    fn terms_of_a_glossary_are_wikilinks() {
        for (before, expected) in [
            ("a [page bundles", Some("[[glossary/page-bundle|page bundles]]")),
            ("[taxonomies", Some("[[glossary/taxonomy|taxonomies]]")),
            ("[alias", Some("[[glossary/alias|alias]]")),
            ("[`front\nmatter`", Some("[[glossary/front-matter|`front matter`]]")),
            ("[a|b", None),
            ("[", None),
            ("text", None),
        ] {
            let found = glossary_link(before, "g");
            assert_eq!(found.as_ref().map(|(_, link)| link.as_str()), expected, "{before}");
            assert!(found.is_none_or(|(length, _)| before.len() - length == before.rfind('[').unwrap_or_default()));
        }
        assert_eq!(glossary_link("[a", "gg"), None);
    }

    #[test]
    fn sizes_are_known() {
        assert_eq!(size_behind_bar("alt|300"), Some(4));
        assert_eq!(size_behind_bar("alt|300x20"), Some(7));
        assert_eq!(size_behind_bar("alt|x"), None);
        assert_eq!(size_behind_blank("cat.png =100x200"), Some(9));
        assert_eq!(size_behind_blank("cat.png =100x"), Some(6));
        assert_eq!(size_behind_blank("cat.png?a=1x2"), None);
        assert_eq!(size_behind_blank("cat.png =x"), None);
    }
}
