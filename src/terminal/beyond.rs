//! What a frame has beyond its cells: hyperlinks (OSC 8), and the place of the cursor, which screen readers and magnifiers
//! follow.
//!
//! A cell that belongs to a link has, in the buffer that is compared with the last frame, a colour of the underline that stands
//! for the address. So a cell is sent also when only its link is another one. The colour itself is never sent.

use std::hash::Hasher;
use std::io::{self, Write};
use std::sync::Arc;

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use ratatui::{CompletedFrame, Terminal};
use rustc_hash::{FxHashMap, FxHasher};

use super::aligned::Aligned;
use super::session::Session;
use crate::ui::links::Spot;

/// Ends a link.
pub const UNLINK: &str = "\x1b]8;;\x1b\\";

/// A terminal that is drawn on.
pub type Screen<W> = Terminal<Aligned<Beyond<CrosstermBackend<W>>>>;

/// What is wanted beyond the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Links can be opened with the mouse.
    pub hyperlinks: bool,
    /// The cursor is seen where it stands.
    pub shows_cursor: bool,
    /// What would be in italics is underlined.
    pub underlines_italics: bool,
}

/// Draws a frame of a session, with all that it has beyond its cells.
pub fn draw<'a, W: Write>(
    screen: &'a mut Screen<W>,
    session: &mut Session,
    looks: Looks,
) -> io::Result<CompletedFrame<'a>> {
    let mut frame = screen.get_frame();
    let area = frame.area();
    let seen = session.draw(area, frame.buffer_mut());
    let targets = if looks.hyperlinks { mark(frame.buffer_mut(), session.links()) } else { Targets::default() };
    // Where the cursor is seen, none is drawn.
    if let Some(at) = seen.cursor.filter(|_| looks.shows_cursor && seen.types)
        && let Some(cell) = frame.buffer_mut().cell_mut(at)
    {
        cell.modifier.remove(Modifier::REVERSED);
    }
    if looks.underlines_italics {
        underline_italics(frame.buffer_mut());
    }
    let beyond = &mut screen.backend_mut().0;
    (beyond.targets, beyond.cursor) = (targets, seen.cursor);
    beyond.shows = looks.shows_cursor && seen.cursor.is_some();
    screen.apply_buffer()
}

/// Underlines what would be in italics, for terminals that show these in another way.
fn underline_italics(buf: &mut Buffer) {
    for cell in buf.content.iter_mut().filter(|cell| cell.modifier.contains(Modifier::ITALIC)) {
        cell.modifier.remove(Modifier::ITALIC);
        cell.modifier.insert(Modifier::UNDERLINED);
    }
}

/// Where links lead, by the colours that stand for them.
type Targets = FxHashMap<Color, Arc<str>>;

/// Marks the cells of links. Of two addresses with the same colour, which is one chance in millions, the first is linked.
fn mark(buf: &mut Buffer, spots: &[Spot]) -> Targets {
    let mut targets = Targets::default();
    for spot in spots {
        let mut hasher = FxHasher::default();
        hasher.write(spot.target.as_bytes());
        let [.., r, g, b] = hasher.finish().rotate_left(24).to_be_bytes();
        let colour = Color::Rgb(r, g, b);
        if *targets.entry(colour).or_insert_with(|| spot.target.clone()) != spot.target {
            continue;
        }
        for x in spot.x..spot.x.saturating_add(spot.columns) {
            if let Some(cell) = buf.cell_mut((x, spot.y)) {
                cell.underline_color = colour;
            }
        }
    }
    targets
}

/// A backend that opens and closes links around their cells, and leaves the cursor where the reader is.
#[derive(Debug)]
pub struct Beyond<B> {
    inner: B,
    targets: Targets,
    /// Where the cursor is to stand, and whether it is to be seen.
    cursor: Option<Position>,
    shows: bool,
    /// Where it stands, when that is known, and whether it is seen.
    stands: Option<Position>,
    shown: Option<bool>,
}

impl<B> Beyond<B> {
    /// A backend that knows nothing of the terminal yet.
    pub fn new(inner: B) -> Beyond<B> {
        Beyond { inner, targets: Targets::default(), cursor: None, shows: false, stands: None, shown: None }
    }
}

