//! What each tag and each text does to the reader.

use super::super::document::Document;
use super::super::element::{self, Content, Element};
use super::super::embed;
use super::super::event::{Embed, Event, Image};
use super::super::image;
use super::super::inline_tag::{gauge, raised, sign_of_media};
use super::super::tokens::{Attributes, Handler, StartTag};
use super::{Formula, Hidden, Kind, MAX_FORMULA, Media, Reader, Script, Twin, link};

impl<F: FnMut(Event<'_>)> Handler for Reader<F> {
    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return self.hidden_text(text);
        }
        if self.before.margin.is_some() && !text.contains(char::is_alphabetic) {
            return;
        }
        if self.is_in_preformatted() {
            let text = if self.is_preformatted_start { text.strip_prefix('\n').unwrap_or(text) } else { text };
            self.is_preformatted_start = false;
            if !text.is_empty() {
                self.write(text);
            }
            return;
        }
        if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            if !self.is_between() {
                let style = self.spans.style(link(&self.link, self.link_number));
                (self.sink)(Event::Text(text, style));
                self.before.character = Some(' ');
            }
            return;
        }
        self.before.language = None;
        self.before.twin = None;
        if let Some(script) = self.before.script
            && self.link.is_none()
            && self.before.character.is_some_and(|c| c.is_alphanumeric() || c == ')')
            && let Some(shown) = script_text(text.trim(), script, self.is_of_author)
        {
            return self.write(&shown);
        }
        self.write(text);
    }

    fn start(&mut self, tag: &StartTag<'_>) -> Content {
        let &StartTag { name, attributes, is_closed, .. } = tag;
        let content = match &self.hidden {
            // The content of drawings and formulas is not HTML: a `<title>` there has markup.
            Some(hidden) if matches!(hidden.name.as_slice(), b"svg" | b"math") => Content::Markup,
            // XHTML writes `<script src="…"/>` and `<iframe …/>`, which browsers never find the end of.
            _ if is_closed => Content::Markup,
            _ => element::content(name),
        };
        let element = Element::of(name);
        if self.hidden.is_some() && self.stays_hidden(tag, element) {
            return content;
        }
        self.is_preformatted_start &= matches!(element, Element::Code | Element::Span | Element::Other);
        // KaTeX gives each formula as MathML, which is read, and as spans after it.
        let is_formula_again = self.before.is_after_formula && attributes.has_class("katex-html");
        let is_hidden = is_formula_again || hides(element, attributes);
        // An element that is not shown, and whose end tag is missing, must not hide the rest of the document.
        let is_unclosed = || (is_hidden || element.is_replaced()) && !tag.has_end();
        let is_empty = is_closed || element::is_void(name) || is_unclosed();
        if is_hidden {
            if !is_empty {
                self.hide(name);
            }
            return content;
        }
        if self.before.margin.is_none() && is_marginal(element, attributes) && !is_empty && tag.has_end() {
            self.before.margin = Some(name.to_owned());
        }
        self.note_language(attributes);
        if element.is_block() {
            self.start_block(element, name, attributes);
        } else {
            self.start_inline(element, name, attributes, is_empty);
        }
        if is_empty {
            self.end_tag(name, true);
        }
        match element {
            // The text in a frame is for readers that do not show the frame.
            Element::Frame if self.hidden.is_none() => Content::Markup,
            _ => content,
        }
    }

    fn end(&mut self, name: &[u8], document: &Document<'_>) {
        let is_last = self.hidden.as_ref().is_some_and(|hidden| hidden.name == name) && !document.has_end_tag(name);
        self.end_tag(name, is_last);
    }
}

