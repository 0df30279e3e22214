//! Examples, environment variables, files and exit codes, for the long help and the manual page.

use super::context::QUERIES;

/// The end of the short help: how to get the long one.
pub const MORE: &str = "\
Without a command the terminal reader opens; ? shows its keys.
Examples, environment, files and exit codes: frontpage --help, or frontpage man | man -l -";

/// Examples of command lines.
pub const EXAMPLES: &str = "\
frontpage                                  your library, else the built-in feed
frontpage ~/articles                       a folder
frontpage ~/blog/_posts ~/notes            several folders and files as one feed
frontpage list is:unread @2w sort:-heat    unread of two weeks, hottest first
frontpage -L ~/articles topics --format json
frontpage ./list                           a folder with the name of a command";

/// Environment variables, each with what it does.
pub const ENVIRONMENT: [(&str, &str); 10] = [
    ("FRONTPAGE_LIBRARY", "Folders and files to read, separated by colons. Used if the command line names none."),
    (
        "BROWSER",
        "Command that opens links. The setting `browser` overrides it; without both, the desktop's browser opens.",
    ),
    ("VISUAL, EDITOR", "Command that edits files. The setting `editor` overrides both; without any, vi starts."),
    ("FRONTPAGE_THEME", "Name of the theme, or auto. Overrides the settings; --theme overrides it."),
    ("COLORTERM", "`truecolor` or `24bit`: the terminal shows all colours. Otherwise TERM decides: all, 256 or 16."),
    ("NO_COLOR", "Set to anything but the empty text: no colours."),
    ("XDG_CONFIG_HOME", "Folder of frontpage/config.yaml. Default: ~/.config."),
    ("XDG_DATA_HOME", "Folder of frontpage/marks and frontpage/articles. Default: ~/.local/share."),
    ("XDG_STATE_HOME", "Folder of frontpage/ with the state of this machine. Default: ~/.local/state."),
    ("XDG_CACHE_HOME", "Folder of frontpage/snapshots and frontpage/pictures. Default: ~/.cache."),
];

/// Files that frontpage reads and writes, each with its contents.
pub const FILES: [(&str, &str); 9] = [
    ("~/.config/frontpage/config.yaml", "Settings; frontpage config --default prints all of them with comments."),
    ("~/.config/frontpage/searches.yaml", "Saved searches, one per line."),
    ("~/.config/frontpage/subscriptions.yaml", "What you follow, one address per line."),
    ("~/.local/share/frontpage/articles", "The library, if no other is named."),
    ("~/.local/share/frontpage/full-text", "Full texts of articles that were fetched from their sites, one file each."),
    ("~/.local/share/frontpage/marks", "Marks (read, starred, hidden, notes, tags), one file per device."),
    ("~/.local/state/frontpage", "The name of this device, your position in each library, and the log of -v."),
    ("~/.cache/frontpage/snapshots", "Parsed libraries, for a fast start. They may be deleted at any time."),
    ("~/.cache/frontpage/pictures", "Pictures that were fetched. They may be deleted at any time."),
];

/// Exit codes, each with its meaning.
pub const EXIT_CODES: [(&str, &str); 3] = [
    ("0", "Success; also if the output was closed early, as by head."),
    ("1", "Nothing found, or problems found."),
    ("2", "Wrong usage, or failure."),
];

/// The end of the long help: examples, environment, files, exit codes.
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

/// The end of the help of a command: its examples, one per line.
pub fn examples(lines: &str) -> String {
    lines.lines().fold("Examples:".to_owned(), |text, line| text + "\n  " + line)
}

/// As [`examples`], and how to write queries.
pub fn query_examples(lines: &str) -> String {
    format!("{}\n\n{QUERIES}", examples(lines))
}
