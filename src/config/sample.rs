//! What the reference of the settings shows for each, and when a change of it applies.

/// When a change of a setting applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Within a second, also in a running session.
    AtOnce,
    /// At the next start.
    AtNextStart,
}

/// What the reference shows for a setting: YAML that users can copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// The default.
    Default(&'static str),
    /// An example that is not the default.
    Example(&'static str),
}

impl Sample {
    /// The YAML.
    pub fn yaml(self) -> &'static str {
        match self {
            Sample::Default(yaml) | Sample::Example(yaml) => yaml,
        }
    }
}
