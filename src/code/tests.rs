//! Tests what the pieces of each construct are, and that no text is lost.

use proptest::prelude::*;

use super::grammar::{Grammar, Syntax};
use super::grammars::{self, ROWS};
use super::{CodePiece, Language, PieceKind};

/// The pieces with a kind, each after a letter for it.
fn marked(language: &str, code: &str) -> String {
    let language = Language::named(language).unwrap_or_else(|| panic!("{language} is known"));
    let mut out = String::new();
    for CodePiece { kind, text } in language.pieces(code) {
        let sign = match kind {
            PieceKind::Plain => {
                out.push_str(text);
                continue;
            }
            PieceKind::Comment => 'c',
            PieceKind::String => 's',
            PieceKind::Number => 'n',
            PieceKind::Keyword => 'k',
            PieceKind::Added => '+',
            PieceKind::Removed => '-',
            PieceKind::Hunk => '@',
        };
        out.push_str(&format!("⟨{sign}{text}⟩"));
    }
    out
}

#[test]
fn constructs() {
    let mut wrong = Vec::new();
    for (language, code, pieces) in [
        ("rust", "let x = 1;", "⟨klet⟩ x = ⟨n1⟩;"),
        ("rs", "fn a<'a>(c: char) { 'x'; '\\''; '日' }", "⟨kfn⟩ a<'a>(c: char) { ⟨s'x'⟩; ⟨s'\\''⟩; ⟨s'日'⟩ }"),
        ("rust", "/* a /* b */\nc */ x // d\ny", "⟨c/* a /* b */\nc */⟩ x ⟨c// d⟩\ny"),
        ("rust", "r#\"a\"b\"# b\"c\" br\"\\\" b'x' r#type", "⟨sr#\"a\"b\"#⟩ ⟨sb\"c\"⟩ ⟨sbr\"\\\"⟩ ⟨sb'x'⟩ r#⟨ktype⟩"),
        (
            "rust",
            "\"a\\\"\nb\" 0x1f_u8 1.5e-3 1..2 a1 x.0",
            "⟨s\"a\\\"\nb\"⟩ ⟨n0x1f_u8⟩ ⟨n1.5e-3⟩ ⟨n1⟩..⟨n2⟩ a1 x.⟨n0⟩",
        ),
        (
            "python",
            "@dec\ndef f(): # c\n  '''a\n'b''' f'{x}' None",
            "⟨k@dec⟩\n⟨kdef⟩ f(): ⟨c# c⟩\n  ⟨s'''a\n'b'''⟩ ⟨sf'{x}'⟩ ⟨kNone⟩",
        ),
        (
            "js",
            "const a = `x\n${y}`; a = /[/\"]\\//g.test(b / c)",
            "⟨kconst⟩ a = ⟨s`x\n${y}`⟩; a = ⟨s/[/\"]\\//g⟩.test(b / c)",
        ),
        ("js", "a = /b\n'open\nc", "a = /b\n⟨s'open⟩\nc"),
        ("json", "{\"a\": \"b\", \"c\" : [1, true]}", "{⟨k\"a\"⟩: ⟨s\"b\"⟩, ⟨k\"c\"⟩ : [⟨n1⟩, ⟨ktrue⟩]}"),
        (
            "sh",
            "if [ \"$a#b\" ]; then # c\n  echo 'x\ny' $# ${#a}",
            "⟨kif⟩ [ ⟨s\"$a#b\"⟩ ]; ⟨kthen⟩ ⟨c# c⟩\n  ⟨kecho⟩ ⟨s'x\ny'⟩ $# ${#a}",
        ),
        ("bash", "cat <<EOF > x\ndon't\nEOF\ndone", "cat ⟨s<<EOF⟩ > x\n⟨sdon't\nEOF⟩\n⟨kdone⟩"),
        ("bash", "$((1<<N)); a\n'b'", "$((⟨n1⟩⟨s<<N⟩)); a\n⟨s'b'⟩"),
        ("sh", "$ cargo run \"a\"\n  if Compiling\n", "⟨c$ ⟩cargo run ⟨s\"a\"⟩\n  if Compiling\n"),
        ("console", "# note\nme@box:~$ ls \\\n> 'a'\nfor x", "⟨c# note\nme@box:~$ ⟩ls \\\n⟨c> ⟩⟨s'a'⟩\nfor x"),
        ("console", "PS C:\\> cd 'a'\nC:\\x> cd\n50% of x", "⟨cPS C:\\> ⟩⟨kcd⟩ ⟨s'a'⟩\n⟨cC:\\x> ⟩⟨kcd⟩\n50% of x"),
        (
            "yaml",
            "a-b: don't # c\n- k: \"x\"\n  n: 1.5\nurl: http://a#b",
            "⟨ka-b⟩: don't ⟨c# c⟩\n- ⟨kk⟩: ⟨s\"x\"⟩\n  ⟨kn⟩: ⟨n1.5⟩\n⟨kurl⟩: http://a#b",
        ),
        (
            "toml",
            "[[a.b]]\nc = 'd' # e\n'f g' = \"\"\"\n[h]\n\"\"\"",
            "⟨k[[a.b]]⟩\n⟨kc⟩ = ⟨s'd'⟩ ⟨c# e⟩\n⟨k'f g'⟩ = ⟨s\"\"\"\n[h]\n\"\"\"⟩",
        ),
        (
            "c++",
            "#include <a>\nint x = 1'000; // 'c\nchar q = '\"';",
            "⟨k#include⟩ <a>\n⟨kint⟩ x = ⟨n1'000⟩; ⟨c// 'c⟩\n⟨kchar⟩ q = ⟨s'\"'⟩;",
        ),
        ("go", "x := `a\nb` + 'c' // d", "x := ⟨s`a\nb`⟩ + ⟨s'c'⟩ ⟨c// d⟩"),
        ("java", "@Override public int f() { return 1L; }", "⟨k@Override⟩ ⟨kpublic⟩ ⟨kint⟩ f() { ⟨kreturn⟩ ⟨n1L⟩; }"),
        ("ruby", "x = <<~A.b\n  'c\n  A\nputs x =~ /a'b/", "x = ⟨s<<~A⟩.b\n⟨s  'c\n  A⟩\nputs x =~ ⟨s/a'b/⟩"),
        ("sql", "SELECT a FROM b -- c\nWhere x = 'it''s'", "⟨kSELECT⟩ a ⟨kFROM⟩ b ⟨c-- c⟩\n⟨kWhere⟩ x = ⟨s'it''s'⟩"),
        (
            "css",
            "a:hover { color: #fff; b: 10px } @media x",
            "a:hover { ⟨kcolor⟩: ⟨n#fff⟩; ⟨kb⟩: ⟨n10px⟩ } ⟨k@media⟩ x",
        ),
        ("lua", "--[[ a\n]] x = [[b\n]] -- c", "⟨c--[[ a\n]]⟩ x = ⟨s[[b\n]]⟩ ⟨c-- c⟩"),
        ("haskell", "f' x = g 'a' --> y -- c", "f' x = g ⟨s'a'⟩ --> y ⟨c-- c⟩"),
        ("nix", "{ a = ''b\n''; } # c", "{ a = ⟨s''b\n''⟩; } ⟨c# c⟩"),
        ("make", "all: x\n\t@echo $(y)\nifeq (a,b)", "⟨kall⟩: x\n\t@echo $(y)\n⟨kifeq⟩ (a,b)"),
        ("dockerfile", "FROM a:1\nRUN from 'b'", "⟨kFROM⟩ a:⟨n1⟩\n⟨kRUN⟩ from ⟨s'b'⟩"),
        ("lisp", "(let ((a 'b)) ; c\n \"d\")", "(⟨klet⟩ ((a 'b)) ⟨c; c⟩\n ⟨s\"d\"⟩)"),
        ("tex", "\\emph{a} % b", "⟨k\\emph⟩{a} ⟨c% b⟩"),
        ("vim", "\" a\nset x=\"y\"", "⟨c\" a⟩\n⟨kset⟩ x=⟨s\"y\"⟩"),
        (
            "html",
            "<!-- a -->\n<p class=\"b\" c='d'>it's & x < y</p><br/>",
            "⟨c<!-- a -->⟩\n⟨k<p⟩ class=⟨s\"b\"⟩ c=⟨s'd'⟩⟨k>⟩it's & x < y⟨k</p><br/>⟩",
        ),
        ("html", "<script>let a = '</p>'</script>", "⟨k<script>let⟩ a = ⟨s'</p>'⟩⟨k</script>⟩"),
        ("html", "<STYLE>a { b: 1px }</Style >c", "⟨k<STYLE>⟩a { ⟨kb⟩: ⟨n1px⟩ }⟨k</Style⟩ ⟨k>⟩c"),
        ("xml", "<?xml version=\"1\"?><a:b>&lt;", "⟨k<?xml⟩ version=⟨s\"1\"⟩⟨k?><a:b>⟩&lt;"),
        (
            "go-html-template",
            "{{ if .A }}<a href=\"{{ .B \"c\" }}\">{{/* d */}}",
            "⟨k{{⟩ ⟨kif⟩ .A ⟨k}}<a⟩ href=⟨s\"⟩⟨k{{⟩ .B ⟨s\"c\"⟩ ⟨k}}⟩⟨s\"⟩⟨k>⟩⟨c{{/* d */}}⟩",
        ),
        (
            "liquid",
            "{% assign x = 'a' | b: 1 %}{# c #}{{ open",
            "⟨k{%⟩ ⟨kassign⟩ x = ⟨s'a'⟩ | b: ⟨n1⟩ ⟨k%}⟩⟨c{# c #}⟩{{ open",
        ),
        ("erb", "<% if a %><b c=\"<%= d %>\">", "⟨k<%⟩ ⟨kif⟩ a ⟨k%><b⟩ c=⟨s\"⟩⟨k<%⟩= d ⟨k%>⟩⟨s\"⟩⟨k>⟩"),
        ("diff", "--- a\n+++ b\n@@ -1 +1 @@\n x\n-y\n+z\n", "⟨c--- a⟩\n⟨c+++ b⟩\n⟨@@@ -1 +1 @@⟩\n x\n⟨--y⟩\n⟨++z⟩\n"),
        (
            "md",
            "---\na: 1\n---\n# B `c`\nd `e` ``f` g\n```\n# h\n```\n> i",
            "⟨c---\n⟩⟨ka⟩: ⟨n1⟩\n⟨c---\n⟩⟨k# B `c`\n⟩d ⟨s`e`⟩ ⟨s``f`⟩ g\n⟨s```\n# h\n```\n⟩⟨c> i⟩",
        ),
        (
            "md",
            "{{< figure src=\"a\n\" >}} b\n#c\n<!-- d\ne -->\n",
            "⟨k{{⟩< figure src=⟨s\"a\n\"⟩ >⟨k}}⟩ b\n#c\n⟨c<!-- d\ne -->\n⟩",
        ),
    ] {
        let found = marked(language, code);
        if found != pieces {
            wrong.push(format!("{language}:\n  {found}\n  {pieces}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_found_in_any_case_and_once() {
    for name in ["Rust", "language-js", "C++", "Dockerfile", " sh ", "lang-py"] {
        assert!(Language::named(name).is_some(), "{name}");
    }
    for name in ["", "brainfog", "rust python", " "] {
        assert!(Language::named(name).is_none(), "{name:?}");
    }
    for (path, is_known) in
        [("a/b.rs", true), ("Makefile", true), ("a.b/c", false), ("go", false), ("", false), (".bashrc", true)]
    {
        assert_eq!(Language::of_file(path).is_some(), is_known, "{path}");
    }
    let mut names: Vec<&str> = ROWS.iter().flat_map(|(names, _)| names.split(' ')).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "no name has two rows");
    assert!(names.iter().all(|name| !name.is_empty() && name.to_lowercase() == **name));
    let pieces = Language::pieces_of(None, "if 1");
    assert_eq!(pieces, [CodePiece { kind: PieceKind::Plain, text: "if 1" }]);
    assert_eq!(Language::pieces_of(None, ""), []);
}

#[test]
fn grammars_can_be_found_by_the_lexer() {
    let all = ROWS.iter().filter_map(|(names, syntax)| match syntax {
        Syntax::Words(grammar) | Syntax::Shell(grammar) => Some((*names, grammar)),
        _ => None,
    });
    let template: (&str, &Grammar) = ("template", &grammars::TEMPLATE);
    for (names, grammar) in all.chain([template]) {
        let is_word = |word: &str| {
            word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || grammar.word_marks.as_bytes().contains(&b))
        };
        for word in grammar.keywords.split(' ').filter(|word| !word.is_empty()) {
            assert!(is_word(word) && word.len() <= 24, "{names}: {word}");
            assert!(!grammar.any_case || word.to_ascii_lowercase() == word, "{names}: {word}");
        }
        for (at, rule) in grammar.strings.iter().enumerate() {
            let hidden = grammar.strings.iter().take(at).find(|earlier| rule.open.starts_with(earlier.open));
            assert!(hidden.is_none() && !rule.open.is_empty() && !rule.close.is_empty(), "{names}: {rule:?}");
        }
    }
}

#[test]
fn hostile_code_takes_linear_time() {
    split_hostile_code(4_000);
}

#[test]
#[ignore = "heavy"]
fn long_hostile_code_takes_linear_time() {
    split_hostile_code(100_000);
}

fn split_hostile_code(bytes: usize) {
    // If a failed search were repeated, or a line measured again for each token, these would take seconds each.
    let seeds = [
        "{{",
        "{%",
        "{#",
        "<%",
        "<!--",
        "<script>",
        "</",
        "<a b=\"",
        "<a b='{{",
        "=/[",
        "=/",
        "(/\\",
        "<<A\n",
        "<<~B ",
        "r#",
        "r##\"",
        "'\\",
        "'",
        "\"",
        "\"\\",
        "`",
        "/*",
        "--[[",
        "a:",
        "- ",
        "[",
        "a = ",
        "{",
        ";",
        "$ ",
        "> ",
        "\\\n",
        "```\n",
        "`a",
        "#",
        "1.",
        "1e-",
        "---\n",
        "\"\"\"",
        "a@b ",
        "(*",
        "\n",
        " ",
        "é",
        "R\"(",
        "<script></",
        "` {{",
        "=/a/",
        "(/[a]/",
    ];
    for language in ROWS.iter().filter_map(|(names, _)| names.split(' ').next()) {
        let language = Language::named(language).expect("a name of the table");
        for seed in seeds {
            let code = seed.repeat(bytes / seed.len());
            assert_eq!(language.pieces(&code).iter().map(|piece| piece.text.len()).sum::<usize>(), code.len());
        }
    }
}

#[test]
fn the_rest_of_very_long_code_is_plain() {
    let rust = Language::named("rust").expect("rust");
    for code in ["1 ".repeat(600_000), "日".repeat(600_000)] {
        let pieces = rust.pieces(&code);
        assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), code.as_str());
        assert_eq!(pieces.last().map(|piece| piece.kind), Some(PieceKind::Plain));
    }
}

