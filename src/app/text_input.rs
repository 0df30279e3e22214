//! A line of text with a cursor, as prompts and lists that narrow have it.

use tui_input::{Input, InputRequest};

use crate::feed::{SafeText, clean};

/// The longest text, in characters.
const LONGEST: usize = 1000;

/// Text with a cursor. What is typed or pasted is text from outside too: only characters that can be shown get in.
#[derive(Clone, Debug, Default)]
pub struct TextInput {
    input: Input,
}

/// A movement or a deletion in a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// To the start.
    Start,
    /// To the end.
    End,
    /// Deletes the character before the cursor.
    DeleteBackward,
    /// Deletes the character under the cursor.
    DeleteForward,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes everything.
    DeleteAll,
}

impl TextInput {
    /// A text to go on with, the cursor at its end.
    pub fn with(text: &str) -> TextInput {
        let mut input = TextInput::default();
        input.insert(text);
        input
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The text before the cursor and behind it, for show.
    pub fn halves(&self) -> (SafeText, SafeText) {
        let text = self.input.value();
        let at = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at);
        (clean::run(&text[..at]), clean::run(&text[at..]))
    }

    /// Characters before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Types or pastes text; what does not fit any more is dropped.
    pub fn insert(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.input.value().chars().count());
        let start: String = text.chars().take(4 * LONGEST).collect();
        for c in clean::run(&start).as_str().chars().take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Puts text in place of what stands between a character and the cursor.
    pub fn replace(&mut self, start: usize, text: &str) {
        while self.input.cursor() > start {
            self.input.handle(InputRequest::DeletePrevChar);
        }
        self.insert(text);
    }

    /// Moves or deletes.
    pub fn edit(&mut self, edit: Edit) {
        let request = match edit {
            Edit::Left => InputRequest::GoToPrevChar,
            Edit::Right => InputRequest::GoToNextChar,
            Edit::Start => InputRequest::GoToStart,
            Edit::End => InputRequest::GoToEnd,
            Edit::DeleteBackward => InputRequest::DeletePrevChar,
            Edit::DeleteForward => InputRequest::DeleteNextChar,
            Edit::DeleteWord => InputRequest::DeletePrevWord,
            Edit::DeleteAll => InputRequest::DeleteLine,
        };
        self.input.handle(request);
    }
}
