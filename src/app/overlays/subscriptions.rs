//! The list of subscriptions: how each does, its articles, and what is wrong with it.

use std::collections::{HashMap, HashSet};

use super::behaviour::{ConfirmedRequest, Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::NO_MATCH;
use crate::app::action::Action;
use crate::app::effect::{Effect, SubscriptionEffect};
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::subscription_row::{RowKind, SubscriptionRow};
use crate::app::subscriptions::Subscriptions;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;
use crate::feed::clean;
use crate::jobs::channel_counts::{ChannelArticles, ChannelCounts};
use crate::jobs::subscription_groups::ListedAddresses;
use crate::jobs::{Answer, Job, JobId, channel_counts};
use crate::query::{SearchContext, fold};
use crate::subscriptions::SubscriptionKey;

/// With more feeds than this, those of an account are folded at first.
const MANY_FEEDS: usize = 24;

/// The list of subscriptions.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The typed text that narrows the list.
    pub input: TextInput,
    /// Whether keys type text.
    pub is_typing: bool,
    /// Whether the problem of the selected subscription is shown in place of the list.
    pub shows_problem: bool,
    /// The accounts whose feeds the user has folded or unfolded.
    folds: HashMap<SubscriptionKey, bool>,
    /// The keys of the rows that the cursor refers to.
    keys: Vec<SubscriptionKey>,
    /// The accounts, each with whether its feeds are left out.
    accounts: HashMap<SubscriptionKey, bool>,
    /// The subscriptions and accounts with a problem.
    with_problem: HashSet<SubscriptionKey>,
    /// All subscriptions, for counting.
    listed: ListedAddresses,
    job: Option<JobId>,
    counts: Option<ChannelCounts>,
}

impl SubscriptionList {
    /// The list, without counts yet.
    pub fn open(session: &SessionParts) -> SubscriptionList {
        let mut list = SubscriptionList::default();
        list.follow(session.subscriptions);
        list
    }

    /// The list, with the problem of a subscription in its place.
    pub fn open_problem(key: SubscriptionKey, session: &SessionParts) -> SubscriptionList {
        let mut list = SubscriptionList::open(session);
        if let Some(at) = list.keys.iter().position(|known| *known == key) {
            (list.cursor, list.shows_problem) = (OverlayCursor::on(at), true);
        }
        list
    }

    /// The subscriptions with every typed word in their title or address; without words, those of folded accounts are left out.
    pub fn rows<'a>(&self, subscriptions: &'a Subscriptions) -> Vec<SubscriptionRow<'a>> {
        let words = TypedWords::of(&self.input);
        let is_folded = |row: &SubscriptionRow| match row.kind {
            RowKind::Feed(account) => self.is_folded(account.key(), subscriptions),
            RowKind::Subscription | RowKind::Account(_) => false,
        };
        let matches = |row: &SubscriptionRow| {
            let text = || fold(&format!("{} {} {}", row.title(), row.address(), row.health().word()));
            if words.is_empty() { !is_folded(row) } else { words.are_in(&text()) }
        };
        subscriptions.rows().filter(matches).collect()
    }

    /// Whether the feeds of an account are left out. Many are at first.
    pub fn is_folded(&self, account: SubscriptionKey, subscriptions: &Subscriptions) -> bool {
        let is_long = || subscriptions.feeds(account).len() > MANY_FEEDS;
        self.folds.get(&account).copied().unwrap_or_else(is_long)
    }

    /// The selected subscription.
    pub fn selected<'a>(&self, subscriptions: &'a Subscriptions) -> Option<SubscriptionRow<'a>> {
        self.rows(subscriptions).into_iter().nth(self.cursor.at)
    }

    /// The articles of a subscription, or of all feeds of an account; `None` until they are counted.
    pub fn articles(&self, row: &SubscriptionRow, subscriptions: &Subscriptions) -> Option<ChannelArticles> {
        let counts = self.counts.as_ref()?;
        if row.has_articles() {
            return Some(counts.get(&row.key).cloned().unwrap_or_default());
        }
        let feeds = subscriptions.feeds(row.key).iter().filter_map(|feed| counts.get(&feed.key()));
        let sum = feeds.fold(ChannelArticles::default(), |sum, feed| ChannelArticles {
            unread: sum.unread.saturating_add(feed.unread),
            all: sum.all.saturating_add(feed.all),
            ..sum
        });
        Some(sum)
    }

    /// Keeps the selection on its subscription after the rows have changed.
    pub fn follow(&mut self, subscriptions: &Subscriptions) {
        let now: Vec<SubscriptionKey> = self.rows(subscriptions).iter().map(|row| row.key).collect();
        let same = self.keys.get(self.cursor.at).and_then(|key| now.iter().position(|other| other == key));
        let at = same.unwrap_or(self.cursor.at).min(now.len().saturating_sub(1));
        if at != self.cursor.at {
            self.cursor = OverlayCursor::on(at);
        }
        // The problem of another subscription must not appear in its place.
        self.shows_problem &= same.is_some();
        (self.keys, self.listed) = (now, subscriptions.addresses());
        let accounts = subscriptions.rows().filter(|row| !row.has_articles());
        self.accounts = accounts.map(|row| (row.key, self.is_folded(row.key, subscriptions))).collect();
        let with_problem = subscriptions.rows().filter(|row| row.problem().is_some());
        self.with_problem = with_problem.map(|row| row.key).collect();
    }

    fn narrowed(&mut self, session: &SessionParts) -> Outcome {
        self.follow(session.subscriptions);
        Outcome::stay()
    }

    fn act_on_selected(&mut self, action: Action, session: &SessionParts) -> Outcome {
        let Some(row) = self.selected(session.subscriptions) else {
            return match action {
                Action::Open | Action::Edit | Action::Unsubscribe | Action::SubscriptionProblem => Outcome::stay(),
                _ => Outcome::Ignored,
            };
        };
        match action {
            Action::Open if self.shows_problem => match row.suggested_move() {
                Some(to) => {
                    Outcome::Stay(vec![OverlayRequest::Perform(SubscriptionEffect::Move { key: row.key, to }.into())])
                }
                None => Outcome::stay(),
            },
            Action::Open if !row.has_articles() => {
                let is_folded = self.is_folded(row.key, session.subscriptions);
                self.folds.insert(row.key, !is_folded);
                self.narrowed(session)
            }
            Action::Open => {
                let articles = self.articles(&row, session.subscriptions).unwrap_or_default();
                let query = session.subscriptions.query(&row, articles.addresses);
                Outcome::Close(vec![OverlayRequest::SetQuery(query), OverlayRequest::FocusList])
            }
            Action::Edit => {
                let effect: Effect = SubscriptionEffect::EditLine(row.line).into();
                Outcome::Stay(vec![OverlayRequest::Perform(effect)])
            }
            Action::Unsubscribe => Outcome::Stay(vec![unsubscribe(&row)]),
            Action::SubscriptionProblem if self.shows_problem => {
                self.shows_problem = false;
                Outcome::stay()
            }
            Action::SubscriptionProblem if !row.has_details() => {
                Outcome::Stay(vec![OverlayRequest::Say("No problem with this subscription")])
            }
            Action::SubscriptionProblem => {
                self.shows_problem = true;
                Outcome::stay()
            }
            _ => Outcome::Ignored,
        }
    }
}

