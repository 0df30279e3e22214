//! What overlays have in common: where they are, what they say if nothing matches, how they are closed, and help.

use std::path::PathBuf;
use std::sync::Arc;

use frontpage::app::{Context, Effect, Event, LinkList, PromptState, SessionInit, UserConfig};
use frontpage::feed::{Position, Problem};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus, Progress};
use frontpage::library::Library;
use frontpage::query::SavedSearches;
use frontpage::subscriptions::{FetchRecord, FetchRecords, RecordedProblem, SubscriptionsFile};
use frontpage::text::signs;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, user};
use crate::repository_files::sources_below;

/// Keys that open each overlay with typed text, and words of its rows.
const TYPED: [(&str, &str); 8] = [
    (":", "mark"),
    ("t", "china"),
    ("gp", "gazette"),
    ("U/", "timber"),
    ("T/", "dark"),
    ("gO/", "glue"),
    ("?/", "unread"),
    (":subscriptions<enter>/", "tides"),
];

fn articles() -> Folder {
    Folder::new()
        .file(
            "boats.md",
            "---\ntitle: Boats\ntopics: [China, Travel, Harbours of the North]\nprovider: Gazette\ndate: 2021-02-18\n---\n\
             # Wood\nSee the [timber list](https://example.org/timber), *the* [moon `5`](https://example.org/moon).\n\n\
             ## Glue once\nText, and a [**last** page](https://example.net/timber).\n",
        )
        .file("other.md", "---\ntitle: Other\ntopics: [China]\nprovider: Herald\ndate: 2021-02-17\n---\nText\n")
}

/// A reader of these articles with subscriptions, and no effects yet.
fn reader(folder: &Folder, (columns, rows): (u16, u16)) -> Reader {
    let list = "- https://tides.example/feed.xml\n- https://moon.example/rss\n";
    let file = SubscriptionsFile::parse(list, "".as_ref(), None);
    let user = UserConfig { subscriptions: Arc::new(file), ..user("") };
    let init = SessionInit { user, subscriptions_file: "subscriptions.yaml".into(), ..SessionInit::default() };
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::starting(init).reading(library).sized(columns, rows);
    reader.effects.clear();
    reader
}

/// The row of the typed text on the screen.
fn typed_row(reader: &Reader, typed: &str) -> usize {
    let text = reader.text();
    let row = text.lines().position(|line| line.contains(&format!(" › {typed}▏")));
    row.unwrap_or_else(|| panic!("no line with `{typed}`:\n{text}"))
}

#[test]
fn the_typed_text_stays_in_its_row_while_rows_come_and_go() {
    let folder = articles();
    for size in [(160, 45), (100, 30), (80, 24), (60, 20), (40, 12)] {
        for (keys, words) in TYPED {
            let mut reader = reader(&folder, size);
            reader.press(keys);
            let first = typed_row(&reader, "");
            let (mut typed, mut counts) = (String::new(), Vec::new());
            for letter in words.chars().chain("qqq".chars()) {
                reader.press(&letter.to_string());
                typed.push(letter);
                counts.push(reader.frame.overlay.lines);
                assert_eq!(typed_row(&reader, &typed), first, "{keys} {typed} {size:?}\n{}", reader.text());
            }
            assert!(counts[0] > 0 && counts.last() == Some(&0), "{keys}: the number of rows changes: {counts:?}");
            assert!(reader.text().contains(&format!("{typed}▏  No match")), "{keys}\n{}", reader.text());
            reader.press("<ctrl-u>");
            assert_eq!(typed_row(&reader, ""), first, "{keys} {size:?}");
        }
    }
}

#[test]
fn enter_says_that_nothing_matches_and_does_nothing_else() {
    let folder = articles();
    for (keys, _) in TYPED {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys).press("qqq");
        let (effects, query, context) =
            (reader.effects.len(), reader.app().query().to_string(), reader.app().context());
        reader.press("<enter>");
        let notice = reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default();
        assert!(["No match", "No command `qqq`"].contains(&notice.as_str()), "{keys}: {notice:?}");
        assert_eq!((reader.effects.len(), reader.app().context()), (effects, context), "{keys}");
        assert_eq!(reader.app().query().to_string(), query, "{keys}");
    }
}

