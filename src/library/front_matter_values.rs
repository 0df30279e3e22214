//! Values of front matter as a parser hands them out: no deeper than can be borne, no key twice, and no number too large.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_yaml::{Mapping, Value};

use crate::bracket_limit::MAX_DEPTH;

/// Reads a value with so many levels of lists and maps at most. Each takes some KiB of a stack, aliases can make more of them
/// than there are brackets, and a stack that overflows takes the whole program with it.
#[derive(Clone, Copy)]
pub struct NestingLimit {
    left: usize,
    max: usize,
}

impl NestingLimit {
    /// As many as are read.
    pub const FULL: NestingLimit = NestingLimit { left: MAX_DEPTH, max: MAX_DEPTH };

    /// Half as many: an alias takes twice as much of the stack.
    pub const WITH_ALIASES: NestingLimit = NestingLimit { left: MAX_DEPTH / 2, max: MAX_DEPTH / 2 };

    /// Keys that are lists or maps themselves are nobody's, and take more of the stack: each counts twice.
    fn for_keys(self) -> NestingLimit {
        NestingLimit { left: self.left.saturating_sub(1), ..self }
    }

    fn descend<E: Error>(self) -> Result<NestingLimit, E> {
        let left = self.left.checked_sub(1).ok_or_else(|| E::custom(format!("more than {} levels", self.max)))?;
        Ok(NestingLimit { left, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for NestingLimit {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NestingLimit {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    // What is no number to us is text, and may well be a title.
    fn visit_i128<E>(self, number: i128) -> Result<Value, E> {
        Ok(Value::String(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Value, E> {
        Ok(Value::String(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (inside, mut all) = (self.descend()?, Vec::new());
        while let Some(item) = items.next_element_seed(inside)? {
            all.push(item);
        }
        Ok(Value::Sequence(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let (inside, mut map) = (self.descend()?, Box::default());
        while let Some(key) = next_key(&mut entries, inside.for_keys(), &map)? {
            put(&mut map, key, entries.next_value_seed(inside)?);
        }
        Ok(Value::Mapping(*map))
    }

    // A tag says nothing that we would do.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_tag, value): (String, _) = tagged.variant()?;
        value.newtype_variant_seed(self)
    }
}

// What these need of the stack would be taken at each level if they stood above.

fn next_key<'de, A: MapAccess<'de>>(
    entries: &mut A,
    inside: NestingLimit,
    map: &Mapping,
) -> Result<Option<Box<Value>>, A::Error> {
    let key = entries.next_key_seed(inside)?.map(Box::new);
    if key.as_ref().is_some_and(|key| map.contains_key(&**key)) {
        return Err(duplicate_entry(key.as_deref()));
    }
    Ok(key)
}

#[allow(clippy::boxed_local)] // small where it is handed over
fn put(map: &mut Mapping, key: Box<Value>, value: Value) {
    map.insert(*key, value);
}

fn duplicate_entry<E: Error>(key: Option<&Value>) -> E {
    let key = serde_yaml::to_string(&key).unwrap_or_default();
    E::custom(format!("duplicate entry with key \"{}\"", key.trim().trim_matches(['\'', '"'])))
}
