//! The failures of a request in words: what happened, at which host, and what the user can do.

use url::Url;

use super::messages::{FetchError, FetchErrorKind};

/// A failure with its words.
pub fn failure(kind: FetchErrorKind, what: String, remedy: &str) -> FetchError {
    FetchError { kind, what, remedy: remedy.to_owned() }
}

/// The host of an address, without all that may be secret.
pub fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// The address is not one of http or https with a host.
pub fn bad_address() -> FetchError {
    let what = "the address is not one of http or https with a host".to_owned();
    failure(FetchErrorKind::BadAddress, what, "write it as https://example.org/feed.xml")
}

/// A header that the user sets cannot be sent.
pub fn bad_header(url: &Url) -> FetchError {
    let what = format!("a header for {} has a character that cannot be sent", host(url));
    failure(FetchErrorKind::BadAddress, what, "write `headers:` and `user agent:` in printable ASCII")
}

/// The certificate that the user sets is not one.
pub fn bad_certificate(url: &Url) -> FetchError {
    let what = format!("the file of `certificate:` for {} has no certificate in PEM", host(url));
    failure(FetchErrorKind::BadAddress, what, "it must contain a part `-----BEGIN CERTIFICATE-----`")
}

/// The host is on a private network.
pub fn private(url: &Url) -> FetchError {
    let what = format!("{} is an address on a private network", host(url));
    failure(FetchErrorKind::Private, what, "add `private: true` to the subscription if it is yours")
}

/// A password would go to a public server without encryption.
pub fn unencrypted(url: &Url) -> FetchError {
    let what = format!("the password would be sent to {} without encryption", host(url));
    failure(FetchErrorKind::BadAddress, what, "write https:// in its address")
}

/// The name has no address.
pub fn unknown_host(name: &str) -> FetchError {
    let what = format!("the host {name} is not known");
    failure(FetchErrorKind::UnknownHost, what, "check the address for a typing error; the site may be gone")
}

/// No name can be looked up, or no address can be reached.
pub fn no_network(name: &str) -> FetchError {
    let what = format!("no name server answers, or there is no network: {name} cannot be reached");
    failure(FetchErrorKind::NoNetwork, what, "check the connection of this computer")
}

/// The server does not take the connection, or drops it.
pub fn unreachable(name: &str, why: &str) -> FetchError {
    let what = format!("{name} cannot be reached: {why}");
    failure(FetchErrorKind::Unreachable, what, "the server may be down; it is asked again later")
}

/// A phase of the request took too long.
pub fn timeout(name: &str, phase: &str, seconds: f64) -> FetchError {
    let seconds = (seconds * 10.0).round() / 10.0;
    let what = format!("{name} took too long: {phase} within {seconds} s");
    failure(FetchErrorKind::Timeout, what, "the server may be slow today; it is asked again later")
}

/// The answer is too long.
pub fn too_large(name: &str, what: &str) -> FetchError {
    let what = format!("the answer of {name} has {what}");
    failure(FetchErrorKind::TooLarge, what, "check that the address is one of a channel")
}

/// The body ended too early.
pub fn truncated(name: &str) -> FetchError {
    let what = format!("the answer of {name} ended before it was complete");
    failure(FetchErrorKind::Truncated, what, "no part of it is used; it is asked again later")
}

/// The answer is not HTTP.
pub fn protocol(name: &str, why: &str) -> FetchError {
    let what = format!("the answer of {name} cannot be read: {why}");
    failure(FetchErrorKind::Protocol, what, "check that the address and its port are those of a web server")
}

/// A redirect is not followed.
pub fn redirect(from: &Url, why: &str) -> FetchError {
    let what = format!("a redirect of {} is not followed: {why}", host(from));
    failure(FetchErrorKind::Redirect, what, "open the address in a browser, and subscribe to where it leads")
}

/// The proxy of the environment cannot be used.
pub fn bad_proxy() -> FetchError {
    let what = "the proxy in the environment is not one of http or https".to_owned();
    failure(FetchErrorKind::BadAddress, what, "set HTTPS_PROXY to an address such as http://proxy.example.org:8080")
}

/// A failure on the way to a server through the proxy of the environment: the cause may be either of them.
pub fn through_proxy(error: FetchError) -> FetchError {
    let kind = match error.kind {
        // The name is that of the proxy, and says nothing about the server.
        FetchErrorKind::UnknownHost => FetchErrorKind::Unreachable,
        kind => kind,
    };
    let what = format!("through the proxy of the environment: {}", error.what);
    failure(kind, what, "check the variables HTTPS_PROXY and HTTP_PROXY; the server may be down as well")
}

/// The connection cannot be trusted; `cause` is what the library for TLS says.
pub fn tls(name: &str, cause: &str) -> FetchError {
    const OWN: &str = "for a server of yours, name its certificate with `certificate:` in subscriptions.yaml";
    let has = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    let (why, remedy) = if has(&["NotValidYet", "not valid yet", "not yet valid"]) {
        ("is not valid yet", "check the clock of this computer; else the owner of the site must renew it")
    } else if has(&["Expired", "expired"]) {
        ("has expired", "check the clock of this computer; else the owner of the site must renew it")
    } else if has(&["NotValidForName", "not valid for name"]) {
        ("is for another name", "check the address; the site may have moved")
    } else if has(&["CaUsedAsEndEntity"]) {
        // What `openssl req -x509` makes by default.
        ("is one of an authority, not of a server", "for a server of yours, make one with `basicConstraints=CA:FALSE`")
    } else if has(&["UnknownIssuer"]) {
        ("is signed by itself or by an unknown authority", OWN)
    } else if has(&["Revoked"]) {
        ("was revoked", "the owner of the site must replace it")
    } else if has(&["InvalidCertificate", "invalid peer certificate"]) {
        ("cannot be verified", OWN)
    } else {
        let what =
            format!("no encrypted connection with {name}: the answer of the server is not one of TLS 1.2 or 1.3");
        return failure(FetchErrorKind::Tls, what, "check that the port is one of https; the server may be too old");
    };
    failure(FetchErrorKind::Tls, format!("the certificate of {name} {why}"), remedy)
}
