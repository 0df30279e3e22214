//! A service with the Fever API.

use super::super::outcome::Failure;
use super::connection::{Connection, refusal, unexpected};
use crate::account::{
    ApiAnswer, ApiDocument, ApiRequest, Labels, Listing, MarkBatch, Marked, Service, ServiceFeed, ServiceId,
    ServiceItems, fever,
};
use crate::feed::Tag;

/// Marks that are acknowledged together: each is a request.
const MARKS_AT_ONCE: usize = 20;

/// A service with the Fever API.
pub struct FeverService<'c, 'a> {
    connection: &'c mut Connection<'a>,
    key: Option<String>,
}

impl<'c, 'a> FeverService<'c, 'a> {
    /// A service.
    pub fn new(connection: &'c mut Connection<'a>) -> FeverService<'c, 'a> {
        FeverService { connection, key: None }
    }

    fn ask(&mut self, document: ApiDocument, make: &dyn Fn(&str) -> ApiRequest) -> Result<ApiAnswer, Failure> {
        if self.key.is_none() {
            let (user, password) = self.connection.login()?;
            self.key = Some(fever::api_key(&user, &password));
        }
        let request = make(self.key.as_deref().unwrap_or_default());
        let reply = self.connection.ask(request, Vec::new())?;
        self.connection.check(&reply)?;
        self.connection.read(document, reply)
    }
}

impl Service for FeverService<'_, '_> {
    type Failure = Failure;

    fn feeds(&mut self) -> Result<Vec<ServiceFeed>, Failure> {
        match self.ask(ApiDocument::FeverFeeds, &fever::feeds)? {
            ApiAnswer::Feeds(feeds) => Ok(feeds),
            _ => Err(unexpected()),
        }
    }

    fn mark(&mut self, batch: &MarkBatch) -> Result<Marked<Failure>, Failure> {
        // There are no labels.
        let Some(value) = fever::mark_value(&batch.field, batch.is_on) else { return Ok(Marked::Done) };
        for id in &batch.ids {
            match self.ask(ApiDocument::FeverChange, &|key| fever::mark(value, id, key)) {
                Ok(ApiAnswer::Changed) => {}
                Ok(_) => return Err(unexpected()),
                Err(failure) => return refusal(failure),
            }
        }
        Ok(Marked::Done)
    }

    fn labels(&mut self) -> Result<Option<Labels>, Failure> {
        Ok(None)
    }

    fn listing(&mut self, _: &[Tag]) -> Result<Listing, Failure> {
        match self.ask(ApiDocument::FeverListing, &fever::listing)? {
            ApiAnswer::Listing(listing) => Ok(listing),
            _ => Err(unexpected()),
        }
    }

    fn items(&mut self, ids: &[ServiceId]) -> Result<ServiceItems, Failure> {
        match self.ask(ApiDocument::FeverItems, &|key| fever::items(ids, key))? {
            ApiAnswer::Items(items) => Ok(*items),
            _ => Err(unexpected()),
        }
    }

    fn items_at_once(&self) -> usize {
        fever::ITEMS_AT_ONCE
    }

    fn marks_at_once(&self) -> usize {
        MARKS_AT_ONCE
    }
}
