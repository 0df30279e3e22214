//! Pictures on other computers: shows those in the cache, and has others fetched by another process, `frontpage fetch --picture`, which
//! reads the address from stdin, because the arguments of a process are visible to others.

use std::path::PathBuf;

use chrono::Utc;
use serde_json::{Value, json};

use super::picture_decoder::{OwnProgram, PictureDecoder};
use super::process_job::ProcessJob;
use super::show_picture::decode_file;
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobId, JobKind, Monitor, NotShown, RemotePicture, Task};
use crate::feed::{Address, SafeText, UntrustedText, clean};
use crate::file_system::RealFileSystem;
use crate::library::io_error_text;
use crate::library::picture_cache::{Cached, PictureCache};
use crate::picture::{Ground, Measured, Size};

/// A picture on another computer that is wanted. Its address may be private: `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteRequest {
    /// The job that fetches it, so that its answer is known.
    pub job: JobId,
    /// Where it is.
    pub address: UntrustedText,
    /// The folder of the cache; `None` if there is no place for it.
    pub cache: Option<PathBuf>,
    /// True to ask the server also if it refused the picture within the last day.
    pub is_retry: bool,
    /// The largest size that is shown, in pixels.
    pub most: Size,
    /// The ground of the screen.
    pub ground: Ground,
}

impl RemoteRequest {
    /// The address as a line of JSON.
    fn to_json(&self) -> String {
        json!({"address": self.address.untrusted()}).to_string()
    }

    /// Reads an address; `None` if the text has none.
    pub fn address_from_json(text: &str) -> Option<Address> {
        let line: Value = serde_json::from_str(text).ok()?;
        Address::parse(line.get("address")?.as_str()?).ok()
    }

    /// What the cache has.
    fn cached(&self) -> RemotePicture {
        let (Some(folder), Ok(address)) = (&self.cache, Address::parse(self.address.untrusted())) else {
            return RemotePicture::NotFetched;
        };
        match PictureCache::new(folder, &RealFileSystem).look(&address, Utc::now()) {
            Cached::File(file) => match decode_file(file, self.most, self.ground) {
                Ok(picture) => RemotePicture::Shown(picture),
                Err(why) => RemotePicture::NotShown(why),
            },
            Cached::Refused(why) => RemotePicture::NotShown(NotShown(why)),
            Cached::Unknown => RemotePicture::NotFetched,
        }
    }
}

/// Width and height up to which a picture is not kept: such pictures only count who looks at them.
const MOST_OF_A_TRACKER: u32 = 2;

/// Why a fetched file is not kept, if it is not a picture to look at. Its header is read in the confined process.
pub fn why_not_kept(file: &[u8]) -> Option<SafeText> {
    let measured = OwnProgram::new().map(|program| PictureDecoder::new(&program).measure(file.to_vec()));
    match measured {
        Err(error) => Some(clean::plain_line(&io_error_text(&error))),
        Ok(Err(unreadable)) => Some(clean::plain_line(&unreadable.to_string())),
        Ok(Ok(Measured { size, .. })) if size.width.max(size.height) <= MOST_OF_A_TRACKER => {
            Some("it has nothing to see, and only counts its readers".into())
        }
        Ok(Ok(_)) => None,
    }
}

#[derive(Debug)]
struct LookUp(RemoteRequest);

/// A job that shows a picture if the cache has it. It connects to nothing.
pub fn look_up(request: RemoteRequest) -> Job {
    Job { id: request.job, ..Job::new(LookUp(request)) }
}

impl Task for LookUp {
    fn kind(&self) -> JobKind {
        JobKind::CachedPicture
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let found = self.0.cached();
        monitor.check()?;
        Ok(Answer::CachedPicture(found))
    }
}

#[derive(Debug)]
struct Fetch(ProcessJob, RemoteRequest);

/// A job that fetches a picture, unless the cache has it. `program` is frontpage, perhaps with options before the command.
pub fn fetch(program: &[String], request: RemoteRequest) -> Job {
    let options = ["fetch", "--picture"].map(str::to_owned);
    let process = ProcessJob::new(program.iter().cloned().chain(options));
    Job { id: request.job, ..Job::new(Fetch(ProcessJob { ends_with_us: true, ..process }, request)) }
}

