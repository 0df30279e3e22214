//! Attempts to leave the confinement of the processes that fetch and parse, each in a process of its own.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use frontpage::confinement::{self, Enforced};
use rustix::process::{Pid, Signal};

use super::Outcome;

/// Confines this process, prints what is enforced, makes an attempt, and prints `done` with its result, or `failed` with the
/// error.
///
/// `confinement` is `no`, `parser`, or `network:` with the ports that are allowed, separated by commas.
pub fn attempt(confinement: &str, what: &str, arguments: &[&str]) -> Outcome {
    let ports = confinement.strip_prefix("network:").map(|ports| ports.split(',').flat_map(str::parse).collect());
    let parent = rustix::process::getppid().ok_or("no parent")?;
    let enforced = match (confinement, ports) {
        ("parser", _) => confinement::confine_parser(),
        (_, Some(ports)) => confinement::confine_network(&{
            let ports: Vec<u16> = ports;
            ports
        }),
        _ => Enforced::default(),
    };
    println!("{}", serde_json::to_string(&enforced)?);
    match one(what, arguments, parent) {
        Ok(result) => println!("done {result}"),
        Err(error) => println!("failed {error}"),
    }
    io::stdout().flush()?;
    Ok(())
}

// A table: most attempts return nothing but their success.
#[allow(clippy::unit_arg)]
fn one(what: &str, arguments: &[&str], parent: Pid) -> Result<String, Box<dyn Error>> {
    let first = arguments.first().copied().unwrap_or_default();
    let path = Path::new(first);
    let address = || first.parse::<SocketAddr>();
    Ok(match what {
        "read" => format!("{} bytes", std::fs::read(path)?.len()),
        "list" => format!("{} entries", std::fs::read_dir(path)?.count()),
        "write" => said(std::fs::write(path, "written")?),
        "append" => said(std::fs::OpenOptions::new().append(true).open(path)?.write_all(b"more")?),
        "remove" => said(std::fs::remove_file(path)?),
        "rename" => said(std::fs::rename(path, path.with_extension("renamed"))?),
        "make-folder" => said(std::fs::create_dir(path)?),
        "link" => said(std::os::unix::fs::symlink("/", path)?),
        "truncate" => said(rustix::fs::open(path, rustix::fs::OFlags::TRUNC, 0o600.into()).map(drop)?),
        "chmod" => said(std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o777))?),
        "touch" => said(std::fs::File::open(path)?.set_modified(std::time::UNIX_EPOCH)?),
        "read-parent" => {
            format!("{} bytes", std::fs::read(format!("/proc/{}/environ", parent.as_raw_nonzero()))?.len())
        }
        "connect" => said(drop(TcpStream::connect_timeout(&address()?, Duration::from_secs(5))?)),
        "connect-unix" => said(drop(UnixStream::connect(path)?)),
        "connect-multipath" => said(unchecked::connect_multipath(address()?)?),
        "connect-by-sending" => said(unchecked::connect_by_sending(address()?)?),
        "datagram" => said(drop(std::net::UdpSocket::bind("127.0.0.1:0")?)),
        "raw-socket" => said(drop(unchecked::socket(libc::AF_INET, libc::SOCK_RAW, 1)?)),
        "netlink" => said(drop(unchecked::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0)?)),
        "listen" => said(drop(TcpListener::bind(address()?)?)),
        "listen-without-bind" => said(unchecked::listen()?),
        "trace-parent" => said(unchecked::attach(parent)?),
        "resolve" => {
            (first, 80).to_socket_addrs()?.map(|address| address.ip().to_string()).collect::<Vec<_>>().join(" ")
        }
        "exec" => return Err(Command::new("/bin/true").exec().into()),
        "spawn" => Command::new("/bin/true").status()?.to_string(),
        "signal-parent" => said(rustix::process::kill_process(parent, Signal::WINCH)?),
        "signal-group" => said(rustix::process::kill_current_process_group(Signal::WINCH)?),
        "watch-parent" => said(rustix::process::pidfd_open(parent, rustix::process::PidfdFlags::empty()).map(drop)?),
        "limit-parent" => said(limit_parent(parent)?),
        "new-session" => said(rustix::process::setsid().map(drop)?),
        "thread" => std::thread::Builder::new().spawn(|| "joined")?.join().map_err(|_| "a panic")?.to_owned(),
        "allocate" => format!("{} MiB", allocated(first.parse()?)),
        "print" => format!("{} bytes", io::stdout().write(&vec![b'.'; 1 << 20])?),
        "stdin" => format!("{} bytes", io::stdin().read_to_end(&mut Vec::new())?),
        "spin" => {
            confinement::arm_cpu_limit(first.parse()?);
            loop {
                std::hint::spin_loop();
            }
        }
        "raise-limits" => {
            let none = rustix::process::Rlimit { current: None, maximum: None };
            said(rustix::process::setrlimit(rustix::process::Resource::Fsize, none)?)
        }
        "panic" => std::panic::catch_unwind(|| panic!("wanted")).map_or_else(|_| "caught".to_owned(), said),
        "abort" => std::process::abort(),
        _ => return Err(format!("unknown attempt: {what}").into()),
    })
}

