//! Messages of the terminal (OSC 9 and 777), which it shows as messages of the desktop.

use super::multiplexer::Multiplexer;
use crate::feed::SafeText;

/// The sequence that shows a message. `variable` is the value of a variable, if it is set and not empty.
///
/// Terminals based on VTE, and rxvt, know only OSC 777. The others know OSC 9, in which a text that begins with a number could mean
/// another thing: so ours begins with the name of the program.
pub fn sequence(text: &SafeText, variable: impl Fn(&str) -> Option<String>) -> String {
    let set = |name: &str| variable(name).is_some();
    let is_rxvt = variable("TERM").is_some_and(|term| term.starts_with("rxvt"));
    let plain = match set("VTE_VERSION") || is_rxvt {
        // A `;` would begin another field.
        true => format!("\x1b]777;notify;frontpage;{}\x1b\\", text.as_str().replace(';', ",")),
        false => format!("\x1b]9;frontpage: {text}\x1b\\"),
    };
    Multiplexer::of(set).wrap(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    #[test]
    fn a_message_is_in_the_sequence_that_the_terminal_knows() {
        for (variables, expected) in [
            (&[][..], "\x1b]9;frontpage: 4;a\x1b\\"),
            (&[("TERM", "rxvt-unicode-256color")], "\x1b]777;notify;frontpage;4,a\x1b\\"),
            (&[("VTE_VERSION", "7600"), ("TERM", "xterm")], "\x1b]777;notify;frontpage;4,a\x1b\\"),
            (&[("TMUX", "/tmp/tmux"), ("TERM", "screen")], "\x1bPtmux;\x1b\x1b]9;frontpage: 4;a\x1b\x1b\\\x1b\\"),
            (&[("STY", "1.pts")], "\x1bP\x1b]9;frontpage: 4;a\x07\x1b\\"),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(sequence(&"4;a".into(), variable), expected, "{variables:?}");
        }
        let long = sequence(&clean::plain_line(&"é".repeat(300)), |name| (name == "STY").then(|| "1".to_owned()));
        assert!(long.split("\x1b\\").all(|chunk| chunk.len() <= 254) && long.matches('é').count() == 300, "{long}");
    }
}
