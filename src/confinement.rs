//! Confinement: how the processes that fetch and parse give up what they do not need, on systems that can enforce it.

/// What the system enforces, for messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enforced {
    /// Files: the process can read only what it was left.
    pub files: bool,
    /// TCP ports: the process can connect only to those it was left.
    pub ports: bool,
    /// System calls: the process cannot start programs, and, if it parses, cannot open files or connections.
    pub system_calls: bool,
}
