//! The full text of the article: fetched, forgotten and undone.

use super::App;
use crate::app::action::Action;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::feed::{ArticleId, clean};
use crate::jobs::JobId;
use crate::jobs::full_text::{FullTextEnd, FullTextRequest, FullTextResult, FullTextWish};

/// Fetches the full text of the article in the detail pane, or shows the text of the file again.
pub(super) fn toggle(app: &mut App) -> Effects {
    if !cfg!(feature = "sync") {
        return app.notify("This build cannot fetch");
    }
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let wish = match article.full_text {
        Some(_) => Some(FullTextWish::Remove),
        None => FullTextWish::fetch(&article),
    };
    let Some(wish) = wish else { return app.notify_failure("The article has no link to a page") };
    if let FullTextWish::Fetch { .. } = wish {
        // A server may take a while to answer.
        let host = article.link_to_open().map(|link| link.shown_with_real_host()).unwrap_or_default();
        app.push_notice(Notice::of(clean::plain_line(&format!("Fetching the full text: {host} …"))));
    }
    Effect::FullText(FullTextRequest { article: article.id, wish }).into()
}

/// Forgets a full text that was fetched, as undo does.
pub(super) fn undo(article: ArticleId) -> Effects {
    Effect::FullText(FullTextRequest { article, wish: FullTextWish::Remove }).into()
}

impl App {
    /// Reports the end of a request for a full text, and shows the text.
    pub(super) fn receive_full_text(&mut self, _: JobId, end: FullTextEnd) -> Effects {
        let title = self.feed().find(end.article).map(|article| article.title.clone()).unwrap_or_default();
        match end.result {
            FullTextResult::Fetched(words) => {
                self.marks.full_text_fetched(end.article);
                let notice = Notice::of(clean::plain_line(&format!("Full text, {words} words: {title}")));
                self.push_notice(Notice { offer: Some((Action::Undo, "undoes")), ..notice });
                Effect::ReloadFiles.into()
            }
            FullTextResult::Removed => {
                self.marks.full_text_removed(end.article);
                self.push_notice(Notice::of(clean::plain_line(&format!("Text of the file: {title}"))));
                Effect::ReloadFiles.into()
            }
            FullTextResult::Failed(why, remedy) => {
                let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
                self.notify_failure(&format!("No full text: {why}{remedy}"))
            }
        }
    }
}
