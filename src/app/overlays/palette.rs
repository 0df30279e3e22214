//! The command palette, and help: the list of all commands with their keys, which can be searched too.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::commands::{self, Argument, Command, NamedAction};
use crate::app::focus::Context;
use crate::app::frame_info::OverlayInfo;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::scroll::scrolled;
use crate::app::text_input::TextInput;
use crate::feed::{SafeText, clean};
use crate::query::nearest_name;

/// Limit of names of topics, providers and the like that are offered as arguments.
const MAX_NAMES: usize = 200;

/// A command in the palette or in help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteItem {
    /// The command that Enter runs.
    pub command: Command,
    /// Its heading in help; empty in the palette.
    pub group: &'static str,
    /// Its name, with a placeholder for the argument: `topic TOPIC`.
    pub name: SafeText,
    /// Its description.
    pub help: SafeText,
    /// The typed text is its name, a synonym, or starts words of its name. Enter runs other matches only after a frame
    /// has shown them.
    pub is_sure: bool,
}

/// A line of the palette or of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteLine {
    /// A heading.
    Heading(&'static str),
    /// A command, by its index.
    Item(usize),
    /// An empty line.
    Blank,
}

/// The palette or help: the commands that match the typed text.
#[derive(Clone, Debug)]
pub struct Palette {
    /// Whether it is help: with headings, and without typing at first.
    pub is_help: bool,
    /// Whether keys type text.
    pub typing: bool,
    /// The typed text.
    pub input: TextInput,
    /// The selected command.
    pub cursor: OverlayCursor,
    /// A frame has shown the commands that match the typed text.
    is_seen: bool,
    items: Vec<PaletteItem>,
}

/// Calls a function with each name that an argument can have.
type ArgumentNames<'a> = &'a dyn Fn(Argument, &mut dyn FnMut(&str));

impl Palette {
    /// The palette, or help, with all commands.
    pub fn open(is_help: bool, session: &SessionParts) -> Palette {
        Palette::new(is_help, session.user_commands, &|argument, visit| session.names(argument, visit))
    }

    fn new(is_help: bool, user: &[Command], names: ArgumentNames) -> Palette {
        let (input, cursor) = (TextInput::default(), OverlayCursor::default());
        let mut palette = Palette { is_help, typing: !is_help, input, cursor, is_seen: false, items: Vec::new() };
        palette.update_items(user, names);
        palette
    }

    fn update_items_in(&mut self, session: &SessionParts) {
        self.update_items(session.user_commands, &|argument, visit| session.names(argument, visit));
    }

    /// Enter: runs the selected command. A fuzzy match that no frame has shown yet is not run: the user may type ahead of the
    /// screen.
    fn run(&mut self) -> Outcome {
        let typed = self.input.text();
        // Only spaces were typed: without this, Enter would run the first command.
        if !typed.is_empty() && typed.trim().is_empty() {
            return Outcome::Stay(vec![OverlayRequest::Say("Type a command name")]);
        }
        match self.selected() {
            Some(item) if item.is_sure || self.is_seen => {
                Outcome::Close(vec![OverlayRequest::RunCommand(item.command.clone())])
            }
            Some(_) => Outcome::Stay(vec![OverlayRequest::Say("Press the key again to run the selected command")]),
            None => Outcome::Stay(vec![OverlayRequest::Fail(no_command(typed.trim()))]),
        }
    }

    /// The commands that match the typed text.
    pub fn items(&self) -> &[PaletteItem] {
        &self.items
    }

    /// The selected command.
    pub fn selected(&self) -> Option<&PaletteItem> {
        self.items.get(self.cursor.at)
    }

    /// The lines with headings and blank lines.
    pub fn lines(&self) -> Vec<PaletteLine> {
        let mut lines = Vec::new();
        let mut group = "";
        for (at, item) in self.items.iter().enumerate() {
            if item.group != group {
                group = item.group;
                if !lines.is_empty() {
                    lines.push(PaletteLine::Blank);
                }
                lines.push(PaletteLine::Heading(group));
            }
            lines.push(PaletteLine::Item(at));
        }
        lines
    }

    /// The line of the selected command.
    pub fn line(&self) -> usize {
        self.lines().iter().position(|line| *line == PaletteLine::Item(self.cursor.at)).unwrap_or(0)
    }

    /// Whether a line is a command.
    fn is_item(&self, line: usize) -> bool {
        matches!(self.lines().get(line), Some(PaletteLine::Item(_)))
    }

    /// Inserts typed or pasted text.
    fn insert(&mut self, text: &str) {
        self.input.insert(text);
        self.cursor = OverlayCursor::default();
    }

    /// Completes the typed text with the selected command, and a space if it accepts an argument.
    fn complete(&mut self) {
        let Some(item) = self.selected() else { return };
        let accepts_argument = item.command.argument.is_none() && argument_of(&item.command).is_some();
        let text = item.command.to_string() + if accepts_argument { " " } else { "" };
        self.input = TextInput::with(&text);
        self.cursor = OverlayCursor::default();
    }

