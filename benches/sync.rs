//! A sync of 500 channels on 500 hosts of loopback, timed from outside: with new articles, and without; its memory; and keys in a
//! reader meanwhile: `cargo bench --bench sync`.
//!
//! The hosts are 127.0.X.Y on one port, so no name is resolved: only Linux answers on all of 127.0.0.0/8.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

const CHANNELS: usize = 500;
/// Items of each channel.
const ITEMS: usize = 20;
/// The response to a key is complete when nothing has arrived for this time.
const GAP: Duration = Duration::from_millis(4);

/// A server that answers every connection: with a channel, or 304 to a request with a validator while nothing is new.
struct Server {
    port: u16,
    requests: Arc<AtomicUsize>,
    /// The version of all channels. A channel of another version has other items and another validator.
    version: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let (requests, version) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(1)));
        let (count, shown) = (requests.clone(), version.clone());
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (count, shown) = (count.clone(), shown.clone());
                std::thread::spawn(move || serve(&connection, &count, &shown));
            }
        });
        Server { port, requests, version }
    }

    fn take_requests(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

fn serve(connection: &TcpStream, requests: &AtomicUsize, version: &AtomicUsize) {
    let mut lines = BufReader::new(connection);
    loop {
        let (mut host, mut known) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).is_ok_and(|count| count > 0) {
                let (name, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
                match name.to_ascii_lowercase().as_str() {
                    "" => break,
                    "host" => host = value.trim().to_owned(),
                    "if-none-match" => known = value.trim().to_owned(),
                    _ => {}
                }
            } else {
                return;
            }
        }
        requests.fetch_add(1, Ordering::SeqCst);
        let version = version.load(Ordering::SeqCst);
        let tag = format!("\"v{version}\"");
        let answer = match known == tag {
            true => format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n"),
            false => {
                let body = document(&host, version);
                let length = body.len();
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {tag}\r\nContent-Length: {length}\r\n\r\n{body}"
                )
            }
        };
        let mut connection = connection;
        if connection.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A channel of [`ITEMS`] items of about 2 kB each.
fn document(host: &str, version: usize) -> String {
    let mut text = format!("<rss version=\"2.0\"><channel><title>Channel {host}</title><link>http://{host}/</link>");
    for item in 0..ITEMS {
        let body =
            format!("<p>Words of item {item} with <b>bold</b> text, a <a href='/x'>link</a> and more.</p>").repeat(24);
        let _ = write!(
            text,
            "<item><title>Item {version}-{item}</title><link>http://{host}/{version}/{item}</link>\
             <guid>{version}-{item}</guid><pubDate>Mon, 0{} Feb 2021 10:{item:02}:00 GMT</pubDate>\
             <description><![CDATA[{body}]]></description></item>",
            1 + version % 9,
        );
    }
    text + "</channel></rss>"
}

/// Memory of several processes, in MB.
#[derive(Clone, Copy, Default)]
struct Memory {
    /// Their proportional set sizes at one moment (PSS).
    shared_once: f64,
    /// The sum of the peaks of each (VmHWM): shared pages count in each.
    peaks: f64,
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} MB (peaks {:.0} MB)", self.shared_once, self.peaks)
    }
}

/// A home with the subscriptions.
struct Home(tempfile::TempDir);

impl Home {
    fn new(port: u16) -> Home {
        let home = Home(tempfile::tempdir().expect("a folder"));
        let mut lines = String::new();
        for channel in 0..CHANNELS {
            let (x, y) = (channel / 250, channel % 250 + 1);
            let _ = writeln!(lines, "- {{feed: \"http://127.0.{x}.{y}:{port}/feed\", private: true}}");
        }
        let folder = home.0.path().join(".config/frontpage");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("subscriptions.yaml"), lines).expect("a file");
        // A reader that syncs by itself would hold the lock.
        std::fs::write(folder.join("config.yaml"), "sync: {every: never}\n").expect("a file");
        home
    }

    fn articles(&self) -> PathBuf {
        self.0.path().join(".local/share/frontpage/articles")
    }

    /// Runs a sync at a time; how long it took, and the largest memory of its processes together.
    fn sync(&self, now: &str) -> (Duration, Memory) {
        self.sync_with(now, &[])
    }

    fn sync_with(&self, now: &str, options: &[&str]) -> (Duration, Memory) {
        let began = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontpage"));
        command.args(["sync", "--now", now]).args(options).env_clear().env("HOME", self.0.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let memory = watch_memory(&mut child);
        let took = began.elapsed();
        let mut printed = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut printed).expect("text");
        if let Some(last) = printed.lines().last() {
            println!("    {last}");
        }
        (took, memory)
    }
}

