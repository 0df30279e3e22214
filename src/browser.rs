//! Opens the originals: http and https addresses, in the browser of the setting, of `$BROWSER` or of the desktop.

use std::io;

use crate::external_program::{self, CommandTemplate, UnclosedQuote};
use crate::feed::Address;

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// A command that is not there, or fails at once.
    #[error("cannot open it with {program}: {why}; {remedy}")]
    Failed {
        /// The program.
        program: String,
        /// What the system says.
        why: io::Error,
        /// What to do.
        remedy: &'static str,
    },
    /// A command that cannot be split into words.
    #[error("{quote}; {remedy}")]
    Quote {
        /// What is wrong with it.
        quote: UnclosedQuote,
        /// What to do.
        remedy: &'static str,
    },
    /// The desktop knows no browser.
    #[error("no browser was found; {SET_BROWSER}")]
    NotFound,
}

const SET_BROWSER: &str = "set BROWSER to one";
const SET_OTHER_BROWSER: &str = "set BROWSER to another";
const CHANGE_SETTING: &str = "change `browser` in the settings";

/// What opens addresses.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    commands: Vec<Result<CommandTemplate, UnclosedQuote>>,
    /// They are from the settings, not from `$BROWSER`.
    is_set: bool,
}

impl Browser {
    /// `setting` is a command; else `variable`, the value of `$BROWSER`: commands between colons, tried in turn.
    pub fn new(setting: Option<&str>, variable: Option<&str>) -> Browser {
        let commands = match setting {
            Some(setting) => vec![setting],
            None => split_at_colons(variable.unwrap_or_default()),
        };
        let commands = commands.into_iter().filter_map(|command| CommandTemplate::split(command).transpose()).collect();
        Browser { commands, is_set: setting.is_some() }
    }

    /// Hands an address over; an error says why nothing was opened.
    pub fn open(&self, address: &Address) -> Result<(), BrowserError> {
        let mut failed = None;
        let remedy = if self.is_set { CHANGE_SETTING } else { SET_OTHER_BROWSER };
        for command in &self.commands {
            let command = match command {
                Ok(command) => command,
                Err(quote) => {
                    failed = Some(BrowserError::Quote { quote: quote.clone(), remedy });
                    continue;
                }
            };
            match external_program::start_detached(&command.fill(address.as_str())) {
                Ok(()) => return Ok(()),
                Err(why) => failed = Some(BrowserError::Failed { program: command.program().to_owned(), why, remedy }),
            }
        }
        match failed {
            Some(failed) => Err(failed),
            None => external_program::open_with_desktop(address.as_str()).map_err(|failed| match failed {
                Some((program, why)) => BrowserError::Failed { program, why, remedy: SET_BROWSER },
                None => BrowserError::NotFound,
            }),
        }
    }
}

/// The commands of `$BROWSER`: a colon within quotes or behind a backslash parts none.
fn split_at_colons(variable: &str) -> Vec<&str> {
    let (mut quote, mut escaped) = (None, false);
    let parts = |c: char| {
        let was_escaped = std::mem::take(&mut escaped);
        match (c, quote) {
            _ if was_escaped => {}
            ('\\', None | Some('"')) => escaped = true,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (':', None) => return true,
            _ => {}
        }
        false
    };
    variable.split(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_between_colons_but_not_within_quotes() {
        for (variable, commands) in [
            ("", vec![""]),
            ("firefox:w3m %s:", vec!["firefox", "w3m %s", ""]),
            (r#""/opt/a:b/web" -n:'c:d' x"#, vec![r#""/opt/a:b/web" -n"#, "'c:d' x"]),
            (r"/opt/a\:b/web:lynx", vec![r"/opt/a\:b/web", "lynx"]),
            (r#"e "a\":b":f"#, vec![r#"e "a\":b""#, "f"]),
        ] {
            assert_eq!(split_at_colons(variable), commands, "{variable}");
        }
    }
}
