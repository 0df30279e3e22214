//! Tests the layout of each Markdown construct, and of hostile sources.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::block_writer::MAX_LINES;
use super::*;
use crate::feed::picture_facts::{KnownPictures, PictureFacts, PictureState};
use crate::picture::Size;
use crate::text::{self, CaptionForm, PictureRoom};

fn body(source: &str, columns: usize) -> Vec<Line<'static>> {
    let links = ["https://a.org/1", "https://a.org/2", "p.png"];
    let links = links.map(|link| NamedLink { name: "".into(), link: Link::read(link), target: LocalTarget::NotLocal });
    render(&UntrustedText::new(source), BodySyntax::Extended, columns, &links, &MarkdownStyles::default())
}

fn plain(lines: &[Line<'_>]) -> Vec<String> {
    lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
}

#[test]
fn constructs() {
    for (source, columns, lines) in [
        ("", 20, &[][..]),
        ("\n \n", 20, &[]),
        ("one\ntwo\n\n\n\nthree", 20, &["one two", "", "three"]),
        ("one two three", 8, &["one two", "three"]),
        ("a  \nb\\\nc", 20, &["a", "b", "c"]),
        ("# One two\n### Four\nfive", 8, &["# One", "  two", "", "### Four", "", "five"]),
        ("## One ##\nTwo\n===", 20, &["## One", "", "# Two"]),
        ("#", 20, &["#"]),
        ("*a* **b** ~~c~~ `d  e` &amp; \\*", 40, &["a b c `d e` & *"]),
        ("[one *two*](https://a.org/1), <https://a.org/2>", 40, &["one two[1], https://a.org/2[2]"]),
        ("[a][x] [b](https://b.org) [c](#top)\n\n[x]: https://a.org/2", 40, &["a[2] b c"]),
        ("![words](p.png) ![](q.png) ![`x`](q.png)", 60, &["[image: words] [3]", "", "[image: q]", "", "[image: x]"]),
        ("[![a](p.png)](https://a.org/1)", 40, &["[image: a] [3] [1]"]),
        ("- a\n- b c d\n  - e\n- f", 6, &["• a", "• b c", "  d", "  • e", "• f"]),
        ("- a\n  - b\n    - c\n- d", 20, &["• a", "  • b", "    • c", "• d"]),
        ("- a\n\n  b\n- c", 20, &["• a", "", "  b", "", "• c"]),
        ("- a\n\n\n- b\n\nc", 20, &["• a", "", "• b", "", "c"]),
        ("text\n- a\n\ntext", 20, &["text", "", "• a", "", "text"]),
        ("-\n- - a\n- # b\n- > c", 20, &["•", "• • a", "• # b", "• ▎ c"]),
        ("9. a b c\n10. d", 7, &["9. a b", "   c", "10. d"]),
        ("123456789. a b", 8, &["12345678", "9. a b"]),
        ("- [x] a b c\n- [ ] d\n\n1. [x] e", 8, &["[x] a b", "    c", "[ ] d", "", "1. [x] e"]),
        ("> a b c\n>\n> d\n\ne", 6, &["▎ a b", "▎ c", "▎", "▎ d", "", "e"]),
        ("> a\n>> b\n\n> c", 20, &["▎ a", "▎", "▎ ▎ b", "", "▎ c"]),
        ("> - a\n> - b", 20, &["▎ • a", "▎ • b"]),
        ("```rust\nfn  main\n\n\tx\n```\n\n    y", 20, &["│ fn  main    · rust", "│", "│     x", "", "│ y"]),
        ("```rust\nfn  mainsx\nx\n```", 20, &["│             · rust", "│ fn  mainsx", "│ x"]),
        ("```text\na\n```", 20, &["│ a"]),
        ("~~~~ brainfog\na\n~~~~", 20, &["│ a       · brainfog"]),
        ("```js title=\"a/b.js\" {1}\nabc\n```", 20, &["│      · js · a/b.js", "│ abc"]),
        ("```{file=\"a&amp;b.html\"}\na\n```", 20, &["│ a       · a&b.html"]),
        ("```mermaid\na\n```", 30, &["│ a        · diagram (mermaid)"]),
        ("```averylongname\na\n```", 8, &["│ · ave…", "│ a"]),
        ("```rust\n```\n\n```rust\n \n```", 20, &[]),
        ("- ```sh\n  a\n  ```", 12, &["• │ a   · sh"]),
        ("```\n\nabcdefghij\nk\n\n```", 6, &["│ abcd", "↪ efgh", "↪ ij", "│ k"]),
        ("```\n  \na\n  \n```\n```\n  ", 2, &["a"]),
        ("- a\n  ```\n  b\n  ```\n- c", 20, &["• a", "  │ b", "• c"]),
        ("a\n\n---\n\n> ***", 4, &["a", "", "────", "", "▎ ──"]),
        (
            "a[^1] b\n\n[^1]: one two\n\n    three",
            11,
            &["a[^1] b", "", "───────────", "", "[^1] one", "     two", "", "     three"],
        ),
        ("a <b>b</b><br>c <!-- d --> e", 20, &["a b", "c e"]),
        ("a\n\n<!-- more -->\n\nb", 20, &["a", "", "b"]),
        ("<p>a &amp; b</p>\n<p>c<br><br><br><br>d</p>", 20, &["a & b", "", "c", "", "d"]),
        ("<div>a</div><div>b</div>c", 20, &["a", "", "b", "", "c"]),
        ("<script>\n*a*\n</script>", 20, &[]),
        ("日本語の、テキスト。", 9, &["日本語", "の、テキ", "スト。"]),
        ("한국어 텍스트", 7, &["한국어", "텍스트"]),
        ("🎉🎉🎉 👨‍👩‍👧‍👦🇫🇷❤️", 4, &["🎉🎉", "🎉", "👨‍👩‍👧‍👦🇫🇷", "❤️"]),
    ] {
        assert_eq!(plain(&body(source, columns)), lines, "{source:?} at {columns}");
    }
}

#[test]
fn html_is_shown_as_the_markdown_for_it() {
    for (source, columns, lines) in [
        ("a <a href=\"https://a.org/1\">b <i>c</i></a> d", 40, &["a b c[1] d"][..]),
        ("<a href=https://a.org/1>b", 40, &["b[1]"]),
        ("[x <a href=https://a.org/2>b</a>](https://a.org/1)", 40, &["x b[1]"]),
        ("x <img src=p.png alt='A cat'> <img src=q.png>", 60, &["x [image: A cat] [3] [image]"]),
        ("<img src=\"p.png\">", 60, &["[image: p] [3]"]),
        ("10<sup>6</sup> H<sub>2</sub>O x<sup>A</sup>", 40, &["10⁶ H₂O x^A"]),
        ("<p>10<sup>6</sup> H<sub>2</sub>O x<sup>A</sup></p>", 40, &["10⁶ H₂O x^A"]),
        ("a <pre>b\n  c *d*\n</pre> e", 40, &["a", "", "│ b", "│   c *d*", "", "e"]),
        ("> a <pre>b\n>   c\n> </pre> e", 40, &["▎ a", "▎", "▎ │ b", "▎ │   c", "▎", "▎ e"]),
        ("- a <pre>b\n    c</pre> e", 40, &["• a", "  │ b", "  │   c", "  e"]),
        (
            "<div class=\"note info\">\n  <h5>T</h5>\n  <p>a <b>b</b></p>\n\n  <p>c</p>\n</div>\nd",
            40,
            &["▎ ℹ T", "▎ a b", "▎", "▎ c", "", "d"],
        ),
        ("a [b]() c [d](#) e", 40, &["a b c d e"]),
        ("![](https://www.youtube.com/watch?v=x) ![A talk](talk.mp4)", 60, &["▶ Video on YouTube ▶ A talk"]),
        ("a <iframe src=\"https://player.vimeo.com/video/1\"></iframe>", 60, &["a ▶ Video on Vimeo"]),
        (
            "<details><summary><p>One <b>update</b>.</p></summary>\n<p>Text</p></details>",
            60,
            &["▾ One update.", "  Text"],
        ),
        ("<progress value=\"3\" max=\"4\"></progress>", 60, &["3/4"]),
        ("<p>a <meter value=0.5>half</meter> b</p>", 60, &["a 50 % b"]),
        ("[[Note#^a-block]] [[#^x]] [[N#H|S]]", 60, &["Note ^x S"]),
        ("<p>See https://a.org/b.</p>", 60, &["See https://a.org/b."]),
        ("a <pre>b\n  c", 40, &["a", "b c"]),
        ("<kbd>Ctrl</kbd>+<kbd>C</kbd> <code>a *b*</code>", 40, &["[Ctrl]+[C] `a b`"]),
        ("<code>a &lt;b&gt; c</code>", 40, &["`a <b> c`"]),
        ("use the <select> and <script> element *here*", 60, &["use the <select> and <script> element here"]),
        ("# A <title> in it\n\nPress <button>Save</button> now", 60, &["# A <title> in it", "", "Press Save now"]),
        ("Result<Option> and Box<dyn Error>", 60, &["Result<Option> and Box<dyn Error>"]),
        ("a <select><option>b</option></select> c", 60, &["a b c"]),
        ("<iframe src=\"https://a.org/1\"></iframe>", 40, &["Embedded: a.org[1]"]),
        ("a <video controls><source src=https://a.org/1></video>", 40, &["a ▶ Video[1]"]),
        ("Vec<T> and Map<K, V>", 40, &["Vec<T> and Map<K, V>"]),
        ("**a <i>b** c", 40, &["a b c"]),
        ("</b></i> a <b>b\n\nc", 40, &["a b", "", "c"]),
        ("a <script>alert(1) *b*</script> c <svg><path/>x</svg>d", 40, &["a c d"]),
        ("a<hr>b <br><br>c", 40, &["a", "b", "c"]),
        ("<table><tr><th>a<th>b</tr>\n\n<tr><td>1<td>2</tr></table>", 40, &["a │ b", "──┼──", "1 │ 2"]),
        (
            "<pre><code class=\"language-rust\">fn a() {\n    b\n}</code></pre>",
            40,
            &["│ fn a() {                        · rust", "│     b", "│ }"],
        ),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", 40, &["• a", "  • b", "• c"]),
        ("<h2>A</h2>\n<blockquote>b</blockquote>\n<hr>", 9, &["## A", "", "▎ b", "", "─────────"]),
        (
            "<details>\n<summary>More</summary>\n\nWords *here*.\n\n</details>\n\nb",
            40,
            &["▾ More", "  Words here.", "", "b"],
        ),
        ("<figure><img src=p.png alt=x><figcaption>A cat</figcaption></figure>", 40, &["[image: x] [3]", "A cat"]),
        ("<iframe src=\"https://www.youtube.com/embed/x\"></iframe>", 40, &["▶ Video on YouTube"]),
        ("<video src=https://a.org/2></video>", 40, &["▶ Video[2]"]),
        ("<div>\n\n    <p>a</p>\n\n</div>", 40, &["a"]),
        ("- <b>a</b>\n- <p>b</p>", 40, &["• a", "• b"]),
        (
            "see https://a.org/1. Or (www.b.org/a_b_c) `https://a.org/2`",
            80,
            &["see https://a.org/1[1]. Or (www.b.org/a_b_c) `https://a.org/2`"],
        ),
        ("[https://a.org/2](https://a.org/1) <https://a.org/2>", 80, &["https://a.org/2[1] https://a.org/2[2]"]),
    ] {
        assert_eq!(plain(&body(source, columns)), lines, "{source:?} at {columns}");
    }
}

#[test]
fn callouts_definitions_and_footnotes() {
    for (source, columns, lines) in [
        ("> [!NOTE]\n> a *b*\n\nc", 40, &["▎ ℹ Note", "▎ a b", "", "c"][..]),
        ("> [!CAUTION]\n> - a", 40, &["▎ ‼ Caution", "▎ • a"]),
        ("> [!WARNING]\n> ###### My *title*\n>\n> a", 40, &["▎ ! My title", "▎ a"]),
        ("> [!TIP]\n\na", 40, &["▎ ✓ Tip", "", "a"]),
        ("> [!NOTE]\n> > [!TIP]\n> > a", 40, &["▎ ℹ Note", "▎ ▎ ✓ Tip", "▎ ▎ a"]),
        (
            "Apple\n: A fruit.\n: A company.\n\nPear\n: Another.",
            40,
            &["Apple", "  A fruit.", "  A company.", "Pear", "  Another."],
        ),
        ("[[Note|shown]] [[Other]]", 40, &["shown Other"]),
        ("[[#Part]] [[Note#Part]] [[Note#Part|#x]]", 40, &["Part Note > Part #x"]),
        (
            "a[^b] c[^a] d[^b]\n\n[^a]: A\n\n[^b]: B\n\n[^c]: C\n\nend",
            40,
            &[
                "a[^1] c[^2] d[^1]",
                "",
                "end",
                "",
                "────────────────────────────────────────",
                "",
                "[^1] B",
                "",
                "[^2] A",
                "",
                "[^3] C",
            ],
        ),
    ] {
        assert_eq!(plain(&body(source, columns)), lines, "{source:?} at {columns}");
    }
}

#[test]
fn tables() {
    let source = "| a | *long* b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |\n| x | long cells wrap | `y` |";
    for (columns, lines) in [
        (
            40,
            &[
                "a │     long b      │   c",
                "──┼─────────────────┼────",
                "1 │        2        │   3",
                "x │ long cells wrap │ `y`",
            ][..],
        ),
        (
            20,
            &[
                "a │   long b   │   c",
                "──┼────────────┼────",
                "1 │     2      │   3",
                "x │ long cells │ `y`",
                "  │    wrap    │",
            ],
        ),
        (14, &["a: 1", "long b: 2", "c: 3", "", "a: x", "long b: long", "cells wrap", "c: `y`"]),
    ] {
        assert_eq!(plain(&body(source, columns)), lines, "at {columns}");
    }
    let alone = "|abc|def|\n|---|---|";
    assert_eq!(plain(&body(alone, 20)), ["abc │ def", "────┼────"]);
    assert_eq!(plain(&body(alone, 4)), ["abc", "def"]);
    assert_eq!(plain(&body("| | |\n|-|-|\n|a|b|\n| | |", 20)), ["a │ b"]);
    let wide = plain(&body(&format!("{}\n{}\n{}", "|a".repeat(40), "|-".repeat(40), "|b".repeat(40)), 200));
    assert_eq!(wide.iter().map(|line| line.matches(" │ ").count()).collect::<Vec<_>>(), [31, 0, 31, 0]);
    assert_eq!(plain(&body("x\n\n| |\n|-|\n| |", 20)), ["x"]);
    assert_eq!(plain(&body("> |a|\n> |-|\n> |b|", 20)), ["▎ a", "▎ ─", "▎ b"]);
}

#[test]
fn callouts_have_the_style_of_their_kind() {
    let (warning, note, quote) = (Style::new().italic(), Style::new().underlined(), Style::new().dim());
    let callouts = CalloutStyles { warning, note, ..CalloutStyles::default() };
    let styles = MarkdownStyles { callouts, quote, ..MarkdownStyles::default() };
    let source = "> [!WARNING]\n> a\n>\n> > b\n\n> [!note] T\n> c";
    let lines = render(&UntrustedText::new(source), BodySyntax::Extended, 40, &[], &styles);
    let modifiers = |line: &Line<'_>| {
        let mut found: Vec<_> = line.spans.iter().map(|span| span.style.add_modifier).collect();
        found.dedup();
        found
    };
    let (bold, none) = (Modifier::BOLD, Modifier::empty());
    let (warning, note, quote) = (Modifier::ITALIC, Modifier::UNDERLINED, Modifier::DIM);
    let expected: [(&str, &[Modifier]); 7] = [
        ("▎ ! Warning", &[warning, warning | bold]),
        ("▎ a", &[warning, none]),
        ("▎", &[warning]),
        ("▎ ▎ b", &[warning, quote]),
        ("", &[]),
        ("▎ ℹ T", &[note, note | bold]),
        ("▎ c", &[note, none]),
    ];
    for (line, (text, styles)) in lines.iter().zip(expected) {
        let shown: String = line.spans.iter().map(|span| &*span.content).collect();
        assert_eq!((shown.trim_end(), modifiers(line).as_slice()), (text, styles), "{line:?}");
    }
    assert_eq!(lines.len(), expected.len());
}

