//! The reading session: keys in, state and effects out.

use std::path::Path;

use frontpage::app::{Context, Effect, Event, Focus, Palette, PromptState};
use frontpage::feed::Feed;
use frontpage::jobs::{JobId, JobKind, JobReport, JobStatus, Progress};
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

fn opened(reader: &Reader) -> Vec<String> {
    let link = |effect: &Effect| match effect {
        Effect::OpenLink(address) => Some(address.as_str().to_owned()),
        _ => None,
    };
    reader.effects.iter().filter_map(link).collect()
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

#[test]
fn the_seed_document_is_shown_whole_and_opened() {
    let library = Library::Paths(vec!["seeds/000_fb1d0d46ce0ecfe6.txt".into()]);
    let mut reader = Reader::with_settings("navigation: hidden").reading(library).sized(160, 45);
    let above = reader.text();
    reader.press(".");
    let screen = format!("{above}{}", reader.text());
    for part in [
        "Artificial Neural Nets Finally Yield Clues to How Brains Learn",
        "Quanta Magazine · 18 February 2021",
        "Site      quantamagazine.org",
        "18 February 2021, 16:18 UTC",
        "1 day ago",
        "quality 39",
        "#AI",
        "#Machine Learning",
        "https://www.quantamagazine.org/",
        "The learning algorithm that enables the runaway success",
        "belongs to a story whose head is not in the library",
        "Neuron 1200 Soc",
        "1200 × 630",
        "Kind      not shown by its site",
        "Scientists are using A.I.",
        "Digital Tre…",
        "given in the file",
        "  1d│",
    ] {
        assert!(screen.contains(part), "{part} is on the screen:\n{screen}");
    }
    assert!(!screen.contains("32su4j60"), "what is secured is never shown");
    reader.press("o");
    let quanta =
        "https://www.quantamagazine.org/artificial-neural-nets-finally-yield-clues-to-how-brains-learn-20210218/";
    assert_eq!(opened(&reader), [quanta]);
    reader.press("<tab><tab><enter>");
    assert_eq!(opened(&reader)[1..], ["https://www.digitaltrends.com/features/ai-genetic-code/"]);
}

#[test]
fn moving() {
    let mut reader = Reader::of_news();
    let titles = reader.titles();
    assert_eq!(titles.len(), 5, "one article of six files is a duplicate");
    for (keys, title) in [
        ("j", 1),
        ("k", 0),
        ("k", 0),
        ("G", 4),
        ("j", 4),
        ("gg", 0),
        ("<down>", 1),
        ("<ctrl-p>", 0),
        ("<end>", 4),
        ("<home>", 0),
    ] {
        reader.press(keys);
        assert_eq!(reader.title(), titles[title], "after {keys}");
    }
}

#[test]
fn pages_move_by_what_was_seen() {
    let mut reader = Reader::of(Library::BuiltIn).sized(100, 30);
    let page = usize::from(reader.frame.list.area.height);
    reader.press("<ctrl-f>");
    assert_eq!(reader.app().list().selected(), page - 1);
    reader.press("<ctrl-d>");
    assert_eq!(reader.app().list().selected(), page - 1 + page / 2);
    reader.press("<ctrl-b><ctrl-u>");
    assert_eq!(reader.app().list().selected(), 0);
}

#[test]
fn panes() {
    let mut reader = Reader::of_news();
    assert_eq!(reader.app().focus(), Focus::List);
    for (keys, focus) in [
        ("<enter>", Focus::Detail),
        ("l", Focus::Related),
        ("h", Focus::Detail),
        ("<backspace>", Focus::List),
        ("h", Focus::List),
        ("<tab>", Focus::Detail),
        ("<tab>", Focus::Related),
        ("<tab>", Focus::List),
        ("<shift-tab>", Focus::Related),
        ("<shift-tab>", Focus::Detail),
        ("<esc>", Focus::List),
        ("<esc>", Focus::List),
    ] {
        reader.press(keys);
        assert_eq!(reader.app().focus(), focus, "after {keys}");
    }
    assert!(reader.effects.is_empty(), "Esc never quits");
    // The video has no related articles: the ring has two panes.
    reader.press("jjj<tab><tab>");
    assert_eq!(reader.app().focus(), Focus::List);
    reader.press("<shift-tab>");
    assert_eq!(reader.app().focus(), Focus::Detail);
}

#[test]
fn across_the_panes() {
    let mut reader = Reader::of_news().sized(60, 12);
    reader.press("G<enter>");
    let title = reader.title();
    reader.press("jjj");
    assert_eq!(reader.app().detail().scroll(), 3);
    reader.press("h").resize(120, 24);
    reader.press("JJ");
    assert_eq!((reader.title(), reader.app().detail().scroll()), (title.clone(), 4));
    reader.press("K");
    assert_eq!(reader.app().detail().scroll(), 3);
    reader.press("<enter>K");
    assert_ne!(reader.title(), title, "from the article, K goes to the previous one");
    assert_eq!((reader.app().focus(), reader.app().detail().scroll()), (Focus::Detail, 0));
}

#[test]
fn related_articles_open_here_and_ctrl_o_comes_back() {
    let mut reader = Reader::of_news();
    reader.press("<enter>lj");
    let here = reader.title();
    reader.press("<enter>");
    assert_eq!(reader.title(), "潮汐を測る 🌊 港の一日");
    assert_eq!(reader.app().focus(), Focus::Detail);
    assert_eq!(reader.app().list().selected(), 2, "the list follows");
    reader.press("<ctrl-o>");
    assert_eq!(reader.title(), here);
    assert_eq!(reader.app().related().selected(), 1, "the entry that led here is selected");
    reader.press("]");
    assert_eq!(reader.title(), "潮汐を測る 🌊 港の一日");
    reader.press("[");
    assert_eq!(reader.title(), here);
    reader.press("[");
    assert_eq!(notice(&reader), "Nothing to go back to");
    // The third entry is only on the web.
    reader.press("ljj<enter>");
    assert_eq!(opened(&reader), ["https://elsewhere.example/page"]);
}

#[test]
fn a_related_article_outside_of_the_query_is_read_all_the_same() {
    let mut reader = Reader::of_news();
    reader.press("tmachines<enter>");
    assert_eq!(reader.titles(), ["Tide Clocks & Other Slow Machines", "Building a Wave Tank"]);
    reader.press("<enter>l<enter>");
    assert_eq!(reader.title(), "How the Moon Pulls");
    assert_eq!(reader.app().query().to_string(), "topic:=\"machines\"");
    reader.press("<ctrl-o>");
    assert_eq!(reader.title(), "Tide Clocks & Other Slow Machines");
}

#[test]
fn in_the_list_keys_mean_the_selected_article() {
    for back in ["hh", "<tab><tab>", "<shift-tab>", "v"] {
        let mut reader = Reader::of_news();
        reader.press("tmachines<enter><enter>l<enter>");
        assert_eq!(reader.title(), "How the Moon Pulls", "it has no row here");
        reader.press(back);
        assert_eq!((reader.app().focus(), reader.title().as_str()), (Focus::List, "Tide Clocks & Other Slow Machines"));
    }
}

#[test]
fn topics_narrow_and_several_may_be_picked() {
    let mut reader = Reader::of_news();
    reader.press("t");
    assert_eq!(reader.app().context(), Context::Picker);
    let screen = reader.text();
    assert!(screen.contains("The Sea") && screen.contains("How To"), "{screen}");
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::List);
    // Case does not count: `the sea` of one file is `The Sea` of the others.
    reader.press("tsea<enter>");
    assert_eq!(reader.titles().len(), 3);
    reader.press("c");
    assert_eq!(reader.titles().len(), 5);
    reader.press("t<ctrl-space><ctrl-n><ctrl-space><enter>");
    assert_eq!(reader.app().query().picked(frontpage::query::Field::Topic).len(), 2);
    reader.press("<esc>");
    assert_eq!(reader.titles().len(), 5, "Esc takes the query away");
    // Picked topics are still picked when the picker opens again, and can be removed.
    reader.press("thow<ctrl-space><enter>");
    assert_eq!(reader.titles().len(), 2);
    reader.press("thow");
    assert!(reader.text().contains("[x] How To"), "{}", reader.text());
    reader.press("<ctrl-space><enter>");
    assert_eq!(reader.app().query().to_string(), "");
}

