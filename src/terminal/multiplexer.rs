//! The terminal multiplexer between the program and the terminal, and how a sequence passes it.

/// The most bytes that GNU screen passes on in one sequence.
const CHUNK: usize = 252;

/// The terminal multiplexer between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// None.
    None,
    /// tmux, which passes on what is wrapped for it with its setting `allow-passthrough on`.
    Tmux,
    /// GNU screen, which passes on what is wrapped for it.
    Screen,
}

impl Multiplexer {
    /// The multiplexer that an environment names. `variable`: whether a variable is set.
    pub fn of(variable: impl Fn(&str) -> bool) -> Multiplexer {
        match () {
            () if variable("TMUX") => Multiplexer::Tmux,
            () if variable("STY") => Multiplexer::Screen,
            () => Multiplexer::None,
        }
    }

    /// A sequence (OSC) that ends with `ESC \`, so that it reaches the terminal.
    pub fn wrap(self, sequence: &str) -> String {
        match self {
            Multiplexer::None => sequence.to_owned(),
            Multiplexer::Tmux => format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
            // The usual end, `ESC \`, would end the sequence that screen passes on. BEL ends an OSC too.
            Multiplexer::Screen => {
                let passed = sequence.strip_suffix("\x1b\\").unwrap_or(sequence).to_owned() + "\x07";
                let mut wrapped = String::new();
                let mut rest = passed.as_str();
                while !rest.is_empty() {
                    let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK.min(rest.len())));
                    wrapped.push_str(&format!("\x1bP{chunk}\x1b\\"));
                    rest = after;
                }
                wrapped
            }
        }
    }
}
