//! The output of a program, to be read and scrolled.

use super::behaviour::{Outcome, OverlayBehaviour, SessionParts};
use crate::app::action::Action;
use crate::app::programs::ProgramText;
use crate::feed::{SafeText, clean};

/// Most lines of output in the overlay; the pager shows more.
const MAX_LINES: usize = 5000;

/// Columns between tab stops.
const TAB: usize = 8;

/// The output of a program.
#[derive(Clone, Debug)]
pub struct ProgramOutput {
    /// What the user calls the program.
    pub name: SafeText,
    /// Its lines.
    pub lines: Vec<SafeText>,
    /// The first line on the screen. Lines are counted as they are wrapped.
    pub top: usize,
}

/// A line with blanks in place of its tabs, to the next of the columns 8, 16 and so on.
fn shown(line: &str) -> SafeText {
    let mut text = String::with_capacity(line.len());
    for (number, part) in line.split('\t').enumerate() {
        if number > 0 {
            let columns = TAB - text.chars().count() % TAB;
            text.extend(std::iter::repeat_n(' ', columns));
        }
        text.push_str(part);
    }
    // Runs of blanks stay, because output has columns.
    clean::text(&text)
}

impl ProgramOutput {
    /// The output, from its beginning.
    pub fn new(output: &ProgramText) -> ProgramOutput {
        let mut lines: Vec<SafeText> = output.text.as_str().trim_end().lines().map(shown).collect();
        let is_cut = output.is_cut || lines.len() > MAX_LINES;
        lines.truncate(MAX_LINES);
        if is_cut {
            lines.push("… (the output is longer)".into());
        }
        ProgramOutput { name: output.name.clone(), lines, top: 0 }
    }

    fn scroll_by(&mut self, by: isize, session: &SessionParts) {
        let most = session.frame.lines.saturating_sub(session.frame.height);
        self.top = self.top.saturating_add_signed(by).min(most);
    }
}

impl OverlayBehaviour for ProgramOutput {
    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        if action == Action::Open { Outcome::close() } else { Outcome::Ignored }
    }

    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        self.scroll_by(by, session);
        Outcome::stay()
    }

    fn scroll(&mut self, by: isize, session: &SessionParts) {
        self.scroll_by(by, session);
    }

    /// There is nothing to choose, so the footer must not say so.
    fn is_available(&self, action: Action) -> bool {
        action == Action::Cancel
    }
}
