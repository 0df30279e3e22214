//! One tag in the middle of Markdown text: what it means for the text after it.

use super::document::Document;
use super::element::{Content, Element};
use super::embed;
use super::image;
use super::tokens::{self, Attributes, Handler, StartTag};

/// The elements within text whose content is not shown.
const HIDDEN: [&[u8]; 4] = [b"script", b"style", b"template", b"svg"];

/// What a tag means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InlineTag {
    /// An element begins.
    Start(InlineElement),
    /// The innermost open element of this kind ends. The address of a link is empty here.
    End(InlineElement),
    /// A line break, or the edge of a block, which begins a new line.
    Break,
    /// An image, with its description.
    Image {
        /// Its address as written.
        address: String,
        /// Its description; may be empty.
        alt: String,
    },
    /// A video, a sound or another page, with its title.
    Embed {
        /// Its address; known players are replaced by the page that shows the same.
        address: String,
        /// Its title, or what it is.
        title: String,
    },
    /// Text in the place of the tag.
    Text(String),
    /// It changes nothing.
    Nothing,
}

/// An element that changes the text in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InlineElement {
    /// `<strong>`, `<b>`, `<mark>`
    Strong,
    /// `<em>`, `<i>`, and elements that browsers show like them.
    Emphasis,
    /// `<del>`, `<s>`
    Strikethrough,
    /// `<code>`, `<samp>`, `<tt>`
    Code,
    /// `<kbd>`
    Key,
    /// `<sub>`
    Subscript,
    /// `<sup>`
    Superscript,
    /// `<a>`, with its address as written; empty if it has none.
    Link(String),
    /// It is not shown, with its content: `<script>`, `<style>`, `<svg>`.
    Hidden,
    /// A control of a form, or another element whose words are shown alone: `<button>`, `<select>`.
    Plain,
}

impl InlineElement {
    /// True if an author who writes the tag and no end of it means the name: "the `<select>` element".
    pub fn needs_end(&self) -> bool {
        matches!(self, InlineElement::Hidden | InlineElement::Plain)
    }
}

impl InlineElement {
    /// True if an end tag of `self` ends `other`.
    pub fn is_same_kind(&self, other: &InlineElement) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Reads one tag or comment, such as `<b>`, `</b>` or `<img src="a.png">`.
///
/// A name that HTML does not have, without attributes, is text: in `Vec<T>` the author means these characters.
pub fn inline_tag(source: &str) -> InlineTag {
    let mut reader = TagReader { source, found: InlineTag::Nothing };
    tokens::read(source, &mut reader);
    reader.found
}

/// What is before the title of what is played, in bodies of authors.
pub fn sign_of_media(is_played: bool) -> &'static str {
    if is_played { "▶ " } else { "" }
}

/// What a bar shows: `3/4`, or `75 %` if its end is 1, or `None` if it only moves.
pub fn gauge(attributes: &Attributes) -> Option<String> {
    let number = |name: &str| attributes.get(name).and_then(|value| value.trim().parse::<f64>().ok());
    let written = attributes.get("value").map(str::trim).filter(|value| value.len() <= 20)?;
    let value = number("value").filter(|value| value.is_finite())?;
    match attributes.get("max").map(str::trim).filter(|max| max.len() <= 20 && *max != "1") {
        Some(max) => number("max").map(|_| format!("{written}/{max}")),
        None => Some(format!("{:.0} %", value * 100.0)),
    }
}

/// Text as raised or lowered characters. `None` if one of its characters has no such form.
pub fn raised(text: &str, is_lowered: bool) -> Option<String> {
    const SCRIPTS: [(&str, &str); 2] = [
        ("0123456789+-−–=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"),
        ("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
    ];
    let [above, below] = SCRIPTS;
    let (plain, forms) = if is_lowered { below } else { above };
    let form = |c: char| plain.chars().zip(forms.chars()).find_map(|(from, to)| (from == c).then_some(to));
    text.chars().map(form).collect()
}

struct TagReader<'a> {
    source: &'a str,
    found: InlineTag,
}

impl TagReader<'_> {
    fn unknown(&self, name: &[u8], has_attributes: bool) -> InlineTag {
        match has_attributes || is_html_name(name) {
            true => InlineTag::Nothing,
            false => InlineTag::Text(self.source.to_owned()),
        }
    }
}

