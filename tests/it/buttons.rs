//! What can be clicked: buttons lie exactly over their words at every size, and the mouse alone leads out of every overlay.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use frontpage::app::overlays::Overlay;
use frontpage::app::{Action, Button, ButtonCommand, Context, Event, SessionInit, UserConfig};
use frontpage::config::ProgramOutputUse;
use frontpage::jobs::run_program::ProgramEnd;
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus};
use frontpage::keymap::{Keymap, MouseGesture};
use frontpage::library::Library;
use frontpage::query::SavedSearches;
use frontpage::subscriptions::SubscriptionsFile;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, user};
use crate::rounds;

/// Opens each overlay from the list.
const OVERLAYS: &[(&str, &str)] = &[
    ("Palette", ":"),
    ("Palette", ":topi"),
    ("Palette", "?"),
    ("Palette", "?/unread"),
    ("Problems", "P"),
    ("Notices", "s:notices<enter>"),
    ("ProgramOutput", ":output<enter>"),
    ("Picker", "t"),
    ("Picker", "gp"),
    ("Saved", "f"),
    ("Prompt", "/"),
    ("Prompt", "/bo<tab>"),
    ("Prompt", "F"),
    ("Prompt", "l/"),
    ("Prompt", "a"),
    ("Prompt", "+"),
    ("Prompt", "|"),
    ("Prompt", "w"),
    ("Prompt", ":subscribe<enter>"),
    ("Prompt", "gu:save<enter>"),
    ("Links", "U"),
    ("Menu", "<f10>"),
    ("Menu", ":menu<enter>"),
    ("Outline", "gO"),
    #[cfg(feature = "pictures")]
    ("Picture", "I"),
    ("Sort", "S"),
    ("Themes", "T"),
    ("Confirm", "A"),
    ("Insights", "i"),
    ("Welcome", ":welcome<enter>"),
    #[cfg(feature = "sync")]
    ("Channels", ":welcome<enter>G<enter>"),
    ("Subscriptions", "gS"),
];

/// The kind of an overlay. An overlay that is added here must be in the list above.
fn kind(overlay: &Overlay) -> &'static str {
    match overlay {
        Overlay::Palette(_) => "Palette",
        Overlay::Problems(_) => "Problems",
        Overlay::Notices(_) => "Notices",
        Overlay::ProgramOutput(_) => "ProgramOutput",
        Overlay::Picker(_) => "Picker",
        Overlay::Saved(_) => "Saved",
        Overlay::Prompt(_) => "Prompt",
        Overlay::Links(_) => "Links",
        Overlay::Menu(_) => "Menu",
        Overlay::Outline(_) => "Outline",
        #[cfg(feature = "pictures")]
        Overlay::Picture(_) => "Picture",
        Overlay::Sort(_) => "Sort",
        Overlay::Themes(_) => "Themes",
        Overlay::Confirm(_) => "Confirm",
        Overlay::Insights(_) => "Insights",
        Overlay::Welcome(_) => "Welcome",
        #[cfg(feature = "sync")]
        Overlay::Channels(_) => "Channels",
        Overlay::Subscriptions(_) => "Subscriptions",
        // Opened by the answer of a server: see `sync_in_reader`. It is a list as others are.
        Overlay::FoundChannels(_) => "FoundChannels",
    }
}

fn library() -> Folder {
    let first = "---\ntitle: Boats\ntopics: [China, Travel]\nprovider: Gazette\ndate: 2021-02-18\n---\n\
                 # Wood\nSee the [timber list](https://example.org/timber).\n\n## Glue\nText ![a boat](a.png) ![a tree](b.png).\n";
    let folder = Folder::new().file("boats.md", first).file("broken.md", "---\ntitle: [\n---\nText\n");
    let text = |n| format!("---\ntitle: Tide {n}\nprovider: Herald\ndate: 2020-02-18\n---\nThe sea.\n");
    (0..60).fold(folder, |folder, n| folder.file(&format!("tide-{n}.md"), text(n)))
}

