//! What is open within a paragraph of a body.

use pulldown_cmark::TagEnd;

use crate::html::InlineElement;

/// An open inline element.
pub struct Open {
    /// The element of HTML; `None` for one of Markdown, which only its own end closes.
    pub element: Option<InlineElement>,
    /// The end event of one of Markdown; `None` if only its content is shown.
    pub end: Option<TagEnd>,
    /// What holds for the text in it.
    pub inside: Inside,
}

/// What the open elements say of a text.
#[derive(Clone, Copy, Default)]
pub struct Inside {
    /// It is the text of a link.
    pub is_link: bool,
    /// It is not shown.
    pub is_hidden: bool,
    /// How it is written.
    pub form: Form,
}

/// How a text is written.
#[derive(Clone, Copy, Default)]
pub enum Form {
    /// As it is.
    #[default]
    Text,
    /// As inline code.
    Code,
    /// As the name of a key, `[Ctrl]`.
    Key,
    /// With raised characters, `10⁶`.
    Raised,
    /// With lowered characters, `H₂O`.
    Lowered,
}
