//! Writes an article as a Markdown document that every reader of Markdown knows: without the signs of site generators.

use super::file_lines::{FileLine, file_lines};
use crate::feed::{Article, Body, SafeText, clean, shown_excerpt};

/// An article as a Markdown document. `facts` are the lines below the title.
pub fn document(article: &Article, facts: &[SafeText]) -> SafeText {
    let mut parts = vec![format!("# {}", escaped(article.title.as_str()))];
    parts.extend(facts.iter().map(|fact| escaped(fact.as_str())));
    parts.extend(article.shown_link().map(|link| match link.address() {
        Some(address) => format!("<{}>", address.shown()),
        None => escaped(link.shown().as_str()),
    }));
    parts.extend(shown_excerpt(article).map(|excerpt| escaped(excerpt.as_str())));
    let body = Body::new(article.body.untrusted(), article.syntax());
    parts.push(body.source().trim_matches('\n').trim_end().to_owned());
    parts.extend(file_lines(article).map(|FileLine { words, link }| match link.address() {
        Some(_) => link.as_markdown(&words).to_string(),
        None => escaped(&format!("{words}: {}", link.shown())),
    }));
    clean::text_with_tabs(
        parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("\n\n").as_str(),
    )
}

/// A line of text as Markdown: signs that would be read as Markdown or HTML get a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_in_word = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        // An underscore within a word is a letter.
        let is_sign = matches!(c, '\\' | '`' | '*' | '[' | ']' | '<') || (c == '_' && !is_in_word);
        let is_start = out.is_empty() && matches!(c, '#' | '>' | '+' | '-' | '=' | '|');
        if is_sign || is_start {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_other_tools_are_translated() {
        let article = Article::builder("A *star* in snake_case")
            .link("https://example.org/")
            .body("{{< note >}}\nText\n{{< /note >}}\n\n{% highlight rust %}\nfn\tx() {}\n{% endhighlight %}\n")
            .build();
        let text = document(&article, &["- a".into()]);
        let start = "# A \\*star\\* in snake_case\n\n\\- a\n\n<https://example.org/>\n\n";
        assert!(text.as_str().starts_with(start), "{text}");
        assert!(!text.as_str().contains("{{") && !text.as_str().contains("{%"), "{text}");
        assert!(text.as_str().contains("fn\tx() {}"), "{text}");
    }
}
