//! Members of JSON objects, read as the type they should have; others are reported with their line.

use serde_json::{Map, Value};

use super::repairs::Repairs;
use crate::feed::clean;

/// An object, with what is needed to name the lines of its members.
pub(super) struct Object<'a> {
    /// The members.
    pub(super) members: &'a Map<String, Value>,
    /// The part of the document that it was read from.
    pub(super) text: &'a str,
    /// Line of the document where that part begins, from 1.
    pub(super) line: u32,
}

impl<'a> Object<'a> {
    /// The same place with other members: an object inside this one.
    pub(super) fn inner<'b>(&self, members: &'b Map<String, Value>) -> Object<'b>
    where
        'a: 'b,
    {
        Object { members, text: self.text, line: self.line }
    }

    /// The line where a name occurs for the first time.
    pub(super) fn line_of(&self, name: &str) -> u32 {
        let before = self.text.find(&format!("\"{name}\"")).and_then(|at| self.text.get(..at)).unwrap_or_default();
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
    }

    /// A member that is there and not `null`.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A text that is not blank.
    pub(super) fn text(&self, name: &str, repairs: &mut Repairs) -> Option<&'a str> {
        match self.get(name)? {
            Value::String(text) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
            other => {
                self.report(name, other, repairs);
                None
            }
        }
    }

    /// A text or a number, as text.
    pub(super) fn text_or_number(&self, name: &str, repairs: &mut Repairs) -> Option<String> {
        match self.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(name, repairs).map(str::to_owned),
        }
    }

    /// A number that is not negative, also one in quotes, without its fraction.
    pub(super) fn number(&self, name: &str, repairs: &mut Repairs) -> Option<u64> {
        let value = self.get(name)?;
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        // A float beyond the range becomes the nearest number.
        match number.filter(|number: &f64| *number >= 0.0) {
            Some(number) => Some(number as u64),
            None => {
                self.report(name, value, repairs);
                None
            }
        }
    }

    /// The elements of a list; a single object or text counts as a list of one.
    pub(super) fn list(&self, name: &str, repairs: &mut Repairs) -> &'a [Value] {
        match self.get(name) {
            Some(Value::Array(list)) => list,
            Some(single @ (Value::Object(_) | Value::String(_))) => std::slice::from_ref(single),
            Some(other) => {
                self.report(name, other, repairs);
                &[]
            }
            None => &[],
        }
    }

    /// Reports that a member, or an element of it, has a wrong type.
    pub(super) fn report(&self, name: &str, value: &Value, repairs: &mut Repairs) {
        // Looking for the line of each of many wrong elements would take quadratic time; it is not needed for those that are
        // only counted.
        let line = if repairs.is_full() { self.line } else { self.line_of(name) };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        repairs.push(line, clean::plain_line(&format!("`{name}` cannot be {kind}: ignored")));
    }
}
