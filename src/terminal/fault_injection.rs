//! Faults that tests inject to check that the terminal is restored whatever ends the program.

use std::io::{self, Write};
use std::time::Duration;

use super::input::TerminalInput;
use super::input_sequence::InputEvent;
use crate::jobs::job_runner::JobRunner;
use crate::jobs::{Answer, Job, JobError, JobKind, Monitor, Task};

/// A task that panics, which the screen survives.
#[derive(Debug)]
struct PanickingTask;

impl Task for PanickingTask {
    fn kind(&self) -> JobKind {
        JobKind::Open
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        panic!("requested by \u{1b}[31mFRONTPAGE_TEST_PANIC")
    }
}

/// Injects the fault that `FRONTPAGE_TEST_PANIC` names.
pub fn inject(runner: &mut JobRunner, input: &mut TerminalInput) {
    let wanted = std::env::var("FRONTPAGE_TEST_PANIC");
    if matches!(wanted.as_deref(), Ok("double" | "abort" | "overflow")) {
        // Wait for a key: by then the guardian is running.
        while !matches!(input.next(), Ok(Some(InputEvent::Key(_)))) {
            let _ = input.wait(Duration::from_secs(1));
        }
    }
    match wanted.as_deref() {
        Ok("main") => panic!("requested by \u{1b}[31mFRONTPAGE_TEST_PANIC"),
        Ok("worker") => drop(runner.run(Job::new(PanickingTask))),
        Ok("double") => {
            struct PanicsInTurn;
            impl Drop for PanicsInTurn {
                fn drop(&mut self) {
                    panic!("a panic during a panic");
                }
            }
            let _panics = PanicsInTurn;
            panic!("requested by FRONTPAGE_TEST_PANIC");
        }
        Ok("abort") => std::process::abort(),
        Ok("overflow") => {
            fn deeper(depth: u64) -> u64 {
                std::hint::black_box(depth) + if depth == u64::MAX { 0 } else { deeper(depth + 1) }
            }
            deeper(0);
        }
        // Not a panic, but as bad: writes past the guard's output, so that the kernel blocks this thread once the terminal is full.
        Ok("block") => while io::stdout().write_all(&[b' '; 4096]).is_ok() {},
        _ => {}
    }
}
