//! The setting `pictures`: how pictures are drawn, how much room they get, and whether pictures on other computers are fetched.

use url::Host;

use super::value_reader::{ConfigEntry, ValueReader, did_you_mean};
use super::yaml_tree::{YamlNode, YamlValue};

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureDrawing {
    /// As the terminal says that it can.
    #[default]
    Auto,
    /// By the protocol of kitty.
    Kitty,
    /// As sixel.
    Sixel,
    /// By the protocol of iTerm2.
    Iterm,
    /// As cells with two colours.
    Blocks,
    /// Not at all: nothing is decoded.
    Off,
}

impl PictureDrawing {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, PictureDrawing); 6] = [
        ("auto", PictureDrawing::Auto),
        ("off", PictureDrawing::Off),
        ("blocks", PictureDrawing::Blocks),
        ("kitty", PictureDrawing::Kitty),
        ("sixel", PictureDrawing::Sixel),
        ("iterm", PictureDrawing::Iterm),
    ];

    fn read(reader: &mut ValueReader, field: ConfigEntry) -> Option<PictureDrawing> {
        // What else YAML calls so.
        match &field.node.value {
            YamlValue::Text(text) if matches!(text.as_str(), "on" | "true" | "yes") => Some(PictureDrawing::Auto),
            YamlValue::Text(text) if matches!(text.as_str(), "false" | "no") => Some(PictureDrawing::Off),
            _ => reader.one_of(field, &PictureDrawing::WORDS),
        }
    }
}

/// Which pictures on other computers are fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RemotePictures {
    /// Those that the user asks for.
    #[default]
    Ask,
    /// None.
    Never,
    /// Those that the user comes to in the viewer.
    Always,
    /// Those that the user comes to, if they are on these hosts or below them; others if the user asks for them. The names are as
    /// addresses have them: in lower case and ASCII.
    Hosts(Vec<String>),
}

/// Most hosts that are read.
const MAX_HOSTS: usize = 200;

impl RemotePictures {
    const WORDS: [(&str, RemotePictures); 3] =
        [("ask", RemotePictures::Ask), ("never", RemotePictures::Never), ("always", RemotePictures::Always)];
    const HINT: &str = "write ask, never, always, or a list of hosts such as [example.org]";

    /// Whether pictures on a host are fetched when the user comes to them in the viewer.
    pub fn fetches_unasked(&self, host: &str) -> bool {
        match self {
            RemotePictures::Ask | RemotePictures::Never => false,
            RemotePictures::Always => true,
            RemotePictures::Hosts(hosts) => hosts.iter().any(|known| {
                let below = host.strip_suffix(known.as_str());
                below.is_some_and(|before| before.is_empty() || before.ends_with('.'))
            }),
        }
    }

    fn read(reader: &mut ValueReader, field: ConfigEntry) -> Option<RemotePictures> {
        match &field.node.value {
            YamlValue::List(nodes) => {
                let hosts = nodes.iter().filter_map(|node| read_host(reader, node)).collect();
                Some(RemotePictures::Hosts(reader.bounded(field.node, "hosts", MAX_HOSTS, hosts)))
            }
            YamlValue::Text(text) => {
                let known = RemotePictures::WORDS.into_iter().find(|(word, _)| word == text).map(|(_, value)| value);
                if known.is_none() {
                    let words = RemotePictures::WORDS.map(|(word, _)| word);
                    let hint = did_you_mean(text, &words).unwrap_or_else(|| RemotePictures::HINT.to_owned());
                    reader.report(field.node, &format!("`{text}` is not a value of `{}`", field.name), &hint);
                }
                known
            }
            _ => {
                let what = format!("`{}` is {}, not a word or a list of hosts", field.name, field.node.kind());
                reader.report(field.node, &what, RemotePictures::HINT);
                None
            }
        }
    }
}

