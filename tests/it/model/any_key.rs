//! Random keys, pasted text and sizes: invariants that any state of the session keeps.

use std::collections::BTreeMap;

use frontpage::app::{Context, Effect, Event};
use frontpage::feed::Marks;
use frontpage::keymap::{Code, Key, Keymap, MouseGesture};
use frontpage::library::Library;

use super::articles::feed;
use super::steps::{Edit, Nature};
use crate::harness::random::Random;
use crate::harness::reader::{Reader, now};
use crate::rounds;

/// Keys pressed on each feed in the heavy tier: more in optimised builds.
const KEYS: usize = if cfg!(debug_assertions) { 25_000 } else { 200_000 };
/// Keys pressed on each feed in every run: enough to return to the full list once, and to reach most contexts.
const FEW_KEYS: usize = 2_000;

const PASTES: [&str; 16] = [
    "",
    "\x1b[2J\x1b]52;c;aGk=\x07",
    "rust\nasync\r\n\tq",
    "\u{202e}gnp.exe\u{200b}\u{feff}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦🏳️‍🌈 漢字かな交じり",
    "/(a+)+$/ \"unclosed",
    "((((((((((((((((((((((((",
    "is:hidden OR -is:unread limit:0",
    "date:9999999999..-1 quality:>=99999999999999999999",
    "saved:saved sort:-- topic:=\"\\\"",
    "*",
    "/\\p{L}{1,1000}/c",
    "limit:18446744073709551616 @999999999999y",
    "sort:-readat is:starred,read,,",
    "title:/x*/ -(-(-(-a)))",
];

pub fn keys(keymap: &Keymap) -> Vec<Key> {
    let bindings = keymap.all().iter();
    bindings.flat_map(|binding| binding.keys.iter().flatten().copied()).collect()
}

/// The marks of all articles, without the times.
fn marked(reader: &Reader) -> Vec<(bool, bool, bool, bool)> {
    let (feed, marks) = (reader.app().feed(), reader.app().marks());
    let ids = (0..feed.len()).filter_map(|place| feed.id(place));
    ids.map(|id| (marks.is_read(id), marks.is_starred(id), marks.is_hidden(id), marks.note(id).is_some())).collect()
}

fn check(reader: &mut Reader) {
    let (app, list) = (reader.app(), reader.app().list());
    assert!(list.selected() < list.rows().len().max(1), "row {} of {}", list.selected(), list.rows().len());
    assert_eq!(list.article_index().is_none(), list.rows().is_empty());
    assert!(app.detail().article().is_none_or(|id| app.feed().index_of(id).is_some()), "what is shown is there");
    assert!(list.range_rows().end <= list.rows().len());
    for effect in reader.effects.drain(..) {
        if let Effect::OpenLink(address) = effect {
            let address = address.as_str();
            assert!(address.starts_with("https://") || address.starts_with("http://"), "{address}");
        }
    }
    reader.changes.clear();
}

/// Esc and `c` lead back to all articles, and undoing to the first marks.
fn come_home(reader: &mut Reader) {
    for _ in 0..60 {
        reader.press("<esc>");
    }
    assert_eq!(reader.app().context(), Context::List);
    reader.press("c");
    let shown = marked(reader).iter().filter(|(.., hidden, _)| !hidden).count();
    assert_eq!((reader.app().query().to_string().as_str(), reader.found().len()), ("", shown));
    let says_all =
        |reader: &Reader| reader.app().notice().is_some_and(|notice| notice.text.as_str() == "Nothing to undo");
    for _ in 0..100_000 {
        reader.press("u");
        if says_all(reader) {
            let first = (false, false, false, false);
            assert!(marked(reader).iter().all(|marked| *marked == first), "everything is undone");
            return;
        }
    }
    panic!("undoing never ends");
}

