//! The model: what the design and the README say of the list, the marks and the panes, done in the simplest way.

use frontpage::app::{Focus, Seen};

use super::shelf::{Shelf, TOPICS, partner};
use super::steps::{Edit, Elsewhere, End};
use super::words::{Did, Marks, Part, Place, Query, Set};

#[derive(Clone, Debug)]
pub struct Model {
    pub shelf: Shelf,
    pub marks: Marks,
    pub at: Place,
    /// Something was marked since the rows were found.
    stale: bool,
    typing: bool,
    /// The articles that a question is about.
    pub question: Option<(Set, Vec<usize>)>,
    done: Vec<(Set, Vec<(usize, Set)>)>,
    undone: Vec<(Set, Vec<(usize, Set)>)>,
    minute: i64,
}

impl Model {
    pub fn new(shelf: Shelf) -> Model {
        let query = Query::default();
        let (rows, marks) = (query.find(&shelf, &Marks::new()), Marks::new());
        let (shown, focus) = (rows.first().copied(), Focus::List);
        let (back, forward) = (Vec::new(), Vec::new());
        let (row, moved, range, finding, view) = (0, false, None, false, Marks::new());
        let at = Place { query, rows, row, moved, shown, focus, range, finding, back, forward, view };
        let (done, undone) = (Vec::new(), Vec::new());
        Model { shelf, marks, at, stale: false, typing: false, question: None, done, undone, minute: 0 }
    }

    pub fn did(&self, number: usize) -> Did {
        self.marks.get(&number).copied().unwrap_or_default()
    }

    pub fn selected(&self) -> Option<usize> {
        self.at.rows.get(self.at.row).copied()
    }

    pub fn unread(&self) -> usize {
        self.at.rows.iter().filter(|number| self.did(**number).read.is_none()).count()
    }

    pub fn jump_depth(&self) -> usize {
        self.at.back.len()
    }

    /// The selected rows.
    pub fn ranged(&self) -> Vec<usize> {
        let Some(start) = self.at.range.and_then(|from| self.at.rows.iter().position(|number| *number == from)) else {
            return Vec::new();
        };
        self.at.rows[start.min(self.at.row)..=start.max(self.at.row)].to_vec()
    }

    fn has_related(&self) -> bool {
        self.at.shown.is_some_and(|shown| shown.is_multiple_of(2) || self.shelf.contains_key(&partner(shown)))
    }

    // Rows.

    /// The rows of the query; the selection goes on with its article, or with the one next to it.
    fn find(&mut self, anew: bool) {
        let rows = self.at.query.find(&self.shelf, &self.at.view);
        let is_there = |number: &&usize| rows.contains(number);
        let (above, below) = self.at.rows.split_at(self.at.row.min(self.at.rows.len()));
        if anew && (self.typing || !below.first().as_ref().is_some_and(is_there)) {
            self.at.moved = false;
        }
        let next = below.iter().chain(above.iter().rev()).find(is_there).filter(|_| self.at.moved);
        self.at.row = next.and_then(|next| rows.iter().position(|number| number == next)).unwrap_or(0);
        self.at.range = self.at.range.filter(|number| rows.contains(number));
        self.at.rows = rows;
        let is_gone = self.at.shown.is_none_or(|shown| !self.shelf.contains_key(&shown));
        if anew || is_gone || self.at.focus == Focus::List {
            self.show_selected();
        }
        if self.at.focus == Focus::Related && !self.has_related() {
            self.at.focus = Focus::Detail;
        }
    }

    fn refresh(&mut self) {
        if self.stale {
            (self.stale, self.at.view) = (false, self.marks.clone());
            self.find(false);
        }
    }

    fn set_query(&mut self, query: Query) {
        if query == self.at.query {
            return self.refresh();
        }
        (self.stale, self.at.view) = (false, self.marks.clone());
        (self.at.query, self.at.range) = (query, None);
        self.find(true);
    }

    pub fn reload(&mut self, edits: &[Edit]) {
        for edit in edits {
            match edit {
                Edit::Put(number, piece) => drop(self.shelf.insert(*number, *piece)),
                Edit::Remove(number) => drop(self.shelf.remove(number)),
            }
        }
        self.carry();
    }

    /// The articles changed: who reads one that is gone reads the one next to it, before it is known what the query finds.
    fn carry(&mut self) {
        let is_gone = self.at.shown.is_none_or(|shown| !self.shelf.contains_key(&shown));
        if is_gone && self.at.query != Query::default() {
            let (above, below) =
                self.at.rows.split_at(if self.at.moved { self.at.row.min(self.at.rows.len()) } else { 0 });
            let next = below.iter().chain(above.iter().rev()).find(|number| self.shelf.contains_key(number)).copied();
            self.show(next);
        }
        self.find(false);
    }

