//! Decodes pictures in a confined process, which is started with the first picture and again after it died.

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use crate::confined_process::{self, Connection, Died, Worker};
use crate::external_program;
use crate::picture::service::{ARGUMENT, Answer, Request};
use crate::picture::{Ground, Measured, Pixels, Size, Unreadable};

/// Longest time for one picture. The limit of CPU time is the same; this one also ends a process that waits for nothing.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The executable that is started, if it is not the running one.
static REPLACED: OnceLock<PathBuf> = OnceLock::new();

/// Starts the process that decodes.
pub trait StartDecoder {
    /// Starts it.
    fn start(&self) -> io::Result<Connection>;
}

/// Starts this program again as the process that decodes.
#[derive(Clone, Debug)]
pub struct OwnProgram {
    program: PathBuf,
}

impl OwnProgram {
    /// The running executable, or that of [`OwnProgram::replace`].
    pub fn new() -> io::Result<OwnProgram> {
        match REPLACED.get() {
            Some(program) => Ok(OwnProgram::of(program.clone())),
            None => external_program::own_executable().map(OwnProgram::of),
        }
    }

    /// Has [`OwnProgram::new`] return another executable of frontpage, for a program that uses this library and is not frontpage
    /// itself.
    pub fn replace(program: PathBuf) {
        let _ = REPLACED.set(program);
    }

    /// Another executable of frontpage, as tests need.
    pub fn of(program: PathBuf) -> OwnProgram {
        OwnProgram { program }
    }
}

impl StartDecoder for OwnProgram {
    fn start(&self) -> io::Result<Connection> {
        confined_process::start(&self.program, &[ARGUMENT], &[], None::<&()>)
    }
}

/// Decodes one picture after the other. Its process ends with it.
pub struct PictureDecoder<'a> {
    program: &'a dyn StartDecoder,
    worker: Worker<Request, Answer>,
}

impl<'a> PictureDecoder<'a> {
    /// A decoder whose process is started with the first picture.
    pub fn new(program: &'a dyn StartDecoder) -> PictureDecoder<'a> {
        PictureDecoder::with_timeout(program, TIMEOUT)
    }

    /// A decoder with another limit of time for each picture.
    pub fn with_timeout(program: &'a dyn StartDecoder, timeout: Duration) -> PictureDecoder<'a> {
        PictureDecoder { program, worker: Worker::new(timeout) }
    }

    /// The format and the size of a picture. The first bytes of its file are enough.
    pub fn measure(&mut self, file: Vec<u8>) -> Result<Measured, Unreadable> {
        self.ask(Request::Measure, file).map(|(measured, _, _)| measured)
    }

    /// The pixels of a picture, scaled down to fit into `most`.
    pub fn decode(&mut self, file: Vec<u8>, most: Size, ground: Ground) -> Result<(Measured, Pixels), Unreadable> {
        let (measured, size, bytes) = self.ask(Request::Decode { most, ground }, file)?;
        let fits = size.width <= most.width && size.height <= most.height;
        let pixels = Pixels::new(size, bytes).filter(|_| fits).ok_or(Unreadable::ProcessFailed)?;
        Ok((measured, pixels))
    }

    fn ask(&mut self, request: Request, file: Vec<u8>) -> Result<(Measured, Size, Vec<u8>), Unreadable> {
        let (answer, bytes) = self.worker.ask(|| self.program.start(), request, file).map_err(|died| match died {
            Died::Memory => Unreadable::TooMuchMemory,
            Died::CpuTime | Died::Timeout(_) => Unreadable::TooSlow,
            // A decoder that panics ends its process: so the file is not what it should be.
            Died::Signal(_) | Died::NoAnswer => Unreadable::Damaged,
            Died::NotStarted(_) => Unreadable::ProcessFailed,
        })?;
        answer.map(|(measured, size)| (measured, size, bytes))
    }
}
