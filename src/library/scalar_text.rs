//! Recovers numbers and booleans in front matter as they are written. Parsers turn `3.10` into 3.1 and `007` into 7, which
//! would be other topics.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Mapping, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::front_matter::{FrontMatterFormat, check_limits};
use super::key_positions::Step;
use super::nesting_limit::NestingLimit;

/// The text of every number and boolean: values of the same shape as `map` with text in their place and null everywhere else.
/// Costs another parse. None if the text cannot be read this way.
pub fn scalar_texts(format: FrontMatterFormat, text: &str, map: &Mapping) -> Option<Value> {
    match format {
        FrontMatterFormat::Toml => DeTable::parse(text).ok().map(|table| of_table(table.get_ref(), text)),
        // JSON is nearly a subset of YAML. What the YAML parser rejects has no texts.
        FrontMatterFormat::Yaml | FrontMatterFormat::Json => {
            // JSON meets the YAML parser only here, so its text was not checked against the limits of that parser before.
            check_limits(text, 1).ok()?;
            Shape::Map(map).deserialize(serde_yaml::Deserializer::from_str(text)).ok()
        }
        FrontMatterFormat::Lines => None,
    }
}

/// The text at the end of a path.
pub fn text_at<'a>(texts: &'a Value, steps: &[Step]) -> Option<&'a str> {
    let step = |value: &'a Value, step: &Step| match step {
        Step::Key(key) => value.get(*key),
        Step::Item(number) => value.get(*number),
    };
    steps.iter().try_fold(texts, step)?.as_str()
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

/// The shape of a value from the first parse, which determines what to request from the parser.
#[derive(Clone, Copy)]
enum Shape<'v> {
    Map(&'v Mapping),
    List(&'v [Value]),
    Scalar,
    Other,
}

impl<'v> Shape<'v> {
    fn of(value: &'v Value) -> Shape<'v> {
        match value {
            Value::Mapping(map) => Shape::Map(map),
            Value::Sequence(items) => Shape::List(items),
            Value::Number(_) | Value::Bool(_) => Shape::Scalar,
            Value::Tagged(tagged) => Shape::of(&tagged.value),
            Value::Null | Value::String(_) => Shape::Other,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Shape<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self {
            Shape::Map(_) => from.deserialize_map(self),
            Shape::List(_) => from.deserialize_seq(self),
            // The parser returns a scalar as written if text is requested.
            Shape::Scalar => from.deserialize_str(self),
            Shape::Other => from.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null),
        }
    }
}

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("what was there before")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Shape::List(known) = self else { return Err(Error::custom("a list")) };
        let mut all = Vec::new();
        let shape = |number: usize| known.get(number).map_or(Shape::Other, Shape::of);
        while let Some(item) = items.next_element_seed(shape(all.len()))? {
            all.push(item);
        }
        Ok(Value::Sequence(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Shape::Map(known) = self else { return Err(Error::custom("a map")) };
        let mut map = Mapping::new();
        while let Some(key) = entries.next_key_seed(NestingLimit::FULL)? {
            let shape = known.get(&key).map_or(Shape::Other, Shape::of);
            let value = entries.next_value_seed(shape)?;
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
    fn scalars_keep_their_text() {
        for (format, text, steps, spelling) in [
            (FrontMatterFormat::Yaml, "tags: [a, 3.10, 007]", &[Key("tags"), Item(1)][..], Some("3.10")),
            (FrontMatterFormat::Yaml, "tags: [a, 3.10, 007]", &[Key("tags"), Item(0)], None),
            (FrontMatterFormat::Yaml, "tags:\n  - 1e3 # how many\n  - +5", &[Key("tags"), Item(0)], Some("1e3")),
            (
                FrontMatterFormat::Yaml,
                "tags:\n  [\n    # first\n    0x1F,\n    'a, b', True ]",
                &[Key("tags"), Item(2)],
                Some("True"),
            ),
            (
                FrontMatterFormat::Yaml,
                "a: {b: [[0o17], [~, 1_000, 2.50]]}",
                &[Key("a"), Key("b"), Item(1), Item(2)],
                Some("2.50"),
            ),
            (FrontMatterFormat::Yaml, "a: &a 1.0\nb: [*a]", &[Key("b"), Item(0)], Some("1.0")),
            (FrontMatterFormat::Yaml, "a: !mine 1.0", &[Key("a")], Some("1.0")),
            (FrontMatterFormat::Yaml, "? [1]\n: x\n2: y\na: -0", &[Key("a")], Some("-0")),
            (
                FrontMatterFormat::Toml,
                "tags = [\n 3.10, # ten\n true]\n[extra]\nn = 0x1F\n",
                &[Key("tags"), Item(0)],
                Some("3.10"),
            ),
            (
                FrontMatterFormat::Toml,
                "tags = [3.10, true]\n[extra]\nn = 0x1F\n",
                &[Key("extra"), Key("n")],
                Some("0x1F"),
            ),
            (FrontMatterFormat::Toml, "a.b = [{ c = 1e3 }]", &[Key("a"), Key("b"), Item(0), Key("c")], Some("1e3")),
            (FrontMatterFormat::Json, "{\"tags\": [\"a\", 1.50]}", &[Key("tags"), Item(1)], Some("1.50")),
        ] {
            let map = super::super::front_matter::parse(format, text, 1).expect("front matter").map;
            let texts = scalar_texts(format, text, &map).expect("a spelling");
            assert_eq!(text_at(&texts, steps), spelling, "{text}");
        }
    }
}
