//! Actions by their names, with what they do in words, and commands: actions that may name what they are done with.

use std::fmt;

use super::action::Action;
use super::text_input::Edit;

/// An action, and what it is to be done with when that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is to be done.
    pub action: Action,
    /// With what: the `ai` of `topic ai`.
    pub argument: Option<String>,
}

/// What an action can be done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The number of a link of the article.
    Link,
    /// A topic, or several with commas between them.
    Topic,
    /// A provider, or several.
    Provider,
    /// The name of a saved search.
    Saved,
    /// An order.
    Order,
    /// Words, or any other part of a query.
    Query,
    /// A name for the query.
    Name,
    /// Text.
    Note,
    /// A theme.
    Theme,
}

impl Argument {
    /// What stands for it in help.
    pub fn word(self) -> &'static str {
        match self {
            Argument::Link => "NUMBER",
            Argument::Topic => "TOPIC",
            Argument::Provider => "PROVIDER",
            Argument::Saved | Argument::Name | Argument::Theme => "NAME",
            Argument::Order => "KEY",
            Argument::Query => "QUERY",
            Argument::Note => "TEXT",
        }
    }

    /// What an action does with it.
    pub fn help(self) -> &'static str {
        match self {
            Argument::Link => "open this link",
            Argument::Topic => "only articles with this topic",
            Argument::Provider => "only articles of this provider",
            Argument::Saved => "the saved search",
            Argument::Name => "save the search under this name",
            Argument::Order => "sort by this",
            Argument::Query => "look for this",
            Argument::Note => "write this note",
            Argument::Theme => "show this theme",
        }
    }
}

/// An action with its name.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// The action.
    pub action: Action,
    /// Its name, as settings and the palette have it.
    pub name: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What it can be done with.
    pub argument: Option<Argument>,
}

/// Actions under a heading.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The heading.
    pub name: &'static str,
    /// The actions.
    pub actions: &'static [Named],
}

const fn named(action: Action, name: &'static str, help: &'static str) -> Named {
    Named { action, name, help, argument: None }
}

const fn with(argument: Argument, action: Action, name: &'static str, help: &'static str) -> Named {
    Named { action, name, help, argument: Some(argument) }
}

