//! Looks up the addresses of a host, and lets no request for a public address reach a private one.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use url::{Host, Url};

use crate::feed::is_private_address;

use super::failures;
use super::messages::FetchError;

/// Looks up names. Tests have a resolver of their own.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of a name.
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError>;

    /// Where the connection to an address is made, after the address was checked: there. Tests lead it to a server on loopback.
    fn destination(&self, address: SocketAddr) -> SocketAddr {
        address
    }
}

/// Why a name has no addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The name does not exist.
    #[error("the name is not known")]
    Unknown,
    /// No server for names answers.
    #[error("no name server answers")]
    NoNetwork,
}

/// The resolver of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        match (name, 0).to_socket_addrs() {
            Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect()),
            Err(error) => Err(kind_of(&error.to_string())),
        }
    }
}

/// The standard library gives the error of `getaddrinfo` only as a text: that of glibc or musl for `EAI_AGAIN` says that no server
/// answered, or that one failed.
fn kind_of(message: &str) -> ResolveError {
    let is_temporary = ["Temporary failure", "Try again", "try again"].iter().any(|text| message.contains(text));
    if is_temporary { ResolveError::NoNetwork } else { ResolveError::Unknown }
}

/// The addresses to which a request for `url` may connect: all of a private subscription, else only public ones. The connection is
/// made to exactly these: a second look-up, with another answer, does not happen.
pub fn checked_addresses(
    resolver: &Arc<dyn Resolve>,
    url: &Url,
    may_be_private: bool,
    timeout: Duration,
) -> Result<Vec<SocketAddr>, FetchError> {
    let addresses = addresses(resolver, url, timeout)?;
    let may_use = |address: &IpAddr| may_be_private || !is_private_address(*address);
    let port = url.port_or_known_default().ok_or_else(failures::bad_address)?;
    let has_any = !addresses.is_empty();
    let allowed: Vec<SocketAddr> = addresses
        .into_iter()
        .filter(may_use)
        .map(|address| resolver.destination(SocketAddr::new(address, port)))
        .collect();
    match (allowed.is_empty(), has_any) {
        (false, _) => Ok(allowed),
        (true, true) => Err(failures::private(url)),
        (true, false) => Err(failures::unknown_host(failures::host(url))),
    }
}

/// The addresses of the host of `url`. A look-up cannot be cancelled, so it has a thread, which ends by itself.
fn addresses(resolver: &Arc<dyn Resolve>, url: &Url, timeout: Duration) -> Result<Vec<IpAddr>, FetchError> {
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return Ok(vec![address.into()]),
        Some(Host::Ipv6(address)) => return Ok(vec![address.into()]),
        Some(Host::Domain(name)) => name.to_owned(),
        None => return Err(failures::bad_address()),
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    let (resolver, looked_up) = (Arc::clone(resolver), name.clone());
    let started = thread::Builder::new().name("resolver".to_owned()).spawn(move || {
        // The receiver is gone if the look-up took too long.
        let _ = sender.send(resolver.resolve(&looked_up));
    });
    if started.is_err() {
        return Err(failures::unreachable(&name, "the system lets no thread start"));
    }
    match receiver.recv_timeout(timeout) {
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(ResolveError::Unknown)) => Err(failures::unknown_host(&name)),
        Ok(Err(ResolveError::NoNetwork)) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(failures::no_network(&name))
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(failures::timeout(&name, "its name was not found", timeout.as_secs_f64()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_distinguished() {
        let start = "failed to lookup address information: ";
        for (message, expected) in [
            ("Name or service not known", ResolveError::Unknown),
            ("No address associated with hostname", ResolveError::Unknown),
            ("Name does not resolve", ResolveError::Unknown),
            ("nodename nor servname provided, or not known", ResolveError::Unknown),
            ("Temporary failure in name resolution", ResolveError::NoNetwork),
            ("Try again", ResolveError::NoNetwork),
        ] {
            assert_eq!(kind_of(&format!("{start}{message}")), expected, "{message}");
        }
    }
}