impl<B: Backend<Error = io::Error> + Write> Beyond<B> {
    /// Draws cells that belong to one link, or to none.
    fn run(&mut self, link: Option<(u16, Color)>, cells: &[(u16, u16, &Cell)]) -> io::Result<()> {
        let Some((_, colour)) = link else { return self.inner.draw(cells.iter().copied()) };
        let target = self.targets.get(&colour);
        if let Some(target) = target {
            // Parts of a link that are drawn at different times are one by their id.
            let Color::Rgb(r, g, b) = colour else { return Ok(()) };
            write!(self.inner, "\x1b]8;id={r:02x}{g:02x}{b:02x};{target}\x1b\\")?;
        }
        let plain: Vec<(u16, u16, Cell)> = cells
            .iter()
            .map(|(x, y, cell)| {
                let mut cell = (*cell).clone();
                cell.underline_color = Color::Reset;
                (*x, *y, cell)
            })
            .collect();
        let is_linked = target.is_some();
        self.inner.draw(plain.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        if is_linked { self.inner.write_all(UNLINK.as_bytes()) } else { Ok(()) }
    }
}

impl<B: Backend<Error = io::Error> + Write> Backend for Beyond<B> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.stands = None;
        if self.targets.is_empty() {
            return self.inner.draw(content);
        }
        let mut cells = Vec::new();
        let mut link = None;
        for (x, y, cell) in content {
            let here = (cell.underline_color != Color::Reset).then_some((y, cell.underline_color));
            if here != link && !cells.is_empty() {
                self.run(link, &cells)?;
                cells.clear();
            }
            link = here;
            cells.push((x, y, cell));
        }
        self.run(link, &cells)
    }

    /// With every frame; whether the cursor is seen is settled when the frame is sent.
    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    /// Sends the frame, and what of the cursor is not as it should be.
    fn flush(&mut self) -> io::Result<()> {
        let moves = self.cursor.filter(|at| self.stands != Some(*at));
        if let Some(Position { x, y }) = moves {
            write!(self.inner, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1)?;
            self.stands = moves;
        }
        if self.shown != Some(self.shows) {
            self.inner.write_all(if self.shows { b"\x1b[?25h" } else { b"\x1b[?25l" })?;
            self.shown = Some(self.shows);
        }
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::{TerminalOptions, Viewport};

    use super::*;

    /// Keeps what is written to it.
    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is sent for a frame with some words in the first row and a link in it.
    fn frame((screen, written): (&mut Screen<Written>, &Written), words: &str, spots: &[Spot]) -> String {
        let mut frame = screen.get_frame();
        frame.buffer_mut().set_string(0, 0, words, Style::new());
        let targets = mark(frame.buffer_mut(), spots);
        screen.backend_mut().0.targets = targets;
        screen.apply_buffer().expect("a frame");
        String::from_utf8(written.0.take())
            .expect("text")
            .replace("\x1b[39m\x1b[49m\x1b[59m\x1b[0m", "~")
            .replace('\x1b', "^")
    }

    #[test]
    fn links_are_opened_and_closed_around_their_cells() {
        let viewport = Viewport::Fixed(Rect::new(0, 0, 10, 2));
        let written = Written::default();
        let backend = Aligned(Beyond::new(CrosstermBackend::new(written.clone())));
        let mut screen = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a screen");
        let mut frame = |words, spots: &[Spot]| frame((&mut screen, &written), words, spots);
        let spot = |x, columns, target: &str| Spot { x, y: 0, columns, target: target.into() };
        let first = frame("a link b", &[spot(2, 4, "https://e.org/")]);
        let (before, id) = first.split_once("^]8;id=").expect("a link");
        let (id, rest) = id.split_once(';').expect("an id");
        assert_eq!(before, "^[1;1Ha~");
        assert_eq!(rest, "https://e.org/^\\^[1;3Hlink~^]8;;^\\^[1;8Hb~^[?25l");

        // Nothing is sent for what is the same.
        assert_eq!(frame("a link b", &[spot(2, 4, "https://e.org/")]), "");
        // A part of the link that is drawn again is the same link.
        let part = frame("a lonk b", &[spot(2, 4, "https://e.org/")]);
        assert_eq!(part, format!("^]8;id={id};https://e.org/^\\^[1;4Ho~^]8;;^\\"));
        // The same letters with another link, and with none.
        let other = frame("a lonk b", &[spot(2, 4, "https://e.org/other")]);
        assert!(other.contains(";https://e.org/other^\\^[1;3Hlonk~^]8;;^\\") && !other.contains(id), "{other}");
        assert_eq!(frame("a lonk b", &[]), "^[1;3Hlonk~");
    }
}
