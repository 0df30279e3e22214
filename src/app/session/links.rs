//! Opens and copies links, and edits article files.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::feed::Link;

impl App {
    pub(super) fn open_original(&mut self) -> Effects {
        match self.link() {
            Some((_, link)) => self.open_link(&link),
            None => self.notify("This article has no link"),
        }
    }

    /// Opens a link of the article by its number, from 1.
    pub(super) fn open_numbered(&mut self, number: &str) -> Effects {
        let links = self.article().map(|article| article.links()).unwrap_or_default();
        let at = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match at.and_then(|at| links.get(at)) {
            Some(named) => self.open_link(&named.link),
            None => {
                let s = if links.len() == 1 { "" } else { "s" };
                self.notify_failure(&format!("no link `{number}`: the article has {} link{s}", links.len()))
            }
        }
    }

    pub(super) fn open_link(&mut self, link: &Link) -> Effects {
        // A repeated key, such as one that is held, does nothing: even the footer stays.
        if link.address().is_some_and(|address| !self.link_throttle.may_open(address, self.time.moment())) {
            self.notices.restore();
            return Effects::none();
        }
        Effect::open(link).map(Effects::from).unwrap_or_else(|error| self.notify_failure(&error.to_string()))
    }

    pub(super) fn open_and_next(&mut self) -> Effects {
        let mut effects = self.open_original();
        // If the link was not opened because the key was repeated, do not mark the article either.
        let opens_nothing = effects.0.is_empty() && self.link().is_some_and(|(_, link)| link.address().is_some());
        if !opens_nothing && self.targets().selected().is_ok() {
            let refused = self.notices.take();
            effects.0.extend(self.mark_read_and_next().0);
            // Show the result of opening rather than `Marked read`.
            self.notices.replace_next();
            refused.into_iter().for_each(|notice| self.push_notice(notice));
        }
        effects
    }

    pub(super) fn copy_link(&mut self, as_markdown: bool) -> Effects {
        let Some((name, link)) = self.link() else { return self.notify("This article has no link") };
        Effect::copy(&name, &link, as_markdown).into()
    }
}