fn read_host(reader: &mut ValueReader, node: &YamlNode) -> Option<String> {
    let written = match &node.value {
        YamlValue::Text(text) => text.as_str(),
        _ => {
            reader.report(node, &format!("{} is not a host", node.kind()), "write a host such as example.org");
            return None;
        }
    };
    match Host::parse(written.trim()) {
        // `Host` lets `*` and most other signs pass.
        Ok(Host::Domain(host))
            if host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) =>
        {
            Some(host)
        }
        _ => {
            let hint = "write a host such as example.org, which has its subdomains too";
            reader.report(node, &format!("`{written}` is not a host"), hint);
            None
        }
    }
}

/// The value of `pictures`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureSettings {
    /// How they are drawn.
    pub draw: PictureDrawing,
    /// Most rows of a picture in an article.
    pub rows: u16,
    /// Which pictures on other computers are fetched.
    pub remote: RemotePictures,
    /// Most bytes of fetched pictures that are kept.
    pub cache: u64,
}

impl Default for PictureSettings {
    fn default() -> PictureSettings {
        PictureSettings { draw: PictureDrawing::Auto, rows: 20, remote: RemotePictures::Ask, cache: 200 * MEGABYTE }
    }
}

const MEGABYTE: u64 = 1_000_000;
const GIGABYTE: u64 = 1_000 * MEGABYTE;
/// A smaller cache would lose the pictures of an article that is being read.
const SMALLEST_CACHE: u64 = 10 * MEGABYTE;
const LARGEST_CACHE: u64 = 100 * GIGABYTE;

impl PictureSettings {
    /// Reads `pictures`: a word, or a group. Values that are missing or invalid get their default.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> PictureSettings {
        let usual = PictureSettings::default();
        if matches!(field.node.value, YamlValue::Text(_)) {
            let draw = PictureDrawing::read(reader, field);
            return PictureSettings { draw: draw.unwrap_or(usual.draw), ..usual };
        }
        let inside = reader.fields(field.node, field.name, &["draw", "rows", "remote", "cache"]);
        let draw = inside.get("draw").and_then(|field| PictureDrawing::read(reader, field));
        let rows = inside.get("rows").and_then(|field| reader.number(field, 3..=100));
        let remote = inside.get("remote").and_then(|field| RemotePictures::read(reader, field));
        let cache = inside.get("cache").and_then(|field| {
            reader.parsed(field, cache_from_word, "write a size from 10 MB to 100 GB, such as 200 MB")
        });
        PictureSettings {
            draw: draw.unwrap_or(usual.draw),
            rows: rows.unwrap_or(usual.rows),
            remote: remote.unwrap_or(usual.remote),
            cache: cache.unwrap_or(usual.cache),
        }
    }
}

