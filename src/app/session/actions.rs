//! Performs actions: in the topmost overlay, or else in the feature that an action is about.

use super::App;
use super::{
    days, folds, full_text, headings, jumps, marks, media, menus, mouse, navigation, pictures, places, programs,
    saved_searches, sideways, stories, tags, views, write,
};
use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::count::Count;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::jump_history::JumpHistory;
use crate::app::mouse_action::MouseAction;
use crate::app::movement::Movement;
use crate::app::overlays::PromptState;
use crate::app::panes::Panes;
use crate::app::prompt_history::PromptKind;
use crate::feed::Mark;
use crate::query::{self, Query};

impl App {
    /// Performs an action of the user.
    pub fn apply(&mut self, action: Action) -> Effects {
        self.run(&action.into(), Count::default())
    }

    /// Performs a command: an action, perhaps with an argument. The count applies to actions that can be repeated, and to those that
    /// act on articles; others run once.
    pub fn run(&mut self, command: &Command, count: Count) -> Effects {
        self.with_bookkeeping(|app| app.act_on_command(command, count))
    }

    /// Performs an action of the mouse.
    pub fn apply_mouse(&mut self, action: MouseAction) -> Effects {
        self.with_bookkeeping(|app| match action {
            MouseAction::Click(target) => app.click(target),
            MouseAction::DoubleClick(target) => app.double_click(target),
            MouseAction::ScrollPane(pane, by) => app.scroll(pane, by),
            MouseAction::ScrollOverlay(by) => {
                app.with_overlays(|overlays, session| overlays.scroll(by, session));
                Effects::none()
            }
            MouseAction::SelectRows(first, last) => mouse::select_rows(app, first, last),
            MouseAction::ResizeList(share) => {
                app.pane_layout = app.pane_layout.with_share(share);
                Effects::none()
            }
            // As Esc: the overlay closes, and a question is answered with no.
            MouseAction::ClickOutside => match app.overlays.kept_by_click_outside() {
                Some(words) => app.notify(words),
                None => app.act(Action::Cancel, Count::default()),
            },
            MouseAction::Run(command) => mouse::run_button(app, command),
            MouseAction::Menu(target, at) => menus::open_for(app, target, at),
        })
    }

    fn with_bookkeeping(&mut self, act: impl FnOnce(&mut App) -> Effects) -> Effects {
        // First: the notice of this action must stay on the screen.
        self.notices.key_pressed();
        self.welcome = None;
        self.restored.end();
        self.news.mark_seen();
        self.subscriptions.key_pressed(self.time.moment());
        let was_reading = !self.panes.focus().shows_selected();
        let mut effects = act(self);
        days::update(self);
        // Any action may have left the open article or shown another one.
        effects.0.extend(self.check_article_left().0);
        effects.0.extend(places::save_left(self, was_reading).0);
        effects.0.extend(self.request_similar().0);
        effects.0.extend(pictures::request(self).0);
        effects.0.extend(navigation::request(self).0);
        effects
    }

    pub(super) fn act_on_command(&mut self, command: &Command, count: Count) -> Effects {
        match &command.argument {
            None => self.act(command.action, count),
            Some(argument) if command.action == Action::OpenOriginal => jumps::follow_numbered(self, argument),
            Some(argument) if command.action == Action::Write => write::write(self, argument),
            Some(argument) if command.action == Action::RunCommand => programs::run(self, argument),
            Some(argument) => self.act_with_argument(command.action, argument),
        }
    }

