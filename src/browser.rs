//! Opens the originals: http and https addresses, in the browser of the setting, of `$BROWSER` or of the desktop.

use std::io;

use crate::feed::Address;
use crate::program::{self, Template};

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// A command that is not there, or fails at once.
    #[error("{program} did not open it: {why}; {remedy}")]
    Failed {
        /// The program.
        program: String,
        /// What the system says.
        why: io::Error,
        /// What to do.
        remedy: &'static str,
    },
    /// The desktop knows no browser.
    #[error("no browser was found; {SET_BROWSER}")]
    None,
}

const SET_BROWSER: &str = "set BROWSER to one";
const SET_BROWSER_ANEW: &str = "set BROWSER to another";
const CHANGE_SETTING: &str = "change `browser` in the settings";

/// What opens addresses.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    commands: Vec<Template>,
    /// They are from the settings, not from `$BROWSER`.
    is_set: bool,
}

impl Browser {
    /// `setting` is a command; else `variable`, the value of `$BROWSER`: commands between colons, tried in turn.
    pub fn new(setting: Option<&str>, variable: Option<&str>) -> Browser {
        let commands = match setting {
            Some(setting) => Template::split(setting).into_iter().collect(),
            None => variable.unwrap_or_default().split(':').filter_map(Template::split).collect(),
        };
        Browser { commands, is_set: setting.is_some() }
    }

    /// Hands an address over; an error says why nothing was opened.
    pub fn open(&self, address: &Address) -> Result<(), BrowserError> {
        let mut failed = None;
        let remedy = if self.is_set { CHANGE_SETTING } else { SET_BROWSER_ANEW };
        for command in &self.commands {
            match program::start(&command.fill(address.as_str())) {
                Ok(()) => return Ok(()),
                Err(why) => failed = Some(BrowserError::Failed { program: command.program().to_owned(), why, remedy }),
            }
        }
        match failed {
            Some(failed) => Err(failed),
            None => program::open(address.as_str()).map_err(|failed| match failed {
                Some((program, why)) => BrowserError::Failed { program, why, remedy: SET_BROWSER },
                None => BrowserError::None,
            }),
        }
    }
}
