//! Handles the end of programs that the user runs, and shows their output.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::app::overlays::ProgramOutput;
use crate::config::ProgramOutputUse;
use crate::feed::{SafeText, clean};
use crate::jobs::JobId;
use crate::jobs::run_program::ProgramEnd;

/// Longest line of output in a notice, in characters.
const MAX_LINE: usize = 200;

impl App {
    /// Shows what a program has printed. It does not interrupt the user, who may be typing: then a notice says that the output is there.
    pub(super) fn receive_program(&mut self, _: JobId, end: ProgramEnd) -> Effects {
        let notice = match end.output {
            ProgramOutputUse::Nothing => format!("Started {}", end.name),
            // The terminal has shown what it had to say.
            ProgramOutputUse::Takeover => return Effects::none(),
            ProgramOutputUse::Notice => notice(&end),
            ProgramOutputUse::Overlay | ProgramOutputUse::Pager if end.text.as_str().trim().is_empty() => {
                format!("{} printed nothing", end.name)
            }
            ProgramOutputUse::Overlay | ProgramOutputUse::Pager => {
                self.programs.keep(&end);
                match (self.overlays.is_empty(), end.output) {
                    (true, ProgramOutputUse::Pager) => return Effect::ShowInPager(end.text).into(),
                    (true, _) => return show_output(self),
                    (false, _) => format!("{} has ended; `output` in the palette shows what it printed", end.name),
                }
            }
        };
        self.push_notice(Notice::of(clean::plain_line(&notice)));
        Effects::none()
    }
}

/// The notice for the end of a program: the last line of its output.
fn notice(end: &ProgramEnd) -> String {
    let line = end.text.as_str().lines().rev().map(str::trim).find(|line| !line.is_empty());
    let calls = if end.calls > 1 { format!(", {} articles", end.calls) } else { String::new() };
    match line {
        Some(line) => {
            format!("{}: {}{calls}", end.name, clean::quote(&line.chars().take(MAX_LINE).collect::<String>()))
        }
        None => format!("{}: done{calls}", end.name),
    }
}

/// Opens the output of the last program.
pub(super) fn show_output(app: &mut App) -> Effects {
    match app.programs.last() {
        Some(last) => {
            let output = ProgramOutput::new(last);
            app.push_overlay(output)
        }
        None => {
            let words: SafeText = "No program has printed anything yet".into();
            app.push_notice(Notice::of(words));
            Effects::none()
        }
    }
}
