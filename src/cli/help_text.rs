//! What the long help and the manual page tell beyond the options: examples, environment, files and exit codes.

use super::context::QUERIES;

/// The way to the long help, below the short one.
pub const MORE: &str = "\
Without a command the reader opens; ? shows its keys.
Examples, environment, files and exit codes: frontpage --help, or frontpage man | man -l -";

/// A few ways to call the program.
pub const EXAMPLES: &str = "\
frontpage                                  your library, else the built-in feed
frontpage ~/articles                       a folder
frontpage ~/blog/_posts ~/notes            several folders and files are one feed
frontpage list is:unread @2w sort:-heat    what is new, best story first
frontpage -L ~/articles topics --format json
frontpage ./list                           a folder that is called like a command";

/// What is found by the environment, each with what it does.
pub const ENVIRONMENT: [(&str, &str); 10] = [
    ("FRONTPAGE_LIBRARY", "Folders and files to read, with colons between them, when the command line names none."),
    (
        "BROWSER",
        "The command that opens links, unless the settings name one; without both, the browser of the desktop.",
    ),
    ("VISUAL, EDITOR", "The command that edits files, unless the settings name one; without all, vi."),
    ("FRONTPAGE_THEME", "The theme, by its name, or auto; --theme comes before it, the settings after it."),
    ("COLORTERM", "When it is truecolor or 24bit the terminal has all colours; else 256, or sixteen, by TERM."),
    ("NO_COLOR", "When it is set to anything, nothing is coloured."),
    ("XDG_CONFIG_HOME", "Where the folder with the settings lies; without it ~/.config."),
    ("XDG_DATA_HOME", "Where the folder with marks and articles lies; without it ~/.local/share."),
    ("XDG_STATE_HOME", "Where the folder with what belongs to this machine alone lies; without it ~/.local/state."),
    ("XDG_CACHE_HOME", "Where the folder with what may be deleted lies; without it ~/.cache."),
];

/// Our own files, each with what it holds.
pub const FILES: [(&str, &str); 6] = [
    ("~/.config/frontpage/config.yaml", "The settings; frontpage config --default prints them with comments."),
    ("~/.config/frontpage/searches.yaml", "Saved searches, one a line."),
    ("~/.local/share/frontpage/articles", "The library, when nothing else is named."),
    ("~/.local/share/frontpage/marks", "What you read, starred, hid and noted, in a file for each device."),
    ("~/.local/state/frontpage", "The name of the device, where the reader was, and the log of -v."),
    ("~/.cache/frontpage/snapshots", "Libraries as they were read last, for a fast start. May be deleted at any time."),
];

/// How the program ends.
pub const EXIT_CODES: [(&str, &str); 3] = [
    ("0", "Found, or fine; also when the reader of the output went away."),
    ("1", "Nothing found, or problems found."),
    ("2", "Wrong use, or failure."),
];

/// The end of the long help of the program.
pub fn long() -> String {
    let table = |title: &str, rows: &[(&str, &str)]| {
        let rows: String = rows.iter().map(|(name, words)| format!("\n  {name}\n      {words}")).collect();
        format!("{title}:{rows}")
    };
    let parts = [
        examples(EXAMPLES),
        table("Environment", &ENVIRONMENT),
        table("Files", &FILES),
        table("Exit codes", &EXIT_CODES),
    ];
    parts.join("\n\n")
}

/// The end of the help of a command, with some ways to call it.
pub fn examples(lines: &str) -> String {
    lines.lines().fold("Examples:".to_owned(), |text, line| text + "\n  " + line)
}

/// The same for a command that takes a query.
pub fn query_examples(lines: &str) -> String {
    format!("{}\n\n{QUERIES}", examples(lines))
}
