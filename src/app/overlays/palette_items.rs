//! The commands that the palette offers for a typed text, the best first: by name, synonym, description, and letters.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::action::Action;
use crate::app::bound_commands::BoundCommands;
use crate::app::commands::{self, Argument, Command, NamedAction};
use crate::feed::{SafeText, clean};
use crate::query::nearest_name;

/// Limit of names of topics, providers and the like that are offered as arguments.
const MAX_NAMES: usize = 200;
/// Most letters that a typed abbreviation leaves out between two letters of a word: `mkrd` is `mark-read`.
const MAX_GAP: usize = 2;
/// Fewest letters of a synonym that find it, unless all are typed.
const MIN_SYNONYM: usize = 3;

/// A command in the palette or in help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteItem {
    /// The command that Enter runs.
    pub command: Command,
    /// Its name, with a placeholder for the argument: `topic TOPIC`.
    pub name: SafeText,
    /// Its description.
    pub help: SafeText,
    /// In help: its keys in the context of its section.
    pub keys: SafeText,
    /// The typed text is its name, a synonym, or starts words of its name. Enter runs other matches only after a frame
    /// has shown them.
    pub is_sure: bool,
}

/// Calls a function with each name that an argument can have.
pub type ArgumentNames<'a> = &'a dyn Fn(Argument, &mut dyn FnMut(&str));

/// The notice that no command matches, with the nearest name.
pub fn no_command(typed: &str) -> SafeText {
    // What follows the first word is an argument, which the names do not have.
    let name = typed.split_whitespace().next().unwrap_or_default();
    let meant = nearest_name(name, commands::all().map(|named| named.name));
    let meant = meant.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
    clean::plain_line(&format!("No command `{}`{meant}", clean::quote(typed)))
}

/// The argument that a command accepts.
pub fn argument_of(command: &Command) -> Option<Argument> {
    command.action.named()?.argument
}

/// An action without an argument.
pub fn action_item(named: &NamedAction) -> PaletteItem {
    let name = match named.argument {
        Some(argument) => clean::plain_line(&format!("{} {}", named.name, argument.word())),
        None => named.name.into(),
    };
    let command = named.action.into();
    PaletteItem { command, name, help: named.help.into(), keys: SafeText::default(), is_sure: false }
}

/// A command with an argument that the settings bind to a key.
pub fn user_item(command: &Command) -> PaletteItem {
    PaletteItem {
        command: command.clone(),
        name: clean::plain_line(&command.to_string()),
        help: argument_of(command).map_or("", Argument::help).into(),
        keys: SafeText::default(),
        is_sure: false,
    }
}

/// The commands with an argument that the settings bind to keys, and those of the settings, with the programs that they run.
pub fn user_items(bound: &BoundCommands) -> Vec<PaletteItem> {
    let item = |command: &Command| {
        let item = user_item(command);
        match bound.program(command) {
            Some(program) => PaletteItem { help: clean::run(&format!("{}: {program}", item.help)), ..item },
            None => item,
        }
    };
    bound.with_argument().into_iter().map(item).collect()
}

/// How well a command matches the typed text, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchQuality {
    /// The typed text abbreviates its name; with the score.
    Letters(u32),
    /// The typed words start words of its description.
    Help,
    /// The typed words start words of a synonym.
    Synonym,
    /// The typed words start words of its name; with the score.
    Words(u32),
    /// The typed text is a synonym.
    WholeSynonym,
    /// The typed text is its name.
    Name,
}

impl MatchQuality {
    /// Whether Enter may run the command before a frame has shown it.
    fn is_sure(self) -> bool {
        !matches!(self, MatchQuality::Letters(_) | MatchQuality::Help)
    }
}

/// The items of the palette that match the typed text, the best first.
pub fn ranked(user: Vec<PaletteItem>, typed: &str) -> Vec<PaletteItem> {
    let all = commands::palette_actions().map(action_item).chain(user);
    let (words, pattern, mut matcher) = (words_of(typed), pattern(typed), Matcher::new(Config::DEFAULT));
    let is_typo = is_typo(typed.trim());
    let mut fit = |item: &PaletteItem| {
        let name = item.command.to_string();
        let mut score = || score(&pattern, &mut matcher, &name).unwrap_or(0);
        let synonym = synonym_quality(item.command.action, &words).filter(|_| item.command.argument.is_none());
        match () {
            () if name == typed.trim() => Some(MatchQuality::Name),
            () if synonym == Some(MatchQuality::WholeSynonym) => synonym,
            () if start_words(&words, &name) => Some(MatchQuality::Words(score())),
            () if synonym.is_some() => synonym,
            () if start_words(&words, item.help.as_str()) => Some(MatchQuality::Help),
            () if !is_typo && words.iter().all(|word| abbreviates(word, &name)) => Some(MatchQuality::Letters(score())),
            () => None,
        }
    };
    let mut fitting: Vec<(MatchQuality, PaletteItem)> = all.filter_map(|item| Some((fit(&item)?, item))).collect();
    fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit)); // stable: equal matches stay in the order of help
    let is_sure = |fit: MatchQuality| fit.is_sure() && !words.is_empty();
    fitting.into_iter().map(|(fit, item)| PaletteItem { is_sure: is_sure(fit), ..item }).collect()
}

