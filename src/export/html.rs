//! Writes articles as an HTML document that loads nothing: no script, no pictures, and only links that may be opened.

use std::fmt::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::file_lines::{FileLine, file_lines};
use super::markup::{escaped, link_start};
use super::xhtml::{BodyLook, push_body};
use crate::feed::{Article, SafeText, shown_excerpt};

/// The style of the document. It is the only one that the policy of the document allows.
const STYLE: &str = "body{max-width:44em;margin:2em auto;padding:0 1em;font:1.05em/1.5 serif}\
pre,code{font:.9em/1.4 monospace}pre{padding:.6em 1em;overflow:auto;border-left:3px solid #8888}\
blockquote{margin:1em 0;padding:0 1em;border-left:3px solid #8888}table{border-collapse:collapse}\
td,th{padding:.2em .6em;border:1px solid #8888}.right{text-align:right}.center{text-align:center}\
.facts,.note{color:#777}.note p{display:inline}:root{color-scheme:light dark}";

/// Articles as an HTML document, each with the lines below its title.
///
/// All text is escaped. Links that are neither http, https nor mailto, nor lead within the document or to a path on the site of the
/// article, are their text. Pictures are links to them.
pub fn document(articles: &[(Arc<Article>, Vec<SafeText>)]) -> String {
    let title = articles.first().map_or("", |(article, _)| article.title.as_str());
    let mut out = match articles.len() {
        0 | 1 => head(title),
        2 => head(&format!("{title} and 1 more article")),
        all => head(&format!("{title} and {} more articles", all - 1)),
    };
    for (number, (article, facts)) in articles.iter().enumerate() {
        push_section(article, facts, BodyLook { key: &number.to_string(), level: 1, loads_pictures: false }, &mut out);
    }
    out.push_str(END);
    out
}

/// What is behind the articles of a document.
pub(super) const END: &str = "</body>\n</html>\n";

/// What is before the articles of a document.
pub(super) fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html dir=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        base64(&Sha256::digest(STYLE.as_bytes())),
        escaped(title)
    )
}

/// An article with its title, its text and links to its files. The level of the title is that of the look. `facts` are the lines below the title.
pub(super) fn push_section(article: &Article, facts: &[SafeText], look: BodyLook, out: &mut String) {
    let (level, title) = (look.level, escaped(article.title.as_str()));
    let _ = writeln!(out, "<h{level}>{title}</h{level}>");
    for fact in facts {
        let _ = writeln!(out, "<p class=\"facts\">{}</p>", escaped(fact.as_str()));
    }
    if let Some(address) = article.link_to_open().and_then(|link| link.address()) {
        let _ = writeln!(out, "<p>{}{}</a></p>", link_start(address.as_str()), escaped(address.shown().as_str()));
    }
    if let Some(excerpt) = shown_excerpt(article) {
        let _ = writeln!(out, "<p>{}</p>", escaped(excerpt.as_str()));
    }
    push_body(article, look, out);
    for FileLine { words, link } in file_lines(article) {
        let words = escaped(words.as_str());
        let _ = match link.address() {
            Some(address) => writeln!(out, "<p>{}{words}</a></p>", link_start(address.as_str())),
            None => writeln!(out, "<p>{words}</p>"),
        };
    }
}

