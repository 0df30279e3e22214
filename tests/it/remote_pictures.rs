//! Pictures on other computers: what is asked of servers, what is accepted from them, and what the viewer does. All on loopback.

use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use frontpage::app::overlays::{PictureViewer, ViewerState};
use frontpage::app::{Effect, Event, SessionInit};
use frontpage::feed::Address;
use frontpage::file_system::RealFileSystem;
use frontpage::jobs::picture_decoder::OwnProgram;
use frontpage::jobs::remote_picture::{RemoteRequest, fetch as fetch_job, why_not_kept};
use frontpage::jobs::{JobKind, JobReport, JobStatus};
use frontpage::library::Library;
use frontpage::library::picture_cache::{Cached, PictureCache};
use frontpage::net::{Environment, Limits, NetworkSettings, Request, Resolve};
use frontpage::sync::pictures::{PictureFailure, fetch};
use serde_json::Value;

use crate::harness::command::Home;
use crate::harness::download_thread::DownloadThread;
use crate::harness::folder::Folder;
use crate::harness::names::Names;
use crate::harness::reader::{Reader, user};
use crate::harness::tls_server::{pem, tls_server};
use crate::harness::web_server::{Reply, WebServer};

/// Trusts the certificate of the tests, which the program never does.
fn with_own_certificate(request: Request) -> Request {
    assert!(!request.is_private && request.headers.is_empty() && request.certificate.is_none());
    Request { certificate: Some(pem("server")), ..request }
}

/// A server with TLS, and names that lead to it.
struct World {
    server: WebServer,
    names: Arc<Names>,
    worker: DownloadThread,
    progress: RefCell<Vec<(u64, Option<u64>)>>,
}

impl World {
    fn new(limits: Limits) -> World {
        let server = tls_server("server");
        let names = Names::leading_to(&server);
        let resolver = Arc::clone(&names) as Arc<dyn Resolve>;
        let environment = Environment { limits, resolver, ..Environment::default() };
        let check = |settings: &NetworkSettings| assert!(settings.is_picture && settings.ports.contains(&443));
        let worker = DownloadThread { environment, check, request: with_own_certificate };
        World { server, names, worker, progress: RefCell::default() }
    }

