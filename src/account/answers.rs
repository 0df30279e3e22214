//! Why the answer of a service cannot be used, and what all services' answers in JSON have in common.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::channel::{Channel, Format, Item, UpdateHints};
use crate::digest::{PreparedChannel, prepare};
use crate::feed::UntrustedText;

/// Why an answer cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NotAnAnswer {
    /// It is empty.
    #[error("the service answered nothing")]
    Empty,
    /// It is a web page.
    #[error("the service answered with a web page")]
    Page,
    /// It is no JSON, or ends too early.
    #[error("the service's answer is not whole JSON (line {line}, column {column})")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It lacks what was asked for.
    #[error("the service's answer lacks what was asked for")]
    Other,
    /// User or password is wrong.
    #[error("the service wants another user or password")]
    Denied,
    /// It has more than is read.
    #[error("the service's answer has too many entries")]
    TooMany,
}

/// Reads JSON.
pub fn json(bytes: &[u8]) -> Result<Value, NotAnAnswer> {
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(NotAnAnswer::Empty),
        Some(b'<') => return Err(NotAnAnswer::Page),
        Some(_) => {}
    }
    let not_json = |error: serde_json::Error| NotAnAnswer::NotJson { line: error.line(), column: error.column() };
    serde_json::from_slice(bytes).map_err(not_json)
}

/// A member that is a text; empty if it is missing or something else.
pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is a number, also one in quotes.
pub fn number(object: &Value, name: &str) -> Option<i64> {
    match object.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A member that is a text or a number, as text.
pub fn text_or_number(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// A member that is a list. Without it, an answer is not one to what was asked.
pub fn list<'a>(object: &'a Value, name: &str) -> Result<&'a [Value], NotAnAnswer> {
    match object.get(name) {
        Some(Value::Array(list)) => Ok(list),
        _ => Err(NotAnAnswer::Other),
    }
}

/// A title: services write it with the entities of HTML.
pub fn title(text: &str) -> UntrustedText {
    UntrustedText::new(html_escape::decode_html_entities(text).trim())
}

/// Items, ready to be written.
pub fn prepared(items: Vec<Item>) -> PreparedChannel {
    let channel = Channel {
        format: Format::JsonFeed,
        title: UntrustedText::default(),
        link: None,
        description: UntrustedText::default(),
        language: None,
        updated: None,
        icon: None,
        hints: UpdateHints::default(),
        items,
        // Other items of these feeds exist.
        is_partial: true,
        repairs: Vec::new(),
    };
    prepare(channel, false)
}
