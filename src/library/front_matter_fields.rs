//! The fields of front matter: finds them under any of their names and converts their values. Values that cannot be used are
//! ignored with a problem at their position.

use std::cell::OnceCell;

use serde_yaml::{Mapping, Value};

use super::front_matter::FrontMatterFormat;
use super::key_positions::{KeyPositions, Step};
use super::{article_parts, scalar_text};
use crate::dates::{self, Date, DateError};
use crate::feed::{Link, Position, Problem, SafeText, clean};

/// A map in the front matter, with what is needed to find the position of its values.
pub struct Fields<'a> {
    /// Keys as written and their values, in the order of the file.
    values: Vec<(&'a str, &'a Value)>,
    source: &'a FrontMatterSource<'a>,
    path: Vec<Step<'a>>,
}

/// Limit for items of a list: more than real files have, and few enough to compute the position of each.
pub const MAX_ITEMS: usize = 500;

/// Front matter as text and as parsed values.
pub struct FrontMatterSource<'a> {
    format: FrontMatterFormat,
    text: &'a str,
    /// Line number of its first line in the file.
    first_line: u32,
    /// The parsed values.
    map: &'a Mapping,
    /// Built when a position is first needed, since most files have no problems.
    positions: OnceCell<KeyPositions<'a>>,
    /// Built when a number is first needed as text, since most files do not need it.
    scalar_texts: OnceCell<Option<Value>>,
}

impl<'a> FrontMatterSource<'a> {
    /// `first_line` is the line number of `text` in the file, `map` the result of parsing it.
    pub fn new(format: FrontMatterFormat, text: &'a str, first_line: u32, map: &'a Mapping) -> FrontMatterSource<'a> {
        FrontMatterSource { format, text, first_line, map, positions: OnceCell::new(), scalar_texts: OnceCell::new() }
    }

    fn positions(&self) -> &KeyPositions<'a> {
        self.positions.get_or_init(|| KeyPositions::new(self.text))
    }

    /// A number or boolean as written: `0777`, not 511.
    fn scalar_text(&self, path: &[Step]) -> Option<&str> {
        let scalar_texts =
            self.scalar_texts.get_or_init(|| scalar_text::scalar_texts(self.format, self.text, self.map));
        scalar_texts.as_ref().and_then(|scalar_texts| scalar_text::text_at(scalar_texts, path))
    }
}

