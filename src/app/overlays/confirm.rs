//! The yes/no question before many articles are marked.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::feed::{ArticleId, Mark, SafeText};

/// The yes/no question before many articles are marked. It keeps the articles selected when it was asked.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// The question.
    pub words: SafeText,
    /// The mark to set.
    pub mark: Mark,
    /// The articles to set it on.
    pub articles: Vec<ArticleId>,
}

impl OverlayBehaviour for Confirm {
    fn context(&self) -> Context {
        Context::Confirm
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => Outcome::Close(vec![OverlayRequest::SetMark(self.mark.clone(), self.articles.clone())]),
            _ => Outcome::Ignored,
        }
    }
}
