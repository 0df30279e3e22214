//! Writes the selected articles to a file: the prompt for the path, and the question before a file is replaced.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::overlays::{Confirm, ConfirmedRequest, PromptState};
use crate::app::prompt_history::PromptKind;
use crate::export;
use crate::feed::clean;
use crate::jobs::write_articles::WriteRequest;
use crate::query::Query;

/// Opens the prompt for the path, with a name made of the title in the folder that was written to last.
pub(super) fn prompt(app: &mut App) -> Effects {
    let selected = match app.targets().selected() {
        Ok(selected) => selected,
        Err(none) => return app.notify(none.words()),
    };
    let name = match selected.as_slice() {
        [id] => app.feed().find(*id).map(|article| export::file_stem(&article.title)),
        _ => None,
    };
    let folder = app.history.folder();
    let path = format!("{folder}/{}.md", name.as_deref().unwrap_or("articles"));
    app.push_overlay(PromptState::new(PromptKind::Write, &path, Query::default(), None))
}

/// Writes the selected articles to a path.
pub(super) fn write(app: &mut App, typed: &str) -> Effects {
    let selected = match app.targets().selected() {
        Ok(selected) => selected,
        Err(none) => return app.notify(none.words()),
    };
    let articles = selected.into_iter().filter_map(|id| app.feed().index_of(id)).collect();
    app.panes.list_mut().end_range();
    let context = app.search_context();
    let request = WriteRequest { typed: typed.to_owned(), articles, context, replaces: false };
    Effect::WriteArticles(Box::new(request)).into()
}

/// Asks whether an existing file is replaced.
pub(super) fn ask(app: &mut App, request: WriteRequest) -> Effects {
    let words = clean::plain_line(&format!("{} exists. Replace it? y/n", clean::quote(&request.typed)));
    let then = ConfirmedRequest::Write(Box::new(WriteRequest { replaces: true, ..request }));
    app.push_overlay(Confirm { words, then })
}
