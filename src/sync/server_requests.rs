//! Requests to servers: what the user has set for a subscription goes to its own server only.

use url::Url;

use super::page_failure::PageFailure;
use super::passwords::{self, Credentials};
use super::user_agent::user_agent;
use crate::file_system::FileSystem;
use crate::net::Request;
use crate::subscriptions::Subscription;

/// A request without anything that the user has set for a server, except the name of the program.
pub fn plain_request(id: u64, url: &str, subscription: Option<&Subscription>) -> Request {
    let own = subscription.and_then(|subscription| subscription.access.user_agent.clone());
    Request { id, url: url.to_owned(), user_agent: own.unwrap_or_else(user_agent), ..Request::default() }
}

/// A request to the server of a subscription.
pub fn own_request(id: u64, url: &str, subscription: &Subscription, credentials: Credentials) -> Request {
    let access = &subscription.access;
    let headers = access.headers.iter().map(|(name, value)| (name.clone(), value.untrusted().to_owned()));
    Request {
        headers: headers.collect(),
        basic_auth: credentials.login,
        certificate: credentials.certificates,
        is_private: access.is_private,
        ..plain_request(id, url, Some(subscription))
    }
}

/// A request for what an article links to. `subscription` is the one that the article is from.
pub fn request_of_article(
    url: &Url,
    subscription: Option<&Subscription>,
    may_be_private: bool,
    fs: &dyn FileSystem,
) -> Result<Request, PageFailure> {
    let mut request = match subscription.filter(|subscription| is_of_origin(url, subscription)) {
        Some(own) => {
            let credentials = passwords::credentials(own, fs);
            own_request(0, url.as_str(), own, credentials.map_err(|failure| PageFailure::Other(failure.what))?)
        }
        None => plain_request(0, url.as_str(), subscription),
    };
    request.is_private |= may_be_private;
    Ok(request)
}

/// Whether an address is at the server of a subscription.
pub fn is_of_origin(url: &Url, subscription: &Subscription) -> bool {
    let own = Url::parse(subscription.address.untrusted().trim());
    own.is_ok_and(|own| own.origin() == url.origin())
}