/// Presses many keys. If there is a folder, it changes in between.
fn press_many(name: &str, mut reader: Reader, mut articles: Option<super::Articles>, count: usize) {
    let keymap = Keymap::new().expect("the keys");
    let keys = keys(&keymap);
    let mut random = Random::new(name.len() as u64);
    let mut contexts: BTreeMap<String, usize> = BTreeMap::new();
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    for pressed in 0..count {
        let what = random.roll(400);
        match what {
            0..3 => reader.paste(PASTES[random.roll(PASTES.len())]),
            3 => reader.resize(1 + random.roll(200) as u16, 1 + random.roll(60) as u16),
            4..6 => reader.resize(1 + random.roll(90) as u16, 1 + random.roll(14) as u16),
            6 => {
                if let Some(articles) = &mut articles {
                    let nature = Nature { count: 15, calm: 1, in_stories: 3 };
                    for edit in nature.edits(&mut random) {
                        match edit {
                            Edit::Put(number, article) => drop(articles.insert(number, article)),
                            // What was marked stays marked, and can be counted only while it is there.
                            Edit::Remove(_) => {}
                        }
                    }
                    reader.receive(Event::FeedLoaded { feed: feed(articles), problems: Vec::new(), complete: true });
                }
            }
            7..40 => point_anywhere(&mut reader, &mut random),
            40..90 => {
                let c = [' ', '~', 'ä', '漢', '👩', '\u{301}', '\u{200d}', '"', '(', '\\', '0'][random.roll(11)];
                let c = if random.roll(2) == 0 { char::from(b'!' + random.roll(94) as u8) } else { c };
                reader.press_key(Key { code: Code::Char(c), ctrl: random.roll(12) == 0 });
            }
            _ => {
                let key = keys[random.roll(keys.len())];
                reader.press_key(key);
            }
        }
        if random.roll(12) == 0 {
            reader.look();
        }
        check(&mut reader);
        *contexts.entry(format!("{:?}", reader.app().context())).or_default() += 1;
        if pressed % 2_000 == 1_999 {
            come_home(&mut reader);
        }
    }
    println!("{name}: {count} keys, {contexts:?}");
    let least = if count < 1_000 { 3 } else { 6 };
    assert!(contexts.len() >= least, "keys led to few places: {contexts:?}");
}

/// Does anything with the pointer, most often on the screen.
fn point_anywhere(reader: &mut Reader, random: &mut Random) {
    let (columns, rows) = reader.size();
    let at = (random.roll(usize::from(columns) + 2) as u16, random.roll(usize::from(rows) + 2) as u16);
    match random.roll(6) {
        0..2 => drop(reader.click(at)),
        2 => drop(reader.double_click(at)),
        3 => drop(reader.wheel(at, random.roll(9) as i16 - 4)),
        4 => drop(reader.wheel(at, [i16::MIN, i16::MAX][random.roll(2)])),
        _ => {
            let gesture = [MouseGesture::Press, MouseGesture::Drag, MouseGesture::Release][random.roll(3)];
            reader.point(gesture, at, std::time::Duration::from_millis(100));
        }
    }
}

fn of_shelf(count: usize, keys: usize) {
    let articles = Nature { count, calm: 1, in_stories: 3 }.articles(&mut Random::new(count as u64));
    let mut reader = Reader::empty().blind();
    reader.receive(Event::FeedLoaded { feed: feed(&articles), problems: Vec::new(), complete: true });
    press_many(&format!("{count} articles"), reader, (count != 1_000).then_some(articles), keys);
}

rounds!(any_key_keeps_the_program_whole_with_few_articles, FEW_KEYS, KEYS);

fn any_key_keeps_the_program_whole_with_few_articles(keys: usize) {
    of_shelf(0, keys);
    of_shelf(1, keys);
    of_shelf(2, keys);
    of_shelf(30, keys);
}

rounds!(any_key_keeps_the_program_whole_with_real_articles, FEW_KEYS, KEYS);

fn any_key_keeps_the_program_whole_with_real_articles(keys: usize) {
    press_many("the news", Reader::of_news().blind(), None, keys);
    let loaded = Library::BuiltIn.load(now(), |_| {}).expect("the feed");
    let mut reader = Reader::empty().blind();
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: loaded.problems, complete: true });
    press_many("the built-in feed", reader, None, keys / 2);
    of_shelf(1_000, keys / 10);
}
