//! The marks of a file to import: read from its lines, and compared with the marks that are set.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::elfeed_index::ElfeedEntry;
use super::progress::Progress;
use crate::feed::tags::{self, MAX_TAGS};
use crate::feed::{Address, ArticleId, Feed, Link, MAX_TAG_NAME, Mark, Marks, SafeText, Tag, clean};

/// The tag of elfeed for what is not read.
const ELFEED_UNREAD: &str = "unread";

/// A field of the marks of an article: its kind, and the key of a tag.
type MarkField = (&'static str, String);

fn field_of(mark: &Mark) -> MarkField {
    match mark {
        Mark::Read(_) => ("read", String::new()),
        Mark::Starred(_) => ("starred", String::new()),
        Mark::Hidden(_) => ("hidden", String::new()),
        Mark::Note(_) => ("note", String::new()),
        Mark::Tagged(tag, _) => ("tag", tag.key().to_owned()),
        Mark::Arrived(_) => ("arrived", String::new()),
        Mark::LastSeen(_) | Mark::Place(_) => ("other", String::new()),
    }
}

/// The marks that a file sets, by article and field. None for a field that the file sets to nothing. The last line of a field
/// counts.
#[derive(Default)]
pub struct ImportedMarks {
    fields: BTreeMap<(ArticleId, MarkField), Option<Mark>>,
    /// Titles in the file.
    pub titles: BTreeMap<ArticleId, SafeText>,
    /// Number of marks that a later line replaced with a different one.
    pub replaced: usize,
}

/// What an import does with the marks of a file.
#[derive(Default)]
pub struct ImportPlan {
    /// The marks to set.
    pub to_set: BTreeMap<Mark, Vec<ArticleId>>,
    /// Number of marks that are already set.
    pub already_set: usize,
    /// Number of marks that are skipped because the user set something else by hand.
    pub set_by_hand: usize,
    /// Number of tags that are skipped because their article has as many as it can.
    pub beyond_limit: usize,
}

impl ImportedMarks {
    /// Records that the file sets the field of a mark; to nothing unless `is_set`.
    pub fn add(&mut self, id: ArticleId, mark: Mark, is_set: bool) {
        let (field, mark) = (field_of(&mark), is_set.then_some(mark));
        let before = self.fields.insert((id, field), mark.clone());
        self.replaced += usize::from(before.is_some_and(|before| before.is_some() && before != mark));
    }

    /// The articles whose marks the file sets.
    pub fn articles(&self) -> impl Iterator<Item = ArticleId> {
        let mut ids: Vec<ArticleId> = self.fields.keys().map(|(id, _)| *id).collect();
        ids.dedup();
        ids.into_iter()
    }

    /// Compares the marks of the file with those that are set.
    pub fn plan(self, marks: &Marks) -> ImportPlan {
        let mut plan = ImportPlan::default();
        let mut added: HashMap<ArticleId, usize> = HashMap::new();
        for ((id, _), mark) in self.fields {
            let Some(mark) = mark else { continue };
            if marks.has(id, &mark) {
                plan.already_set += 1;
                continue;
            }
            if marks.is_set(id, &mark) {
                plan.set_by_hand += 1;
                continue;
            }
            if matches!(mark, Mark::Tagged(..)) {
                let added = added.entry(id).or_insert_with(|| tags::of(marks, id).len());
                if *added >= MAX_TAGS {
                    plan.beyond_limit += 1;
                    continue;
                }
                *added += 1;
            }
            plan.to_set.entry(mark).or_default().push(id);
        }
        plan
    }
}

/// Why a line of an imported file is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// It is neither an address nor an id.
    #[error("neither a link nor an id")]
    Address,
    /// It is not valid JSON.
    #[error("not a JSON object")]
    Object,
    /// It names no article.
    #[error("neither `id`, `link`, `url` nor `guid`")]
    Keys,
    /// A time is not valid.
    #[error("`{0}` is not a time")]
    Time(&'static str),
    /// A value is not true or false.
    #[error("`{0}` is not true or false")]
    Switch(&'static str),
    /// The note is not text.
    #[error("`note` is not a string")]
    Note,
    /// The tags are not names.
    #[error("`tags` is not a list of names of at most {MAX_TAG_NAME} characters")]
    Tags,
    /// The flags are not letters.
    #[error("`flags` is not a string")]
    Flags,
}

/// Finds articles by id, by any of their links, or by their id in their channel.
pub struct LinkIndex {
    feed: Arc<Feed>,
    by_link: HashMap<ArticleId, ArticleId>,
    /// By the id in a channel; `None` for one that several channels use.
    by_guid: HashMap<String, Option<ArticleId>>,
}

impl LinkIndex {
    /// Reads the links of all articles.
    pub fn of(feed: Arc<Feed>) -> LinkIndex {
        let mut shown = Progress::new("indexing links");
        let (mut by_link, mut by_guid) = (HashMap::new(), HashMap::new());
        for (number, article) in feed.iter().enumerate() {
            shown.at(number, Some(feed.len()));
            // The id of an item of a channel does not come from its link.
            let main = article.link.iter().filter(|_| !article.written_id.is_empty());
            let links = main.chain(article.other_links.iter().map(|(_, link)| link)).filter_map(Link::address);
            by_link.extend(links.map(|address| (ArticleId::of_link(address), article.id)));
            let guid = article.channel.item_id.as_str();
            if !guid.is_empty() {
                let known = by_guid.entry(guid.to_owned()).or_insert(Some(article.id));
                *known = known.filter(|known| *known == article.id);
            }
        }
        drop(shown);
        LinkIndex { feed, by_link, by_guid }
    }

    /// The article that another program knows by a link and an id in its channel.
    fn item(&self, link: &str, guid: &str) -> Result<ArticleId, BadLine> {
        let is_known = |id: &ArticleId| self.feed.index_of(*id).is_some();
        let by_link = Address::parse(link).is_ok().then(|| self.id(link));
        if let Some(Ok(id)) = by_link.as_ref().filter(|id| id.as_ref().is_ok_and(is_known)) {
            return Ok(*id);
        }
        match self.by_guid.get(guid).copied().flatten() {
            Some(id) => Ok(id),
            None => by_link.unwrap_or_else(|| self.id(if guid.is_empty() { link } else { guid })),
        }
    }

    /// Adds an entry of elfeed: its tags, and that it is read unless a tag says otherwise.
    pub fn elfeed(&self, entry: &ElfeedEntry, now: DateTime<Utc>, imported: &mut ImportedMarks) -> Result<(), BadLine> {
        let id = self.item(&entry.link, &entry.id)?;
        let names = entry.tags.iter().filter(|name| *name != ELFEED_UNREAD);
        let tags: Vec<Tag> = names.map(|name| Tag::parse(name)).collect::<Result<_, _>>().map_err(|_| BadLine::Tags)?;
        imported.add(id, Mark::Read(Some(now)), !entry.tags.iter().any(|name| name == ELFEED_UNREAD));
        tags.into_iter().for_each(|tag| imported.add(id, Mark::Tagged(tag, true), true));
        imported.titles.extend((!entry.title.is_empty()).then(|| (id, clean::line(&entry.title))));
        Ok(())
    }

    /// The article of a link or an id.
    pub fn id(&self, text: &str) -> Result<ArticleId, BadLine> {
        if text.len() == 16
            && let Ok(id) = text.parse()
        {
            return Ok(id);
        }
        let address = Address::parse(text).map_err(|_| BadLine::Address)?;
        if let Some(id) = self.feed.index_of_link(&address).and_then(|index| self.feed.id(index)) {
            return Ok(id);
        }
        let id = ArticleId::of_link(&address);
        Ok(self.by_link.get(&id).copied().unwrap_or(id))
    }

    /// Adds the marks of a line of JSON: one of an export, or a row of newsboat's database.
    pub fn object(&self, line: &str, now: DateTime<Utc>, imported: &mut ImportedMarks) -> Result<(), BadLine> {
        // Rows that `sqlite3 -json` prints are a list: each is a line, but for what separates them.
        let line = line.strip_prefix('[').unwrap_or(line).trim_end_matches([',', ']']);
        let object: Value = serde_json::from_str(line).map_err(|_| BadLine::Object)?;
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let id = text("id").map(|text| self.id(text));
        let id = match (id, text("link")) {
            (Some(Ok(id)), _) => id,
            (_, Some(link)) => self.id(link)?,
            (None, None) if text("url").or(text("guid")).is_some() => {
                self.item(text("url").unwrap_or_default(), text("guid").unwrap_or_default())?
            }
            (id, None) => id.ok_or(BadLine::Keys)??,
        };
        // A missing key keeps the value from an earlier line.
        let mut marks = Vec::new();
        type Timed = (&'static str, fn(DateTime<Utc>) -> Mark);
        let of_time: [Timed; 2] = [("read", |time| Mark::Read(Some(time))), ("arrived", Mark::Arrived)];
        for (key, mark) in of_time {
            let (time, is_set) = match object.get(key) {
                None => continue,
                Some(Value::Null | Value::Bool(false)) => (now, false),
                Some(Value::Bool(true)) => (now, true),
                Some(value) => {
                    let time = value.as_str().and_then(|text| text.parse().ok());
                    (time.ok_or(BadLine::Time(key))?, true)
                }
            };
            marks.push((mark(time), is_set));
        }
        for (key, mark) in [("starred", Mark::Starred(true)), ("hidden", Mark::Hidden(true))] {
            match object.get(key) {
                None => {}
                Some(Value::Null) => marks.push((mark, false)),
                Some(value) => marks.push((mark, value.as_bool().ok_or(BadLine::Switch(key))?)),
            }
        }
        match object.get("note") {
            None => {}
            Some(Value::Null) => marks.push((Mark::Note(SafeText::default()), false)),
            Some(value) => {
                let note = value.as_str().map(clean::line).ok_or(BadLine::Note)?;
                marks.push((Mark::Note(note.clone()), !note.is_empty()));
            }
        }
        match object.get("tags") {
            None | Some(Value::Null) => {}
            Some(value) => {
                let names =
                    value.as_array().ok_or(BadLine::Tags)?.iter().map(|name| name.as_str().ok_or(BadLine::Tags));
                for name in names {
                    marks.push((Mark::Tagged(Tag::parse(name?).map_err(|_| BadLine::Tags)?, true), true));
                }
            }
        }
        // newsboat: 0 or 1, and a letter for each flag.
        match object.get("unread") {
            None | Some(Value::Null) => {}
            Some(value) => {
                let is_unread = value.as_bool().or(value.as_u64().map(|number| number != 0));
                marks.push((Mark::Read(Some(now)), !is_unread.ok_or(BadLine::Switch("unread"))?));
            }
        }
        match object.get("flags") {
            None | Some(Value::Null) => {}
            Some(value) => {
                let flags = value.as_str().ok_or(BadLine::Flags)?.chars().filter(|flag| flag.is_alphabetic());
                let tags = flags.filter_map(|flag| Tag::parse(flag.encode_utf8(&mut [0; 4])).ok());
                marks.extend(tags.map(|tag| (Mark::Tagged(tag, true), true)));
            }
        }
        marks.into_iter().for_each(|(mark, is_set)| imported.add(id, mark, is_set));
        imported.titles.extend(text("title").map(clean::line).map(|title| (id, title)));
        Ok(())
    }
}
