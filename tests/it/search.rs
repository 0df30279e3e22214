//! Searching: with each key, with errors, history, completion and saved searches; Esc restores everything.

use frontpage::app::{Context, Effect, Event, Focus, PromptState, SessionInit};
use frontpage::config::saved_searches_file::SearchChange;
use frontpage::jobs::list_rows::FoundRows;
use frontpage::jobs::{Answer, Job, JobKind, JobReport, JobStatus, Progress};
use frontpage::keymap::{Key, Keymap};
use frontpage::library::Library;
use frontpage::query::{Field, RowSummary, SavedSearches, SearchResult};
use frontpage::terminal::HeadlessUi;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

fn query(reader: &Reader) -> String {
    reader.app().query().to_string()
}

#[test]
fn the_list_narrows_with_every_key() {
    let mut reader = Reader::of_news();
    reader.press("/");
    assert_eq!(reader.app().context(), Context::Prompt);
    let mut counts = Vec::new();
    for key in ["t", "i", "d", "e", " ", "c", "l"] {
        reader.press(if key == " " { "<space>" } else { key });
        counts.push(reader.titles().len());
    }
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert_eq!(reader.titles(), ["Tide Clocks & Other Slow Machines"]);
    assert_eq!(query(&reader), "tide cl");
    assert!(reader.text().contains("/ tide cl"), "{}", reader.text());
    assert!(reader.text().contains("1 of 5 · tide cl"), "{}", reader.text());
    reader.press("<enter>");
    assert_eq!(reader.app().context(), Context::List);
    assert_eq!((reader.titles().len(), query(&reader)), (1, "tide cl".to_owned()));
    reader.press("<esc>");
    assert_eq!(reader.titles().len(), 5);
}

#[test]
fn esc_restores_everything() {
    let mut reader = Reader::of(Library::BuiltIn).sized(100, 30);
    reader.press("<ctrl-f><ctrl-f>kk<ctrl-d>kkkkk");
    let place = |reader: &Reader| {
        let (list, detail) = (reader.app().list(), reader.app().detail());
        (
            list.selected(),
            reader.frame.list.offset,
            detail.scroll(),
            reader.title(),
            query(reader),
            reader.titles().len(),
        )
    };
    reader.press("JJ");
    let before = place(&reader);
    assert!(before.0 > 10 && before.1 > 0, "{before:?}");
    reader.press("/moon");
    assert_ne!(place(&reader), before);
    reader.press("<esc>");
    assert_eq!(place(&reader), before);
    reader.press("Fsort:title<esc>");
    assert_eq!(place(&reader), before);
}

#[test]
fn esc_restores_the_query_after_a_reload_too() {
    let mut reader = Reader::of(Library::BuiltIn);
    reader.press("jjjj");
    let title = reader.title();
    reader.press("/moon");
    let feed = Library::BuiltIn.load(now(), |_| {}).expect("the feed").feed;
    reader.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    assert_eq!(query(&reader), "moon");
    reader.press("<esc>");
    assert_eq!(query(&reader), "");
    assert!(reader.titles().contains(&title));
}

#[test]
fn the_last_valid_result_stays_while_the_text_cannot_be_read() {
    let mut reader = Reader::of_news();
    reader.press("/tide");
    let found = reader.titles();
    reader.paste(" topc:x");
    assert_eq!(reader.titles(), found);
    let screen = reader.text();
    assert!(screen.contains("^^^^ unknown field `topc` (did you mean `topic`?)"), "{screen}");
    let lines: Vec<&str> = screen.lines().collect();
    // The keys are below the error.
    let (typed, below) = (lines[lines.len() - 3], lines[lines.len() - 2]);
    assert_eq!(typed.find("topc"), below.find("^^^^"), "{screen}");
    reader.press("<enter>");
    assert_eq!(reader.app().context(), Context::Prompt, "what cannot be read is not kept");
    reader.press("<ctrl-w><ctrl-w><ctrl-w><ctrl-w><ctrl-u>moon");
    assert_ne!(reader.titles(), found);
}

