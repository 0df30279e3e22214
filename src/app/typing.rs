//! Typing: the line at the bottom opens, what stands in it takes effect at once, and it is kept or taken back.

use super::asking::{Asking, Before, Trouble, Wish};
use super::cursor::Cursor;
use super::effect::{Effect, Effects};
use super::focus::Focus;
use super::overlay::Overlay;
use super::prompt::Edit;
use super::state::State;
use crate::config::searches;
use crate::feed::{Mark, Shown, clean};
use crate::query::{Names, Query, Saved, complete};

impl State {
    pub(super) fn before(&self) -> Before {
        let State { search, panes, .. } = self;
        let (query, panes, view) = (search.query().clone(), panes.clone(), search.view().clone());
        let (feed, settled) = (self.articles.feed().clone(), !search.is_running());
        Before { query, panes, frame: self.frame.detail, feed, settled, view, spoken: self.rules.list_changes() }
    }

    /// From the list: words among what is listed; those of the last search go. In the article: words to find in it.
    pub(super) fn ask_words(&mut self) -> Effects {
        if let Some(Overlay::Palette(palette)) = self.overlays.last_mut() {
            palette.typing = true;
            return Effects::none();
        }
        if self.panes.focus() == Focus::Detail {
            self.panes.detail_mut().start_find();
            return self.put_on_top(Overlay::Ask(Box::new(Asking::new(Wish::Find, "", Query::default(), None))));
        }
        let asking = Asking::new(Wish::Search, "", self.query().without_words(), Some(self.before()));
        self.ask_for_rows(asking)
    }

    /// The list has the focus while it narrows: a small screen shows no other pane.
    fn ask_for_rows(&mut self, asking: Asking) -> Effects {
        self.panes.focus_list(self.articles.feed());
        self.put_on_top(Overlay::Ask(Box::new(asking)))
    }

    pub(super) fn ask_query(&mut self) -> Effects {
        let text = self.query().to_string();
        let text = if text.is_empty() { text } else { text + " " };
        let asking = Asking::new(Wish::Query, &text, Query::default(), Some(self.before()));
        self.ask_for_rows(asking)
    }

    pub(super) fn ask_name(&mut self) -> Effects {
        if self.query().is_everything() {
            return self.say("there is nothing to keep yet");
        }
        self.put_on_top(Overlay::Ask(Box::new(Asking::new(Wish::Name, "", Query::default(), None))))
    }

    /// What is typed is another text now: the list follows at once; what cannot be read changes nothing.
    pub(super) fn asked(&mut self) -> Effects {
        let Some(Overlay::Ask(asking)) = self.overlays.last_mut() else { return Effects::none() };
        asking.trouble = None;
        match asking.wish {
            Wish::Search | Wish::Query => match self.search.parse(asking.prompt.text()) {
                Ok(query) => {
                    let query = asking.base.and(&query);
                    return self.set_query(query);
                }
                Err(error) => asking.trouble = Some(error.into()),
            },
            Wish::Find => self.panes.detail_mut().find_letters(asking.prompt.text()),
            Wish::Name | Wish::Note(_) => {}
        }
        Effects::none()
    }

    /// Enter in the line that is typed.
    pub(super) fn answer(&mut self, asking: Asking) -> Effects {
        self.history.keep(asking.wish, asking.prompt.text().trim());
        match asking.wish {
            Wish::Search | Wish::Query if asking.trouble.is_some() => self.put_on_top(Overlay::Ask(Box::new(asking))),
            Wish::Search | Wish::Query if asking.prompt.text().is_empty() => self.set_query(asking.base),
            Wish::Search | Wish::Query => Effects::none(),
            Wish::Find if asking.prompt.text().trim().is_empty() => {
                self.panes.detail_mut().end_find(true);
                Effects::none()
            }
            Wish::Find => Effects::none(),
            Wish::Note(article) => self.set(Mark::Note(clean::decoded(asking.prompt.text().trim())), &[article]),
            Wish::Name => self.keep_search(asking),
        }
    }

    pub(super) fn keep_search(&mut self, mut asking: Asking) -> Effects {
        match self.kept_as(asking.prompt.text().trim()) {
            Ok(effect) => effect.into(),
            Err(what) => {
                let span = (0, asking.prompt.text().chars().count());
                asking.trouble = Some(Trouble { span, what });
                self.put_on_top(Overlay::Ask(Box::new(asking)))
            }
        }
    }

