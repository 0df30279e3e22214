//! The queue of events from threads: from jobs, and from threads that run as long as the program.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::app::Event;

/// Carries events from threads to the event loop.
pub struct EventQueue {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
}

impl EventQueue {
    /// An empty queue.
    pub fn new() -> EventQueue {
        let (sender, receiver) = channel();
        EventQueue { sender, receiver }
    }

    /// A function that puts events into the queue. Events sent after the event loop has ended are dropped.
    pub fn sender(&self) -> impl Fn(Event) + Clone + Send + Sync + 'static {
        let sender = self.sender.clone();
        move |event| drop(sender.send(event))
    }

    /// All waiting events, without blocking.
    pub fn drain(&self) -> Vec<Event> {
        self.receiver.try_iter().collect()
    }

    /// Waits up to `at_most` for an event, and returns all that are there.
    pub fn wait(&self, at_most: Duration) -> Vec<Event> {
        self.receiver.recv_timeout(at_most).ok().into_iter().chain(self.receiver.try_iter()).collect()
    }
}
