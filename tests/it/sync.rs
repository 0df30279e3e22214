//! The sync with a scripted network: what is asked and when, what is written and recorded, and that nothing is lost or doubled.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::channel::{self, Document};
use frontpage::confined_process::Connection;
use frontpage::confinement::Enforced;
use frontpage::digest::prepare;
use frontpage::feed::{Marks, UntrustedText};
use frontpage::file_system::{FileSystem, RealFileSystem};
use frontpage::frames;
use frontpage::library::marks_log::{self, MarksFolder};
use frontpage::net::{Answer, FetchError, FetchErrorKind, NetworkSettings, Request, Response};
use frontpage::query::SavedSearches;
use frontpage::subscriptions::{self, FetchRecord, Subscription};
use frontpage::sync::messages::ParseRequest;
use frontpage::sync::read_marks::ReadMarks;
use frontpage::sync::schedule::Occasion;
use frontpage::sync::workers::Workers;
use frontpage::sync::{Choice, Environment, Outcome, Summary, SyncError, SyncResult};
use tempfile::TempDir;

mod articles;
mod faults;
mod manners;

/// What the network answers to a request.
#[derive(Clone, Debug)]
struct Reply {
    result: Result<Answer, FetchError>,
    body: Vec<u8>,
}

impl Reply {
    fn status(status: u16) -> Reply {
        Reply { result: Ok(Answer { status, ..Answer::default() }), body: Vec::new() }
    }

    fn ok(body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref().to_vec();
        Reply { body, ..Reply::status(200) }.with(|answer| answer.content_type = Some("application/rss+xml".to_owned()))
    }

    fn with(mut self, change: impl FnOnce(&mut Answer)) -> Reply {
        change(self.result.as_mut().expect("an answer"));
        self
    }

    fn etag(self, etag: &str) -> Reply {
        self.with(|answer| answer.etag = Some(etag.to_owned()))
    }

    fn retry_after(self, value: &str) -> Reply {
        self.with(|answer| answer.retry_after = Some(value.to_owned()))
    }

    fn failed(kind: FetchErrorKind) -> Reply {
        let error = FetchError { kind, what: format!("scripted: {kind:?}"), remedy: String::new() };
        Reply { result: Err(error), body: Vec::new() }
    }
}

type Respond = Box<dyn Fn(&Request) -> Reply + Send>;

/// The scripted network, and a parser that crashes at a document with the word `crash`.
#[derive(Default)]
struct Script {
    replies: HashMap<String, VecDeque<Reply>>,
    respond: Option<Respond>,
    requests: Vec<Request>,
    /// Starting a parser panics.
    panics: bool,
}

#[derive(Clone, Default)]
struct Site(Arc<Mutex<Script>>);

impl Site {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }

    fn answer(&self, request: Request) -> Reply {
        let mut script = self.script();
        let reply = match &script.respond {
            Some(respond) => respond(&request),
            None => match script.replies.get_mut(&request.url) {
                Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
                Some(replies) => replies.front().unwrap().clone(),
                None => Reply::status(404),
            },
        };
        script.requests.push(request);
        reply
    }
}

fn serve<Q: serde::de::DeserializeOwned, A: serde::Serialize>(
    answer: impl Fn(Q, Vec<u8>) -> Option<(A, Vec<u8>)> + Send + 'static,
) -> io::Result<Connection> {
    let (ours, theirs) = UnixStream::pair()?;
    thread::Builder::new().spawn(move || {
        let (mut input, mut output) = (theirs.try_clone().unwrap(), theirs);
        while let Ok(Some((head, body))) = frames::read::<Q>(&mut input) {
            let Some((head, body)) = answer(head, body) else { break };
            if frames::write(&mut output, &head, &body).is_err() {
                break;
            }
        }
        drop(output.shutdown(std::net::Shutdown::Both));
    })?;
    let output = Box::new(ours.try_clone()?);
    Ok(Connection { input: Box::new(Half(ours)), output, process: None, enforced: Enforced::default() })
}

/// Closes its direction when it is dropped, as a pipe does.
struct Half(UnixStream);

impl io::Write for Half {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        drop(self.0.shutdown(std::net::Shutdown::Write));
    }
}

impl Workers for Site {
    fn network(&self, _: &NetworkSettings) -> io::Result<Connection> {
        let site = self.clone();
        serve(move |request: Request, _| {
            let id = request.id;
            let mut reply = site.answer(request.clone());
            if let Ok(answer) = &mut reply.result
                && answer.url.is_empty()
            {
                answer.url = request.url;
            }
            Some((Response { id, result: reply.result }, reply.body))
        })
    }

    fn parser(&self) -> io::Result<Connection> {
        let panics = self.script().panics;
        assert!(!panics, "scripted");
        serve(|request: ParseRequest, document| {
            if document.windows(5).any(|word| word == b"crash") {
                return None;
            }
            let content_type = request.content_type.as_deref();
            let read = channel::read(&Document { bytes: &document, content_type, ..Document::default() });
            Some((read.map(|channel| prepare(channel, false)), Vec::new()))
        })
    }
}

/// A device with subscriptions, and a network that is scripted.
struct Device {
    folder: TempDir,
    site: Site,
    now: DateTime<Utc>,
    subscriptions: Vec<Subscription>,
    occasion: Occasion,
}

