//! Counts before commands: `5j` moves five rows, `3s` stars three, and what cannot be repeated runs once.

use frontpage::app::{Effect, Focus};
use frontpage::config::KeySettings;
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

/// Forty articles, ten an hour apart on each of four days. The first is long, has headings, and links to the others.
fn library() -> Folder {
    (0..40).fold(Folder::new(), |folder, n| {
        let date = now() - chrono::TimeDelta::hours(n / 10 * 24 + n % 10);
        let text: String = match n {
            0 => (0..10)
                .map(|part| format!("## Part {part}\n\n{}[to](a0{}.md)\n\n", "Words. ".repeat(90), part + 1))
                .collect(),
            _ => "Text.\n".to_owned(),
        };
        let head = format!("title: Article {n:02}\ndate: {}", date.format("%Y-%m-%dT%H:%M:%SZ"));
        folder.file(&format!("a{n:02}.md"), format!("---\n{head}\n---\n{text}"))
    })
}

fn reader(folder: &Folder) -> Reader {
    Reader::with_settings("navigation: hidden").reading(Library::Paths(vec![folder.path().to_owned()])).sized(160, 45)
}

/// The numbers of the articles for which something is true.
fn numbers(reader: &Reader, is_so: impl Fn(&Reader, frontpage::feed::ArticleId) -> bool) -> Vec<usize> {
    let feed = reader.app().feed();
    let numbered = (0..feed.len()).filter_map(|index| feed.get(index)).filter(|article| is_so(reader, article.id));
    let mut numbers: Vec<usize> =
        numbered.map(|article| article.title.as_str()[8..].parse().expect("a number")).collect();
    numbers.sort_unstable();
    numbers
}

fn read(reader: &Reader) -> Vec<usize> {
    numbers(reader, |reader, id| reader.app().marks().is_read(id))
}

fn starred(reader: &Reader) -> Vec<usize> {
    numbers(reader, |reader, id| reader.app().marks().is_starred(id))
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

#[test]
fn a_count_moves_the_selection_of_the_list_further() {
    let folder = library();
    let mut reader = reader(&folder);
    for (keys, title) in [
        ("5j", "Article 05"),
        ("12G", "Article 11"),
        ("3k", "Article 08"),
        ("20gg", "Article 19"),
        ("1G", "Article 00"),
        ("3n", "Article 03"),
        ("2p", "Article 01"),
        ("2)", "Article 20"),
        ("2(", "Article 00"),
        ("50%", "Article 20"),
        ("G", "Article 39"),
        ("99999999999k", "Article 00"),
        ("99999999999G", "Article 39"),
        ("gg0j", "Article 01"),
        // Around the list, as the same number of presses: 40 articles are unread.
        ("gg79n", "Article 39"),
        ("gg41p", "Article 39"),
        ("9999999999n", "Article 38"),
    ] {
        reader.press(keys);
        assert_eq!(reader.title(), title, "{keys}");
    }
    reader.press("gg");
    let half = reader.press("<ctrl-d>").app().list().selected();
    reader.press("gg3<ctrl-d>");
    assert_eq!(reader.app().list().selected(), 39.min(3 * half));
    assert!(read(&reader).is_empty() && reader.app().focus() == Focus::List);
}

#[test]
fn in_an_article_a_count_is_a_number_of_lines_a_line_or_a_percentage() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("<enter>");
    let last = reader.frame.detail.last_offset();
    assert!(last > 60, "{last}");
    for (keys, line) in [
        ("7j", 7),
        ("3k", 4),
        ("30G", 29),
        ("1gg", 0),
        ("50%", last.div_ceil(2)),
        ("100%", last),
        ("999999999k", 0),
        ("999999999j", last),
        // The keys of the list across: three lines of the article.
        ("gghh3J", 3),
        ("2K", 1),
    ] {
        reader.press(keys);
        assert_eq!(reader.frame.detail.offset, line, "{keys}");
    }
    reader.press("<enter>gg33%");
    assert!(reader.text().contains(" 33% "), "{}", reader.text());
    for (keys, part) in
        [("gg2}", "Part 1"), ("3}", "Part 4"), ("2{", "Part 2"), ("99999999}", "Part 9"), ("9999{", "Part 0")]
    {
        reader.press(keys).look();
        let title = reader.app().detail().scrolled().position.expect("a place");
        let article = reader.app().article().expect("an article");
        let expected =
            frontpage::feed::TextPosition::in_body(article.body.untrusted().find(part).expect("it is there"));
        assert_eq!(title, expected, "{keys}");
    }
    // Pages of this article only: nothing is marked by a number that is too large.
    reader.press("gg9999<space>");
    assert_eq!((reader.frame.detail.offset, reader.title().as_str()), (last, "Article 00"));
    assert_eq!(read(&reader), [0], "opened");
    reader.press("4J");
    assert_eq!((reader.title().as_str(), read(&reader)), ("Article 04", vec![0, 4]));
    reader.press("%");
    assert_eq!(notice(&reader), "Type a number before it, as in 50%");
}

