//! The list of all texts that a user can see.

#[path = "messages/extraction.rs"]
pub mod extraction;

use extraction::messages;

const UPDATE: &str =
    "Every text that a user can see. After a change of a message: INSTA_UPDATE=always cargo test --test it messages";

#[test]
fn messages_are_found_and_other_literals_are_not() {
    let source = r##"
        //! "a comment is no message"
        #[error("cannot read {0}")]
        #[arg(help = "in the help of the command already")]
        fn found(name: &str) -> String {
            log::info!("a line of the log");
            if text.starts_with("no message {") || text == 'a' { panic!("no article") }
            let title = ("Topics", "topics", "key:{value}", b"not text", "<b>not text</b>", "{} {}", "webUrl");
            hint("quote"); say(format!("{count} articles")); raw(r#"say "yes" or no"#, "two \
                lines\nof text", "\u{1b}[2J")
        }
        #[cfg(test)]
        use frontpage::nothing;
        #[cfg(test)]
        mod tests {
            fn test() { hint("only for tests") }
        }
        fn more() { "after the tests" }
    "##;
    let found = [
        "cannot read {0}",
        "Topics",
        "quote",
        "{count} articles",
        "say \"yes\" or no",
        "two lines\nof text",
        "after the tests",
    ];
    assert_eq!(messages(source).into_iter().map(|(_, text)| text).collect::<Vec<_>>(), found);
    assert_eq!(messages(source)[0].0, 3, "the line of the first message");
}

/// A changed message must show up in a review.
#[test]
fn the_list_of_messages_is_up_to_date() {
    insta::with_settings!({ description => UPDATE, omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("messages", extraction::all(), UPDATE);
    });
}
