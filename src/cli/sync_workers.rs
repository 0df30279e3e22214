//! The confined processes of a sync, which the program starts itself with arguments that are not for users.
//!
//! They run before anything of the user is read: settings, environment and arguments of the command line are not theirs.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{self, ExitCode};
use std::thread;

use crate::confinement::{self, LimitedInput};
use crate::frames;
use crate::net::{self, Environment, Limits, NetworkSettings, Proxies, Request};
use crate::sync::parsing_service;
use crate::sync::workers::{DOWNLOAD_ARGUMENTS, NETWORK_ARGUMENTS, PARSER_ARGUMENTS};

/// CPU time that one document may take, in seconds.
const SECONDS_PER_DOCUMENT: u64 = 10;

/// Runs a confined process if the words after `sync` ask for it. `None` if they do not.
pub fn run(mut words: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let word = words.next()?;
    let is = |arguments: [&str; 2]| arguments.last().is_some_and(|last| word == *last);
    let ended = match () {
        () if is(NETWORK_ARGUMENTS) => network(),
        () if is(PARSER_ARGUMENTS) => parser(),
        () if is(DOWNLOAD_ARGUMENTS) => download(),
        () => return None,
    };
    Some(if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The process that fetches: reads its settings, confines itself, says how, and answers requests.
fn network() -> io::Result<()> {
    // Not locked: requests are read by one thread, and answers written by others.
    let (input, output) = (io::stdin(), io::stdout());
    match confined_for_network()? {
        Some((settings, proxies)) => {
            let limits = if settings.is_account { Limits::of_account() } else { Limits::default() };
            net::serve(input, output, Environment { proxies, limits, ..Environment::default() })
        }
        None => Ok(()),
    }
}

/// Reads the settings of a process that connects, confines it, and says how. Returns them and the proxies of the environment; `None` if there
/// is nothing to do.
fn confined_for_network() -> io::Result<Option<(NetworkSettings, Proxies)>> {
    let Some((settings, _)) = frames::read::<NetworkSettings>(&mut io::stdin())? else { return Ok(None) };
    let proxies = Proxies::from_variables(|name| std::env::var(name).ok());
    let ports: Vec<u16> = settings.ports.iter().copied().chain(proxies.ports()).collect();
    let enforced = confinement::confine_network(&ports);
    frames::write(&mut io::stdout(), &enforced, &[])?;
    Ok(Some((settings, proxies)))
}

/// The process that downloads one document.
fn download() -> io::Result<()> {
    let Some((settings, proxies)) = confined_for_network()? else { return Ok(()) };
    let Some((request, _)) = frames::read::<Request>(&mut io::stdin())? else { return Ok(()) };
    // It ends with the one that asked, also while it waits for the server.
    thread::Builder::new().spawn(|| {
        while io::stdin().read(&mut [0]).is_ok_and(|count| count > 0) {}
        process::exit(0);
    })?;
    let limits = if settings.is_picture { Limits::of_picture() } else { Limits::of_download() };
    let environment = Environment { limits, proxies, ..Environment::default() };
    net::serve_download(request, io::stdout(), &environment)
}

/// A process that parses: confines itself, says how, and answers one document after the other.
fn parser() -> io::Result<()> {
    let mut output = io::stdout().lock();
    let enforced = confinement::confine_parser();
    frames::write(&mut output, &enforced, &[])?;
    parsing_service::serve(LimitedInput::new(io::stdin().lock(), SECONDS_PER_DOCUMENT), output)
}
