//! The mouse: clicks, wheel and drags, on all screen sizes and with each overlay; and dragging pane borders.

use std::collections::HashMap;
use std::time::Duration;

use frontpage::app::{
    Bookmark, Context, Effect, Event, Focus, LabelPicker, LinkList, Menu, PaneLayout, ProblemList, SavedSearchList,
    SessionInit, SortList, UserConfig,
};
use frontpage::config::{LayoutSettings, NavigationSetting, Settings};
use frontpage::keymap::{MouseGesture, MouseInput, MouseTracker};
use frontpage::library::Library;
use frontpage::query::SavedSearches;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};
use crate::rounds;

const WIDE: (u16, u16) = (160, 45);
/// Keys that open each overlay, or another layer above the panes.
const OVERLAYS: [&str; 14] = ["", "t", "gp", "U", "P", "?", "S", "f", "/", "F", "l/e", "a", "z", "A"];

/// The built-in feed, which has many articles with topics and texts; one saved search.
fn built_in((columns, rows): (u16, u16)) -> Reader {
    let reader = Reader::with_settings("navigation: hidden").reading(Library::BuiltIn);
    let mut reader = reader.sized(columns, rows).unfolded();
    reader.save_searches(SavedSearches::new([("old".to_owned(), "date:..1990".to_owned())]));
    reader
}

/// The cell in the middle of a row of the list, counted on the screen.
fn row(reader: &Reader, row: u16) -> (u16, u16) {
    (reader.frame.list.area.x + 20, reader.frame.list.area.y + row)
}

/// Selects an article that is longer than the screen.
fn select_long(reader: &mut Reader) {
    while reader.frame.detail.lines < reader.frame.detail.page() + 10 {
        reader.press("j");
    }
}

fn is_read(reader: &Reader) -> bool {
    reader.app().article().is_some_and(|article| reader.app().marks().is_read(article.id))
}

#[test]
fn a_click_selects_as_a_key_does() {
    let mut reader = built_in(WIDE);
    let mut keys = built_in(WIDE);
    keys.press("jjjj");
    let at = row(&reader, 4);
    reader.click(at);
    assert_eq!(reader.text(), keys.text());
    assert_eq!((reader.app().list().selected(), reader.app().focus(), is_read(&reader)), (4, Focus::List, false));
    assert_eq!(reader.effects, []);
    // From the article back to the list, and a range goes along.
    reader.press("lv");
    let at = row(&reader, 9);
    reader.click(at);
    assert_eq!((reader.app().focus(), reader.app().list().range_rows()), (Focus::List, 4..10));
    // Below the last row there is nothing to select.
    let mut few = Reader::of_news().sized(160, 45);
    let selected = few.app().list().selected();
    let below = (few.frame.list.area.x + 20, 40);
    few.press("l").click(below);
    assert_eq!((few.app().focus(), few.app().list().selected()), (Focus::List, selected));
}

#[test]
fn a_double_click_opens_as_enter_does() {
    for size in [WIDE, (100, 30), (60, 20)] {
        let mut reader = built_in(size);
        let at = row(&reader, 3);
        reader.double_click(at);
        assert_eq!((reader.app().focus(), is_read(&reader)), (Focus::Detail, true), "{size:?}");
        let mut slow = built_in(size);
        slow.click_twice(at, Duration::from_millis(401));
        assert_eq!((slow.app().focus(), slow.app().list().selected(), is_read(&slow)), (Focus::List, 3, false));
    }
}

#[test]
fn a_related_entry_is_selected_and_opened() {
    let mut reader = Reader::of_news().sized(160, 45);
    while reader.frame.related.entries < 2 {
        reader.press("j");
    }
    let at = (reader.frame.related.area.x + 40, reader.frame.related.area.y + 1);
    reader.click(at);
    assert_eq!((reader.app().focus(), reader.app().related().selected()), (Focus::Related, 1));
    let before = reader.title();
    reader.double_click(at);
    let opened = reader.effects.iter().any(|effect| matches!(effect, Effect::OpenLink(_)));
    assert!(opened || reader.title() != before, "it is opened here or in the browser");
}

