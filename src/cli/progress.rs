//! A progress line on stderr, for work that takes longer than 300 ms. Only on a terminal.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::feed::clean;
use crate::text::{grouped, progress_bar};

/// Time after which the line appears.
const DELAY: Duration = Duration::from_millis(300);
/// Time between two updates of the line.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);

/// A progress line, which is cleared on drop. It does not hide the cursor, so Ctrl-C leaves nothing to restore.
pub struct Progress {
    words: &'static str,
    /// Time of the next update. None if stderr is not a terminal.
    due: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts a progress line; `words` names the work, such as `reading`.
    pub fn new(words: &'static str) -> Progress {
        let is_shown = stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Progress { words, due: is_shown.then(|| Instant::now() + delay()), bar: None }
    }

    /// True if the next update is due. Callers ask before they compute the progress.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| Instant::now() >= due)
    }

    /// Shows how many items are `done`, `of` how many if that is known. Does nothing before the update is due.
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
    // The template is valid. If it were not, another style would do.
    bar.with_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// [`DELAY`], or none in tests, which must see the line on a fast machine too.
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
    fn nothing_is_drawn_before_the_delay_or_without_a_terminal() {
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
