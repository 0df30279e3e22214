//! The settings `openers` and `player`: programs that open links in place of the browser, by host or by a pattern, and the one that
//! plays sound and films.

use regex::Regex;

use super::commands::program;
use super::problem::ConfigProblem;
use super::program_output::ProgramOutputUse;
use super::program_template::{Placeholder, ProgramTemplate};
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::{YamlNode, YamlValue};

/// Most openers that are read.
const MAX_OPENERS: usize = 200;
/// Longest pattern, in bytes.
const MAX_PATTERN: usize = 200;

/// A program that gets a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkProgram {
    /// The program. The link is an argument.
    pub program: ProgramTemplate,
    /// True if the program gets the terminal.
    pub takes_terminal: bool,
}

impl LinkProgram {
    /// Reads a program: `mpv`, `[mpv, --no-video]` or `{run: w3m, takeover: true}`.
    pub fn read(reader: &mut ValueReader, name: &str, node: &YamlNode) -> Option<LinkProgram> {
        let (run, takeover) = match &node.value {
            YamlValue::Map(_) => {
                let fields = reader.fields(node, name, &["run", "takeover"]);
                let Some(run) = fields.get("run") else {
                    reader.report(node, &format!("`{name}` has no `run`"), "add the program: run: w3m");
                    return None;
                };
                (program(reader, run)?, fields.get("takeover").and_then(|field| reader.flag(field)))
            }
            _ => (program(reader, ConfigEntry { name, node })?, None),
        };
        let others = Placeholder::ALL.iter().find(|(_, value, _)| *value != Placeholder::Link && run.has(*value));
        if let Some((other, ..)) = others {
            reader.report(node, &format!("`{{{other}}}` is not known of a link"), "this program gets only {link}");
            return None;
        }
        let takes_terminal = takeover.unwrap_or_else(|| needs_terminal(run.program()));
        Some(LinkProgram { program: run.ending_with(Placeholder::Link), takes_terminal })
    }

    /// Reads a program, or returns the problem that it reported.
    pub fn read_or_why(reader: &mut ValueReader, name: &str, node: &YamlNode) -> Result<LinkProgram, ConfigProblem> {
        LinkProgram::read(reader, name, node).ok_or_else(|| {
            let reported = reader.problems.last().cloned();
            reported.unwrap_or_else(|| ConfigProblem::new(Some(node.at), &format!("`{name}` is not valid"), ""))
        })
    }

    /// How the output of the program is used.
    pub fn output(&self) -> ProgramOutputUse {
        if self.takes_terminal { ProgramOutputUse::Takeover } else { ProgramOutputUse::Nothing }
    }
}

/// A program for the links that a pattern finds.
#[derive(Clone, Debug)]
pub struct OpenerSetting {
    /// The pattern as written.
    pub pattern: String,
    matcher: Regex,
    /// The program, or why its setting cannot be used. The links of a refused opener are not opened in the browser: the user may want
    /// another one for them.
    pub run: Result<LinkProgram, ConfigProblem>,
}

impl PartialEq for OpenerSetting {
    fn eq(&self, other: &OpenerSetting) -> bool {
        self.pattern == other.pattern && self.run == other.run
    }
}

impl Eq for OpenerSetting {}

impl OpenerSetting {
    /// Reads the group `openers`, in the order of the file. Invalid ones are reported; those without a valid pattern are left out.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Vec<OpenerSetting> {
        let mut openers = Vec::new();
        for (pattern, key, node) in reader.pairs(field.node, field.name) {
            let Some(matcher) = matcher(pattern) else {
                reader.report(
                    key,
                    &format!("`{pattern}` is not a pattern of links"),
                    "write a host, or a pattern such as *.pdf",
                );
                continue;
            };
            let run = LinkProgram::read_or_why(reader, pattern, node);
            openers.push(OpenerSetting { pattern: pattern.to_owned(), matcher, run });
        }
        reader.bounded(field.node, "openers", MAX_OPENERS, openers)
    }

    /// Whether it opens an address, which is http or https.
    pub fn opens(&self, address: &str) -> bool {
        let without_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
        let place = without_scheme.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = match place.find('/') {
            Some(at) => place.split_at(at),
            None => (place, ""),
        };
        // A port does not belong to the host.
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(host, _)| host);
        self.matcher.is_match(&format!("{host}{path}")) || self.matcher.is_match(host)
    }
}