    fn get(&self, address: &str) -> Result<Vec<u8>, PictureFailure> {
        let progress = |done, of| {
            self.progress.borrow_mut().push((done, of));
            true
        };
        fetch(&Address::parse(address).expect("an address"), &self.worker, &progress)
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/fixtures/pictures/{name}")).expect("a fixture")
}

#[test]
fn a_picture_arrives_and_its_request_names_only_the_program() {
    let world = World::new(Limits::of_picture());
    let file = fixture("baseline.jpg");
    world.server.route("/a.jpg", Reply::ok(&file));
    world.server.route("/1", Reply::redirect(302, "/2"));
    world.server.route("/2", Reply::redirect(301, "https://home.example/3"));
    world.server.route("/3", Reply::redirect(307, "/a.jpg"));
    for address in ["https://home.example/a.jpg", "https://home.example/a.jpg#part", "https://home.example/1"] {
        assert_eq!(world.get(address).unwrap_or_else(|error| panic!("{address}: {error}")), file);
    }
    assert_eq!(world.progress.borrow().last(), Some(&(file.len() as u64, Some(file.len() as u64))));
    for request in world.server.requests() {
        for name in ["Cookie", "Referer", "Authorization"] {
            assert_eq!(request.header(name), None, "{name}");
        }
        assert!(request.header("User-Agent").is_some_and(|agent| agent.starts_with("frontpage/")));
    }
}

#[test]
fn what_a_server_does_wrong_is_named_and_ends() {
    let world = World::new(Limits { head: Duration::from_millis(500), ..Limits::of_picture() });
    let long = vec![b'x'; (Limits::PICTURE_BYTES + 1) as usize];
    for (path, reply) in [
        ("/gone", Reply::status(404)),
        ("/failure", Reply::status(503)),
        ("/long", Reply::ok(&long)),
        ("/endless", Reply::endless("x")),
        ("/empty", Reply::ok("")),
        ("/silent", Reply::silence()),
        ("/cut", Reply::ok("0123456789").cut(5)),
        ("/plain", Reply::redirect(302, "http://home.example/a")),
        ("/here", Reply::redirect(302, "https://127.0.0.1/a")),
        ("/lan", Reply::redirect(302, "https://lan.example/a")),
        ("/0", Reply::redirect(302, "/1")),
        ("/1", Reply::redirect(302, "/2")),
        ("/2", Reply::redirect(302, "/3")),
        ("/3", Reply::redirect(302, "/4")),
    ] {
        world.server.route(path, reply);
    }
    world.names.set("lan.example", &["192.168.1.7"]);
    // Whether it is remembered for a day.
    for (address, words, is_lasting) in [
        ("https://home.example/gone", "(404)", true),
        ("https://home.example/failure", "(503)", false),
        ("https://home.example/long", "larger than 8 MiB", true),
        ("https://home.example/endless", "larger than 8 MiB", true),
        ("https://home.example/empty", "an empty file", true),
        ("https://home.example/silent", "", false),
        ("https://home.example/cut", "", false),
        ("https://home.example/plain", "from https to http", true),
        ("https://home.example/here", "private network", true),
        ("https://home.example/lan", "private network", true),
        ("https://home.example/0", "3 redirects", true),
        ("https://lan.example/a", "private network", true),
        ("https://127.0.0.1/a", "private network", true),
        ("https://[fe80::1]/a", "private network", true),
        ("https://printer.local/a", "private network", true),
        ("http://home.example/a", "only by https", true),
    ] {
        let error = world.get(address).err().unwrap_or_else(|| panic!("{address} was fetched"));
        assert!(error.to_string().contains(words), "{address}: {error}");
        assert_eq!(!error.is_passing(), is_lasting, "{address}: {error}");
    }
    let public = |request: &std::net::SocketAddr| request.ip().to_string() == "203.0.113.1";
    assert!(world.names.connected().iter().all(public), "{:?}", world.names.connected());
}

#[test]
fn a_picture_that_is_not_wanted_any_more_is_not_read_to_its_end() {
    let world = World::new(Limits::of_picture());
    world.server.route("/", Reply::endless("x"));
    let end = fetch(&Address::parse("https://home.example/").expect("an address"), &world.worker, &|_, _| false);
    assert!(matches!(end, Err(PictureFailure::Unwanted)), "{end:?}");
}

#[test]
fn only_pictures_with_something_to_see_are_kept() {
    OwnProgram::replace(env!("CARGO_BIN_EXE_frontpage").into());
    let tracker: &[u8] =
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let mut bomb = fixture("plain.png");
    // Width and height: 400 megapixels.
    bomb[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32fast::hash(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    for (file, words) in [
        (tracker, "counts its readers"),
        (b"<html>not a picture</html>".as_slice(), "not a JPEG"),
        (b"", "not a JPEG"),
        (&bomb, "megapixels"),
    ] {
        let why = why_not_kept(file).expect("a reason");
        assert!(why.as_str().contains(words), "{words}: {why}");
    }
    for name in ["plain.png", "baseline.jpg", "lossy.webp", "animation.gif"] {
        assert_eq!(why_not_kept(&fixture(name)), None, "{name}");
    }
}

#[test]
fn the_program_asks_no_server_on_this_machine_and_notes_the_refusal() {
    let (home, server) = (Home::new(), WebServer::start());
    let cache = home.folder.path().join(".cache/frontpage/pictures");
    for (address, words) in [
        (format!("https://127.0.0.1:{}/a.png", server.port()), "private network"),
        (format!("http://localhost:{}/a.png", server.port()), "only by https"),
    ] {
        let mut program = home.command();
        program.args(["fetch", "--picture"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().expect("the program");
        let line = serde_json::json!({"address": address}).to_string();
        child.stdin.take().expect("a pipe").write_all(line.as_bytes()).expect("read");
        let output = child.wait_with_output().expect("its end");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let last: Value = serde_json::from_str(said.lines().last().expect("a line")).expect("JSON");
        assert_eq!((output.status.code(), &last["result"]), (Some(2), &Value::from("failed")), "{said}");
        let problem = last["problem"].as_str().expect("a problem");
        assert!(problem.contains(words), "{problem}");
        let noted = PictureCache::new(&cache, &RealFileSystem)
            .look(&Address::parse(&address).expect("an address"), chrono::Utc::now());
        assert!(matches!(noted, Cached::Refused(why) if why.as_str() == problem));
    }
    assert_eq!(server.connections(), 0);
}

const ARTICLE: &str = "---\ntitle: Boats\ndate: 2021-01-01\nimages: [https://example.org/lead.png]\n---\nText.\n\n\
    ![A boat](boat.png)\n\n![Far](https://img.example.net/far.png)\n\n![Gone](https://other.example/gone.png)\n";

/// A reader of an article with pictures here and on other computers, and the folder of its cache.
fn reader(settings: &str) -> (Folder, PathBuf, Reader) {
    OwnProgram::replace(env!("CARGO_BIN_EXE_frontpage").into());
    let folder = Folder::new().file("posts/boats.md", ARTICLE).file("posts/boat.png", fixture("plain.png"));
    let cache = folder.path().join("cache");
    let init = SessionInit { user: user(settings), picture_cache: Some(cache.clone()), ..SessionInit::default() };
    let library = Library::Paths(vec![folder.path().join("posts")]);
    (folder, cache, Reader::starting(init).reading(library).sized(70, 20))
}

fn state(reader: &Reader) -> ViewerState {
    let viewer: &PictureViewer =
        reader.app().overlays().top_as().unwrap_or_else(|| panic!("no picture\n{}", reader.text()));
    viewer.state().clone()
}

/// The requests since the last call, and how often one was stopped.
fn requests(reader: &mut Reader) -> (Vec<RemoteRequest>, usize) {
    let (mut requests, mut stops) = (Vec::new(), 0);
    for effect in reader.effects.drain(..) {
        match effect {
            Effect::FetchPicture(request) => requests.push(request),
            Effect::StopPicture => stops += 1,
            _ => {}
        }
    }
    (requests, stops)
}

/// Does what a request asks for, with a process that says this.
fn answer(reader: &mut Reader, request: RemoteRequest, said: &str) {
    let script = format!("echo '{said}'");
    let job = request.job;
    let status = fetch_job(&["/bin/sh".to_owned(), "-c".to_owned(), script], request).run_now().status;
    reader.receive(Event::Job(JobReport { job, kind: JobKind::FetchedPicture, status }));
}

#[test]
fn a_key_fetches_the_picture_and_only_that() {
    let (_folder, cache, mut reader) = reader("");
    reader.press("I");
    assert!(matches!(state(&reader), ViewerState::Fetching(host) if host.as_str() == "example.org"));
    assert!(reader.text().contains("Fetching from example.org …"), "{}", reader.text());
    let (asked, _) = requests(&mut reader);
    let [request] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(request.address.untrusted(), "https://example.org/lead.png");
    let address = Address::parse(request.address.untrusted()).expect("an address");
    PictureCache::new(&cache, &RealFileSystem).keep(&address, &fixture("plain.png"), 1 << 20).expect("kept");
    answer(&mut reader, request.clone(), r#"{"result":"fetched"}"#);
    assert!(matches!(state(&reader), ViewerState::Shown(_)), "{:?}", state(&reader));
    // The others are not fetched by going there.
    reader.press("nn");
    assert!(reader.text().contains("On img.example.net: I fetches it, o opens it in the browser"), "{}", reader.text());
    assert!(requests(&mut reader).0.is_empty());
    reader.press("ppI");
    assert!(reader.app().overlay().is_none(), "a picture that is shown is closed by the same key");
    assert!(requests(&mut reader).0.is_empty());
}

#[test]
fn leaving_a_picture_stops_fetching_it_and_its_late_answer_changes_nothing() {
    for leaves in ["<esc>", "q", "n"] {
        let (_folder, _, mut reader) = reader("");
        reader.press("I");
        let (asked, _) = requests(&mut reader);
        reader.press(leaves);
        assert_eq!(requests(&mut reader).1, 1, "{leaves}");
        answer(&mut reader, asked[0].clone(), r#"{"result":"failed","problem":"late"}"#);
        assert!(!reader.text().contains("late"), "{leaves}\n{}", reader.text());
    }
}

#[test]
fn a_refusal_says_why_and_the_key_asks_again() {
    let (_folder, _, mut reader) = reader("");
    reader.press("I");
    let (asked, _) = requests(&mut reader);
    answer(&mut reader, asked[0].clone(), r#"{"result":"failed","problem":"example.org has no such page (404)"}"#);
    assert!(reader.text().contains("Not shown: example.org has no such page (404)"), "{}", reader.text());
    assert!(!asked[0].is_retry && reader.text().contains("I fetch"), "{}", reader.text());
    reader.press("I");
    assert!(!reader.text().contains("I fetch"), "one fetch at a time\n{}", reader.text());
    let (asked, _) = requests(&mut reader);
    assert!(asked[0].is_retry && matches!(state(&reader), ViewerState::Fetching(_)));
    let failed = JobStatus::Failed("a bug".into());
    reader.receive(Event::Job(JobReport { job: asked[0].job, kind: JobKind::FetchedPicture, status: failed }));
    assert!(matches!(state(&reader), ViewerState::Failed(_)));
}

#[test]
fn the_setting_decides_which_pictures_are_fetched_on_the_way() {
    for (remote, hosts) in [
        ("ask", vec!["example.org"]),
        ("never", vec![]),
        ("always", vec!["example.org", "img.example.net", "other.example"]),
        ("[example.net]", vec!["example.org", "img.example.net"]),
    ] {
        let (_folder, _, mut reader) = reader(&format!("pictures: {{remote: {remote}}}"));
        reader.press("Innn");
        let (asked, _) = requests(&mut reader);
        let fetched: Vec<String> = asked
            .iter()
            .map(|one| Address::parse(one.address.untrusted()).expect("an address").domain().to_string())
            .collect();
        assert_eq!(fetched, hosts, "{remote}");
        if remote == "never" {
            assert!(reader.text().contains("On other.example: pictures are not fetched"), "{}", reader.text());
        }
    }
}

fn captions(reader: &Reader) -> Vec<String> {
    let lines = reader.text();
    lines.lines().filter(|line| line.contains('▣')).map(|line| line.trim_matches(['┃', '│', ' ']).to_owned()).collect()
}

#[test]
fn captions_say_what_can_be_fetched_and_what_was() {
    let (_folder, cache, mut reader) = reader("");
    let before = [
        "lead · [4] · I fetches it",
        "A boat · 48 × 32 · [1] · I shows it",
        "Far · [2] · I fetches it",
        "Gone · [3] · I fetches it",
    ];
    let all = |captions: &[&str]| captions.iter().map(|caption| format!("▣ {caption}")).collect::<Vec<_>>();
    reader.press("<enter>z");
    let mut reader = reader.sized(70, 30);
    assert_eq!(captions(&reader), all(&before), "{}", reader.text());
    // One was fetched by another process, and one was refused.
    let known = PictureCache::new(&cache, &RealFileSystem);
    let address = |text: &str| Address::parse(text).expect("an address");
    known.keep(&address("https://img.example.net/far.png"), &fixture("plain.png"), 1 << 20).expect("kept");
    known.refuse(&address("https://other.example/gone.png"), &"it is gone (404)".into()).expect("noted");
    // The end of a fetch looks at all of them again.
    reader.press("I");
    let (asked, _) = requests(&mut reader);
    known.keep(&address(asked[0].address.untrusted()), &fixture("plain.png"), 1 << 20).expect("kept");
    answer(&mut reader, asked[0].clone(), r#"{"result":"fetched"}"#);
    reader.press("<esc>");
    let now = [
        "lead · 48 × 32 · [4] · I shows it",
        before[1],
        "Far · 48 × 32 · [2] · I shows it",
        "Gone · [3] · it is gone (404)",
    ];
    assert_eq!(captions(&reader), all(&now), "{}", reader.text());
}

#[test]
fn no_caption_promises_a_fetch_that_is_not_made() {
    let (_folder, _, mut reader) = reader("pictures: {remote: never}");
    reader.press("<enter>z");
    let captions = captions(&reader.sized(70, 30));
    assert_eq!(captions.len(), 4);
    assert!(captions.iter().all(|caption| !caption.contains("fetches")), "{captions:?}");
    assert_eq!(captions.iter().filter(|caption| caption.ends_with("I shows it")).count(), 1, "{captions:?}");
}
