//! The brackets around foldable blocks among the events of a body, and the signs of foldable callouts in its Markdown.

use pulldown_cmark::{Event, MetadataBlockKind, Tag, TagEnd};

/// Before the title of a callout that is folded at first, in the Markdown of a body.
pub const CLOSED_SIGN: &str = "▸ ";
/// The same of one that is open at first.
pub const OPEN_SIGN: &str = "▾ ";

/// The start of a foldable block. No body has metadata blocks, which the parser reads only if asked to.
pub fn start<'a>(is_open: bool) -> Tag<'a> {
    Tag::MetadataBlock(if is_open { MetadataBlockKind::PlusesStyle } else { MetadataBlockKind::YamlStyle })
}

/// Whether the foldable block that an event starts is open at first; `None` for other events.
pub fn started(event: &Event) -> Option<bool> {
    match event {
        Event::Start(Tag::MetadataBlock(kind)) => Some(*kind == MetadataBlockKind::PlusesStyle),
        _ => None,
    }
}

/// True if an event ends a foldable block.
pub fn is_end(event: &Event) -> bool {
    matches!(event, Event::End(TagEnd::MetadataBlock(_)))
}

/// The title of a callout with the sign of its state.
pub fn signed(title: &str, is_open: bool) -> String {
    format!("{}{title}", if is_open { OPEN_SIGN } else { CLOSED_SIGN })
}
