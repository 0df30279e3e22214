//! The list: columns, dates, days, the way back to earlier views.

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// A reader of a folder without the navigation pane.
fn reader_of(folder: &std::path::Path) -> Reader {
    let library = frontpage::library::Library::Paths(vec![folder.to_owned()]);
    Reader::with_settings("navigation: hidden").reading(library)
}

/// The cells of each row of the list in which its title is drawn. Titles are `TTTT…` or `tttt…`.
fn title_cells(reader: &Reader) -> Vec<usize> {
    let area = reader.frame.list.area;
    let rows = (area.top()..area.bottom()).filter(|y| reader.frame.list.row_at((area.x, *y)).is_some());
    rows.map(|y| {
        let cells: Vec<&str> = (area.left()..area.right()).map(|x| reader.screen()[(x, y)].symbol()).collect();
        let is_title = |cell: &&&str| matches!(**cell, "T" | "t" | "…");
        let start = cells.iter().position(|cell| is_title(&cell)).unwrap_or(cells.len());
        cells[start..].iter().take_while(is_title).count()
    })
    .collect()
}

/// Articles with long titles; of each third, one lacks what a line of `front` says.
fn folder(front: &[&str]) -> Folder {
    (0..30).fold(Folder::new(), |folder, n| {
        let lines = front.iter().enumerate().filter(|(at, _)| n % 3 != *at).map(|(_, line)| format!("{line}\n"));
        let text = format!("---\ntitle: {} {n}\n{}---\nText.\n", "T".repeat(190), lines.collect::<String>());
        folder.file(&format!("{n}.md"), text)
    })
}

#[test]
fn titles_get_at_least_60_percent_of_the_list() {
    let (provider, date, topics) =
        ("provider: {name: The Times of Harbours}", "date: 2020-05-10T04:06:00Z", "topics: [Sea, Ships, Slow Clocks]");
    for front in [
        &[][..],
        &[provider],
        &[date],
        &[topics],
        &[provider, date],
        &[date, topics, provider],
        &[provider, date, "quality: 12345"],
    ] {
        let folder = folder(front);
        for (columns, rows) in [(120, 30), (160, 45), (100, 30), (80, 24), (60, 20), (40, 16), (20, 5)] {
            let mut reader = reader_of(folder.path()).sized(columns, rows);
            for keys in ["", ":sort quality<enter>", ":sort title<enter>"] {
                // The number has priority over the date.
                let yields = columns == 40 && keys.contains("quality") && front.contains(&"quality: 12345");
                reader.press(keys);
                let width = usize::from(reader.frame.frames[0].width);
                let titles = title_cells(&reader);
                let average = titles.iter().sum::<usize>() * 100 / titles.len();
                assert!(
                    average >= width * 60 && titles.iter().min() >= Some(&(width * 55 / 100)),
                    "{average} of {width} {front:?}: {}",
                    reader.text()
                );
                let has_date = front.contains(&date) && columns > 20 && !yields;
                assert_eq!(reader.text().contains("May 2020"), has_date, "{}", reader.text());
            }
        }
    }
}

/// A column that no row of the view fills is not there: titles have its place.
#[test]
fn empty_columns_are_not_drawn() {
    let lines = ["provider: {name: The Times of Harbours}", "date: 2020-05-10T04:06:00Z"];
    let with = folder(&lines);
    let library = frontpage::library::Library::Paths(vec![with.path().to_owned()]);
    let mut reader = Reader::with_settings("list: {day lines: no}\nnavigation: hidden").reading(library).sized(160, 45);
    assert!(reader.text().contains("The Times…") && reader.text().contains("May 2020"), "{}", reader.text());
    let widest = |reader: &Reader| title_cells(reader).into_iter().max().expect("rows");
    let width = usize::from(reader.frame.list.area.width);
    assert_eq!(widest(&reader), width - 4 - 11, "a title continues where its row has no provider");
    reader.press("F-date:*<enter>");
    assert!(!reader.text().contains("May 2020") && reader.text().contains("The Times of…"), "{}", reader.text());
    assert_eq!(widest(&reader), width - 4 - 16);
    reader.press("cF-provider:*<enter>");
    assert_eq!(widest(&reader), width - 4 - 11);
    assert!(!reader.text().contains("The Times"), "{}", reader.text());
    let bare = folder(&[]);
    let reader = reader_of(bare.path()).sized(160, 45);
    let width = usize::from(reader.frame.list.area.width);
    assert!(title_cells(&reader).into_iter().all(|title| title == width - 5), "{}", reader.text());
}

