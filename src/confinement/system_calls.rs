//! Limits the system calls of this process by seccomp. A call that is denied fails with `EPERM`, or as if the kernel did not know
//! it: so the C library can do without, and a defect in a list costs a function, not the process.
//!
//! The process that fetches has a list of what is denied, because resolvers differ between systems. A process that parses has a
//! list of what is allowed.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

/// Rules by system call. A call without rules is meant whatever its arguments are.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Denied to the process that fetches, whatever the arguments are.
const DENIED: &[i64] = &[
    // Other programs and processes. `clone3` hides its flags from the filter: see `unknown`.
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_kcmp,
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_setpgid,
    libc::SYS_setsid,
    PIDFD_SEND_SIGNAL,
    PIDFD_OPEN,
    PIDFD_GETFD,
    PROCESS_MADVISE,
    PROCESS_MRELEASE,
    // Connections from outside.
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // What would pass the filter, and rarely used parts of the kernel.
    IO_URING_SETUP,
    IO_URING_ENTER,
    IO_URING_REGISTER,
    libc::SYS_io_setup,
    libc::SYS_io_submit,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_memfd_create,
    MEMFD_SECRET,
    libc::SYS_personality,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_inotify_init1,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // The system itself.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    OPEN_TREE,
    MOVE_MOUNT,
    FSOPEN,
    FSCONFIG,
    FSMOUNT,
    FSPICK,
    MOUNT_SETATTR,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_nfsservctl,
    // Changes of files, which landlock does not limit, and on older kernels the others too.
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    SETXATTRAT,
    REMOVEXATTRAT,
    OPEN_TREE_ATTR,
    FILE_SETATTR,
    libc::SYS_utimensat,
    libc::SYS_truncate,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_unlinkat,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_renameat2,
];

/// Calls that only some architectures have.
#[cfg(target_arch = "x86_64")]
const DENIED_OLD: &[i64] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_creat,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_mknod,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
    libc::SYS_inotify_init,
    libc::SYS_uselib,
    libc::SYS_modify_ldt,
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_kexec_file_load,
];
#[cfg(target_arch = "aarch64")]
// `renameat`, for which libc has no name here.
const DENIED_OLD: &[i64] = &[38];
#[cfg(target_arch = "riscv64")]
const DENIED_OLD: &[i64] = &[];

// From 424 on, the numbers are the same on all architectures; libc does not have all of them everywhere.
const PIDFD_SEND_SIGNAL: i64 = 424;
const IO_URING_SETUP: i64 = 425;
const IO_URING_ENTER: i64 = 426;
const IO_URING_REGISTER: i64 = 427;
const OPEN_TREE: i64 = 428;
const MOVE_MOUNT: i64 = 429;
const FSOPEN: i64 = 430;
const FSCONFIG: i64 = 431;
const FSMOUNT: i64 = 432;
const FSPICK: i64 = 433;
const PIDFD_OPEN: i64 = 434;
const CLONE3: i64 = 435;
const OPENAT2: i64 = 437;
const PIDFD_GETFD: i64 = 438;
const PROCESS_MADVISE: i64 = 440;
const MOUNT_SETATTR: i64 = 442;
const MEMFD_SECRET: i64 = 447;
const PROCESS_MRELEASE: i64 = 448;
const FCHMODAT2: i64 = 452;
const SETXATTRAT: i64 = 463;
const REMOVEXATTRAT: i64 = 466;
const OPEN_TREE_ATTR: i64 = 467;
const FILE_SETATTR: i64 = 469;
/// Calls from here on did not exist when these lists were written.
const FIRST_UNKNOWN: i64 = 470;
const LAST_UNKNOWN: i64 = 600;

/// Allowed to a process that parses, whatever the arguments are: memory, clocks, and its own end.
const ALLOWED: &[i64] = &[
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigaction,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_sched_yield,
    libc::SYS_getpid,
    libc::SYS_gettid,
];

/// Flags of `clone` that are in no other call of it than that for a thread.
const CLONE_THREAD: u64 = libc::CLONE_THREAD as u64;
/// Bits of the second argument of `socket` with the type.
const SOCKET_TYPE: u64 = 0xf;
/// Sends data and connects in one call, which landlock does not see.
const FAST_OPEN: u64 = libc::MSG_FASTOPEN as u64;

/// Requests of `ioctl` that type into the terminal of the user. Their type in libc depends on the C library.
const TIOCSTI: u64 = 0x5412;
const TIOCLINUX: u64 = 0x541c;

/// Denies what the process that fetches does not need. True if the kernel enforces it.
pub fn confine_network() -> bool {
    let denied = |rules| apply(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM.cast_unsigned()));
    // The kernel applies all filters of a process, and returns the strictest answer. This one comes first: nothing forbids it yet.
    apply(unknown(), SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS.cast_unsigned()))
        .and_then(|()| denied(denied_to_network()?))
        .is_ok()
}

/// Denies what a process that parses does not need. True if the kernel enforces it.
pub fn confine_parser() -> bool {
    let rules = allowed_to_parser();
    rules
        .and_then(|rules| apply(rules, SeccompAction::Errno(libc::EPERM.cast_unsigned()), SeccompAction::Allow))
        .is_ok()
}

fn apply(rules: Rules, otherwise: SeccompAction, matching: SeccompAction) -> Result<(), seccompiler::Error> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter = SeccompFilter::new(rules, otherwise, matching, architecture)?;
    apply_filter(&BpfProgram::try_from(filter)?)
}

