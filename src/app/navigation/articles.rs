//! The groups of the feed in use, and their unread articles.

use std::cmp::Reverse;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::tags::TagEntries;
use crate::feed::{ArticleId, Feed, Marks};
use crate::jobs::JobId;
use crate::jobs::article_groups::{ArticleGroups, GroupedArticles, UnreadCounts};

/// The groups of a feed with their counts, and the job that makes those of the next one.
#[derive(Clone, Debug, Default)]
pub struct NavigationArticles {
    groups: Arc<ArticleGroups>,
    counts: UnreadCounts,
    /// The generation of the feed that the groups were made from; 0 before the first.
    generation: u64,
    /// The running job, and the generation of its feed.
    job: Option<(JobId, u64)>,
    /// Providers and topics by unread articles, then by name. Marks do not reorder them: entries stay under the cursor.
    order: [Arc<[usize]>; 2],
    /// The tags, which marks give: they are no groups of the feed.
    tags: TagEntries,
    /// Number of articles that were begun and not read to their end.
    started: usize,
}

impl NavigationArticles {
    /// The groups.
    pub fn groups(&self) -> &ArticleGroups {
        &self.groups
    }

    /// The counts.
    pub fn counts(&self) -> &UnreadCounts {
        &self.counts
    }

    /// Number of articles that were begun and not read to their end, without hidden ones.
    pub fn started(&self) -> usize {
        self.started
    }

    /// Counts the articles that were begun. True if there are some now and were none before, or the reverse.
    pub fn count_started(&mut self, feed: &Feed, marks: &Marks) -> bool {
        let places = marks.places();
        let is_listed =
            |id: &ArticleId| places.of(*id).is_some() && feed.index_of(*id).is_some() && !marks.is_hidden(*id);
        let started = places.ids().filter(is_listed).count();
        (std::mem::replace(&mut self.started, started) > 0) != (started > 0)
    }

    /// The indices of the providers, in the order in which they are listed.
    pub fn providers(&self) -> &[usize] {
        &self.order[0]
    }

    /// The indices of the topics, in the order in which they are listed.
    pub fn topics(&self) -> &[usize] {
        &self.order[1]
    }

    /// The tags.
    pub fn tags(&self) -> &TagEntries {
        &self.tags
    }

    /// Whether the groups are those of this generation of the feed.
    pub fn are_of(&self, generation: u64) -> bool {
        self.generation == generation
    }

    /// Whether the groups of this generation are neither known nor being made.
    pub fn lacks(&self, generation: u64) -> bool {
        !self.are_of(generation) && self.job.is_none_or(|(_, awaited)| awaited != generation)
    }

    /// Records that a job makes the groups of a generation.
    pub fn await_job(&mut self, job: JobId, generation: u64) {
        self.job = Some((job, generation));
    }

    /// Forgets which feed the groups are of, so that they are made again.
    pub fn invalidate(&mut self) {
        (self.generation, self.job) = (0, None);
    }

    /// Takes the answer of a job. False if it is not about this generation, the present one.
    pub fn take(&mut self, job: JobId, answer: GroupedArticles, generation: u64) -> bool {
        if self.job != Some((job, generation)) {
            return false;
        }
        let GroupedArticles { groups, counts } = answer;
        (self.groups, self.counts, self.generation, self.job) = (groups, counts, generation, None);
        self.sort();
        true
    }

    /// Drops a job that failed.
    pub fn job_failed(&mut self, job: JobId) {
        // The generation counts as known: otherwise the next key would request the same failure again.
        if let Some((_, generation)) = self.job.take_if(|(awaited, _)| *awaited == job) {
            self.generation = generation;
            (self.groups, self.counts, self.tags, self.started) = Default::default();
            self.sort();
        }
    }

    fn sort(&mut self) {
        let NavigationArticles { groups, counts, .. } = self;
        let sorted = |count: usize, number: &dyn Fn(usize) -> usize, key: &dyn Fn(usize) -> String| -> Arc<[usize]> {
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by_cached_key(|at| (Reverse(counts.of_group(number(*at))), key(*at)));
            order.into()
        };
        let providers = &groups.providers;
        let topics = &groups.topics;
        self.order = [
            sorted(providers.len(), &|at| groups.of_provider(at), &|at| providers.key(at).to_owned()),
            sorted(topics.len(), &|at| groups.of_topic(at), &|at| topics.key(at).to_owned()),
        ];
    }

    /// Counts articles again whose marks changed. Calls `changed` with the index of each that has become unread or read. True if
    /// other tags are to be listed.
    pub fn update(
        &mut self,
        articles: &[ArticleId],
        (feed, marks): (&Feed, &Marks),
        changed: &mut dyn FnMut(usize, bool),
    ) -> bool {
        let mut has_other_tags = false;
        for index in articles.iter().filter_map(|id| feed.index_of(*id)) {
            if let Some(is_unread) = self.counts.update(index, &self.groups, feed, marks) {
                changed(index, is_unread);
            }
            has_other_tags |= self.tags.update(index, &self.counts, feed, marks);
        }
        has_other_tags
    }

    /// Counts again after marks of many articles, or rules, changed.
    pub fn follow(&mut self, read: &FixedBitSet, feed: &Feed, marks: &Marks) {
        self.count_started(feed, marks);
        if self.counts.follow(read, &self.groups, feed, marks) {
            self.sort();
        }
        self.tags = TagEntries::of(&self.counts, feed, marks);
    }
}
