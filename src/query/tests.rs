//! Tests of the query language: what is accepted, what is rejected with which error, and that queries print as text that parses
//! to the same query.

use proptest::prelude::*;

use super::*;

fn saved() -> SavedSearches {
    let searches = [
        ("morning", "is:unread @1d sort:-heat limit:20"),
        ("ai", "topic:ai OR \"neural nets\""),
        ("all", ""),
        ("deep", "saved:ai -saved:morning"),
        ("a", "saved:b"),
        ("b", "x saved:a"),
        ("broken", "topc:x"),
        ("lost", "saved:nowhere"),
    ];
    SavedSearches::new(searches.map(|(name, query)| (name.to_owned(), query.to_owned())))
}

fn parse(text: &str) -> Result<Query, QueryError> {
    Query::parse_with(text, &saved())
}

#[test]
fn accepted_queries() {
    for (text, understood) in [
        // Words and phrases.
        ("", ""),
        ("   ", ""),
        ("rust", "rust"),
        ("rust async", "rust async"),
        ("  rust   async ", "rust async"),
        ("Rust ASYNC", "rust async"),
        ("Café", "cafe"),
        ("naïve ÅNGSTRÖM", "naive angstrom"),
        ("ΟΔΟΣ", "οδοσ"),
        ("\"Neural  Nets\" -crypto", "\"neural nets\" -crypto"),
        ("\"one\"", "\"one\""),
        ("\"a (b) | c\"", "\"a (b) | c\""),
        ("\"-x\"", "\"-x\""),
        ("“open beta”", "'open beta'"),
        ("don’t", "don't"),
        ("open–source", "open-source"),
        ("c++ c# .net", "c++ c# .net"),
        ("12:30", "12:30"),
        ("a/b", "a/b"),
        ("人工知能 한국어", "人工知能 한국어"),
        ("a, b,c", "a b c"),
        ("or and not", "or and not"),
        ("*rust", "*rust"),
        ("*\"b c\"", "*\"b c\""),
        ("*Ünder", "*under"),
        ("（rust）", "\"(rust)\""),
        ("－x", "\"-x\""),
        ("ｔｉｔｌｅ：x", "\"title:x\""),
        ("a\u{200b}b", "ab"),
        ("\"unread\"", "\"unread\""),
        ("unread", "\"unread\""),
        ("-\"read\"", "-\"read\""),
        // Pasted titles, code and addresses.
        ("Beta: Best Build", "\"beta:\" best build"),
        ("Use std::fs and re:invent", "use \"std::fs\" and \"re:invent\""),
        ("path::Path title::x body::*", "\"path::path\" \"title::x\" \"body::*\""),
        ("C:\\dir 16:9 10:30 foo:", "\"c:\\dir\" 16:9 10:30 \"foo:\""),
        ("Re: Type: Rider", "\"re:\" \"type:\" rider"),
        ("os:linux ms:x if:y", "\"os:linux\" \"ms:x\" \"if:y\""),
        ("zzzzzzz:x -foo:y (Beta:)", "\"zzzzzzz:x\" -\"foo:y\" \"beta:\""),
        ("git:\"a b\" titel: y", "\"git:\" \"a b\" \"titel:\" y"),
        ("A - B – C — D -- E + F / G", "a b c d e f g"),
        ("Issue # 5 @ home * x ! y", "issue 5 home x y"),
        ("a - (b) -(c) -, d -", "a b -c d"),
        ("- -x | + #", "-x"),
        ("#@\":\" #-+(x)", "#\"@\" \":\" #\"-+\" x"),
        ("/ a /", "/ a /"),
        ("+20% +\"a b\" +(c)", "\"+20%\" \"a b\" c"),
        ("https://Example.org/a?b=1", "url:\"https://example.org/a?b=1\" OR \"https://example.org/a?b=1\""),
        ("-http://x.org", "-(url:\"http://x.org\" OR \"http://x.org\")"),
        ("HTTPS://X.org x", "(url:\"https://x.org\" OR \"https://x.org\") x"),
        ("(www.x.org/a_(b),c, d)", "(url:\"www.x.org/a_(b),c\" OR \"www.x.org/a_(b),c\") d"),
        ("ftp://x.org", "\"ftp://x.org\""),
        ("Straße ŁÓDŹ", "strasse lodz"),
        // And, or, not.
        ("a AND b", "a b"),
        ("a AND AND b", "a b"),
        ("a OR b", "a OR b"),
        ("a | b", "a OR b"),
        ("a|b", "a OR b"),
        ("a | b c", "a OR b c"),
        ("a b | c d | e", "a b OR c d OR e"),
        ("(a OR b) c", "(a OR b) c"),
        ("(a)", "a"),
        ("((a))", "a"),
        ("(a b)", "a b"),
        ("a (b c)", "a (b c)"),
        ("()", ""),
        ("a ()", "a"),
        ("a OR", "a"),
        ("OR a", "a"),
        ("-a", "-a"),
        ("!a", "-a"),
        ("NOT a", "-a"),
        ("--a", "a"),
        ("NOT -a", "a"),
        ("!a AND b", "-a b"),
        ("-(a b)", "-(a b)"),
        ("NOT (a OR b)", "-(a OR b)"),
        ("-(a)", "-a"),
        ("a-b", "a-b"),
        ("a !b", "a -b"),
        ("ORANGE NOTE ANDY", "orange note andy"),
        // Fields.
        ("title:Rust", "title:rust"),
        ("title:Rust topic:ai,ml", "title:rust topic:ai,ml"),
        ("topic:ai,\"machine learning\",*gpt", "topic:ai,\"machine learning\",*gpt"),
        ("topic:=\"Machine Learning\"", "topic:=\"machine learning\""),
        ("topic:=AI", "topic:=\"ai\""),
        ("topic:=ai,ml", "topic:=\"ai\",ml"),
        ("#\"machine learning\" #ai", "#\"machine learning\" #ai"),
        ("#-x #/^a/c #=y #read", "#-x #/^a/c #=y #read"),
        ("#ﷺ #＊x", "#\"صلى الله عليه وسلم\" #\"*x\""),
        ("tag:=\"To Read\",later", "tag:=\"to read\",later"),
        ("-#ai", "-#ai"),
        ("#*gpt #*\"a b\"", "#*gpt #*\"a b\""),
        ("excerpt:x body:y", "excerpt:x body:y"),
        ("provider:quanta domain:nature.com", "provider:quanta domain:nature.com"),
        ("category:news type:video", "category:news type:video"),
        ("author:Müller -author:\"Ann  Lee\"", "author:muller -author:\"ann lee\""),
        ("author:=\"Ann Lee\",bo author:*", "author:=\"ann lee\",bo author:*"),
        ("Author: Ann", "\"author:\" ann"),
        ("url:example.org/a path:2021/02", "url:example.org/a path:2021/02"),
        ("title:a:b", "title:\"a:b\""),
        ("title:>x", "title:\">x\""),
        ("title:-x", "title:\"-x\""),
        ("title:unread", "title:\"unread\""),
        ("body:* -excerpt:*", "body:* -excerpt:*"),
        ("topic:*,x", "topic:*,x"),
        ("provider:ign OR domain:pcgamer.com", "provider:ign OR domain:pcgamer.com"),
        ("(provider:quanta OR domain:nature.com) +unread", "(provider:quanta OR domain:nature.com) is:unread"),
        // Numbers.
        ("quality:60", "quality:60"),
        ("quality:=60", "quality:60"),
        ("quality:>=60", "quality:60.."),
        ("score:>=10 -score:<0 sort:-score", "score:10.. -score:..-1 sort:-score"),
        ("score:*", "score:*"),
        ("quality:>60 heat:0..", "quality:61.. heat:0.."),
        ("words:<=100,500", "words:..100,500"),
        ("words:<100", "words:..99"),
        ("heat:-1", "heat:-1"),
        ("heat:-5..-1", "heat:-5..-1"),
        ("heat:..10", "heat:..10"),
        ("quality:*", "quality:*"),
        ("quality:60..60", "quality:60"),
        ("quality:>9223372036854775807", "quality:9223372036854775807.."),
        // Dates.
        ("date:2021-02-18", "date:2021-02-18"),
        ("date:2021-02", "date:2021-02"),
        ("date:2020-02", "date:2020-02"),
        ("date:2021", "date:2021"),
        ("date:2021-02..2021-03", "date:2021-02-01..2021-03-31"),
        ("@2021-02..2021-03", "date:2021-02-01..2021-03-31"),
        ("@2021-02..", "date:>=2021-02-01"),
        ("@..2021-02", "date:<2021-03-01"),
        ("date:<2021-02-18", "date:<2021-02-18"),
        ("date:<=2021-02-18", "date:<2021-02-19"),
        ("date:>2021-02-18", "date:>=2021-02-19"),
        ("date:>=2021", "date:>=2021-01-01"),
        ("@2w", "date:>=2w"),
        ("@6months", "date:>=6mo"),
        ("@6-months-ago", "date:>=6mo"),
        ("@2w-ago", "date:>=2w"),
        ("@30min @1hour @3days @1y", "date:>=30min date:>=1h date:>=3d date:>=1y"),
        ("date:<2w", "date:<2w"),
        ("@4w..2w", "date:4w..2w"),
        ("date:2w..2021-03", "date:2w..2021-03-31"),
        ("date:2021-03..2w", "date:2021-03-01..2w"),
        ("@today", "date:today"),
        ("@yesterday", "date:yesterday"),
        ("date:yesterday..today", "date:yesterday..today"),
        ("date:>=yesterday", "date:>=yesterday"),
        ("date:<today", "date:<today"),
        ("date:<=today", "date:<=today"),
        ("date:<=yesterday", "date:<today"),
        ("date:>today", "date:>today"),
        ("@week @month @year", "date:>=1w date:>=1mo date:>=1y"),
        ("date:2021,2019", "date:2021,2019"),
        ("date:..", "date:.."),
        ("date:*", "date:*"),
        ("added:2w", "added:>=2w"),
        ("added:>=2021 readat:today", "added:>=2021-01-01 readat:today"),
        // States and features.
        ("is:unread", "is:unread"),
        ("is:unread,starred", "is:unread,starred"),
        ("+starred", "is:starred"),
        ("-unread", "-is:unread"),
        ("!read", "-is:read"),
        ("-starred", "-is:starred"),
        ("-is:hidden", "-is:hidden"),
        ("is:story is:single is:member", "is:story is:single is:member"),
        ("is:published,duplicate,warned", "is:published,duplicate,warned"),
        ("has:image has:related", "has:image has:related"),
        ("has:body,link,note", "has:body,link,note"),
        // Regexes.
        ("/gpt-?[34]/i", "/gpt-?[34]/"),
        ("/GPT/c", "/GPT/c"),
        ("/a b|c/", "/a b|c/"),
        ("/a\\/b/", "/a\\/b/"),
        ("title:/^how/,x", "title:/^how/,x"),
        ("-/x/", "-/x/"),
        ("/\\d+ é/", "/\\d+ é/"),
        ("/\\\\/", "/\\\\/"),
        ("/（a－z/", "/（a－z/"),
        ("か\u{200d}\u{3099}", "が"),
        ("-ｕｎｒｅａｄ", "-\"unread\""),
        ("-(unread)", "-\"unread\""),
        ("title:*\"a b\"", "title:*\"a b\""),
        ("date:<4294967295y", "date:<4294967295y"),
        // Order, limit, saved searches.
        ("sort:-quality limit:20 x", "x sort:-quality limit:20"),
        ("sort:heat", "sort:heat"),
        ("sort:-date", "sort:-date"),
        ("(sort:title x) y", "x y sort:title"),
        ("limit:0", "limit:0"),
        ("saved:morning", "saved:morning"),
        ("saved:ai -saved:all", "saved:ai -saved:all"),
        ("saved:deep rust OR saved:ai", "saved:deep rust OR saved:ai"),
        ("saved:morning sort:-quality limit:20", "saved:morning sort:-quality limit:20"),
        (
            "topic:\"diablo 4\" -video has:related sort:-heat limit:5",
            "topic:\"diablo 4\" -video has:related sort:-heat limit:5",
        ),
    ] {
        let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(query.to_string(), understood, "{text}");
        assert_eq!(parse(understood), Ok(query), "{understood} again");
    }
}

