//! Writes an article as a JSON object.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::dates::Date;
use crate::feed::fields::{Accessor, FieldDescriptor};
use crate::feed::{Article, Enclosure, Feed, Field, Picture, Related, Role, SafeText, Target, clean, tags};
use crate::library::picture_files;
use crate::query::SearchContext;

/// Formats a time as RFC 3339 in UTC. Fractions of a second are written only if there are any.
pub fn rfc3339(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// An article as a JSON object, which always has all keys.
pub fn article_json(search_context: &SearchContext, index: usize, article: &Article) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("id".to_owned(), json!(article.id.to_string()));
    for field in Field::all() {
        if let Some(key) = field.json {
            object.insert(key.to_owned(), field_json(field, search_context, index, article));
        }
        object.extend(extra_keys(field.field, search_context, index, article));
    }
    Value::Object(object)
}

/// The value of a field of an article.
fn field_json(field: &FieldDescriptor, search_context: &SearchContext, index: usize, article: &Article) -> Value {
    let time = |date: Option<Date>| json!(date.map(|date| rfc3339(date.at(search_context.now.zone))));
    match (field.field, field.accessor) {
        (Field::Excerpt, _) => json!(article.excerpt.as_str()),
        (Field::Url, _) => json!(article.link.as_ref().map(|link| link.shown().as_str())),
        (Field::Provider, _) => {
            json!({ "name": article.provider.name.as_str(), "domain": article.provider.domain.as_str() })
        }
        (Field::Path, _) => json!(clean::path(&article.path).as_str()),
        (Field::Words, _) => json!(article.words),
        (Field::Related, _) => search_context.feed.related(index).iter().map(related_json).collect(),
        (Field::Images, _) => images_json(&search_context.feed, article),
        (Field::Enclosures, _) => article.enclosures.iter().map(enclosure_json).collect(),
        (Field::Comments, _) => json!(article.comments.as_ref().map(|link| link.shown().as_str())),
        (Field::Tag, _) => tags::of(&search_context.marks, article.id).iter().map(|tag| tag.shown().as_str()).collect(),
        (Field::Score, _) => json!(search_context.marks.score(article.id)),
        (_, Accessor::Line(line, _)) => json!(Some(line(article).as_str()).filter(|line| !line.is_empty())),
        (_, Accessor::Name(name, _)) => json!(name(article).as_ref().map(SafeText::as_str)),
        (_, Accessor::Lines(lines, _)) => lines(article).iter().map(SafeText::as_str).collect(),
        (_, Accessor::Number(number, _)) => json!(number(article)),
        (_, Accessor::Date(date, _)) => time(*date(article)),
        (_, Accessor::Flag(flag, _)) => json!(flag(article)),
        (_, Accessor::Texts(texts)) => {
            let mut all: Vec<Value> = Vec::new();
            texts(article, &mut |text| all.push(text.into()));
            Value::Array(all)
        }
        (_, Accessor::Custom) => Value::Null,
    }
}

/// Keys that are not fields, which follow the key of the given field.
fn extra_keys(field: Field, search_context: &SearchContext, index: usize, article: &Article) -> Vec<(String, Value)> {
    let SearchContext { feed, marks, .. } = search_context;
    let keys = match field {
        Field::Heat => {
            let (role, story) = (feed.role(index), feed.story_of(index));
            let head = story.as_ref().map(|story| story.head).or((role == Role::Head).then_some(index));
            let head = head.and_then(|head| feed.id(head)).map(|id| id.to_string());
            let size = story.map_or(1, |story| story.size());
            vec![
                ("story", json!({ "role": role.word(), "head": head, "size": size })),
                ("read", json!(marks.is_read(article.id))),
                ("starred", json!(marks.is_starred(article.id))),
                ("hidden", json!(marks.is_hidden(article.id))),
            ]
        }
        Field::Related => {
            let problems = article.problems.iter().map(|problem| problem.one_line().to_string());
            vec![("problems", problems.collect())]
        }
        Field::Url => vec![("site_link", json!(article.site.link.as_ref().map(|link| link.shown().as_str())))],
        Field::Score => {
            let also_in = article.also_in.iter().map(|path| clean::path(path).to_string());
            vec![("also_in", also_in.collect())]
        }
        _ => Vec::new(),
    };
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The pictures that the front matter names, each with the file of the library that it is.
fn images_json(feed: &Feed, article: &Article) -> Value {
    let root = picture_files::root_of(&feed.columns().roots, &article.path);
    let image = |picture: &Picture| {
        let written = picture.link.shown().as_str();
        let local =
            picture.link.is_relative().then(|| picture_files::find(&article.path, &root, written).ok()).flatten();
        json!({
            "url": written,
            "title": Some(picture.title.as_str()).filter(|title| !title.is_empty()),
            "width": picture.size.map(|(width, _)| width),
            "height": picture.size.map(|(_, height)| height),
            "local": local.map(|path| clean::path(&path).to_string()),
        })
    };
    article.pictures.iter().map(image).collect()
}

fn enclosure_json(enclosure: &Enclosure) -> Value {
    json!({
        "url": enclosure.link.shown().as_str(),
        "type": Some(enclosure.media_type.as_str()).filter(|media_type| !media_type.is_empty()),
        "length": enclosure.length,
        "duration": enclosure.duration,
    })
}

fn related_json(related: &Related) -> Value {
    json!({
        "title": related.target.title().as_str(),
        "link": related.target.link().map(|link| link.shown().as_str()),
        "in_library": matches!(related.target, Target::InLibrary(..)),
        "reason": related.reason.words().as_str(),
    })
}

/// Writes characters that a terminal would obey or not show as `\u…` escapes. The strings stay the same for programs.
///
/// Such characters occur only inside of strings, so the whole document can be escaped without parsing it.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c != '\n' && (clean::is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}'));
    if !json.contains(is_hidden) {
        return json.into();
    }
    let mut units = [0; 2];
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) {
            true => c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_parse_to_the_same_string() {
        for name in ["plain é", "\u{9b}2J", "\u{202e}\u{2028}\u{7f}", "\u{e0041}\u{10fffd}\u{fffe}", "a\nb\\\"\u{1b}"]
        {
            let json = serde_json::to_string(name).expect("JSON");
            let escaped = escape_json(&json);
            assert!(!escaped.contains(clean::is_hidden), "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), name);
        }
    }
}
