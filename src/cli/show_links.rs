//! The list of links below an article that `show` prints: what the numbers in its text mean.

use crate::feed::{Article, Feed, LocalTarget, NamedLink, SafeText, article_links, clean};

/// The lines of the list, without the links that have lines of their own: the original, the comments and the enclosures.
pub fn lines(article: &Article, links: &[NamedLink], feed: &Feed) -> Vec<SafeText> {
    let own: Vec<&SafeText> = [article.shown_link(), article.comments.as_ref()]
        .into_iter()
        .flatten()
        .chain(article.enclosures.iter().map(|enclosure| &enclosure.link))
        .map(|link| link.shown())
        .collect();
    let lack_heading = article_links::missing_headings(feed, article, links);
    let numbered = links.iter().zip(lack_heading).enumerate();
    let listed = numbered.filter(|(_, (named, _))| !own.contains(&named.link.shown()));
    listed
        .map(|(at, (named, lacks_heading))| {
            let no_heading = if lacks_heading { ", no such heading" } else { "" };
            clean::plain_line(&format!("[{}] {}{no_heading}", at + 1, words(named, feed)))
        })
        .collect()
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
