//! Subscribing with a scripted network: what is asked, written and recorded, also if the program is stopped in between.

use std::collections::HashMap;
use std::io;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use chrono::{DateTime, Utc};
use frontpage::channel::{self, Document};
use frontpage::confined_process::Connection;
use frontpage::confinement::Enforced;
use frontpage::digest::{PreparedChannel, prepare};
use frontpage::feed::{SafeText, UntrustedText};
use frontpage::file_system::RealFileSystem;
use frontpage::frames;
use frontpage::library::marks_log::{self, MarksFolder};
use frontpage::net::{Answer, NetworkSettings, Request, Response};
use frontpage::query::SavedSearches;
use frontpage::subscriptions::{self, FetchRecord, Subscription};
use frontpage::sync::channel_search::FoundChannel;
use frontpage::sync::document_source::WorkerSource;
use frontpage::sync::messages::ParseRequest;
use frontpage::sync::read_marks::ReadMarks;
use frontpage::sync::subscribe::{
    self, Added, Outcome, SubscribeError, SubscribeOptions, Subscribed, Subscriptions, subscribe,
};
use frontpage::sync::subscriptions_on_disk::SubscriptionsOnDisk;
use frontpage::sync::workers::Workers;
use frontpage::sync::{Choice, Environment, claims};
use tempfile::TempDir;
use url::Url;

const FEED: &str = "https://one.example/feed.xml";

fn rss(count: usize) -> String {
    let item = |number: usize| {
        format!(
            "<item><guid>tag:{number}</guid><title>Item {number}</title><link>https://one.example/{number}</link>\
             <pubDate>Mon, 0{} Jun 2026 10:00:00 GMT</pubDate><description>Text #{number}</description></item>",
            number % 9 + 1
        )
    };
    let items: String = (0..count).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>A channel</title>{items}</channel></rss>")
}

/// Servers: the answer for each address, and the requests that they had.
#[derive(Clone, Default)]
struct Site(Arc<Mutex<SiteState>>);

/// The answers by their addresses, and the requests.
type SiteState = (HashMap<String, (Answer, String)>, Vec<Request>);

impl Site {
    fn answer(&self, url: &str, body: &str, change: impl FnOnce(&mut Answer)) {
        let mut answer = Answer { status: 200, url: url.to_owned(), ..Answer::default() };
        change(&mut answer);
        self.0.lock().unwrap().0.insert(url.to_owned(), (answer, body.to_owned()));
    }

    fn requests(&self) -> Vec<Request> {
        self.0.lock().unwrap().1.clone()
    }
}

fn serve<Q: serde::de::DeserializeOwned, A: serde::Serialize>(
    answer: impl Fn(Q, Vec<u8>) -> (A, Vec<u8>) + Send + 'static,
) -> io::Result<Connection> {
    let (ours, theirs) = UnixStream::pair()?;
    thread::Builder::new().spawn(move || {
        let (mut input, mut output) = (theirs.try_clone().unwrap(), theirs);
        while let Ok(Some((head, body))) = frames::read::<Q>(&mut input) {
            let (head, body) = answer(head, body);
            if frames::write(&mut output, &head, &body).is_err() {
                break;
            }
        }
    })?;
    let output = Box::new(ours.try_clone()?);
    Ok(Connection { input: Box::new(ours), output, process: None, enforced: Enforced::default() })
}

impl Workers for Site {
    fn network(&self, _: &NetworkSettings) -> io::Result<Connection> {
        let site = self.clone();
        serve(move |request: Request, _| {
            let mut known = site.0.lock().unwrap();
            let missing = || (Answer { status: 404, url: request.url.clone(), ..Answer::default() }, String::new());
            let (mut answer, mut body) = known.0.get(&request.url).cloned().unwrap_or_else(missing);
            if request.etag.is_some() && request.etag == answer.etag {
                (answer.status, body) = (304, String::new());
            }
            let id = request.id;
            known.1.push(request);
            (Response { id, result: Ok(answer) }, body.into_bytes())
        })
    }

    fn parser(&self) -> io::Result<Connection> {
        serve(|request: ParseRequest, document| {
            let base = request.base.as_ref().and_then(|base| Url::parse(base).ok());
            let document = Document { bytes: &document, base: base.as_ref(), ..Document::default() };
            (channel::read(&document).map(|channel| prepare(channel, request.with_text)), Vec::new())
        })
    }
}

/// A device. The file of its subscriptions is a list in memory.
struct Device {
    folder: TempDir,
    site: Site,
    now: DateTime<Utc>,
    file: Mutex<Vec<Subscription>>,
}

