//! Finds the channel that a user means by an address: the document itself, the one that a page names, that of a well-known site, or
//! at last a guess. It makes few requests: one for a channel, two for a page that names one.

use url::Url;

use super::entered_address::EnteredAddress;
use super::environment::shown_address;
use super::search_failure::SearchFailure;
use super::site_rules;
use super::workers::ParserDied;
use crate::channel::NotAChannel;
use crate::feed::{SafeText, clean};
use crate::html::Page;
use crate::net::{Answer, FetchError, FetchErrorKind};

/// Fetches and parses documents. `C` is what a channel becomes.
pub trait DocumentSource<C> {
    /// Fetches a document. `may_be_private` permits an address on a private network.
    fn fetch(&mut self, url: &Url, may_be_private: bool) -> Result<(Answer, Vec<u8>), FetchError>;

    /// Parses a document that was fetched. `base` has neither user info nor a query.
    fn parse(&mut self, answer: &Answer, base: &Url, body: Vec<u8>) -> Result<Result<C, NotAChannel>, ParserDied>;
}

/// A channel that a page names.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedChannel {
    /// The address. It may contain tokens if [`Search::is_public`] is false.
    pub url: Url,
    /// The title that the page gives it; may be empty.
    pub title: SafeText,
    /// True if it has the comments on the articles, not the articles.
    pub is_of_comments: bool,
    /// True if the user follows it already.
    pub is_known: bool,
}

/// A channel that was fetched.
pub struct FoundChannel<C> {
    /// The channel.
    pub channel: C,
    /// The answer of its server.
    pub answer: Answer,
    /// Its address: the one that was asked, or the one to which it moved for good. It may contain user info and tokens.
    pub url: Url,
    /// True if the address may be on a private network, because the user said so of the same server.
    pub is_private: bool,
}

/// The result of a search.
pub enum SearchResult<C> {
    /// The channel.
    Found(Box<FoundChannel<C>>),
    /// The user follows the channel with this address already.
    Known(Url),
    /// The page names several channels, or only channels of comments. The user chooses one.
    Several(Vec<NamedChannel>),
    /// There is no channel, or it cannot be read.
    Failed(SearchFailure),
}

/// A search for one channel.
pub struct Search<'a, C> {
    source: &'a mut dyn DocumentSource<C>,
    /// True for the address of a channel that the user follows.
    is_known: &'a dyn Fn(&Url) -> bool,
    entered: EnteredAddress,
    is_private: bool,
    tried: Vec<Url>,
}

/// What an address has.
enum Document<C> {
    Channel(Box<FoundChannel<C>>),
    Other(NotAChannel, Box<Answer>),
}

