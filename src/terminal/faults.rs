//! Faults on purpose, for tests: whatever ends the program, the terminal is left in order.

use std::io::{self, Write};

use crossterm::event::{self, Event};

use super::workers::Workers;

/// Does the harm that `FRONTPAGE_TEST_PANIC` names.
pub fn happen(workers: &mut Workers) {
    let wanted = std::env::var("FRONTPAGE_TEST_PANIC");
    if matches!(wanted.as_deref(), Ok("double" | "abort" | "overflow")) {
        while !matches!(event::read(), Ok(Event::Key(_))) {} // the guardian is there by then
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
