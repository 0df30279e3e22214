//! Downloads of the session: one runs at a time, and the others wait for it.

use std::collections::VecDeque;

use super::notices::Notice;
use crate::feed::clean;
use crate::jobs::download::DownloadRequest;
use crate::text::counted;

/// The downloads that the user has asked for.
#[derive(Clone, Debug, Default)]
pub struct Downloads {
    /// The one that runs.
    running: Option<DownloadRequest>,
    /// Those that wait, in the order in which they were asked for.
    waiting: VecDeque<DownloadRequest>,
    /// The user knows that quitting stops them.
    may_quit: bool,
}

/// The place of a download that the user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It was not asked for before. The number of those before it.
    New(usize),
    /// It runs.
    Runs,
    /// It waits already.
    Waits,
}

impl Downloads {
    /// Adds a download, unless it is there. Returns its place.
    pub fn add(&mut self, request: DownloadRequest) -> Place {
        let is_it = |other: &DownloadRequest| other.address == request.address;
        if self.running.as_ref().is_some_and(is_it) {
            return Place::Runs;
        }
        if self.waiting.iter().any(is_it) {
            return Place::Waits;
        }
        let before = self.count();
        self.waiting.push_back(request);
        self.may_quit = false;
        Place::New(before)
    }

    /// The next download, which runs from now on. `None` if one runs, or if none waits.
    pub fn start_next(&mut self) -> Option<DownloadRequest> {
        if self.running.is_none() {
            self.running = self.waiting.pop_front();
            return self.running.clone();
        }
        None
    }

    /// Notes that the download that ran has ended.
    pub fn ended(&mut self) {
        self.running = None;
    }

    /// Takes out those that wait for the same host.
    pub fn take_same_host(&mut self, request: &DownloadRequest) -> Vec<DownloadRequest> {
        let host = request.host();
        let (same, others): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(|other| other.host() == host);
        self.waiting = others.into();
        same
    }

    /// Forgets those that wait. Returns whether there is one to stop.
    pub fn stop(&mut self) -> bool {
        self.waiting.clear();
        self.running.is_some()
    }

    /// Number of downloads that run or wait.
    pub fn count(&self) -> usize {
        usize::from(self.running.is_some()) + self.waiting.len()
    }

    /// The warning before quitting while files are downloaded. `None` if there are none, or if the user was warned already.
    pub fn quit_warning(&mut self) -> Option<Notice> {
        if self.count() == 0 || self.may_quit {
            return None;
        }
        self.may_quit = true;
        let what = counted(self.count(), "download");
        let words = format!("Press again to quit and stop {what}; what has arrived is kept for the next time");
        Some(Notice::failure(clean::plain_line(&words)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{Article, Enclosure, Link};

    fn request(address: &str) -> DownloadRequest {
        let enclosure = Enclosure { link: Link::read(address), media_type: "".into(), length: None, duration: None };
        DownloadRequest::of(&Article::builder("A").build(), &enclosure).expect("a link")
    }

    #[test]
    fn one_runs_and_the_others_wait_each_once() {
        let mut downloads = Downloads::default();
        let [a, b, c] = ["https://e.org/a", "https://e.org/b", "https://other.org/c"].map(request);
        assert_eq!(downloads.start_next(), None);
        assert_eq!(downloads.add(a.clone()), Place::New(0));
        assert_eq!(downloads.start_next(), Some(a.clone()));
        assert_eq!(
            [&a, &b, &c, &b].map(|one| downloads.add(one.clone())),
            [Place::Runs, Place::New(1), Place::New(2), Place::Waits]
        );
        assert_eq!((downloads.start_next(), downloads.count()), (None, 3));
        downloads.ended();
        assert_eq!(downloads.take_same_host(&a), [b]);
        assert_eq!((downloads.start_next(), downloads.count()), (Some(c), 1));
        assert!(downloads.stop());
        downloads.ended();
        assert!(!downloads.stop());
    }

    #[test]
    fn quitting_warns_once_for_what_is_asked_for() {
        let mut downloads = Downloads::default();
        assert_eq!(downloads.quit_warning(), None);
        downloads.add(request("https://e.org/a"));
        let words = downloads.quit_warning().expect("a warning").text.to_string();
        assert!(words.starts_with("Press again to quit and stop 1 download;"), "{words}");
        assert_eq!(downloads.quit_warning(), None);
        downloads.add(request("https://e.org/b"));
        assert!(downloads.quit_warning().is_some_and(|notice| notice.text.as_str().contains("2 downloads")));
    }
}
