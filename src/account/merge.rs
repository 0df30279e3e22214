//! Makes the marks of an account and those of this device equal.
//!
//! The rules:
//!
//! * A change of the user that the service has not acknowledged wins over the service, also if it leads back to the mark that was there.
//! * A change at the service is a difference between its list and the [`Shadow`], never between its list and the marks here. It becomes
//!   a mark with a stamp of the account: a device number of its own. Other devices with the same account therefore know where it came
//!   from, and do not send it back.
//! * An article that is missing in a list has changed only if the service still has it, and its feed. Else it was removed there, which
//!   says nothing about the user.
//! * An article that the service has several times has one mark here: a change of one of them is sent to the others.
//! * From an incomplete list, and from an answer that is an error, nothing follows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::labels::Labels;
use super::outbox::{fields, fields_of, outbox, unsent, value};
use super::service::{Field, ItemState, Listing, MarkBatch, Marked, Service, ServiceFeed, ServiceItems};
use super::service_id::ServiceId;
use super::shadow::{Shadow, ShadowItem};
use crate::feed::{ArticleId, DeviceId, Marks, Stamp, Tag};

/// New articles of a sync at most; the rest comes with the next ones.
const MAX_NEW: usize = 2_000;
/// Articles that are missing in a list and are looked at one by one in a sync, at most.
const MAX_CHECKED: usize = 2_000;
/// Marks that a service refuses in a sync at most; with more, it is not the articles.
const MAX_REFUSED: usize = 20;
/// Batches of marks of a sync at most, see [`Service::marks_at_once`]; the rest is sent with the next ones.
const MAX_BATCHES: usize = 100;

/// The articles and marks of this device.
pub trait Library {
    /// Why something could not be written.
    type Failure;

    /// The marks as they are on disk now, without the results of rules.
    fn marks(&mut self) -> Marks;

    /// Keeps the feeds of the account: they are shown as subscriptions.
    fn follow(&mut self, feeds: &[ServiceFeed]) -> Result<(), Self::Failure>;

    /// Writes new articles, and returns those that are here now.
    fn add(&mut self, feeds: &[ServiceFeed], items: ServiceItems) -> Result<Vec<AddedArticle>, Self::Failure>;

    /// A stamp of the account that is later than all marks on disk now.
    fn stamp(&mut self) -> Stamp;

    /// Sets a mark of articles, and waits until it is on disk.
    fn set_marks(
        &mut self,
        stamp: Stamp,
        field: Field,
        is_on: bool,
        articles: Vec<ArticleId>,
    ) -> Result<(), Self::Failure>;

    /// Saves the articles that changed, and waits until they are on disk.
    fn save(&mut self, shadow: &mut Shadow) -> Result<(), Self::Failure>;
}

/// An article of the service that is here now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedArticle {
    /// Its id at the service.
    pub id: ServiceId,
    /// Its article here. Several ids may have one.
    pub article: ArticleId,
    /// True if it was not here before.
    pub is_new: bool,
}

/// Why a sync of an account ended early. What was done before stays done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interruption<S, L> {
    /// The service did not answer as wanted.
    Service(S),
    /// Something could not be written here.
    Library(L),
}

/// What a sync of an account did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountReport {
    /// Articles that are new here.
    pub new: usize,
    /// Articles that the next sync brings.
    pub waiting: usize,
    /// Marks that were sent.
    pub sent: usize,
    /// Marks that came from the service.
    pub received: usize,
    /// Articles that the service has removed.
    pub gone: usize,
    /// Articles that are missing in the list, and that the next sync looks at.
    pub unchecked: usize,
}

/// A sync of an account.
struct Merge<'a, S, L> {
    service: &'a mut S,
    library: &'a mut L,
    shadow: &'a mut Shadow,
    /// The device number of the account.
    device: DeviceId,
    report: AccountReport,
    /// Batches of marks that this sync may still send.
    batches_left: usize,
    /// Marks that the service has refused in this sync.
    refused_now: usize,
}

