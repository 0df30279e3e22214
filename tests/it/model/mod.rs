//! Compares the program with a model of it: random keys, sizes and changes of the folder must lead to the same state.

mod any_key;
mod articles;
mod reference;
mod steps;
mod terminals;
mod types;

use chrono::TimeDelta;
use frontpage::app::{Context, Effect, Event, Focus};
use frontpage::feed::{Change, DeviceId, HybridClock, Mark, Marks};
use frontpage::query::Query;

use crate::harness::random::Random;
use crate::harness::reader::{Reader, now};
use crate::rounds;
use articles::{Articles, feed, id};
use reference::Model;
use steps::{Edit, Elsewhere, Nature, Step};
use types::Did;

/// The state that both report after a step.
#[derive(Debug, PartialEq)]
struct Said {
    query: String,
    found: Vec<usize>,
    rows: Vec<usize>,
    /// For each row: the member that made its head a row, the head above it, and whether it is unread.
    stories: Vec<(Option<usize>, Option<usize>, bool)>,
    row: usize,
    shown: Option<usize>,
    focus: Focus,
    /// The selected related entry and how many there are, while they have the focus.
    related: Option<(usize, usize)>,
    range: usize,
    asks: bool,
    finding: bool,
    unread: usize,
    jumps: usize,
    marks: Vec<(usize, Did)>,
}

impl Said {
    /// Where the two differ, in words.
    fn unlike(&self, expected: &Said) -> String {
        let field = |name: &str, said: String, expected: String| match said == expected {
            true => String::new(),
            false => format!("  {name}: {said}, the model {expected}\n"),
        };
        let show = |rows: &[usize]| format!("{} {:?}", rows.len(), &rows[..rows.len().min(40)]);
        let marks = self.marks.iter().zip(&expected.marks).find(|(said, expected)| said != expected);
        [
            field("query", self.query.clone(), expected.query.clone()),
            field("found", show(&self.found), show(&expected.found)),
            field("rows", show(&self.rows), show(&expected.rows)),
            field("stories", format!("{:?}", self.stories), format!("{:?}", expected.stories)),
            field("selected row", self.row.to_string(), expected.row.to_string()),
            field("shown", format!("{:?}", self.shown), format!("{:?}", expected.shown)),
            field("focus", format!("{:?}", self.focus), format!("{:?}", expected.focus)),
            field("related", format!("{:?}", self.related), format!("{:?}", expected.related)),
            field("range", self.range.to_string(), expected.range.to_string()),
            field("asks", self.asks.to_string(), expected.asks.to_string()),
            field("finding", self.finding.to_string(), expected.finding.to_string()),
            field("unread", self.unread.to_string(), expected.unread.to_string()),
            field("jumps", self.jumps.to_string(), expected.jumps.to_string()),
            marks.map_or(String::new(), |(said, expected)| format!("  marks: {said:?}, the model {expected:?}\n")),
        ]
        .concat()
    }
}

/// How the program is run: `deaf` drops one key in a hundred, `eager` undoes twice. Both must be noticed.
#[derive(Clone, Copy, PartialEq)]
enum Twin {
    Sound,
    Deaf,
    Eager,
}

/// The number of rows whose stories are compared.
const MOST_STORIES: usize = 50;

struct Run {
    reader: Reader,
    model: Model,
    nature: Nature,
    ids: Vec<frontpage::feed::ArticleId>,
    twin: Twin,
    pressed: usize,
}

impl Run {
    fn new(articles: &Articles, nature: Nature, twin: Twin) -> Run {
        // The navigation pane has a model of its own, in `navigation`.
        let mut reader = Reader::with_settings("navigation: hidden").blind();
        reader.receive(Event::FeedLoaded { feed: feed(articles), problems: Vec::new(), complete: true });
        reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
        let ids = (0..nature.numbers()).map(id).collect();
        Run { reader, model: Model::new(articles.clone()), nature, ids, twin, pressed: 0 }
    }

    fn press(&mut self, keys: &str) {
        self.pressed += 1;
        match self.twin {
            Twin::Deaf if self.pressed.is_multiple_of(100) => {}
            Twin::Eager if keys == "u" => drop(self.reader.press("uu")),
            _ => drop(self.reader.press(keys)),
        }
    }

    fn load(&mut self, edits: &[Edit]) {
        let mut articles = self.model.articles.clone();
        for edit in edits {
            match edit {
                Edit::Put(number, article) => drop(articles.insert(*number, *article)),
                Edit::Remove(number) => drop(articles.remove(number)),
            }
        }
        self.reader.receive(Event::FeedLoaded { feed: feed(&articles), problems: Vec::new(), complete: true });
    }