    // Panes.

    /// Shows an article. True when it is another one.
    fn show(&mut self, number: Option<usize>) -> bool {
        let other = self.at.shown != number;
        if other {
            (self.at.shown, self.at.finding) = (number, false);
            if self.at.focus == Focus::Related {
                self.at.focus = Focus::Detail;
            }
        }
        other
    }

    fn show_selected(&mut self) -> bool {
        self.show(self.selected())
    }

    fn select(&mut self, row: isize) {
        self.at.moved = true;
        self.at.row = row.clamp(0, self.at.rows.len().saturating_sub(1) as isize) as usize;
    }

    fn select_article(&mut self, number: usize) {
        if let Some(row) = self.at.rows.iter().position(|known| *known == number) {
            self.select(row as isize);
        }
    }

    /// In the list, the article is the one that is selected.
    fn focus_list(&mut self) {
        self.at.focus = Focus::List;
        self.show_selected();
    }

    fn step(&mut self, by: isize) {
        if self.at.focus == Focus::List {
            self.select(self.at.row as isize + by);
            self.show_selected();
        }
    }

    fn opened(&mut self) {
        if let Some(shown) = self.at.shown {
            self.at.range = None;
            self.set(Set::Read(Some(self.minute)), &[shown]);
        }
    }

    fn open(&mut self) {
        match self.at.focus {
            Focus::List => {
                self.show_selected();
                if self.at.shown.is_some() {
                    self.at.focus = Focus::Detail;
                }
                self.opened();
            }
            Focus::Detail if self.has_related() => self.at.focus = Focus::Related,
            Focus::Detail => {}
            Focus::Related => {
                let Some(shown) = self.at.shown.filter(|shown| self.shelf.contains_key(&partner(*shown))) else {
                    return;
                };
                self.at.back.push(shown);
                self.at.forward.clear();
                self.travel(partner(shown));
                self.opened();
            }
        }
    }

    fn travel(&mut self, number: usize) {
        self.select_article(number);
        self.show(Some(number));
        (self.at.finding, self.at.focus) = (false, Focus::Detail);
    }

    fn jump(&mut self, back: bool) {
        let shown = self.at.shown;
        let Place { back: behind, forward: before, .. } = &mut self.at;
        let (from, to) = if back { (behind, before) } else { (before, behind) };
        let Some(number) = from.pop() else { return };
        to.extend(shown);
        if self.shelf.contains_key(&number) {
            self.travel(number);
        }
    }

    fn back(&mut self) {
        match self.at.focus {
            Focus::Detail if self.at.finding => self.at.finding = false,
            Focus::Related => self.at.focus = Focus::Detail,
            Focus::Detail | Focus::List => self.focus_list(),
        }
    }

    fn next_pane(&mut self) {
        match self.at.focus {
            Focus::List if self.at.shown.is_some() => self.at.focus = Focus::Detail,
            Focus::Detail if self.has_related() => self.at.focus = Focus::Related,
            _ => self.focus_list(),
        }
    }

    fn previous_pane(&mut self) {
        match self.at.focus {
            Focus::List if self.has_related() => self.at.focus = Focus::Related,
            Focus::List if self.at.shown.is_some() => self.at.focus = Focus::Detail,
            Focus::List | Focus::Detail => self.focus_list(),
            Focus::Related => self.at.focus = Focus::Detail,
        }
    }

    fn across(&mut self, by: isize) {
        if self.at.focus != Focus::List {
            self.select(self.at.row as isize + by);
            if self.show_selected() {
                self.opened();
            }
        }
    }

    fn next_unread(&mut self, by: isize) {
        let (count, row) = (self.at.rows.len() as isize, self.at.row as isize);
        let order = (1..count).map(|steps| (row + by * steps).rem_euclid(count));
        let found = order.into_iter().find(|row| self.did(self.at.rows[*row as usize]).read.is_none());
        if let Some(row) = found {
            self.select(row);
            self.show_selected();
            if self.at.focus != Focus::List {
                self.opened();
            }
        }
    }

    // Marks.

    fn meant(&self) -> Vec<usize> {
        let ranged = self.ranged();
        match self.at.focus {
            _ if !ranged.is_empty() => ranged,
            Focus::Related => {
                let here = self.at.shown.map(partner).filter(|number| self.shelf.contains_key(number));
                here.into_iter().collect()
            }
            Focus::Detail | Focus::List => self.at.shown.into_iter().collect(),
        }
    }