#[test]
fn a_search_looks_among_what_is_listed_and_the_words_of_the_last_one_go() {
    let mut reader = Reader::of_news();
    reader.press("tmachines<enter>/tide<enter>");
    assert_eq!(query(&reader), "topic:=\"machines\" tide");
    assert_eq!(reader.titles(), ["Tide Clocks & Other Slow Machines"]);
    reader.press("/wave<enter>");
    assert_eq!(query(&reader), "topic:=\"machines\" wave");
    assert_eq!(reader.titles(), ["Building a Wave Tank"]);
    reader.press("/<enter>");
    assert_eq!(query(&reader), "topic:=\"machines\"", "nothing typed: the words go");
    reader.press("F<ctrl-u>title:moon<enter>");
    assert_eq!(query(&reader), "title:moon");
    reader.press("F");
    assert!(reader.text().contains("query: title:moon"), "{}", reader.text());
}

#[test]
fn history() {
    let mut reader = Reader::of_news();
    reader.press("/tide<enter>/moon<enter>/wa<up>");
    assert_eq!(query(&reader), "moon");
    reader.press("<up>");
    assert_eq!(query(&reader), "tide");
    reader.press("<up><down><down>");
    assert_eq!(query(&reader), "wa", "what was typed comes back");
    reader.press("<up><up><enter>/<up>");
    assert_eq!(query(&reader), "tide", "the latest first, each once");
}

#[test]
fn a_title_an_address_or_code_that_is_pasted_finds_its_article() {
    let titles = [
        "Kettles: An Owner's Guide - Part 2",
        "Use std::path and url::Url",
        "re:invent 2023 + what comes next!",
        "Half past 10:30 / a quarter to 12",
        "Straßenfeste in Ærøskøbing — Łódź grüßt",
        "100% of C:\\\\dir",
    ];
    let folder = titles.iter().zip(0..).fold(Folder::new(), |folder, (title, n)| {
        let text =
            format!("---\ntitle: \"{title}\"\nlink: https://e.org/{n}\n---\nSee https://other.example/a_(b)?n={n}.\n");
        folder.file(&format!("{n}.md"), text)
    });
    let mut reader = Reader::of_folder(folder.path());
    let mut search = |pasted: &str| {
        reader.press("F<ctrl-u>");
        reader.paste(pasted);
        reader.press("<enter>");
        reader.titles()
    };
    for title in titles.map(|title| title.replace("\\\\", "\\")) {
        assert_eq!(search(&title), [title.as_str()], "{title}");
        assert_eq!(search(&title.to_uppercase()), [title.as_str()], "{title}");
    }
    assert_eq!(search("strassenfeste in aeroskobing lodz grusst"), [titles[4]]);
    assert_eq!(search("https://e.org/2"), [titles[2]]);
    assert_eq!(search("https://other.example/a_(b)?n=3"), [titles[3]], "it is in the body");
    assert_eq!(search("kettles -part"), [""; 0], "a dash before a word excludes it");
}

#[test]
fn moving_and_deleting_in_the_line() {
    let mut reader = Reader::of_news();
    reader.press("/tidy<left><delete>e<home>x<delete><ctrl-e>s<backspace>");
    assert_eq!(query(&reader), "xide");
    reader.press("<ctrl-a><ctrl-d>t<end>");
    assert_eq!(query(&reader), "tide");
}

#[test]
fn pasted_text_is_cleaned_and_cut() {
    let mut reader = Reader::of_news();
    reader.paste("qQ\u{1b}[2J");
    assert!(reader.effects.is_empty(), "no key is pressed by a paste");
    reader.press("/");
    reader.paste("ti\u{1b}[31mde\n\u{202e}clock\u{7}");
    assert_eq!(query(&reader), "tide clock");
    reader.press("<ctrl-u>");
    reader.paste(&"a".repeat(10_000_000));
    assert_eq!(query(&reader).chars().count(), 1000);
    reader.press("<esc>t");
    reader.paste("mach\u{1b}[2Jines\n");
    assert!(reader.text().contains("› machines"), "{}", reader.text());
}

#[test]
fn tab_completes() {
    let mut reader = Reader::of_news();
    reader.press("/top<tab>");
    assert!(reader.text().contains("/ topic:"), "{}", reader.text());
    reader.press("the<tab>");
    assert_eq!(query(&reader), "topic:\"the sea\"");
    reader.press("<ctrl-u>auth<tab>bro<tab>");
    assert_eq!(query(&reader), "author:\"ida brook\"");
    reader.press("<ctrl-u>is:<tab>");
    let first = query(&reader);
    reader.press("<tab>");
    assert_ne!(query(&reader), first, "Tab goes on to the next");
    reader.press("<shift-tab>");
    assert_eq!(query(&reader), first);
}

