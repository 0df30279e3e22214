//! The files of an article, such as episodes of a podcast, as documents name them below the text.

use crate::feed::{Article, Link, SafeText, clean};

/// A file of an article in a document.
pub struct FileLine<'a> {
    /// What it is: kind, duration, size and media type.
    pub words: SafeText,
    /// Where it is.
    pub link: &'a Link,
}

/// The files of an article, in its order.
pub fn file_lines(article: &Article) -> impl Iterator<Item = FileLine<'_>> {
    article.enclosures.iter().map(|enclosure| {
        let words = [enclosure.description(), enclosure.media_type.clone()];
        let words: Vec<SafeText> = words.into_iter().filter(|words| !words.is_empty()).collect();
        FileLine { words: clean::join(&words, ", "), link: &enclosure.link }
    })
}
