//! The cost of a key inside the program, as a ratio to drawing a bare list in the same run: `cargo bench --bench frame
//! [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used)] // prints its results, and panics on errors

mod support;

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use frontpage::app::{Event, SessionInit};
use frontpage::feed::Feed;
use frontpage::keymap::{Key, Keymap};
use frontpage::library::Library;
use frontpage::terminal::HeadlessUi;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, List, ListState, StatefulWidget};
use ratatui::{Terminal, TerminalOptions, Viewport};
use support::{ArticleFiles, now, ratio, sizes, timed};

const RUNS: usize = 400;
const AREA: Rect = Rect::new(0, 0, 160, 45);

/// Counts the bytes written.
#[derive(Default)]
struct ByteCounter(usize);

impl Write for &mut ByteCounter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += black_box(bytes).len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn terminal(to: &mut ByteCounter) -> Terminal<CrosstermBackend<&mut ByteCounter>> {
    let viewport = Viewport::Fixed(AREA);
    Terminal::with_options(CrosstermBackend::new(to), TerminalOptions { viewport }).expect("a terminal")
}

/// The median of the times, and the mean number of bytes.
fn middle(mut times: Vec<Duration>, bytes: usize) -> (Duration, usize) {
    times.sort();
    (times[times.len() / 2], bytes / times.len())
}

fn bare(count: usize) -> (Duration, usize) {
    let mut written = ByteCounter::default();
    let mut terminal = terminal(&mut written);
    let mut draw = |selected: usize| {
        terminal
            .draw(|frame| {
                let rows = (0..43.min(count)).map(|row| format!("Article number {row}, with a title of some length"));
                let list = List::new(rows.collect::<Vec<String>>())
                    .block(Block::bordered().title(format!("{selected}/{count} ")));
                let list = list.highlight_style(Style::new().add_modifier(Modifier::REVERSED));
                let mut state = ListState::default().with_selected(Some(selected));
                list.render(frame.area(), frame.buffer_mut(), &mut state);
            })
            .map(drop)
            .expect("drawn");
    };
    draw(0);
    let times = (0..RUNS).map(|n| timed(|| draw(n % 40)).1).collect();
    drop(terminal);
    middle(times, written.0)
}

fn session(feed: Arc<Feed>) -> HeadlessUi {
    let start = SessionInit::default();
    let mut session = HeadlessUi::new(start, Keymap::new().expect("the keys"), now());
    let effects = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    let _ = session.run_jobs(effects);
    session
}

/// Presses a key and its opposite in turns, and draws after each.
fn keys(feed: &Arc<Feed>, before: &str, keys: [&str; 2]) -> (Duration, usize) {
    let mut session = session(feed.clone());
    let mut written = ByteCounter::default();
    let mut terminal = terminal(&mut written);
    let mut press = |session: &mut HeadlessUi, keys: &[Key]| {
        for key in keys {
            let (effects, _) = session.press(*key);
            let _ = session.run_jobs(effects);
        }
        terminal.draw(|frame| _ = black_box(session.draw(frame.area(), frame.buffer_mut()))).map(drop).expect("drawn");
    };
    let read = |keys: &str| Key::parse_all(keys).expect("keys");
    press(&mut session, &read(before));
    let keys = keys.map(read);
    let times = (0..RUNS).map(|n| timed(|| press(&mut session, &keys[n % 2])).1).collect();
    drop(terminal);
    middle(times, written.0)
}

fn main() {
    let files = ArticleFiles::new();
    for size in sizes() {
        let folder = tempfile::tempdir().expect("a folder");
        files.write(folder.path(), size);
        let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the library").feed;
        let (baseline, bytes) = bare(size);
        println!("{size} articles; a bare list with as many rows: {baseline:.1?}, {bytes} bytes per key");
        for (what, before, pair) in [
            ("down and up", "", ["j", "k"]),
            ("a page down and back", "", ["<ctrl-f>", "<ctrl-b>"]),
            ("to the end and the start", "", ["G", "gg"]),
            ("open an article and go back", "", ["<enter>", "h"]),
            ("set a mark and undo it", "", ["s", "u"]),
        ] {
            let (took, bytes) = keys(&feed, before, pair);
            println!("  {what:28} {took:>9.1?} {:>6.2} {bytes:>6} bytes", ratio(took, baseline));
        }
    }
}
