//! Writes bodies as HTML that is well-formed XML, too: no script, and only links that may be opened.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use url::Url;

use super::markup::{attribute_of, escaped, link_start};
use crate::code::InfoString;
use crate::feed::{
    Address, Article, Body, anchors, clean, folds,
    outline::{self, Heading},
};
use crate::markdown::callout_name;

/// How a body is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct BodyLook<'a> {
    /// Makes its anchors differ from those of other bodies in the same document: letters and digits.
    pub key: &'a str,
    /// The level of the title above it, from 1: the headings of the body are below it.
    pub level: usize,
    /// True if its pictures are loaded from the network; else they are links.
    pub loads_pictures: bool,
}

/// Writes the body of an article.
pub(super) fn push_body(article: &Article, look: BodyLook, out: &mut String) {
    let own = article.link_to_open().and_then(|link| Url::parse(link.address()?.as_str()).ok());
    let headings = outline::headings(&article.body, article.syntax());
    let mut writer = BodyWriter {
        out,
        look,
        own,
        headings: heading_numbers(&headings),
        top: headings.iter().map(|heading| heading.level).min().unwrap_or(1),
        names: HashSet::new(),
        heading_count: 0,
        heading: None,
        open_links: Vec::new(),
        picture: None,
        table: OpenTable::default(),
        callout: None,
        is_callout_title: false,
        awaits_summary: false,
        is_in_summary: false,
    };
    Body::new(article.body.untrusted(), article.syntax()).events().for_each(|event| writer.event(event));
}

/// The number of each heading by its letters and digits. The first of several equal ones counts.
fn heading_numbers(headings: &[Heading]) -> HashMap<String, usize> {
    let mut numbers = HashMap::new();
    for (number, heading) in headings.iter().enumerate() {
        let id = heading.id.as_deref().map(anchors::key);
        for key in id.into_iter().chain([anchors::key(heading.text.as_str())]) {
            numbers.entry(key).or_insert(number);
        }
    }
    numbers
}

/// An open heading.
#[derive(Default)]
struct OpenHeading {
    text: String,
    /// Where its name belongs in the output.
    at: usize,
}

/// An open picture.
struct OpenPicture {
    address: String,
    /// Its description so far.
    text: String,
    /// Pictures in the description.
    depth: usize,
}

/// The open table.
#[derive(Default)]
struct OpenTable {
    alignments: Vec<Alignment>,
    /// The column of the next cell.
    column: usize,
    is_in_head: bool,
}

/// Writes the events of a body.
struct BodyWriter<'a> {
    out: &'a mut String,
    look: BodyLook<'a>,
    /// The address of the article.
    own: Option<Url>,
    headings: HashMap<String, usize>,
    /// The level of its highest heading, which becomes the one below the title.
    top: usize,
    /// The names of footnotes, and of references to them, so far.
    names: HashSet<String>,
    /// The number of headings so far, and the open one.
    heading_count: usize,
    heading: Option<OpenHeading>,
    /// For each open link, how it ends.
    open_links: Vec<&'static str>,
    /// The open picture, if it is loaded.
    picture: Option<OpenPicture>,
    table: OpenTable,
    /// A callout that has opened, whose title is not written yet.
    callout: Option<BlockQuoteKind>,
    is_callout_title: bool,
    /// The next block is the title of details, or it is being written.
    awaits_summary: bool,
    is_in_summary: bool,
}