impl<F: FnMut(Event<'_>)> Reader<F> {
    /// Handles an end tag. `is_last` if it is the last one that can end the hidden element.
    fn end_tag(&mut self, name: &[u8], is_last: bool) {
        if let Some(hidden) = &mut self.hidden {
            if let Some(formula) = &mut self.formula {
                formula.in_annotation &= !name.starts_with(b"annotation");
            }
            if hidden.name == name {
                hidden.depth = hidden.depth.saturating_sub(1);
                if hidden.depth == 0 || is_last {
                    self.hidden = None;
                    self.end_formula();
                    self.end_media();
                }
                return;
            }
            if !ends_early(&hidden.name) {
                return;
            }
            self.hidden = None;
        }
        if self.before.margin.as_deref() == Some(name) {
            self.before.margin = None;
        }
        let element = Element::of(name);
        match element {
            Element::Break => {
                // `</br>` is a line break in browsers.
            }
            Element::Strong => self.spans.strong = self.spans.strong.saturating_sub(1),
            Element::Emphasis => self.spans.emphasis = self.spans.emphasis.saturating_sub(1),
            Element::Strikethrough => self.spans.strikethrough = self.spans.strikethrough.saturating_sub(1),
            Element::Code => self.spans.code = self.spans.code.saturating_sub(1),
            Element::Quotation => self.write("\""),
            Element::Superscript | Element::Subscript => self.before.script = None,
            Element::RubyText | Element::Ruby => self.end_ruby_text(),
            Element::Link => {
                self.link = None;
                self.before.shortened = 0;
            }
            Element::Span if self.before.shortened > 0 => {
                self.before.shortened -= 1;
                if self.before.shortened == 0 {
                    self.write("…");
                }
            }
            Element::NoScript => self.before.in_noscript = false,
            Element::Picture => {
                if let Some(address) = self.before.picture.take() {
                    self.image("", &address, false);
                }
            }
            _ if element.is_block() => {
                if name == b"dl"
                    && let Some(term) = self.find(Kind::Term)
                {
                    self.close_to(term);
                }
                self.end_block(element);
            }
            _ => {}
        }
    }

    fn start_inline(&mut self, element: Element, name: &[u8], attributes: &Attributes, is_empty: bool) {
        // A word processor wraps whole documents in `<b style="font-weight:normal">`.
        let is_normal = |property: &str| has_style(attributes, property, "normal");
        match element {
            Element::Strong if !is_normal("font-weight") => self.spans.strong = self.spans.strong.saturating_add(1),
            Element::Emphasis if !is_normal("font-style") => {
                self.spans.emphasis = self.spans.emphasis.saturating_add(1)
            }
            Element::Strikethrough => self.spans.strikethrough = self.spans.strikethrough.saturating_add(1),
            Element::Code => self.spans.code = self.spans.code.saturating_add(1),
            Element::Quotation => self.write("\""),
            Element::Superscript => self.before.script = Some(Script::Raised),
            Element::Subscript => self.before.script = Some(Script::Lowered),
            Element::RubyText => {
                self.end_ruby_text();
                self.write("(");
                self.before.in_ruby_text = true;
            }
            Element::Span if self.link.is_some() && attributes.has_class("invisible") => self.hide(name),
            Element::Span if self.before.shortened > 0 => {
                self.before.shortened = self.before.shortened.saturating_add(1)
            }
            Element::Span if self.link.is_some() && attributes.has_class("ellipsis") => self.before.shortened = 1,
            Element::Link => {
                self.link = attributes.get("href").map(str::to_owned);
                self.link_number = self.link_number.saturating_add(1);
            }
            Element::Break if self.is_in_preformatted() => self.write("\n"),
            Element::Break if !self.is_between() => {
                (self.sink)(Event::Break);
                self.before.character = None;
            }
            Element::Gauge => {
                if let Some(shown) = gauge(attributes) {
                    self.write(&shown);
                    if !is_empty {
                        self.hide(name);
                    }
                }
            }
            Element::Image => self.start_image(attributes),
            Element::Picture => self.before.picture = None,
            Element::Source => {
                let set = attributes.first_of(&["srcset", "data-srcset"]).and_then(image::first_of_set);
                if self.before.picture.is_none() {
                    self.before.picture = set.map(str::to_owned);
                }
            }
            Element::Frame => {
                let address = attributes.first_of(&["data-src", "data-lazy-src", "src"]);
                if self.frame(address, attributes) && name != b"frame" && !is_empty {
                    self.hide(name);
                }
            }
            Element::Embedded => {
                self.frame(attributes.get("src"), attributes);
            }
            Element::Media { is_video } => {
                self.media = Some(Media {
                    is_video,
                    title: attributes.first_of(&["title", "alt"]).unwrap_or_default().to_owned(),
                    address: attributes.first_of(&["src", "data-src"]).map(str::to_owned),
                    poster: attributes.first_of(&["poster"]).map(str::to_owned),
                });
                if is_empty {
                    self.end_media();
                } else {
                    self.hide(name);
                }
            }
            Element::NoScript => self.before.in_noscript = true,
            Element::Input => {
                let is_box = attributes.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
                if is_box && self.top() == Some(Kind::Item) && !self.is_between() && !self.before.has_text {
                    (self.sink)(Event::Task(attributes.get("checked").is_some()));
                    self.before.has_text = true;
                }
            }
            Element::Math => {
                let alternative = attributes.get("alttext").unwrap_or_default().to_owned();
                self.formula = Some(Formula { alternative, ..Formula::default() });
                if is_empty {
                    self.end_formula();
                } else {
                    self.hide(name);
                }
            }
            Element::Hidden if !is_empty => self.hide(name),
            _ => {}
        }
    }

    fn hide(&mut self, name: &[u8]) {
        self.hidden = Some(Hidden { name: name.to_owned(), depth: 1 });
    }

    /// Handles a start tag in a hidden element. False if the tag ends that element, and must be read.
    fn stays_hidden(&mut self, tag: &StartTag<'_>, element: Element) -> bool {
        let &StartTag { name, attributes, is_closed, .. } = tag;
        let Some(hidden) = &mut self.hidden else { return false };
        let is_drawing = matches!(hidden.name.as_slice(), b"svg" | b"math");
        // These cannot be in a drawing or in a hidden paragraph, so its end tag is missing.
        let is_outside = match hidden.name.as_slice() {
            b"svg" | b"math" | b"p" => element.is_block(),
            short => ends_early(short) && short != name,
        };
        if is_outside && !(is_drawing && hidden.depth > FOREIGN) {
            self.hidden = None;
            self.end_formula();
            return false;
        }
        if is_drawing && name == b"foreignobject" && !is_closed {
            hidden.depth = hidden.depth.saturating_add(FOREIGN);
        }
        if hidden.name == name && !is_closed {
            hidden.depth = hidden.depth.saturating_add(1);
        }
        if let Some(formula) = &mut self.formula
            && name.starts_with(b"annotation")
            && !is_closed
        {
            formula.in_annotation = true;
            formula.in_tex =
                name == b"annotation" && attributes.get("encoding").is_some_and(|encoding| encoding.contains("tex"));
        }
        if let Some(media) = &mut self.media
            && element == Element::Source
            && media.address.is_none()
        {
            media.address = attributes.first_of(&["src", "data-src"]).map(str::to_owned);
        }
        true
    }

    fn hidden_text(&mut self, text: &str) {
        let Some(formula) = &mut self.formula else { return };
        let to = match (formula.in_annotation, formula.in_tex) {
            (false, _) => &mut formula.text,
            (true, true) => &mut formula.annotation,
            (true, false) => return,
        };
        if to.len() + text.len() <= MAX_FORMULA {
            to.push_str(text.trim());
        }
    }

    pub(super) fn end_formula(&mut self) {
        let Some(formula) = self.formula.take() else { return };
        let all = [formula.alternative, formula.annotation, formula.text];
        if let Some(text) = all.iter().map(|text| text.trim()).find(|text| !text.is_empty()) {
            let inner = text.strip_prefix("{\\displaystyle").and_then(|text| text.strip_suffix('}')).unwrap_or(text);
            self.write(inner.trim());
            self.before.is_after_formula = true;
        }
    }

    pub(super) fn end_media(&mut self) {
        let Some(media) = self.media.take() else { return };
        let Some(address) = media.address else { return };
        if let Some(poster) = &media.poster {
            self.image(&media.title, poster, false);
        }
        let kind = if media.is_video { "Video" } else { "Audio" };
        let title = if media.title.trim().is_empty() { kind } else { &media.title };
        let title = format!("{}{title}", sign_of_media(self.is_of_author));
        self.settle();
        (self.sink)(Event::Embed(Embed { title: &title, address: &address }));
    }

    /// Links to the page in a frame. False for a frame that is left out.
    fn frame(&mut self, address: Option<&str>, attributes: &Attributes) -> bool {
        let full_screen =
            ["allowfullscreen", "webkitallowfullscreen"].iter().any(|name| attributes.get(name).is_some());
        let full_screen = full_screen || attributes.get("allow").is_some_and(|allowed| allowed.contains("fullscreen"));
        let is_meant = full_screen || self.is_of_author;
        let Some(player) = address.and_then(|address| embed::player(address, is_meant)) else { return false };
        self.settle();
        let title = attributes.first_of(&["title"]).filter(|title| !is_generic(title)).unwrap_or(&player.title);
        let title = format!("{}{title}", sign_of_media(self.is_of_author && player.is_known));
        (self.sink)(Event::Embed(Embed { title: &title, address: &player.address }));
        self.before.has_text = true;
        true
    }

    fn start_image(&mut self, attributes: &Attributes) {
        let source = image::source(attributes);
        let picture = self.before.picture.take();
        let alt = attributes.get("alt").unwrap_or_default();
        if image::is_pixel(attributes) {
            return;
        }
        if image::is_character(attributes) && !alt.trim().is_empty() {
            return self.write(alt.trim());
        }
        match (source, picture) {
            (Some(source), _) => self.image(alt, source.address, source.is_lazy),
            (None, Some(picture)) => self.image(alt, &picture, true),
            (None, None) => {}
        }
    }

    fn image(&mut self, alt: &str, address: &str, is_lazy: bool) {
        let in_noscript = self.before.in_noscript;
        if let Some(twin) = self.before.twin.take()
            && twin.in_noscript != in_noscript
            && (twin.is_lazy || is_lazy || twin.address == address)
        {
            return;
        }
        self.before.twin = Some(Twin { in_noscript, is_lazy, address: address.to_owned() });
        self.settle();
        let link = link(&self.link, self.link_number);
        (self.sink)(Event::Image(Image { alt, address, link }));
        self.before.has_text = true;
        self.before.character = None;
    }

    fn end_ruby_text(&mut self) {
        if std::mem::take(&mut self.before.in_ruby_text) {
            self.write(")");
        }
    }

    fn note_language(&mut self, attributes: &Attributes) {
        let Some(language) = language(attributes) else { return };
        if self.is_in_preformatted() {
            (self.sink)(Event::Language(&language));
        } else {
            self.before.language = Some(language);
        }
    }
}