    pub(super) fn act(&mut self, action: Action, count: Count) -> Effects {
        if let Some(effects) = self.act_in_overlay(action, count) {
            return effects;
        }
        if self.panes.focus() == Focus::Navigation
            && let Some(effects) = navigation::act(self, action, count)
        {
            return effects;
        }
        if let Some(movement) = Movement::of(action, count, self.page_size()) {
            self.panes.go(movement, &self.frame, self.loaded_feed.feed());
            return Effects::none();
        }
        marks::select_counted(self, action, count);
        match action {
            Action::Open => self.open_in_pane(),
            Action::Back => self.back(),
            Action::NextPane => self.switch_pane(Panes::next),
            Action::PreviousPane => self.switch_pane(Panes::previous),
            Action::AcrossDown => self.step_across(count.steps()),
            Action::AcrossUp => self.step_across(-count.steps()),
            Action::OpenOriginal => jumps::open(self, count),
            Action::OpenAndNext => self.open_and_next(),
            Action::ReadOn => self.read_on(count),
            Action::ToggleRead => self.toggle_read(),
            Action::MarkRead => self.mark_targets(self.read_mark()),
            Action::MarkUnread => self.mark_targets(Mark::Read(None)),
            Action::ReadAndNext => self.mark_read_and_next(),
            Action::ReadAbove => self.mark_rows_read(true),
            Action::ReadAll => self.mark_rows_read(false),
            Action::Star => self.toggle_mark(Mark::Starred(true), Mark::Starred(false)),
            Action::Hide => self.toggle_mark(Mark::Hidden(true), Mark::Hidden(false)),
            Action::Note => marks::prompt_note(self),
            Action::Tag => tags::prompt(self, true),
            Action::Untag => tags::prompt(self, false),
            Action::Range => {
                self.panes.focus_list(self.loaded_feed.feed());
                self.panes.list_mut().toggle_range(self.loaded_feed.feed());
                Effects::none()
            }
            Action::Undo | Action::Redo => self.undo_or_redo(action, count),
            Action::CopyLink => self.copy_link(false),
            Action::CopyMarkdown => self.copy_link(true),
            Action::CopyCode => {
                let copied =
                    self.article().map(|article| self.panes.detail_mut().copy_code(&article, &self.frame.detail));
                copied.map_or_else(Effects::none, |copied| {
                    copied.map_or_else(|error| self.notify(error.message()), Effects::from)
                })
            }
            Action::Search => self.prompt_words(),
            Action::EditQuery => self.prompt_query(),
            Action::SaveSearch => self.prompt_name(),
            Action::RenameSearch | Action::DeleteSearch | Action::PinSearch => saved_searches::act(self, action, None),
            Action::Zen => {
                self.pane_layout.zen = !self.pane_layout.zen;
                Effects::none()
            }
            Action::Navigation => navigation::toggle(self),
            Action::Narrower => self.change_list_width(-count.steps()),
            Action::Wider => self.change_list_width(count.steps()),
            Action::Next => self.next_hit_or_unread(count.steps()),
            Action::Previous => self.next_hit_or_unread(-count.steps()),
            Action::NextHeading | Action::PreviousHeading | Action::Outline => headings::act(self, action, count),
            Action::FullText => full_text::toggle(self),
            Action::Play => media::play(self),
            Action::Picture => pictures::show(self),
            Action::Pictures => pictures::switch(self, None),
            Action::Download => media::download(self),
            Action::StopDownloads => media::stop_downloads(self),
            Action::Footnotes => jumps::list_footnotes(self),
            Action::NextDay | Action::PreviousDay => days::act(self, action, count),
            Action::ScrollLeft | Action::ScrollRight | Action::WrapCode => sideways::act(self, action, count),
            Action::Details | Action::FoldDetails | Action::UnfoldAll | Action::FoldAll => folds::act(self, action),
            Action::Percent => self.notify("Type a number before it, as in 50%"),
            Action::Story => stories::toggle(self),
            Action::Stories => stories::toggle_all(self),
            Action::Clear => self.set_query(Query::default()),
            Action::AllStates => self.set_query(self.query().in_state(None)),
            Action::UnreadOnly => self.set_query(self.query().in_state(Some(query::ArticleState::Unread))),
            Action::StarredOnly => self.set_query(self.query().in_state(Some(query::ArticleState::Starred))),
            // Only rules mark articles read without a time: without rules the query needs no condition on it.
            Action::History => self.set_query(Query::recently_read(!self.rules.is_empty())),
            Action::JumpBack => views::jump(self, JumpHistory::back, count, "Nothing to go back to"),
            Action::JumpForward => views::jump(self, JumpHistory::forward, count, "Nothing to go forward to"),
            Action::Edit => match self.article() {
                Some(article) => Effect::edit_article(&article, self.problems.of(&article)).into(),
                None => Effects::none(),
            },
            Action::Menu | Action::MainMenu => menus::open(self, action, None),
            Action::Write => write::prompt(self),
            Action::RunCommand => programs::pick(self),
            Action::Pipe => self.push_overlay(PromptState::new(PromptKind::Pipe, "", Query::default(), None)),
            Action::ProgramOutput => programs::show_output(self),
            Action::StopPrograms => Effect::StopPrograms.into(),
            Action::Settings => Effect::EditSettings.into(),
            Action::ExportMarks => self.notify("In a shell: frontpage marks export FILE"),
            Action::Cancel => self.cancel(),
            Action::Quit if self.panes.focus() != Focus::List => self.back(),
            Action::Quit => self.quit_now(),
            Action::QuitNow => self.quit_now(),
            Action::Suspend => Effect::Suspend.into(),
            Action::Redraw => self.refresh().and(Effect::Redraw),
            Action::Sync | Action::SyncAll | Action::StopSync => {
                self.with_subscriptions(|subscriptions, now| subscriptions.act(action, now))
            }
            // All other actions open an overlay, or mean something only in one.
            _ => self.open_overlay(action),
        }
    }
}
