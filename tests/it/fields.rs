//! The fields of an article: the README tells them as they are declared, and each is there wherever it says that it is.

use frontpage::feed::fields::{Accessor, Field, FieldDescriptor, ValueKind};
use frontpage::feed::{Article, Feed};
use frontpage::query::{ArticleFeature, ArticleState, Query, SearchContext, SortKey};

use crate::harness::reader::now;

const BEGIN: &str = "<!-- fields: tests/it/fields.rs writes this table -->\n";
const END: &str = "<!-- end of fields -->";

/// The table of the README.
fn table() -> String {
    let code = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ");
    let row = |field: &FieldDescriptor| {
        let name = field.query.map(|name| format!("`{name}:`")).unwrap_or_default();
        let words = if field.search_weight.is_some() { " ●" } else { "" };
        let kind = match field.kind {
            ValueKind::Number => "; a number",
            ValueKind::Text | ValueKind::Date | ValueKind::Flag | ValueKind::Word => "",
        };
        let values = match field.field {
            Field::Is => format!(": {}", ArticleState::words().collect::<Vec<_>>().join(" ")),
            Field::Has => format!(": {}", ArticleFeature::words().collect::<Vec<_>>().join(" ")),
            _ => String::new(),
        };
        let json = field.json.map(|key| format!("`{key}`")).unwrap_or_default();
        format!("| {name}{words} | {}{kind}{values} | {} | {json} |\n", field.about, code(field.keys))
    };
    let rows: String = Field::all().filter(|field| field.field != Field::Any).map(row).collect();
    let sorts = SortKey::ALL.map(|key| key.word()).join(" ");
    format!(
        "| query | what it is | front matter | JSON |\n|---|---|---|---|\n{rows}\
         | `sort:` | order: {sorts}; with `-` reversed | | |\n\
         | `limit:` `saved:` | the largest number of articles; a saved search | | |\n"
    )
}

#[test]
fn the_readme_tells_the_fields_as_they_are_declared() {
    let readme = include_str!("../../README.md");
    let (_, behind) = readme.split_once(BEGIN).expect("the table begins");
    let (found, _) = behind.split_once(END).expect("the table ends");
    assert!(found == table(), "the table of README.md is out of date; it is:\n{}", table());
}

/// Gives an article a text of its own in a field. False where a field has no text of its own.
fn give(article: &mut Article, field: &FieldDescriptor, text: &str) -> bool {
    match field.accessor {
        Accessor::Line(_, line) => *line(article) = frontpage::feed::clean::line(text),
        Accessor::Name(_, name) => *name(article) = Some(frontpage::feed::clean::line(text)),
        Accessor::Lines(_, lines) => *lines(article) = vec![frontpage::feed::clean::line(text)],
        _ => return false,
    }
    true
}

#[test]
fn a_text_is_found_by_its_field_and_by_words_where_they_look_at_it() {
    let mut tried = 0;
    for field in Field::all() {
        let mut article = Article::builder("Title").number(1).build();
        let Some(name) = field.query.filter(|_| give(&mut article, field, "needle in it")) else { continue };
        let other = Article::builder("Other").number(2).build();
        let feed = std::sync::Arc::new(Feed::new([article, other].map(std::sync::Arc::new).to_vec(), now()));
        let ground = SearchContext::new(feed, Default::default(), now());
        let find = |query: &str| Query::parse(query).expect("a query").select(&ground).len();
        assert_eq!(find(&format!("{name}:needle")), 1, "{name}");
        assert_eq!(find(&format!("-{name}:\"needle in\"")), 1, "{name}");
        assert_eq!(find("needle") == 1, field.search_weight.is_some(), "{name}");
        tried += 1;
    }
    assert!(tried >= 5, "{tried} fields");
}
