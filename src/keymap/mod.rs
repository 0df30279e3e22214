//! The keymap: which keys run which command in which context, and the keys shown in help and footer.

mod binding;
mod context_names;
mod default_keys;
mod key;
mod mouse;
mod pending_keys;
mod pins;

use std::borrow::Cow;

pub use binding::Binding;
use binding::describe;
use context_names::{takes_count, takes_text};
pub use key::{Code, Key, KeyError, print};
pub use mouse::{MouseGesture, MouseInput, MouseTracker};
pub use pending_keys::PendingKeys;
pub use pins::PinError;

use crate::app::{Action, BoundCommand, BoundCommands, Command, Context, Count};
use crate::config::saved_searches_file::SavedSearchSetting;
use crate::config::{CommandList, ConfigProblem, KeySettings, LocatedText, Preset};

/// All key bindings.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// A hint for a key in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHint {
    /// The key, as it is printed.
    pub key: String,
    /// What it does.
    pub action: Action,
    /// A word for that.
    pub word: Cow<'static, str>,
    /// Whether the key is pressed every day: the footer drops other hints first.
    pub is_daily: bool,
}

/// The result of a key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyResult {
    /// The sequence is complete and runs this command, with the count typed before it.
    Command(Command, Count),
    /// The keys are a count or the start of a longer sequence.
    Pending,
    /// Nothing is bound to the key, or it dropped the pending ones.
    Unbound,
}

impl Keymap {
    /// The default keys. A test checks that they give no error.
    pub fn new() -> Result<Keymap, KeyError> {
        Ok(Keymap { bindings: binding::default_bindings()? })
    }

    /// The default keys, then the preset, then the bindings of the settings. Returns the problems of the settings.
    pub fn with(settings: &KeySettings) -> Result<(Keymap, Vec<ConfigProblem>), KeyError> {
        let mut bindings = binding::default_bindings()?;
        if let Some(text) = preset(settings.preset) {
            // A test checks that presets have no problems. The settings may rebind keys of a preset, so its bindings count as
            // defaults: they have no place in a file.
            let (preset, _) = KeySettings::parse(text);
            let _ = binding::bind(&mut bindings, &preset);
            bindings.iter_mut().for_each(|binding| binding.written_at = None);
        }
        let problems = binding::bind(&mut bindings, settings);
        Ok((Keymap { bindings }, problems))
    }

    /// Binds the keys of the user's commands. Returns the problems of the settings, also of keys that run a command that does not exist.
    pub fn bind_commands(&mut self, commands: &CommandList) -> Vec<ConfigProblem> {
        binding::bind_commands(&mut self.bindings, commands)
    }

    /// Pins saved searches to the keys that their file names. Returns the problems of that file.
    pub fn pin(&mut self, searches: &[SavedSearchSetting]) -> Vec<ConfigProblem> {
        pins::pin(&mut self.bindings, searches)
    }

    /// Binds the keys of refused saved searches to the list of problems, which says why they are refused.
    pub fn explain_refused(&mut self, keys: &[LocatedText]) {
        pins::explain_refused(&mut self.bindings, keys);
    }

    /// Checks that a saved search can be pinned to keys without taking them from anything else. Returns the keys as they are shown.
    pub fn check_pin(&self, name: &str, keys: &str) -> Result<String, PinError> {
        pins::check(&self.bindings, name, keys)
    }

    /// All bindings.
    pub fn all(&self) -> &[Binding] {
        &self.bindings
    }

    /// The commands of each context with their keys.
    pub fn bound_commands(&self) -> BoundCommands {
        let mut all: Vec<BoundCommand> = Vec::new();
        for context in default_keys::EVERYWHERE.iter().copied() {
            let first = all.len();
            for Binding { command, keys, .. } in self.bindings(context) {
                let at = all.iter().skip(first).position(|bound| bound.command == *command).map(|at| first + at);
                let keys = keys.iter().map(|keys| print(keys));
                match at.and_then(|at| all.get_mut(at)) {
                    Some(bound) => bound.keys.extend(keys),
                    None => all.push(BoundCommand { context, command: command.clone(), keys: keys.collect() }),
                }
            }
        }
        BoundCommands::new(all)
    }

    fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| binding.contexts.contains(&context))
    }

    /// Resolves a key that only some terminals can distinguish from another one, such as Ctrl-i and Tab: if nothing is bound
    /// to it after the pending keys, it is that other key.
    pub fn resolve_key(&self, context: Context, pending: &[Key], key: Key) -> Key {
        let Some(other) = key.without_protocol() else { return key };
        let continues = |key: Key| {
            let mut rest = self.bindings(context).flat_map(|binding| &binding.keys);
            rest.any(|sequence| sequence.strip_prefix(pending).is_some_and(|rest| rest.first() == Some(&key)))
        };
        // A key with a binding of its own stays itself in the middle of a sequence, unless the other key continues the
        // sequence.
        if continues(key) || !continues(other) && self.is_first(context, key) { key } else { other }
    }

    /// Whether a sequence of a context begins with a key.
    fn is_first(&self, context: Context, key: Key) -> bool {
        self.bindings(context).flat_map(|binding| &binding.keys).any(|sequence| sequence.first() == Some(&key))
    }

    /// Handles a key after the pending ones. The caller keeps the pending keys.
    pub fn press(&self, context: Context, pending: &mut PendingKeys, key: Key) -> KeyResult {
        // A digit that begins a sequence is no count, but within a count every digit is a part of it.
        let may_count = takes_count(context) && (pending.count().typed().is_some() || !self.is_first(context, key));
        if may_count && pending.push_digit(key) {
            return KeyResult::Pending;
        }
        // Esc takes typed keys away before anything else, unless it continues their sequence.
        let drops = key == Key::plain(Code::Esc) && !pending.is_empty();
        pending.push(key);
        let pressed = match (self.lookup(context, pending), pending.keys().len()) {
            (KeyResult::Command(..), 1) if drops => KeyResult::Unbound,
            (pressed, _) => pressed,
        };
        if pressed == KeyResult::Unbound && pending.keys().len() > 1 && !drops {
            // The sequence is not bound: handle the last key on its own.
            pending.clear();
            return self.press(context, pending, key);
        }
        if pressed != KeyResult::Pending {
            pending.clear();
        }
        pressed
    }

    fn lookup(&self, context: Context, pending: &PendingKeys) -> KeyResult {
        let keys = pending.keys();
        let sequences =
            || self.bindings(context).flat_map(|b| b.keys.iter().map(move |sequence| (sequence, &b.command)));
        if let Some((_, command)) = sequences().find(|(sequence, _)| *sequence == keys) {
            return KeyResult::Command(command.clone(), pending.count());
        }
        if sequences().any(|(sequence, _)| sequence.starts_with(keys)) {
            return KeyResult::Pending;
        }
        match keys {
            [Key { code: Code::Char(c), ctrl: false }] if takes_text(context) => {
                KeyResult::Command(Action::Type(*c).into(), Count::default())
            }
            _ => KeyResult::Unbound,
        }
    }

    /// The sequences that continue the pending keys: the remaining keys and a description. None after a count alone, which every key
    /// can follow.
    pub fn continuations(&self, context: Context, pending: &[Key]) -> Vec<(String, String)> {
        if pending.is_empty() {
            return Vec::new();
        }
        let sequences = self.bindings(context).flat_map(|b| b.keys.iter().map(move |sequence| (sequence, &b.command)));
        let rest = sequences.filter_map(|(sequence, command)| Some((sequence.strip_prefix(pending)?, command)));
        rest.filter(|(rest, _)| !rest.is_empty()).map(|(rest, command)| (print(rest), describe(command))).collect()
    }

    /// The keys that complete the pending ones, by the index of their line in [`continuations`](Keymap::continuations).
    pub fn completing_keys(&self, context: Context, pending: &[Key], at: usize) -> Vec<Key> {
        let sequences = self.bindings(context).flat_map(|binding| &binding.keys);
        let rest = sequences.filter_map(|sequence| sequence.strip_prefix(pending)).filter(|rest| !rest.is_empty());
        rest.map(<[Key]>::to_vec).nth(at).unwrap_or_default()
    }

    /// The hints for the footer, with the keys that are bound now. An action without a key has no hint.
    pub fn hints(&self, context: Context) -> Vec<KeyHint> {
        let rows = default_keys::DEFAULT.iter().filter(|row| row.contexts.contains(&context));
        let hint = |row: &default_keys::DefaultBinding| {
            let (action, word, is_daily) = (row.action, Cow::Borrowed(row.hint?), row.is_daily);
            Some(KeyHint { key: self.hinted_key(context, row)?, action, word, is_daily })
        };
        let mut hints: Vec<KeyHint> = rows.filter_map(hint).collect();
        // Before the last one, which leads to all other keys.
        let end = hints.len().saturating_sub(1);
        hints.splice(end..end, self.own_hints(context));
        hints
    }

    /// The hints for the user's commands.
    fn own_hints(&self, context: Context) -> Vec<KeyHint> {
        let own = self.bindings(context).filter(|binding| binding.command.action == Action::RunCommand);
        let hint = |binding: &Binding| {
            let word = Cow::Owned(binding.command.argument.clone()?);
            Some(KeyHint { key: print(binding.keys.first()?), action: Action::RunCommand, word, is_daily: false })
        };
        own.filter_map(hint).collect()
    }

    /// The shortest key bound to an action in a context; of several, one of the settings or the preset, as its user knows it best.
    fn hinted_key(&self, context: Context, row: &default_keys::DefaultBinding) -> Option<String> {
        let bindings = self.bindings(context).filter(|binding| binding.command == row.action.into());
        // Two hints may name the same action: in a question, `n no` and `Esc close`.
        let bindings = bindings.filter(|binding| binding.hint.is_none() || binding.hint == row.hint);
        let keys = bindings.filter_map(|binding| Some((binding.hint.is_some(), print(binding.keys.first()?))));
        keys.min_by_key(|(is_default, key)| (key.chars().count(), *is_default)).map(|(_, key)| key)
    }

    /// The first key bound to an action, in the panes if possible.
    pub fn key_of(&self, action: Action) -> Option<String> {
        self.keys_of(&action.into()).into_iter().next()
    }

    /// The first key bound to an action in a context.
    pub fn key_in(&self, context: Context, action: Action) -> Option<String> {
        let mut there = self.bindings(context).filter(|binding| binding.command == action.into());
        there.find_map(|binding| binding.keys.first()).map(|keys| print(keys))
    }

    /// All keys bound to a command in the panes; if there are none, in the other contexts except yes/no questions.
    pub fn keys_of(&self, command: &Command) -> Vec<String> {
        let in_panes = self.keys_where(command, |context| default_keys::PANES.contains(context));
        if in_panes.is_empty() { self.keys_where(command, |context| *context != Context::Confirm) } else { in_panes }
    }

    fn keys_where(&self, command: &Command, applies: impl Fn(&Context) -> bool) -> Vec<String> {
        let mut keys = Vec::new();
        let is_it = |binding: &&Binding| binding.command == *command && binding.contexts.iter().any(&applies);
        for sequence in self.bindings.iter().filter(is_it).flat_map(|binding| &binding.keys) {
            let shown = print(sequence);
            if !keys.contains(&shown) {
                keys.push(shown);
            }
        }
        keys
    }
}

