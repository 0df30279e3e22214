//! The process that downloads, on a thread of the test.

use std::io;
use std::os::unix::net::UnixStream;
use std::thread;

use frontpage::confined_process::Connection;
use frontpage::confinement::Enforced;
use frontpage::frames;
use frontpage::net::{Environment, NetworkSettings, Request, serve_download};
use frontpage::sync::workers::Workers;

/// Starts the process that downloads as a thread.
pub struct DownloadThread {
    /// Its names and limits.
    pub environment: Environment,
    /// Checks the settings that it is started with.
    pub check: fn(&NetworkSettings),
    /// Sees the request, and may change it.
    pub request: fn(Request) -> Request,
}

impl Workers for DownloadThread {
    fn network(&self, _: &NetworkSettings) -> io::Result<Connection> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn parser(&self) -> io::Result<Connection> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn download(&self, settings: &NetworkSettings) -> io::Result<Connection> {
        (self.check)(settings);
        let (ours, theirs) = UnixStream::pair()?;
        let (environment, change) = (self.environment.clone(), self.request);
        thread::Builder::new().spawn(move || {
            let mut input = theirs.try_clone().expect("a pipe");
            let (request, _) = frames::read::<Request>(&mut input).expect("a frame").expect("a request");
            let _ = serve_download(change(request), &theirs, &environment);
            // As the end of the process does.
            let _ = theirs.shutdown(std::net::Shutdown::Both);
        })?;
        let output = Box::new(ours.try_clone()?);
        Ok(Connection { input: Box::new(ours), output, process: None, enforced: Enforced::default() })
    }
}
