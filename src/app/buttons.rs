//! Buttons: words on the screen that a click runs, such as the hints for keys.

use ratatui::layout::Rect;

use super::action::Action;
use super::frame_items::FrameItems;

/// What a click on a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonCommand {
    /// The action, as its key does.
    Act(Action),
    /// The command of the user with this index in the settings.
    RunOwn(usize),
    /// Presses the keys that complete the pending ones, by the index of their line.
    CompleteKeys(usize),
    /// Puts a text that the prompt offers, by its index, in place of what is typed.
    Choose(usize),
}

impl From<Action> for ButtonCommand {
    fn from(action: Action) -> ButtonCommand {
        ButtonCommand::Act(action)
    }
}

/// Some cells, and what a click on them does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Button {
    /// Its cells.
    pub area: Rect,
    /// What a click on it does.
    pub command: Option<ButtonCommand>,
}

/// At most `N` buttons. Later ones cover earlier ones.
pub type Buttons<const N: usize> = FrameItems<Button, N>;

impl<const N: usize> Buttons<N> {
    /// Adds a button.
    pub fn add(&mut self, area: Rect, command: impl Into<ButtonCommand>) {
        self.push(Button { area, command: Some(command.into()) });
    }

    /// What a click on a cell does.
    pub fn at(&self, cell: (u16, u16)) -> Option<ButtonCommand> {
        self.iter().rev().find(|button| button.area.contains(cell.into())).and_then(|button| button.command)
    }
}
