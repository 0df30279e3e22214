//! Opens http and https addresses in a browser: that of the setting `browser`, of `$BROWSER`, or of the desktop.

use std::io;

use crate::external_program::{self, CommandTemplate, UnclosedQuote};
use crate::feed::Address;

/// Why an address was not opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The program could not be started, or failed at once.
    #[error("cannot open it with {program}: {why}; {remedy}")]
    Failed {
        /// Name of the program.
        program: String,
        /// The error of the system.
        why: io::Error,
        /// What the user can do.
        remedy: &'static str,
    },
    /// The command cannot be split into words.
    #[error("{quote}; {remedy}")]
    Quote {
        /// The error in the command.
        quote: UnclosedQuote,
        /// What the user can do.
        remedy: &'static str,
    },
    /// None of the desktop's programs for opening addresses exists.
    #[error("no browser found; {SET_BROWSER}")]
    NotFound,
}

const SET_BROWSER: &str = "set `browser` or `$BROWSER`";
const CHANGE_VARIABLE: &str = "change `$BROWSER`";
const CHANGE_SETTING: &str = "change the setting `browser`";

/// Opens addresses with configured commands, else with the desktop's browser.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    commands: Vec<Result<CommandTemplate, UnclosedQuote>>,
    /// True if the command is that of the setting, not of `$BROWSER`.
    is_from_setting: bool,
}

impl Browser {
    /// `setting` is a command. Without it, `variable`, the value of `$BROWSER`, is a list of commands separated by colons, which
    /// are tried in turn.
    pub fn new(setting: Option<&str>, variable: Option<&str>) -> Browser {
        let commands = match setting {
            Some(setting) => vec![setting],
            None => split_at_colons(variable.unwrap_or_default()),
        };
        let commands = commands.into_iter().filter_map(|command| CommandTemplate::split(command).transpose()).collect();
        Browser { commands, is_from_setting: setting.is_some() }
    }

    /// Opens an address with the first command that works. If commands are set and all fail, the desktop's browser is not
    /// tried: the user asked for another one.
    pub fn open(&self, address: &Address) -> Result<(), BrowserError> {
        let mut failed = None;
        let remedy = if self.is_from_setting { CHANGE_SETTING } else { CHANGE_VARIABLE };
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

/// Splits the value of `$BROWSER` at colons, except in quotes or after a backslash.
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
    fn commands_are_split_at_colons_outside_quotes() {
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
