//! The table of the languages: their names, and what the lexer must know of each.

use super::grammar::{CommentPlace, Grammar, Keys, Quirks, Syntax, literal, long, raw, short};

const C_LIKE: Grammar = Grammar {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    strings: &[short("\""), short("'")],
    ..Grammar::BASE
};

const HASH: Grammar = Grammar {
    line_comments: &["#"],
    comment_place: CommentPlace::AfterBlank,
    strings: &[long("\""), raw("'", "'")],
    ..Grammar::BASE
};

const SHELL: Grammar = Grammar {
    keywords: "case do done elif else esac export fi for function if in local readonly return select set shift source then unset \
               until while alias break continue eval exec exit trap end begin and or not switch sudo cd echo",
    strings: &[long("\""), raw("$'", "'"), raw("'", "'")],
    word_marks: "-",
    quirks: Quirks { heredocs: true, ..Quirks::NONE },
    ..HASH
};

const POWERSHELL: Grammar = Grammar {
    line_comments: &["#"],
    block_comments: &[("<#", "#>")],
    strings: &[raw("@\"", "\"@"), raw("@'", "'@"), raw("\"", "\""), raw("'", "'")],
    keywords: "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for foreach from \
               function if in param process return switch throw trap try until using while",
    any_case: true,
    word_marks: "-",
    ..Grammar::BASE
};

/// JavaScript, TypeScript and their forms with markup.
pub const JAVASCRIPT: Grammar = Grammar {
    strings: &[short("\""), short("'"), long("`")],
    keywords: "abstract any as async await boolean break case catch class const constructor continue debugger declare default \
               delete do else enum export extends false finally for from function get if implements import in infer instanceof \
               interface is keyof let module namespace never new null number of override private protected public readonly \
               return satisfies set static string super switch this throw true try type typeof undefined unknown var void while \
               with yield",
    word_marks: "$",
    sigils: "@",
    quirks: Quirks { regexes: true, ..Quirks::NONE },
    ..C_LIKE
};

/// CSS and its extensions.
pub const CSS: Grammar = Grammar {
    keywords: "",
    word_marks: "-",
    sigils: "@!",
    keys: Keys::Properties,
    quirks: Quirks { hex_colours: true, ..Quirks::NONE },
    ..C_LIKE
};

/// YAML.
pub const YAML: Grammar = Grammar {
    keywords: "true false null yes no on off True False Null",
    word_marks: "-",
    keys: Keys::Colon,
    quirks: Quirks { apostrophes: true, ..Quirks::NONE },
    ..HASH
};

/// TOML, INI and their kind.
pub const TOML: Grammar = Grammar {
    line_comments: &["#", ";"],
    strings: &[long("\"\"\""), raw("'''", "'''"), short("\""), literal("'")],
    keywords: "true false",
    keys: Keys::Equals,
    quirks: Quirks { apostrophes: true, ..Quirks::NONE },
    ..HASH
};

/// The inside of tags of templates.
pub const TEMPLATE: Grammar = Grammar {
    strings: &[long("\""), long("'"), raw("`", "`")],
    block_comments: &[("/*", "*/")],
    keywords: "and assign block break capture case comment continue cycle decrement define do each else elsif elseif elif end \
               endblock endcapture endcase endcomment endfor endhighlight endif endmacro endraw endunless extends false filter for \
               from highlight if import in include include_relative increment is layout link macro nil not null or partial post_url \
               range raw render return set template then true unless when while with",
    word_marks: "$",
    ..Grammar::BASE
};

const RUST: Grammar = Grammar {
    nests_comments: true,
    strings: &[long("\"")],
    string_prefixes: "b r br c cr",
    keywords: "Self as async await box break const continue crate dyn else enum extern false fn for gen if impl in let loop \
               macro_rules match mod move mut pub ref return self static struct super trait true try type union unsafe use where \
               while yield",
    quirks: Quirks { characters: true, hashed_strings: true, ..Quirks::NONE },
    ..C_LIKE
};

