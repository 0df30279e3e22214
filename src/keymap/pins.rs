//! The keys that saved searches are pinned to.

use std::collections::HashSet;

use super::binding::{Binding, describe, unbind};
use super::default_keys::PANES;
use super::key::{Key, KeyError, print};
use crate::app::{Action, Command};
use crate::config::saved_searches_file::SavedSearchSetting;
use crate::config::{ConfigProblem, LocatedText};

/// Why a search cannot be pinned to keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// The text does not name keys.
    #[error("{0}; write keys such as gm, 4 or <ctrl-t>")]
    Key(#[from] KeyError),
    /// The text names no key, or one that cannot be pressed.
    #[error("no key sends this; write keys such as gm, 4 or <ctrl-t>")]
    NoKey,
    /// The settings bind the keys.
    #[error("the settings bind `{keys}` in line {line}; choose other keys, or change the settings")]
    InSettings {
        /// The keys.
        keys: String,
        /// The line of the settings.
        line: u32,
    },
    /// The keys do something else.
    #[error("`{keys}` is needed for: {does}; choose other keys, such as gm or 4")]
    Bound {
        /// The keys that are bound.
        keys: String,
        /// What they do.
        does: String,
    },
}

fn parse(text: &str) -> Result<Vec<Key>, PinError> {
    let keys = Key::parse_typed(text)?;
    if keys.is_empty() || keys.iter().any(Key::is_control) { Err(PinError::NoKey) } else { Ok(keys) }
}

/// Pins the searches to their keys, in all panes. Keys of the settings win, and so does the first of several searches; both are
/// problems. As in the settings, a pin replaces what its keys do by default.
pub fn pin(bindings: &mut Vec<Binding>, searches: &[SavedSearchSetting]) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    let mut pinned: HashSet<&str> = HashSet::new();
    for search in searches {
        let Some(written) = &search.key else { continue };
        let is_pin = |binding: &Binding| {
            let name = binding.command.argument.as_deref();
            binding.command.action == Action::SavedSearches && name.is_some_and(|name| pinned.contains(name))
        };
        let bound = parse(&written.text).and_then(|keys| {
            let other = in_the_way(bindings, &keys).find(|binding| binding.written_at.is_some() || is_pin(binding));
            let refused = other.map(|binding| refusal(binding, &keys));
            refused.map_or(Ok(keys), Err)
        });
        match bound {
            Ok(keys) => {
                unbind(bindings, PANES, &keys);
                let (contexts, keys, command) = (PANES.to_vec(), vec![keys], Command::shows_saved(&search.name));
                pinned.insert(&search.name);
                bindings.push(Binding { contexts, keys, command, hint: None, written_at: None });
            }
            Err(error) => {
                let what = format!("`{}` is not pinned: {error}", search.name);
                problems.push(ConfigProblem::new(Some(written.at), &what, ""));
            }
        }
    }
    problems
}

/// Binds the keys of searches that are refused to the list of problems: they must not do what they do without the search. Keys of
/// the settings and of other searches win.
pub fn explain_refused(bindings: &mut Vec<Binding>, refused: &[LocatedText]) {
    for written in refused {
        let Ok(keys) = parse(&written.text) else { continue };
        let is_wanted = |binding: &Binding| {
            binding.written_at.is_some()
                || (binding.command.action == Action::SavedSearches && binding.command.argument.is_some())
        };
        if in_the_way(bindings, &keys).any(is_wanted) {
            continue;
        }
        unbind(bindings, PANES, &keys);
        let (contexts, keys, command) = (PANES.to_vec(), vec![keys], Action::Problems.into());
        bindings.push(Binding { contexts, keys, command, hint: None, written_at: None });
    }
}

/// Checks that a search can be pinned to keys without taking them from anything else. Returns the keys as they are shown.
pub fn check(bindings: &[Binding], name: &str, keys: &str) -> Result<String, PinError> {
    let keys = parse(keys)?;
    let own = Command::shows_saved(name);
    let is_other = |binding: &&Binding| binding.command != own || binding.written_at.is_some();
    let refused = in_the_way(bindings, &keys).find(is_other).map(|binding| refusal(binding, &keys));
    refused.map_or_else(|| Ok(print(&keys)), Err)
}

