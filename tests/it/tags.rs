//! Tags of the user's own: keys, the prompt, queries, rules, the navigation pane, the command line, other devices and identities.

use std::path::PathBuf;

use frontpage::app::{Context, Event, SessionInit, UserConfig};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks, Tag, tags};
use frontpage::library::Library;
use frontpage::library::marks_log;
use frontpage::query::{Query, RuleAction, Rules};

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now, user};

const NEWS: &str = "tests/fixtures/news";

/// Articles 1 to `count`, the first the newest; all have the topic Sea.
fn numbered(count: usize) -> Folder {
    let article = |folder: Folder, n: usize| {
        let date = (now() - chrono::TimeDelta::hours(n as i64)).format("%Y-%m-%dT%H:%M:%SZ");
        let link = format!("https://example.org/{n}");
        let text = format!("---\ntitle: Article {n}\ndate: {date}\nlink: {link}\ntopics: [Sea]\n---\nBody of {n}.\n");
        folder.file(&format!("{n:03}.md"), text)
    };
    (1..=count).fold(Folder::new(), article)
}

fn tag(name: &str) -> Tag {
    Tag::parse(name).expect("a name")
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

/// The tags of each row.
fn tagged(reader: &Reader) -> Vec<String> {
    let app = reader.app();
    let names = |index: usize| {
        let id = app.feed().get(index).expect("an article").id;
        let names: Vec<String> = tags::of(app.marks(), id).iter().map(|tag| tag.shown().to_string()).collect();
        names.join("|")
    };
    app.list().rows().iter().map(names).collect()
}

/// Changes of another instance, made this many minutes from now.
fn elsewhere(reader: &mut Reader, changes: Vec<(i64, Mark, Vec<ArticleId>)>) {
    let mut marks = Marks::default();
    for (minutes, mark, articles) in changes {
        let stamp = HybridClock::new(DeviceId(9)).tick(now() + chrono::TimeDelta::minutes(minutes));
        marks.apply(&Change { stamp, mark, articles });
    }
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
}

#[test]
fn keys_add_and_remove_several_tags() {
    let folder = numbered(3);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("+");
    assert_eq!(reader.app().context(), Context::Prompt);
    reader.press("To Read<enter>");
    assert_eq!((notice(&reader), tagged(&reader)[0].as_str()), ("Tagged +To Read".to_owned(), "To Read"));
    reader.press("+ärger<enter>");
    assert_eq!(tagged(&reader), ["To Read|ärger", "", ""]);
    // A tag in use is completed, and spelt as it is in use.
    reader.press("j+to<tab><enter>j+to read<enter>");
    assert_eq!(tagged(&reader), ["To Read|ärger", "To Read", "To Read"]);
    reader.press("+TO READ<enter>");
    assert_eq!(notice(&reader), "Already tagged with it");
    // One tag is removed without typing, one of several by a part of its name.
    reader.press("-<enter>");
    assert_eq!((notice(&reader), tagged(&reader)[2].as_str()), ("Untagged +To Read".to_owned(), ""));
    reader.press("-");
    assert!(reader.text().contains("no tags to remove here"), "{}", reader.text());
    reader.press("u<enter>");
    assert_eq!(reader.app().context(), Context::Prompt, "what is typed does not run as commands");
    assert!(reader.text().contains("no tags to remove here"), "{}", reader.text());
    reader.press("<esc>");
    assert_eq!(tagged(&reader), ["To Read|ärger", "To Read", ""]);
    reader.press("gg-rea<enter>");
    assert_eq!(tagged(&reader), ["ärger", "To Read", ""]);
    // What no article here has is refused where it was typed.
    reader.press("+x y<enter>-zzz<enter>");
    assert_eq!(reader.app().context(), Context::Prompt);
    assert!(reader.text().contains("unknown tag `zzz`"), "{}", reader.text());
    reader.press("<esc>");
    assert_eq!(tagged(&reader)[0], "x y|ärger");
    // Nothing typed is nothing to do.
    let changes = reader.changes.len();
    reader.press("+<enter>+  <enter>");
    assert_eq!((reader.changes.len(), reader.app().context()), (changes, Context::List));
    reader.press("+").paste(&"x".repeat(500));
    reader.press("<enter>");
    assert!(reader.text().contains("at most 100 characters"), "{}", reader.text());
}

#[test]
fn tags_are_undone_and_redone_and_apply_to_ranges() {
    let folder = numbered(5);
    let mut reader = Reader::of_folder(folder.path());
    let mut states = vec![tagged(&reader)];
    for keys in ["+a<enter>", "jvj+b c<enter>", "ggvG+a<enter>", "ggvG-b c<enter>", "-a<enter>", "+b c<enter>"] {
        reader.press(keys);
        states.push(tagged(&reader));
    }
    assert!(states.windows(2).all(|pair| pair[0] != pair[1]), "{states:?}");
    assert!(reader.app().list().range_rows().is_empty());
    reader.press("u");
    assert_eq!((notice(&reader), tagged(&reader)), ("Undone: tagged +b c · Article 5".to_owned(), states[5].clone()));
    for state in states.iter().rev().skip(2) {
        reader.press("u");
        assert_eq!(tagged(&reader), *state);
    }
    for state in &states[1..6] {
        reader.press("<ctrl-r>");
        assert_eq!(tagged(&reader), *state);
    }
    // A tag of another device stays; another tag of the article does not matter.
    let id = reader.app().article().expect("an article").id;
    elsewhere(&mut reader, Vec::new());
    reader.press("+here<enter>");
    elsewhere(&mut reader, vec![(1, Mark::Tagged(tag("there"), true), vec![id])]);
    reader.press("u");
    assert!(notice(&reader).starts_with("Undone: tagged +here"), "{}", notice(&reader));
    reader.press("+here<enter>");
    elsewhere(&mut reader, vec![(9, Mark::Tagged(tag("HERE"), true), vec![id])]);
    reader.press("u");
    assert!(notice(&reader).contains("changed elsewhere since"), "{}", notice(&reader));
    assert!(tags::has(reader.app().marks(), id, "here"));
}

#[test]
fn the_prompt_lists_the_tags_that_match() {
    let folder = numbered(4);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("+later<enter>j+far later<enter>j+to read<enter>j+");
    assert!(reader.text().contains("far later · later · to read"), "{}", reader.text());
    reader.press("la");
    assert!(reader.text().contains(" later · far later") && !reader.text().contains("· to read"), "{}", reader.text());
    reader.press("xyz");
    assert!(reader.text().contains("a new tag"), "{}", reader.text());
    // Another article is selected by what arrives; the tag is still for the one on which the key was pressed.
    reader.press("<ctrl-u>new");
    let id = reader.app().article().expect("an article").id;
    elsewhere(&mut reader, vec![(0, Mark::Hidden(true), vec![id])]);
    reader.press("<enter>");
    assert!(tags::has(reader.app().marks(), id, "new"));
}

#[test]
fn queries_find_tags_topics_and_both() {
    let folder = numbered(4).file("005.md", "---\ntitle: Topical\ndate: 2021-02-01\ntopics: [Later]\n---\n");
    let mut reader = Reader::of_folder(folder.path());
    reader.press("+Later<enter>j+sooner or later<enter>j+Café<enter>");
    for (query, found) in [
        ("tag:later", vec!["Article 1", "Article 2"]),
        ("tag:=later", vec!["Article 1"]),
        ("tag:cafe,=later", vec!["Article 1", "Article 3"]),
        ("topic:later", vec!["Topical"]),
        ("#later", vec!["Article 1", "Article 2", "Topical"]),
        ("#\"later\"", vec!["Article 1", "Topical"]),
        ("tag:/^so/", vec!["Article 2"]),
        ("tag:/Caf/c", vec!["Article 3"]),
        ("tag:*ter", vec!["Article 1", "Article 2"]),
        ("has:tag", vec!["Article 1", "Article 2", "Article 3"]),
        ("tag:* -tag:later", vec!["Article 3"]),
        ("-has:tag", vec!["Article 4", "Topical"]),
        ("later", vec!["Topical"]),
    ] {
        reader.press("F<ctrl-u>").paste(query);
        reader.press("<enter>");
        assert_eq!(reader.titles(), found, "{query}");
    }
    // Names of tags are completed.
    reader.press("F<ctrl-u>tag:so<tab>");
    assert!(reader.text().contains("tag:\"sooner or later\""), "{}", reader.text());
    reader.press("<ctrl-u>#caf<tab><enter>");
    assert_eq!((reader.app().query().to_string().as_str(), reader.titles()), ("#cafe", vec!["Article 3".to_owned()]));
}

#[test]
fn tags_differ_from_topics_by_their_sign_and_can_be_clicked() {
    let folder = numbered(3);
    let mut reader = Reader::of_folder(folder.path()).sized(160, 45);
    reader.press("+to read<enter>");
    assert!(reader.text().contains("#Sea +to read"), "{}", reader.text());
    assert!(reader.text().contains("▸●+ Article 1") && reader.text().contains(" ●  Article 2"), "{}", reader.text());
    // What the article has already is not offered.
    reader.press("+x<enter>+");
    assert!(reader.text().contains(" a new tag"), "{}", reader.text());
    reader.press("<esc>-x<enter>");
    let at = reader.cell_of("+to read");
    reader.click(at);
    assert_eq!(reader.app().query().to_string(), "tag:=\"to read\"");
    assert!(reader.text().contains("+to read"), "the filter in the title has the sign: {}", reader.text());
    // Rows of two lines name them too.
    let mut reader = Reader::with_settings("density: comfortable")
        .reading(Library::Paths(vec![folder.path().to_owned()]))
        .sized(160, 45);
    reader.press("+to read<enter>");
    assert!(reader.text().contains("#Sea · +to read"), "{}", reader.text());
}

#[test]
fn the_navigation_pane_has_the_tags_with_their_unread_articles() {
    let folder = numbered(30);
    let mut reader = Reader::of_folder(folder.path()).sized(160, 60);
    let entries = |reader: &Reader| -> Vec<(String, usize)> {
        let navigation = reader.app().panes().navigation();
        let section = navigation.entries().iter().skip_while(|entry| entry.label.as_str() != "Tags").skip(1);
        let own = section.take_while(|entry| entry.depth > 0);
        own.map(|entry| (entry.label.to_string(), navigation.unread(entry.kind).unwrap_or_default())).collect()
    };
    let of =
        |pairs: &[(&str, usize)]| pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(entries(&reader), []);
    assert!(!reader.text().contains("Tags"), "a section without entries is not there");
    reader.press("vjj+to read<enter>gg+Art<enter>");
    assert_eq!(entries(&reader), of(&[("Art", 1), ("to read", 3)]), "by name, not by number");
    reader.press("m");
    assert_eq!(entries(&reader), of(&[("Art", 0), ("to read", 2)]));
    // Another spelling is the same tag.
    reader.press("GD").press("k");
    let id = reader.app().article().expect("an article").id;
    elsewhere(&mut reader, vec![(5, Mark::Tagged(tag("TO READ"), true), vec![id])]);
    assert_eq!(entries(&reader).len(), 2);
    assert_eq!(entries(&reader)[1].1, 3);
    // Enter lists the articles of a tag, A marks them read, the last tag removed removes the entry.
    reader.press("gg");
    select(&mut reader, "Art");
    reader.press("<enter>");
    assert_eq!((reader.app().query().to_string().as_str(), reader.titles().len()), ("tag:=\"art\"", 1));
    assert!(reader.text().contains("│• Art"), "{}", reader.text());
    reader.press("-art<enter>");
    assert_eq!(entries(&reader).len(), 1);
    reader.press("c");
    select(&mut reader, "to read");
    reader.press("A");
    assert_eq!((entries(&reader)[0].1, notice(&reader).as_str()), (0, "3 marked read"));
    reader.press("n");
    assert_ne!(reader.app().focus(), frontpage::app::Focus::List, "the pane keeps the focus");
}

/// Selects an entry of the navigation pane, from the list.
fn select(reader: &mut Reader, label: &str) {
    reader.press("hgg");
    let entries = reader.app().panes().navigation().entries();
    let row = entries.iter().position(|entry| entry.label.as_str().eq_ignore_ascii_case(label)).expect(label);
    for _ in 0..row {
        reader.press("j");
    }
}

#[test]
fn the_picker_lists_the_tags_of_the_list_with_their_counts() {
    let folder = numbered(4);
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("gt");
    assert!(notice(&reader).contains("No tags yet"), "{}", notice(&reader));
    reader.press("+Far away<enter>j+far away<enter>+it's<enter>mj+other<enter>");
    reader.press("gt");
    let screen = reader.text();
    assert!(screen.contains("Tags: unread / all"), "{screen}");
    let row = |name: &str| screen.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(row("[ ] Far away").contains("1 / 2") && row("[ ] it's").contains("0 / 1"), "{screen}");
    // Enter takes the first one; in its list, only the tags of its articles are counted.
    reader.press("<enter>");
    assert_eq!((reader.app().query().to_string().as_str(), tagged(&reader).len()), ("tag:=\"far away\"", 2));
    reader.press("c:topic sea<enter>t<tab>");
    assert!(reader.text().contains("Providers: unread / all"), "{}", reader.text());
    reader.press("<tab>");
    assert!(reader.text().contains("Tags: unread / all"), "{}", reader.text());
    reader.press("<tab>");
    assert!(reader.text().contains("Topics: unread / all"), "{}", reader.text());
    reader.press("<esc>c:tags other<enter>");
    assert_eq!(tagged(&reader), ["other"]);
    reader.press("c:tags none<enter>");
    assert!(notice(&reader).contains("Unknown tag `none`"), "{}", notice(&reader));
}

#[test]
fn the_insights_have_a_chart_of_tags_if_there_are_tags() {
    let folder = numbered(4);
    let mut reader = Reader::of_folder(folder.path()).sized(120, 30);
    reader.press("i");
    assert!(!reader.text().contains("Tags"), "{}", reader.text());
    reader.press("<tab><tab><tab>");
    assert!(reader.text().contains("[Reading]"), "{}", reader.text());
    reader.press("<esc>+Far away<enter>j+far away<enter>i<tab>");
    assert!(reader.text().contains(" Tags ") && reader.text().contains("[Articles]"), "{}", reader.text());
    reader.press("<shift-tab><shift-tab>");
    let screen = reader.text();
    assert!(screen.contains("[Tags]") && screen.contains("1 tag, by count") && screen.contains("(no tag)"), "{screen}");
    let row = screen.lines().find(|line| line.contains("▸ Far away")).unwrap_or_default();
    assert!(row.contains(" 2 "), "{screen}");
    reader.press("<enter>");
    assert_eq!((reader.app().query().to_string().as_str(), tagged(&reader).len()), ("tag:=\"far away\"", 2));
}

#[test]
fn commands_of_the_palette_take_a_name() {
    let folder = numbered(2);
    let mut reader = Reader::of_folder(folder.path());
    reader.press(":tag far away<enter>");
    assert_eq!(
        (notice(&reader), tagged(&reader)),
        ("Tagged +far away".to_owned(), vec!["far away".to_owned(), String::new()])
    );
    reader.press(":untag nothing<enter>");
    assert!(notice(&reader).starts_with("Unknown tag `nothing`"), "{}", notice(&reader));
    reader.press(":untag far away<enter>");
    assert_eq!(tagged(&reader), ["", ""]);
    reader.press(":untag far away<enter>");
    assert_eq!(notice(&reader), "No tags to remove here");
}

#[test]
fn rules_tag_and_the_user_wins() {
    let folder = numbered(3);
    let query = Query::parse("title:2,3").expect("a query");
    let rules = Rules::new(vec![query.rule(vec![RuleAction::Tag("By Rule".to_owned()), RuleAction::Star])]);
    let init = SessionInit { user: UserConfig { rules, ..user("") }, ..SessionInit::default() };
    let mut reader = Reader::starting(init).reading(Library::Paths(vec![folder.path().to_owned()]));
    elsewhere(&mut reader, Vec::new());
    assert_eq!(tagged(&reader), ["", "By Rule", "By Rule"]);
    assert!(reader.changes.iter().all(|change| !matches!(change.mark, Mark::Tagged(..))), "rules write nothing");
    reader.press("j-<enter>");
    assert_eq!(tagged(&reader), ["", "", "By Rule"]);
    reader.press("Ftag:rule<enter>");
    assert_eq!(reader.titles(), ["Article 3"]);
    reader.press("cu");
    assert_eq!(tagged(&reader), ["", "By Rule", "By Rule"]);
    reader.press("G.");
    assert!(reader.text().contains("tagged +By Rule"), "{}", reader.text());
}

#[test]
fn ten_thousand_tags_of_another_device_are_bounded_on_the_screen() {
    let folder = numbered(2);
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    let id = reader.app().article().expect("an article").id;
    let changes = (0..10_000).map(|n| (0, Mark::Tagged(tag(&format!("hostile {n:05}")), true), vec![id])).collect();
    elsewhere(&mut reader, changes);
    assert_eq!(tags::of(reader.app().marks(), id).len(), 10_000);
    reader.press("<enter>");
    assert!(reader.frame.detail.lines < 40, "{} lines", reader.frame.detail.lines);
    assert!(reader.text().contains("hostile 00000"), "{}", reader.text());
    reader.press("h+one more<enter>");
    assert_eq!(notice(&reader), "An article has 100 tags already; remove one first");
    assert!(!tags::has(reader.app().marks(), id, "one more"));
    // The other article of a range gets it.
    reader.press("vj+one more<enter>");
    let marks = reader.app().marks();
    assert_eq!(reader.app().feed().iter().filter(|article| tags::has(marks, article.id, "one more")).count(), 1);
    // Two can be removed.
    reader.press("gg-hostile 00007<enter>");
    assert_eq!(notice(&reader), "Untagged +hostile 00007");
}

/// What was asked of the disk and the journal by keys, in a library of this size.
fn costs(articles: usize, keys: &str) -> (usize, usize, usize) {
    let folder = numbered(3);
    let seed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    let article = |n: usize| {
        let own = (*seed.get(n % 3).expect("an article")).clone();
        let path = PathBuf::from(format!("{n:06}.md"));
        let id = ArticleId::of_path(&path);
        std::sync::Arc::new(frontpage::feed::Article { id, path, ..own })
    };
    let feed = std::sync::Arc::new(frontpage::feed::Feed::new((0..articles).map(article).collect(), now()));
    let mut reader = Reader::starting(SessionInit::default()).sized(160, 45);
    elsewhere(&mut reader, Vec::new());
    reader.receive(Event::FeedLoaded { feed: feed.clone(), problems: Vec::new(), complete: true });
    reader.press("jk");
    reader.changes.clear();
    let before = feed.reads();
    reader.press(keys);
    let written: usize = reader.changes.iter().map(|change| change.articles.len()).sum();
    (feed.reads() - before, reader.changes.len(), written)
}

#[test]
fn a_tag_costs_what_a_star_costs_however_many_articles_there_are() {
    let star = costs(100, "s");
    assert_eq!(star.1, 2, "the star, and by what the article is found again");
    for articles in [100, 20_000] {
        assert_eq!(costs(articles, "s"), star, "{articles}");
        assert_eq!(costs(articles, "+x<enter>"), star, "{articles}");
    }
    let all = costs(20_000, "+x<enter>-<enter>");
    assert_eq!((all.1, all.2), (3, 3), "one record for each, and nothing for other articles");
}

#[test]
#[ignore = "heavy"]
fn a_tag_costs_what_a_star_costs_with_100_000_articles() {
    assert_eq!(costs(100_000, "+x<enter>"), costs(100, "s"));
    // All of them: one record of the journal for a tag as for a star.
    assert_eq!(costs(100_000, "vG+x<enter>").1, costs(100_000, "vGs").1);
}

// The command line.

fn exported(home: &Home) -> Vec<serde_json::Value> {
    let out = home.run(&["-L", NEWS, "marks", "export"]).out;
    out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn the_command_line_tags_what_a_query_finds() {
    let home = Home::new();
    let run = |arguments: &[&str]| home.run(&[&["-L", NEWS], arguments].concat());
    let ran = run(&["mark", "tag", "to read", "title:clocks"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "frontpage: marked 1 of 1 article with +to read\n"));
    assert_eq!(
        run(&["mark", "tag", "TO READ", "title:clocks"]).err,
        "frontpage: marked 0 of 1 article with +TO READ\n"
    );
    run(&["mark", "tag", "a", "--all"]);
    let listed: serde_json::Value =
        serde_json::from_str(&run(&["list", "tag:read", "--format", "json"]).out).expect("JSON");
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["tags"]), (Some(1), &serde_json::json!(["a", "to read"])));
    assert!(run(&["show", "title:clocks"]).out.contains("+a, +to read"), "{}", run(&["show", "title:clocks"]).out);
    assert_eq!(run(&["mark", "untag", "to read", "tag:*", "--dry-run"]).out.lines().count(), 1);
    assert_eq!(run(&["mark", "untag", "to read", "tag:*"]).code, 0);
    assert_eq!(run(&["list", "tag:read"]).code, 1);
    for (arguments, error) in [
        (&["mark", "tag", "--all"][..], "the name of the tag is missing"),
        (&["mark", "tag", "x"], "the query is missing"),
        (&["mark", "tag", "x", "limit:0x"], "is not a number"),
        (&["mark", "untag", " ", "title:clocks"], "the name of the tag is missing"),
        (&["mark", "tag", &"x".repeat(101), "title:clocks"], "at most 100 characters"),
        (&["mark", "tag", "x", ""], "the query has no conditions"),
    ] {
        let ran = run(arguments);
        assert!(ran.code == 2 && ran.err.contains(error), "{arguments:?}: {}", ran.err);
    }
    // Hostile names are cleaned, also in a journal of another program.
    run(&["mark", "tag", "red\u{1b}[31m\u{202e}x\ny", "title:clocks"]);
    let names = run(&["list", "title:clocks", "--format", "json"]).out;
    assert!(names.contains("redx y") && !names.contains('\u{1b}') && !names.contains('\u{202e}'), "{names}");
}

