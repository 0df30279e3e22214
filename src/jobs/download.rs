//! Downloads an enclosure: runs `frontpage download --request` as another process, which reads the address from stdin, because the
//! arguments of a process are visible to others.
//!
//! The process prints its progress in bytes, and at the end one line:
//! `{"result":"downloaded","path":"…","bytes":812,"problem":null,"remedy":null,"private":false}`. `result` is `downloaded`, `there` or
//! `failed`; `private` is then true if the server is on a private network, and was refused for that.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::process_job::{ProcessJob, ProcessOutput};
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::dates::Date;
use crate::feed::{Address, Article, ArticleId, Enclosure, SafeText, UntrustedText, clean};
use crate::text;

/// Longest title in a message, in columns: the path has room behind it.
const MAX_TITLE: usize = 40;
/// Longest host in a message, in columns.
const MAX_HOST: usize = 60;

/// An enclosure that is wanted. Its address may be private: `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadRequest {
    /// The article.
    pub article: ArticleId,
    /// The address of the enclosure.
    pub address: UntrustedText,
    /// Its media type; may be empty.
    pub media_type: SafeText,
    /// The title of the article.
    pub title: SafeText,
    /// When the article was published.
    pub published: Option<Date>,
    /// The channel of the article, as its file names it; may be empty.
    pub channel: SafeText,
    /// The user permits that the server is on a private network.
    pub is_private: bool,
}

/// How a download ended well, or with a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadEnd {
    /// The file is there: a message.
    There(SafeText),
    /// The server is on a private network, which only the user may permit: why it was refused, and the request.
    Private(SafeText, DownloadRequest),
}

/// A request as JSON.
#[derive(Serialize, Deserialize)]
struct RequestLine {
    article: String,
    address: String,
    media_type: String,
    title: String,
    published: Option<String>,
    channel: String,
}

impl DownloadRequest {
    /// The request for an enclosure of an article. `None` if its link is not opened.
    pub fn of(article: &Article, enclosure: &Enclosure) -> Option<DownloadRequest> {
        Some(DownloadRequest {
            article: article.id,
            address: UntrustedText::new(enclosure.link.address()?.as_str()),
            media_type: enclosure.media_type.clone(),
            title: article.title.clone(),
            published: article.published,
            channel: article.channel.address.clone(),
            is_private: false,
        })
    }

    /// The host of its address, for display.
    pub fn host(&self) -> SafeText {
        let address = Address::parse(self.address.untrusted()).ok();
        address.map(|address| text::cut(&address.domain(), MAX_HOST)).unwrap_or_default()
    }

