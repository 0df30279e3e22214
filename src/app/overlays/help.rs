//! The sections of help: the keys of the present context, those of the other contexts, the commands without a key, the signs of
//! the screen, and examples of queries.

use super::palette_items::{PaletteItem, action_item, start_words, user_item, words_of};
use crate::app::action::Action;
use crate::app::bound_commands::{BoundCommand, BoundCommands};
use crate::app::commands::{Command, groups_by_use};
use crate::app::focus::Context;
use crate::feed::{SafeText, clean};
use crate::query::EXAMPLES;
use crate::text::signs::{self, Sign};

/// Heading of the commands that the settings bind to keys.
const OWN: &str = "Your own";

/// A section of help.
#[derive(Debug)]
pub struct HelpSection {
    /// Its heading; empty for none.
    pub heading: SafeText,
    /// What is below the heading.
    pub rows: SectionRows,
}

/// What is below the heading of a section.
#[derive(Debug)]
pub enum SectionRows {
    /// Commands, which can be run.
    Commands(Vec<PaletteItem>),
    /// Signs with their meanings.
    Signs(Vec<Sign>),
}

impl HelpSection {
    /// Commands without a heading.
    pub fn untitled(items: Vec<PaletteItem>) -> HelpSection {
        HelpSection { heading: SafeText::default(), rows: SectionRows::Commands(items) }
    }

    /// Whether nothing is below the heading.
    pub fn is_empty(&self) -> bool {
        match &self.rows {
            SectionRows::Commands(items) => items.is_empty(),
            SectionRows::Signs(signs) => signs.is_empty(),
        }
    }

    /// A section of commands that have all of the words, in its heading or theirs.
    fn of_commands(heading: &str, items: Vec<(&str, PaletteItem)>, words: &[String]) -> HelpSection {
        let matches = |(group, item): &(&str, PaletteItem)| {
            let text = format!("{heading} {group} {} {} {}", item.name, item.help, item.keys).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let sure = |item: PaletteItem| {
            let is_sure = !words.is_empty() && start_words(words, &item.command.to_string());
            PaletteItem { is_sure, ..item }
        };
        let items = items.into_iter().filter(matches).map(|(_, item)| sure(item)).collect();
        HelpSection { heading: clean::plain_line(heading), rows: SectionRows::Commands(items) }
    }

    fn of_signs(words: &[String]) -> HelpSection {
        let matches = |sign: &Sign| {
            let text = format!("signs {} {}", sign.sign, sign.meaning).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let signs = signs::ALL.into_iter().filter(matches).collect();
        HelpSection { heading: "Signs".into(), rows: SectionRows::Signs(signs) }
    }
}

/// The name of a context in a heading.
fn name(context: Context) -> &'static str {
    match context {
        Context::List => "List",
        Context::Detail => "Article",
        Context::Related => "Related articles",
        Context::Navigation => "Navigation pane",
        Context::Prompt => "Prompts",
        Context::Picker => "Pickers, and lists while text is typed",
        Context::Palette => "Commands",
        Context::Links => "Links",
        Context::Help => "Help",
        Context::Insights => "Charts",
        Context::Subscriptions => "Subscriptions",
        Context::Picture => "Pictures",
        Context::Confirm => "Questions",
        Context::Overlay => "Other lists",
    }
}

/// The sections of help with what has every typed word. The keys of `context` come first, without those of `ignored` actions.
pub fn sections(bound: &BoundCommands, (context, ignored): (Context, &[Action]), typed: &str) -> Vec<HelpSection> {
    let words = words_of(typed);
    let section = |heading: &str, items| HelpSection::of_commands(heading, items, &words);
    let is_known = |bound: &&BoundCommand| !ignored.contains(&bound.command.action);
    let here: Vec<&BoundCommand> = bound.of(context).filter(is_known).collect();
    let mut sections = Vec::new();
    for group in groups_by_use().map(|group| group.name).chain([OWN]) {
        let heading = format!("{} · {group}", name(context));
        sections.push(section(&heading, in_group(&here, group).map(|bound| (group, item(bound))).collect()));
    }
    // What was listed above with the same keys is not listed again.
    let mut listed = here;
    for other in bound.contexts_beside(context) {
        let is_new = |bound: &&BoundCommand| {
            !listed
                .iter()
                .any(|known| known.command == bound.command && bound.keys.iter().all(|key| known.keys.contains(key)))
        };
        let new: Vec<&BoundCommand> = bound.of(other).filter(is_new).collect();
        let groups = groups_by_use().map(|group| group.name).chain([OWN]);
        let items = groups.flat_map(|group| in_group(&new, group).map(move |bound| (group, item(bound)))).collect();
        sections.push(section(name(other), items));
        listed.extend(new);
    }
    let all = groups_by_use().flat_map(|group| group.actions.iter().map(|named| (group.name, named)));
    let without = all.filter(|(_, named)| !bound.has(&named.action.into()));
    sections.push(section("Without a key", without.map(|(group, named)| (group, action_item(named))).collect()));
    sections.push(HelpSection::of_signs(&words));
    sections
        .push(section("Queries: Enter runs one", EXAMPLES.into_iter().map(|example| ("", query(example))).collect()));
    sections
}

/// The commands of a group, in its order.
fn in_group<'a>(bound: &'a [&'a BoundCommand], group: &'a str) -> impl Iterator<Item = &'a BoundCommand> {
    let actions = groups_by_use().filter(move |other| other.name == group).flat_map(|group| group.actions);
    let of_action = |action: Action| bound.iter().copied().filter(move |bound| bound.command == action.into());
    let own = bound.iter().copied().filter(move |bound| group == OWN && bound.command.argument.is_some());
    actions.flat_map(move |named| of_action(named.action)).chain(own)
}

