//! The data model: articles, stories, topics and marks as values, without any input or output.

pub mod anchors;
pub mod article;
mod article_cache;
pub mod article_links;
mod article_marks;
pub mod article_pictures;
mod article_tags;
mod body;
mod body_events;
mod body_folds;
mod body_footnotes;
pub mod body_syntax;
pub mod clean;
pub mod code_blocks;
pub mod columnar_feed;
pub mod columnar_feed_builder;
pub mod dialect;
mod distinct_paths;
pub mod earlier_texts;
pub mod enclosure;
mod end_tags;
pub mod field_subsets;
pub mod fields;
pub mod filled_columns;
mod fold_brackets;
mod folded_text_store;
pub mod folders;
pub mod folds;
mod full_text;
pub mod hybrid_clock;
pub mod identity;
mod inline_preformatted;
pub mod last_seen_state;
pub mod link;
mod link_target;
mod list_column;
pub mod local_links;
pub mod local_target;
mod mark;
pub mod marks;
mod open_inline;
pub mod outline;
pub mod picture_facts;
mod places;
pub mod plain_text;
mod private_host;
pub mod problem;
pub mod record;
mod record_values;
pub mod related;
mod rule_marks;
mod search_weight;
pub mod shared_bytes;
pub mod shared_identity;
mod shown_excerpt;
mod site_place;
pub mod stable_hashes;
pub mod story;
mod tag;
pub mod tags;
mod test_article_builder;
mod text_position;
pub mod topic;
mod web_addresses;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

pub use article::{Article, ArticleId, ChannelItem, NamedLink, Picture, Provider, RelatedLink};
pub use body::Body;
pub use body_events::BodyEvents;
pub use body_syntax::BodySyntax;
pub use clean::{IntoSafeText, SafeText, UntrustedText};
pub use columnar_feed::{ArticleHeader, Columns};
pub use distinct_paths::distinguishing_paths;
pub use enclosure::Enclosure;
pub use fields::Field;
pub use folded_text_store::FoldedTextStore;
pub use folders::Folder;
pub use full_text::FullText;
pub use hybrid_clock::{DeviceId, HybridClock, Stamp, StampError};
pub use identity::Identities;
pub use last_seen_state::{ArticleHashes, LastSeenState};
pub use link::{Address, Link, Refusal};
pub use link_target::LocalTarget;
pub use local_target::LocalLink;
pub use mark::{Change, Mark};
pub use marks::Marks;
pub use places::{PLACES_KEPT, Places};
pub use private_host::{is_private_address, is_private_host};
pub use problem::{Position, Problem, Severity};
pub use record::{Record, has};
pub use related::{Reason, Related, Target};
pub use rule_marks::{RuleFlags, RuleMarks};
pub use shared_bytes::Bytes;
pub use shown_excerpt::shown_excerpt;
pub use site_place::SitePlace;
pub use story::{Role, Story};
pub use tag::{MAX_TAG_NAME, Tag, TagNameError};
pub use test_article_builder::ArticleBuilder;
pub use text_position::{PagePart, TextPosition};
pub use topic::Topic;

use crate::dates::Now;
use columnar_feed::Column;

/// All loaded articles: immutable, newest first, each once. The *index* of an article is its position in this order.
///
/// A feed is stored as bytes, in memory or in a mapped file. Columns hold the [`ArticleHeader`] of each article; a record
/// holds everything else and is parsed on access.
#[derive(Debug, Default)]
pub struct Feed {
    columns: Columns,
    cache: article_cache::ArticleCache,
    topics: OnceLock<Vec<(Topic, usize)>>,
    providers: OnceLock<Vec<(SafeText, usize)>>,
    linked_titles: OnceLock<Vec<(SafeText, usize)>>,
    folder_names: OnceLock<Vec<String>>,
    has_times: OnceLock<bool>,
    completion_names: [OnceLock<Vec<(SafeText, usize)>>; field_subsets::COMPLETION_FIELD_COUNT],
    /// Set when a record could not be read.
    damaged: AtomicBool,
    folded_text_store: Arc<OnceLock<FoldedTextStore>>,
    earlier_texts: OnceLock<Arc<Feed>>,
    reads: AtomicUsize,
}

