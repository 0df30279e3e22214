//! The facts of an article that are below its title in documents.

use crate::feed::{Article, SafeText, clean, fields};
use crate::query::SearchContext;

/// Provider, author, date and other facts of an article, and its topics: at most two lines.
pub fn facts(context: &SearchContext, article: &Article) -> Vec<SafeText> {
    let mut facts: Vec<String> = vec![article.provider.name.to_string()];
    facts.retain(|name| !name.is_empty());
    // The author of an article without a provider is the provider.
    let has_author = !article.author.is_empty() && article.author != article.provider.name;
    facts.extend(has_author.then(|| article.author.to_string()));
    facts.extend(article.published.map(|date| date.to_text(context.now.zone)));
    facts.extend(article.played().map(|enclosure| enclosure.description().to_string()));
    facts.extend(article.full_text.as_ref().map(|full| full.fact().to_string()));
    facts.extend(fields::facts(article).map(|fact| fact.to_string()));
    let score = context.marks.score(article.id);
    facts.extend((score != 0).then(|| format!("score {score:+}")));
    let topics: Vec<SafeText> = article.topics.iter().map(|topic| topic.shown().clone()).collect();
    let lines = [clean::plain_line(&facts.join(" · ")), clean::join(&topics, ", ")];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}
