//! Where well-known sites publish their channels, by the address of a page alone; and guesses for all other sites.
//!
//! A rule saves the request for the page. If its address has no channel, the page is fetched after all.

use url::Url;

/// What is guessed when a page names no channel: the usual addresses of WordPress, of RSS and Atom, and of Hugo.
const GUESSES: [&str; 4] = ["feed", "rss.xml", "atom.xml", "index.xml"];

/// Ends of paths that are channels themselves.
const CHANNEL_ENDS: [&str; 5] = [".rss", ".atom", ".xml", ".json", ".rdf"];

/// A site, and the rule for its pages.
struct Site {
    /// Hosts without `www.`; with a dot at the beginning all hosts below it.
    hosts: &'static [&'static str],
    /// The channel of a page: a path on the same host, or a whole address.
    channel: fn(&Page) -> Option<String>,
    /// True if the site has no channels at the usual addresses, so that they need not be guessed.
    has_no_others: bool,
}

/// The sites, each with the page that documents its channels, where there is one.
const SITES: &[Site] = &[
    Site { hosts: &["youtube.com", "m.youtube.com"], channel: youtube, has_no_others: true },
    // https://docs.github.com/en/rest/activity/feeds
    Site { hosts: &["github.com"], channel: github, has_no_others: true },
    // https://support.reddithelp.com/hc/en-us/articles/22265993101588
    Site {
        hosts: &["reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com"],
        channel: reddit,
        has_no_others: true,
    },
    // https://support.substack.com/hc/en-us/articles/360038239391
    Site { hosts: &[".substack.com"], channel: |_| Some("/feed".to_owned()), has_no_others: true },
    // https://help.medium.com/hc/en-us/articles/214874118
    Site { hosts: &["medium.com"], channel: medium, has_no_others: true },
    Site { hosts: &[".medium.com"], channel: |_| Some("/feed".to_owned()), has_no_others: true },
    // https://help.tumblr.com/knowledge-base/rss-feeds/
    Site { hosts: &["tumblr.com"], channel: tumblr_account, has_no_others: true },
    Site { hosts: &[".tumblr.com"], channel: tumblr, has_no_others: true },
    // https://wordpress.com/support/feeds/
    Site { hosts: &[".wordpress.com"], channel: wordpress, has_no_others: true },
    // https://ghost.org/help/rss/
    Site { hosts: &[".ghost.io"], channel: |_| Some("/rss/".to_owned()), has_no_others: true },
    // https://support.google.com/blogger/answer/97933
    Site { hosts: &[".blogspot.com"], channel: blogger, has_no_others: true },
    // https://docs.gitea.com/ : repositories, releases and users have `.rss`
    Site { hosts: &["codeberg.org", "gitea.com", "code.forgejo.org"], channel: gitea, has_no_others: true },
    Site { hosts: &["news.ycombinator.com"], channel: hacker_news, has_no_others: true },
    // https://stackoverflow.com/feeds
    Site {
        hosts: &[
            "stackoverflow.com",
            "superuser.com",
            "serverfault.com",
            "askubuntu.com",
            "mathoverflow.net",
            ".stackexchange.com",
            ".stackoverflow.com",
        ],
        channel: stack_exchange,
        has_no_others: true,
    },
    // https://info.arxiv.org/help/rss.html
    Site { hosts: &["arxiv.org"], channel: arxiv, has_no_others: true },
    // https://docs.pypi.org/api/feeds/
    Site { hosts: &["pypi.org"], channel: pypi, has_no_others: true },
    // https://crates.io/data-access
    Site { hosts: &["crates.io"], channel: crates_io, has_no_others: true },
    Site { hosts: &["dev.to"], channel: dev, has_no_others: true },
    Site { hosts: &["bsky.app"], channel: bluesky, has_no_others: true },
    // Their accounts have addresses like those of Mastodon.
    Site {
        hosts: &["substack.com", "threads.net", "threads.com", "tiktok.com"],
        channel: |_| None,
        has_no_others: true,
    },
];

/// The address of a page, in parts.
struct Page<'a> {
    url: &'a Url,
    /// The parts of the path that are not empty.
    parts: Vec<&'a str>,
}

