//! `frontpage preview URL`: fetches a channel and reads it, both in confined processes. Writes nothing.

use url::Url;

use super::error::CliError;
use crate::digest::PreparedChannel;
use crate::feed::{SafeText, clean};
use crate::sync::channel_search::{NamedChannel, Search, SearchResult};
use crate::sync::document_source::{WorkerSource, ports};
use crate::sync::workers::ChildWorkers;
use crate::sync::{entered_address, shown_address, user_agent};

/// Channels of a page that a message lists.
const MAX_LISTED_CHANNELS: usize = 20;

/// A channel that was fetched.
pub struct FetchedChannel {
    /// The channel.
    pub channel: PreparedChannel,
    /// Its address, without secrets.
    pub address: SafeText,
    /// True if the page at the address that was entered led to it.
    pub is_found: bool,
}

/// Fetches the channel of an address, or the one that its page names. `is_private`: the server may be on a private network.
pub fn fetch(address: &str, is_private: bool) -> Result<FetchedChannel, CliError> {
    let entered = entered_address::read(address).map_err(|error| CliError::new(&error.to_string()))?;
    let (asked, shown) = (entered.url.clone(), shown_address(entered.url.as_str()));
    let failed = |error: std::io::Error| CliError::new(&format!("the process that fetches cannot be started: {error}"));
    let workers = ChildWorkers::new().map_err(failed)?;
    let mut source: WorkerSource<PreparedChannel> =
        WorkerSource::start(&workers, ports(std::iter::once(&asked)), &user_agent(), true).map_err(failed)?;
    let mut search = Search::new(&mut source, &|_: &Url| false, entered, is_private);
    match search.run() {
        SearchResult::Found(found) => Ok(FetchedChannel {
            address: shown_address(found.url.as_str()),
            is_found: found.url != asked,
            channel: found.channel,
        }),
        SearchResult::Several(channels) => Err(choice(&channels, &shown, search.is_public())),
        SearchResult::Failed(failure) => {
            let error = CliError::new(&format!("{shown}: {}", failure.problem()));
            let remedy = failure.remedy();
            Err(if remedy.is_empty() { error } else { error.hint(remedy.as_str()) })
        }
        // Nothing counts as known.
        SearchResult::Known(url) => Err(CliError::new(&shown_address(url.as_str()).to_string())),
    }
}

/// The error for a page with several channels: the command for each.
fn choice(channels: &[NamedChannel], page: &SafeText, is_public: bool) -> CliError {
    let mut error = CliError::new(&format!("{page} names these channels; preview one of them:"));
    for channel in channels.iter().take(MAX_LISTED_CHANNELS) {
        let shown = shown_address(channel.url.as_str());
        let address = if is_public { channel.url.as_str() } else { shown.as_str() };
        let command = format!("frontpage preview {}    {}", shell_words::quote(address), channel.title);
        error = error.hint(clean::plain_line(&command).as_str());
    }
    match channels.len().saturating_sub(MAX_LISTED_CHANNELS) {
        0 => error,
        more => error.hint(&format!("and {more} more")),
    }
}