#[test]
fn rejected_queries_point_at_the_error() {
    for (text, start, end, what) in [
        ("topc:ai", 0, 4, "unknown field `topc` (did you mean `topic`?)"),
        ("x titel:y", 2, 7, "unknown field `titel` (did you mean `title`?)"),
        ("é title:x Topik:y", 10, 15, "unknown field `Topik` (did you mean `topic`?)"),
        ("Title:x", 0, 5, "unknown field `Title` (did you mean `title`?)"),
        ("provdr:x", 0, 6, "unknown field `provdr` (did you mean `provider`?)"),
        ("autor:x", 0, 5, "unknown field `autor` (did you mean `author`?)"),
        ("Authors:x", 0, 7, "unknown field `Authors` (did you mean `author`?)"),
        ("si:unread", 0, 2, "unknown field `si` (did you mean `is`?)"),
        ("Has:image", 0, 3, "unknown field `Has` (did you mean `has`?)"),
        ("hsa:image", 0, 3, "unknown field `hsa` (did you mean `has`?)"),
        ("titel:", 0, 5, "unknown field `titel` (did you mean `title`?)"),
        ("tags:rust", 0, 4, "unknown field `tags` (did you mean `tag`?)"),
        ("the body: a guide", 4, 8, "no value after `body:`: write `body:…`, or \"body:\" to search for the text"),
        ("x is:unred", 5, 10, "unknown word `unred` (did you mean `unread`?)"),
        ("+unraed", 0, 7, "unknown word `unraed` (did you mean `unread`?)"),
        ("has:images", 4, 10, "unknown word `images` (did you mean `image`?)"),
        (
            "is:",
            3,
            4,
            "a word is missing: unread, read, starred, hidden, new, changed, started, story, single, member, published, duplicate, warned",
        ),
        ("quality:high", 8, 12, "`high` is not a number: write 60, >=60 or 40..80"),
        ("quality:9..3", 8, 12, "9 is more than 3: write 3..9"),
        ("quality:..", 8, 10, "`..` is not a number: write 60, >=60 or 40..80"),
        ("quality:99999999999999999999", 8, 28, "`99999999999999999999` is not a number: write 60, >=60 or 40..80"),
        ("duration:long", 9, 13, "`long` is not a duration: write 30m, >=1h20m or 10m..1h"),
        ("duration:2h..1h", 9, 15, "the range ends before it starts"),
        ("duration:<0", 9, 11, "nothing is shorter than 0m"),
        ("date:2021-13", 5, 12, "`2021-13` is not a date: write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w"),
        (
            "date:2021-02-30",
            5,
            15,
            "`2021-02-30` is not a date: write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w",
        ),
        ("@soon", 1, 5, "`soon` is not a date: write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w"),
        ("@2021-03..2021-02", 1, 17, "the range ends before it starts"),
        ("@9999", 1, 5, "`9999` is not a date: write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w"),
        ("(a", 0, 2, "unclosed `(`"),
        ("a (b (c)", 2, 8, "unclosed `(`"),
        ("a)", 1, 2, "unmatched `)`"),
        ("\"a", 0, 1, "unclosed quote"),
        ("x title:\"a b", 8, 9, "unclosed quote"),
        ("\"  \"", 0, 4, "no words between the quotes"),
        ("NOT", 0, 3, "a term to exclude is missing here"),
        ("-)", 1, 2, "unmatched `)`"),
        ("title:", 6, 7, "a word is missing here"),
        ("title:a,", 8, 9, "a word is missing here"),
        ("#(a)", 1, 2, "a word is missing here"),
        ("*(x)", 0, 1, "letters are missing after `*`"),
        ("title:*\"\"", 7, 9, "no words between the quotes"),
        ("\u{301}", 0, 1, "these characters cannot be searched for"),
        ("sort:heit", 5, 9, "unknown sort key `heit` (did you mean `heat`?)"),
        (
            "sort:",
            5,
            6,
            "unknown sort key `` (valid: date, heat, quality, duration, title, provider, added, readat, score)",
        ),
        ("limit:many", 6, 10, "`many` is not a number of articles"),
        ("limit:-1", 6, 8, "`-1` is not a number of articles"),
        ("/a", 0, 1, "unclosed regex: write /…/"),
        ("//", 0, 2, "empty regex"),
        ("x /a(b/", 4, 5, "invalid regex: unclosed group"),
        ("/é[b/", 2, 3, "invalid regex: unclosed character class"),
        ("/a**{2/", 4, 6, "invalid regex: unclosed counted repetition"),
        ("/(?=a)/", 1, 4, "invalid regex: look-around, including look-ahead and look-behind, is not supported"),
        ("/a{1000}{1000}/", 0, 15, "regex too large"),
        (&"/a/ ".repeat(17), 64, 67, "more than 16 regexes in one query"),
        ("saved:mornin", 6, 12, "unknown saved search `mornin` (did you mean `morning`?)"),
        ("saved:", 6, 7, "the name of a saved search is missing here"),
        ("x saved:a", 8, 9, "`saved:a` refers to itself: a → b → a"),
        ("saved:broken", 6, 12, "in `saved:broken`, column 1: unknown field `topc` (did you mean `topic`?)"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.what.as_str(), error.span), (what, (start, end)), "{text}");
    }
    let none = Query::parse("saved:x").expect_err("none is saved");
    assert_eq!(none.what, "no search is saved yet, so no `x`: Ctrl-s in the search saves one");
    assert_eq!(unknown_name("topic", "x", std::iter::empty()), "unknown topic `x` (there are none)");
}

