//! Fields of the wrong type, titles that look like other types, impossible dates, malicious links.

use super::kind::{Kind, broken, family, front, loaded, warned};

/// The wrong values that a field may have: what they are called, and how they are written.
const WRONG: [(&str, &str); 6] = [
    ("list", "[a, b]"),
    ("map", "{a: b}"),
    ("bool", "true"),
    ("number", "12.5"),
    ("null", "~"),
    ("text", "some words"),
];

/// The expected warning for a wrong value; none if the value is valid.
type Judge = fn(&str, &str) -> Option<String>;

const TEXTS: [&str; 15] = [
    "excerpt",
    "description",
    "summary",
    "abstract",
    "subtitle",
    "bio",
    "type",
    "webUrl",
    "originalUrl",
    "sourceUrl",
    "canonicalUrl",
    "link",
    "url",
    "external_url",
    "permalink",
];
const DATES: [&str; 6] = ["publishedDateTime", "date", "pubDate", "created", "updated", "lastmod"];

fn text(key: &str, wrong: &str) -> Option<String> {
    matches!(wrong, "list" | "map").then(|| format!("`{key}` is a list or a map"))
}

fn date(key: &str, wrong: &str) -> Option<String> {
    (wrong != "null").then(|| format!("`{key}` is not a date"))
}

fn number(key: &str, wrong: &str) -> Option<String> {
    (wrong != "null").then(|| format!("`{key}` is not a whole number"))
}

fn yes(key: &str, wrong: &str) -> Option<String> {
    matches!(wrong, "list" | "map" | "number" | "text").then(|| format!("`{key}` is neither true nor false"))
}

fn topics(key: &str, wrong: &str) -> Option<String> {
    (wrong == "map").then(|| format!("`{key}` is a map"))
}

fn related(_: &str, wrong: &str) -> Option<String> {
    match wrong {
        "map" => Some("this `related` entry has no title and no link".to_owned()),
        "bool" | "number" => Some("this `related` entry is neither a map nor text".to_owned()),
        _ => None,
    }
}

fn images(_: &str, wrong: &str) -> Option<String> {
    matches!(wrong, "bool" | "number").then(|| "this image has no address".to_owned())
}

fn anything(_: &str, _: &str) -> Option<String> {
    None
}

pub fn types() -> Vec<Kind> {
    let groups: [(&[&str], Judge); 8] = [
        (&TEXTS[..], text),
        (&DATES, date),
        (&["quality", "heat"], number),
        (&["draft", "unlisted", "removed"], yes),
        (&["topics", "tags", "categories", "keywords"], topics),
        (&["related"], related),
        (&["images", "cover"], images),
        (&["provider", "author", "secured", "featuredContent"], anything),
    ];
    let mut kinds = Vec::new();
    for (keys, judge) in groups {
        for key in keys {
            for (wrong, written) in WRONG {
                let file = front(format!("title: T\n{key}: {written}"));
                let at = (3, key.len() as u64 + 3);
                match judge(key, wrong) {
                    Some(message) => kinds.push(warned(format!("{key}-{wrong}"), file, at, &message)),
                    // Text is valid where text is expected.
                    None if wrong == "text" => {}
                    None => kinds.push(loaded(format!("{key}-{wrong}"), file, "T")),
                }
            }
        }
    }
    let nested = "`title` is a list or a map";
    kinds.extend([
        broken("title-list", front("title: [a, b]"), (2, 8), nested),
        broken("title-map", front("title: {a: b}"), (2, 8), nested),
        broken("title-block-list", front("title:\n  - a"), (2, 1), nested),
        broken("title-object", front("title: !!python/object/apply:os.system [ls]"), (2, 8), nested),
        warned("title-list-and-heading", front("title: [a]") + "# T\n", (2, 8), nested),
        warned(
            "topics-with-a-map",
            front("title: T\ntopics:\n  - a\n  - {b: c, d: e}"),
            (5, 5),
            "this entry in a list of names is a map",
        ),
        loaded("title-null", front("title: ~"), "title-null"),
        loaded("title-empty", front("title: \"\""), "title-empty"),
        loaded("title-missing", front("date: 2021-02-18"), "title-missing"),
        loaded("title-invisible", front("title: \"\\u200b\\u202e\""), "title-invisible"),
        warned(
            "quality-huge",
            front("title: T\nquality: 99999999999999999999"),
            (3, 10),
            "`quality` is not a whole number",
        ),
        warned("quality-infinite", front("title: T\nquality: .inf"), (3, 10), "`quality` is not a whole number"),
        warned("quality-nan", front("title: T\nquality: .nan"), (3, 10), "`quality` is not a whole number"),
        loaded("quality-quoted", front("title: T\nquality: \"12\""), "T"),
        loaded("heat-least", front("title: T\nheat: -9223372036854775808"), "T"),
        warned(
            "related-of-texts-and-lists",
            front("title: T\nrelated:\n  - a\n  - [b]"),
            (5, 5),
            "this `related` entry is neither a map nor text",
        ),
        warned(
            "related-bad-date",
            front("title: T\nrelated:\n  - title: A\n    date: soon"),
            (5, 11),
            "`date` is not a date: `soon`",
        ),
        warned(
            "related-bad-link",
            front("title: T\nrelated:\n  - title: A\n    webUrl: file:///x"),
            (5, 13),
            "`file:` links are not opened",
        ),
        warned(
            "many-topics",
            front(format!("title: T\ntopics:\n{}", "- a\n".repeat(501))),
            (3, 1),
            "`topics` has 501 items; only the first 500 are read",
        ),
    ]);
    family("types", kinds)
}

