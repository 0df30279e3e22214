//! Facts that threads tell: background jobs, and what runs as long as the program.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::app::Event;

/// The way from the threads to the loop of the reader.
pub struct EventQueue {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
}

impl EventQueue {
    /// Nothing is told yet.
    pub fn new() -> EventQueue {
        let (sender, receiver) = channel();
        EventQueue { sender, receiver }
    }

    /// A way to tell something. When the reader has ended, what is told is dropped.
    pub fn sender(&self) -> impl Fn(Event) + Clone + Send + Sync + 'static {
        let sender = self.sender.clone();
        move |event| drop(sender.send(event))
    }

    /// What was told since.
    pub fn drain(&self) -> Vec<Event> {
        self.receiver.try_iter().collect()
    }

    /// Waits for something to be told, but not longer than that.
    pub fn wait(&self, at_most: Duration) -> Vec<Event> {
        self.receiver.recv_timeout(at_most).ok().into_iter().chain(self.receiver.try_iter()).collect()
    }
}