const PYTHON: Grammar = Grammar {
    line_comments: &["#"],
    strings: &[long("\"\"\""), long("'''"), short("\""), short("'")],
    string_prefixes: "r b f u rb br fr rf R B F U t",
    keywords: "False None True and as assert async await break case class continue def del elif else except finally for from \
               global if import in is lambda match nonlocal not or pass raise return self try type while with yield",
    sigils: "@",
    ..Grammar::BASE
};

const JSON: Grammar = Grammar { keywords: "true false null", keys: Keys::Strings, ..C_LIKE };

const C: Grammar = Grammar {
    strings: &[raw("R\"(", ")\""), short("\""), short("'")],
    string_prefixes: "L u U u8",
    keywords: "alignas alignof asm auto bool break case catch char class co_await co_return co_yield concept const const_cast \
               consteval constexpr continue decltype default delete do double dynamic_cast else enum explicit export extern false \
               final float for friend goto if inline int int16_t int32_t int64_t int8_t long mutable namespace new noexcept nullptr \
               operator override private protected public register reinterpret_cast requires restrict return short signed size_t \
               sizeof static static_assert static_cast struct switch template this throw true try typedef typeid typename \
               uint16_t uint32_t uint64_t uint8_t union unsigned using virtual void volatile wchar_t while NULL",
    sigils: "#@",
    ..C_LIKE
};

const GO: Grammar = Grammar {
    strings: &[short("\""), short("'"), raw("`", "`")],
    keywords: "any append bool break byte cap case chan complex128 complex64 const continue default defer else error fallthrough \
               false float32 float64 for func go goto if import int int16 int32 int64 int8 interface iota len make map new nil \
               package panic range return rune select string struct switch true type uint uint16 uint32 uint64 uint8 uintptr var",
    ..C_LIKE
};

/// Java, Kotlin, C#, Scala, Groovy, Dart.
const JAVA: Grammar = Grammar {
    strings: &[long("\"\"\""), raw("@\"", "\""), short("\""), short("'")],
    keywords: "abstract as assert async await base bool boolean break by byte case catch char checked class companion const \
               constructor continue data decimal def default defer delegate do double dynamic else enum event explicit extends \
               extension extern factory false final finally float for foreach fun get given goto if implements implicit import in \
               init inner instanceof int interface internal is late lateinit lazy library lock long match mixin module namespace \
               native new null object open operator out override package part permits private protected public readonly record \
               ref required return sbyte sealed set short sizeof static string struct super suspend switch synchronized then \
               this throw throws trait transient true try typealias typeof uint ulong unsafe using val value var virtual void \
               volatile when where while with yield",
    sigils: "@",
    ..C_LIKE
};

const SWIFT: Grammar = Grammar {
    nests_comments: true,
    strings: &[long("\"\"\""), short("\"")],
    keywords: "Any Self actor any as associatedtype async await break case catch class continue convenience default defer deinit \
               do dynamic else enum extension fallthrough false fileprivate final for func get guard if import in indirect infix \
               init inout internal is lazy let mutating nil nonisolated open operator optional override postfix prefix private \
               protocol public repeat required rethrows return self set some static struct subscript super switch throw throws \
               true try typealias unowned var weak where while",
    sigils: "@#",
    ..C_LIKE
};

const RUBY: Grammar = Grammar {
    line_comments: &["#"],
    comment_place: CommentPlace::AfterBlank,
    block_comments: &[("=begin", "=end")],
    strings: &[long("\""), long("'"), short("`")],
    keywords: "BEGIN END alias and attr_accessor attr_reader attr_writer begin break case class def defined? do else elsif end \
               ensure extend false for gem if in include loop module new next nil not or prepend private protected public raise \
               redo require require_relative rescue retry return self super then true undef unless until when while yield",
    word_marks: "?",
    quirks: Quirks { regexes: true, heredocs: true, ..Quirks::NONE },
    ..Grammar::BASE
};