#[test]
fn a_click_gives_a_pane_the_focus_and_marks_nothing() {
    let mut reader = built_in(WIDE);
    let cell = |area: ratatui::layout::Rect| (area.x + 5, area.bottom() - 1);
    for (area, focus) in [
        (reader.frame.detail.area, Focus::Detail),
        (reader.frame.related.area, Focus::Related),
        (reader.frame.list.area, Focus::List),
    ] {
        reader.click(cell(area));
        assert_eq!(reader.app().focus(), focus);
        assert!(!is_read(&reader));
    }
    // On a medium screen the related articles are a line, which unfolds.
    let mut medium = built_in((100, 30));
    let at = medium.cell_of(" Related ");
    medium.click(at);
    assert_eq!(medium.app().focus(), Focus::Related);
    assert!(medium.frame.related.area.height > 0);
}

#[test]
fn a_wheel_scrolls_the_pane_under_it_and_leaves_the_focus() {
    let mut reader = built_in((160, 30));
    let (list, detail) = ((5, 5), (100, 10));
    select_long(&mut reader);
    reader.wheel(detail, 1);
    assert_eq!((reader.frame.detail.offset, reader.app().focus()), (3, Focus::List));
    reader.wheel(detail, -1);
    assert_eq!(reader.frame.detail.offset, 0);
    // The list scrolls under the selection, which stays as long as it can be seen.
    let at = row(&reader, 20);
    reader.click(at).wheel(list, 2);
    assert_eq!((reader.frame.list.offset, reader.app().list().selected()), (6, 20), "the list moves under it");
    reader.wheel(list, 1000);
    let (offset, page, count) = (reader.frame.list.offset, reader.frame.list.page(), reader.app().list().rows().len());
    assert_eq!(
        (offset, reader.app().list().selected()),
        (count - page, 20.max(count - page + 3)),
        "with rows around it"
    );
    reader.wheel(list, -1000);
    assert_eq!(reader.frame.list.offset, 0);
    assert!(reader.app().list().selected() < page);
    // The article stays open.
    reader.press("gg");
    let title = reader.title();
    reader.press("l").wheel(list, 1000);
    assert_eq!((reader.title(), reader.app().focus()), (title, Focus::Detail));
    assert!(reader.app().list().selected() > 0);
    // The footer does not scroll.
    let before = reader.text();
    reader.wheel((5, 29), 5);
    assert_eq!(reader.text(), before);
}

#[test]
fn a_topic_narrows_the_list() {
    for size in [WIDE, (100, 40), (60, 20)] {
        let mut reader = built_in(size);
        reader.press("/alphafold<enter>c");
        if size.0 < 80 {
            reader.press("l");
        }
        let article = reader.app().article().expect("an article");
        assert!(article.topics.len() >= 2);
        let topic = article.topics[1].shown().to_string();
        let (x, y) = reader.cell_of(&format!("#{topic}"));
        reader.click((x + 1, y));
        assert_eq!(reader.app().query().picked(frontpage::query::Field::Topic), [topic.to_lowercase()]);
        let shown = reader.app().article().map(|article| article.id);
        assert_eq!(shown, Some(article.id), "the article has the topic, so it stays");
        assert!(!reader.frame.list.area.is_empty(), "what is left is shown");
        // A second press on the same cell is not meant for the row that is there now.
        let query = reader.app().query().clone();
        reader.point(MouseGesture::Press, (x + 1, y), Duration::from_millis(100));
        assert_eq!(reader.app().query(), &query);
    }
}

#[test]
fn topics_are_where_they_are_drawn() {
    for columns in [62, 85, 130, 200] {
        let mut reader = built_in((columns, 40)).unfolded();
        reader.press("l");
        for _ in 0..30 {
            reader.press("J");
            let article = reader.app().article().expect("an article");
            let text = reader.text();
            for cells in reader.frame.detail.topics.iter() {
                let line = text.lines().nth(cells.row.into()).expect("a line");
                let part: String = line.chars().skip(cells.column.into()).take(cells.columns.into()).collect();
                let topic = format!("#{}", article.topics[usize::from(cells.index)].shown());
                assert!(topic.contains(&part) && !part.trim().is_empty(), "{part:?} of {topic:?}");
            }
            let told = reader.frame.detail.topics.iter().count();
            assert!(told >= article.topics.len(), "{told} of {}", article.topics.len());
        }
    }
}

