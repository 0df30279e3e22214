//! Maps a file of ours into memory. The system reads pages on first use, and can drop them again when memory is short.
//!
//! Reading a mapped page beyond the end of the file, or from a failing disk, raises SIGBUS, which ends a process. Our files
//! can be truncated by a full disk, another host, or a program that cleans caches. So a signal handler maps zeros from the
//! unreadable page to the end of the range, and marks the [`MappedFile`] as truncated. Later checksum tests then fail, and
//! users of the bytes ask [`Storage::is_truncated`] and read the article files instead.
//!
//! All code of the program that the compiler cannot check is in this file: [`MappedFile::open`] and the handler.

use std::fs::File;
use std::io;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use libc::{c_int, c_void, siginfo_t};
use memmap2::Mmap;

use crate::feed::shared_bytes::Storage;

/// A file mapped into memory.
#[derive(Debug)]
pub struct MappedFile {
    bytes: Mmap,
    range: &'static MappedRange,
}

impl MappedFile {
    /// Maps a file.
    ///
    /// Mapped bytes must not change while they are read. Only files of our cache folder are mapped. They are written under a
    /// temporary name and renamed, never changed in place. A file that is deleted or replaced stays intact for those who have
    /// it open. If another program truncates the file, its bytes become zeros. The bytes are never used as text or numbers
    /// without a check: all are read as bytes, within bounds, and validated.
    #[allow(unsafe_code)]
    pub fn open(file: &File) -> io::Result<MappedFile> {
        install_handler();
        // SAFETY: as explained above, we never write to the file, and truncated parts read as zeros.
        let bytes = unsafe { Mmap::map(file) }?;
        let range = MappedRange::claim(bytes.as_ptr() as usize, bytes.len());
        Ok(MappedFile { bytes, range })
    }
}

impl AsRef<[u8]> for MappedFile {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Storage for MappedFile {
    fn is_truncated(&self) -> bool {
        self.range.is_truncated.load(SeqCst)
    }
}

impl Drop for MappedFile {
    /// Runs before the memory is unmapped, after which other data may use the addresses.
    fn drop(&mut self) {
        self.range.release();
    }
}

/// An entry in the list of mapped ranges that the handler reads. The handler may interrupt this code at any point, so entries
/// take no locks and are never freed, but used again.
#[derive(Debug)]
struct MappedRange {
    /// Odd while the range changes; the handler then skips the entry. The range that a thread is reading does not change.
    version: AtomicUsize,
    start: AtomicUsize,
    /// 0 if the entry is free.
    size: AtomicUsize,
    is_truncated: AtomicBool,
    next: OnceLock<&'static MappedRange>,
}

static FIRST: MappedRange = MappedRange::new();
static CLAIM: Mutex<()> = Mutex::new(());

impl MappedRange {
    const fn new() -> MappedRange {
        MappedRange {
            version: AtomicUsize::new(0),
            start: AtomicUsize::new(0),
            size: AtomicUsize::new(0),
            is_truncated: AtomicBool::new(false),
            next: OnceLock::new(),
        }
    }

    /// Uses a free entry or adds one.
    fn claim(start: usize, size: usize) -> &'static MappedRange {
        let _one_at_a_time = CLAIM.lock().unwrap_or_else(PoisonError::into_inner);
        let mut range = &FIRST;
        while range.size.load(SeqCst) != 0 {
            range = range.next.get_or_init(|| Box::leak(Box::new(MappedRange::new())));
        }
        range.version.fetch_add(1, SeqCst);
        range.is_truncated.store(false, SeqCst);
        range.start.store(start, SeqCst);
        // A size of 0 would mark the entry as free.
        range.size.store(size.max(1), SeqCst);
        range.version.fetch_add(1, SeqCst);
        range
    }

    fn release(&self) {
        // A single store needs no new version: the handler sees the whole range or a free entry.
        self.size.store(0, SeqCst);
    }

