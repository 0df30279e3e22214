//! Limits files and TCP ports of this process by landlock, as far as the kernel knows it.
//!
//! Landlock of Linux 5.13 limits files, 6.7 ports, 6.12 signals to other processes and abstract sockets. It limits neither UDP, which
//! name servers need, nor stat: the size of a file that is not readable can be known.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use super::enforced::Enforced;

/// The newest version of landlock whose limits are known here. Those that the kernel does not know are left out.
const NEWEST: ABI = ABI::V9;

/// The port of name servers.
const NAME_SERVER_PORT: u16 = 53;

/// What the C library reads to find the address of a host: the configuration of its resolver, and the libraries that this
/// configuration names. Symbolic links are followed, so that `/etc/resolv.conf` may lead elsewhere.
const RESOLVER_FILES: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ld.so.cache",
    // They replace `resolv.conf` by another file while we run.
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
    "/run/connman",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    // NixOS and Guix.
    "/run/current-system/sw/lib",
    "/nix/store",
    "/gnu/store",
    "/dev/urandom",
];

/// Allows reading of what the resolver needs, and connections to `ports` and to name servers. Everything else is denied.
pub fn allow_resolver(ports: &[u16]) -> Enforced {
    enforced(|rules| {
        let readable = RESOLVER_FILES.iter().map(Path::new);
        let mut rules = rules.add_rules(path_beneath_rules(readable, AccessFs::ReadFile | AccessFs::ReadDir))?;
        for port in ports.iter().chain([&NAME_SERVER_PORT]) {
            rules = rules.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
        }
        Ok(rules)
    })
}

/// Denies all files and TCP ports. What is open stays open.
pub fn allow_nothing() -> Enforced {
    enforced(Ok)
}

fn enforced(allow: impl FnOnce(RulesetCreated) -> Result<RulesetCreated, RulesetError>) -> Enforced {
    restrict(allow).map_or_else(|_| Enforced::default(), |status| of_status(&status))
}

fn restrict(
    allow: impl FnOnce(RulesetCreated) -> Result<RulesetCreated, RulesetError>,
) -> Result<RestrictionStatus, RulesetError> {
    let tcp: BitFlags<AccessNet> = AccessNet::BindTcp | AccessNet::ConnectTcp;
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(tcp)?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    allow(rules)?.restrict_self()
}

fn of_status(status: &RestrictionStatus) -> Enforced {
    let LandlockStatus::Available { effective_abi, .. } = status.landlock else { return Enforced::default() };
    let files = status.ruleset != RulesetStatus::NotEnforced;
    Enforced { files, ports: files && effective_abi >= ABI::V4, system_calls: false }
}
