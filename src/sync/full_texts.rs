//! Full texts: fetches the pages of new articles whose subscription wants it, or of one article, and keeps what is longer than the text
//! of the file.
//!
//! What is wanted is noted in the state of the subscription before its article is written, and removed when it was tried: a sync that
//! is stopped loses no text.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::channel_search;
use super::document_source::ports;
use super::environment::{Environment, FullTextCounts, Outcome, SyncResult};
use super::messages::ParseRequest;
use super::outcome::{self, Failure};
use super::page_failure::{self, PageFailure};
use super::passwords::{self, Credentials};
use super::server_requests::{is_of_origin, own_request, plain_request, request_of_article};
use super::workers::{Network, Parser};
use crate::digest::{Body, NotExtracted};
use crate::feed::{Address, Article, ArticleId, UntrustedText};
use crate::file_system::FileSystem;
use crate::library::{FullTextFolder, KeptText, full_text_words};
use crate::net::{Answer, FetchError, MAX_AT_ONCE, NetworkSettings, Request};
use crate::subscriptions::{Subscription, SubscriptionKey};

/// Pages of one subscription that one sync fetches.
pub const MOST_PAGES: usize = 20;
/// Pages that wait for later syncs; older ones are left out.
const MOST_WANTED: usize = 200;
/// How often a page is asked for whose server fails in passing.
const MOST_TRIES: u32 = 3;
/// End of the names of the files with what is wanted.
const ENDING: &str = ".pages.json";
/// A larger file is not one of ours, in bytes.
const MAX_FILE: usize = 1 << 20;

/// What a parsing process answers to a page.
type Extracted = Result<Body, NotExtracted>;

/// A page whose text is wanted for an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedText {
    /// The identity of the article, as 16 hex digits.
    article: String,
    /// The address of the page. It may have secrets.
    address: String,
    /// Number of words in the body of the file.
    words: u32,
    /// When the article was published, in seconds since 1970.
    #[serde(default)]
    published: Option<i64>,
    /// How often it was asked for in vain.
    #[serde(default)]
    tries: u32,
}

impl WantedText {
    /// The text of the page that an article links to. `None` if it has no address.
    fn of(article: &Article) -> Option<WantedText> {
        let published = article.published.map(|date| date.as_utc().timestamp());
        let words = full_text_words(article.own_body().untrusted());
        Some(WantedText { published, ..WantedText::new(article.id, article.link_to_open()?.address()?, words) })
    }

    /// The text of a page for an article whose file has `words` words.
    pub fn new(article: ArticleId, address: &Address, words: u32) -> WantedText {
        WantedText {
            article: article.to_string(),
            address: address.as_str().to_owned(),
            words,
            published: None,
            tries: 0,
        }
    }

    fn id(&self) -> Option<ArticleId> {
        self.article.parse().ok()
    }

    fn url(&self) -> Option<Url> {
        Url::parse(&self.address).ok()
    }