#[test]
fn exported_tags_are_imported_and_removed_ones_stay_away() {
    let home = Home::new();
    let run = |home: &Home, arguments: &[&str]| home.run(&[&["-L", NEWS], arguments].concat());
    run(&home, &["mark", "tag", "Größe, 2", "title:clocks"]);
    run(&home, &["mark", "tag", "b", "title:clocks"]);
    let lines = exported(&home);
    assert_eq!((lines.len(), &lines[0]["tags"]), (1, &serde_json::json!(["b", "Größe, 2"])));
    let file = home.file("marks.jsonl", "old");
    let file = file.to_str().expect("UTF-8");
    assert_eq!(run(&home, &["marks", "export", file]).code, 2, "it exists");
    let ran = run(&home, &["marks", "export", file, "--overwrite"]);
    assert!(ran.code == 0 && ran.err.starts_with("frontpage: exported 1 marked article to "), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(file).expect("the file"), run(&home, &["marks", "export"]).out);
    let inside = run(&home, &["marks", "export", &format!("{NEWS}/marks.jsonl")]);
    assert!(inside.code == 2 && inside.err.contains("it is in the library"), "{}", inside.err);
    let other = Home::new();
    run(&other, &["mark", "tag", "b", "title:clocks"]);
    run(&other, &["mark", "untag", "b", "title:clocks"]);
    let ran = run(&other, &["marks", "import", file]);
    let told = "frontpage: 1 mark set; 0 were already set; 1 skipped: you set something else by hand\n";
    assert_eq!(ran.err, told);
    assert_eq!(exported(&other)[0]["tags"], serde_json::json!(["Größe, 2"]));
    let link = lines[0]["link"].as_str().expect("a link");
    let many: Vec<String> = (0..150).map(|n| format!("t{n}")).collect();
    let lines = [
        serde_json::json!({ "link": link, "tags": "b" }),
        serde_json::json!({ "link": link, "tags": ["ok", 3] }),
        serde_json::json!({ "link": link, "tags": ["x".repeat(200)] }),
        serde_json::json!({ "link": link, "tags": many }),
    ];
    let file = home.file("bad.jsonl", &lines.map(|line| format!("{line}\n")).concat());
    let ran = run(&other, &["marks", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("line 3: `tags` is not a list of names"), "{}", ran.err);
    assert!(ran.err.contains("99 marks set; 0 were already set; 51 skipped: too many tags"), "{}", ran.err);
}

#[test]
fn flags_of_newsboat_are_tags() {
    let home = Home::new();
    // As `sqlite3 -json` prints rows: a list, with a row in each line.
    let rows = "[{\"guid\":\"g1\",\"url\":\"https://example.org/moon\",\"title\":\"Moon\",\"flags\":\"sL\",\"unread\":0},\n\
                {\"guid\":\"g2\",\"url\":\"https://elsewhere.example/7\",\"title\":\"Gone\",\"flags\":null,\"unread\":0},\n\
                {\"guid\":\"https://example.org/boat-shed\",\"url\":\"\",\"title\":\"Shed\",\"flags\":\"s\",\"unread\":1},\n\
                {\"guid\":\"no address\",\"url\":\"\",\"title\":\"Bad\",\"flags\":\"\",\"unread\":0},\n\
                {\"guid\":\"g3\",\"url\":\"https://example.org/moon\",\"title\":\"Moon\",\"flags\":7,\"unread\":0}]\n";
    let file = home.file("newsboat.json", rows);
    let ran = home.run(&["-L", NEWS, "marks", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("line 4: neither a link nor an id") && ran.err.contains("line 5: `flags`"), "{}", ran.err);
    assert!(
        ran.err.contains("5 marks set; 0 were already set; 1 article is not in the library; 2 lines"),
        "{}",
        ran.err
    );
    let of = |link: &str| exported(&home).into_iter().find(|line| line["link"] == link).expect("marked");
    let moon = of("https://example.org/moon");
    assert_eq!((&moon["tags"], moon["read"].is_string()), (&serde_json::json!(["L", "s"]), true));
    let shed = of("https://example.org/boat-shed");
    assert_eq!((&shed["tags"], shed["read"].is_null()), (&serde_json::json!(["s"]), true));
    assert!(exported(&home).iter().any(|line| line["title"] == "Gone" && line["link"].is_null()), "kept for later");
}

#[test]
fn tags_of_elfeed_are_imported_from_its_index() {
    let home = Home::new();
    let index = r#"(:version 4 :entries #s(hash-table test equal data (
        ("e" . "1") #s(elfeed-entry ("e" . "1") "Moon" "https://example.org/moon" 1.0 nil nil nil (star unread) "f" nil)
        ("e" . "2") #s(elfeed-entry ("e" . "2") "Shed" "https://example.org/boat-shed" 1.0 nil nil nil nil "f" nil)
        ("e" . "3") #s(elfeed-entry ("e" . "x") "Bad" nil 1.0 nil nil nil (star) "f" nil))))"#;
    let file = home.file("index", index);
    let ran = home.run(&["-L", NEWS, "marks", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(
        ran.err,
        "frontpage: entry 3: neither a link nor an id: Bad\n\
         frontpage: 2 marks set; 0 were already set; 1 line skipped\n"
    );
    let of = |link: &str| exported(&home).into_iter().find(|line| line["link"] == link).expect("marked");
    let moon = of("https://example.org/moon");
    assert_eq!((&moon["tags"], moon["read"].is_null()), (&serde_json::json!(["star"]), true));
    assert!(of("https://example.org/boat-shed")["read"].is_string(), "elfeed tags what is unread");
}

#[test]
fn tags_follow_an_article_that_is_moved_and_edited() {
    let home = Home::new();
    let folder = Folder::new()
        .file("a.md", "---\ntitle: One\n---\nThe same text of the article, long enough.\n")
        .file("other.md", "---\ntitle: Other\n---\nAnother text of an article, as long as it takes.\n");
    let path = folder.path().to_str().expect("UTF-8").to_owned();
    let run = |arguments: &[&str]| home.run(&[&["-L", path.as_str()], arguments].concat());
    assert_eq!(run(&["mark", "tag", "keep", "title:one"]).code, 0);
    assert_eq!(run(&["mark", "tag", "edited", "title:other"]).code, 0);
    let edited =
        "---\ntitle: New\nlink: https://example.org/new\n---\nAnother text of an article, as long as it takes.\n";
    std::fs::write(folder.path().join("other.md"), edited).expect("edited");
    assert_eq!(run(&["list", "tag:edited", "--format", "jsonl"]).out.lines().count(), 1, "edited");
    std::fs::create_dir(folder.path().join("sub")).expect("a folder");
    std::fs::rename(folder.path().join("a.md"), folder.path().join("sub/b.md")).expect("moved");
    assert_eq!(run(&["list", "tag:keep", "--format", "jsonl"]).out.lines().count(), 1, "moved");
    // Gone from the folder, its tags stay in the journal.
    std::fs::rename(folder.path().join("sub/b.md"), folder.path().join("b.txt")).expect("away");
    let out = run(&["marks", "export"]).out;
    assert!(out.contains("\"keep\""), "{out}");
    std::fs::rename(folder.path().join("b.txt"), folder.path().join("c.md")).expect("back");
    assert_eq!(run(&["list", "tag:keep", "--format", "jsonl"]).out.lines().count(), 1, "back again");
}

#[test]
fn a_record_of_a_name_that_is_too_long_is_kept_and_not_applied() {
    let home = tempfile::tempdir().expect("a folder");
    let marks = home.path().join("marks");
    let mut bytes = Vec::new();
    for payload in [
        "frontpage marks 1".to_owned(),
        format!("01a20bb63fd8.0000.000000fe tag 0000000000000001 {}", "x".repeat(101)),
        "01a20bb63fd8.0001.000000fe tag 0000000000000001 fine".to_owned(),
        "01a20bb63fd8.0002.000000fe untag 0000000000000001,0000000000000002 gone".to_owned(),
    ] {
        let line = format!("{:x} {:08x} {payload}\n", payload.len(), crc32fast::hash(payload.as_bytes()));
        bytes.extend(line.bytes());
    }
    std::fs::create_dir_all(&marks).expect("a folder");
    std::fs::write(marks.join("other-device.marks"), bytes).expect("written");
    let update = marks_log::read(&marks);
    assert!(update.problems.is_empty(), "{:?}", update.problems);
    let id = ArticleId::of_number(1);
    assert_eq!(tags::of(&update.marks, id), [tag("fine")]);
    assert!(update.marks.is_set(ArticleId::of_number(2), &Mark::Tagged(tag("GONE"), true)));
}
