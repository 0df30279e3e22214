//! The Google Reader API, as FreshRSS, Miniflux and others speak it: requests, and what their answers say.
//!
//! Where servers differ, a request is one that all of them understand: the token goes into the header and into the form, ids are sent in
//! their short form, one tag in each request, `s=…/read` is never asked for, and everything is never marked as read at once.
//! Sources: <https://www.inoreader.com/developers/>, Miniflux's `googlereader/README.md`, FreshRSS's `greader.php`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::answers::{self, NotAnAnswer, json, list, number, text, text_or_number, title};
use super::labels::LabelNames;
use super::requests::ApiRequest;
use super::service::{Field, ItemState, MarkBatch, ServiceFeed, ServiceItems};
use super::service_id::ServiceId;
use crate::channel::{Content, ContentKind, Enclosure, Item, Source};
use crate::feed::{Tag, UntrustedText};

/// Ids in an answer: Miniflux gives no more.
const IDS_AT_ONCE: &str = "10000";
/// Articles in an answer.
pub const ITEMS_AT_ONCE: usize = 100;
/// Marks in a request.
pub const MARKS_AT_ONCE: usize = 250;
/// Topics and files of an article at most.
const MAX_PARTS: usize = 50;
const READ: &str = "user/-/state/com.google/read";
const STARRED: &str = "user/-/state/com.google/starred";
const LABEL: &str = "user/-/label/";
const ALL: &str = "user/-/state/com.google/reading-list";

/// A part of a list of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdsPage {
    /// The ids.
    pub ids: Vec<ServiceId>,
    /// What to ask the rest of the list with, if there is more.
    pub continuation: Option<String>,
}

/// Which list of ids is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdsList {
    /// Unread articles.
    Unread,
    /// Starred articles.
    Starred,
    /// Articles with a label.
    Label(Tag),
}

/// Asks for the token that all other requests need.
pub fn login(user: &str, password: &str) -> ApiRequest {
    ApiRequest::post("/accounts/ClientLogin", &[("Email", user), ("Passwd", password), ("service", "reader")])
}

/// The token in an answer to [`login`]: lines `NAME=VALUE`.
pub fn auth_of(answer: &[u8]) -> Option<String> {
    let answer = std::str::from_utf8(answer).ok()?;
    let token = answer.lines().find_map(|line| line.strip_prefix("Auth="))?.trim();
    is_token(token).then(|| token.to_owned())
}

/// Asks for the token that changes need.
pub fn token() -> ApiRequest {
    ApiRequest::get("/reader/api/0/token", &[])
}

/// The token in an answer to [`token`].
pub fn token_of(answer: &[u8]) -> Option<String> {
    let token = std::str::from_utf8(answer).ok()?.trim();
    is_token(token).then(|| token.to_owned())
}

/// The header of each request.
pub fn authorization(auth: &str) -> (String, String) {
    ("Authorization".to_owned(), format!("GoogleLogin auth={auth}"))
}