impl Page<'_> {
    fn parameter(&self, name: &str) -> Option<String> {
        let (_, value) = self.url.query_pairs().find(|(key, _)| key == name)?;
        (!value.is_empty()).then(|| form(&value))
    }
}

/// The address at which a site is known to publish the channel of a page. `None` for other sites, and for channels themselves.
pub fn known_channel(page: &Url) -> Option<Url> {
    let read = Page { url: page, parts: parts(page) };
    if is_channel(&read.parts) {
        return None;
    }
    let found = match site(page) {
        Some(site) => (site.channel)(&read)?,
        None => gitlab(&read).or_else(|| mastodon(&read))?,
    };
    let mut channel = page.clone();
    channel.set_query(None);
    channel.set_fragment(None);
    let channel = channel.join(&found).ok()?;
    (channel.has_host() && channel != *page).then_some(channel)
}

/// Addresses to try when a page names no channel, at most four: below the page if it is a section of its site (`/blog`, `/~user/`),
/// else at the root, because the channel below an article has its comments.
pub fn guesses(page: &Url) -> Vec<Url> {
    if site(page).is_some_and(|site| site.has_no_others) {
        return Vec::new();
    }
    let parts = parts(page);
    let below = match parts.as_slice() {
        [one] if !one.contains('.') => format!("/{one}/"),
        [home, ..] if home.starts_with('~') => format!("/{home}/"),
        _ => "/".to_owned(),
    };
    let mut root = page.clone();
    root.set_query(None);
    root.set_fragment(None);
    GUESSES.iter().filter_map(|guess| root.join(&format!("{below}{guess}")).ok()).collect()
}

/// True if the answer of a server to a guess or a rule means that there is no channel, and another address may be tried.
pub fn has_nothing(status: u16) -> bool {
    matches!(status, 400 | 404 | 405 | 406 | 410)
}

fn parts(page: &Url) -> Vec<&str> {
    page.path_segments().map(|parts| parts.filter(|part| !part.is_empty()).collect()).unwrap_or_default()
}

fn site(page: &Url) -> Option<&'static Site> {
    let host = page.host_str()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_one = |known: &&str| match known.strip_prefix('.') {
        None => host == *known,
        Some(above) => host.strip_suffix(above).is_some_and(|below| below.ends_with('.')),
    };
    SITES.iter().find(|site| site.hosts.iter().any(is_one))
}

fn is_channel(parts: &[&str]) -> bool {
    let is_one = |part: &str| matches!(part, "feed" | "feeds" | "rss");
    parts.first().is_some_and(|part| is_one(part))
        || parts.last().is_some_and(|part| is_one(part) || CHANNEL_ENDS.iter().any(|end| part.ends_with(end)))
}

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The page of a handle (`/@name`) does not have the id of the channel in its address, but names the channel.
fn youtube(page: &Page) -> Option<String> {
    let of = |parameter: &str, value: &str| Some(format!("/feeds/videos.xml?{parameter}={value}"));
    match page.parts.as_slice() {
        ["channel", id, ..] => of("channel_id", id),
        ["user", name, ..] => of("user", name),
        ["playlist"] => of("playlist_id", &page.parameter("list")?),
        _ => None,
    }
}

fn github(page: &Page) -> Option<String> {
    // First parts of pages that are not about a repository.
    const OTHERS: [&str; 14] = [
        "about",
        "apps",
        "collections",
        "customer-stories",
        "enterprise",
        "features",
        "login",
        "marketplace",
        "orgs",
        "settings",
        "sponsors",
        "topics",
        "trending",
        "users",
    ];
    match page.parts.as_slice() {
        [first, ..] if OTHERS.contains(first) => None,
        [owner, name] | [owner, name, "releases", ..] => {
            Some(format!("/{owner}/{}/releases.atom", name.strip_suffix(".git").unwrap_or(name)))
        }
        [owner, name, "tags"] => Some(format!("/{owner}/{name}/tags.atom")),
        [owner, name, "commits"] => Some(format!("/{owner}/{name}/commits.atom")),
        // The name of a branch may contain a slash.
        [owner, name, "commits", branch @ ..] => Some(format!("/{owner}/{name}/commits/{}.atom", branch.join("/"))),
        _ => None,
    }
}

