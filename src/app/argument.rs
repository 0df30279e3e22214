//! The kinds of arguments that actions accept, with their placeholders and descriptions.

/// The kind of argument that an action accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// The number of a link of the article, from 1.
    Link,
    /// A topic, or several separated by commas.
    Topic,
    /// A tag of the user's own.
    Tag,
    /// A provider, or several separated by commas.
    Provider,
    /// The name of a saved search, to show it.
    Saved,
    /// The name of a saved search, to change it.
    Search,
    /// A sort key, with `-` before it for the reverse order.
    Order,
    /// Words or other query terms.
    Query,
    /// The name under which the query is saved.
    Name,
    /// The text of a note.
    Note,
    /// The name of a theme.
    Theme,
    /// The address of a channel, or of a page that names one.
    Address,
    /// The name of a command of the user.
    OwnCommand,
    /// The path of a file or folder.
    Path,
    /// `on` or `off`.
    Switch,
}

impl Argument {
    /// The placeholder in help: `topic TOPIC`.
    pub fn word(self) -> &'static str {
        match self {
            Argument::Link => "NUMBER",
            Argument::Topic => "TOPIC",
            Argument::Provider => "PROVIDER",
            Argument::Tag
            | Argument::Saved
            | Argument::Search
            | Argument::Name
            | Argument::Theme
            | Argument::OwnCommand => "NAME",
            Argument::Order => "KEY",
            Argument::Query => "QUERY",
            Argument::Note => "TEXT",
            Argument::Address => "URL",
            Argument::Path => "PATH",
            Argument::Switch => "on|off",
        }
    }

    /// The description of an action with this argument.
    pub fn help(self) -> &'static str {
        match self {
            Argument::Link => "open this link",
            Argument::Topic => "only articles with this topic",
            Argument::Tag => "this tag",
            Argument::Provider => "only articles of this provider",
            Argument::Saved => "show this saved search",
            Argument::Search => "of this saved search",
            Argument::Name => "save the search under this name",
            Argument::Order => "sort by this",
            Argument::Query => "search for this",
            Argument::Note => "write this note on the article",
            Argument::Theme => "use this theme",
            Argument::Address => "subscribe to this address",
            Argument::OwnCommand => "run your command",
            Argument::Path => "write the article to this file or folder",
            Argument::Switch => "switch this on or off",
        }
    }
}