/// Code of any language, made of what means something in some language.
fn code() -> impl Strategy<Value = String> {
    let parts = "\"¦'¦`¦\"\"\"¦'''¦\\¦/*¦*/¦//¦#¦--¦--[[¦]]¦{-¦-}¦(*¦*)¦<!--¦-->¦<¦>¦</¦/>¦<a¦<script>¦</script>¦<style>¦=¦{{¦}}¦{%¦%}¦\
                 {#¦#}¦<%¦%>¦{{/*¦*/}}¦r#¦r\"¦b'¦R\"(¦)\"¦<<A¦A¦/¦[¦]¦{¦}¦;¦:¦$ ¦> ¦me@a:~$ ¦\n¦\n\n¦ ¦    ¦\t¦\r\n¦+¦-¦@@¦---\n¦+++\n¦```\n¦\
                 # ¦- ¦let¦if¦select¦end¦word¦1¦0x1f¦1.5e-3¦#fff¦日本¦é¦e\u{301}¦🎉¦👨‍👩‍👧¦\u{1b}¦\0¦''¦@¦@media¦.¦,¦(¦)¦|¦!¦=begin¦=end";
    let parts: Vec<&str> = parts.split('¦').collect();
    let part = prop_oneof![
        8 => proptest::sample::select(parts).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn joined_pieces_are_the_code(code in code(), row in 0..ROWS.len()) {
        let name = ROWS[row].0.split(' ').next().unwrap_or_default();
        let language = Language::named(name).expect("a name of the table");
        let pieces = language.pieces(&code);
        prop_assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), code.as_str());
        prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        prop_assert!(pieces.windows(2).all(|pair| pair[0].kind != pair[1].kind), "{:?}", pieces);
    }
}