    fn step(&mut self, step: &Step) {
        if self.model.question.is_some() && !matches!(step, Step::Press(_) | Step::Reload(_) | Step::Sync(..)) {
            self.press("n");
            self.model.press("n", &Default::default());
        }
        match step {
            Step::Press(keys) => {
                if matches!(*keys, "<ctrl-d>" | "2<ctrl-d>" | "<ctrl-u>" | "<ctrl-f>" | "<ctrl-b>" | "<space>") {
                    self.reader.look();
                }
                let frame = self.reader.frame;
                self.press(keys);
                self.model.press(keys, &frame);
            }
            Step::Search { letters, end, edits } => {
                let (first, rest) = letters.split_at(letters.len().min(1));
                self.press("/");
                if let Some(edits) = edits {
                    self.load(edits);
                }
                self.press(first);
                self.press(rest);
                self.press(end.keys());
                self.model.search(letters, *end, edits.as_deref());
            }
            Step::Query { number, end } => {
                self.press("F");
                self.press("<ctrl-u>");
                self.reader.paste(types::QUERIES[*number]);
                self.press(end.keys());
                self.model.type_query(*number, *end);
            }
            Step::Pick { letters, moves, end } => {
                self.press("t");
                self.press(letters);
                moves.iter().for_each(|keys| self.press(keys));
                self.press(end.keys());
                if self.reader.app().context() == Context::Picker {
                    // Enter does nothing where there is no label.
                    self.press("<esc>");
                }
                self.model.pick(letters, moves, *end);
            }
            Step::Reload(edits) => {
                self.load(edits);
                self.model.reload(edits);
            }
            Step::Sync(number, mark) => {
                let minute = now() + TimeDelta::minutes(self.model.time());
                let set = match mark {
                    Elsewhere::Read(on) => Mark::Read(on.then_some(minute)),
                    Elsewhere::Starred(on) => Mark::Starred(*on),
                    Elsewhere::Hidden(on) => Mark::Hidden(*on),
                };
                let mut clock = HybridClock::new(DeviceId(7));
                clock.observe(self.reader.app().marks().latest());
                let mut marks = Marks::default();
                marks.apply(&Change { stamp: clock.tick(minute), mark: set, articles: vec![self.ids[*number]] });
                self.reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
                self.model.sync(*number, *mark);
            }
            Step::Minute => {
                let minute = self.model.minute();
                self.reader.receive(Event::Tick(now() + TimeDelta::minutes(minute)));
            }
            Step::Resize(columns, rows) => {
                self.reader.resize(*columns, *rows);
                self.reader.look();
            }
        }
    }

    /// The state of the program. For a large feed only the marks of articles that have marks in the model.
    fn said(&self) -> Said {
        let app = self.reader.app();
        let number = |id| self.ids.iter().position(|known| *known == id);
        let numbered: Vec<usize> = self.model.articles.keys().copied().collect();
        let begun = now();
        let minutes = |at: chrono::DateTime<chrono::Utc>| (at - begun).num_minutes();
        let did = |number: &usize| {
            let (id, marks) = (self.ids[*number], app.marks());
            let (starred, hidden) = (marks.is_starred(id), marks.is_hidden(id));
            (*number, Did { read: marks.read_at(id).map(minutes), starred, hidden })
        };
        let at = |place: usize| numbered.get(place).copied().unwrap_or(usize::MAX);
        let (list, feed) = (app.list(), app.feed());
        let story = |place: usize| {
            (list.placing_member(place).map(at), list.head_over(place, feed).map(at), app.targets().is_unread(place))
        };
        Said {
            query: app.query().to_string(),
            found: list.found().iter().map(at).collect(),
            rows: list.rows().iter().map(at).collect(),
            stories: list.rows().iter().take(MOST_STORIES).map(story).collect(),
            row: app.list().selected(),
            shown: app.detail().article().and_then(number),
            focus: app.focus(),
            related: (app.focus() == Focus::Related).then(|| (app.related().selected(), app.related_entries().len())),
            range: app.list().range_rows().len(),
            asks: app.context() == Context::Confirm,
            finding: app.detail().find().is_some(),
            unread: app.unread().count(),
            jumps: app.panes().jumps().depth(),
            marks: self.touched().map(|number| did(&number)).collect(),
        }
    }

    fn touched(&self) -> impl Iterator<Item = usize> {
        let numbers = self.nature.numbers();
        (0..numbers).filter(move |number| numbers < 100 || self.model.marks.contains_key(number))
    }

