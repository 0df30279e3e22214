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
use crate::config::{PictureDrawing, SymbolSet};
use crate::picture::{Graphics, ScreenGraphics, Size};

/// How long to wait for the terminal to accept the next piece of a picture, before a key gets its turn.
#[cfg(feature = "pictures")]
const PIECE_WAIT: Duration = Duration::from_millis(5);

/// How the screen draws pictures, by the settings and the replies of the terminal.
fn screen_graphics(reader: &EventLoop) -> ScreenGraphics {
    // Users of ASCII get no signs that only some terminals have.
    let is_plain = reader.session.app().settings().symbols() != SymbolSet::Unicode;
    let graphics = match reader.session.app().pictures().drawing() {
        _ if is_plain || !reader.was_queried => Graphics::Blocks,
        PictureDrawing::Auto => reader.replies.graphics(|name| env_variable(name).is_some()),
        PictureDrawing::Kitty => reader.replies.kitty_graphics(),
        PictureDrawing::Sixel => Graphics::Sixel,
        PictureDrawing::Iterm => Graphics::Iterm,
        PictureDrawing::Blocks | PictureDrawing::Off => Graphics::Blocks,
    };
    ScreenGraphics { graphics, cell: reader.replies.cell(cell_of_system()) }
}

/// Keeps what the terminal replied about pictures.
pub fn handle_reply(reader: &mut EventLoop, reply: InputEvent) -> io::Result<LoopOutcome> {
    let before = screen_graphics(reader);
    match reply {
        InputEvent::KittyGraphics(is_drawn) => reader.replies.kitty = is_drawn,
        InputEvent::TerminalName(name) => reader.replies.name = Some(name),
        InputEvent::CellSize(cell) => reader.replies.cell = Some(cell),
        InputEvent::SixelColours(colours) => reader.replies.sixel_colours = Some(colours),
        InputEvent::DeviceAttributes { has_sixel } => {
            reader.replies.sixel = has_sixel;
            if has_sixel && reader.replies.sixel_colours.is_none() {
                terminal_query::request_sixel_colours(reader.io.guard.output()?)?;
            }
        }
        _ => {}
    }
    Ok(if screen_graphics(reader) == before { LoopOutcome::Unchanged } else { LoopOutcome::Changed })
}

/// Tells the session how the next frame draws pictures.
pub fn prepare(reader: &mut EventLoop) {
    let screen = screen_graphics(reader);
    reader.session.set_graphics(screen);
    #[cfg(feature = "pictures")]
    reader.pictures.set_screen(screen, reader.replies.sixel_colours.unwrap_or(USUAL_COLOURS));
}

/// Completes the cells of pictures in the frame that was composed.
#[cfg(feature = "pictures")]
pub fn arrange(reader: &mut EventLoop) -> io::Result<()> {
    let (last, frame) = reader.screen.frames();
    reader.pictures.arrange(frame, last, reader.session.pictures());
    // Before anything is sent, because a signal may end the program at any time.
    tty::keep_pictures(reader.pictures.last_kept(), reader.pictures.multiplexer())
}

/// Sends what is left of pictures, until there is input.
#[cfg(feature = "pictures")]
pub fn send(reader: &mut EventLoop) -> io::Result<()> {
    reader.pictures.receive();
    if !reader.pictures.is_pending() {
        return Ok(());
    }
    let (output, input) = (reader.io.guard.output()?, &mut reader.input);
    reader.pictures.send(output, || Ok(!input.has_event()? && tty::accepts_output(PIECE_WAIT)?))
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