    /// The entry whose range contains an address, and the start and size of the range from the page of the address on.
    fn find(address: usize, page: usize) -> Option<(&'static MappedRange, usize, usize)> {
        let mut next = Some(&FIRST);
        while let Some(range) = next {
            let version = range.version.load(SeqCst);
            let (start, size) = (range.start.load(SeqCst), range.size.load(SeqCst));
            let is_settled = version % 2 == 0 && range.version.load(SeqCst) == version;
            let within = address.wrapping_sub(start);
            if is_settled && within < size {
                let skipped = within - within % page;
                return Some((range, start + skipped, size - skipped));
            }
            next = range.next.get().copied();
        }
        None
    }
}

/// Page size in bytes.
static PAGE: AtomicUsize = AtomicUsize::new(0);
/// The action for SIGBUS before ours.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// Installs the handler once. If that fails, a truncated file ends the process, as without a handler.
fn install_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        PAGE.store(rustix::param::page_size(), SeqCst);
        if let Some(previous) = set_action(None) {
            PREVIOUS.get_or_init(|| previous);
        }
        let mut ours = default_action();
        ours.sa_sigaction = on_bus_error as *const () as usize;
        // On the signal stack: on some systems a stack overflow arrives as SIGBUS, and then the normal stack is full.
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        let _ = set_action(Some(&ours));
    });
}

/// The handler. It calls only async-signal-safe functions.
#[allow(unsafe_code)]
extern "C" fn on_bus_error(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the system passes a valid pointer.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as usize) };
    // A signal sent by a process has another code and no address.
    if code == libc::BUS_ADRERR && map_zeros(address) {
        return;
    }
    let previous = PREVIOUS.get().copied().unwrap_or_else(default_action);
    match previous.sa_sigaction {
        libc::SIG_DFL => drop(set_action(Some(&default_action()))),
        libc::SIG_IGN if code != libc::BUS_ADRERR => return,
        libc::SIG_IGN => drop(set_action(Some(&default_action()))),
        // SAFETY: with SA_SIGINFO, the action is a handler of this type.
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => unsafe {
            mem::transmute::<usize, extern "C" fn(c_int, *mut siginfo_t, *mut c_void)>(handler)(signal, info, context);
        },
        // SAFETY: without SA_SIGINFO, the action is a handler of this type.
        handler => unsafe { mem::transmute::<usize, extern "C" fn(c_int)>(handler)(signal) },
    }
    // The standard library's handler restores the default action and returns, so that the fault occurs again. A signal that
    // was sent does not occur again, so raise it here.
    if set_action(None).is_some_and(|now| now.sa_sigaction == libc::SIG_DFL) {
        // SAFETY: `raise` takes a number. The signal arrives when this handler returns, and ends the process.
        unsafe { libc::raise(signal) };
    }
}

/// Maps zeros in place of unreadable pages. False if the address is not in a mapped file of ours.
#[allow(unsafe_code)]
fn map_zeros(address: usize) -> bool {
    let Some((range, start, size)) = MappedRange::find(address, PAGE.load(SeqCst).max(1)) else { return false };
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    // SAFETY: this replaces only memory mapped by a `MappedFile`, which stays mapped while the interrupted thread reads it.
    let mapped = unsafe { libc::mmap(ptr::without_provenance_mut(start), size, libc::PROT_READ, flags, -1, 0) };
    let is_mapped = mapped != libc::MAP_FAILED;
    if is_mapped {
        range.is_truncated.store(true, SeqCst);
    }
    is_mapped
}

/// The default action, for when there was no other handler.
#[allow(unsafe_code)]
fn default_action() -> libc::sigaction {
    // SAFETY: all zeros is a valid action: the default, no flags, no blocked signals.
    unsafe { mem::zeroed() }
}