const SQL: Grammar = Grammar {
    line_comments: &["--"],
    strings: &[raw("'", "'"), raw("\"", "\"")],
    keywords: "add all alter analyze and as asc begin between bigint bool boolean by cascade case cast char check column commit \
               conflict constraint create cross database date datetime decimal default delete desc distinct do drop else end \
               except exists explain false float for foreign from full function grant group having if ilike in index inner insert \
               int integer intersect into is isnull join key left like limit materialized natural not null numeric offset on or \
               order outer over partition pragma primary real references replace returning revoke right rollback row rows select \
               serial set table text then timestamp to transaction trigger true truncate union unique update using vacuum values \
               varchar view when where window with",
    any_case: true,
    ..C_LIKE
};

const LUA: Grammar = Grammar {
    line_comments: &["--"],
    block_comments: &[("--[==[", "]==]"), ("--[=[", "]=]"), ("--[[", "]]")],
    strings: &[raw("[==[", "]==]"), raw("[=[", "]=]"), raw("[[", "]]"), short("\""), short("'")],
    keywords: "and break do else elseif end false for function goto if in local nil not or repeat return self then true until while",
    ..Grammar::BASE
};

const PHP: Grammar = Grammar {
    line_comments: &["//", "# "],
    strings: &[long("\""), long("'"), long("`")],
    keywords: "abstract and array as bool break callable case catch class clone const continue declare default do echo else \
               elseif empty enum extends false final finally fn for foreach function global if implements include include_once \
               instanceof insteadof int interface isset list match mixed namespace new null or print private protected public \
               readonly require require_once return self static string switch this throw trait true try unset use var void while \
               yield php",
    word_marks: "$",
    quirks: Quirks { heredocs: true, ..Quirks::NONE },
    ..C_LIKE
};

/// Haskell, Elm, PureScript, Agda.
const HASKELL: Grammar = Grammar {
    line_comments: &["-- ", "---", "--|"],
    block_comments: &[("{-", "-}")],
    nests_comments: true,
    keywords: "as case class data default deriving do else exposing family forall foreign hiding if import in infix infixl infixr \
               instance let mdo module newtype of port proc qualified rec then type where",
    quirks: Quirks { characters: true, apostrophes: true, ..Quirks::NONE },
    ..Grammar::BASE
};

/// OCaml, F#, Standard ML.
const OCAML: Grammar = Grammar {
    line_comments: &["//"],
    block_comments: &[("(*", "*)")],
    nests_comments: true,
    strings: &[long("\"\"\""), long("\"")],
    keywords: "and as assert async begin class constraint do done downto elif else end exception external false finally for fun \
               function functor if in include inherit initializer lazy let match member method module mutable namespace new not \
               null object of open or override private rec return sig static struct then to true try type use val virtual when \
               while with yield",
    quirks: Quirks { characters: true, ..Quirks::NONE },
    ..Grammar::BASE
};

/// Nix and HCL.
const NIX: Grammar = Grammar {
    line_comments: &["#", "//"],
    block_comments: &[("/*", "*/")],
    strings: &[raw("''", "''"), long("\"")],
    keywords: "assert data dynamic else false for if import in inherit let locals module null or output provider rec resource \
               terraform then true variable with",
    word_marks: "-'",
    quirks: Quirks { heredocs: true, ..Quirks::NONE },
    ..HASH
};

const MAKE: Grammar = Grammar {
    strings: &[],
    keywords: "define else endef endif export ifdef ifeq ifndef ifneq include override private undefine unexport vpath",
    word_marks: "-",
    sigils: ".",
    keys: Keys::Colon,
    ..HASH
};

const DOCKER: Grammar = Grammar {
    strings: &[short("\""), short("'")],
    keywords: "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER \
               VOLUME WORKDIR",
    ..HASH
};