#[test]
fn queries_have_limits() {
    for text in ["(".repeat(4000), "-".repeat(4000) + "x", "NOT ".repeat(2000), "x".repeat(20_000), "((a)".repeat(1000)]
    {
        assert!(parse(&text).is_err(), "{}", &text[..10]);
    }
    // The printed form of a query is longer than its text, and still parses.
    let long = parse(&"#x|".repeat(1365)).expect("a query");
    assert_eq!(parse(&long.to_string()), Ok(long));
    // A printed query that could not be read again is too long, too: `a:bc` gets quotes.
    let quoted = |columns: usize| format!("a{}", ":bc".repeat(columns));
    assert_eq!(parse(&quoted(5460)).map(|query| query.to_string().len()), Ok(16_383));
    assert!(parse(&quoted(5461)).is_err() && parse(&"a|".repeat(3500)).is_err());
    // Ten searches that each name the next one twice would expand to 1,023.
    let searches = (0..12).map(|n| (format!("s{n}"), format!("saved:s{0} saved:s{0}", n + 1)));
    let bomb = SavedSearches::new(searches.chain([("s12".to_owned(), "x".to_owned())]));
    let error = Query::parse_with("saved:s0", &bomb).expect_err("too many");
    assert!(error.what.contains("more than 100 nested saved searches"), "{}", error.what);
}