/// Eight articles on each of six days, with short titles.
fn days() -> Folder {
    (0..48).fold(Folder::new(), |folder, n| {
        let date = format!("2021-02-{:02}T{:02}:07:00Z", 19 - n / 8, 20 - n % 8);
        folder.file(&format!("{n}.md"), format!("---\ntitle: Article {n:02}\ndate: {date}\n---\nText.\n"))
    })
}

fn row_text(reader: &Reader, y: u16) -> String {
    let area = reader.frame.list.area;
    (area.left()..area.right()).map(|x| reader.screen()[(x, y)].symbol()).collect::<String>()
}

/// The lines of the list are as `FrameInfo` says, and the selected row is one of them.
fn check_rows(reader: &Reader) {
    let (list, app) = (&reader.frame.list, reader.app());
    let mut selected = false;
    for y in list.area.top()..list.area.bottom() {
        let (cell, text) = ((list.area.x, y), row_text(reader, y));
        assert!(list.row_at(cell).is_none() || list.day_at(cell).is_none());
        if let Some(row) = list.row_at(cell) {
            let index = app.list().rows().get(row).expect("a row");
            let title = app.feed().get(index).expect("an article").title.to_string();
            // The second line of a row has no title.
            assert!(text.contains(&title) || list.row_lines == 2, "{text} {title}: {}", reader.text());
            selected |= row == app.list().selected() && text.contains('▸');
        }
        assert_eq!(list.day_at(cell).is_some(), text.contains("──"), "{text}: {}", reader.text());
    }
    assert!(selected, "{}", reader.text());
}

#[test]
fn days_have_lines_and_rows_only_the_time() {
    let folder = days();
    let reader = reader_of(folder.path()).sized(160, 45);
    let text = reader.text();
    assert!(text.contains("── Fri 19 February 2021 · yesterday ──") && text.contains("── 8 ──"), "{text}");
    assert!(text.contains("Article 00") && text.contains(" 20:07 ┃"), "{text}");
    check_rows(&reader);
    // Every way to move keeps the lines and the rows exact.
    for size in [(139, 45), (120, 30), (100, 44), (60, 20), (60, 12)] {
        for density in ["compact", "comfortable"] {
            let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
            let settings = format!("density: {density}\nlist: {{day lines: yes}}\nnavigation: hidden");
            let mut reader = Reader::with_settings(&settings).reading(library).sized(size.0, size.1);
            let keys = "<ctrl-f>jj)<ctrl-f>kkG(<ctrl-b>(k<ctrl-u>((gg))<ctrl-d>)j)j";
            for key in frontpage::keymap::Key::parse_all(keys).expect("keys") {
                reader.press_key(key);
                check_rows(&reader);
            }
            for turns in [1, 2, -1, 5, 50, -3, -50] {
                let before = reader.frame.list.offset;
                reader.wheel((5, 5), turns);
                check_rows(&reader);
                let offset = reader.frame.list.offset;
                assert!(if turns > 0 { offset >= before } else { offset < before }, "{turns}: {}", reader.text());
            }
        }
    }
}

#[test]
fn keys_and_clicks_go_from_day_to_day() {
    let folder = days();
    let mut reader = reader_of(folder.path()).sized(160, 45);
    let notice = |reader: &Reader| reader.app().notice().map(|notice| notice.text.to_string());
    for (key, title) in [(")", "Article 08"), (")", "Article 16"), ("jj(", "Article 16"), ("(", "Article 08")] {
        reader.press(key);
        assert_eq!(reader.title(), title);
    }
    reader.press("gg(");
    assert_eq!(notice(&reader).as_deref(), Some("No day above"));
    reader.press("G)");
    assert_eq!(notice(&reader).as_deref(), Some("No day below"));
    reader.press("gg");
    let line = reader.cell_of(" Thu 18 February");
    reader.double_click(line);
    assert_eq!((reader.title().as_str(), reader.app().focus()), ("Article 08", frontpage::app::Focus::List));
    // The day at the top of the screen begins above it.
    reader.press("GGkkk");
    let area = reader.frame.list.area;
    let first = reader.frame.list.day_at((area.x, area.y)).expect("a line at the top");
    assert!(!first.is_multiple_of(8), "{}", reader.text());
    reader.click((area.x + 5, area.y));
    assert_eq!(reader.app().list().selected(), first / 8 * 8);
    // Without lines, and from the earliest to the latest day.
    reader.press(":sort date<enter>gg)");
    assert_eq!(reader.title(), "Article 39");
    reader.press(":sort title<enter>)");
    assert!(notice(&reader).is_some_and(|notice| notice.contains("not sorted by date")), "{:?}", notice(&reader));
    let area = reader.frame.list.area;
    assert!((area.top()..area.bottom()).all(|y| reader.frame.list.day_at((area.x, y)).is_none()), "{}", reader.text());
    let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::with_settings("list: {day lines: no}\nnavigation: hidden").reading(library).sized(160, 45);
    reader.press("))");
    assert!(reader.title() == "Article 16" && !reader.text().contains("── Fri"), "{}", reader.text());
}