#[test]
fn letters_narrow_the_picker_and_can_be_deleted() {
    let mut reader = Reader::of_news();
    reader.press("tjjj");
    assert!(reader.text().contains("› jjj"));
    reader.press("<backspace><ctrl-w>sea");
    assert!(reader.text().contains("› sea"));
    reader.press("<ctrl-u>");
    assert!(reader.text().contains("type to narrow"));
    reader.press("zzz<enter>");
    assert_eq!(reader.titles().len(), 5, "no topic, no change");
}

#[test]
fn sorting_and_the_other_way_round() {
    let mut reader = Reader::of_news();
    reader.press("S<down><down><enter>");
    assert_eq!(reader.app().query().to_string(), "sort:-quality");
    assert_eq!(reader.titles()[0], "Building a Wave Tank");
    reader.press("S<enter>");
    assert_eq!(reader.app().query().to_string(), "sort:quality");
    assert_eq!(reader.titles()[4], "Building a Wave Tank");
    reader.press("S<down><down><enter>");
    assert_eq!(reader.titles()[0], "Building a Wave Tank", "titles from A");
    reader.press("S<home><enter>");
    assert_eq!(reader.app().query().to_string(), "");
    reader.press("S<enter>");
    assert_eq!(reader.app().query().to_string(), "sort:date");
    assert_eq!(reader.titles()[0], "Notes from the Boat Shed");
}

