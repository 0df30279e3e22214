//! Commands: actions with an optional argument, and synonyms that find them in the palette.

use std::fmt;

pub use super::action::{ACTION_GROUPS, Action, ActionGroup, NamedAction, all};
pub use super::argument::Argument;

/// An action with an optional argument: `topic ai`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The action.
    pub action: Action,
    /// Its argument: the `ai` of `topic ai`.
    pub argument: Option<String>,
}

/// Synonyms by which the palette finds actions: words that other programs use.
pub const SYNONYMS: &[(&[&str], Action)] = &[
    (&["bookmark", "favourite", "favourites", "favorite", "favorites", "flag", "pin", "read later"], Action::Star),
    (&["dark", "light", "colours", "colors", "colorscheme", "appearance"], Action::Themes),
    (&["find", "filter", "grep", "look for"], Action::Search),
    (&["browser", "website", "goto url"], Action::OpenOriginal),
    (&["q", "close", "exit this pane"], Action::Quit),
    (&["exit", "hard quit", "wq", "qa", "q!", "x"], Action::QuitNow),
    (&["keys", "shortcuts", "keybindings", "manual", "cheatsheet", "legend", "symbols"], Action::Help),
    (&["configuration", "preferences", "options", "config", "set"], Action::Settings),
    (&["comment", "annotate"], Action::Note),
    (&["labels", "categories", "select tag"], Action::Topics),
    (&["sources", "feeds", "sites", "publishers"], Action::Providers),
    (&["charts", "statistics", "stats", "graphs"], Action::Insights),
    (&["errors", "warnings", "diagnostics"], Action::Problems),
    (&["messages", "log"], Action::Notices),
    (&["order", "arrange"], Action::Sort),
    (&["fullscreen", "maximize", "focus mode"], Action::Zen),
    (&["sidebar", "tree", "folders", "feed list"], Action::Navigation),
    (&["yank", "clipboard", "share", "copy url"], Action::CopyLink),
    (&["contents", "toc", "headings"], Action::Outline),
    (&["notes", "endnotes"], Action::Footnotes),
    (&["listen", "watch", "podcast", "mpv", "enclosure"], Action::Play),
    (&["save file", "get"], Action::Download),
    (&["urls", "hyperlinks", "show urls"], Action::Links),
    (&["image", "photo"], Action::Picture),
    (&["images", "photos"], Action::Pictures),
    (&["snippet", "listing"], Action::CopyCode),
    (&["metadata", "properties", "about"], Action::Details),
    (&["editor", "vim", "e"], Action::Edit),
    (&["repaint"], Action::Redraw),
    (&["fetch", "update", "reload", "refresh"], Action::Sync),
    (&["reload all", "fetch all", "update all"], Action::SyncAll),
    (&["channels", "follows", "following", "unsubscribe", "remove feed", "delete feed"], Action::Subscriptions),
    (&["add", "add feed", "follow"], Action::Subscribe),
    (&["abort"], Action::StopSync),
    (&["reset", "clear filter"], Action::Clear),
    (&["archive", "dismiss", "delete", "trash"], Action::Hide),
    (&["catchup", "catch up", "mark all", "mark feed read"], Action::ReadAll),
    (&["seen", "mark as read"], Action::MarkRead),
    (&["keep unread"], Action::MarkUnread),
    (&["next unread"], Action::Next),
    (&["prev unread", "previous unread"], Action::Previous),
    (&["forward"], Action::JumpForward),
    (&["recent", "recently read", "oldfiles"], Action::History),
    (&["save search"], Action::SaveSearch),
    (&["w", "save article", "save as"], Action::Write),
    (&["searches", "smart folders", "query feeds"], Action::SavedSearches),
    (&["groups", "threads", "clusters", "duplicates"], Action::Stories),
    (&["visual", "select"], Action::Range),
    (&["word wrap", "nowrap"], Action::WrapCode),
    (&["revert"], Action::Undo),
    (&["background", "shell"], Action::Suspend),
    (&["import", "opml", "tutorial"], Action::Welcome),
    (&["export", "backup"], Action::ExportMarks),
    (&["everything"], Action::AllStates),
];

/// The groups of actions. Movements come last: users know their keys.
pub fn groups_by_use() -> impl Iterator<Item = &'static ActionGroup> {
    const MOVES: [&str; 2] = ["Panes", "Moving"];
    let is_move = |group: &&ActionGroup| MOVES.contains(&group.name);
    ACTION_GROUPS.iter().filter(move |group| !is_move(group)).chain(ACTION_GROUPS.iter().filter(is_move))
}

/// The actions that the palette offers.
pub fn palette_actions() -> impl Iterator<Item = &'static NamedAction> {
    // Typing actions need a prompt; only those with an argument, added below, are commands too.
    let all = groups_by_use().filter(|group| group.name != super::action::TYPING.name);
    all.flat_map(|group| group.actions)
        .chain(super::action::TYPING.actions.iter().filter(|named| named.argument.is_some()))
}

/// Error: a text is not a command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No action has that name.
    #[error("unknown action `{0}`")]
    UnknownAction(String),
    /// The action accepts no argument.
    #[error("`{0}` accepts no argument")]
    NoArgument(&'static str),
}

impl Command {
    /// The command that lists the articles of a saved search.
    pub fn shows_saved(name: &str) -> Command {
        Command { action: Action::SavedSearches, argument: Some(name.to_owned()) }
    }

    /// The command that runs the user's command of this name.
    pub fn runs_own(name: &str) -> Command {
        Command { action: Action::RunCommand, argument: Some(name.to_owned()) }
    }

    /// Parses `name` or `name argument`.
    pub fn parse(text: &str) -> Result<Command, CommandError> {
        let text = text.trim();
        let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let known = all().find(|named| named.name == name);
        // The name is quoted in a message, which a pasted text must not fill.
        let named = known.ok_or_else(|| CommandError::UnknownAction(name.chars().take(40).collect()))?;
        let argument = Some(argument.trim().to_owned()).filter(|argument| !argument.is_empty());
        match (&argument, named.argument) {
            (Some(_), None) => Err(CommandError::NoArgument(named.name)),
            _ => Ok(Command { action: named.action, argument }),
        }
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Command {
        Command { action, argument: None }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.named().map_or("", |named| named.name))?;
        self.argument.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_has_one_name_and_a_description() {
        for (at, named) in all().enumerate() {
            assert!(named.help.len() > 3, "{}", named.name);
            assert!(named.name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'), "{}", named.name);
            let twice = |other: &&NamedAction| other.name == named.name || other.action == named.action;
            assert_eq!(all().position(|other| twice(&other)), Some(at), "{} is there twice", named.name);
            let command = Command::from(named.action);
            assert_eq!(Command::parse(&command.to_string()), Ok(command));
        }
    }

    #[test]
    fn commands_are_parsed() {
        let topic = |argument: &str| Command { action: Action::Topics, argument: Some(argument.to_owned()) };
        for (text, command) in [
            ("topic ai", Ok(topic("ai"))),
            ("  topic   ai, machine learning ", Ok(topic("ai, machine learning"))),
            ("topic", Ok(Action::Topics.into())),
            ("down", Ok(Action::Down.into())),
            ("down 3", Err(CommandError::NoArgument("down"))),
            ("topics ai", Err(CommandError::UnknownAction("topics".to_owned()))),
            ("", Err(CommandError::UnknownAction(String::new()))),
        ] {
            assert_eq!(Command::parse(text), command, "{text:?}");
        }
    }
}
