//! Adds and removes tags of the user's own: with the prompt, or with a name.

use super::App;
use crate::app::action_targets::NoTarget;
use crate::app::effect::Effects;
use crate::app::notices::Notice;
use crate::app::overlays::PromptState;
use crate::app::prompt_history::PromptKind;
use crate::app::tag_choice::TagChoice;
use crate::feed::tags::{self, MAX_TAGS};
use crate::feed::{ArticleId, Mark, Tag, clean};

/// Opens the prompt for a tag to add or to remove.
pub fn prompt(app: &mut App, adds: bool) -> Effects {
    let choice = match choice(app, adds) {
        Ok(choice) => choice,
        Err(none) => return app.notify(none.words()),
    };
    // Also without a tag to remove: the typed name must not run as commands.
    let kind = if adds { PromptKind::Tag } else { PromptKind::Untag };
    app.push_overlay(PromptState::for_tag(kind, choice))
}

/// Adds or removes a tag by its name.
pub fn by_name(app: &mut App, name: &str, adds: bool) -> Effects {
    let choice = match choice(app, adds) {
        Ok(choice) => choice,
        Err(none) => return app.notify(none.words()),
    };
    match if adds { choice.to_add(name) } else { choice.to_remove(name) } {
        Ok(tag) => set(app, tag, adds, &choice.articles),
        Err(error) => app.notify_failure(&error.to_string()),
    }
}

/// Adds or removes a tag of articles.
pub fn set(app: &mut App, tag: Tag, adds: bool, articles: &[ArticleId]) -> Effects {
    app.panes.list_mut().end_range();
    let marks = app.marks();
    let is_full = |id: &ArticleId| adds && !tags::has(marks, *id, tag.key()) && !tags::has_room(marks, *id);
    let (full, others): (Vec<ArticleId>, Vec<ArticleId>) = articles.iter().copied().partition(is_full);
    if full.is_empty() {
        return app.set_mark(Mark::Tagged(tag, adds), articles);
    }
    let effects = if others.is_empty() { Effects::none() } else { app.set_mark(Mark::Tagged(tag, adds), &others) };
    let what = if full.len() == 1 { "An article has".to_owned() } else { format!("{} articles have", full.len()) };
    app.push_notice(Notice::failure(clean::plain_line(&format!("{what} {MAX_TAGS} tags already; remove one first"))));
    effects
}

/// The articles that a key acts on, with the tags to offer for them.
fn choice(app: &App, adds: bool) -> Result<TagChoice, NoTarget> {
    let articles = app.targets().selected()?;
    let known = match adds {
        true => {
            let has_all = |tag: &Tag| articles.iter().all(|id| tags::has(app.marks(), *id, tag.key()));
            tags::in_use(app.marks()).into_iter().filter(|(tag, _)| !has_all(tag)).collect()
        }
        false => tags::of_all(app.marks(), articles.iter().copied()),
    };
    Ok(TagChoice { articles, known: known.into_iter().map(|(tag, _)| tag).collect() })
}
