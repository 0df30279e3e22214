//! Examples of queries, which help lists.

/// A query, and what it finds or does.
pub const EXAMPLES: [(&str, &str); 15] = [
    ("rust async", "both words, in any field"),
    ("\"open source\"", "these words side by side"),
    ("moon -tides", "the one word, but not the other"),
    ("(rust OR zig) news", "one of several"),
    ("/gpt-?[45]/", "a regular expression"),
    ("title:how", "a word of the title; so too author:, body:, url:"),
    ("topic:ai,science", "one of these topics"),
    ("provider:nature", "a provider, by a part of its name"),
    ("is:unread", "a state: unread, starred, new, started, hidden …"),
    ("has:note", "a part: note, image, link, comments …"),
    ("@2w", "of the last two weeks"),
    ("date:2021-02", "of a month; so too 2021, 2021-02-18, >=2021"),
    ("words:>=1000", "a number; so too quality:, heat:, score:"),
    ("readat:today", "what you read today"),
    ("is:starred sort:-added limit:20", "an order, and how many"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn every_example_is_a_query() {
        for (query, meaning) in EXAMPLES {
            let parsed = Query::parse(query);
            assert!(parsed.is_ok(), "{query}: {parsed:?}");
            assert!(meaning.len() > 5 && !parsed.is_ok_and(|parsed| parsed.is_everything()), "{query}");
        }
    }
}
