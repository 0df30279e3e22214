//! The rows of a list in an overlay that text narrows while it is typed.

use super::behaviour::{Outcome, OverlayRequest};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;

/// What an overlay says, in its line of typed text and after Enter, if nothing matches the text.
pub const NO_MATCH: &str = "No match";

/// The rows of a list: the items whose text has every typed word. An item is known by its index among all.
#[derive(Clone, Debug)]
pub struct NarrowedRows {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The typed text.
    pub input: TextInput,
    /// Whether keys type text.
    pub is_typing: bool,
    /// Whether keys type text from the beginning, as in a picker. Then Esc closes the list.
    is_picker: bool,
    /// The folded text of each item.
    texts: Vec<String>,
    /// The items of the rows.
    items: Vec<usize>,
}

impl NarrowedRows {
    /// All items, by their folded texts, with the first selected.
    pub fn of(texts: Vec<String>) -> NarrowedRows {
        let items = (0..texts.len()).collect();
        let (cursor, input) = (OverlayCursor::default(), TextInput::default());
        NarrowedRows { cursor, input, is_typing: false, is_picker: false, texts, items }
    }

    /// All items of a picker: keys type text from the beginning.
    pub fn of_picker(texts: Vec<String>) -> NarrowedRows {
        NarrowedRows { is_typing: true, is_picker: true, ..NarrowedRows::of(texts) }
    }

    /// The items of the rows, in order.
    pub fn items(&self) -> &[usize] {
        &self.items
    }

    /// The selected item; `None` if no item has the typed words.
    pub fn selected(&self) -> Option<usize> {
        self.items.get(self.cursor.at).copied()
    }

    /// Selects the row of an item, else the first row.
    pub fn select(&mut self, item: usize) {
        self.cursor = OverlayCursor::on(self.items.iter().position(|other| *other == item).unwrap_or_default());
    }

    /// Replaces the items. The typed text stays, and the first row that has it is selected.
    pub fn replace(&mut self, texts: Vec<String>) {
        self.texts = texts;
        self.narrow();
    }

    /// Lists the items that have the typed words, with the first selected.
    fn narrow(&mut self) {
        let words = TypedWords::of(&self.input);
        self.items = (0..).zip(&self.texts).filter(|(_, text)| words.are_in(text)).map(|(item, _)| item).collect();
        self.cursor = OverlayCursor::default();
    }

    /// Handles the keys that begin, type and end the text. False for all other actions. When the text is taken away, the selected
    /// item stays selected, else `fallback` is.
    pub fn act(&mut self, action: Action, fallback: usize) -> bool {
        match action {
            Action::Search => self.is_typing = true,
            Action::Type(c) => {
                self.input.insert(c.encode_utf8(&mut [0; 4]));
                self.narrow();
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.narrow();
            }
            // The first Esc takes the typed text away, the second one closes the list.
            Action::Cancel | Action::Back if self.is_typing && !self.is_picker => {
                let selected = self.selected().unwrap_or(fallback);
                (self.is_typing, self.input) = (false, TextInput::default());
                self.narrow();
                self.select(selected);
            }
            _ => return false,
        }
        true
    }

    /// Adds pasted text while text is typed.
    pub fn paste(&mut self, text: &str) {
        if self.is_typing {
            self.input.insert(text);
            self.narrow();
        }
    }

    /// Enter without a selected row: the list stays open, and says that nothing matches what is typed.
    pub fn refuse(&self) -> Outcome {
        let is_typed = !self.input.text().trim().is_empty();
        Outcome::Stay(is_typed.then_some(OverlayRequest::Say(NO_MATCH)).into_iter().collect())
    }

    /// Whether an action would do something in the list.
    pub fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Open => self.selected().is_some(),
            Action::Search => !self.is_typing,
            _ => !matches!(action, Action::Toggle | Action::SwitchLabels | Action::Complete | Action::SaveSearch),
        }
    }
}

/// Picks what is not picked, and the other way round.
pub fn toggle<T: PartialEq>(picked: &mut Vec<T>, one: T) {
    match picked.iter().position(|known| *known == one) {
        Some(at) => drop(picked.remove(at)),
        None => picked.push(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_item_stays_when_the_text_is_taken_away() {
        let mut rows = NarrowedRows::of(["one", "two", "twenty"].map(str::to_owned).into());
        assert!(!rows.act(Action::Cancel, 0), "nothing is typed: the list closes");
        for action in [Action::Search, Action::Type('t'), Action::Type('w')] {
            assert!(rows.act(action, 0));
        }
        assert_eq!((rows.items(), rows.selected()), ([1, 2].as_slice(), Some(1)));
        rows.cursor.step(1, 2);
        assert!(rows.act(Action::Cancel, 0));
        assert_eq!((rows.items().len(), rows.selected(), rows.is_typing), (3, Some(2), false));
        rows.act(Action::Search, 0);
        rows.paste("nothing");
        assert_eq!((rows.selected(), rows.is_available(Action::Open)), (None, false));
        rows.act(Action::Cancel, 1);
        assert_eq!(rows.selected(), Some(1), "no item was selected");
    }
}
