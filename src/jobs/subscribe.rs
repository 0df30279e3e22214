//! Subscribes to an address: runs `frontpage subscribe --format json -` as another process, which reads the address from stdin,
//! because the arguments of a process are visible to others.
//!
//! The process prints one line: `{"result":"subscribed","title":"…","address":"…","new":20,"channels":[],"problem":"","remedy":""}`.
//! `result` is `subscribed`, `already`, `choose` (`channels` then has the `number`, `title` and `address` of each), `not found` or
//! `failed`; `private` is then true if the server is on a private network, and was refused for that.

use serde_json::{Map, Value};

use super::process_job::{ProcessJob, ProcessOutput};
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{SafeText, UntrustedText, clean};

/// The most channels that are offered.
const MAX_CHANNELS: usize = 100;

/// What to subscribe to. The address may contain a password: `Debug` hides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribeRequest {
    /// The address of a channel or a page.
    pub address: UntrustedText,
    /// The user permits that its server is on a private network.
    pub is_private: bool,
    /// The number of the channel to take, from 1, if the page names several.
    pub channel: Option<u16>,
}

impl SubscribeRequest {
    /// A request for an address that the user entered.
    pub fn of(address: &str) -> SubscribeRequest {
        SubscribeRequest { address: UntrustedText::new(address), is_private: false, channel: None }
    }
}

/// How an attempt to subscribe ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscribeEnd {
    /// The subscription was added.
    Subscribed {
        /// Its title.
        title: SafeText,
        /// Number of its articles.
        new: u64,
        /// Number of those that are old, and marked as read.
        read: u64,
    },
    /// The server is on a private network, which only the user may permit: why it was refused, and the request with the permission.
    Private(SafeText, SubscribeRequest),
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
    /// The request that subscribes to it.
    pub request: SubscribeRequest,
    /// Its address, without user, password and query.
    pub address: SafeText,
    /// Its title, and whether the user follows it already, or it is one of comments; may be empty.
    pub title: SafeText,
}

/// Another process that subscribes.
#[derive(Debug)]
struct Subscribe(ProcessJob, SubscribeRequest);

/// A job that subscribes to an address, or to the channel of a page. `program` is frontpage, perhaps with options before the command.
pub fn subscribe(program: &[String], request: SubscribeRequest) -> Job {
    let mut words = program.to_vec();
    words.extend(["subscribe", "--format", "json"].map(str::to_owned));
    words.extend(request.is_private.then(|| "--private".to_owned()));
    words.extend(request.channel.map(|number| format!("--channel={number}")));
    words.push("-".to_owned());
    Job::new(Subscribe(ProcessJob::new(words), request))
}

impl Task for Subscribe {
    fn kind(&self) -> JobKind {
        JobKind::Subscribe
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let Subscribe(process, request) = *self;
        let input = format!("{}\n", request.address.untrusted().trim());
        let process = ProcessJob { input: Some(input.into_bytes()), ..process };
        let (_, output) = process.run_to_end(monitor)?;
        Ok(Answer::Subscribe(end(&output, request)))
    }
}

/// A text of an object, cleaned; empty if it is missing.
fn text_of(fields: &Map<String, Value>, name: &str) -> SafeText {
    clean::quote(fields.get(name).and_then(Value::as_str).unwrap_or_default())
}

fn end(output: &ProcessOutput, request: SubscribeRequest) -> SubscribeEnd {
    let Some(fields) = &output.result else {
        return SubscribeEnd::Failed(why_failed("subscribe", output), SafeText::default());
    };
    let text = |name| text_of(fields, name);
    let title = if text("title").is_empty() { text("address") } else { text("title") };
    match fields.get("result").and_then(Value::as_str) {
        Some("subscribed") => {
            let number = |name: &str| fields.get(name).and_then(Value::as_u64).unwrap_or_default();
            SubscribeEnd::Subscribed { title, new: number("new"), read: number("read") }
        }
        Some("already") => SubscribeEnd::Already(title),
        Some("choose") => {
            let channels = fields.get("channels").and_then(Value::as_array).into_iter().flatten();
            let channels = channels.filter_map(|channel| found_channel(channel.as_object()?, &request));
            SubscribeEnd::Choose(channels.take(MAX_CHANNELS).collect())
        }
        _ if fields.get("private") == Some(&Value::Bool(true)) && !request.is_private => {
            SubscribeEnd::Private(text("problem"), SubscribeRequest { is_private: true, ..request })
        }
        _ if text("problem").is_empty() => SubscribeEnd::Failed(why_failed("subscribe", output), text("remedy")),
        _ => SubscribeEnd::Failed(text("problem"), text("remedy")),
    }
}