/// A reader in which every overlay has something to show.
fn reader(folder: &Folder, (columns, rows): (u16, u16)) -> Reader {
    let file = SubscriptionsFile::parse("- https://tides.example/feed.xml\n", "".as_ref(), None);
    let user = UserConfig { subscriptions: Arc::new(file), ..user("") };
    let init = SessionInit { user, subscriptions_file: "subscriptions.yaml".into(), ..SessionInit::default() };
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::starting(init).reading(library).sized(columns, rows);
    reader.save_searches(SavedSearches::new([("my news".to_owned(), "is:unread".to_owned())]));
    let (output, text) = (ProgramOutputUse::Notice, "one\ntwo".into());
    let end = ProgramEnd { name: "wc".into(), output, text, is_cut: false, calls: 1, failure: None };
    let (job, kind) = (JobId::next(), JobKind::Program);
    let status = JobStatus::Answer(Answer::Program(end));
    for status in [JobStatus::Started, status] {
        reader.receive(Event::Job(JobReport { job, kind, status }));
    }
    reader
}

/// The words under a button.
fn words(reader: &Reader, button: &Button) -> String {
    let cells = (button.area.left()..button.area.right()).map(|x| reader.screen()[(x, button.area.y)].symbol());
    cells.collect()
}

fn buttons(reader: &Reader) -> Vec<Button> {
    let frame = &reader.frame;
    // Below an overlay, titles are not clicked.
    let titles = frame.title_buttons.iter().filter(|_| reader.app().overlay().is_none());
    frame.footer.buttons.iter().chain(frame.overlay.buttons.iter()).chain(titles).copied().collect()
}

/// The letter or digit beside a button, which would mean that it covers a part of a word.
fn beside(reader: &Reader, button: &Button) -> Option<char> {
    let at = |x: u16| reader.screen()[(x, button.area.y)].symbol().chars().find(|c| c.is_alphanumeric());
    let (left, right) = (button.area.left(), button.area.right());
    let before = left.checked_sub(1).and_then(at).filter(|_| at(left).is_some());
    before.or_else(|| (right < reader.size().0).then(|| at(right)).flatten().filter(|_| at(right - 1).is_some()))
}

/// Checks all buttons of a frame, and that each hint that is drawn is a button which does what its key does.
#[track_caller]
fn check(reader: &Reader, what: &str) {
    let (keymap, app) = (Keymap::new().expect("the default keys"), reader.app());
    let place = format!("{what}, {:?}\n{}", reader.size(), reader.text());
    for button in buttons(reader) {
        let words = words(reader, &button);
        assert!(!words.trim().is_empty(), "{button:?} lies over nothing: {place}");
        assert_eq!(beside(reader, &button), None, "{button:?} `{words}` lies over a part of a word: {place}");
    }
    let enter = app.overlays().enter_word();
    let hints = keymap.hints(app.context()).into_iter().filter(|hint| app.is_available(hint.action));
    let drawn = reader.footer().lines().last().unwrap_or_default().to_owned();
    for hint in hints {
        let word = enter.filter(|_| hint.action == Action::Open).map_or(hint.word.to_string(), str::to_owned);
        let hint_words = format!("{} {word}", hint.key);
        if !drawn.split("  ").any(|part| part.trim() == hint_words) {
            continue;
        }
        let found = reader.frame.footer.buttons.iter().any(|button| {
            words(reader, button) == hint_words && button.command == Some(ButtonCommand::Act(hint.action))
        });
        assert!(found, "`{hint_words}` cannot be clicked: {place}");
    }
}

/// The cells at which a click leads out: words of the footer, and a cell beside the overlay.
fn ways_out(reader: &Reader) -> Vec<(u16, u16)> {
    let frame = &reader.frame;
    let is_out = |button: &&Button| button.command == Some(ButtonCommand::Act(Action::Cancel));
    let mut ways: Vec<(u16, u16)> =
        frame.footer.buttons.iter().filter(is_out).map(|button| (button.area.x, button.area.y)).collect();
    let covers = |x: u16, y: u16| {
        frame.overlay.area.contains((x, y).into()) || frame.footer.contains((x, y)) || frame.footer.area.y <= y
    };
    let corners = [(frame.body.x, frame.body.y), (frame.body.right() - 1, frame.body.bottom() - 1)];
    // What is typed in a prompt stays, unless no words lead out.
    if ways.is_empty() || reader.app().context() != Context::Prompt {
        ways.extend(corners.into_iter().filter(|(x, y)| !covers(*x, *y)));
    }
    ways
}

