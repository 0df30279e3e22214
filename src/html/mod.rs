//! HTML: a streaming reader without a tree, and the writers that turn its events into Markdown or plain text.

mod discovery;
mod document;
mod element;
mod embed;
mod event;
mod fold_tag;
mod image;
mod inline_tag;
mod markdown;
mod media_kind;
mod plain_text;
mod reader;
mod shape;
mod tokens;

pub use discovery::{ChannelLink, Page, page};
pub use embed::media;
pub use event::{Block, Cell, Embed, Event, Image, Link, Style};
pub use fold_tag::FoldTag;
pub use inline_tag::{InlineElement, InlineTag, inline_tag, may_change_links, raised};
pub use markdown::{plain_to_markdown, to_markdown, to_markdown_as_written, to_markdown_with};
pub use media_kind::MediaKind;
pub use plain_text::to_text;
pub use reader::{MAX_DEPTH, Reader};
pub use shape::{Shape, shape};