#[test]
fn the_divider_can_be_dragged() {
    let mut reader = built_in(WIDE);
    let [list, ..] = reader.frame.frames;
    reader.drag((list.right() - 1, 7), &[(90, 8), (100, 9)]);
    assert_eq!((reader.frame.frames[0].width, reader.frame.frames[1].x), (101, 101));
    reader.drag((101, 7), &[(60, 40)]);
    assert_eq!(reader.frame.frames[1].x, 60);
    assert_eq!(reader.frame.frames[2].x, 60);
    reader.drag((60, 30), &[(0, 0)]);
    assert_eq!(reader.frame.frames[0].width, 32, "both sides stay usable");
    reader.drag((32, 30), &[(159, 0)]);
    assert_eq!(reader.frame.frames[0].width, 128);
    assert_eq!((reader.app().focus(), reader.app().list().selected()), (Focus::List, 0), "nothing else was meant");
    // A click on it is one on the pane.
    reader.click((128, 5));
    assert_eq!((reader.app().focus(), reader.frame.frames[0].width), (Focus::Detail, 128));
    // Not below an overlay.
    reader.press("S").drag((127, 5), &[(60, 5)]);
    assert_eq!((reader.frame.frames[0].width, reader.app().context()), (128, Context::Detail));

    let mut medium = built_in((100, 30));
    let border = medium.frame.frames[0].bottom();
    medium.drag((40, border), &[(40, 20)]);
    assert_eq!((medium.frame.frames[0].height, medium.frame.frames[1].y), (20, 20));
    medium.drag((40, 19), &[(40, 9)]);
    assert_eq!((medium.frame.frames[0].height, medium.frame.frames[1].y), (10, 10));
}

rounds!(every_column_can_be_dragged_to, 11, 1);

/// Drags to every `step`-th column.
fn every_column_can_be_dragged_to(step: usize) {
    for width in [120, 133, 160, 197, 250] {
        let mut reader = built_in((width, 30));
        for column in (width / 5 + 1..width * 4 / 5).step_by(step) {
            let border = reader.frame.frames[1].x;
            reader.drag((border, 3), &[(column, 3)]);
            assert_eq!(reader.frame.frames[1].x, column, "of {width}");
        }
    }
}

#[test]
fn keys_change_the_shape() {
    let mut reader = built_in(WIDE);
    let width = |reader: &Reader| reader.frame.frames[0].width;
    assert_eq!(width(&reader), 74);
    reader.press("<gt>");
    assert_eq!(width(&reader), 80);
    reader.press("<lt><lt>");
    assert_eq!(width(&reader), 67);
    reader.press(&"<lt>".repeat(50));
    assert_eq!(width(&reader), 32);
    reader.press(&"<gt>".repeat(50));
    assert_eq!(width(&reader), 128);
    reader.press("lz");
    assert_eq!(reader.frame.frames, [ratatui::layout::Rect::ZERO, reader.frame.body, ratatui::layout::Rect::ZERO]);
    reader.press("<lt>");
    assert_eq!(reader.app().notice().map(|notice| notice.text.as_str()), Some("Only one pane is shown"));
    // The panes come one at a time, and the list with its selection.
    reader.press("h");
    assert_eq!(reader.frame.frames[0], reader.frame.body);
    assert!(reader.footer().contains("zen"));
    reader.press("z");
    assert_eq!((width(&reader), reader.frame.share), (128, Some(800)));
    // Keys that come faster than frames.
    let mut reader = reader.blind();
    reader.press("zz<lt>z<lt>z").look();
    assert_eq!(width(&reader), 122);
}

