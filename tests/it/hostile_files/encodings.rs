//! Encodings, line ends and fences, as tools and accidents leave them.

use super::kind::{Kind, broken, family, front, loaded, refused, unreadable, warned};

const GOOD: &str = "---\ntitle: T\ndate: 2021-02-18\n---\nBody.\n";

fn wide(text: &str, bytes_of: impl Fn(char) -> Vec<u8>) -> Vec<u8> {
    text.chars().flat_map(bytes_of).collect()
}

pub fn kinds() -> Vec<Kind> {
    let utf16 = "the file is in UTF-16";
    let utf32 = "the file is in UTF-32";
    let le16 = |text: &str| wide(text, |c| (c as u16).to_le_bytes().to_vec());
    let be16 = |text: &str| wide(text, |c| (c as u16).to_be_bytes().to_vec());
    let le32 = |text: &str| wide(text, |c| (c as u32).to_le_bytes().to_vec());
    let be32 = |text: &str| wide(text, |c| (c as u32).to_be_bytes().to_vec());
    let marked = format!("\u{feff}{GOOD}");
    let prose = "Plain words in a file.\n";
    let (bad, colon) = ("bytes that are not UTF-8", "a colon inside an unquoted value");
    let with = |before: &[u8], bytes: &[u8], after: &[u8]| [before, bytes, after].concat();
    let body = |bytes: &[u8]| with(b"---\ntitle: T\n---\nBody ", bytes, b" end\n");
    let excerpt = |bytes: &[u8]| with(b"---\ntitle: T\nexcerpt: a ", bytes, b" b\n---\n");
    let mut kinds = vec![
        loaded("bom", &marked, "T"),
        loaded("two-boms", format!("\u{feff}{marked}"), "T"),
        refused("utf16le-bom", le16(&marked), (1, 1), utf16),
        refused("utf16be-bom", be16(&marked), (1, 1), utf16),
        refused("utf16le", le16(GOOD), (1, 1), utf16),
        refused("utf16be", be16(GOOD), (1, 1), utf16),
        refused("utf32le-bom", le32(&marked), (1, 1), utf32),
        refused("utf32be-bom", be32(&marked), (1, 1), utf32),
        refused("utf32le", le32(GOOD), (1, 1), utf32),
        refused("utf32be", be32(GOOD), (1, 1), utf32),
        refused("utf16le-prose", le16(prose), (1, 1), utf16),
        refused("utf16be-prose", be16(prose), (1, 1), utf16),
        refused("utf32le-prose", le32(prose), (1, 1), utf32),
        warned("latin1-body", body(b"caf\xe9"), (4, 9), bad),
        warned("latin1-front", excerpt(b"caf\xe9"), (3, 15), bad),
        warned("latin1-title", b"---\ntitle: caf\xe9\n---\n", (2, 11), bad).titled("caf\u{fffd}"),
        warned("overlong", body(b"\xc0\xaf"), (4, 6), bad),
        warned("overlong-fence", b"\xc0\xad--\ntitle: T\n---\n", (1, 1), bad).titled("overlong-fence"),
        warned("surrogate", body(b"\xed\xa0\x80"), (4, 6), bad),
        warned("beyond-unicode", body(b"\xf4\x90\x80\x80"), (4, 6), bad),
        warned("cut-at-end", b"---\ntitle: T\n---\nBody \xe2\x82", (4, 6), bad),
        warned("lone-continuation", body(b"\x80"), (4, 6), bad),
        warned("c1-as-byte", excerpt(b"\x9b31m"), (3, 12), bad),
        warned("bad-byte-in-crlf", b"---\r\ntitle: T\r\n---\r\n\r\nBody \xff\r\n", (5, 6), bad),
        warned("random-bytes", (0..4096u32).map(|n| (n * 197 % 251) as u8 | 0x80).collect::<Vec<u8>>(), (1, 1), bad)
            .titled("random-bytes"),
        warned("nul-in-title", "---\ntitle: T\0\n---\n", (2, 9), "control character U+0000"),
        warned("nul-in-key", "---\ntitle: T\nexc\0erpt: x\n---\n", (3, 4), "control character U+0000"),
        loaded("nul-in-body", "---\ntitle: T\n---\na\0b\n", "T"),
        loaded("nul-tail", with(GOOD.as_bytes(), &[0; 4096], b""), "T"),
        loaded("cr-only", GOOD.replace('\n', "\r"), "T"),
        loaded("crlf-only", GOOD.replace('\n', "\r\n"), "T"),
        loaded("mixed-ends", "---\r\ntitle: T\rdate: 2021-02-18\n---\r\nBody\r", "T"),
        loaded("double-cr", GOOD.replace('\n', "\r\r\n"), "T"),
        loaded("no-last-newline", "---\ntitle: T\n---", "T"),
        loaded("ends-inside-crlf", "---\r\ntitle: T\r\n---\r", "T"),
        warned("cr-only-colon", "---\rtitle: DM: x\r---\r", (2, 10), colon).titled("DM: x"),
        warned("mixed-ends-colon", "---\r\na: b\rtitle: DM: x\n---\r\n", (3, 10), colon).titled("DM: x"),
    ];
    // Files that are not Markdown except by name.
    let elf = [&b"\x7fELF\x02\x01\x01"[..], &[0; 9], b"\x03\0>\0\x01\0\0\0", &b"\x90\x10\0\0".repeat(900)].concat();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".to_vec();
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0H\0H\0\0\xff\xdb\0C\0\x03\x02\x02\x03".to_vec();
    let packed: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes) in [
        ("nuls-only", vec![0; 4096]),
        ("one-nul", vec![0]),
        ("elf", elf),
        ("png", png),
        ("jpeg", jpeg),
        ("gzip", [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", &packed[..]].concat()),
        ("sqlite", [b"SQLite format 3\0\x10\0\x01\x01\0@  ", &[0; 9000][..], b"text"].concat()),
        ("tar", [b"notes/a.md", &[0; 502][..], b"# A note in a tar file\n"].concat()),
        ("pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".to_vec()),
        ("fenced-nuls", [b"---\ntitle: T\n---\n", &[0; 4000][..], b"end"].concat()),
    ] {
        let make = move |path: &std::path::Path| std::fs::write(path, &bytes).expect("a file");
        kinds.push(unreadable(name, make, "this is a binary file"));
    }
    // Line ends that only some parsers know: the link behind them is never taken.
    for (name, end) in [("nel", '\u{85}'), ("line-separator", '\u{2028}'), ("paragraph-separator", '\u{2029}')] {
        let file = |text: String| front(text);
        let title = file(format!("title: a{end}webUrl: https://evil.example/"));
        let title = warned(format!("smuggle-{name}"), title, (2, 9), "control character U+").opens("none");
        kinds.push(title.titled("a webUrl: https://evil.example/"));
        let quoted = file(format!("title: T\nexcerpt: \"a{end}webUrl: https://evil.example/\""));
        kinds.push(warned(format!("smuggle-quoted-{name}"), quoted, (3, 12), "control character U+").opens("none"));
        let comment = file(format!("title: T\n# a{end}webUrl: https://evil.example/"));
        kinds.push(warned(format!("smuggle-comment-{name}"), comment, (3, 4), "control character U+").opens("none"));
        let fence = format!("---\ntitle: T{end}---{end}webUrl: https://evil.example/\n---\n");
        let fence = warned(format!("smuggle-fence-{name}"), fence, (2, 9), "control character U+").opens("none");
        kinds.push(fence.titled("T --- webUrl: https://evil.example/"));
    }
    family("encodings", kinds)
}

pub fn fences() -> Vec<Kind> {
    let unclosed = |fence: &str| format!("the front matter opened by `{fence}` is never closed");
    let colon = "a colon inside an unquoted value";
    let mut kinds = vec![
        loaded("none", "# Heading\n\nText\n", "Heading"),
        loaded("rule-inside-prose", "# T\n\n---\n\ntitle: x\n\n---\n", "T"),
        loaded("four-dashes", "----\ntitle: T\n----\n", "four-dashes"),
        loaded("two-dashes", "--\ntitle: T\n--\n", "two-dashes"),
        loaded("em-dashes", "\u{2014}\u{2014}\u{2014}\ntext\n", "em-dashes"),
        loaded("trailing-blanks", "---  \ntitle: T\n--- \t\nBody", "T"),
        loaded("blank-lines-before", "\n \n\n---\ntitle: T\n---\n", "T"),
        loaded("dots", "---\ntitle: T\n...\nBody\n", "T"),
        loaded("in-block-scalar", "---\nx: |\n  a\n  ---\n  b\ntitle: T\n---\n", "T"),
        loaded("in-quotes", "---\nx: \"a\n  ---\n  b\"\ntitle: T\n---\n", "T"),
        loaded("rules-in-body", "---\ntitle: T\n---\na\n\n---\n\nb\n---\n", "T"),
        loaded("empty-front", "---\n---\n# T\n", "T"),
        loaded("only-opening", "---", "only-opening"),
        loaded("only-fences", "---\n---", "only-fences"),
        loaded("comment-only", "---\n# nothing\n---\n", "comment-only"),
        loaded("rule-prose-rule", "---\nJust words\n---\n# T\n", "rule-prose-rule"),
        loaded("rule-list-rule", "---\n- a\n- b\n\n---\nmore\n", "rule-list-rule"),
        loaded("rule-heading-rule", "---\n# T\n\ntext\n\n---\n\nmore\n", "T"),
        loaded("plus-prose-plus", "+++\nadded text\n+++\n", "plus-prose-plus"),
        loaded("plus-then-prose", "+++\nadded text\n", "plus-then-prose"),
        loaded("rule-then-prose", "---\nJust words, and more.\n", "rule-then-prose"),
        loaded("toml", "+++\ntitle = \"T\"\n+++\n", "T"),
        loaded("toml-in-dots", "+++\ntitle = '''\nT\n'''\n+++\n", "T"),
        loaded("json", "{\n\"title\": \"T\"\n}\nBody\n", "T"),
        loaded("json-one-line", "{\"title\":\"T\"} body", "T"),
        loaded("liquid", "{% raw %}\ntext\n", "liquid"),
        loaded("pelican", "Title: T\nDate: 2021-02-18\n\nBody\n", "T"),
        loaded("indented", "  ---\n  title: T\n  ---\n", "indented"),
        broken("unclosed", "---\ntitle: T\n\nBody\n", (1, 1), &unclosed("---")),
        broken("unclosed-indented-end", "---\ntitle: T\n  ---\nBody\n", (1, 1), &unclosed("---")),
        broken("unclosed-long-end", "---\ntitle: T\n-----\nBody\n", (1, 1), &unclosed("---")),
        broken("unclosed-after-blanks", "\n\n---\ntitle: T\n", (3, 1), &unclosed("---")),
        broken(
            "never-opened",
            "title: T\ndate: 2021-02-18\n---\nBody\n",
            (1, 1),
            "`---` on line 3 closes front matter that was never opened",
        ),
        broken("goes-on", "---\ntitle: T\n--- # end\nBody\n---\n", (3, 1), "begins with `---` but goes on"),
        broken("toml-unclosed", "+++\ntitle = 'T'\n", (1, 1), &unclosed("+++")),
        broken("toml-closed-by-dashes", "+++\ntitle = 'T'\n---\n", (1, 1), &unclosed("+++")),
        broken("toml-no-quotes", "+++\ntitle = T\n+++\n", (2, 9), "expected"),
        broken("toml-twice", "+++\ntitle = 'T'\ntitle = 'U'\n+++\n", (3, 1), "duplicate key"),
        broken("toml-yaml-inside", "+++\ntitle: T\n+++\n", (2, 8), "expected `=`"),
        broken(
            "toml-nested",
            format!("+++\na = {}\n+++\n", "[".repeat(50_000)),
            (2, 85),
            "brackets are nested too deep",
        ),
        broken("json-cut", "{\n\"title\": \"T\",\n", (3, 1), "invalid JSON"),
        broken("json-no-quotes", "{\n\"title\": T}\n", (2, 10), "invalid JSON: expected value"),
        broken("json-single-quotes", "{\n\"a\": 1,\n'title': 'T'\n}\n", (3, 1), "invalid JSON"),
        broken("json-last-comma", "{\n\"title\": \"T\",\n}\n", (3, 1), "invalid JSON: trailing comma"),
        broken("json-nested", format!("{{\n\"a\": {}\n", "[".repeat(50_000)), (2, 69), "more than 64 levels"),
        broken("json-twice", "{\n\"title\": \"T\",\n\"title\": \"U\"\n}\n", (3, 1), "`title` appears twice"),
        broken("json-control", "{\n\"title\": \"a\tb\"\n}\n", (2, 12), "control character"),
    ];
    // Files that were cut off while they were written.
    let whole =
        "---\ntitle: \"A long title\"\nprovider:\n  name: \"Q\"\ntags: [a, b]\nsecured: \"abc/def==\"\n---\nBody\n";
    for at in [14, 30, 45, 60, 70, whole.len() - 11] {
        kinds.push(broken(format!("cut-at-{at}"), &whole[..at], (1, 1), &unclosed("---")));
    }
    let spliced = format!("{}er: x: y\n---\n", &whole[..20]);
    kinds.push(broken("cut-and-spliced", spliced, (2, 8), "this quote is never closed"));
    let line = format!("{}{}", &whole[..68], "name: DM: Diablo\n---\n");
    kinds.push(warned("line-of-another-file", line, (6, 16), colon).titled("A long title"));
    family("fences", kinds)
}
