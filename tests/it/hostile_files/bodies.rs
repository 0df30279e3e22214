//! Bodies that are built to make a renderer recurse, to grow without limit, or to send commands to the terminal.

use super::kind::{Kind, family, front, loaded};

pub fn kinds() -> Vec<Kind> {
    const DEEP: usize = 100_000;
    let fill = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    let steps =
        |open: &str, count: usize| (0..count).map(|n| format!("{}{open} a\n", "  ".repeat(n))).collect::<String>();
    let bodies = [
        ("quotes", ">".repeat(DEEP)),
        ("quotes-with-blanks", "> ".repeat(DEEP)),
        ("lists", "- ".repeat(DEEP)),
        ("lists-by-steps", steps("-", 500)),
        ("numbered-lists", "1. ".repeat(DEEP / 2)),
        ("quotes-and-lists", "> - ".repeat(DEEP / 2)),
        ("emphasis", format!("{}a{}", "*".repeat(DEEP), "*".repeat(DEEP))),
        ("emphasis-mixed", "*_".repeat(DEEP)),
        ("emphasis-unclosed", "**a ".repeat(DEEP / 2)),
        ("strong-pairs", format!("{}a{}", "**a ".repeat(5000), " b**".repeat(5000))),
        ("strikes", "~~a~".repeat(DEEP / 2)),
        ("links", "[".repeat(DEEP)),
        ("links-closed", format!("{}a{}", "[".repeat(DEEP), "](u)".repeat(DEEP / 4))),
        ("images", "![".repeat(DEEP / 2)),
        ("link-targets", "[a](<".repeat(DEEP / 5)),
        ("link-titles", "[a](b \"".repeat(DEEP / 7)),
        ("references", fill("[a]: https://e.org/\n", 500_000)),
        ("references-used", format!("[x]: /{}\n\n{}", "y".repeat(50_000), "[x]".repeat(20_000))),
        ("reference-chain", (0..20_000).map(|n| format!("[a{n}]: b{n}\n")).collect()),
        ("backticks", (1..700).map(|n| format!("{} ", "`".repeat(n))).collect()),
        ("open-fence", format!("```\n{}", fill("code\n", 500_000))),
        ("many-fences", "```\n".repeat(DEEP / 4)),
        ("table", format!("|{}\n|{}\n{}", "a|".repeat(3000), "-|".repeat(3000), "a\n".repeat(3000))),
        ("table-no-end", format!("{}\n{}\n", "|a".repeat(20_000), "|-".repeat(20_000))),
        ("html", "<div>".repeat(DEEP / 5)),
        ("html-comments", "<!--".repeat(DEEP / 4)),
        ("html-instructions", "<?".repeat(DEEP / 2)),
        ("html-declarations", "<!A ".repeat(DEEP / 4)),
        ("html-cdata", "a <![CDATA[".repeat(DEEP / 10)),
        ("html-attributes", format!("<a {}", "b=\"c\" ".repeat(20_000))),
        ("script", "<script>alert(1)</script>\n".repeat(1000)),
        ("autolinks", "<https://e.org/".repeat(DEEP / 15)),
        ("entities", "&#27;[2J&#x1b;]0;pwned&#7; &amp;#27;[2J &#155;31m".repeat(1000)),
        ("entities-unknown", "&a".repeat(DEEP)),
        ("raw-controls", "\u{1b}[2J\u{1b}]52;c;cHduZWQ=\u{7}\u{9b}31m\u{8}\u{7f}".repeat(1000)),
        ("overrides", "\u{202e}\u{2066}\u{200f}text".repeat(1000)),
        ("marks", format!("a{}", "\u{301}".repeat(DEEP))),
        ("joiners", "👩\u{200d}".repeat(DEEP / 8)),
        ("headings", "#".repeat(DEEP)),
        ("underlines", "a\n=\n".repeat(DEEP / 4)),
        ("rules", "---\n".repeat(DEEP / 4)),
        ("backslashes", "\\".repeat(DEEP)),
        ("footnotes", "[^a]: ".repeat(DEEP / 6)),
        ("one-line-of-3-mb", "word ".repeat(600_000)),
        ("one-word-of-3-mb", "w".repeat(3_000_000)),
        ("blank-lines", "\n".repeat(3_000_000)),
        ("blanks", " ".repeat(1_000_000)),
        ("tabs", "\t".repeat(DEEP)),
        ("words-of-one-letter", "a\n\n".repeat(DEEP)),
        ("javascript-link", "[click](javascript:alert(1))".to_owned()),
    ];
    let kinds = bodies.map(|(name, body)| loaded(name, format!("{}{body}\n", front("title: T")), "T"));
    family("bodies", kinds.into_iter().collect())
}
