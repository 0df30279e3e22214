//! `frontpage mark`: sets a mark on every article that a query finds.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, print_notice};
use crate::feed::identity::missing_last_seen;
use crate::feed::tags::{self, MAX_TAGS};
use crate::feed::{
    Article, ArticleHashes, ArticleId, Change, DeviceId, Feed, HybridClock, Identities, LastSeenState, Mark, Marks,
    SafeText, Stamp, Tag, clean,
};
use crate::library::marks_log::{MarksLog, MarksUpdate};
use crate::query::{Query, SearchContext};
use crate::text::counted;

/// Timeout for the lock of the marks file. Longer than in the terminal reader, which tries again later; a command cannot.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// What the command does: sets or removes a mark, or a tag whose name follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkWord {
    /// A mark without a name.
    Mark(MarkName),
    /// A tag.
    Tag,
    /// No tag of a name.
    Untag,
}

/// Marks without a name that commands can set or remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MarkName {
    /// Read.
    Read,
    /// Not read.
    Unread,
    /// Starred.
    Starred,
    /// Not starred.
    Unstarred,
    /// Hidden.
    Hidden,
    /// Not hidden.
    Unhidden,
}

const EXAMPLES: &str = "\
frontpage mark read date:..2020            everything up to 2020
frontpage mark hidden topic:crypto --dry-run
frontpage mark read --all                  everything
frontpage mark tag \"to read\" is:starred    adds a tag of your own; untag removes it
frontpage mark starred https://example.org/an-article";

/// Arguments of `mark`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::query_examples(EXAMPLES))]
pub struct MarkArgs {
    /// Mark to set or remove
    #[arg(value_name = "MARK", value_enum)]
    mark: MarkWord,
    /// A query, or the id, link or path of one article; after tag and untag, the name of the tag first
    #[arg(value_name = "QUERY", required_unless_present = "all")]
    query: Vec<String>,
    /// Mark all articles if the query has no conditions
    #[arg(long)]
    all: bool,
    /// Print the articles that would be marked, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl MarkName {
    /// The mark with the current time.
    pub fn mark(self, context: &Context) -> Mark {
        match self {
            MarkName::Read => Mark::Read(Some(context.now)),
            MarkName::Unread => Mark::Read(None),
            MarkName::Starred => Mark::Starred(true),
            MarkName::Unstarred => Mark::Starred(false),
            MarkName::Hidden => Mark::Hidden(true),
            MarkName::Unhidden => Mark::Hidden(false),
        }
    }

    fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

impl ValueEnum for MarkWord {
    fn value_variants<'a>() -> &'a [MarkWord] {
        const ALL: [MarkWord; 8] = [
            MarkWord::Mark(MarkName::Read),
            MarkWord::Mark(MarkName::Unread),
            MarkWord::Mark(MarkName::Starred),
            MarkWord::Mark(MarkName::Unstarred),
            MarkWord::Mark(MarkName::Hidden),
            MarkWord::Mark(MarkName::Unhidden),
            MarkWord::Tag,
            MarkWord::Untag,
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            MarkWord::Mark(mark) => mark.to_possible_value(),
            MarkWord::Tag => Some(PossibleValue::new("tag").help("With this tag of your own")),
            MarkWord::Untag => Some(PossibleValue::new("untag").help("Without this tag")),
        }
    }
}

impl MarkArgs {
    /// The mark to set, what messages call it, and the words of the query.
    fn parsed(&self, context: &Context) -> Result<(Mark, String, &[String]), CliError> {
        let is_on = match self.mark {
            MarkWord::Mark(mark) => return Ok((mark.mark(context), mark.word(), &self.query)),
            MarkWord::Tag => true,
            MarkWord::Untag => false,
        };
        let usage = if is_on { "frontpage mark tag NAME QUERY" } else { "frontpage mark untag NAME QUERY" };
        let (name, query) = self.query.split_first().unzip();
        let tag = Tag::parse(name.map(String::as_str).unwrap_or_default());
        let tag = tag.map_err(|error| CliError::new(&error.to_string()).hint(&format!("write {usage}")))?;
        let query = query.unwrap_or_default();
        if query.is_empty() && !self.all {
            return Err(CliError::new("the query is missing").hint(&format!("write {usage}, or --all")));
        }
        let word = if is_on { "with" } else { "without" };
        let word = format!("{word} {}", tag.signed());
        Ok((Mark::Tagged(tag, is_on), word, query))
    }
}

/// Sets or removes a mark of the articles that a query finds.
pub fn run(args: &MarkArgs, context: &Context) -> Result<Exit, CliError> {
    let (mark, word, words) = args.parsed(context)?;
    // No `?` here: an id, a link or a path need not be a valid query.
    let query = context.query_of(words);
    // An empty query is most likely an unset variable of a script.
    if !args.all && query.as_ref().is_ok_and(Query::has_no_filter) {
        let error = CliError::new("the query has no conditions, so all articles would be marked");
        return Err(error.hint("add a condition, or --all"));
    }
    let loaded = context.load()?;
    let mut writer = if args.dry_run { None } else { Some(WritableMarks::open(context, &loaded.feed)?) };
    let feed = writer.as_ref().map_or(&loaded.feed, |writer| &writer.feed).clone();
    let marks = writer.as_ref().map_or_else(|| context.marks(), |writer| Arc::new(writer.marks.clone()));
    let own = SearchContext::new(feed.clone(), marks, context.clock());
    let search_context = SearchContext { marks: context.user.rules.apply(&own).0, ..own.clone() };
    let found = match context.find_exact(&words.join(" "), &feed) {
        Some(index) => vec![index],
        // Hidden articles are included: `mark unhidden` must find them.
        None => context.select(&query?.with_hidden(), &search_context),
    };
    let articles = found.iter().filter_map(|&index| feed.get(index));
    // A mark that only a rule sets is written all the same: it must stay when the rule is deleted.
    let is_set = |id| search_context.marks.has(id, &mark) && own.marks.has(id, &mark);
    let to_mark: Vec<_> = articles.filter(|article| !is_set(article.id)).collect();
    let has_room = |id| !matches!(&mark, Mark::Tagged(_, true)) || tags::has_room(&own.marks, id);
    let (to_mark, full): (Vec<_>, Vec<_>) = to_mark.into_iter().partition(|article| has_room(article.id));
    if !full.is_empty() {
        let words = format!("left out {}: an article has at most {MAX_TAGS} tags", counted(full.len(), "article"));
        print_notice(clean::plain_line(&words));
    }
    let exit = if found.is_empty() { Exit::NothingOrProblems } else { Exit::Success };
    let Some(writer) = &mut writer else {
        print_notice(clean::plain_line(&format!(
            "would mark {} of {} {word}",
            to_mark.len(),
            counted(found.len(), "article")
        )));
        let mut out = Output::new();
        let line = |article: &Article| clean::plain_line(&format!("{}  {}", article.id, article.title));
        let printed = to_mark.iter().try_for_each(|article| out.line(line(article)));
        return exit_after(printed.and_then(|()| out.finish()), exit);
    };
    let ids: Vec<ArticleId> = to_mark.iter().map(|article| article.id).collect();
    writer.set(vec![(mark, ids)])?;
    print_notice(clean::plain_line(&format!("marked {} of {} {word}", to_mark.len(), counted(found.len(), "article"))));
    Ok(exit)
}

/// Writes the marks of this device. A method that writes returns once the marks are on the disk, or with an error.
pub struct WritableMarks {
    log: MarksLog,
    device: DeviceId,
    clock: HybridClock,
    now: DateTime<Utc>,
    /// All marks, the written ones included.
    pub marks: Marks,
    /// The articles with the ids that the marks use for them.
    pub feed: Arc<Feed>,
}

impl WritableMarks {
    /// Reads the marks, prints their problems, and moves marks of edited and moved articles to the new ids.
    pub fn open(context: &Context, feed: &Arc<Feed>) -> Result<WritableMarks, CliError> {
        let none =
            || CliError::new("no folder for marks: $HOME is not set to a folder").hint("set HOME to your home folder");
        let (log, device) = context.marks_to_write().ok_or_else(none)?.open();
        let mut log = log.with_lock_timeout(LOCK_TIMEOUT);
        let MarksUpdate { mut marks, problems } = log.read_new();
        problems.iter().for_each(|problem| print_notice(problem.one_line()));
        let mut clock = HybridClock::new(device);
        clock.observe(marks.latest());
        let Identities { overrides, moved, copied, last_seen } = Identities::of(feed.columns(), &marks);
        let followed = marks.move_marks(&moved, &copied);
        let feed = Arc::new(feed.with_identities(&overrides));
        let mut writer = WritableMarks { log, device, clock, now: context.now, marks, feed };
        let last_seen = writer.last_seen_changes(last_seen);
        let changes = [followed, last_seen].concat();
        if !changes.is_empty() {
            writer.write(changes)?;
        }
        Ok(writer)
    }