#[test]
fn the_shape_is_kept_and_the_settings_may_give_another() {
    let loaded = Library::BuiltIn.load(now(), |_| {}).expect("the feed");
    let begin = |bookmark: Option<Bookmark>, list_share| {
        let layout = LayoutSettings { list: Some(list_share), ..LayoutSettings::default() };
        let navigation = NavigationSetting::Hidden;
        let user = UserConfig::from(Settings { layout, navigation, ..Settings::in_utc() });
        let init = SessionInit { bookmark, user, ..SessionInit::default() };
        let mut reader = Reader::starting(init).sized(160, 45);
        reader.receive(Event::FeedLoaded { feed: loaded.feed.clone(), problems: Vec::new(), complete: true });
        reader
    };
    let mut reader = begin(None, 30);
    assert_eq!(reader.frame.frames[0].width, 48);
    assert_eq!(reader.app().bookmark().map(|bookmark| bookmark.layout), Some(PaneLayout::default()));
    reader.press("<gt>z");
    let bookmark = reader.app().bookmark().expect("a bookmark");
    assert_eq!(bookmark.layout, PaneLayout { zen: true, share: Some(340), navigation: None });
    let mut again = begin(Some(bookmark), 70);
    assert_eq!(again.frame.frames[0], again.frame.body);
    again.press("z");
    assert_eq!(again.frame.frames[0].width, 54);
    assert_eq!(begin(None, u16::MAX).frame.frames[0].width, 128);
}

#[test]
fn rows_of_overlays_are_selected_and_chosen() {
    let cursor = |reader: &Reader| {
        let top = reader.app().overlays();
        let topics = top.top_as::<LabelPicker>().map(|picker| picker.rows.cursor);
        let links = top.top_as::<LinkList>().map(|list| list.rows.cursor);
        let saved = top.top_as::<SavedSearchList>().map(|list| list.cursor);
        let orders = top.top_as::<SortList>().map(|list| list.cursor);
        let problems = top.top_as::<ProblemList>().map(|list| list.cursor);
        topics.or(links).or(saved).or(orders).or(problems).expect("rows").at
    };
    // Topics: a row far down is scrolled to, stays where it is when it is selected, and is applied.
    let mut reader = built_in((100, 16));
    reader.press("t");
    let rows = reader.frame.overlay.rows;
    reader.wheel((rows.x, rows.y), 1);
    let (offset, height) = (reader.frame.overlay.offset, usize::from(rows.height));
    assert_eq!((offset, cursor(&reader)), (3, 3), "it scrolled by three rows a turn");
    let at = (rows.x + 10, rows.y + 8);
    reader.click(at);
    assert_eq!((reader.frame.overlay.offset, cursor(&reader)), (3, 11));
    reader.press("<up>");
    assert_eq!(cursor(&reader), 10);
    reader.press("<esc>t").wheel(at, 1000);
    assert_eq!(reader.frame.overlay.offset, reader.frame.overlay.lines - height);
    reader.press("<esc>t").click((rows.x + 10, rows.y + 2));
    let Some(picker) = reader.app().overlays().top_as::<LabelPicker>() else { panic!("the topics") };
    let name = picker.label(2).expect("a row").name.to_string();
    reader.double_click((rows.x + 10, rows.y + 2));
    assert_eq!(reader.app().context(), Context::List);
    assert_eq!(reader.app().query().picked(frontpage::query::Field::Topic), [name.to_lowercase()]);
    // A topic that is double-clicked is added to the picked ones.
    reader.press("t").double_click((rows.x + 10, rows.y + 2));
    assert_eq!(reader.app().context(), Context::List);
    reader.press("ct<ctrl-space>").double_click((rows.x + 10, rows.y + 3));
    assert_eq!(reader.app().query().picked(frontpage::query::Field::Topic).len(), 2);
    // A check box picks its row and nothing else; a click outside does not drop what was picked.
    reader.press("ct").click((rows.x + 2, rows.y + 1)).click((rows.x + 4, rows.y + 3));
    let Some(picker) = reader.app().overlays().top_as::<LabelPicker>() else { panic!("the topics") };
    assert_eq!(picker.picked_names().len(), 2);
    assert!(reader.text().contains("▸ [x]"), "{}", reader.text());
    reader.click((1, 1));
    assert!(reader.text().contains("Enter lists what is picked, Esc drops it"), "{}", reader.text());
    reader.click((rows.x + 3, rows.y + 1)).press("<enter>");
    assert_eq!(reader.app().query().picked(frontpage::query::Field::Topic).len(), 1);
    // Where nothing was picked it closes, and so does Esc always.
    reader.press("ct").click((rows.x + 5, rows.y + 1)).click((1, 1));
    assert_eq!(reader.app().context(), Context::List);
    reader.press("t").click((rows.x + 2, rows.y + 1)).press("<esc>");
    assert_eq!((reader.app().context(), reader.app().query().to_string()), (Context::List, String::new()));
    // Orders.
    reader.press("cS");
    let rows = reader.frame.overlay.rows;
    reader.click((rows.x + 3, rows.y + 1));
    assert_eq!(cursor(&reader), 1);
    reader.double_click((rows.x + 3, rows.y + 1));
    assert_eq!(reader.app().query().to_string(), "sort:-heat");
    // Saved searches: rows of two lines.
    reader.press("cf");
    let rows = reader.frame.overlay.rows;
    reader.double_click((rows.x + 3, rows.y + 1));
    assert_eq!(reader.app().query().to_string(), "saved:old");
    // Links.
    let mut news = Reader::of_news().sized(160, 45);
    news.press("U");
    let rows = news.frame.overlay.rows;
    news.click((rows.x + 30, rows.y + 2));
    assert_eq!(cursor(&news), 1);
    news.effects.clear();
    news.double_click((rows.x + 30, rows.y + 2));
    assert!(matches!(news.effects.as_slice(), [Effect::OpenLink(_)]), "{:?}", news.effects);
    // Problems.
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.md", "b.md", "c.md"] {
        std::fs::write(folder.path().join(name), "---\ntitle: [\n---\n").expect("a file");
    }
    let mut broken = Reader::of_folder(folder.path());
    broken.press("P");
    let rows = broken.frame.overlay.rows;
    broken.click((rows.x + 30, rows.y + 5));
    assert_eq!(cursor(&broken), 2);
    broken.double_click((rows.x + 30, rows.y + 3));
    assert!(
        matches!(broken.effects.as_slice(), [Effect::EditFile { path, .. }] if path.ends_with("b.md")),
        "{:?}",
        broken.effects
    );
}