/// A mark that is to be sent.
struct Unsent {
    id: ServiceId,
    field: Field,
    is_on: bool,
    /// The change that is acknowledged by it.
    stamp: Stamp,
}

/// The articles whose mark is to be set, by the mark and its value.
type Changes = BTreeMap<(Field, bool), Vec<ArticleId>>;

/// What a step of a sync gives.
type Merged<T, S, L> = Result<T, Interruption<<S as Service>::Failure, <L as Library>::Failure>>;

/// Sends the marks of this device, takes those of the service, and writes its new articles. `device` is the number that the stamps
/// of the account have.
pub fn merge<S: Service, L: Library>(
    service: &mut S,
    library: &mut L,
    shadow: &mut Shadow,
    device: DeviceId,
) -> Merged<AccountReport, S, L> {
    let feeds = service.feeds().map_err(Interruption::Service)?;
    library.follow(&feeds).map_err(Interruption::Library)?;
    let mut merge = Merge::new(service, library, shadow, device);
    merge.recall();
    let labels = merge.service.labels().map_err(Interruption::Service)?;
    merge.shadow.set_labels(labels);
    // Before the list is read, so that it has them.
    merge.send()?;
    // Before the service is asked for its marks: what the user changes from then on is later, and what was sent before is earlier.
    let stamp = merge.library.stamp();
    let labels = merge.shadow.labels().map(Labels::tags).unwrap_or_default();
    let listing = merge.service.listing(&labels).map_err(Interruption::Service)?;
    merge.add_new(&feeds, &listing)?;
    let checked = merge.check_missing(&feeds, &listing)?;
    merge.receive(&listing, &checked, stamp)?;
    merge.settle_repeated(&fields_of(&listing), stamp)?;
    // New articles may have marks here already.
    merge.send()?;
    Ok(merge.report)
}

/// Sends the marks of this device, and does nothing else: as a [`merge`] that ends before it asks for the list.
pub fn send<S: Service, L: Library>(
    service: &mut S,
    library: &mut L,
    shadow: &mut Shadow,
    device: DeviceId,
) -> Merged<AccountReport, S, L> {
    let mut merge = Merge::new(service, library, shadow, device);
    merge.recall();
    merge.send()?;
    Ok(merge.report)
}