/// Lisp, Scheme, Clojure, Emacs Lisp.
const LISP: Grammar = Grammar {
    line_comments: &[";"],
    block_comments: &[("#|", "|#")],
    nests_comments: true,
    strings: &[long("\"")],
    keywords: "and begin case catch cond cons declare def defconst defcustom define defmacro defmethod defmodule defn defn- \
               defparameter defprotocol defrecord deftype defun defvar do dolist dotimes else finally fn for if if-let if-not in \
               interactive labels lambda let let* letrec loop mapcar nil not ns or progn quote recur require save-excursion set! \
               setf setq t throw true try unless use-package when when-let when-not while with",
    word_marks: "-!?*+/<>=:",
    ..Grammar::BASE
};

const ELIXIR: Grammar = Grammar {
    strings: &[long("\"\"\""), long("'''"), long("\""), short("'")],
    keywords: "after alias and case catch cond def defguard defimpl defmacro defmodule defp defprotocol defstruct do else end \
               false fn for if import in nil not or quote raise receive require rescue true try unless unquote use when with",
    sigils: "@",
    ..HASH
};

const ERLANG: Grammar = Grammar {
    line_comments: &["%"],
    keywords: "after and andalso begin case catch div end false fun if let maybe not of or orelse receive rem true try when xor",
    ..Grammar::BASE
};

const PERL: Grammar = Grammar {
    strings: &[long("\""), long("'")],
    keywords: "and cmp continue die do each else elsif eq for foreach ge given gt if keys last le local lt map my ne next no not \
               or our package print push qw redo ref require return say scalar shift split sub undef unless until use values \
               wantarray when while xor",
    quirks: Quirks { heredocs: true, regexes: true, ..Quirks::NONE },
    ..HASH
};

/// R and Julia.
const R: Grammar = Grammar {
    line_comments: &["#"],
    block_comments: &[("#=", "=#")],
    strings: &[long("\"\"\""), long("\""), short("'")],
    keywords: "FALSE Inf NA NULL NaN TRUE abstract baremodule begin break catch const do else elseif end export false finally for \
               function global if import in let library local macro module mutable next nothing primitive quote repeat require \
               return struct true try type using where while",
    quirks: Quirks { apostrophes: true, ..Quirks::NONE },
    ..Grammar::BASE
};

const ZIG: Grammar = Grammar {
    line_comments: &["//"],
    strings: &[short("\""), short("'")],
    keywords: "align allowzero and anyframe anytype asm async await bool break callconv catch comptime const continue defer else \
               enum errdefer error export extern false fn for if inline linksection noalias noreturn null opaque or orelse packed \
               pub resume return struct suspend switch test threadlocal true try type u16 u32 u64 u8 i16 i32 i64 i8 undefined \
               union unreachable usize usingnamespace var void volatile while",
    sigils: "@",
    ..Grammar::BASE
};

/// GraphQL, Protocol Buffers, Thrift.
const SCHEMA: Grammar = Grammar {
    line_comments: &["//", "# "],
    strings: &[long("\"\"\""), short("\""), short("'")],
    keywords: "bool bytes directive double enum exception extend extends false fixed32 fixed64 float fragment implements import \
               input int32 int64 interface map message mutation namespace null on oneof option optional package public query \
               repeated required reserved returns rpc scalar schema service sint32 sint64 stream string struct subscription \
               syntax throws true type uint32 uint64 union void",
    sigils: "@",
    ..C_LIKE
};

const TEX: Grammar = Grammar { line_comments: &["%"], strings: &[], sigils: "\\", ..Grammar::BASE };

const NGINX: Grammar = Grammar {
    strings: &[short("\""), short("'")],
    keywords: "break else events http if include listen location map on off proxy_pass return rewrite root server server_name set \
               try_files upstream",
    quirks: Quirks { apostrophes: true, ..Quirks::NONE },
    ..HASH
};

const VIM: Grammar = Grammar {
    line_comments: &["\""],
    comment_place: CommentPlace::LineStart,
    strings: &[literal("\""), literal("'")],
    keywords: "abort augroup autocmd call catch colorscheme command echo else elseif endfor endfunction endif endtry endwhile \
               execute finish for function highlight if imap in inoremap let map nmap nnoremap noremap nunmap return set setlocal \
               silent syntax try unlet vmap vnoremap while",
    word_marks: "#:",
    ..Grammar::BASE
};

