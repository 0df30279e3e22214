//! Pictures of the screen: what is sent for frames that follow each other, in bytes.

use std::sync::Arc;

use ratatui::style::Style;

use super::*;
use crate::picture::{Pixels, Size};
use crate::terminal::Screen;
use crate::terminal::recorded_output::Written;
use crate::text::placed_pictures::PicturePart;

/// A terminal with pictures, and what was written to it.
struct Terminal {
    screen: Screen<Written>,
    pictures: ScreenPictures,
    written: Written,
}

impl Terminal {
    fn new(graphics: Graphics, multiplexer: Multiplexer) -> Terminal {
        let written = Written::default();
        let screen = Screen::new(written.clone(), Rect::new(0, 0, 100, 40));
        let mut pictures = ScreenPictures::new(multiplexer, || {});
        pictures.set_screen(ScreenGraphics { graphics, ..ScreenGraphics::default() }, 256);
        Terminal { screen, pictures, written }
    }

    /// Sends a frame with pictures, over which `draw` draws. Returns what was sent for its cells.
    fn frame(&mut self, placed: &[PlacedPicture], draw: impl FnOnce(&mut Buffer)) -> String {
        let frame = self.screen.frame();
        for (number, placed) in (0..).zip(placed) {
            placed_pictures::mark(placed.area, frame, number);
        }
        draw(frame);
        let (last, frame) = self.screen.frames();
        self.pictures.arrange(frame, last, placed);
        self.screen.send().unwrap();
        self.taken()
    }

    fn taken(&mut self) -> String {
        String::from_utf8(self.written.0.take()).unwrap()
    }

    /// Sends everything of the pictures, also what is still being encoded.
    fn sent(&mut self) -> String {
        loop {
            self.pictures.receive();
            self.pictures.send(self.written.clone(), || Ok(true)).unwrap();
            if !self.pictures.is_encoding {
                return self.taken();
            }
            thread::yield_now();
        }
    }
}

/// A picture of its own in memory.
fn picture(area: Rect) -> PlacedPicture {
    let size = Size::new(u32::from(area.width) * 10, u32::from(area.height) * 20);
    let pixels = Pixels::new(size, vec![200; size.pixels() as usize * Pixels::BYTES]).unwrap();
    PlacedPicture {
        area,
        hidden: 0,
        cells: (area.width, area.height),
        picture: PicturePart { pixels: Arc::new(pixels), at: (0, 0), part: size, size },
    }
}

#[test]
fn a_picture_whose_encoding_panics_is_left_out_and_the_next_one_is_sent() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    terminal.pictures.encode = |request| match request.area.width {
        10 => panic!("a picture of ten columns"),
        _ => picture_encoding::encode(request),
    };
    let pictures = [picture(Rect::new(0, 0, 10, 4)), picture(Rect::new(0, 10, 12, 4))];
    let mut sent = String::new();
    for _ in 0..4 {
        terminal.frame(&pictures, |_| {});
        sent += &terminal.sent();
    }
    assert_eq!(ids(&sent, "a=T"), [terminal.pictures.known[1].id], "{}", sent.len());
    assert!(!terminal.pictures.is_encoding);
}

fn moved(picture: &PlacedPicture, y: u16) -> PlacedPicture {
    PlacedPicture { area: Rect { y, ..picture.area }, ..picture.clone() }
}

/// The ids in sequences that begin with some keys.
fn ids(text: &str, keys: &str) -> Vec<u8> {
    let sequences = text.split("\x1b_G").skip(1).filter(|rest| rest.starts_with(keys));
    sequences.filter_map(|rest| rest.split_once("i=")?.1.split([',', ';']).next()?.parse().ok()).collect()
}

