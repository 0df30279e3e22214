//! Jumps among the headings of the article.

use super::App;
use crate::app::effect::Effects;
use crate::app::overlays::Outline;
use crate::app::scroll::ScrollPosition;
use crate::feed::outline::{self, Heading};
use crate::text::{PagePart, TextPosition};

impl App {
    /// Scrolls to the next heading, or with a negative `by` to the one before.
    pub(super) fn step_heading(&mut self, by: isize) -> Effects {
        let Some(headings) = self.headings() else { return self.notify("No article selected") };
        if headings.is_empty() {
            return self.notify(Outline::NOTHING);
        }
        let here = self.position_in_article();
        let wanted = match by < 0 {
            true => headings.iter().rev().find(|heading| position_of(heading.at) < here),
            false => headings.iter().find(|heading| position_of(heading.at) > here),
        };
        match wanted {
            Some(heading) => self.show_heading(heading.at),
            None => self.notify(if by < 0 { "No heading above" } else { "No heading below" }),
        }
    }

    /// Opens the list of headings, with the one of the present place selected.
    pub(super) fn open_outline(&mut self) -> Effects {
        let Some(headings) = self.headings() else { return self.notify("No article selected") };
        if headings.is_empty() {
            return self.notify(Outline::NOTHING);
        }
        let here = self.position_in_article();
        let before = headings.iter().take_while(|heading| position_of(heading.at) <= here).count();
        self.push_overlay(Outline::new(headings, before.saturating_sub(1)))
    }

    /// Scrolls the article so that the heading at a byte of its body is at the top.
    pub(super) fn show_heading(&mut self, at: usize) -> Effects {
        let line = self.panes.detail().scroll();
        self.panes.detail_mut().return_to(ScrollPosition { line, position: Some(position_of(at)) });
        if self.frame.detail.area.is_empty() {
            // A small screen shows one pane: switch to the article.
            self.panes.focus_detail();
            return self.article_opened();
        }
        Effects::none()
    }

    /// The headings of the article that is shown; `None` without one.
    fn headings(&self) -> Option<Vec<Heading>> {
        let article = self.article()?;
        Some(outline::headings(&article.body, article.syntax()))
    }

    /// Where in the article the first line on the screen is; after a jump the place that was asked for, which may be further
    /// down if the end of the article is on the screen.
    fn position_in_article(&self) -> TextPosition {
        self.panes.detail().scrolled().position.unwrap_or_default()
    }
}

fn position_of(at: usize) -> TextPosition {
    TextPosition { part: PagePart::Body, block: u32::try_from(at).unwrap_or(u32::MAX), inside: 0 }
}