/// Everything that a key can be bound to, but the characters that are typed.
pub const GROUPS: &[Group] = &[
    Group {
        name: "Moving",
        actions: &[
            named(Action::Down, "down", "down, or scroll"),
            named(Action::Up, "up", "up, or scroll back"),
            named(Action::Top, "top", "to the top"),
            named(Action::Bottom, "bottom", "to the bottom"),
            named(Action::HalfPageDown, "half-page-down", "half a page down"),
            named(Action::HalfPageUp, "half-page-up", "half a page up"),
            named(Action::PageDown, "page-down", "a page down"),
            named(Action::PageUp, "page-up", "a page up"),
            named(Action::AcrossDown, "across-down", "from the list scroll the article; from the article the next one"),
            named(Action::AcrossUp, "across-up", "the same back: scroll the article, or the one before"),
        ],
    },
    Group {
        name: "Panes",
        actions: &[
            named(Action::Open, "enter", "read the article; on to what is related; open what is selected"),
            named(Action::Back, "back", "back one pane"),
            named(Action::NextPane, "next-pane", "next pane"),
            named(Action::PreviousPane, "previous-pane", "previous pane"),
            named(Action::JumpBack, "jump-back", "back to where you came from"),
            named(Action::JumpForward, "jump-forward", "forward again"),
            named(Action::Zen, "zen", "this pane alone, or all panes again"),
            named(Action::Narrower, "narrower", "a narrower list"),
            named(Action::Wider, "wider", "a wider list"),
        ],
    },
    Group {
        name: "Reading",
        actions: &[
            with(
                Argument::Link,
                Action::OpenOriginal,
                "open",
                "open the original in the browser, or a link by its number",
            ),
            named(Action::OpenAndNext, "open-and-next", "open the original, mark read, next unread"),
            named(Action::ReadOn, "read-on", "page down; at the end mark read, next unread"),
            named(Action::Next, "next", "next unread; while finding, the next hit"),
            named(Action::Previous, "previous", "previous unread; while finding, the previous hit"),
            named(Action::Links, "links", "links of the article"),
            named(Action::CopyLink, "copy-link", "copy the link"),
            named(Action::CopyMarkdown, "copy-markdown", "copy [title](link)"),
            named(Action::Edit, "edit", "open the article file in $EDITOR"),
        ],
    },
    Group {
        name: "Marking",
        actions: &[
            named(Action::ToggleRead, "toggle-read", "read or unread"),
            named(Action::MarkRead, "mark-read", "mark read"),
            named(Action::MarkUnread, "mark-unread", "mark unread"),
            named(Action::ReadAndNext, "read-and-next", "mark read, next unread"),
            named(Action::ReadAbove, "read-above", "mark everything above read"),
            named(Action::ReadAll, "read-all", "mark all in view read"),
            named(Action::Star, "star", "star, or take the star away"),
            named(Action::Hide, "hide", "hide; is:hidden finds it"),
            with(Argument::Note, Action::Note, "note", "a note on the article"),
            named(Action::Range, "range", "select a range; what marks then acts on all of it"),
            named(Action::Undo, "undo", "undo the last change of marks"),
            named(Action::Redo, "redo", "redo it"),
        ],
    },
    Group {
        name: "Narrowing",
        actions: &[
            with(Argument::Query, Action::Search, "search", "search as you type; in the article, find"),
            with(Argument::Query, Action::EditQuery, "query", "edit the query"),
            with(Argument::Saved, Action::SavedSearches, "saved", "saved searches, with counts"),
            with(Argument::Topic, Action::Topics, "topic", "topics, with counts"),
            with(Argument::Provider, Action::Providers, "provider", "providers, with counts"),
            with(Argument::Order, Action::Sort, "sort", "sort; the same again reverses"),
            named(Action::Story, "story", "unfold the story, or fold it"),
            named(Action::Stories, "stories", "unfold all stories, or none"),
            named(Action::AllStates, "all", "read and unread"),
            named(Action::UnreadOnly, "unread", "unread only; again: drops what was read since"),
            named(Action::StarredOnly, "starred", "starred only"),
            named(Action::History, "history", "what you read, the latest first"),
            named(Action::Clear, "clear", "all articles again"),
            named(Action::Insights, "insights", "articles over time, topics, providers, reading"),
        ],
    },
    Group {
        name: "The program",
        actions: &[
            named(Action::Palette, "palette", "do anything, by its name"),
            named(Action::Help, "help", "what there is to do, and the keys"),
            named(Action::Problems, "problems", "files that could not be read well"),
            with(Argument::Theme, Action::Themes, "theme", "choose a theme"),
            named(Action::Settings, "settings", "edit the settings; what is changed holds at once"),
            named(Action::Cancel, "cancel", "take one layer away; never quits"),
            named(Action::Quit, "quit", "back; quit at the top"),
            named(Action::QuitNow, "quit-now", "quit"),
            named(Action::Suspend, "suspend", "stop; `fg` continues"),
            named(Action::Redraw, "redraw", "draw the screen again, by the present marks"),
        ],
    },
    TYPING,
];

/// What is done only where one types or chooses.
const TYPING: Group = Group {
    name: "While typing or choosing",
    actions: &[
        with(Argument::Name, Action::KeepSearch, "save", "save the search under a name"),
        named(Action::Complete, "complete", "complete fields, topics, providers, names"),
        named(Action::CompleteBack, "complete-back", "complete with the one before"),
        named(Action::Toggle, "pick", "pick several"),
        named(Action::OtherLabels, "other-labels", "topics or providers"),
        named(Action::ByDay, "by-day", "in the charts: by day"),
        named(Action::ByWeek, "by-week", "in the charts: by week"),
        named(Action::ByMonth, "by-month", "in the charts: by month"),
        named(Action::EditText(Edit::Left), "cursor-left", "one character to the left"),
        named(Action::EditText(Edit::Right), "cursor-right", "one character to the right"),
        named(Action::EditText(Edit::Start), "cursor-start", "to the start of the line"),
        named(Action::EditText(Edit::End), "cursor-end", "to the end of the line"),
        named(Action::EditText(Edit::DeleteBackward), "delete-back", "delete a letter"),
        named(Action::EditText(Edit::DeleteForward), "delete-forward", "delete the letter here"),
        named(Action::EditText(Edit::DeleteWord), "delete-word", "delete a word"),
        named(Action::EditText(Edit::DeleteAll), "delete-line", "delete what was typed"),
    ],
};

