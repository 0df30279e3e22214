//! The output of a program, to be read and scrolled.

use std::sync::Arc;

use super::behaviour::{Outcome, OverlayBehaviour, SessionParts};
use crate::app::action::Action;
use crate::app::programs::ProgramText;
use crate::feed::{SafeText, clean};
use crate::text;

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
    pub lines: Arc<[SafeText]>,
    /// The first line on the screen. Lines are counted as they are wrapped.
    pub top: usize,
}

/// A line with blanks in place of its tabs, to the next of the columns 8, 16 and so on.
fn shown(line: &str) -> SafeText {
    let (mut text, mut column) = (String::with_capacity(line.len()), 0);
    for (number, part) in line.split('\t').enumerate() {
        if number > 0 {
            let blanks = TAB - column % TAB;
            text.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        }
        text.push_str(part);
        column += text::width(part);
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
        ProgramOutput { name: output.name.clone(), lines: lines.into(), top: 0 }
    }

    fn scroll_by(&mut self, by: isize, session: &SessionParts) {
        let (at, last) = self.position(session);
        self.top = at.saturating_add_signed(by).min(last);
    }
}

impl OverlayBehaviour for ProgramOutput {
    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        if action == Action::Open { Outcome::close() } else { Outcome::Ignored }
    }

    fn position(&mut self, session: &SessionParts) -> (usize, usize) {
        (self.top, session.frame.lines.saturating_sub(session.frame.height))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_end_at_the_columns_of_the_screen() {
        for (line, wanted) in [
            ("a\tb", "a       b"),
            ("12345678\tb", "12345678        b"),
            ("\t\tb", "                b"),
            ("潮汐\tb", "潮汐    b"),
            ("e\u{301}\tb", "e\u{301}       b"),
        ] {
            assert_eq!(shown(line).as_str(), wanted, "{line}");
        }
        assert_eq!(shown(&"\t".repeat(200_000)).as_str().len(), 1_600_000, "in linear time");
    }
}