/// Added to the depth of a drawing within its `<foreignObject>`, which has HTML.
const FOREIGN: u32 = 1 << 16;

/// True for hidden elements that any other tag ends.
fn ends_early(name: &[u8]) -> bool {
    matches!(name, b"rp" | b"option" | b"optgroup")
}

/// Classes of line numbers beside code, by the highlighters that write them: SyntaxHighlighter, Hexo, Rouge, Pygments, Hugo
/// and highlight.js.
const LINE_NUMBERS: [&str; 8] =
    ["gutter", "linenos", "lineno", "linenumber", "line-number", "lnt", "ln", "hljs-ln-numbers"];

/// True if only the words of an element are text: line numbers, and the sign of the link that a heading has to itself, are not.
fn is_marginal(element: Element, attributes: &Attributes) -> bool {
    match element {
        Element::Cell { .. } | Element::Preformatted | Element::Span => {
            LINE_NUMBERS.iter().any(|class| attributes.has_class(class))
        }
        Element::Link => attributes.has_class("headerlink") || attributes.has_class("anchor"),
        _ => false,
    }
}

/// True if the element is not shown because of an attribute. Parts of tables and lists are shown: their end tags are optional.
fn hides(element: Element, attributes: &Attributes) -> bool {
    if matches!(
        element,
        Element::Frame | Element::Cell { .. } | Element::Row | Element::Item | Element::RowGroup { .. }
    ) {
        return false;
    }
    attributes.get("hidden").is_some_and(|value| value != "until-found") || has_style(attributes, "display", "none")
}

