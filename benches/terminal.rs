//! What a user feels, timed from outside in a terminal of 160x45: the start, keys, opening an article, a search, memory and idling,
//! at several sizes of the library, beside a bare list: `cargo bench --bench terminal -- [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

mod support;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use support::ArticleFiles;

/// Rounds in which all programs take turns. The medians are printed.
const ROUNDS: usize = 5;
/// The response to a key is complete when nothing has arrived for this time.
const GAP: Duration = Duration::from_millis(4);
/// How often a key of one kind is pressed in a round.
const KEYS: usize = 20;

/// A program in a terminal.
struct RunningProgram {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    began: Instant,
}

/// The response to a key: the time until its last byte, and its size.
struct Answer {
    took: Duration,
    bytes: usize,
}

impl RunningProgram {
    fn start(program: &Path, args: &[&str], home: &Path) -> RunningProgram {
        let size = PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || send.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let began = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        let keyboard = pair.master.take_writer().expect("a keyboard");
        RunningProgram { child, keyboard, _master: pair.master, output, began }
    }

    /// The time from the start until a text appears on the screen.
    fn wait_for(&self, text: &str) -> Duration {
        let mut seen = Vec::new();
        loop {
            let (at, bytes) = self.output.recv_timeout(Duration::from_secs(120)).expect("output");
            seen.extend(bytes);
            if seen.windows(text.len()).any(|window| window == text.as_bytes()) {
                return at - self.began;
            }
        }
    }

    /// Waits until nothing has been written for some time.
    fn rest(&self, quiet: Duration) {
        while self.output.recv_timeout(quiet).is_ok() {}
    }

    fn key(&mut self, key: &str) -> Answer {
        std::thread::sleep(Duration::from_millis(8));
        while self.output.try_recv().is_ok() {}
        let started = Instant::now();
        self.keyboard.write_all(key.as_bytes()).expect("typed");
        let (mut last, mut bytes, mut gap) = (started, 0, Duration::from_millis(500));
        while let Ok((at, some)) = self.output.recv_timeout(gap) {
            (last, bytes, gap) = (at, bytes + some.len(), GAP);
        }
        Answer { took: last - started, bytes }
    }

    fn memory(&self) -> u64 {
        let pid = self.child.process_id().expect("a number");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its state");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the line");
        line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().expect("a number") / 1024
    }

    /// CPU time used, in clock ticks of 10 ms.
    fn ticks(&self) -> u64 {
        let pid = self.child.process_id().expect("a number");
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("its state");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number")
    }

    fn quit(mut self) {
        self.keyboard.write_all(b"Q").expect("typed");
        let _ = self.child.wait();
    }
}

