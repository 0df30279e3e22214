//! Front matter that is not YAML, or YAML that is made to exhaust a parser.

use super::kind::{Kind, broken, family, front, loaded, warned};

/// Common mistakes of people: line and column in the file, and a part of the message.
const USUAL: [(&str, &str, (u64, u64), &str); 36] = [
    ("tab-indent", "title: T\nprovider:\n\tname: A", (4, 1), "a tab is used for indentation"),
    ("tab-in-list", "title: T\ntags:\n\t- a", (4, 1), "a tab is used for indentation"),
    ("tab-before-key", "\ttitle: T", (2, 1), "a tab is used for indentation"),
    ("indented-key", "title: T\n  date: 2021-02-18", (3, 3), "this line does not fit the lines above it"),
    ("double-unclosed", "title: \"never closed\ndate: 2020-01-01", (2, 8), "this quote is never closed"),
    ("single-unclosed", "title: 'never closed\ndate: 2020-01-01", (2, 8), "this quote is never closed"),
    ("key-in-open-quote", "title: T\n\"date: 2021", (3, 1), "this quote is never closed"),
    ("typographic-key", "title: T\nno colon here\ndate: 2021", (3, 1), "this line is not `key: value`"),
    ("no-blank-behind-colon", "title:T\ndate: 2021-02-18", (2, 1), "this line is not `key: value`"),
    ("item-outdented", "title: T\ntags:\n  - a\n - b", (5, 2), "this line does not fit the lines above it"),
    ("key-outdented", "  title: T\ndate: 2021", (3, 1), "this line does not fit the lines above it"),
    ("key-in-list", "title: T\ntags:\n  - a\n  b: c", (5, 3), "this line does not fit the lines above it"),
    ("item-after-value", "title: T\n- a", (3, 1), "this line does not fit the lines above it"),
    ("nested-below-text", "provider: A\n  name: B\ntitle: T", (3, 3), "this line does not fit the lines above it"),
    ("block-zero", "title: |0\n  T", (2, 8), "a value cannot start with `|`"),
    ("escape-unknown", "title: T\nx: \"a \\q b\"", (3, 7), "YAML does not know this escape"),
    ("escape-windows-path", "title: T\nx: \"C:\\Users\"", (3, 9), "YAML does not know this escape"),
    ("escape-short", "title: T\nx: \"\\u12\"", (3, 7), "YAML does not know this escape"),
    ("escape-not-hex", "title: T\nx: \"\\xzz\"", (3, 7), "YAML does not know this escape"),
    ("escape-surrogate", "title: T\nx: \"\\ud800\"", (3, 7), "YAML does not know this escape"),
    ("list-unclosed", "title: T\ntags: [a, b", (3, 7), "this list is not closed or lacks a comma"),
    ("list-unclosed-then-key", "title: T\ntags: [a, b\ndate: 2021", (3, 7), "this list is not closed or lacks a comma"),
    ("map-unclosed", "title: T\nprovider: {name: A", (3, 11), "this list is not closed or lacks a comma"),
    ("map-wrong-end", "title: T\nprovider: {name: A]", (3, 11), "this list is not closed or lacks a comma"),
    ("list-no-comma", "title: T\ntags: [\"a\" \"b\"]", (3, 7), "this list is not closed or lacks a comma"),
    ("twice", "title: T\ndate: 2020-01-01\ntitle: U", (4, 1), "`title` appears twice, on lines 2 and 4"),
    ("twice-nested", "title: T\nprovider:\n  name: A\n  name: B", (5, 3), "`name` appears twice, on lines 4 and 5"),
    (
        "twice-in-item",
        "title: T\nrelated:\n  - title: A\n    title: B",
        (5, 5),
        "`title` appears twice, on lines 4 and 5",
    ),
    ("twice-quoted", "title: T\n\"title\": U", (3, 1), "`title` appears twice, on lines 2 and 3"),
    ("twice-in-braces", "title: T\nprovider: {name: A, name: B}", (3, 11), "`name` appears twice"),
    ("twice-number", "title: T\n1: a\n1: b", (4, 1), "`1` appears twice, on lines 3 and 4"),
    ("twice-null", "title: T\n~: a\n~: b", (2, 1), "`null` appears twice"),
    ("second-document", "title: T\n--- !!map\nx: y", (3, 1), "begins with `---` but goes on"),
    ("merge-of-text", "title: T\n<<: text", (3, 1), "the merge key `<<` does not name a map"),
    ("merge-of-texts", "title: T\n<<: [a, b]", (3, 1), "the merge key `<<` does not name a map"),
    ("directive-unknown-version", "%YAML 9.9\n---\ntitle: T", (2, 1), "a line cannot start with `%`"),
];