/// Parses a size: `200 MB`, `1GB`.
fn cache_from_word(word: &str) -> Option<u64> {
    let word = word.trim().to_ascii_lowercase();
    let units = [("mb", MEGABYTE), ("gb", GIGABYTE)];
    let (number, unit) = units.iter().find_map(|(unit, bytes)| Some((word.strip_suffix(unit)?, *bytes)))?;
    let bytes = number.trim_end().parse::<u64>().ok()?.checked_mul(unit)?;
    (SMALLEST_CACHE..=LARGEST_CACHE).contains(&bytes).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Settings;

    /// The setting, and its problems with their positions.
    fn read(text: &str) -> (PictureSettings, Vec<String>) {
        let (settings, problems) = Settings::parse(text, Path::new(""), None).expect("settings");
        let problems = problems.iter().map(|problem| {
            let at = problem.at.expect("a position");
            format!("{}:{}: {}; {}", at.0, at.1, problem.what, problem.hint).trim_end_matches("; ").to_owned()
        });
        (settings.pictures, problems.collect())
    }

    fn hosts(names: &[&str]) -> RemotePictures {
        RemotePictures::Hosts(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn a_word_says_how_pictures_are_drawn() {
        for (text, draw) in [
            ("pictures: off", PictureDrawing::Off),
            ("pictures: false", PictureDrawing::Off),
            ("pictures: on", PictureDrawing::Auto),
            ("pictures: blocks", PictureDrawing::Blocks),
            ("pictures: {draw: sixel}", PictureDrawing::Sixel),
            ("pictures: {draw: no}", PictureDrawing::Off),
            ("pictures:", PictureDrawing::Auto),
        ] {
            assert_eq!(read(text), (PictureSettings { draw, ..PictureSettings::default() }, Vec::new()), "{text}");
        }
    }

    #[test]
    fn a_group_has_rows_hosts_and_the_size_of_the_cache() {
        let text = "pictures: {rows: 9, remote: [Example.org, bücher.example, cdn_1.example.net], cache: 1 gb}";
        let remote = hosts(&["example.org", "xn--bcher-kva.example", "cdn_1.example.net"]);
        let expected = PictureSettings { rows: 9, remote, cache: GIGABYTE, ..PictureSettings::default() };
        assert_eq!(read(text), (expected, Vec::new()));
        for (word, remote) in [("ask", RemotePictures::Ask), ("never", RemotePictures::Never), ("[]", hosts(&[]))] {
            assert_eq!(read(&format!("pictures: {{remote: {word}}}")).0.remote, remote, "{word}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_the_rest_applies() {
        for (text, problem) in [
            ("pictures: of", "1:11: `of` is not a value of `pictures` (did you mean `off`?)"),
            ("pictures:\n  draw: kity", "2:9: `kity` is not a value of `draw` (did you mean `kitty`?)"),
            ("pictures: {row: 9}", "1:12: unknown setting `row` of `pictures` (did you mean `rows`?)"),
            ("pictures: {rows: 2}", "1:18: `2` is not a value of `rows`; write a number from 3 to 100"),
            ("pictures: {remote: alway}", "1:20: `alway` is not a value of `remote` (did you mean `always`?)"),
            (
                "pictures: {remote: example.org}",
                "1:20: `example.org` is not a value of `remote`; write ask, never, always, or a list of hosts such as [example.org]",
            ),
            (
                "pictures: {remote: [\"*.e.org\"]}",
                "1:21: `*.e.org` is not a host; write a host such as example.org, which has its subdomains too",
            ),
            (
                "pictures: {remote: [127.0.0.1]}",
                "1:21: `127.0.0.1` is not a host; write a host such as example.org, which has its subdomains too",
            ),
            (
                "pictures: {cache: 9 MB}",
                "1:19: `9 MB` is not a value of `cache`; write a size from 10 MB to 100 GB, such as 200 MB",
            ),
        ] {
            let (settings, problems) = read(text);
            assert_eq!(problems, [problem], "{text}");
            assert_eq!(settings.draw, PictureDrawing::Auto, "{text}");
        }
        let (settings, problems) = read("pictures: {remote: [e.org, 'https://f.org/'], cache: many, rows: 30}");
        assert_eq!((settings.remote, settings.rows, problems.len()), (hosts(&["e.org"]), 30, 2));
    }

    #[test]
    fn sizes_have_a_unit_and_bounds() {
        for (word, bytes) in [
            ("10MB", Some(SMALLEST_CACHE)),
            ("100 GB", Some(LARGEST_CACHE)),
            ("101 GB", None),
            ("200", None),
            ("-200 MB", None),
            ("18446744073709551615 GB", None),
            ("MB", None),
            ("", None),
        ] {
            assert_eq!(cache_from_word(word), bytes, "{word:?}");
        }
    }

    #[test]
    fn a_host_has_its_subdomains() {
        let remote = hosts(&["example.org", "cdn.example.net"]);
        for (host, expected) in [
            ("example.org", true),
            ("img.example.org", true),
            ("badexample.org", false),
            ("example.org.evil.example", false),
            ("cdn.example.net", true),
            ("example.net", false),
            ("", false),
        ] {
            assert_eq!(remote.fetches_unasked(host), expected, "{host}");
        }
        assert!(RemotePictures::Always.fetches_unasked("e.org"));
        assert!(!RemotePictures::Ask.fetches_unasked("e.org") && !RemotePictures::Never.fetches_unasked("e.org"));
    }
}
