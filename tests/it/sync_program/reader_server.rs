//! A reader service on loopback that speaks the Google Reader API as FreshRSS or as Miniflux does, or the Fever API, with their quirks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::harness::web_server::{Received, Reply, WebServer};

pub const USER: &str = "me";
pub const PASSWORD: &str = "a secret & more";

/// Whose manners the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    FreshRss,
    Miniflux,
    Fever,
}

impl Manner {
    pub const ALL: [Manner; 3] = [Manner::FreshRss, Manner::Miniflux, Manner::Fever];

    /// The name of the service in `account add`.
    pub fn service(self) -> &'static str {
        match self {
            Manner::FreshRss => "freshrss",
            Manner::Miniflux => "miniflux",
            Manner::Fever => "fever",
        }
    }

    /// The path of the API.
    pub fn path(self) -> &'static str {
        match self {
            Manner::FreshRss => "/api/greader.php",
            Manner::Miniflux => "",
            Manner::Fever => "/fever",
        }
    }
}

#[derive(Clone, Debug)]
pub struct ServerItem {
    pub feed: u32,
    pub title: String,
    pub link: String,
    /// In seconds since 1970.
    pub published: i64,
    pub html: String,
    pub is_read: bool,
    pub is_starred: bool,
}

/// What the service has.
#[derive(Default)]
pub struct Account {
    /// Title and folder of each feed.
    pub feeds: BTreeMap<u32, (String, String)>,
    /// Addresses of feeds, where they matter.
    pub addresses: BTreeMap<u32, String>,
    pub items: BTreeMap<i64, ServerItem>,
    /// Tokens that are valid.
    pub tokens: BTreeSet<String>,
    pub logins: usize,
    /// The most ids in an answer.
    pub page: usize,
    /// What answers in place of the service, if anything does.
    pub broken: Option<(String, Reply)>,
    /// The articles of each label; only FreshRSS has them.
    pub labels: BTreeMap<String, BTreeSet<i64>>,
    /// Articles whose marks are refused.
    pub refused: BTreeSet<i64>,
    /// Changes of feeds that were asked for.
    pub changes: Vec<String>,
}

impl Account {
    fn address(&self, feed: u32) -> String {
        self.addresses.get(&feed).cloned().unwrap_or_else(|| format!("https://site.example/{feed}.xml"))
    }
}

/// The service.
pub struct ReaderServer {
    pub manner: Manner,
    account: Arc<Mutex<Account>>,
}

