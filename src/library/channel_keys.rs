//! Reads the keys of front matter that articles of channels have: their enclosures, their comments, and the address of the
//! channel.

use super::article_parts;
use super::front_matter_fields::{Fields, Item};
use crate::feed::enclosure::MAX_ENCLOSURES;
use crate::feed::{Address, Enclosure, Field, Link, Problem, Refusal, SafeText};

/// The enclosures, each once.
pub fn enclosures(fields: &Fields, problems: &mut Vec<Problem>) -> Vec<Enclosure> {
    let mut enclosures: Vec<Enclosure> = Vec::new();
    for item in Field::Enclosures.keys().iter().flat_map(|key| fields.items(key)) {
        let found = match item {
            Item::Text(text) if text.trim().is_empty() => continue,
            Item::Text(text) => {
                Ok(Enclosure { link: Link::read(text), media_type: SafeText::default(), length: None, duration: None })
            }
            Item::Map(map) => map.link("url", problems).ok_or_else(|| map.own_position()).map(|link| Enclosure {
                link,
                media_type: map.shown(&["type"]).unwrap_or_default(),
                length: map.number("length", problems).and_then(|bytes| u64::try_from(bytes).ok()),
                duration: map.number("duration", problems).and_then(|seconds| u32::try_from(seconds).ok()),
            }),
            Item::Other(at) => Err(at),
        };
        let enclosure = match found {
            Ok(enclosure) => enclosure,
            Err(at) => {
                problems.push(Problem::warning(at, "this enclosure has no address", "ignored; add a `url`"));
                continue;
            }
        };
        if !article_parts::add_enclosure(&mut enclosures, enclosure) {
            let what = format!("more than {MAX_ENCLOSURES} enclosures; only the first are read");
            problems.push(Problem::warning(fields.position("enclosures"), &what, "shorten the list"));
            break;
        }
    }
    enclosures
}

/// The link to the comments. In files of other tools, `comments` may say that they are open, or hold them.
pub fn comments(fields: &Fields, problems: &mut Vec<Problem>) -> Option<Link> {
    let mut found = Field::Comments.keys().iter().filter_map(|key| fields.link(key, problems));
    found.find(|link| !link.is_relative())
}

/// The address of the channel. In files of other tools, `feed` may say that a page is in a channel, or hold settings.
pub fn channel_address(fields: &Fields, problems: &mut Vec<Problem>) -> SafeText {
    for key in Field::Feed.keys() {
        match fields.text(key).map(|text| Address::of_channel(&text)) {
            Some(Ok(address)) => return address.shown(),
            None | Some(Err(Refusal::Relative)) => {}
            Some(Err(why)) => {
                let what = format!("`{key}`: {why}");
                problems.push(Problem::warning(fields.position(key), &what, "ignored; write an http or https address"));
            }
        }
    }
    SafeText::default()
}