impl<'a, S: Service, L: Library> Merge<'a, S, L> {
    fn new(service: &'a mut S, library: &'a mut L, shadow: &'a mut Shadow, device: DeviceId) -> Merge<'a, S, L> {
        let report = AccountReport::default();
        Merge { service, library, shadow, device, report, batches_left: MAX_BATCHES, refused_now: 0 }
    }

    /// Notes what marks with a stamp of the account say of the service: the program may have been killed after it set them and before it
    /// noted that, and another device with this account may have asked later. Of an article that the service has several times, they do
    /// not tell which it was.
    fn recall(&mut self) {
        let marks = self.library.marks();
        let repeated: HashSet<ArticleId> = self.shadow.repeated().into_keys().collect();
        let mut seen: Vec<(ServiceId, Field, bool)> = Vec::new();
        for (id, item) in self.shadow.items().filter(|(_, item)| !repeated.contains(&item.article)) {
            for field in fields(self.shadow, item, &marks) {
                let is_on = value(&marks, item.article, &field);
                if item.value(&field) != is_on && marks.stamp(item.article, &field.mark()).device() == self.device {
                    seen.push((id.clone(), field, is_on));
                }
            }
        }
        for (id, field, is_on) in seen {
            self.shadow.change(&id, |item| item.set(&field, is_on));
        }
    }

    /// Sends what was not sent.
    fn send(&mut self) -> Merged<(), S, L> {
        let marks = self.library.marks();
        let outbox = outbox(self.shadow, &marks, self.device);
        let changes = outbox.map(|(id, field, is_on, stamp)| Unsent { id: id.clone(), field, is_on, stamp }).collect();
        self.send_changes(changes)
    }

    fn send_changes(&mut self, changes: Vec<Unsent>) -> Merged<(), S, L> {
        let mut batches: BTreeMap<(Field, bool), Vec<(ServiceId, Stamp)>> = BTreeMap::new();
        for Unsent { id, field, is_on, stamp } in changes {
            batches.entry((field, is_on)).or_default().push((id, stamp));
        }
        let at_once = self.service.marks_at_once().max(1);
        for ((field, is_on), mut changes) in batches {
            changes.sort();
            changes.truncate(self.batches_left.saturating_mul(at_once));
            let mut parts: Vec<&[(ServiceId, Stamp)]> = changes.chunks(at_once).collect();
            self.batches_left = self.batches_left.saturating_sub(parts.len());
            parts.reverse();
            while let Some(part) = parts.pop() {
                let ids = part.iter().map(|(id, _)| id.clone()).collect();
                let marked = self
                    .service
                    .mark(&MarkBatch { field: field.clone(), is_on, ids })
                    .map_err(Interruption::Service)?;
                match (marked, part) {
                    (Marked::Done, _) => self.acknowledge(&field, is_on, part),
                    (Marked::Refused(failure), [one]) => self.note_refusal(&field, one, failure)?,
                    (Marked::Refused(_), _) => {
                        // One of them is to blame, and the others are wanted.
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([second, first]);
                    }
                }
                self.save()?;
            }
        }
        self.save()
    }

    /// Notes that the service has set marks.
    fn acknowledge(&mut self, field: &Field, is_on: bool, changes: &[(ServiceId, Stamp)]) {
        for (id, stamp) in changes {
            self.shadow.change(id, |item| {
                item.set(field, is_on);
                item.set_sent(field, *stamp);
                item.set_refused(field, false);
            });
        }
        self.report.sent = self.report.sent.saturating_add(changes.len());
    }

    /// Notes that the service refuses the mark of an article: it is sent again when the user changes it.
    fn note_refusal(
        &mut self,
        field: &Field,
        (id, stamp): &(ServiceId, Stamp),
        failure: S::Failure,
    ) -> Merged<(), S, L> {
        self.refused_now = self.refused_now.saturating_add(1);
        // Then it is not the articles.
        if self.refused_now > MAX_REFUSED {
            return Err(Interruption::Service(failure));
        }
        self.shadow.change(id, |item| {
            item.set_sent(field, *stamp);
            item.set_refused(field, true);
        });
        Ok(())
    }

    /// True for a mark of the user that the service refuses: it stays as it is here.
    fn is_kept(&self, item: &ShadowItem, field: &Field, marks: &Marks) -> bool {
        let stamp = marks.stamp(item.article, &field.mark());
        item.refuses(field) && stamp != Stamp::NEVER && stamp.device() != self.device
    }

    /// Makes the marks of articles equal that the service has several times. Where they differ there, the mark here wins: it is the last
    /// change that came. Where they agree and the mark here came from the service, the service has changed it since.
    fn settle_repeated(&mut self, fields: &[Field], stamp: Stamp) -> Merged<(), S, L> {
        let marks = self.library.marks();
        let (mut to_send, mut changes) = (Vec::new(), Changes::new());
        for (article, ids) in self.shadow.repeated() {
            for field in fields {
                let of_user = marks.stamp(article, &field.mark());
                if of_user != Stamp::NEVER && of_user.device() != self.device {
                    continue;
                }
                let here = value(&marks, article, field);
                let items = ids.iter().filter_map(|id| Some((id, self.shadow.get(id)?)));
                let (other, equal): (Vec<_>, Vec<_>) = items
                    .filter(|(_, item)| !item.is_gone && !item.refuses(field))
                    .partition(|(_, item)| item.value(field) != here);
                if equal.is_empty() && !other.is_empty() {
                    changes.entry((field.clone(), !here)).or_default().push(article);
                    continue;
                }
                let unsent = |(id, item): (&ServiceId, &ShadowItem)| Unsent {
                    id: id.clone(),
                    field: field.clone(),
                    is_on: here,
                    stamp: item.sent(field),
                };
                to_send.extend(other.into_iter().map(unsent));
            }
        }
        self.set_marks(changes, stamp)?;
        self.send_changes(to_send)
    }

    /// Sets marks with the stamp of this sync.
    fn set_marks(&mut self, changes: Changes, stamp: Stamp) -> Merged<(), S, L> {
        for ((field, is_on), mut articles) in changes {
            articles.sort();
            articles.dedup();
            self.report.received = self.report.received.saturating_add(articles.len());
            self.library.set_marks(stamp, field, is_on, articles).map_err(Interruption::Library)?;
        }
        Ok(())
    }

    fn save(&mut self) -> Merged<(), S, L> {
        self.library.save(self.shadow).map_err(Interruption::Library)
    }

    /// Brings articles that are not known here, the newest first.
    fn add_new(&mut self, feeds: &[ServiceFeed], listing: &Listing) -> Merged<(), S, L> {
        // Those that were being written when the program was killed may be read at the service by now.
        let listed = listing.unread.iter().chain(&listing.starred).chain(self.shadow.adding());
        let unknown: HashSet<ServiceId> = listed.filter(|id| self.shadow.get(id).is_none()).cloned().collect();
        let mut unknown: Vec<ServiceId> = unknown.into_iter().collect();
        unknown.sort_by(|a, b| (b.number(), b).cmp(&(a.number(), a)));
        self.report.waiting = unknown.len().saturating_sub(MAX_NEW);
        unknown.truncate(MAX_NEW);
        for part in unknown.chunks(self.service.items_at_once().max(1)) {
            let items = self.service.items(part).map_err(Interruption::Service)?;
            let left = self.shadow.adding().iter().filter(|id| !part.contains(id) && self.shadow.get(id).is_none());
            let left: Vec<ServiceId> = left.cloned().collect();
            self.shadow.set_adding(left.iter().chain(part).cloned().collect());
            self.save()?;
            let of_feeds: HashMap<ServiceId, String> =
                items.states.iter().map(|state| (state.id.clone(), state.feed.clone())).collect();
            for AddedArticle { id, article, is_new } in self.library.add(feeds, items).map_err(Interruption::Library)? {
                let feed = of_feeds.get(&id).map(String::as_str).unwrap_or_default();
                self.shadow.set(&id, ShadowItem::new(article, feed));
                self.report.new = self.report.new.saturating_add(usize::from(is_new));
            }
            self.shadow.set_adding(left);
            self.save()?;
        }
        Ok(())
    }

    /// Asks for articles that were unread or starred and are not in the list: they were read or unstarred, or the service removed
    /// them. Returns the marks of those that the service still has, and `None` for the others.
    fn check_missing(&mut self, feeds: &[ServiceFeed], listing: &Listing) -> Merged<Checked, S, L> {
        let followed: HashSet<&str> = feeds.iter().map(|feed| feed.id.as_str()).collect();
        // A feed that is no longer followed takes its articles from the list.
        let missing = self.shadow.items().filter(|(id, item)| {
            !item.is_gone && followed.contains(item.feed.as_str()) && is_missing(id, item, listing)
        });
        let mut missing: Vec<ServiceId> = missing.map(|(id, _)| id.clone()).collect();
        missing.sort();
        let at_once = self.service.items_at_once().max(1);
        self.report.unchecked = missing.len().saturating_sub(MAX_CHECKED);
        missing.truncate(MAX_CHECKED);
        let mut found = Checked::new();
        for part in missing.chunks(at_once) {
            let states = self.service.items(part).map_err(Interruption::Service)?.states;
            let asked: HashSet<&ServiceId> = part.iter().collect();
            let answered = states.into_iter().filter(|state| asked.contains(&state.id));
            found.extend(answered.map(|state| (state.id.clone(), Some(Values::of_state(&state)))));
            for id in part {
                if found.contains_key(id) {
                    continue;
                }
                found.insert(id.clone(), None);
                self.report.gone = self.report.gone.saturating_add(1);
                self.shadow.change(id, |item| item.is_gone = true);
            }
        }
        Ok(found)
    }

    /// Takes over what changed at the service, as marks with this stamp.
    fn receive(&mut self, listing: &Listing, checked: &Checked, stamp: Stamp) -> Merged<(), S, L> {
        let marks = self.library.marks();
        let mut changes = Changes::new();
        let mut seen: Vec<(ServiceId, Values)> = Vec::new();
        let fields = fields_of(listing);
        for (id, item) in self.shadow.items() {
            let (is_unread, is_starred) = (listing.unread.contains(id), listing.starred.contains(id));
            let values = match checked.get(id) {
                Some(Some(values)) => values.clone(),
                // The service was asked for it after the list, which may have it still.
                Some(None) => continue,
                None if item.is_gone && !is_unread && !is_starred => continue,
                None if !item.is_gone && is_missing(id, item, listing) => continue,
                None => Values::of_list(id, listing),
            };
            if item.is_gone || fields.iter().any(|field| item.value(field) != values.of(field)) {
                seen.push((id.clone(), values.clone()));
            }
            for field in &fields {
                let is_on = values.of(field);
                if item.value(field) != is_on
                    && value(&marks, item.article, field) != is_on
                    && unsent(item, field, &marks, self.device).is_none()
                    && !self.is_kept(item, field, &marks)
                {
                    changes.entry((field.clone(), is_on)).or_default().push(item.article);
                }
            }
        }
        self.set_marks(changes, stamp)?;
        // Only after the marks are on disk: if the program is killed in between, the next sync sees the same difference.
        for (id, values) in seen {
            self.shadow.change(&id, |item| {
                fields.iter().for_each(|field| item.set(field, values.of(field)));
                item.is_gone = false;
            });
        }
        self.save()
    }
}

/// The articles that the service was asked for, and their marks; `None` if it does not have them any more.
type Checked = HashMap<ServiceId, Option<Values>>;

/// The marks of an article at the service.
#[derive(Clone)]
struct Values {
    is_read: bool,
    is_starred: bool,
    /// The keys of its labels.
    labels: BTreeSet<Box<str>>,
}

impl Values {
    fn of_list(id: &ServiceId, listing: &Listing) -> Values {
        let labels = listing.labels.iter().filter(|(_, ids)| ids.contains(id)).map(|(tag, _)| tag.key().into());
        let (is_unread, is_starred) = (listing.unread.contains(id), listing.starred.contains(id));
        Values { is_read: !is_unread, is_starred, labels: labels.collect() }
    }

