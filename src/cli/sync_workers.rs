//! The confined processes of a sync, `frontpage sync --network` and `frontpage sync --digest`, which the program starts itself.
//!
//! They run before anything of the user is read: settings, environment and arguments of the command line are not theirs.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use url::Url;

use crate::confinement;
use crate::frames;
use crate::net::NetworkSettings;
use crate::sync::workers::{NETWORK_ARGUMENTS, PARSER_ARGUMENTS};

/// CPU time that one document may take, in seconds.
const SECONDS_PER_DOCUMENT: u64 = 10;

/// Runs a confined process if the words after `sync` ask for it. `None` if they do not.
pub fn run(mut words: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let word = words.next()?;
    let is = |arguments: [&str; 2]| arguments.last().is_some_and(|last| word == *last);
    let ended = match () {
        () if is(NETWORK_ARGUMENTS) => network(),
        () if is(PARSER_ARGUMENTS) => parser(),
        () => return None,
    };
    Some(if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The process that fetches: reads its settings, confines itself, says how, and answers requests.
fn network() -> io::Result<()> {
    // Not locked: requests and answers are read and written by different threads.
    let (mut input, mut output) = (io::stdin(), io::stdout());
    let Some((settings, _)) = frames::read::<NetworkSettings>(&mut input)? else { return Ok(()) };
    let ports: Vec<u16> = settings.ports.iter().copied().chain(proxy_ports()).collect();
    let enforced = confinement::confine_network(&ports);
    frames::write(&mut output, &enforced, &[])?;
    // Until `net` serves: nothing is answered.
    while frames::read::<crate::net::Request>(&mut input)?.is_some() {}
    Ok(())
}

/// The ports of the proxies that the environment names.
fn proxy_ports() -> Vec<u16> {
    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    names.iter().filter_map(|name| proxy_port(std::env::var(name).ok()?.trim())).collect()
}

/// The port of a proxy such as `http://user:password@proxy.example:3128` or `proxy.example:3128`.
fn proxy_port(proxy: &str) -> Option<u16> {
    let with_scheme = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    let url = Url::parse(&with_scheme).ok()?;
    let usual = if url.scheme().starts_with("socks") { Some(1080) } else { None };
    url.port_or_known_default().or(usual)
}

/// A process that parses: confines itself, says how, and answers one document after the other.
fn parser() -> io::Result<()> {
    let mut output = io::stdout().lock();
    let enforced = confinement::confine_parser();
    frames::write(&mut output, &enforced, &[])?;
    let mut input = Limited { input: io::stdin().lock() };
    // Until `sync::parsing_service` serves: nothing is answered.
    while frames::read::<crate::sync::messages::ParseRequest>(&mut input)?.is_some() {}
    output.flush()
}

/// An input that allows [`SECONDS_PER_DOCUMENT`] of CPU time from each read on. A document is parsed after its last read.
struct Limited<R> {
    input: R,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        confinement::arm_cpu_limit(SECONDS_PER_DOCUMENT);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_proxy_is_found() {
        for (proxy, port) in [
            ("http://proxy.example:3128", Some(3128)),
            ("http://user:p%40ss@proxy.example:8080/", Some(8080)),
            ("proxy.example:3128", Some(3128)),
            ("proxy.example", Some(80)),
            ("https://proxy.example", Some(443)),
            ("socks5://[::1]", Some(1080)),
            ("socks5h://127.0.0.1:9050", Some(9050)),
            ("", None),
            ("http://", None),
        ] {
            assert_eq!(proxy_port(proxy), port, "{proxy}");
        }
    }
}
