//! A line of text with a cursor, for prompts, pickers and the palette.

use tui_input::{Input, InputRequest};

use crate::feed::{SafeText, clean};

/// Limit of the text, in characters.
const MAX_CHARS: usize = 1000;

/// A line of text with a cursor. Typed and pasted text is untrusted: only characters that are safe on the screen get in.
#[derive(Clone, Debug, Default)]
pub struct TextInput {
    input: Input,
}

/// A movement of the cursor or a deletion.
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
    /// A line with a text, and the cursor at its end.
    pub fn with(text: &str) -> TextInput {
        let mut input = TextInput::default();
        input.insert(text);
        input
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The text before and after the cursor, safe for the screen.
    pub fn halves(&self) -> (SafeText, SafeText) {
        let text = self.input.value();
        // The cursor of `tui-input` counts characters; slices need bytes.
        let at = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at);
        (clean::run(&text[..at]), clean::run(&text[at..]))
    }

    /// Number of characters before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Inserts text at the cursor; text above the limit is dropped.
    pub fn insert(&mut self, text: &str) {
        let room = MAX_CHARS.saturating_sub(self.input.value().chars().count());
        // Cleaning may drop characters, so more than the limit are cleaned; 4 times bounds the work for a huge paste.
        let start: String = text.chars().take(4 * MAX_CHARS).collect();
        for c in clean::run(&start).as_str().chars().take(room) {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Replaces the text from character `start` to the cursor.
    pub fn replace(&mut self, start: usize, text: &str) {
        // `tui-input` has no request that deletes a range.
        while self.input.cursor() > start {
            self.input.handle(InputRequest::DeletePrevChar);
        }
        self.insert(text);
    }

    /// Moves the cursor or deletes.
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