    fn mark(&mut self, set: Set, numbers: impl Iterator<Item = usize>) {
        numbers.for_each(|number| set.on(self.marks.entry(number).or_default()));
        self.stale = true;
    }

    /// Sets what was not so, in some order that can be taken back.
    fn change(&mut self, sets: &[(usize, Set)]) {
        sets.iter().for_each(|(number, set)| self.mark(*set, [*number].into_iter()));
        // What is hidden no more comes back at once.
        let shown: Vec<usize> = sets.iter().filter(|(_, set)| *set == Set::Hidden(false)).map(|(n, _)| *n).collect();
        if !shown.is_empty() {
            shown.iter().for_each(|number| self.at.view.entry(*number).or_default().hidden = false);
            self.find(false);
        }
    }

    fn set(&mut self, set: Set, numbers: &[usize]) {
        let others = numbers.iter().filter(|number| !set.is_on(self.did(**number)));
        let before: Vec<(usize, Set)> = others.map(|number| (*number, set.before(self.did(*number)))).collect();
        if !before.is_empty() {
            let sets: Vec<(usize, Set)> = before.iter().map(|(number, _)| (*number, set)).collect();
            self.undone.clear();
            self.done.push((set, before));
            self.change(&sets);
        }
    }

    fn toggle(&mut self, set: Set, other: Set) {
        let meant = self.meant();
        if !meant.is_empty() {
            self.at.range = None;
            let all = meant.iter().all(|number| set.is_on(self.did(*number)));
            self.set(if all { other } else { set }, &meant);
        }
    }

    fn read_and_next(&mut self) {
        let meant = self.meant();
        if !meant.is_empty() {
            self.at.range = None;
            self.set(Set::Read(Some(self.minute)), &meant);
            self.next_unread(1);
        }
    }

    fn read_rows(&mut self, rows: usize) {
        let rows = self.at.rows.iter().take(rows);
        let unread: Vec<usize> = rows.copied().filter(|number| self.did(*number).read.is_none()).collect();
        let set = Set::Read(Some(self.minute));
        if unread.len() > 50 { self.question = Some((set, unread)) } else { self.set(set, &unread) }
    }

    fn undo(&mut self) {
        let Some((set, before)) = self.done.pop() else { return };
        self.undone.push((set, before.clone()));
        self.change(&before);
    }

    fn redo(&mut self) {
        let Some((set, before)) = self.undone.pop() else { return };
        let sets: Vec<(usize, Set)> = before.iter().map(|(number, _)| (*number, set)).collect();
        self.done.push((set, before));
        self.change(&sets);
    }

    pub fn sync(&mut self, number: usize, mark: Elsewhere) {
        let set = match mark {
            Elsewhere::Read(on) => Set::Read(on.then_some(self.minute)),
            Elsewhere::Starred(on) => Set::Starred(on),
            Elsewhere::Hidden(on) => Set::Hidden(on),
        };
        self.mark(set, [number].into_iter());
    }

    pub fn time(&self) -> i64 {
        self.minute
    }

    pub fn minute(&mut self) -> i64 {
        self.minute += 1;
        self.minute
    }

    // Keys.

    fn read_on(&mut self, seen: &Seen) {
        let Some(shown) = self.at.shown else { return };
        if seen.detail.is_empty() {
            self.at.focus = Focus::Detail;
            return self.opened();
        }
        if seen.detail_offset + seen.detail_page() >= seen.detail_lines {
            self.set(Set::Read(Some(self.minute)), &[shown]);
            self.next_unread(1);
        }
    }

    fn answered(&mut self, key: &str) {
        match key {
            "y" | "<enter>" => {
                let question = self.question.take();
                question.into_iter().for_each(|(set, numbers)| self.set(set, &numbers));
            }
            "n" | "<esc>" => self.question = None,
            "<ctrl-l>" => self.refresh(),
            _ => {}
        }
    }

