//! All passes together: whole texts, plain texts, code, and texts that no author writes.

use std::borrow::Cow;

use proptest::prelude::*;

use super::translate;

#[test]
fn constructs_inside_each_other_become_markdown() {
    for (source, expected) in [
        (
            "{{% note %}}\nUse ==this==:\n\n{{< highlight sh >}}\necho $x_1$ ==a==\n{{< /highlight >}}\n{{% /note %}}\n",
            "> [!NOTE]\n> Use <mark>this</mark>:\n>\n> ```sh\n> echo $x_1$ ==a==\n> ```\n",
        ),
        (
            "import A from 'a';\n\n<Admonition type=\"warning\">\n\n  $x^2$\n\n</Admonition>\n",
            "\n> [!WARNING]\n>\n> x\n>\n\n",
        ),
        ("{% raw %}\n:::tip\n{{ x }}\n:::\n{% endraw %}\n", "> [!TIP]\n> {{ x }}\n"),
        ("> [!faq]- Is $x^2$ it?\n> ![[a.png]]\n", "> [!NOTE]\n> ###### ▸ Is `x²` it?\n>\n> ![a](<a.png>)\n"),
    ] {
        let expected = expected.replace("> x\n", "> `x²`\n");
        assert_eq!(translate(source, false), expected, "{source}");
    }
}

/// Plain Markdown, without a sign of any dialect.
fn plain() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("Some *plain* text, with a [link](https://x.org/a_b) and `code $x^2$ ==a==`."),
        Just("# A heading"),
        Just("- an item"),
        Just("  1. another one, 100 % and 5 $"),
        Just("> a quote"),
        Just("| a | b |"),
        Just("|---|---|"),
        Just(""),
        Just("    {{< code >}} by indentation"),
        Just("![a picture](p.png \"T\")"),
        Just("[ref]: https://x.org"),
        Just("a < b, c > d; e: f; what? yes! ünï"),
        Just("- [ ] to do"),
        Just("- [x] done"),
        Just("A note[^1].\n\n[^1]: The note."),
    ];
    prop::collection::vec(line, 0..20).prop_map(|lines| {
        // Indented code needs a paragraph and a blank line before it, or it is text of a list item.
        lines.join("\n").replace("\n    {{<", "\n\ntext\n\n    {{<")
    })
}

/// Pieces of every dialect, open and closed.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{{< note >}}",
        "{{< /note >}}",
        "{{% tab x=\"y\" %}}",
        "{{</* a */>}}",
        "{{< highlight go >}}",
        "{{< /highlight >}}",
        "{% raw %}",
        "{% endraw %}",
        "{% if a %}",
        "{% comment %}",
        "{% endcomment %}",
        "{{ \"a\" | relative_url }}",
        "[a]({{ x }}/b)",
        "{: .note}",
        "{:toc}",
        "* TOC",
        "> [!note]- T",
        "> ",
        ":::tip[T]",
        ":::",
        "!!! note \"T\"",
        "    ",
        "??? tip",
        "![[a.png|3]]",
        "[[",
        "]]",
        "==",
        "%%",
        " ^id",
        "[TOC]",
        "\\pagebreak",
        "*[A]: b",
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "x^2",
        "import a from 'b'",
        "<Tabs>",
        "</Tabs>",
        "<A b=\"c\" />",
        "{/*",
        "*/}",
        "![a](b =1x2)",
        "<div markdown=\"1\">",
        "</div>",
        "- [>] a",
        "^[",
        "]",
        "\n",
        "\n\n",
        "`",
        "```",
        "~~~",
        "a",
        "é日",
        "- ",
        "1. ",
        "#",
        "|",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "\t",
        "\r\n",
        "\\",
        "{{",
        "}}",
        "{",
        "}",
        "\"",
        "\0",
    ])
}

proptest! {
    #[test]
    fn plain_markdown_is_borrowed_or_unchanged(text in plain()) {
        prop_assert_eq!(translate(&text, false), text.as_str());
    }

    #[test]
    fn any_text_is_translated_and_grows_by_a_factor_at_most(pieces in prop::collection::vec(piece(), 0..60), is_mdx: bool) {
        let text = pieces.concat();
        let translated = translate(&text, is_mdx);
        prop_assert!(translated.len() <= text.len() * 64 + 1024);
    }

    #[test]
    fn any_characters_are_translated(text in "\\PC{0,60}|[{}%<>\\[\\]$=^!:` \n#|/\\\\a-c\"]{0,80}", is_mdx: bool) {
        translate(&text, is_mdx);
    }

    #[test]
    fn fences_are_kept_as_they_are(before in plain(), inside in prop::collection::vec(piece(), 0..20), mark in "```+|~~~+") {
        let inside = inside.concat().replace(['`', '~'], "").replace('\r', "");
        let fence = format!("{mark}js\n{inside}\n{mark}\n");
        let text = format!("{before}\n\nA ==mark== here.\n\n{fence}\n:::\n");
        let translated = translate(&text, false);
        prop_assert!(translated.contains(&fence), "{}", translated);
        prop_assert!(translated.contains("<mark>mark</mark>"));
    }
}

#[test]
fn a_text_without_a_dialect_is_borrowed() {
    for text in ["", "plain", "# T\n\n- a\n- b\n\n> c\n\n```\n{{< x >}}\n==y==\n```\n", "a `{{< x >}}` and `==y==`"] {
        assert!(matches!(translate(text, false), Cow::Borrowed(found) if found == text), "{text}");
    }
}

#[test]
fn short_bombs_are_translated() {
    translate_bombs(2048);
}

/// A pass that looks twice at each part of such texts would take hours.
#[test]
#[ignore = "heavy"]
fn long_bombs_take_linear_time() {
    translate_bombs(1 << 20);
}

fn translate_bombs(length: usize) {
    for piece in [
        "{{<",
        "{{< a >}}",
        "{{% note %}}\n",
        "{{< highlight >}}",
        "{% raw %}",
        "{% if %}",
        "{{",
        "{%",
        "{{ a",
        "[[",
        "![[",
        "$",
        "$a",
        "$$",
        "$$\n",
        "%%",
        "%%\n",
        "%% a ",
        "==",
        "==a ",
        "^[",
        "^[a] ",
        ":::note\n",
        ":::\n",
        "!!! note\n",
        "!!! note \"a\"\n    ",
        "> ",
        "> [!a]\n",
        "{: .note}\n",
        "a\n{: .note}\n",
        "](",
        "![a](",
        "\\(",
        "\\[",
        "\\[\n",
        "`",
        "`a``",
        "<",
        "<Tabs>",
        "<Tabs>\n",
        "</Tabs>",
        "<Tabs a=\"",
        "{/*",
        "{/*\n",
        "\\begin{align}\n",
        "<div markdown=\"1\">\n",
        "- ",
        "    ",
        "\t",
        "- [>] a\n",
        " ^a\n",
        "[a]({{ b }}",
        "{:",
        "*[",
        "import {\n",
        "a|1](",
        "<!--",
        "```\n",
        "~~~~",
        "[^",
        "=\"{{ x }}",
        "{{</*",
    ] {
        let mut text = piece.repeat(length / piece.len());
        for is_mdx in [false, true] {
            assert!(translate(&text, is_mdx).len() <= text.len() * 64 + 1024, "{piece}");
            text.push_str(" $ %% == ]] >}} %} {% endraw %} ) > */} </Tabs>\n:::\n");
        }
    }
}