    /// Keeps the query under a name; or why it cannot be.
    pub(super) fn kept_as(&self, name: &str) -> Result<Effect, Shown> {
        if !searches::is_name(name) {
            return Err("a name is one word of letters, digits, - and _".into());
        }
        let query = self.query().to_string();
        let known = self.search.saved().iter().map(|(name, query)| (name.to_owned(), query.to_owned()));
        let saved = Saved::new(known.chain([(name.to_owned(), query.clone())]));
        match Query::parse_with(&format!("saved:{name}"), &saved) {
            Ok(_) => Ok(Effect::KeepSearch { name: name.to_owned(), query }),
            Err(error) => Err(clean::decoded(&error.what)),
        }
    }

    /// Esc or Ctrl-C in the line that is typed: everything is as it was. The text can be recalled.
    pub(super) fn take_back(&mut self, asking: Asking) -> Effects {
        if asking.prompt.text() != asking.begun {
            self.history.keep(asking.wish, asking.prompt.text().trim());
        }
        if asking.wish == Wish::Find {
            self.panes.detail_mut().end_find(true);
        }
        let Some(before) = asking.before else { return Effects::none() };
        let State { search, panes, articles, .. } = self;
        search.stop();
        let as_ruled = before.spoken == self.rules.list_changes();
        search.look_back_at(before.view, as_ruled);
        search.set_query(before.query);
        panes.restore(before.panes);
        if !articles.is_current(&before.feed) {
            panes.detail_mut().hold(&before.frame);
            let related = panes.related_target(&before.feed);
            panes.select_related(related.as_ref(), articles.feed());
            return self.carry_rows(&before.feed, false);
        }
        self.unread.set_found(panes.list().found());
        if before.settled && as_ruled { Effects::none() } else { self.search_rows(self.selected(), false) }
    }

    pub(super) fn edit_text(&mut self, edit: Edit) -> Effects {
        match self.overlays.last_mut() {
            Some(Overlay::Ask(asking)) => {
                asking.edit(edit);
                self.asked()
            }
            Some(Overlay::Palette(palette)) => {
                palette.edit(edit);
                self.palette_typed()
            }
            _ => self.on_top(|overlay| overlay.edit(edit)),
        }
    }

    pub(super) fn complete(&mut self, by: isize) -> Effects {
        if let Some(Overlay::Palette(palette)) = self.overlays.last_mut() {
            palette.complete();
            return self.palette_typed();
        }
        let State { articles, search, overlays, .. } = self;
        let Some(Overlay::Ask(asking)) = overlays.last_mut() else { return Effects::none() };
        if !asking.is_query() {
            return Effects::none();
        }
        let feed = articles.feed();
        let saved = search.saved().iter().map(|(name, _)| name).collect();
        let names = Names { of: &|field| feed.names(field), saved };
        let other = asking.complete(by, |text, cursor| complete(text, cursor, &names));
        if other { self.asked() } else { Effects::none() }
    }

    /// Types a character. None when it was the hint of a row, which wants to be opened.
    pub(super) fn typed(&mut self, c: char) -> Option<Effects> {
        if let Some(Overlay::Ask(asking)) = self.overlays.last_mut() {
            asking.insert(c.encode_utf8(&mut [0; 4]));
            return Some(self.asked());
        }
        if let Some(Overlay::Palette(palette)) = self.overlays.last_mut() {
            palette.insert(c.encode_utf8(&mut [0; 4]));
            return Some(self.palette_typed());
        }
        let opens = self.overlays.last_mut().is_some_and(|overlay| overlay.typed(c));
        (!opens).then(Effects::none)
    }

    /// Takes in text that was pasted: text, and never keys.
    pub(super) fn paste(&mut self, text: &str) -> Effects {
        match self.overlays.last_mut() {
            Some(Overlay::Ask(asking)) => {
                asking.insert(text);
                self.asked()
            }
            Some(Overlay::Palette(palette)) if palette.typing => {
                palette.insert(text);
                self.palette_typed()
            }
            Some(Overlay::Pick(picker)) => {
                picker.prompt.insert(text);
                picker.cursor = Cursor::default();
                Effects::none()
            }
            _ => Effects::none(),
        }
    }
}
