//! The clipboard: a local tool where there is one for this desktop, else the terminal itself (OSC 52).

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// How text gets to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipboardMethod {
    /// Into a program.
    Tool(Vec<String>),
    /// Through the terminal, which may be far away and does not answer.
    Terminal(Multiplexer),
}

/// What lies between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// Nothing.
    None,
    /// tmux, which takes what it is sent itself, or passes it on: that depends on its settings.
    Tmux,
    /// GNU screen, which passes on what it is told to.
    Screen,
}

/// The longest text that terminals take, in bytes: a command of 100,000.
const MAX_TEXT: usize = 74_994;
/// Bytes that GNU screen passes on at a time.
const CHUNK: usize = 252;

impl Multiplexer {
    /// The way in words.
    pub fn description(self) -> &'static str {
        match self {
            Multiplexer::None => "the terminal (OSC 52)",
            Multiplexer::Tmux => "the terminal (OSC 52, tmux)",
            Multiplexer::Screen => "the terminal (OSC 52, screen)",
        }
    }

    /// What is sent to the terminal to have a text copied; none when the text is longer than terminals take.
    pub fn osc52(self, text: &str) -> Option<String> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut plain = String::new();
        CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).ok()?;
        Some(match self {
            Multiplexer::None => plain,
            // With `set-clipboard on` tmux takes the one, with `allow-passthrough on` the other; both copy the same.
            Multiplexer::Tmux => {
                let passed = plain.replace('\x1b', "\x1b\x1b");
                format!("{plain}\x1bPtmux;{passed}\x1b\\")
            }
            // The end of the command would be the end of what is passed on.
            Multiplexer::Screen => {
                let passed = plain.strip_suffix("\x1b\\").unwrap_or(&plain).to_owned() + "\x07";
                let chunks = passed.as_bytes().chunks(CHUNK).map(String::from_utf8_lossy);
                chunks.map(|chunk| format!("\x1bP{chunk}\x1b\\")).collect()
            }
        })
    }
}

/// The way on this machine. Over ssh the clipboard wanted is the one where the terminal is.
pub fn method(variable: impl Fn(&str) -> bool, has_program: impl Fn(&str) -> bool) -> ClipboardMethod {
    let tool = |words: &[&str]| ClipboardMethod::Tool(words.iter().map(|word| (*word).to_owned()).collect());
    let multiplexer = match () {
        () if variable("TMUX") => Multiplexer::Tmux,
        () if variable("STY") => Multiplexer::Screen,
        () => Multiplexer::None,
    };
    if variable("SSH_CONNECTION") || variable("SSH_TTY") {
        ClipboardMethod::Terminal(multiplexer)
    } else if variable("WAYLAND_DISPLAY") && has_program("wl-copy") {
        tool(&["wl-copy"])
    } else if variable("DISPLAY") && has_program("xclip") {
        tool(&["xclip", "-selection", "clipboard"])
    } else if variable("DISPLAY") && has_program("xsel") {
        tool(&["xsel", "--clipboard", "--input"])
    } else if cfg!(target_os = "macos") && has_program("pbcopy") {
        tool(&["pbcopy"])
    } else {
        ClipboardMethod::Terminal(multiplexer)
    }
}

/// The way on this machine, by the environment of the process.
pub fn method_here() -> ClipboardMethod {
    method(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()), has_program)
}

/// The tool that has tmux itself copy, where what lies between is tmux and it can be started: as tmux is set by default it takes
/// nothing from programs that run in it, but this.
pub fn tmux_tool(multiplexer: Multiplexer) -> Option<Vec<String>> {
    let tool = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned).to_vec();
    (multiplexer == Multiplexer::Tmux && has_program("tmux")).then_some(tool)
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
            let method = method(|name| variables.contains(&name), |name| programs.contains(&name));
            let tool = match &method {
                ClipboardMethod::Tool(words) => words.first().map(String::as_str),
                ClipboardMethod::Terminal(_) => None,
            };
            assert_eq!(tool, expected, "{variables:?} {programs:?}");
        }
        assert_eq!(method(all, all), ClipboardMethod::Terminal(Multiplexer::Tmux));
        assert_eq!(method(|name| name == "STY", all), ClipboardMethod::Terminal(Multiplexer::Screen));
        assert_eq!(method(|_| false, |_| false), ClipboardMethod::Terminal(Multiplexer::None));
    }

    #[test]
    fn commands_for_what_lies_between() {
        let plain = "\x1b]52;c;aMOp\x1b\\";
        for (multiplexer, expected) in [
            (Multiplexer::None, plain.to_owned()),
            (Multiplexer::Tmux, format!("{plain}\x1bPtmux;\x1b\x1b]52;c;aMOp\x1b\x1b\\\x1b\\")),
            (Multiplexer::Screen, "\x1bP\x1b]52;c;aMOp\x07\x1b\\".to_owned()),
        ] {
            assert_eq!(multiplexer.osc52("hé").as_deref(), Some(expected.as_str()), "{multiplexer:?}");
        }
        let long = "x".repeat(MAX_TEXT);
        let command = Multiplexer::Screen.osc52(&long).expect("a command");
        assert!(command.split("\x1b\\").all(|chunk| chunk.len() <= CHUNK + 2));
        let passed = command.replace("\x1b\\", "").replace("\x1bP", "");
        assert_eq!(Some(passed.replace('\x07', "\x1b\\")), Multiplexer::None.osc52(&long));
        assert_eq!(Multiplexer::None.osc52(&(long + "x")), None);
    }
}
