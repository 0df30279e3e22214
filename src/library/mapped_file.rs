//! A file of our own as memory: what nobody looks at is not read, and what was looked at may be given back by the system.
//!
//! Reading mapped memory behind the end of its file, or where the disk fails, raises SIGBUS, which ends a program. A file of
//! ours can be cut short by others: a full disk, another host, a program that cleans caches. So a handler maps zeros from the
//! page that could not be read to the end, and notes in [`MappedFile`] that its file was cut. Sums that are checked later fail, and
//! who holds the bytes asks [`Storage::is_truncated`] and reads the article files instead.
//!
//! This is the one file of the program with code that the compiler cannot check: [`MappedFile::open`], and the handler.

use std::fs::File;
use std::io;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use libc::{c_int, c_void, siginfo_t};
use memmap2::Mmap;

use crate::feed::bytes::Storage;

/// The bytes of a file.
#[derive(Debug)]
pub struct MappedFile {
    bytes: Mmap,
    range: &'static MappedRange,
}

impl MappedFile {
    /// Maps a file.
    ///
    /// MappedFile bytes must not change while they are read. Only files of our cache folder are mapped: each is written
    /// under another name and then renamed, never in place, so a file that has its name is never written to again; one that is
    /// deleted or replaced stays as it is for those who have it open. Where somebody else cuts the file, its bytes become zeros.
    /// No reference to text or numbers is made out of the bytes without looking: all are read as bytes, within bounds, and
    /// checked.
    #[allow(unsafe_code)]
    pub fn open(file: &File) -> io::Result<MappedFile> {
        install_handler();
        // SAFETY: as said above, we never write to the file, and what others take away is read as zeros.
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
    /// Comes before the memory is given back: then other things may lie there.
    fn drop(&mut self) {
        self.range.release();
    }
}

/// An entry of the list of mapped ranges, which the handler reads. It takes no lock and frees nothing, for the handler may
/// interrupt any of this; entries are used again.
#[derive(Debug)]
struct MappedRange {
    /// Odd while the range changes: the handler then passes the entry over. The range in which a thread reads does not change.
    version: AtomicUsize,
    start: AtomicUsize,
    /// 0: nothing is mapped here.
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

    /// Takes a free entry, or adds one.
    fn claim(start: usize, size: usize) -> &'static MappedRange {
        let _one_at_a_time = CLAIM.lock().unwrap_or_else(PoisonError::into_inner);
        let mut range = &FIRST;
        while range.size.load(SeqCst) != 0 {
            range = range.next.get_or_init(|| Box::leak(Box::new(MappedRange::new())));
        }
        range.version.fetch_add(1, SeqCst);
        range.is_truncated.store(false, SeqCst);
        range.start.store(start, SeqCst);
        range.size.store(size.max(1), SeqCst);
        range.version.fetch_add(1, SeqCst);
        range
    }

    fn release(&self) {
        self.size.store(0, SeqCst);
    }

    /// The range in which an address lies: the entry, and the bytes from the address's page to the end.
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

/// Bytes of a page of memory.
static PAGE: AtomicUsize = AtomicUsize::new(0);
/// What was done on SIGBUS before.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// Installs the handler, once. Where that fails a file that is cut ends the program, as it did without.
fn install_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        PAGE.store(rustix::param::page_size(), SeqCst);
        if let Some(previous) = set_action(None) {
            PREVIOUS.get_or_init(|| previous);
        }
        let mut ours = default_action();
        ours.sa_sigaction = on_bus_error as *const () as usize;
        // On the stack for signals: a thread whose own stack is full comes here too, on some systems.
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        let _ = set_action(Some(&ours));
    });
}

/// Runs when memory cannot be read. Calls only what may be called in a signal handler.
#[allow(unsafe_code)]
extern "C" fn on_bus_error(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the system hands over what it says of the signal.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr() as usize) };
    // A signal that a program sent has another code, and no address.
    if code == libc::BUS_ADRERR && map_zeros(address) {
        return;
    }
    let previous = PREVIOUS.get().copied().unwrap_or_else(default_action);
    match previous.sa_sigaction {
        libc::SIG_DFL => drop(set_action(Some(&default_action()))),
        libc::SIG_IGN if code != libc::BUS_ADRERR => return,
        libc::SIG_IGN => drop(set_action(Some(&default_action()))),
        // SAFETY: what it was before was installed as a handler of this kind.
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => unsafe {
            mem::transmute::<usize, extern "C" fn(c_int, *mut siginfo_t, *mut c_void)>(handler)(signal, info, context);
        },
        // SAFETY: and this one of the other kind.
        handler => unsafe { mem::transmute::<usize, extern "C" fn(c_int)>(handler)(signal) },
    }
    // The standard library's handler restores the default and returns, to have the fault happen once more. A signal that was
    // sent does not happen once more by itself.
    if set_action(None).is_some_and(|now| now.sa_sigaction == libc::SIG_DFL) {
        // SAFETY: it takes a number. The signal comes when this handler has returned, and ends the program.
        unsafe { libc::raise(signal) };
    }
}