/// Whether the text is a name with one typing error: `opne` means `open`, and must not match `open-and-next` by its letters.
fn is_typo(typed: &str) -> bool {
    typed.chars().count() >= 4 && commands::all().any(|named| strsim::damerau_levenshtein(named.name, typed) == 1)
}

/// The typed words, in lower case.
pub fn words_of(typed: &str) -> Vec<String> {
    typed.split_whitespace().map(str::to_lowercase).collect()
}

/// Whether each typed word starts at a word of a text. It may go on into the next word: `read-an`.
pub fn start_words(typed: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    let is_inner = |c: char| c.is_alphanumeric();
    typed.iter().all(|word| text.match_indices(word.as_str()).any(|(at, _)| !text[..at].ends_with(is_inner)))
}

/// Whether a typed word abbreviates a name: its letters are in the name in this order, those in each word of the name begin with the
/// first letter of that word, and few letters are left out between them. A plain fuzzy match would find a command for almost any word.
fn abbreviates(typed: &str, name: &str) -> bool {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let starts_word =
        |at: usize| at.checked_sub(1).is_none_or(|before| name.get(before).is_some_and(|c| !c.is_alphanumeric()));
    // The places where the letters typed so far can end.
    let mut ends: Vec<Option<usize>> = vec![None];
    for letter in typed.chars() {
        let follows = |end: Option<usize>, at: usize| match end {
            None => starts_word(at),
            Some(end) => {
                let is_near = at > end && at - end <= MAX_GAP + 1;
                let is_in_word =
                    || name.get(end..at).is_some_and(|between| between.iter().all(|c| c.is_alphanumeric()));
                at > end && starts_word(at) || is_near && is_in_word()
            }
        };
        let places = name.iter().enumerate().filter(|(_, c)| **c == letter).map(|(at, _)| at);
        ends = places.filter(|at| ends.iter().any(|end| follows(*end, *at))).map(Some).collect();
    }
    !ends.is_empty()
}

/// How well the typed words match the synonyms of an action: the whole of one, or the start of its words.
fn synonym_quality(action: Action, typed: &[String]) -> Option<MatchQuality> {
    let letters: usize = typed.iter().map(|word| word.chars().count()).sum();
    let whole = typed.join(" ");
    let synonyms = commands::SYNONYMS.iter().filter(|(_, other)| *other == action).flat_map(|(words, _)| *words);
    let quality = |synonym: &&str| match () {
        () if **synonym == *whole => Some(MatchQuality::WholeSynonym),
        () if letters >= MIN_SYNONYM && start_words(typed, synonym) => Some(MatchQuality::Synonym),
        () => None,
    };
    synonyms.filter_map(quality).max()
}

/// The items for a typed name of a command and its argument; `None` if no name is typed whole, or it has no argument, or a
/// description is typed.
pub fn with_typed_argument(typed: &str, names: ArgumentNames) -> Option<Vec<PaletteItem>> {
    let (name, rest) = typed.split_once(char::is_whitespace)?;
    let named = commands::all().find(|named| named.name == name)?;
    let (argument, rest) = (named.argument?, rest.trim());
    // `run your command` is a description, and no name.
    let is_description = argument == Argument::OwnCommand
        && !rest.is_empty()
        && start_words(&words_of(rest), argument.help())
        && best_names(argument, rest, names).is_empty();
    (!is_description).then(|| with_argument(named, argument, rest, names))
}

/// The items for a command with an argument: one for each matching name, or the typed argument itself.
fn with_argument(named: &NamedAction, argument_of: Argument, rest: &str, names: ArgumentNames) -> Vec<PaletteItem> {
    let words = words_of(rest);
    let item = |argument: Option<String>| {
        let help = if argument.is_some() { argument_of.help() } else { named.help };
        // A name that does not contain the typed words is only a fuzzy match.
        let is_sure = argument.as_ref().is_none_or(|name| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word.as_str()))
        });
        let command = Command { action: named.action, argument };
        let name = clean::plain_line(&command.to_string());
        PaletteItem { name, command, help: help.into(), keys: SafeText::default(), is_sure }
    };
    let typed = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
    let names = best_names(argument_of, rest, names);
    // Several names, a reversed sort order, free text: the typed argument is offered as it is.
    match typed.filter(|typed| names.is_empty() || names.first() == Some(typed)) {
        Some(typed) => {
            let others = names.into_iter().filter(|name| *name != typed).map(Some).map(item).collect::<Vec<_>>();
            std::iter::once(item(Some(typed))).chain(others).collect()
        }
        None if names.is_empty() => vec![item(None)],
        None => names.into_iter().map(Some).map(item).collect(),
    }
}

