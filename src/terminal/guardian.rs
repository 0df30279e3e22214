//! The guardian: a second process that restores the terminal if the first cannot, as after `kill -9` or an abort.
//!
//! It reads messages from a pipe. Whenever the owner of the screen changes, the program sends one. When the pipe ends, the program
//! has ended, and the last message says whether frontpage still owned the screen. The guardian has its own session, so that neither
//! Ctrl-C nor Ctrl-Z reaches it, and its own name, so that `pkill -9 frontpage` does not.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::stdio::stdout;
use rustix::termios::{
    self, ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, QueueSelector, SpecialCodeIndex, Termios,
};

use super::terminal_query::REPLY_TIMEOUT;
use super::tty::{self, ExtraModes};
use crate::external_program;

/// The argument that starts the program as a guardian. Internal.
pub const ARGUMENT: &str = "--tty-guard";

/// The name of the process in `ps` and `pkill`, on Linux.
#[cfg(target_os = "linux")]
const NAME: &std::ffi::CStr = c"tty-guard";

/// The special characters that raw mode changes.
const SPECIAL: [SpecialCodeIndex; 2] = [SpecialCodeIndex::VMIN, SpecialCodeIndex::VTIME];

/// The bits of the first byte of a message: frontpage owns the screen, and the extra modes in use.
const OWNED: u8 = 1;
const KEYS: u8 = 2;
const LINKS: u8 = 4;
const MOUSE: u8 = 8;
const TITLE: u8 = 16;
const APPEARANCE: u8 = 32;
const THROUGH_TMUX: u8 = 64;
/// Bytes of a message: the bits, four words of 8 bytes with the modes of the line before the start, two special characters, and the
/// highest number of a picture.
const MESSAGE: usize = PICTURES + 1;
/// The place of the special characters, and that of the number of pictures.
const SPECIAL_AT: usize = 1 + 4 * 8;
const PICTURES: usize = SPECIAL_AT + SPECIAL.len();
type Message = [u8; MESSAGE];

/// Starts the guardian process. Errors can be ignored: without a guardian, the terminal is restored in all cases but a kill or an
/// abort.
pub fn start() -> io::Result<()> {
    let pipe = OwnedFd::from(external_program::spawn_self(ARGUMENT)?);
    // The program must never wait for a guardian that does not read.
    rustix::io::ioctl_fionbio(&pipe, true)?;
    let mut pipe = File::from(pipe);
    tty::on_owner_change(move |before| drop(pipe.write(&before.map_or([0; MESSAGE], message))));
    Ok(())
}

/// Runs the guardian: waits until the program has ended, and restores the terminal if the program did not.
pub fn run() {
    let _ = rustix::process::setsid();
    let mut pipe = io::stdin().lock();
    let (mut last, mut next) = ([0; MESSAGE], [0; MESSAGE]);
    while pipe.read_exact(&mut next).is_ok() {
        last = next;
        // Only after the first message: the name shows others, such as tests, that the guardian is ready.
        #[cfg(target_os = "linux")]
        let _ = rustix::thread::set_name(NAME);
    }
    if last[0] & OWNED != 0 {
        restore(&last);
    }
}

fn restore(message: &Message) {
    // While the line is raw, a reply to a query of the program is not echoed.
    if raw_modes().is_some() {
        std::thread::sleep(REPLY_TIMEOUT);
    }
    if let Some(now) = raw_modes() {
        // A reply that the program did not read would be input to the next program.
        let _ = termios::tcflush(stdout(), QueueSelector::IFlush);
        let _ = termios::tcsetattr(stdout(), OptionalActions::Now, &modes(message, now));
    }
    if let Ok(device) = tty::open(stdout().as_fd()) {
        let has = |bit: u8| message[0] & bit != 0;
        let extra = ExtraModes {
            keys: has(KEYS),
            links: has(LINKS),
            mouse: has(MOUSE),
            title: has(TITLE),
            appearance: has(APPEARANCE),
            pictures: message[PICTURES],
            through_tmux: has(THROUGH_TMUX),
        };
        tty::restore_modes(&device, extra);
    }
}

/// The modes of the line if they are still those of the program. In canonical mode or with signals, the shell was faster, and has
/// set its own modes.
fn raw_modes() -> Option<Termios> {
    let now = termios::tcgetattr(stdout()).ok()?;
    (!now.local_modes.intersects(LocalModes::ICANON | LocalModes::ISIG)).then_some(now)
}

fn message((before, extra): (&Termios, ExtraModes)) -> Message {
    let words =
        [before.input_modes.bits(), before.output_modes.bits(), before.control_modes.bits(), before.local_modes.bits()];
    let words = words.into_iter().flat_map(|word| u64::from(word).to_le_bytes());
    let special = SPECIAL.into_iter().map(|index| before.special_codes[index]);
    let mut message = [0; MESSAGE];
    let ExtraModes { keys, links, mouse, title, appearance, pictures, through_tmux } = extra;
    let bits = [
        (keys, KEYS),
        (links, LINKS),
        (mouse, MOUSE),
        (title, TITLE),
        (appearance, APPEARANCE),
        (through_tmux, THROUGH_TMUX),
    ];
    let first = bits.iter().filter(|(is_used, _)| *is_used).fold(OWNED, |first, (_, bit)| first | bit);
    let bytes = [first].into_iter().chain(words).chain(special).chain([pictures]);
    message.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    message
}

/// The current modes of the line, overwritten with those in the message.
fn modes(message: &Message, mut line: Termios) -> Termios {
    let mut words = message[1..SPECIAL_AT].chunks(8).map(|bytes| {
        let mut word = [0; 8];
        word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(word)
    });
    let mut next = || words.next().unwrap_or_default() as _;
    line.input_modes = InputModes::from_bits_retain(next());
    line.output_modes = OutputModes::from_bits_retain(next());
    line.control_modes = ControlModes::from_bits_retain(next());
    line.local_modes = LocalModes::from_bits_retain(next());
    for (index, code) in SPECIAL.into_iter().zip(&message[SPECIAL_AT..PICTURES]) {
        line.special_codes[index] = *code;
    }
    line
}