impl Feed {
    /// Builds a feed from articles in the order in which they were found. Articles dated in the future sort as if dated `now`.
    pub fn new(articles: Vec<Arc<Article>>, now: impl Into<Now>) -> Feed {
        let (mut bytes, mut locations) = (Vec::new(), Vec::new());
        for article in articles {
            locations.push(columnar_feed::location(0, bytes.len()));
            record::write(&article, 0, &article.path, &mut bytes);
        }
        let roots = columnar_feed_builder::LibraryRoots::new(&[PathBuf::new()], PathBuf::clone);
        Feed::of(columnar_feed_builder::build_columns(roots, vec![Bytes::new(bytes)], &locations, now.into()))
    }

    /// Wraps finished columns.
    pub fn of(columns: Columns) -> Feed {
        Feed { columns, ..Feed::default() }
    }

    /// A copy in which some articles have other ids, see [`Columns::with_identities`].
    pub fn with_identities(&self, overrides: &BTreeMap<usize, ArticleId>) -> Feed {
        // The cache of articles is not shared, since cached articles have the old ids. The stored text contains no ids.
        let folded_text_store = self.folded_text_store.clone();
        Feed {
            columns: self.columns.with_identities(overrides),
            folded_text_store,
            earlier_texts: self.earlier_texts.clone(),
            has_times: self.has_times.clone(),
            damaged: self.is_damaged().into(),
            ..Feed::default()
        }
    }

    /// A copy in which articles have the ids under which the marks know them; `None` if no id changes. `before` is an
    /// earlier feed of the same files.
    pub fn with_marked_identities(&self, marks: &Marks, before: &Feed) -> Option<Feed> {
        let is_shared = |feed: &Feed| {
            feed.columns().shared_ids().next().is_some() || !feed.columns().identity_overrides().is_empty()
        };
        // Resolving ids walks all marks. Nearly all libraries have no shared id, so check that first.
        if !is_shared(self) && !is_shared(before) {
            return None;
        }
        let overrides = identity::overrides(self.columns(), marks);
        (overrides != *self.columns().identity_overrides()).then(|| self.with_identities(&overrides))
    }

    /// The columns that store the feed.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Number of articles.
    pub fn len(&self) -> usize {
        self.columns.count()
    }

    /// True if there are no articles.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The article at an index, from the cache of recent articles if possible.
    pub fn get(&self, index: usize) -> Option<Arc<Article>> {
        self.cache.get(index, || self.read(index))
    }

    /// The article at an index, parsed without touching the cache: for passes over many articles. `None` if the index is out
    /// of range or the record is damaged; the latter sets [`Feed::is_damaged`].
    pub fn read(&self, index: usize) -> Option<Article> {
        let header = self.columns.header(index)?;
        self.reads.fetch_add(1, Ordering::Relaxed);
        // In a damaged snapshot the location may lead to another record, and the lost bytes of a truncated one read as zeros.
        // The hash ensures that this is the record that the header was built from.
        let record = self.columns.record(header.location).filter(|record| record.content_hash == header.content_hash);
        let Some(article) = record.and_then(|record| record.article(&self.columns.roots)) else {
            self.damaged.store(true, Ordering::Relaxed);
            return None;
        };
        let mut also_in: Vec<PathBuf> =
            other_records(&self.columns, index).map(|record| record.path(&self.columns.roots)).collect();
        // Equal paths are neighbours, since copies are sorted by path.
        also_in.dedup();
        Some(Article { id: header.id, also_in, ..article })
    }

    /// The path of the file of the article at an index, also if its record is damaged, as far as it can be read.
    pub fn path(&self, index: usize) -> Option<PathBuf> {
        let bytes = self.columns.record_bytes(self.columns.header(index)?.location)?;
        // The id tells whether this is the record of the article.
        let record = Record::read_unchecked(bytes).filter(|record| self.columns.file_id(index) == Some(record.id))?;
        Some(record.path(&self.columns.roots))
    }

