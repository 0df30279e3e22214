//! A decoded picture, as it is shown.

use std::fmt;
use std::sync::Arc;

use super::measured::Measured;
use super::pixels::Pixels;

/// A decoded picture. Copies share its pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownPicture {
    /// What its file says.
    pub measured: Measured,
    /// Its pixels, scaled down.
    pub pixels: Arc<Pixels>,
}

impl fmt::Debug for ShownPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownPicture").field("measured", &self.measured).finish_non_exhaustive()
    }
}
