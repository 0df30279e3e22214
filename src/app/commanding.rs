//! Commands: the palette and help, and actions that are done with what is named.

use super::action::Action;
use super::commands::{self, Argument};
use super::effect::Effects;
use super::notices::Notice;
use super::overlay::Overlay;
use super::palette::Palette;
use super::state::State;
use crate::feed::{Mark, clean};
use crate::query::{Field, Query, QueryError, SortKey, fold, nearest, unknown};

impl State {
    /// Puts the palette on top, or help.
    pub(super) fn show_palette(&mut self, is_help: bool) -> Effects {
        let offer = |argument, tell: &mut dyn FnMut(&str)| self.offer(argument, tell);
        let palette = Palette::open(is_help, &self.own_commands, &offer);
        self.put_on_top(Overlay::Palette(Box::new(palette)))
    }

    /// Puts help on top, unless it is there.
    pub(super) fn show_help(&mut self) -> Effects {
        match self.overlays.last() {
            Some(Overlay::Palette(palette)) if palette.is_help => Effects::none(),
            _ => self.show_palette(true),
        }
    }

    /// Says that no command has the name typed in the palette.
    pub(super) fn no_command(&mut self, typed: &str) -> Effects {
        let meant = nearest(typed, commands::all().map(|named| named.name));
        let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        self.fail(&format!("there is no command `{}`{meant}", clean::quote(typed)))
    }

    /// What is typed in the palette is another text now.
    pub(super) fn palette_typed(&mut self) -> Effects {
        if let Some(Overlay::Palette(mut palette)) = self.overlays.pop() {
            palette.look(&self.own_commands, &|argument, tell| self.offer(argument, tell));
            self.overlays.push(Overlay::Palette(palette));
        }
        Effects::none()
    }

    /// Tells the names that there are for what a command is done with.
    fn offer(&self, argument: Argument, tell: &mut dyn FnMut(&str)) {
        let feed = self.feed();
        match argument {
            Argument::Topic => feed.topics().iter().for_each(|(topic, _)| tell(topic.shown().as_str())),
            Argument::Provider => feed.providers().iter().for_each(|(name, _)| tell(name.as_str())),
            Argument::Saved => self.search.saved().iter().for_each(|(name, _)| tell(name)),
            Argument::Order => SortKey::ALL.iter().map(|key| key.word()).for_each(|word| {
                tell(word);
                tell(&format!("-{word}"));
            }),
            Argument::Theme => self.themes.words().iter().for_each(|word| tell(word)),
            Argument::Link | Argument::Query | Argument::Name | Argument::Note => {}
        }
    }

    /// Does what is named with what it is to be done with.
    pub(super) fn act_with(&mut self, action: Action, argument: &str) -> Effects {
        match action {
            Action::Topics => self.pick_named(Field::Topic, argument),
            Action::Providers => self.pick_named(Field::Provider, argument),
            Action::Sort => self.set_parsed(argument, |state, text| {
                let sort = state.search.parse(&format!("sort:{text}"))?.sort();
                Ok(sort.map_or_else(|| state.query().clone(), |sort| state.query().sorted(sort)))
            }),
            Action::Search => self
                .set_parsed(argument, |state, text| Ok(state.query().without_words().and(&state.search.parse(text)?))),
            Action::EditQuery => self.set_parsed(argument, |state, text| state.search.parse(text)),
            Action::SavedSearches => {
                self.set_parsed(argument, |state, text| state.search.parse(&format!("saved:{text}")))
            }
            Action::KeepSearch => self.keep_as(argument),
            Action::Themes => match self.themes.index_of(argument) {
                Some(at) => self.pick_theme(at),
                None => self.fail(&format!("there is no theme `{argument}`")),
            },
            Action::Note => self.mark_meant(Mark::Note(clean::decoded(argument))),
            _ => Effects::none(), // no other takes anything: it cannot be written
        }
    }

    fn pick_named(&mut self, field: Field, names: &str) -> Effects {
        let (argument, what) = match field {
            Field::Topic => (Argument::Topic, "topic"),
            _ => (Argument::Provider, "provider"),
        };
        let mut known = Vec::new();
        self.offer(argument, &mut |name| known.push(name.to_owned()));
        // A name may have a comma of its own.
        let names: Vec<&str> = match known.iter().any(|name| name == names) {
            true => vec![names],
            false => names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        };
        let is_known = |name: &str| {
            let name = fold(name);
            known.iter().any(|known| fold(known) == name)
        };
        match names.iter().find(|name| !is_known(name)) {
            Some(name) => self.fail(&unknown(what, name, known.iter().map(String::as_str))),
            None => self.set_query(self.query().with_picked(field, &names)),
        }
    }

    fn set_parsed(&mut self, text: &str, read: impl FnOnce(&State, &str) -> Result<Query, QueryError>) -> Effects {
        match read(self, text) {
            Ok(query) => self.set_query(query),
            Err(error) => self.fail(&error.what),
        }
    }

    fn keep_as(&mut self, name: &str) -> Effects {
        if self.query().is_everything() {
            return self.say("there is nothing to keep yet");
        }
        match self.kept_as(name) {
            Ok(effect) => effect.into(),
            Err(words) => self.fail(words.as_str()),
        }
    }

    /// Sets a mark on what is meant now.
    pub(super) fn mark_meant(&mut self, mark: Mark) -> Effects {
        match self.targets().of(&mark) {
            Ok(articles) => {
                self.panes.list_mut().end_range();
                self.set(mark, &articles)
            }
            Err(none) => self.say(none.words()),
        }
    }

    /// Tells that something could not be done. The words are cleaned here.
    pub(super) fn fail(&mut self, words: &str) -> Effects {
        self.tell(Notice::failure(clean::decoded(words)));
        Effects::none()
    }
}
