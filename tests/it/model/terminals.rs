//! Terminals with different width rules: after any keys their screens are the same as after a full redraw.

use std::cell::RefCell;
use std::io::Write;
use std::num::NonZeroU16;
use std::rc::Rc;

use frontpage::keymap::{Keymap, MouseGesture};
use frontpage::terminal::{FrameOptions, Screen, WidthQuirks};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::any_key::keys;
use crate::harness::folder::Folder;
use crate::harness::grid::{Grid, RULES};
use crate::harness::random::Random;
use crate::harness::reader::Reader;
use crate::rounds;

/// Keys pressed in one run.
const KEYS: usize = if cfg!(debug_assertions) { 250 } else { 6_000 };
/// Extra columns for vt100, which always wraps lines and may count text as wider.
const BESIDE: u16 = 40;

/// Every kind of cluster whose width differs between terminals, each with plain text around it.
const TEXTS: [&str; 16] = [
    "a family 👨\u{200d}👩\u{200d}👧\u{200d}👦 and 🧑🏽\u{200d}🤝\u{200d}🧑🏻 shake hands",
    "thumbs 👍🏽 👍🏿 👋🏻 up",
    "hearts ❤\u{fe0f} ☎\u{fe0f} 1\u{fe0f}\u{20e3} ⚠\u{fe0f} and ❤ ☎",
    "flags 🇫🇷🇩🇪🇯🇵 🏳\u{fe0f}\u{200d}🌈 🇫 wave",
    "हिन्दी समाचार: ति क्षि की किताब",
    "தமிழ் செய்திகள் கொண்டு",
    "ข่าววันนี้ น้ำท่วม กำลัง",
    "ព័ត៌មាន ខ្មែរ ថ្ងៃនេះ",
    "မြန်မာ သတင်း ကို",
    "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟﾌﾟ が ぱ",
    "①②③ ½ ★ → × § ﷽",
    "— “quoted” … ‘so’ • on – ‧ e\u{301}\u{302}",
    "שלום עולם 2021, ABC ועוד",
    "عاجل: الحكومة 2021 لا Google",
    "潮汐を測る，月の力。한국어 뉴스",
    "Plain words of one column each",
];

/// Articles with such clusters in all fields, and articles without any between them.
fn folder() -> Folder {
    let mut folder = Folder::new();
    for number in 0..32 {
        let text = |n: usize| TEXTS[(number * 5 + n) % TEXTS.len()];
        let first = text(0).split(' ').next().unwrap_or_default();
        let front = serde_json::json!({
            "title": format!("{} {}", text(0), text(1)),
            "excerpt": text(2),
            "provider": first.trim_end_matches(':'),
            "topics": [text(3), text(4)],
            "author": text(5),
            "date": format!("2021-02-{:02}", 1 + number % 19),
            "link": format!("https://e.org/{number}"),
            "quality": number * 3,
            "related": [{"title": text(6), "webUrl": "https://e.org/related", "excerpt": text(7)}],
        });
        let body = format!(
            "{0} {1}\n\n- {2}\n  1. {3}\n\n> {4}\n\n```\n{5}\n{6}\n```\n\n| {7} | b |\n|---|---|\n| c | {8} |\n\n\
             **{0}** *{1}* `{2}` [{3}](https://e.org/{number}/x)\n\nword[^1]\n\n[^1]: {9}\n",
            text(0),
            text(8),
            text(9),
            text(10),
            text(11),
            text(12),
            text(13),
            text(14),
            text(15),
            text(2)
        );
        folder = folder.file(&format!("{number:02}.md"), format!("{front}\n{body}"));
    }
    folder
}

/// A writer that keeps its bytes.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Senders of frames: the program, and one that sends only the differences between two frames.
trait Sender {
    fn of_size(size: (u16, u16), widths: WidthQuirks) -> Self;
    /// The bytes for a frame of a reader.
    fn send(&mut self, reader: &mut Reader) -> (Vec<u8>, Buffer);
}

struct Program(Screen<Written>, Written);

impl Sender for Program {
    fn of_size((columns, rows): (u16, u16), widths: WidthQuirks) -> Program {
        let written = Written::default();
        let mut screen = Screen::new(written.clone(), Rect::new(0, 0, columns, rows));
        screen.set_width_quirks(widths);
        Program(screen, written)
    }

    fn send(&mut self, reader: &mut Reader) -> (Vec<u8>, Buffer) {
        let options = FrameOptions { hyperlinks: true, ..FrameOptions::default() };
        reader.with_session(|session| {
            frontpage::terminal::draw(&mut self.0, session, options).expect("a frame");
        });
        (self.1.0.take(), self.0.last().clone())
    }
}

struct Naive(Terminal<CrosstermBackend<Written>>, Written);