#[test]
fn the_keys_scroll_and_a_click_beside_closes_as_esc_does() {
    let mut reader = built_in((100, 30));
    reader.press("?").wheel((50, 15), 3);
    assert_eq!(reader.frame.overlay.offset, 9);
    reader.click((50, 15));
    assert_eq!((reader.app().context(), reader.frame.overlay.offset), (Context::Help, 9), "there is nothing to select");
    reader.wheel((50, 15), -1);
    assert_eq!(reader.frame.overlay.offset, 6);
    for keys in ["t", "gp", "S", "f", "U", "?"] {
        reader.press("<esc>").press(keys);
        assert_ne!(reader.app().context(), Context::List);
        let scroll = (reader.frame.list.offset, reader.frame.detail.offset);
        reader.wheel((1, 1), 5).wheel((1, 20), 5);
        assert_eq!((reader.frame.list.offset, reader.frame.detail.offset), scroll, "what lies below does not scroll");
        // The footer closes nothing.
        reader.click((99, 28));
        assert_ne!(reader.app().context(), Context::List, "{keys}");
        reader.click((1, 1));
        assert_eq!((reader.app().context(), reader.app().list().selected()), (Context::List, 0), "{keys}");
    }
    // A question is answered with no.
    reader.press("A");
    assert_eq!(reader.app().context(), Context::Confirm);
    reader.click((99, 29));
    assert_eq!(reader.app().context(), Context::Confirm);
    reader.click((1, 3));
    assert_eq!((reader.app().context(), reader.changes.len()), (Context::List, 0));
}

