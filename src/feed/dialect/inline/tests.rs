//! What is written within a line, construct by construct.

use super::rewrite;

#[test]
fn marks_within_lines_become_markdown() {
    for (source, expected) in [
        ("a ==b c== d", "a <mark>b c</mark> d"),
        ("==a `==` b== c==d e==f", "<mark>a `==` b</mark> c==d e==f"),
        ("if a == b or c == d", "if a == b or c == d"),
        ("T\n=====\n\na", "T\n=====\n\na"),
        ("a %%not shown%% b 50%% c 60%% d", "a  b 50%% c 60%% d"),
        ("%%%% a", "%%%% a"),
        ("Text here. ^376b9d\n- b ^my-id\n", "Text here.\n- b\n"),
        ("10 ^12\n2^x\na ^ b\n", "10 ^12\n2^x\na ^ b\n"),
        (
            "![[image.png|300]] and ![[Note#H]] and [[a==b==c]]",
            "![image](<image.png>) and → [[Note#H]] and [[a==b==c]]",
        ),
        ("![x](y.png =100x200) ![a|300](b.png)", "![x](y.png) ![a](b.png)"),
        ("a^[A *note* with [x](y).] b", "a[^inline-1] b\n\n[^inline-1]: A *note* with [x](y).\n"),
        ("> a^[b\n> c] d\n", "> a[^inline-1] d\n\n[^inline-1]: b c\n"),
        ("a^[b [^inline-1]", "a^[b [^inline-1]"),
        ("![x](y){: width=\"2\"} *e*{: .c} [t](u){:target=\"_blank\"}", "![x](y) *e* [t](u)"),
        ("## T {: #id}\n## U {#id}\n", "## T\n## U {#id}\n"),
        ("![x](y){width=50%} {a} f{x}", "![x](y) {a} f{x}"),
        ("`==a==` ``%%b%%`` <code>==c==</code>", "`==a==` ``%%b%%`` <code>==c==</code>"),
        (
            "[t](https://x.org/?a==b==c) https://y.org/==z== <a href=\"==q==\">r</a>",
            "[t](https://x.org/?a==b==c) https://y.org/==z== <a href=\"==q==\">r</a>",
        ),
        ("\\==a== \\$x^2$", "\\==a== \\$x^2$"),
        ("f(x){y=1} a_{i=1}^n [t](u){.c}", "f(x){y=1} a_{i=1}^n [t](u)"),
        ("Stop it with ^C\nor ^my-id in a line\nhere", "Stop it with ^C\nor ^my-id in a line\nhere"),
        ("Stop it with ^C", "Stop it with ^C"),
        ("a ^my-id\nb", "a ^my-id\nb"),
        ("the pattern ^[a-z]+$ or x^[0-9]* or ^[A] matches", "the pattern ^[a-z]+$ or x^[0-9]* or ^[A] matches"),
        ("the operators (==) and (==), \"==\" and \"==\"", "the operators (==) and (==), \"==\" and \"==\""),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}

#[test]
fn names_of_emoji_become_emoji() {
    for (source, expected) in [
        (":rocket: Go :tada:!", "🚀 Go 🎉!"),
        ("## :bug: Bugs\n\n| :x: | (:heart:) |\n", "## 🐛 Bugs\n\n| ❌ | (❤️) |\n"),
        (":x::x:", "❌❌"),
        ("*:+1:* :unknown: :Rocket:", "*👍* :unknown: :Rocket:"),
        ("a:x:b 10:100:20 x:x: :x:y ::x:: /:key:", "a:x:b 10:100:20 x:x: :x:y ::x:: /:key:"),
        ("`:x:` \\:x: <code>:x:</code>\n\n    :x:\n", "`:x:` \\:x: <code>:x:</code>\n\n    :x:\n"),
        ("```\n:x:\n```\n", "```\n:x:\n```\n"),
        ("https://e.org/:x:/ [:x:](/:x:)", "https://e.org/:x:/ [❌](/:x:)"),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}

#[test]
fn formulas_within_lines_are_code() {
    for (source, expected) in [
        ("so $e^{i\\pi}+1=0$ and $x^2$.", "so `e^{i\\pi}+1=0` and `x²`."),
        ("let $n$ be", "let `n` be"),
        ("it costs $5 and $6_000", "it costs $5 and $6_000"),
        (
            "`'^node$'` and $/GB … 0.04$ and Wrapping<$t>, $HOME/a_b:$PATH",
            "`'^node$'` and $/GB … 0.04$ and Wrapping<$t>, $HOME/a_b:$PATH",
        ),
        ("US$5=$6", "US$5=$6"),
        ("PATH=$JAVA_HOME/bin:${PATH} Price: $$ – $$$", "PATH=$JAVA_HOME/bin:${PATH} Price: $$ – $$$"),
        ("> a $$x^2 +\n> y_1$$ b", "> a `x² + y₁` b"),
        ("\\[let_chains\\] and \\(const_ptr\\) \\[W\\]e", "\\[let_chains\\] and \\(const_ptr\\) \\[W\\]e"),
        ("| a | ^Same\n", "| a | ^Same\n"),
        ("\\(a*b*c\\) and \\(see there\\) and \\(x\\)", "`a*b*c` and \\(see there\\) and `x`"),
        ("\\[\\sum a\\] in text", "`∑ a` in text"),
        ("as $$x_1$$ shows", "as `x₁` shows"),
        ("a\n\n    $x^2$\n", "a\n\n    $x^2$\n"),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}