/// Name, front matter, place, words of the message, title.
type Unquoted = (&'static str, &'static str, (u64, u64), &'static str, &'static str);

/// Values that need quotes and have none: they are read as text and reported. Each with the title that results.
const UNQUOTED: [Unquoted; 22] = [
    ("colon-in-title", "title: DM: Diablo", (2, 10), "a colon inside an unquoted value", "DM: Diablo"),
    ("colon-nested", "title: T\nprovider:\n  name: DM: x", (4, 11), "a colon inside an unquoted value", "T"),
    ("colon-in-list", "title: T\ntags:\n  - a\n  - b: c: d", (5, 9), "a colon inside an unquoted value", "T"),
    ("colon-at-end", "title: What now:", (2, 16), "a colon inside an unquoted value", "What now:"),
    ("apostrophe-in-single", "title: 'It's here'", (2, 12), "text after a closing quote", "It's here"),
    (
        "quote-in-double",
        "title: \"He said \"hi\" to me\"",
        (2, 18),
        "text after a closing quote",
        "He said \"hi\" to me",
    ),
    ("text-behind-quote", "title: \"A\" and B", (2, 12), "text after a closing quote", "\"A\" and B"),
    ("starts-with-at", "title: @T", (2, 8), "a value cannot start with `@`", "@T"),
    ("starts-with-backtick", "title: `T`", (2, 8), "a value cannot start with ``", "`T`"),
    ("starts-with-percent", "title: %T", (2, 8), "a value cannot start with `%`", "%T"),
    ("starts-with-bracket", "title: [Video] T", (2, 16), "text after a closing bracket", "[Video] T"),
    ("starts-with-brace", "title: {T} x", (2, 12), "text after a closing bracket", "{T} x"),
    ("starts-with-closed", "title: ] T", (2, 8), "a value cannot start with `]`", "] T"),
    ("starts-with-comma", "title: , T", (2, 8), "a value cannot start with `,`", ", T"),
    ("starts-with-star", "title: *T", (2, 8), "this alias `*…` has no anchor", "*T"),
    ("starts-with-bold", "title: **Bold** move", (2, 8), "cannot start with `*`", "**Bold** move"),
    ("starts-with-and", "title: & more", (2, 8), "cannot start with `&`", "& more"),
    ("starts-with-dash", "title: - T", (2, 8), "a value cannot start with `-`", "- T"),
    ("starts-with-question", "title: T\nexcerpt: ? x", (3, 10), "a value cannot start with `?`", "T"),
    ("starts-with-pipe", "title: |x| is not x", (2, 8), "a value cannot start with `|`", "|x| is not x"),
    ("starts-with-greater", "title: > 5 reasons", (2, 8), "a value cannot start with `>`", "> 5 reasons"),
    ("starts-with-tag", "title: !T<x", (2, 8), "cannot start with `!`", "!T<x"),
];

/// Unusual but valid YAML.
const UNUSUAL: [(&str, &str, &str); 22] = [
    ("anchor-and-alias", "title: &t T\nexcerpt: *t", "T"),
    ("merge", "base: &b\n  title: U\n<<: *b\ntitle: T", "T"),
    ("python-tag", "title: !!python/object:os.system T", "T"),
    ("binary-tag", "title: !!binary T", "T"),
    ("own-tag", "title: !mine T", "T"),
    ("tag-at-top", "!!map\ntitle: T", "T"),
    ("complex-key", "? [a, b]\n: c\ntitle: T", "T"),
    ("question-key", "? title\n: T", "T"),
    ("null-key", "~: x\ntitle: T", "T"),
    ("number-key", "1: x\ntitle: T", "T"),
    ("list-key", "[a]: b\ntitle: T", "T"),
    ("map-key", "{a: b}: c\ntitle: T", "T"),
    ("dash-key", "-: x\ntitle: T", "T"),
    ("flow-at-top", "{title: T, tags: [a]}", "T"),
    ("literal", "title: |\n  T", "T"),
    ("folded", "title: >-\n  T", "T"),
    ("plain-on-two-lines", "title: T\n  and more", "T and more"),
    ("quoted-on-two-lines", "title: \"T\n\n  more\"", "T more"),
    ("comment-behind", "title: T # not this", "T"),
    ("hash-without-blank", "title: C#", "C#"),
    ("url-as-title", "title: https://e.org/", "https://e.org/"),
    ("smart-quotes", "title: “T”", "“T”"),
];

