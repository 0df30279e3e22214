//! The connection to a service: one request after the other through the process that fetches, and its answers through the one that
//! parses.

use std::time::{Duration, Instant};

use url::Url;

use super::super::document_source::ports;
use super::super::environment::{Environment, shown_address};
use super::super::messages::ParseRequest;
use super::super::outcome::Failure;
use super::super::passwords;
use super::super::server_requests::plain_request;
use super::super::workers::{Network, Parser};
use crate::account::{ApiAnswer, ApiDocument, ApiRequest, Marked, NotAnAnswer};
use crate::library::io_error_text;
use crate::net::{Answer, FetchErrorKind, NetworkSettings, Request};
use crate::subscriptions::{Account, ServiceKind};

/// Requests of a sync at most: 40 for articles, as many to look at missing ones, lists in parts, and by the Fever API one for each mark.
const MAX_REQUESTS: usize = 3_000;
/// Longest time of a sync: other subscriptions wait for it.
const MAX_TIME: Duration = Duration::from_secs(600);

/// An open connection to the service of an account.
pub struct Connection<'a> {
    account: &'a Account,
    environment: &'a Environment<'a>,
    network: Network<'a>,
    parser: Parser<'a, Result<ApiAnswer, NotAnAnswer>>,
    certificates: Option<String>,
    begun: Instant,
    /// Requests that were made.
    pub requests: usize,
    /// Bytes of all answers.
    pub bytes: u64,
}

/// An answer whose status is not yet judged.
pub struct Reply {
    /// The head.
    pub answer: Answer,
    /// The body.
    pub body: Vec<u8>,
}

impl<'a> Connection<'a> {
    /// Starts the processes.
    pub fn start(account: &'a Account, environment: &'a Environment<'a>) -> Result<Connection<'a>, Failure> {
        let url = Url::parse(account.server.address.untrusted().trim());
        let settings = NetworkSettings { ports: ports(url.iter()), is_account: true, ..NetworkSettings::default() };
        let network = Network::start(environment.workers, &settings).map_err(|error| {
            let what = format!("the process that fetches cannot be started: {}", io_error_text(&error));
            Failure { is_before_request: true, ..Failure::new(what, "try again") }
        })?;
        let parser = Parser::new(environment.workers);
        let before = |failure| Failure { is_before_request: true, ..failure };
        let certificates = passwords::certificates(&account.server, environment.fs).map_err(before)?;
        let begun = Instant::now();
        Ok(Connection { account, environment, network, parser, certificates, begun, requests: 0, bytes: 0 })
    }

    /// The user and the password, which may take a program: asked for only if the service wants them.
    pub fn login(&mut self) -> Result<(String, String), Failure> {
        let before = |failure| Failure { is_before_request: true, ..failure };
        let read = passwords::credentials(&self.account.server, self.environment.fs).map_err(before)?;
        let missing = || Failure::new("the account has no user", "set `auth` in its line of subscriptions.yaml");
        read.login.ok_or_else(missing)
    }

    /// Makes a request with these headers, and waits for its answer.
    pub fn ask(&mut self, request: ApiRequest, headers: Vec<(String, String)>) -> Result<Reply, Failure> {
        if self.requests >= MAX_REQUESTS || self.begun.elapsed() >= MAX_TIME {
            return Err(Failure::new(
                "the service takes too long",
                "the next sync goes on; nothing that was done is lost",
            ));
        }
        self.requests += 1;
        let base = self.account.server.address.untrusted().trim().trim_end_matches('/');
        let access = &self.account.server.access;
        let own = access.headers.iter().map(|(name, value)| (name.clone(), value.untrusted().to_owned()));
        let headers = own.chain(headers).collect();
        let certificate = self.certificates.clone();
        let request = Request {
            headers,
            certificate,
            is_private: access.is_private,
            is_secret: true,
            form: request.form,
            ..plain_request(self.requests as u64, &format!("{base}{}", request.path), Some(&self.account.server))
        };
        let (response, body) = self.network.fetch_one(request);
        let answer = response.result.map_err(|error| {
            let failure = Failure::of_fetch(&error);
            // Without a network no name is found, and to try again soon asks no server.
            let is_before_request = failure.is_before_request || error.kind == FetchErrorKind::UnknownHost;
            Failure { is_before_request, ..failure }
        })?;
        self.bytes = self.bytes.saturating_add(body.len() as u64);
        Ok(Reply { answer, body })
    }

    /// Reads the document of an answer.
    pub fn read(&mut self, document: ApiDocument, reply: Reply) -> Result<ApiAnswer, Failure> {
        let request = ParseRequest { of_account: Some(document), ..ParseRequest::default() };
        let what = |why: String| {
            let address = shown_address(self.account.server.address.untrusted());
            Failure::new(why, format!("check the address {address}; nothing was changed"))
        };
        match self.parser.parse(&request, reply.body) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error @ NotAnAnswer::Denied)) => Err(denied(error.to_string())),
            Ok(Err(error)) => Err(what(error.to_string())),
            Err(died) => Err(what(format!("the service's answer could not be read: {died}"))),
        }
    }

    /// What to do if there is no API at the address.
    pub fn address_remedy(&self) -> String {
        let address = shown_address(self.account.server.address.untrusted());
        let address = address.as_str().trim_end_matches('/');
        match self.account.service {
            ServiceKind::FreshRss if !address.ends_with(".php") => {
                format!("write `url: {address}/api/greader.php`: the address of the site is not that of its API")
            }
            _ => "check the address, and that the API is switched on at the service".to_owned(),
        }
    }

    /// The failure that an answer is, if its status is not that of a success.
    pub fn check(&self, reply: &Reply) -> Result<(), Failure> {
        let status = reply.answer.status;
        if (200..300).contains(&status) {
            return Ok(());
        }
        let now = (self.environment.clock)();
        let failure = Failure::of_status(&reply.answer, now);
        let failure = failure.unwrap_or_else(|| Failure::new(format!("the service answered {status}"), "try again"));
        Err(match status {
            401 => denied(failure.what),
            403 => Failure { remedy: "switch on the API in the settings of the service".to_owned(), ..failure },
            404 => Failure {
                what: "there is no such API at this address (404)".to_owned(),
                remedy: self.address_remedy(),
                ..failure
            },
            503 if self.account.service == ServiceKind::FreshRss => Failure {
                what: "the API is switched off, or the server is overloaded (503)".to_owned(),
                remedy: "switch on the API of FreshRSS in Settings, Authentication; else try again later".to_owned(),
                ..failure
            },
            _ => failure,
        })
    }
}

/// The failure of a user or password that the service does not accept.
pub fn denied(what: String) -> Failure {
    Failure {
        status: Some(401),
        stops: Some(crate::subscriptions::Stopped::Unauthorised),
        ..Failure::new(what, "check `auth`: services want a password of their own for the API; then sync by name")
    }
}

/// What a failure says about marks: the service refuses this request and may accept others, or it fails.
pub fn refusal(failure: Failure) -> Result<Marked<Failure>, Failure> {
    let is_refusal = matches!(failure.status, Some(400 | 404 | 410 | 413 | 422));
    if is_refusal { Ok(Marked::Refused(failure)) } else { Err(failure) }
}

/// The failure of an answer that is not one to what was asked.
pub fn unexpected() -> Failure {
    Failure::new("the service answered something else than was asked for", "try again; nothing was changed")
}
