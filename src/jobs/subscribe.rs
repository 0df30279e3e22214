//! Subscribes to an address: runs `frontpage subscribe --format json -` as another process, which reads the address from stdin,
//! because the arguments of a process are visible to others.
//!
//! The process prints one line: `{"result":"subscribed","title":"…","address":"…","new":20,"channels":[],"problem":"","remedy":""}`.
//! `result` is `subscribed`, `already`, `choose` (`channels` then has the `url` and `title` of each), `not found` or `failed`.

use serde_json::{Map, Value};

use super::process_job::{ProcessJob, ProcessOutput};
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{SafeText, UntrustedText, clean};

/// The most channels that are offered.
const MAX_CHANNELS: usize = 100;

/// How an attempt to subscribe ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscribeEnd {
    /// The subscription was added.
    Subscribed {
        /// Its title.
        title: SafeText,
        /// Number of its articles.
        new: u64,
    },
    /// The user is subscribed to it already; with its title.
    Already(SafeText),
    /// The page names several channels.
    Choose(Vec<FoundChannel>),
    /// It failed: why, and what to do.
    Failed(SafeText, SafeText),
}

/// A channel that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundChannel {
    /// Its address.
    pub address: UntrustedText,
    /// Its title; may be empty.
    pub title: SafeText,
}

/// Another process that subscribes.
#[derive(Debug)]
struct Subscribe(ProcessJob, UntrustedText);

/// A job that subscribes to an address, or to the channel of a page. `program` is frontpage, perhaps with options before the command.
pub fn subscribe(program: &[String], address: &UntrustedText) -> Job {
    let options = ["subscribe", "--format", "json", "-"].map(str::to_owned);
    let process = ProcessJob::new(program.iter().cloned().chain(options));
    Job::new(Subscribe(process, address.clone()))
}

impl Task for Subscribe {
    fn kind(&self) -> JobKind {
        JobKind::Subscribe
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let Subscribe(process, address) = *self;
        let input = format!("{}\n", address.untrusted().trim());
        let process = ProcessJob { input: Some(input.into_bytes()), ..process };
        let (_, output) = process.run_to_end(monitor)?;
        Ok(Answer::Subscribe(end(&output)))
    }
}

fn end(output: &ProcessOutput) -> SubscribeEnd {
    let Some(fields) = &output.result else {
        return SubscribeEnd::Failed(why_failed("subscribe", output), SafeText::default());
    };
    let text = |name: &str| clean::quote(fields.get(name).and_then(Value::as_str).unwrap_or_default());
    let title = if text("title").is_empty() { text("address") } else { text("title") };
    match fields.get("result").and_then(Value::as_str) {
        Some("subscribed") => {
            SubscribeEnd::Subscribed { title, new: fields.get("new").and_then(Value::as_u64).unwrap_or_default() }
        }
        Some("already") => SubscribeEnd::Already(title),
        Some("choose") => {
            let channels = fields.get("channels").and_then(Value::as_array).into_iter().flatten();
            let channels = channels.filter_map(|channel| found_channel(channel.as_object()?));
            SubscribeEnd::Choose(channels.take(MAX_CHANNELS).collect())
        }
        _ if text("problem").is_empty() => SubscribeEnd::Failed(why_failed("subscribe", output), text("remedy")),
        _ => SubscribeEnd::Failed(text("problem"), text("remedy")),
    }
}

fn found_channel(fields: &Map<String, Value>) -> Option<FoundChannel> {
    let title = clean::quote(fields.get("title").and_then(Value::as_str).unwrap_or_default());
    Some(FoundChannel { address: UntrustedText::new(fields.get("url")?.as_str()?), title })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    fn ended(script: &str) -> SubscribeEnd {
        let program = ["/bin/sh", "-c", script].map(str::to_owned);
        let job = subscribe(&program, &UntrustedText::new(" https://me:word@e.org/?key=secret "));
        // A task may be logged.
        assert!(!format!("{job:?}").contains("word"), "{job:?}");
        match job.run_now().status {
            JobStatus::Answer(Answer::Subscribe(end)) => end,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_result_is_read_whatever_the_exit_code_is() {
        let failed = |what: &'static str, remedy: &'static str| SubscribeEnd::Failed(what.into(), remedy.into());
        let channel =
            |address, title: &'static str| FoundChannel { address: UntrustedText::new(address), title: title.into() };
        let choice = vec![channel("https://e.org/a", "A"), channel("https://e.org/b?k=1", "")];
        for (script, end) in [
            (
                r#"echo '{"result":"subscribed","title":"Tide \u001b[2JNews","new":20}'"#,
                SubscribeEnd::Subscribed { title: "Tide News".into(), new: 20 },
            ),
            (
                r#"echo '{"result":"already","address":"https://e.org"}'; exit 1"#,
                SubscribeEnd::Already("https://e.org".into()),
            ),
            (
                r#"echo '{"result":"choose","channels":[{"url":"https://e.org/a","title":"A"},{"title":"x"},3,{"url":"https://e.org/b?k=1"}]}'; exit 1"#,
                SubscribeEnd::Choose(choice),
            ),
            (
                r#"echo '{"result":"failed","problem":"no answer","remedy":"try later"}'; exit 2"#,
                failed("no answer", "try later"),
            ),
            (r#"echo '{"result":"not found","problem":"no channel here"}'; exit 2"#, failed("no channel here", "")),
            ("echo 'frontpage: wrong use' >&2; exit 2", failed("wrong use", "")),
            ("exit 3", failed("`frontpage subscribe` ended with exit code 3", "")),
            (
                r#"read -r line; echo "{\"result\":\"already\",\"title\":\"$line\"}""#,
                SubscribeEnd::Already("https://me:word@e.org/?key=secret".into()),
            ),
        ] {
            assert_eq!(ended(script), end, "{script}");
        }
    }
}