const FIRST: &str = "https://one.example/feed.xml";

impl Device {
    /// A device that follows these addresses.
    fn following(addresses: &[&str]) -> Device {
        let subscriptions = addresses.iter().map(|address| subscription(address)).collect();
        let now = "2026-11-30T12:00:00Z".parse().unwrap();
        let folder = TempDir::new().unwrap();
        Device { folder, site: Site::default(), now, subscriptions, occasion: Occasion::Timer }
    }

    /// A device that follows one channel.
    fn new() -> Device {
        Device::following(&[FIRST])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn reply(&self, address: &str, replies: impl IntoIterator<Item = Reply>) {
        self.site.script().replies.insert(address.to_owned(), replies.into_iter().collect());
    }

    fn pass(&mut self, time: TimeDelta) -> &mut Device {
        self.now += time;
        self
    }

    fn try_sync(&self, occasion: Occasion, fs: &(dyn FileSystem + Sync)) -> Result<Summary, SyncError> {
        let marks = MarksFolder { folder: self.path("marks"), device: self.path("device") };
        let (log, device) = marks.open();
        let marks = ReadMarks::new(log, device);
        let now = self.now;
        let environment = Environment {
            subscriptions: &self.subscriptions,
            accounts: &[],
            saved: &SavedSearches::new(BTreeMap::from([("even".to_owned(), "title:2,4".to_owned())])),
            articles: &self.path("articles"),
            states: &self.path("states"),
            full_texts: None,
            hooks: &[],
            fs,
            marks: Some(&marks),
            workers: &self.site,
            clock: &|| now,
            pause: &|_| {},
        };
        frontpage::sync::run(&environment, &Choice { occasion, ..Choice::default() }, &mut |_, _| {})
    }

    fn sync(&self) -> Summary {
        self.by(self.occasion)
    }

    fn by(&self, occasion: Occasion) -> Summary {
        // A program that another test starts has a copy of the lock of the last sync for a moment, until it is executed.
        for _ in 0..500 {
            match self.try_sync(occasion, &RealFileSystem) {
                Err(SyncError::Running) => std::thread::sleep(std::time::Duration::from_millis(10)),
                ended => return ended.unwrap(),
            }
        }
        panic!("another sync is running");
    }

    /// The result of the only subscription.
    fn result(&self) -> SyncResult {
        let mut results = self.sync().results;
        assert_eq!(results.len(), 1);
        results.remove(0)
    }

    fn requests(&self) -> Vec<Request> {
        self.site.script().requests.clone()
    }

    fn count(&self) -> usize {
        self.site.script().requests.len()
    }

    fn record_of(&self, subscription: &Subscription) -> FetchRecord {
        subscriptions::read_record(&self.path("states"), subscription.key(), &RealFileSystem).0.unwrap_or_default()
    }

    fn record(&self) -> FetchRecord {
        self.record_of(&self.subscriptions[0])
    }

    fn marks(&self) -> Marks {
        marks_log::read(&self.path("marks")).marks
    }

    /// All article files and their content.
    fn articles(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        files(&self.path("articles"))
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.clone(), std::fs::read(path).unwrap())),
            }
        }
    }
    found
}

fn subscription(address: &str) -> Subscription {
    Subscription { address: UntrustedText::new(address), ..Subscription::default() }
}

/// A channel with items of these numbers, each a day older than the one before.
fn rss(numbers: impl IntoIterator<Item = u32>) -> String {
    rss_with("", numbers)
}

fn rss_with(head: &str, numbers: impl IntoIterator<Item = u32>) -> String {
    let first: DateTime<Utc> = "2026-11-30T09:00:00Z".parse().unwrap();
    let items: String = numbers
        .into_iter()
        .map(|number| {
            let date = (first - TimeDelta::days(number.into())).to_rfc2822();
            format!(
                "<item><guid>tag:{number}</guid><title>Item {number}</title><link>https://one.example/{number}</link>\
                 <pubDate>{date}</pubDate><description>Text of item {number}.</description></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>A channel</title>{head}{items}</channel></rss>")
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

/// Time after which everything is due that fetches by itself.
fn day() -> TimeDelta {
    TimeDelta::hours(24)
}

#[test]
fn the_time_of_a_pause_is_spread_over_many_requests() {
    let addresses: Vec<String> = (0..40).map(|number| format!("https://h{number}.example/f")).collect();
    let device = Device::following(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    device.site.script().respond = Some(Box::new(|_| Reply::ok(rss([1]))));
    let pauses = Mutex::new(Vec::new());
    let (articles, states) = (device.path("articles"), device.path("states"));
    let environment = Environment {
        subscriptions: &device.subscriptions,
        accounts: &[],
        saved: &SavedSearches::default(),
        articles: &articles,
        states: &states,
        full_texts: None,
        hooks: &[],
        fs: &RealFileSystem,
        marks: None,
        workers: &device.site,
        clock: &|| device.now,
        pause: &|time| pauses.lock().unwrap().push(time),
    };
    let choice = Choice { is_spread: true, ..Choice::default() };
    frontpage::sync::run(&environment, &choice, &mut |_, _| {}).unwrap();
    assert_eq!(*pauses.lock().unwrap(), [Duration::from_secs(3); 39]);
    assert_eq!(device.count(), 40);
}