/// The names that match the typed text, the best first, at most [`MAX_NAMES`]. This runs with every key over up to 100,000
/// names, so only names that may be offered are copied.
fn best_names(argument: Argument, typed: &str, names: ArgumentNames) -> Vec<String> {
    let (pattern, mut matcher, mut letters) = (pattern(typed), Matcher::new(Config::DEFAULT), Vec::new());
    let (mut scored, mut least): (Vec<(u32, String)>, Option<u32>) = (Vec::new(), None);
    // A stable sort keeps names with equal scores in their order.
    let settle = |scored: &mut Vec<(u32, String)>| {
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.truncate(MAX_NAMES);
    };
    names(argument, &mut |name| {
        let score = pattern.score(Utf32Str::new(name, &mut letters), &mut matcher);
        // `>`: of names with equal scores the earlier win, and they are already in the list.
        let Some(score) = score.filter(|score| least.is_none_or(|least| *score > least)) else { return };
        scored.push((score, name.to_owned()));
        // Sort only when twice the limit is reached, so that most names cost one comparison.
        if scored.len() >= 2 * MAX_NAMES {
            settle(&mut scored);
            least = scored.last().map(|(score, _)| *score);
        }
    });
    settle(&mut scored);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// A fuzzy pattern without special characters: in a parsed pattern `!`, `^` and `'` would be operators.
fn pattern(typed: &str) -> Pattern {
    Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy)
}