#[test]
fn code_has_the_styles_of_its_pieces() {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let (italic, underlined) = (Style::new().italic(), Style::new().underlined());
    let (crossed, code) = (Style::new().crossed_out(), Style::new().reversed());
    let code_pieces = CodeStyles { comment: italic, string: bold, number: bold, keyword: underlined, removed: crossed };
    let styles = MarkdownStyles { code, code_pieces, ..MarkdownStyles::default() };
    let styled = |source: &str, columns: usize| {
        let lines = render(&UntrustedText::new(source), BodySyntax::Extended, columns, &[], &styles);
        let shown = |line: &Line<'_>| {
            let spans = line.spans.iter().filter(|span| !span.content.starts_with(['│', '↪', '·', '▎'])).map(|span| {
                let modifier = span.style.add_modifier;
                assert!(modifier.contains(Modifier::REVERSED) || span.content.trim().is_empty(), "{span:?}");
                match modifier - Modifier::REVERSED {
                    Modifier::ITALIC => format!("/{}/", span.content),
                    Modifier::BOLD => format!("*{}*", span.content),
                    Modifier::UNDERLINED => format!("_{}_", span.content),
                    Modifier::CROSSED_OUT => format!("-{}-", span.content),
                    _ => span.content.to_string(),
                }
            });
            spans.collect::<String>().trim_end().to_owned()
        };
        lines.iter().map(shown).collect::<Vec<_>>()
    };
    for (source, columns, lines) in [
        (
            "```rust\nlet x = \"a\"; // b\n/* c\n\nd */ 1\n```",
            60,
            &["_let_ x = *\"a\"*; /// b/", "//* c/", "", "/d *// *1*"][..],
        ),
        ("```rust\nlet abc = 12;\n```", 8, &["", "_let_ ab", "c = *12*", ";"]),
        ("```diff\n+a\n-b\n c\n```", 30, &["*+a*", "--b-", " c"]),
        ("```console\n$ ls 'a'\nb\n```", 30, &["/$ /ls *'a'*", "b"]),
        ("```\nlet x = 1;\n```", 30, &["let x = 1;"]),
        ("    let x = 1;", 30, &["let x = 1;"]),
        ("```c\n\"a\"\u{301} b\n```", 30, &["*\"a\"\u{301}* b"]),
        ("> ```js\n> a = `b\n> c`\n> ```", 30, &["a = *`b*", "*c`*"]),
    ] {
        assert_eq!(styled(source, columns), lines, "{source:?} at {columns}");
    }
}

