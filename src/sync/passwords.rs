//! Passwords of servers: the first line of what a command prints, of a file, or of a variable. They are read only when a request is
//! due, and are in no message.

use std::path::Path;
use std::time::Duration;

use super::outcome::Failure;
use super::schedule;
use crate::external_program::CommandTemplate;
use crate::external_program::program::{KeptOutput, Program, ProgramError, ProgramLimits};
use crate::file_system::FileSystem;
use crate::library::io_error_text;
use crate::subscriptions::{Login, PasswordSource, Subscription};

/// Time limit for a command.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest password, and longest output that is read, in bytes.
const MAX_PASSWORD: usize = 4096;
/// Longest file with certificates, in bytes.
const MAX_CERTIFICATES: usize = 256 << 10;
/// Remedy of each problem with `auth`.
const REMEDY: &str = "fix `auth` in its line of subscriptions.yaml";

/// Remedy of a command that fails.
const COMMAND_REMEDY: &str = "fix `auth` in its line of subscriptions.yaml; until then it runs less often, and `frontpage sync` with its name runs it at once";

/// What the server is asked with: user and password, and the certificates that vouch for it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// User and password.
    pub login: Option<(String, String)>,
    /// Certificates in PEM.
    pub certificates: Option<String>,
}

/// True if reading what a subscription needs starts a program.
pub fn starts_program(subscription: &Subscription) -> bool {
    let login = subscription.access.login.as_ref();
    login.is_some_and(|login| matches!(login.password, PasswordSource::Command(_)))
}

/// Reads what a subscription needs. Blocks up to 30 seconds if a command gives the password.
pub fn credentials(subscription: &Subscription, fs: &dyn FileSystem) -> Result<Credentials, Failure> {
    let login = subscription.access.login.as_ref().map(|login| read_login(login, fs)).transpose()?;
    Ok(Credentials { login, certificates: certificates(subscription, fs)? })
}

/// Reads the certificates that a subscription needs, and nothing else.
pub fn certificates(subscription: &Subscription, fs: &dyn FileSystem) -> Result<Option<String>, Failure> {
    subscription.access.certificate.as_deref().map(|path| read_certificates(path, fs)).transpose()
}

/// The hash of the settings of a subscription, and of what is known of their files.
pub fn settings_hash(subscription: &Subscription, fs: &dyn FileSystem) -> String {
    schedule::settings_hash(subscription, &files_state(subscription, fs))
}

/// What is known of the files of the password and of the certificates without reading them: time and size.
fn files_state(subscription: &Subscription, fs: &dyn FileSystem) -> String {
    let access = &subscription.access;
    let password = match access.login.as_ref().map(|login| &login.password) {
        Some(PasswordSource::File(path)) => Some(path),
        _ => None,
    };
    let state = |path: &Path| fs.id(path).ok().map(|id| (id.modified, id.size));
    let states = [password, access.certificate.as_ref()].map(|path| path.map(|path| state(path)));
    format!("{states:?}")
}

fn read_login(login: &Login, fs: &dyn FileSystem) -> Result<(String, String), Failure> {
    let output = match &login.password {
        PasswordSource::Command(command) => run(command)?,
        PasswordSource::File(path) => {
            let read = fs.read(path, 0);
            let what = |error| format!("cannot read the file of the password: {}", io_error_text(&error));
            read.map_err(|error| Failure::new(what(error), REMEDY))?
        }
        PasswordSource::Variable(name) => {
            let value = std::env::var(name);
            let missing = || format!("the variable of the password, `{name}`, is not set");
            value.map_err(|_| Failure::new(missing(), REMEDY))?.into_bytes()
        }
    };
    let line = output.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let password = std::str::from_utf8(line).ok().filter(|line| !line.is_empty() && line.len() <= MAX_PASSWORD);
    match password {
        Some(password) => Ok((login.user.untrusted().to_owned(), password.to_owned())),
        None => Err(Failure::new("there is no password in the first line of its source", REMEDY)),
    }
}

fn run(command: &str) -> Result<Vec<u8>, Failure> {
    // The command may have a secret in it, so no message quotes it.
    let words = CommandTemplate::split(command).ok().flatten();
    let words = words.ok_or_else(|| Failure::new("the password command is not a command", REMEDY))?;
    let limits = ProgramLimits { time: TIMEOUT, kept: KeptOutput::First(MAX_PASSWORD + 1) };
    let output = Program::new(words.words()).run(limits, &|| false);
    output.map(|output| output.bytes).map_err(|error| {
        let why = match error {
            ProgramError::NotStarted { why, .. } => why.to_string(),
            ProgramError::Failed { status, .. } => status.to_string(),
            ProgramError::TimedOut { limit, .. } => format!("it did not end within {} s", limit.as_secs()),
            ProgramError::Cancelled { .. } => "it was ended".to_owned(),
        };
        Failure::new(format!("the password command failed: {why}"), COMMAND_REMEDY)
    })
}

fn read_certificates(path: &Path, fs: &dyn FileSystem) -> Result<String, Failure> {
    let failed = |why: &str| {
        Failure::new(
            format!("cannot read the certificates: {why}"),
            "fix `certificate` in its line of subscriptions.yaml",
        )
    };
    let bytes = fs.read(path, 0).map_err(|error| failed(&io_error_text(&error)))?;
    if bytes.len() > MAX_CERTIFICATES {
        return Err(failed("the file is too large"));
    }
    String::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN")).ok_or_else(|| failed("it is not PEM"))
}
