//! Fetches the full text of an article: runs `frontpage fetch --request` as another process, which reads the address from stdin,
//! because the arguments of a process are visible to others.
//!
//! The process prints one line: `{"result":"fetched","words":812,"problem":null,"remedy":null}`. `result` is `fetched`, `shorter` or
//! `failed`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::process_job::{ProcessJob, ProcessOutput};
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{Article, ArticleId, SafeText, UntrustedText, clean};
use crate::library::full_text_words;

/// The page of an article, whose text is wanted. The address may be private: `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTextRequest {
    /// The article.
    pub article: ArticleId,
    /// The address of the page.
    pub address: UntrustedText,
    /// The channel of the article, as its file names it; may be empty.
    pub channel: SafeText,
    /// Number of words in the body of the file.
    pub words: u32,
}

/// A request as JSON.
#[derive(Serialize, Deserialize)]
struct RequestLine {
    article: String,
    address: String,
    channel: String,
    words: u32,
}

impl FullTextRequest {
    /// The request for the page of an article. `None` if it has no link to a page.
    pub fn of(article: &Article) -> Option<FullTextRequest> {
        Some(FullTextRequest {
            article: article.id,
            address: UntrustedText::new(article.link_to_open()?.address()?.as_str()),
            channel: article.channel.address.clone(),
            words: full_text_words(article.own_body().untrusted()),
        })
    }

    /// The request as a line of JSON.
    pub fn to_json(&self) -> String {
        let line = RequestLine {
            article: self.article.to_string(),
            address: self.address.untrusted().to_owned(),
            channel: self.channel.to_string(),
            words: self.words,
        };
        // Texts and numbers can always be written.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a request; `None` if the text is not one.
    pub fn from_json(text: &str) -> Option<FullTextRequest> {
        let RequestLine { article, address, channel, words } = serde_json::from_str(text).ok()?;
        Some(FullTextRequest {
            article: article.parse().ok()?,
            address: UntrustedText::from_string(address),
            channel: clean::plain_line(&channel),
            words,
        })
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTextEnd {
    /// The article.
    pub article: ArticleId,
    /// What was done.
    pub result: FullTextResult,
}

/// What was done for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FullTextResult {
    /// A text of this number of words is kept.
    Fetched(u64),
    /// Nothing has changed: why, and what to do, which may be empty.
    Failed(SafeText, SafeText),
}

/// Another process that fetches a text.
#[derive(Debug)]
struct FullTextJob(ProcessJob, FullTextRequest);

/// A job that fetches the full text of an article. `program` is frontpage, perhaps with options before the command.
pub fn full_text(program: &[String], request: FullTextRequest) -> Job {
    let options = ["fetch", "--format", "json", "--request"].map(str::to_owned);
    Job::new(FullTextJob(ProcessJob::new(program.iter().cloned().chain(options)), request))
}

impl Task for FullTextJob {
    fn kind(&self) -> JobKind {
        JobKind::FullText
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let FullTextJob(process, request) = *self;
        let process = ProcessJob { input: Some(request.to_json().into_bytes()), ..process };
        let (_, output) = process.run_to_end(monitor)?;
        Ok(Answer::FullText(FullTextEnd { article: request.article, result: result(&output) }))
    }
}

fn result(output: &ProcessOutput) -> FullTextResult {
    let Some(fields) = &output.result else {
        return FullTextResult::Failed(why_failed("fetch", output), SafeText::default());
    };
    let text = |name: &str| clean::quote(fields.get(name).and_then(Value::as_str).unwrap_or_default());
    match fields.get("result").and_then(Value::as_str) {
        Some("fetched") => FullTextResult::Fetched(fields.get("words").and_then(Value::as_u64).unwrap_or_default()),
        _ if text("problem").is_empty() => FullTextResult::Failed(why_failed("fetch", output), text("remedy")),
        _ => FullTextResult::Failed(text("problem"), text("remedy")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    fn request() -> FullTextRequest {
        let article = Article::builder("T").link("https://e.org/a?key=secret").body("one *two* [three](https://x.org)");
        FullTextRequest::of(&article.build()).expect("a link")
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let request = request();
        assert_eq!(request.words, 3);
        assert_eq!(FullTextRequest::from_json(&request.to_json()), Some(request));
        for wrong in ["", "{}", "[]", "{\"article\":\"x\",\"address\":\"https://e.org\",\"channel\":\"\",\"words\":1}"]
        {
            assert_eq!(FullTextRequest::from_json(wrong), None, "{wrong}");
        }
        assert_eq!(FullTextRequest::of(&Article::builder("T").link("mailto:a@e.org").build()), None);
        assert_eq!(FullTextRequest::of(&Article::builder("T").build()), None);
    }

    #[test]
    fn the_result_is_read_whatever_the_exit_code_is() {
        let failed = |what: &'static str, remedy: &'static str| FullTextResult::Failed(what.into(), remedy.into());
        for (script, result) in [
            (r#"echo '{"result":"fetched","words":812}'"#, FullTextResult::Fetched(812)),
            (
                r#"echo '{"result":"shorter","words":2,"problem":"no \u001b[2Jlonger"}'; exit 1"#,
                failed("no longer", ""),
            ),
            (r#"echo '{"result":"failed","problem":"403","remedy":"open it"}'; exit 2"#, failed("403", "open it")),
            ("echo 'frontpage: wrong use' >&2; exit 2", failed("wrong use", "")),
            ("exit 3", failed("`frontpage fetch` ended with exit code 3", "")),
            (
                r#"read -r line; case $line in *key=sec*) echo '{"result":"fetched","words":1}';; esac"#,
                FullTextResult::Fetched(1),
            ),
        ] {
            let job = full_text(&["/bin/sh", "-c", script].map(str::to_owned), request());
            // A task may be logged, and others see the arguments of a process.
            assert!(!format!("{job:?}").contains("secret"), "{job:?}");
            match job.run_now().status {
                JobStatus::Answer(Answer::FullText(end)) => {
                    assert_eq!((end.article, end.result), (request().article, result), "{script}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
