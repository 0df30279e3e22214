//! The fields of an article: queries find each by its name, and by words without a field where the table says so.

use frontpage::feed::fields::{Accessor, Field, FieldDescriptor};
use frontpage::feed::{Article, Feed};
use frontpage::query::{Query, SearchContext};

use crate::harness::reader::now;

/// Sets a text field of an article. Returns false if the field is not a text that can be set.
fn set_text(article: &mut Article, field: &FieldDescriptor, text: &str) -> bool {
    match field.accessor {
        Accessor::Line(_, line) => *line(article) = frontpage::feed::clean::line(text),
        Accessor::Name(_, name) => *name(article) = Some(frontpage::feed::clean::line(text)),
        Accessor::Lines(_, lines) => *lines(article) = vec![frontpage::feed::clean::line(text)],
        _ => return false,
    }
    true
}

#[test]
fn a_text_is_found_by_its_field_and_by_words_if_the_field_has_a_search_weight() {
    let mut tried = 0;
    for field in Field::all() {
        let mut article = Article::builder("Title").number(1).build();
        let Some(name) = field.query.filter(|_| set_text(&mut article, field, "needle in it")) else { continue };
        let other = Article::builder("Other").number(2).build();
        let feed = std::sync::Arc::new(Feed::new([article, other].map(std::sync::Arc::new).to_vec(), now()));
        let context = SearchContext::new(feed, Default::default(), now());
        let find = |query: &str| Query::parse(query).expect("a query").select(&context).len();
        assert_eq!(find(&format!("{name}:needle")), 1, "{name}");
        assert_eq!(find(&format!("-{name}:\"needle in\"")), 1, "{name}");
        assert_eq!(find("needle") == 1, field.search_weight.is_some(), "{name}");
        tried += 1;
    }
    assert!(tried >= 5, "{tried} fields");
}
