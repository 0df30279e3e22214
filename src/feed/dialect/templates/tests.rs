//! Tags of Hugo, Liquid and Zola, one by one.

use super::expand;

#[test]
fn shortcodes_become_markdown() {
    for (source, expected) in [
        (
            "{{< code-toggle file=hugo >}}\n[mediaTypes]\nsuffixes = ['htm']\n{{< /code-toggle >}}\n",
            "```toml title=\"hugo\"\n[mediaTypes]\nsuffixes = ['htm']\n```\n",
        ),
        ("{{< code-toggle >}}\ntitle: x\n{{</ code-toggle >}}\nb", "```yaml\ntitle: x\n```\nb"),
        (
            "{{< highlight go \"linenos=table\" >}}\nfunc main() {\n\tx\n}\n{{< /highlight >}}\n",
            "```go\nfunc main() {\n\tx\n}\n```\n",
        ),
        ("a {{< highlight go >}}x := 1{{< /highlight >}} b", "a `x := 1` b"),
        (
            "{{< code file=\"layouts/x.html\" lang=html >}}\n{{ .Title }}\n```\n{{< /code >}}",
            "````html title=\"layouts/x.html\"\n{{ .Title }}\n```\n````\n",
        ),
        ("- a\n\n  {{< highlight sh >}}\n  ls\n  {{< /highlight >}}\n", "- a\n\n  ```sh\n  ls\n  ```\n"),
        ("{{% note %}}body **md**{{% /note %}}", ":::note\nbody **md**\n:::\n"),
        ("{{% notice warning \"Take care\" %}}\na\n{{% /notice %}}\n", ":::warning[Take care]\na\n:::\n"),
        ("{{< admonition type=tip title=\"T\" open=false >}}\na\n{{< /admonition >}}", ":::tip[▸ T]\na\n:::\n"),
        ("{{< details \"More\" >}}\na\n{{< /details >}}", ":::note[▸ More]\na\n:::\n"),
        ("{{< details summary=\"More\" open=true >}}\na\n{{< /details >}}", ":::note[▾ More]\na\n:::\n"),
        ("{{< details \"More\" \"open\" >}}\na\n{{< /details >}}", ":::note[▾ More]\na\n:::\n"),
        ("{{% wrap %}}\na {{% wrap %}}b{{% /wrap %}}\n{{% /wrap %}}\n", "a b\n"),
        ("{{< tabs >}}\n{{% tab title=\"Apple\" %}}\nred\n{{% /tab %}}\n{{< /tabs >}}\n", "**Apple**\n\nred\n"),
        ("{{< figure src=\"/a b.png\" alt=\"A\" caption=\"C *d*\" >}}\n", "![A](/a%20b.png) C *d*\n"),
        ("{{< figure\n  src=\"a.png\"\n  caption=\"C\"\n>}}\n", "![C](a.png)\n"),
        ("{{< youtube w7Ft2ymGmfc >}}", "[▶ video: youtu.be/w7Ft2ymGmfc](https://youtu.be/w7Ft2ymGmfc)"),
        ("{{< youtube id=\"w7\" title=\"T\" >}}", "[▶ video: T](https://youtu.be/w7)"),
        ("{{< vimeo 146 >}}", "[▶ video: vimeo.com/146](https://vimeo.com/146)"),
        ("{{< x user=\"S\" id=\"14\" >}}", "[▶ post: x.com/S/status/14](https://x.com/S/status/14)"),
        (
            "{{< gist jmooring 50a7482715eac222e230d1e64dd9a89b >}}",
            "[▶ gist: gist.github.com/jmooring/50a7482715eac222e230d1e64dd9a89b](https://gist.github.com/jmooring/50a7482715eac222e230d1e64dd9a89b)",
        ),
        ("[t]({{< ref \"about.md#x\" >}})", "[t](about.md#x)"),
        ("[t]({{% relref path=\"/books/b 1\" lang=\"de\" %}})", "[t](/books/b%201)"),
        ("[c](<{{% eturl twitter_cards %}}>) d", "[c](<>) d"),
        ("[c]: {{< ref \"a.md\" >}}\n", "[c]: a.md\n"),
        ("a {{< new-in 0.120.0 />}} b", "a (new in 0.120.0) b"),
        ("a {{% glossary-term \"web *page*\" %}} b", "a web *page* b"),
        ("a {{% glossary-term shortcode %}} b", "a shortcode b"),
        ("a\n\n{{% include \"/_common/x y.md\" %}}\n\nb", "a\n\n→ [x y](/_common/x%20y.md)\n\nb"),
        ("a {{< unknown \"words here\" x=1 >}}", "a words here"),
        ("{{< readfile file=\"../a.go\" code=\"true\" >}}", "→ [a.go](../a.go)"),
        ("a {{< include >}} b", "a  b"),
        ("{{< code-toggle config=markup.highlight />}}\n", "⟨code-toggle config&#61;markup.highlight⟩\n"),
        ("{{< quick-reference section=\"/a\" />}}\n", "⟨quick-reference section&#61;\"/a\"⟩\n"),
        (
            "{{< datatable \"config\" \"mediaTypes\" \"_key\" >}}\n",
            "⟨datatable \"config\" \"mediaTypes\" \"&#95;key\"⟩\n",
        ),
        ("Hugo {{% param \"minVersion\" %}} or later", "Hugo ⟨minVersion⟩ or later"),
        ("Go {{% current-go-version %}} or later", "Go ⟨current-go-version⟩ or later"),
        ("{{< figure src=\"a.png\" alt=\"A\" link=\"/b\" >}}\n", "[![A](a.png)](/b)\n"),
        ("{{ block(\"x\") }} and {{ super() }}", "{{ block(\"x\") }} and {{ super() }}"),
        ("{{< deprecated-in 0.1 >}}\nUse b.\n{{< /deprecated-in >}}\n", ":::warning[Deprecated in 0.1]\nUse b.\n:::\n"),
        ("use {{</* figure src=\"x\" */>}} or {{%/* note */%}}", "use {{\\< figure src=\"x\" >}} or {{% note %}}"),
        ("{{< button href=\"/x\" >}}Get{{< /button >}}", "[Get](/x)"),
        ("a `{{< figure >}}` b", "a `{{< figure >}}` b"),
        ("```\n{{< figure >}}\n```\n", "```\n{{< figure >}}\n```\n"),
        ("a\n\n    {{< figure >}}\n", "a\n\n    {{< figure >}}\n"),
        ("a {{< never closed", "a {{< never closed"),
        ("{{</ note >}}\na", "a"),
    ] {
        assert_eq!(expand(source), expected, "{source}");
    }
}

