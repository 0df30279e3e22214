//! A request on its way through redirects: where it is, what it may send there, and which redirects it follows.

use std::time::Duration;

use url::{Origin, Url};

use crate::feed::is_private_host;

use super::failures;
use super::limits::Limits;
use super::messages::{FetchError, Request};

/// A request on its way.
pub struct Journey {
    /// The request.
    pub request: Request,
    /// The address that is asked next, without user info and fragment.
    pub url: Url,
    /// The time that is left for all further requests.
    pub left: Duration,
    /// The address to which the document moved for good.
    pub moved_to: Option<Url>,
    first: Origin,
    visited: Vec<Url>,
    only_permanent: bool,
}

impl Journey {
    /// The beginning: checks the address, and takes user and password from it.
    pub fn new(mut request: Request, limits: &Limits) -> Result<Journey, FetchError> {
        let mut url = Url::parse(&request.url).map_err(|_| failures::bad_address())?;
        if !is_web(&url) {
            return Err(failures::bad_address());
        }
        let user_info = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
        if request.basic_auth.is_none() && user_info != Default::default() {
            request.basic_auth = Some(user_info);
        }
        strip(&mut url);
        if !request.is_private && has_private_host(&url) {
            return Err(failures::private(&url));
        }
        let first = url.origin();
        Ok(Journey {
            request,
            url,
            left: limits.whole,
            moved_to: None,
            first,
            visited: Vec::new(),
            only_permanent: true,
        })
    }

    /// The host for which the request queues: one at a time for all its ports.
    pub fn host(&self) -> String {
        failures::host(&self.url).trim_end_matches('.').to_owned()
    }

    /// True if this is still the server that the user named: only it gets headers, password and trust in the certificate.
    pub fn is_at_first_origin(&self) -> bool {
        self.url.origin() == self.first
    }

    /// True if a redirect led here.
    pub fn is_redirected(&self) -> bool {
        !self.visited.is_empty()
    }

