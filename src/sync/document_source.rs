//! Fetches and parses single documents in the confined processes, for what the user asks for: subscribing, and previews.

use std::io;

use serde::de::DeserializeOwned;
use url::Url;

use super::channel_search::DocumentSource;
use super::messages::ParseRequest;
use super::workers::{Network, Parser, ParserDied, Workers};
use crate::channel::NotAChannel;
use crate::library::io_error_text;
use crate::net::{Answer, FetchError, FetchErrorKind, NetworkSettings, Request};

/// Ports of http and https, to which the process that fetches may connect in any case: pages lead there.
const WEB_PORTS: [u16; 2] = [443, 80];

/// Fetches with one confined process and parses with another. `C` is what a channel becomes.
pub struct WorkerSource<'a, C> {
    workers: &'a dyn Workers,
    network: Network<'a>,
    ports: Vec<u16>,
    parser: Parser<'a, Result<C, NotAChannel>>,
    user_agent: String,
    with_text: bool,
    requests: u64,
}

/// The TCP ports to which the process that fetches may connect, so that these addresses can be asked.
pub fn ports<'a>(addresses: impl Iterator<Item = &'a Url>) -> Vec<u16> {
    let mut ports = WEB_PORTS.to_vec();
    ports.extend(addresses.filter_map(Url::port));
    ports.sort_unstable();
    ports.dedup();
    ports
}

impl<'a, C: DeserializeOwned + Send + 'static> WorkerSource<'a, C> {
    /// Starts the process that fetches; it can connect to `ports` only. `with_text`: the plain text of each body is wanted.
    pub fn start(
        workers: &'a dyn Workers,
        ports: Vec<u16>,
        user_agent: &str,
        with_text: bool,
    ) -> io::Result<WorkerSource<'a, C>> {
        let settings = NetworkSettings { ports: ports.clone(), ..NetworkSettings::default() };
        Ok(WorkerSource {
            workers,
            network: Network::start(workers, &settings)?,
            ports,
            parser: Parser::new(workers),
            user_agent: user_agent.to_owned(),
            with_text,
            requests: 0,
        })
    }
}

impl<C> WorkerSource<'_, C> {
    /// Starts the process that fetches again if a page leads to a port that was not asked for until now.
    fn permit_port(&mut self, url: &Url) -> io::Result<()> {
        if let Some(port) = url.port().filter(|port| !self.ports.contains(port)) {
            self.ports.push(port);
            self.network = Network::start(
                self.workers,
                &NetworkSettings { ports: self.ports.clone(), ..NetworkSettings::default() },
            )?;
        }
        Ok(())
    }
}

impl<C: DeserializeOwned + Send + 'static> DocumentSource<C> for WorkerSource<'_, C> {
    fn fetch(&mut self, url: &Url, may_be_private: bool) -> Result<(Answer, Vec<u8>), FetchError> {
        self.requests += 1;
        self.permit_port(url).map_err(|error| FetchError {
            kind: FetchErrorKind::NotStarted,
            what: format!("the process that fetches cannot be started: {}", io_error_text(&error)),
            remedy: String::new(),
        })?;
        let (response, body) = self.network.fetch_one(Request {
            id: self.requests,
            url: url.as_str().to_owned(),
            user_agent: self.user_agent.clone(),
            is_private: may_be_private,
            ..Request::default()
        });
        Ok((response.result?, body))
    }

    fn parse(&mut self, answer: &Answer, base: &Url, body: Vec<u8>) -> Result<Result<C, NotAChannel>, ParserDied> {
        let request = ParseRequest {
            content_type: answer.content_type.clone(),
            content_language: answer.content_language.clone(),
            base: Some(base.as_str().to_owned()),
            is_page: false,
            of_account: None,
            with_text: self.with_text,
        };
        self.parser.parse(&request, body)
    }
}