fn is_token(text: &str) -> bool {
    (1..=1_024).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Asks for all feeds.
pub fn feeds() -> ApiRequest {
    ApiRequest::get("/reader/api/0/subscription/list", &[("output", "json")])
}

/// The tag that a label is.
fn label(tag: &Tag) -> String {
    format!("{LABEL}{}", tag.shown())
}

/// Asks for all labels and folders.
pub fn labels() -> ApiRequest {
    ApiRequest::get("/reader/api/0/tag/list", &[("output", "json")])
}

/// Reads an answer to [`labels`]. Only names that the service calls labels are labels: folders have the same form.
pub fn labels_of(answer: &[u8]) -> Result<LabelNames, NotAnAnswer> {
    let answer = json(answer)?;
    let mut names = LabelNames::default();
    for tag in list(&answer, "tags")? {
        let Some((_, name)) = text(tag, "id").split_once("/label/") else { continue };
        match text(tag, "type") {
            "tag" => names.labels.push(name.to_owned()),
            _ => names.folders.push(name.to_owned()),
        }
    }
    Ok(names)
}

/// Asks for a part of a list of ids.
pub fn ids(which: &IdsList, continuation: Option<&str>) -> ApiRequest {
    let stream;
    let mut parameters = vec![("output", "json"), ("n", IDS_AT_ONCE)];
    match which {
        IdsList::Unread => parameters.extend([("s", ALL), ("xt", READ)]),
        IdsList::Starred => parameters.push(("s", STARRED)),
        IdsList::Label(tag) => {
            stream = label(tag);
            parameters.push(("s", &stream));
        }
    }
    parameters.extend(continuation.map(|continuation| ("c", continuation)));
    ApiRequest::get("/reader/api/0/stream/items/ids", &parameters)
}

/// Asks for articles.
pub fn items(ids: &[ServiceId], token: &str) -> ApiRequest {
    let mut form = vec![("T", token), ("output", "json")];
    form.extend(ids.iter().map(|id| ("i", id.as_str())));
    ApiRequest::post("/reader/api/0/stream/items/contents?output=json", &form)
}

/// Sets or removes a mark.
pub fn mark(batch: &MarkBatch, token: &str) -> ApiRequest {
    let tag = match &batch.field {
        Field::Read => READ.to_owned(),
        Field::Starred => STARRED.to_owned(),
        Field::Label(tag) => label(tag),
    };
    let mut form = vec![("T", token), (if batch.is_on { "a" } else { "r" }, tag.as_str())];
    form.extend(batch.ids.iter().map(|id| ("i", id.as_str())));
    ApiRequest::post("/reader/api/0/edit-tag", &form)
}

/// True if an answer says that a change was made.
pub fn is_ok(answer: &[u8]) -> bool {
    answer.trim_ascii() == b"OK"
}

/// True if an answer to [`subscribe`] says that the feed is followed. Some services answer only `OK`.
pub fn is_followed(answer: &[u8]) -> bool {
    is_ok(answer) || json(answer).is_ok_and(|answer| number(&answer, "numResults").is_some_and(|count| count > 0))
}

/// Follows a feed.
pub fn subscribe(address: &str, token: &str) -> ApiRequest {
    ApiRequest::post("/reader/api/0/subscription/quickadd", &[("T", token), ("quickadd", address)])
}

/// Ends following a feed.
pub fn unsubscribe(feed: &str, token: &str) -> ApiRequest {
    let form = [("T", token), ("ac", "unsubscribe"), ("s", feed)];
    ApiRequest::post("/reader/api/0/subscription/edit", &form)
}

/// Reads an answer to [`feeds`].
pub fn feeds_of(answer: &[u8]) -> Result<Vec<ServiceFeed>, NotAnAnswer> {
    let answer = json(answer)?;
    let feeds = list(&answer, "subscriptions")?.iter().filter_map(|feed| {
        let id = text(feed, "id");
        let folders = feed.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let names = folders.iter().map(|folder| match text(folder, "label") {
            "" => text(folder, "id").rsplit_once("/label/").map_or("", |(_, name)| name),
            label => label,
        });
        Some(ServiceFeed {
            id: Some(id).filter(|id| !id.is_empty())?.to_owned(),
            title: title(text(feed, "title")),
            // The id has the address where the service has no numbers.
            address: UntrustedText::new(
                Some(text(feed, "url"))
                    .filter(|url| !url.is_empty())
                    .unwrap_or_else(|| id.strip_prefix("feed/").unwrap_or_default()),
            ),
            folders: names.filter(|name| !name.trim().is_empty()).take(MAX_PARTS).map(title).collect(),
        })
    });
    Ok(feeds.collect())
}

/// Reads an answer to [`ids`]. An id that cannot be read is an error: without it, the list is not complete.
pub fn ids_of(answer: &[u8]) -> Result<IdsPage, NotAnAnswer> {
    let answer = json(answer)?;
    // Some services write `null` for an empty list. Without any, it is not an answer to what was asked.
    let refs = match answer.get("itemRefs") {
        Some(Value::Array(refs)) => refs.as_slice(),
        Some(Value::Null) => &[],
        _ => return Err(NotAnAnswer::Other),
    };
    let id = |one: &Value| text_or_number(one, "id").and_then(|id| ServiceId::parse(&id)).ok_or(NotAnAnswer::Other);
    let continuation = text_or_number(&answer, "continuation").filter(|text| !text.is_empty());
    Ok(IdsPage { ids: refs.iter().map(id).collect::<Result<_, _>>()?, continuation })
}

/// Reads an answer to [`items`].
pub fn items_of(answer: &[u8]) -> Result<ServiceItems, NotAnAnswer> {
    let answer = json(answer)?;
    answers::items(&answer, ITEMS_AT_ONCE, |one, id| {
        let categories = one.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let has = |state: &str| {
            let is = |category: &Value| category.as_str().is_some_and(|category| is_state(category, state));
            categories.iter().any(is)
        };
        let feed = one.get("origin").map(|origin| text(origin, "streamId")).unwrap_or_default().to_owned();
        let item = item_of(one, &id, categories);
        let labels = categories.iter().filter_map(Value::as_str).filter(|name| name.starts_with("user/"));
        let labels = labels.filter_map(|name| Some(name.split_once("/label/")?.1.to_owned())).take(MAX_PARTS).collect();
        (ItemState { id, feed, is_read: has("read"), is_starred: has("starred"), labels }, item)
    })
}

/// True if a category is a state of the user: `user/-/state/com.google/read`, with any user.
fn is_state(category: &str, state: &str) -> bool {
    category.starts_with("user/")
        && category.strip_suffix(state).is_some_and(|start| start.ends_with("/state/com.google/"))
}

fn item_of(one: &Value, id: &ServiceId, categories: &[Value]) -> Item {
    let address = |name: &str| {
        let links = one.get(name).and_then(Value::as_array)?;
        links.iter().map(|link| text(link, "href")).find(|href| !href.is_empty())
    };
    let link = address("canonical").or_else(|| address("alternate"));
    let origin = one.get("origin");
    let base = link.and_then(|link| Url::parse(link).ok());
    let html = |name: &str| one.get(name).map(|of| text(of, "content")).filter(|content| !content.trim().is_empty());
    let content = |text: &str| Content { text: UntrustedText::new(text), kind: ContentKind::Html, base: base.clone() };
    let topics = categories.iter().filter_map(Value::as_str).filter(|name| !name.starts_with("user/"));
    let files = one.get("enclosure").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let enclosure = |file: &Value| {
        let url = Some(text(file, "href")).filter(|href| !href.is_empty())?;
        let media_type = Some(text(file, "type")).filter(|kind| !kind.is_empty()).map(UntrustedText::new);
        let length = number(file, "length").and_then(|length| u64::try_from(length).ok()).filter(|length| *length > 0);
        Some(Enclosure { url: UntrustedText::new(url), media_type, length, duration: None })
    };
    Item {
        guid: Some(UntrustedText::new(id.as_str())),
        title: title(text(one, "title")),
        link: link.map(UntrustedText::new),
        published: answers::date(number(one, "published")),
        authors: answers::authors(text(one, "author")),
        topics: topics.take(MAX_PARTS).map(title).collect(),
        content: html("content").or_else(|| html("summary")).map(content),
        enclosures: files.iter().take(MAX_PARTS).filter_map(enclosure).collect(),
        source: origin.map(|origin| Source {
            title: title(text(origin, "title")),
            link: Some(text(origin, "htmlUrl")).filter(|link| !link.is_empty()).map(UntrustedText::new),
        }),
        line: 1,
        ..Item::default()
    }
}
