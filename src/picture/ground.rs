//! The ground of the screen, below a picture that is partly transparent.

use serde::{Deserialize, Serialize};

/// Whether the ground of the screen is dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}
