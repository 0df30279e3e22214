//! Confinement: how the processes that fetch and parse give up what they do not need, on systems that can enforce it.

use serde::{Deserialize, Serialize};

/// What the system enforces, for messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforced {
    /// Files: the process can read only what it was left.
    pub files: bool,
    /// TCP ports: the process can connect only to those it was left.
    pub ports: bool,
    /// System calls: the process cannot start programs, and, if it parses, cannot open files or connections.
    pub system_calls: bool,
}

/// Confines this process so that it can fetch, and nothing else. `ports` are those to which it may connect.
pub fn confine_network(ports: &[u16]) -> Enforced {
    let _ = ports;
    Enforced::default()
}

/// Confines this process so that it can read its stdin, compute, and write to its stdout, and nothing else.
pub fn confine_parser() -> Enforced {
    Enforced::default()
}

/// Limits the CPU time that this process uses from now on. When it is used up, `SIGXCPU` ends the process.
pub fn arm_cpu_limit(seconds: u64) {
    let _ = seconds;
}