/// Every installation of GitLab has `/-/` between a project and its lists. The page of a project names its own channel.
fn gitlab(page: &Page) -> Option<String> {
    let separator = page.parts.iter().position(|part| *part == "-")?;
    let (project, list) = page.parts.split_at_checked(separator)?;
    let project = project.join("/");
    match list {
        ["-", "releases", ..] => Some(format!("/{project}/-/releases.atom")),
        ["-", "tags"] => Some(format!("/{project}/-/tags?format=atom")),
        ["-", "commits", branch @ ..] if !branch.is_empty() => {
            Some(format!("/{project}/-/commits/{}?format=atom", branch.join("/")))
        }
        _ => None,
    }
    .filter(|_| !project.is_empty())
}

fn reddit(page: &Page) -> Option<String> {
    let path = match page.parts.as_slice() {
        [] => String::new(),
        ["r" | "user" | "domain", _, ..] => format!("/{}", page.parts.join("/")),
        ["u", rest @ ..] if !rest.is_empty() => format!("/user/{}", rest.join("/")),
        _ => return None,
    };
    let query = page.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{path}/.rss{query}"))
}

/// Accounts of Mastodon, of any host (<https://docs.joinmastodon.org/user/network/>); Misskey and Akkoma have the same address. An
/// account of another host (`/@user@host`) has none.
fn mastodon(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        [account] if is_account(account) => Some(format!("/{account}.rss")),
        _ => None,
    }
}

fn is_account(part: &str) -> bool {
    let name = part.strip_prefix('@').unwrap_or_default();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn medium(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["m" | "me" | "search" | "about", ..] | [] => None,
        [of, "tagged", tag] => Some(format!("/feed/{of}/tagged/{tag}")),
        ["tag", tag, ..] => Some(format!("/feed/tag/{tag}")),
        [of, ..] => Some(format!("/feed/{of}")),
    }
}

fn tumblr(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["tagged", tag] => Some(format!("/tagged/{tag}/rss")),
        _ => Some("/rss".to_owned()),
    }
}

fn tumblr_account(page: &Page) -> Option<String> {
    // First parts of pages that are not about an account.
    const OTHERS: [&str; 7] = ["dashboard", "explore", "login", "register", "search", "tagged", "blog"];
    let account = match page.parts.as_slice() {
        ["blog", "view", account, ..] => account,
        [first, ..] if !OTHERS.contains(first) => first,
        _ => return None,
    };
    let is_label = account.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_label.then(|| format!("https://{account}.tumblr.com/rss"))
}

fn wordpress(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["category" | "tag" | "author", _, ..] => Some(format!("/{}/feed/", page.parts.join("/"))),
        _ => Some("/feed/".to_owned()),
    }
}

fn blogger(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["search", "label", label] => Some(format!("/feeds/posts/default/-/{label}")),
        _ => Some("/feeds/posts/default".to_owned()),
    }
}

fn gitea(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["explore" | "user" | "org" | "assets" | "api", ..] => None,
        [owner, name] | [owner, name, "releases", ..] => {
            Some(format!("/{owner}/{}/releases.rss", name.strip_suffix(".git").unwrap_or(name)))
        }
        [owner, name, "tags"] => Some(format!("/{owner}/{name}/tags.rss")),
        [owner, name, "commits", "branch", branch] => Some(format!("/{owner}/{name}/rss/branch/{branch}")),
        [owner] => Some(format!("/{owner}.rss")),
        _ => None,
    }
}

fn hacker_news(page: &Page) -> Option<String> {
    matches!(page.parts.as_slice(), [] | ["news"]).then(|| "/rss".to_owned())
}

fn stack_exchange(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        [] | ["questions"] => Some("/feeds".to_owned()),
        // With several tags (`a+b`) there is another address, which the page names.
        ["questions", "tagged", tag] if !tag.contains(['+', '%']) => Some(format!("/feeds/tag/{tag}")),
        ["questions", id, ..] if is_number(id) => Some(format!("/feeds/question/{id}")),
        ["users", id, ..] if is_number(id) => Some(format!("/feeds/user/{id}")),
        _ => None,
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn arxiv(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["list", category] | ["list", category, "new" | "recent" | "current" | "pastweek"] => {
            Some(format!("https://rss.arxiv.org/rss/{category}"))
        }
        _ => None,
    }
}

