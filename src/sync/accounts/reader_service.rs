//! A service with the Google Reader API.

use std::collections::HashSet;

use super::super::outcome::Failure;
use super::connection::{Connection, Reply, denied, refusal, unexpected};
use crate::account::google_reader::{self as api, IdsList};
use crate::account::{
    ApiAnswer, ApiDocument, ApiRequest, FeedChange, Labels, Listing, MarkBatch, Marked, Service, ServiceFeed,
    ServiceId, ServiceItems,
};
use crate::feed::Tag;

/// Parts of a list at most: 200,000 ids.
const MAX_PARTS: usize = 20;

/// A service with the Google Reader API.
pub struct ReaderService<'c, 'a> {
    connection: &'c mut Connection<'a>,
    /// What the service gave for user and password.
    auth: Option<String>,
    /// True if the password was sent in this sync.
    has_logged_in: bool,
    /// What changes need.
    token: Option<String>,
    /// True if articles have labels there, and it lists the articles of each.
    has_labels: bool,
}

impl<'c, 'a> ReaderService<'c, 'a> {
    /// A service; `auth` is what it gave the last time.
    pub fn new(connection: &'c mut Connection<'a>, auth: Option<String>) -> ReaderService<'c, 'a> {
        ReaderService { connection, auth, has_logged_in: false, token: None, has_labels: false }
    }

    /// With labels.
    pub fn with_labels(self, has_labels: bool) -> ReaderService<'c, 'a> {
        ReaderService { has_labels, ..self }
    }

    /// What it gave for user and password.
    pub fn into_token(self) -> Option<String> {
        self.auth
    }

    /// Sends user and password. Happens once in a sync.
    fn log_in(&mut self) -> Result<(), Failure> {
        if self.has_logged_in {
            self.auth = None;
            return Err(denied("the service refuses its own token (401)".to_owned()));
        }
        (self.has_logged_in, self.token) = (true, None);
        let (user, password) = self.connection.login()?;
        let reply = self.connection.ask(api::login(&user, &password), Vec::new())?;
        let status = reply.answer.status;
        if matches!(status, 401 | 403) {
            let what = format!("the service does not accept the user or the password ({status})");
            return Err(denied(what));
        }
        self.connection.check(&reply)?;
        self.auth = api::auth_of(&reply.body);
        match &self.auth {
            Some(_) => Ok(()),
            None => Err(Failure::new(
                "the service gives no token for the user and the password",
                self.connection.address_remedy(),
            )),
        }
    }

    /// Makes a request that `make` builds with the token for changes; with a new one, and after another login, if it is refused.
    fn ask(&mut self, needs_token: bool, make: &dyn Fn(&str) -> ApiRequest) -> Result<Reply, Failure> {
        loop {
            if self.auth.is_none() {
                self.log_in()?;
            }
            let auth = self.auth.clone().unwrap_or_default();
            let headers = || vec![api::authorization(&auth)];
            let is_old_token = self.token.is_some();
            if needs_token && self.token.is_none() {
                let reply = self.connection.ask(api::token(), headers())?;
                if reply.answer.status == 401 {
                    self.log_in()?;
                    continue;
                }
                self.connection.check(&reply)?;
                self.token = Some(api::token_of(&reply.body).ok_or_else(unexpected)?);
            }
            let reply = self.connection.ask(make(self.token.as_deref().unwrap_or_default()), headers())?;
            if reply.answer.status != 401 {
                self.connection.check(&reply)?;
                return Ok(reply);
            }
            // The token for changes lives shorter than the other one.
            match needs_token && is_old_token {
                true => self.token = None,
                false => self.log_in()?,
            }
        }
    }

    fn ids(&mut self, which: &IdsList) -> Result<(HashSet<ServiceId>, bool), Failure> {
        let (mut ids, mut continuation, mut parts) = (HashSet::new(), None::<String>, 0);
        loop {
            let reply = self.ask(false, &|_| api::ids(which, continuation.as_deref()))?;
            let ApiAnswer::Ids(page) = self.connection.read(ApiDocument::ReaderIds, reply)? else {
                return Err(unexpected());
            };
            let before = ids.len();
            let is_empty = page.ids.is_empty();
            ids.extend(page.ids);
            parts += 1;
            match page.continuation {
                None => return Ok((ids, parts > 1)),
                // Some services name a continuation after the last part, too.
                Some(_) if is_empty => return Ok((ids, parts > 1)),
                Some(next) if Some(&next) == continuation.as_ref() || ids.len() == before || parts >= MAX_PARTS => {
                    return Err(Failure::new("the service's list of articles does not end", "try again"));
                }
                next => continuation = next,
            }
        }
    }

    /// Follows a feed, or ends following one.
    pub fn change_feeds(&mut self, change: &FeedChange) -> Result<(), Failure> {
        let reply = self.ask(true, &|token| match change {
            FeedChange::Follow(address) => api::subscribe(address, token),
            FeedChange::Unfollow(feed) => api::unsubscribe(feed, token),
        })?;
        match change {
            FeedChange::Follow(_) if api::is_followed(&reply.body) => Ok(()),
            FeedChange::Follow(_) => Err(Failure::new(
                "the service found no channel at this address",
                "check the address, or follow it at the service",
            )),
            FeedChange::Unfollow(_) if api::is_ok(&reply.body) => Ok(()),
            FeedChange::Unfollow(_) => Err(unexpected()),
        }
    }
}

impl Service for ReaderService<'_, '_> {
    type Failure = Failure;

    fn feeds(&mut self) -> Result<Vec<ServiceFeed>, Failure> {
        let reply = self.ask(false, &|_| api::feeds())?;
        match self.connection.read(ApiDocument::ReaderFeeds, reply)? {
            ApiAnswer::Feeds(feeds) => Ok(feeds),
            _ => Err(unexpected()),
        }
    }

    fn mark(&mut self, batch: &MarkBatch) -> Result<Marked<Failure>, Failure> {
        match self.ask(true, &|token| api::mark(batch, token)) {
            Ok(reply) if api::is_ok(&reply.body) => Ok(Marked::Done),
            Ok(_) => Err(unexpected()),
            Err(failure) => refusal(failure),
        }
    }

    fn labels(&mut self) -> Result<Option<Labels>, Failure> {
        if !self.has_labels {
            return Ok(None);
        }
        let reply = self.ask(false, &|_| api::labels())?;
        match self.connection.read(ApiDocument::ReaderLabels, reply)? {
            ApiAnswer::Labels(names) => Ok(Some(Labels::of(&names))),
            _ => Err(unexpected()),
        }
    }

    fn listing(&mut self, labels: &[Tag]) -> Result<Listing, Failure> {
        let ((unread, has_parts), (starred, has_more)) = (self.ids(&IdsList::Unread)?, self.ids(&IdsList::Starred)?);
        let mut listing = Listing { unread, starred, may_lack_some: has_parts || has_more, ..Listing::default() };
        for tag in labels {
            let (ids, _) = self.ids(&IdsList::Label(tag.clone()))?;
            listing.labels.insert(tag.clone(), ids);
        }
        Ok(listing)
    }

    fn items(&mut self, ids: &[ServiceId]) -> Result<ServiceItems, Failure> {
        let reply = self.ask(true, &|token| api::items(ids, token))?;
        match self.connection.read(ApiDocument::ReaderItems, reply)? {
            ApiAnswer::Items(items) => Ok(*items),
            _ => Err(unexpected()),
        }
    }

    fn items_at_once(&self) -> usize {
        api::ITEMS_AT_ONCE
    }

    fn marks_at_once(&self) -> usize {
        api::MARKS_AT_ONCE
    }
}