impl<'a> Fields<'a> {
    /// The fields at the top level.
    pub fn new(source: &'a FrontMatterSource<'a>) -> Fields<'a> {
        Fields::inside(source.map, source, Vec::new())
    }

    fn inside(map: &'a Mapping, source: &'a FrontMatterSource<'a>, path: Vec<Step<'a>>) -> Fields<'a> {
        let values = map.iter().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
        Fields { values, source, path }
    }

    /// The first value for a key, and the key as written. Case, `_` and `-` are ignored.
    fn find(&self, key: &str) -> Option<(&'a str, &'a Value)> {
        // A cheap test first: nearly all keys differ in their first letter.
        let first = key.bytes().next().filter(u8::is_ascii_alphabetic);
        let differs = |written: &str| match (first, written.bytes().next()) {
            (Some(a), Some(b)) => b.is_ascii_alphabetic() && !a.eq_ignore_ascii_case(&b),
            _ => false,
        };
        let is_it = |written: &str| !differs(written) && folded_key(written).eq(folded_key(key));
        self.values.iter().find(|(written, _)| is_it(written)).copied()
    }

    /// True if the key exists, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The value of a key and its path. `a.b` finds a key in a map. A null counts as missing.
    fn value(&self, key: &str) -> Option<(Vec<Step<'a>>, &'a Value)> {
        let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
        let (written, value) = self.find(first)?;
        let mut path = self.path.clone();
        path.push(Step::Key(written));
        match (rest, value) {
            (None, Value::Null) => None,
            (None, Value::Tagged(tagged)) => Some((path, &tagged.value)),
            (None, value) => Some((path, value)),
            (Some(rest), Value::Mapping(map)) => Fields::inside(map, self.source, path).value(rest),
            (Some(_), _) => None,
        }
    }

    /// The position of a key's value in the file.
    pub fn position(&self, key: &str) -> Option<Position> {
        let path = self.value(key).map(|(path, _)| path).unwrap_or_default();
        self.position_of(&path)
    }

    fn position_of(&self, path: &[Step]) -> Option<Position> {
        let at = self.source.positions().find(path)?;
        Some(Position { line: at.line + self.source.first_line - 1, ..at })
    }

    /// A scalar as text, as it is written. Numbers, dates and booleans are text where text is expected.
    fn scalar(&self, path: &[Step], value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                let written = self.source.scalar_text(path).map(str::to_owned);
                written.or_else(|| serde_yaml::to_string(value).ok().map(|text| text.trim().to_owned()))
            }
            _ => None,
        }
    }

    /// The text of a key; none if it is missing, blank, a list or a map.
    pub fn text(&self, key: &str) -> Option<String> {
        let (path, value) = self.value(key)?;
        self.scalar(&path, value).filter(|text| !text.trim().is_empty())
    }

    /// The text of the first key that has any.
    pub fn shown(&self, keys: &[&str]) -> Option<SafeText> {
        keys.iter().find_map(|key| self.text(key)).map(|text| clean::line(&text)).filter(|text| !text.is_empty())
    }

    /// The text of the first key that has any, as written.
    pub fn first_text(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.text(key)).filter(|text| !clean::line(text).is_empty())
    }

    /// True if the value is a list or a map.
    pub fn is_nested(&self, key: &str) -> bool {
        self.value(key).is_some_and(|(_, value)| value.is_mapping() || value.is_sequence())
    }

    /// A whole number. Anything else is a problem.
    pub fn number(&self, key: &str, problems: &mut Vec<Problem>) -> Option<i64> {
        let (path, value) = self.value(key)?;
        let number = match value {
            Value::Number(n) => {
                // Floats below 1e15 are exact integers, so the conversion loses nothing.
                n.as_i64().or_else(|| n.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| n as i64))
            }
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            let found = self.describe(&path, value);
            let hint = "ignored; write a whole number";
            problems.push(Problem::warning(
                self.position_of(&path),
                &format!("`{key}` is not a whole number: {found}"),
                hint,
            ));
        }
        number
    }

    /// A boolean. A date is not a problem, since some tools write the publication date as `published`.
    pub fn flag(&self, key: &str, problems: &mut Vec<Problem>) -> Option<bool> {
        let (path, value) = self.value(key)?;
        match value {
            Value::Bool(yes) => Some(*yes),
            Value::String(text) => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                "" => None,
                text if dates::read(text.as_bytes()).is_ok() => None,
                _ => self.bad_flag(key, &path, value, problems),
            },
            Value::Number(_) if self.scalar(&path, value).is_some_and(|text| dates::read(text.as_bytes()).is_ok()) => {
                None
            }
            _ => self.bad_flag(key, &path, value, problems),
        }
    }

    fn bad_flag(&self, key: &str, path: &[Step], value: &Value, problems: &mut Vec<Problem>) -> Option<bool> {
        let found = self.describe(path, value);
        let what = format!("`{key}` is neither true nor false: {found}");
        problems.push(Problem::warning(self.position_of(path), &what, "ignored; write true or false"));
        None
    }

    /// The date of the first key that has one. If none has, the first value that is not a date is a problem.
    pub fn date(&self, keys: &[&str], problems: &mut Vec<Problem>) -> Option<Date> {
        let mut bad = None;
        for key in keys {
            let Some((mut path, mut value)) = self.value(key) else { continue };
            // As a boolean, `published` says whether the site shows the article.
            if *key == "published" && value.is_bool() {
                continue;
            }
            // Also reads a list of one date, and thus `[[2021-02-18]]` without quotes.
            while let Some([only]) = value.as_sequence().map(Vec::as_slice) {
                path.push(Step::Item(0));
                value = only;
            }
            let text = self.scalar(&path, value);
            let read = text.as_deref().map_or(Err(DateError::NotADate), |text| dates::read(text.as_bytes()));
            match (read, text.as_deref().map(str::trim)) {
                (Ok(date), _) => return Some(date),
                (_, Some("")) => {}
                (_, Some("true" | "false" | "yes" | "no")) if *key == "published" => {}
                (Err(why), _) => {
                    let found = self.describe(&path, value);
                    let what = match why {
                        DateError::Ambiguous => format!("`{key}` is ambiguous: {found}"),
                        DateError::NotADate => format!("`{key}` is not a date: {found}"),
                    };
                    bad = bad.or(Some((self.position_of(&path), what)));
                }
            }
        }
        let (at, what) = bad?;
        problems.push(Problem::warning(at, &what, "ignored; write 2021-02-18 or 2021-02-18T16:18:00Z"));
        None
    }

    /// The date of the first key with an ISO date (year first, with dashes).
    pub fn iso_date(&self, keys: &[&str]) -> Option<Date> {
        keys.iter().find_map(|key| dates::read_iso(&self.text(key)?))
    }

    /// A link. One that cannot be opened is a problem, unless it is relative: those work on the site of the article.
    pub fn link(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Link> {
        let link = Link::read(&self.text(key)?);
        if let Link::Refused { why, .. } = &link
            && !link.is_relative()
        {
            let what = format!("`{key}`: {why}");
            problems.push(Problem::warning(
                self.position(key),
                &what,
                "shown but not opened; write an http or https address",
            ));
        }
        Some(link)
    }

    /// The names in a list, or in a text split at `separator`, without the brackets of links to notes. Nulls and blanks are
    /// skipped; a map without a name is a problem.
    pub fn names(&self, key: &str, separator: fn(char) -> bool, problems: &mut Vec<Problem>) -> Vec<SafeText> {
        let Some((mut path, value)) = self.value(key) else { return Vec::new() };
        let mut names = Vec::new();
        match value {
            Value::Sequence(items) => self.gather_names(&mut path, items, &mut names, problems),
            value => {
                let text = self.scalar(&path, value).unwrap_or_default();
                names.extend(text.split(separator).filter_map(name).take(MAX_ITEMS));
            }
        }
        names
    }

    /// Collects names from nested lists, since `[[Name]]` without quotes is a list in a list.
    fn gather_names(
        &self,
        path: &mut Vec<Step<'a>>,
        items: &'a [Value],
        names: &mut Vec<SafeText>,
        problems: &mut Vec<Problem>,
    ) {
        for (number, item) in items.iter().take(MAX_ITEMS.saturating_sub(names.len())).enumerate() {
            path.push(Step::Item(number));
            match item {
                Value::Sequence(inner) => match inner.as_slice() {
                    [Value::String(text)] => names.extend(name(&format!("[[{text}]]"))),
                    inner => self.gather_names(path, inner, names, problems),
                },
                Value::Mapping(map) => match self.name_in(path, map) {
                    Some(text) => names.extend(name(&text)),
                    None => {
                        let hint = "ignored; write it as text in quotes";
                        problems.push(Problem::warning(
                            self.position_of(path),
                            "this entry in a list of names is a map",
                            hint,
                        ));
                    }
                },
                item => names.extend(self.scalar(path, item).and_then(|text| name(&text))),
            }
            path.pop();
        }
    }

    /// The name in a map: its `name`, or `key: value` as text if there is only one key, as in `- Foo: bar` without quotes.
    fn name_in(&self, path: &[Step<'a>], map: &'a Mapping) -> Option<String> {
        let text = |key: &'a str, value: &'a Value| self.scalar(&[path, &[Step::Key(key)]].concat(), value);
        match map.get("name") {
            Some(value) => text("name", value),
            None if map.len() == 1 => {
                let (key, value) = map.iter().next()?;
                Some(format!("{}: {}", key.as_str()?, text(key.as_str()?, value)?))
            }
            None => None,
        }
    }

    /// Reports lists that have more than [`MAX_ITEMS`] items.
    pub fn report_long_lists(&self, problems: &mut Vec<Problem>) {
        for (key, value) in &self.values {
            let count = value.as_sequence().map_or(0, Vec::len);
            if count > MAX_ITEMS {
                let what = format!("`{}` has {count} items; only the first {MAX_ITEMS} are read", clean::quote(key));
                problems.push(Problem::warning(self.position(key), &what, "shorten the list"));
            }
        }
    }

    /// The keys of a map, as written.
    pub fn keys_of(&self, key: &str) -> Vec<&'a str> {
        let map = self.value(key).and_then(|(_, value)| value.as_mapping());
        map.into_iter().flatten().filter_map(|(key, _)| key.as_str()).collect()
    }

    /// The fields of a map.
    pub fn map(&self, key: &str) -> Option<Fields<'a>> {
        let (path, value) = self.value(key)?;
        Some(Fields::inside(value.as_mapping()?, self.source, path))
    }

    /// The items of a list; a single value is a list of one.
    pub fn items(&self, key: &str) -> Vec<Item<'a>> {
        let Some((path, value)) = self.value(key) else { return Vec::new() };
        let item = |path: Vec<Step<'a>>, value: &'a Value| match value {
            Value::Mapping(map) => Item::Map(Fields::inside(map, self.source, path)),
            Value::String(text) => Item::Text(text),
            _ => Item::Other(self.position_of(&path)),
        };
        match value {
            Value::Sequence(items) => items
                .iter()
                .take(MAX_ITEMS)
                .enumerate()
                .filter(|(_, value)| !value.is_null())
                .map(|(n, value)| {
                    let mut path = path.clone();
                    path.push(Step::Item(n));
                    item(path, value)
                })
                .collect(),
            value => vec![item(path, value)],
        }
    }

    /// The position of this map.
    pub fn own_position(&self) -> Option<Position> {
        self.position_of(&self.path)
    }

    fn describe(&self, path: &[Step], value: &Value) -> String {
        match value {
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a map".to_owned(),
            value => format!("`{}`", clean::quote(&self.scalar(path, value).unwrap_or_default())),
        }
    }
}

/// An item of a list.
pub enum Item<'a> {
    /// A map.
    Map(Fields<'a>),
    /// A text.
    Text(&'a str),
    /// Anything else, with its position.
    Other(Option<Position>),
}

/// A name as safe text; none if it is empty.
fn name(text: &str) -> Option<SafeText> {
    Some(article_parts::without_link_brackets(clean::line(text))).filter(|name| !name.is_empty())
}

/// The characters by which keys are compared: lower case, without `_` and `-`.
fn folded_key(key: &str) -> impl Iterator<Item = char> {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase)
}
