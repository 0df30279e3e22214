//! A folder with hundreds of kinds of hostile entries: each has its expected outcome, and none affects a valid file.

// Counts are printed, so that a case that went missing is seen.
#![allow(clippy::print_stderr)]

mod bodies;
mod changing;
mod encodings;
mod fields;
mod kind;
mod naive;
mod special;
mod yaml;

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use kind::{Kind, Make, front, loaded};

/// Limits of the program: address space in KiB, and seconds of CPU. The kernel kills it beyond them.
const MEMORY: u64 = 512 * 1024;
const SECONDS: u64 = 20;
/// A user without rights, so that permissions apply even if root runs the tests.
const NOBODY: u32 = 65534;
/// The program counts as hung after this time, even on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn kinds() -> Vec<Kind> {
    let families = [
        special::kinds(),
        special::folders(),
        special::names(),
        encodings::kinds(),
        encodings::fences(),
        yaml::kinds(),
        yaml::bombs(),
        fields::types(),
        fields::titles(),
        fields::dates(),
        fields::links(),
        bodies::kinds(),
    ];
    families.into_iter().flatten().collect()
}

/// Valid files: the first, the last, and one beside every hostile entry.
fn sentinels() -> Vec<Kind> {
    let places = [
        "000-first.md",
        "zzz-last.md",
        "bodies/a.md",
        "bodies/zzz.md",
        "bombs/a.md",
        "bombs/zzz.md",
        "dates/zzz.md",
        "encodings/a.md",
        "encodings/zzz.md",
        "fences/a.md",
        "folders/a.md",
        "folders/called.md/a.md",
        "links/a.md",
        "names/a.md",
        "names/zzz.md",
        "special/a.md",
        "special/zzz.md",
        "titles/zzz.md",
        "types/zzz.md",
        "yaml/a.md",
    ];
    let file = |(n, place): (usize, &str)| {
        let text = format!("title: Sentinel {n}\ndate: 2021-02-18\nwebUrl: https://sentinel.example/{n}");
        loaded(place, front(text), &format!("Sentinel {n}")).opens("allow")
    };
    places.into_iter().enumerate().map(file).collect()
}

/// A folder of kinds, and the program in a folder where another user may start it.
pub struct Hostile {
    home: TempDir,
    program: PathBuf,
}