    fn expected(&self) -> Said {
        let model = &self.model;
        let story = |row: usize| (model.at.reasons.get(&row).copied(), model.head_over(row), model.is_unread_row(row));
        Said {
            query: Query::parse(&model.at.query.text()).expect("a query").to_string(),
            found: model.at.found.clone(),
            rows: model.at.rows.clone(),
            stories: model.at.rows.iter().take(MOST_STORIES).map(|row| story(*row)).collect(),
            row: model.at.row,
            shown: model.at.shown,
            focus: model.at.focus,
            related: (model.at.focus == Focus::Related).then(|| (model.at.entry, model.related().len())),
            range: model.ranged().len(),
            asks: model.question.is_some(),
            finding: model.at.finding,
            unread: model.unread(),
            jumps: model.jump_depth(),
            marks: self.touched().map(|number| (number, model.did(number))).collect(),
        }
    }
}

/// The first step after which the two differ, and their states.
fn difference(articles: &Articles, nature: Nature, steps: &[Step], twin: Twin) -> Option<(usize, Said, Said)> {
    let mut run = Run::new(articles, nature, twin);
    for (at, step) in steps.iter().enumerate() {
        run.step(step);
        let (said, expected) = (run.said(), run.expected());
        if said != expected {
            return Some((at, said, expected));
        }
        let asked = run.reader.effects.drain(..);
        assert!(asked.into_iter().all(|effect| !matches!(effect, Effect::RunJob(_))), "searches are done at once");
        run.reader.changes.clear();
    }
    None
}

/// Shortens a run of steps that ends in a difference: leaves out ever smaller parts while the difference stays.
fn shortened(articles: &Articles, nature: Nature, mut steps: Vec<Step>, twin: Twin) -> Vec<Step> {
    let mut part = steps.len() / 2;
    while part > 0 {
        let mut from = 0;
        while from < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(from..(from + part).min(steps.len()));
            match difference(articles, nature, &fewer, twin) {
                Some((at, ..)) => {
                    fewer.truncate(at + 1);
                    steps = fewer;
                }
                None => from += part,
            }
        }
        part /= 2;
    }
    steps
}

/// Compares runs of steps in a folder of this many articles. A difference is printed with the steps that lead to it.
fn compare(nature: Nature, runs: u64, steps_each: usize, twin: Twin) -> Result<usize, String> {
    let mut done = 0;
    for seed in 0..runs {
        let mut random = Random::new(seed * 1_000 + nature.count as u64);
        let articles = nature.articles(&mut random);
        let steps: Vec<Step> = (0..steps_each).map(|_| steps::step(&mut random, nature)).collect();
        let Some((at, ..)) = difference(&articles, nature, &steps, twin) else {
            done += steps.len();
            continue;
        };
        let steps = shortened(&articles, nature, steps[..=at].to_vec(), twin);
        let (_, said, expected) = difference(&articles, nature, &steps, twin).expect("a difference");
        let articles = if nature.count < 100 { format!("{articles:?}") } else { String::new() };
        return Err(format!(
            "{nature:?}, seed {seed}, {} steps of {}: {steps:?}\n{}{articles}",
            steps.len(),
            at + 1,
            said.unlike(&expected),
        ));
    }
    Ok(done)
}

/// Compares runs of `steps` steps without stories, and others with them.
fn agrees(steps: usize, count: usize, calm: usize, runs: u64, runs_with_stories: u64) {
    for (in_stories, runs) in [(0, runs), (3, runs_with_stories)] {
        let nature = Nature { count, calm, in_stories };
        match compare(nature, runs, steps, Twin::Sound) {
            Ok(steps) => println!("{nature:?}: {steps} steps"),
            Err(words) => panic!("{words}"),
        }
    }
}

rounds!(keys_and_reloads_do_what_the_model_says_with_few_articles, 60, 1_000);

fn keys_and_reloads_do_what_the_model_says_with_few_articles(steps: usize) {
    agrees(steps, 0, 20, 5, 0);
    agrees(steps, 1, 20, 10, 0);
    agrees(steps, 2, 20, 20, 20);
    agrees(steps, 5, 20, 20, 45);
}

rounds!(keys_and_reloads_do_what_the_model_says_with_thirty_articles, 30, 1_000);

fn keys_and_reloads_do_what_the_model_says_with_thirty_articles(steps: usize) {
    agrees(steps, 30, 40, 30, 60);
}

rounds!(keys_and_reloads_do_what_the_model_says_with_a_thousand_articles, 40, 1_000);

fn keys_and_reloads_do_what_the_model_says_with_a_thousand_articles(steps: usize) {
    agrees(steps, 1_000, 400, 1, 2);
}

#[test]
#[ignore = "heavy"]
fn a_program_that_drops_keys_or_undoes_twice_is_caught() {
    for twin in [Twin::Deaf, Twin::Eager] {
        let nature = Nature { count: 30, calm: 40, in_stories: 3 };
        let words = compare(nature, 1, 1_000, twin).expect_err("a difference");
        assert!(words.contains("steps of"), "{words}");
        println!("{}", words.lines().next().unwrap_or_default());
    }
}