    /// The versions of the article at an index in its other files.
    pub fn copies(&self, index: usize) -> impl Iterator<Item = Article> {
        let id = self.id(index);
        let read = move |record: Record| Some(Article { id: id?, ..record.article(&self.columns.roots)? });
        other_records(&self.columns, index).filter_map(read)
    }

    /// The index of the article that the article at `was` in an earlier feed became, if an edit changed its id: the new
    /// article with the same file, else the one with the same title and text.
    pub fn index_after_edit(&self, before: &Feed, was: usize) -> Option<usize> {
        let was = before.id(was).filter(|id| self.index_of(*id).is_none()).and_then(|_| before.columns.hashes(was))?;
        let find = |is_it: &dyn Fn(&ArticleHashes) -> bool| {
            let is_it = |index: &usize| self.columns.hashes(*index).is_some_and(|hashes| is_it(&hashes));
            let is_new = |index: &usize| self.id(*index).is_some_and(|id| before.index_of(id).is_none());
            (0..self.len()).find(|index| is_it(index) && is_new(index))
        };
        find(&|hashes| hashes.file == was.file)
            .or_else(|| find(&|hashes| hashes.title == was.title && hashes.shares_text_with(&was)))
    }

    /// The index of the article that a link leads to. If several articles are about that page, the one whose link has the
    /// same fragment (the part after `#`).
    pub fn index_of_link(&self, address: &Address) -> Option<usize> {
        let (id, fragment) = (ArticleId::of_link(address), stable_hashes::of_fragment(address));
        let is_it = |index: &usize| {
            let record = self.header(*index).and_then(|header| self.columns.record(header.location));
            record.is_some_and(|record| record.fragment_hash == fragment)
        };
        let exact = self.columns.sharing(id).find(is_it);
        exact.or_else(|| self.index_of(id)).or_else(|| self.columns.index_of_file_id(id))
    }

    /// Sets where searches find stored text. Only the first call has an effect.
    pub fn set_folded_text_store(&self, store: FoldedTextStore) {
        let _ = self.folded_text_store.set(store);
    }

    /// The stored text of searches, if there is any.
    pub fn folded_text_store(&self) -> Option<&FoldedTextStore> {
        self.folded_text_store.get()
    }

    /// Number of articles parsed so far. Tests use it to bound the cost of a key press.
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    /// True if stored bytes were damaged or lost: the article files must be read again.
    pub fn is_damaged(&self) -> bool {
        self.columns.damaged || self.damaged.load(Ordering::Relaxed) || self.columns.is_truncated()
    }

    /// The header of the article at an index. It costs no parsing, so queries and sort orders use it.
    pub fn header(&self, index: usize) -> Option<ArticleHeader> {
        self.columns.header(index)
    }

    /// The id of the article at an index.
    pub fn id(&self, index: usize) -> Option<ArticleId> {
        self.columns.id(index)
    }

    /// The index of the article with an id.
    pub fn index_of(&self, id: ArticleId) -> Option<usize> {
        self.columns.index_of(id)
    }

    /// The article with an id.
    pub fn find(&self, id: ArticleId) -> Option<Arc<Article>> {
        self.index_of(id).and_then(|index| self.get(index))
    }

    /// All articles, newest first, parsed one by one without the cache.
    pub fn iter(&self) -> impl Iterator<Item = Arc<Article>> {
        (0..self.len()).filter_map(|index| self.read(index)).map(Arc::new)
    }

    /// Topics with the number of their articles: the largest first, then by name. Each is spelt as in the newest
    /// article that has it.
    pub fn topics(&self) -> &[(Topic, usize)] {
        self.topics.get_or_init(|| count_topics(self, 0..self.len()))
    }

    /// Names of providers with the number of their articles: the largest first, then by name.
    pub fn providers(&self) -> &[(SafeText, usize)] {
        self.providers.get_or_init(|| count_providers(self, 0..self.len()))
    }