#[test]
fn providers_are_picked_as_topics_are() {
    let mut reader = Reader::of_news();
    reader.press("gp");
    assert!(reader.text().contains("Providers"), "{}", reader.text());
    reader.press("<enter>");
    assert!(query(&reader).starts_with("provider:=\""), "{}", query(&reader));
    let few = reader.titles().len();
    assert!((1..5).contains(&few));
    reader.press("t<tab>");
    assert!(reader.text().contains("[x]") && reader.text().contains("Providers"), "{}", reader.text());
    reader.press("<ctrl-space><enter>");
    assert_eq!(query(&reader), "");
}

#[test]
fn picked_topics_stay_when_switching_to_providers() {
    let mut reader = Reader::of_news();
    reader.press("tmachines<ctrl-space><tab>");
    assert!(reader.text().contains("Providers"), "{}", reader.text());
    assert_eq!(query(&reader), "topic:=\"machines\"");
    reader.press("<esc>t<tab>");
    assert_eq!(query(&reader), "topic:=\"machines\"", "nothing new is picked");
}

#[test]
fn the_counts_of_the_picker_are_those_within_the_query() {
    let mut reader = Reader::of_news();
    reader.press("/title:moon<enter>t");
    let screen = reader.text();
    assert!(!screen.contains("How To"), "no article about the moon has that topic: {screen}");
    reader.press("<enter>");
    assert_eq!(reader.found(), ["How the Moon Pulls"]);
}

#[test]
fn a_search_is_saved_and_found_again() {
    let mut reader = Reader::of_news();
    reader.press("/tide<ctrl-s>slow\"ones<enter>");
    assert_eq!(reader.app().context(), Context::Prompt);
    assert!(reader.text().contains("a name cannot contain"), "{}", reader.text());
    reader.press("<ctrl-u>slow<space><space>ones<enter>");
    let kept = Effect::ChangeSearch(SearchChange::Save { name: "slow ones".to_owned(), query: "tide".to_owned() });
    assert_eq!(reader.effects, [kept]);
    assert_eq!((reader.app().context(), query(&reader).as_str()), (Context::List, "tide"), "the search is kept");
    reader.press("/<up>");
    let prompt = reader.app().overlays().top_as::<PromptState>().expect("the prompt");
    assert_eq!(prompt.input.text(), "tide", "and in the history");
    reader.press("<esc>c");
    let saved = SavedSearches::new(
        [("slow ones", "tide"), ("both", "saved:\"slow ones\" OR title:moon"), ("bad", "saved:gone")]
            .map(|(name, query)| (name.to_owned(), query.to_owned())),
    );
    reader.save_searches(saved);
    reader.press("f");
    let screen = reader.text();
    assert!(screen.contains("slow ones") && screen.contains("saved:\"slow ones\" OR title:moon"), "{screen}");
    assert!(screen.contains("invalid"), "{screen}");
    let row = screen.lines().find(|line| line.contains("both")).expect("a row").to_owned();
    reader.press("j<enter>");
    assert_eq!(query(&reader), "saved:both");
    let count = reader.titles().len();
    assert!(count >= 2 && row.contains(&format!("{count} / {count}")), "{row} {count}");
    reader.press("fe");
    assert_eq!(reader.effects.last(), Some(&Effect::EditSavedSearches));
    // A search that would refer to itself is not saved.
    reader.press("F<ctrl-u>saved:both<ctrl-s>slow<space>ones<enter>");
    assert!(reader.text().contains("refers to itself"), "{}", reader.text());
}

