//! Info strings: what authors write after the fence of a code block, such as `rust title="src/main.rs"`.

use super::language::Language;

/// Keys of the name of the file or the title. The first in an info string counts.
const TITLE_KEYS: &[&str] = &["title", "file", "filename", "caption", "name"];

/// Names for code without a language, which are not worth showing.
const PLAIN_NAMES: &[&str] = &["text", "txt", "plain", "plaintext", "none", "nohighlight", "no-highlight", "code"];

/// What an info string says. The texts are as in the source: not cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InfoString {
    /// The name of the language as written; empty if there is none, or if it says that the code has none.
    pub language: String,
    /// The title or the name of the file; empty if there is none.
    pub title: String,
}

impl InfoString {
    /// Reads an info string in the forms of the usual site generators:
    /// `rust,ignore`, `js title="a.js" {1,3}`, `{file="a.html" copy=true}`, `{.python caption=…}`, `js:a.js`, `ts [a.ts]`.
    pub fn read(info: &str) -> InfoString {
        let info = info.trim();
        let is_end = |c: char| c.is_whitespace() || matches!(c, '{' | '[' | ',');
        let first = info.find(is_end).and_then(|end| info.split_at_checked(end)).unwrap_or((info, ""));
        let mut read = InfoString::default();
        // `title=x` without a language is an attribute.
        let attributes = if first.0.contains('=') { info } else { first.1 };
        if !first.0.contains('=') {
            let (language, title) = first.0.split_once(':').unwrap_or((first.0, ""));
            (read.language, read.title) = (language.to_owned(), title.to_owned());
        }
        read.read_attributes(attributes);
        if PLAIN_NAMES.iter().any(|name| name.eq_ignore_ascii_case(&read.language)) {
            read.language.clear();
        }
        read
    }

    /// The language: by its name, else by the ending of the file name. `None` if both are unknown.
    pub fn known_language(&self) -> Option<Language> {
        match self.language.is_empty() {
            true => Language::of_file(&self.title).filter(|_| !self.title.is_empty()),
            false => Language::named(&self.language),
        }
    }

    fn read_attributes(&mut self, attributes: &str) {
        let mut rest = attributes;
        while let Some(next) = rest.chars().next() {
            // A title in brackets, as in VitePress.
            if let Some((title, after)) = rest.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
                if self.title.is_empty() {
                    self.title = title.to_owned();
                }
                rest = after;
                continue;
            }
            let length = rest.find(|c: char| c.is_whitespace() || ",={}[]".contains(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            match after.strip_prefix('=') {
                Some(value) if !word.is_empty() => {
                    let (value, after) = attribute_value(value);
                    self.add(word, value);
                    rest = after;
                }
                _ if word.is_empty() => rest = rest.get(next.len_utf8()..).unwrap_or_default(),
                _ => {
                    // A class, as in Pandoc: `{.python .numberLines}`, and the language of R Markdown: `{r, echo=FALSE}`.
                    if self.language.is_empty() && (word.starts_with('.') || attributes.starts_with('{')) {
                        self.language = word.trim_start_matches('.').to_owned();
                    }
                    rest = after;
                }
            }
        }
    }

    fn add(&mut self, key: &str, value: &str) {
        match key.to_ascii_lowercase().as_str() {
            "lang" | "language" if self.language.is_empty() => self.language = value.to_owned(),
            key if TITLE_KEYS.contains(&key) && self.title.is_empty() => self.title = value.to_owned(),
            _ => {}
        }
    }
}

/// Splits a value, perhaps in quotes, from what follows.
fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ',' | '}')).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_and_title_are_read() {
        for (info, language, title) in [
            ("", "", ""),
            ("rust", "rust", ""),
            ("rust,ignore,should_panic", "rust", ""),
            ("Rust no_run", "Rust", ""),
            ("text", "", ""),
            ("js title=\"src/a b.js\" {1,3-5} showLineNumbers", "js", "src/a b.js"),
            ("js title='it is' file=b", "js", "it is"),
            ("jsx filename=pages/index.js", "jsx", "pages/index.js"),
            ("js {1,3}", "js", ""),
            ("js{1,3}", "js", ""),
            ("{file=\"layouts/x.html\" copy=true}", "", "layouts/x.html"),
            ("toml {file=\"hugo.toml\" copy=true}", "toml", "hugo.toml"),
            ("go-html-template {file=\"a.html\"}", "go-html-template", "a.html"),
            ("{.python .numberLines caption=\"x\"}", "python", "x"),
            ("{r, echo=FALSE}", "r", ""),
            ("{lang=ruby}", "ruby", ""),
            ("title=a.rs", "", "a.rs"),
            ("js:main.js", "js", "main.js"),
            ("ts [config.ts]", "ts", "config.ts"),
            ("ts [open", "ts", ""),
            ("c++", "c++", ""),
            ("js title=\"open", "js", "open"),
            ("= = ==,{{}}", "", ""),
            ("日本 title=語", "日本", "語"),
        ] {
            let read = InfoString::read(info);
            assert_eq!((read.language.as_str(), read.title.as_str()), (language, title), "{info:?}");
        }
        assert!(InfoString::read("{file=\"a/b.html\"}").known_language().is_some());
        assert!(InfoString::read("").known_language().is_none());
        assert!(InfoString::read("brainfog title=a.rs").known_language().is_none());
    }
}
