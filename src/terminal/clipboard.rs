//! The clipboard: a local tool where there is one for this desktop, else the terminal itself (OSC 52).

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// How text gets to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into a program.
    Tool(Vec<String>),
    /// Through the terminal, which may be far away and does not answer.
    Terminal(Through),
}

/// What lies between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// Nothing.
    Nothing,
    /// tmux, which takes what it is sent itself, or passes it on: that depends on its settings.
    Tmux,
    /// GNU screen, which passes on what it is told to.
    Screen,
}

/// The longest text that terminals take, in bytes: a command of 100,000.
const LONGEST: usize = 74_994;
/// Bytes that GNU screen passes on at a time.
const CHUNK: usize = 252;

impl Through {
    /// The way in words.
    pub fn words(self) -> &'static str {
        match self {
            Through::Nothing => "the terminal (OSC 52)",
            Through::Tmux => "the terminal (OSC 52, tmux)",
            Through::Screen => "the terminal (OSC 52, screen)",
        }
    }

    /// What is sent to the terminal to have a text copied; none when the text is longer than terminals take.
    pub fn command(self, text: &str) -> Option<String> {
        if text.len() > LONGEST {
            return None;
        }
        let mut plain = String::new();
        CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).ok()?;
        Some(match self {
            Through::Nothing => plain,
            // With `set-clipboard on` tmux takes the one, with `allow-passthrough on` the other; both copy the same.
            Through::Tmux => {
                let passed = plain.replace('\x1b', "\x1b\x1b");
                format!("{plain}\x1bPtmux;{passed}\x1b\\")
            }
            // The end of the command would be the end of what is passed on.
            Through::Screen => {
                let passed = plain.strip_suffix("\x1b\\").unwrap_or(&plain).to_owned() + "\x07";
                let chunks = passed.as_bytes().chunks(CHUNK).map(String::from_utf8_lossy);
                chunks.map(|chunk| format!("\x1bP{chunk}\x1b\\")).collect()
            }
        })
    }
}

/// The way on this machine. Over ssh the clipboard wanted is the one where the terminal is.
pub fn way(variable: impl Fn(&str) -> bool, has_program: impl Fn(&str) -> bool) -> Way {
    let tool = |words: &[&str]| Way::Tool(words.iter().map(|word| (*word).to_owned()).collect());
    let through = match () {
        () if variable("TMUX") => Through::Tmux,
        () if variable("STY") => Through::Screen,
        () => Through::Nothing,
    };
    if variable("SSH_CONNECTION") || variable("SSH_TTY") {
        Way::Terminal(through)
    } else if variable("WAYLAND_DISPLAY") && has_program("wl-copy") {
        tool(&["wl-copy"])
    } else if variable("DISPLAY") && has_program("xclip") {
        tool(&["xclip", "-selection", "clipboard"])
    } else if variable("DISPLAY") && has_program("xsel") {
        tool(&["xsel", "--clipboard", "--input"])
    } else if cfg!(target_os = "macos") && has_program("pbcopy") {
        tool(&["pbcopy"])
    } else {
        Way::Terminal(through)
    }
}

/// The way on this machine, by the environment of the process.
pub fn way_here() -> Way {
    way(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()), has_program)
}

/// The tool that has tmux itself copy, where what lies between is tmux and it can be started: as tmux is set by default it takes
/// nothing from programs that run in it, but this.
pub fn tmux_here(through: Through) -> Option<Vec<String>> {
    let tool = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned).to_vec();
    (through == Through::Tmux && has_program("tmux")).then_some(tool)
}

fn has_program(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| !folder.as_os_str().is_empty() && folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_wanted_is_where_the_terminal_is() {
        let all = |_: &str| true;
        for (variables, programs, expected) in [
            (&["WAYLAND_DISPLAY", "DISPLAY"][..], &["wl-copy", "xclip"][..], Some("wl-copy")),
            (&["DISPLAY"], &["wl-copy", "xclip"], Some("xclip")),
            (&["DISPLAY"], &["xsel"], Some("xsel")),
            (&["DISPLAY"], &[], None),
            (&["DISPLAY", "SSH_TTY"], &["xclip"], None),
            (&[], &["xclip"], None),
        ] {
            let way = way(|name| variables.contains(&name), |name| programs.contains(&name));
            let tool = match &way {
                Way::Tool(words) => words.first().map(String::as_str),
                Way::Terminal(_) => None,
            };
            assert_eq!(tool, expected, "{variables:?} {programs:?}");
        }
        assert_eq!(way(all, all), Way::Terminal(Through::Tmux));
        assert_eq!(way(|name| name == "STY", all), Way::Terminal(Through::Screen));
        assert_eq!(way(|_| false, |_| false), Way::Terminal(Through::Nothing));
    }

    #[test]
    fn commands_for_what_lies_between() {
        let plain = "\x1b]52;c;aMOp\x1b\\";
        for (through, expected) in [
            (Through::Nothing, plain.to_owned()),
            (Through::Tmux, format!("{plain}\x1bPtmux;\x1b\x1b]52;c;aMOp\x1b\x1b\\\x1b\\")),
            (Through::Screen, "\x1bP\x1b]52;c;aMOp\x07\x1b\\".to_owned()),
        ] {
            assert_eq!(through.command("hé").as_deref(), Some(expected.as_str()), "{through:?}");
        }
        let long = "x".repeat(LONGEST);
        let command = Through::Screen.command(&long).expect("a command");
        assert!(command.split("\x1b\\").all(|chunk| chunk.len() <= CHUNK + 2));
        let passed = command.replace("\x1b\\", "").replace("\x1bP", "");
        assert_eq!(Some(passed.replace('\x07', "\x1b\\")), Through::Nothing.command(&long));
        assert_eq!(Through::Nothing.command(&(long + "x")), None);
    }
}
