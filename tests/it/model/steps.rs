//! Random steps of a user and a folder: keys, searches, picked topics, reloads, sizes, marks of other devices.

use super::articles::{Articles, ModelArticle, TOPICS, WORDS};
use crate::harness::random::Random;

/// A key that the model knows, as it is written.
pub type Keys = &'static str;

/// How typing ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Enter,
    Esc,
}

impl End {
    pub fn keys(self) -> Keys {
        match self {
            End::Enter => "<enter>",
            End::Esc => "<esc>",
        }
    }
}

/// A change of the article folder.
#[derive(Clone, Debug)]
pub enum Edit {
    /// An article is added, or its text changes.
    Put(usize, ModelArticle),
    Remove(usize),
}

/// A state that another device sets.
#[derive(Clone, Copy, Debug)]
pub enum Elsewhere {
    Read(bool),
    Starred(bool),
    Hidden(bool),
}

#[derive(Clone, Debug)]
pub enum Step {
    Press(Keys),
    /// `/`, letters, then Enter or Esc; in the middle of the letters the folder may change.
    Search {
        letters: &'static str,
        end: End,
        edits: Option<Vec<Edit>>,
    },
    /// `F`, another query in place of the present one.
    Query {
        number: usize,
        end: End,
    },
    /// `t`, letters, then keys in the picker.
    Pick {
        letters: &'static str,
        moves: Vec<Keys>,
        end: End,
    },
    Reload(Vec<Edit>),
    Sync(usize, Elsewhere),
    Minute,
    Resize(u16, u16),
}

/// Properties of the folder.
#[derive(Clone, Copy, Debug)]
pub struct Nature {
    /// The number of articles at first.
    pub count: usize,
    /// It changes once in this many steps.
    pub calm: usize,
    /// Of four articles that may be in a story, this many are.
    pub in_stories: usize,
}

impl Nature {
    /// A number greater than that of any article.
    pub fn numbers(self) -> usize {
        self.count + self.count / 3 + 2
    }

    fn article(self, random: &mut Random) -> ModelArticle {
        let (word, topics) = (random.roll(WORDS.len()), random.roll(1 << TOPICS.len()));
        ModelArticle { word, topics, in_story: random.roll(4) < self.in_stories }
    }

    /// A folder of this many articles, with gaps between their numbers for more.
    pub fn articles(self, random: &mut Random) -> Articles {
        (0..self.count).map(|n| (n + n / 3, self.article(random))).collect()
    }

    pub fn edits(self, random: &mut Random) -> Vec<Edit> {
        let numbers = self.numbers();
        let many = if random.roll(8) == 0 { numbers.min(40) } else { 3 };
        let edit = |random: &mut Random| match random.roll(2) {
            0 => Edit::Put(random.roll(numbers), self.article(random)),
            _ => Edit::Remove(random.roll(numbers)),
        };
        (0..1 + random.roll(many)).map(|_| edit(random)).collect()
    }
}

/// Keys and how often each is pressed.
const KEYS: [(Keys, usize); 65] = [
    ("j", 12),
    ("k", 8),
    ("gg", 2),
    ("G", 2),
    ("<ctrl-d>", 1),
    ("<ctrl-u>", 1),
    ("<ctrl-f>", 1),
    ("<ctrl-b>", 1),
    ("<tab>", 4),
    ("<shift-tab>", 3),
    ("<enter>", 6),
    ("l", 2),
    ("h", 4),
    ("<backspace>", 1),
    ("<esc>", 6),
    ("q", 1),
    ("J", 3),
    ("K", 3),
    ("m", 6),
    ("N", 1),
    ("s", 5),
    ("D", 4),
    ("r", 4),
    ("u", 6),
    ("<ctrl-r>", 5),
    ("M", 1),
    ("A", 1),
    ("y", 2),
    ("n", 4),
    ("p", 3),
    ("ga", 2),
    ("gu", 4),
    ("gs", 2),
    ("H", 1),
    ("c", 2),
    ("v", 4),
    ("<space>", 1),
    ("O", 1),
    ("<ctrl-o>", 2),
    ("[", 1),
    ("]", 2),
    ("<ctrl-l>", 1),
    ("o", 1),
    ("<down>", 2),
    ("<up>", 2),
    ("x", 6),
    ("X", 2),
    ("3j", 2),
    ("12k", 1),
    ("99999999j", 1),
    ("5gg", 1),
    ("12G", 1),
    ("2<ctrl-d>", 1),
    ("2J", 1),
    ("3K", 1),
    ("3m", 1),
    ("4s", 1),
    ("2D", 1),
    ("3r", 1),
    ("2u", 1),
    ("3<ctrl-r>", 1),
    ("2n", 1),
    ("40n", 1),
    ("3p", 1),
    ("2c", 1),
];

const SIZES: [(u16, u16); 12] = [
    (1, 1),
    (19, 5),
    (20, 5),
    (25, 7),
    (40, 9),
    (60, 12),
    (79, 10),
    (80, 14),
    (100, 20),
    (119, 24),
    (120, 30),
    (200, 60),
];

fn one_of<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.roll(of.len())]
}

fn end(random: &mut Random) -> End {
    if random.roll(3) == 0 { End::Esc } else { End::Enter }
}

fn key(random: &mut Random) -> Keys {
    let mut at = random.roll(KEYS.iter().map(|(_, weight)| weight).sum());
    for (keys, weight) in KEYS {
        match at.checked_sub(weight) {
            None => return keys,
            Some(rest) => at = rest,
        }
    }
    unreachable!("the weights add up");
}

/// A step in such a folder.
pub fn step(random: &mut Random, nature: Nature) -> Step {
    const LETTERS: [&str; 9] = ["a", "am", "amber", "az", "coral", "o", "zz", "", "c"];
    if random.roll(nature.calm) == 0 {
        return Step::Reload(nature.edits(random));
    }
    match random.roll(150) {
        0..4 => {
            let edits = (random.roll(nature.calm) < 4).then(|| nature.edits(random));
            Step::Search { letters: one_of(random, &LETTERS), end: end(random), edits }
        }
        4..6 => Step::Query { number: random.roll(super::types::QUERIES.len()), end: end(random) },
        6..9 => {
            let moves = (0..random.roll(5)).map(|_| one_of(random, &["<ctrl-space>", "<down>", "<up>"])).collect();
            Step::Pick { letters: one_of(random, &["", "", "e", "re", "zz"]), moves, end: end(random) }
        }
        9..11 => {
            let on = random.roll(3) > 0;
            let mark = [Elsewhere::Read(on), Elsewhere::Starred(on), Elsewhere::Hidden(on)][random.roll(3)];
            Step::Sync(random.roll(nature.numbers()), mark)
        }
        11..14 => Step::Minute,
        14 => match random.roll(3) {
            0 => Step::Resize(1 + random.roll(140) as u16, 1 + random.roll(40) as u16),
            _ => {
                let (columns, rows) = one_of(random, &SIZES);
                Step::Resize(columns, rows)
            }
        },
        _ => Step::Press(key(random)),
    }
}