/// Calls that fail as if the kernel did not know them, so that the C library uses older ones, whose arguments a filter can see.
fn unknown() -> Rules {
    [CLONE3, OPENAT2].into_iter().chain(FIRST_UNKNOWN..=LAST_UNKNOWN).map(|call| (call, Vec::new())).collect()
}

fn denied_to_network() -> Result<Rules, seccompiler::Error> {
    let mut rules: Rules = DENIED.iter().chain(DENIED_OLD).map(|call| (*call, Vec::new())).collect();
    let process = rustix::process::getpid().as_raw_nonzero().get().unsigned_abs().into();
    // Only threads.
    rules.insert(libc::SYS_clone, vec![rule(&[masked(0, CLONE_THREAD, 0)])?]);
    // Only the internet: a socket of the desktop could start programs. Only TCP and UDP: landlock does not limit the ports of
    // others, such as Multipath TCP.
    let not = |argument, values: &[i32]| -> Vec<Condition> {
        values.iter().map(|value| (argument, SeccompCmpOp::Ne, u64::from(value.cast_unsigned()))).collect()
    };
    let mut socket = vec![
        rule(&not(0, &[libc::AF_INET, libc::AF_INET6]))?,
        rule(&not(2, &[0, libc::IPPROTO_TCP, libc::IPPROTO_UDP]))?,
    ];
    let is_other_type = |number: &u64| ![libc::SOCK_STREAM, libc::SOCK_DGRAM].contains(&(*number as i32));
    for number in (0..=SOCKET_TYPE).filter(is_other_type) {
        socket.push(rule(&[masked(1, SOCKET_TYPE, number)])?);
    }
    rules.insert(libc::SYS_socket, socket);
    for (call, flags) in [(libc::SYS_sendto, 3), (libc::SYS_sendmsg, 2), (libc::SYS_sendmmsg, 3)] {
        rules.insert(call, vec![rule(&[masked(flags, FAST_OPEN, FAST_OPEN)])?]);
    }
    // Limits and signals of others.
    rules.insert(libc::SYS_prlimit64, vec![rule(&[(0, SeccompCmpOp::Ne, 0), (0, SeccompCmpOp::Ne, process)])?]);
    rules.insert(libc::SYS_tgkill, vec![rule(&[(0, SeccompCmpOp::Ne, process)])?]);
    // Files are opened to be read.
    let writes = |flags: u8| -> Result<Vec<SeccompRule>, seccompiler::Error> {
        [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC]
            .map(|flag| u64::from(flag.cast_unsigned()))
            .iter()
            .map(|flag| rule(&[masked(flags, *flag, *flag)]))
            .collect()
    };
    rules.insert(libc::SYS_openat, writes(2)?);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_open, writes(1)?);
    let ioctl = [TIOCSTI, TIOCLINUX].map(|request| rule(&[(1, SeccompCmpOp::Eq, request)]));
    rules.insert(libc::SYS_ioctl, ioctl.into_iter().collect::<Result<_, _>>()?);
    #[cfg(target_arch = "x86_64")]
    add_x32(&mut rules);
    Ok(rules)
}

/// Denies the same calls in their form for programs with 32-bit pointers, whose numbers have one more bit.
#[cfg(target_arch = "x86_64")]
fn add_x32(rules: &mut Rules) {
    const X32: i64 = 0x4000_0000;
    // These exist in this form only.
    const OF_X32: std::ops::RangeInclusive<i64> = 512..=547;
    let same: Vec<i64> = rules.keys().copied().chain(OF_X32).chain([CLONE3, OPENAT2]).collect();
    rules.extend(same.into_iter().map(|call| (call | X32, Vec::new())));
}

fn allowed_to_parser() -> Result<Rules, seccompiler::Error> {
    let process = rustix::process::getpid().as_raw_nonzero().get().unsigned_abs().into();
    let mut rules: Rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let is = |argument, value: u64| rule(&[(argument, SeccompCmpOp::Eq, value)]);
    // Only stdin, and only stdout and stderr, whatever else the parent left open.
    for call in [libc::SYS_read, libc::SYS_readv] {
        rules.insert(call, vec![is(0, 0)?]);
    }
    for call in [libc::SYS_write, libc::SYS_writev] {
        rules.insert(call, vec![is(0, 1)?, is(0, 2)?]);
    }
    // Memory, but no code.
    let not_executable = || rule(&[masked(2, u64::from(libc::PROT_EXEC.cast_unsigned()), 0)]);
    rules.insert(libc::SYS_mmap, vec![not_executable()?]);
    rules.insert(libc::SYS_mprotect, vec![not_executable()?]);
    // Its own limit of CPU time, and its own abort.
    rules.insert(libc::SYS_prlimit64, vec![is(0, 0)?]);
    rules.insert(libc::SYS_tgkill, vec![is(0, process)?]);
    Ok(rules)
}

/// An argument by its position, how it is compared, and with what. All 32 bits, as the kernel reads them.
type Condition = (u8, SeccompCmpOp, u64);

fn masked(argument: u8, mask: u64, value: u64) -> Condition {
    (argument, SeccompCmpOp::MaskedEq(mask), value)
}

/// A rule that holds if all conditions do.
fn rule(conditions: &[Condition]) -> Result<SeccompRule, seccompiler::Error> {
    let conditions: Result<Vec<SeccompCondition>, BackendError> = conditions
        .iter()
        .map(|(argument, operator, value)| {
            SeccompCondition::new(*argument, SeccompCmpArgLen::Dword, operator.clone(), *value)
        })
        .collect();
    Ok(SeccompRule::new(conditions?)?)
}