    /// Goes where a redirect leads, if it may. `location` is relative to the current address.
    pub fn follow(&mut self, status: u16, location: Option<&str>, limits: &Limits) -> Result<(), FetchError> {
        let refuse = |why: &str| Err(failures::redirect(&self.url, why));
        if self.request.form.is_some() {
            return refuse("a form is not sent to another address; set the address to which it leads");
        }
        let Some(location) = location else { return refuse("it has no address that can be used") };
        let Ok(mut to) = self.url.join(location) else { return refuse("it has no address that can be used") };
        if !is_web(&to) {
            return refuse("it leads to an address that is not one of http or https");
        }
        if self.url.scheme() == "https" && to.scheme() == "http" {
            return refuse("it leads from https to http, where others could read and change the answer");
        }
        // User info that a server invents is not sent anywhere.
        strip(&mut to);
        if self.request.is_private && to.origin() != self.first {
            return refuse("it leads from a private server to another server");
        }
        if !self.request.is_private && has_private_host(&to) {
            return refuse("it leads to an address on a private network");
        }
        if to == self.url || self.visited.contains(&to) {
            return refuse("it leads in a circle");
        }
        if self.visited.len() >= limits.redirects {
            return refuse(&format!("there were {} redirects before it", limits.redirects));
        }
        self.only_permanent &= matches!(status, 301 | 308);
        if self.only_permanent {
            self.moved_to = Some(to.clone());
        }
        self.visited.push(std::mem::replace(&mut self.url, to));
        Ok(())
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.port() != Some(0)
}

fn has_private_host(url: &Url) -> bool {
    url.host().is_none_or(|host| is_private_host(&host))
}

/// Removes what is never part of a request line.
fn strip(url: &mut Url) {
    url.set_fragment(None);
    // Errors would mean that the address cannot have user info.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Text without percent encoding (RFC 3986, 2.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::messages::FetchErrorKind;
    use super::*;

    fn journey(url: &str, is_private: bool) -> Result<Journey, FetchError> {
        Journey::new(Request { url: url.to_owned(), is_private, ..Request::default() }, &Limits::default())
    }

    #[test]
    fn addresses_are_checked_before_a_request() {
        use FetchErrorKind::{BadAddress, Private};
        for (url, is_private, expected) in [
            ("https://example.org/feed", false, None),
            ("ftp://example.org/", false, Some(BadAddress)),
            ("file:///etc/passwd", true, Some(BadAddress)),
            ("feed.xml", false, Some(BadAddress)),
            ("", false, Some(BadAddress)),
            ("http://", false, Some(BadAddress)),
            ("http://example.org:0/", false, Some(BadAddress)),
            ("http://127.0.0.1/", false, Some(Private)),
            ("http://2130706433/", false, Some(Private)),
            ("http://[::ffff:10.0.0.1]/", false, Some(Private)),
            ("http://nas.local/", false, Some(Private)),
            ("http://nas.local/", true, None),
            ("http://[::1]:8080/", true, None),
        ] {
            assert_eq!(journey(url, is_private).err().map(|error| error.kind), expected, "{url}");
        }
        let start = journey("https://me%40x:p%3Aw%@example.org/a?b#c", false).unwrap();
        assert_eq!(start.url.as_str(), "https://example.org/a?b");
        assert_eq!(start.request.basic_auth, Some(("me@x".to_owned(), "p:w%".to_owned())));
    }

    #[test]
    fn redirects_are_followed_or_refused() {
        for (url, is_private, location, expected) in [
            ("http://a.example/x/y", false, "z?q#f", Ok("http://a.example/x/z?q")),
            ("http://a.example/", false, "//b.example/", Ok("http://b.example/")),
            ("http://a.example/", false, "https://a.example/", Ok("https://a.example/")),
            ("http://a.example/", false, "http://u:p@b.example/", Ok("http://b.example/")),
            ("https://a.example/", false, "http://a.example/x", Err("from https to http")),
            ("http://a.example/", false, "", Err("in a circle")),
            ("http://a.example/", false, "#x", Err("in a circle")),
            ("http://a.example/", false, "file:///etc/passwd", Err("not one of http")),
            ("http://a.example/", false, "javascript:alert(1)", Err("not one of http")),
            ("http://a.example/", false, "http://", Err("no address")),
            ("http://a.example/", false, "http://127.0.0.1/", Err("private network")),
            ("http://a.example/", false, "http://0x7f.1/", Err("private network")),
            ("http://a.example/", false, "http://localhost/", Err("private network")),
            ("http://a.example/", false, "http://[fd00::1]/", Err("private network")),
            ("http://10.0.0.1/", true, "/x", Ok("http://10.0.0.1/x")),
            ("http://10.0.0.1/", true, "http://10.0.0.1:81/x", Err("another server")),
            ("http://10.0.0.1/", true, "https://10.0.0.1/", Err("another server")),
            ("http://10.0.0.1/", true, "http://b.example/", Err("another server")),
        ] {
            let mut journey = journey(url, is_private).unwrap();
            let result = journey.follow(302, Some(location), &Limits::default());
            match expected {
                Ok(to) => {
                    result.unwrap();
                    assert_eq!(journey.url.as_str(), to);
                }
                Err(part) => {
                    let error = result.unwrap_err();
                    assert_eq!(error.kind, FetchErrorKind::Redirect, "{location}");
                    assert!(error.what.contains(part), "{location}: {}", error.what);
                }
            }
        }
    }

    #[test]
    fn only_moves_for_good_before_any_other_redirect_are_reported() {
        for (statuses, expected) in [
            (&[301, 308][..], Some("http://a.example/2")),
            (&[301, 302, 301], Some("http://a.example/1")),
            (&[302, 301], None),
            (&[307], None),
            (&[], None),
        ] {
            let mut journey = journey("http://a.example/0", false).unwrap();
            for (index, status) in statuses.iter().enumerate() {
                journey.follow(*status, Some(&format!("/{}", index + 1)), &Limits::default()).unwrap();
            }
            assert_eq!(journey.moved_to.as_ref().map(Url::as_str), expected, "{statuses:?}");
        }
        let mut journey = journey("http://a.example/0", false).unwrap();
        for index in 1..=5 {
            journey.follow(302, Some(&format!("/{index}")), &Limits::default()).unwrap();
        }
        assert!(journey.follow(302, Some("/6"), &Limits::default()).unwrap_err().what.contains("5 redirects"));
        assert!(journey.follow(302, Some("/2"), &Limits::default()).unwrap_err().what.contains("circle"));
    }
}
