//! Saved searches on disk: a file of `name: "query"` lines that a person may edit; what is there is kept as it is.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};

use super::ConfigProblem;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Why a search could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The file cannot be read or written.
    #[error("{path}: {error}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file holds something that a line cannot safely be added to.
    #[error("{path} is not changed, because {why}; edit it by hand", path = .path.display())]
    Unclear {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

/// Reads the saved searches, in the order of the file; without a file there are none. What cannot be used is told.
pub fn read(file: &Path) -> (Vec<(String, String)>, Vec<ConfigProblem>) {
    let problem = |what: String| vec![ConfigProblem { at: None, what, hint: "no search is saved".to_owned() }];
    match load(file) {
        Ok(None) => (Vec::new(), Vec::new()),
        Ok(Some(text)) => parse(&text),
        Err(error) => (Vec::new(), problem(format!("the saved searches cannot be read: {error}"))),
    }
}

/// The text of the file, when there is one.
fn load(file: &Path) -> io::Result<Option<String>> {
    match std::fs::metadata(file) {
        Ok(about) if !about.is_file() => Err(io::Error::other("it is no file")),
        Ok(about) if about.len() > LARGEST => Err(io::Error::other("it is larger than 1 MiB")),
        Ok(_) => std::fs::read_to_string(file).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse(text: &str) -> (Vec<(String, String)>, Vec<ConfigProblem>) {
    let (mut searches, mut problems) = (Vec::new(), Vec::new());
    let mut tell = |at, what: String, hint: &str| problems.push(ConfigProblem { at, what, hint: hint.to_owned() });
    let map = match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Mapping(map)) => map,
        Ok(Value::Null) => Mapping::new(),
        Ok(_) => {
            tell(Some((1, 1)), "the saved searches are not made of `name: query` lines".to_owned(), "none is known");
            Mapping::new()
        }
        Err(error) => {
            let at = error.location().map(|at| (at.line() as u32, at.column() as u32));
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or(&what).to_owned();
            tell(at, what, "write `name: \"query\"` lines; none is known until it is mended");
            Mapping::new()
        }
    };
    for (name, query) in &map {
        let name_text = match name {
            Value::String(name) => name.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let at = line_of(text, &name_text).map(|line| (line as u32 + 1, 1));
        match query {
            _ if !is_name(&name_text) => {
                tell(at, format!("`{name_text}` names no search"), "a name is one word of letters, digits, - and _");
            }
            Value::String(query) => searches.push((name_text, query.clone())),
            _ => tell(at, format!("the search `{name_text}` is no text"), "write the query in quotes"),
        }
    }
    (searches, problems)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// The line, from 0, on which a name stands at its start, also in quotes.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let is_it = |line: &str| {
        let bare = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let rest = bare.strip_prefix(name).map(|rest| rest.strip_prefix(['"', '\'']).unwrap_or(rest));
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    text.lines().position(is_it)
}

/// Keeps a search under a name. A new name becomes a line at the end; a known one has its line replaced. All else in the
/// file, comments too, stays byte by byte; where that is not certain nothing is written.
pub fn keep(file: &Path, name: &str, query: &str) -> Result<(), KeepError> {
    let io_error = |error| KeepError::Io { path: file.to_owned(), error };
    let unclear = |why: &str| KeepError::Unclear { path: file.to_owned(), why: why.to_owned() };
    let before = load(file).map_err(io_error)?.unwrap_or_default();
    let (mut expected, problems) = parse(&before);
    if !problems.is_empty() {
        return Err(unclear("something in it cannot be read"));
    }
    let line = format!("{name}: {}", quoted(query));
    let known = expected.iter().position(|(known, _)| known == name);
    let text = match (known, line_of(&before, name)) {
        (None, _) => {
            let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
            format!("{before}{end}{line}\n")
        }
        (Some(_), Some(number)) => {
            let lines = before.split_inclusive('\n').enumerate();
            lines.map(|(n, old)| if n == number { format!("{line}\n") } else { old.to_owned() }).collect()
        }
        (Some(_), None) => return Err(unclear("the line of that name was not found")),
    };
    match known {
        Some(known) => query.clone_into(&mut expected[known].1),
        None => expected.push((name.to_owned(), query.to_owned())),
    }
    if parse(&text) != (expected, Vec::new()) {
        return Err(unclear("a line more would change the meaning of others"));
    }
    write(file, &text).map_err(io_error)
}

/// A text between double quotes, for YAML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\U{:08X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Replaces a file as a whole or not at all: written beside it, on the disk, then renamed. A link stays a link.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let target = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(text.as_bytes())?;
    if let Ok(about) = std::fs::metadata(&target) {
        temporary.as_file().set_permissions(about.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(before: &str, name: &str, query: &str) -> (Result<(), KeepError>, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("deep/searches.yaml");
        if !before.is_empty() {
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            std::fs::write(&file, before).expect("a file");
        }
        let result = keep(&file, name, query);
        (result, std::fs::read_to_string(&file).unwrap_or_default())
    }

    #[test]
    fn a_search_becomes_a_line_and_all_else_stays() {
        let file = "# mine\nmorning: is:unread @1d   # daily\n\n\"late\": 'x'\n";
        for (before, name, query, after) in [
            ("", "a", "rust", "a: \"rust\"\n".to_owned()),
            (file, "new", "a \"b c\" /\\d/", format!("{file}new: \"a \\\"b c\\\" /\\\\d/\"\n")),
            (
                file,
                "morning",
                "y # no: comment",
                file.replace("morning: is:unread @1d   # daily", "morning: \"y # no: comment\""),
            ),
            (file, "late", "z", file.replace("\"late\": 'x'", "late: \"z\"")),
            ("a: x", "b", "日本 é", "a: x\nb: \"日本 é\"\n".to_owned()),
            ("# only words", "b", "x", "# only words\nb: \"x\"\n".to_owned()),
            ("", "b", "line\nend\u{2028}\u{1b}", "b: \"line\\U0000000Aend\\U00002028\\U0000001B\"\n".to_owned()),
        ] {
            let (result, text) = kept(before, name, query);
            result.unwrap_or_else(|error| panic!("{before}: {error}"));
            assert_eq!(text, after);
            let known = parse(&text).0;
            assert!(known.contains(&(name.to_owned(), query.to_owned())), "{known:?}");
        }
    }

    #[test]
    fn what_is_not_clear_is_left_alone() {
        for (before, name) in [
            ("a: [broken\n", "b"),
            ("- a\n- b\n", "b"),
            ("{a: x}\n", "b"),
            ("a: >\n  folded\n  text\n", "a"),
            ("a: 3\n", "b"),
            ("a: |\n  ends openly\n...\n", "b"),
        ] {
            let (result, text) = kept(before, name, "new");
            assert!(matches!(result, Err(KeepError::Unclear { .. })), "{before}: {result:?}");
            assert_eq!(text, before);
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_holds() {
        let (searches, problems) = parse("a: x\nb: 3\n\"c d\": y\n2021: z\n");
        assert_eq!(searches, [("a", "x"), ("2021", "z")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        let told: Vec<_> = problems.iter().map(|problem| (problem.at, problem.what.as_str())).collect();
        assert_eq!(told, [(Some((2, 1)), "the search `b` is no text"), (Some((3, 1)), "`c d` names no search")]);
        assert_eq!(parse("a: b: c\n").1[0].at, Some((1, 5)));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real.yaml"), folder.path().join("searches.yaml"));
        std::fs::write(&real, "a: x\n").expect("a file");
        std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("permissions");
        std::os::unix::fs::symlink(&real, &link).expect("a link");
        keep(&link, "b", "y").expect("kept");
        assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(std::fs::read_to_string(&real).expect("the file"), "a: x\nb: \"y\"\n");
        assert_eq!(std::fs::metadata(&real).expect("the file").permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left behind");
    }
}