impl<'a, C> Search<'a, C> {
    /// A search for the channel of an address. `is_private`: the address may be on a private network.
    pub fn new(
        source: &'a mut dyn DocumentSource<C>,
        is_known: &'a dyn Fn(&Url) -> bool,
        entered: EnteredAddress,
        is_private: bool,
    ) -> Search<'a, C> {
        Search { source, is_known, entered, is_private, tried: Vec::new() }
    }

    /// True if the request for the page had no user info, query or permission, so that what it names is no secret.
    pub fn is_public(&self) -> bool {
        let url = &self.entered.url;
        !self.is_private && url.username().is_empty() && url.password().is_none() && url.query().is_none()
    }

    /// Searches the channel of the address.
    pub fn run(&mut self) -> SearchResult<C> {
        self.searched().unwrap_or_else(SearchResult::Failed)
    }

    /// Fetches one of the channels that a page names.
    pub fn take(&mut self, url: &Url) -> SearchResult<C> {
        if (self.is_known)(url) {
            return SearchResult::Known(url.clone());
        }
        match self.fetch(url) {
            Ok(Document::Channel(found)) => self.unless_known(found),
            Ok(Document::Other(..)) => SearchResult::Failed(SearchFailure::WrongLink(shown_address(url.as_str()))),
            Err(failure) => {
                let address = shown_address(url.as_str());
                SearchResult::Failed(SearchFailure::OfLink(address, Box::new(failure)))
            }
        }
    }

    fn searched(&mut self) -> Result<SearchResult<C>, SearchFailure> {
        let entered = self.entered.url.clone();
        if (self.is_known)(&entered) {
            return Ok(SearchResult::Known(entered));
        }
        if let Some(rule) = site_rules::known_channel(&entered) {
            if (self.is_known)(&rule) {
                return Ok(SearchResult::Known(rule));
            }
            if let Some(found) = self.attempt(&rule)? {
                return Ok(self.unless_known(found));
            }
        }
        let (page, answer) = match self.fetch_entered()? {
            Document::Channel(found) => return Ok(self.unless_known(found)),
            Document::Other(NotAChannel::Page(page), answer) => (page, answer),
            Document::Other(other, _) => return Err(SearchFailure::NotAChannel(other)),
        };
        let named = self.named(&page);
        let mut articles = named.iter().filter(|channel| !channel.is_of_comments);
        match (articles.next(), articles.next()) {
            (Some(only), None) => Ok(self.take(&only.url.clone())),
            (None, _) if named.is_empty() => self.guess(&page, &answer),
            _ => Ok(SearchResult::Several(named)),
        }
    }

    /// Searches the channel of a page that names none.
    fn guess(&mut self, page: &Page, answer: &Answer) -> Result<SearchResult<C>, SearchFailure> {
        let url = Url::parse(&answer.url).unwrap_or_else(|_| self.entered.url.clone());
        let has_other_host = url.host_str() != self.entered.url.host_str();
        if page.asks_for_password {
            let host = clean::quote(url.host_str().unwrap_or_default());
            return Err(if has_other_host { SearchFailure::Portal(host) } else { SearchFailure::LoginPage(host) });
        }
        let url = self.with_login(url);
        let rule = site_rules::known_channel(&url);
        for url in rule.into_iter().chain(site_rules::guesses(&url)) {
            if self.tried.contains(&url) {
                continue;
            }
            if (self.is_known)(&url) {
                return Ok(SearchResult::Known(url));
            }
            if let Some(found) = self.attempt(&url)? {
                return Ok(self.unless_known(found));
            }
        }
        Err(SearchFailure::NothingFound(self.tried.iter().map(|url| shown_address(url.as_str())).collect()))
    }

    /// The channels that a page names, with the login of the page for its own server.
    fn named(&self, page: &Page) -> Vec<NamedChannel> {
        let named = page.channels.iter().map(|link| {
            let mut url = self.with_login(link.url.clone());
            url.set_fragment(None);
            NamedChannel {
                is_known: (self.is_known)(&url),
                title: clean::plain_line(&link.title),
                is_of_comments: link.is_of_comments(),
                url,
            }
        });
        named.collect()
    }

    /// The channel of an address that may not exist. `None` if there is none.
    fn attempt(&mut self, url: &Url) -> Result<Option<Box<FoundChannel<C>>>, SearchFailure> {
        match self.fetch(url) {
            Ok(Document::Channel(found)) => Ok(Some(found)),
            Ok(Document::Other(..)) => Ok(None),
            Err(SearchFailure::Status { status, .. }) if site_rules::has_nothing(status) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Fetches the address that the user entered: with http if no scheme was entered and no connection with https can be made.
    fn fetch_entered(&mut self) -> Result<Document<C>, SearchFailure> {
        let url = self.entered.url.clone();
        let failure = match self.fetch(&url) {
            Err(SearchFailure::Fetch(failure)) if self.entered.scheme_is_assumed => failure,
            result => return result,
        };
        // On another port than that of https the server may not know TLS. On the usual port a connection that cannot be trusted may
        // be one that another computer listens to: the user must ask for http.
        let is_without_https = match failure.kind {
            FetchErrorKind::Unreachable | FetchErrorKind::Protocol => true,
            FetchErrorKind::Tls => url.port().is_some(),
            _ => false,
        };
        let mut plain = url;
        if !is_without_https || plain.set_scheme("http").is_err() {
            return Err(SearchFailure::Fetch(failure));
        }
        self.entered.url = plain.clone();
        self.fetch(&plain)
    }

    fn fetch(&mut self, url: &Url) -> Result<Document<C>, SearchFailure> {
        self.tried.push(url.clone());
        let is_private = self.is_private && url.origin() == self.entered.url.origin();
        let (answer, body) = self.source.fetch(url, is_private).map_err(SearchFailure::Fetch)?;
        if answer.status != 200 {
            return Err(SearchFailure::of_status(url, &answer));
        }
        let base = base(&answer.url).or_else(|| base(url.as_str())).unwrap_or_else(|| url.clone());
        match self.source.parse(&answer, &base, body).map_err(SearchFailure::Parser)? {
            Err(other) => Ok(Document::Other(other, Box::new(answer))),
            Ok(channel) => {
                let url = self.moved(url, &answer);
                Ok(Document::Channel(Box::new(FoundChannel { channel, url, answer, is_private })))
            }
        }
    }

    /// The address of a channel: where it moved for good, else the one that was asked.
    fn moved(&self, asked: &Url, answer: &Answer) -> Url {
        let moved = answer.moved_to.as_deref().and_then(|to| Url::parse(to).ok());
        match moved.filter(|to| matches!(to.scheme(), "http" | "https") && to.has_host()) {
            Some(mut to) => {
                to.set_fragment(None);
                self.with_login(to)
            }
            None => asked.clone(),
        }
    }

    /// An address with the user info that was entered, if it is on the same server and has none.
    fn with_login(&self, mut url: Url) -> Url {
        let entered = &self.entered.url;
        let is_same = url.origin() == entered.origin()
            // A server that moves from http to https is the same; the other direction would reveal the password.
            || (url.host() == entered.host() && url.scheme() == "https" && url.port().is_none() && entered.port().is_none());
        if is_same && url.username().is_empty() && url.password().is_none() {
            // They fail only for an address without a host.
            let _ = url.set_username(entered.username());
            let _ = url.set_password(entered.password());
        }
        url
    }

    fn unless_known(&self, found: Box<FoundChannel<C>>) -> SearchResult<C> {
        match (self.is_known)(&found.url) {
            true => SearchResult::Known(found.url),
            false => SearchResult::Found(found),
        }
    }
}

/// The address of a document against which relative ones are resolved, without secrets: they would get into links.
pub fn base(address: &str) -> Option<Url> {
    let mut base = Url::parse(address).ok()?;
    // They fail only for an address without a host.
    let _ = base.set_username("");
    let _ = base.set_password(None);
    base.set_query(None);
    base.set_fragment(None);
    Some(base)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::channel::{self, Channel};
    use crate::sync::entered_address;

    const RSS: &str = "<rss version='2.0'><channel><title>T</title><item><title>A</title></item></channel></rss>";

    /// Servers with their documents, and the requests that they had.
    #[derive(Default)]
    struct Servers {
        answers: HashMap<&'static str, (u16, String)>,
        /// Addresses that were moved: the status of the redirect and the new address.
        moves: HashMap<&'static str, (u16, &'static str)>,
        failures: HashMap<&'static str, FetchErrorKind>,
        asked: Vec<String>,
        private: Vec<bool>,
    }

    impl DocumentSource<Channel> for Servers {
        fn fetch(&mut self, url: &Url, may_be_private: bool) -> Result<(Answer, Vec<u8>), FetchError> {
            self.asked.push(url.to_string());
            self.private.push(may_be_private);
            if let Some(kind) = self.failures.get(url.as_str()) {
                return Err(FetchError { kind: *kind, what: format!("{kind:?}"), remedy: String::new() });
            }
            let moved = self.moves.get(url.as_str());
            let last = moved.map_or(url.as_str(), |(_, to)| *to);
            let moved_to = moved.filter(|(status, _)| *status == 301).map(|(_, to)| (*to).to_owned());
            let (status, body) = self.answers.get(last).cloned().unwrap_or((404, "<html>no</html>".to_owned()));
            Ok((Answer { status, url: last.to_owned(), moved_to, ..Answer::default() }, body.into_bytes()))
        }

        fn parse(&mut self, _: &Answer, base: &Url, body: Vec<u8>) -> Result<Result<Channel, NotAChannel>, ParserDied> {
            assert!(base.username().is_empty() && base.query().is_none(), "{base}");
            Ok(channel::read(&channel::Document { bytes: &body, base: Some(base), ..channel::Document::default() }))
        }
    }

    fn page(links: &[(&str, &str)]) -> String {
        let link = |(title, href): &(&str, &str)| {
            format!("<link rel=alternate type=application/rss+xml title='{title}' href='{href}'>")
        };
        format!("<!doctype html><title>P</title>{}", links.iter().map(link).collect::<String>())
    }

    fn servers(answers: &[(&'static str, &str)]) -> Servers {
        let answers = answers.iter().map(|(url, body)| (*url, (200, (*body).to_owned()))).collect();
        Servers { answers, ..Servers::default() }
    }

    /// What a search results in, in words.
    fn searched(servers: &mut Servers, entered: &str, known: &[&str]) -> String {
        let is_known = |url: &Url| known.contains(&url.as_str());
        let entered = entered_address::read(entered).expect(entered);
        let mut search = Search::new(servers, &is_known, entered, false);
        match search.run() {
            SearchResult::Found(found) => format!("found {}", found.url),
            SearchResult::Known(url) => format!("known {url}"),
            SearchResult::Several(named) => {
                let named: Vec<String> = named.iter().map(|one| format!("{} {}", one.title, one.url)).collect();
                format!("several {}", named.join(", "))
            }
            SearchResult::Failed(failure) => format!("failed {} | {}", failure.problem(), failure.remedy()),
        }
    }

    #[test]
    fn a_channel_takes_one_request() {
        let mut servers = servers(&[("https://a.example/feed", RSS)]);
        for entered in ["https://a.example/feed", "a.example/feed", "feed://a.example/feed", " <a.example/feed#x> "] {
            servers.asked.clear();
            assert_eq!(searched(&mut servers, entered, &[]), "found https://a.example/feed");
            assert_eq!(servers.asked, ["https://a.example/feed"]);
        }
    }

    #[test]
    fn a_page_with_one_channel_takes_two_requests() {
        for (links, found) in [
            (page(&[("Feed", "/f.xml")]), "https://a.example/f.xml"),
            (page(&[("Feed", "f.xml"), ("Comments", "/comments/feed/")]), "https://a.example/blog/f.xml"),
            (format!("<base href='//b.example/x/'>{}", page(&[("Feed", "f.xml#x")])), "https://b.example/x/f.xml"),
        ] {
            let mut servers = servers(&[("https://a.example/blog/", &links), (found_static(found), RSS)]);
            assert_eq!(searched(&mut servers, "a.example/blog/", &[]), format!("found {found}"));
            assert_eq!(servers.asked, ["https://a.example/blog/", found]);
            // A channel that the user follows is not fetched again.
            servers.asked.clear();
            assert_eq!(searched(&mut servers, "a.example/blog/", &[found]), format!("known {found}"));
            assert_eq!(servers.asked, ["https://a.example/blog/"]);
        }
    }

    fn found_static(found: &str) -> &'static str {
        ["https://a.example/f.xml", "https://a.example/blog/f.xml", "https://b.example/x/f.xml"]
            .into_iter()
            .find(|known| *known == found)
            .expect("a known address")
    }

    #[test]
    fn several_channels_are_a_choice_and_so_are_comments() {
        for (links, expected) in [
            (
                page(&[("RSS", "/rss"), ("Atom", "/atom"), ("All comments", "/c")]),
                "several RSS https://a.example/rss, Atom https://a.example/atom, All comments https://a.example/c",
            ),
            (page(&[("Post Comments Feed", "/x/feed/")]), "several Post Comments Feed https://a.example/x/feed/"),
        ] {
            let mut servers = servers(&[("https://a.example/", &links)]);
            assert_eq!(searched(&mut servers, "a.example", &[]), expected);
            assert_eq!(servers.asked, ["https://a.example/"]);
        }
    }

    #[test]
    fn guesses_stop_at_the_first_channel_and_are_at_most_four() {
        let mut servers = servers(&[("https://a.example/", "<html>x</html>"), ("https://a.example/atom.xml", RSS)]);
        servers.answers.insert("https://a.example/rss.xml", (200, "<html>not found, but 200</html>".to_owned()));
        assert_eq!(searched(&mut servers, "a.example", &[]), "found https://a.example/atom.xml");
        let asked = ["", "feed", "rss.xml", "atom.xml", "index.xml"].map(|path| format!("https://a.example/{path}"));
        assert_eq!(servers.asked, asked[..4]);
        servers.answers.remove("https://a.example/atom.xml");
        servers.asked.clear();
        let failed = searched(&mut servers, "a.example", &[]);
        assert!(failed.starts_with("failed no channel found; tried https://a.example/, "), "{failed}");
        assert_eq!(servers.asked, asked);
        // A server that refuses one guess is not asked for the next.
        servers.answers.insert("https://a.example/feed", (429, String::new()));
        servers.asked.clear();
        assert!(searched(&mut servers, "a.example", &[]).starts_with("failed a.example was asked too often"));
        assert_eq!(servers.asked, asked[..2]);
    }

    #[test]
    fn a_well_known_site_takes_one_request_and_its_page_is_asked_only_without() {
        let channel = "https://www.youtube.com/feeds/videos.xml?channel_id=UC1";
        let mut servers = servers(&[(channel, RSS)]);
        let found = searched(&mut servers, "www.youtube.com/channel/UC1", &[]);
        assert_eq!((found, servers.asked.len()), (format!("found {channel}"), 1));
        let known = searched(&mut servers, "www.youtube.com/channel/UC1", &[channel]);
        assert_eq!((known, servers.asked.len()), (format!("known {channel}"), 1));
        // The page of a handle names its channel.
        let handle = page(&[("RSS", channel)]);
        servers.answers.insert("https://www.youtube.com/@handle", (200, handle));
        assert_eq!(searched(&mut servers, "https://www.youtube.com/@handle", &[]), format!("found {channel}"));
        servers.asked.clear();
        // Without a channel where the rule says, the page is asked, and nothing is guessed.
        servers.answers.insert("https://github.com/o/r", (200, "<html>x</html>".to_owned()));
        assert!(searched(&mut servers, "github.com/o/r", &[]).starts_with("failed no channel found"));
        assert_eq!(servers.asked, ["https://github.com/o/r/releases.atom", "https://github.com/o/r"]);
        // The rules apply also to the page to which a redirect led.
        servers.moves.insert("https://short.example/", (302, "https://name.substack.com/"));
        servers.answers.insert("https://name.substack.com/", (200, "<html>x</html>".to_owned()));
        servers.answers.insert("https://name.substack.com/feed", (200, RSS.to_owned()));
        assert_eq!(searched(&mut servers, "short.example", &[]), "found https://name.substack.com/feed");
    }

    #[test]
    fn http_is_tried_only_if_no_scheme_was_entered_and_https_cannot_connect() {
        use FetchErrorKind::*;
        for (entered, kind, falls_back) in [
            ("a.example/feed", Unreachable, true),
            ("a.example/feed", Tls, false),
            ("a.example/feed", UnknownHost, false),
            ("a.example/feed", Timeout, false),
            ("https://a.example/feed", Unreachable, false),
        ] {
            let mut servers = servers(&[("http://a.example/feed", RSS)]);
            servers.failures.insert("https://a.example/feed", kind);
            let found = searched(&mut servers, entered, &[]);
            assert_eq!(found == "found http://a.example/feed", falls_back, "{entered} {kind:?} {found}");
            assert_eq!(servers.asked.len(), 1 + usize::from(falls_back));
        }
        let mut servers = servers(&[("http://a.example:8080/feed", RSS)]);
        servers.failures.insert("https://a.example:8080/feed", Tls);
        assert_eq!(searched(&mut servers, "a.example:8080/feed", &[]), "found http://a.example:8080/feed");
    }

    #[test]
    fn a_permanent_redirect_changes_the_address_and_a_temporary_one_does_not() {
        for (status, found) in [(301, "https://b.example/new"), (302, "https://a.example/old")] {
            let mut servers = servers(&[("https://b.example/new", RSS)]);
            servers.moves.insert("https://a.example/old", (status, "https://b.example/new"));
            assert_eq!(searched(&mut servers, "a.example/old", &[]), format!("found {found}"));
            assert_eq!(searched(&mut servers, "a.example/old", &[found]), format!("known {found}"));
        }
    }

    #[test]
    fn a_login_goes_to_its_own_server_only() {
        let links = page(&[("A", "/f.xml"), ("B", "https://b.example/f.xml"), ("C", "http://a.example/f.xml")]);
        let mut servers = servers(&[("https://me:secret@a.example/", &links)]);
        let found = searched(&mut servers, "https://me:secret@a.example/", &[]);
        let named = "A https://me:secret@a.example/f.xml, B https://b.example/f.xml, C http://a.example/f.xml";
        assert_eq!(found, format!("several {named}"));
        servers.answers.insert("https://a.example/new", (200, RSS.to_owned()));
        servers.moves.insert("https://me:secret@a.example/old", (301, "https://a.example/new"));
        let found = searched(&mut servers, "https://me:secret@a.example/old", &[]);
        assert_eq!(found, "found https://me:secret@a.example/new");
        let failed = searched(&mut servers, "https://me:secret@a.example/none?token=secret", &[]);
        assert!(!failed.contains("secret"), "{failed}");
    }

    #[test]
    fn only_the_server_that_was_entered_may_be_private() {
        let links = page(&[("A", "http://127.0.0.1:9/f.xml")]);
        let mut servers = servers(&[("http://10.0.0.1/", &links), ("http://127.0.0.1:9/f.xml", RSS)]);
        let entered = entered_address::read("http://10.0.0.1/").expect("an address");
        let found = Search::new(&mut servers, &|_| false, entered, true).run();
        assert!(matches!(found, SearchResult::Found(found) if !found.is_private));
        assert_eq!(servers.private, [true, false]);
    }

    #[test]
    fn failures_have_a_cause_and_a_remedy() {
        let login = "<html><input type=password></html>";
        for (status, body, expected) in [
            (401, "", "failed a.example wants a user and a password (401) | add a line"),
            (403, "", "failed a.example refuses the request (403) | some sites refuse programs"),
            (404, "", "failed a.example has no such page (404) | check the address"),
            (410, "", "failed a.example says that the page is gone for good (410) | check"),
            (429, "", "failed a.example was asked too often (429) | try again later"),
            (503, "", "failed a.example has a failure (503) | try again later"),
            (511, "", "failed the network wants a login"),
            (304, "", "failed a.example answers with the status 304 | open"),
            (200, "", "failed the document is empty | look"),
            (200, "%PDF-1.4", "failed this is not a channel, but a PDF document | look"),
            (200, "<opml version='2.0'><body/></opml>", "failed this is a list of subscriptions (OPML), not a channel"),
            (200, login, "failed a.example shows a login page, which names no channel | log in"),
        ] {
            let mut servers = servers(&[("https://a.example/", body)]);
            servers.answers.insert("https://a.example/", (status, body.to_owned()));
            let failed = searched(&mut servers, "a.example", &[]);
            assert!(failed.starts_with(expected), "{status} {body}: {failed}");
            assert_eq!(servers.asked.len(), 1);
        }
        let mut servers = servers(&[("https://portal.example/login", login)]);
        servers.moves.insert("https://a.example/", (302, "https://portal.example/login"));
        let failed = searched(&mut servers, "a.example", &[]);
        assert!(failed.starts_with("failed a login page of portal.example came in place"), "{failed}");
        let broken = page(&[("A", "/f.xml")]);
        servers.answers.insert("https://c.example/", (200, broken));
        servers.answers.insert("https://c.example/f.xml", (200, "<html>x</html>".to_owned()));
        let failed = searched(&mut servers, "c.example", &[]);
        assert!(failed.starts_with("failed the page names https://c.example/f.xml as its channel"), "{failed}");
        servers.failures.insert("https://d.example/", FetchErrorKind::Private);
        assert!(searched(&mut servers, "d.example", &[]).contains("add --private"));
    }
}