    /// Finds the commands that match the typed text.
    fn update_items(&mut self, user: &[Command], names: ArgumentNames) {
        self.is_seen = false;
        let typed = self.input.text().trim_start();
        let named = typed.split_once(char::is_whitespace).and_then(|(name, rest)| {
            let named = commands::all().find(|named| named.name == name)?;
            Some((named, named.argument?, rest.trim()))
        });
        self.items = match named {
            Some((named, argument, rest)) => with_argument(named, argument, rest, names),
            None if self.is_help => help(user, typed),
            None => ranked(user, typed),
        };
    }
}

impl OverlayBehaviour for Palette {
    fn context(&self) -> Context {
        if self.typing { Context::Palette } else { Context::Help }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.items.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => return self.run(),
            Action::Back | Action::Cancel | Action::Quit if self.is_help && self.typing => {
                *self = Palette::open(true, session);
            }
            // A second help on top of this one would need a second Esc.
            Action::Help if self.is_help => {}
            Action::Search => self.typing = true,
            Action::Type(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                self.update_items_in(session);
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.cursor = OverlayCursor::default();
                self.update_items_in(session);
            }
            Action::Complete | Action::CompleteBack => {
                self.complete();
                self.update_items_in(session);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, session: &SessionParts) -> Outcome {
        if self.typing {
            self.insert(text);
            self.update_items_in(session);
        }
        Outcome::stay()
    }

    /// Selects the command of a clicked line, without scrolling.
    fn click(&mut self, line: usize, session: &SessionParts) {
        if let Some(PaletteLine::Item(at)) = self.lines().get(line) {
            self.cursor = OverlayCursor { at: *at, top: Some(session.frame.offset) };
        }
    }

    /// True for a command; headings cannot be run.
    fn double_click(&mut self, line: usize) -> bool {
        self.is_item(line)
    }

    fn scroll(&mut self, by: isize, session: &SessionParts) {
        let (frame, lines) = (session.frame, self.lines());
        let top = self.cursor.top.unwrap_or(frame.offset);
        let (top, line) = scrolled((top, self.line()), by, frame.height.max(1), lines.len());
        let item = |line: &PaletteLine| if let PaletteLine::Item(at) = line { Some(*at) } else { None };
        let (before, behind) = lines.split_at(line.min(lines.len()));
        let ahead = if by < 0 { before.iter().rev().find_map(item) } else { None };
        let at = behind.first().and_then(item).or(ahead).or_else(|| behind.iter().find_map(item));
        self.cursor = OverlayCursor { at: at.unwrap_or(self.cursor.at), top: Some(top) };
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Complete => self.typing,
            _ => !matches!(action, Action::Toggle | Action::SaveSearch),
        }
    }

    fn frame_drawn(&mut self, frame: &OverlayInfo) {
        // A screen that is too small draws the frame without the commands.
        self.is_seen = !frame.area.is_empty() && frame.height > 0;
    }
}

/// The notice that no command matches, with the nearest name.
fn no_command(typed: &str) -> SafeText {
    // What follows the first word is an argument, which the names do not have.
    let name = typed.split_whitespace().next().unwrap_or_default();
    let meant = nearest_name(name, commands::all().map(|named| named.name));
    let meant = meant.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
    clean::plain_line(&format!("No command `{}`{meant}", clean::quote(typed)))
}

fn argument_of(command: &Command) -> Option<Argument> {
    command.action.named()?.argument
}

/// An action without an argument.
fn action_item(group: &'static str, named: &NamedAction) -> PaletteItem {
    let name = match named.argument {
        Some(argument) => clean::plain_line(&format!("{} {}", named.name, argument.word())),
        None => named.name.into(),
    };
    PaletteItem { command: named.action.into(), group, name, help: named.help.into(), is_sure: false }
}

fn user_items(user: &[Command]) -> impl Iterator<Item = PaletteItem> + '_ {
    user.iter().map(|command| PaletteItem {
        command: command.clone(),
        group: "Your own",
        name: clean::plain_line(&command.to_string()),
        help: argument_of(command).map_or("", Argument::help).into(),
        is_sure: false,
    })
}

/// The same item, with `is_sure` set if the typed words start words of its name.
fn with_certainty(item: PaletteItem, typed: &[String]) -> PaletteItem {
    let is_sure = !typed.is_empty() && start_words(typed, &item.command.to_string());
    PaletteItem { is_sure, ..item }
}

/// The items of help that contain every typed word in heading, name or description.
fn help(user: &[Command], typed: &str) -> Vec<PaletteItem> {
    let groups = commands::ACTION_GROUPS.iter();
    let all = groups.flat_map(|group| group.actions.iter().map(|named| action_item(group.name, named)));
    let words = words_of(typed);
    let matches = |item: &PaletteItem| {
        let text = format!("{} {} {}", item.group, item.name, item.help).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    all.chain(user_items(user)).filter(matches).map(|item| with_certainty(item, &words)).collect()
}

/// How well a command matches the typed text, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchQuality {
    /// The typed words start words of its description.
    Help,
    /// Fuzzy match: its name contains the letters in this order, the first at the start of a word; with the score.
    Letters(u32),
    /// The typed text starts a synonym.
    Synonym,
    /// The typed words start words of its name; with the score.
    Words(u32),
    /// The typed text is its name.
    Name,
}