#[test]
fn finding_inside_the_article() {
    let mut reader = Reader::of_news().sized(60, 12);
    reader.press("G<enter>/th");
    assert_eq!(reader.app().context(), Context::Prompt);
    reader.press("e<enter>");
    assert_eq!((reader.app().context(), reader.app().focus()), (Context::Detail, Focus::Detail));
    assert!(reader.text().contains("hit 1 of"), "{}", reader.text());
    reader.press("n");
    assert!(reader.text().contains("hit 2 of"), "{}", reader.text());
    reader.press("pp");
    let notice = reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default();
    assert!(notice.contains("wrapped"), "{notice}");
    reader.press("<esc>");
    assert_eq!(reader.app().focus(), Focus::Detail, "Esc takes the finding away first");
    assert!(!reader.text().contains("hit "), "{}", reader.text());
    assert_eq!(query(&reader), "", "the list is not narrowed");
    let scroll = reader.app().detail().scroll();
    reader.press("/zzzz");
    assert!(reader.text().contains("not found"), "{}", reader.text());
    reader.press("<esc>");
    assert_eq!(reader.app().detail().scroll(), scroll);
}

#[test]
fn n_and_p_go_to_unread_articles() {
    let mut reader = Reader::of_news();
    reader.press("j<enter>h");
    let titles = reader.titles();
    reader.press("k");
    reader.press("n");
    assert_eq!(reader.title(), titles[2], "the second is read");
    reader.press("p");
    assert_eq!(reader.title(), titles[0]);
    reader.press("p");
    assert_eq!(reader.title(), titles[4], "round the end");
}

#[test]
fn the_best_match_is_first_unless_an_order_is_given() {
    let mut reader = Reader::of_news();
    reader.press("/moon");
    assert_eq!(reader.found()[0], "How the Moon Pulls");
    let ranked = reader.found();
    reader.press("<enter>F<space>sort:-date<enter>");
    let mut sorted = reader.found();
    assert_eq!(sorted.len(), ranked.len());
    sorted.sort();
    let mut same = ranked.clone();
    same.sort();
    assert_eq!(sorted, same);
}

/// A session whose search jobs wait until the test runs them.
fn waiting(library: Library) -> HeadlessUi {
    let mut session = HeadlessUi::new(SessionInit::default(), Keymap::new().expect("the keys"), now());
    let feed = library.load(now(), |_| {}).expect("the library").feed;
    let _ = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    session
}

/// Presses a key, and gives the search that it asks for.
fn search(session: &mut HeadlessUi, key: &str) -> Job {
    let key = Key::parse_all(key).expect("a key")[0];
    match session.press(key).0.0.pop() {
        Some(Effect::RunJob(job)) => job,
        other => panic!("no search but {other:?}"),
    }
}

#[test]
fn an_answer_to_an_earlier_question_changes_nothing() {
    let mut session = waiting(Library::BuiltIn);
    let all = session.app().list().rows().len();
    let _ = session.press(Key::parse_all("/").expect("a key")[0]);
    let first = search(&mut session, "z");
    let second = search(&mut session, "<backspace>");
    assert_eq!(session.app().list().rows().len(), all, "a key waits for no search");
    let _ = session.receive(Event::Job(first.run_now()));
    assert_eq!(session.app().list().rows().len(), all);
    let _ = session.receive(Event::Job(second.run_now()));
    assert_eq!(session.app().list().rows().len(), all);
    assert!(!session.app().search().is_running());
}

#[test]
fn partial_results_are_shown_with_progress() {
    let mut session = waiting(Library::BuiltIn);
    let _ = session.press(Key::parse_all("/").expect("a key")[0]);
    let request = search(&mut session, "a");
    let job = request.id;
    let tell = |session: &mut HeadlessUi, status| {
        drop(session.receive(Event::Job(JobReport { job, kind: JobKind::Rows, status })))
    };
    let found = SearchResult { indices: vec![3, 5], ..SearchResult::default() };
    tell(&mut session, JobStatus::Started);
    tell(&mut session, JobStatus::Progress(Progress::of(30, 90)));
    let found = FoundRows { result: found, summary: RowSummary::default() };
    tell(&mut session, JobStatus::Partial(Answer::Rows(found)));
    assert!(session.app().list().found().iter().eq([3, 5]));
    let screen = frontpage::cli::screen_text(&session.screen(100, 30));
    assert!(screen.contains("searching 33 %"), "{screen}");
    let _ = session.receive(Event::Job(request.run_now()));
    assert!(session.app().list().rows().len() > 2 && session.app().jobs().is_empty());
}

