//! The short texts of an article: lines that are cleaned and cut, the title and the excerpt.

use unicode_segmentation::UnicodeSegmentation;

use super::article_body::WholeBody;
use crate::channel::Content;
use crate::feed::{SafeText, UntrustedText, clean};

/// Longest texts in characters. A title that is made from the text is shorter than one that the channel gives.
pub const MAX_TITLE_CHARS: usize = 500;
/// See [`MAX_TITLE_CHARS`].
pub const MAX_MADE_TITLE_CHARS: usize = 80;
/// Longest excerpt in characters.
pub const MAX_EXCERPT_CHARS: usize = 300;
/// Longest end of a summary that is a link such as `Read the whole article`, in bytes with the ellipsis before it.
const MAX_LINK_BYTES: usize = 60;
/// Shortest summary, in bytes, that is looked for behind the beginning of the text, and the longest text before it.
const MIN_SENTENCE_BYTES: usize = 20;
const MAX_BYTES_BEFORE_SUMMARY: usize = 300;

/// The title of an item without one: the beginning of its text. Items of microblogs have none.
pub fn made_title(title: &UntrustedText, body: Option<&WholeBody>) -> Option<SafeText> {
    if !shown(title.untrusted()).is_empty() {
        return None;
    }
    let text = body?.content.to_text();
    let made = text.lines().map(shown).find(|line| !line.is_empty());
    made.map(|line| cut(&line, MAX_MADE_TITLE_CHARS))
}

/// The summary, unless it is the body or the body begins with it: then the loader takes the excerpt from the body.
pub fn excerpt(summary: Option<&Content>, body: Option<&WholeBody>) -> Option<SafeText> {
    let summary = summary?;
    let body = body.filter(|body| !std::ptr::eq(body.content, summary))?;
    let text = shown(&summary.to_text());
    let of_body = clean::plain_line(&body.content.to_text());
    let is_repeated = repeats(of_body.as_str(), text.as_str());
    (!text.is_empty() && !is_repeated).then(|| cut(&text, MAX_EXCERPT_CHARS))
}

/// True if a text begins with the summary, or with what is before the ellipsis that a program has put at its end: `[…]`, or `…` and a
/// link such as `Read more`. A short text, such as the description of a picture, may come before it.
fn repeats(text: &str, summary: &str) -> bool {
    let whole = summary.trim_end_matches(['.', '…', '[', ']', ' ']);
    let at = whole.rfind('…').or_else(|| whole.rfind("...")).filter(|at| whole.len() - at <= MAX_LINK_BYTES);
    [Some(whole), at.and_then(|at| whole.get(..at))].into_iter().flatten().any(|beginning| {
        let beginning = beginning.trim_end_matches(['.', '…', '[', ']', ' ']);
        let is_sentence = beginning.len() >= MIN_SENTENCE_BYTES;
        text.starts_with(beginning)
            || is_sentence && text.find(beginning).is_some_and(|before| before <= MAX_BYTES_BEFORE_SUMMARY)
    })
}

/// A line of text, cleaned; empty if it is blank. An ideographic blank survives cleaning, but the loader takes a text of blanks for a
/// missing one.
pub fn shown(text: &str) -> SafeText {
    Some(clean::plain_line(text)).filter(|line| !line.as_str().trim().is_empty()).unwrap_or_default()
}

/// A text of at most this number of characters: a longer one is cut after a word, if there is one in its second half, and ends with
/// `…`.
pub fn cut(text: &SafeText, chars: usize) -> SafeText {
    let text = text.as_str();
    let Some((limit, _)) =
        text.char_indices().nth(chars.saturating_sub(1)).filter(|_| text.chars().nth(chars).is_some())
    else {
        return clean::plain_line(text);
    };
    let whole =
        text.grapheme_indices(true).map(|(at, cluster)| at + cluster.len()).take_while(|end| *end <= limit).last();
    let head = text.get(..whole.unwrap_or(0)).unwrap_or_default();
    let head = match text.get(limit..).is_some_and(|rest| rest.starts_with(' ')) {
        true => head,
        false => head.rfind(' ').filter(|at| *at >= limit / 2).and_then(|at| head.get(..at)).unwrap_or(head),
    };
    clean::plain_line(&format!("{}…", head.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        let cut = |text: &str, chars| cut(&clean::plain_line(text), chars).to_string();
        for (text, chars, shorter) in [
            ("one two", 7, "one two"),
            ("one two three", 8, "one two…"),
            ("one two three", 9, "one two…"),
            ("one two three", 5, "one…"),
            ("onetwothree", 5, "onet…"),
            ("o netwothree", 8, "o netwo…"),
            ("日本語日本語", 4, "日本語…"),
            ("e\u{301}e\u{301}e\u{301}", 4, "e\u{301}…"),
            ("👩\u{200d}🚀👩\u{200d}🚀", 5, "👩\u{200d}🚀…"),
            ("👩\u{200d}🚀", 2, "…"),
            ("", 5, ""),
        ] {
            assert_eq!(cut(text, chars), shorter, "{text}");
        }
    }
}