/// True if the `style` attribute gives a property this value.
fn has_style(attributes: &Attributes, property: &str, value: &str) -> bool {
    let Some(style) = attributes.get("style") else { return false };
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, given)| {
        name.trim().eq_ignore_ascii_case(property) && given.split_ascii_whitespace().next() == Some(value)
    })
}

/// The programming language that an element names, in the ways of the common highlighters.
fn language(attributes: &Attributes) -> Option<String> {
    let of_word = |word: &str| {
        let prefixes = ["language-", "lang-", "highlight-source-", "highlight-text-", "brush:"];
        prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)).map(str::to_owned)
    };
    let classes = attributes.get("class").unwrap_or_default();
    let named = classes.split([' ', '\t', '\n', ';']).find_map(of_word).filter(|name| !name.is_empty());
    let after_brush = || classes.split_once("brush: ").map(|(_, rest)| rest.to_owned());
    let given = || attributes.first_of(&["data-lang", "data-language"]).map(str::to_owned);
    let language: String = named.or_else(after_brush).or_else(given)?;
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '.' | '_');
    let language: String = language.trim().chars().take_while(is_part).take(32).collect();
    (!language.is_empty()).then(|| language.to_ascii_lowercase())
}

/// Titles that players give to every frame.
fn is_generic(title: &str) -> bool {
    matches!(
        title.trim().to_ascii_lowercase().as_str(),
        "youtube video player" | "vimeo video player" | "embedded content"
    )
}

/// Digits and signs as raised or lowered characters, so that ten to the sixth does not become 106. Other text, such as the `th`
/// of a date, only if the author wrote it by hand: then with a sign before it where it has no such form.
fn script_text(text: &str, script: Script, is_of_author: bool) -> Option<String> {
    let is_lowered = script == Script::Lowered;
    let is_number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '−' | '–'));
    let shown = (is_number || is_of_author).then(|| raised(text, is_lowered)).flatten();
    let sign = if is_lowered { '_' } else { '^' };
    shown.or_else(|| is_of_author.then(|| format!("{sign}{text}")))
}
