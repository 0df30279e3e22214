//! Confinement: how the processes that fetch and parse give up what they do not need, on systems that can enforce it.
//!
//! On Linux, landlock limits files and TCP ports, and seccomp limits system calls. Everywhere, resource limits hold. What cannot be
//! enforced is reported, never an error: without confinement, the processes still do nothing else by themselves.
//!
//! Call these functions first thing in a process, while it has one thread.

mod enforced;
#[cfg(target_os = "linux")]
mod files_and_ports;
mod limited_input;
mod limits;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
mod system_calls;

pub use enforced::Enforced;
pub use limited_input::LimitedInput;
pub use limits::arm_cpu_limit;

/// Confines this process so that it can fetch, and nothing else. `ports` are those to which it may connect, besides that of name
/// servers.
///
/// It can read what the C library needs to find the address of a host, and write nothing. It cannot listen, start a program, or
/// act on another process.
pub fn confine_network(ports: &[u16]) -> Enforced {
    limits::of_network();
    // Before the filter of system calls: from then on, only threads can be added.
    let Enforced { files, ports, .. } = network_files_and_ports(ports);
    Enforced { files, ports, system_calls: network_system_calls() }
}

/// Confines this process so that it can read its stdin, compute, and write to its stdout, and nothing else. It cannot even start
/// a thread.
pub fn confine_parser() -> Enforced {
    limits::of_parser();
    confine_to_pipes()
}

/// Confines this process as [`confine_parser`] does, with less memory.
pub fn confine_decoder() -> Enforced {
    limits::of_decoder();
    confine_to_pipes()
}

fn confine_to_pipes() -> Enforced {
    let Enforced { files, ports, .. } = no_files_and_ports();
    Enforced { files, ports, system_calls: parser_system_calls() }
}

#[cfg(target_os = "linux")]
fn network_files_and_ports(ports: &[u16]) -> Enforced {
    files_and_ports::allow_resolver(ports)
}

#[cfg(target_os = "linux")]
fn no_files_and_ports() -> Enforced {
    files_and_ports::allow_nothing()
}

#[cfg(not(target_os = "linux"))]
fn network_files_and_ports(_: &[u16]) -> Enforced {
    Enforced::default()
}

#[cfg(not(target_os = "linux"))]
fn no_files_and_ports() -> Enforced {
    Enforced::default()
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
use system_calls::{confine_network as network_system_calls, confine_parser as parser_system_calls};

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))))]
fn network_system_calls() -> bool {
    false
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))))]
fn parser_system_calls() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_enforced_is_named_and_what_is_not() {
        let said = |files, ports, system_calls| Enforced { files, ports, system_calls }.to_string();
        assert_eq!(said(true, true, true), "confined by landlock (files, ports) and seccomp (system calls)");
        assert!(said(true, false, true).contains("kernel 6.7"));
        assert!(said(false, false, true).starts_with("confined by seccomp (system calls); files and ports"));
        assert!(said(true, true, false).contains("system calls are not limited"));
        assert!(said(false, false, false).starts_with("confined by resource limits only; "));
    }
}
