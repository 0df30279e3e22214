//! The list of `frontpage subscriptions`: subscriptions, accounts and their feeds, for people or as JSON.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::output::{Output, OutputError, print_notice};
use super::subscription_lookup::{KnownSubscriptions, states_folder};
use crate::export::rfc3339;
use crate::feed::{SafeText, clean};
use crate::file_system::RealFileSystem;
use crate::subscriptions::{
    ArticleCounts, FetchRecord, ListedAccount, Stopped, SubscribedArticles, Subscription, without_secrets,
};
use crate::sync;
use crate::sync::accounts;

/// Output formats of `subscriptions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SubscriptionsFormat {
    /// A line for each subscription, and its problem below.
    Table,
    /// One array with everything.
    Json,
}

/// What a row is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Subscription,
    Account,
    Feed,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Subscription => "subscription",
            Kind::Account => "account",
            Kind::Feed => "feed",
        }
    }
}

/// A subscription, an account, or a feed of one, with what is known of it.
struct Row {
    kind: Kind,
    subscription: Subscription,
    line: u32,
    title: SafeText,
    /// The title of its account.
    account: Option<SafeText>,
    /// Its record; a feed has that of its account.
    record: Option<FetchRecord>,
    counts: ArticleCounts,
}

/// Prints what the user follows.
pub fn list(format: SubscriptionsFormat, context: &Context) -> Result<Exit, CliError> {
    let known = KnownSubscriptions::read(context)?;
    for problem in &known.records.problems {
        print_notice(problem.one_line());
    }
    let accounts = &context.user.subscriptions.accounts;
    if known.listed.is_empty() && accounts.is_empty() && format == SubscriptionsFormat::Table {
        print_notice(clean::plain_line("no subscriptions: frontpage subscribe URL adds one"));
        return Ok(Exit::NothingOrProblems);
    }
    let mut rows: Vec<Row> = known
        .listed
        .iter()
        .map(|listed| Row {
            kind: Kind::Subscription,
            subscription: listed.subscription.clone(),
            line: listed.at.0,
            title: known.title(&listed.subscription),
            account: None,
            record: known.record(listed.key).cloned(),
            counts: ArticleCounts::default(),
        })
        .collect();
    rows.extend(accounts.iter().flat_map(|listed| rows_of(listed, &known, context)));
    // Without articles, the built-in feed would be counted.
    if !rows.is_empty() {
        let loaded = context.load_quietly(false)?;
        let articles = SubscribedArticles::of(&loaded.feed);
        let marks = context.search_context(&loaded.feed).marks;
        for row in &mut rows {
            row.counts = articles.counts(row.subscription.key(), &loaded.feed, &marks);
        }
        sum_accounts(&mut rows);
    }
    let mut out = Output::new();
    let printed = match format {
        SubscriptionsFormat::Json => out.json(&Value::Array(rows.iter().map(Row::json).collect())),
        SubscriptionsFormat::Table => table(&rows, context, &mut out),
    };
    // What was read all the same is shown, and is not a failure.
    let has_problem = rows.iter().any(|row| row.problem().is_some() && !row.is_harmless());
    let exit = if has_problem || rows.is_empty() { Exit::NothingOrProblems } else { Exit::Success };
    exit_after(printed.and_then(|()| out.finish()), exit)
}

/// The row of an account, and those of its feeds.
fn rows_of(listed: &ListedAccount, known: &KnownSubscriptions, context: &Context) -> Vec<Row> {
    let ListedAccount { account, at: (line, _) } = listed;
    let states = states_folder(context).unwrap_or_default();
    let record = known.record(account.key());
    let title = account.title();
    let row = |kind, subscription: Subscription, name: SafeText| Row {
        kind,
        subscription,
        line: *line,
        title: name,
        account: Some(title.clone()),
        record: record.cloned(),
        counts: ArticleCounts::default(),
    };
    let feeds = accounts::shown_feeds(account, &context.user.subscriptions, &states, &RealFileSystem);
    let feeds = feeds.into_iter().map(|feed| {
        let name = sync::title(&feed, &FetchRecord::default());
        row(Kind::Feed, Subscription { is_paused: account.server.is_paused, ..feed }, name)
    });
    std::iter::once(row(Kind::Account, account.server.clone(), title.clone())).chain(feeds).collect()
}

