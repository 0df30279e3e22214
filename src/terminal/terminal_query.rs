//! Asks the terminal what it can do and how it looks.
//!
//! What it answers comes among the keys, and an answer that comes late, or unasked, is taken in all the same.
//!
//! How the terminal counts columns is measured before the first frame: some clusters are written on the screen, which is cleared
//! in the same breath, and the answers come with the others.

use std::io::{self, Write};
use std::time::Duration;

use super::capabilities::WidthQuirks;
use super::escape_sequence::InputEvent;
use super::input::TerminalInput;

/// The colour of the background; the modes of the keyboard, which only a terminal that has them answers; and what kind of
/// terminal it is, which every one answers: so that is the end of the answers.
const QUERIES: &[u8] = b"\x1b]11;?\x1b\\\x1b[?u\x1b[c";
/// The colour of the background alone.
const BACKGROUND_QUERY: &[u8] = b"\x1b]11;?\x1b\\";
/// The row in which columns are measured, from 0: not the first, where the place of the cursor looks like a key.
pub const PROBE_ROW: u16 = 1;
/// How long answers are waited for, so that they do not come when another program has the terminal.
const REPLY_TIMEOUT: Duration = Duration::from_millis(100);

/// Writes clusters on the screen, and asks behind each where the cursor stands. The screen must be cleared behind them.
pub fn probe_widths(output: &mut impl Write) -> io::Result<()> {
    let row = PROBE_ROW + 1;
    WidthQuirks::PROBES.iter().try_for_each(|cluster| write!(output, "\x1b[{row};1H{cluster}\x1b[6n"))
}

/// Asks, and waits a moment for the answers. They, and what was typed meanwhile, are next to be taken in. True when the background
/// is among them.
pub fn query(mut output: impl Write, input: &mut TerminalInput) -> io::Result<bool> {
    output.write_all(QUERIES)?;
    output.flush()?;
    input.await_event(REPLY_TIMEOUT, |event| matches!(event, InputEvent::DeviceAttributes))?;
    Ok(input.contains(|event| matches!(event, InputEvent::Background(_))))
}

/// Asks for the colour of the background, and waits for nothing.
pub fn request_background(mut output: impl Write) -> io::Result<()> {
    output.write_all(BACKGROUND_QUERY)?;
    output.flush()
}