#[test]
fn pointing_at_what_a_search_found_keeps_the_search() {
    let mut reader = built_in((100, 30));
    reader.press("/language");
    assert!(reader.titles().len() > 3);
    let title = reader.titles()[1].clone();
    let at = row(&reader, 1);
    let longer = reader.frame.detail.lines > reader.frame.detail.page();
    reader.wheel((50, 20), 1);
    assert_eq!((reader.app().context(), reader.frame.detail.offset > 0), (Context::Prompt, longer));
    // The line itself and the lines below it stay the same.
    for line in [27, 28] {
        reader.click((3, line));
        assert_eq!(reader.app().context(), Context::Prompt);
    }
    reader.click(at);
    assert_eq!((reader.app().context(), reader.title()), (Context::List, title));
    assert_eq!(reader.app().query().to_string(), "language");
    // An invalid query is not saved, and a note is not lost.
    for keys in ["/quality:x", "aWords"] {
        reader.press(keys).click(at);
        assert_eq!(reader.app().context(), Context::Prompt, "{keys}");
        reader.press("<esc>");
    }
    // Hits in the article stay.
    reader.press("l/the");
    let (_, y) = reader.cell_of("Article · hit");
    reader.click((40, y + 3));
    assert_eq!(reader.app().context(), Context::Detail);
    assert!(reader.app().detail().find().is_some());
}

#[test]
fn a_click_ends_a_sequence_of_keys() {
    let mut reader = built_in(WIDE);
    reader.press("jjjg");
    let at = row(&reader, 5);
    reader.click(at).press("g");
    assert_eq!(reader.app().list().selected(), 5, "one g, which waits for another");
}

#[test]
#[ignore = "heavy"]
fn clicks_on_any_cell_break_nothing() {
    let mut kinds = 0;
    for size in [(124, 17), (84, 16), (40, 8), (20, 5), (10, 3), (1, 1)] {
        for keys in OVERLAYS {
            let mut reader = built_in(size);
            reader.press(keys);
            let (context, frame) = (reader.app().context(), *reader.app().frame());
            let meant = |column, row| {
                let press = MouseInput { gesture: MouseGesture::Press, column, row };
                MouseTracker::default().point(press, Duration::ZERO, context, &frame)
            };
            // One cell for each group of cells with the same target.
            let mut cells: HashMap<String, (u16, u16)> = HashMap::new();
            for (x, y) in (0..=size.1).flat_map(|y| (0..=size.0).map(move |x| (x, y))) {
                cells.insert(format!("{:?}", meant(x, y)), (x, y));
            }
            for (number, at) in cells.into_values().enumerate() {
                kinds += 1;
                match number % 3 {
                    0 => reader.click(at),
                    1 => reader.double_click(at),
                    _ => reader.wheel(at, 1).wheel(at, -1).drag(at, &[(0, 0)]),
                };
                let (app, list) = (reader.app(), reader.app().list());
                assert!(list.selected() < list.rows().len().max(1), "{at:?} {keys:?}");
                assert!(app.detail().article().is_none_or(|id| app.feed().index_of(id).is_some()));
                if reader.app().context() != context {
                    reader.press("<esc><esc><esc>").press(keys);
                }
            }
        }
    }
    println!("{kinds} things pointed at");
    assert!(kinds > 300);
}

#[test]
fn a_double_click_on_a_heading_does_nothing() {
    let mut reader = built_in(WIDE);
    reader.press("?");
    let before = reader.text();
    let (column, row) = reader.cell_of("List · Reading");
    reader.double_click((column, row));
    assert_eq!((reader.app().context(), reader.text()), (Context::Help, before));
    reader.double_click((column, row + 2));
    assert_ne!(reader.app().context(), Context::Help);
}

#[test]
fn the_mouse_alone_marks_undoes_narrows_reads_and_goes_back() {
    let mut reader = built_in(WIDE);
    let hint = |reader: &mut Reader, words: &str| {
        let at = reader.cell_of(words);
        reader.click(at);
    };
    let back = |reader: &mut Reader| reader.point(MouseGesture::Back, (9, 9), Duration::from_secs(1));
    let unread = reader.app().unread().count();
    hint(&mut reader, "r read+next");
    assert_eq!(reader.app().unread().count(), unread - 1);
    hint(&mut reader, "u undoes");
    assert_eq!(reader.app().unread().count(), unread);
    reader.press("jj");
    let title = reader.title();
    let topic = *reader.frame.detail.topics.iter().next().expect("a topic");
    reader.click((topic.column, topic.row));
    assert!(reader.app().query().to_string().starts_with("topic:"), "{}", reader.app().query());
    reader.double_click((10, 3));
    assert_eq!(reader.app().focus(), Focus::Detail);
    hint(&mut reader, "h back");
    assert_eq!(reader.app().focus(), Focus::List);
    back(&mut reader);
    assert_eq!((reader.app().query().to_string(), reader.title()), (String::new(), title));
    reader.point(MouseGesture::Forward, (9, 9), Duration::from_secs(1));
    assert!(reader.app().query().to_string().starts_with("topic:"));
    for (words, context) in [
        ("/ search", Context::Prompt),
        ("t topics", Context::Picker),
        (": commands", Context::Palette),
        ("? help", Context::Help),
    ] {
        hint(&mut reader, words);
        assert_eq!(reader.app().context(), context, "{words}");
        back(&mut reader);
        assert_eq!(reader.app().context(), Context::List, "{words}");
    }
}

