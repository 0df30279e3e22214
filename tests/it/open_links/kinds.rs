//! Links of 82 kinds, and what must happen to each.

/// What must happen to a link.
pub enum Must {
    /// It is opened with exactly this address.
    Open(String),
    /// It is refused, with these words in the reason.
    Refuse(&'static str),
}

const HIDDEN: &str = "the link contains a line end, a tab or a hidden character";
const RELATIVE: &str = "the link is relative";
const NO_ADDRESS: &str = "the link is not an http or https address";
const USER: &str = "the link contains a user name";
/// An empty field is not a link.
const NONE: &str = "this article has no link";
const LONG: &str = "the link is longer than 8192 bytes";

/// The links as files have them. For links that are opened, the normal form if it differs.
pub fn kinds() -> Vec<(String, Must)> {
    let long = |bytes: usize| format!("https://example.org/{}", "a".repeat(bytes - "https://example.org/".len()));
    let opened = [
        ("http://example.org/", ""),
        ("https://example.org", "https://example.org/"),
        ("HTTPS://EXAMPLE.ORG/Path", "https://example.org/Path"),
        ("HtTp://example.org:80/", "http://example.org/"),
        ("https://example.org:8443/a?b=c&d=e#f", ""),
        ("  https://example.org/blanks-around\t ", "https://example.org/blanks-around"),
        ("https://example.org/a%20b", ""),
        ("https://example.org/it's?'", "https://example.org/it's?%27"),
        ("https://example.org/;touch${IFS}canary", "https://example.org/;touch$%7BIFS%7Dcanary"),
        ("https://example.org/$(touch${IFS}canary)", "https://example.org/$(touch$%7BIFS%7Dcanary)"),
        ("https://example.org/?x=$(id)&y=1;z|w", "https://example.org/?x=$(id)&y=1;z|w"),
        ("https://example.org/a&&touch&canary&", ""),
        ("https://example.org/%60touch%20canary%60", ""),
        ("https://example.org/%s%u%n?%s", ""),
        ("https://example.org/*?[a]{b,c}~!^", "https://example.org/*?[a]{b,c}~!^"),
        ("https://example.org/münchen/港", "https://example.org/m%C3%BCnchen/%E6%B8%AF"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://аpple.com/", "https://xn--pple-43d.com/"),
        ("http://[2001:db8::1]:8080/x", ""),
        ("http://[0:0::0001]/", "http://[::1]/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://example.org/a/../b/./c/%2e%2e/d", "https://example.org/b/d"),
        ("https://example.org./dot", ""),
        ("https://example.org/--help", ""),
        ("https://-oProxyCommand.example/", "https://-oproxycommand.example/"),
        ("https://example.org/%c0%ae%c0%ae/%ff", ""),
        ("https://example.org/%0d%0aSet-Cookie:x", ""),
        ("https://example.org/?u=https://user@evil.example/", ""),
        ("https://@example.org/", "https://example.org/"),
        ("https://example.org/javascript:alert(1)#x", ""),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/`id`", "https://example.org/%60id%60"),
        ("https://example.org/\"x", "https://example.org/%22x"),
        ("https://example.org/<b>?q=<i> x", "https://example.org/%3Cb%3E?q=%3Ci%3E%20x"),
        ("https://example.org\\a\\b", "https://example.org/a/b"),
        ("https://bank.example\\@evil.example/", "https://bank.example/@evil.example/"),
    ];
    let refused = [
        ("javascript:alert(1)", "`javascript:` links are not opened"),
        ("JaVaScRiPt:alert(1)//https://e.org", "`javascript:` links are not opened"),
        ("data:text/html,<script>x</script>", "`data:` links are not opened"),
        ("data:text/html;base64,eA==", "`data:` links are not opened"),
        ("file:///etc/passwd", "`file:` links are not opened"),
        ("vbscript:x", "`vbscript:` links are not opened"),
        ("about:blank", "`about:` links are not opened"),
        ("blob:https://example.org/1", "`blob:` links are not opened"),
        ("ftp://example.org/x", "`ftp:` links are not opened"),
        ("ssh://-oProxyCommand=x", "`ssh:` links are not opened"),
        ("mailto:a@example.org?attach=/etc/passwd", "`mailto:` links are not opened"),
        ("tel:+491234", "`tel:` links are not opened"),
        ("view-source:https://example.org/", "`view-source:` links are not opened"),
        ("intent://x#Intent;scheme=http;end", "`intent:` links are not opened"),
        ("ms-msdt:/id", "`ms-msdt:` links are not opened"),
        ("steam://run/1", "`steam:` links are not opened"),
        ("chrome://settings", "`chrome:` links are not opened"),
        ("jar:https://example.org/x.jar!/", "`jar:` links are not opened"),
        ("localhost:80/x", "`localhost:` links are not opened"),
        ("-x", RELATIVE),
        ("--help", RELATIVE),
        ("/bin/sh", RELATIVE),
        ("//evil.example/x", RELATIVE),
        ("www.example.org/x", RELATIVE),
        ("?q=1", RELATIVE),
        ("", NONE),
        (" \t ", NONE),
        ("https://exa mple.org/", NO_ADDRESS),
        ("<https://example.org/>", NO_ADDRESS),
        ("https://example.org/a\tb", HIDDEN),
        ("https://example.org/a\nb", HIDDEN),
        ("https://example.org/a\r\nHost: evil.example", HIDDEN),
        ("https://example.org/\0", HIDDEN),
        ("https://example.org/%00.html", HIDDEN),
        ("https://example.org/\u{1b}[2J", HIDDEN),
        ("https://example.org/\u{202e}gpj.exe", HIDDEN),
        ("https://exam\u{200b}ple.org/", HIDDEN),
        ("https://\"`.example.org/", NO_ADDRESS),
        ("https:\\\\evil.example\\x", NO_ADDRESS),
        ("https://bank.example@evil.example/", USER),
        ("https:example.org", NO_ADDRESS),
        ("http:/example.org", NO_ADDRESS),
        ("http:///example.org", NO_ADDRESS),
        ("http://[gg::1]/", NO_ADDRESS),
    ];
    let mut kinds: Vec<(String, Must)> = opened
        .into_iter()
        .map(|(raw, form)| (raw.to_owned(), Must::Open(if form.is_empty() { raw } else { form }.to_owned())))
        .chain(refused.into_iter().map(|(raw, why)| (raw.to_owned(), Must::Refuse(why))))
        .collect();
    kinds.push((long(8192), Must::Open(long(8192))));
    kinds.push((long(8193), Must::Refuse(LONG)));
    kinds
}

/// A text as YAML has it between double quotes, whatever it holds.
pub fn quoted(text: &str) -> String {
    let character = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        c if u32::from(c) > 0xa0 && c.is_alphanumeric() => c.to_string(),
        c => format!("\\U{:08x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(character).collect::<String>())
}
