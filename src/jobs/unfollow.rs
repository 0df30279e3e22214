//! Ends following a feed of an account: runs `frontpage account unfollow` as another process.

use super::process_job::{ProcessJob, ProcessOutput};
use super::sync_subscriptions::why_failed;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::SafeText;
use crate::subscriptions::SubscriptionKey;

/// How an attempt to end following a feed has ended: why it failed, if it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfollowEnd(pub Result<(), NotUnfollowed>);

/// A feed is still followed, for this reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotUnfollowed(pub SafeText);

#[derive(Debug)]
struct Unfollow(ProcessJob);

/// A job that ends following a feed at the service of an account. `program` is frontpage, perhaps with options before the command.
pub fn unfollow(program: &[String], account: SubscriptionKey, feed: SubscriptionKey) -> Job {
    let words = ["account".to_owned(), "unfollow".to_owned(), account.to_string(), feed.to_string()];
    Job::new(Unfollow(ProcessJob::new(program.iter().cloned().chain(words))))
}

impl Task for Unfollow {
    fn kind(&self) -> JobKind {
        JobKind::Unfollow
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let ended = match self.0.run_to_end(monitor) {
            Ok((_, ProcessOutput { code: Some(0), .. })) => Ok(()),
            Ok((_, output)) => Err(NotUnfollowed(why_failed("account unfollow", &output))),
            Err(JobError::Failed(why)) => Err(NotUnfollowed(why)),
            Err(JobError::Cancelled) => return Err(JobError::Cancelled),
        };
        Ok(Answer::Unfollow(UnfollowEnd(ended)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{UntrustedText, clean};
    use crate::jobs::JobStatus;

    #[test]
    fn the_feed_is_named_by_its_key_and_a_failure_says_why() {
        let key = |text| SubscriptionKey::of_address(&UntrustedText::new(text));
        let (account, feed) = (key("account"), key("feed"));
        for (script, end) in [
            (format!("[ \"$*\" = 'account unfollow {account} {feed}' ]"), Ok(())),
            (
                "echo 'frontpage: it \u{1b}[2J refuses' >&2; exit 2".to_owned(),
                Err(NotUnfollowed(clean::plain_line("it refuses"))),
            ),
        ] {
            let program = ["/bin/sh", "-c", &script, "frontpage"].map(str::to_owned);
            match unfollow(&program, account, feed).run_now().status {
                JobStatus::Answer(Answer::Unfollow(UnfollowEnd(ended))) => assert_eq!(ended, end, "{script}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