#[test]
fn nested_styles_are_combined() {
    let lines = body("> a *b **c*** `d` [e](https://a.org/1)\n# f", 40);
    let style_of = |words: &str| {
        let spans = lines.iter().flat_map(|line| &line.spans);
        spans.filter(|span| span.content == words).map(|span| span.style).next()
    };
    let linked = hyperlinks::tag(Style::new(), LinkSource::Article, 1);
    for (words, before, modifiers) in [
        ("a ", Style::new(), Modifier::empty()),
        ("b ", Style::new(), Modifier::ITALIC),
        ("c", Style::new(), Modifier::ITALIC | Modifier::BOLD),
        ("e", linked, Modifier::UNDERLINED),
        ("[1]", linked, Modifier::DIM),
        ("# ", Style::new(), Modifier::BOLD),
        ("f", Style::new(), Modifier::BOLD),
    ] {
        assert_eq!(style_of(words), Some(before.add_modifier(modifiers)), "{words:?} in {lines:?}");
    }
}

#[test]
fn control_sequences_are_removed_whole() {
    for raw in ["&#27;[2J", "\u{1b}[2J", "&#x9b;2J", "\u{1b}]0;t\u{7}", "&#27;]0;t&#7;", "\u{202e}", "&#x202e;"] {
        let escaped = raw.replace('[', "\\[");
        for source in [
            format!("a{raw}b"),
            format!("# a{raw}b"),
            format!("`a{raw}b`"),
            format!("    a{raw}b"),
            format!("```a{raw}b\nx{raw}\n```"),
            format!("[a{escaped}b](https://a.org/1 \"t{raw}\")"),
            format!("![a{escaped}b](p{raw}.png 't{raw}')"),
            format!("|a{raw}b|\n|-|\n|{raw}|"),
            format!("a[^{raw}x]\n\n[^{raw}x]: note"),
            format!("<div title='{raw}'>a{raw}b</div>"),
            format!("a <i title='{raw}'>{raw}</i> b"),
        ] {
            let lines = plain(&body(&source, 40)).join("\n");
            assert!(!lines.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{source:?}: {lines:?}");
            // Entities are literal text in code and footnote labels; so are entities of controls in HTML.
            let literal = raw.starts_with('&') && ["`", "    ", "^", "<div"].iter().any(|kind| source.contains(kind));
            assert!(literal || !lines.contains("2J"), "{source:?}: {lines:?}");
        }
    }
}

#[test]
fn bombs_are_bounded_in_lines_and_stack() {
    explode(20_000);
}

#[test]
#[ignore = "heavy"]
fn large_bombs_are_bounded_in_lines_and_stack() {
    explode(100_000);
}

fn explode(deep: usize) {
    let bombs = [
        ">".repeat(deep) + "a",
        "- ".repeat(deep) + "a",
        "1. ".repeat(deep),
        "> - ".repeat(deep) + "a",
        "*".repeat(deep) + "a" + &"*".repeat(deep),
        "*a _b ".repeat(deep) + &"c_ d* ".repeat(deep),
        "[".repeat(deep) + "a" + &"](b)".repeat(deep),
        "![".repeat(deep) + "a" + &"](b)".repeat(deep),
        "<div>".repeat(deep) + "a",
        "<a='".repeat(deep),
        format!("{}\n{}\n{}", "|a".repeat(9000), "|-".repeat(9000), "|b\n".repeat(60)),
        "|a|b|\n|-|-|\n".to_owned() + &"|c|d|\n".repeat(deep),
        format!("```\n{}\n```", "a".repeat(10 * deep)),
        "a ".repeat(10 * deep),
        "a\n\n".repeat(deep),
        "# \n".repeat(deep),
        "日".repeat(deep),
        "e\u{301}".repeat(deep),
        "a[^1]\n\n".to_owned() + &"[^1]: ".repeat(deep) + "b",
    ];
    let small = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        for bomb in bombs {
            for columns in [1, 80] {
                let lines = plain(&body(&bomb, columns));
                let end = lines.iter().rev().take(60).map(String::as_str).collect::<String>();
                assert!(lines.len() <= MAX_LINES || end.contains('…'), "{} lines of {:.20}", lines.len(), bomb);
                assert!(lines.len() <= MAX_LINES + 60, "{} lines of {:.20}", lines.len(), bomb);
            }
        }
    });
    assert!(small.expect("a thread").join().is_ok());
}