impl Handler for TagReader<'_> {
    fn text(&mut self, _: &str) {}

    fn start(&mut self, tag: &StartTag<'_>) -> Content {
        let StartTag { name, attributes, is_closed, .. } = tag;
        self.found = match element(name) {
            Some(InlineElement::Link(_)) => {
                InlineTag::Start(InlineElement::Link(attributes.get("href").unwrap_or_default().trim().to_owned()))
            }
            Some(_) if *is_closed => InlineTag::Nothing,
            Some(element) => InlineTag::Start(element),
            None => match Element::of(name) {
                Element::Break => InlineTag::Break,
                element if element.is_block() => InlineTag::Break,
                Element::Gauge => gauge(attributes).map_or(InlineTag::Nothing, InlineTag::Text),
                Element::Image => image_of(attributes),
                Element::Frame | Element::Embedded => embed_of(attributes),
                Element::Media { is_video } => media_of(attributes, is_video),
                Element::Source => media_of(attributes, true),
                // In `Box<dyn Error>` the second word is no attribute.
                Element::Other => self.unknown(name, *is_closed || self.source.contains('=')),
                _ => InlineTag::Nothing,
            },
        };
        Content::Markup
    }

    fn end(&mut self, name: &[u8], _: &Document<'_>) {
        self.found = match element(name) {
            Some(element) => InlineTag::End(element),
            None => match Element::of(name) {
                element if element.is_block() => InlineTag::Break,
                Element::Other => self.unknown(name, false),
                _ => InlineTag::Nothing,
            },
        };
    }
}

/// The element of a name in lower case, if it changes the text in it.
fn element(name: &[u8]) -> Option<InlineElement> {
    match name {
        b"kbd" => return Some(InlineElement::Key),
        b"mark" => return Some(InlineElement::Strong),
        _ => {}
    }
    match Element::of(name) {
        Element::Strong => Some(InlineElement::Strong),
        Element::Emphasis => Some(InlineElement::Emphasis),
        Element::Strikethrough => Some(InlineElement::Strikethrough),
        Element::Code => Some(InlineElement::Code),
        Element::Superscript => Some(InlineElement::Superscript),
        Element::Subscript => Some(InlineElement::Subscript),
        Element::Link => Some(InlineElement::Link(String::new())),
        Element::Hidden if HIDDEN.contains(&name) => Some(InlineElement::Hidden),
        Element::Hidden => Some(InlineElement::Plain),
        _ => None,
    }
}

fn image_of(attributes: &Attributes) -> InlineTag {
    let alt = attributes.first_of(&["alt", "title"]).unwrap_or_default().trim();
    match image::source(attributes) {
        _ if image::is_character(attributes) => InlineTag::Text(alt.to_owned()),
        _ if image::is_pixel(attributes) => InlineTag::Nothing,
        Some(source) => InlineTag::Image { address: source.address.to_owned(), alt: alt.to_owned() },
        None => InlineTag::Text(alt.to_owned()),
    }
}

fn embed_of(attributes: &Attributes) -> InlineTag {
    let Some(address) = attributes.first_of(&["src", "data-src"]) else { return InlineTag::Nothing };
    let title = attributes.get("title").map(str::trim).filter(|title| !title.is_empty());
    match embed::player(address, true) {
        Some(player) => InlineTag::Embed {
            title: format!("{}{}", sign_of_media(player.is_known), title.unwrap_or(&player.title)),
            address: player.address,
        },
        None => InlineTag::Nothing,
    }
}

fn media_of(attributes: &Attributes, is_video: bool) -> InlineTag {
    let kind = if is_video { "Video" } else { "Audio" };
    match attributes.first_of(&["src", "data-src"]) {
        Some(address) => InlineTag::Embed {
            title: format!("{}{}", sign_of_media(true), attributes.first_of(&["title"]).unwrap_or(kind)),
            address: address.to_owned(),
        },
        None => InlineTag::Nothing,
    }
}

/// True for names of HTML without a meaning for us, and of elements that pages define, which have a hyphen.
fn is_html_name(name: &[u8]) -> bool {
    const NAMES: [&str; 39] = [
        "abbr", "acronym", "area", "base", "basefont", "bdi", "bdo", "big", "blink", "canvas", "col", "colgroup",
        "data", "font", "frameset", "head", "ins", "label", "link", "map", "marquee", "meta", "meter", "nobr",
        "object", "output", "param", "portal", "progress", "rb", "rtc", "slot", "small", "spacer", "time", "track",
        "u", "wbr", "applet",
    ];
    name.contains(&b'-') || NAMES.iter().any(|known| known.as_bytes() == name)
}