/// Titles that a YAML parser reads as other types: the text in the file is the title.
pub fn titles() -> Vec<Kind> {
    let titles = [
        "NO",
        "yes",
        "off",
        "True",
        "0777",
        "0o17",
        "0x1F",
        "1e400",
        "-0",
        "+1",
        "1_000",
        ".inf",
        ".NaN",
        "1.50",
        "12:30:45",
        "2019",
        "2021-02-18",
        "2021-02-18T16:18:00Z",
        "99999999999999999999999999",
        "-1",
        "3.14.15",
        "=",
        "...x",
        "1,000",
    ];
    let mut kinds: Vec<Kind> = titles
        .into_iter()
        .map(|title| loaded(format!("t-{}", title.replace(':', "-")), front(format!("title: {title}")), title))
        .collect();
    kinds.extend([
        loaded("quoted-null", front("title: \"null\""), "null"),
        loaded("quoted-tilde", front("title: '~'"), "~"),
        loaded("undefined", front("title: undefined"), "undefined"),
        loaded("toml-number", "+++\ntitle = 7.50\n+++\n", "7.50"),
        loaded("toml-date", "+++\ntitle = 2021-02-18\n+++\n", "2021-02-18"),
        loaded("json-number", "{\"title\": 1e3}\n", "1e3"),
    ]);
    family("titles", kinds)
}

