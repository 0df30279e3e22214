//! Performs actions that have an argument, such as `:topic ai`.

use super::{App, pictures, saved_searches, tags};
use crate::app::action::Action;
use crate::app::commands::Argument;
use crate::app::effect::Effects;
use crate::app::notices::Notice;
use crate::app::overlays::keep_search;
use crate::feed::{Mark, clean};
use crate::query::{Field, Query, QueryError, fold, unknown_name};

impl App {
    /// Performs an action with its argument.
    pub(super) fn act_with_argument(&mut self, action: Action, argument: &str) -> Effects {
        match action {
            Action::Topics => self.narrow_to_named(Field::Topic, argument),
            Action::Providers => self.narrow_to_named(Field::Provider, argument),
            Action::Tags => self.narrow_to_named(Field::Tag, argument),
            Action::Sort => self.set_parsed_query(argument, |app, text| {
                let sort = app.search.parse(&format!("sort:{text}"))?.sort();
                Ok(sort.map_or_else(|| app.query().clone(), |sort| app.query().sorted(sort)))
            }),
            Action::Search => self
                .set_parsed_query(argument, |app, text| Ok(app.query().without_words().and(&app.search.parse(text)?))),
            Action::EditQuery => self.set_parsed_query(argument, |app, text| app.search.parse(text)),
            Action::SavedSearches => {
                self.set_parsed_query(argument, |app, text| Query::of_saved(text, app.search.saved()))
            }
            Action::RenameSearch | Action::DeleteSearch | Action::PinSearch => {
                saved_searches::act(self, action, Some(argument))
            }
            Action::SaveSearch => self.save_query_as(argument),
            Action::Themes => match self.themes.index_of(argument) {
                Some(at) => {
                    self.themes.pick(at);
                    Effects::none()
                }
                None => {
                    let known = self.themes.words();
                    self.notify_failure(&unknown_name("theme", argument, known.iter().map(String::as_str)))
                }
            },
            Action::Pictures => pictures::switch(self, Some(argument)),
            Action::Subscribe => self.with_subscriptions(|subscriptions, _| subscriptions.subscribe(argument)),
            Action::Tag => tags::by_name(self, argument, true),
            Action::Untag => tags::by_name(self, argument, false),
            Action::Note => self.mark_targets(Mark::Note(clean::plain_line(argument))),
            _ => Effects::none(), // `Command::parse` rejects arguments of other actions
        }
    }

    fn narrow_to_named(&mut self, field: Field, names: &str) -> Effects {
        let (argument, what) = match field {
            Field::Topic => (Argument::Topic, "topic"),
            Field::Tag => (Argument::Tag, "tag"),
            _ => (Argument::Provider, "provider"),
        };
        let mut known = Vec::new();
        self.session_parts().names(argument, &mut |name| known.push(name.to_owned()));
        // Try the whole argument first: a name may contain a comma.
        let names: Vec<&str> = match known.iter().any(|name| name == names) {
            true => vec![names],
            false => names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        };
        // Names are compared folded, as queries do: one name may be written in several cases.
        let is_known = |name: &str| {
            let name = fold(name);
            known.iter().any(|known| fold(known) == name)
        };
        match names.iter().find(|name| !is_known(name)) {
            Some(name) => self.notify_failure(&unknown_name(what, name, known.iter().map(String::as_str))),
            None => self.set_query(self.query().with_picked(field, &names)),
        }
    }

    fn set_parsed_query(&mut self, text: &str, read: impl FnOnce(&App, &str) -> Result<Query, QueryError>) -> Effects {
        match read(self, text) {
            Ok(query) => self.set_query(query),
            Err(error) => self.notify_failure(&error.what),
        }
    }

    fn save_query_as(&mut self, name: &str) -> Effects {
        if self.query().is_everything() {
            return self.notify("Nothing to save: the query is empty");
        }
        match keep_search(name, self.query(), self.search.saved()) {
            Ok(effect) => effect.into(),
            Err(error) => self.notify_failure(&error.to_string()),
        }
    }

    /// Sets a mark on the articles that a key would act on.
    pub(super) fn mark_targets(&mut self, mark: Mark) -> Effects {
        match self.targets().of(&mark) {
            Ok(articles) => {
                self.panes.list_mut().end_range();
                self.set_mark(mark, &articles)
            }
            Err(none) => self.notify(none.words()),
        }
    }

    /// Shows an error as a notice. The text is cleaned here.
    pub(super) fn notify_failure(&mut self, error: &str) -> Effects {
        self.push_notice(Notice::of_error(clean::plain_line(error)));
        Effects::none()
    }
}
