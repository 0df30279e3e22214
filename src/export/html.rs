//! Writes articles as an HTML document that loads nothing: no script, no pictures, and only links that may be opened.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use sha2::{Digest, Sha256};
use url::Url;

use crate::code::InfoString;
use crate::feed::{Address, Article, Body, SafeText, anchors, clean, folds, outline, shown_excerpt};
use crate::markdown::callout_name;

/// The style of the document. It is the only one that the policy of the document allows.
const STYLE: &str = "body{max-width:44em;margin:2em auto;padding:0 1em;font:1.05em/1.5 serif}\
pre,code{font:.9em/1.4 monospace}pre{padding:.6em 1em;overflow:auto;border-left:3px solid #8888}\
blockquote{margin:1em 0;padding:0 1em;border-left:3px solid #8888}table{border-collapse:collapse}\
td,th{padding:.2em .6em;border:1px solid #8888}.right{text-align:right}.center{text-align:center}\
.facts,.note{color:#777}.note p{display:inline}:root{color-scheme:light dark}";

/// An article as an HTML document. `facts` are the lines below the title.
///
/// The document may follow others in one output: `number` makes its anchors differ from theirs.
///
/// All text is escaped. Links that are neither http, https nor mailto, nor lead within the document or to a path on the site of the
/// article, are their text. Pictures are links to them.
pub fn document(article: &Article, facts: &[SafeText], number: usize) -> String {
    format!("{}{}</body>\n</html>\n", head(article.title.as_str()), section(article, facts, number))
}

