//! HTML: a streaming reader without a tree, and the writers that turn its events into Markdown or plain text.

mod discovery;
mod markdown;
mod plain_text;

pub use discovery::{ChannelLink, Page, page};
pub use markdown::to_markdown;
pub use plain_text::{plain_to_markdown, to_text};
