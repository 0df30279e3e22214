//! Opening and copying links: not more often than a person would, so that a key that is stuck does not flood the browser.

use chrono::TimeDelta;

use super::effect::{Effect, Effects};
use super::notices::Notice;
use super::state::State;
use crate::feed::Link;

/// The least time between two openings. The same link must be left alone that long: a key that is held down opens it once.
const BETWEEN: TimeDelta = TimeDelta::milliseconds(300);

impl State {
    /// Whether the last opening was too short a time ago for another one, which then leaves all as it is. When no time has
    /// passed at all the clock stands still and tells nothing.
    pub(super) fn opens_too_soon(&mut self, link: &Link) -> bool {
        let (now, Some(address)) = (self.time.moment(), link.address()) else { return false };
        match &mut self.opened {
            Some((last, at)) if *at < now && now - *at < BETWEEN => {
                if last == address {
                    *at = now;
                }
                self.notices.restore();
                true
            }
            _ => {
                self.opened = Some((address.clone(), now));
                false
            }
        }
    }

    pub(super) fn open_original(&mut self) -> Effects {
        match self.link() {
            Some((_, link)) => self.open_link(&link),
            None => self.say("this article has no link"),
        }
    }

    /// Opens a link of the article by its number.
    pub(super) fn open_numbered(&mut self, number: &str) -> Effects {
        let links = self.article().map(|article| article.links()).unwrap_or_default();
        let at = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match at.and_then(|at| links.get(at)) {
            Some(named) => self.open_link(&named.link),
            None => self.fail(&format!("no link `{number}`: the article has {}", links.len())),
        }
    }

    pub(super) fn open_link(&mut self, link: &Link) -> Effects {
        if self.opens_too_soon(link) {
            return Effects::none();
        }
        Effect::open(link).map(Effects::from).unwrap_or_else(|text| {
            self.tell(Notice::failure(text));
            Effects::none()
        })
    }

    pub(super) fn open_and_next(&mut self) -> Effects {
        let mut effects = self.open_original();
        // A key that opens too soon must not mark anything either.
        let opens_nothing = effects.0.is_empty() && self.link().is_some_and(|(_, link)| link.address().is_some());
        if !opens_nothing && self.meant().is_ok() {
            let refused = self.notices.take();
            effects.0.extend(self.read_and_next().0);
            // Why it was not opened matters more than that it is read.
            refused.into_iter().for_each(|notice| self.tell(notice));
        }
        effects
    }

    pub(super) fn copy(&mut self, as_markdown: bool) -> Effects {
        let Some((name, link)) = self.link() else { return self.say("this article has no link") };
        Effect::copy(&name, &link, as_markdown).into()
    }
}
