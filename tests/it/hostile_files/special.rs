//! Entries that are not files or may not be read, and strange names.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::kind::{Kind, broken, family, front, ignored, loaded, unreadable, warned};

const LIMIT: usize = 4 * 1024 * 1024;

fn link(target: &'static str) -> impl Fn(&Path) + 'static {
    move |path| symlink(target, path).expect("a link")
}

fn file(path: &Path, mode: u32) {
    fs::write(path, front("title: Secret")).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode");
}

/// A valid file of exactly this many bytes.
fn sized(size: usize) -> String {
    let start = front("title: T");
    let body = "word ".repeat(size / 5 + 1);
    format!("{start}{}", &body[..size - start.len()])
}

/// Entries that are not regular files, cannot be read, or are too large.
pub fn kinds() -> Vec<Kind> {
    let fifo = |path: &Path| {
        mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o644), 0).expect("a pipe");
    };
    let leads_nowhere = "the link has no target";
    family(
        "special",
        vec![
            unreadable("fifo", fifo, "a pipe, not a regular file"),
            unreadable("link-to-fifo", link("fifo.md"), "a pipe, not a regular file"),
            unreadable(
                "socket",
                |path| drop(UnixListener::bind(path).expect("a socket")),
                "a socket, not a regular file",
            ),
            unreadable("zero", link("/dev/zero"), "a device, not a regular file"),
            unreadable("full", link("/dev/full"), "a device, not a regular file"),
            unreadable("tty", link("/dev/tty"), "a device, not a regular file"),
            unreadable("self", link("self.md"), leads_nowhere),
            unreadable("two-a", link("two-b.md"), leads_nowhere),
            unreadable("two-b", link("two-a.md"), leads_nowhere),
            unreadable("dangling", link("nowhere.md"), leads_nowhere),
            unreadable("below-a-file", link("empty.md/x.md"), "not a directory"),
            loaded("passwd", "", "passwd").made(link("/etc/passwd")),
            loaded("link-to-file", "", "Sentinel 0").made(link("../000-first.md")),
            ignored("link-to-folder", "a link to a folder").made(link("..")),
            ignored("link-to-root", "a link to a folder").made(link("/")),
            unreadable(
                "sparse",
                |path| fs::File::create(path).expect("a file").set_len(64 << 30).expect("its length"),
                "the file is larger than 4 MiB",
            ),
            unreadable("no-rights", |path| file(path, 0), "permission denied"),
            unreadable("only-writable", |path| file(path, 0o222), "permission denied"),
            loaded("empty", "", "empty"),
            loaded("one-byte", "x", "one-byte"),
            loaded("only-blanks", " \n\t\n\n", "only-blanks"),
            loaded("of-the-limit", sized(LIMIT), "T"),
            unreadable(
                "over-the-limit",
                |path| fs::write(path, sized(LIMIT + 1)).expect("a file"),
                "larger than 4 MiB",
            ),
            broken(
                "front-over-the-limit",
                front(format!("x: {}", "y".repeat(256 * 1024))),
                (2, 1),
                "the limit is 256 KiB",
            ),
        ],
    )
}

/// Folders with names of files, folders that may not be read, and deep ones.
pub fn folders() -> Vec<Kind> {
    let locked = |mode: u32| {
        move |path: &Path| {
            fs::create_dir(path).expect("a folder");
            file(&path.join("inside.md"), 0o644);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode");
        }
    };
    let deep: PathBuf = (0..200).map(|n| format!("d{n}")).collect();
    let deep = format!("folders/{}/deep.md", deep.to_string_lossy());
    vec![
        loaded("folders/called.md/inside.md", front("title: T"), "T"),
        loaded(deep, front("title: T"), "T"),
        loaded("folders/ blank /inside.md", front("title: T"), "T"),
        loaded("folders/\u{1b}[2J/inside.md", front("title: T"), "T"),
        loaded(b"folders/\xff\xfe/inside.md", front("title: T"), "T"),
        ignored("folders/.git", "a hidden folder").made(locked(0o755)),
        ignored("folders/node_modules", "a folder of generated files").made(locked(0o755)),
        unreadable("folders/locked", locked(0), "the folder cannot be listed: permission denied"),
        unreadable("folders/only-writable.md", locked(0o333), "the folder cannot be listed: permission denied"),
        // It can be listed, but nothing in it can be reached.
        unreadable("folders/only-listable", locked(0o444), "the folder cannot be listed: permission denied"),
    ]
}

/// Strange names of valid files, and names of entries that are not articles.
pub fn names() -> Vec<Kind> {
    let name = |name: &str| loaded(format!("names/{name}"), front("title: T"), "T");
    let long = |length: usize| format!("{}.md", "n".repeat(length - 3));
    let mut kinds: Vec<Kind> = [
        "-x.md",
        "--help.md",
        "con.md",
        "aux.MD",
        " leading.md",
        "trailing .md",
        "a\nb.md",
        "\n.md",
        "a\tb.md",
        "a\rb.md",
        "\u{1b}[2J.md",
        "\u{1b}]0;pwned\u{7}.md",
        "\u{9b}31m.md",
        "\u{202e}fdp.md",
        "\u{200b}.md",
        "\u{2028}.md",
        "a\"b'.md",
        "a\\b.md",
        "$(reboot).md",
        "`x`;&|.md",
        "*.md",
        "?.md",
        "%00%s%n.md",
        "a:b.md",
        "e\u{301}.md",
        "\u{e9}.md",
        "Case.md",
        "case.md",
        "日本語.md",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}.md",
        "😀.md",
        "a.b.c.md",
        "2021-02-30.md",
    ]
    .into_iter()
    .map(name)
    .collect();
    let future = Kind { at: None, ..warned("names/9999-12-31-x.md", front("title: T"), (1, 1), "is in the future") };
    kinds.push(future);
    kinds.push(name(&long(255)));
    kinds.push(loaded(b"names/\xff\xfe.md", front("title: T"), "T"));
    kinds.push(loaded(b"names/cut-\xe2\x82.md", front("title: T"), "T"));
    kinds.push(loaded(b"names/latin-\xe9.md", "Text.", "latin-\u{fffd}"));
    kinds.push(loaded("names/\u{1b}[31m.markdown", "Text.", "\u{1b}[31m").titled("untitled"));
    for (name, why) in [
        (".hidden.md", "a hidden file"),
        ("..md", "a hidden file"),
        (".md", "a hidden file"),
        ("backup.md~", "an editor backup"),
        ("#lock.md#", "an editor backup"),
        ("4913", "an editor backup"),
        ("a.md.swp", "a temporary file"),
        ("a.md.part", "a temporary file"),
        ("a.md.bak", "a temporary file"),
        ("no-ending", "not a Markdown file"),
        ("a.md ", "not a Markdown file"),
        ("a.md\n", "not a Markdown file"),
        ("a.pdf", "not a Markdown file"),
    ] {
        kinds.push(ignored(format!("names/{name}"), why));
    }
    kinds.push(Kind {
        make: super::kind::Make::Bytes(b"plain".to_vec()),
        ..ignored("names/plain.txt", "a text file without front matter")
    });
    kinds
}