    /// Sets marks on articles.
    pub fn set(&mut self, marks: Vec<(Mark, Vec<ArticleId>)>) -> Result<(), CliError> {
        let now = self.now;
        let changes = changes(marks, || self.clock.tick(now));
        self.write_with_last_seen(changes)
    }

    /// Sets imported marks, with the earliest possible stamps: marks that the user sets on any device win, even those that
    /// arrive after the import. `titles` are kept for articles outside of the library, so that users can recognise them.
    pub fn import(
        &mut self,
        marks: Vec<(Mark, Vec<ArticleId>)>,
        titles: Vec<(ArticleId, SafeText)>,
    ) -> Result<(), CliError> {
        let mut clock = HybridClock::new(self.device);
        let mut changes = changes(marks, || clock.tick(DateTime::UNIX_EPOCH));
        let unknown = titles.into_iter().filter(|(id, _)| self.marks.last_seen(*id).is_none());
        let last_seen = |title| LastSeenState { hashes: ArticleHashes::default(), moved_to: None, title };
        let last_seen = unknown.map(|(id, title)| (id, last_seen(title))).collect();
        changes.extend(self.last_seen_changes(last_seen));
        self.write_with_last_seen(changes)
    }

    /// Writes changes, with the last-seen state of each article, by which it is recognised after an edit or a move.
    fn write_with_last_seen(&mut self, mut changes: Vec<Change>) -> Result<(), CliError> {
        let articles: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        let last_seen = missing_last_seen(self.feed.columns(), &self.marks, &articles);
        changes.extend(self.last_seen_changes(last_seen));
        self.write(changes)
    }

    fn last_seen_changes(&mut self, last_seen: Vec<(ArticleId, LastSeenState)>) -> Vec<Change> {
        let last_seen =
            last_seen.into_iter().map(|(id, last_seen)| (Mark::LastSeen(Box::new(last_seen)), vec![id])).collect();
        let now = self.now;
        changes(last_seen, || self.clock.tick(now))
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<(), CliError> {
        changes.iter().for_each(|change| self.marks.apply(change));
        let saved = self.log.write(changes).and_then(|()| self.log.sync()).and_then(|()| self.log.compact());
        saved.map_err(|error| {
            let hint = "make room or get write permission there, or set another folder in the settings: marks: FOLDER";
            CliError::new(&format!("marks not saved: {error}")).hint(hint)
        })
    }
}

fn changes(marks: Vec<(Mark, Vec<ArticleId>)>, mut stamp: impl FnMut() -> Stamp) -> Vec<Change> {
    let marks = marks.into_iter().filter(|(_, articles)| !articles.is_empty());
    marks.map(|(mark, articles)| Change { stamp: stamp(), mark, articles }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::context::GlobalArgs;
    use crate::library::marks_log;
    use crate::query::{RuleAction, Rules};

    #[test]
    fn the_user_can_set_and_remove_marks_that_a_rule_sets() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = "2021-02-20T12:00:00Z".parse().ok();
        let global_args = GlobalArgs {
            paths: vec!["tests/fixtures/news".into()],
            config: Some("none.yaml".into()),
            appearance: Default::default(),
            no_mouse: false,
            now,
        };
        let (marks, state) = (folder.path().join("marks"), folder.path().join("state"));
        let rules = Rules::new(vec![Query::parse("").expect("a query").rule(vec![RuleAction::Star, RuleAction::Read])]);
        let mut context = Context::new(&global_args).expect("a context");
        (context.user.rules, context.snapshots) = (rules, None);
        (context.marks_folder, context.state_folder) = (Some(marks.clone()), Some(state));
        let mark = |mark, dry_run| {
            let (mark, query) = (MarkWord::Mark(mark), vec!["title:moon".to_owned()]);
            let args = MarkArgs { mark, query, all: false, dry_run };
            run(&args, &context).expect("marked");
            marks_log::read(&marks).marks
        };
        assert_eq!(mark(MarkName::Unread, true).fields(), 0);
        let id = *mark(MarkName::Unread, false).articles().first().expect("one article");
        let marked = mark(MarkName::Starred, false);
        assert!(marked.is_set(id, &Mark::Read(None)) && !marked.is_read(id) && marked.is_starred(id));
        assert_eq!((marked.len(), marked.fields()), (1, 3), "unread, starred, and a last-seen state");
        assert_eq!(mark(MarkName::Starred, false).latest(), marked.latest(), "set already");
    }
}