impl Task for Fetch {
    fn kind(&self) -> JobKind {
        JobKind::FetchedPicture
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let Fetch(process, request) = *self;
        let known = request.cached();
        let is_known = match known {
            RemotePicture::Shown(_) => true,
            RemotePicture::NotShown(_) => !request.is_retry,
            RemotePicture::NotFetched => false,
        };
        if is_known {
            return Ok(Answer::FetchedPicture(known));
        }
        let process = ProcessJob { input: Some(request.to_json().into_bytes()), ..process };
        let (_, output) = process.run_to_end(monitor)?;
        let field = |name: &str| output.result.as_ref().and_then(|fields| fields.get(name)).and_then(Value::as_str);
        let not_shown = |why| RemotePicture::NotShown(NotShown(why));
        let end = match (field("result"), field("problem")) {
            (Some("fetched"), _) => match request.cached() {
                RemotePicture::NotFetched => not_shown("it was fetched, and is not in the cache".into()),
                end => end,
            },
            (_, Some(problem)) => not_shown(clean::plain_line(problem)),
            _ => not_shown(why_failed("fetch", &output)),
        };
        Ok(Answer::FetchedPicture(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    const ADDRESS: &str = "https://e.org/a.png?key=secret";

    /// How a job ends whose process runs a script.
    fn end(script: &str, cache: Option<PathBuf>, is_retry: bool) -> RemotePicture {
        let (most, ground) = (Size::new(9, 9), Ground::Dark);
        let address = UntrustedText::new(ADDRESS);
        let request = RemoteRequest { job: JobId::next(), address, cache, is_retry, most, ground };
        let id = request.job;
        let job = fetch(&["/bin/sh", "-c", script].map(str::to_owned), request);
        assert!(job.id == id && !format!("{job:?}").contains("secret"), "{job:?}");
        match job.run_now().status {
            JobStatus::Answer(Answer::FetchedPicture(end)) => end,
            other => panic!("{script}: {other:?}"),
        }
    }

    fn why(end: RemotePicture) -> String {
        let RemotePicture::NotShown(NotShown(why)) = end else { panic!("{end:?}") };
        why.to_string()
    }

    #[test]
    fn the_end_of_the_process_is_read_whatever_it_is() {
        for (script, expected) in [
            (
                r#"echo '{"done":1,"total":2}'; echo '{"result":"failed","problem":"\u001b[2Jit is gone"}'; exit 2"#,
                "it is gone",
            ),
            (r#"echo '{"result":"fetched"}'"#, "it was fetched, and is not in the cache"),
            ("echo 'frontpage: wrong use' >&2; exit 2", "wrong use"),
            ("exit 3", "`frontpage fetch` ended with exit code 3"),
            (r#"read -r line; case $line in *key=sec*) echo '{"problem":"read"}';; esac"#, "read"),
        ] {
            let said = why(end(script, None, false));
            assert!(said.contains(expected) && !said.contains('\u{1b}'), "{script}: {said}");
        }
    }

    #[test]
    fn a_refusal_of_today_starts_no_process_until_it_is_asked_for_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = PictureCache::new(folder.path(), &RealFileSystem);
        let address = Address::parse(ADDRESS).expect("an address");
        cache.refuse(&address, &"it was gone".into()).expect("noted");
        let script = r#"echo '{"problem":"asked"}'"#;
        let run = |is_retry| why(end(script, Some(folder.path().to_owned()), is_retry));
        assert_eq!([run(false), run(true)], ["it was gone", "asked"]);
    }

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let read = |text: &str| RemoteRequest::address_from_json(text).map(|address| address.as_str().to_owned());
        assert_eq!(read(&json!({"address": ADDRESS}).to_string()).as_deref(), Some(ADDRESS));
        for wrong in ["", "{}", "[]", r#"{"address":7}"#, r#"{"address":"file:///etc/passwd"}"#] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