fn item(bound: &BoundCommand) -> PaletteItem {
    let named = bound.command.action.named().filter(|_| bound.command.argument.is_none());
    let item = named.map_or_else(|| user_item(&bound.command), action_item);
    PaletteItem { keys: clean::plain_line(&bound.keys.join(", ")), ..item }
}

/// An example of a query, which can be run.
fn query((query, meaning): (&'static str, &'static str)) -> PaletteItem {
    let command = Command { action: Action::EditQuery, argument: Some(query.to_owned()) };
    PaletteItem { command, name: query.into(), help: meaning.into(), keys: SafeText::default(), is_sure: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::commands;

    fn bound(context: Context, action: Action, keys: &[&str]) -> BoundCommand {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        BoundCommand { context, command: action.into(), keys }
    }

    /// The headings, each with the names below it.
    fn listed(commands: &BoundCommands, context: Context, typed: &str) -> Vec<(String, Vec<String>)> {
        let sections = sections(commands, (context, &[]), typed).into_iter().filter(|section| !section.is_empty());
        let names = |rows: SectionRows| match rows {
            SectionRows::Commands(items) => items.iter().map(|item| format!("{} {}", item.keys, item.name)).collect(),
            SectionRows::Signs(signs) => signs.iter().map(|sign| sign.sign.to_owned()).collect(),
        };
        sections.map(|section| (section.heading.to_string(), names(section.rows))).collect()
    }

    fn commands() -> BoundCommands {
        let own = Command { action: Action::Topics, argument: Some("tides".to_owned()) };
        BoundCommands::new(vec![
            bound(Context::List, Action::Star, &["s"]),
            bound(Context::List, Action::Down, &["j", "↓"]),
            BoundCommand { context: Context::List, command: own, keys: vec!["T t".to_owned()] },
            bound(Context::Detail, Action::Star, &["s"]),
            bound(Context::Detail, Action::Down, &["↓"]),
            bound(Context::Detail, Action::Links, &["U"]),
            bound(Context::Links, Action::Down, &["J"]),
        ])
    }

    #[test]
    fn the_keys_of_the_present_context_come_first_and_the_same_keys_are_listed_once() {
        let commands = commands();
        let lines = listed(&commands, Context::Detail, "");
        let shown: Vec<(&str, Vec<&str>)> = lines
            .iter()
            .map(|(heading, names)| (heading.as_str(), names.iter().map(String::as_str).collect()))
            .take(6)
            .collect();
        assert_eq!(shown[0], ("Article · Reading", vec!["U links"]));
        assert_eq!(shown[1], ("Article · Marking", vec!["s star"]));
        assert_eq!(shown[2], ("Article · Moving", vec!["↓ down"]));
        assert_eq!(shown[3], ("List", vec!["j, ↓ down", "T t topic tides"]), "the star has the same key above");
        assert_eq!(shown[4], ("Links", vec!["J down"]));
        assert_eq!(shown[5].0, "Without a key");
        let headings: Vec<&str> = lines.iter().map(|(heading, _)| heading.as_str()).collect();
        assert!(headings.ends_with(&["Without a key", "Signs", "Queries: Enter runs one"]), "{headings:?}");
    }

    #[test]
    fn every_command_is_listed_with_or_without_a_key() {
        for commands in [commands(), BoundCommands::default()] {
            let lines = listed(&commands, Context::List, "");
            for named in commands::all() {
                let has = |name: &String| name.split_whitespace().any(|word| word == named.name);
                assert!(lines.iter().flat_map(|(_, names)| names).any(has), "{}", named.name);
            }
        }
    }

    #[test]
    fn words_narrow_commands_signs_and_queries() {
        let commands = commands();
        for (typed, expected) in [
            ("your own", &["List · Your own: T t topic tides"][..]),
            ("list the links", &["Article: U links"]),
            ("queries release", &[]),
            ("queries state", &["Queries: Enter runs one:  is:unread"]),
            ("signs starred", &["Signs: ★"]),
        ] {
            let lines = listed(&commands, Context::List, typed);
            let lines: Vec<String> =
                lines.iter().map(|(heading, names)| format!("{heading}: {}", names.join("; "))).collect();
            assert_eq!(lines, expected, "{typed}");
        }
    }
}