/// What is at the top of the list's frame.
fn title_line(reader: &Reader) -> String {
    reader.text().lines().next().expect("a line").to_owned()
}

#[test]
fn the_title_of_the_list_has_the_filters_and_each_can_be_removed() {
    let mut reader = Reader::of_news_with("navigation: hidden").unfolded().sized(160, 45);
    reader.press("cF<ctrl-u>the<space>is:unread<space>topic:=\"the<space>sea\"<enter>");
    let title = title_line(&reader);
    assert!(title.contains("▌ ≡ news › the › unread › #The Sea ") && title.contains("1 of "), "{title}");
    // A click on a filter removes that one, Esc the last one.
    let before = reader.app().query().to_string();
    let at = reader.cell_of("unread ›");
    reader.click((at.0 + 2, at.1));
    assert!(title_line(&reader).contains("▌ ≡ news › the › #The Sea "), "{}", title_line(&reader));
    reader.press("<esc>");
    assert!(title_line(&reader).contains("▌ ≡ news › the ━"), "{}", title_line(&reader));
    let at = reader.cell_of("news ›");
    // The library is above all filters.
    reader.click(at);
    assert!(title_line(&reader).contains("▌ ≡ news ━"), "{}", title_line(&reader));
    reader.press("<ctrl-o><ctrl-o><ctrl-o>");
    assert_eq!(reader.app().query().to_string(), before);
    // On a narrow screen the last filters stay.
    let shown = |columns: u16| {
        let keys = before.replace(' ', "<space>");
        let mut reader = Reader::of_news().sized(columns, 20);
        reader.press(&format!("F<ctrl-u>{keys}<enter>"));
        title_line(&reader).split(" ━").next().unwrap_or_default().to_owned()
    };
    assert_eq!(shown(60), "▌ ≡ news › the › unread › #The Sea");
    assert_eq!(shown(40), "▌ ≡ … › unread › #The Sea");
    assert_eq!(shown(32), "▌ ≡ … › #The Sea");
    (20..60).for_each(|columns| drop(shown(columns)));
}

#[test]
fn the_way_back_leads_through_earlier_views() {
    let folder = days();
    let mut reader = reader_of(folder.path()).sized(160, 45);
    let query = |reader: &Reader| reader.app().query().to_string();
    reader.press("jjj");
    reader.press("/article<space>1<enter>jj");
    let (found, selected) = (query(&reader), reader.title());
    reader.press(":sort title<enter>");
    assert_eq!(query(&reader), format!("{found} sort:title"));
    reader.press("<ctrl-o>");
    assert_eq!((query(&reader), reader.title()), (found.clone(), selected.clone()));
    reader.press("<ctrl-o>");
    assert_eq!((query(&reader).as_str(), reader.title().as_str()), ("", "Article 03"), "a typed search is one step");
    reader.press("<ctrl-o>");
    assert_eq!(reader.app().notice().map(|notice| notice.text.to_string()).as_deref(), Some("Nothing to go back to"));
    reader.press("]");
    assert_eq!((query(&reader), reader.title()), (found.clone(), selected));
    reader.press("]");
    assert_eq!(query(&reader), format!("{found} sort:title"));
    // A cancelled search is no step, and forgets nothing.
    reader.press("<ctrl-o>/tide<esc>");
    assert_eq!(query(&reader), found);
    reader.press("]");
    assert_eq!(query(&reader), format!("{found} sort:title"));
    // A read article stays on the screen when the user returns to it, even if the view does not find it any more.
    reader.press("c");
    reader.press(":unread<enter>l");
    let title = reader.title();
    reader.press(":search other<enter>");
    assert_ne!(reader.title(), title);
    reader.press("<ctrl-o>");
    let focus = reader.app().focus();
    assert_eq!((query(&reader).as_str(), reader.title(), focus), ("is:unread", title, frontpage::app::Focus::Detail));
}