/// The text of a preset, in the format of the settings.
fn preset(preset: Preset) -> Option<&'static str> {
    match preset {
        Preset::Default => None,
        Preset::Newsboat => Some(include_str!("newsboat.yaml")),
        Preset::Elfeed => Some(include_str!("elfeed.yaml")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(action: Action) -> KeyResult {
        KeyResult::Command(action.into(), Count::default())
    }

    /// The keymap of some settings, and their problems.
    fn bound(text: &str) -> (Keymap, Vec<String>) {
        let (settings, problems) = KeySettings::parse(text);
        assert_eq!(problems, []);
        let (keymap, problems) = Keymap::with(&settings).expect("the table");
        let reported = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {problem}")
        });
        (keymap, reported.collect())
    }

    fn press(keymap: &Keymap, context: Context, keys: &str) -> KeyResult {
        let mut pending = PendingKeys::default();
        let keys = Key::parse_all(keys).expect("keys");
        keys.into_iter().fold(KeyResult::Unbound, |_, key| keymap.press(context, &mut pending, key))
    }

    #[test]
    fn the_default_keys_are_valid_and_unique() {
        let keymap = Keymap::new().expect("every row can be read");
        for context in [
            Context::List,
            Context::Detail,
            Context::Related,
            Context::Navigation,
            Context::Prompt,
            Context::Picker,
            Context::Palette,
            Context::Links,
            Context::Help,
            Context::Confirm,
            Context::Overlay,
            Context::Insights,
            Context::Subscriptions,
            Context::Picture,
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
        let mut pending = PendingKeys::default();
        let mut press = |c| keymap.press(Context::List, &mut pending, Key::plain(Code::Char(c)));
        assert_eq!(press('g'), KeyResult::Pending);
        assert_eq!(press('g'), command(Action::Top));
        assert_eq!(press('g'), KeyResult::Pending);
        assert_eq!(press('j'), command(Action::Down));
        assert_eq!(press('§'), KeyResult::Unbound);
        assert_eq!(press('j'), command(Action::Down));
    }

    /// The result of the last of some keys, and what is pending then.
    fn typed(keymap: &Keymap, context: Context, keys: &str) -> (KeyResult, String) {
        let mut pending = PendingKeys::default();
        let keys = Key::parse_all(keys).expect("keys");
        let last = keys.into_iter().fold(KeyResult::Unbound, |_, key| keymap.press(context, &mut pending, key));
        (last, pending.to_string())
    }

    #[test]
    fn digits_before_a_key_are_a_count() {
        let keymap = Keymap::new().expect("the table");
        let counted = |action: Action, count| KeyResult::Command(action.into(), Count::of(count));
        for (context, keys, result, pending) in [
            (Context::List, "5", KeyResult::Pending, "5"),
            (Context::List, "5j", counted(Action::Down, 5), ""),
            (Context::Detail, "105gg", counted(Action::Top, 105), ""),
            (Context::Detail, "10g", KeyResult::Pending, "10 g"),
            (Context::Navigation, "3<ctrl-d>", counted(Action::HalfPageDown, 3), ""),
            (Context::Subscriptions, "12G", counted(Action::Bottom, 12), ""),
            (Context::List, "99999999999j", counted(Action::Down, Count::MAX), ""),
            // A count of its own, after one that was used up.
            (Context::List, "5j2", KeyResult::Pending, "2"),
            (Context::List, "0", KeyResult::Unbound, ""),
            (Context::List, "5§", KeyResult::Unbound, ""),
            // The sequence is not bound: its last key begins something else, without the count.
            (Context::List, "5gj", command(Action::Down), ""),
            (Context::List, "g5", KeyResult::Pending, "5"),
            // Esc takes the typed keys away, and does nothing else.
            (Context::List, "5<esc>", KeyResult::Unbound, ""),
            (Context::List, "g<esc>", KeyResult::Unbound, ""),
            (Context::List, "5g<esc>", KeyResult::Unbound, ""),
            (Context::List, "5<esc><esc>", command(Action::Cancel), ""),
            (Context::List, "5<esc>j", command(Action::Down), ""),
            // Where a digit is text, the hint of a link or no answer, it is no count.
            (Context::Prompt, "5", command(Action::Type('5')), ""),
            (Context::Links, "5", command(Action::Type('5')), ""),
            (Context::Confirm, "5", KeyResult::Unbound, ""),
        ] {
            assert_eq!(typed(&keymap, context, keys), (result, pending.to_owned()), "{keys} in {context:?}");
        }
    }

    #[test]
    fn a_digit_of_the_settings_is_not_a_count_except_within_one() {
        let (keymap, problems) = bound("panes: {1: all, 2: unread, 3: starred, 45: undo, g<esc>: redo}\n");
        assert_eq!(problems, Vec::<String>::new());
        for (keys, result, pending) in [
            ("2", command(Action::UnreadOnly), ""),
            ("3j", command(Action::Down), ""),
            ("4", KeyResult::Pending, "4"),
            ("45", command(Action::Undo), ""),
            ("52j", KeyResult::Command(Action::Down.into(), Count::of(52)), ""),
            ("gu", command(Action::UnreadOnly), ""),
            ("g<esc>", command(Action::Redo), ""),
            ("6g<esc>", KeyResult::Command(Action::Redo.into(), Count::of(6)), ""),
        ] {
            assert_eq!(typed(&keymap, Context::List, keys), (result, pending.to_owned()), "{keys}");
        }
        assert_eq!(typed(&keymap, Context::Subscriptions, "2"), (KeyResult::Pending, "2".to_owned()));
    }

    #[test]
    fn a_preset_has_a_key_for_each_action_of_a_sequence() {
        let of = |preset| Keymap::with(&KeySettings { preset, ..KeySettings::default() }).expect("the table").0;
        for preset in [Preset::Newsboat, Preset::Elfeed] {
            let keymap = of(preset);
            for row in default_keys::DEFAULT.iter().filter(|row| row.keys.iter().any(|keys| keys.len() == 2)) {
                for context in row.contexts {
                    let key = keymap.key_in(*context, row.action);
                    assert!(key.is_some(), "{preset:?} has no key for {:?} in {context:?}", row.action);
                }
            }
            assert_eq!(press(&keymap, Context::List, ";u"), command(Action::UnreadOnly));
        }
        assert_eq!(press(&of(Preset::Default), Context::List, ";"), KeyResult::Unbound);
    }

    #[test]
    fn letters_are_text_while_typing() {
        let keymap = Keymap::new().expect("the table");
        let typed = keymap.press(Context::Picker, &mut PendingKeys::default(), Key::plain(Code::Char('j')));
        assert_eq!(typed, command(Action::Type('j')));
    }

    #[test]
    fn settings_bind_keys_over_the_default_ones() {
        let topic = Command { action: Action::Topics, argument: Some("ai".to_owned()) };
        let (keymap, problems) = bound(
            "panes:\n  gx: topic ai\n  ä: undo\n  <ctrl-t>: topic\n  j: none\nlist:\n  x: star\n  j: bottom\neverywhere: {<f5>: redraw}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        for (context, keys, pressed) in [
            (Context::List, "gx", KeyResult::Command(topic.clone(), Count::default())),
            (Context::List, "gg", command(Action::Top)),
            (Context::Detail, "ä", command(Action::Undo)),
            (Context::Related, "<ctrl-t>", command(Action::Topics)),
            (Context::List, "t", command(Action::Topics)),
            (Context::Detail, "j", KeyResult::Unbound),
            (Context::List, "j", command(Action::Bottom)),
            (Context::Detail, "<down>", command(Action::Down)),
            (Context::List, "x", command(Action::Star)),
            (Context::Detail, "x", command(Action::Story)),
            (Context::Prompt, "<f5>", command(Action::Redraw)),
        ] {
            assert_eq!(press(&keymap, context, keys), pressed, "{keys} in {context:?}");
        }
        assert_eq!(keymap.bound_commands().with_argument(), [&topic]);
    }

    #[test]
    fn a_letter_bound_everywhere_is_text_while_typing() {
        let (keymap, problems) =
            bound("everywhere: {j: star, gx: star, <space>: star, <ctrl-t>: star}\npalette: {ü: cancel}\n");
        assert_eq!(problems, Vec::<String>::new());
        for context in [Context::Prompt, Context::Palette, Context::Picker, Context::Links] {
            assert_eq!(press(&keymap, context, "<ctrl-t>"), command(Action::Star), "{context:?}");
            assert_eq!(press(&keymap, context, "gx"), press(&Keymap::new().expect("the table"), context, "gx"));
        }
        assert_eq!(press(&keymap, Context::Prompt, "j"), command(Action::Type('j')));
        assert_eq!(press(&keymap, Context::Picker, "<space>"), command(Action::Type(' ')));
        assert_eq!(
            press(&keymap, Context::Palette, "ü"),
            command(Action::Cancel),
            "a binding of the context itself applies"
        );
        for context in [Context::List, Context::Help, Context::Confirm, Context::Insights] {
            assert_eq!(press(&keymap, context, "j"), command(Action::Star), "{context:?}");
        }
    }

    #[test]
    fn keys_that_few_terminals_distinguish_resolve_to_common_keys() {
        let (keymap, problems) = bound("list: {g<tab>: star, a<ctrl-m>: undo, <ctrl-m>: redo}\n");
        assert_eq!(problems, Vec::<String>::new());
        let key = |text: &str| Key::parse_all(text).expect("keys").first().copied().expect("a key");
        for (pending, pressed, counts) in [
            ("", "<ctrl-i>", "<ctrl-i>"),
            ("g", "<ctrl-i>", "<tab>"),
            ("g", "<shift-enter>", "<enter>"),
            ("a", "<ctrl-m>", "<ctrl-m>"),
            ("a", "<ctrl-enter>", "<enter>"),
            ("g", "<ctrl-m>", "<ctrl-m>"),
            ("", "<ctrl-[>", "<esc>"),
            ("", "j", "j"),
        ] {
            let pending = Key::parse_all(pending).expect("keys");
            let resolved = keymap.resolve_key(Context::List, &pending, key(pressed));
            assert_eq!(resolved, key(counts), "{pressed} after {pending:?}");
        }
    }

    #[test]
    fn a_sequence_replaces_conflicting_sequences() {
        let (keymap, problems) = bound("panes:\n  g: bottom\n  oo: open\n");
        assert_eq!(problems, Vec::<String>::new());
        for (keys, pressed) in [
            ("g", command(Action::Bottom)),
            ("o", KeyResult::Pending),
            ("oo", command(Action::OpenOriginal)),
            ("b", command(Action::OpenOriginal)),
            ("<home>", command(Action::Top)),
        ] {
            assert_eq!(press(&keymap, Context::List, keys), pressed, "{keys}");
        }
    }

    #[test]
    fn all_bad_bindings_are_reported_together() {
        let text = "panez:\n  x: undo\npanes:\n  <nokey>: undo\n  x: undoo\n  y: down 3\n  g: top\n  ga: undo\n  ö: none\n  \"\": undo\n  z: frob\n  \"\\e[2J\": undo\n";
        let expected = [
            "1:1 unknown context `panez` (did you mean `panes`?)",
            "4:3 unknown key `<nokey>`; keys are written like <enter>, <space>, <f5>, <ctrl-d>; write `<` itself as <lt>",
            "5:6 unknown action `undoo` (did you mean `undo`?)",
            "6:6 `down` accepts no argument; remove what follows the name",
            "8:3 `g a` conflicts with the keys of line 7; remove one of them: one is the start of the other",
            "9:3 `ö` is not bound in `panes`; remove this line",
            "10:4 no keys given; write a sequence such as gx or <ctrl-d>",
            "11:6 unknown action `frob`; help (?) lists all actions",
            "12:4 no key sends this control character; write <esc>, <tab> or <ctrl-d>",
        ];
        assert_eq!(bound(text).1, expected);
        let none = "list:\n  q: none\n  Q: none\n  <ctrl-c>: none\n";
        assert_eq!(bound(none).1, ["0:0 no key quits from the list; bind a key to `quit`, or quit with the palette"]);
    }

    #[test]
    fn presets_have_no_problems() {
        for preset in [Preset::Newsboat, Preset::Elfeed] {
            let text = super::preset(preset).expect("a text");
            assert_eq!(bound(text).1, Vec::<String>::new(), "{preset:?}");
            let (keymap, problems) =
                Keymap::with(&KeySettings { preset, ..KeySettings::default() }).expect("the table");
            assert_eq!(problems, []);
            // The user may rebind the keys of a preset.
            assert!(keymap.all().iter().all(|binding| binding.written_at.is_none()));
            assert_eq!(press(&keymap, Context::List, "q"), command(Action::Quit));
            assert_eq!(press(&keymap, Context::Prompt, "q"), command(Action::Type('q')));
        }
    }

    #[test]
    fn hints_name_the_keys_that_are_bound_now() {
        let daily = |keymap: &Keymap, context| {
            let hints = keymap.hints(context).into_iter().filter(|hint| hint.is_daily);
            hints.map(|hint| format!("{} {}", hint.key, hint.word)).collect::<Vec<_>>().join("  ")
        };
        let (rebound, problems) = bound("panes: {o: none, <space>: star, s: none, r: none, x: read-on}\n");
        assert_eq!(problems, Vec::<String>::new());
        let preset = |preset| Keymap::with(&KeySettings { preset, ..KeySettings::default() }).expect("the table").0;
        for (keymap, context, hints) in [
            (
                Keymap::new().expect("the table"),
                Context::List,
                "Space on  r read+next  s star  o browser  / search  ? help",
            ),
            (
                Keymap::new().expect("the table"),
                Context::Detail,
                "Space on  r read+next  s star  o browser  / find  ? help",
            ),
            (rebound, Context::Related, "x on  Space star  b browser  / search  ? help"),
            (Keymap::new().expect("the table"), Context::Confirm, ""),
            (preset(Preset::Newsboat), Context::List, "Space on  s star  o browser  / search  ? help"),
            (preset(Preset::Elfeed), Context::List, "Space on  r read+next  * star  o browser  s search  h help"),
        ] {
            assert_eq!(daily(&keymap, context), hints, "{context:?}");
        }
        let question = Keymap::new().expect("the table").hints(Context::Confirm);
        let question: Vec<_> = question.iter().map(|hint| (hint.key.as_str(), &*hint.word)).collect();
        assert_eq!(question, [("y", "yes"), ("n", "no"), ("Esc", "cancel")]);
    }

    #[test]
    fn presets_bind_the_keys_of_their_programs() {
        for (preset, context, keys, action) in [
            (Preset::Newsboat, Context::List, "N", Action::ToggleRead),
            (Preset::Newsboat, Context::List, "s", Action::Star),
            (Preset::Newsboat, Context::Detail, "<ctrl-b>", Action::CopyLink),
            (Preset::Newsboat, Context::Detail, "u", Action::Links),
            (Preset::Newsboat, Context::List, "G", Action::Sort),
            (Preset::Newsboat, Context::List, "r", Action::Sync),
            (Preset::Newsboat, Context::Detail, "R", Action::SyncAll),
            (Preset::Elfeed, Context::List, "G", Action::Sync),
            (Preset::Elfeed, Context::List, "g", Action::Redraw),
            (Preset::Elfeed, Context::List, "R", Action::Sync),
            (Preset::Elfeed, Context::List, "r", Action::ReadAndNext),
            (Preset::Elfeed, Context::List, "b", Action::OpenAndNext),
            (Preset::Elfeed, Context::Detail, "b", Action::OpenOriginal),
            (Preset::Elfeed, Context::List, "n", Action::Down),
            (Preset::Elfeed, Context::Detail, "n", Action::AcrossDown),
            (Preset::Elfeed, Context::List, "+", Action::Tag),
            (Preset::Elfeed, Context::Detail, "-", Action::Untag),
            (Preset::Newsboat, Context::List, "<ctrl-e>", Action::Tag),
        ] {
            let settings = KeySettings { preset, ..KeySettings::default() };
            let (keymap, _) = Keymap::with(&settings).expect("the table");
            assert_eq!(press(&keymap, context, keys), command(action), "{keys} of {preset:?} in {context:?}");
        }
    }

    #[test]
    fn keys_shown_are_those_of_the_panes() {
        let of = |keymap: &Keymap, action: Action| keymap.keys_of(&action.into());
        let keymap = Keymap::new().expect("the table");
        assert_eq!(of(&keymap, Action::Sort), ["S"]);
        assert_eq!(of(&keymap, Action::NextPane), ["Tab"]);
        assert_eq!(of(&keymap, Action::ByDay), ["d"]);
        let settings = KeySettings { preset: Preset::Elfeed, ..KeySettings::default() };
        let (elfeed, _) = Keymap::with(&settings).expect("the table");
        assert_eq!(of(&elfeed, Action::Sort), ["="]);
        assert_eq!(of(&elfeed, Action::Top), ["Home", "<"]);
    }

    #[test]
    fn every_action_has_a_key_or_is_in_the_palette() {
        let keymap = Keymap::new().expect("the table");
        for named in crate::app::commands::all() {
            let in_palette = crate::app::commands::palette_actions().any(|other| other.action == named.action);
            assert!(in_palette || keymap.key_of(named.action).is_some(), "{} cannot be reached", named.name);
        }
        for binding in keymap.all() {
            assert!(binding.command.action.named().is_some(), "{binding:?} has no name");
        }
        assert_eq!(press(&keymap, Context::List, ":"), command(Action::Palette));
    }
}
