//! The types of the model: marks of an article, a query and its results, and the position in them.

use std::collections::BTreeMap;

use frontpage::app::Focus;

use super::articles::{Articles, ModelArticle, TOPICS, WORDS, is_member};

/// The marks of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Did {
    /// The minute.
    pub read: Option<i64>,
    pub starred: bool,
    pub hidden: bool,
}

pub type Marks = BTreeMap<usize, Did>;

/// One field of it, set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    Read(Option<i64>),
    Starred(bool),
    Hidden(bool),
}

impl Set {
    pub fn on(self, did: &mut Did) {
        match self {
            Set::Read(at) => did.read = at,
            Set::Starred(on) => did.starred = on,
            Set::Hidden(on) => did.hidden = on,
        }
    }

    pub fn is_on(self, did: Did) -> bool {
        match self {
            Set::Read(at) => did.read.is_some() == at.is_some(),
            Set::Starred(on) => did.starred == on,
            Set::Hidden(on) => did.hidden == on,
        }
    }

    /// The field that it sets.
    pub fn field(self) -> u8 {
        match self {
            Set::Read(_) => 0,
            Set::Starred(_) => 1,
            Set::Hidden(_) => 2,
        }
    }

    pub fn before(self, did: Did) -> Set {
        match self {
            Set::Read(_) => Set::Read(did.read),
            Set::Starred(_) => Set::Starred(did.starred),
            Set::Hidden(_) => Set::Hidden(did.hidden),
        }
    }
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Word(String),
    Topics(Vec<usize>),
    State(&'static str),
    Hidden,
    Member,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub parts: Vec<Part>,
    pub latest_read_first: bool,
}

/// Queries that are typed as a whole.
pub const QUERIES: [&str; 6] =
    ["is:hidden", "is:hidden is:starred", "amber is:unread", "a topic:=\"red\"", "is:member", "a is:hidden"];

impl Query {
    pub fn typed(number: usize) -> Query {
        let parts = match number {
            0 => vec![Part::Hidden],
            1 => vec![Part::Hidden, Part::State("starred")],
            2 => vec![Part::Word("amber".into()), Part::State("unread")],
            3 => vec![Part::Word("a".into()), Part::Topics(vec![2])],
            4 => vec![Part::Member],
            _ => vec![Part::Word("a".into()), Part::Hidden],
        };
        Query { parts, latest_read_first: false }
    }

    pub fn text(&self) -> String {
        let part = |part: &Part| match part {
            Part::Word(word) => word.clone(),
            Part::Topics(topics) => {
                let names: Vec<String> = topics.iter().map(|topic| format!("=\"{}\"", TOPICS[*topic])).collect();
                format!("topic:{}", names.join(","))
            }
            Part::State(state) => format!("is:{state}"),
            Part::Hidden => "is:hidden".into(),
            Part::Member => "is:member".into(),
        };
        let order = self.latest_read_first.then(|| "sort:-readat".to_owned());
        self.parts.iter().map(part).chain(order).collect::<Vec<_>>().join(" ")
    }

    pub fn without(&self, gone: fn(&Part) -> bool) -> Query {
        let parts = self.parts.iter().filter(|part| !gone(part)).cloned().collect();
        Query { parts, ..self.clone() }
    }

    pub fn and(mut self, part: Option<Part>) -> Query {
        self.parts.extend(part);
        self
    }

    /// Removes the last part. Adjacent words are one part, and so are states.
    pub fn widened(&self) -> Query {
        let mut parts = self.parts.clone();
        let Some(last) = parts.pop() else { return Query::default() };
        let kind = |part: &Part| matches!(part, Part::Word(_) | Part::State(_)).then(|| std::mem::discriminant(part));
        while kind(&last).is_some() && parts.last().is_some_and(|part| kind(part) == kind(&last)) {
            parts.pop();
        }
        Query { parts, ..self.clone() }
    }

    pub fn in_state(&self, state: Option<&'static str>) -> Query {
        self.without(|part| matches!(part, Part::State(_))).and(state.map(Part::State))
    }

    pub fn topics(&self) -> Vec<usize> {
        let topics =
            self.parts.iter().find_map(|part| if let Part::Topics(topics) = part { Some(topics) } else { None });
        topics.cloned().unwrap_or_default()
    }

    pub fn with_topics(&self, topics: Vec<usize>) -> Query {
        let topics = (!topics.is_empty()).then_some(Part::Topics(topics));
        self.without(|part| matches!(part, Part::Topics(_))).and(topics)
    }

    fn matches(&self, number: usize, article: ModelArticle, did: Did) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Word(word) => WORDS[article.word].starts_with(word.as_str()),
            Part::Topics(topics) => topics.iter().any(|topic| article.has_topic(*topic)),
            Part::State("starred") => did.starred,
            Part::State("read") => did.read.is_some(),
            Part::State(_) => did.read.is_none(),
            Part::Hidden => did.hidden,
            Part::Member => is_member(number, article),
        })
    }

    pub fn find(&self, articles: &Articles, marks: &Marks) -> Vec<usize> {
        let did = |number: &usize| marks.get(number).copied().unwrap_or_default();
        let shows_hidden = self.parts.contains(&Part::Hidden);
        let is_found = |(number, article): &(&usize, &ModelArticle)| {
            let did = did(number);
            (shows_hidden || !did.hidden) && self.matches(**number, **article, did)
        };
        let mut found: Vec<usize> = articles.iter().filter(is_found).map(|(number, _)| *number).collect();
        if self.latest_read_first {
            found.sort_by_key(|number| did(number).read.map_or(i64::MAX, |minute| -minute));
        } else if let Some(word) = self.word() {
            found.sort_by_key(|number| WORDS[articles[number].word] != word);
        }
        found
    }

    fn word(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| if let Part::Word(word) = part { Some(word.as_str()) } else { None })
    }

    /// True if the best hits are first.
    pub fn is_ranked(&self) -> bool {
        !self.latest_read_first && self.word().is_some()
    }
}

/// Where the user was before a jump, or before another query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// An article, with the related entry that was selected.
    Article(usize, usize),
    /// A query, with the article that was selected, and the one that was read.
    View(Query, Option<usize>, Option<usize>),
}

/// The state that Esc restores during typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub query: Query,
    pub found: Vec<usize>,
    pub rows: Vec<usize>,
    /// The members that determine the rows of heads.
    pub reasons: BTreeMap<usize, usize>,
    /// The stories of the heads among them.
    pub stories: BTreeMap<usize, Vec<usize>>,
    pub row: usize,
    /// True if the selection was moved in this list; until then it stays at the top.
    pub moved: bool,
    pub shown: Option<usize>,
    pub focus: Focus,
    /// Where a range begins.
    pub range: Option<usize>,
    pub finding: bool,
    /// The selected related entry.
    pub entry: usize,
    pub back: Vec<Spot>,
    pub forward: Vec<Spot>,
    /// The marks by which the rows were found.
    pub view: Marks,
}