/// The items of the palette that match the typed text, the best first. A plain fuzzy match is not enough: a few letters would
/// match almost any command.
fn ranked(user: &[Command], typed: &str) -> Vec<PaletteItem> {
    let all = commands::palette_actions().map(|named| action_item("", named)).chain(user_items(user));
    let (words, pattern, mut matcher) = (words_of(typed), pattern(typed), Matcher::new(Config::DEFAULT));
    let is_typo = is_typo(typed.trim());
    let mut fit = |item: &PaletteItem| {
        let name = item.command.to_string();
        let score = score(&pattern, &mut matcher, &name);
        let letters = score.filter(|_| !is_typo && words.iter().all(|word| starts_a_word(word, &name)));
        match () {
            () if name == typed.trim() => Some(MatchQuality::Name),
            () if start_words(&words, &name) => Some(MatchQuality::Words(score.unwrap_or(0))),
            () if is_synonym(item.command.action, &words) => Some(MatchQuality::Synonym),
            () => letters
                .map(MatchQuality::Letters)
                .or_else(|| start_words(&words, item.help.as_str()).then_some(MatchQuality::Help)),
        }
    };
    let mut fitting: Vec<(MatchQuality, PaletteItem)> = all.filter_map(|item| Some((fit(&item)?, item))).collect();
    fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit)); // stable: equal matches stay in the order of help
    let sure =
        |fit| matches!(fit, MatchQuality::Name | MatchQuality::Words(_) | MatchQuality::Synonym) && !words.is_empty();
    fitting.into_iter().map(|(fit, item)| PaletteItem { is_sure: sure(fit), ..item }).collect()
}

/// Whether the text is a name with one typing error: `opne` means `open`, and must not match `open-and-next` by its letters.
fn is_typo(typed: &str) -> bool {
    typed.chars().count() >= 4 && commands::all().any(|named| strsim::damerau_levenshtein(named.name, typed) == 1)
}

/// The typed words, in lower case.
fn words_of(typed: &str) -> Vec<String> {
    typed.split_whitespace().map(str::to_lowercase).collect()
}

/// Whether each typed word starts at a word of a text. It may go on into the next word: `read-an`.
fn start_words(typed: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    let is_inner = |c: char| c.is_alphanumeric();
    typed.iter().all(|word| text.match_indices(word.as_str()).any(|(at, _)| !text[..at].ends_with(is_inner)))
}

/// Whether the first letter of a typed word starts a word of a name.
fn starts_a_word(word: &str, name: &str) -> bool {
    word.chars().next().is_none_or(|first| start_words(&[first.to_string()], name))
}

/// Whether the typed text, of at least 3 letters, starts a synonym of an action.
fn is_synonym(action: Action, typed: &[String]) -> bool {
    let [word] = typed else { return false };
    let synonyms = commands::SYNONYMS.iter().filter(|(_, other)| *other == action);
    word.chars().count() > 2 && synonyms.flat_map(|(words, _)| *words).any(|synonym| synonym.starts_with(word.as_str()))
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
        PaletteItem { name: clean::plain_line(&command.to_string()), command, group: "", help: help.into(), is_sure }
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

    fn commands_for(is_help: bool, typed: &str) -> Vec<String> {
        let user = [Command { action: Action::Topics, argument: Some("tides".to_owned()) }];
        let names = |argument: Argument, visit: &mut dyn FnMut(&str)| {
            let names: &[&str] = match argument {
                Argument::Topic => &["AI", "Machine Learning", "Tides"],
                Argument::Order => &["date", "-date", "quality", "-quality"],
                _ => &[],
            };
            names.iter().for_each(|name| visit(name));
        };
        let mut palette = Palette::new(is_help, &user, &names);
        palette.insert(typed);
        palette.update_items(&user, &names);
        palette.items().iter().map(|item| item.command.to_string()).collect()
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
            assert_eq!(commands_for(false, typed).first().map_or("", String::as_str), first, "{typed}");
        }
        assert_eq!(commands_for(false, "").len(), commands::palette_actions().count() + 1);
    }

    #[test]
    fn accidental_matches_are_not_offered() {
        for typed in ["nonsense", "frob", "asdf", "zzz", "!", "!zzz", "^nonsense", "unstar the cat", "rowser", "'"] {
            assert_eq!(commands_for(false, typed), [""; 0], "{typed}");
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
            let mut palette = Palette::new(false, &[], &names);
            palette.insert(typed);
            palette.update_items(&[], &names);
            assert_eq!(palette.selected().map(|item| item.is_sure), Some(is_sure), "{typed}");
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
            assert_eq!(commands_for(false, typed), offered, "{typed}");
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

    #[test]
    fn help_has_all_commands_and_words_narrow_it() {
        assert_eq!(commands_for(true, "").len(), commands::all().count() + 1);
        assert_eq!(commands_for(true, "marking unread"), ["toggle-read", "mark-unread", "read-and-next"]);
        assert_eq!(commands_for(true, "your"), ["topic tides"]);
    }
}
