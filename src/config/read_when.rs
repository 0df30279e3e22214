//! The setting `read`: when an opened article counts as read.

use chrono::TimeDelta;

/// When an opened article counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadWhen {
    /// As soon as it is opened.
    #[default]
    Opened,
    /// When the user goes to another article or back to the list.
    Left,
    /// When it has been open for this time.
    After(TimeDelta),
    /// Only when the user marks it.
    Never,
}

impl ReadWhen {
    /// The hint for invalid values.
    pub const HINT: &str = "write opened, left, never, or seconds such as 5s";

    /// Parses `opened`, `left`, `never`, or seconds such as `5s`.
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
