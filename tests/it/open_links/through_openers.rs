//! 82 kinds of links through every way to an opener: each arrives as one argument, in its normal form, or not at all.

use std::path::Path;
use std::process::Command;

use super::kinds::{Must, kinds, quoted};
use super::recorder::{Desk, await_start, starts};
use crate::harness::output_check::foreign;
use crate::rounds;

/// A way to an opener: the setting, `$BROWSER`, and the words that must arrive, where `%s` is the address.
struct Way {
    name: &'static str,
    setting: Option<&'static str>,
    variable: Option<&'static str>,
    words: &'static [&'static str],
}

/// Steps through the kinds of links.
const EVERY_EIGHTH: usize = 8;
const ALL: usize = 1;

/// What is wrong with the link that arrived.
fn wrong(must: &Must, starts: &[Vec<String>], words: &[&str]) -> Option<String> {
    match must {
        Must::Refuse(_) => (!starts.is_empty()).then(|| format!("was opened: {starts:?}")),
        Must::Open(address) => {
            let word = |word: &&str| if *word == "%s" { address.clone() } else { (*word).to_owned() };
            let wanted: Vec<String> = [words.len().to_string()].into_iter().chain(words.iter().map(word)).collect();
            (*starts != [wanted.clone()]).then(|| format!("not {wanted:?} but {starts:?}"))
        }
    }
}

/// Opens every `step`-th kind of link.
fn through(way: &Way, step: usize) {
    let mut kinds = kinds();
    assert_eq!(kinds.len(), 82);
    kinds = kinds.into_iter().step_by(step).collect();
    let mut desk = Desk::new(&kinds, &["recorder", "xdg-open"]);
    if let Some(setting) = way.setting {
        desk.home.file(".config/frontpage/config.yaml", &format!("browser: {}\n", quoted(setting)));
    }
    let (mut opened, mut refused, mut records) = (0, 0, Vec::new());
    for (number, (link, must)) in kinds.iter().enumerate() {
        let file = desk.path(&format!("in/{number:02}.md"));
        let (mut command, record) = desk.command();
        if let Some(variable) = way.variable {
            command.env("BROWSER", variable);
        }
        let output = command.args(["open", "-L", "in", &file]).output().expect("the program");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(foreign(&output.stderr, false), [""; 0], "{link:?}: {err}");
        assert_eq!(out, "", "{link:?}");
        match must {
            Must::Open(address) => {
                assert_eq!(output.status.code(), Some(0), "{link:?}: {err}");
                assert_eq!(err, format!("frontpage: opened {address}\n"));
                assert_eq!(wrong(must, &await_start(&record), way.words), None, "{}: {link:?}", way.name);
                opened += 1;
            }
            Must::Refuse(why) => {
                assert_eq!(output.status.code(), Some(2), "{link:?}: {err}");
                assert!(err.contains(why), "{link:?}: {err}");
                refused += 1;
            }
        }
        records.push((link, must, record));
    }
    // A refused link starts no program, and an opened link is not opened again.
    for (link, must, record) in records {
        assert_eq!(wrong(must, &starts(&record), way.words), None, "{}: {link:?}", way.name);
    }
    desk.assert_untouched();
    assert!(opened > 30 / step && refused > 30 / step);
    println!("{}: {opened} opened, {refused} refused", way.name);
}

rounds!(by_a_plain_command_in_the_settings, EVERY_EIGHTH, ALL);

fn by_a_plain_command_in_the_settings(step: usize) {
    through(&Way { name: "plain command", setting: Some("recorder"), variable: None, words: &["%s"] }, step);
}

rounds!(by_a_command_with_a_place_and_more_words, EVERY_EIGHTH, ALL);

fn by_a_command_with_a_place_and_more_words(step: usize) {
    let words = &["--new-tab", "%s", "x%s", "--last"];
    let setting = Some("recorder --new-tab %s x%s --last");
    through(&Way { name: "%s and more words", setting, variable: Some("xdg-open"), words }, step);
}

rounds!(by_a_command_with_the_other_place, EVERY_EIGHTH, ALL);

fn by_a_command_with_the_other_place(step: usize) {
    through(&Way { name: "%u", setting: Some("  recorder   %u "), variable: None, words: &["%s"] }, step);
}

rounds!(by_the_variable_with_several_commands, EVERY_EIGHTH, ALL);

fn by_the_variable_with_several_commands(step: usize) {
    let variable = Some("missing-browser:./in:recorder --x:xdg-open");
    through(&Way { name: "$BROWSER", setting: None, variable, words: &["--x", "%s"] }, step);
}

rounds!(by_the_desktop, EVERY_EIGHTH, ALL);

fn by_the_desktop(step: usize) {
    through(&Way { name: "xdg-open", setting: None, variable: None, words: &["%s"] }, step);
}

#[test]
fn the_checks_notice_an_opener_started_without_care() {
    let kinds = kinds();
    let mut desk = Desk::new(&[], &["recorder"]);
    let recorder = desk.path("bin/recorder");
    let mut seen = Vec::new();
    for (link, must) in &kinds {
        // A naive implementation: inserts the link, splits at blanks, and checks nothing.
        let words = format!("{recorder} --new-tab %s").replace("%s", link);
        let words: Vec<&str> = words.split_whitespace().collect();
        let (_, record) = desk.command();
        let started = Command::new(words[0]).args(&words[1..]).env_clear().env("RECORD", &record).status();
        let starts = if started.is_ok() { starts(&record) } else { Vec::new() };
        seen.extend(wrong(must, &starts, &["--new-tab", "%s"]).map(|_| link.chars().take(40).collect::<String>()));
    }
    println!("a blind opener fails at {} of {} kinds", seen.len(), kinds.len());
    assert!(seen.len() >= 50, "{seen:#?}");
}

#[test]
fn no_source_names_a_shell() {
    let mut folders = vec![Path::new("src").to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                // The names of languages of code are no programs.
                if !path.ends_with("code") {
                    folders.push(path);
                }
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            // A row of a table of letters, `'ш' => "sh"`, names a sound.
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with('\'')).collect();
            let code = code.join("\n");
            for name in ["\"sh\"", "\"/bin/sh\"", "\"bash\"", "\"-c\"", "\"cmd\"", "system("] {
                assert!(!code.contains(name), "{path:?} names {name}");
            }
            files += 1;
        }
    }
    assert!(files > 100, "{files}");
}