    fn host(&self) -> String {
        self.url().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

fn path_of(states: &Path, key: SubscriptionKey) -> PathBuf {
    states.join(format!("{key}{ENDING}"))
}

/// What is wanted for a subscription. A damaged file counts as none: the texts can be asked for one by one.
fn read(states: &Path, key: SubscriptionKey, fs: &dyn FileSystem) -> VecDeque<WantedText> {
    let bytes = fs.read(&path_of(states, key), 0).ok().filter(|bytes| bytes.len() <= MAX_FILE);
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn write(states: &Path, key: SubscriptionKey, wanted: &VecDeque<WantedText>, fs: &dyn FileSystem) -> io::Result<()> {
    let path = path_of(states, key);
    if wanted.is_empty() {
        return match fs.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    // Not durable: after a power failure, a few articles have only the text of their files.
    fs.replace(&path, &serde_json::to_vec(wanted)?, false)
}

/// Notes the pages of new articles that are wanted.
pub struct WantedNotes<'a> {
    environment: &'a Environment<'a>,
    subscription: &'a Subscription,
    /// How many are wanted at most.
    most: usize,
    wanted: RefCell<VecDeque<WantedText>>,
    failure: RefCell<Option<Failure>>,
}

impl<'a> WantedNotes<'a> {
    /// Notes for the articles of a subscription. `is_first`: its first sync, which brings old articles, too; then only the newest are
    /// wanted.
    pub fn new(subscription: &'a Subscription, environment: &'a Environment<'a>, is_first: bool) -> WantedNotes<'a> {
        let is_wanted = subscription.has_full_text && environment.full_texts.is_some();
        let known = is_wanted.then(|| read(environment.states, subscription.key(), environment.fs));
        let wanted = RefCell::new(known.unwrap_or_default());
        let most = if is_first { MOST_PAGES } else { MOST_WANTED };
        WantedNotes { environment, subscription, most, wanted, failure: RefCell::new(None) }
    }

    /// Notes the page of an article that is about to be written, if the subscription wants full texts. It is on disk before the article
    /// is: an article that is known is not new again.
    pub fn add(&self, article: &Article) {
        if !self.subscription.has_full_text || self.environment.full_texts.is_none() {
            return;
        }
        let Some(new) = WantedText::of(article) else { return };
        let Environment { states, fs, .. } = *self.environment;
        let mut wanted = self.wanted.borrow_mut();
        if !add_wanted(&mut wanted, new, self.most) {
            return;
        }
        if let Err(error) = write(states, self.subscription.key(), &wanted, fs) {
            self.failure.borrow_mut().get_or_insert(outcome::state_failure(&error));
        }
    }

    /// Why the pages could not be noted.
    pub fn failure(self) -> Option<Failure> {
        self.failure.into_inner()
    }
}

/// Adds a page to at most `most` that are wanted; the oldest are left out. False if the page itself is left out, and nothing has
/// changed.
fn add_wanted(wanted: &mut VecDeque<WantedText>, new: WantedText, most: usize) -> bool {
    let count = wanted.len();
    wanted.retain(|known| known.article != new.article);
    let was_known = wanted.len() < count;
    let article = new.article.clone();
    wanted.push_back(new);
    // The sort is stable: of those without a date, channels have the newest first.
    wanted.make_contiguous().sort_by_key(|wanted| Reverse(wanted.published));
    wanted.truncate(most);
    was_known || wanted.iter().any(|wanted| wanted.article == article)
}

/// The pages of a subscription that this sync fetches, and what is left of them.
struct Batch<'a> {
    subscription: &'a Subscription,
    /// Not asked yet, or to be asked again by a later sync.
    left: VecDeque<WantedText>,
    in_flight: usize,
    counts: FullTextCounts,
    credentials: Option<Result<Credentials, Failure>>,
}

/// Fetches the pages that are wanted for the subscriptions which were asked, at most [`MOST_PAGES`] of each.
pub fn fetch_wanted(environment: &Environment, results: &[SyncResult]) -> BTreeMap<SubscriptionKey, FullTextCounts> {
    let Environment { states, fs, subscriptions, .. } = *environment;
    let Some(folder) = environment.full_texts else { return BTreeMap::new() };
    let was_asked = |key: SubscriptionKey| {
        let is_asked = |result: &SyncResult| !matches!(result.outcome, Outcome::NotDue(_) | Outcome::Offline);
        results.iter().any(|result| result.key == key && is_asked(result))
    };
    let wanting = subscriptions.iter().filter(|one| one.has_full_text && was_asked(one.key()));
    let mut batches: Vec<Batch> = wanting
        .map(|subscription| (subscription, read(states, subscription.key(), fs)))
        .filter(|(_, left)| !left.is_empty())
        .map(|(subscription, left)| Batch {
            subscription,
            left,
            in_flight: 0,
            counts: FullTextCounts::default(),
            credentials: None,
        })
        .collect();
    if batches.is_empty() {
        return BTreeMap::new();
    }
    fs.sweep(folder);
    let folder = FullTextFolder::new(folder, fs);
    let pages = |batch: &Batch| batch.left.iter().take(MOST_PAGES).filter_map(WantedText::url).collect::<Vec<Url>>();
    let urls: Vec<Url> = batches.iter().flat_map(pages).collect();
    let settings = NetworkSettings { ports: ports(urls.iter()), ..NetworkSettings::default() };
    let counts =
        |batches: Vec<Batch>| batches.into_iter().map(|batch| (batch.subscription.key(), batch.counts)).collect();
    let mut network = match Network::start(environment.workers, &settings) {
        Ok(network) => network,
        Err(error) => {
            let failure = PageFailure::NotStarted(crate::library::io_error_text(&error));
            batches.iter_mut().for_each(|batch| batch.wait(&failure));
            return counts(batches);
        }
    };
    let mut parser: Parser<Extracted> = Parser::new(environment.workers);
    // In turn, so that one site does not hold up the others.
    let mut queue: VecDeque<(usize, WantedText)> = VecDeque::new();
    for round in 0..MOST_PAGES {
        for (number, batch) in batches.iter().enumerate() {
            queue.extend(batch.left.get(round).map(|wanted| (number, wanted.clone())));
        }
    }
    for batch in &mut batches {
        batch.in_flight = batch.left.len().min(MOST_PAGES);
        batch.left.drain(..batch.in_flight);
    }
    let mut asked: HashMap<u64, (usize, WantedText)> = HashMap::new();
    let mut busy: HashSet<String> = HashSet::new();
    let mut ids = 0..;
    loop {
        // One request for each host at a time: if it has too many, the rest is not asked.
        while network.waiting() < MAX_AT_ONCE
            && let Some(at) = queue.iter().position(|(_, wanted)| !busy.contains(&wanted.host()))
            && let Some((number, wanted)) = queue.remove(at)
            && let Some(id) = ids.next()
        {
            let Some(batch) = batches.get_mut(number) else { continue };
            match request(id, &wanted, batch, fs) {
                Ok(request) => {
                    network.send(request);
                    busy.insert(wanted.host());
                    asked.insert(id, (number, wanted));
                }
                Err(failure) => batch.settle(wanted, Err(failure), states, fs),
            }
        }
        let Some((response, body)) = network.receive() else { break };
        let Some((number, wanted)) = asked.remove(&response.id) else { continue };
        let host = wanted.host();
        busy.remove(&host);
        if matches!(&response.result, Ok(answer) if matches!(answer.status, 429 | 503)) {
            let (same, others): (VecDeque<_>, VecDeque<_>) =
                queue.drain(..).partition(|(_, wanted)| wanted.host() == host);
            queue = others;
            for (number, wanted) in same {
                batches.get_mut(number).into_iter().for_each(|batch| batch.postpone(wanted.clone(), states, fs));
            }
        }
        let kept = received(&wanted, response.result, body, environment, &folder, &mut parser);
        if let Some(batch) = batches.get_mut(number) {
            batch.settle(wanted, kept, states, fs);
        }
    }
    counts(batches)
}

impl Batch<'_> {
    /// Leaves all pages to the next sync.
    fn wait(&mut self, why: &PageFailure) {
        self.counts.waiting = self.left.len();
        self.counts.add_problem(why.to_string(), self.left.len());
    }

    /// Counts the result of a page, and notes what is left if it was the last one.
    fn settle(&mut self, wanted: WantedText, kept: Result<u32, PageFailure>, states: &Path, fs: &dyn FileSystem) {
        match kept {
            Ok(_) => self.counts.kept += 1,
            Err(PageFailure::Shorter { .. }) => self.counts.shorter += 1,
            Err(failure) => {
                self.counts.failed += 1;
                self.counts.add_problem(failure.to_string(), 1);
                let tries = wanted.tries.saturating_add(1);
                if failure.is_passing() && tries < MOST_TRIES {
                    self.left.push_back(WantedText { tries, ..wanted });
                }
            }
        }
        self.settled(states, fs);
    }

    /// Leaves a page to the next sync.
    fn postpone(&mut self, wanted: WantedText, states: &Path, fs: &dyn FileSystem) {
        self.left.push_front(wanted);
        self.settled(states, fs);
    }

    fn settled(&mut self, states: &Path, fs: &dyn FileSystem) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.counts.waiting = self.left.len();
        if self.in_flight == 0
            && let Err(error) = write(states, self.subscription.key(), &self.left, fs)
        {
            self.counts.add_problem(outcome::state_failure(&error).what, self.left.len());
        }
    }
}

/// The request for a page. What is set for the subscription is for its own origin only, except the name of the program.
fn request(id: u64, wanted: &WantedText, batch: &mut Batch, fs: &dyn FileSystem) -> Result<Request, PageFailure> {
    let url = wanted.url().ok_or(PageFailure::NoAddress)?;
    let subscription = batch.subscription;
    if !is_of_origin(&url, subscription) {
        return Ok(plain_request(id, url.as_str(), Some(subscription)));
    }
    let credentials = batch.credentials.get_or_insert_with(|| passwords::credentials(subscription, fs));
    let credentials = credentials.clone().map_err(|failure| PageFailure::Other(failure.what))?;
    Ok(own_request(id, url.as_str(), subscription, credentials))
}

/// Extracts the text of a page that was fetched, and keeps it if it is longer than that of the file. Returns its number of words.
fn received(
    wanted: &WantedText,
    result: Result<Answer, FetchError>,
    body: Vec<u8>,
    environment: &Environment,
    folder: &FullTextFolder,
    parser: &mut Parser<Extracted>,
) -> Result<u32, PageFailure> {
    let answer = result.map_err(|error| page_failure::of_fetch(&error))?;
    if answer.status != 200 {
        return Err(page_failure::of_status(&answer));
    }
    let article = wanted.id().ok_or(PageFailure::NoAddress)?;
    let request = ParseRequest {
        content_type: answer.content_type.clone(),
        content_language: answer.content_language.clone(),
        base: channel_search::base(&answer.url).map(String::from),
        is_page: true,
        of_account: None,
        with_text: false,
    };
    let extracted = parser.parse(&request, body).map_err(PageFailure::Parser)?;
    // The process that parsed it is not trusted.
    let (text, _) = extracted.map_err(PageFailure::Page)?.checked();
    let words = full_text_words(&text);
    if words <= wanted.words {
        return Err(PageFailure::Shorter { words, own: wanted.words });
    }
    let kept = KeptText {
        source: UntrustedText::from_string(shown_source(&answer.url)),
        fetched: (environment.clock)(),
        text: UntrustedText::from_string(text),
    };
    folder.write(article, &kept).map_err(|error| PageFailure::NotKept(crate::library::io_error_text(&error)))?;
    Ok(words)
}

/// The address of a page without user info, query and fragment, which may be secret.
fn shown_source(address: &str) -> String {
    super::environment::shown_address(address).to_string()
}

/// Fetches the page of one article, for which the user asked. `subscription` is the one that the article is from.
pub fn fetch_one(
    wanted: &WantedText,
    subscription: Option<&Subscription>,
    may_be_private: bool,
    environment: &Environment,
) -> Result<u32, PageFailure> {
    let folder = environment.full_texts.ok_or(PageFailure::NoFolder)?;
    let url = wanted.url().ok_or(PageFailure::NoAddress)?;
    environment.fs.sweep(folder);
    let folder = FullTextFolder::new(folder, environment.fs);
    let request = request_of_article(&url, subscription, may_be_private, environment.fs)?;
    let settings = NetworkSettings { ports: ports(std::iter::once(&url)), ..NetworkSettings::default() };
    let started = Network::start(environment.workers, &settings);
    let mut network = started.map_err(|error| PageFailure::NotStarted(crate::library::io_error_text(&error)))?;
    let (response, body) = network.fetch_one(request);
    received(wanted, response.result, body, environment, &folder, &mut Parser::new(environment.workers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_pages_are_wanted_and_one_that_is_left_out_changes_nothing() {
        let page = |number: u64, published: i64| {
            let address = Address::parse(&format!("https://e.org/{number}")).expect("an address");
            let wanted = WantedText::new(ArticleId::of_number(number), &address, 3);
            WantedText { published: Some(published), ..wanted }
        };
        let mut wanted = VecDeque::new();
        assert!([(1, 50), (2, 70), (3, 60)].iter().all(|(id, at)| add_wanted(&mut wanted, page(*id, *at), 2)));
        assert_eq!(wanted, [page(2, 70), page(3, 60)]);
        let before = wanted.clone();
        assert!(!add_wanted(&mut wanted, page(4, 59), 2));
        assert_eq!(wanted, before);
        // A page that is known and has become old is no longer wanted.
        assert!(add_wanted(&mut wanted, page(2, 10), 1));
        assert_eq!(wanted, [page(3, 60)]);
    }

    #[test]
    fn pages_that_fail_for_a_reason_are_counted_together() {
        let mut counts = FullTextCounts::default();
        for (why, pages) in [("a", 1), ("b", 2), ("a", 1)] {
            counts.add_problem(why.to_owned(), pages);
        }
        assert_eq!(counts.problems, [("a".to_owned(), 2), ("b".to_owned(), 2)]);
    }
}
