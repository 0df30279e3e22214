//! The pictures of the screen: which ones the terminal has in its memory, which ones are being encoded, and what is still to be sent.
//!
//! A picture is encoded by a thread, and sent in pieces between frames, as long as no key waits.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::multiplexer::Multiplexer;
use super::picture_encoding::{self, EncodingRequest};
use super::placeholders;
use super::tty;
use crate::picture::{Graphics, ScreenGraphics};
use crate::text::placed_pictures::{self, PlacedPicture};

/// Pictures that the terminal keeps. All are deleted by their numbers when the screen is given back, also by the guardian.
pub const MOST_PICTURES: u8 = 64;
/// Bytes of pixels that the terminal keeps.
const MOST_BYTES: u64 = 32 << 20;

/// How far a picture has come.
#[derive(Debug, PartialEq, Eq)]
enum Progress {
    /// It must be encoded.
    Waiting,
    /// A thread encodes it.
    Encoding,
    /// It was encoded and given to the queue. What may have to be sent again is kept.
    Encoded(Vec<String>),
}

/// A picture with a number in the terminal.
struct Known {
    id: u8,
    placed: PlacedPicture,
    progress: Progress,
    /// The last frame that showed it.
    frame: u64,
    /// It must be put on the screen, where it is not made of cells.
    is_wanted: bool,
    /// It lies on the screen, by kitty's protocol.
    is_placed: bool,
}

impl Known {
    fn bytes(&self) -> u64 {
        self.placed.picture.size.pixels() * 4
    }
}

/// The number of a picture, and what is to be sent for it; `None` if it cannot be encoded.
type Encoded = (u8, Option<Vec<String>>);

/// The pictures of the screen.
pub struct ScreenPictures {
    screen: ScreenGraphics,
    multiplexer: Multiplexer,
    colours: u32,
    known: Vec<Known>,
    /// Counts frames.
    frame: u64,
    queue: VecDeque<String>,
    is_encoding: bool,
    wake: fn(),
    encode: fn(&EncodingRequest) -> Option<Vec<String>>,
    encoded: (Sender<Encoded>, Receiver<Encoded>),
}

impl ScreenPictures {
    /// No pictures. `wake` is called by another thread when [`ScreenPictures::receive`] has something to receive.
    pub fn new(multiplexer: Multiplexer, wake: fn()) -> ScreenPictures {
        ScreenPictures {
            screen: ScreenGraphics::default(),
            multiplexer,
            colours: 0,
            known: Vec::new(),
            frame: 0,
            queue: VecDeque::new(),
            is_encoding: false,
            wake,
            encode: picture_encoding::encode,
            encoded: mpsc::channel(),
        }
    }

    /// Sets how the terminal draws pictures, and how many colours sixels can have. Another way begins without pictures.
    pub fn set_screen(&mut self, screen: ScreenGraphics, colours: u32) {
        if (self.screen, self.colours) != (screen, colours) {
            let is_kept = matches!(self.screen.graphics, Graphics::Placeholders | Graphics::Placed);
            let ids: Vec<u8> = self.known.iter().filter(|_| is_kept).map(|known| known.id).collect();
            self.forget();
            self.queue.extend(ids.into_iter().map(|id| self.multiplexer.wrap(&tty::delete_picture(id))));
            (self.screen, self.colours) = (screen, colours);
        }
    }

    /// The terminal has no picture any more: the screen was given back or cleared.
    pub fn forget(&mut self) {
        self.known.clear();
        self.queue.clear();
    }

