//! Why the answer of a service cannot be used, and what all services' answers in JSON have in common.

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::{ItemState, ServiceItems};
use super::service_id::ServiceId;
use crate::channel::{Channel, Format, Item, Person, UpdateHints};
use crate::dates::Date;
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

/// Reads the articles of the list `items` in an answer. A service that sends more than twice `at_once`, which is the number that is asked
/// for, is refused; an entry without an id is skipped. `read` gives the state of an article with this id, and what it says.
pub fn items(
    answer: &Value,
    at_once: usize,
    read: impl Fn(&Value, ServiceId) -> (ItemState, Item),
) -> Result<ServiceItems, NotAnAnswer> {
    let given = list(answer, "items")?;
    if given.len() > at_once * 2 {
        return Err(NotAnAnswer::TooMany);
    }
    let id = |one: &Value| text_or_number(one, "id").and_then(|id| ServiceId::parse(&id));
    let read = given.iter().filter_map(|one| id(one).map(|id| read(one, id)));
    let (states, items) = read.unzip();
    Ok(ServiceItems { states, channel: prepared(items) })
}

/// The authors of an article whose service names them in one text.
pub fn authors(author: &str) -> Vec<Person> {
    let author = author.trim();
    if author.is_empty() { Vec::new() } else { vec![Person { name: title(author), ..Person::default() }] }
}

/// A time in seconds since 1970 as a date. Services write 0 if there is none.
pub fn date(seconds: Option<i64>) -> Option<Date> {
    let seconds = seconds.filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0).map(Date::moment)
}

/// Items, ready to be written.
fn prepared(items: Vec<Item>) -> PreparedChannel {
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