/// True if a text may have links of HTML, or elements that hide links.
pub fn may_change_links(source: &str) -> bool {
    let source = source.as_bytes();
    memchr::memchr_iter(b'<', source).any(|at| {
        let name = source.get(at + 1..).unwrap_or_default();
        HIDDEN.iter().chain(&[&b"a"[..]]).any(|known| {
            let (begin, next) = name.split_at(known.len().min(name.len()));
            begin.eq_ignore_ascii_case(known) && !next.first().is_some_and(u8::is_ascii_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_a_meaning() {
        use InlineTag::{Break, End, Nothing, Start};
        let text = |text: &str| InlineTag::Text(text.to_owned());
        let link = |address: &str| InlineElement::Link(address.to_owned());
        let image = |address: &str, alt: &str| InlineTag::Image { address: address.to_owned(), alt: alt.to_owned() };
        let embed =
            |address: &str, title: &str| InlineTag::Embed { address: address.to_owned(), title: title.to_owned() };
        for (source, meaning) in [
            ("<b>", Start(InlineElement::Strong)),
            ("<STRONG class=x>", Start(InlineElement::Strong)),
            ("</b>", End(InlineElement::Strong)),
            ("<mark>", Start(InlineElement::Strong)),
            ("<i>", Start(InlineElement::Emphasis)),
            ("<s>", Start(InlineElement::Strikethrough)),
            ("<code>", Start(InlineElement::Code)),
            ("<kbd>", Start(InlineElement::Key)),
            ("<sub>", Start(InlineElement::Subscript)),
            ("<progress value=1 max=3>", text("1/3")),
            ("<meter value=\".25\">", text("25 %")),
            ("<progress value=x>", Nothing),
            ("<progress value=nan>", Nothing),
            ("<sup>", Start(InlineElement::Superscript)),
            ("<a href=\" /x?a=1&amp;b=2 \">", Start(link("/x?a=1&b=2"))),
            ("<a name=x>", Start(link(""))),
            ("<a name=x/>", Start(link(""))),
            ("</a>", End(link(""))),
            ("<script>", Start(InlineElement::Hidden)),
            ("<br>", Break),
            ("<br/>", Break),
            ("<div>", Break),
            ("</p>", Break),
            ("<span>", Nothing),
            ("</span>", Nothing),
            ("<u>", Nothing),
            ("<my-element>", Nothing),
            ("<!-- x -->", Nothing),
            ("<?php x ?>", Nothing),
            ("<T>", text("<T>")),
            ("<dyn Error>", text("<dyn Error>")),
            ("<select>", Start(InlineElement::Plain)),
            ("</button>", End(InlineElement::Plain)),
            ("<source src=/v.mp4>", embed("/v.mp4", "▶ Video")),
            ("<source srcset=/a.webp>", Nothing),
            ("</T>", text("</T>")),
            ("<String>", text("<String>")),
            ("<Widget id=\"x\">", Nothing),
            ("<Widget/>", Nothing),
            ("<img src=a.png alt=\"A cat\">", image("a.png", "A cat")),
            ("<img data-src=a.png>", image("a.png", "")),
            ("<img alt=x>", text("x")),
            ("<img class=emoji alt=🌊 src=a.png>", text("🌊")),
            ("<img src=a.png width=1 height=1>", Nothing),
            (
                "<iframe src=https://www.youtube.com/embed/abc>",
                embed("https://www.youtube.com/watch?v=abc", "▶ Video on YouTube"),
            ),
            ("<iframe src=https://e.org/x title=\"A map\">", embed("https://e.org/x", "A map")),
            ("<video src=/v.mp4 controls>", embed("/v.mp4", "▶ Video")),
            ("<audio src=/v.mp3>", embed("/v.mp3", "▶ Audio")),
            ("", Nothing),
            ("<", Nothing),
        ] {
            assert_eq!(inline_tag(source), meaning, "{source}");
        }
    }

    #[test]
    fn only_text_with_a_form_for_each_character_is_raised() {
        for (text, is_lowered, form) in [
            ("6", false, Some("⁶")),
            ("-12", false, Some("⁻¹²")),
            ("th", false, Some("ᵗʰ")),
            ("2", true, Some("₂")),
            ("max", true, Some("ₘₐₓ")),
            ("b", true, None),
            ("1 2", false, None),
            ("A", false, None),
        ] {
            assert_eq!(raised(text, is_lowered).as_deref(), form, "{text}");
        }
    }
}
