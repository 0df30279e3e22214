//! The text of numbers, `true` and `false` as front matter spells them: parsers turn `3.10` into 3.1 and `007` into 7, which are
//! other topics.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Mapping, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::front_matter::{Format, guard};
use super::front_matter_values::Levels;
use super::key_positions::Step;

/// The spelling of every number and every `true` or `false` in front matter: values of the same shape as `map`, in which those
/// are texts and all else is null. It costs another parse. None when the text cannot be read this way.
pub fn spelled(format: Format, text: &str, map: &Mapping) -> Option<Value> {
    match format {
        Format::Toml => DeTable::parse(text).ok().map(|table| of_table(table.get_ref(), text)),
        // JSON is YAML too, as far as it is spelt.
        Format::Yaml | Format::Json => {
            guard(text, 1).ok()?;
            Like::Map(map).deserialize(serde_yaml::Deserializer::from_str(text)).ok()
        }
        Format::Lines => None,
    }
}

/// The text at the end of some steps.
pub fn text_at<'a>(spelled: &'a Value, steps: &[Step]) -> Option<&'a str> {
    let step = |value: &'a Value, step: &Step| match step {
        Step::Key(key) => value.get(*key),
        Step::Item(number) => value.get(*number),
    };
    steps.iter().try_fold(spelled, step)?.as_str()
}

fn of_table(table: &DeTable, text: &str) -> Value {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue>)| {
        let key: &std::borrow::Cow<str> = key.get_ref();
        (Value::String(key.to_string()), of_toml(value, text))
    };
    Value::Mapping(table.iter().map(entry).collect())
}

fn of_toml(value: &Spanned<DeValue>, text: &str) -> Value {
    match value.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => {
            text.get(value.span()).map_or(Value::Null, |spelling| Value::String(spelling.to_owned()))
        }
        DeValue::Array(items) => Value::Sequence(items.iter().map(|item| of_toml(item, text)).collect()),
        DeValue::Table(table) => of_table(table, text),
        DeValue::String(_) | DeValue::Datetime(_) => Value::Null,
    }
}

/// A value that was parsed before: it says what is asked of the parser at each place.
#[derive(Clone, Copy)]
enum Like<'v> {
    Map(&'v Mapping),
    List(&'v [Value]),
    Scalar,
    Other,
}

impl<'v> Like<'v> {
    fn of(value: &'v Value) -> Like<'v> {
        match value {
            Value::Mapping(map) => Like::Map(map),
            Value::Sequence(items) => Like::List(items),
            Value::Number(_) | Value::Bool(_) => Like::Scalar,
            Value::Tagged(tagged) => Like::of(&tagged.value),
            Value::Null | Value::String(_) => Like::Other,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Like<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self {
            Like::Map(_) => from.deserialize_map(self),
            Like::List(_) => from.deserialize_seq(self),
            // The parser hands out a scalar as it is spelt to those who ask for text.
            Like::Scalar => from.deserialize_str(self),
            Like::Other => from.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null),
        }
    }
}

impl<'de> Visitor<'de> for Like<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("what was there before")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Like::List(known) = self else { return Err(Error::custom("a list")) };
        let mut all = Vec::new();
        let like = |number: usize| known.get(number).map_or(Like::Other, Like::of);
        while let Some(item) = items.next_element_seed(like(all.len()))? {
            all.push(item);
        }
        Ok(Value::Sequence(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Like::Map(known) = self else { return Err(Error::custom("a map")) };
        let mut map = Mapping::new();
        while let Some(key) = entries.next_key_seed(Levels::ALL)? {
            let like = known.get(&key).map_or(Like::Other, Like::of);
            let value = entries.next_value_seed(like)?;
            map.insert(key, value);
        }
        Ok(Value::Mapping(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{Item, Key};

    #[test]
    fn scalars_are_as_they_are_spelt() {
        for (format, text, steps, spelling) in [
            (Format::Yaml, "tags: [a, 3.10, 007]", &[Key("tags"), Item(1)][..], Some("3.10")),
            (Format::Yaml, "tags: [a, 3.10, 007]", &[Key("tags"), Item(0)], None),
            (Format::Yaml, "tags:\n  - 1e3 # how many\n  - +5", &[Key("tags"), Item(0)], Some("1e3")),
            (
                Format::Yaml,
                "tags:\n  [\n    # first\n    0x1F,\n    'a, b', True ]",
                &[Key("tags"), Item(2)],
                Some("True"),
            ),
            (Format::Yaml, "a: {b: [[0o17], [~, 1_000, 2.50]]}", &[Key("a"), Key("b"), Item(1), Item(2)], Some("2.50")),
            (Format::Yaml, "a: &a 1.0\nb: [*a]", &[Key("b"), Item(0)], Some("1.0")),
            (Format::Yaml, "a: !mine 1.0", &[Key("a")], Some("1.0")),
            (Format::Yaml, "? [1]\n: x\n2: y\na: -0", &[Key("a")], Some("-0")),
            (
                Format::Toml,
                "tags = [\n 3.10, # ten\n true]\n[extra]\nn = 0x1F\n",
                &[Key("tags"), Item(0)],
                Some("3.10"),
            ),
            (Format::Toml, "tags = [3.10, true]\n[extra]\nn = 0x1F\n", &[Key("extra"), Key("n")], Some("0x1F")),
            (Format::Toml, "a.b = [{ c = 1e3 }]", &[Key("a"), Key("b"), Item(0), Key("c")], Some("1e3")),
            (Format::Json, "{\"tags\": [\"a\", 1.50]}", &[Key("tags"), Item(1)], Some("1.50")),
        ] {
            let map = super::super::front_matter::parse(format, text, 1).expect("front matter").map;
            let spelled = spelled(format, text, &map).expect("a spelling");
            assert_eq!(text_at(&spelled, steps), spelling, "{text}");
        }
    }
}