/// Escapes in quotes for characters that must not reach a screen.
const ESCAPES: [(&str, &str, &str); 14] = [
    ("esc", "T\\e[2J", "T"),
    ("esc-hex", "T\\x1b[31m", "T"),
    ("osc", "T\\e]0;pwned\\a", "T"),
    ("bell", "\\aT", "T"),
    ("nul", "T\\0", "T"),
    ("delete", "\\x7fT", "T"),
    ("csi", "T\\x9b31m", "T"),
    ("csi-unicode", "T\\u009b2J", "T"),
    ("override", "\\u202eT", "T"),
    ("nel", "T\\N", "T"),
    ("separators", "T\\L\\P", "T"),
    ("backspaces", "T\\b\\b", "T"),
    ("returns", "T\\r\\n\\v\\f", "T"),
    ("entity", "T&#27;[2J", "T&#27;[2J"),
];

pub fn kinds() -> Vec<Kind> {
    let usual = USUAL.map(|(name, text, at, message)| broken(name, front(text), at, message));
    let unquoted =
        UNQUOTED.map(|(name, text, at, message, title)| warned(name, front(text), at, message).titled(title));
    let no_keys = "no `key: value` lines";
    let prose = [
        warned("only-one-without-blank", front("title:T"), (2, 1), no_keys).titled("only-one-without-blank"),
        warned("equals-sign", front("title = T"), (2, 1), no_keys).titled("equals-sign"),
        loaded("list-at-top", front("- a\n- b"), "list-at-top"),
        loaded("text-at-top", front("just words"), "text-at-top"),
        loaded("text-with-a-colon", front("Note: this is text.\nMore of it."), "text-with-a-colon"),
        loaded("text-that-is-a-map", front("What there is to say: nothing."), "text-that-is-a-map"),
        loaded("headings", front("# One\n\n## Two\n"), "One"),
    ];
    let unusual = UNUSUAL.map(|(name, text, title)| loaded(name, front(text), title));
    let escapes =
        ESCAPES.map(|(name, text, title)| loaded(format!("escape-{name}"), front(format!("title: \"{text}\"")), title));
    family(
        "yaml",
        usual.into_iter().chain(unquoted).chain(prose).chain(unusual).chain(escapes).chain(controls()).collect(),
    )
}

/// Each control as it is, inside a title.
fn controls() -> Vec<Kind> {
    let codes = (0u32..0x20).chain(0x7f..0xa0).filter(|code| ![0x9, 0xa, 0xd].contains(code));
    let file = |code: u32| {
        let control = char::from_u32(code).expect("a character");
        let message = format!("control character U+{code:04X} in the front matter");
        let file =
            warned(format!("control-{code:02x}"), front(format!("title: T\nexcerpt: a{control}b")), (3, 11), &message);
        file.titled("T")
    };
    codes.map(file).collect()
}