/// Several articles with their facts in one HTML document.
pub fn documents(articles: &[(&Article, &[SafeText])]) -> String {
    if let [(article, facts)] = articles {
        return document(article, facts, 0);
    }
    let mut out = head(&format!("{} articles", articles.len()));
    for (number, (article, facts)) in articles.iter().enumerate() {
        let _ = writeln!(out, "<article>\n{}</article>", section(article, facts, number));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// What is before the articles of a document.
fn head(title: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html dir=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        base64(&Sha256::digest(STYLE.as_bytes())),
        escaped(title)
    )
}

/// An article with its title.
fn section(article: &Article, facts: &[SafeText], number: usize) -> String {
    let mut out = format!("<h1>{}</h1>\n", escaped(article.title.as_str()));
    for fact in facts {
        let _ = writeln!(out, "<p class=\"facts\">{}</p>", escaped(fact.as_str()));
    }
    if let Some(address) = article.link_to_open().and_then(|link| link.address()) {
        let _ = writeln!(out, "<p>{}{}</a></p>", link_start(address.as_str()), escaped(address.shown().as_str()));
    }
    if let Some(excerpt) = shown_excerpt(article) {
        let _ = writeln!(out, "<p>{}</p>", escaped(excerpt.as_str()));
    }
    let own = article.link_to_open().and_then(|link| Url::parse(link.address()?.as_str()).ok());
    let mut writer = HtmlWriter { out, own, headings: heading_numbers(article), number, ..HtmlWriter::default() };
    Body::new(article.body.untrusted(), article.syntax()).events().for_each(|event| writer.event(event));
    writer.out
}

/// The number of each heading by its letters and digits. The first of several equal ones counts.
fn heading_numbers(article: &Article) -> HashMap<String, usize> {
    let mut numbers = HashMap::new();
    for (number, heading) in outline::headings(&article.body, article.syntax()).iter().enumerate() {
        let id = heading.id.as_deref().map(anchors::key);
        for key in id.into_iter().chain([anchors::key(heading.text.as_str())]) {
            numbers.entry(key).or_insert(number);
        }
    }
    numbers
}

/// Text for HTML, cleaned and escaped, also within quotes.
fn escaped(text: &str) -> String {
    let text = clean::text_with_tabs(text);
    let mut out = String::with_capacity(text.as_str().len());
    for c in text.as_str().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn link_start(address: &str) -> String {
    format!("<a rel=\"noreferrer noopener\" href=\"{}\">", escaped(address))
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

/// Writes the events of a body as HTML.
#[derive(Default)]
struct HtmlWriter {
    out: String,
    /// The address of the article.
    own: Option<Url>,
    headings: HashMap<String, usize>,
    /// The number of the document.
    number: usize,
    /// Labels of the footnotes that were referred to.
    referred: HashSet<String>,
    /// The number of headings so far, and the text of the open one.
    heading_count: usize,
    heading_text: Option<String>,
    /// For each open link or picture, how it ends.
    open_links: Vec<&'static str>,
    /// The alignments of the open table, and the column of the next cell.
    alignments: Vec<Alignment>,
    column: usize,
    is_in_head: bool,
    /// A callout that has opened, whose title is not written yet.
    callout: Option<BlockQuoteKind>,
    is_callout_title: bool,
    /// The next block is the title of details, or it is being written.
    awaits_summary: bool,
    is_in_summary: bool,
}

impl HtmlWriter {
    fn event(&mut self, event: Event) {
        if folds::started(&event).is_none()
            && !matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H6, .. }))
        {
            self.name_callout();
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.put("<code>");
                self.text(&text);
                self.put("</code>");
            }
            // A body has no HTML in its events.
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::FootnoteReference(label) => {
                let label = escaped(&label);
                let number = self.number;
                // A footnote leads back to its first reference.
                let id = match self.referred.insert(label.clone()) {
                    true => format!(" id=\"reference-{number}-{label}\""),
                    false => String::new(),
                };
                self.put(&format!("<sup><a href=\"#note-{number}-{label}\"{id}>{label}</a></sup>"));
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.put("<br>\n"),
            Event::Rule => self.put("<hr>\n"),
            Event::TaskListMarker(is_done) => self.put(if is_done { "☑ " } else { "☐ " }),
        }
    }

    fn put(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading_text {
            heading.push_str(text);
        }
        self.put(&escaped(text));
    }

    /// Writes the name of a callout that has just opened.
    fn name_callout(&mut self) {
        if let Some(kind) = self.callout.take() {
            self.put(&format!("<p><strong>{}</strong></p>\n", callout_name(kind)));
        }
    }

    fn start(&mut self, tag: Tag) {
        let is_summary =
            matches!(tag, Tag::Paragraph | Tag::Heading { .. }) && std::mem::take(&mut self.awaits_summary);
        if is_summary {
            self.is_in_summary = true;
            self.put("<summary>");
        }
        match tag {
            Tag::Heading { .. } if self.callout.take().is_some() => {
                self.is_callout_title = true;
                self.put(if is_summary { "<strong>" } else { "<p><strong>" });
            }
            Tag::Heading { level, .. } => {
                self.heading_text = Some(String::new());
                self.put(&format!("<h{0} id=\"heading-{1}-{2}\">", lowered(level), self.number, self.heading_count));
            }
            Tag::Paragraph if is_summary => {}
            Tag::Paragraph => self.put("<p>"),
            Tag::BlockQuote(kind) => {
                self.put("<blockquote>\n");
                self.callout = kind;
            }
            Tag::CodeBlock(kind) => {
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => InfoString::read(info),
                    CodeBlockKind::Indented => InfoString::default(),
                };
                if !info.title.is_empty() {
                    self.put(&format!("<p class=\"facts\">{}</p>\n", escaped(&info.title)));
                }
                let is_name = |c: char| c.is_ascii_alphanumeric() || "-_+#".contains(c);
                match !info.language.is_empty() && info.language.chars().all(is_name) {
                    true => self.put(&format!("<pre><code class=\"language-{}\">", info.language)),
                    false => self.put("<pre><code>"),
                }
            }
            Tag::List(None) => self.put("<ul>\n"),
            Tag::List(Some(1)) => self.put("<ol>\n"),
            Tag::List(Some(first)) => self.put(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.put("<li>"),
            Tag::FootnoteDefinition(label) => {
                let label = escaped(&label);
                self.put(&format!("<div class=\"note\" id=\"note-{}-{label}\"><sup>{label}</sup> ", self.number));
            }
            Tag::DefinitionList => self.put("<dl>\n"),
            Tag::DefinitionListTitle => self.put("<dt>"),
            Tag::DefinitionListDefinition => self.put("<dd>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.put("<table>\n");
            }
            Tag::TableHead => {
                (self.column, self.is_in_head) = (0, true);
                self.put("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.put("<tr>");
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                self.column = self.column.saturating_add(1);
                self.put(&format!("<{}{class}>", self.cell()));
            }
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::Strikethrough => self.put("<del>"),
            Tag::Superscript => self.put("<sup>"),
            Tag::Subscript => self.put("<sub>"),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.open_link(&format!("mailto:{dest_url}")),
            Tag::Link { dest_url, .. } => self.open_link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.open_link(&dest_url);
                self.put("[image: ");
            }
            Tag::MetadataBlock(_) => {
                self.awaits_summary = true;
                let is_open = folds::started(&Event::Start(tag)).unwrap_or_default();
                self.put(if is_open { "<details open>\n" } else { "<details>\n" });
            }
            Tag::HtmlBlock => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) if std::mem::take(&mut self.is_callout_title) => {
                let is_summary = std::mem::take(&mut self.is_in_summary);
                self.put(if is_summary { "</strong></summary>\n" } else { "</strong></p>\n" });
            }
            TagEnd::Heading(level) => {
                let is_summary = std::mem::take(&mut self.is_in_summary);
                self.put(&format!("</h{}>{}\n", lowered(level), if is_summary { "</summary>" } else { "" }));
                // As the outline counts them, which the numbers for links come from.
                let text = self.heading_text.take().unwrap_or_default();
                self.heading_count += usize::from(!clean::plain_line(&text).is_empty());
            }
            TagEnd::Paragraph if std::mem::take(&mut self.is_in_summary) => self.put("</summary>\n"),
            TagEnd::Paragraph => self.put("</p>\n"),
            TagEnd::BlockQuote(_) => self.put("</blockquote>\n"),
            TagEnd::CodeBlock => self.put("</code></pre>\n"),
            TagEnd::List(false) => self.put("</ul>\n"),
            TagEnd::List(true) => self.put("</ol>\n"),
            TagEnd::Item => self.put("</li>\n"),
            TagEnd::FootnoteDefinition => self.put("</div>\n"),
            TagEnd::DefinitionList => self.put("</dl>\n"),
            TagEnd::DefinitionListTitle => self.put("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.put("</dd>\n"),
            TagEnd::Table => self.put("</tbody>\n</table>\n"),
            TagEnd::TableHead => {
                self.is_in_head = false;
                self.put("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.put("</tr>\n"),
            TagEnd::TableCell => self.put(&format!("</{}>", self.cell())),
            TagEnd::Emphasis => self.put("</em>"),
            TagEnd::Strong => self.put("</strong>"),
            TagEnd::Strikethrough => self.put("</del>"),
            TagEnd::Superscript => self.put("</sup>"),
            TagEnd::Subscript => self.put("</sub>"),
            TagEnd::Link => self.close_link(),
            TagEnd::Image => {
                self.put("]");
                self.close_link();
            }
            TagEnd::MetadataBlock(_) => self.put("</details>\n"),
            TagEnd::HtmlBlock => {}
        }
    }

    fn cell(&self) -> &'static str {
        if self.is_in_head { "th" } else { "td" }
    }

    fn open_link(&mut self, target: &str) {
        // HTML has no link within a link: a picture that is the text of one is text.
        let is_inside = self.open_links.iter().any(|end| !end.is_empty());
        let start = match target.strip_prefix('#') {
            _ if is_inside => None,
            Some(anchor) => {
                let number = self.headings.get(&anchors::key(anchor));
                number.map(|number| format!("<a href=\"#heading-{}-{number}\">", self.number))
            }
            None => web_or_mail(target).or_else(|| self.on_own_site(target)).map(|address| link_start(&address)),
        };
        self.open_links.push(if start.is_some() { "</a>" } else { "" });
        self.put(&start.unwrap_or_default());
    }

    /// The address of a link such as `/about/` on the site of the article. Other relative links lead from file to file.
    fn on_own_site(&self, target: &str) -> Option<String> {
        let is_path = target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\");
        let address = self.own.as_ref().filter(|_| is_path)?.join(target).ok()?;
        Address::parse(address.as_str()).ok().map(|address| address.as_str().to_owned())
    }

    fn close_link(&mut self) {
        let end = self.open_links.pop().unwrap_or_default();
        self.put(end);
    }
}

/// The address of a link that may be in the document: http, https, or mailto without hidden characters.
fn web_or_mail(target: &str) -> Option<String> {
    let mail = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    match mail {
        Some(_) => {
            let is_plain = target.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\'' | '`'));
            is_plain.then(|| target.to_owned())
        }
        None => Address::parse(target).ok().map(|address| address.as_str().to_owned()),
    }
}