#[test]
fn a_picture_is_sent_once_and_scrolling_changes_a_cell_of_each_row() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    let picture = picture(Rect::new(10, 15, 70, 20));
    // The lines of an article above the picture.
    let words = |top: u16| {
        move |frame: &mut Buffer| {
            (0..15).for_each(|y| frame.set_string(10, y, format!("line {} of the article", y + top), Style::new()));
        }
    };
    let first = terminal.frame(std::slice::from_ref(&picture), words(0));
    assert_eq!(first.matches('\u{10eeee}').count(), 1_400);
    let sent = terminal.sent();
    assert_eq!(ids(&sent, "a=T,U=1,"), [1]);
    assert!(sent.contains("c=70,r=20"));
    // The same frame again.
    assert_eq!(terminal.frame(std::slice::from_ref(&picture), words(0)), "");
    // A line further: the text alone, and with the picture.
    let mut plain = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    plain.frame(&[], words(0));
    let of_text = plain.frame(&[], words(1)).len();
    let partly = PlacedPicture { area: Rect { y: 16, ..picture.area }, ..picture.clone() };
    let of_both = terminal.frame(&[partly], words(1)).len();
    // The row that the picture leaves is erased, and the one that it enters is filled: this is the cost of any moved block.
    let edges = 70 + 70 * '\u{10eeee}'.len_utf8();
    assert!(of_both <= of_text + edges + 400, "{of_both} bytes, {of_text} without the picture");
    // Nothing more is sent for the picture.
    assert_eq!(terminal.sent(), "");
}

#[test]
fn a_picture_that_is_scrolled_away_in_part_is_not_sent_again() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    let picture = picture(Rect::new(10, 5, 30, 10));
    terminal.frame(std::slice::from_ref(&picture), |_| ());
    assert_eq!(ids(&terminal.sent(), "a=T,U=1,"), [1]);
    let part = PlacedPicture { area: Rect { y: 0, height: 7, ..picture.area }, hidden: 3, ..picture };
    let shown = terminal.frame(&[part], |_| ());
    // The mark of row 3 in the first row of the screen.
    assert!(shown.contains("\u{10eeee}\u{310}\u{305}"), "{shown:?}");
    assert_eq!(terminal.sent(), "");
}

#[test]
fn an_overlay_over_a_picture_covers_its_cells_only() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    let picture = picture(Rect::new(0, 0, 60, 20));
    terminal.frame(std::slice::from_ref(&picture), |_| ());
    terminal.sent();
    let menu = |frame: &mut Buffer| (5..9).for_each(|y| frame.set_string(20, y, "a menu of commands", Style::new()));
    let opened = terminal.frame(std::slice::from_ref(&picture), menu);
    // In each of its rows the cell behind it gets marks.
    assert_eq!((opened.matches("a menu").count(), opened.matches('\u{10eeee}').count()), (4, 4));
    let closed = terminal.frame(std::slice::from_ref(&picture), |_| ());
    assert_eq!(closed.matches('\u{10eeee}').count(), 4 * "a menu of commands".len() + 4);
    assert_eq!(terminal.sent(), "");
}

#[test]
fn what_the_terminal_keeps_is_bounded_and_freed() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    let mut sent = String::new();
    for _ in 0..90 {
        terminal.frame(&[picture(Rect::new(0, 0, 40, 10))], |_| ());
        sent.push_str(&terminal.sent());
    }
    // 40 × 10 cells are 320 kB.
    let (shown, deleted) = (ids(&sent, "a=T,U=1,"), ids(&sent, "a=d,d=I,"));
    assert_eq!(shown.len(), 90);
    assert!(shown.iter().all(|id| (1..=MOST_PICTURES).contains(id)));
    let kept = shown.len() - deleted.len();
    assert!((40..=64).contains(&kept), "{kept}");
    // Large ones: 100 × 40 cells are 3.2 MB.
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    let sent: String = (0..14)
        .map(|_| {
            terminal.frame(&[picture(Rect::new(0, 0, 100, 40))], |_| ());
            terminal.sent()
        })
        .collect();
    let kept = ids(&sent, "a=T,U=1,").len() - ids(&sent, "a=d,d=I,").len();
    assert!(kept as u64 * 3_200_000 <= MOST_BYTES && kept >= 8, "{kept}");
}