#[test]
fn queries_without_a_filter_are_recognised() {
    for text in ["", " ", "()", "-", "->", "- =>", "sort:title", "saved:all", "(saved:all) saved:all", "a OR saved:all"]
    {
        assert!(parse(text).expect("a query").has_no_filter(), "{text}");
    }
    for text in ["a", "limit:3", "saved:morning", "saved:ai", "-saved:all", "saved:all a", "is:unread"] {
        assert!(!parse(text).expect("a query").has_no_filter(), "{text}");
    }
}

#[test]
fn a_saved_search_passes_on_its_order_and_limit() {
    let ordered = parse("saved:morning").expect("a query");
    assert_eq!((ordered.sort(), ordered.inherited.1), (Some(Sort { key: SortKey::Heat, descending: true }), Some(20)));
    assert!(!parse("saved:all").expect("a query").is_everything());
    let other = parse("saved:morning sort:title").expect("a query");
    assert_eq!(other.sort(), Some(Sort { key: SortKey::Title, descending: false }));
    for (text, sort) in [("rust", None), ("is:unread", Some(Sort::default())), ("-rust", Some(Sort::default()))] {
        assert_eq!(parse(text).expect("a query").sort(), sort, "{text}");
    }
    let newest = Sort::by(SortKey::Date);
    assert_eq!(parse("rust").expect("a query").sorted(newest).to_string(), "rust sort:-date");
    assert_eq!(parse("is:read sort:heat").expect("a query").sorted(newest).to_string(), "is:read");
    assert_eq!(parse("saved:morning").expect("a query").sorted(newest).to_string(), "saved:morning sort:-date");
    assert_eq!(parse("x saved:deep").expect("a query").sort(), ordered.sort(), "also through another");
}