#[test]
fn picked_names_are_beside_the_typed_text_and_are_cut_with_an_ellipsis() {
    let folder = articles();
    let mut reader = reader(&folder, (100, 30));
    let line = |reader: &Reader| {
        let text = reader.text();
        let line = text.lines().find(|line| line.contains('▏')).map(str::to_owned);
        line.unwrap_or_else(|| panic!("nothing is typed:\n{text}"))
    };
    reader.press("t<ctrl-space>trav<ctrl-space>");
    assert!(line(&reader).contains("› trav▏  2 picked: China, Travel"), "{}", line(&reader));
    reader.press("<ctrl-u>");
    assert!(line(&reader).contains("› ▏2 picked: China, Travel"), "{}", line(&reader));
    reader.press("of the");
    assert!(line(&reader).contains("› of the▏  2 picked: China, Travel"), "a blank is text: {}", line(&reader));
    reader.press("<ctrl-space>");
    assert!(
        line(&reader).contains("▏  3 picked: China, Travel, Harb") && line(&reader).contains('…'),
        "{}",
        line(&reader)
    );
    reader.press(" q");
    assert!(line(&reader).contains("› of the q▏  No match  3 picked: China"), "{}", line(&reader));
    reader.press(&"x".repeat(200));
    assert!(line(&reader).contains("› …x") && line(&reader).contains("x▏  No match"), "{}", line(&reader));
    assert_eq!(line(&reader).matches('┃').count(), 4, "the frames are whole: {}", line(&reader));
}

#[test]
fn ctrl_c_closes_what_is_typed_in() {
    let folder = articles();
    for (keys, _) in TYPED {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys).press("a<ctrl-c>");
        assert!(!reader.effects.contains(&Effect::Quit), "{keys}");
        assert!(![Context::Picker, Context::Palette].contains(&reader.app().context()), "{keys}");
    }
}

#[test]
fn nothing_can_be_picked_where_nothing_matches() {
    let folder = articles();
    for keys in ["t", "gp"] {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys);
        let hint = |reader: &Reader| reader.footer().contains("pick several");
        assert!(hint(&reader), "{keys}: {}", reader.footer());
        reader.press("no such row");
        assert!(!hint(&reader), "{keys}: {}", reader.footer());
        reader.press("<ctrl-space><ctrl-u>");
        assert!(hint(&reader) && !reader.text().contains("[x]"), "{keys}: {}", reader.text());
    }
}

#[test]
fn the_words_of_an_empty_prompt_end_with_a_whole_word_at_every_width() {
    let folder = articles();
    let tagged = "+wood<enter>";
    for keys in ["/", "F", "a", "+", "w<ctrl-u>", "|", "l/", ":subscribe<enter>", "/x<ctrl-s>", "-"] {
        let mut reader = reader(&folder, (200, 30));
        reader.press(&format!("{tagged}{keys}"));
        let line = |reader: &Reader| {
            let row = usize::from(reader.frame.cursor.expect("a cursor").y);
            reader.text().lines().nth(row).unwrap_or_default().trim_end().to_owned()
        };
        let whole = line(&reader);
        assert!(!whole.contains('…') || keys == "/", "{keys}: {whole}");
        for columns in (40..120).step_by(3) {
            reader.resize(columns, 20);
            reader.look();
            let shown = line(&reader);
            let begins = |kept: &str| whole.strip_prefix(kept).is_some_and(|rest| rest.starts_with([' ', '…']));
            let is_cut_at_word = shown.strip_suffix(" …").is_some_and(begins);
            assert!(shown == whole || is_cut_at_word, "{keys} at {columns}: {shown}");
        }
    }
}

#[test]
fn an_empty_prompt_says_which_tag_enter_removes_also_on_a_low_screen() {
    let folder = articles();
    let mut reader = reader(&folder, (40, 12));
    reader.press("+wood<enter>-");
    assert!(reader.text().contains("Enter removes +wood"), "{}", reader.text());
    reader.press("<enter>");
    assert!(reader.text().contains("Untagged +wood"), "{}", reader.text());
}