/// The cell of words in the topmost menu, which must be open.
fn menu_row(reader: &Reader, words: &str) -> (u16, u16) {
    let menu = reader.app().overlays().top_as::<Menu>().expect("a menu");
    let at = menu.entries.iter().position(|entry| entry.words == words);
    let row = at.unwrap_or_else(|| panic!("{words}: {:?}", menu.entries)) - reader.frame.overlay.offset;
    let rows = reader.frame.overlay.rows;
    assert!(row < usize::from(rows.height), "{words} is on the screen");
    (rows.x + 4, rows.y + row as u16)
}

#[test]
fn a_right_click_on_a_row_opens_its_menu_and_a_click_runs_an_entry() {
    for size in [WIDE, (100, 30), (80, 24), (60, 20)] {
        let mut reader = built_in(size);
        let at = row(&reader, 4);
        reader.point(MouseGesture::Menu, at, Duration::from_secs(1));
        assert_eq!(reader.app().list().selected(), 4, "{size:?}: the row is selected");
        let area = reader.frame.overlay.area;
        assert!(reader.frame.body.intersection(area) == area, "{size:?}: the menu is on the screen");
        let entry = menu_row(&reader, "star or unstar");
        reader.click(entry);
        let article = reader.app().article().expect("an article").id;
        assert!(reader.app().marks().is_starred(article) && reader.app().overlays().is_empty(), "{size:?}");
        // Two quick clicks on an entry are one: the second one hits what is there then.
        reader.point(MouseGesture::Menu, at, Duration::from_secs(1));
        let article = reader.app().article().expect("an article").id;
        let entry = menu_row(&reader, "mark read or unread");
        reader.double_click(entry);
        assert!(reader.app().marks().is_read(article), "{size:?}");
        assert_eq!(reader.app().context(), Context::List, "{size:?}");
    }
}

#[test]
fn the_menu_of_the_program_leads_to_what_the_footer_has_no_room_for() {
    for size in [WIDE, (100, 30), (80, 24), (60, 20)] {
        for (words, context) in [
            ("subscriptions", Context::Subscriptions),
            ("topics", Context::Picker),
            ("sort", Context::Overlay),
            ("all commands", Context::Palette),
            ("help", Context::Help),
            ("search", Context::Prompt),
        ] {
            let mut reader = built_in(size);
            let sign = reader.cell_of("≡");
            reader.click(sign);
            let entry = menu_row(&reader, words);
            reader.click(entry);
            assert_eq!(reader.app().context(), context, "{size:?}: {words}");
        }
        let mut reader = built_in(size);
        reader.press("<f10>");
        let entry = menu_row(&reader, "settings");
        reader.click(entry);
        assert_eq!(reader.effects.last(), Some(&Effect::EditSettings), "{size:?}");
    }
}

#[test]
fn a_click_on_the_name_of_the_library_lists_all_articles_or_opens_the_menu() {
    let mut reader = built_in((100, 30));
    reader.press("gu");
    let library = reader.app().library_name().to_string();
    let name = reader.cell_of(&library);
    reader.click((name.0 + 3, name.1));
    assert!(reader.app().query().is_everything());
    assert!(reader.app().overlays().is_empty());
    reader.click((name.0 + 3, name.1));
    assert!(reader.app().overlays().top_as::<Menu>().is_some(), "there was no filter to remove");
    reader.click((name.0 + 60, name.1));
    assert!(reader.app().overlays().is_empty(), "a click outside closes it");
}

