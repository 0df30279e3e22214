//! Pictures and the terminal: what it replied about them, how the next frame draws them, and sending them between frames.

use std::io;
#[cfg(feature = "pictures")]
use std::time::Duration;

use super::capabilities::env_variable;
use super::headless_ui::HeadlessUi;
#[cfg(feature = "pictures")]
use super::input::TerminalInput;
use super::input_sequence::{self, InputEvent};
#[cfg(feature = "pictures")]
use super::multiplexer::Multiplexer;
use super::picture_protocol::GraphicsReplies;
#[cfg(feature = "pictures")]
use super::screen_diff::Screen;
#[cfg(feature = "pictures")]
use super::screen_pictures::ScreenPictures;
use super::terminal_guard::Output;
use super::terminal_query;
#[cfg(feature = "pictures")]
use super::{signals, tty};
use crate::config::{PictureDrawing, SymbolSet};
use crate::picture::{Graphics, ScreenGraphics, Size};

/// How long to wait for the terminal to accept the next piece of a picture, before a key gets its turn.
#[cfg(feature = "pictures")]
const PIECE_WAIT: Duration = Duration::from_millis(5);
/// Colours of sixels where the terminal does not say it.
#[cfg(feature = "pictures")]
const USUAL_COLOURS: u32 = 256;

/// What the terminal can draw, and what it has.
pub struct TerminalPictures {
    replies: GraphicsReplies,
    /// It has replied to the last query.
    is_known: bool,
    #[cfg(feature = "pictures")]
    screen: ScreenPictures,
}

impl TerminalPictures {
    /// A terminal that was not asked yet.
    pub fn new() -> TerminalPictures {
        TerminalPictures {
            replies: GraphicsReplies::default(),
            is_known: false,
            #[cfg(feature = "pictures")]
            screen: ScreenPictures::new(Multiplexer::of(|name| env_variable(name).is_some()), signals::wake),
        }
    }

    /// How the screen draws pictures, by the settings and the replies of the terminal.
    fn graphics(&self, session: &HeadlessUi) -> ScreenGraphics {
        // Users of ASCII get no signs that only some terminals have.
        let is_plain = session.app().settings().symbols() != SymbolSet::Unicode;
        let graphics = match session.app().pictures().drawing() {
            _ if is_plain || !self.is_known => Graphics::Blocks,
            PictureDrawing::Auto => self.replies.graphics(|name| env_variable(name).is_some()),
            PictureDrawing::Kitty => self.replies.kitty_graphics(),
            PictureDrawing::Sixel => Graphics::Sixel,
            PictureDrawing::Iterm => Graphics::Iterm,
            PictureDrawing::Blocks | PictureDrawing::Off => Graphics::Blocks,
        };
        ScreenGraphics { graphics, cell: self.replies.cell(cell_of_window()) }
    }

    /// Keeps what the terminal replied about pictures. Returns whether they are drawn in another way now.
    pub fn take_reply(&mut self, reply: InputEvent, session: &HeadlessUi, output: Output) -> io::Result<bool> {
        let before = self.graphics(session);
        match reply {
            InputEvent::KittyGraphics(is_drawn) => self.replies.kitty = is_drawn,
            InputEvent::TerminalName(name) => self.replies.name = Some(name),
            InputEvent::CellSize(cell) => self.replies.cell = Some(cell),
            InputEvent::SixelColours(colours) => self.replies.sixel_colours = Some(colours),
            InputEvent::DeviceAttributes { has_sixel } => {
                (self.replies.sixel, self.is_known) = (has_sixel, true);
                if has_sixel && self.replies.sixel_colours.is_none() {
                    terminal_query::request_sixel_colours(output)?;
                }
            }
            _ => {}
        }
        Ok(self.graphics(session) != before)
    }

    /// Tells the session how the next frame draws pictures.
    pub fn prepare(&mut self, session: &mut HeadlessUi) {
        let graphics = self.graphics(session);
        session.set_graphics(graphics);
        #[cfg(feature = "pictures")]
        self.screen.set_screen(graphics, self.replies.sixel_colours.unwrap_or(USUAL_COLOURS));
    }

    /// Whether something is to be sent.
    pub fn is_pending(&self) -> bool {
        #[cfg(feature = "pictures")]
        return self.screen.is_pending();
        #[cfg(not(feature = "pictures"))]
        false
    }
}

#[cfg(feature = "pictures")]
impl TerminalPictures {
    /// The terminal has no picture any more: the screen was given back or cleared.
    pub fn forget(&mut self) {
        self.screen.forget();
    }

    /// Completes the cells of pictures in the frame that was composed.
    pub fn arrange(&mut self, screen: &mut Screen<Output>, session: &HeadlessUi) -> io::Result<()> {
        let (last, frame) = screen.frames();
        self.screen.arrange(frame, last, session.pictures());
        // Before anything is sent, because a signal may end the program at any time.
        tty::keep_pictures(self.screen.last_kept(), self.screen.multiplexer())
    }

    /// Sends what is left of pictures, until there is input.
    pub fn send(&mut self, output: Output, input: &mut TerminalInput) -> io::Result<()> {
        self.screen.receive();
        self.screen.send(output, || Ok(!input.has_event()? && tty::accepts_output(PIECE_WAIT)?))
    }
}

/// The size of a cell in pixels as the system knows it. Many terminals do not set it.
fn cell_of_window() -> Option<Size> {
    let window = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    let side = |pixels: u16, cells: u16| Some(u32::from(pixels.checked_div(cells)?));
    let cell = Size::new(side(window.ws_xpixel, window.ws_col)?, side(window.ws_ypixel, window.ws_row)?);
    input_sequence::is_cell(cell).then_some(cell)
}
