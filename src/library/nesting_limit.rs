//! Deserialises front matter values with limits: nesting is bounded, duplicate keys are errors, and huge numbers become text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_yaml::{Mapping, Value};

use crate::bracket_limit::MAX_DEPTH;

/// Deserialises a value with a limit for nested lists and maps. Each level takes some KiB of stack, and aliases can nest
/// deeper than the brackets in the text. A stack overflow would abort the program.
#[derive(Clone, Copy)]
pub struct NestingLimit {
    left: usize,
    max: usize,
}

impl NestingLimit {
    /// The full limit.
    pub const FULL: NestingLimit = NestingLimit { left: MAX_DEPTH, max: MAX_DEPTH };

    /// Half of it, since an alias takes twice as much stack.
    pub const WITH_ALIASES: NestingLimit = NestingLimit { left: MAX_DEPTH / 2, max: MAX_DEPTH / 2 };

    /// Keys that are lists or maps are never used and take more stack, so each level counts twice.
    fn for_keys(self) -> NestingLimit {
        NestingLimit { left: self.left.saturating_sub(1), ..self }
    }

    fn descend<E: Error>(self) -> Result<NestingLimit, E> {
        let left =
            self.left.checked_sub(1).ok_or_else(|| E::custom(format!("more than {} levels of nesting", self.max)))?;
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

    // Numbers that do not fit into 64 bits are probably text, for example a title.
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

    // Tags such as `!mine` are ignored.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_tag, value): (String, _) = tagged.variant()?;
        value.newtype_variant_seed(self)
    }
}

// These are functions of their own so that their variables do not take up stack at each level of the recursion above.

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