/// Where a program is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Never,
    BeforeLine,
    AfterLine,
    AfterArticles,
}

/// Subscriptions that stop the program at a step.
struct Stopping<'a> {
    inner: SubscriptionsOnDisk<'a>,
    at: Stop,
}

impl Subscriptions<PreparedChannel> for Stopping<'_> {
    fn find(&self, url: &Url) -> Option<SafeText> {
        self.inner.find(url)
    }

    fn title(&self, channel: &PreparedChannel) -> SafeText {
        self.inner.title(channel)
    }

    fn record_request(&mut self, subscription: &Subscription) {
        self.inner.record_request(subscription);
        assert!(self.at != Stop::BeforeLine, "stopped");
    }

    fn add_line(&mut self, subscription: &Subscription) -> Result<Added, SubscribeError> {
        let added = self.inner.add_line(subscription);
        assert!(self.at != Stop::AfterLine, "stopped");
        added
    }

    fn write_articles(&mut self, subscription: &Subscription, found: FoundChannel<PreparedChannel>) -> Subscribed {
        let written = self.inner.write_articles(subscription, found);
        assert!(self.at != Stop::AfterArticles, "stopped");
        written
    }
}

impl Device {
    fn new() -> Device {
        let now = "2026-11-30T12:00:00Z".parse().unwrap();
        let device = Device { folder: TempDir::new().unwrap(), site: Site::default(), now, file: Mutex::default() };
        device.site.answer(FEED, &rss(25), |answer| answer.etag = Some("\"1\"".to_owned()));
        device
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn with_environment<T>(&self, now: DateTime<Utc>, run: impl FnOnce(&Environment) -> T) -> T {
        let subscriptions = self.file.lock().unwrap().clone();
        let (log, device) = MarksFolder { folder: self.path("marks"), device: self.path("device") }.open();
        let marks = ReadMarks::new(log, device);
        run(&Environment {
            subscriptions: &subscriptions,
            accounts: &[],
            saved: &SavedSearches::default(),
            articles: &self.path("articles"),
            states: &self.path("states"),
            full_texts: None,
            hooks: &[],
            fs: &RealFileSystem,
            marks: Some(&marks),
            workers: &self.site,
            clock: &|| now,
            pause: &|_| {},
        })
    }

    fn subscribe_until(&self, text: &str, options: &SubscribeOptions, at: Stop) -> Outcome {
        let _lock = claims::lock_for_subscribing(&self.path("states"), &RealFileSystem).unwrap();
        self.with_environment(self.now, |environment| {
            let mut add = |subscription: &Subscription| {
                self.file.lock().unwrap().push(subscription.clone());
                Ok(Added::Added)
            };
            let mut on_disk = Stopping { inner: SubscriptionsOnDisk::new(environment, &mut add), at };
            let mut source: WorkerSource<PreparedChannel> =
                WorkerSource::start(&self.site, vec![443], "test", false).unwrap();
            let entered = subscribe::entered(text).unwrap();
            subscribe(entered, options, &mut source, &mut on_disk, &mut |_| None)
        })
    }

    fn subscribe(&self, text: &str) -> Outcome {
        self.subscribe_until(text, &SubscribeOptions::default(), Stop::Never)
    }

    fn sync_at(&self, now: &str) -> usize {
        let summary = self.with_environment(now.parse().unwrap(), |environment| {
            frontpage::sync::run(environment, &Choice::default(), &mut |_, _| {}).unwrap()
        });
        summary.results.iter().map(|result| result.new).sum()
    }

    fn record(&self) -> FetchRecord {
        let key = self.file.lock().unwrap()[0].key();
        subscriptions::read_record(&self.path("states"), key, &RealFileSystem).0.unwrap()
    }

    fn articles(&self) -> usize {
        files(&self.path("articles"))
    }
}

fn files(folder: &Path) -> usize {
    let paths = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn a_channel_is_asked_once_and_its_next_request_is_conditional() {
    let device = Device::new();
    let Outcome::Subscribed(subscribed) = device.subscribe(FEED) else { panic!("not subscribed") };
    assert_eq!((subscribed.title.as_str(), subscribed.new, subscribed.read), ("A channel", 25, 5));
    assert_eq!((subscribed.problem, device.articles(), device.site.requests().len()), (None, 25, 1));
    let marks = marks_log::read(&device.path("marks")).marks;
    assert_eq!(marks.read().count(), 5);
    let record = device.record();
    assert!(record.is_begun && record.succeeded.is_some() && record.next.is_some() && record.moved.is_none());
    // A sync that runs at once has nothing to ask; the next one sends the validator.
    assert_eq!((device.sync_at("2026-11-30T12:01:00Z"), device.site.requests().len()), (0, 1));
    assert_eq!(device.sync_at("2026-12-02T12:00:00Z"), 0);
    let requests = device.site.requests();
    assert_eq!((requests.len(), requests[1].etag.as_deref()), (2, Some("\"1\"")));
    assert_eq!(device.articles(), 25);
}

#[test]
fn a_program_that_is_stopped_leaves_no_articles_without_a_line_and_no_line_that_is_never_fetched() {
    for at in [Stop::BeforeLine, Stop::AfterLine, Stop::AfterArticles] {
        let device = Device::new();
        let stopped = catch_unwind(AssertUnwindSafe(|| device.subscribe_until(FEED, &SubscribeOptions::default(), at)));
        assert!(stopped.is_err(), "{at:?}");
        let has_line = !device.file.lock().unwrap().is_empty();
        assert_eq!(has_line, at != Stop::BeforeLine);
        assert!(has_line || device.articles() == 0);
        if !has_line {
            assert!(matches!(device.subscribe(FEED), Outcome::Subscribed(_)), "{at:?}");
        }
        device.sync_at("2026-12-02T12:00:00Z");
        assert_eq!(device.articles(), 25, "{at:?}");
        assert_eq!(marks_log::read(&device.path("marks")).marks.read().count(), 5, "{at:?}");
        assert!(matches!(device.subscribe(FEED), Outcome::AlreadySubscribed { .. }));
    }
}

#[test]
fn two_programs_that_subscribe_to_one_address_ask_once() {
    let device = Device::new();
    let outcomes = thread::scope(|scope| {
        let subscribe = || thread::Builder::new().spawn_scoped(scope, || device.subscribe(FEED)).unwrap();
        let both = [subscribe(), subscribe()];
        both.map(|one| matches!(one.join().unwrap(), Outcome::Subscribed(_)))
    });
    assert_eq!(outcomes.iter().filter(|is_new| **is_new).count(), 1);
    assert_eq!((device.site.requests().len(), device.file.lock().unwrap().len()), (1, 1));
}

#[test]
fn subscribing_works_while_a_sync_runs() {
    let device = Device::new();
    let _running = claims::lock_for_sync(&device.path("states"), &RealFileSystem).unwrap().expect("the lock");
    assert!(matches!(device.subscribe("one.example/feed.xml"), Outcome::Subscribed(_)));
}

#[test]
fn a_moved_channel_has_its_new_address_and_settings_are_written() {
    let device = Device::new();
    let new = "https://one.example/new.xml";
    device.site.answer("https://one.example/old.xml", &rss(1), |answer| {
        (answer.url, answer.moved_to) = (new.to_owned(), Some(new.to_owned()));
    });
    let options = SubscribeOptions {
        title: "Mine".into(),
        topics: vec!["News".into()],
        folder: Some("mine".to_owned()),
        is_private: false,
    };
    let outcome = device.subscribe_until("one.example/old.xml", &options, Stop::Never);
    let Outcome::Subscribed(subscribed) = outcome else { panic!("not subscribed") };
    assert_eq!((subscribed.title.as_str(), subscribed.address.as_str()), ("Mine", new));
    let expected = Subscription {
        address: UntrustedText::new(new),
        title: "Mine".into(),
        topics: vec!["News".into()],
        folder: Some("mine".to_owned()),
        ..Subscription::default()
    };
    assert_eq!(*device.file.lock().unwrap(), [expected]);
    assert_eq!((device.record().moved, files(&device.path("articles/mine"))), (None, 1));
}

#[test]
fn a_token_in_an_address_is_in_no_article_and_no_message() {
    let device = Device::new();
    let address = "https://me:secret@one.example/feed.xml?token=secret";
    let body = rss(1).replace("Text #0", "&lt;a href='#top'&gt;up&lt;/a&gt; &lt;a href='/x'&gt;x&lt;/a&gt;");
    device.site.answer(address, &body, |_| {});
    let Outcome::Subscribed(subscribed) = device.subscribe(address) else { panic!("not subscribed") };
    assert!(!format!("{subscribed:?}").contains("secret"));
    let mut folders = vec![device.path("articles")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            assert!(!path.to_string_lossy().contains("secret"));
            if path.is_dir() {
                folders.push(path);
            } else {
                read += 1;
                assert!(!std::fs::read_to_string(path).unwrap().contains("secret"));
            }
        }
    }
    assert_eq!(read, 1);
}