#[test]
fn pieces_wait_for_a_key_and_text_may_be_sent_between_them() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::Tmux);
    let mut noise = picture(Rect::new(0, 0, 50, 20));
    let bytes = (0..noise.picture.size.pixels() * 4).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    noise.picture.pixels = Arc::new(Pixels::new(noise.picture.size, bytes).unwrap());
    terminal.frame(std::slice::from_ref(&noise), |_| ());
    while !terminal.pictures.is_pending() {
        terminal.pictures.receive();
        thread::yield_now();
    }
    let mut asked = 0;
    let three = || {
        asked += 1;
        Ok(asked <= 3)
    };
    terminal.pictures.send(terminal.written.clone(), three).unwrap();
    let first = terminal.taken();
    // Whole sequences, each passed through tmux by itself.
    assert_eq!((first.matches("\x1bPtmux;\x1b\x1b_G").count(), first.matches("\x1b\x1b\\\x1b\\").count()), (3, 3));
    assert!(first.ends_with("\x1b\x1b\\\x1b\\") && terminal.pictures.is_pending());
    let text = terminal.frame(&[noise], |frame| frame.set_string(60, 0, "a key", Style::new()));
    assert!(text.contains("a key") && !text.contains("_G"), "{text:?}");
    let rest = terminal.sent();
    assert!(rest.matches(",m=0;").count() + rest.matches("m=0;").count() >= 1 && !terminal.pictures.is_pending());
}

#[test]
fn sixels_are_sent_again_when_they_were_covered_and_erased_when_they_change() {
    for (graphics, start) in [(Graphics::Sixel, "\x1bP0;1;0q"), (Graphics::Iterm, "\x1b]1337;File=")] {
        let mut terminal = Terminal::new(graphics, Multiplexer::None);
        let one = picture(Rect::new(10, 5, 40, 20));
        terminal.frame(std::slice::from_ref(&one), |_| ());
        let strips = terminal.sent().matches(start).count();
        assert!(strips > 1, "{graphics:?}");
        assert_eq!(
            (terminal.frame(std::slice::from_ref(&one), |_| ()), terminal.sent()),
            (String::new(), String::new())
        );
        // Covered in part: what covers it stays visible.
        let hint = |frame: &mut Buffer| frame.set_string(12, 8, "keys", Style::new());
        assert!(terminal.frame(std::slice::from_ref(&one), hint).contains("keys"));
        assert_eq!(terminal.sent(), "");
        assert!(!terminal.frame(std::slice::from_ref(&one), |_| ()).contains('\u{10eeee}'));
        assert_eq!(terminal.sent().matches(start).count(), strips);
        // Another picture in the same cells: all of them are erased first.
        let erased = terminal.frame(&[picture(one.area)], |_| ());
        assert!(erased.matches(' ').count() >= 800, "{}", erased.matches(' ').count());
        assert_eq!(terminal.sent().matches(start).count(), strips);
        // Text in its place.
        assert!(terminal.frame(&[], |_| ()).matches(' ').count() >= 800);
        assert_eq!(terminal.sent(), "");
    }
}

#[test]
fn without_placeholders_a_picture_is_placed_hidden_and_deleted() {
    let mut terminal = Terminal::new(Graphics::Placed, Multiplexer::None);
    let one = picture(Rect::new(10, 5, 40, 20));
    terminal.frame(std::slice::from_ref(&one), |_| ());
    let sent = terminal.sent();
    assert_eq!((ids(&sent, "a=t,"), ids(&sent, "a=p,")), (vec![1], vec![1]));
    terminal.frame(std::slice::from_ref(&one), |frame| frame.set_string(12, 8, "keys", Style::new()));
    let sent = terminal.sent();
    assert_eq!((ids(&sent, "a=d,d=i,"), ids(&sent, "a=t,")), (vec![1], vec![]));
    terminal.frame(std::slice::from_ref(&one), |_| ());
    let sent = terminal.sent();
    assert_eq!((ids(&sent, "a=p,"), ids(&sent, "a=t,")), (vec![1], vec![]), "the terminal still has it");
    terminal.frame(&[], |_| ());
    assert_eq!(ids(&terminal.sent(), "a=d,d=I,"), [1]);
    // Forgotten, as after an editor: sent a second time.
    terminal.frame(std::slice::from_ref(&one), |_| ());
    terminal.sent();
    terminal.pictures.forget();
    terminal.frame(&[moved(&one, 6)], |_| ());
    assert_eq!(ids(&terminal.sent(), "a=t,").len(), 1);
}

#[test]
fn another_way_to_draw_frees_what_the_terminal_keeps() {
    let mut terminal = Terminal::new(Graphics::Placeholders, Multiplexer::None);
    terminal.frame(&[picture(Rect::new(0, 0, 10, 5))], |_| ());
    terminal.sent();
    terminal.pictures.set_screen(ScreenGraphics::default(), 256);
    assert_eq!(ids(&terminal.sent(), "a=d,d=I,"), [1]);
}
