//! When an article that is opened counts as read.

use chrono::TimeDelta;

/// When an article that is opened counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadWhen {
    /// When it is opened.
    #[default]
    Opened,
    /// When the reader goes on to another article, or back to the list.
    Left,
    /// When it has been open for this long.
    After(TimeDelta),
    /// When the reader says so.
    Never,
}

impl ReadWhen {
    /// What may be written.
    pub const HINT: &str = "write opened, left, never, or seconds as in 5s";

    /// The meaning of a word: `opened`, `left`, `never`, or seconds as in `5s`.
    pub fn from_word(word: &str) -> Option<ReadWhen> {
        match word {
            "opened" => Some(ReadWhen::Opened),
            "left" => Some(ReadWhen::Left),
            "never" => Some(ReadWhen::Never),
            word => {
                let seconds: u32 = word.strip_suffix('s')?.trim_end().parse().ok()?;
                Some(ReadWhen::After(TimeDelta::seconds(seconds.into())))
            }
        }
    }
}