#[test]
fn the_selection_stays_with_its_article_when_the_order_changes() {
    let mut reader = Reader::of_news();
    reader.press("j");
    let title = reader.title();
    reader.press("S<down><down><enter>");
    assert_eq!(reader.title(), title);
}

#[test]
fn opening_marks_read_and_capital_o_goes_on() {
    let mut reader = Reader::of_news();
    let id = |reader: &Reader| reader.app().article().expect("an article").id;
    let first = id(&reader);
    reader.press("o");
    assert!(!reader.app().marks().is_read(first), "o alone marks nothing");
    reader.press("j");
    let second = id(&reader);
    reader.press("<enter>h");
    assert!(reader.app().marks().is_read(second));
    reader.press("kO");
    assert!(reader.app().marks().is_read(first));
    assert_eq!(reader.app().list().selected(), 2, "the next unread is the third");
    assert_eq!(opened(&reader).len(), 2);
}

#[test]
fn copying() {
    let mut reader = Reader::of_news();
    reader.press("yY");
    let link = "https://example.org/tide-clocks/";
    let copy = |text: &str, what: &'static str| Effect::Copy {
        text: frontpage::feed::clean::plain_line(text),
        what: what.into(),
    };
    assert_eq!(
        reader.effects,
        [copy(link, "link"), copy(&format!("[Tide Clocks & Other Slow Machines]({link})"), "Markdown link")]
    );
}

#[test]
fn links_are_numbered_and_opened_by_their_letter() {
    let mut reader = Reader::of_news();
    reader.press("G<enter>");
    assert!(
        reader.text().contains("the timber list[2]") || reader.text().contains("the timber list [2]"),
        "{}",
        reader.text()
    );
    reader.press("U");
    assert_eq!(reader.app().context(), Context::Links);
    reader.press("2");
    assert_eq!(opened(&reader), ["https://example.org/timber"]);
    assert_eq!(reader.app().context(), Context::Detail);
    reader.press("Ujj<enter>");
    assert_eq!(opened(&reader)[1..], ["https://example.org/moon"]);
    reader.press("Ujy");
    assert!(matches!(reader.effects.last(), Some(Effect::Copy { .. })));
}

#[test]
fn a_refused_link_is_reported_and_can_be_copied() {
    let folder = Folder::new().file("a.md", "---\ntitle: A\nlink: javascript:alert(1)\ndate: 2021-01-01\n---\n");
    let mut reader = Reader::of_folder(folder.path());
    reader.press("o");
    assert_eq!(
        notice(&reader),
        "Not opened: javascript:alert(1) (`javascript:` links are not opened, only http and https); copy it instead"
    );
    assert!(opened(&reader).is_empty());
    reader.press("y");
    assert!(matches!(&reader.effects[..], [Effect::Copy { text, .. }] if text.as_str() == "javascript:alert(1)"));
    let folder = Folder::new().file("a.md", "Only words.");
    let mut reader = Reader::of_folder(folder.path());
    reader.press("o");
    assert_eq!(notice(&reader), "This article has no link");
}

#[test]
fn problems_lead_to_the_line() {
    let folder = Folder::new()
        .file("good.md", "---\ntitle: Good\ndate: 2021-01-01\n---\n")
        .file("warned.md", "---\ntitle: Warned\ndate: 2021-01-02\nquality: high\n---\n")
        .file("broken.md", "---\ntitle: a: b\n---\n");
    let mut reader = Reader::of_folder(folder.path()).sized(120, 30);
    assert!(reader.text().contains("⚠ 2 · P"), "{}", reader.text());
    assert_eq!(reader.titles(), ["Warned", "Good", "a: b"]);
    reader.press("P");
    let screen = reader.text();
    assert!(screen.contains("broken.md:2:9") && screen.contains("a colon inside an unquoted value"), "{screen}");
    reader.press("<enter>");
    assert_eq!(reader.effects, [Effect::EditFile { path: folder.path().join("broken.md"), line: 2 }]);
    reader.press("Pje");
    assert_eq!(reader.effects[1], Effect::EditFile { path: folder.path().join("warned.md"), line: 4 });
    reader.press("e");
    assert_eq!(
        reader.effects[2],
        Effect::EditFile { path: folder.path().join("warned.md"), line: 4 },
        "at its problem"
    );
    reader.press("je");
    assert_eq!(reader.effects[3], Effect::EditFile { path: folder.path().join("good.md"), line: 1 });
}

