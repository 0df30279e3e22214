//! Scripts of moving pictures: lines with seconds, keys and a caption.

use std::time::Duration;

use crate::feed::{SafeText, clean};
use crate::keymap::{Code, Key, KeyError};

/// The longest moving picture.
const MAX_LENGTH: Duration = Duration::from_secs(600);
/// Limit of keys of a script.
const MAX_KEYS: usize = 2000;
/// The word for no key.
const NO_KEYS: &str = "-";

/// A step: a key is pressed, or none, and the screen is shown for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptStep {
    /// The key.
    pub key: Option<Key>,
    /// How long the screen is shown after it.
    pub shown: Duration,
    /// The keys of the line up to this one, as they are printed.
    pub keys: SafeText,
    /// What they are for.
    pub caption: SafeText,
}

/// Why a script cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// A line does not begin with a time and keys.
    #[error("line {0}: write seconds, keys and a caption, as in `1.5 jj next articles`; `-` is no key")]
    Line(usize),
    /// The keys cannot be read.
    #[error("line {0}: {1}")]
    Keys(usize, KeyError),
    /// There is no step.
    #[error("no line has keys")]
    Empty,
    /// There are too many keys, or the times are too long.
    #[error("more than {MAX_KEYS} keys, or longer than {} minutes", MAX_LENGTH.as_secs() / 60)]
    TooLong,
}

/// Reads a script. The time of a line is divided among its keys; a line without a caption continues that of the line before.
pub fn parse(text: &str) -> Result<Vec<ScriptStep>, ScriptError> {
    let mut steps: Vec<ScriptStep> = Vec::new();
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (seconds, rest) = line.split_once(char::is_whitespace).ok_or(ScriptError::Line(number))?;
        let rest = rest.trim_start();
        let (keys, caption) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let seconds: f64 = seconds.parse().map_err(|_| ScriptError::Line(number))?;
        let shown = Duration::try_from_secs_f64(seconds).map_err(|_| ScriptError::Line(number))?;
        let before = steps.last().map(|step| step.caption.clone()).unwrap_or_default();
        let caption = if caption.is_empty() { before } else { clean::plain_line(caption) };
        if keys == NO_KEYS {
            steps.push(ScriptStep { key: None, shown, keys: SafeText::default(), caption });
            continue;
        }
        let keys = Key::parse_all(keys).map_err(|error| ScriptError::Keys(number, error))?;
        let each = shown / u32::try_from(keys.len()).map_err(|_| ScriptError::TooLong)?.max(1);
        for (at, key) in keys.iter().enumerate() {
            let pressed = clean::plain_line(&printed(keys.get(..=at).unwrap_or_default()));
            steps.push(ScriptStep { key: Some(*key), shown: each, keys: pressed, caption: caption.clone() });
        }
    }
    let length = steps.iter().try_fold(Duration::ZERO, |sum, step| sum.checked_add(step.shown));
    match (steps.len(), length) {
        (0, _) => Err(ScriptError::Empty),
        (..=MAX_KEYS, Some(length)) if length <= MAX_LENGTH => Ok(steps),
        _ => Err(ScriptError::TooLong),
    }
}

/// Keys as a reader of the picture knows them: characters make words, and names of keys have blanks around them.
fn printed(keys: &[Key]) -> String {
    let is_letter = |key: &Key| matches!(key, Key { code: Code::Char(c), ctrl: false } if *c != ' ');
    let words = keys.chunk_by(|key, next| is_letter(key) && is_letter(next));
    words.map(|word| word.iter().map(Key::to_string).collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<(u128, String, String)> {
        let steps = parse(text).expect("a script");
        steps
            .into_iter()
            .map(|step| (step.shown.as_millis(), step.keys.to_string(), step.caption.to_string()))
            .collect()
    }

    #[test]
    fn the_time_of_a_line_is_divided_among_its_keys() {
        let text = "# a comment\n\n2 - Hello world\n0.9 jj<enter>\n 1.2   /<space>s<ctrl-s>   as you type\n";
        let step = |ms, keys: &str, caption: &str| (ms, keys.to_owned(), caption.to_owned());
        let expected = [
            step(2000, "", "Hello world"),
            step(300, "j", "Hello world"),
            step(300, "jj", "Hello world"),
            step(300, "jj Enter", "Hello world"),
            step(300, "/", "as you type"),
            step(300, "/ Space", "as you type"),
            step(300, "/ Space s", "as you type"),
            step(300, "/ Space s Ctrl-s", "as you type"),
        ];
        assert_eq!(steps(text), expected);
    }

    #[test]
    fn errors_in_a_script_name_its_line() {
        for (text, error) in [
            ("", "no line has keys"),
            ("# only this", "no line has keys"),
            ("1 j\nj", "line 2: write seconds, keys and a caption, as in `1.5 jj next articles`; `-` is no key"),
            ("x j", "line 1: write seconds, keys and a caption, as in `1.5 jj next articles`; `-` is no key"),
            ("-1 j", "line 1: write seconds, keys and a caption, as in `1.5 jj next articles`; `-` is no key"),
            ("1 <nokey>", "line 1: unknown key `<nokey>`; keys are written like <enter>, <space>, <f5>, <ctrl-d>"),
            ("601 -", "more than 2000 keys, or longer than 10 minutes"),
        ] {
            assert_eq!(parse(text).map_err(|error| error.to_string()), Err(error.to_owned()), "{text:?}");
        }
        assert_eq!(parse(&format!("1 {}", "j".repeat(2001))), Err(ScriptError::TooLong));
        assert_eq!(parse(&"1e300 -\n".repeat(3)), Err(ScriptError::Line(1)));
    }
}