fn said((): ()) -> String {
    "it".to_owned()
}

fn limit_parent(parent: Pid) -> io::Result<()> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
    rustix::process::prlimit(Some(parent), rustix::process::Resource::Core, limit)?;
    Ok(())
}

fn allocated(mebibytes: usize) -> usize {
    let block = vec![1_u8; mebibytes << 20];
    std::hint::black_box(&block).len() >> 20
}

/// System calls that no library here makes without `unsafe`, which the program itself does not have.
#[allow(unsafe_code)]
mod unchecked {
    use std::io;
    use std::net::{IpAddr, SocketAddr};
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    use rustix::process::Pid;

    pub fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<OwnedFd> {
        // SAFETY: the call has no pointers, and a number that is not negative is a descriptor of ours.
        unsafe { checked(libc::socket(family, kind, protocol)).map(|number| OwnedFd::from_raw_fd(number)) }
    }

    fn checked(result: i32) -> io::Result<i32> {
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
    }

    /// An address of IPv4 as C has it, and its length.
    fn raw(address: SocketAddr) -> io::Result<(libc::sockaddr_in, u32)> {
        let IpAddr::V4(ip) = address.ip() else { return Err(io::Error::other("not of IPv4")) };
        // SAFETY: all bytes zero are a valid address.
        let mut raw: libc::sockaddr_in = unsafe { std::mem::zeroed() };
        raw.sin_family = libc::AF_INET as libc::sa_family_t;
        raw.sin_port = address.port().to_be();
        raw.sin_addr.s_addr = u32::from_ne_bytes(ip.octets());
        Ok((raw, std::mem::size_of::<libc::sockaddr_in>() as u32))
    }

    /// Connects with Multipath TCP, whose ports landlock does not limit.
    pub fn connect_multipath(address: SocketAddr) -> io::Result<()> {
        let socket = socket(libc::AF_INET, libc::SOCK_STREAM, 262)?;
        let (raw, length) = raw(address)?;
        // SAFETY: the address is valid for `length` bytes during the call.
        checked(unsafe { libc::connect(socket.as_raw_fd(), (&raw const raw).cast(), length) }).map(drop)
    }

    /// Sends data in a call that also connects (TCP Fast Open).
    pub fn connect_by_sending(address: SocketAddr) -> io::Result<()> {
        const MSG_FASTOPEN: i32 = 0x2000_0000;
        let socket = socket(libc::AF_INET, libc::SOCK_STREAM, 0)?;
        let (raw, length) = raw(address)?;
        let to = (&raw const raw).cast();
        // SAFETY: text and address are valid for their lengths during the call.
        let sent = unsafe { libc::sendto(socket.as_raw_fd(), b"x".as_ptr().cast(), 1, MSG_FASTOPEN, to, length) };
        if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    pub fn listen() -> io::Result<()> {
        let socket = socket(libc::AF_INET, libc::SOCK_STREAM, 0)?;
        // SAFETY: the call has no pointers.
        checked(unsafe { libc::listen(socket.as_raw_fd(), 1) }).map(drop)
    }

    /// Attaches to another process as a debugger does, and lets it go.
    #[cfg(target_os = "linux")]
    pub fn attach(process: Pid) -> io::Result<()> {
        const PTRACE_SEIZE: u32 = 0x4206;
        // SAFETY: the call reads and writes no memory; the last two arguments are unused.
        checked(unsafe { libc::ptrace(PTRACE_SEIZE as _, process.as_raw_nonzero(), 0, 0) } as i32).map(drop)
    }
}

/// Replaces this process by a program that cannot connect or listen by TCP.
#[cfg(target_os = "linux")]
pub fn run_without_ports(program: &str, arguments: &[&str]) -> Outcome {
    use landlock::{AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr};
    let rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let rules = rules.handle_access(AccessNet::ConnectTcp | AccessNet::BindTcp)?.create()?;
    rules.restrict_self()?;
    // What follows runs only if no connection can be opened.
    let listener = TcpStream::connect_timeout(&"127.0.0.1:9".parse()?, Duration::from_secs(5));
    match listener {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(Command::new(program).args(arguments).exec().into())
        }
        other => Err(format!("not confined: {other:?}").into()),
    }
}