/// The measurements of one program: a list of values for each name.
#[derive(Default)]
struct Measurements(Vec<(&'static str, Vec<f64>)>);

impl Measurements {
    fn add(&mut self, name: &'static str, value: f64) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name, vec![value])),
        }
    }

    fn at(&self, name: &str, share: f64) -> Option<f64> {
        let mut values = self.0.iter().find(|(known, _)| *known == name)?.1.clone();
        values.sort_by(f64::total_cmp);
        values.get(((values.len() - 1) as f64 * share).round() as usize).copied()
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A library of some size, with a home folder of its own.
struct Library {
    name: String,
    articles: usize,
    folder: PathBuf,
    home: PathBuf,
}

fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).expect("digits")).collect();
    parts.join(",")
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 100_000];
    }
    let reader = PathBuf::from(env!("CARGO_BIN_EXE_frontpage"));
    let bare = reader.with_file_name("examples").join("bare");
    assert!(bare.is_file(), "build the example first: cargo build --release --example bare");
    let place = tempfile::tempdir().expect("a folder");
    let files = ArticleFiles::new();
    let libraries: Vec<Library> = sizes
        .iter()
        .map(|&articles| {
            let [folder, home] = ["articles", "home"].map(|name| place.path().join(format!("{name}{articles}")));
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::create_dir_all(&home)).expect("folders");
            files.write(&folder, articles);
            Library { name: with_commas(articles), articles, folder, home }
        })
        .collect();
    // One start without a snapshot: the time of a first start, and the snapshot for the others. Then two more, because files
    // of the last two seconds are read again.
    for library in &libraries {
        for start in 0..3 {
            let program = RunningProgram::start(&reader, &[library.folder.to_str().expect("UTF-8")], &library.home);
            if start == 0 {
                println!(
                    "first rows of {:>9} articles without a snapshot: {:>7.0} ms",
                    library.name,
                    millis(program.wait_for("●"))
                );
            }
            let kept =
                || std::fs::read_dir(library.home.join(".cache/frontpage/snapshots")).map_or(0, |files| files.count());
            while kept() < 2 {
                std::thread::sleep(Duration::from_millis(20));
            }
            program.rest(Duration::from_secs(2));
            program.quit();
        }
    }
    let mut baseline = Measurements::default();
    let mut measured: Vec<Measurements> = libraries.iter().map(|_| Measurements::default()).collect();
    for _ in 0..ROUNDS {
        let mut program = RunningProgram::start(&bare, &[&sizes[sizes.len() - 1].to_string()], place.path());
        baseline.add("start, ms", millis(program.wait_for("1/")));
        program.rest(Duration::from_millis(300));
        for _ in 0..KEYS {
            let answer = program.key("j");
            baseline.add("j, ms", millis(answer.took));
            baseline.add("j, bytes", answer.bytes as f64);
        }
        program.quit();
        for (library, measured) in libraries.iter().zip(&mut measured) {
            round(&reader, library, measured);
        }
    }
    println!("\n{:26} {:>16}{}", "median (p95)", "a bare list", names(&libraries));
    let rows: Vec<&'static str> = measured[0].0.iter().map(|(name, _)| *name).collect();
    for name in rows {
        let cell = |measured: &Measurements| match (measured.at(name, 0.5), measured.at(name, 0.95)) {
            (Some(median), Some(p95)) => format!("{:>16}", format!("{median:.1} ({p95:.1})")),
            _ => format!("{:>16}", ""),
        };
        println!("{name:26} {}{}", cell(&baseline), measured.iter().map(cell).collect::<String>());
    }
}

fn names(libraries: &[Library]) -> String {
    libraries.iter().map(|library| format!("{:>16}", library.name)).collect()
}

/// Measures one session.
fn round(reader: &Path, library: &Library, measured: &mut Measurements) {
    let folder = library.folder.to_str().expect("UTF-8");
    let mut program = RunningProgram::start(reader, &[folder, "--fresh"], &library.home);
    measured.add("start, ms", millis(program.wait_for(&format!("/{} ", library.name))));
    program.rest(Duration::from_millis(500 + library.articles as u64 / 200));
    measured.add("memory, MB", program.memory() as f64);
    let mut keys = |program: &mut RunningProgram, names: [&'static str; 2], keys: &[&str], times: usize| {
        for key in keys.iter().cycle().take(keys.len() * times) {
            let answer = program.key(key);
            measured.add(names[0], millis(answer.took));
            measured.add(names[1], answer.bytes as f64);
        }
    };
    keys(&mut program, ["j, ms", "j, bytes"], &["j"], KEYS);
    keys(&mut program, ["open, ms", "open, bytes"], &["\r"], 1);
    keys(&mut program, ["back, ms", "back, bytes"], &["h"], 1);
    keys(&mut program, ["G and g g, ms", "G and g g, bytes"], &["G", "gg"], 3);
    program.key("/");
    keys(&mut program, ["first letter, ms", "first letter, bytes"], &["m"], 1);
    keys(&mut program, ["more letters, ms", "more letters, bytes"], &["i", "d", "d", "l"], 1);
    program.key("\u{1b}");
    program.rest(Duration::from_millis(300));
    let before = program.ticks();
    let started = Instant::now();
    let mut written = 0;
    while let Some(left) = Duration::from_secs(3).checked_sub(started.elapsed()) {
        written += program.output.recv_timeout(left).map_or(0, |(_, bytes)| bytes.len());
    }
    measured.add("idle 3 s, ms of CPU", 10.0 * (program.ticks() - before) as f64);
    measured.add("idle 3 s, bytes", written as f64);
    measured.add("memory searched, MB", program.memory() as f64);
    program.quit();
}