#[test]
fn cuts_have_a_notice() {
    let last = |source: &str| plain(&body(source, 80)).pop().unwrap_or_default();
    assert_eq!(last(&"a\n\n".repeat(MAX_LINES)), "… cut: this article is longer than 20 000 lines");
    assert_eq!(last("***"), "─".repeat(80));
    assert_eq!(
        last(&("|a|\n|-|\n".to_owned() + &"|b|\n".repeat(2000))),
        "… cut: this table has more than 32 columns or 1 000 rows"
    );
}

proptest! {
    #[test]
    fn lines_fit_and_blank_lines_are_single(source in markdown(), columns in 1..=40usize) {
        let lines = body(&source, columns);
        for line in &lines {
            let widest = line.spans.iter().flat_map(|span| span.content.graphemes(true)).map(text::width).max();
            let columns = columns.max(widest.unwrap_or_default());
            prop_assert!(text::spans_width(&line.spans) <= columns, "{source:?} at {columns}: {line:?}");
        }
        let lines = plain(&lines);
        // Code may contain blank lines, and blanks may fill a narrow line of code.
        if !["```", "    ", "\t"].iter().any(|code| source.contains(code)) {
            let blank = |line: Option<&String>| line.is_some_and(String::is_empty);
            prop_assert!(!blank(lines.first()) && !blank(lines.last()), "{source:?}: {lines:?}");
            prop_assert!(!lines.windows(2).any(|pair| pair.concat().is_empty()), "{source:?}: {lines:?}");
        }
    }

    #[test]
    fn words_survive_any_width(words in proptest::collection::vec("[a-z日本가é]{1,12}", 1..20), columns in 1..=40usize) {
        let found: String = plain(&body(&words.join(" "), columns)).concat().split_whitespace().collect();
        prop_assert_eq!(found, words.concat());
    }
}