/// The level of a heading in the document, whose title has the first one.
fn lowered(level: HeadingLevel) -> usize {
    (level as usize).saturating_add(1).min(6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(markdown: &str) -> String {
        let html = document(&Article::builder("T").body(markdown).build(), &[], 0);
        let (_, body) = html.split_once("<h1>T</h1>\n").expect("a title");
        body.strip_suffix("</body>\n</html>\n").expect("an end").to_owned()
    }

    #[test]
    fn markdown_becomes_html() {
        for (markdown, html) in [
            ("a *b* **c** ~~d~~ `e<`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>\n"),
            ("## H\n\n[x](#h) [y](#no)", "<h3 id=\"heading-0-0\">H</h3>\n<p><a href=\"#heading-0-0\">x</a> y</p>\n"),
            ("> [!TIP]\n> t", "<blockquote>\n<p><strong>Tip</strong></p>\n<p>t</p>\n</blockquote>\n"),
            (
                "<details open><summary>A <b>b</b></summary>c</details>",
                "<details open>\n<summary>A <strong>b</strong></summary>\n<p>c</p>\n</details>\n",
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
                "<p>a<sup><a href=\"#note-0-1\" id=\"reference-0-1\">1</a></sup></p>\n<hr>\n<div class=\"note\" id=\"note-0-1\"><sup>1</sup> <p>note</p>\n</div>\n",
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
        let html = document(&article, &[], 0);
        let wanted = "<p><a rel=\"noreferrer noopener\" href=\"https://example.org/y?z\">x</a> f h [image: j]</p>";
        assert!(html.contains(wanted), "{html}");
    }

    #[test]
    fn the_policy_allows_exactly_the_style() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
        let html = document(&Article::builder("<script>").body("").build(), &["a & \u{1b}[31mb".into()], 0);
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
                prop_assert!(known.contains(&name.trim_start_matches('/')), "{}", tag);
                match name.strip_prefix('/') {
                    Some(name) => prop_assert_eq!(open.pop(), Some(name), "{}", html.clone()),
                    None if name == "br" || name == "hr" => {}
                    None => open.push(name),
                }
            }
            prop_assert!(open.is_empty(), "{}", html);
        }
    }
}
