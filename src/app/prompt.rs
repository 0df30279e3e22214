//! One line of text that is being typed.

use tui_input::{Input, InputRequest};

use crate::feed::{Shown, clean};

/// The longest text, in characters.
const LONGEST: usize = 1000;

/// Text with a cursor. What is typed or pasted is text from outside too: only characters that can be shown get in.
#[derive(Clone, Debug, Default)]
pub struct Prompt {
    input: Input,
}

impl Prompt {
    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The text, for show.
    pub fn shown(&self) -> Shown {
        clean::run(self.input.value())
    }

    /// Columns before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Types a character.
    pub fn insert(&mut self, c: char) {
        let mut bytes = [0; 4];
        let typed = clean::run(c.encode_utf8(&mut bytes));
        if !typed.is_empty() && self.input.value().chars().count() < LONGEST {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Deletes the character before the cursor.
    pub fn delete_backward(&mut self) {
        self.input.handle(InputRequest::DeletePrevChar);
    }

    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        self.input.handle(InputRequest::DeletePrevWord);
    }

    /// Deletes everything.
    pub fn clear(&mut self) {
        self.input.reset();
    }
}