impl BodyWriter<'_> {
    fn event(&mut self, event: Event) {
        if self.picture.is_some() {
            return self.describe_picture(&event);
        }
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
                // A footnote leads back to its first reference.
                let (key, id) = (self.look.key, self.new_name("reference", &label));
                self.put(&format!("<sup><a href=\"#note-{key}-{label}\"{id}>{label}</a></sup>"));
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.put("<br/>\n"),
            Event::Rule => self.put("<hr/>\n"),
            Event::TaskListMarker(is_done) => self.put(if is_done { "☑ " } else { "☐ " }),
        }
    }

    fn put(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
        self.put(&escaped(text));
    }

    /// The attribute that names a footnote, or a reference to it. Empty if the name is in use: the first of several counts.
    fn new_name(&mut self, kind: &str, label: &str) -> String {
        let name = format!("{kind}-{}-{label}", self.look.key);
        let attribute = format!(" id=\"{name}\"");
        if self.names.insert(name) { attribute } else { String::new() }
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
                self.put(&format!("<h{}", self.lowered(level)));
                self.heading = Some(OpenHeading { text: String::new(), at: self.out.len() });
                self.put(">");
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
                let id = self.new_name("note", &label);
                self.put(&format!("<div class=\"note\"{id}><sup>{label}</sup> "));
            }
            Tag::DefinitionList => self.put("<dl>\n"),
            Tag::DefinitionListTitle => self.put("<dt>"),
            Tag::DefinitionListDefinition => self.put("<dd>"),
            Tag::Table(alignments) => {
                self.table = OpenTable { alignments, ..OpenTable::default() };
                self.put("<table>\n");
            }
            Tag::TableHead => {
                (self.table.column, self.table.is_in_head) = (0, true);
                self.put("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.put("<tr>");
            }
            Tag::TableCell => {
                let class = match self.table.alignments.get(self.table.column) {
                    Some(Alignment::Right) => " class=\"right\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    _ => "",
                };
                self.table.column = self.table.column.saturating_add(1);
                self.put(&format!("<{}{class}>", self.cell()));
            }
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::Strikethrough => self.put("<del>"),
            Tag::Superscript => self.put("<sup>"),
            Tag::Subscript => self.put("<sub>"),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.open_link(&format!("mailto:{dest_url}")),
            Tag::Link { dest_url, .. } => self.open_link(&dest_url),
            Tag::Image { dest_url, .. } => self.open_picture(&dest_url),
            Tag::MetadataBlock(_) => {
                self.awaits_summary = true;
                let is_open = folds::started(&Event::Start(tag)).unwrap_or_default();
                self.put(if is_open { "<details open=\"open\">\n" } else { "<details>\n" });
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
                self.put(&format!("</h{}>{}\n", self.lowered(level), if is_summary { "</summary>" } else { "" }));
                self.name_heading();
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
                self.table.is_in_head = false;
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
        if self.table.is_in_head { "th" } else { "td" }
    }

    fn open_link(&mut self, target: &str) {
        // HTML has no link within a link: a picture that is the text of one is text.
        let is_inside = self.open_links.iter().any(|end| !end.is_empty());
        let start = match target.strip_prefix('#') {
            _ if is_inside => None,
            Some(anchor) => {
                let number = self.headings.get(&anchors::key(anchor));
                number.map(|number| format!("<a href=\"#heading-{}-{number}\">", self.look.key))
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

    /// Opens a picture: one that is loaded if the look has such pictures and the address may be loaded, else a link.
    fn open_picture(&mut self, target: &str) {
        let address = || Address::parse(target).ok().map(|address| address.as_str().to_owned());
        let address = address().or_else(|| self.on_own_site(target)).filter(|_| self.look.loads_pictures);
        match address {
            Some(address) => self.picture = Some(OpenPicture { address, text: String::new(), depth: 0 }),
            None => {
                self.open_link(target);
                self.put("[image: ");
            }
        }
    }

    /// Adds to the description of the open picture, which is text, and writes the picture at its end.
    fn describe_picture(&mut self, event: &Event) {
        let Some(picture) = &mut self.picture else { return };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                picture.text.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => picture.text.push(' '),
            Event::Start(Tag::Image { .. }) => picture.depth += 1,
            Event::End(TagEnd::Image) if picture.depth > 0 => picture.depth -= 1,
            Event::End(TagEnd::Image) => {
                let (address, text) = (attribute_of(&picture.address), escaped(&picture.text));
                if let Some(heading) = &mut self.heading {
                    heading.text.push_str(&picture.text);
                }
                self.picture = None;
                self.put(&format!("<img src=\"{address}\" alt=\"{text}\"/>"));
            }
            _ => {}
        }
    }

    /// Gives the heading that has ended a name, as the outline counts them, which the numbers for links come from. A heading without
    /// text has none.
    fn name_heading(&mut self) {
        let Some(heading) = self.heading.take().filter(|heading| !clean::plain_line(&heading.text).is_empty()) else {
            return;
        };
        let name = format!(" id=\"heading-{}-{}\"", self.look.key, self.heading_count);
        self.out.insert_str(heading.at, &name);
        self.heading_count += 1;
    }

    /// The level of a heading in the document.
    fn lowered(&self, level: HeadingLevel) -> usize {
        (level as usize).saturating_sub(self.top).saturating_add(self.look.level).saturating_add(1).min(6)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn body(markdown: &str, loads_pictures: bool) -> String {
        let article = Article::builder("T").link("https://example.org/a/").body(markdown).build();
        let mut out = String::new();
        push_body(&article, BodyLook { key: "k", level: 2, loads_pictures }, &mut out);
        out
    }

    #[test]
    fn pictures_are_loaded_only_from_addresses_that_may_be_opened() {
        for (markdown, html) in [
            ("![a *b*](https://e.org/p.png)", "<p><img src=\"https://e.org/p.png\" alt=\"a b\"/></p>\n"),
            ("![a ![b](c) `d`](/p?a&b)", "<p><img src=\"https://example.org/p?a&amp;b\" alt=\"a b d\"/></p>\n"),
            ("![\"](javascript:x)", "<p>[image: &quot;]</p>\n"),
            ("![a](mailto:a@e.org)", "<p><a rel=\"noreferrer noopener\" href=\"mailto:a@e.org\">[image: a]</a></p>\n"),
            (
                "# ![a](https://e.org/p)\n\n# b\n\n[c](#b)",
                "<h3 id=\"heading-k-0\"><img src=\"https://e.org/p\" alt=\"a\"/></h3>\n<h3 id=\"heading-k-1\">b</h3>\n<p><a href=\"#heading-k-1\">c</a></p>\n",
            ),
        ] {
            assert_eq!(body(markdown, true), html, "{markdown}");
        }
        assert!(!body("![a](https://e.org/p.png)", false).contains("<img"));
    }

    #[test]
    fn the_highest_heading_is_below_the_title() {
        for (markdown, html) in [
            ("#### a\n\n###### b", "<h3 id=\"heading-k-0\">a</h3>\n<h5 id=\"heading-k-1\">b</h5>\n"),
            ("# a\n\n###### b", "<h3 id=\"heading-k-0\">a</h3>\n<h6 id=\"heading-k-1\">b</h6>\n"),
        ] {
            assert_eq!(body(markdown, false), html, "{markdown}");
        }
    }

    #[test]
    fn a_heading_without_text_has_no_name() {
        assert_eq!(
            body("#\n\n# a\n\n#\n\n# b", false),
            "<h3></h3>\n<h3 id=\"heading-k-0\">a</h3>\n<h3></h3>\n<h3 id=\"heading-k-1\">b</h3>\n"
        );
    }
}
