//! What is read: articles, stories, topics and marks as values, without any input or output.

pub mod article;
pub mod clean;
pub mod html;
pub mod link;
pub mod marks;
pub mod plain;
pub mod problem;
pub mod related;
pub mod stamp;
pub mod story;
pub mod topic;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use article::{Article, ArticleId, NamedLink, Picture, Provider, RelatedLink};
pub use clean::{Raw, Safe, Shown};
pub use link::{Address, Link, Refusal};
pub use marks::{Change, Mark, Marks};
pub use problem::{Position, Problem, Severity};
pub use related::{Reason, Related, Target};
pub use stamp::{Clock, Device, Stamp};
pub use story::{Role, Story};
pub use topic::Topic;

/// All loaded articles: immutable, newest first, each once. An article's *place* is its index in this order.
#[derive(Debug, Default)]
pub struct Feed {
    articles: Vec<Arc<Article>>,
    places: HashMap<ArticleId, usize>,
    connections: related::Connections,
    stories: Vec<Story>,
    story_of: Vec<Option<usize>>,
    topics: Vec<(Topic, usize)>,
    providers: Vec<(Shown, usize)>,
}

impl Feed {
    /// Puts articles in order, folds those that several files hold into one, and finds stories and related articles.
    /// Articles dated after `now` stand with those of now.
    pub fn new(articles: Vec<Arc<Article>>, now: DateTime<Utc>) -> Feed {
        let mut articles = fold_duplicates(articles);
        articles.sort_by(|a, b| b.sort_time(now).cmp(&a.sort_time(now)).then_with(|| a.path.cmp(&b.path)));
        let places = articles.iter().enumerate().map(|(place, article)| (article.id, place)).collect();
        let connections = related::Connections::new(&articles);
        let stories = story::group(&articles, |place| connections.given(place).collect());
        let mut story_of = vec![None; articles.len()];
        for (number, story) in stories.iter().enumerate() {
            for &place in story.members.iter().chain([&story.head]) {
                story_of[place] = Some(number);
            }
        }
        let topics = count_topics(articles.iter().flat_map(|article| &article.topics));
        let providers = count_providers(articles.iter().map(Arc::as_ref));
        Feed { articles, places, connections, stories, story_of, topics, providers }
    }

    /// Number of articles.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// True when there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// The article at a place.
    pub fn get(&self, place: usize) -> Option<&Article> {
        self.articles.get(place).map(Arc::as_ref)
    }

    /// The place of an article.
    pub fn place(&self, id: ArticleId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    /// The article with an id.
    pub fn find(&self, id: ArticleId) -> Option<&Article> {
        self.place(id).and_then(|place| self.get(place))
    }

    /// All articles, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().map(Arc::as_ref)
    }

    /// Topics with the number of their articles, largest first, then by name.
    pub fn topics(&self) -> &[(Topic, usize)] {
        &self.topics
    }

    /// Names of providers with the number of their articles, largest first, then by name.
    pub fn providers(&self) -> &[(Shown, usize)] {
        &self.providers
    }

    /// All stories.
    pub fn stories(&self) -> &[Story] {
        &self.stories
    }

    /// The story that an article belongs to.
    pub fn story_of(&self, place: usize) -> Option<&Story> {
        self.story_of.get(place).copied().flatten().and_then(|story| self.stories.get(story))
    }

    /// What an article is in its story: by the story where the library holds it, else by its scores alone. So a member
    /// whose head is not in the library is a member still.
    pub fn role(&self, place: usize) -> Role {
        match self.story_of(place) {
            Some(story) if story.head == place => Role::Head,
            Some(_) => Role::Member,
            None => self.get(place).map_or(Role::Single, story::role_by_scores),
        }
    }

    /// Whether anything is related to an article.
    pub fn has_related(&self, place: usize) -> bool {
        self.story_of(place).is_some() || self.connections.has_any(place)
    }

    /// Related articles with their reasons.
    pub fn related(&self, place: usize) -> Vec<Related<'_>> {
        self.connections.related(place, &self.articles, self.story_of(place))
    }
}

/// Counts topics: largest first, then by name; each shown as it was first written.
pub fn count_topics<'a>(topics: impl Iterator<Item = &'a Topic>) -> Vec<(Topic, usize)> {
    let mut counts: HashMap<&str, (&Topic, usize)> = HashMap::new();
    for topic in topics {
        counts.entry(topic.key()).or_insert((topic, 0)).1 += 1;
    }
    let mut counts: Vec<(Topic, usize)> = counts.into_values().map(|(topic, count)| (topic.clone(), count)).collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.key().cmp(b.key())));
    counts
}

/// Counts providers by name: largest first, then by name.
pub fn count_providers<'a>(articles: impl Iterator<Item = &'a Article>) -> Vec<(Shown, usize)> {
    let mut counts: HashMap<&Shown, usize> = HashMap::new();
    for name in articles.map(|article| &article.provider.name).filter(|name| !name.is_empty()) {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<(Shown, usize)> = counts.into_iter().map(|(name, count)| (name.clone(), count)).collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    counts
}

/// One article for each id. Of several files the newest wins: by the dates inside, since checking out a repository sets
/// file times at will; then by file time, then by path. The others are remembered in `also_in`.
fn fold_duplicates(articles: Vec<Arc<Article>>) -> Vec<Arc<Article>> {
    let mut kept: Vec<Arc<Article>> = Vec::with_capacity(articles.len());
    let mut places: HashMap<ArticleId, usize> = HashMap::with_capacity(articles.len());
    for mut article in articles {
        let Some(&place) = places.get(&article.id) else {
            places.insert(article.id, kept.len());
            kept.push(article);
            continue;
        };
        let age = |a: &Article| (a.updated.max(a.published), a.modified, a.path.clone());
        if age(&article) > age(&kept[place]) {
            std::mem::swap(&mut kept[place], &mut article);
        }
        let winner = Arc::make_mut(&mut kept[place]);
        for path in std::iter::once(&article.path).chain(&article.also_in) {
            if !winner.also_in.contains(path) && *path != winner.path {
                winner.also_in.push(path.clone());
            }
        }
        winner.also_in.sort();
    }
    kept
}