#[test]
fn every_overlay_has_a_way_out_by_mouse() {
    let folder = library();
    let mut seen = BTreeSet::new();
    for (name, keys) in OVERLAYS {
        for size in [(160, 45), (100, 30), (80, 24), (60, 20), (40, 12)] {
            let open = || {
                let mut reader = reader(&folder, size);
                reader.press(keys).look();
                reader
            };
            let ways = ways_out(&open());
            assert!(!ways.is_empty(), "{keys} {size:?}\n{}", open().text());
            for way in ways {
                let mut reader = open();
                let overlay = reader.app().overlay().unwrap_or_else(|| panic!("{keys} {size:?}\n{}", reader.text()));
                assert_eq!(kind(overlay), *name, "{keys}");
                seen.insert(*name);
                let before = reader.app().context();
                // A search in help, or in a list, is ended before the list is closed.
                reader.click(way);
                if reader.app().overlay().is_some() {
                    let again = ways_out(&reader);
                    reader.click(again[0]);
                }
                assert_ne!(reader.app().context(), before, "{keys} {size:?} {way:?}\n{}", reader.text());
                assert!(reader.app().overlay().is_none(), "{keys} {size:?} {way:?}\n{}", reader.text());
            }
        }
    }
    assert_eq!(seen.len(), OVERLAYS.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len());
}

rounds!(buttons_lie_over_their_words_at_every_width, 9, 1);

/// Draws every `step`-th width from 40 to 200, one after another in the same session.
fn buttons_lie_over_their_words_at_every_width(step: usize) {
    let folder = library();
    let panes = [("List", ""), ("Article", "l"), ("Navigation", "B"), ("a range", "vjj"), ("pending keys", "g")];
    let mut frames = 0;
    for (name, keys) in OVERLAYS.iter().chain(&panes) {
        let mut reader = reader(&folder, (120, 30));
        reader.press(keys);
        for columns in (40..=200).step_by(step).rev() {
            for rows in [24, 20] {
                reader.resize(columns, rows);
                reader.look();
                check(&reader, &format!("{name} {keys}"));
                frames += 1;
            }
        }
    }
    println!("{frames} frames");
}

#[test]
fn a_click_on_a_key_that_may_follow_presses_it() {
    let folder = library();
    for shows_box in [false, true] {
        let mut reader = reader(&folder, (120, 30));
        reader.press("g");
        if shows_box {
            reader.time_is(crate::harness::reader::now() + chrono::TimeDelta::seconds(1));
        }
        reader.look();
        let is_box = |button: &&Button| (button.area.y < reader.frame.footer.area.y) == shows_box;
        let found = reader.frame.footer.buttons.iter().filter(is_box).find(|button| {
            matches!(button.command, Some(ButtonCommand::CompleteKeys(_)))
                && words(&reader, button).contains("show unread only")
        });
        let Some(Button { area, .. }) = found.copied() else {
            assert!(!shows_box, "{}", reader.text());
            continue;
        };
        reader.click((area.x + 1, area.y));
        assert_eq!(reader.app().query().to_string(), "is:unread", "{shows_box}");
    }
}

#[test]
fn a_prompt_offers_earlier_texts_saved_searches_and_candidates_to_the_mouse() {
    let folder = library();
    for size in [(160, 45), (100, 30), (80, 24)] {
        let mut reader = reader(&folder, size);
        reader.press("/tide 7<enter>c/");
        let earlier = reader.cell_of("· tide 7");
        reader.click((earlier.0 + 3, earlier.1));
        assert_eq!(reader.app().query().to_string(), "tide 7", "{size:?}");
        let end = reader.cell_of("Enter keep");
        reader.click(end);
        assert_eq!((reader.app().context(), reader.app().query().to_string().as_str()), (Context::List, "tide 7"));
        reader.press("c/");
        let saved = reader.cell_of("saved:\"my news\"");
        reader.click((saved.0 + 2, saved.1));
        assert_eq!(reader.app().query().to_string(), "saved:\"my news\"", "{size:?}");
        reader.press("<esc>/topic:<tab>");
        let candidate = reader.frame.footer.buttons.iter().find(|button| words(&reader, button) == "Travel");
        let Button { area, .. } = *candidate.expect("a candidate");
        reader.click((area.x + 1, area.y));
        assert_eq!(reader.app().query().to_string(), "topic:travel", "{size:?}");
        assert_eq!(reader.app().context(), Context::Prompt);
    }
}

