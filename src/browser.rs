//! Opens the originals: http and https addresses, in the browser of the setting, of `$BROWSER` or of the desktop.

use std::io;

use crate::feed::Address;
use crate::program::{self, Template};

/// Why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// A command that is not there, or fails at once.
    #[error("{program} did not open it: {why}")]
    Failed {
        /// The program.
        program: String,
        /// What the system says.
        why: io::Error,
    },
    /// The desktop knows no browser.
    #[error("no browser was found; set BROWSER to one")]
    None {
        /// What the system says.
        why: io::Error,
    },
}

/// What opens addresses.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    commands: Vec<Template>,
}

impl Browser {
    /// `setting` is a command; else `variable`, the value of `$BROWSER`: commands between colons, tried in turn.
    pub fn new(setting: Option<&str>, variable: Option<&str>) -> Browser {
        let commands = match setting {
            Some(setting) => Template::split(setting).into_iter().collect(),
            None => variable.unwrap_or_default().split(':').filter_map(Template::split).collect(),
        };
        Browser { commands }
    }

    /// Hands an address over; an error says why nothing was opened.
    pub fn open(&self, address: &Address) -> Result<(), BrowserError> {
        let mut failed = None;
        for command in &self.commands {
            match program::start(&command.fill(address.as_str())) {
                Ok(()) => return Ok(()),
                Err(why) => failed = Some(BrowserError::Failed { program: command.program().to_owned(), why }),
            }
        }
        match failed {
            Some(failed) => Err(failed),
            None => program::open(address.as_str()).map_err(|why| BrowserError::None { why }),
        }
    }
}
