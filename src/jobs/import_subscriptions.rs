//! Imports a list of subscriptions, with the program's own command in another process.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::process_job::ProcessJob;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{SafeText, clean};
use crate::file_system::open_regular;
use crate::subscriptions::import::MAX_BYTES;
use crate::subscriptions::{Subscription, opml};

/// A list of subscriptions to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportSource {
    /// A file: OPML, or `urls` of newsboat.
    File(PathBuf),
    /// Channels of the program's own list.
    Channels(Vec<Subscription>),
}

#[derive(Debug)]
struct ImportSubscriptions {
    program: Vec<String>,
    list: ImportSource,
}

/// A job that runs `subscriptions import`. `program`: the words that start this program with the user's settings.
pub fn import(program: Vec<String>, list: ImportSource) -> Job {
    Job::new(ImportSubscriptions { program, list })
}

impl Task for ImportSubscriptions {
    fn kind(&self) -> JobKind {
        JobKind::Import
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let ImportSubscriptions { mut program, list } = *self;
        program.extend(["subscriptions", "import", "-"].map(str::to_owned));
        let input = match list {
            ImportSource::File(path) => read(&path).map_err(|error| {
                let why = crate::library::io_error_text(&error);
                JobError::Failed(clean::plain_line(&format!("cannot read {}: {why}", clean::path(&path))))
            })?,
            ImportSource::Channels(channels) => {
                opml::write(&channels, &HashMap::new(), chrono::Utc::now()).into_bytes()
            }
        };
        let job = ProcessJob { input: Some(input), ..ProcessJob::new(program) };
        let printed = job.run(monitor)?.stderr;
        Ok(Answer::Import(notice(&printed)))
    }
}

/// Reads a file, but not more than the command accepts.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last message of the command, as a notice.
fn notice(printed: &SafeText) -> SafeText {
    let last = printed.as_str().lines().next_back().unwrap_or_default();
    let words = last.strip_prefix("frontpage: ").unwrap_or(last);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => clean::plain_line(&(first.to_uppercase().collect::<String>() + letters.as_str())),
        None => "Subscribed".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_message_becomes_a_notice() {
        for (printed, expected) in [
            ("", "Subscribed"),
            ("frontpage: a\nfrontpage: added 3 subscriptions", "Added 3 subscriptions"),
            ("écrit", "Écrit"),
        ] {
            assert_eq!(notice(&clean::text(printed)).as_str(), expected);
        }
    }

    #[test]
    fn a_list_that_cannot_be_read_is_named() {
        let job = ImportSubscriptions { program: vec!["true".into()], list: ImportSource::File("/no/urls".into()) };
        let error = Box::new(job).run(&|| false).expect_err("no such file");
        assert_eq!(error.to_string(), "cannot read /no/urls: no such file or directory");
    }
}