fn score(pattern: &Pattern, matcher: &mut Matcher, text: &str) -> Option<u32> {
    pattern.score(Utf32Str::new(text, &mut Vec::new()), matcher)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands_for(typed: &str) -> Vec<String> {
        let user = [Command { action: Action::Topics, argument: Some("tides".to_owned()) }];
        let names = |argument: Argument, visit: &mut dyn FnMut(&str)| {
            let names: &[&str] = match argument {
                Argument::Topic => &["AI", "Machine Learning", "Tides"],
                Argument::Order => &["date", "-date", "quality", "-quality"],
                _ => &[],
            };
            names.iter().for_each(|name| visit(name));
        };
        offered(typed, &[&user[0]], &names).iter().map(|item| item.command.to_string()).collect()
    }

    fn offered(typed: &str, user: &[&Command], names: ArgumentNames) -> Vec<PaletteItem> {
        with_typed_argument(typed.trim_start(), names)
            .unwrap_or_else(|| ranked(user.iter().map(|command| user_item(command)).collect(), typed.trim_start()))
    }

    #[test]
    fn a_few_letters_find_a_command() {
        for (typed, first) in [
            ("star", "star"),
            ("mkun", "mark-unread"),
            ("undo", "undo"),
            ("quit", "quit"),
            ("browser", "open"),
            ("tides", "topic tides"),
            ("clipbord", ""),
            ("mark unread", "mark-unread"),
            ("read-an", "read-and-next"),
            ("bookmark", "star"),
            ("dark", "theme"),
            ("favourites", "star"),
            ("exit", "quit-now"),
        ] {
            assert_eq!(commands_for(typed).first().map_or("", String::as_str), first, "{typed}");
        }
        assert_eq!(commands_for("").len(), commands::palette_actions().count() + 1);
    }

    #[test]
    fn unrelated_words_find_no_command() {
        let words = "nonsense frob asdf zzz rowser ! !zzz ^nonsense ' rain moon forest river coat loan pants horse stone sheep dog \
                     train lion pear mouse bird nest dear need raid trade piano sister orange garden winter dinner pencil \
                     window doctor cousin";
        for typed in words.split_whitespace().chain(["unstar the cat", "delete all of it"]) {
            assert_eq!(commands_for(typed), [""; 0], "{typed}");
        }
    }

    #[test]
    fn synonyms_of_other_programs_find_commands_first() {
        for (typed, first) in [
            ("bookmark", "star"),
            ("favourite", "star"),
            ("favorites", "star"),
            ("read later", "star"),
            ("dark", "theme"),
            ("colorscheme", "theme"),
            ("export", "export-marks"),
            ("filter", "search"),
            ("find", "search"),
            ("grep", "search"),
            ("browser", "open"),
            ("website", "open"),
            ("reload", "sync"),
            ("refresh", "sync"),
            ("reload all", "sync-all"),
            ("catchup", "read-all"),
            ("catch up", "read-all"),
            ("mark all", "read-all"),
            ("mark feed read", "read-all"),
            ("next unread", "next"),
            ("show urls", "links"),
            ("urls", "links"),
            ("feeds", "provider"),
            ("sidebar", "navigation"),
            ("labels", "topic"),
            ("unsubscribe", "subscriptions"),
            ("add feed", "subscribe"),
            ("follow", "subscribe"),
            ("delete", "hide"),
            ("archive", "hide"),
            ("clear filter", "clear"),
            ("preferences", "settings"),
            ("config", "settings"),
            ("shortcuts", "help"),
            ("q", "quit"),
            ("wq", "quit-now"),
            ("exit", "quit-now"),
            ("w", "write"),
            ("e", "edit"),
            ("toc", "outline"),
            ("yank", "copy-link"),
            ("fullscreen", "zen"),
            ("stats", "insights"),
            ("recent", "history"),
            ("opml", "welcome"),
            ("messages", "notices"),
            ("errors", "problems"),
            ("metadata", "details"),
            ("threads", "stories"),
            ("visual", "range"),
        ] {
            assert_eq!(commands_for(typed).first().map_or("", String::as_str), first, "{typed}");
        }
    }

    #[test]
    fn a_synonym_is_no_name_and_leads_to_one_action() {
        for (words, action) in commands::SYNONYMS {
            for word in *words {
                assert!(
                    !commands::palette_actions().any(|named| named.name == *word),
                    "{word} is the name of a command"
                );
                let others = commands::SYNONYMS.iter().filter(|(others, _)| others.contains(word)).count();
                assert_eq!(others, 1, "{word}");
                assert!(commands::palette_actions().any(|named| named.action == *action), "{word}");
            }
        }
    }

    #[test]
    fn an_abbreviation_has_the_first_letters_of_the_words_in_it() {
        for (typed, name, expected) in [
            ("mkun", "mark-unread", true),
            ("mkrd", "mark-read", true),
            ("man", "mark-unread", false),
            ("rdnx", "read-and-next", true),
            ("red", "read-and-next", true),
            ("subpro", "subscription-problem", true),
            ("cat", "cursor-start", false),
            ("stone", "subscription-problem", false),
            ("ssn", "subscription", false),
            ("aa", "a", false),
            ("", "x", true),
        ] {
            assert_eq!(abbreviates(typed, name), expected, "{typed}: {name}");
        }
    }

    #[test]
    fn only_sure_matches_run_before_a_frame_shows_them() {
        let names = |argument: Argument, visit: &mut dyn FnMut(&str)| {
            if argument == Argument::Topic {
                ["Cryptocurrency Market", "Crime"].iter().for_each(|name| visit(name));
            }
        };
        for (typed, is_sure) in [
            ("star", true),
            ("mark-un", true),
            ("unread mark", true),
            ("bookm", true),
            ("mkun", false),
            ("browser", true),
            ("reverses", false),
            ("", false),
            ("topic crim", true),
            ("topic crcy", false),
            ("note of my own", true),
            ("topic ", true),
        ] {
            assert_eq!(offered(typed, &[], &names).first().map(|item| item.is_sure), Some(is_sure), "{typed}");
        }
    }

    #[test]
    fn arguments_of_a_command_are_offered() {
        for (typed, offered) in [
            ("topic ", &["topic AI", "topic Machine Learning", "topic Tides"][..]),
            ("topic mal", &["topic Machine Learning"]),
            ("topic ai,tides", &["topic ai,tides"]),
            ("sort -qual", &["sort -quality"]),
            ("sort -quality", &["sort -quality"]),
            ("note read this again", &["note read this again"]),
            ("note ", &["note"]),
            ("search rust async", &["search rust async"]),
        ] {
            assert_eq!(commands_for(typed), offered, "{typed}");
        }
    }

    #[test]
    fn the_best_of_many_names_are_offered() {
        let names: Vec<String> =
            (0..5000).map(|n| format!("{} number {}", ["a", "nu", "n u"][n % 3], n * 7919 % 5000)).collect();
        for typed in ["", "n", "nu9", "number 49", "nu nu", "xyz"] {
            let found = best_names(Argument::Topic, typed, &|_, visit| names.iter().for_each(|name| visit(name)));
            let (pattern, mut matcher) = (pattern(typed), Matcher::new(Config::DEFAULT));
            let mut all: Vec<(u32, &String)> =
                names.iter().filter_map(|name| Some((score(&pattern, &mut matcher, name)?, name))).collect();
            all.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            assert_eq!(
                found,
                all.into_iter().take(MAX_NAMES).map(|(_, name)| name.clone()).collect::<Vec<_>>(),
                "{typed}"
            );
        }
    }
}