#[test]
fn a_colon_opens_the_palette_over_every_list() {
    let folder = articles();
    for (keys, context) in [
        ("?", Context::Help),
        ("S", Context::Overlay),
        ("T", Context::Overlay),
        ("U", Context::Links),
        ("i", Context::Insights),
        (":subscriptions<enter>", Context::Subscriptions),
    ] {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys);
        assert_eq!(reader.app().context(), context, "{keys}");
        reader.press(":");
        assert_eq!(reader.app().context(), Context::Palette, "{keys}");
        reader.press("star<enter>");
        let id = reader.app().article().expect("an article").id;
        assert!(reader.app().marks().is_starred(id), "{keys}");
        assert_eq!(reader.app().context(), context, "the list is open as before: {keys}");
    }
}

/// The text of the open prompt.
fn prompt(reader: &Reader) -> Option<String> {
    reader.app().overlays().top_as::<PromptState>().map(|prompt| prompt.input.text().to_owned())
}

#[test]
fn up_brings_back_the_text_of_a_prompt_that_ctrl_c_closed() {
    let folder = articles();
    for (opens, size) in
        [("/", (100, 30)), ("c<ctrl-l>F", (100, 30)), ("<enter>/", (100, 30)), ("a", (100, 30)), ("B/", (160, 45))]
    {
        let mut reader = reader(&folder, size);
        reader.press(opens).press("half a thought<ctrl-c>");
        assert_eq!((prompt(&reader), reader.effects.contains(&Effect::Quit)), (None, false), "{opens}");
        let again = if opens.contains('<') && opens.contains('/') || opens == "B/" { "/" } else { opens };
        reader.press(again);
        let before = prompt(&reader);
        assert!(before.is_some() && before.as_deref() != Some("half a thought"), "{opens}: {before:?}");
        reader.press("<up>");
        assert_eq!(prompt(&reader).as_deref(), Some("half a thought"), "{opens}");
        reader.press("<down>");
        assert_eq!(prompt(&reader), before, "{opens}");
    }
}

#[test]
fn links_are_narrowed_by_name_and_address() {
    let folder = articles();
    let mut reader = reader(&folder, (100, 30));
    let shown = |reader: &Reader| -> Vec<String> {
        let list = reader.app().overlays().top_as::<LinkList>().expect("the links");
        (0..list.count()).filter_map(|row| Some(list.link(row)?.named.name.to_string())).collect()
    };
    reader.press("U");
    assert_eq!(shown(&reader), ["timber list", "moon 5", "last page"], "names are without Markdown");
    assert!(reader.text().contains("1 [1] timber list"), "{}", reader.text());
    reader.press("/");
    assert!(
        reader.text().contains("part of a name or an address") && !reader.text().contains("1 [1]"),
        "no letter opens"
    );
    for (typed, names) in [
        ("timber", &["timber list", "last page"][..]),
        ("TIMBER net", &["last page"]),
        ("moon 5", &["moon 5"]),
        ("**", &[]),
    ] {
        reader.press("<ctrl-u>").press(typed);
        assert_eq!(shown(&reader), names, "{typed}");
    }
    reader.press("<ctrl-u>timber<down><enter>");
    let opened: Vec<&Effect> = reader.effects.iter().filter(|effect| matches!(effect, Effect::OpenLink(_))).collect();
    assert!(
        matches!(&opened[..], [Effect::OpenLink(address)] if address.as_str() == "https://example.net/timber"),
        "{opened:?}"
    );
    reader.press("U/moon<esc>");
    assert_eq!(shown(&reader).len(), 3, "Esc takes the text away first");
    assert_eq!(
        reader.app().overlays().top_as::<LinkList>().and_then(|list| list.rows.selected()),
        Some(1),
        "its link stays"
    );
    reader.press("<esc>");
    assert!(reader.app().overlay().is_none());
}

