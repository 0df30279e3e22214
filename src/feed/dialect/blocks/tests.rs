//! What is written on lines of its own, construct by construct.

use super::rewrite;

#[test]
fn containers_become_callouts() {
    for (source, expected) in [
        (
            ":::note[Your **title**]\nA b.\n\nc\n:::\nd\n",
            "> [!NOTE]\n> ###### Your **title**\n>\n> A b.\n>\n> c\n\nd\n",
        ),
        (":::tip\na\n:::\n", "> [!TIP]\n> a\n"),
        ("a\n::: warning T\nb\n:::\n", "a\n\n> [!WARNING]\n> ###### T\n>\n> b\n"),
        ("::::info\na\n:::tip\nb\n:::\nc\n::::\n", "> [!NOTE]\n> ###### Info\n>\n> a\n>\n> > [!TIP]\n> > b\n>\n> c\n"),
        (":::note\n```\n:::\n```\n:::\n", "> [!NOTE]\n> ```\n> :::\n> ```\n"),
        ("- a\n\n  :::note\n  b\n  :::\n\n  c\n", "- a\n\n  > [!NOTE]\n  > b\n\n  c\n"),
        (":::columns\na\n:::\nb\n", "a\n\nb\n"),
        (":::note\nnever closed\n", "\\:::note\nnever closed\n"),
        (":::\na\n", "\\:::\na\n"),
        ("::: {.callout-note title=\"T\"}\na\n:::\n", "> [!NOTE]\n> ###### T\n>\n> a\n"),
        (":::quote-block\na\n:::\n", "> a\n"),
        (
            "!!! warning \"Title\"\n    Indented **body**\n\n        code\n\n    - a\n\nout\n",
            "> [!WARNING]\n> ###### Title\n>\n> Indented **body**\n>\n>     code\n>\n> - a\n>\n\nout\n",
        ),
        ("??? tip\n    a\n", "> [!TIP]\n> ###### ▸ Tip\n>\n> a\n"),
        ("a\n:::note\nb\n", "a\n\\:::note\nb\n"),
        ("a\n  :::\nb\n", "a\n  \\:::\nb\n"),
        ("<div class=\"tip\" markdown>\n*a*\n</div>\n", "> [!TIP]\n> *a*\n"),
        ("!!! note\n    a\nb\n", "> [!NOTE]\n> a\n\nb\n"),
        ("!!! note\nb\n", "!!! note\nb\n"),
        ("=== \"C\"\n\n    ```c\n    x\n    ```\n\n=== \"D\"\n\n    y\n", "**C**\n\n```c\nx\n```\n\n\n**D**\n\ny\n"),
        (
            "<div class=\"note tip\" markdown=\"1\">\n##### ProTip\nText *md*\n</div>\nb\n",
            "> [!TIP]\n> ##### ProTip\n> Text *md*\n\nb\n",
        ),
        ("<div markdown=\"1\">\n<div>\na\n</div>\n</div>\n", "<div>\na\n</div>\n"),
        ("<div markdown=\"1\">*a*</div>\n", "*a*\n"),
        ("<aside class=\"note\" markdown=\"1\">a</aside>\nb\n", "> [!NOTE]\n> a\n\nb\n"),
        (
            "<div markdown=\"1\">\na\n</p>\n<div>\nb\n</div>\narticle\n</div>\nc\n",
            "a\n</p>\n<div>\nb\n</div>\narticle\n\nc\n",
        ),
        (
            "<div class=\"note warning\">\n  <h5>Take <code>care</code></h5>\n  <p>\n    Of it.\n  </p>\n</div>\nb\n",
            "> [!WARNING]\n> ###### Take <code>care</code>\n>\n> <p>\n>     Of it.\n> </p>\n\nb\n",
        ),
        ("<div class=\"note\">\nnever closed\n", "<div class=\"note\">\nnever closed\n"),
        ("<div class=\"row\">\na\n</div>\n", "<div class=\"row\">\na\n</div>\n"),
        (":::theorem[Pythagoras]\na\n:::\n", "**Pythagoras**\n\na\n"),
        ("%% a\n\n```\n%% b\n```\n\nc %% d\ne\n", "d\ne\n"),
        (
            "<details markdown=\"1\">\n<summary>S</summary>\n*a*\n</details>\n",
            "<details markdown=\"1\">\n<summary>S</summary>\n\n*a*\n</details>\n",
        ),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}

#[test]
fn callouts_in_quotes_have_kinds_that_the_parser_knows() {
    for (source, expected) in [
        ("> [!NOTE]\n> a\n", "> [!NOTE]\n> a\n"),
        ("> [!note]\n> a\n", "> [!NOTE]\n> a\n"),
        ("> [!warning]- Folded **title**\n> a\n", "> [!WARNING]\n> ###### ▸ Folded **title**\n>\n> a\n"),
        ("> [!faq] Why C#?\n> a\n", "> [!NOTE]\n> ###### Why C#?\n>\n> a\n"),
        ("> [!faq] C#\n", "> [!NOTE]\n> ###### C\\#\n>\n"),
        ("> a\n> [!note] b\n", "> a\n> [!note] b\n"),
        ("> a\n>\n> [!note] b\n", "> a\n>\n> [!note] b\n"),
        ("> [!NOTE]+\n> a\n", "> [!NOTE]\n> ###### ▾ Note\n>\n> a\n"),
        ("> [!NOTE]-\n> a\n", "> [!NOTE]\n> ###### ▸ Note\n>\n> a\n"),
        ("> [!a]\n> > [!todo]\n> > x\n", "> [!NOTE]\n> ###### A\n>\n> > [!NOTE]\n> > ###### Todo\n> >\n> > x\n"),
        ("```\n> [!note] x\n```\n", "```\n> [!note] x\n```\n"),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}

#[test]
fn marks_on_lines_of_their_own_are_removed() {
    for (source, expected) in [
        ("## T\n{: #id}\n\na\n{: .c}\nb\n", "## T\n\na\nb\n"),
        ("a b.\n{: .note .warning}\nc\n", "> [!WARNING]\n> a b.\n\nc\n"),
        ("x\n\n{: .note}\na\nb\n\nc\n", "x\n\n> [!NOTE]\n> a\n> b\n\nc\n"),
        ("* TOC\n{:toc}\n\na\n", "\na\n"),
        ("{::options x=\"y\" /}\na\n", "a\n"),
        ("[TOC]\na\n[[toc]]\n", "a\n"),
        ("\\pagebreak\n\na\n", "\na\n"),
        ("*[HTML]: Hyper Text\n*[a*\n", "*[a*\n"),
        ("a\n\n%%\nnot\n\nshown\n%%\nb\n", "a\n\nb\n"),
        ("%% a\nb %% c\n", "c\n"),
        ("%%\nnever closed\n", "%%\nnever closed\n"),
        (
            "- [>] later\n- [-] gone\n- [x] done\n- [1] [a](b)\n",
            "- [ ] (>) later\n- [x] (-) gone\n- [x] done\n- [1] [a](b)\n",
        ),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}

#[test]
fn formulas_of_their_own_are_blocks() {
    for (source, expected) in [
        ("$$\nx \\, dx \\\\\n y\n$$\n", "```math\nx \\, dx \\\\\n y\n```\n"),
        ("$$x^2$$\n", "```math\nx²\n```\n"),
        ("\\[\\sum_{i} \\frac{1}{2}\\]\nb\n", "```math\n\\sum_{i} \\frac{1}{2}\n```\nb\n"),
        ("\\begin{align}\na &= b\n\\end{align}\n", "```math\n\\begin{align}\na &= b\n\\end{align}\n```\n"),
        ("- a\n\n  $$\n  x^2\n  $$\n", "- a\n\n  ```math\n  x²\n  ```\n"),
        ("$$ is the pid\n", "$$ is the pid\n"),
        ("$$ x $$ and more\n", "$$ x $$ and more\n"),
        ("\\[not\n\na formula\\]\n", "\\[not\n\na formula\\]\n"),
    ] {
        assert_eq!(rewrite(source), expected, "{source}");
    }
}