#[test]
fn a_question_is_answered_by_a_click_on_y_or_n() {
    let folder = library();
    for (size, answer, unread) in [((80, 24), 'y', 0), ((60, 20), 'y', 0), ((60, 20), 'n', 62), ((40, 12), 'y', 0)] {
        let mut reader = reader(&folder, size);
        reader.press("A").look();
        let (x, y) = reader.cell_of("y/n");
        reader.click((if answer == 'y' { x } else { x + 2 }, y));
        assert_eq!(
            (reader.app().unread().count(), reader.app().context()),
            (unread, Context::List),
            "{size:?} {answer}"
        );
    }
}

#[test]
fn the_signs_before_a_title_are_clicked_without_selecting_the_row() {
    let folder = library();
    let mut reader = reader(&folder, (100, 30));
    reader.press(":sort title<enter>");
    let list = reader.frame.list.area;
    let id = |reader: &Reader, row| reader.app().feed().id(reader.app().list().rows().get(row).expect("a row"));
    let third = id(&reader, 3).expect("an article");
    reader.click((list.x + 1, list.y + 3));
    assert!(reader.app().marks().is_read(third), "{}", reader.text());
    reader.click((list.x + 2, list.y + 3));
    assert!(reader.app().marks().is_starred(third));
    assert_eq!(reader.app().list().selected(), 0, "the article that is open stays");
    reader.click((list.x, list.y + 3));
    assert!(!reader.app().marks().is_read(third));
    // A sign in a range means all of it.
    reader.press("vjjj").click((list.x + 1, list.y + 2));
    let read = (0..4).filter(|row| reader.app().marks().is_read(id(&reader, *row).expect("an article"))).count();
    assert_eq!(read, 4);
}

#[test]
fn rows_are_selected_by_a_drag_and_the_next_click_ends_the_selection() {
    let folder = library();
    for size in [(160, 45), (100, 30), (80, 24), (60, 20)] {
        let mut reader = reader(&folder, size);
        reader.press(":sort title<enter>");
        let list = reader.frame.list.area;
        let cell = |row: u16| (list.x + 20, list.y + row);
        reader.drag(cell(1), &[cell(2), cell(4)]);
        assert_eq!(reader.app().list().range_rows(), 1..5, "{size:?}");
        // The right button opens the menu of all of them.
        reader.point(MouseGesture::Menu, cell(3), Duration::from_secs(1));
        let (x, y) = reader.cell_of("mark read");
        reader.click((x, y));
        assert_eq!(reader.app().unread().count(), 58, "{size:?}");
        reader.drag(cell(1), &[cell(3)]);
        reader.click(cell(2));
        assert_eq!((reader.app().list().range_rows(), reader.app().list().selected()), (0..0, 2), "{size:?}");
        // Below the list the drag goes on.
        let below: Vec<(u16, u16)> = (0..12).map(|n| (list.x + 20 + n, list.bottom() + 1)).collect();
        reader.drag(cell(1), &below);
        assert!(reader.app().list().range_rows().len() > usize::from(list.height), "{size:?}");
        if size.1 >= 24 {
            let selected = reader.cell_of(" selected");
            reader.click((selected.0 + 2, selected.1));
            assert!(reader.app().list().range_rows().is_empty(), "{size:?}");
        }
    }
}

#[test]
fn charts_and_periods_are_chosen_by_click() {
    let folder = library();
    let mut reader = reader(&folder, (120, 30));
    reader.press("i");
    let name = reader.cell_of(" Providers ");
    reader.click((name.0 + 2, name.1));
    assert!(reader.text().contains("[Providers]") && reader.text().contains("Herald"), "{}", reader.text());
    let name = reader.cell_of(" Articles ");
    reader.click((name.0 + 2, name.1));
    let period = reader.cell_of(" year ");
    reader.click((period.0 + 2, period.1));
    assert!(reader.text().contains("[year]"), "{}", reader.text());
}