    /// The distinct names in a field, for completion: the most used first. Empty for a field without completion. Of links, the titles
    /// of the articles that others link to.
    pub fn names(&self, field: Field) -> Vec<&str> {
        match field {
            Field::Folder => {
                let names = self.folder_names.get_or_init(|| folders::names(&self.columns));
                names.iter().map(String::as_str).collect()
            }
            Field::Topic => self.topics().iter().map(|(topic, _)| topic.shown().as_str()).collect(),
            Field::Provider => self.providers().iter().map(|(name, _)| name.as_str()).collect(),
            Field::Links => linked_titles(self).iter().map(|(title, _)| title.as_str()).collect(),
            field => completion_names(self, field).iter().map(|(name, _)| name.as_str()).collect(),
        }
    }

    /// The topics of an article as topic numbers, see [`Feed::topic`].
    pub fn topic_numbers(&self, index: usize) -> impl Iterator<Item = u32> {
        self.columns.list(Column::TopicEnds, Column::Topics, index)
    }

    /// Number of topics: topic numbers are below it.
    pub fn topic_count(&self) -> usize {
        self.columns.count_names(Column::TopicNameEnds)
    }

    /// The name of a topic, by its number in the feed.
    pub fn topic(&self, number: usize) -> SafeText {
        clean::plain_line(self.columns.name(Column::TopicNameEnds, Column::TopicNames, number))
    }

    /// The name of a provider, by its number in the feed.
    pub fn provider(&self, number: usize) -> SafeText {
        clean::plain_line(self.columns.name(Column::ProviderNameEnds, Column::ProviderNames, number))
    }

    /// Number of providers: provider numbers are below it.
    pub fn provider_count(&self) -> usize {
        self.columns.count_names(Column::ProviderNameEnds)
    }

    /// Number of stories.
    pub fn story_count(&self) -> usize {
        self.columns.count_names(Column::MemberEnds)
    }

    /// The story that an article belongs to; `None` if it is on its own.
    pub fn story_of(&self, index: usize) -> Option<Story> {
        Some(Story { head: self.head_of(index)?, members: self.members_of(index).collect() })
    }

    /// The index of the head of the story that an article belongs to; a head is its own head.
    pub fn head_of(&self, index: usize) -> Option<usize> {
        let number = self.columns.number(Column::StoryOf, index)?.checked_sub(1)?;
        self.columns.number(Column::Heads, number as usize).map(|head| head as usize)
    }

    /// The indices of the members of the story that an article belongs to, without the head, in the order of the feed.
    pub fn members_of(&self, index: usize) -> impl Iterator<Item = usize> {
        let story = self.columns.number(Column::StoryOf, index).and_then(|story| story.checked_sub(1));
        let members = story.map(|story| self.columns.list(Column::MemberEnds, Column::Members, story as usize));
        members.into_iter().flatten().map(|index| index as usize)
    }

    /// The indices of the members of the story that an article leads; empty if it is not a head.
    pub fn members_led_by(&self, index: usize) -> impl Iterator<Item = usize> {
        let leads = self.head_of(index) == Some(index);
        leads.then(|| self.members_of(index)).into_iter().flatten()
    }

    /// The role of an article: from its story if the library has it, else from its scores. So a member whose head is not in
    /// the library is still a member.
    pub fn role(&self, index: usize) -> Role {
        match self.head_of(index) {
            Some(head) if head == index => Role::Head,
            Some(_) => Role::Member,
            None => self.header(index).map_or(Role::Single, |header| header.role_by_scores()),
        }
    }

    /// True if an article has related articles.
    pub fn has_related(&self, index: usize) -> bool {
        self.header(index).is_some_and(|header| header.has(has::RELATED))
    }

    /// The links in the body of the article at an index to places where articles may be: each destination once, in the order of
    /// the body.
    pub fn local_links(&self, index: usize) -> Vec<LocalLink> {
        local_target::local_links(&self.columns, index)
    }

    /// The indices of the articles whose bodies link to the article at an index, newest first.
    pub fn linked_from(&self, index: usize) -> impl Iterator<Item = usize> {
        self.columns.list(Column::LinkedFromEnds, Column::LinkedFrom, index).map(|from| from as usize)
    }

