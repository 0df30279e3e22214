//! What the header of a picture says.

use serde::{Deserialize, Serialize};

use super::format::Format;
use super::pixels::Size;

/// What the header of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The format.
    pub format: Format,
    /// Width and height as it is shown, after it was turned.
    pub size: Size,
}
