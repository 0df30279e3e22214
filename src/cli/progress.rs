//! How far long work is, on a terminal: a line on stderr that comes after a moment and is gone when the work ends.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::feed::clean;
use crate::text::{grouped, progress_bar};

/// After how long the line comes: what is done sooner shows none.
const DELAY: Duration = Duration::from_millis(300);
/// How often it is drawn.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);

/// The line. Going away, it clears what it drew. The cursor stays shown, so that nothing is to be restored after Ctrl-C.
pub struct Progress {
    words: &'static str,
    /// When it is drawn next; never where stderr is no terminal.
    due: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of work that begins now: `words` says what is done, as in `reading`.
    pub fn new(words: &'static str) -> Progress {
        let is_shown = stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Progress { words, due: is_shown.then(|| Instant::now() + delay()), bar: None }
    }

    /// True when the work takes long, and how far it is was not shown for a while.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| Instant::now() >= due)
    }

    /// So much is done, of so much; of how much may not be known.
    pub fn at(&mut self, done: usize, of: Option<usize>) {
        if !self.is_due() {
            return;
        }
        self.due = Some(Instant::now() + REDRAW_INTERVAL);
        let words = match of {
            Some(all) => {
                format!("{} {} {} of {}", progress_bar::bar(done, all), self.words, grouped(done), grouped(all))
            }
            None => format!("{} {} …", self.words, grouped(done)),
        };
        let bar = self.bar.get_or_insert_with(new_bar);
        bar.set_message(clean::plain_line(&words).to_string());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // The template is well-formed; otherwise there would be another bar, and no harm.
    bar.with_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Tests have it come at once, and see it however fast the machine is.
fn delay() -> Duration {
    if cfg!(debug_assertions) && std::env::var_os("FRONTPAGE_TEST_PROGRESS").is_some() { Duration::ZERO } else { DELAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(due: Option<Instant>) -> Progress {
        let mut progress = Progress { words: "reading", due, bar: None };
        progress.at(1, Some(2));
        progress
    }

    #[test]
    fn nothing_is_drawn_before_its_time_or_without_a_terminal() {
        assert!(at(None).bar.is_none());
        assert!(at(Some(Instant::now() + Duration::from_secs(3600))).bar.is_none());
        let mut shown = at(Some(Instant::now()));
        let words = |progress: &Progress| progress.bar.as_ref().map(ProgressBar::message).unwrap_or_default();
        assert_eq!(words(&shown), "█████░░░░░ reading 1 of 2");
        shown.due = Some(Instant::now() + Duration::from_secs(3600));
        shown.at(2, Some(2));
        assert_eq!(words(&shown), "█████░░░░░ reading 1 of 2", "not drawn again at once");
        shown.due = Some(Instant::now());
        shown.at(1234, None);
        assert_eq!(words(&shown), "reading 1,234 …");
    }
}