impl Sender for Naive {
    fn of_size((columns, rows): (u16, u16), _: WidthQuirks) -> Naive {
        let written = Written::default();
        let viewport = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)) };
        Naive(Terminal::with_options(CrosstermBackend::new(written.clone()), viewport).expect("a terminal"), written)
    }

    fn send(&mut self, reader: &mut Reader) -> (Vec<u8>, Buffer) {
        let mut frame = Buffer::empty(Rect::ZERO);
        let (columns, rows) = reader.size();
        reader.with_session(|session| frame = session.screen(columns, rows));
        self.0.draw(|on| on.buffer_mut().clone_from(&frame)).expect("a frame");
        // The end of a coloured underline, which the model terminals do not implement.
        let written = String::from_utf8(self.1.0.take()).expect("text").replace("\u{1b}[59m", "");
        (written.into_bytes(), frame)
    }
}

/// All terminals side by side.
struct Terminals {
    grids: Vec<Grid>,
    vt100: vt100::Parser,
    size: (u16, u16),
}

impl Terminals {
    fn of_size(size: (u16, u16)) -> Terminals {
        let (columns, rows) = size;
        let side = |columns: u16| NonZeroU16::new(columns).expect("a side");
        let grids = RULES.map(|rule| Grid::new(rule, columns, rows)).to_vec();
        Terminals { grids, vt100: vt100::Parser::new(side(rows), side(columns + BESIDE), 0), size }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.grids.iter_mut().for_each(|grid| grid.take(bytes));
        self.vt100.process(bytes);
    }

    fn unlike(&self, redrawn: &Terminals, frame: &Buffer) -> Option<String> {
        let mut grids = self.grids.iter().zip(&redrawn.grids);
        let of_grids = grids.find_map(|(grid, redrawn)| grid.unlike(redrawn).or_else(|| grid.unlike_frame(frame)));
        of_grids.or_else(|| {
            let rows = |parser: &vt100::Parser| parser.screen().rows(0, self.size.0).collect::<Vec<_>>();
            let both = rows(&self.vt100).into_iter().zip(rows(&redrawn.vt100));
            both.enumerate().find_map(|(y, (row, redrawn))| {
                (row.trim_end() != redrawn.trim_end()).then(|| format!("vt100: row {y}:\n{row}\n{redrawn}"))
            })
        })
    }
}

/// Presses keys. Returns the key after which the screen of a terminal differs from a full redraw.
fn press_any<S: Sender>(seed: u64, count: usize, widths: WidthQuirks) -> Option<String> {
    let folder = folder();
    let mut reader = Reader::of_folder(folder.path()).sized(120, 30).blind();
    let all = keys(&Keymap::new().expect("the keys"));
    let mut random = Random::new(seed);
    let mut sender = S::of_size(reader.size(), widths);
    let mut terminals = Terminals::of_size(reader.size());
    let mut bytes = 0;
    for number in 0..count {
        match random.roll(30) {
            0 => {
                let (columns, rows) = [(120, 30), (160, 45), (60, 20), (31, 12), (81, 16)][random.roll(5)];
                reader.resize(columns, rows);
                sender = S::of_size(reader.size(), widths);
                terminals = Terminals::of_size(reader.size());
            }
            1 => reader.paste(TEXTS[random.roll(TEXTS.len())]),
            2 => {
                let (columns, rows) = reader.size();
                let at = (random.roll(usize::from(columns)) as u16, random.roll(usize::from(rows)) as u16);
                reader.point(MouseGesture::Wheel(random.roll(7) as i16 - 3), at, std::time::Duration::ZERO);
            }
            3..12 => drop(reader.press(["j", "k", "J", "K", "<enter>", "h", "l", "<esc>", "<tab>"][random.roll(9)])),
            _ => reader.press_key(all[random.roll(all.len())]),
        }
        reader.effects.clear();
        reader.changes.clear();
        let (sent, frame) = sender.send(&mut reader);
        bytes += sent.len();
        terminals.take(&sent);
        let mut redrawn = Terminals::of_size(reader.size());
        redrawn.take(&S::of_size(reader.size(), widths).send(&mut reader).0);
        if let Some(words) = terminals.unlike(&redrawn, &frame) {
            return Some(format!("seed {seed}, key {number}: {words}"));
        }
    }
    println!("seed {seed}: {count} keys, {bytes} bytes");
    None
}

rounds!(any_key_leaves_no_traces_whatever_columns_a_terminal_counts, KEYS / 40, KEYS);

fn any_key_leaves_no_traces_whatever_columns_a_terminal_counts(keys: usize) {
    for seed in 0..3 {
        assert_eq!(press_any::<Program>(seed, keys, WidthQuirks::default()), None);
    }
    assert_eq!(press_any::<Program>(7, keys, WidthQuirks::ALL), None);
}

#[test]
fn a_program_that_sends_only_differences_is_caught() {
    let words = press_any::<Naive>(0, KEYS, WidthQuirks::default()).expect("traces");
    println!("{words}");
}
