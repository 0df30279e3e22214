//! What the system enforces for a confined process.

use std::fmt;

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

impl Enforced {
    /// What both processes enforce.
    pub fn and(self, other: Enforced) -> Enforced {
        Enforced {
            files: self.files && other.files,
            ports: self.ports && other.ports,
            system_calls: self.system_calls && other.system_calls,
        }
    }
}

impl fmt::Display for Enforced {
    /// What is enforced, then what is not and why.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_landlock = match (self.files, self.ports) {
            (true, true) => Some("landlock (files, ports)"),
            (true, false) => Some("landlock (files)"),
            (false, _) => None,
        };
        let by_seccomp = self.system_calls.then_some("seccomp (system calls)");
        match (by_landlock, by_seccomp) {
            (Some(landlock), Some(seccomp)) => write!(f, "confined by {landlock} and {seccomp}")?,
            (Some(only), None) | (None, Some(only)) => write!(f, "confined by {only}")?,
            (None, None) => f.write_str("confined by resource limits only")?,
        }
        let needs_linux = if cfg!(target_os = "linux") { "" } else { "Linux, " };
        if !self.files {
            write!(
                f,
                "; files and ports are not limited: this needs {needs_linux}kernel 5.13 with landlock switched on"
            )?;
        } else if !self.ports {
            f.write_str("; ports are not limited: this needs kernel 6.7")?;
        }
        if !self.system_calls {
            write!(
                f,
                "; system calls are not limited: this needs {needs_linux}seccomp, on x86-64, 64-bit ARM or 64-bit RISC-V"
            )?;
        }
        Ok(())
    }
}