/// Asks whether to end following; an account is removed by a command, which also forgets its token.
fn unsubscribe(row: &SubscriptionRow) -> OverlayRequest {
    let (question, then) = match row.kind {
        RowKind::Subscription => (
            format!("Unsubscribe from {}? Its articles stay. y/n", row.title()),
            ConfirmedRequest::Unsubscribe(row.key),
        ),
        RowKind::Feed(account) => {
            let question =
                format!("End following {} at {}? Its articles stay. y/n", row.title(), account.short_title());
            (question, ConfirmedRequest::Unfollow { account: account.key(), feed: row.key })
        }
        RowKind::Account(account) => {
            let words = format!("`frontpage account remove {}` removes an account; its articles stay", account.host());
            return OverlayRequest::Fail(clean::plain_line(&words));
        }
    };
    OverlayRequest::Ask(clean::plain_line(&question), then)
}

impl OverlayBehaviour for SubscriptionList {
    fn context(&self) -> Context {
        if self.is_typing { Context::Picker } else { Context::Subscriptions }
    }

    fn selection(&mut self, session: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows(session.subscriptions).len();
        Some((&mut self.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Search => {
                (self.is_typing, self.shows_problem) = (true, false);
                Outcome::stay()
            }
            Action::Type(c) if self.is_typing => {
                self.input.insert(c.encode_utf8(&mut [0; 4]));
                self.narrowed(session)
            }
            Action::EditText(edit) if self.is_typing => {
                self.input.edit(edit);
                self.narrowed(session)
            }
            Action::Open if self.is_typing && self.keys.is_empty() && !self.input.text().is_empty() => {
                Outcome::Stay(vec![OverlayRequest::Say(NO_MATCH)])
            }
            Action::Open if self.is_typing => {
                self.is_typing = false;
                Outcome::stay()
            }
            // Esc takes one thing away at a time: the problem, the typed text, the list.
            Action::Cancel | Action::Back if self.shows_problem => {
                self.shows_problem = false;
                Outcome::stay()
            }
            Action::Cancel if self.is_typing || !self.input.text().is_empty() => {
                (self.is_typing, self.input) = (false, TextInput::default());
                self.narrowed(session)
            }
            action => self.act_on_selected(action, session),
        }
    }

    fn step(&mut self, by: isize, session: &SessionParts) -> Outcome {
        if let Some((cursor, count)) = self.selection(session) {
            cursor.step(by, count);
        }
        self.shows_problem &= self.selected(session.subscriptions).is_some_and(|row| row.has_details());
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, session: &SessionParts) -> Outcome {
        if !self.is_typing {
            return Outcome::stay();
        }
        self.input.insert(text);
        self.narrowed(session)
    }

    fn enter_word(&self) -> Option<&'static str> {
        let folded = self.accounts.get(self.keys.get(self.cursor.at)?).filter(|_| !self.is_typing)?;
        Some(if *folded { "unfold" } else { "fold" })
    }

    fn is_available(&self, action: Action) -> bool {
        if action == Action::SubscriptionProblem && !self.shows_problem {
            return self.keys.get(self.cursor.at).is_some_and(|key| self.with_problem.contains(key));
        }
        !matches!(action, Action::Toggle | Action::SwitchLabels | Action::Complete | Action::SaveSearch)
    }

    fn job(&mut self, search_context: &SearchContext) -> Option<Job> {
        let job = channel_counts::count(search_context.clone(), self.listed.clone());
        self.job = Some(job.id);
        Some(job)
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.job
    }

    fn take_answer(&mut self, answer: Answer) {
        if let Answer::ChannelCounts(counts) = answer {
            self.counts = Some(counts);
        }
    }
}