#[test]
fn help_begins_with_the_keys_of_the_present_context_and_leads_back_to_it() {
    let folder = articles();
    for (keys, heading, context) in [
        ("", "List", Context::List),
        ("<enter>", "Article", Context::Detail),
        ("U", "Links", Context::Links),
        ("S", "Other lists", Context::Overlay),
        ("i", "Charts", Context::Insights),
        (":subscriptions<enter>", "Subscriptions", Context::Subscriptions),
        ("t", "Pickers, and lists while text is typed", Context::Picker),
        ("/moon", "Prompts", Context::Prompt),
        (":star", "Commands", Context::Palette),
    ] {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys);
        let before = reader.text();
        let is_typed = [Context::Picker, Context::Prompt, Context::Palette].contains(&context);
        for key in ["?", "<f1>"].into_iter().skip(usize::from(is_typed)) {
            assert_eq!(reader.app().context(), context, "{keys}");
            reader.press(key);
            assert_eq!(reader.app().context(), Context::Help, "{keys} {key}\n{}", reader.text());
            let help = reader.text();
            let first = help.lines().skip_while(|line| !line.contains(" searches · ")).nth(1).unwrap_or_default();
            assert!(first.contains(&format!("┃ {heading} · ")), "{keys}\n{help}");
            reader.press("/undo<esc>");
            assert_eq!(reader.text(), help, "the search in help keeps its context");
            reader.press("<esc>");
            assert_eq!(reader.text(), before, "{keys} {key}");
        }
    }
}

#[test]
fn help_has_the_keys_at_the_left() {
    let folder = articles();
    for (size, row) in [
        ((100, 30), "  Space              read-on                page down; at the end"),
        ((60, 20), "  Space          page down; at the end: mark"),
    ] {
        let mut reader = reader(&folder, size);
        reader.press("?");
        assert!(reader.text().contains(row), "{}", reader.text());
    }
}

#[test]
fn help_explains_the_signs_and_shows_queries_that_can_be_run() {
    let folder = articles();
    let mut reader = reader(&folder, (100, 30));
    reader.press("?/signs");
    for sign in [signs::UNREAD, signs::STARRED, signs::HIDDEN, signs::NOTE, signs::RELATED_READ, signs::STARTED] {
        let line = reader.text().lines().find(|line| line.contains(sign.meaning)).map(str::to_owned);
        assert!(line.is_some_and(|line| line.contains(sign.sign)), "{sign:?}\n{}", reader.text());
    }
    // Signs that do not fit on the screen are reached by keys, and Enter does nothing there.
    assert!(!reader.text().contains("No match"), "{}", reader.text());
    reader.press("<esc>");
    let last = signs::ALL[signs::ALL.len() - 1];
    assert!(!reader.press("/signs<enter>").text().contains(last.meaning), "{}", reader.text());
    reader.press("<down>".repeat(signs::ALL.len()).as_str());
    assert!(reader.text().contains(last.meaning), "{}", reader.text());
    assert_eq!(reader.app().context(), Context::Palette);
    reader.press("<esc>G");
    assert!(reader.text().contains("is:starred sort:-added limit:20"), "{}", reader.text());
    reader.press("/queries state<enter>");
    assert_eq!(reader.app().query().to_string(), "is:unread");
    let mut ascii = Reader::of_news_with("ascii: true\n").sized(100, 40);
    ascii.press("?/signs");
    let unread = ascii.text().lines().find(|line| line.contains(signs::UNREAD.meaning)).map(str::to_owned);
    assert!(unread.is_some_and(|line| line.contains(" o ") && !line.contains('●')), "{}", ascii.text());
}

/// An article with every sign of bodies, one that links to it, and one that cannot be read.
fn folder_of_signs() -> Folder {
    let body = "> Quoted\n\n> [!NOTE]\n> a\n\n> [!TIP]\n> b\n\n> [!WARNING]\n> c\n\n> [!CAUTION]\n> d\n\n\
                - [ ] open\n- [x] done\n\n```\n";
    let code = "long ".repeat(60);
    let links = "[other](b.md) [page](https://example.org/page) ![A talk](talk.mp4)";
    let long = "Words of an article that was begun.\n\n".repeat(90);
    Folder::new()
        .file("a.md", format!("---\ntitle: Signs\ndate: 2021-02-19\n---\n{body}{code}\n```\n\n{links}\n\n{long}"))
        .file("b.md", format!("---\ntitle: Other\ndate: 2021-02-18\n---\n[back](a.md)\n\n{long}"))
        .file("notes/c.md", "---\ntitle: Deep\ndate: 2021-02-17\n---\nText\n")
        .file("notes/below/d.md", "---\ntitle: Deeper\ndate: 2021-02-16\n---\nText\n")
        .file("broken.md", "---\ntitle: [\n---\n")
}

