//! Requests to servers: what the user has set for a subscription goes to its own server only.

use super::passwords::Credentials;
use super::user_agent::user_agent;
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
