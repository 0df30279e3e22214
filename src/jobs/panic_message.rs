//! Faults of the program in a background thread: what it had to say as it panicked becomes words for the reader.

use std::any::Any;
use std::sync::{Mutex, PoisonError};

use crate::feed::{SafeText, clean};

static LAST: Mutex<Option<SafeText>> = Mutex::new(None);

/// Keeps what a background thread had to say as it panicked. The screen must not show it there and then.
pub fn record(message: SafeText) {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
}

/// The words for a panic that was caught: what was kept of it, else what it carries.
pub fn describe(panic: &(dyn Any + Send)) -> SafeText {
    let kept = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let carried = || panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    let what = kept.unwrap_or_else(|| clean::plain_line(carried().unwrap_or_default()));
    clean::plain_line(&format!("a fault in frontpage: {what}"))
}
