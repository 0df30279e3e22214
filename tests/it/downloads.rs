//! Downloads: what a server, a full disk or the end of the program can do to a file, and what they cannot. All on loopback.

use std::cell::{Cell, RefCell};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use frontpage::feed::{Address, ArticleId};
use frontpage::file_system::{FileSystem, RealFileSystem};
use frontpage::library::downloaded_files;
use frontpage::net::{Environment, Limits, Request, Resolve};
use frontpage::sync::downloads::{
    DownloadEnvironment, DownloadFailure, Downloaded, FailedDownload, RemedyPlace, WantedFile, download,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::command::Home;
use crate::harness::download_thread::DownloadThread;
use crate::harness::faulty_disk::{Fault, FaultyDisk, NO_SPACE};
use crate::harness::names::Names;
use crate::harness::web_server::{Received, Reply, WebServer};

/// A server, and a folder of downloads.
struct World {
    server: WebServer,
    worker: DownloadThread,
    folder: TempDir,
    progress: RefCell<Vec<(u64, Option<u64>)>>,
    /// From this number of bytes on, a download is not watched any more.
    unwatched_from: Cell<u64>,
}

impl World {
    fn new() -> World {
        let server = WebServer::start();
        let names = Names::leading_to(&server);
        let time = Duration::from_secs(20);
        let limits = Limits {
            connect: time,
            head: time,
            whole: time,
            body_bytes: 1 << 20,
            pause: Duration::ZERO,
            ..Limits::of_download()
        };
        let environment = Environment { limits, resolver: names as Arc<dyn Resolve>, ..Environment::default() };
        World {
            server,
            worker: DownloadThread {
                environment,
                check: |settings| assert!(settings.ports.contains(&80) && settings.ports.contains(&443)),
                request: |request| request,
            },
            folder: TempDir::new().expect("a folder"),
            progress: RefCell::default(),
            unwatched_from: Cell::new(u64::MAX),
        }
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    fn get(&self, path: &str) -> Result<Downloaded, FailedDownload> {
        self.get_with(path, &RealFileSystem)
    }

    fn get_with(&self, path: &str, fs: &dyn FileSystem) -> Result<Downloaded, FailedDownload> {
        self.get_file(&wanted(path), fs)
    }

    fn get_file(&self, wanted: &WantedFile, fs: &dyn FileSystem) -> Result<Downloaded, FailedDownload> {
        let request = Request { url: wanted.address.as_str().to_owned(), ..Request::default() };
        self.progress.borrow_mut().clear();
        let environment = DownloadEnvironment {
            folder: &self.downloads(),
            fs,
            workers: &self.worker,
            now: chrono::Utc::now(),
            progress: &|done, of| {
                self.progress.borrow_mut().push((done, of));
                done < self.unwatched_from.get()
            },
        };
        download(wanted, &request, &environment)
    }

    /// The names in the folder of downloads, and the content of each file.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let Ok(entries) = std::fs::read_dir(self.downloads()) else { return Vec::new() };
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (name(&path), std::fs::read(&path).unwrap_or_default()))
            .collect();
        files.sort();
        files
    }

    fn visible(&self) -> Vec<Vec<u8>> {
        self.files().into_iter().filter(|(name, _)| !name.starts_with('.')).map(|(_, bytes)| bytes).collect()
    }

    fn part(&self, path: &str) -> PathBuf {
        self.downloads().join(format!(".{}.part", downloaded_files::hash(&wanted(path).address)))
    }
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn wanted(path: &str) -> WantedFile {
    WantedFile {
        address: Address::parse(&format!("http://a.example{path}")).expect("an address"),
        media_type: "audio/mpeg".into(),
        article: ArticleId::of_number(1),
        title: "The Harbour".into(),
        published: "2021-02-18T08:00:00Z".parse().ok(),
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

/// Answers as servers do that send parts: the rest of a document if the validator is still that of the document.
fn parts(bytes: Vec<u8>, etag: &'static str) -> impl Fn(&Received) -> Reply {
    move |request| {
        let whole = Reply::ok(&bytes).header("ETag", etag);
        let range = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        match (range, request.header("if-range")) {
            (Some(from), Some(validator)) if validator == etag => {
                let from: usize = from.parse().expect("a number");
                if from >= bytes.len() {
                    return Reply::status(416).header("Content-Range", &format!("bytes */{}", bytes.len()));
                }
                let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
                Reply::ok(&bytes[from..]).with_status(206).header("Content-Range", &range).header("ETag", etag)
            }
            _ => whole,
        }
    }
}

#[test]
fn a_file_is_downloaded_once_for_its_owner_alone() {
    let world = World::new();
    let bytes = content(300_000);
    let reply = Reply::ok(&bytes).header("Content-Disposition", "attachment; filename=\"../../evil.sh\"");
    world.server.route("/7.mp3?token=1", reply.header("Content-Type", "text/x-shellscript"));
    let done = world.get("/7.mp3?token=1").expect("a file");
    let hash = downloaded_files::hash(&wanted("/7.mp3?token=1").address);
    assert_eq!(name(&done.path), format!("2021-02-18-the-harbour-{hash}.mp3"));
    assert_eq!((done.bytes, done.is_new), (300_000, true));
    assert_eq!(world.files(), [(name(&done.path), bytes)]);
    let mode = std::fs::metadata(&done.path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(world.progress.borrow().first(), Some(&(0, Some(300_000))));
    assert_eq!(world.progress.borrow().last(), Some(&(300_000, Some(300_000))));
    let request = &world.server.requests()[0];
    assert_eq!((request.header("accept-encoding"), request.header("range")), (Some("identity"), None));
    let again = world.get("/7.mp3?token=1").expect("the file");
    assert_eq!(again, Downloaded { is_new: false, ..done });
    assert_eq!(world.server.requests().len(), 1, "what is there is not asked for");
    assert!(world.server.count("/7.mp3?token=2") == 0 && world.get("/7.mp3?token=2").is_err(), "another address");
}

#[test]
fn a_download_goes_on_where_it_stopped() {
    let bytes = content(70_000);
    for cut in [1, 4_096, 65_536, 69_999] {
        let world = World::new();
        let (whole, has_failed) = (parts(bytes.clone(), "\"v1\""), std::sync::atomic::AtomicBool::new(false));
        world.server.route_fn("/a.mp3", move |request| {
            let reply = whole(request);
            if has_failed.swap(true, std::sync::atomic::Ordering::SeqCst) { reply } else { reply.cut(cut) }
        });
        let failure = world.get("/a.mp3").expect_err("cut");
        assert!(failure.remedy(RemedyPlace::Reader).contains("goes on"), "{failure}");
        assert_eq!(world.visible(), Vec::<Vec<u8>>::new(), "what is not complete is hidden");
        assert_eq!(std::fs::read(world.part("/a.mp3")).expect("a part"), &bytes[..cut]);
        let done = world.get("/a.mp3").expect("a file");
        assert_eq!(world.files(), [(name(&done.path), bytes.clone())], "{cut}");
        let second = &world.server.requests()[1];
        let range = format!("bytes={cut}-");
        assert_eq!((second.header("range"), second.header("if-range")), (Some(range.as_str()), Some("\"v1\"")));
        assert_eq!(world.progress.borrow().first(), Some(&(cut as u64, Some(70_000))));
    }
}

#[test]
fn parts_of_different_documents_are_never_joined() {
    let (old, new) = (content(50_000), vec![b'n'; 60_000]);
    let part = |etag: &str, from: usize| {
        let range = format!("bytes {from}-{}/{}", new.len() - 1, new.len());
        Reply::ok(&new[from..]).with_status(206).header("Content-Range", &range).header("ETag", etag)
    };
    let whole = Reply::ok(&new).header("ETag", "\"v2\"");
    // What the second request, and the third if there is one, are answered.
    for (case, first, answers) in [
        ("the server looks at If-Range", "\"v1\"", vec![whole.clone()]),
        ("it does not", "\"v1\"", vec![part("\"v2\"", 1_000), whole.clone()]),
        ("it has another part", "\"v1\"", vec![part("\"v1\"", 999), whole.clone()]),
        ("it has less", "\"v1\"", vec![Reply::status(416), whole.clone()]),
        ("a weak validator", "W/\"v1\"", vec![whole.clone()]),
        ("no validator", "", vec![whole.clone()]),
    ] {
        let world = World::new();
        let mut start = Reply::ok(&old).cut(1_000);
        if !first.is_empty() {
            start = start.header("ETag", first);
        }
        let count = answers.len() + 1;
        world.server.route_all("/a.mp3", [vec![start], answers].concat());
        world.get("/a.mp3").expect_err(case);
        world.get("/a.mp3").unwrap_or_else(|failure| panic!("{case}: {failure}"));
        assert_eq!(world.visible(), std::slice::from_ref(&new), "{case}");
        let requests = world.server.requests();
        assert_eq!(requests.len(), count, "{case}");
        assert_eq!(requests[1].header("range").is_some(), first.starts_with('"'), "{case}");
        assert_eq!(requests[count - 1].header("range").is_some(), count == 2 && first.starts_with('"'), "{case}");
        assert_eq!(world.files().len(), 1, "{case}: {:?}", world.files());
    }
}

/// Answers with parts of at most `step` bytes of a document that has the validator `"v1"`, in a `Content-Range` with its size or with
/// `*`. The first answer, which is the whole, is cut.
fn short_parts(bytes: Vec<u8>, cut: usize, step: usize, size: &str) -> impl Fn(&Received) -> Reply {
    let (whole, size) = (parts(bytes.clone(), "\"v1\""), size.to_owned());
    let has_failed = std::sync::atomic::AtomicBool::new(false);
    move |request| {
        if !has_failed.swap(true, std::sync::atomic::Ordering::SeqCst) {
            return whole(request).cut(cut);
        }
        let range = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        match range.map(|from| from.parse::<usize>().expect("a number")).filter(|from| *from < bytes.len()) {
            Some(from) => {
                let end = bytes.len().min(from + step);
                let range = format!("bytes {from}-{}/{size}", end - 1);
                Reply::ok(&bytes[from..end]).with_status(206).header("Content-Range", &range).header("ETag", "\"v1\"")
            }
            None => whole(request),
        }
    }
}

#[test]
fn a_server_may_send_less_than_it_was_asked_for() {
    let bytes = content(70_000);
    for (step, size, requests) in [
        (10_000, "70000", 1 + 7),
        (69_000, "70000", 1 + 1),
        (68_999, "70000", 1 + 2),
        // The last answer says that there is no more.
        (10_000, "*", 1 + 7 + 1),
        (69_000, "*", 1 + 1 + 1),
    ] {
        let world = World::new();
        world.server.route_fn("/a.mp3", short_parts(bytes.clone(), 1_000, step, size));
        world.get("/a.mp3").expect_err("cut");
        let done = world.get("/a.mp3").unwrap_or_else(|failure| panic!("{step} {size}: {failure}"));
        assert_eq!((world.files(), done.bytes), (vec![(name(&done.path), bytes.clone())], 70_000), "{step} {size}");
        assert_eq!(world.server.requests().len(), requests, "{step} {size}");
        let range = format!("bytes={}-", 1_000 + step.min(10_000));
        let third = world.server.requests().get(2).and_then(|request| request.header("range").map(str::to_owned));
        assert!(step > 10_000 || third == Some(range), "{step} {size}: {third:?}");
    }
}

#[test]
fn failures_keep_what_has_arrived() {
    let bytes = content(5_000);
    let part = |range: &str, body: &[u8]| {
        Reply::ok(body).with_status(206).header("Content-Range", range).header("ETag", "\"v1\"")
    };
    let cut = Reply::ok(&bytes).header("ETag", "\"v1\"").cut(1_000);
    for (case, answers, words, kept) in [
        ("parts that were not asked for", vec![part("bytes 7-8/5000", b"xy"); 2], "another part", 1_000),
        ("no range", vec![Reply::ok("xy").with_status(206); 2], "another part", 1_000),
        ("more than a part", vec![part("bytes 1000-1001/5000", b"xyz")], "announced 1002 bytes, and sent 1003", 1_000),
        ("less than a part", vec![part("bytes 1000-1009/5000", &bytes[1_000..1_007])], "announced 1010", 1_007),
        ("a part, then nothing", vec![part("bytes 1000-1009/*", &bytes[1_000..1_010]), Reply::hang_up()], "", 1_010),
    ] {
        let world = World::new();
        world.server.route_all("/a.mp3", [vec![cut.clone()], answers].concat());
        world.get("/a.mp3").expect_err(case);
        let failure = world.get("/a.mp3").expect_err(case);
        assert!(failure.to_string().contains(words), "{case}: {failure}");
        assert_eq!(world.visible(), Vec::<Vec<u8>>::new(), "{case}");
        let there = std::fs::read(world.part("/a.mp3")).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(there == bytes[..kept], "{case}: {}", there.len());
        world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
        assert!(world.get("/a.mp3").is_ok() && world.visible() == [bytes.clone()], "{case}");
    }
}

#[test]
fn very_small_parts_do_not_make_requests_without_end() {
    let world = World::new();
    let bytes = content(5_000);
    world.server.route_fn("/a.mp3", short_parts(bytes, 10, 1, "5000"));
    world.get("/a.mp3").expect_err("cut");
    let failure = world.get("/a.mp3").expect_err("small parts");
    assert!(failure.to_string().contains("too many small parts"), "{failure}");
    let there = std::fs::metadata(world.part("/a.mp3")).expect("a part").len();
    assert_eq!(there as usize, 10 + world.server.requests().len() - 1);
    assert!((2_048..3_000).contains(&there), "{there}");
}

#[test]
fn a_file_that_has_arrived_is_not_fetched_again_to_get_its_name() {
    let bytes = content(9_000);
    let answers = |range: &'static str, etag: &'static str| {
        let whole = Reply::ok(&bytes).header("ETag", "\"v1\"");
        let none = Reply::status(416).header("Content-Range", range).header("Content-Type", "video/webm");
        move |request: &Received| match request.header("range") {
            Some(_) => none.clone().header("ETag", etag),
            None => whole.clone(),
        }
    };
    for (range, etag, requests) in [
        ("bytes */9000", "\"v1\"", 1),
        ("bytes */9001", "\"v1\"", 2),
        ("bytes */8999", "\"v1\"", 2),
        ("bytes */*", "\"v1\"", 2),
        ("bytes */9000", "\"v2\"", 2),
    ] {
        let world = World::new();
        world.server.route_fn("/get", answers(range, etag));
        std::fs::create_dir_all(world.downloads()).expect("a folder");
        std::fs::write(world.part("/get"), &bytes).expect("a part");
        let hash = downloaded_files::full_hash(&wanted("/get").address);
        let notes = serde_json::json!({"address": hash, "validator": "\"v1\"", "media_type": "audio/ogg"});
        std::fs::write(world.part("/get").with_extension("part.json"), notes.to_string()).expect("notes");
        let done = world.get("/get").expect("a file");
        assert_eq!(world.files(), [(name(&done.path), bytes.clone())], "{range}");
        assert_eq!(world.server.requests().len(), requests, "{range} {etag}");
    }
}

#[test]
fn a_file_has_the_ending_of_the_document_when_its_rest_is_fetched() {
    let world = World::new();
    let bytes = content(9_000);
    let start = Reply::ok(&bytes).header("ETag", "\"v1\"").header("Content-Type", "audio/ogg").cut(5_000);
    let rest = Reply::ok(&bytes[5_000..]).with_status(206).header("Content-Range", "bytes 5000-8999/*");
    let none = Reply::status(416).header("Content-Range", "bytes */9000").header("Content-Type", "text/plain");
    world.server.route_all("/get", vec![start, rest.header("Content-Type", "video/webm"), none]);
    let get = || world.get_file(&WantedFile { media_type: "".into(), ..wanted("/get") }, &RealFileSystem);
    get().expect_err("cut");
    let done = get().expect("a file");
    assert!(name(&done.path).ends_with(".ogg") && world.visible() == [bytes], "{}", name(&done.path));
}

#[test]
fn parts_of_downloads_that_were_given_up_are_removed_after_a_month() {
    let world = World::new();
    world.server.route("/a.mp3", Reply::ok(content(10)));
    world.server.route("/own.mp3", Reply::hang_up());
    std::fs::create_dir_all(world.downloads()).expect("a folder");
    let day = Duration::from_secs(24 * 60 * 60);
    let make = |path: &Path, days: u32| {
        std::fs::write(path, "x").expect("a file");
        let file = std::fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(std::time::SystemTime::now() - day * days).expect("a time");
    };
    let notes = |path: &str| world.part(path).with_extension("part.json");
    for (path, part, of_notes) in [
        ("/old", Some(31), Some(40)),
        ("/old-without-notes", Some(31), None),
        ("/running", Some(31), Some(31)),
        ("/recent", Some(29), Some(45)),
        ("/notes", None, Some(31)),
        ("/new-notes", None, Some(3)),
        ("/own.mp3", Some(400), Some(400)),
    ] {
        let _ = part.map(|days| make(&world.part(path), days));
        let _ = of_notes.map(|days| make(&notes(path), days));
    }
    // Files that are not parts of ours, however old they are.
    let others = [".0123.part", ".0123456789abcdeg.part", "0123456789abcdef.part", ".0123456789abcdef.parts"];
    others.iter().for_each(|name| make(&world.downloads().join(name), 400));
    symlink(world.downloads().join(others[0]), world.part("/link")).expect("a link");
    let running = RealFileSystem.open(&world.part("/running")).expect("a file");
    assert!(RealFileSystem.lock(&running).expect("a lock"));
    let done = world.get("/a.mp3").expect("a file");
    let here = |path: &str| (world.part(path).exists(), notes(path).exists());
    for (path, expected) in [
        ("/old", (false, false)),
        ("/old-without-notes", (false, false)),
        ("/running", (true, true)),
        ("/recent", (true, true)),
        ("/notes", (false, false)),
        ("/new-notes", (false, true)),
        ("/own.mp3", (false, false)),
    ] {
        assert_eq!(here(path), expected, "{path}");
    }
    assert!(done.path.exists() && world.part("/link").symlink_metadata().is_ok());
    assert!(others.iter().all(|name| world.downloads().join(name).exists()));
    // The part of the same address is not given up by now.
    make(&world.part("/own.mp3"), 400);
    make(&notes("/own.mp3"), 400);
    world.get("/own.mp3").expect_err("no answer");
    assert_eq!(here("/own.mp3"), (true, true));
}

#[test]
fn a_part_of_another_address_is_not_used() {
    let world = World::new();
    let bytes = content(9_000);
    world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
    std::fs::create_dir_all(world.downloads()).expect("a folder");
    let part = world.part("/a.mp3");
    for notes in ["{\"address\":\"0123\",\"validator\":\"\\\"v1\\\"\"}", "{", ""] {
        std::fs::write(&part, b"of another").expect("a part");
        std::fs::write(part.with_extension("part.json"), notes).expect("notes");
        let done = world.get("/a.mp3").expect("a file");
        assert_eq!(world.files(), [(name(&done.path), bytes.clone())], "{notes}");
        std::fs::remove_file(done.path).expect("removed");
    }
    assert!(world.server.requests().iter().all(|request| request.header("range").is_none()));
}

#[test]
fn servers_that_lie_leave_no_file() {
    let world = World::new();
    let route = |path: &str, reply: Reply| world.server.route(path, reply);
    route("/more", Reply::ok(content(1_000)).announce(2_000));
    route("/endless", Reply::endless(content(10_000)));
    route("/huge", Reply::ok(content(10)).announce(3 << 30));
    route("/part", Reply::ok("x").with_status(206).header("Content-Range", "bytes 5-5/6"));
    route("/gone", Reply::status(404).body("no"));
    route("/zip", Reply::ok("x").header("Content-Encoding", "zstd"));
    route("/zip-cut", Reply::gzip(content(60_000)).header("ETag", "\"v1\"").cut(30_000));
    route("/hang-up", Reply::hang_up());
    route("/no-http", Reply::raw("SSH-2.0\r\n"));
    route("/flood", Reply::header_flood(500));
    route("/file", Reply::redirect(302, "file:///etc/passwd"));
    route("/private", Reply::redirect(302, "http://127.0.0.1/x"));
    route("/decimal", Reply::redirect(302, "http://2130706433/x"));
    route("/circle", Reply::redirect(302, "/circle"));
    for (path, words, has_part) in [
        ("/more", "ended before it was complete", true),
        ("/endless", "larger than 2 GiB", false),
        ("/huge", "larger than 2 GiB", false),
        ("/part", "another part", false),
        ("/gone", "no such page", false),
        ("/zip", "compressed", false),
        ("/zip-cut", "ended before it was complete", true),
        ("/hang-up", "without an answer", false),
        ("/no-http", "not valid HTTP", false),
        ("/flood", "headers", false),
        ("/file", "not one of http", false),
        ("/private", "private network", false),
        ("/decimal", "private network", false),
        ("/circle", "circle", false),
    ] {
        let failure = world.get(path).expect_err(path);
        assert!(failure.to_string().contains(words), "{path}: {failure}");
        assert_eq!(world.visible(), Vec::<Vec<u8>>::new(), "{path}");
        assert_eq!(world.part(path).exists(), has_part, "{path}");
        assert_eq!(world.files().is_empty(), !has_part, "{path}: {:?}", world.files());
        let _ = std::fs::remove_dir_all(world.downloads());
    }
    assert_eq!(world.server.count("/x"), 0, "no private server was asked");
    world.server.route("/unzipped", Reply::gzip(content(60_000)).header("ETag", "\"v1\""));
    assert!(world.get("/unzipped").is_ok() && world.visible() == [content(60_000)]);
    let fewer = Reply::ok(content(1_000)).announce(100);
    world.server.route("/fewer", fewer);
    assert_eq!(world.get("/fewer").map(|done| done.bytes).ok(), Some(100), "the announced length ends a document");
}

#[test]
fn links_in_the_folder_lead_nowhere() {
    let world = World::new();
    let bytes = content(5_000);
    world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
    std::fs::create_dir_all(world.downloads()).expect("a folder");
    let victim = world.folder.path().join("victim");
    std::fs::write(&victim, "mine").expect("a file");
    let part = world.part("/a.mp3");
    symlink(&victim, &part).expect("a link");
    symlink(&victim, part.with_extension("part.json")).expect("a link");
    let done = world.get("/a.mp3").expect("a file");
    assert_eq!((std::fs::read(&done.path).ok(), std::fs::read(&victim).ok()), (Some(bytes), Some(b"mine".to_vec())));
    assert_eq!(world.files().len(), 1, "{:?}", world.files());
    // A link, or a folder, that has the name of the file is not replaced.
    std::fs::remove_file(&done.path).expect("removed");
    symlink(&victim, &done.path).expect("a link");
    let failure = world.get("/a.mp3").expect_err("in the way");
    assert!(matches!(&failure.failure, DownloadFailure::InTheWay(path) if *path == done.path), "{failure}");
    assert_eq!(std::fs::read(&victim).ok(), Some(b"mine".to_vec()));
    std::fs::remove_file(&done.path).expect("removed");
    assert!(world.get("/a.mp3").is_ok());
}

#[test]
fn two_processes_do_not_write_one_file() {
    let world = World::new();
    world.server.route("/a.mp3", Reply::ok(content(10)));
    std::fs::create_dir_all(world.downloads()).expect("a folder");
    let other = RealFileSystem.open(&world.part("/a.mp3")).expect("a file");
    assert!(RealFileSystem.lock(&other).expect("a lock"));
    let failure = world.get("/a.mp3").expect_err("busy");
    assert!(matches!(failure.failure, DownloadFailure::Busy), "{failure}");
    drop(other);
    assert!(world.get("/a.mp3").is_ok());
}

#[test]
fn a_disk_that_fails_at_any_call_costs_only_time() {
    let bytes = content(600_000);
    for fault in [Fault::Once(NO_SPACE), Fault::FromThenOn(NO_SPACE)] {
        let mut failures = 0;
        for at in 1.. {
            let world = World::new();
            world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
            let disk = FaultyDisk::new(fault, at);
            let result = world.get_with("/a.mp3", &disk);
            if !disk.has_fired() {
                break;
            }
            if let Err(failure) = &result {
                failures += 1;
                assert!(world.visible().len() <= 1, "{fault:?} {at}");
                assert!(!failure.to_string().is_empty());
                let says_kept = failure.remedy(RemedyPlace::Reader).contains("what has arrived");
                let kept = std::fs::metadata(world.part("/a.mp3")).map_or(0, |part| part.len());
                assert!(!says_kept || kept > 0, "{fault:?} {at}: {failure}");
            }
            // A file with a name of its own is complete, whatever failed afterwards.
            assert!(world.visible().iter().all(|file| *file == bytes), "{fault:?} {at}");
            world.get("/a.mp3").unwrap_or_else(|failure| panic!("{fault:?} {at}: {failure}"));
            assert_eq!(world.visible(), std::slice::from_ref(&bytes), "{fault:?} {at}");
        }
        assert!(failures > 5, "{failures}");
    }
}

/// A home with an article that has an enclosure on a server.
fn home(server: &WebServer, path: &str) -> Home {
    let home = Home::new();
    let article = format!(
        "---\ntitle: Harbour\nwebUrl: https://e.org/a\nenclosures: [{{url: '{}', type: audio/mpeg}}]\n---\n",
        server.url(path)
    );
    home.file("lib/a.md", &article);
    home.file("lib/b.md", "---\ntitle: Note\n---\n");
    home.file(".config/frontpage/config.yaml", "library: ~/lib\n");
    home
}

#[test]
fn the_command_downloads_and_says_where_the_file_is() {
    let server = WebServer::start();
    server.route("/a.mp3", Reply::ok(content(5_000)));
    let home = home(&server, "/a.mp3");
    let refused = home.run(&["download", "title:Harbour"]);
    assert!(refused.code == 2 && refused.err.contains("--private"), "{}", refused.err);
    let run = |format: &str| home.run(&["download", "--private", "--format", format, "title:Harbour"]);
    let out = run("json").out;
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(lines[0], serde_json::json!({"done": 0, "total": 5_000, "text": "Harbour"}));
    let done = lines.last().expect("a line");
    let path = done["path"].as_str().expect("a path");
    assert_eq!((done["result"].as_str(), done["bytes"].as_u64()), (Some("downloaded"), Some(5_000)));
    assert!(path.starts_with(&home.folder.path().join("Downloads/frontpage").display().to_string()), "{path}");
    assert_eq!(std::fs::read(path).expect("the file"), content(5_000));
    let again = run("text");
    assert!(
        again.code == 0 && again.err.contains("was downloaded before") && again.err.contains("-harbour-"),
        "{}",
        again.err
    );
    assert_eq!(server.count("/a.mp3"), 1);
    let none = home.run(&["download", "title:Note"]);
    assert!(none.code == 2 && none.err.contains("no sound, film or other file"), "{}", none.err);
    let second = home.run(&["download", "--number", "2", "title:Harbour"]);
    assert!(second.code == 2 && second.err.contains("no file 2"), "{}", second.err);
    home.file(".config/frontpage/config.yaml", "library: ~/lib\ndownloads: ~/lib/files\n");
    let inside = home.run(&["download", "--private", "title:Harbour"]);
    assert!(inside.code == 2 && inside.err.contains("inside your library"), "{}", inside.err);
    assert!(!home.folder.path().join("lib/files").exists());
}

#[test]
fn a_download_that_is_killed_goes_on_later() {
    let server = WebServer::start();
    let bytes = content(400_000);
    let whole = parts(bytes.clone(), "\"v1\"");
    // The first answer stops in the middle, and stays open.
    let first = std::sync::atomic::AtomicBool::new(true);
    let start =
        [b"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 400000\r\n\r\n".to_vec(), bytes[..150_000].to_vec()];
    server.route_fn("/a.mp3", move |request| match first.swap(false, std::sync::atomic::Ordering::SeqCst) {
        true => Reply::raw_then_silence(start.concat()),
        false => whole(request),
    });
    let home = home(&server, "/a.mp3");
    let mut running = home
        .command()
        .args(["download", "--private", "title:Harbour"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let folder = home.folder.path().join("Downloads/frontpage");
    let part = folder
        .join(format!(".{}.part", downloaded_files::hash(&Address::parse(&server.url("/a.mp3")).expect("an address"))));
    while std::fs::metadata(&part).map_or(0, |part| part.len()) < 150_000 {
        if running.try_wait().expect("a status").is_some() {
            let ended = running.wait_with_output().expect("its output");
            panic!("it ended early: {}", String::from_utf8_lossy(&ended.stderr));
        }
        thread::yield_now();
    }
    running.kill().expect("killed");
    running.wait().expect("a status");
    let ran = home.run(&["download", "--private", "title:Harbour"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("files").map(|entry| entry.expect("one").path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(std::fs::read(&files[0]).expect("the file") == bytes);
    assert_eq!(server.requests()[1].header("range"), Some("bytes=150000-"));
}

#[test]
fn a_web_page_is_a_file_unless_the_article_says_that_it_is_another_kind() {
    let page = || Reply::ok("<!doctype html><p>A transcript.").header("Content-Type", "text/html; charset=utf-8");
    for (path, media_type, is_file) in [
        ("/transcript", "", true),
        ("/transcript.php?x=1", "application/octet-stream", true),
        ("/transcript.html", "", true),
        ("/transcript", "Text/HTML; charset=x", true),
        ("/a.mp3", "text/html", true),
        ("/get", "audio/mpeg", false),
        ("/get", "application/pdf", false),
        ("/get", "video/x-unknown", false),
        ("/a.pdf", "", false),
        ("/a.mp3?x", "application/octet-stream", false),
    ] {
        let world = World::new();
        world.server.route(path, page());
        let wanted = WantedFile { media_type: media_type.into(), ..wanted(path) };
        let end = world.get_file(&wanted, &RealFileSystem);
        assert_eq!(end.is_ok(), is_file, "{path} {media_type}: {end:?}");
    }
}

#[test]
fn a_download_that_is_not_watched_stops_and_goes_on_later() {
    let world = World::new();
    let bytes = content(400_000);
    world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
    world.unwatched_from.set(100_000);
    let failed = world.get("/a.mp3").expect_err("stopped");
    assert!(matches!(failed.failure, DownloadFailure::Unwatched) && failed.has_part, "{failed:?}");
    assert_eq!(world.visible(), Vec::<Vec<u8>>::new());
    world.unwatched_from.set(u64::MAX);
    assert!(world.get("/a.mp3").is_ok() && world.visible() == [bytes]);
}

#[test]
fn a_web_page_or_nothing_in_place_of_a_file_is_no_file() {
    let page =
        || Reply::ok("<!doctype html><title>Please log in</title>").header("Content-Type", "text/html; charset=utf-8");
    let bytes = content(5_000);
    let rest = |kind: &str| {
        Reply::ok("<html>login")
            .with_status(206)
            .header("Content-Range", "bytes 1000-1010/5000")
            .header("Content-Type", kind)
    };
    let cut = || Reply::ok(&bytes).header("ETag", "\"v1\"").cut(1_000);
    for (case, answers, words) in [
        ("a page", vec![page()], "web page"),
        ("nothing", vec![Reply::ok("")], "empty"),
        ("a page behind a part", vec![cut(), rest("text/html")], "web page"),
        ("a page of another kind", vec![cut(), rest("Application/XHTML+xml")], "web page"),
    ] {
        let world = World::new();
        let asked = answers.len();
        world.server.route_all("/a.mp3", answers);
        (1..asked).for_each(|_| drop(world.get("/a.mp3").expect_err(case)));
        let failure = world.get("/a.mp3").expect_err(case);
        assert!(failure.to_string().contains(words), "{case}: {failure}");
        assert_eq!(world.visible(), Vec::<Vec<u8>>::new(), "{case}");
        world.server.route_fn("/a.mp3", parts(bytes.clone(), "\"v1\""));
        assert!(world.get("/a.mp3").is_ok() && world.visible() == [bytes.clone()], "{case}");
    }
}