pub fn dates() -> Vec<Kind> {
    let impossible = [
        ("february-30", "2021-02-30"),
        ("no-leap-year", "2021-02-29"),
        ("month-13", "2021-13-01"),
        ("month-0", "2021-00-10"),
        ("day-0", "2021-01-00"),
        ("day-32", "2021-01-32"),
        ("hour-25", "2021-02-18T25:00:00Z"),
        ("hour-24", "2021-02-18T24:00:00Z"),
        ("minute-60", "2021-02-18T16:60:00Z"),
        ("second-61", "2021-02-18T16:18:61Z"),
        ("zone-99", "2021-02-18T16:18:00+99:99"),
        ("zone-minutes", "2021-02-18T16:18:00+00:75"),
        ("zone-nowhere", "2021-02-18 16:18 nowhere"),
        ("zone-of-many", "2021-02-18 16:18 IST"),
        ("zone-of-a-place", "2021-02-18 16:18 Europe/Berlin"),
        ("zone-long", "2021-02-18T16:18:00+010000"),
        ("year-99999", "99999-01-01"),
        ("year-5", "+12021-01-01"),
        ("year-negative", "-0044-03-15"),
        ("only-year", "2021"),
        ("month-name-german", "18. Februar 2021"),
        ("hour-of-afternoon", "2021-02-18 16:18 PM"),
        ("digits-with-hour", "2021021816"),
        ("week", "2021-W07-4"),
        ("words", "next Thursday"),
        ("invalid", "Invalid Date"),
        ("nan", ".nan"),
        ("wide-digits", "２０２１-０２-１８"),
        ("behind-text", "2021-02-18T16:18:00Z and more"),
        ("template", "\"{{ date }}\""),
    ];
    let mut kinds: Vec<Kind> = impossible
        .into_iter()
        .map(|(name, date)| {
            warned(name, front(format!("title: T\ndate: {date}")), (3, 7), "`date` is not a date: `").dated(None)
        })
        .collect();
    let ambiguous = [
        ("two-ways-slashes", "01/02/2021"),
        ("two-ways-dots", "02.01.2021"),
        ("two-ways-dashes", "1-2-2021 16:18"),
        ("year-2-digits", "21-02-18"),
        ("year-2-digits-named", "18 Feb 21"),
    ];
    kinds.extend(ambiguous.into_iter().map(|(name, date)| {
        let file = front(format!("title: T\ndate: {date}"));
        warned(name, file, (3, 7), "`date` is ambiguous: `").dated(None)
    }));
    let future = |name: &str, date: &str, instant: i64| {
        let file = front(format!("title: T\ndate: {date}"));
        warned(name, file, (3, 7), "`date` is in the future").dated(Some(instant))
    };
    let past = |name: &str, date: &str, instant: i64| {
        loaded(name, front(format!("title: T\ndate: {date}")), "T").dated(Some(instant))
    };
    kinds.extend([
        future("year-9999", "9999-12-31T23:59:59Z", 253_402_300_799),
        future("next-week", "2021-02-27T12:00:00Z", 1_614_427_200),
        past("tomorrow-elsewhere", "2021-02-21T11:00:00Z", 1_613_905_200),
        past("year-0", "0000-01-01", -62_167_219_200),
        past("year-1", "0001-01-01", -62_135_596_800),
        past("before-1970", "1969-12-31T23:59:59Z", -1),
        past("leap-second", "2016-12-31T23:59:60Z", 1_483_228_799),
        past("zone-23", "2021-02-18T16:18:00+23:59", 1_613_578_740),
        past("zone-negative", "2021-02-18 16:18 -0500", 1_613_683_080),
        past("nanoseconds", "2021-02-18T16:18:00.999999999Z", 1_613_665_080),
        past("quoted", "\"2021-02-18\"", 1_613_606_400),
        past("zone-name", "2021-02-18 16:18 CEST", 1_613_657_880),
        past("year-and-month", "2021-02", 1_612_137_600),
        past("german", "18.02.2021", 1_613_606_400),
        past("american", "02/18/2021", 1_613_606_400),
        past("digits", "20210218", 1_613_606_400),
        past("unix", "1613665080", 1_613_665_080),
        past("unix-milliseconds", "1613665080000", 1_613_665_080),
        past("rfc2822", "Thu, 18 Feb 2021 16:18:00 +0000", 1_613_665_080),
        past("rfc822-zone", "\"Thu, 18 Feb 21 11:18:00 EST\"", 1_613_665_080),
        past("month-named", "February 18th, 2021", 1_613_606_400),
        past("afternoon", "2021-02-18 4:18 PM", 1_613_665_080),
        past("note", "\"[[2021-02-18|that day]]\"", 1_613_606_400),
        past("note-without-quotes", "[[2021-02-18]]", 1_613_606_400),
        past("list-of-one", "\n  - 2021/02/18", 1_613_606_400),
    ]);
    family("dates", kinds)
}