#[test]
fn leaving() {
    let mut reader = Reader::of_news();
    reader.press("<enter>lq");
    assert_eq!(reader.app().focus(), Focus::Detail);
    reader.press("q?q");
    assert_eq!((reader.app().focus(), reader.app().context()), (Focus::List, Context::List));
    assert!(reader.effects.is_empty());
    reader.press("q");
    assert_eq!(reader.effects, [Effect::Quit]);
    for keys in ["Q", "<enter>Q", "<ctrl-c>", "<enter>l<ctrl-c>", "?<ctrl-c>", "a<ctrl-c><ctrl-c>"] {
        let mut reader = Reader::of_news();
        reader.press(keys);
        assert_eq!(reader.effects, [Effect::Quit], "{keys}");
    }
}

#[test]
fn ctrl_c_closes_a_prompt_and_the_text_can_be_had_again() {
    let place = |reader: &Reader| {
        let kind = reader.app().overlays().top_as::<PromptState>().map(|prompt| prompt.kind);
        (reader.app().context(), kind)
    };
    for (open, typed) in [
        ("a", "my own words"),
        ("/", "tides"),
        ("F", "topic:ai"),
        ("2F<ctrl-s>", "a-name"),
        ("<enter>/", "the"),
        ("t", "sea"),
        ("gp", "ig"),
        (":", "star"),
        ("?/", "unread"),
    ] {
        let mut reader = Reader::of_news();
        reader.press(open);
        let before = place(&reader);
        reader.paste(typed);
        reader.press("<ctrl-c>");
        assert!(reader.effects.is_empty(), "{open}: the reader stays");
        assert_ne!(place(&reader), before, "{open}: the prompt is closed");
        if before.0 != Context::Prompt {
            continue;
        }
        for _ in 0..2 {
            reader.press("<ctrl-c>").effects.clear();
        }
        reader.press(open.trim_start_matches("<enter>")).press("<up>");
        let Some(prompt) = reader.app().overlays().top_as::<PromptState>() else { panic!("{open}: no prompt") };
        assert!(prompt.input.text().ends_with(typed), "{open}: {}", prompt.input.text());
    }
}

#[test]
fn ctrl_c_answers_a_question_with_no() {
    let folder = (0..60).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), format!("# Number {n}\n")));
    let mut reader = Reader::of_folder(folder.path());
    reader.press("A");
    assert_eq!(reader.app().context(), Context::Confirm);
    reader.press("<ctrl-c>");
    assert_eq!((reader.app().context(), reader.changes.len(), reader.effects.len()), (Context::List, 0, 0));
}

#[test]
fn f1_is_help_everywhere_and_esc_leads_back() {
    for open in ["", "<enter>", "<enter>l", "/tide", "a", "F", "t", "gp", ":st", "?", "?/x", "<enter>U", "S", "T", "i"]
    {
        let mut reader = Reader::of_news();
        reader.press(open);
        let (before, was_help) = (reader.app().context(), open.starts_with('?'));
        reader.press("<f1>");
        let Some(palette) = reader.app().overlays().top_as::<Palette>() else { panic!("{open}: no help") };
        assert!(palette.is_help(), "{open}");
        if !was_help {
            reader.press("<esc>");
            assert_eq!(reader.app().context(), before, "{open}");
        }
    }
    // The reload that was requested is applied below it.
    let mut reader = Reader::of_news();
    reader.press("t<f1><esc>");
    assert!(reader.text().contains("The Sea"), "{}", reader.text());
}

#[test]
fn articles_are_usable_while_others_are_read() {
    let mut reader = Reader::empty();
    assert!(reader.text().contains("Reading the article files"));
    let all = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed");
    let articles: Vec<_> = all.feed.iter().collect();
    let some = |count: usize| Feed::new(articles[..count].to_vec(), now()).into();
    let job = JobId::next();
    for status in [JobStatus::Started, JobStatus::Progress(Progress::of(10, 89))] {
        reader.receive(Event::Job(JobReport { job, kind: JobKind::Load, status }));
    }
    reader.receive(Event::FeedLoaded { feed: some(10), problems: Vec::new(), complete: false });
    assert!(reader.text().contains("reading 10 of 89"), "{}", reader.text());
    assert_eq!(reader.app().list().selected(), 0, "the selection was not moved: the newest is selected");
    reader.press("jjj<enter>");
    let (title, row) = (reader.title(), reader.app().list().selected() - reader.frame.list.offset);
    for count in [20, 40, 80] {
        reader.receive(Event::FeedLoaded { feed: some(count), problems: Vec::new(), complete: false });
        assert_eq!(reader.title(), title, "the article stays");
    }
    reader.receive(Event::FeedLoaded { feed: all.feed, problems: Vec::new(), complete: true });
    assert_eq!(reader.title(), title);
    let list = reader.app().list();
    let row = row.min(list.selected());
    assert_eq!(list.selected() - reader.frame.list.offset, row, "and its row is at the same line of the screen");
    assert!(!reader.app().is_loading());
}

