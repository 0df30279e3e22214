//! Files for packages: completions and the manual page, generated from the clap definition.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::harness::command::Home;
use crate::harness::external_data::skipped;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

/// The commands, by the help: `list`, `marks export`.
fn commands(of: &str) -> Vec<String> {
    let words: Vec<&str> = of.split_whitespace().chain(["-h"]).collect();
    let help = Home::new().run(&words).out;
    let names = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let names = names.map(|name| format!("{of} {name}").trim().to_owned());
    names.flat_map(|name| std::iter::once(name.clone()).chain(commands(&name)).collect::<Vec<_>>()).collect()
}

/// The long options that the help of a command names.
fn options(of: &str) -> Vec<String> {
    let words: Vec<&str> = of.split_whitespace().chain(["-h"]).collect();
    let help = Home::new().run(&words).out;
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    lines.filter_map(|line| line.split([' ', ',']).find(|word| word.starts_with("--"))).map(str::to_owned).collect()
}

/// Lets a program read a text. None if the program is missing; else its complaints.
fn complaints(program: &str, arguments: &[&str], text: &str) -> Option<String> {
    let mut command = Command::new(program);
    let piped = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = match piped.spawn() {
        Ok(child) => child,
        Err(error) => {
            skipped(&format!("no check with {program}: {error}"));
            return None;
        }
    };
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    let code = if output.status.success() { String::new() } else { format!("{}: ", output.status) };
    Some(code + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_shell_completes_every_command_and_nothing_hidden() {
    let commands = commands("");
    assert!(commands.len() >= 13 && commands.contains(&"marks import".to_owned()), "{commands:?}");
    for shell in SHELLS {
        let ran = Home::new().run(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{shell}");
        for command in &commands {
            let last = command.split(' ').next_back().expect("a word");
            assert!(ran.out.contains(last), "{shell}: no {command}");
        }
        let (known, hidden) = if shell == "fish" { ("-l library", "-l now") } else { ("--library", "--now") };
        assert!(ran.out.contains(known), "{shell}");
        assert!(!ran.out.contains(hidden), "{shell}");
        if ["bash", "zsh", "fish"].contains(&shell) {
            let argument = if shell == "fish" { "--no-execute" } else { "-n" };
            let said = complaints(shell, &[argument], &ran.out);
            assert_eq!(said.unwrap_or_default(), "", "{shell}");
        }
    }
    let wrong = Home::new().run(&["completions", "tcsh"]);
    assert_eq!(wrong.code, 2);
    assert!(SHELLS.iter().all(|shell| wrong.err.contains(shell)), "{}", wrong.err);
}

#[test]
fn bash_completes_with_the_script() {
    let home = Home::new();
    let script = home.file("frontpage.bash", &home.run(&["completions", "bash"]).out);
    let ask = "source \"$0\"; COMP_WORDS=(frontpage ma); COMP_CWORD=1; \
               _frontpage frontpage ma frontpage; echo \"${COMPREPLY[@]}\"";
    let Ok(output) = Command::new("bash").args(["-c", ask]).arg(&script).output() else {
        skipped("there is no bash");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stdout), "mark marks man\n", "{output:?}");
}

#[test]
fn the_manual_page_names_every_command_and_option_and_nothing_hidden() {
    let ran = Home::new().run(&["man"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let page = ran.out.replace("\\-", "-");
    for command in std::iter::once(String::new()).chain(commands("")) {
        let is_described = page.contains(&format!(".SS \"frontpage {command}\""));
        let leads = commands(&command);
        assert!(is_described || !leads.is_empty(), "no {command}");
        // A command that only leads to others has no options of its own; its examples are theirs.
        if !is_described {
            continue;
        }
        let part = page.split(&format!(".SS \"frontpage {command}\"\n")).nth(1).unwrap_or(&page);
        let part = part.split("\n.SS").next().expect("a part");
        for option in options(&command) {
            let everywhere = page.split(".SH COMMANDS").next().expect("a part");
            assert!(part.contains(&option) || everywhere.contains(&option), "{command} {option}");
        }
    }
    assert!(!page.contains("--now"));
    for told in [
        "NO_COLOR",
        "FRONTPAGE_LIBRARY",
        "FRONTPAGE_THEME",
        "XDG_STATE_HOME",
        "VISUAL, EDITOR",
        "EXIT STATUS",
        "QUERIES",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let groff = complaints("groff", &["-man", "-Tutf8", "-ww", "-z"], &ran.out);
    let mandoc = complaints("mandoc", &["-T", "lint", "-W", "warning"], &ran.out);
    for said in groff.into_iter().chain(mandoc) {
        assert_eq!(said, "");
    }
}

#[test]
fn completions_and_man_need_no_settings_library_or_home() {
    let home = Home::new().with("FRONTPAGE_LIBRARY", "/nowhere/at/all").with("HOME", "relative");
    home.file(".config/frontpage/config.yaml", "nonsense: [");
    for arguments in [&["man"][..], &["completions", "zsh"], &["man", "--config", "/nowhere.yaml", "-v"]] {
        let ran = home.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        assert!(ran.out.len() > 1000);
        let mut child = home.command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "a reader that went away");
    }
    let made: Vec<_> = std::fs::read_dir(home.folder.path()).expect("the home").collect();
    assert_eq!(made.len(), 1, "nothing is written: {made:?}");
}

#[test]
fn the_long_help_has_examples_environment_files_and_exit_codes() {
    let help = Home::new().run(&["--help"]).out;
    let told = ["Examples:\n  frontpage ", "Environment:\n  FRONTPAGE_LIBRARY\n", "Files:\n  ~/", "Exit codes:\n  0\n"];
    for told in told {
        assert!(help.contains(told), "{told:?}: {help}");
    }
    for command in commands("").iter().filter(|command| *command != "marks" && *command != "completions") {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = Home::new().run(&words).out;
        let more = ["Examples:\n  frontpage ", "Each line of the export", "A line that is not a JSON object"];
        assert!(more.iter().any(|more| help.contains(more)), "{command}: {help}");
        let widest = help.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{command}: {widest:?}");
    }
}