    /// The request as a line of JSON, without the permission, which is an argument.
    pub fn to_json(&self) -> String {
        let line = RequestLine {
            article: self.article.to_string(),
            address: self.address.untrusted().to_owned(),
            media_type: self.media_type.to_string(),
            title: self.title.to_string(),
            published: self.published.map(|date| date.as_utc().to_rfc3339()),
            channel: self.channel.to_string(),
        };
        // Texts can always be written.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a request; `None` if the text is not one.
    pub fn from_json(text: &str) -> Option<DownloadRequest> {
        let line: RequestLine = serde_json::from_str(text).ok()?;
        Some(DownloadRequest {
            article: line.article.parse().ok()?,
            address: UntrustedText::from_string(line.address),
            media_type: clean::plain_line(&line.media_type),
            title: clean::plain_line(&line.title),
            published: line.published.and_then(|date| date.parse().ok()),
            channel: clean::plain_line(&line.channel),
            is_private: false,
        })
    }
}

/// Another process that downloads.
#[derive(Debug)]
struct DownloadJob(ProcessJob, DownloadRequest);

/// A job that downloads an enclosure. `program` is frontpage, perhaps with options before the command.
pub fn download(program: &[String], request: DownloadRequest) -> Job {
    let options = ["download", "--format", "json", "--request"].into_iter();
    let options = options.chain(request.is_private.then_some("--private")).map(str::to_owned);
    let process = ProcessJob::new(program.iter().cloned().chain(options));
    // The user could neither see nor stop it.
    Job::new(DownloadJob(ProcessJob { ends_with_us: true, ..process }, request))
}

impl Task for DownloadJob {
    fn kind(&self) -> JobKind {
        JobKind::Download
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let DownloadJob(process, request) = *self;
        let process = ProcessJob { input: Some(request.to_json().into_bytes()), ..process };
        let (_, output) = process.run_to_end(monitor)?;
        result(&output, request).map(Answer::Download)
    }
}

/// What was done, or why not, in words.
fn result(output: &ProcessOutput, request: DownloadRequest) -> Result<DownloadEnd, JobError> {
    let failed = |why: &SafeText, remedy: &SafeText| {
        let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
        Err(JobError::Failed(clean::plain_line(&format!("Not downloaded: {why}{remedy}"))))
    };
    let Some(fields) = &output.result else { return failed(&why_failed("download", output), &SafeText::default()) };
    let field = |name: &str| clean::quote(fields.get(name).and_then(Value::as_str).unwrap_or_default());
    match fields.get("result").and_then(Value::as_str) {
        Some("downloaded") => {
            let title = text::cut(&request.title, MAX_TITLE);
            Ok(DownloadEnd::There(clean::plain_line(&format!("Downloaded {title}: {}", field("path")))))
        }
        Some("there") => Ok(DownloadEnd::There(clean::plain_line(&format!("Downloaded before: {}", field("path"))))),
        _ if fields.get("private") == Some(&Value::Bool(true)) && !request.is_private => {
            Ok(DownloadEnd::Private(field("problem"), request))
        }
        _ if field("problem").is_empty() => failed(&why_failed("download", output), &field("remedy")),
        _ => failed(&field("problem"), &field("remedy")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Link;
    use crate::jobs::JobStatus;

    fn request() -> DownloadRequest {
        let article =
            Article::builder("A \"title\"").published("2021-02-18T10:00:00Z".parse::<Date>().expect("a date"));
        let link = Link::read("https://e.org/a.mp3?key=secret");
        let enclosure = Enclosure { link, media_type: "audio/mpeg".into(), length: None, duration: None };
        DownloadRequest::of(&article.build(), &enclosure).expect("a link")
    }

    #[test]
    fn a_private_server_is_a_question_until_it_is_permitted() {
        let script =
            r#"[ "$4" = --private ]; echo "{\"result\":\"failed\",\"problem\":\"private $?\",\"private\":true}""#;
        let run = |is_private| {
            let request = DownloadRequest { is_private, ..request() };
            let job = download(&["/bin/sh", "-c", script].map(str::to_owned), request.clone());
            (job.run_now().status, request)
        };
        let (status, asked) = run(false);
        let JobStatus::Answer(Answer::Download(DownloadEnd::Private(why, again))) = status else {
            panic!("{status:?}")
        };
        assert_eq!((why.as_str(), again, asked.host().as_str()), ("private 1", asked.clone(), "e.org"));
        let (status, _) = run(true);
        let JobStatus::Failed(words) = status else { panic!("{status:?}") };
        assert_eq!(words.as_str(), "Not downloaded: private 0");
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let dated = request();
        let undated = DownloadRequest { published: None, ..dated.clone() };
        for request in [dated, undated] {
            assert_eq!(DownloadRequest::from_json(&request.to_json()), Some(request));
        }
        for wrong in ["", "{}", "[]"] {
            assert_eq!(DownloadRequest::from_json(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_result_is_read_whatever_the_exit_code_is() {
        for (script, result) in [
            (
                r#"echo '{"done":1,"total":2}'; echo '{"result":"downloaded","path":"/d/a.mp3"}'"#,
                Ok("Downloaded A \"title\": /d/a.mp3"),
            ),
            (r#"echo '{"result":"there","path":"/d/\u001b[2Ja.mp3"}'"#, Ok("Downloaded before: /d/a.mp3")),
            (
                r#"echo '{"result":"failed","problem":"403","remedy":"open it"}'; exit 2"#,
                Err("Not downloaded: 403; open it"),
            ),
            ("echo 'frontpage: wrong use' >&2; exit 2", Err("Not downloaded: wrong use")),
            ("exit 3", Err("Not downloaded: `frontpage download` ended with exit code 3")),
            (
                r#"read -r line; case $line in *key=sec*) echo '{"result":"there","path":"/x"}';; esac"#,
                Ok("Downloaded before: /x"),
            ),
        ] {
            let job = download(&["/bin/sh", "-c", script].map(str::to_owned), request());
            // A task may be logged, and others see the arguments of a process.
            assert!(!format!("{job:?}").contains("secret"), "{job:?}");
            match (job.run_now().status, result) {
                (JobStatus::Answer(Answer::Download(DownloadEnd::There(words))), Ok(expected)) => {
                    assert_eq!(words.as_str(), expected);
                }
                (JobStatus::Failed(words), Err(expected)) => assert_eq!(words.as_str(), expected),
                (other, _) => panic!("{script}: {other:?}"),
            }
        }
    }
}