#[test]
fn signs_of_help_are_on_the_screen() {
    let mut screens = String::new();
    let mut look = |reader: &mut Reader, keys: &[&str]| {
        for keys in keys {
            screens += &reader.press(keys).text();
        }
    };
    let mut news = Reader::of_folded_news().sized(160, 45);
    look(&mut news, &["", "x", "jsjDja", "note<enter>vj", "<esc>GJJ", "gg<enter>l", "hh:query is:hidden<enter>", "ci"]);
    let folder = folder_of_signs();
    let mut reader = reader(&folder, (160, 45));
    let key = reader.app().subscriptions().rows().next().expect("a row").key;
    let problem = RecordedProblem { what: "no answer".into(), remedy: "wait".into(), is_failure: true };
    let record = FetchRecord { failures: 4, problem: Some(problem), ..FetchRecord::default() };
    let records = FetchRecords { records: [(key, record)].into(), ..FetchRecords::default() };
    for (kind, status) in [
        (JobKind::Records, JobStatus::Answer(Answer::Records(records))),
        (JobKind::Sync, JobStatus::Started),
        (JobKind::Sync, JobStatus::Progress(Progress::of(1, 2))),
    ] {
        reader.receive(Event::Job(JobReport { job: JobId::EXPECTED, kind, status }));
    }
    // The second article is begun, and the first is read.
    look(
        &mut reader,
        &["", "j<enter><ctrl-f><ctrl-f>", "hk<enter>", "U", "<esc><ctrl-f>", ":wrap-code<enter>gg", "3)", "99)", "h"],
    );
    for sign in signs::ALL {
        assert!(screens.contains(sign.sign), "{sign:?}\n{screens}");
    }
}

#[test]
fn help_explains_every_sign_that_the_code_of_the_screen_draws() {
    // Punctuation, frames, the levels of charts, and the halves of cells that are the pixels of pictures.
    const OTHERS: &str = "…·—“”×─┼━▀▁▂▃▄▅▆▇▉▊▋▍▎▏░";
    // Bodies have signs of two kinds: arrows, and shapes. Other signs in their code are letters of articles.
    let is_of_bodies = |c| matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{27bf}');
    let any = |c: char| !c.is_ascii() && !c.is_alphabetic();
    let drawn = sources_below(&["src/ui", "src/markdown", "src/app", "src/text/progress_bar.rs"]);
    let made = sources_below(&["src/feed", "src/html"]);
    // Tables of what authors write.
    let is_table = |path: &PathBuf| ["emoji.rs", "math.rs", "clean.rs"].iter().any(|name| path.ends_with(name));
    let made = made.into_iter().filter(|path| !is_table(path));
    let mut found = 0;
    for (path, is_of_body) in drawn.into_iter().map(|path| (path, false)).chain(made.map(|path| (path, true))) {
        let source = std::fs::read_to_string(&path).expect("a source file");
        let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs");
        for (line, c) in code.filter(|_| !is_test).flat_map(|line| line.chars().map(move |c| (line, c))) {
            if OTHERS.contains(c) || !(if is_of_body { is_of_bodies(c) } else { any(c) }) {
                continue;
            }
            found += 1;
            assert!(signs::ALL.iter().any(|sign| sign.sign.contains(c)), "{c} in {}: {line}", path.display());
        }
    }
    assert!(found > 10, "{found} signs in the code");
}

#[test]
fn help_in_a_list_leaves_out_the_keys_that_do_nothing_there() {
    for (keys, there, elsewhere) in [
        ("P", &["move down", "in $EDITOR"][..], &["rename a saved search", "pin a saved search"][..]),
        ("f", &["rename a saved search", "pin a saved search", "in $EDITOR"], &[]),
        ("S", &["move down"], &["rename a saved search", "in $EDITOR"]),
        ("U", &["move down"], &["go to that percentage"]),
    ] {
        let folder = folder_of_signs();
        let mut reader = reader(&folder, (160, 90));
        reader.save_searches(SavedSearches::new([("moon".to_owned(), "moon".to_owned())]));
        reader.press(keys).press("?");
        let text = reader.text();
        let is_here = |line: &&str| line.trim_matches(|c: char| !c.is_alphanumeric()) != "List";
        let first = text.lines().take_while(is_here).collect::<Vec<_>>().join("\n");
        assert!(there.iter().all(|words| first.contains(words)), "{keys}: {there:?}\n{first}");
        assert!(!elsewhere.iter().any(|words| first.contains(words)), "{keys}: {elsewhere:?}\n{first}");
    }
}

