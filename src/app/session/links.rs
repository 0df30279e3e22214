//! Opens and copies links, and edits article files.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::link_target::LinkTarget;
use crate::app::overlays::{LinkList, Overlays};
use crate::feed::{Link, SafeText, clean};

impl App {
    pub(super) fn open_original(&mut self) -> Effects {
        match self.link() {
            Some((_, link)) => self.open_link(&link),
            None => self.notify(no_link(&self.overlays)),
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
        if let Some((name, link, what)) = link_to_copy(self) {
            return Effect::copy(&name, &link, what, as_markdown).into();
        }
        self.notify("This article has no link")
    }
}

/// The link to copy, with its name and what it is: of a link to an article the address of that article, else the path of its file.
fn link_to_copy(app: &App) -> Option<(SafeText, Link, &'static str)> {
    if let Some((name, link)) = app.link() {
        return Some((name, link, "link"));
    }
    match app.overlays.top_as::<LinkList>().and_then(LinkList::selected)? {
        (_, LinkTarget::Article { id, .. }) => {
            let article = app.feed().find(*id)?;
            Some((article.title.clone(), Link::read(clean::path(&article.path).as_str()), "path"))
        }
        (named, _) => Some((named.name.clone(), named.link.clone(), "link")),
    }
}

/// The notice if there is no link to open.
fn no_link(overlays: &Overlays) -> &'static str {
    match overlays.top_as::<LinkList>().and_then(LinkList::selected) {
        Some((_, LinkTarget::Article { .. })) => "That article has no link; Enter shows it",
        Some((_, LinkTarget::SamePage(_))) => "This leads to a place in the article; Enter goes there",
        Some((_, LinkTarget::Missing)) => "This article is not in the library",
        _ => "This article has no link",
    }
}
