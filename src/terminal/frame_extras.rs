//! Adds to a frame what its cells lack: hyperlinks (OSC 8), and the position of the cursor, which screen readers and magnifiers
//! follow.
//!
//! In the frame, the underline colour of a cell represents the address of its link. So a cell whose link alone has changed differs
//! from the last frame and is sent. The colour itself is never sent.

use std::hash::Hasher;
use std::io::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use rustc_hash::FxHasher;

use super::headless_ui::HeadlessUi;
use super::screen_diff::{LinkTargets, Screen};
use crate::text::hyperlinks::Hyperlink;

/// Options for what a frame has beside its cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameOptions {
    /// Links can be clicked.
    pub hyperlinks: bool,
    /// The terminal's cursor is visible, instead of a drawn one.
    pub shows_cursor: bool,
    /// Italics are replaced by underlines.
    pub underlines_italics: bool,
}

/// Composes a frame of the session, sends it to the terminal, and returns it.
pub fn draw<'a, W: Write>(
    screen: &'a mut Screen<W>,
    session: &mut HeadlessUi,
    options: FrameOptions,
) -> io::Result<&'a Buffer> {
    compose(screen, session, options);
    screen.send()?;
    Ok(screen.last())
}

/// Composes a frame of the session with its hyperlinks and its cursor, without sending it.
pub fn compose<W: Write>(screen: &mut Screen<W>, session: &mut HeadlessUi, options: FrameOptions) {
    let area = screen.area();
    let frame = screen.frame();
    let seen = session.draw(area, frame);
    let targets = if options.hyperlinks { mark_links(frame, session.links()) } else { LinkTargets::default() };
    // The terminal's cursor is visible, so the drawn one is removed.
    if let Some(at) = seen.cursor.filter(|_| options.shows_cursor && seen.is_typing)
        && let Some(cell) = frame.cell_mut(at)
    {
        cell.modifier.remove(Modifier::REVERSED);
    }
    if options.underlines_italics {
        underline_italics(frame);
    }
    (screen.targets, screen.cursor) = (targets, seen.cursor);
    screen.shows_cursor = options.shows_cursor && seen.cursor.is_some();
}

/// Replaces italics by underlines, for terminals that show italics in a misleading way.
fn underline_italics(buf: &mut Buffer) {
    for cell in buf.content.iter_mut().filter(|cell| cell.modifier.contains(Modifier::ITALIC)) {
        cell.modifier.remove(Modifier::ITALIC);
        cell.modifier.insert(Modifier::UNDERLINED);
    }
}

/// Marks the cells of links. If two addresses of a frame hash to the same colour, a chance of one in millions, only the first is
/// linked.
fn mark_links(buf: &mut Buffer, spots: &[Hyperlink]) -> LinkTargets {
    let mut targets = LinkTargets::default();
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

#[cfg(test)]
mod tests {

    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::terminal::recorded_output::Written;

    /// What is sent for a frame with words in the first row and links in them.
    fn frame((screen, written): (&mut Screen<Written>, &Written), words: &str, spots: &[Hyperlink]) -> String {
        screen.frame().set_string(0, 0, words, Style::new());
        screen.targets = mark_links(screen.frame(), spots);
        screen.send().expect("a frame");
        String::from_utf8(written.0.take()).expect("text").replace('\x1b', "^")
    }

    #[test]
    fn links_are_opened_and_closed_around_their_cells() {
        let written = Written::default();
        let mut screen = Screen::new(written.clone(), Rect::new(0, 0, 10, 2));
        let mut frame = |words, spots: &[Hyperlink]| frame((&mut screen, &written), words, spots);
        let spot = |x, columns, target: &str| Hyperlink { x, y: 0, columns, target: target.into() };
        let first = frame("a link b", &[spot(2, 4, "https://e.org/")]);
        let (before, id) = first.split_once("^]8;id=").expect("a link");
        let (id, rest) = id.split_once(';').expect("an id");
        assert_eq!(before, "^[1;1Ha ");
        assert_eq!(rest, "https://e.org/^\\link^]8;;^\\^[8Gb^[?25l");

        // Nothing is sent for an unchanged frame.
        assert_eq!(frame("a link b", &[spot(2, 4, "https://e.org/")]), "");
        // A redrawn part of a link has the id of the whole link.
        let part = frame("a lonk b", &[spot(2, 4, "https://e.org/")]);
        assert_eq!(part, format!("^]8;id={id};https://e.org/^\\^[1;4Ho^]8;;^\\"));
        // The same letters with another link, and without a link.
        let other = frame("a lonk b", &[spot(2, 4, "https://e.org/other")]);
        assert!(other.contains(";https://e.org/other^\\^[1;3Hlonk^]8;;^\\") && !other.contains(id), "{other}");
        assert_eq!(frame("a lonk b", &[]), "^[1;3Hlonk");
    }
}