#[test]
fn a_count_before_a_mark_marks_that_number_of_rows_as_one_change() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("5r");
    assert_eq!((read(&reader), reader.title().as_str()), (vec![0, 1, 2, 3, 4], "Article 05"));
    assert!(notice(&reader).starts_with("5 marked read"), "{}", notice(&reader));
    reader.press("3s");
    assert_eq!((starred(&reader), reader.title().as_str()), (vec![5, 6, 7], "Article 05"));
    reader.press("u");
    assert_eq!((starred(&reader), read(&reader).len()), (vec![], 5));
    reader.press("2<ctrl-r>2u");
    assert_eq!((starred(&reader), read(&reader)), (vec![], vec![]), "redone, and then both undone");
    reader.press("99999<ctrl-r>");
    assert_eq!((starred(&reader), read(&reader).len()), (vec![5, 6, 7], 5));
    // As far as there are rows. All of them have the star after it.
    reader.press("G2k99s");
    assert_eq!(starred(&reader), [5, 6, 7, 37, 38, 39]);
    reader.press("38Gj2s");
    assert_eq!(starred(&reader), [5, 6, 7, 37], "both had it");
    // A range that is selected already stays.
    reader.press("20Gvj9m");
    assert_eq!(read(&reader), [0, 1, 2, 3, 4, 19, 20]);
    // From the article, from its row on.
    reader.press("30G<enter>3m");
    assert_eq!(read(&reader), [0, 1, 2, 3, 4, 19, 20, 29, 30, 31]);
    reader.press("h4D");
    let hidden = numbers(&reader, |reader, id| reader.app().marks().is_hidden(id));
    assert_eq!(hidden, [29, 30, 31, 32]);
}

#[test]
fn in_the_related_articles_a_count_moves_and_marks_only_the_selected_one() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("<enter><enter>3j");
    assert_eq!((reader.app().focus(), reader.app().related().selected()), (Focus::Related, 3));
    reader.press("2G3s");
    assert_eq!(starred(&reader).len(), 1);
}

#[test]
fn lists_on_top_and_the_navigation_pane_take_counts() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("B");
    assert_eq!(reader.app().focus(), Focus::Navigation);
    let last = reader.app().panes().navigation().entries().len() - 1;
    for (keys, entry) in [("2G", 1), ("gg2j", 2.min(last)), ("99999999G", last), ("100k", 0)] {
        reader.press(keys);
        assert_eq!(reader.app().panes().navigation().selected(), entry, "{keys}");
    }
    reader.press("BT").look();
    let first = reader.app().shown_theme();
    let moved = |reader: &mut Reader, keys: &str| {
        reader.press(keys).look();
        reader.app().shown_theme()
    };
    let fifth = moved(&mut reader, "5G");
    let again = moved(&mut reader, "gg4j");
    assert!(fifth == again && fifth != moved(&mut reader, "gg"), "{first} {fifth} {again}");
    reader.press("<esc>");
    // Hints of links stay what they are.
    reader.press("gg<enter>U3");
    assert_eq!(reader.title(), "Article 03");
}

