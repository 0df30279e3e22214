//! The entries of the navigation pane.

use crate::feed::SafeText;
use crate::subscriptions::SubscriptionKey;

/// A section of the pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The saved searches.
    Saved,
    /// The user's own tags.
    Tags,
    /// The subscriptions, by topic.
    Subscriptions,
    /// The folders of the library.
    Folders,
    /// The providers.
    Providers,
    /// The topics.
    Topics,
}

impl Section {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Section::Saved => "Saved searches",
            Section::Tags => "Tags",
            Section::Subscriptions => "Subscriptions",
            Section::Folders => "Folders",
            Section::Providers => "Providers",
            Section::Topics => "Topics",
        }
    }
}

/// What an entry is. Indices are those of the groups, the tags or the saved searches that the entries were built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// All articles.
    All,
    /// The unread articles.
    Unread,
    /// The starred articles.
    Starred,
    /// The articles that were begun and not read to their end. Its count is that of all of them.
    Started,
    /// The heading of a section.
    Section(Section),
    /// A saved search.
    Saved(usize),
    /// A tag.
    Tag(usize),
    /// The topic of several subscriptions, which are below it; `None` if no article has the topic.
    SubscriptionTopic(Option<usize>),
    /// A subscription or a feed of an account, with the index of its group; `None` if it has no articles.
    Subscription(SubscriptionKey, Option<usize>),
    /// An account, with its number among the accounts. Its feeds are below it.
    Account(SubscriptionKey, usize),
    /// A folder.
    Folder(usize),
    /// A provider.
    Provider(usize),
    /// A topic.
    Topic(usize),
    /// Shows the rest of a section, or hides it again.
    More(Section),
}

impl EntryKind {
    /// Whether choosing it lists articles. Other entries only fold.
    pub fn lists_articles(self) -> bool {
        !matches!(self, EntryKind::Section(_) | EntryKind::More(_) | EntryKind::Account(..))
    }
}

/// A row of the navigation pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its name.
    pub label: SafeText,
    /// How far it is indented, in steps.
    pub depth: usize,
    /// Whether the entries below it are folded; `None` if it has none.
    pub folded: Option<bool>,
    /// Whether something is wrong with it: a subscription that fails, or a saved search with a wrong query.
    pub has_problem: bool,
    /// Identifies it among all entries, also after a reload and in the next session.
    pub key: String,
}