#[test]
fn the_selected_problem_is_shown_whole_and_its_file_is_edited_at_its_line() {
    let problem = |path: &str, line: u32, what: &str| Problem {
        path: path.into(),
        ..Problem::error(Some(Position { line, column: 2 }), what, "write it in another way, until the very END")
    };
    let long = "a word that goes on ".repeat(12) + "LAST";
    let problems =
        vec![problem("short.md", 3, "short"), problem(&format!("{}/long.md", "folder/".repeat(12)), 7, &long)];
    for size in [(160, 45), (100, 30), (80, 24), (60, 20)] {
        let mut reader = Reader::of_news().sized(size.0, size.1);
        let feed = reader.app().loaded_feed().feed().clone();
        reader.receive(Event::FeedLoaded { feed, problems: problems.clone(), complete: true });
        reader.press("Pj");
        let text = reader.text();
        for word in ["LAST", "END", "long.md"] {
            assert!(text.contains(word), "{size:?}: {word}\n{text}");
        }
        let first = text.lines().position(|line| line.contains("short.md"));
        reader.press("k");
        assert_eq!(
            reader.text().lines().position(|line| line.contains("short.md")),
            first,
            "{size:?}: the list does not move"
        );
        for key in ["e", "<enter>"] {
            reader.press("<esc>Pj").effects.clear();
            reader.press(key);
            let edits =
                |effect: &Effect| matches!(effect, Effect::EditFile { path, line: 7 } if path.ends_with("long.md"));
            assert!(reader.effects.iter().any(edits), "{key}: {:?}", reader.effects);
        }
    }
}

#[test]
fn the_footer_says_what_enter_does() {
    let folder = articles();
    for (keys, hint) in [
        ("", "l open"),
        ("/", "Enter keep"),
        ("a", "Enter save"),
        ("t", "Enter list"),
        ("U", "Enter open"),
        ("U/", "Enter open"),
        ("T", "Enter use"),
        ("S", "Enter sort"),
        ("gO", "Enter go"),
        (":", "Enter run"),
        ("?", "Enter run"),
        ("i", "Enter list"),
    ] {
        let mut reader = reader(&folder, (100, 30));
        reader.press(keys);
        assert!(reader.footer().contains(hint), "{keys}: {hint}\n{}", reader.footer());
        let esc = if ["", "U", "T", "S", "gO", "?", "i"].contains(&keys) { "close" } else { "cancel" };
        assert!(keys.is_empty() || reader.footer().contains(&format!("Esc {esc}")), "{keys}\n{}", reader.footer());
    }
}

#[test]
fn an_empty_folder_has_no_hints_for_keys_that_do_nothing() {
    let folder = Folder::new();
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.look();
    for hint in ["Space on", "r read+next", "s star", "o browser", "/ search", "S sort", "t topics", "l open"] {
        assert!(!reader.footer().contains(hint), "{hint}\n{}", reader.footer());
    }
    assert!(reader.footer().contains(": commands") && reader.footer().contains("? help"), "{}", reader.footer());
    assert!(reader.text().contains(":welcome lists other sources"), "{}", reader.text());
    reader.press(":welcome<enter>");
    assert!(reader.text().contains("There are no articles here yet"), "{}", reader.text());
    assert!(!reader.text().contains("built-in"), "{}", reader.text());
    let mut full = Reader::of_news();
    full.press("/nothing-like-it<enter>");
    assert!(full.footer().contains("/ search") && !full.footer().contains("s star"), "{}", full.footer());
    full.press("c:welcome<enter>");
    assert!(full.text().contains("Articles can come from:"), "{}", full.text());
}
