//! The clipboard: a local tool where there is one for this desktop, else the terminal itself (OSC 52).

/// How text gets to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into a program.
    Tool(Vec<String>),
    /// Through the terminal, which may be far away and does not answer.
    Terminal,
}

/// The way on this machine. Over ssh the clipboard wanted is the one where the terminal is.
pub fn way(variable: impl Fn(&str) -> bool, has_program: impl Fn(&str) -> bool) -> Way {
    let tool = |words: &[&str]| Way::Tool(words.iter().map(|word| (*word).to_owned()).collect());
    if variable("SSH_CONNECTION") || variable("SSH_TTY") {
        Way::Terminal
    } else if variable("WAYLAND_DISPLAY") && has_program("wl-copy") {
        tool(&["wl-copy"])
    } else if variable("DISPLAY") && has_program("xclip") {
        tool(&["xclip", "-selection", "clipboard"])
    } else if variable("DISPLAY") && has_program("xsel") {
        tool(&["xsel", "--clipboard", "--input"])
    } else if cfg!(target_os = "macos") && has_program("pbcopy") {
        tool(&["pbcopy"])
    } else {
        Way::Terminal
    }
}

/// The way on this machine, by the environment of the process.
pub fn way_here() -> Way {
    let folders: Vec<_> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    way(
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()),
        |program| folders.iter().any(|folder: &std::path::PathBuf| folder.join(program).is_file()),
    )
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
                Way::Terminal => None,
            };
            assert_eq!(tool, expected, "{variables:?} {programs:?}");
        }
        assert_eq!(way(all, all), Way::Terminal);
    }
}