/// Other words by which the palette finds actions.
pub const SYNONYMS: &[(&[&str], Action)] = &[
    (&["bookmark", "favourite", "favourites", "favorite", "favorites", "flag"], Action::Star),
    (&["dark", "light", "colours", "colors", "appearance"], Action::Themes),
    (&["find", "filter"], Action::Search),
    (&["browser", "website"], Action::OpenOriginal),
    (&["exit"], Action::QuitNow),
    (&["keys", "shortcuts", "keybindings", "manual"], Action::Help),
    (&["configuration", "preferences", "options"], Action::Settings),
    (&["comment", "annotate"], Action::Note),
    (&["tags", "labels", "categories"], Action::Topics),
    (&["sources", "feeds", "sites"], Action::Providers),
    (&["charts", "statistics", "stats"], Action::Insights),
    (&["errors", "warnings"], Action::Problems),
    (&["order"], Action::Sort),
    (&["fullscreen", "maximize"], Action::Zen),
    (&["yank", "clipboard"], Action::CopyLink),
    (&["refresh"], Action::Redraw),
    (&["reset"], Action::Clear),
    (&["archive", "dismiss"], Action::Hide),
];

/// All actions with their names.
pub fn all() -> impl Iterator<Item = &'static Named> {
    GROUPS.iter().flat_map(|group| group.actions)
}

/// The actions that can be done from the panes; those for which one has a key under the finger come last.
pub fn from_panes() -> impl Iterator<Item = &'static Named> {
    const MOVES: [&str; 2] = ["Panes", "Moving"];
    let groups = || GROUPS.iter().filter(|group| group.name != TYPING.name);
    let is_move = |group: &&Group| MOVES.contains(&group.name);
    let all = groups().filter(move |group| !is_move(group)).chain(groups().filter(is_move));
    all.flat_map(|group| group.actions).chain(TYPING.actions.iter().filter(|named| named.argument.is_some()))
}

impl Action {
    /// The name of an action, and what goes with it; none for a character that is typed.
    pub fn named(self) -> Option<&'static Named> {
        all().find(|named| named.action == self)
    }

    /// What it does, in words.
    pub fn help(self) -> &'static str {
        self.named().map_or("", |named| named.help)
    }
}

/// Why a command cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No action has that name.
    #[error("there is no action `{0}`")]
    Unknown(String),
    /// It stands alone.
    #[error("`{0}` is done with nothing else; leave out what follows it")]
    TakesNothing(&'static str),
}

impl Command {
    /// Reads `name` or `name argument`.
    pub fn parse(text: &str) -> Result<Command, CommandError> {
        let text = text.trim();
        let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let known = all().find(|named| named.name == name);
        let named = known.ok_or_else(|| CommandError::Unknown(name.chars().take(40).collect()))?;
        let argument = Some(argument.trim().to_owned()).filter(|argument| !argument.is_empty());
        match (&argument, named.argument) {
            (Some(_), None) => Err(CommandError::TakesNothing(named.name)),
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
    fn each_action_has_one_name_and_words_that_say_what_it_does() {
        for (at, named) in all().enumerate() {
            assert!(named.help.len() > 3, "{}", named.name);
            assert!(named.name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'), "{}", named.name);
            let twice = |other: &&Named| other.name == named.name || other.action == named.action;
            assert_eq!(all().position(|other| twice(&other)), Some(at), "{} is there twice", named.name);
            let command = Command::from(named.action);
            assert_eq!(Command::parse(&command.to_string()), Ok(command));
        }
    }

    #[test]
    fn commands_are_read() {
        let topic = |argument: &str| Command { action: Action::Topics, argument: Some(argument.to_owned()) };
        for (text, command) in [
            ("topic ai", Ok(topic("ai"))),
            ("  topic   ai, machine learning ", Ok(topic("ai, machine learning"))),
            ("topic", Ok(Action::Topics.into())),
            ("down", Ok(Action::Down.into())),
            ("down 3", Err(CommandError::TakesNothing("down"))),
            ("topics ai", Err(CommandError::Unknown("topics".to_owned()))),
            ("", Err(CommandError::Unknown(String::new()))),
        ] {
            assert_eq!(Command::parse(text), command, "{text:?}");
        }
    }
}
