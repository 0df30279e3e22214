//! What `sync` and `subscribe` share: names from stdin, and the folders, marks and processes that they use.

use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::context::{Context, full_texts_folder};
use super::error::CliError;
use super::subscription_lookup::{articles_folder, states_folder};
use crate::file_system::RealFileSystem;
use crate::library::io_error_text;
use crate::subscriptions::Subscription;
use crate::sync::Environment;
use crate::sync::read_marks::ReadMarks;
use crate::sync::workers::{ChildWorkers, Workers};

/// Longest list on stdin, in bytes.
const MAX_STDIN: u64 = 1 << 20;
/// Longest request on stdin, in bytes.
const MAX_REQUEST: u64 = 1 << 16;

/// The arguments, with the lines of stdin in place of `-`. `what` names one of them in messages.
pub fn with_stdin(arguments: &[String], what: &str) -> Result<Vec<String>, CliError> {
    let mut all = Vec::new();
    for argument in arguments {
        if argument != "-" {
            all.push(argument.clone());
            continue;
        }
        for line in io::BufReader::new(io::stdin().take(MAX_STDIN)).lines() {
            let line = line.map_err(|error| CliError::new(&format!("cannot read stdin: {error}")))?;
            all.extend(Some(line.trim().to_owned()).filter(|line| !line.is_empty()));
        }
    }
    if all.is_empty() { Err(CliError::new(&format!("stdin has no {what}"))) } else { Ok(all) }
}

/// What the reader asks for, from stdin.
pub fn read_request<T>(parse: impl Fn(&str) -> Option<T>) -> Result<T, CliError> {
    let mut text = String::new();
    let read = io::stdin().take(MAX_REQUEST).read_to_string(&mut text);
    read.map_err(|error| CliError::new(&format!("cannot read stdin: {}", io_error_text(&error))))?;
    parse(&text).ok_or_else(|| CliError::new("stdin has no request"))
}

/// The folders, marks and processes of a command.
pub struct SyncSetup {
    articles: PathBuf,
    full_texts: Option<PathBuf>,
    /// The folder of the states.
    pub states: PathBuf,
    marks: Option<ReadMarks>,
    workers: ChildWorkers,
    clock: Box<dyn Fn() -> DateTime<Utc> + Sync>,
}

impl SyncSetup {
    /// Finds them. Fails without a home folder.
    pub fn of(context: &Context) -> Result<SyncSetup, CliError> {
        let no_home = || CliError::new("$HOME is not set to a folder: there is no place for articles");
        let articles = articles_folder().ok_or_else(no_home)?;
        let states = states_folder(context).ok_or_else(no_home)?;
        let no_program = |error| CliError::new(&format!("cannot find the program: {error}"));
        let workers = ChildWorkers::new().map_err(no_program)?;
        let marks = context.marks_to_write().map(|folder| {
            let (log, device) = folder.open();
            ReadMarks::new(log, device)
        });
        let fixed_now = context.fixed_now;
        let clock = Box::new(move || fixed_now.unwrap_or_else(Utc::now));
        Ok(SyncSetup { articles, full_texts: full_texts_folder(), states, marks, workers, clock })
    }

    /// What starts the processes that fetch and parse.
    pub fn workers(&self) -> &dyn Workers {
        &self.workers
    }

    /// The environment of a sync of these subscriptions.
    pub fn environment<'a>(
        &'a self,
        context: &'a Context,
        subscriptions: &'a [Subscription],
        pause: &'a (dyn Fn(Duration) + Sync),
    ) -> Environment<'a> {
        Environment {
            subscriptions,
            accounts: &context.user.subscriptions.accounts,
            saved: &context.user.saved,
            articles: &self.articles,
            states: &self.states,
            full_texts: self.full_texts.as_deref(),
            hooks: &[],
            fs: &RealFileSystem,
            marks: self.marks.as_ref(),
            workers: &self.workers,
            clock: &*self.clock,
            pause,
        }
    }
}
