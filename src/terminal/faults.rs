//! Faults on purpose, for tests: whatever ends the program, the terminal is left in order.

use std::io::{self, Write};
use std::time::Duration;

use super::input::Input;
use super::sequence::InputEvent;
use super::workers::Workers;

/// Does the harm that `FRONTPAGE_TEST_PANIC` names.
pub fn happen(workers: &mut Workers, input: &mut Input) {
    let wanted = std::env::var("FRONTPAGE_TEST_PANIC");
    if matches!(wanted.as_deref(), Ok("double" | "abort" | "overflow")) {
        // The guardian is there by then.
        while !matches!(input.next(), Ok(Some(InputEvent::Key(_)))) {
            let _ = input.wait(Duration::from_secs(1));
        }
    }
    match wanted.as_deref() {
        Ok("main") => panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC"),
        Ok("worker") => workers.panic_for_a_test(),
        Ok("double") => {
            struct Panics;
            impl Drop for Panics {
                fn drop(&mut self) {
                    panic!("a panic while another one is told");
                }
            }
            let _panics = Panics;
            panic!("asked for by FRONTPAGE_TEST_PANIC");
        }
        Ok("abort") => std::process::abort(),
        Ok("overflow") => {
            fn deeper(depth: u64) -> u64 {
                std::hint::black_box(depth) + if depth == u64::MAX { 0 } else { deeper(depth + 1) }
            }
            deeper(0);
        }
        // Not a panic, but as bad: past the guard's output, so that the kernel blocks this thread in a full terminal.
        Ok("block") => while io::stdout().write_all(&[b' '; 4096]).is_ok() {},
        _ => {}
    }
}
