//! How a channel passes between processes. The reading side trusts nothing: lists have a limit, and words of the program are
//! cleaned again.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::NamedLink;
use super::draft::MAX_PARTS;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::frames;

/// Longest text in words of the program, in bytes.
const MAX_WORDS: usize = 1_000;

/// Reads parts of an item, such as its authors.
pub(crate) fn parts<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    frames::at_most::<MAX_PARTS, T, D>(from)
}

impl<'de> Deserialize<'de> for NamedLink {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<NamedLink, D::Error> {
        #[derive(Deserialize)]
        struct SentLink {
            name: String,
            url: UntrustedText,
        }

        let SentLink { name, url } = SentLink::deserialize(from)?;
        let name = NamedLink::NAMES.into_iter().find(|known| *known == name);
        Ok(NamedLink { name: name.ok_or_else(|| D::Error::custom("not the name of a link"))?, url })
    }
}

/// A line in words of the program.
pub mod words {
    use super::*;

    /// Writes it.
    pub(crate) fn serialize<S: Serializer>(text: &SafeText, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text.as_str())
    }

    /// Reads it, and cleans and cuts it.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SafeText, D::Error> {
        let text = String::deserialize(from)?;
        Ok(clean::plain_line(text.get(..text.floor_char_boundary(MAX_WORDS)).unwrap_or_default()))
    }
}

/// A web page that is not a channel.
pub mod page {
    use url::Url;

    use super::*;
    use crate::html::{ChannelLink, Page};

    /// Channels of one page.
    const MAX_CHANNELS: usize = 64;

    #[derive(Serialize, Deserialize)]
    struct SentPage {
        title: String,
        #[serde(deserialize_with = "channels")]
        channels: Vec<SentChannel>,
        asks_for_password: bool,
    }

    #[derive(Serialize, Deserialize)]
    struct SentChannel {
        url: String,
        title: String,
        media_type: String,
    }

    fn channels<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SentChannel>, D::Error> {
        frames::at_most::<MAX_CHANNELS, SentChannel, D>(from)
    }

    /// Writes it.
    pub(crate) fn serialize<S: Serializer>(page: &Page, to: S) -> Result<S::Ok, S::Error> {
        let sent = |link: &ChannelLink| SentChannel {
            url: link.url.to_string(),
            title: link.title.clone(),
            media_type: link.media_type.clone(),
        };
        let channels = page.channels.iter().map(sent).collect();
        let sent = SentPage { title: page.title.clone(), channels, asks_for_password: page.asks_for_password };
        sent.serialize(to)
    }

    /// Reads it. Channels that have no address of http or https are an error.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Page, D::Error> {
        let SentPage { title, channels, asks_for_password } = SentPage::deserialize(from)?;
        let link = |SentChannel { url, title, media_type }| {
            let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let url = url.ok_or_else(|| D::Error::custom("not the address of a channel"))?;
            Ok(ChannelLink { url, title, media_type })
        };
        let channels = channels.into_iter().map(link).collect::<Result<Vec<ChannelLink>, D::Error>>()?;
        Ok(Page { title, channels, asks_for_password })
    }
}