/// Maps zeros in place of what cannot be read; false when no file of ours is mapped there.
#[allow(unsafe_code)]
fn map_zeros(address: usize) -> bool {
    let Some((range, start, size)) = MappedRange::find(address, PAGE.load(SeqCst).max(1)) else { return false };
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    // SAFETY: this replaces only memory that `MappedFile` has mapped, and that it keeps while the thread that came here reads it.
    let mapped = unsafe { libc::mmap(ptr::without_provenance_mut(start), size, libc::PROT_READ, flags, -1, 0) };
    let is_mapped = mapped != libc::MAP_FAILED;
    if is_mapped {
        range.is_truncated.store(true, SeqCst);
    }
    is_mapped
}

/// The default action, when no other handler was installed.
#[allow(unsafe_code)]
fn default_action() -> libc::sigaction {
    // SAFETY: all zeros are an action: the default, with no flags and no signals held back.
    unsafe { mem::zeroed() }
}

/// What is done on SIGBUS until now, and, with `action`, that from now on.
#[allow(unsafe_code)]
fn set_action(action: Option<&libc::sigaction>) -> Option<libc::sigaction> {
    let mut previous = default_action();
    // SAFETY: both point to an action or to nothing.
    let result = unsafe { libc::sigaction(libc::SIGBUS, action.map_or(ptr::null(), ptr::from_ref), &raw mut previous) };
    (result == 0).then_some(previous)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::io::Write;

    use super::*;

    /// A file of some pages, mapped.
    fn mapped(pages: usize) -> (tempfile::NamedTempFile, MappedFile) {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(&vec![7; pages * rustix::param::page_size()]).expect("written");
        let mapped = MappedFile::open(file.as_file()).expect("mapped");
        (file, mapped)
    }

    #[test]
    fn what_is_cut_is_read_as_zeros_and_known_to_be_cut() {
        let page = rustix::param::page_size();
        for (left, first_zero) in [(0, 0), (1, 1), (page, page), (page + 100, page + 100), (3 * page, 3 * page)] {
            let (file, bytes) = mapped(4);
            assert!(!bytes.is_truncated());
            file.as_file().set_len(left as u64).expect("cut");
            // From behind, so that each page is met by itself, and some once more.
            for at in (0..4 * page).rev().step_by(1000).chain([first_zero, 0]) {
                let expected = if at < first_zero { 7 } else { 0 };
                assert_eq!(bytes.as_ref()[at], expected, "{at} of {left} bytes");
            }
            assert!(bytes.is_truncated());
        }
    }

    #[test]
    fn only_the_file_that_was_cut_is_known_to_be() {
        let (first, first_bytes) = mapped(2);
        let (_second, second_bytes) = mapped(2);
        first.as_file().set_len(0).expect("cut");
        assert!(first_bytes.as_ref().iter().all(|byte| *byte == 0));
        assert!(second_bytes.as_ref().iter().all(|byte| *byte == 7));
        assert_eq!((first_bytes.is_truncated(), second_bytes.is_truncated()), (true, false));
        // Entries are used again, and begin as whole.
        drop(first_bytes);
        let (_third, third_bytes) = mapped(2);
        assert!(!third_bytes.is_truncated() && third_bytes.as_ref().iter().all(|byte| *byte == 7));
    }

    #[test]
    fn many_threads_may_meet_the_end_at_once() {
        let (file, bytes) = mapped(64);
        file.as_file().set_len(0).expect("cut");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let sum = || bytes.as_ref().iter().map(|byte| usize::from(*byte)).sum::<usize>();
                std::thread::Builder::new().spawn_scoped(scope, move || assert_eq!(sum(), 0)).expect("a thread");
            }
        });
    }

    /// The test starts itself: what it asks for ends the process.
    #[test]
    #[allow(unsafe_code)]
    fn what_is_not_ours_ends_the_program_as_before() {
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
                // SAFETY: it is not, which is what is tried.
                let foreign = unsafe { Mmap::map(file.as_file()) }.expect("mapped");
                file.as_file().set_len(0).expect("cut");
                assert_eq!(foreign[0], 0, "it cannot be read");
            }
            _ => {
                let name = "library::mapped_file::tests::what_is_not_ours_ends_the_program_as_before";
                for harm in ["sent", "foreign"] {
                    let mut test = std::process::Command::new(std::env::current_exe().expect("this program"));
                    let ended = test.args([name, "--exact"]).env(HARM, harm).output().expect("a process");
                    assert_eq!(ended.status.signal(), Some(libc::SIGBUS), "{harm}: {ended:?}");
                }
            }
        }
    }
}