/// Programs that need the terminal, unless the settings say otherwise.
const TERMINAL_PROGRAMS: [&str; 18] = [
    "less", "more", "most", "vi", "vim", "nvim", "nano", "hx", "helix", "micro", "kak", "w3m", "lynx", "elinks",
    "links", "fzf", "mutt", "neomutt",
];

/// Whether a program is known to need the terminal.
pub fn needs_terminal(program: &str) -> bool {
    TERMINAL_PROGRAMS.contains(&program.rsplit('/').next().unwrap_or(program))
}

/// A matcher for the host with the path of a link. A pattern without `*`, `?` and `/` is a host, which has its subdomains too.
fn matcher(pattern: &str) -> Option<Regex> {
    let pattern = pattern.split_once("://").map_or(pattern, |(_, rest)| rest).trim();
    if pattern.is_empty() || pattern.len() > MAX_PATTERN || pattern.chars().any(char::is_whitespace) {
        return None;
    }
    let is_host = !pattern.contains(['*', '?', '/']);
    let mut text = String::from(if is_host { "(?i)^(?:.*\\.)?" } else { "(?i)^" });
    for c in pattern.chars() {
        match c {
            '*' => text.push_str(".*"),
            '?' => text.push('.'),
            c => text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    text.push_str(if is_host { "(?:/.*)?$" } else { "$" });
    Regex::new(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_subdomains_and_patterns_find_paths() {
        for (pattern, address, opens) in [
            ("youtube.com", "https://www.youtube.com/watch?v=1", true),
            ("youtube.com", "https://youtube.com", true),
            ("youtube.com", "https://youtube.com:8443/x", true),
            ("YouTube.com", "https://m.youtube.com/x", true),
            ("youtube.com", "https://notyoutube.com/", false),
            ("youtube.com", "https://youtube.com.evil.example/", false),
            ("youtube.com", "https://evil.example/youtube.com", false),
            ("youtube.com", "https://evil.example/?u=youtube.com", false),
            ("*.pdf", "https://e.org/a/b.pdf", true),
            ("*.pdf", "https://e.org/a/B.PDF?download=1#page=2", true),
            ("*.pdf", "https://e.org/a.pdf.html", false),
            ("*.pdf", "https://e.org/?f=a.pdf", false),
            ("*.example.org", "https://a.b.example.org/x", true),
            ("*.example.org", "https://example.org/x", false),
            ("https://example.org/videos/*", "http://example.org/videos/1", true),
            ("example.org/videos/*", "https://example.org/other", false),
            ("e.org/a?c", "https://e.org/abc", true),
            ("e.org/a+(b)", "https://e.org/a+(b)", true),
            ("e.org/a+(b)", "https://e.org/aab", false),
            ("*", "https://any.example/", true),
        ] {
            let program = ProgramTemplate::split("mpv").expect("a program");
            let matcher = matcher(pattern).expect("a pattern");
            let run = Ok(LinkProgram { program, takes_terminal: false });
            let opener = OpenerSetting { pattern: pattern.to_owned(), matcher, run };
            assert_eq!(opener.opens(address), opens, "{pattern} {address}");
        }
        for wrong in ["", "https://", "a b", &"a".repeat(300)] {
            assert!(matcher(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn text_browsers_need_the_terminal_by_any_path() {
        assert!(needs_terminal("w3m") && needs_terminal("/usr/bin/lynx"));
        assert!(!needs_terminal("mpv") && !needs_terminal("") && !needs_terminal("lessc"));
    }
}