fn markdown() -> impl Strategy<Value = String> {
    let blocks = "\n¦\n\n¦    ¦# ¦> ¦- ¦1. ¦1000000. ¦- [x] ¦```\n¦***\n¦|¦\n|-|:-:|\n¦|a|b|\n|-|-:|\n¦\n[^1]: ";
    let inlines = " ¦*¦**¦_¦`¦~~¦[¦](https://a.org/1)¦![¦[^1]¦<br>¦<p>¦<!--¦-->¦<¦>¦&#27;¦\u{1b}[¦\\";
    let words = "word¦a few words¦verylongwordwithoutblanks¦日本語、テキスト。¦한국어¦🎉¦👨‍👩‍👧‍👦¦e\u{301}¦क्षि¦ｶﾞ¦あﾞ";
    let pieces: Vec<_> = [blocks, inlines, words].iter().flat_map(|list| list.split('¦')).collect();
    let piece = prop_oneof![
        8 => proptest::sample::select(pieces).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn page(source: &str, columns: usize) -> Page {
    lay_out(
        &UntrustedText::new(source),
        BodySyntax::Extended,
        (columns, Overflow::Wrap),
        (&[], Captions::default()),
        &MarkdownStyles::default(),
        &FoldChoices::all_open(),
    )
}

fn folded(source: &str, choices: &FoldChoices) -> Page {
    let (body, styles) = (UntrustedText::new(source), MarkdownStyles::default());
    lay_out(&body, BodySyntax::Extended, (40, Overflow::Wrap), (&[], Captions::default()), &styles, choices)
}

#[test]
fn foldable_blocks_are_laid_out_folded_and_open() {
    let chosen = |choices: &[(u32, bool)]| {
        let mut all = FoldChoices::default();
        choices.iter().for_each(|(number, is_open)| all.set(*number, *is_open));
        all
    };
    let nested = "a\n\n<details>\n<summary>One</summary>\n\nb\n\n<details open><summary>Two</summary>\n\n- c\n\n</details>\n\nd\n\n</details>\n\n> [!tip]- Three\n> e\n\nf";
    for (source, choices, lines) in [
        (nested, chosen(&[]), &["a", "", "▸ One", "", "▎ ▸ ✓ Three", "", "f"][..]),
        (
            nested,
            chosen(&[(0, true)]),
            &["a", "", "▾ One", "  b", "", "  ▾ Two", "    • c", "", "  d", "", "▎ ▸ ✓ Three", "", "f"],
        ),
        (
            nested,
            chosen(&[(0, true), (1, false)]),
            &["a", "", "▾ One", "  b", "", "  ▸ Two", "", "  d", "", "▎ ▸ ✓ Three", "", "f"],
        ),
        (nested, chosen(&[(2, true)]), &["a", "", "▸ One", "", "▎ ▾ ✓ Three", "▎ e", "", "f"]),
        (nested, FoldChoices::all(false), &["a", "", "▸ One", "", "▎ ▸ ✓ Three", "", "f"]),
        ("- a\n\n  <details>\n\n  b\n\n  </details>\n- c", chosen(&[]), &["• a", "", "  ▸ Details", "", "• c"]),
        ("<details><summary><h2>T</h2></summary>b</details>c", chosen(&[]), &["▸ T", "", "c"]),
        (
            "<details><summary>A</summary>b</details><details><summary>C</summary>d</details>",
            chosen(&[]),
            &["▸ A", "", "▸ C"],
        ),
        (
            "<details><summary>T</summary>\n\n| a |\n|---|\n| b |\n\n```\nc\n```\n\n[^1]\n\n</details>\n\n[^1]: n",
            chosen(&[]),
            &["▸ T", "", &"─".repeat(40), "", "[^1] n"],
        ),
    ] {
        assert_eq!(plain(folded(source, &choices).lines()), lines, "{source:?} {choices:?}");
    }
}

#[test]
fn a_position_in_a_folded_block_leads_to_its_title() {
    let source = "a\n\n<details>\n<summary>One</summary>\n\nb\n\n<details open><summary>Two</summary>\n\n- c\n\n</details>\n\nd\n\n</details>\n\nz";
    let (closed, open) = (folded(source, &FoldChoices::default()), page(source, 40));
    assert_eq!(closed.folds().iter().map(|fold| fold.number).collect::<Vec<_>>(), [0]);
    assert_eq!(
        open.folds().iter().map(|fold| (fold.number, fold.parent)).collect::<Vec<_>>(),
        [(0, None), (1, Some(0))]
    );
    let line_of = |page: &Page, text: &str| page.lines().iter().position(|line| line.to_string().contains(text));
    for (text, shown) in
        [("a", "a"), ("One", "One"), ("b", "One"), ("Two", "One"), ("c", "One"), ("d", "One"), ("z", "z")]
    {
        let position = line_of(&open, text).and_then(|line| open.position_of(line)).expect(text);
        assert_eq!(Some(closed.line_at(position)), line_of(&closed, shown), "{text}");
    }
    for (number, line) in closed.lines().iter().enumerate().filter(|(_, line)| line.width() > 0) {
        let there = closed.position_of(number).map(|position| open.line_at(position)).expect("a line has a position");
        let words = |line: &Line| line.to_string().trim_start_matches(['▾', '▸']).to_owned();
        assert_eq!(words(&open.lines()[there]), words(line));
    }
    let around = |text: &str| line_of(&open, text).and_then(|line| open.fold_around(open.block_at(line)?));
    assert_eq!(
        ["a", "One", "b", "Two", "c", "d", "z"].map(around),
        [None, Some(0), Some(0), Some(1), Some(1), Some(0), None]
    );
}

#[test]
fn thousands_of_nested_foldable_blocks_cost_little() {
    let source = "<details>\n<summary>T</summary>\n\n".repeat(10_000) + "end";
    assert_eq!(plain(folded(&source, &FoldChoices::default()).lines()), ["▸ T"]);
    assert!(folded(&source, &FoldChoices::all_open()).len() >= 10_000);
}

/// Fails unless the blocks have all lines, in order, and begin where they begin at another width, with the same kinds.
fn check_blocks(source: &str, [a, b]: [&Page; 2]) {
    // Footnotes come last, so their bytes are behind those of the text.
    let end = 2 * source.len() as u32;
    for page in [a, b] {
        let lines = page.blocks().iter().enumerate().map(|(number, _)| page.lines_of(number));
        let ends = lines.fold(0, |end, lines| {
            assert!(lines.start == end && !lines.is_empty(), "{source:?}: {lines:?} after {end}");
            lines.end
        });
        assert_eq!(ends, page.len(), "{source:?}");
        let starts: Vec<_> = page.blocks().iter().map(|block| block.start).collect();
        assert!(starts.is_sorted_by(|a, b| a < b), "{source:?}: {starts:?}");
        let sources: Vec<_> = page.blocks().iter().map(|block| block.source).collect();
        assert!(sources.is_sorted_by_key(|source| source.0), "{source:?}: {sources:?}");
        assert!(sources.iter().all(|source| source.0 <= source.1 && source.1 <= end), "{source:?}: {sources:?}");
    }
    let origin = |page: &Page| page.blocks().iter().map(|block| (block.kind, block.start)).collect::<Vec<_>>();
    assert_eq!(origin(a), origin(b), "{source:?}");
}

/// Fails unless the first line of a screen at one width leads to the same block at another width, and back.
fn check_return(source: &str, [a, b]: [&Page; 2]) {
    let block_of = |page: &Page, line: usize| page.block_at(line).and_then(|block| page.blocks().get(block)).copied();
    for line in 0..a.len() {
        let position = a.position_of(line).expect("a line has a position");
        assert_eq!(a.line_at(position), line, "{source:?}: {position:?}");
        let there = b.line_at(position);
        let back = a.line_at(b.position_of(there).expect("a line has a position"));
        let starts = [block_of(a, line), block_of(b, there), block_of(a, back)].map(|block| block.map(|b| b.start));
        assert!(starts.iter().all(|start| *start == starts[0]), "{source:?}: line {line}: {starts:?}");
    }
}

#[test]
fn blocks_have_their_kinds() {
    use BlockKind::{Callout, Code, Definition, Footnote, Heading, List, Picture, Quote, Rule, Table, Text};
    for (source, kinds) in [
        ("a\n\n# b\n\n```\nc\n```\n\n***\n\nd", &[Text, Heading(1), Code, Rule, Text][..]),
        ("|a|\n|-|\n|b|\n\n> c\n>\n> - d\n>   > e", &[Table, Quote, List, Quote]),
        ("> [!NOTE]\n> a\n>\n> ### b", &[Callout, Callout, Heading(3)]),
        ("> [!TIP]\n> ###### a\n>\n> b", &[Callout, Callout]),
        ("a\n: b\n\n- # c\n- d", &[Definition, Definition, Heading(1), List]),
        ("![a *b*](c)\n\n![a](b) c\n\n[![a](b)](c)\n\n![](d)", &[Picture, Text, Picture, Picture]),
        ("a[^1]\n\n[^1]: b\n\n    c", &[Text, Rule, Footnote, Footnote]),
        ("-\n\n<pre>a</pre>", &[List, Code]),
    ] {
        let page = page(source, 40);
        assert_eq!(page.blocks().iter().map(|block| block.kind).collect::<Vec<_>>(), kinds, "{source:?}");
    }
}

#[test]
fn blocks_of_html_have_positions_of_their_own() {
    let source = "a\n\n<h2>One</h2><p>text</p><pre>code</pre><h2>Two</h2>\n\nb\n";
    let page = page(source, 40);
    let starts: Vec<u32> = page.blocks().iter().map(|block| block.start.block).collect();
    let sources: Vec<u32> = page.blocks().iter().map(|block| block.source.0).collect();
    assert_eq!(starts, sources);
    let headings = crate::feed::outline::headings(&UntrustedText::new(source), BodySyntax::Extended);
    let code = crate::feed::code_blocks::code_blocks(&UntrustedText::new(source), BodySyntax::Extended);
    let places: Vec<usize> =
        headings.iter().map(|heading| heading.at).chain(code.iter().map(|code| code.offset)).collect();
    assert_eq!(places, [starts[1], starts[4], starts[3]].map(|at| at as usize));
}

#[test]
fn blocks_have_the_bytes_that_they_are_made_from() {
    let source =
        "one *two*\nthree\n\n- item\n\n  > quote\n\n```\ncode\n```\n\n|a|\n|-|\n|b|\n\n> [!NOTE]\n> text\n\n---\n";
    let page = page(source, 20);
    let of = |block: &crate::text::PageBlock| source.get(block.source.0 as usize..block.source.1 as usize);
    let texts: Vec<_> = page.blocks().iter().map(|block| of(block).map(str::trim_end)).collect();
    let wanted = ["one *two*\nthree", "item", "quote", "```\ncode\n```", "|a|\n|-|\n|b|", "", "text", "---"].map(Some);
    assert_eq!(texts, wanted);
}

#[test]
fn every_construct_is_found_again_at_any_width() {
    let code = "```rust\nfn a() {}\n\n\nlet long = \"as long as that a narrow screen takes many lines for it\"; // and more\n}\n```\n\n";
    let table = "|name|text|\n|-|-|\n|a|some words that are wrapped|\n|b|c|\n\n";
    let list = "- an item with words enough for some lines\n  1. another one with as many words\n\n     ```\n     code in it\n     ```\n\n";
    let quote = "> [!WARNING] A title of some length\n> with words enough for some lines\n>\n> > and another\n\n";
    let html = "<table><tr><td>a<td>b</table><p>one paragraph of words</p><p>another paragraph of words</p><pre>code</pre>\n\n";
    let more = "Apple\n: A fruit with words enough\n\n---\n\n![a picture](p.png)\n\na[^1]\n\n[^1]: A note of some length\n\n    > in two\n\n- - -\n\n1. # Head\n";
    let source = [code, table, list, quote, html, more].concat().repeat(2);
    let pages: Vec<Page> = (1..=200).step_by(7).map(|columns| page(&source, columns)).collect();
    for a in &pages {
        for b in &pages {
            check_blocks(&source, [a, b]);
            check_return(&source, [a, b]);
        }
    }
}

proptest! {
    #[test]
    fn the_first_line_stays_in_its_block_at_any_width(source in markdown(), a in 1..=200usize, b in 1..=200usize) {
        let pages = [&page(&source, a), &page(&source, b)];
        check_blocks(&source, pages);
        check_return(&source, pages);
    }
}

/// The page of a body with signs before captions, in a pane of `columns` columns and 40 rows.
fn with_pictures(source: &str, columns: u16, known: &KnownPictures, draws: bool) -> Page {
    let styles = MarkdownStyles {
        signs: MarkdownSigns { captions: CaptionForm::Sign, ..MarkdownSigns::default() },
        ..MarkdownStyles::default()
    };
    let room = PictureRoom::in_pane((columns, 40), 20, (10, 20)).filter(|_| draws);
    let links = ["boat.png", "https://a.org/1", "https://a.org/cat.jpg"];
    let links = links.map(|link| NamedLink { name: "".into(), link: Link::read(link), target: LocalTarget::NotLocal });
    let (body, columns) = (UntrustedText::new(source), usize::from(columns));
    let captions = Captions { known, room, key: "I", fetches: true };
    let folds = FoldChoices::all_open();
    lay_out(&body, BodySyntax::Extended, (columns, Overflow::Wrap), (&links, captions), &styles, &folds)
}

/// The address of a picture, its width and height, and its state.
type Known<'a> = (&'a str, Option<(u32, u32)>, PictureState);

fn known(pictures: &[Known]) -> KnownPictures {
    let mut known = KnownPictures::default();
    for (link, size, state) in pictures {
        let size = size.map(|(width, height)| Size::new(width, height));
        known.insert(&Link::read(link), PictureFacts { size, state: state.clone() });
    }
    known
}

#[test]
fn pictures_alone_have_captions_and_those_among_words_are_words() {
    let known = known(&[
        ("boat.png", Some((640, 480)), PictureState::Readable),
        ("gone.png", None, PictureState::NotFound),
        ("bad.png", None, PictureState::Failed("the file is damaged".into())),
    ]);
    for (source, lines) in [
        ("![A *red* boat](boat.png)", &["▣ A red boat · 640 × 480 · [1] · I shows it"][..]),
        ("![A boat](boat.png \"A title\")", &["▣ A title · 640 × 480 · [1] · I shows it"]),
        ("![](my_new-boat.png)", &["▣ my new boat"]),
        ("![Cat](https://a.org/cat.jpg)", &["▣ Cat · [3] · I fetches it"]),
        ("![Cat](http://a.org/cat.jpg)", &["▣ Cat"]),
        ("[![Boat](boat.png)](https://a.org/1)", &["▣ Boat · 640 × 480 · [1] · [2] · I shows it"]),
        ("![a](gone.png)\n![b](bad.png)", &["▣ a · not found: gone.png", "", "▣ b · the file is damaged"]),
        ("a\n\n> - ![x](x.png)\n\nb", &["a", "", "▎ • ▣ x", "", "b"]),
        (
            "<figure><img src=boat.png><figcaption>A</figcaption></figure>",
            &["▣ boat · 640 × 480 · [1] · I shows it", "A"],
        ),
        ("See ![A boat](boat.png)", &["See [image: A boat] [1]"]),
        ("# ![Logo](boat.png)", &["# [image: Logo] [1]"]),
        ("|![a](boat.png)|\n|-|\n|b|\n\n![c](d.png)", &["[image: a] [1]", "──────────────", "b", "", "▣ c"]),
        ("[![ok](https://img.shields.io/x.svg)](https://a.org/1)", &["[image: ok][2]"]),
        ("![a]", &["![a]"]),
    ] {
        let page = with_pictures(source, 60, &known, false);
        assert_eq!(plain(page.lines()), lines, "{source:?}");
        assert!(page.pictures().iter().all(|picture| picture.rows == 0));
    }
    let narrow = with_pictures("![A red boat](boat.png)", 9, &known, true);
    assert_eq!(plain(narrow.lines()), ["▣ A red", "boat ·", "640 × 480", "· [1] · I", "shows it"]);
}

#[test]
fn pictures_have_rows_only_where_they_are_drawn() {
    let known = known(&[
        ("boat.png", Some((200, 100)), PictureState::Readable),
        ("wide.png", Some((9_000, 90)), PictureState::Readable),
    ]);
    let source = "Before\n\n![A boat](boat.png)\n\n> - ![Wide](wide.png)\n\n![](unknown.png)\n\nAfter";
    let (drawn, captions) = (with_pictures(source, 60, &known, true), with_pictures(source, 60, &known, false));
    let found: Vec<_> =
        drawn.pictures().iter().map(|found| (found.address.as_str(), found.columns, found.rows)).collect();
    assert_eq!(found, [("boat.png", 20, 5), ("wide.png", 56, 1), ("unknown.png", 0, 0)]);
    for picture in drawn.pictures() {
        let lines = drawn.lines_of(picture.block);
        let rows = lines.start..lines.start + usize::from(picture.rows);
        assert!(rows.clone().all(|row| drawn.lines()[row].to_string().trim_matches(['▎', '•', ' ']).is_empty()));
        assert!(drawn.lines()[rows.end].to_string().contains('▣'), "the caption is below");
        assert_eq!(drawn.picture_of(picture.block), Some(picture));
    }
    // Only the rows differ, and each line is found again.
    let is_text = |line: &String| !line.trim_matches(['▎', '•', ' ']).is_empty();
    let text = |page: &Page| plain(page.lines()).into_iter().map(|line| line.replace('•', " ")).filter(is_text);
    let shown = |page: &Page| text(page).map(|line| line.replace(" · I shows it", "")).collect::<Vec<_>>();
    assert_eq!(shown(&drawn), shown(&captions));
    for (page, other) in [(&drawn, &captions), (&captions, &drawn)] {
        for line in 0..page.len() {
            let position = page.position_of(line).expect("a position");
            assert_eq!(page.line_at(position), line);
            assert_eq!(other.block_at(other.line_at(position)), page.block_at(line), "line {line}");
        }
    }
}