/// Waits for a process. Returns the largest memory of it and its children together: pages that they share, such as those of the
/// program itself, count once.
fn watch_memory(child: &mut Child) -> Memory {
    let mut largest = Memory::default();
    loop {
        let family = family(child.id());
        let sum =
            |file: &str, key: &str| family.iter().map(|pid| kilobytes(*pid, file, key)).sum::<u64>() as f64 / 1024.0;
        largest.shared_once = largest.shared_once.max(sum("smaps_rollup", "Pss:"));
        largest.peaks = largest.peaks.max(sum("status", "VmHWM:"));
        if child.try_wait().expect("its state").is_some() {
            return largest;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A process and its children, which each of its threads may have started.
fn family(pid: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let children = threads.map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let children: String = children.map(|ids| ids + " ").collect();
    children.split_whitespace().filter_map(|word| word.parse().ok()).chain([pid]).collect()
}

/// A number of kB in a file of a process; 0 once it has ended.
fn kilobytes(pid: u32, file: &str, key: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

/// Files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut waiting, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Writes the same files again elsewhere, each synced and renamed, and each folder synced once: what the disk alone takes.
fn bare(from: &Path) -> (Duration, usize) {
    let to = tempfile::tempdir().expect("a folder");
    let all: Vec<(PathBuf, Vec<u8>)> = files(from)
        .into_iter()
        .map(|file| (to.path().join(file.strip_prefix(from).expect("below")), std::fs::read(&file).expect("a file")))
        .collect();
    let began = Instant::now();
    for (path, bytes) in &all {
        let folder = path.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("a folder");
        let temporary = folder.join(".temporary");
        let mut file = std::fs::File::create(&temporary).expect("a file");
        file.write_all(bytes).and_then(|()| file.sync_data()).expect("written");
        std::fs::rename(&temporary, path).expect("renamed");
    }
    let folders: std::collections::BTreeSet<_> = all.iter().filter_map(|(path, _)| path.parent()).collect();
    folders.iter().for_each(|folder| std::fs::File::open(folder).and_then(|file| file.sync_all()).expect("synced"));
    (began.elapsed(), all.len())
}

/// A reader in a terminal of 160x45.
struct Reader {
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    output: Receiver<(Instant, usize)>,
}

impl Reader {
    fn start(home: &Path) -> Reader {
        let size = PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_frontpage"));
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        let mut from = pair.master.try_clone_reader().expect("a reader");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = from.read(&mut bytes) {
                if count == 0 || send.send((Instant::now(), count)).is_err() {
                    return;
                }
            }
        });
        drop(pair.slave.spawn_command(command).expect("the program"));
        let keyboard = pair.master.take_writer().expect("a keyboard");
        let reader = Reader { keyboard, _master: pair.master, output };
        while reader.output.recv_timeout(Duration::from_secs(2)).is_ok() {}
        reader
    }

    /// Presses j and k until `ends`; the median time to the first byte of each response, in ms.
    fn keys(&mut self, ends: impl Fn(usize) -> bool) -> (f64, usize) {
        let mut times = Vec::new();
        while !ends(times.len()) {
            std::thread::sleep(Duration::from_millis(8));
            while self.output.try_recv().is_ok() {}
            let began = Instant::now();
            let key: &[u8] = if times.len() % 2 == 0 { b"j" } else { b"k" };
            self.keyboard.write_all(key).expect("typed");
            if let Ok((at, _)) = self.output.recv_timeout(Duration::from_millis(500)) {
                times.push((at - began).as_secs_f64() * 1e3);
                while self.output.recv_timeout(GAP).is_ok() {}
            }
        }
        times.sort_by(f64::total_cmp);
        (times.get(times.len() / 2).copied().unwrap_or(f64::NAN), times.len())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.keyboard.write_all(b"Q");
    }
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn main() {
    let server = Server::start();
    let home = Home::new(server.port);
    let (took, memory) = home.sync("2021-03-01T12:00:00Z");
    let (floor, count) = bare(&home.articles());
    println!("{CHANNELS} × 200, {ITEMS} items each ({} requests, {count} files)", server.take_requests());
    println!(
        "  first sync    {:.2} s, bare writing {:.2} s: {:.1} ×",
        seconds(took),
        seconds(floor),
        seconds(took) / seconds(floor)
    );
    println!("  memory        {memory}");
    for day in 2..=4 {
        let (took, memory) = home.sync(&format!("2021-03-{day:02}T12:00:00Z"));
        println!("{CHANNELS} × 304 ({} requests)", server.take_requests());
        println!("  sync          {:.2} s, {memory}", seconds(took));
    }
    server.version.store(2, Ordering::SeqCst);
    let mut reader = Reader::start(home.0.path());
    let (idle, _) = reader.keys(|pressed| pressed == 200);
    let over = Arc::new(AtomicBool::new(false));
    let (meanwhile, pressed, took) = std::thread::scope(|scope| {
        let (ended, home) = (over.clone(), &home);
        let sync = scope.spawn(move || {
            let (took, _) = home.sync_with("2021-03-08T12:00:00Z", &["--progress"]); // as a reader starts it
            ended.store(true, Ordering::SeqCst);
            took
        });
        let (meanwhile, pressed) = reader.keys(|_| over.load(Ordering::SeqCst));
        (meanwhile, pressed, sync.join().expect("the sync"))
    });
    println!("{CHANNELS} × 200 beside a reader ({} requests, {:.2} s)", server.take_requests(), seconds(took));
    println!(
        "  key           idle {idle:.2} ms, meanwhile {meanwhile:.2} ms ({pressed} keys): {:.2} ×",
        meanwhile / idle
    );
}