    fn of_state(state: &ItemState) -> Values {
        let labels = state.labels.iter().filter_map(|name| Some(Tag::parse(name).ok()?.key().into()));
        Values { is_read: state.is_read, is_starred: state.is_starred, labels: labels.collect() }
    }

    fn of(&self, field: &Field) -> bool {
        match field {
            Field::Read => self.is_read,
            Field::Starred => self.is_starred,
            Field::Label(tag) => self.labels.contains(tag.key()),
        }
    }
}

/// True if an article was in a list and is missing there now, so that the service may not have it any more. The starred articles are
/// listed last: one that is missing there may have been removed after the unread ones were listed. One that is missing among the unread
/// ones and is starred is still there, unless the lists may lack some.
fn is_missing(id: &ServiceId, item: &ShadowItem, listing: &Listing) -> bool {
    let left_unread = !item.is_read && !listing.unread.contains(id);
    let left_starred = item.is_starred && !listing.starred.contains(id);
    let has_left = |(tag, ids): (&Tag, &HashSet<ServiceId>)| {
        item.labels.get(tag.key()).is_some_and(|(is_on, _)| *is_on) && !ids.contains(id)
    };
    let left_label = listing.labels.iter().any(has_left);
    left_starred || left_label || left_unread && (listing.may_lack_some || !listing.starred.contains(id))
}
