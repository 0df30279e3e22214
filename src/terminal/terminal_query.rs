//! Queries to the terminal: its background colour, its keyboard protocol, how it draws pictures, and how many columns it gives to
//! some clusters.
//!
//! Replies arrive as bytes among the keys. A late or unsolicited reply is handled like any other.
//!
//! Widths are measured before the first frame: the probe clusters are written to the screen and cleared in the same write. Their
//! replies arrive with the others.

use std::io::{self, Write};
use std::time::Duration;

use super::capabilities::WidthQuirks;
use super::input::TerminalInput;
use super::input_sequence::InputEvent;
use super::multiplexer::Multiplexer;

/// The background colour (OSC 11), and the modes of kitty's keyboard protocol. Only a terminal that has the protocol replies.
const LOOK_QUERIES: &str = "\x1b]11;?\x1b\\\x1b[?u";
/// A picture of one pixel by kitty's graphics protocol, which is to be checked and not to be shown.
const GRAPHICS_QUERY: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";
/// The name of the terminal (XTVERSION), the size of a cell in pixels, and the device attributes (DA1).
// DA1 is last because every terminal answers it: its reply marks the end of the replies.
const KIND_QUERIES: &str = "\x1b[>0q\x1b[16t\x1b[c";
/// The number of colours of a picture in sixels (XTSMGRAPHICS).
// Not with the others: a terminal without sixels may take it for a request to scroll.
const SIXEL_QUERY: &[u8] = b"\x1b[?1;1;0S";
/// The query for the background colour alone.
const BACKGROUND_QUERY: &[u8] = b"\x1b]11;?\x1b\\";
/// The row in which widths are measured, from 0.
// Not row 0: a cursor position report for the first row, `ESC [ 1 ; n R`, is also how xterm sends F3 with modifiers.
pub const PROBE_ROW: u16 = 1;
/// How long to wait for the replies.
// A reply that arrives while another program has the terminal would be input to that program.
pub const REPLY_TIMEOUT: Duration = Duration::from_millis(100);

/// Writes the probe clusters to the screen, and asks for the cursor position after each. The caller must clear the screen
/// afterwards.
pub fn probe_widths(output: &mut impl Write) -> io::Result<()> {
    let row = PROBE_ROW + 1;
    WidthQuirks::PROBES.iter().try_for_each(|cluster| write!(output, "\x1b[{row};1H{cluster}\x1b[6n"))
}

/// Sends the queries and waits up to 100 ms for the replies. The replies, and keys typed meanwhile, stay in `input` to be read
/// next. Returns whether the background is among them.
pub fn query(mut output: impl Write, input: &mut TerminalInput, multiplexer: Multiplexer) -> io::Result<bool> {
    output.write_all(queries(multiplexer).as_bytes())?;
    output.flush()?;
    input.await_event(REPLY_TIMEOUT, |event| matches!(event, InputEvent::DeviceAttributes { .. }))?;
    Ok(input.contains(|event| matches!(event, InputEvent::Background(_))))
}

/// All queries. tmux gets that for pictures only to pass it on, which it does with its setting `allow-passthrough`.
// tmux and screen themselves would show an application program command (APC) as a title.
fn queries(multiplexer: Multiplexer) -> String {
    let graphics = match multiplexer {
        Multiplexer::None | Multiplexer::Tmux => multiplexer.wrap(GRAPHICS_QUERY),
        Multiplexer::Screen => String::new(),
    };
    format!("{LOOK_QUERIES}{graphics}{KIND_QUERIES}")
}

/// Asks for the number of colours of a picture in sixels, without waiting for the reply.
pub fn request_sixel_colours(mut output: impl Write) -> io::Result<()> {
    output.write_all(SIXEL_QUERY)?;
    output.flush()
}

/// Asks for the background colour without waiting for the reply.
pub fn request_background(mut output: impl Write) -> io::Result<()> {
    output.write_all(BACKGROUND_QUERY)?;
    output.flush()
}
