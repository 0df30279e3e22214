//! The subscriptions that articles are from, as OPML without secrets.

use std::collections::HashSet;

use super::context::Context;
use super::error::CliError;
use super::output::print_notice;
use super::subscription_lookup::KnownSubscriptions;
use super::subscriptions::has_secret;
use crate::feed::{SafeText, clean};
use crate::query::SearchContext;
use crate::subscriptions::{Subscription, SubscriptionKey, opml, subscribed};

/// The document. Subscriptions with a password or a query in their address are left out and counted: the list may be shared.
pub fn document(found: &[usize], search_context: &SearchContext, context: &Context) -> Result<SafeText, CliError> {
    let KnownSubscriptions { listed, records } = KnownSubscriptions::read(context)?;
    let keys: Vec<Option<SubscriptionKey>> =
        found.iter().map(|index| subscribed(&search_context.feed, *index).map(|(key, _)| key)).collect();
    let known: HashSet<SubscriptionKey> = listed.iter().map(|listed| listed.key).collect();
    let others = keys.iter().filter(|key| key.is_none_or(|key| !known.contains(&key))).count();
    let keys: HashSet<SubscriptionKey> = keys.into_iter().flatten().collect();
    let of_found = listed.iter().filter(|listed| keys.contains(&listed.key)).map(|listed| &listed.subscription);
    let (secret, shown): (Vec<Subscription>, Vec<Subscription>) =
        of_found.cloned().partition(|subscription| has_secret(&subscription.address));
    if others > 0 {
        let s = if others == 1 { " is" } else { "s are" };
        print_notice(clean::plain_line(&format!("{others} article{s} of no subscription")));
    }
    if !secret.is_empty() {
        let s = if secret.len() == 1 { " is" } else { "s are" };
        print_notice(clean::plain_line(&format!(
            "{} subscription{s} left out: the address contains a password or a query, which may be secret; \
             frontpage subscriptions export writes all",
            secret.len()
        )));
    }
    // The addresses are escaped for XML, and titles are cleaned.
    Ok(clean::text(&opml::write(&shown, &records.records, context.now)))
}