#[test]
fn liquid_becomes_markdown() {
    for (source, expected) in [
        ("{% raw %}\n```liquid\n{{ page.title }}\n```\n{% endraw %}\nb", "```liquid\n{{ page.title }}\n```\nb"),
        ("a {% raw %}{{ x }} {% if y %}{% endraw %} b", "a {{ x }} {% if y %} b"),
        (
            "{% highlight ruby linenos %}\ndef foo\n  puts \"x\"\n\n# y\nend\n{% endhighlight %}\n",
            "```ruby\ndef foo\n  puts \"x\"\n\n# y\nend\n```\n",
        ),
        ("{%- highlight js -%}\nx\n{%- endhighlight -%}", "```js\nx\n```\n"),
        ("{% codeblock lang:js title:x %}\nx\n{% endcodeblock %}", "```js\nx\n```\n"),
        ("{% if a %}\nx\n{% else %}\ny\n{% endif %}\n", "x\ny\n"),
        ("{% for p in site.posts %}\n- {{ p.title }}\n{% endfor %}\n", "⟨for p in site.posts⟩\n"),
        ("{% for p in a %}<li><a href=\"{{ p.url }}\">{{ p }}</a></li>{% endfor %}\n", "⟨for p in a⟩\n"),
        ("{% for p in a %}\n{% if p %}* Read {{ p }}{% endif %}\n{% endfor %}\n", "* Read {{ p }}\n"),
        ("a {% for p in a %}`x`{% endfor %}\n", "a `x`\n"),
        ("Since {% include docs_for_version.html version=\"3.2\" %}, a new", "Since 3.2, a new"),
        ("(`aeiou` {%- if x -%} ) {%- endif %} .\n", "(`aeiou`) .\n"),
        ("a\n{%- if x -%}\nb\n{%- endif -%}\nc\n", "a\nb\nc\n"),
        ("a{% comment %} not\n\nshown {% endcomment %}b", "ab"),
        ("{% capture x %}\nnot shown\n{% endcapture %}\na", "a"),
        ("{% assign x = 'y' | split: ',' %}\na", "a"),
        ("{% include figure.html src=\"/a.png\" alt=\"A\" %}", "![A](/a.png)"),
        ("{% include figure image_path=\"/a.png\" alt=\"A\" caption=\"C\" %}", "![A](/a.png) C"),
        ("{% include note.html content=\"Take care\" %}\n", ":::note\nTake care \n:::\n"),
        ("{% include youtube.html id=\"w7\" %}", "[▶ video: youtu.be/w7](https://youtu.be/w7)"),
        ("### T {%- include badge.html version=\"4.3.0\" -%}\n", "### T 4.3.0\n"),
        ("![alt]({{ \"/assets/a.png\" | relative_url }})", "![alt](/assets/a.png)"),
        ("[a]({{ site.baseurl }}/x) {{ site.baseurl }}", "[a](/x) {{ site.baseurl }}"),
        ("[a]({{ site.baseurl }}{% link _posts/2016-07-26-n.md %})", "[a](/_posts/2016-07-26-n.md)"),
        ("[a]({% post_url 2010-07-21-n %})", "[a](2010-07-21-n)"),
        ("([#1]({{ site.repository }}/issues/1)) b", "([#1](<{{ site.repository }}/issues/1>)) b"),
        ("<a href=\"{{ '/x/' | relative_url }}\">x</a>", "<a href=\"/x/\">x</a>"),
        ("a {{ page.title }} {{ \"{{\" }} b", "a {{ page.title }} {{ b"),
        ("{% hint style=\"danger\" %}\nNo.\n{% endhint %}", ":::danger\nNo.\n:::\n"),
        ("{% note(title=\"T\") %}\nx\n{% end %}\n", ":::note[T]\nx\n:::\n"),
        ("{{ youtube(id=\"w7\") }}", "[▶ video: youtu.be/w7](https://youtu.be/w7)"),
        ("[a]({{ get_url(path=\"@/blog/x.md\") }})", "[a](/blog/x.md)"),
        (
            "([#1]({{ site.repository\n}}/1)) b\n[#{{ i }}]: {{ r }}/{{ i }}\n",
            "([#1](<{{ site.repository }}/1>)) b\n[#{{ i }}]: <{{ r }}/{{ i }}>\n",
        ),
        ("{% raw %}\n```\n{{ a }}\n{% endraw %}\n```\n\n{% raw %}\nb\n{% endraw %}\n", "```\n{{ a }}\n```\n\nb\n"),
        ("a {{ now() }}", "a {{ now() }}"),
        ("a `{% raw %}{{ x }}{% endraw %}` b", "a `{{ x }}` b"),
        (
            "`{% raw %}` and `{% endraw %}`, `{% raw %}a{% endraw %}`",
            "`{% raw %}` and `{% endraw %}`, `{% raw %}a{% endraw %}`",
        ),
        ("`{% raw %}{% raw %}{% endraw %}` `{%- raw -%}{{ a }}{%- endraw -%} b`", "`{% raw %}` `{{ a }}b`"),
        ("```yml\na: {% raw %}{{ b }}{% endraw %}-c\n```\n", "```yml\na: {% raw %}{{ b }}{% endraw %}-c\n```\n"),
        ("{% unclosed", "{% unclosed"),
        ("100 {%d} %}", "100 {%d} %}"),
    ] {
        assert_eq!(expand(source), expected, "{source}");
    }
}

#[test]
fn a_text_without_tags_is_borrowed() {
    for source in ["", "plain", "a {b} {{ c", "`{{< x >}}`", "{{{{{{"] {
        assert!(matches!(expand(source), std::borrow::Cow::Borrowed(text) if text == source), "{source}");
    }
}
