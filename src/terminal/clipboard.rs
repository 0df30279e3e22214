//! Copies text to the clipboard: with a local tool if the desktop has one, else through the terminal (OSC 52).

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

use super::multiplexer::Multiplexer;
use crate::external_program::is_installed;

/// How text gets into the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipboardMethod {
    /// Piped into a program.
    Tool(Vec<String>),
    /// Through the terminal, which may be on another machine, and does not reply.
    Terminal(Multiplexer),
}

/// The longest text, in bytes, that terminals accept: some read sequences of at most 100,000 bytes, and base64 adds a third.
const MAX_TEXT: usize = 74_994;

impl Multiplexer {
    /// The recipient of the text, for a notice.
    pub fn description(self) -> &'static str {
        match self {
            Multiplexer::None => "the terminal (OSC 52)",
            Multiplexer::Tmux => "the terminal (OSC 52, tmux)",
            Multiplexer::Screen => "the terminal (OSC 52, screen)",
        }
    }

    /// The sequence that copies a text. `None` if the text is longer than terminals accept.
    pub fn osc52(self, text: &str) -> Option<String> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut plain = String::new();
        CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).ok()?;
        Some(match self {
            // Both forms, because the settings of tmux decide: it handles the plain one with `set-clipboard on`, and the wrapped one
            // with `allow-passthrough on`. If it handles both, it copies the same text twice.
            Multiplexer::Tmux => format!("{plain}{}", self.wrap(&plain)),
            Multiplexer::None | Multiplexer::Screen => self.wrap(&plain),
        })
    }
}

/// The clipboard method for an environment. Over ssh, the user wants the clipboard of the machine that the terminal runs on.
pub fn method(variable: impl Fn(&str) -> bool, has_program: impl Fn(&str) -> bool) -> ClipboardMethod {
    let tool = |words: &[&str]| ClipboardMethod::Tool(words.iter().map(|word| (*word).to_owned()).collect());
    let multiplexer = Multiplexer::of(&variable);
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

/// The clipboard method on this machine.
pub fn method_here() -> ClipboardMethod {
    method(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()), is_installed)
}

/// The tool that makes tmux copy, if the multiplexer is tmux and the tool can be started.
// With its default settings, tmux accepts text from programs inside it only in this way.
pub fn tmux_tool(multiplexer: Multiplexer) -> Option<Vec<String>> {
    let tool = ["tmux", "load-buffer", "-w", "-"].map(str::to_owned).to_vec();
    (multiplexer == Multiplexer::Tmux && is_installed("tmux")).then_some(tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_is_that_of_the_machine_with_the_terminal() {
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
    fn sequences_for_each_multiplexer() {
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
        assert!(command.split("\x1b\\").all(|chunk| chunk.len() <= 254));
        let passed = command.replace("\x1b\\", "").replace("\x1bP", "");
        assert_eq!(Some(passed.replace('\x07', "\x1b\\")), Multiplexer::None.osc52(&long));
        assert_eq!(Multiplexer::None.osc52(&(long + "x")), None);
    }
}