#[test]
fn queries_are_edited_by_pickers_and_searches() {
    let query = Query::parse("rust sort:-heat").expect("a query");
    let picked = query.with_picked(Field::Topic, &["AI", "Machine Learning"]);
    assert_eq!(picked.to_string(), "rust topic:=\"ai\",=\"machine learning\" sort:-heat");
    assert_eq!(picked.picked(Field::Topic), ["ai", "machine learning"]);
    assert_eq!(picked.picked(Field::Provider), [""; 0]);
    assert_eq!(picked.with_picked(Field::Topic, &[]), query);
    let both = picked.with_picked(Field::Provider, &["IGN"]);
    assert_eq!(both.to_string(), "rust topic:=\"ai\",=\"machine learning\" provider:=\"ign\" sort:-heat");
    for (query, other, together) in [
        ("topic:ai rust -moon (a OR \"b\") sort:heat", "async", "topic:ai async sort:heat"),
        ("a OR b", "c", "c"),
        ("a OR title:b", "c", "(a OR title:b) c"),
        ("is:unread", "c OR d", "is:unread (c OR d)"),
        ("is:unread limit:3", "x sort:title limit:5", "is:unread x sort:title limit:5"),
        ("", "x", "x"),
        ("is:unread x", "", "is:unread"),
    ] {
        let query = Query::parse(query).expect("a query").without_words();
        let both = query.and(&Query::parse(other).expect("a query"));
        assert_eq!(both.to_string(), together, "{query} and {other}");
        assert_eq!(Query::parse(together), Ok(both));
    }
    for (query, state, wanted, among_unread) in [
        ("", None, "", false),
        ("rust", Some("unread"), "rust is:unread", true),
        ("is:unread rust sort:title", Some("starred"), "rust is:starred sort:title", false),
        ("-unread -read is:starred,read", None, "", false),
        ("is:story (a OR is:read)", Some("unread"), "is:story (a OR is:read) is:unread", true),
        ("is:hidden is:unread", None, "is:hidden", false),
    ] {
        let query = Query::parse(query).expect("a query").in_state(state.and_then(ArticleState::from_word));
        assert_eq!((query.to_string().as_str(), query.wants_unread()), (wanted, among_unread));
    }
    assert!(Query::parse("-read x").expect("a query").wants_unread());
    assert_eq!(Query::parse("is:read sort:-readat"), Ok(Query::recently_read(false)));
}

