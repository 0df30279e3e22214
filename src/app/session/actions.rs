//! Actions in the session: each goes to the topmost overlay, else to the feature that it is about.

use super::App;
use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::effect::{Effect, Effects};
use crate::app::jump_history::JumpHistory;
use crate::app::mouse_action::MouseAction;
use crate::app::pane_layout::PaneLayout;
use crate::app::panes::Panes;
use crate::feed::Mark;
use crate::query::{self, Query};

impl App {
    /// Does what the reader asks for.
    pub fn apply(&mut self, action: Action) -> Effects {
        self.run(&action.into())
    }

    /// Does what the reader asks for, with what it is to be done with.
    pub fn run(&mut self, command: &Command) -> Effects {
        self.attend(|app| app.act_with(command))
    }

    /// Does what the reader points at.
    pub fn point(&mut self, pointed: MouseAction) -> Effects {
        self.attend(|app| app.pointed(pointed))
    }

    fn attend(&mut self, act: impl FnOnce(&mut App) -> Effects) -> Effects {
        self.notices.seen();
        self.welcome = None;
        self.restored.end();
        self.news.see();
        let mut effects = act(self);
        effects.0.extend(self.settle().0);
        effects.0.extend(self.want_similar().0);
        effects
    }

    pub(super) fn act_with(&mut self, command: &Command) -> Effects {
        match &command.argument {
            None => self.act(command.action),
            Some(argument) if command.action == Action::OpenOriginal => self.open_numbered(argument),
            Some(argument) => self.act_on(command.action, argument),
        }
    }

    pub(super) fn act(&mut self, action: Action) -> Effects {
        if let Some(effects) = self.act_in_overlay(action) {
            return effects;
        }
        if let Some(rows) = action.rows(self.page()) {
            self.panes.step(rows, &self.frame, self.articles.feed());
            return Effects::none();
        }
        match action {
            Action::Open => self.open_in_pane(),
            Action::Back => self.back(),
            Action::NextPane => self.turn(Panes::next),
            Action::PreviousPane => self.turn(Panes::previous),
            Action::AcrossDown => self.across(1),
            Action::AcrossUp => self.across(-1),
            Action::OpenOriginal => self.open_original(),
            Action::OpenAndNext => self.open_and_next(),
            Action::ReadOn => self.read_on(),
            Action::ToggleRead => self.toggle_read(),
            Action::MarkRead => self.mark_meant(self.read_now()),
            Action::MarkUnread => self.mark_meant(Mark::Read(None)),
            Action::ReadAndNext => self.read_and_next(),
            Action::ReadAbove => self.read_rows(true),
            Action::ReadAll => self.read_rows(false),
            Action::Star => self.toggle(Mark::Starred(true), Mark::Starred(false)),
            Action::Hide => self.toggle(Mark::Hidden(true), Mark::Hidden(false)),
            Action::Note => self.ask_note(),
            Action::Range => self.range(),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::CopyLink => self.copy(false),
            Action::CopyMarkdown => self.copy(true),
            Action::Search => self.ask_words(),
            Action::EditQuery => self.ask_query(),
            Action::SaveSearch => self.ask_name(),
            Action::Zen => {
                self.shape.zen = !self.shape.zen;
                Effects::none()
            }
            Action::Narrower => self.widen(-(PaneLayout::STEP as i16)),
            Action::Wider => self.widen(PaneLayout::STEP as i16),
            Action::Next => self.next(1),
            Action::Previous => self.next(-1),
            Action::Story => self.turn_story(),
            Action::Stories => self.turn_stories(),
            Action::Clear => self.set_query(Query::default()),
            Action::AllStates => self.set_query(self.query().in_state(None)),
            Action::UnreadOnly => self.set_query(self.query().in_state(Some(query::ArticleState::Unread))),
            Action::StarredOnly => self.set_query(self.query().in_state(Some(query::ArticleState::Starred))),
            Action::History => self.set_query(Query::read_lately(!self.rules.is_empty())),
            Action::JumpBack => self.jump(JumpHistory::back),
            Action::JumpForward => self.jump(JumpHistory::forward),
            Action::Edit => self.edit(),
            Action::Settings => Effect::EditSettings.into(),
            Action::Cancel => self.cancel(),
            Action::Quit => self.quit(),
            Action::QuitNow => self.end(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => self.redraw(),
            // Any other opens an overlay, or means something in overlays only.
            _ => self.open_overlay(action),
        }
    }

    fn pointed(&mut self, pointed: MouseAction) -> Effects {
        match pointed {
            MouseAction::Click(thing) => self.point_at(thing),
            MouseAction::DoubleClick(thing) => self.point_twice(thing),
            MouseAction::ScrollPane(pane, by) => self.scroll(pane, by),
            MouseAction::ScrollOverlay(by) => self.scroll_overlay(by),
            MouseAction::ResizeList(share) => {
                self.shape = self.shape.shared(share);
                Effects::none()
            }
            MouseAction::ClickOutside => self.act(Action::Cancel),
        }
    }
}
