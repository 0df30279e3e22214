//! The queue of requests: in their order, one at a time for each host, and with a pause between two requests to a host.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::{Duration, Instant};

/// A queue by hosts. It has no clock: the caller gives the time.
#[derive(Debug)]
pub struct HostQueue<T> {
    pause: Duration,
    /// What waits, by host. A host is here while a request to it runs, during the pause after it, and while something waits.
    waiting: HashMap<String, VecDeque<T>>,
    /// When a host of `waiting` without a running request may be asked, in the order of time, then of entry.
    free_at: BinaryHeap<Reverse<(Instant, u64, String)>>,
    number: u64,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// Ask this host for this; then call [`HostQueue::done`].
    Ask(String, T),
    /// Wait for this time, or until the queue changes.
    Wait(Option<Duration>),
}

impl<T> HostQueue<T> {
    /// An empty queue with this pause between two requests to a host.
    pub fn new(pause: Duration) -> HostQueue<T> {
        HostQueue { pause, waiting: HashMap::new(), free_at: BinaryHeap::new(), number: 0 }
    }

    /// Appends a request to a host.
    pub fn push(&mut self, host: &str, entry: T, now: Instant) {
        if let Some(waiting) = self.waiting.get_mut(host) {
            waiting.push_back(entry);
        } else {
            self.waiting.insert(host.to_owned(), VecDeque::from([entry]));
            self.schedule(host, now);
        }
    }

    /// The next request whose host may be asked.
    pub fn next(&mut self, now: Instant) -> Next<T> {
        while let Some(Reverse((at, ..))) = self.free_at.peek() {
            let wait = at.saturating_duration_since(now);
            if !wait.is_zero() {
                return Next::Wait(Some(wait));
            }
            let Some(Reverse((_, _, host))) = self.free_at.pop() else { break };
            match self.waiting.get_mut(&host).and_then(VecDeque::pop_front) {
                Some(entry) => return Next::Ask(host, entry),
                None => self.waiting.remove(&host),
            };
        }
        Next::Wait(None)
    }

    /// Notes that the request to a host has ended: the pause begins.
    pub fn done(&mut self, host: &str, now: Instant) {
        self.schedule(host, now.checked_add(self.pause).unwrap_or(now));
    }

    fn schedule(&mut self, host: &str, at: Instant) {
        self.number = self.number.wrapping_add(1);
        self.free_at.push(Reverse((at, self.number, host.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn ask<T>(host: &str, entry: T) -> Next<T> {
        Next::Ask(host.to_owned(), entry)
    }

    #[test]
    fn a_host_is_asked_once_at_a_time_with_pauses() {
        let start = Instant::now();
        let mut queue = HostQueue::new(SECOND);
        assert_eq!(queue.next(start), Next::Wait(None));
        for (host, entry) in [("a", 1), ("a", 2), ("b", 3), ("a", 4)] {
            queue.push(host, entry, start);
        }
        assert_eq!(queue.next(start), ask("a", 1));
        assert_eq!(queue.next(start), ask("b", 3));
        assert_eq!(queue.next(start), Next::Wait(None), "both are being asked");
        queue.done("a", start + SECOND);
        assert_eq!(queue.next(start + SECOND), Next::Wait(Some(SECOND)));
        assert_eq!(queue.next(start + 2 * SECOND), ask("a", 2));
        queue.done("b", start + 3 * SECOND);
        queue.done("a", start + 3 * SECOND);
        queue.push("b", 5, start + 3 * SECOND);
        assert_eq!(queue.next(start + 3 * SECOND), Next::Wait(Some(SECOND)), "also for what came during the pause");
        assert_eq!(queue.next(start + 4 * SECOND), ask("b", 5));
        assert_eq!(queue.next(start + 4 * SECOND), ask("a", 4));
        queue.done("a", start + 4 * SECOND);
        queue.done("b", start + 4 * SECOND);
        assert_eq!(queue.next(start + 9 * SECOND), Next::Wait(None));
        assert!(queue.waiting.is_empty(), "hosts are forgotten");
    }

    proptest! {
        /// Whatever the order of requests, ends and looks: all requests are handed out, each host's in order, one at a time, and
        /// never less than a pause after the last.
        #[test]
        fn no_request_is_lost_or_early(steps in prop::collection::vec((0..4u8, 0..3usize, 0..1500u64), 1..120)) {
            let mut now = Instant::now();
            let mut queue = HostQueue::new(SECOND);
            let hosts = ["a", "b", "c"];
            let (mut pushed, mut asked) = (vec![Vec::new(); 3], vec![Vec::new(); 3]);
            let mut running = [false; 3];
            let mut ended: [Option<Instant>; 3] = [None; 3];
            let mut number = 0;
            let finish = (0..3).cycle().take(1000).flat_map(|host| [(2, host, 0), (1, host, 1500)]);
            for (step, host, time) in steps.into_iter().chain(finish) {
                now += Duration::from_millis(time);
                match step {
                    0 => {
                        number += 1;
                        pushed[host].push(number);
                        queue.push(hosts[host], number, now);
                    }
                    1 | 3 => if let Next::Ask(name, entry) = queue.next(now) {
                        let host = hosts.iter().position(|known| *known == name).unwrap();
                        prop_assert!(!running[host]);
                        prop_assert!(ended[host].is_none_or(|end| now - end >= SECOND));
                        running[host] = true;
                        asked[host].push(entry);
                    },
                    _ => if std::mem::take(&mut running[host]) {
                        ended[host] = Some(now);
                        queue.done(hosts[host], now);
                    },
                }
            }
            prop_assert_eq!(pushed, asked);
        }
    }
}