/// The rows: names, separated by blanks, and how the code is split.
pub static ROWS: &[(&str, Syntax)] = &[
    ("rust rs rust-script ron", Syntax::Words(RUST)),
    ("python py python3 py3 pyi starlark bzl bazel gdscript sage", Syntax::Words(PYTHON)),
    ("javascript js mjs cjs node typescript ts mts cts jsx tsx flow coffee", Syntax::Words(JAVASCRIPT)),
    ("json json5 jsonc jsonl ndjson geojson webmanifest", Syntax::Words(JSON)),
    ("sh bash shell zsh fish ksh ash dash env bashrc zshrc", Syntax::Shell(SHELL)),
    ("console shell-session shellsession sh-session bash-session terminal pycon irb term cmd", Syntax::Console(&SHELL)),
    ("powershell ps1 pwsh ps posh", Syntax::Words(POWERSHELL)),
    ("yaml yml eyaml", Syntax::Words(YAML)),
    ("toml ini cfg conf properties dotenv editorconfig gitconfig systemd desktop service lock", Syntax::Words(TOML)),
    ("c h cpp c++ cc cxx hpp hh objc objective-c objectivec cuda cu glsl hlsl wgsl arduino ino", Syntax::Words(C)),
    ("go golang", Syntax::Words(GO)),
    (
        "java kotlin kt kts csharp cs c# scala sc groovy gradle jenkinsfile dart solidity sol haxe vala",
        Syntax::Words(JAVA),
    ),
    ("swift", Syntax::Words(SWIFT)),
    ("ruby rb rake gemfile rakefile podspec gemspec crystal cr", Syntax::Words(RUBY)),
    ("sql psql mysql postgresql postgres pgsql plsql sqlite sqlite3 tsql", Syntax::Words(SQL)),
    ("css scss sass less stylus postcss", Syntax::Words(CSS)),
    ("lua luau", Syntax::Words(LUA)),
    ("php hack", Syntax::Words(PHP)),
    ("haskell hs lhs elm purescript purs agda idris", Syntax::Words(HASKELL)),
    ("ocaml ml mli reason fsharp f# fs sml coq", Syntax::Words(OCAML)),
    ("nix hcl terraform tf tfvars", Syntax::Words(NIX)),
    ("make makefile mk gnumakefile just justfile", Syntax::Words(MAKE)),
    ("docker dockerfile containerfile", Syntax::Words(DOCKER)),
    ("html htm xhtml xml svg rss atom vue svelte astro jsp plist xsl xslt xsd markup mathml opml", Syntax::Markup),
    (
        "go-html-template gohtml gohtmltemplate go-text-template gotmpl gotemplate tmpl template liquid jinja jinja2 j2 twig \
         django nunjucks njk handlebars hbs mustache erb html+erb eex heex ejs htmldjango blade tera",
        Syntax::Markup,
    ),
    ("diff patch udiff", Syntax::Diff),
    ("markdown md mdx mkd rmd qmd mdown", Syntax::Markdown),
    ("lisp cl common-lisp elisp emacs-lisp el scheme scm racket rkt clojure clj cljs edn fennel", Syntax::Words(LISP)),
    ("elixir ex exs", Syntax::Words(ELIXIR)),
    ("erlang erl", Syntax::Words(ERLANG)),
    ("perl pl pm raku", Syntax::Words(PERL)),
    ("r julia jl", Syntax::Words(R)),
    ("zig", Syntax::Words(ZIG)),
    ("graphql gql protobuf proto thrift", Syntax::Words(SCHEMA)),
    ("tex latex bibtex", Syntax::Words(TEX)),
    ("nginx apache apacheconf caddyfile caddy", Syntax::Words(NGINX)),
    ("vim viml vimscript vimrc", Syntax::Words(VIM)),
];
