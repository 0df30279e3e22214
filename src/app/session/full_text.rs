//! The full text of the article: fetched, set aside and restored.

use super::App;
use super::marks::{REDO, UNDO};
use crate::app::effect::{Effect, Effects};
use crate::app::notices::{Notice, capitalised};
use crate::app::undo::{FullTextChange, FullTextNotMoved};
use crate::feed::{ArticleId, clean};
use crate::jobs::JobId;
use crate::jobs::full_text::{FullTextEnd, FullTextRequest, FullTextResult};
use crate::text::counted;

/// Fetches the full text of the article in the detail pane, or shows the text of the file again.
pub(super) fn toggle(app: &mut App) -> Effects {
    if !cfg!(feature = "sync") {
        return app.notify("This build cannot fetch");
    }
    let Some(article) = app.article() else { return app.notify("No article selected") };
    if article.full_text.is_some() {
        app.marks.full_text_change_begins(article.id, FullTextChange::SetAside);
        return Effect::ChangeFullText(article.id, FullTextChange::SetAside).into();
    }
    let Some(request) = FullTextRequest::of(&article) else {
        return app.notify_failure("The article has no link to a page");
    };
    // A server may take a while to answer.
    let host = article.link_to_open().map(|link| link.shown_with_real_host()).unwrap_or_default();
    app.push_notice(Notice::of(clean::plain_line(&format!("Fetching the full text: {host} …"))));
    Effect::FullText(request).into()
}

/// Reports that a full text was set aside or restored, and shows the text that counts now.
pub(super) fn changed(
    app: &mut App,
    article: ArticleId,
    change: FullTextChange,
    result: Result<bool, FullTextNotMoved>,
) -> Effects {
    app.marks.full_text_change_ends(article, change, result.is_ok());
    match (change, result) {
        (_, Err(why)) => return app.notify_failure(capitalised(clean::plain_line(&why.to_string())).as_str()),
        (FullTextChange::Restore, Ok(false)) => {
            return app.notify_failure("The full text is no longer kept; :full-text fetches it again");
        }
        (FullTextChange::Restore, Ok(true)) => notify(app, article, "Full text"),
        (FullTextChange::SetAside, Ok(_)) => notify(app, article, "Text of the file"),
    }
    Effect::ReloadFiles.into()
}

/// Says what is shown of an article now, and how to change that again.
fn notify(app: &mut App, article: ArticleId, what: &str) {
    let title = app.feed().find(article).map(|article| article.title.clone()).unwrap_or_default();
    let offer = if app.marks.undo_changes_text_of(article) { UNDO } else { REDO };
    let notice = Notice::of(clean::plain_line(&format!("{what}: {title}")));
    app.push_notice(Notice { offer: Some(offer), ..notice });
}

impl App {
    /// Reports the end of a request for a full text, and shows the text.
    pub(super) fn receive_full_text(&mut self, _: JobId, end: FullTextEnd) -> Effects {
        match end.result {
            FullTextResult::Fetched(words) => {
                self.marks.full_text_changed(end.article, FullTextChange::Restore);
                notify(
                    self,
                    end.article,
                    &format!("Full text, {}", counted(usize::try_from(words).unwrap_or(usize::MAX), "word")),
                );
                Effect::ReloadFiles.into()
            }
            FullTextResult::Failed(why, remedy) => {
                let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
                self.notify_failure(&format!("No full text: {why}{remedy}"))
            }
        }
    }
}
