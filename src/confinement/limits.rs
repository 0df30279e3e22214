//! Resource limits of the confined processes. A limit that the system does not know is left out.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const MEBIBYTE: u64 = 1 << 20;

/// Limits of the process that fetches.
pub fn of_network() {
    // Address space is no measure of memory: the C library reserves 64 MiB for each thread.
    limit(Resource::As, 4096 * MEBIBYTE);
    limit(Resource::Data, 1024 * MEBIBYTE);
    limit(Resource::Nofile, 256);
    limit(Resource::Fsize, 0);
    limit(Resource::Core, 0);
}

/// Limits of a process that parses.
pub fn of_parser() {
    limit(Resource::As, 512 * MEBIBYTE);
    of_pipes();
}

/// Limits of a process that decodes pictures. The largest ones take half of the memory.
pub fn of_decoder() {
    limit(Resource::As, 384 * MEBIBYTE);
    of_pipes();
}

fn of_pipes() {
    // Enough for its pipes, and for what landlock needs in the meantime.
    limit(Resource::Nofile, 16);
    limit(Resource::Fsize, 0);
    limit(Resource::Core, 0);
}

/// Lowers both limits, so that the process cannot raise them.
fn limit(resource: Resource, most: u64) {
    let lower = |now: Option<u64>| Some(now.map_or(most, |now| now.min(most)));
    let now = getrlimit(resource);
    let _ = setrlimit(resource, Rlimit { current: lower(now.current), maximum: lower(now.maximum) });
}

/// Limits the CPU time that this process uses from now on to `seconds`, or up to a second more. When it is used up, `SIGXCPU`
/// ends the process.
pub fn arm_cpu_limit(seconds: u64) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used = u64::try_from(used.tv_sec).unwrap_or_default();
    let maximum = getrlimit(Resource::Cpu).maximum;
    // The system counts whole seconds.
    let current = used.saturating_add(seconds).saturating_add(1);
    let current = maximum.map_or(current, |maximum| current.min(maximum));
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum });
}