impl Hostile {
    pub fn new<'a>(kinds: impl IntoIterator<Item = &'a Kind>) -> Hostile {
        let mut home = TempDir::new().expect("a temporary folder");
        // To look at it afterwards.
        home.disable_cleanup(std::env::var_os("KEEP").is_some());
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("its mode");
        let built = Path::new(env!("CARGO_BIN_EXE_frontpage"));
        let program = home.path().join("frontpage");
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).expect("the program");
        }
        let hostile = Hostile { home, program };
        // Those without rights come last: what is in them could not be made after them.
        for kind in kinds {
            let path = hostile.path().join(std::ffi::OsStr::from_bytes(&kind.name));
            match fs::create_dir_all(path.parent().expect("a folder")) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => panic!("{}: {error}", kind.shown_name()),
                _ => {}
            }
            match &kind.make {
                Make::Bytes(bytes) => {
                    fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", kind.shown_name()))
                }
                Make::With(make) => make(&path),
            }
        }
        hostile
    }

    pub fn path(&self) -> PathBuf {
        self.home.path().join("hostile")
    }

    /// Runs the program within its bounds, as a user without rights if this is root.
    fn run(&self, arguments: &[&str]) -> Ran {
        let out = self.home.path().join("out");
        let mut command = Command::new("/bin/sh");
        let bounds = format!("ulimit -v {MEMORY}; ulimit -t {SECONDS}; exec \"$0\" \"$@\"");
        command.args(["-c", &bounds]).arg(&self.program).args(arguments).arg(self.path());
        command.args(["--now", "2021-02-20T12:00:00Z"]).env_clear().env("HOME", "/nonexistent").env("TZ", "UTC");
        // The allocator reserves 64 MiB of address space per thread, which is not used memory.
        command.env("MALLOC_ARENA_MAX", "2");
        command.stdin(Stdio::null()).stdout(File::create(&out).expect("a file")).stderr(Stdio::inherit());
        if rustix::process::getuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let started = Instant::now();
        let mut child = command.spawn().expect("the program");
        let (mut memory, mut seconds) = (0, 0.0f64);
        let code = loop {
            let (held, used) = usage(child.id());
            (memory, seconds) = (memory.max(held), seconds.max(used));
            if let Some(status) = child.try_wait().expect("its end") {
                break status.code();
            }
            if started.elapsed() > PATIENCE {
                child.kill().expect("its end");
                child.wait().expect("its end");
                panic!("the program hangs");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Ran { out: fs::read_to_string(&out).expect("UTF-8"), code, memory, seconds, elapsed: started.elapsed() }
    }

    /// The outcome of each entry.
    fn check(&self) -> (Report, Ran) {
        let ran = self.run(&["check", "--format", "json"]);
        assert_eq!(ran.code, Some(1), "the program was ended by its bounds, or by a fault: {} bytes", ran.out.len());
        let report: Value = serde_json::from_str(&ran.out).expect("JSON");
        let name = |file: &Value| match (file["file"].as_str(), file["file_hex"].as_str()) {
            (Some(name), None) => name.as_bytes().to_owned(),
            (None, Some(hex)) => {
                let pairs = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
                pairs.collect::<Result<_, _>>().expect("hex")
            }
            names => panic!("one name: {names:?}"),
        };
        let files = report["files"].as_array().expect("files");
        (files.iter().map(|file| (name(file), file.clone())).collect(), ran)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        // Locked folders could not be deleted by their owner.
        for kind in special::folders() {
            let path = self.path().join(std::ffi::OsStr::from_bytes(&kind.name));
            let folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
            folder.map(|folder| fs::set_permissions(folder, Permissions::from_mode(0o755)));
        }
    }
}

type Report = BTreeMap<Vec<u8>, Value>;

struct Ran {
    out: String,
    code: Option<i32>,
    /// The most memory that was seen in use, in KiB.
    memory: u64,
    seconds: f64,
    elapsed: Duration,
}

/// Memory in KiB and seconds of a processor that a process has used so far.
fn usage(process: u32) -> (u64, f64) {
    let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
    let status = read("status");
    let held = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let held = held.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
    let stat = read("stat");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields.iter().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    (held, ticks as f64 / 100.0)
}

/// True for text that may be shown anywhere.
fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// The wrong parts of a report.
fn fault(kind: &Kind, file: Option<&Value>) -> Option<String> {
    let Some(file) = file else { return Some("is not reported".to_owned()) };
    let text = |key: &str| file[key].as_str();
    let at = file["line"].as_u64().zip(file["column"].as_u64());
    let (message, hint, title) = (text("message").unwrap_or_default(), text("hint").unwrap_or_default(), text("title"));
    let wanted_title = kind.title.as_deref();
    let is_titled = match wanted_title {
        Some("…") => title.is_some_and(|title| title.len() > 20),
        wanted => title == wanted,
    };
    let problems = [
        (text("outcome") == Some(kind.outcome), "outcome"),
        (at == kind.at, "place"),
        (message.is_empty() == kind.message.is_empty() && message.contains(&kind.message), "message"),
        (is_titled, "title"),
        (kind.outcome != "rejected" || !hint.is_empty(), "hint"),
        (kind.open.is_none() || text("open") == kind.open, "open"),
        (kind.instant.is_none_or(|instant| file["instant"].as_i64() == instant), "instant"),
        (text("url").is_none_or(|url| !url.contains("evil") || kind.open == Some("refuse")), "url"),
        (message.chars().count() <= 200 && is_clean(message) && is_clean(hint) && title.is_none_or(is_clean), "clean"),
    ];
    let wrong: Vec<&str> = problems.into_iter().filter(|(right, _)| !right).map(|(_, what)| what).collect();
    let told: String = file.to_string().chars().take(500).collect();
    let wanted = format!("{} {:?} {:?} {:?}", kind.outcome, kind.at, kind.message, kind.title);
    (!wrong.is_empty()).then(|| format!("{} is wrong\n    wanted {wanted}\n    got    {told}", wrong.join(", ")))
}

/// Faults of all kinds, in words.
fn faults<'a>(kinds: impl IntoIterator<Item = &'a Kind>, report: &Report) -> Vec<String> {
    let faults = kinds.into_iter().filter_map(|kind| Some((kind, fault(kind, report.get(&kind.name))?)));
    faults.map(|(kind, fault)| format!("{}: {fault}", kind.shown_name())).collect()
}

crate::rounds!(every_kind_of_hostile_entry_has_its_outcome_and_no_good_file_is_lost, 5, 1);

/// Every `step`-th kind, all in one folder, and all special ones: some of those lead to others.
fn every_kind_of_hostile_entry_has_its_outcome_and_no_good_file_is_lost(step: usize) {
    let is_tried = |(number, kind): &(usize, Kind)| number % step == 0 || kind.name.starts_with(b"special/");
    let kinds: Vec<Kind> = kinds().into_iter().enumerate().filter(is_tried).map(|(_, kind)| kind).collect();
    let sentinels = sentinels();
    let twins: Vec<Kind> = kinds.iter().filter_map(Kind::twin).collect();
    assert!(kinds.len() >= 300 / step && twins.len() >= 60 / step, "{} kinds, {} twins", kinds.len(), twins.len());
    let hostile = Hostile::new(sentinels.iter().chain(&kinds).chain(&twins));
    let (report, ran) = hostile.check();
    let wrong = faults(sentinels.iter().chain(&kinds).chain(&twins), &report);
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(report.len(), sentinels.len() + kinds.len() + twins.len(), "no other entry is reported");
    // No text of a file outside of the library appears.
    let passwd = fs::read_to_string("/etc/passwd").expect("a file");
    let human = hostile.run(&["check"]);
    for out in [&ran.out, &human.out] {
        assert!(passwd.lines().filter(|line| line.len() > 5).all(|line| !out.contains(line)));
        assert!(out.chars().all(|c| c == '\n' || is_clean(c.encode_utf8(&mut [0; 4]))), "the output is clean");
    }
    let count = |outcome: &str| kinds.iter().filter(|kind| kind.outcome == outcome).count();
    eprintln!(
        "{} kinds: {} loaded, {} warning, {} rejected, {} ignored; {} twins with CR LF; {} sentinels; {:.2} s, {:.2} s of a \
         processor, {} MiB",
        kinds.len(),
        count("loaded"),
        count("warning"),
        count("rejected"),
        count("ignored"),
        twins.len(),
        sentinels.len(),
        ran.elapsed.as_secs_f64(),
        ran.seconds,
        ran.memory / 1024,
    );
}
