//! Pictures in the event loop: what the terminal replied about them, and sending them between frames.

use std::io;
#[cfg(feature = "pictures")]
use std::time::Duration;

use super::capabilities::env_variable;
use super::event_loop::{EventLoop, LoopOutcome};
use super::input_sequence::{self, InputEvent};
use super::terminal_query;
#[cfg(feature = "pictures")]
use super::tty;
use crate::config::SymbolSet;
use crate::picture::{Graphics, ScreenGraphics, Size};

/// How long to wait for the terminal to accept the next piece of a picture, before a key gets its turn.
#[cfg(feature = "pictures")]
const PIECE_WAIT: Duration = Duration::from_millis(5);

impl EventLoop {
    /// How the screen draws pictures, by the settings and the replies of the terminal.
    fn screen_graphics(&self) -> ScreenGraphics {
        // Users of ASCII get no signs that only some terminals have.
        let is_plain = self.session.app().settings().symbols() != SymbolSet::Unicode;
        let graphics = match is_plain || !self.was_queried {
            true => Graphics::Blocks,
            false => self.replies.graphics(|name| env_variable(name).is_some()),
        };
        ScreenGraphics { graphics, cell: self.replies.cell(cell_of_system()) }
    }

    /// Keeps what the terminal replied about pictures.
    pub(super) fn handle_graphics_reply(&mut self, reply: InputEvent) -> io::Result<LoopOutcome> {
        let before = self.screen_graphics();
        match reply {
            InputEvent::KittyGraphics(is_drawn) => self.replies.kitty = is_drawn,
            InputEvent::TerminalName(name) => self.replies.name = Some(name),
            InputEvent::CellSize(cell) => self.replies.cell = Some(cell),
            InputEvent::SixelColours(colours) => self.replies.sixel_colours = Some(colours),
            InputEvent::DeviceAttributes { has_sixel } => {
                self.replies.sixel = has_sixel;
                if has_sixel && self.replies.sixel_colours.is_none() {
                    terminal_query::request_sixel_colours(self.io.guard.output()?)?;
                }
            }
            _ => {}
        }
        Ok(if self.screen_graphics() == before { LoopOutcome::Unchanged } else { LoopOutcome::Changed })
    }

    /// Tells the session how the next frame draws pictures.
    pub(super) fn prepare_pictures(&mut self) {
        let screen = self.screen_graphics();
        self.session.set_graphics(screen);
        #[cfg(feature = "pictures")]
        self.pictures.set_screen(screen, self.replies.sixel_colours.unwrap_or(USUAL_COLOURS));
    }

    /// Completes the cells of pictures in the frame that was composed.
    #[cfg(feature = "pictures")]
    pub(super) fn arrange_pictures(&mut self) -> io::Result<()> {
        let (last, frame) = self.screen.frames();
        self.pictures.arrange(frame, last, self.session.pictures());
        // Before anything is sent, because a signal may end the program at any time.
        tty::keep_pictures(self.pictures.last_kept(), self.pictures.multiplexer())
    }

    /// Sends what is left of pictures, until there is input.
    #[cfg(feature = "pictures")]
    pub(super) fn send_pictures(&mut self) -> io::Result<()> {
        self.pictures.receive();
        if !self.pictures.is_pending() {
            return Ok(());
        }
        let (output, input) = (self.io.guard.output()?, &mut self.input);
        self.pictures.send(output, || Ok(!input.has_event()? && tty::accepts_output(PIECE_WAIT)?))
    }
}

/// Colours of sixels where the terminal does not say it.
#[cfg(feature = "pictures")]
const USUAL_COLOURS: u32 = 256;

/// The size of a cell in pixels as the system knows it. Many terminals do not set it.
fn cell_of_system() -> Option<Size> {
    let window = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    let side = |pixels: u16, cells: u16| Some(u32::from(pixels.checked_div(cells)?));
    let cell = Size::new(side(window.ws_xpixel, window.ws_col)?, side(window.ws_ypixel, window.ws_row)?);
    input_sequence::is_cell(cell).then_some(cell)
}
