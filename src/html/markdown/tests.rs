//! Tests of the Markdown that HTML becomes, read again with pulldown-cmark.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use url::Url;

use super::{plain_to_markdown, to_markdown};

/// Events as `feed::article::markdown` finds them.
fn events(markdown: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(markdown, options).collect()
}

/// The words of the text of Markdown; a block, a break and a cell end a word.
fn words(markdown: &str) -> Vec<String> {
    let mut text = String::new();
    for event in events(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::Html(part) | Event::InlineHtml(part) => panic!("raw HTML {part:?} in {markdown:?}"),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => {}
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::Start(_) | Event::End(_) | Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::FootnoteReference(_) => panic!("{event:?} in {markdown:?}"),
            _ => {}
        }
    }
    text.split_whitespace().map(str::to_owned).collect()
}

fn base() -> Url {
    Url::parse("https://example.org/blog/post").expect("a base")
}

fn markdown(html: &str) -> String {
    to_markdown(html, Some(&base()))
}

fn escaped(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}

#[test]
fn elements_become_markdown() {
    for (html, expected) in [
        ("<p>one\n two</p><p>three<br>four</p>", "one two\n\nthree\\\nfour\n"),
        ("a<br><br>b<br>", "a\n\nb\n"),
        ("<b>bold </b>and<i> slanted</i> <s>gone</s>", "**bold** and _slanted_ ~~gone~~\n"),
        ("un<i>believ</i>able", "un*believ*able\n"),
        ("<b></b>x<b> </b>y", "x y\n"),
        ("<b><i>x</b>y</i>", "_**x**y_\n"),
        ("<h2>A <a href=#a>title</a> #</h2>", "## A [title](https://example.org/blog/post#a) \\#\n"),
        ("<h2>Set {#id}</h2>", "## Set {#id\\}\n"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "- a\n- b\n  - c\n\nd\n"),
        ("<ol start=3><li><p>a</p><p>b</p><li>c</ol>", "3. a\n\n   b\n\n4. c\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n"),
        ("<li>a<li>b<p>c", "- a\n- b\n\n  c\n"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b\n"),
        ("<blockquote><p>a<p>b</blockquote><blockquote>c</blockquote>", "> a\n>\n> b\n\n> c\n"),
        ("<pre>\na\n  <b>b</b> `\n</pre>", "```\na\n  b `\n```\n"),
        ("<pre><code class=language-rust>x\n```\n</code></pre>", "````rust\nx\n```\n````\n"),
        ("<div class=highlight-source-c><pre>a<br>b</pre></div>", "```c\na\nb\n```\n"),
        ("<ul><li>x<pre>a\n\nb</pre></ul>", "- x\n\n  ```\n  a\n\n  b\n  ```\n"),
        ("<code>a`b</code> <code> c </code>", "``a`b`` `c`\n"),
        ("<a href=/x>y</a><a href=javascript:x>z</a>", "[y](https://example.org/x)z\n"),
        ("<a href=/x><p>a<p>b</a>", "[a](https://example.org/x)\n\n[b](https://example.org/x)\n"),
        ("<a href='/a (b'>Hi!</a>", "[Hi!](https://example.org/a%20%28b)\n"),
        ("Hi!<a href=/a>b</a>", "Hi\\![b](https://example.org/a)\n"),
        ("<a href=https://a.example/b>https://a.example/b</a>", "<https://a.example/b>\n"),
        (
            "<a href=/p><img src=i.png alt='a]b'></a>",
            "[![a\\]b](https://example.org/blog/i.png)](https://example.org/p)\n",
        ),
        ("<img src=data:x data-src=/a.png><noscript><img src=/a.png></noscript>", "![](https://example.org/a.png)\n"),
        ("<img srcset='/a.png 1x, /b.png 2x'><img src=/c width=1 height=1>", "![](https://example.org/a.png)\n"),
        ("<picture><source srcset='/a.webp 1x'><img></picture>", "![](https://example.org/a.webp)\n"),
        (
            "<figure><img src=/a.png><figcaption>A <b>b</b></figcaption></figure>",
            "![](https://example.org/a.png)\\\n_A **b**_\n",
        ),
        ("<table><tr><th>a<th>b<tr><td>1|2<td>x<br>y</table>", "| a | b |\n| --- | --- |\n| 1\\|2 | x y |\n"),
        ("<table><tr><td colspan=2>a<tr><td>b<td>c</table>", "| a |  |\n| --- | --- |\n| b | c |\n"),
        ("<table><tr><td>a<tr><td>b</table>", "a\n\nb\n"),
        (
            "<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr><tr><td><p>d<td>e</table>",
            "| a b | c |\n| --- | --- |\n| d | e |\n",
        ),
        (
            "<table><tr><th>a<td>b<tr><th>c<td>d<tr><th>e<td><ul><li>f<li>g</ul><tr><th>h<td>i<tr><th>j<td>k</table>",
            "| a | b |\n| --- | --- |\n| c | d |\n\ne\n\n- f\n- g\n\n| h | i |\n| --- | --- |\n| j | k |\n",
        ),
        ("<table><tr><th>a<tr><td>b</table>", "| a |\n| --- |\n| b |\n"),
        (
            "<table><tr><td class=gutter><pre>1\n2</pre></td><td class=code><pre>a\nb</pre></td></table>",
            "```\na\nb\n```\n",
        ),
        ("<pre><span class=lineno>1 </span>a\n<span class=lineno>2 </span>b</pre>", "```\na\nb\n```\n"),
        (
            "x<span class=katex><span class=katex-mathml><math><mi>y</mi><annotation encoding=application/x-tex>y_1\
             </annotation></math></span><span class=katex-html aria-hidden=true><span>y</span>1</span></span>",
            "xy_1\n",
        ),
        ("<h2>A<a class=headerlink href=#a>¶</a></h2>", "## A\n"),
        ("<h2><a class=anchor href=https://a.example/>A</a></h2>", "## [A](https://a.example/)\n"),
        ("<table><tr><td class=ln>A 1<td>2<tr><td>b<td>3</table>", "| A 1 | 2 |\n| --- | --- |\n| b | 3 |\n"),
        ("<span class=katex-html aria-hidden=true>y</span>", "y\n"),
        ("<table><tr><th>a<th>b<tr><td>1<td><ul><li>x<li>y</ul></table>", "| a | b |\n| --- | --- |\n| 1 | x · y |\n"),
        (
            "<img src=a.png width=500 height=0><img src=b.png width=500 height=1>",
            "![](https://example.org/blog/a.png)\n",
        ),
        ("<q>a</q> b", "\"a\" b\n"),
        ("<table><tr><td>a<td><pre>b</pre><tr><td>c<td>d</table>", "a\n\n```\nb\n```\n\nc\n\nd\n"),
        (
            "<iframe src=//www.youtube.com/embed/abc></iframe>x",
            "[Video on YouTube](https://www.youtube.com/watch?v=abc)\n\nx\n",
        ),
        (
            "<video poster=/p.jpg><source src=/v.mp4>No video</video>",
            "![](https://example.org/p.jpg)\n\n[Video](https://example.org/v.mp4)\n",
        ),
        ("<details><summary>More</summary>x</details>", "**More**\n\nx\n"),
        ("<dl><dt>T<dd>d</dl>", "**T**\n\nd\n"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)\n"),
        ("a<hr>b<ul><li><hr></ul>", "a\n\n---\n\nb\n\n- ___\n"),
        ("<ul><li><input type=checkbox checked> done<li><input type=checkbox> open</ul>", "- [x] done\n- [ ] open\n"),
        ("<math alttext='x+y'><mi>x</mi></math>", "x+y\n"),
        (
            "<p>1. x</p><p>#x</p><p>- x</p><p>+1</p><p>snake_case *x* 2 * 3</p>",
            "1\\. x\n\n\\#x\n\n\\- x\n\n+1\n\nsnake_case \\*x\\* 2 * 3\n",
        ),
        ("&amp;amp; AT&amp;T &lt;b&gt; a &lt; b C:\\dir", "\\&amp; AT&T \\<b> a < b C:\\dir\n"),
        ("これは<b>「強調」</b>です", "これは「**強調**」です\n"),
        ("<p>&nbsp;</p><p>a</p>", "a\n"),
        ("<a href=/x><code>]: a</code></a>", "[\\]: a](https://example.org/x)\n"),
        ("<a href=/x><code>a]</code><code>:b</code></a>", "[a\\]:b](https://example.org/x)\n"),
        ("<a href=/x><code>list[int]</code></a>: c", "[`list[int]`](https://example.org/x): c\n"),
    ] {
        assert_eq!(markdown(html), expected, "{html}");
    }
}

#[test]
fn plain_text_keeps_its_lines() {
    let text = "1. *a*\r\n    b <c>\n\nsee https://a.example/x_y. - d\n- e";
    let expected = "1\\. \\*a\\*\\\nb \\<c>\n\nsee <https://a.example/x_y>. - d\\\n\\- e\n";
    assert_eq!(plain_to_markdown(text), expected);
}

proptest! {
    #[test]
    fn plain_text_comes_back_as_the_same_words(text in r"[-+*_#>=~`|\[\]<>&;:!\\(){}.$^ \n\ta1é「]{0,40}") {
        let written = plain_to_markdown(&text);
        let expected: Vec<_> = text.split_whitespace().collect();
        prop_assert_eq!(words(&written), expected, "{:?}", written);
    }

    #[test]
    fn text_comes_back_as_the_same_words(text in r"[-+*_#>=~`|\[\]<>&;:!\\(){}.$^ \n\ta1é「]{0,40}") {
        let html = format!("<p>{}</p>", escaped(&text));
        let expected: Vec<_> = text.split_whitespace().collect();
        let written = markdown(&html);
        prop_assert_eq!(words(&written), expected, "{:?}", written);
    }

    #[test]
    fn styled_text_comes_back_as_the_same_words(parts in parts(), wrap in 0..6) {
        let inner: String = parts.concat();
        let html = match wrap {
            0 => inner,
            1 => format!("<ul><li>{inner}<li>{inner}</ul>"),
            2 => format!("<blockquote>{inner}</blockquote>"),
            3 => format!("<table><tr><td>{inner}<td>x<tr><td>y<td>z</table>"),
            4 => format!("<h3>{inner}</h3>"),
            _ => format!("<a href=/x>{inner}</a>"),
        };
        let expected: Vec<_> = super::super::to_text(&html).split_whitespace().map(str::to_owned).collect();
        let written = markdown(&html);
        prop_assert_eq!(words(&written).concat(), expected.concat(), "{:?}", written);
    }

    #[test]
    fn no_html_is_left(parts in proptest::collection::vec(fragment(), 0..30)) {
        words(&markdown(&parts.concat()));
    }
}

/// Inline markup, text, and Markdown.
fn parts() -> impl Strategy<Value = Vec<String>> {
    let tag = prop::sample::select(vec![
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<s>",
        "</s>",
        "<code>",
        "</code>",
        "<a href=/a>",
        "</a>",
        "<br>",
        "<p>",
        " ",
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "&nbsp;",
    ]);
    let text = r"[-+*_#>=~`|\[\]&;:!\\(){}. a1é「]{1,4}".prop_map(|text| escaped(&text));
    proptest::collection::vec(prop_oneof![tag.prop_map(str::to_owned), text], 0..14)
}

fn fragment() -> impl Strategy<Value = String> {
    let tag = prop::sample::select(vec![
        "<b>",
        "</b>",
        "<i>",
        "<code>",
        "</code>",
        "<a href='x\"><b>'>",
        "</a>",
        "<br>",
        "<p>",
        "<div>",
        "</div>",
        "<ul>",
        "</ul>",
        "<ol start=7>",
        "</ol>",
        "<li>",
        "</li>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<th>",
        "</td>",
        "<caption>",
        "<h1>",
        "</h1>",
        "<hr>",
        "<img src=a alt='<b>`'>",
        "<script>",
        "</script>",
        "<!-- ",
        " -->",
        "&lt;",
        "&lt;b&gt;",
        "&lt;!--",
        "&lt;?",
        "<dt>",
        "<dd>",
        "<sup>",
        "<figcaption>",
        "</figcaption>",
        "<summary>",
        "</summary>",
        "<input type=checkbox>",
        "<svg>",
        "</svg>",
        "\n",
        "    ",
        "<q>",
        "</q>",
        "<iframe src=//youtu.be/a>",
        "</iframe>",
        "&lt;div>",
        "&#13;",
        "&#10;&lt;div&gt;",
        "`",
        "\\",
    ]);
    prop_oneof![4 => tag.prop_map(str::to_owned), 1 => r"[-+*_#<>=~`|\[\]&;:!\\(){}. \na1]{1,6}"]
}

#[test]
fn deep_and_damaged_html_needs_little_stack_and_memory() {
    let bombs: Vec<(&str, String, usize)> = vec![
        ("div", "<div>".repeat(100_000) + "x", 10),
        ("b", "<b>".repeat(100_000) + "x", 10),
        ("b closed", "<b>".repeat(50_000) + "x" + &"</b>".repeat(50_000), 10),
        ("list", "<ul><li>".repeat(20_000) + "x", 200),
        ("table", "<table><tr><td>".repeat(10_000) + "x", 200),
        ("quote", "<blockquote>".repeat(5_000) + "x", 200),
        ("attributes", format!("<p {}>x", (0..50_000).map(|n| format!("a{n}=b ")).collect::<String>()), 10),
        ("less-than", "<".repeat(1_000_000), 2_100_000),
        ("flat", "word ".repeat(400_000), 2_100_000),
        ("comment", format!("<!--{}-->x", "c".repeat(1_000_000)), 10),
        ("unclosed", "<a".repeat(100_000), 10),
        ("unclosed comments", "<!-- x>".repeat(20_000), 10),
        ("unclosed script", "<script>".to_owned() + &"\n  ".repeat(50_000), 10),
        ("scripts", "<script>\n<p>".repeat(5_000), 10),
        ("end tags", "<svg></a1><p></svg>".repeat(5_000), 10),
        ("names", "<svg>".to_owned() + &(0..10_000).map(|n| format!("</a{n}>")).collect::<String>(), 10),
        ("hidden", "<div hidden>".repeat(20_000) + &"</div>".repeat(10_000), 10),
        ("rows", "<table>".to_owned() + &"<tr><th>x<td>y<tr><td><ul><li>z</ul><td>x".repeat(1_000), 40_000),
        ("ampersands", "&".repeat(1_000_000), 1_100_000),
        (
            "link around paragraphs",
            format!("<a href=https://a.example/{}>", "p".repeat(8_000)) + &"<p>x".repeat(20_000),
            300_000,
        ),
        ("styles", "<b>a<i>b</b>c</i> ".repeat(20_000), 400_000),
        ("brackets", "[".repeat(100_000) + &"](".repeat(100_000), 700_000),
        ("cells", format!("<table>{}", "<tr><td colspan=1000 rowspan=1000>x<td>y".repeat(10_000)), 200_000),
        ("quoted lines", "<blockquote>".repeat(40) + &"<p>x".repeat(20_000), 1_000_000),
        ("items", "<ul><li>".repeat(40) + &"<li>x".repeat(20_000), 1_000_000),
    ];
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        for (name, html, most) in bombs {
            let written = markdown(&html);
            assert!(written.len() <= most, "{name}: {} bytes", written.len());
            super::super::to_text(&html);
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}