    /// Whether something is to be sent.
    pub fn is_pending(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Completes the marked cells of a frame. `last` is the frame on the screen.
    pub fn arrange(&mut self, frame: &mut Buffer, last: &Buffer, placed: &[PlacedPicture]) {
        self.frame += 1;
        for (number, placed) in (0..).zip(placed) {
            let Some(known) = self.known(placed) else { continue };
            let id = known.id;
            if self.screen.graphics == Graphics::Placeholders {
                placeholders::write(frame, (placed.area, placed.hidden), number, id);
            } else {
                let (is_whole, is_changed) = reserve(frame, last, placed.area, number, id);
                for known in self.known.iter_mut().filter(|known| known.id == id) {
                    known.is_wanted = is_whole && (is_changed || known.is_wanted);
                    // Text does not cover a picture that lies above it.
                    if !is_whole && std::mem::take(&mut known.is_placed) {
                        self.queue.push_back(self.multiplexer.wrap(&picture_encoding::hide(id)));
                    }
                }
            }
        }
        self.drop_unused();
        self.advance();
    }

    /// The highest number of a picture that the terminal keeps or will keep. 0 if it keeps none.
    // Only kitty's protocol puts pictures into the memory of the terminal.
    pub fn last_kept(&self) -> u8 {
        let is_kept = matches!(self.screen.graphics, Graphics::Placeholders | Graphics::Placed);
        self.known.iter().filter(|_| is_kept).map(|known| known.id).max().unwrap_or_default()
    }

    /// The multiplexer between the program and the terminal.
    pub fn multiplexer(&self) -> Multiplexer {
        self.multiplexer
    }

    /// The picture with its number, which is a new one if the terminal does not have it.
    fn known(&mut self, placed: &PlacedPicture) -> Option<&Known> {
        // Placeholders may be anywhere on the screen.
        let is_cells = self.screen.graphics == Graphics::Placeholders;
        let is_same = |known: &Known| {
            known.placed.picture == placed.picture
                && if is_cells { known.placed.cells == placed.cells } else { known.placed.area == placed.area }
        };
        let index = match self.known.iter().position(is_same) {
            Some(index) => index,
            None => {
                let id = (1..=MOST_PICTURES).find(|id| self.known.iter().all(|known| known.id != *id))?;
                let (placed, frame) = (placed.clone(), self.frame);
                self.known.push(Known {
                    id,
                    placed,
                    progress: Progress::Waiting,
                    frame,
                    is_wanted: false,
                    is_placed: false,
                });
                self.known.len() - 1
            }
        };
        let known = self.known.get_mut(index)?;
        known.frame = self.frame;
        Some(known)
    }

    /// Forgets pictures that no frame shows: the oldest first where the terminal can keep some, else all.
    fn drop_unused(&mut self) {
        let keeps = self.screen.graphics == Graphics::Placeholders;
        loop {
            let bytes: u64 = self.known.iter().map(Known::bytes).sum();
            let is_full = bytes > MOST_BYTES || self.known.len() + 4 > MOST_PICTURES.into();
            let unused = self.known.iter().enumerate().filter(|(_, known)| known.frame != self.frame);
            let oldest = unused.min_by_key(|(_, known)| known.frame).map(|(index, _)| index);
            let Some(index) = oldest.filter(|_| is_full || !keeps) else { break };
            let Known { id, progress, .. } = self.known.remove(index);
            if matches!(self.screen.graphics, Graphics::Placeholders | Graphics::Placed) {
                if matches!(progress, Progress::Encoded(_)) {
                    self.queue.push_back(self.multiplexer.wrap(&tty::delete_picture(id)));
                }
            } else {
                // Each piece is a picture of its own: what was not sent is not needed.
                self.queue.clear();
            }
        }
    }

    /// Gives the next picture of the last frame to the thread that encodes, and puts on the screen what is encoded.
    fn advance(&mut self) {
        let (graphics, cell, colours) = (self.screen.graphics, self.screen.cell, self.colours);
        for known in self.known.iter_mut().filter(|known| known.is_wanted) {
            if let Progress::Encoded(pieces) = &known.progress {
                known.is_wanted = false;
                match graphics {
                    Graphics::Placed => {
                        known.is_placed = true;
                        self.queue.push_back(picture_encoding::place(known.id, known.placed.area));
                    }
                    _ => self.queue.extend(pieces.iter().cloned()),
                }
            }
        }
        if self.is_encoding {
            return;
        }
        let is_next = |known: &&mut Known| known.frame == self.frame && known.progress == Progress::Waiting;
        let Some(known) = self.known.iter_mut().find(is_next) else { return };
        known.progress = Progress::Encoding;
        let PlacedPicture { area, cells, picture, .. } = known.placed.clone();
        // Placeholders show any part of the whole picture.
        let is_cells = graphics == Graphics::Placeholders;
        let area = if is_cells { Rect { width: cells.0, height: cells.1, ..area } } else { area };
        let request = EncodingRequest { picture, area, graphics, cell, colours, id: known.id };
        let (wake, encode, sender) = (self.wake, self.encode, self.encoded.0.clone());
        let spawned = thread::Builder::new().name("picture".to_owned()).spawn(move || {
            // After a panic the picture is one that cannot be encoded, and the next one is.
            let pieces = catch_unwind(AssertUnwindSafe(|| encode(&request))).ok().flatten();
            // The receiver is gone only if the program ends.
            let _ = sender.send((request.id, pieces));
            wake();
        });
        self.is_encoding = spawned.is_ok();
    }

    /// Takes the picture that was encoded, if there is one.
    pub fn receive(&mut self) {
        while let Ok((id, pieces)) = self.encoded.1.try_recv() {
            self.is_encoding = false;
            let is_of = |known: &&mut Known| known.id == id && known.progress == Progress::Encoding;
            // Unless it was forgotten meanwhile.
            if let (Some(known), Some(pieces)) = (self.known.iter_mut().find(is_of), pieces) {
                known.progress = match self.screen.graphics {
                    Graphics::Placeholders | Graphics::Placed => {
                        let wrapped = pieces.iter().map(|piece| self.multiplexer.wrap(piece));
                        self.queue.extend(wrapped);
                        Progress::Encoded(Vec::new())
                    }
                    _ => Progress::Encoded(pieces),
                };
            }
        }
        self.advance();
    }

    /// Sends pieces as long as `may_go_on`, which is asked before each.
    pub fn send(&mut self, mut output: impl Write, mut may_go_on: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
        while !self.queue.is_empty() && may_go_on()? {
            if let Some(piece) = self.queue.pop_front() {
                output.write_all(piece.as_bytes())?;
                output.flush()?;
            }
        }
        Ok(())
    }
}

/// Reserves the cells of a picture that is not made of cells: blanks with a mark that is never sent. If the picture or what covers
/// it changes, the blanks are sent, and erase it. Returns whether it is visible as a whole, and whether a cell changed.
fn reserve(frame: &mut Buffer, last: &Buffer, area: Rect, number: u8, id: u8) -> (bool, bool) {
    let (mut is_whole, mut is_changed) = (true, false);
    for position in area.positions() {
        let Some(cell) = frame.cell_mut(position) else { continue };
        if placed_pictures::number_of(cell) == Some(number) {
            cell.set_char(' ').set_fg(Color::Reset);
            cell.underline_color = Color::Indexed(id);
            is_changed |= last.cell(position) != Some(cell);
        } else {
            is_whole = false;
        }
    }
    (is_whole, is_changed)
}

#[cfg(test)]
mod tests;