#[test]
fn one_more_letter_searches_only_the_articles_found_before() {
    let mut session = waiting(Library::BuiltIn);
    let _ = session.press(Key::parse_all("/").expect("a key")[0]);
    let mut scopes = Vec::new();
    for key in ["m", "o", "o", "<backspace>", "d"] {
        let request = search(&mut session, key);
        scopes.push(request.scope());
        let _ = session.receive(Event::Job(request.run_now()));
        if key != "<backspace>" {
            scopes.push(session.app().list().found().len());
        }
    }
    let [all, m, after_m, mo, after_mo, _moo, after_back, after_d, _] = scopes[..] else { panic!("{scopes:?}") };
    assert_eq!((all, after_m, after_mo), (90, m, mo), "{scopes:?}");
    assert_eq!((after_back, after_d), (mo, mo), "less typed: that is known too; {scopes:?}");
}

#[test]
fn a_small_screen_shows_the_list_during_typing() {
    let mut reader = Reader::of_news().sized(60, 20);
    reader.press("<enter>l/tide");
    assert!(reader.text().contains("Tide Clocks"), "{}", reader.text());
    assert_eq!(reader.app().focus(), Focus::List);
    reader.press("<esc>");
    assert_eq!(reader.app().focus(), Focus::Related, "Esc goes back to where one was");
}

#[test]
fn outdated_search_results_are_not_reused() {
    let press = |session: &mut HeadlessUi, keys: &str| {
        for key in Key::parse_all(keys).expect("keys") {
            let (effects, _) = session.press(key);
            let _ = session.run_jobs(effects);
        }
    };
    let unread = |session: &mut HeadlessUi, while_searching: &dyn Fn(&mut HeadlessUi)| {
        press(session, "Fis:unrea");
        let request = search(session, "d");
        let report = request.run_now();
        while_searching(session);
        let _ = session.receive(Event::Job(report));
        press(session, "<space>");
        search(session, "a").scope()
    };
    let mut session = waiting(Library::BuiltIn);
    assert_eq!(unread(&mut session, &|_| {}), 90, "all are unread, and known to be");
    let mut session = waiting(Library::BuiltIn);
    let later = now() + chrono::TimeDelta::minutes(1);
    let tick = |session: &mut HeadlessUi| drop(session.receive(Event::Tick(later)));
    press(&mut session, "<enter>h");
    assert_eq!(unread(&mut session, &|_| {}), 89, "one was read");
    press(&mut session, "<esc><esc>");
    assert_eq!(unread(&mut session, &tick), 90, "another time: all are looked at");

    // Rows of a feed that is no longer there are places of other articles.
    let mut session = waiting(Library::BuiltIn);
    press(&mut session, "/moon<enter>");
    let request = search(&mut session, "c");
    let feed = Library::Paths(vec!["tests/fixtures/news".into()]).load(now(), |_| {}).expect("the news").feed;
    let _ = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    let _ = session.receive(Event::Job(request.run_now()));
    assert!(session.app().list().found().iter().eq(0..5));
}

#[test]
fn esc_restores_everything_even_if_articles_arrived() {
    let article = |folder: Folder, n: usize| {
        let content =
            format!("---\ntitle: Piece {n}\nlink: https://example.org/{n}\ndate: 2021-02-{:02}\n---\n", 20 - n);
        folder.file(&format!("{n}.md"), content)
    };
    let mut folder = (1..=6).fold(Folder::new(), article);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("jjjmgu");
    assert_eq!((reader.titles().len(), reader.title().as_str()), (5, "Piece 1"));
    reader.press("jjm/piece 5");
    assert_eq!(reader.titles(), ["Piece 5"]);
    folder = article(folder, 0);
    std::fs::remove_file(folder.path().join("2.md")).expect("removed");
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: Vec::new(), complete: true });
    reader.press("<esc>");
    assert_eq!(reader.title(), "Piece 3", "the selection is where it was, and what was read since is there still");
    assert_eq!(reader.titles(), ["Piece 0", "Piece 1", "Piece 3", "Piece 5", "Piece 6"]);
}

/// A folder in which topics begin with the same words.
fn topics() -> Folder {
    let topics = ["Deep Sea", "Deep Sea Mining in the North", "Mining", "Deep Sea", "Mining", "Deep Sea"];
    topics.iter().enumerate().fold(Folder::new(), |folder, (n, topic)| {
        folder.file(&format!("{n}.md"), format!("---\ntitle: Number {n}\ntopics: [{topic}]\n---\n"))
    })
}