#[test]
fn the_title_of_a_pane_that_is_alone_leads_back() {
    for (size, keys) in [((60, 20), "l"), (WIDE, "lz")] {
        let mut reader = built_in(size);
        reader.press(keys);
        let title = reader.cell_of("‹ Article");
        reader.click(title);
        assert_eq!(reader.app().focus(), Focus::List, "{size:?}");
    }
    let mut reader = built_in((60, 20));
    reader.press("B");
    let title = reader.cell_of("‹ Navigation");
    reader.click(title);
    assert_eq!(reader.app().focus(), Focus::List);
    assert!(!built_in(WIDE).text().contains("‹ Article"), "beside the list there is nothing to go back to");
}

#[test]
fn a_right_click_on_an_entry_of_the_navigation_pane_does_not_list_it() {
    let mut reader = Reader::with_settings("navigation: shown").reading(Library::BuiltIn).sized(160, 45);
    let at = reader.cell_of("Machine Learning");
    reader.point(MouseGesture::Menu, at, Duration::from_secs(1));
    assert!(reader.app().query().is_everything());
    let entry = menu_row(&reader, "list its articles");
    reader.click(entry);
    assert!(reader.app().query().to_string().contains("machine learning"), "{}", reader.app().query());
}

#[test]
fn menus_offer_only_what_the_clicked_thing_can_do() {
    let words = |reader: &Reader| -> Vec<&'static str> {
        let menu = reader.app().overlays().top_as::<Menu>().expect("a menu");
        menu.entries.iter().map(|entry| entry.words).collect()
    };
    let folder = Folder::new()
        .file("a.md", "---\ntitle: Boats\ntopics: [Sea]\ndate: 2021-02-18\n---\n![a boat](a.png)\n")
        .file("b.md", "---\ntitle: Tides\ntopics: [Sea]\ndate: 2021-02-17\nenclosures: [{url: \"https://e.org/a.mp3\", type: audio/mpeg}]\n---\nText\n");
    let settings = "navigation: shown\ncommands: [{name: keep, run: keep}]\n";
    let library = || Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::with_settings(settings).reading(library()).sized(160, 45);
    let opened = |reader: &mut Reader, at: (u16, u16)| {
        reader.point(MouseGesture::Menu, at, Duration::from_secs(1));
        let words = words(reader);
        reader.press("<esc>");
        words
    };
    let of_row = |reader: &mut Reader, at: u16| {
        let at = row(reader, at);
        opened(reader, at)
    };
    let (boats, tides) = (of_row(&mut reader, 0), of_row(&mut reader, 1));
    assert_eq!(
        (boats.contains(&"pictures"), boats.contains(&"play")),
        (cfg!(feature = "pictures"), false),
        "{boats:?}"
    );
    assert_eq!((tides.contains(&"pictures"), tides.contains(&"play")), (false, true), "{tides:?}");
    for words in [&boats, &tides] {
        assert!(words.contains(&"open") && !words.contains(&"related articles"), "{words:?}");
        assert!(words.contains(&"your commands") && words.contains(&"write to a file"), "{words:?}");
    }
    let article = (reader.frame.detail.area.x + 5, reader.frame.detail.area.y + 3);
    assert!(!opened(&mut reader, article).contains(&"open"), "it is open");
    // A heading folds; it has no articles to list or to mark.
    let heading = reader.cell_of("▾ Topics");
    let of_heading = opened(&mut reader, heading);
    assert!(of_heading.contains(&"fold or unfold"), "{of_heading:?}");
    assert!(!of_heading.iter().any(|words| words.contains("its articles")), "{of_heading:?}");
    reader.point(MouseGesture::Menu, heading, Duration::from_secs(1));
    let fold = menu_row(&reader, "fold or unfold");
    reader.click(fold);
    assert!(reader.text().contains("▸ Topics"), "{}", reader.text());
    let all = reader.cell_of("All articles");
    let of_all = opened(&mut reader, all);
    assert!(of_all.contains(&"list its articles") && of_all.contains(&"mark its articles read"), "{of_all:?}");
    assert!(!of_all.contains(&"fold or unfold"), "{of_all:?}");
    reader.press("<f10>");
    assert!(!words(&reader).contains(&"problems"), "there are none");
}