/// Gives each account the articles of its feeds, which follow it.
fn sum_accounts(rows: &mut [Row]) {
    let mut sum = ArticleCounts::default();
    for row in rows.iter_mut().rev() {
        match row.kind {
            Kind::Subscription => {}
            Kind::Feed => {
                sum.articles = sum.articles.saturating_add(row.counts.articles);
                sum.unread = sum.unread.saturating_add(row.counts.unread);
            }
            Kind::Account => row.counts = std::mem::take(&mut sum),
        }
    }
}

impl Row {
    /// What is wrong, and what the user can do. What is wrong with a feed is wrong with its account.
    fn problem(&self) -> Option<(SafeText, SafeText)> {
        let problem = self.record.as_ref().filter(|_| self.kind != Kind::Feed)?.problem.as_ref()?;
        Some((clean::plain_line(&problem.what), clean::plain_line(&problem.remedy)))
    }

    /// True if articles came, and there is nothing that the user must do.
    fn is_harmless(&self) -> bool {
        self.record.as_ref().is_some_and(FetchRecord::is_problem_harmless)
    }

    fn state(&self) -> &'static str {
        let record = self.record.as_ref();
        match record.and_then(|record| record.stopped) {
            _ if self.subscription.is_paused => "paused",
            Some(Stopped::Gone) => "gone",
            Some(Stopped::Unauthorised) => "unauthorised",
            None if record.is_none_or(|record| record.requested.is_none()) => "never fetched",
            None if record.is_some_and(|record| record.failing_since.is_some()) => "failing",
            None => "ok",
        }
    }

    fn json(&self) -> Value {
        let Row { subscription, .. } = self;
        let record = self.record.as_ref();
        // A feed of an account is not fetched by itself.
        let own = record.filter(|_| self.kind != Kind::Feed);
        let time = |time: fn(&FetchRecord) -> Option<DateTime<Utc>>| record.and_then(time).map(rfc3339);
        let topics: Vec<&str> = subscription.topics.iter().map(SafeText::as_str).collect();
        json!({
            "kind": self.kind.word(),
            "key": subscription.key().to_string(),
            "account": self.account.as_ref().map(SafeText::as_str),
            "feed": without_secrets(subscription.address.untrusted()).as_str(),
            "title": self.title.as_str(),
            "site": own.and_then(|record| record.site.as_deref()).map(|site| without_secrets(site).to_string()),
            "folder": subscription.folder_name(),
            "topics": topics,
            "line": self.line,
            "articles": self.counts.articles,
            "unread": self.counts.unread,
            "new": own.map_or(0, |record| record.new),
            "left_out": own.map_or(0, |record| record.left_out),
            "last": time(|record| record.succeeded),
            "requested": time(|record| record.requested),
            "next": time(|record| record.next),
            "state": self.state(),
            "marks_waiting": own.map_or(0, |record| record.unsent),
            "status": record.and_then(|record| record.status),
            "paused": subscription.is_paused,
            "private": subscription.access.is_private,
            "moved_to": own.and_then(|record| record.moved.as_ref())
                .map(|moved| without_secrets(&moved.to).to_string()),
            "problem": self.problem()
                .map(|(what, remedy)| json!({ "what": what.as_str(), "remedy": remedy.as_str() })),
        })
    }
}

fn table(rows: &[Row], context: &Context, out: &mut Output) -> Result<(), OutputError> {
    let ago = |time: Option<DateTime<Utc>>| match time {
        Some(time) => distance(context.now.signed_duration_since(time)),
        None => "never".to_owned(),
    };
    out.heading(clean::text("   new  unread  articles  last      next      title"))?;
    for row in rows {
        let record = row.record.as_ref();
        let next = match record.and_then(|record| record.next) {
            _ if row.state() != "ok" && row.state() != "failing" && record.is_some() => row.state().to_owned(),
            Some(next) if next <= context.now => "due".to_owned(),
            Some(next) => format!("in {}", distance(next.signed_duration_since(context.now))),
            None => if row.subscription.is_paused { "paused" } else { "due" }.to_owned(),
        };
        let last = ago(record.and_then(|record| record.succeeded));
        let new = record.filter(|_| row.kind != Kind::Feed).map_or(0, |record| record.new);
        let indent = if row.kind == Kind::Feed { "  " } else { "" };
        let line = format!(
            "{new:>6}  {:>6}  {:>8}  {last:<8}  {next:<8}  {indent}{}",
            row.counts.unread, row.counts.articles, row.title
        );
        out.line(clean::text(&line))?;
        if let Some((what, remedy)) = row.problem() {
            let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
            out.line(clean::text(&format!("        {what}{remedy}")))?;
        }
    }
    Ok(())
}

/// A span of time in its largest unit: `3 h`.
pub fn distance(span: chrono::TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
}