    pub fn press(&mut self, key: &str, seen: &Seen) {
        if self.question.is_some() {
            return self.answered(key);
        }
        let page = seen.list_page().max(2) as isize;
        match key {
            "j" | "<down>" => self.step(1),
            "k" | "<up>" => self.step(-1),
            "gg" => self.step(-1_000_000),
            "G" => self.step(1_000_000),
            "<ctrl-d>" => self.step(page / 2),
            "<ctrl-u>" => self.step(-(page / 2)),
            "<ctrl-f>" => self.step(page - 1),
            "<ctrl-b>" => self.step(1 - page),
            "<tab>" => self.next_pane(),
            "<shift-tab>" => self.previous_pane(),
            "<enter>" | "l" => self.open(),
            "h" | "<backspace>" => self.back(),
            "q" if self.at.focus == Focus::List => {}
            "q" => self.back(),
            "<esc>" if self.at.focus == Focus::List && self.at.range.is_some() => self.at.range = None,
            "<esc>" if self.at.focus == Focus::List && self.at.query != Query::default() => {
                self.set_query(Query::default())
            }
            "<esc>" => self.back(),
            "J" => self.across(1),
            "K" => self.across(-1),
            "m" | "N" => self.toggle(Set::Read(Some(self.minute)), Set::Read(None)),
            "s" => self.toggle(Set::Starred(true), Set::Starred(false)),
            "D" => self.toggle(Set::Hidden(true), Set::Hidden(false)),
            "r" | "O" => self.read_and_next(),
            "u" => self.undo(),
            "<ctrl-r>" => self.redo(),
            "M" => self.read_rows(self.at.row),
            "A" => self.read_rows(usize::MAX),
            "n" | "p" if self.at.finding && self.at.focus == Focus::Detail => {}
            "n" => self.next_unread(1),
            "p" => self.next_unread(-1),
            "1" => self.set_query(self.at.query.in_state(None)),
            "2" => self.set_query(self.at.query.in_state(Some("unread"))),
            "3" => self.set_query(self.at.query.in_state(Some("starred"))),
            "H" => self.set_query(Query { parts: vec![Part::State("read")], latest_read_first: true }),
            "c" => self.set_query(Query::default()),
            "v" => {
                self.focus_list();
                self.at.range = if self.at.range.is_some() { None } else { self.selected() };
            }
            "<space>" => self.read_on(seen),
            "<ctrl-o>" | "[" => self.jump(true),
            "]" => self.jump(false),
            "<ctrl-l>" => self.refresh(),
            _ => {}
        }
    }

    // Typing.

    pub fn search(&mut self, letters: &str, end: End, edits: Option<&[Edit]>) {
        if self.at.focus == Focus::Detail {
            self.at.finding = true;
            edits.into_iter().for_each(|edits| self.reload(edits));
            if end == End::Esc || letters.is_empty() {
                self.at.finding = false;
            }
            return;
        }
        let base = self.at.query.without(|part| matches!(part, Part::Word(_)));
        let typed = |to: usize| base.clone().and(Some(Part::Word(letters[..to].to_owned())));
        let steps: Vec<Query> = (1..=letters.len()).map(typed).collect();
        self.type_queries(&steps, end, edits);
        if end == End::Enter && letters.is_empty() {
            self.set_query(base);
        }
    }

    pub fn type_query(&mut self, number: usize, end: End) {
        self.type_queries(&[Query::default(), Query::typed(number)], end, None);
    }

    /// The list follows what is typed, from its top; Esc puts everything back.
    fn type_queries(&mut self, steps: &[Query], end: End, edits: Option<&[Edit]>) {
        let before = (self.at.clone(), self.stale);
        self.focus_list();
        self.typing = true;
        edits.into_iter().for_each(|edits| self.reload(edits));
        steps.iter().for_each(|query| self.set_query(query.clone()));
        self.typing = false;
        if end == End::Esc {
            (self.at, self.stale) = before;
            if edits.is_some() {
                self.carry();
            }
        }
    }

    pub fn pick(&mut self, letters: &str, moves: &[&str], end: End) {
        let among = self.at.query.with_topics(Vec::new()).find(&self.shelf, &self.marks);
        let count = |topic: usize| among.iter().filter(|number| self.shelf[number].has_topic(topic)).count();
        let mut labels: Vec<usize> = (0..TOPICS.len()).filter(|topic| count(*topic) > 0).collect();
        labels.sort_by_key(|topic| (usize::MAX - count(*topic), TOPICS[*topic]));
        labels.retain(|topic| TOPICS[*topic].contains(letters));
        let mut picked = self.at.query.topics();
        let (had, mut at) = (!picked.is_empty(), 0usize);
        let last = labels.len().saturating_sub(1);
        for key in moves {
            match (*key, labels.get(at)) {
                ("<space>", Some(topic)) => {
                    match picked.iter().position(|known| known == topic) {
                        Some(place) => drop(picked.remove(place)),
                        None => picked.push(*topic),
                    }
                    at = (at + 1).min(last);
                }
                ("<down>", _) => at = (at + 1).min(last),
                _ => at = at.saturating_sub(1),
            }
        }
        if end == End::Enter {
            if picked.is_empty() && !had {
                picked.extend(labels.get(at));
            }
            self.set_query(self.at.query.with_topics(picked));
        }
    }
}
