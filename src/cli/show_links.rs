//! The list of links below an article that `show` prints: what the numbers in its text mean.

use crate::feed::{Article, Feed, LocalTarget, NamedLink, SafeText, clean};

/// The lines of the list, without the links that have lines of their own: the original, the comments and the enclosures.
pub fn lines(article: &Article, links: &[NamedLink], feed: &Feed) -> Vec<SafeText> {
    let own: Vec<&SafeText> = [&article.link, &article.comments]
        .into_iter()
        .flatten()
        .chain(article.enclosures.iter().map(|enclosure| &enclosure.link))
        .map(|link| link.shown())
        .collect();
    let numbered = links.iter().enumerate().filter(|(_, named)| !own.contains(&named.link.shown()));
    numbered.map(|(at, named)| clean::plain_line(&format!("[{}] {}", at + 1, words(named, feed)))).collect()
}

fn words(named: &NamedLink, feed: &Feed) -> String {
    match &named.target {
        LocalTarget::NotLocal => named.link.shown_with_real_host().to_string(),
        LocalTarget::SamePage { heading } if heading.is_empty() => "the top of this article".to_owned(),
        LocalTarget::SamePage { heading } => format!("{heading} (in this article)"),
        LocalTarget::Missing => format!("{} (not in this library)", named.link.shown()),
        LocalTarget::Article { index, heading } => match feed.get(*index) {
            Some(article) => {
                let heading = heading.as_ref().map(|heading| format!(" › {heading}")).unwrap_or_default();
                format!("{}{heading} ({})", article.title, clean::path(&article.path))
            }
            None => format!("{} (not in this library)", named.link.shown()),
        },
    }
}
