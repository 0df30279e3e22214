//! The confined process that decodes pictures, which the program starts itself with an argument that is not for users.
//!
//! It runs before anything of the user is read, and opens nothing: files come through its stdin.

use std::io;
use std::process::ExitCode;

use crate::confinement::{self, LimitedInput};
use crate::frames;
use crate::picture::service;

/// CPU time that one picture may take, in seconds.
const SECONDS_PER_PICTURE: u64 = 5;

/// Confines this process, says how, and answers requests until its input ends.
pub fn run() -> ExitCode {
    let mut output = io::stdout().lock();
    let enforced = confinement::confine_decoder();
    let input = LimitedInput::new(io::stdin().lock(), SECONDS_PER_PICTURE);
    let served = frames::write(&mut output, &enforced, &[]).and_then(|()| service::serve(input, output));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
