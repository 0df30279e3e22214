//! Messages of panics in background threads, recorded by the panic hook and shown to the user when the job ends.

use std::any::Any;
use std::sync::{Mutex, PoisonError};

use crate::feed::{SafeText, clean};

static LAST: Mutex<Option<SafeText>> = Mutex::new(None);

/// Records the message of a panic in a background thread, which must not be printed over the screen.
pub fn record(message: SafeText) {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
}

/// Describes a caught panic, by the recorded message or else by its payload.
pub fn describe(panic: &(dyn Any + Send)) -> SafeText {
    // Taken, so that it does not describe a later panic as well.
    let recorded = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let carried = || panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    let what = recorded.unwrap_or_else(|| clean::plain_line(carried().unwrap_or_default()));
    clean::plain_line(&format!("internal error: {what}"))
}