#[test]
fn what_cannot_be_repeated_runs_once() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("3e");
    assert_eq!(reader.effects.iter().filter(|effect| matches!(effect, Effect::EditFile { .. })).count(), 1);
    reader.press("7t");
    assert!(reader.app().overlay().is_some());
    reader.press("<esc>");
    assert!(reader.app().overlay().is_none(), "one picker: {}", reader.text());
    reader.press("3/Article<space>2<enter>");
    assert!((2..12).contains(&reader.titles().len()), "{:?}", reader.titles());
    reader.press("2<esc><esc>");
    assert_eq!(reader.titles().len(), 40, "the first Esc dropped the count");
    reader.press("3z3z4<enter>");
    assert_eq!(reader.app().focus(), Focus::Detail);
    reader.press("3h");
    assert_eq!(reader.app().focus(), Focus::List);
}

#[test]
fn a_count_goes_back_several_places_and_changes_the_width_several_steps() {
    let folder = library();
    let mut reader = reader(&folder);
    reader.press("gugsgagg<enter>");
    reader.press("U2");
    assert_eq!(reader.title(), "Article 02");
    reader.press("2<ctrl-o>");
    assert_eq!(reader.app().query().to_string(), "is:starred");
    reader.press("2]");
    assert_eq!((reader.app().query().to_string().as_str(), reader.title().as_str()), ("", "Article 02"));
    reader.press("99999999<ctrl-o>");
    assert_eq!(notice(&reader), "", "as far as it goes");
    reader.press("<ctrl-o>");
    assert_eq!(notice(&reader), "Nothing to go back to");
    let share = |reader: &Reader| reader.frame.share.expect("two panes");
    let before = share(&reader);
    reader.press("3>").look();
    let wider = share(&reader);
    reader.press("2<lt><lt>").look();
    assert!(wider > before && share(&reader) == before, "{before} {wider} {}", share(&reader));
    reader.press("99999999<lt>").look();
    assert_eq!(share(&reader), 200);
}

#[test]
fn a_typed_count_is_shown_until_a_key_uses_it_or_esc_drops_it() {
    let folder = library();
    for (columns, rows) in [(160, 45), (100, 30), (80, 20), (60, 20), (20, 5)] {
        let mut reader = reader(&folder).sized(columns, rows);
        let before = reader.footer();
        reader.press("12");
        assert!(reader.footer().lines().last().is_some_and(|line| line.trim() == "12 …"), "{}", reader.footer());
        reader.press("g");
        assert!(reader.footer().contains(" 12 g …"), "{}", reader.footer());
        reader.time_is(now() + chrono::TimeDelta::seconds(9));
        reader.look();
        assert!(rows < 20 || reader.text().contains("▌ 12 g … "), "what may follow: {}", reader.text());
        reader.press("<esc>");
        reader.time_is(now());
        assert_eq!((reader.footer(), reader.app().list().selected()), (before, 0));
        // Nothing follows a count alone that a box could list.
        reader.press("999999999999").time_is(now() + chrono::TimeDelta::seconds(9));
        reader.look();
        assert!(reader.footer().contains(" 9999999 …") && !reader.text().contains("▌ 9"), "{}", reader.text());
        reader.click((20, 2));
        assert!(!reader.footer().contains('9'), "a click drops it: {}", reader.footer());
    }
}

#[test]
fn digits_that_settings_bind_run_their_actions() {
    let folder = library();
    let (keys, problems) = KeySettings::parse("panes: {1: all, 2: unread, 3: starred}\n");
    assert_eq!(problems, []);
    let mut reader = reader(&folder).with_keys(&keys);
    reader.press("2");
    assert_eq!(reader.app().query().to_string(), "is:unread");
    reader.press("142j");
    assert_eq!((reader.app().query().to_string().as_str(), reader.title().as_str()), ("", "Article 39"));
}

#[test]
fn a_count_before_the_key_of_the_browser_follows_the_link_with_this_number() {
    let folder = library();
    let mut reader = reader(&folder);
    for pane in ["", "<enter>"] {
        reader.press("gg").press(pane).press("3o");
        assert_eq!(reader.app().article().map(|article| article.title.to_string()).as_deref(), Some("Article 03"));
        reader.press("<ctrl-o>").press("hhh");
    }
    reader.press("gg44o");
    assert_eq!(notice(&reader), "No link `44`: the article has 10 links");
}