/// Bytes in base64, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0u32, |number, at| number << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS.get((number >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if at > group.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(article: Article, facts: &[SafeText]) -> String {
        document(&[(Arc::new(article), facts.to_vec())])
    }

    fn body(markdown: &str) -> String {
        let html = one(Article::builder("T").body(markdown).build(), &[]);
        let (_, body) = html.split_once("<h1>T</h1>\n").expect("a title");
        body.strip_suffix("</body>\n</html>\n").expect("an end").to_owned()
    }

    #[test]
    fn markdown_becomes_html() {
        for (markdown, html) in [
            ("a *b* **c** ~~d~~ `e<`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>\n"),
            ("## H\n\n[x](#h) [y](#no)", "<h2 id=\"heading-0-0\">H</h2>\n<p><a href=\"#heading-0-0\">x</a> y</p>\n"),
            ("> [!TIP]\n> t", "<blockquote>\n<p><strong>Tip</strong></p>\n<p>t</p>\n</blockquote>\n"),
            (
                "<details open=\"open\"><summary>A <b>b</b></summary>c</details>",
                "<details open=\"open\">\n<summary>A <strong>b</strong></summary>\n<p>c</p>\n</details>\n",
            ),
            (
                "> [!tip]- T\n> c",
                "<blockquote>\n<details>\n<summary><strong>T</strong></summary>\n<p>c</p>\n</details>\n</blockquote>\n",
            ),
            ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
            ("- [x] a", "<ul>\n<li>☑ a</li>\n</ul>\n"),
            ("```rust\na < b\n```", "<pre><code class=\"language-rust\">a &lt; b\n</code></pre>\n"),
            (
                "| a | b |\n|---|--:|\n| 1 | 2 |",
                "<table>\n<thead>\n<tr><th>a</th><th class=\"right\">b</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td class=\"right\">2</td></tr>\n</tbody>\n</table>\n",
            ),
            (
                "a[^x]\n\n[^x]: note",
                "<p>a<sup><a href=\"#note-0-1\" id=\"reference-0-1\">1</a></sup></p>\n<hr/>\n<div class=\"note\" id=\"note-0-1\"><sup>1</sup> <p>note</p>\n</div>\n",
            ),
            (
                "[a](https://example.org/?a=1&b=\"2\")",
                "<p><a rel=\"noreferrer noopener\" href=\"https://example.org/?a=1&amp;b=%222%22\">a</a></p>\n",
            ),
            (
                "[![p](https://example.org/p.png)](https://example.org/)",
                "<p><a rel=\"noreferrer noopener\" href=\"https://example.org/\">[image: p]</a></p>\n",
            ),
            (
                "<mail@example.org>",
                "<p><a rel=\"noreferrer noopener\" href=\"mailto:mail@example.org\">mail@example.org</a></p>\n",
            ),
        ] {
            assert_eq!(body(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn several_articles_are_one_document_whose_anchors_differ() {
        let article = |title: &str| Arc::new(Article::builder(title).body("## A\n\n[up](#a)").build());
        let all = ["One <b>", "Two", "Three"].map(|title| (article(title), vec![]));
        let html = document(&all);
        for (part, times) in
            [("<!DOCTYPE", 1), ("</html>", 1), ("<h1>", 3), ("id=\"heading-0-0\"", 1), ("id=\"heading-2-0\"", 1)]
        {
            assert_eq!(html.matches(part).count(), times, "{part}: {html}");
        }
        assert!(html.contains("<title>One &lt;b&gt; and 2 more articles</title>"), "{html}");
        assert!(document(&all[..2]).contains("and 1 more article</title>"));
    }

    #[test]
    fn links_of_other_schemes_are_their_text() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "other.md",
            "//example.org",
            "vbscript:x",
        ] {
            assert_eq!(body(&format!("[a]({target}) ![b]({target})")), "<p>a [image: b]</p>\n", "{target}");
        }
    }

    #[test]
    fn a_path_leads_to_the_site_of_the_article() {
        let article = Article::builder("T")
            .link("https://example.org/a/b/")
            .body("[x](/y?z) [f](g.md) [h](//i/) ![j](/\\k)")
            .build();
        let html = one(article, &[]);
        let wanted = "<p><a rel=\"noreferrer noopener\" href=\"https://example.org/y?z\">x</a> f h [image: j]</p>";
        assert!(html.contains(wanted), "{html}");
    }

    #[test]
    fn the_policy_allows_exactly_the_style() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
        let html = one(Article::builder("<script>").body("").build(), &["a & \u{1b}[31mb".into()]);
        assert!(
            html.contains("<title>&lt;script&gt;</title>") && html.contains("<p class=\"facts\">a &amp; "),
            "{html}"
        );
        assert!(!html.contains('\u{1b}') && !html.contains("<script"), "{html}");
    }

    proptest! {
        #[test]
        fn only_tags_of_our_own_are_written(markdown in "([a-z#>`*\\[\\]()!|<&\"'/:= \n-]|<script>|<img src=x onerror=y>|<a href=javascript:x>|</a>|https://e\\.org/|<style>|<b>|javascript:){0,40}") {
            let html = body(&markdown);
            let mut open: Vec<&str> = Vec::new();
            for tag in html.split('<').skip(1) {
                let (tag, _) = tag.split_once('>').expect("the end of a tag");
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                prop_assert!(!attributes.contains("on") || attributes.contains("noopener"), "{}", tag);
                prop_assert!(!attributes.contains("href=\"j"), "{}", tag);
                let known = ["a", "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "em", "strong", "del", "sup", "sub", "table", "thead", "tbody", "tr", "th", "td", "div", "br", "hr"];
                prop_assert!(known.contains(&name.trim_matches('/')), "{}", tag);
                match name.strip_prefix('/') {
                    Some(name) => prop_assert_eq!(open.pop(), Some(name), "{}", html.clone()),
                    None if tag.ends_with('/') => {}
                    None => open.push(name),
                }
            }
            prop_assert!(open.is_empty(), "{}", html);
        }
    }
}