/// The bindings of the panes that could not be typed beside these keys.
fn in_the_way<'a>(bindings: &'a [Binding], keys: &[Key]) -> impl Iterator<Item = &'a Binding> {
    let is_in_panes = |binding: &&Binding| binding.contexts.iter().any(|context| PANES.contains(context));
    bindings.iter().filter(is_in_panes).filter(|binding| binding.conflicts_with(keys))
}

/// Why keys cannot be pinned, because of a binding.
fn refusal(binding: &Binding, keys: &[Key]) -> PinError {
    let bound = binding.keys.iter().find(|bound| bound.starts_with(keys) || keys.starts_with(bound));
    let keys = bound.map(|bound| print(bound)).unwrap_or_default();
    match binding.written_at {
        Some((line, _)) => PinError::InSettings { keys, line },
        None => PinError::Bound { keys, does: describe(&binding.command) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Context;
    use crate::config::{KeySettings, saved_searches_file};
    use crate::keymap::{KeyResult, Keymap, PendingKeys};

    /// The keymap of some settings and saved searches, and the problems of the searches.
    fn pinned(settings: &str, searches: &str) -> (Keymap, Vec<String>) {
        let (settings, problems) = KeySettings::parse(settings);
        assert_eq!(problems, []);
        let (mut keymap, problems) = Keymap::with(&settings).expect("the table");
        assert_eq!(problems, []);
        let (searches, problems) = saved_searches_file::parse(searches);
        assert_eq!(problems, []);
        let problems = keymap.pin(&searches);
        let at =
            |problem: &ConfigProblem| problem.at.map(|(line, column)| format!("{line}:{column} ")).unwrap_or_default();
        let problems = problems.iter().map(|problem| at(problem) + &problem.to_string()).collect();
        (keymap, problems)
    }

    fn press(keymap: &Keymap, context: Context, keys: &str) -> Option<Command> {
        let mut pending = PendingKeys::default();
        let pressed =
            Key::parse_all(keys).expect("keys").into_iter().map(|key| keymap.press(context, &mut pending, key));
        match pressed.last() {
            Some(KeyResult::Command(command, _)) => Some(command),
            _ => None,
        }
    }

    #[test]
    fn a_pinned_search_is_shown_by_its_keys_in_all_panes() {
        let (keymap, problems) =
            pinned("", "my news: {query: x, key: 'gm'}\nb: {query: y, key: 7}\nc: {query: z, key: S}\nd: x\n");
        assert_eq!(problems, Vec::<String>::new());
        for context in [Context::List, Context::Detail, Context::Related, Context::Navigation] {
            assert_eq!(press(&keymap, context, "gm"), Some(Command::shows_saved("my news")), "{context:?}");
            assert_eq!(press(&keymap, context, "7"), Some(Command::shows_saved("b")), "{context:?}");
            assert_eq!(press(&keymap, context, "S"), Some(Command::shows_saved("c")), "in place of a default key");
            assert_eq!(press(&keymap, context, "gg"), Some(Action::Top.into()), "{context:?}");
        }
        assert_eq!(press(&keymap, Context::Prompt, "7"), Some(Action::Type('7').into()));
        assert_eq!(keymap.keys_of(&Command::shows_saved("my news")), ["g m"]);
        let pending = Key::parse_all("g").expect("keys");
        let following = keymap.continuations(Context::List, &pending);
        assert!(following.contains(&("m".to_owned(), "saved my news".to_owned())), "{following:?}");
    }

    #[test]
    fn blanks_in_a_pin_only_separate_keys() {
        let (keymap, problems) = pinned("", "a: {query: x, key: g z}\nb: {query: y, key: g Space 9}\n");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(press(&keymap, Context::List, "gz"), Some(Command::shows_saved("a")));
        assert_eq!(press(&keymap, Context::List, "g<space>9"), Some(Command::shows_saved("b")));
        assert_eq!(keymap.check_pin("c", "g <space>8"), Ok("g Space 8".to_owned()));
    }

    #[test]
    fn keys_of_the_settings_and_of_earlier_searches_win() {
        let searches = "a: {query: x, key: gm}\nb: {query: y, key: \"4\"}\nc: {query: z, key: g}\nd: {query: z, key: <nokey>}\ne: {query: z, key: \"\"}\nf: {query: z, key: 4}\n";
        let (keymap, problems) = pinned("panes:\n  gm: star\nlist:\n  <f7>: undo\n", searches);
        let expected = [
            "1:20 `a` is not pinned: the settings bind `g m` in line 2; choose other keys, or change the settings",
            "3:20 `c` is not pinned: the settings bind `g m` in line 2; choose other keys, or change the settings",
            "4:20 `d` is not pinned: unknown key `<nokey>`; keys are written like <enter>, <space>, <f5>, <ctrl-d>; write keys such as gm, 4 or <ctrl-t>",
            "5:21 `e` is not pinned: no key sends this; write keys such as gm, 4 or <ctrl-t>",
            "6:20 `f` is not pinned: `4` is needed for: saved b; choose other keys, such as gm or 4",
        ];
        assert_eq!(problems, expected);
        assert_eq!(press(&keymap, Context::List, "gm"), Some(Action::Star.into()));
        assert_eq!(press(&keymap, Context::List, "4"), Some(Command::shows_saved("b")));
    }

    #[test]
    fn the_key_of_a_refused_search_shows_the_problems() {
        for (text, problems) in [
            ("'': {query: x, key: m}\n", 1),
            ("' a': {query: x, key: m}\n", 1),
            ("[a]: {query: x, key: m}\n", 1),
            ("a: {query: [x], key: m}\n", 1),
            ("a: {key: m}\n", 1),
            ("a: {query: x, key: m}\na: {query: y, key: gm}\n", 1),
            ("a: {query: x, key: m}\na: y\n", 1),
        ] {
            let read = saved_searches_file::read_text(text);
            assert_eq!(read.problems.len(), problems, "{text}: {:?}", read.problems);
            let (mut keymap, _) = Keymap::with(&KeySettings::default()).expect("the table");
            assert_eq!(press(&keymap, Context::List, "m"), Some(Action::ToggleRead.into()));
            assert_eq!(keymap.pin(&read.searches), []);
            keymap.explain_refused(&read.refused_keys);
            for context in [Context::List, Context::Detail, Context::Related, Context::Navigation] {
                assert_eq!(press(&keymap, context, "m"), Some(Action::Problems.into()), "{text} {context:?}");
            }
            assert_eq!(press(&keymap, Context::Prompt, "m"), Some(Action::Type('m').into()));
        }
    }

    #[test]
    fn keys_of_refused_searches_take_nothing_from_others() {
        let (mut keymap, _) = pinned("panes:\n  gz: star\n", "a: {query: x, key: gm}\n");
        let read = saved_searches_file::read_text(
            "b: {query: [x], key: gm}\nc: {query: [x], key: gz}\nd: {query: [x], key: g}\ne: {query: [x], key: <nokey>}\n",
        );
        assert_eq!(read.refused_keys.len(), 4);
        keymap.explain_refused(&read.refused_keys);
        assert_eq!(press(&keymap, Context::List, "gm"), Some(Command::shows_saved("a")));
        assert_eq!(press(&keymap, Context::List, "gz"), Some(Action::Star.into()));
        assert_eq!(press(&keymap, Context::List, "gg"), Some(Action::Top.into()));
    }

    #[test]
    fn a_search_is_pinned_only_to_free_keys() {
        let (keymap, _) = pinned("panes:\n  gz: star\n", "a: {query: x, key: gm}\n");
        for (name, keys, refused) in [
            ("a", "gm", ""),
            ("b", "g9", ""),
            ("b", " <f7> ", ""),
            ("b", "g 9", ""),
            ("b", "F7", ""),
            ("b", "g g", "`g g` is needed for: go to the top"),
            ("b", "g m", "`g m` is needed for: saved a"),
            ("b", "gm", "`g m` is needed for: saved a; choose other keys, such as gm or 4"),
            ("b", "S", "`S` is needed for: choose"),
            ("b", "g", "`g g` is needed for: go to the top"),
            ("b", "Sx", "`S` is needed for: choose"),
            ("b", "gz", "the settings bind `g z` in line 2"),
            ("b", "\u{1}", "no key sends this"),
            ("b", "", "no key sends this"),
        ] {
            let checked = keymap.check_pin(name, keys).map_err(|error| error.to_string());
            match refused {
                "" => assert!(checked.is_ok(), "{keys}: {checked:?}"),
                refused => assert!(checked.clone().is_err_and(|error| error.contains(refused)), "{keys}: {checked:?}"),
            }
        }
    }
}