impl ReaderServer {
    /// Lets a web server be the service.
    pub fn new(server: &WebServer, manner: Manner) -> ReaderServer {
        let mut account = Account { page: 10_000, ..Account::default() };
        account.feeds = BTreeMap::from([
            (1, ("Tea &amp; more".to_owned(), "Drinks".to_owned())),
            (2, ("Stones".to_owned(), "Earth".to_owned())),
        ]);
        let account = Arc::new(Mutex::new(account));
        let shared = Arc::clone(&account);
        server.route_fn("*", move |request| answer(manner, &mut shared.lock().expect("a lock"), request));
        ReaderServer { manner, account }
    }

    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().expect("a lock")
    }

    /// Adds an unread article.
    pub fn add(&self, id: i64, feed: u32, title: &str) {
        self.add_article(id, feed, title, &format!("https://site.example/{id}"), 1_790_000_000 + id);
    }

    /// Adds an unread article with a link and a time in seconds since 1970.
    pub fn add_article(&self, id: i64, feed: u32, title: &str, link: &str, published: i64) {
        let (title, html) = (title.to_owned(), format!("<p>Text of <b>{title}</b></p>"));
        let link = link.to_owned();
        let item = ServerItem { feed, title, link, published, html, is_read: false, is_starred: false };
        self.account().items.insert(id, item);
    }

    /// The marks of an article: read, starred.
    pub fn marks(&self, id: i64) -> (bool, bool) {
        let account = self.account();
        let item = account.items.get(&id).expect("an article");
        (item.is_read, item.is_starred)
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn answer(manner: Manner, account: &mut Account, request: &Received) -> Reply {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let Some(path) = path.strip_prefix(manner.path()) else { return Reply::status(404) };
    let form = pairs(std::str::from_utf8(&request.body).expect("a form"));
    if let Some((broken, reply)) = account.broken.clone().filter(|(part, _)| request.path.contains(part.as_str())) {
        let _ = broken;
        return reply;
    }
    if manner == Manner::Fever {
        return fever(account, query, &form);
    }
    let given = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if path == "/accounts/ClientLogin" {
        if (given("Email"), given("Passwd")) != (Some(USER), Some(PASSWORD)) {
            return Reply::status(401).body("Error=BadAuthentication\n");
        }
        account.logins += 1;
        let token = format!("{USER}/token{}", account.logins);
        account.tokens.insert(token.clone());
        return Reply::ok(format!("SID={token}\nLSID=null\nAuth={token}\n"));
    }
    let auth = request.header("Authorization").and_then(|value| value.strip_prefix("GoogleLogin auth="));
    let has_header = auth.is_some_and(|token| account.tokens.contains(token));
    let has_form = given("T").is_some_and(|token| token.strip_prefix("t:").is_some_and(|t| account.tokens.contains(t)));
    let is_post = request.method == "POST";
    let may = match (manner, is_post) {
        // The header is ignored in posts.
        (Manner::Miniflux, true) => has_form,
        (_, true) => has_header && has_form,
        (_, false) => has_header,
    };
    if !may {
        return Reply::status(401).header("Google-Bad-Token", "true").body("Unauthorized");
    }
    let query = pairs(query);
    match path {
        "/reader/api/0/token" => Reply::ok(format!("t:{}\n", auth.unwrap_or_default())),
        "/reader/api/0/subscription/list" => Reply::ok(feeds(account).to_string()),
        "/reader/api/0/tag/list" if manner == Manner::FreshRss => {
            let tag = |name: &String, kind: &str| json!({"id": format!("user/-/label/{name}"), "type": kind});
            let folders = account.feeds.values().map(|(_, folder)| tag(folder, "folder"));
            let labels = account.labels.keys().map(|name| tag(name, "tag"));
            Reply::ok(json!({"tags": folders.chain(labels).collect::<Vec<_>>()}).to_string())
        }
        "/reader/api/0/stream/items/ids" => ids(manner, account, &query),
        "/reader/api/0/stream/items/contents" if is_post => contents(account, &form),
        "/reader/api/0/edit-tag" if is_post => edit_tag(manner, account, &form),
        "/reader/api/0/subscription/quickadd" | "/reader/api/0/subscription/edit" if is_post => {
            let words = form.iter().filter(|(name, _)| name != "T").map(|(name, value)| format!("{name}={value}"));
            account.changes.push(words.collect::<Vec<_>>().join(" "));
            Reply::ok("OK")
        }
        // Miniflux answers what it does not know with an empty list.
        _ if manner == Manner::Miniflux => Reply::ok("[]"),
        _ => Reply::status(400),
    }
}

fn feeds(account: &Account) -> Value {
    let feed = |(id, (title, folder)): (&u32, &(String, String))| {
        json!({
            "id": format!("feed/{id}"), "title": title, "url": account.address(*id),
            "htmlUrl": "https://site.example/",
            "categories": [{"id": format!("user/-/label/{folder}"), "label": folder}],
        })
    };
    json!({"subscriptions": account.feeds.iter().map(feed).collect::<Vec<_>>()})
}

fn ids(manner: Manner, account: &Account, query: &[(String, String)]) -> Reply {
    let given = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let stream = given("s").unwrap_or_default();
    let label = stream.strip_prefix("user/-/label/").map(|name| account.labels.get(name).expect("a label"));
    let is_wanted = |id: i64, item: &ServerItem| {
        let is_excluded = given("xt") == Some("user/-/state/com.google/read") && item.is_read;
        let is_in = match stream {
            "user/-/state/com.google/starred" => item.is_starred,
            _ if label.is_some() => label.is_some_and(|ids| ids.contains(&id)),
            // FreshRSS knows no list of read articles, and answers with all.
            _ => true,
        };
        is_in && !is_excluded && account.feeds.contains_key(&item.feed)
    };
    let all: Vec<i64> =
        account.items.iter().rev().filter(|(id, item)| is_wanted(**id, item)).map(|(id, _)| *id).collect();
    let n = given("n").and_then(|n| n.parse().ok()).unwrap_or(20).min(account.page);
    let after = given("c");
    // FreshRSS goes on behind an article, Miniflux at a number.
    let from = match (manner, after) {
        (_, None) => 0,
        (Manner::Miniflux, Some(number)) => number.parse().expect("a number"),
        (_, Some(id)) => all.iter().position(|known| known.to_string() == id).map_or(0, |at| at + 1),
    };
    let part: Vec<i64> = all.iter().skip(from).take(n).copied().collect();
    let refs: Vec<Value> = part.iter().map(|id| json!({"id": id.to_string()})).collect();
    let mut answer = json!({"itemRefs": refs});
    if from + part.len() < all.len() {
        let next = match manner {
            Manner::Miniflux => (from + part.len()).to_string(),
            _ => part.last().expect("an article").to_string(),
        };
        answer["continuation"] = json!(next);
    }
    Reply::ok(answer.to_string())
}

fn number(id: &str) -> Option<i64> {
    match id.strip_prefix("tag:google.com,2005:reader/item/") {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => id.parse().ok(),
    }
}

fn contents(account: &Account, form: &[(String, String)]) -> Reply {
    let wanted = form.iter().filter(|(name, _)| name == "i").filter_map(|(_, id)| number(id));
    let item = |id: i64| {
        let item = account.items.get(&id).filter(|item| account.feeds.contains_key(&item.feed))?;
        let mut categories = vec!["user/-/state/com.google/reading-list".to_owned(), "a topic".to_owned()];
        categories.extend(item.is_read.then(|| "user/-/state/com.google/read".to_owned()));
        categories.extend(item.is_starred.then(|| "user/-/state/com.google/starred".to_owned()));
        categories.push(format!("user/-/label/{}", account.feeds[&item.feed].1));
        let labels = account.labels.iter().filter(|(_, ids)| ids.contains(&id));
        categories.extend(labels.map(|(name, _)| format!("user/-/label/{name}")));
        Some(json!({
            "id": format!("tag:google.com,2005:reader/item/{id:016x}"),
            "crawlTimeMsec": "1790000000000", "timestampUsec": id.to_string(), "published": item.published,
            "title": item.title, "author": "Ann",
            "canonical": [{"href": item.link}],
            "alternate": [{"href": item.link, "type": "text/html"}],
            "categories": categories,
            "origin": {"streamId": format!("feed/{}", item.feed), "title": account.feeds[&item.feed].0, "htmlUrl": "https://site.example/"},
            "summary": {"content": item.html},
        }))
    };
    Reply::ok(json!({"id": "x", "updated": 1, "items": wanted.filter_map(item).collect::<Vec<_>>()}).to_string())
}

fn edit_tag(manner: Manner, account: &mut Account, form: &[(String, String)]) -> Reply {
    let mut add: Vec<&str> = form.iter().filter(|(name, _)| name == "a").map(|(_, tag)| tag.as_str()).collect();
    let remove: Vec<&str> = form.iter().filter(|(name, _)| name == "r").map(|(_, tag)| tag.as_str()).collect();
    if manner == Manner::FreshRss {
        // Of several tags, only the last counts.
        add = add.into_iter().next_back().into_iter().collect();
    }
    let ids: Vec<Option<i64>> = form.iter().filter(|(name, _)| name == "i").map(|(_, id)| number(id)).collect();
    if ids.iter().flatten().any(|id| account.refused.contains(id)) {
        return Reply::status(400);
    }
    if manner == Manner::Miniflux && ids.iter().any(Option::is_none) {
        return Reply::status(400);
    }
    for item in ids.into_iter().flatten() {
        for (tags, is_on) in [(&add, true), (&remove, false)] {
            for name in tags.iter().filter_map(|tag| tag.strip_prefix("user/-/label/")) {
                let ids = account.labels.entry(name.to_owned()).or_default();
                let _ = if is_on { ids.insert(item) } else { ids.remove(&item) };
            }
        }
        let Some(item) = account.items.get_mut(&item) else { continue };
        for (tags, is_on) in [(&add, true), (&remove, false)] {
            for tag in tags {
                match *tag {
                    "user/-/state/com.google/read" => item.is_read = is_on,
                    "user/-/state/com.google/starred" => item.is_starred = is_on,
                    _ => {}
                }
            }
        }
    }
    Reply::ok("OK")
}

fn fever(account: &mut Account, query: &str, form: &[(String, String)]) -> Reply {
    let given = |name: &str| form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    // `printf %s 'me:a secret & more' | md5sum`
    if given("api_key") != Some("e66a60c7c16d10b7e8b29f2e7ba06b2e") {
        return Reply::ok(json!({"api_version": 3, "auth": 0}).to_string());
    }
    let mut answer = json!({"api_version": 3, "auth": 1, "last_refreshed_on_time": "1790000000"});
    let asked = pairs(query);
    let asks = |name: &str| asked.iter().any(|(known, _)| known == name);
    if let (Some("item"), Some(value), Some(id)) = (given("mark"), given("as"), given("id").and_then(number))
        && let Some(item) = account.items.get_mut(&id)
    {
        if account.refused.contains(&id) {
            return Reply::status(400);
        }
        match value {
            "read" => item.is_read = true,
            "unread" => item.is_read = false,
            "saved" => item.is_starred = true,
            "unsaved" => item.is_starred = false,
            _ => {}
        }
    }
    let followed = |item: &ServerItem| account.feeds.contains_key(&item.feed);
    let list = |is: fn(&ServerItem) -> bool| {
        let ids = account.items.iter().filter(|(_, item)| is(item) && followed(item)).map(|(id, _)| id.to_string());
        ids.collect::<Vec<_>>().join(",")
    };
    if asks("unread_item_ids") {
        answer["unread_item_ids"] = json!(list(|item| !item.is_read));
    }
    if asks("saved_item_ids") {
        answer["saved_item_ids"] = json!(list(|item| item.is_starred));
    }
    if asks("groups") || asks("feeds") {
        let groups = account.feeds.iter().map(|(id, (_, folder))| json!({"id": id * 10, "title": folder}));
        let of_groups = account.feeds.keys().map(|id| json!({"group_id": id * 10, "feed_ids": id.to_string()}));
        answer["feeds_groups"] = of_groups.collect();
        answer["groups"] = groups.collect();
    }
    if asks("feeds") {
        let feed = |(id, (title, _)): (&u32, &(String, String))| json!({"id": id, "title": title, "url": account.address(*id), "is_spark": 0});
        answer["feeds"] = account.feeds.iter().map(feed).collect();
    }
    if let Some((_, ids)) = asked.iter().find(|(name, _)| name == "with_ids").filter(|_| asks("items")) {
        let item = |id: i64| {
            let item = account.items.get(&id).filter(|item| followed(item))?;
            Some(json!({
                "id": id, "feed_id": item.feed, "title": item.title, "author": "Ann", "html": item.html,
                "url": item.link, "is_read": u8::from(item.is_read),
                "is_saved": u8::from(item.is_starred), "created_on_time": item.published,
            }))
        };
        let ids: Vec<i64> = ids.split(',').filter_map(number).collect();
        assert!(ids.len() <= 50, "a service gives no more at once");
        answer["items"] = ids.into_iter().filter_map(item).collect();
    }
    Reply::ok(answer.to_string())
}
