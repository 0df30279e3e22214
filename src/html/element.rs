//! The elements of HTML by the way they are read.

/// How the content of an element is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Tags and text.
    Markup,
    /// Text up to the end tag, without tags or entities.
    Raw,
    /// Like raw, with the rules for scripts.
    Script,
    /// Text up to the end tag, without tags and with entities.
    Text,
}

/// What an element means to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Begins and ends a paragraph (`div`, `p`, `section`).
    Division,
    Details,
    Quote,
    List {
        is_numbered: bool,
    },
    Item,
    Heading(u8),
    Preformatted,
    Table,
    TableCaption,
    /// `tbody`, `tfoot`, and `thead` if `is_header`.
    RowGroup {
        is_header: bool,
    },
    Row,
    Cell {
        is_header: bool,
    },
    Caption,
    Summary,
    Term,
    Definition,
    Strong,
    Emphasis,
    Strikethrough,
    Code,
    Quotation,
    Superscript,
    Subscript,
    /// `progress` and `meter`.
    Gauge,
    Ruby,
    RubyText,
    Span,
    Link,
    Break,
    Rule,
    Image,
    Picture,
    Source,
    Frame,
    /// `video` and `audio`.
    Media {
        is_video: bool,
    },
    Embedded,
    NoScript,
    Input,
    Math,
    /// Not shown, with its content.
    Hidden,
    /// Without an effect on its content.
    Other,
}

impl Element {
    /// The element of a name in lower case.
    pub fn of(name: &[u8]) -> Element {
        match name {
            b"p" | b"div" | b"section" | b"article" | b"main" | b"header" | b"footer" | b"aside" | b"nav"
            | b"figure" | b"address" | b"center" | b"fieldset" | b"legend" | b"form" | b"dl" | b"hgroup" | b"body"
            | b"html" | b"dialog" | b"search" => Element::Division,
            b"blockquote" => Element::Quote,
            b"ul" | b"menu" | b"dir" => Element::List { is_numbered: false },
            b"ol" => Element::List { is_numbered: true },
            b"li" => Element::Item,
            b"h1" => Element::Heading(1),
            b"h2" => Element::Heading(2),
            b"h3" => Element::Heading(3),
            b"h4" => Element::Heading(4),
            b"h5" => Element::Heading(5),
            b"h6" => Element::Heading(6),
            b"pre" | b"listing" | b"plaintext" | b"xmp" => Element::Preformatted,
            b"table" => Element::Table,
            b"caption" => Element::TableCaption,
            b"tbody" | b"tfoot" => Element::RowGroup { is_header: false },
            b"thead" => Element::RowGroup { is_header: true },
            b"tr" => Element::Row,
            b"td" => Element::Cell { is_header: false },
            b"th" => Element::Cell { is_header: true },
            b"figcaption" => Element::Caption,
            b"details" => Element::Details,
            b"summary" => Element::Summary,
            b"dt" => Element::Term,
            b"dd" => Element::Definition,
            b"strong" | b"b" => Element::Strong,
            b"em" | b"i" | b"cite" | b"dfn" | b"var" => Element::Emphasis,
            b"del" | b"s" | b"strike" => Element::Strikethrough,
            b"code" | b"kbd" | b"samp" | b"tt" => Element::Code,
            b"q" => Element::Quotation,
            b"sup" => Element::Superscript,
            b"sub" => Element::Subscript,
            b"progress" | b"meter" => Element::Gauge,
            b"ruby" => Element::Ruby,
            b"rt" => Element::RubyText,
            b"span" => Element::Span,
            b"a" => Element::Link,
            b"br" => Element::Break,
            b"hr" => Element::Rule,
            b"img" | b"image" | b"amp-img" => Element::Image,
            b"picture" => Element::Picture,
            b"source" => Element::Source,
            b"iframe" | b"frame" | b"amp-iframe" => Element::Frame,
            b"video" => Element::Media { is_video: true },
            b"audio" => Element::Media { is_video: false },
            b"embed" => Element::Embedded,
            b"noscript" => Element::NoScript,
            b"input" => Element::Input,
            b"math" => Element::Math,
            b"script" | b"style" | b"template" | b"svg" | b"select" | b"textarea" | b"button" | b"datalist"
            | b"title" | b"noframes" | b"noembed" | b"rp" | b"option" | b"optgroup" => Element::Hidden,
            _ => Element::Other,
        }
    }

    /// True if the content of the element is not shown, or something else is shown for it.
    pub fn is_replaced(self) -> bool {
        matches!(self, Element::Hidden | Element::Frame | Element::Media { .. } | Element::Math)
    }

    /// True if the element begins a paragraph of its own.
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Element::Division
                | Element::Details
                | Element::Quote
                | Element::List { .. }
                | Element::Item
                | Element::Heading(_)
                | Element::Preformatted
                | Element::Table
                | Element::TableCaption
                | Element::RowGroup { .. }
                | Element::Row
                | Element::Cell { .. }
                | Element::Caption
                | Element::Summary
                | Element::Term
                | Element::Definition
                | Element::Rule
        )
    }
}

/// True for elements without content and end tag.
pub fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// True if a tag of this name, in any case, begins a paragraph of its own.
pub fn is_block(name: &[u8]) -> bool {
    Element::of(&name.to_ascii_lowercase()).is_block()
}

/// How the tokenizer must read the content of an element.
pub fn content(name: &[u8]) -> Content {
    match name {
        b"script" => Content::Script,
        b"style" | b"iframe" | b"xmp" | b"noembed" | b"noframes" => Content::Raw,
        b"textarea" | b"title" => Content::Text,
        _ => Content::Markup,
    }
}