#[test]
fn a_blank_is_typed_in_a_picker_and_marks_nothing() {
    let folder = topics();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("tdeep sea mining in<enter>");
    assert_eq!(query(&reader), "topic:=\"deep sea mining in the north\"");
    assert_eq!(reader.titles(), ["Number 1"]);
    // The typed text decides, even if another topic was picked before.
    reader.press("tdeep<enter>");
    assert_eq!(query(&reader), "topic:=\"deep sea\"");
    // Picked topics are shown even if no row has them.
    reader.press("ctdeep<ctrl-space><ctrl-u>mining<ctrl-space>");
    assert!(reader.text().contains("2 picked: "), "{}", reader.text());
    reader.press("<ctrl-u>north");
    assert!(reader.text().contains("picked: Deep Sea"), "{}", reader.text());
    reader.press("<enter>");
    assert_eq!(reader.app().query().picked(Field::Topic).len(), 2);
}

#[test]
fn enter_without_a_visible_label_picks_none() {
    let folder = topics();
    let mut reader = Reader::of_folder(folder.path());
    for keys in ["tvolcano<enter>", "tvolcano<ctrl-space><enter>", "tdeep<ctrl-space>volcano<enter>"] {
        reader.press("c/number<enter>").press(keys);
        assert_eq!(reader.app().context(), Context::Picker, "{keys}");
        assert!(reader.text().contains("volcano▏  No match"), "{}", reader.text());
        reader.press("<esc>");
        assert_eq!(query(&reader), "number", "{keys}");
    }
}

#[test]
fn esc_removes_one_restriction_at_a_time() {
    let folder = topics();
    let mut reader = Reader::of_folder(folder.path());
    for (keys, ways) in [
        ("tdeep<enter>2", &["topic:=\"deep sea\"", ""][..]),
        ("gutdeep<enter>", &["is:unread", ""]),
        ("/number one<enter>tdeep<enter>", &["number one", ""]),
        ("tdeep<enter>/number one<enter>", &["topic:=\"deep sea\"", ""]),
        (
            "F(deep OR sea) -mining is:unread has:body limit:3<enter>",
            &[
                "(deep OR sea) -mining is:unread has:body",
                "(deep OR sea) -mining is:unread",
                "(deep OR sea) -mining",
                "",
            ],
        ),
        ("F\"deep sea\" sort:title<enter>", &["sort:title", ""]),
        ("H", &["sort:-readat", ""]),
    ] {
        reader.press("c").press(keys);
        for way in ways {
            reader.press("<esc>");
            assert_eq!(query(&reader), *way, "{keys}");
        }
        reader.press("<esc><esc>");
        assert!(reader.effects.is_empty(), "Esc never quits");
    }
}

#[test]
fn a_saved_search_keeps_its_order_and_limit() {
    let folder = topics();
    let saved = SavedSearches::new([("few".to_owned(), "number sort:title limit:2".to_owned())]);
    let user = frontpage::app::UserConfig { saved, ..Default::default() };
    let init = SessionInit { user, ..SessionInit::default() };
    let mut reader = Reader::starting(init).reading(Library::Paths(vec![folder.path().to_owned()]));
    reader.press("Fis:unread saved:few<enter>");
    assert_eq!(reader.titles().len(), 2);
    reader.press("<esc>");
    assert_eq!((query(&reader).as_str(), reader.titles().len()), ("is:unread", 6));
}

#[test]
fn if_all_matches_are_hidden_the_list_says_so() {
    for count in [1, 3] {
        let folder =
            (0..count).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), format!("# Number {n}\n")));
        let mut reader = Reader::of_folder(folder.path());
        for _ in 0..count {
            reader.press("ggD<ctrl-l>");
        }
        for keys in ["", "/", "<esc>S<enter>", "<esc>", "gu", "/number<enter>", "c"] {
            reader.press(keys);
            let screen = reader.text();
            assert!(screen.contains("is:hidden") && screen.contains("hidden."), "{keys}: {screen}");
            assert!(!screen.contains("Put Markdown files"), "{keys}: {screen}");
        }
        reader.press("Fis:hidden is:starred<enter>");
        assert!(reader.text().contains("Nothing matches is:hidden is:starred."), "{}", reader.text());
        reader.press("F<ctrl-u>is:hidden<enter>");
        assert_eq!(reader.titles().len(), count);
    }
}