fn pypi(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["project", name, ..] => Some(format!("/rss/project/{name}/releases.xml")),
        _ => None,
    }
}

fn crates_io(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["crates", name, ..] => Some(format!("https://static.crates.io/rss/crates/{name}.xml")),
        _ => None,
    }
}

fn dev(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        [] => Some("/feed".to_owned()),
        ["t", tag, ..] => Some(format!("/feed/tag/{tag}")),
        [name] => Some(format!("/feed/{name}")),
        _ => None,
    }
}

fn bluesky(page: &Page) -> Option<String> {
    match page.parts.as_slice() {
        ["profile", handle] => Some(format!("/profile/{handle}/rss")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known(page: &str) -> Option<String> {
        known_channel(&Url::parse(page).expect(page)).map(String::from)
    }

    #[test]
    fn well_known_sites_have_a_channel_for_a_page() {
        for (page, channel) in [
            ("https://www.youtube.com/channel/UCx_1-y", "https://www.youtube.com/feeds/videos.xml?channel_id=UCx_1-y"),
            ("https://youtube.com/channel/UCx/videos", "https://youtube.com/feeds/videos.xml?channel_id=UCx"),
            ("https://www.youtube.com/user/name", "https://www.youtube.com/feeds/videos.xml?user=name"),
            ("https://m.youtube.com/playlist?list=PL1&si=x", "https://m.youtube.com/feeds/videos.xml?playlist_id=PL1"),
            ("https://github.com/rust-lang/rust", "https://github.com/rust-lang/rust/releases.atom"),
            ("https://github.com/rust-lang/rust.git", "https://github.com/rust-lang/rust/releases.atom"),
            ("https://github.com/o/r/releases/tag/v1", "https://github.com/o/r/releases.atom"),
            ("https://github.com/o/r/tags", "https://github.com/o/r/tags.atom"),
            ("https://github.com/o/r/commits/a/b/", "https://github.com/o/r/commits/a/b.atom"),
            ("https://gitlab.com/a/b/c/-/releases", "https://gitlab.com/a/b/c/-/releases.atom"),
            ("https://git.example/a/b/-/commits/main", "https://git.example/a/b/-/commits/main?format=atom"),
            ("https://git.example/a/b/-/tags", "https://git.example/a/b/-/tags?format=atom"),
            ("https://www.reddit.com/r/rust", "https://www.reddit.com/r/rust/.rss"),
            ("https://old.reddit.com/r/rust/top/?t=week", "https://old.reddit.com/r/rust/top/.rss?t=week"),
            ("https://www.reddit.com/u/name", "https://www.reddit.com/user/name/.rss"),
            ("https://www.reddit.com/", "https://www.reddit.com/.rss"),
            ("https://mastodon.example/@user", "https://mastodon.example/@user.rss"),
            ("https://name.substack.com/p/article", "https://name.substack.com/feed"),
            ("https://medium.com/@user", "https://medium.com/feed/@user"),
            ("https://medium.com/@user/article-1", "https://medium.com/feed/@user"),
            ("https://medium.com/publication/tagged/a", "https://medium.com/feed/publication/tagged/a"),
            ("https://medium.com/tag/rust/latest", "https://medium.com/feed/tag/rust"),
            ("https://name.medium.com/", "https://name.medium.com/feed"),
            ("https://name.tumblr.com/", "https://name.tumblr.com/rss"),
            ("https://name.tumblr.com/tagged/a%20b", "https://name.tumblr.com/tagged/a%20b/rss"),
            ("https://www.tumblr.com/name", "https://name.tumblr.com/rss"),
            ("https://name.wordpress.com/2024/01/01/x/", "https://name.wordpress.com/feed/"),
            ("https://name.wordpress.com/tag/x/", "https://name.wordpress.com/tag/x/feed/"),
            ("https://name.ghost.io/", "https://name.ghost.io/rss/"),
            ("http://name.blogspot.com/", "http://name.blogspot.com/feeds/posts/default"),
            ("https://name.blogspot.com/search/label/x", "https://name.blogspot.com/feeds/posts/default/-/x"),
            ("https://codeberg.org/owner/name", "https://codeberg.org/owner/name/releases.rss"),
            ("https://codeberg.org/owner", "https://codeberg.org/owner.rss"),
            ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
            ("https://stackoverflow.com/questions/tagged/rust", "https://stackoverflow.com/feeds/tag/rust"),
            ("https://unix.stackexchange.com/questions/12/title", "https://unix.stackexchange.com/feeds/question/12"),
            ("https://arxiv.org/list/cs.AI/recent", "https://rss.arxiv.org/rss/cs.AI"),
            ("https://pypi.org/project/name/#history", "https://pypi.org/rss/project/name/releases.xml"),
            ("https://crates.io/crates/serde/1.0.0", "https://static.crates.io/rss/crates/serde.xml"),
            ("https://dev.to/name", "https://dev.to/feed/name"),
            ("https://bsky.app/profile/name.example", "https://bsky.app/profile/name.example/rss"),
        ] {
            assert_eq!(known(page).as_deref(), Some(channel), "{page}");
            assert_eq!(known(channel), None, "{channel}");
        }
    }

    #[test]
    fn other_pages_have_no_known_channel() {
        for page in [
            "https://example.org/",
            "https://example.org/blog/-/",
            "https://example.org/-/tags",
            "https://example.org/@user/1",
            "https://example.org/@user@other.example",
            "https://example.org/@us%2Fer",
            "https://www.youtube.com/@handle",
            "https://www.youtube.com/watch?v=x&list=y",
            "https://www.youtube.com/playlist",
            "https://github.com/owner",
            "https://github.com/topics/rust",
            "https://notgithub.com/o/r",
            "https://github.com.example/o/r",
            "https://notsubstack.com/p/x",
            "https://substack.com/@user",
            "https://www.reddit.com/login",
            "https://medium.com/",
            "https://stackoverflow.com/questions/tagged/a+b",
            "https://arxiv.org/abs/2401.00001",
        ] {
            assert_eq!(known(page), None, "{page}");
        }
    }

    #[test]
    fn guesses_are_below_a_section_and_else_at_the_root() {
        for (page, below) in [
            ("https://example.org", "https://example.org/"),
            ("https://example.org/blog?page=2", "https://example.org/blog/"),
            ("https://example.org/blog/", "https://example.org/blog/"),
            ("https://example.org/index.html", "https://example.org/"),
            ("https://example.org/2024/05/article/", "https://example.org/"),
            ("https://example.org/~user/article.html", "https://example.org/~user/"),
            ("https://me:x@example.org:8080/", "https://me:x@example.org:8080/"),
        ] {
            let guesses: Vec<String> = guesses(&Url::parse(page).unwrap()).into_iter().map(String::from).collect();
            let expected: Vec<String> = GUESSES.iter().map(|guess| format!("{below}{guess}")).collect();
            assert_eq!(guesses, expected, "{page}");
        }
        assert_eq!(guesses(&Url::parse("https://www.youtube.com/@handle").unwrap()), []);
    }

    proptest! {
        #[test]
        fn a_known_channel_is_on_the_web_and_is_not_a_page_with_another_one(
            host in "(www\\.)?(youtube\\.com|github\\.com|reddit\\.com|medium\\.com|x\\.tumblr\\.com|tumblr\\.com|a\\.example)",
            path in "(/[a-z@.%~+-]{0,8}){0,4}",
            query in "(\\?(list|a)=[a-z&%/]{0,6})?",
        ) {
            let page = Url::parse(&format!("https://{host}{path}{query}")).unwrap();
            if let Some(channel) = known_channel(&page) {
                prop_assert!(channel.has_host() && channel.scheme() == "https", "{page} {channel}");
                prop_assert_eq!(known_channel(&channel), None, "{} {}", page, channel);
            }
            prop_assert!(guesses(&page).len() <= 4);
        }
    }
}