#[test]
fn a_failed_load_is_reported_and_removes_nothing() {
    let mut reader = Reader::of_news();
    let (job, error) = (JobId::next(), "cannot read news: no such file or directory".into());
    for status in [JobStatus::Started, JobStatus::Progress(Progress::of(1, 2)), JobStatus::Failed(error)] {
        reader.receive(Event::Job(JobReport { job, kind: JobKind::Load, status }));
    }
    assert!(!reader.app().is_loading() && reader.app().jobs().is_empty());
    assert_eq!(notice(&reader), "Cannot read news: no such file or directory");
    assert_eq!(reader.titles().len(), 5);
}

#[test]
fn a_reload_moves_nothing() {
    let mut reader = Reader::of_news();
    reader.press("jj<enter>");
    let title = reader.title();
    let folder = Folder::new().file("new.md", "---\ntitle: New\ndate: 2021-02-19\n---\n");
    let both = Library::Paths(vec!["tests/fixtures/news".into(), folder.path().to_owned()]);
    let loaded = both.load(now(), |_| {}).expect("both folders");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: Vec::new(), complete: true });
    assert_eq!((reader.title(), reader.app().list().selected()), (title, 3));
    assert_eq!(reader.titles()[0], "New");
}

#[test]
fn a_frame_costs_the_same_for_any_number_of_articles() {
    let built = |count: usize| {
        let mut folder = Vec::new();
        let seed = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed");
        let articles: Vec<_> = seed.feed.iter().collect();
        for n in 0..count {
            let mut article = (*articles[n % articles.len()]).clone();
            let path = format!("{n}.md");
            article.id = frontpage::feed::ArticleId::of_path(Path::new(&path));
            article.path = path.into();
            article.related.clear();
            folder.push(article.into());
        }
        let feed = Feed::new(folder, now());
        assert_eq!(feed.len(), count);
        let mut reader = Reader::with_settings("list: {day lines: no}").sized(160, 45);
        reader.receive(Event::FeedLoaded { feed: feed.into(), problems: Vec::new(), complete: true });
        let mut rows = vec![reader.frame.list.rows_built];
        for keys in ["j", "G", "<ctrl-b>", "k"] {
            reader.press(keys);
            rows.push(reader.frame.list.rows_built);
        }
        assert!(rows[0] > 20, "rows were built: {rows:?}");
        rows
    };
    assert_eq!(built(50), built(50_000));
}

#[test]
fn the_footer_hints_only_at_keys_that_work() {
    let folder = Folder::new().file("a.md", "Only words.");
    let mut reader = Reader::of_folder(folder.path());
    assert!(reader.text().contains("l open") && !reader.text().contains("o browser"), "{}", reader.text());
    reader.press("<enter>");
    assert!(!reader.text().contains("l related"), "{}", reader.text());
    let mut reader = Reader::of_news();
    reader.press("<enter>");
    assert!(reader.text().contains("l related") && reader.text().contains("o browser"), "{}", reader.text());
}

#[test]
fn every_action_of_the_table_can_be_reached_and_help_names_it() {
    let mut reader = Reader::of_news().sized(120, 140);
    reader.press("?");
    let keymap = frontpage::keymap::Keymap::new().expect("the table");
    let words: Vec<&str> = frontpage::app::commands::all().map(|named| named.name).collect();
    for word in words {
        let is_there = |reader: &Reader| reader.text().lines().any(|line| line.contains(&format!(" {word} ")));
        reader.press("<home>");
        let mut at = 0;
        while !is_there(&reader) && at < 100 {
            reader.press("<down>");
            at += 1;
        }
        assert!(is_there(&reader), "{word} is in help");
    }
    reader.press("<esc>");
    for context in [Context::List, Context::Detail, Context::Related] {
        assert!(keymap.hints(context).iter().any(|hint| hint.word == "help"), "help is hinted at in {context:?}");
    }
}