/// Returns the current action for SIGBUS, and sets a new one if `action` is given.
#[allow(unsafe_code)]
fn set_action(action: Option<&libc::sigaction>) -> Option<libc::sigaction> {
    let mut previous = default_action();
    // SAFETY: both pointers are null or point to an action.
    let result = unsafe { libc::sigaction(libc::SIGBUS, action.map_or(ptr::null(), ptr::from_ref), &raw mut previous) };
    (result == 0).then_some(previous)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::io::Write;

    use super::*;

    /// A mapped file of `pages` pages.
    fn mapped(pages: usize) -> (tempfile::NamedTempFile, MappedFile) {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(&vec![7; pages * rustix::param::page_size()]).expect("written");
        let mapped = MappedFile::open(file.as_file()).expect("mapped");
        (file, mapped)
    }

    #[test]
    fn truncated_parts_read_as_zeros_and_are_reported() {
        let page = rustix::param::page_size();
        for (left, first_zero) in [(0, 0), (1, 1), (page, page), (page + 100, page + 100), (3 * page, 3 * page)] {
            let (file, bytes) = mapped(4);
            assert!(!bytes.is_truncated());
            file.as_file().set_len(left as u64).expect("cut");
            // Backwards, so that each page faults by itself. Some are read twice.
            for at in (0..4 * page).rev().step_by(1000).chain([first_zero, 0]) {
                let expected = if at < first_zero { 7 } else { 0 };
                assert_eq!(bytes.as_ref()[at], expected, "{at} of {left} bytes");
            }
            assert!(bytes.is_truncated());
        }
    }

    #[test]
    fn only_the_truncated_file_is_reported() {
        let (first, first_bytes) = mapped(2);
        let (_second, second_bytes) = mapped(2);
        first.as_file().set_len(0).expect("cut");
        assert!(first_bytes.as_ref().iter().all(|byte| *byte == 0));
        assert!(second_bytes.as_ref().iter().all(|byte| *byte == 7));
        assert_eq!((first_bytes.is_truncated(), second_bytes.is_truncated()), (true, false));
        // Entries are used again, and are not truncated then.
        drop(first_bytes);
        let (_third, third_bytes) = mapped(2);
        assert!(!third_bytes.is_truncated() && third_bytes.as_ref().iter().all(|byte| *byte == 7));
    }

    #[test]
    fn many_threads_may_fault_at_once() {
        let (file, bytes) = mapped(64);
        file.as_file().set_len(0).expect("cut");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let sum = || bytes.as_ref().iter().map(|byte| usize::from(*byte)).sum::<usize>();
                std::thread::Builder::new().spawn_scoped(scope, move || assert_eq!(sum(), 0)).expect("a thread");
            }
        });
    }

    /// Runs itself as a child process, which the fault ends.
    #[test]
    #[allow(unsafe_code)]
    fn other_bus_errors_still_end_the_process() {
        use std::os::unix::process::ExitStatusExt;
        const HARM: &str = "FRONTPAGE_TEST_SIGBUS";
        match std::env::var(HARM).as_deref() {
            Ok("sent") => {
                let (_file, _bytes) = mapped(1);
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::BUS);
                std::thread::sleep(std::time::Duration::from_secs(30));
            }
            Ok("foreign") => {
                let (file, _bytes) = mapped(1);
                // SAFETY: not safe, which is what the test needs.
                let foreign = unsafe { Mmap::map(file.as_file()) }.expect("mapped");
                file.as_file().set_len(0).expect("cut");
                assert_eq!(foreign[0], 0, "it cannot be read");
            }
            _ => {
                let name = "library::mapped_file::tests::other_bus_errors_still_end_the_process";
                for harm in ["sent", "foreign"] {
                    let mut test = std::process::Command::new(std::env::current_exe().expect("this program"));
                    let ended = test.args([name, "--exact"]).env(HARM, harm).output().expect("a process");
                    assert_eq!(ended.status.signal(), Some(libc::SIGBUS), "{harm}: {ended:?}");
                }
            }
        }
    }
}