/// A channel of the page of a request. It is asked for by its number: its own address may have a key, which the process does not
/// print, and only the server of the page may be on a private network.
fn found_channel(fields: &Map<String, Value>, request: &SubscribeRequest) -> Option<FoundChannel> {
    let text = |name| text_of(fields, name);
    let number = fields.get("number")?.as_u64().and_then(|number| u16::try_from(number).ok());
    let request = SubscribeRequest { channel: Some(number.filter(|number| *number > 0)?), ..request.clone() };
    let is = |name: &str| fields.get(name) == Some(&Value::Bool(true));
    let title = match (is("subscribed"), is("comments")) {
        (true, _) => clean::plain_line(&format!("{} (subscribed)", text("title"))),
        (_, true) => clean::plain_line(&format!("{} (comments)", text("title"))),
        _ => text("title"),
    };
    Some(FoundChannel { request, address: text("address"), title })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    fn request() -> SubscribeRequest {
        SubscribeRequest::of(" https://me:word@e.org/?key=secret ")
    }

    fn ended(script: &str) -> SubscribeEnd {
        let program = ["/bin/sh", "-c", script].map(str::to_owned);
        let job = subscribe(&program, request());
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
        let channel = |number, address: &'static str, title: &'static str| {
            let request = SubscribeRequest { channel: Some(number), ..request() };
            FoundChannel { request, address: address.into(), title: title.into() }
        };
        let choice = vec![channel(1, "https://e.org/a", "A"), channel(3, "https://e.org/b", "B (comments)")];
        let permitted = SubscribeRequest { is_private: true, ..request() };
        for (script, end) in [
            (
                r#"echo '{"result":"subscribed","title":"Tide \u001b[2JNews","new":30,"read":10}'"#,
                SubscribeEnd::Subscribed { title: "Tide News".into(), new: 30, read: 10 },
            ),
            (
                r#"echo '{"result":"already","address":"https://e.org"}'; exit 1"#,
                SubscribeEnd::Already("https://e.org".into()),
            ),
            (
                r#"echo '{"result":"choose","channels":[{"number":1,"address":"https://e.org/a","title":"A"},{"title":"x"},3,{"number":0},{"number":99999},{"number":3,"url":null,"title":"B","comments":true,"address":"https://e.org/b"}]}'; exit 1"#,
                SubscribeEnd::Choose(choice),
            ),
            (
                r#"echo '{"result":"failed","problem":"no answer","remedy":"try later"}'; exit 2"#,
                failed("no answer", "try later"),
            ),
            (
                r#"echo '{"result":"failed","private":true,"problem":"it is private"}'; exit 2"#,
                SubscribeEnd::Private("it is private".into(), permitted),
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

    #[test]
    fn options_say_what_the_user_permits_and_chose() {
        let program = ["frontpage".to_owned()];
        for (is_private, channel, options) in [
            (false, None, vec!["-"]),
            (true, None, vec!["--private", "-"]),
            (true, Some(2), vec!["--private", "--channel=2", "-"]),
        ] {
            let job = subscribe(&program, SubscribeRequest { is_private, channel, ..request() });
            let words = [vec!["frontpage", "subscribe", "--format", "json"], options].concat();
            assert!(format!("{job:?}").contains(&format!("command: {words:?}")), "{job:?}");
        }
    }
}