    /// The related articles of an article, with their reasons, in the order in which they are shown.
    pub fn related(&self, index: usize) -> Vec<Related> {
        if !self.has_related(index) {
            return Vec::new();
        }
        let Some(article) = self.get(index) else { return Vec::new() };
        let listed = self.columns.list(Column::ListedEnds, Column::Listed, index);
        let listed = listed.map(|to| to.checked_sub(1).map(|to| to as usize));
        let listed_by = self.columns.list(Column::ListedByEnds, Column::ListedBy, index);
        let story = self.story_of(index);
        let connections = related::Connections {
            listed: article.related.iter().zip(listed).collect(),
            listed_by: listed_by.map(|from| from as usize).collect(),
            links_to: local_target::links_to(&self.columns, index).collect(),
            linked_from: self.linked_from(index).collect(),
            story: story.into_iter().flat_map(|story| std::iter::once(story.head).chain(story.members)).collect(),
        };
        connections.related(index, |other| self.get(other))
    }
}

/// The records of further files with the article at an index.
fn other_records(columns: &Columns, index: usize) -> impl Iterator<Item = Record<'_>> {
    columns.others(index).filter_map(|location| columns.record(location))
}

/// The topics of the articles at `indices`, with the number of articles of each.
fn count_topics(feed: &Feed, indices: impl Iterator<Item = usize>) -> Vec<(Topic, usize)> {
    let mut counts = vec![0usize; feed.columns.count_names(Column::TopicNameEnds)];
    for topic in indices.flat_map(|index| feed.columns.list(Column::TopicEnds, Column::Topics, index)) {
        counts.get_mut(topic as usize).into_iter().for_each(|count| *count += 1);
    }
    let named = |(number, count): (usize, usize)| Some((Topic::new(feed.topic(number))?, count));
    let mut counts: Vec<(Topic, usize)> =
        counts.into_iter().enumerate().filter(|(_, count)| *count > 0).filter_map(named).collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.key().cmp(b.key())));
    counts
}

/// The providers of the articles at `indices`, with the number of articles of each.
fn count_providers(feed: &Feed, indices: impl Iterator<Item = usize>) -> Vec<(SafeText, usize)> {
    let mut counts = vec![0usize; feed.columns.count_names(Column::ProviderNameEnds)];
    for provider in indices.filter_map(|index| feed.header(index)).map(|header| header.provider) {
        counts.get_mut(provider as usize).into_iter().for_each(|count| *count += 1);
    }
    by_count(counts, |number| feed.provider(number))
}

/// The distinct names in a field of [`field_subsets::COMPLETION_FIELDS`] with the number of their articles: the largest first,
/// then by name. Empty for any other field.
fn completion_names(feed: &Feed, field: Field) -> &[(SafeText, usize)] {
    let columns = &feed.columns;
    let at = field_subsets::COMPLETION_FIELDS.iter().position(|known| *known == field);
    let Some(counted) = at.and_then(|at| feed.completion_names.get(at)) else { return &[] };
    counted.get_or_init(|| {
        let numbers = (0..feed.len()).filter_map(|index| columns.completion_number(index, field));
        let mut counts = vec![0usize; columns.count_names(Column::CompletionNameEnds)];
        for number in numbers {
            counts.get_mut(number as usize).into_iter().for_each(|count| *count += 1);
        }
        let name = |number| columns.name(Column::CompletionNameEnds, Column::CompletionNames, number);
        by_count(counts, |number| clean::plain_line(name(number)))
    })
}

/// The titles of the articles that the bodies of others link to, with the number of these.
fn linked_titles(feed: &Feed) -> &[(SafeText, usize)] {
    feed.linked_titles.get_or_init(|| {
        let (titles, counts) = local_target::linked_titles(&feed.columns, feed.len());
        by_count(counts, |number| titles.get(number).cloned().unwrap_or_default())
    })
}

/// Names with their counts: the largest first, then by name. Index `n` of `counts` belongs to `name(n)`; zero counts and empty
/// names are left out.
fn by_count(counts: Vec<usize>, name: impl Fn(usize) -> SafeText) -> Vec<(SafeText, usize)> {
    let counts = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
    let named = counts.map(|(number, count)| (name(number), count));
    let mut counts: Vec<(SafeText, usize)> = named.filter(|(name, _)| !name.is_empty()).collect();
    counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    counts
}