pub fn links() -> Vec<Kind> {
    let scheme = |name: &str| format!("`{name}:` links are not opened, only http and https");
    let long = format!("https://e.org/{}", "a".repeat(9000));
    let refuse = [
        ("percent-nul", "https://e.org/%00", String::new()),
        ("javascript", "javascript:alert(1)", scheme("javascript")),
        ("javascript-case", "JaVaScRiPt:alert(1)", scheme("javascript")),
        ("data", "data:text/html,x", scheme("data")),
        ("file", "file:///etc/passwd", scheme("file")),
        ("vbscript", "vbscript:x", scheme("vbscript")),
        ("ssh-option", "ssh://-oProxyCommand=x", scheme("ssh")),
        ("mailto", "mailto:a@e.org", scheme("mailto")),
        ("ftp", "ftp://e.org/", scheme("ftp")),
        ("about", "about:blank", scheme("about")),
        ("blob", "blob:https://e.org/x", scheme("blob")),
        ("view-source", "view-source:https://e.org/", scheme("view-source")),
        ("userinfo", "https://bank.example@evil.example/", "the link contains a user name".into()),
        ("password", "https://a:b@e.org/", "the link contains a user name".into()),
        ("blank-in-host", "\"https://e e.org/\"", "the link is not an http or https address".into()),
        ("newline", "\"https://e.org/\\nx\"", String::new()),
        ("nul", "\"https://e.org/\\0\"", String::new()),
        ("esc", "\"https://e.org/\\e[2J\"", String::new()),
        ("override", "\"https://e.org/\\u202ex\"", String::new()),
        ("zero-width", "\"https://e\\u200b.org/\"", String::new()),
        ("backslash", "https:\\\\e.org\\", String::new()),
        ("quote-in-host", "'https://e\".org/'", "the link is not an http or https address".into()),
        ("angle", "<https://e.org/>", String::new()),
        ("no-host", "https://", String::new()),
        ("three-slashes", "https:///e.org", String::new()),
        ("no-slashes", "https:e.org", String::new()),
        ("bad-port", "https://e.org:99999/", String::new()),
        ("bad-address", "http://[::1", String::new()),
        ("bad-host", "https://e%zz.org/", String::new()),
        ("too-long", &long, String::new()),
        ("tab-in-scheme", "\"java\\tscript:x\"", String::new()),
    ];
    let file = |link: &str| front(format!("title: T\nwebUrl: {link}"));
    let mut kinds: Vec<Kind> = refuse
        .iter()
        .map(|(name, link, message)| warned(name, file(link), (3, 9), &format!("`webUrl`: {message}")).opens("refuse"))
        .collect();
    let relative = [
        ("relative", "/2021/02/18/x/"),
        ("relative-up", "../../etc/passwd"),
        ("protocol-relative", "//evil.example/"),
        ("option", "--version"),
        ("host-only", "e.org/x"),
        ("query-only", "\"?x=1\""),
        ("shell", "$(reboot)"),
    ];
    kinds.extend(relative.map(|(name, link)| loaded(name, file(link), "T").opens("refuse")));
    let allow = [
        ("plain", "https://e.org/"),
        ("upper-case", "HTTPS://E.ORG/"),
        ("idn", "https://müller.example/"),
        ("punycode", "https://xn--mller-kva.example/"),
        ("cyrillic", "https://аррӏе.example/"),
        ("address", "http://127.0.0.1:8080/"),
        ("address-6", "http://[::1]/"),
        ("number", "http://2130706433/"),
        ("shell-in-query", "https://e.org/?x=$(reboot);id"),
        ("dots", "https://e.org/../../x"),
        ("at-in-path", "https://e.org/@me"),
        ("fragment", "\"https://e.org/#javascript:x\""),
        ("blank", "\"https://e.org/a b\""),
        ("blanks", "\"https://e.org/a  b\""),
        ("quote", "'https://e.org/\"x'"),
        ("backtick", "\"https://e.org/`id`\""),
        ("angles", "https://e.org/<x>"),
        ("backslash-in-path", "'https://e.org/a\\b'"),
    ];
    kinds.extend(allow.map(|(name, link)| loaded(name, file(link), "T").opens("allow")));
    kinds.extend([
        loaded("empty", file("\"\""), "T").opens("none"),
        loaded("missing", front("title: T"), "T").opens("none"),
        loaded("second-is-good", front("title: T\nwebUrl: /x\noriginalUrl: https://e.org/x"), "T").opens("allow"),
        loaded("in-frame", front("title: T\nfeaturedContent: '<iframe src=\"https://e.org/x\">'"), "T").opens("allow"),
        loaded("script-in-frame", front("title: T\nfeaturedContent: '<iframe src=\"javascript:x\">'"), "T")
            .opens("none"),
    ]);
    family("links", kinds)
}