/// Texts that are often valid queries.
fn queries() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[a-zé:＃（-]{1,4}",
        Just("\"a b\"".to_owned()),
        Just("*x".to_owned()),
        Just("*\"(\"".to_owned()),
        Just("=unread".to_owned()),
        Just("/a|b/c".to_owned()),
        Just("/\\/é/".to_owned()),
        Just("*".to_owned()),
        "\\PC{1,3}",
    ];
    let regex = |text: &str| proptest::string::string_regex(text).expect("a regex");
    let number = regex("-?[0-9]{1,19}|[0-9]{0,3}\\.\\.[0-9]{0,3}|(>|<|>=|<=|=)-?[0-9]{1,19}");
    let day = "(20[0-9]{2}(-[01][0-9](-[0-3][0-9])?)?|today|yesterday|week|[0-9]{1,3}(min|h|d|w|mo|y))";
    let date = regex(&format!("{day}|(>|<|>=|<=|=){day}|({day})?\\.\\.({day})?"));
    let leaf = prop_oneof![
        4 => value.clone(),
        1 => regex("unread|read|starred|OR|AND|NOT|or"),
        2 => (regex("title|topic|body|url|provider"), value.clone(), value).prop_map(|(name, a, b)| format!("{name}:{a},{b}")),
        1 => (regex("duration"), regex("(>|>=|<=|=)?([1-9]|1h|2h30m|90s|1m59s)|5m..(1h)?|..1h1s"))
            .prop_map(|(name, value)| format!("{name}:{value}")),
        1 => (regex("quality|heat|words"), number).prop_map(|(name, number)| format!("{name}:{number}")),
        2 => (regex("date:|@|added:|readat:"), date).prop_map(|(name, date)| format!("{name}{date}")),
        1 => regex("is:unread,story|has:note|\\+starred|#ai|#\"b c\"|-?#[-=*]x|tag:(=\"a b\"|x,y|\\*z)|has:tag|saved:ai|saved:morning|https://x\\.org/\\(a"),
        1 => regex("sort:-?(heat|date)|limit:[0-9]"),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} | {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("NOT ({a} OR {b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_query_prints_as_itself(text in queries()) {
        if let Ok(query) = parse(&text) {
            let printed = query.to_string();
            prop_assert_eq!(parse(&printed), Ok(query), "{} printed {}", text, printed);
        }
    }

    #[test]
    fn any_text_is_a_query_or_an_error_that_points_into_it(text in "\\PC{0,40}|[ -~]{0,60}|[()|\"*/:,#@+<>=. a-]{0,40}") {
        match parse(&text) {
            Ok(query) => prop_assert_eq!(parse(&query.to_string()), Ok(query)),
            Err(error) => {
                prop_assert!(error.span.0 < error.span.1 && error.span.1 <= text.chars().count() + 1, "{:?}", error);
                prop_assert!(!error.what.is_empty());
            }
        }
    }
}