/// Front matter that costs a careless parser hours, gigabytes or its stack.
pub fn bombs() -> Vec<Kind> {
    const BIG: usize = 100_000;
    let titled = |text: String| front(format!("title: T\n{text}"));
    let of = |text: &str| titled(format!("x: {}", text.repeat(BIG / text.len())));
    let brackets = "more than 64 levels of brackets";
    let levels = "more than 64 levels";
    let aliases = "too many aliases: at most 64, and none in front matter over 16 KiB";
    let laughs = |fan: usize, depth: usize| {
        let level = |n: usize| format!("l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); fan].join(", "));
        titled(format!("l0: &l0 lol\n{}", (1..depth).map(level).collect::<String>()))
    };
    let merges = |depth: usize| {
        let level = |n: usize| format!("m{n}: &m{n}\n  <<: [{0}, {0}]\n  k{n}: v\n", format_args!("*m{}", n - 1));
        titled(format!("m0: &m0\n  k: v\n{}", (1..depth).map(level).collect::<String>()))
    };
    let steps = |count: usize| (0..count).map(|n| format!("{}k:\n", " ".repeat(n))).collect::<String>();
    let keys = |count: usize| (0..count).map(|n| format!("k{n}: v\n")).collect::<String>();
    let long = "y".repeat(BIG);
    let kinds = vec![
        broken("brackets", of("["), (3, 68), brackets),
        broken("brackets-closed", titled(format!("x: {}{}", "[".repeat(BIG), "]".repeat(BIG))), (3, 68), brackets),
        broken("braces", of("{a:"), (3, 196), brackets),
        broken("brackets-and-braces", of("[{a: "), (3, 164), brackets),
        broken("many-brackets", titled(format!("x: [{}]", "[],".repeat(2100))), (3, 6002), "more than 2000 brackets"),
        broken("dashes", titled(format!("x:\n  {}", "- ".repeat(BIG / 2))), (4, 129), levels),
        warned("questions", of("? "), (3, 4), "a value cannot start with `?`"),
        broken("questions-below", titled(format!("x:\n  {}", "? ".repeat(BIG / 2))), (4, 67), levels),
        broken("block-maps", titled(steps(700)), (67, 65), levels),
        broken(
            "block-lists",
            titled((0..600).map(|n| format!("{}-\n", " ".repeat(n))).fold("x:\n".to_owned(), |all, line| all + &line)),
            (67, 64),
            levels,
        ),
        loaded("dashes-at-top", front("- ".repeat(BIG / 2)), "dashes-at-top"),
        broken("unclosed-quote", titled(format!("x: \"{long}")), (3, 4), "this quote is never closed"),
        broken("key-without-end", titled(format!("{long}\nz: y")), (3, 1), "this line is not `key: value`"),
        broken("billion-laughs", laughs(9, 12), (4, 10), aliases),
        broken("alias-of-itself", titled("x: &x [*x, *x]".to_owned()), (3, 4), "more than 32 levels"),
        broken(
            "aliases-of-long-text",
            titled(format!("a: &a \"{long}\"\nb: [{}]", "*a,".repeat(30_000))),
            (4, 5),
            aliases,
        ),
        broken("many-aliases", titled(format!("a: &a b\nb: [{}]", "*a, ".repeat(100))), (4, 5), aliases),
        broken("merges", merges(40), (6, 8), aliases),
        broken("merge-of-itself", titled("x: &x\n  <<: *x\n  a: b".to_owned()), (3, 4), "more than 32 levels"),
        broken("a-hundred-thousand-keys", titled(keys(BIG)), (2, 1), "the limit is 256 KiB"),
        broken("a-million-lines", titled("\n# x".repeat(300_000)), (2, 1), "the limit is 256 KiB"),
        broken("few-laughs", laughs(2, 20), (4, 10), "aliases expand to too many values"),
        broken("few-merges", merges(16), (6, 8), "aliases expand to too many values"),
        loaded("fewer-laughs", laughs(2, 5), "T"),
        loaded("fewer-merges", merges(4), "T"),
        loaded("long-text", titled(format!("x: {}", long.repeat(2))), "T"),
        loaded("long-key", titled(format!("{}: x", "k".repeat(900))), "T"),
        loaded("twenty-thousand-keys", titled(keys(20_000)), "T"),
        loaded("sixty-levels", titled(format!("x: {}{}", "[".repeat(60), "]".repeat(60))), "T"),
        loaded("brackets-in-quotes", titled(format!("x: \"{}\"", "[".repeat(BIG))), "T"),
        loaded("anchors", titled((0..10_000).map(|n| format!("a{n}: &a{n} b\n")).collect()), "T"),
        loaded("comments", titled("# x\n".repeat(50_000)), "T"),
        loaded("escapes", titled(format!("x: \"{}\"", "\\u0041".repeat(BIG / 6))), "T"),
        loaded("block-text", titled(format!("x: |\n{}", "  y\n".repeat(50_000))), "T"),
        loaded("long-number", titled(format!("x: {}", "9".repeat(BIG))), "T"),
        loaded("long-title", front(format!("title: {}", "word ".repeat(20_000))), "word word").titled("…"),
    ];
    family("bombs", kinds)
}
