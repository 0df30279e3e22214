//! Keys to actions: which keys do what in which context, and what help and footer say of them.

mod key;
mod table;

pub use key::{Code, Key, KeyError};

use crate::app::{Action, Context};

/// What the keys do.
#[derive(Debug)]
pub struct Keymap {
    groups: Vec<Group>,
}

/// Bindings under a heading.
#[derive(Debug)]
pub struct Group {
    /// The heading.
    pub name: &'static str,
    /// Its bindings.
    pub bindings: Vec<Binding>,
}

/// Keys bound to an action.
#[derive(Debug)]
pub struct Binding {
    /// Where they hold.
    pub contexts: &'static [Context],
    /// Any of these sequences.
    pub keys: Vec<Vec<Key>>,
    /// What they do.
    pub action: Action,
    /// What they do, in words.
    pub help: &'static str,
    /// A word for the footer.
    pub hint: Option<&'static str>,
}

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// An action.
    Action(Action),
    /// The start of a longer sequence.
    Pending,
    /// Nothing is bound to it.
    Nothing,
}

impl Keymap {
    /// The default keys. An error names a row of the table that cannot be read, which a test rules out.
    pub fn new() -> Result<Keymap, KeyError> {
        let binding = |row: &table::Row| {
            let keys = row.keys.iter().map(|keys| Key::read_all(keys)).collect::<Result<_, _>>()?;
            Ok(Binding { contexts: row.contexts, keys, action: row.action, help: row.help, hint: row.hint })
        };
        let group = |group: &table::Group| {
            let bindings = group.rows.iter().map(binding).collect::<Result<_, _>>()?;
            Ok(Group { name: group.name, bindings })
        };
        Ok(Keymap { groups: table::DEFAULT.iter().map(group).collect::<Result<_, _>>()? })
    }

    /// All bindings under their headings.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.groups.iter().flat_map(|group| &group.bindings).filter(move |binding| binding.contexts.contains(&context))
    }

    /// What a key comes to after those that are pending. The pending keys are kept by the caller.
    pub fn press(&self, context: Context, pending: &mut Vec<Key>, key: Key) -> Pressed {
        pending.push(key);
        let pressed = self.look_up(context, pending);
        if pressed == Pressed::Nothing && pending.len() > 1 {
            // The sequence came to nothing: the last key counts on its own.
            pending.clear();
            return self.press(context, pending, key);
        }
        if pressed != Pressed::Pending {
            pending.clear();
        }
        pressed
    }

    fn look_up(&self, context: Context, keys: &[Key]) -> Pressed {
        let sequences = || self.bindings(context).flat_map(|b| b.keys.iter().map(move |sequence| (sequence, b.action)));
        if let Some((_, action)) = sequences().find(|(sequence, _)| *sequence == keys) {
            return Pressed::Action(action);
        }
        if sequences().any(|(sequence, _)| sequence.starts_with(keys)) {
            return Pressed::Pending;
        }
        match keys {
            [Key { code: Code::Char(c), ctrl: false }] if takes_text(context) => Pressed::Action(Action::Type(*c)),
            _ => Pressed::Nothing,
        }
    }

    /// What may follow the pending keys: the rest of the sequence, and what it does.
    pub fn continuations(&self, context: Context, pending: &[Key]) -> Vec<(String, &'static str)> {
        let sequences = self.bindings(context).flat_map(|b| b.keys.iter().map(move |sequence| (sequence, b.help)));
        let rest = sequences.filter_map(|(sequence, help)| Some((sequence.strip_prefix(pending)?, help)));
        rest.filter(|(rest, _)| !rest.is_empty()).map(|(rest, help)| (print(rest), help)).collect()
    }

    /// Keys, actions and words for the footer.
    pub fn hints(&self, context: Context) -> Vec<(String, Action, &'static str)> {
        let hint = |binding: &Binding| Some((print(binding.keys.first()?), binding.action, binding.hint?));
        self.bindings(context).filter_map(hint).collect()
    }

    /// The first key bound to an action, where it holds.
    pub fn key_of(&self, action: Action) -> Option<String> {
        let bindings = self.groups.iter().flat_map(|group| &group.bindings);
        bindings
            .filter(|binding| binding.action == action)
            .find_map(|binding| binding.keys.first().map(|keys| print(keys)))
    }
}

/// Where a character that nothing is bound to is text or a hint.
fn takes_text(context: Context) -> bool {
    matches!(context, Context::Prompt | Context::Picker | Context::Links)
}

/// A sequence as it is shown.
pub fn print(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_binds_nothing_twice() {
        let keymap = Keymap::new().expect("every row can be read");
        for context in [
            Context::List,
            Context::Detail,
            Context::Related,
            Context::Prompt,
            Context::Picker,
            Context::Links,
            Context::Confirm,
            Context::Overlay,
            Context::Insights,
        ] {
            let mut known: Vec<&Vec<Key>> = Vec::new();
            for keys in keymap.bindings(context).flat_map(|binding| &binding.keys) {
                assert!(!known.contains(&keys), "{} is bound twice in {context:?}", print(keys));
                assert!(
                    !known.iter().any(|k| k.starts_with(keys) || keys.starts_with(k)),
                    "{} hides another",
                    print(keys)
                );
                known.push(keys);
            }
        }
    }

    #[test]
    fn sequences_wait_and_fall_back() {
        let keymap = Keymap::new().expect("the table");
        let mut pending = Vec::new();
        let mut press = |c| keymap.press(Context::List, &mut pending, Key::plain(Code::Char(c)));
        assert_eq!(press('g'), Pressed::Pending);
        assert_eq!(press('g'), Pressed::Action(Action::Top));
        assert_eq!(press('g'), Pressed::Pending);
        assert_eq!(press('j'), Pressed::Action(Action::Down));
        assert_eq!(press('§'), Pressed::Nothing);
        assert_eq!(press('j'), Pressed::Action(Action::Down));
    }

    #[test]
    fn letters_are_text_where_one_types() {
        let keymap = Keymap::new().expect("the table");
        let typed = keymap.press(Context::Picker, &mut Vec::new(), Key::plain(Code::Char('j')));
        assert_eq!(typed, Pressed::Action(Action::Type('j')));
    }
}