/// Parsing visits each part once and the length is limited, so the time for long, nasty queries is bounded.
#[test]
fn long_queries_parse_quickly() {
    for part in [
        "a ",
        "(a) ",
        "-a ",
        "a|",
        "\"a\" ",
        "*a ",
        "topic:a,",
        "@2w ",
        "é ",
        "/a/ ",
        "人",
        "\u{1b}[",
        "((((",
        "sort:heat ",
    ] {
        let text = part.repeat(4096 / part.len());
        if let Ok(query) = parse(&text) {
            assert!(query.to_string().len() <= 4 * text.len());
        }
    }
}

/// Recursion would overflow a small stack, and regexes that hang backtracking engines would hang here.
#[test]
fn deep_queries_and_hostile_regexes_need_little_stack_and_time() {
    let run = || {
        let deep = format!("{}a{}", "-(b OR ".repeat(15), ")".repeat(15));
        assert_eq!(parse(&deep).map(|query| query.to_string()).as_deref(), Ok(deep.as_str()));
        let text = format!("{}!", "a".repeat(50_000));
        let groups = format!("{}a{}", "(".repeat(45), ")".repeat(45));
        for source in [
            "(a+)+$",
            "(a|a)*b",
            "(a|aa)+$",
            "(.*a){12}x",
            "a*a*a*a*a*a*a*b",
            "(x+x+)+y",
            "([a-z]+)*1",
            ".*.*.*=.*",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "(?:a?){60}a{60}b",
            &groups,
            "[a-z]{50}x",
        ] {
            let hits = parse(&format!("/{source}/")).expect(source).highlighter();
            let _ = hits.ranges(Field::Body, &text);
        }
        for source in
            ["a{99999}", "(a{100}){100}{100}", &"(".repeat(60), "\\p{Nope}", "[z-a]", "(?<x>a)(?<x>b)", "(?z)a"]
        {
            assert!(parse(&format!("/{source}/")).is_err(), "{source}");
        }
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread").join().expect("no overflow");
}

#[test]
fn saved_searches_have_names_of_any_letters() {
    for name in ["my news", "a:b", "#x", "-y", "新聞 記事", "أخبار اليوم", "(a | b), c", "it's", "AND", "*"]
    {
        let saved = SavedSearches::new([
            (name.to_owned(), "is:unread".to_owned()),
            ("other".to_owned(), format!("x {}", saved_term(name))),
        ]);
        let query = Query::of_saved(name, &saved).expect(name);
        assert_eq!(query.as_saved(), Some(name));
        assert_eq!(Query::parse_with(&query.to_string(), &saved), Ok(query), "{name}");
        let other = Query::parse_with(&format!("a OR (-saved:other saved:\"{name}\")"), &saved).expect(name);
        assert_eq!(Query::parse_with(&other.to_string(), &saved), Ok(other.clone()), "{name}");
        assert!(other.uses_saved(name) && other.uses_saved("other") && !other.uses_saved("is"));
        assert!(!Query::of_saved("other", &saved).expect(name).uses_saved(name), "only what the query itself names");
    }
}

#[test]
fn wrong_names_of_saved_searches_are_errors() {
    let saved = SavedSearches::new(
        [("my news", "saved:\"your news\""), ("your news", "x -saved:\"my news\""), ("me", "saved:me")]
            .map(|(name, query)| (name.to_owned(), query.to_owned())),
    );
    for (text, start, end, what) in [
        ("saved:\"\"", 6, 8, "the name of a saved search is missing here"),
        ("saved:\"  \" x", 6, 10, "the name of a saved search is missing here"),
        ("saved:\"my news", 6, 7, "unclosed quote"),
        ("saved:\"my new\"", 6, 14, "unknown saved search `my new` (did you mean `my news`?)"),
        ("saved:\"My news\"", 6, 15, "unknown saved search `My news` (did you mean `my news`?)"),
        ("é saved:\"my news\"", 8, 17, "`saved:\"my news\"` refers to itself: my news → your news → my news"),
        ("saved:me", 6, 8, "`saved:me` refers to itself: me → me"),
    ] {
        let error = Query::parse_with(text, &saved).expect_err(text);
        assert_eq!((error.what.as_str(), error.span), (what, (start, end)), "{text}");
    }
}

#[test]
fn a_renamed_search_is_renamed_in_queries_and_nowhere_else() {
    let saved = SavedSearches::new(
        [("old", "x"), ("old news", "saved:old"), ("b", "saved:old")]
            .map(|(name, query)| (name.to_owned(), query.to_owned())),
    );
    let renamed = |text: &str, from: &str, to: &str| Query::text_with_renamed(text, (from, to), &saved);
    for (text, from, to, expected) in [
        ("saved:old", "old", "new", Some("saved:new")),
        ("-saved:\"old\"  OR (é saved:old)", "old", "my news", Some("-saved:\"my news\"  OR (é saved:\"my news\")")),
        ("saved:\"old news\" old \"saved:old\"", "old news", "new", Some("saved:new old \"saved:old\"")),
        ("saved:\"old news\" old", "old", "new", None),
        ("saved:b", "old", "new", None),
        ("saved:old (", "old", "new", None),
    ] {
        assert_eq!(renamed(text, from, to).as_deref(), expected, "{text}");
    }
}

#[test]
fn of_equal_names_the_last_one_wins() {
    let pairs = [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")];
    let saved = SavedSearches::new(pairs.map(|(name, query)| (name.to_owned(), query.to_owned())));
    assert_eq!(saved.iter().collect::<Vec<_>>(), [("b", "2"), ("a", "3"), ("c", "4")]);
    assert_eq!((saved.get("a"), saved.get("c"), saved.get("d"), saved.iter().count()), (Some("3"), Some("4"), None, 3));
    assert_eq!(saved.with("b", "5").get("b"), Some("5"));
}
