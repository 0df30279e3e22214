//! The model: a simple implementation of the list, the marks and the panes as the documentation describes them.

use std::collections::{BTreeMap, BTreeSet};

use frontpage::app::{Focus, FrameInfo};

use super::articles::{Articles, TOPICS, head, related, story};
use super::steps::{Edit, Elsewhere, End};
use super::types::{Did, Marks, Part, Place, Query, Set, Spot};

#[derive(Clone, Debug)]
pub struct Model {
    pub articles: Articles,
    pub marks: Marks,
    pub at: Place,
    /// True if all stories are unfolded, except those in the other set.
    unfolded: bool,
    others: BTreeSet<usize>,
    /// True if an article was marked since the rows were found.
    stale: bool,
    typing: bool,
    /// True if a query is typed, and the view before it is recorded.
    recorded: bool,
    /// The articles that a confirmation is about.
    pub question: Option<(Set, Vec<usize>)>,
    done: Vec<Done>,
    undone: Vec<Done>,
    /// The change that set each field of each article. A value that undo restores counts as set by the change before.
    set_by: BTreeMap<(usize, u8), u64>,
    changes: u64,
    minute: i64,
}

/// A change that can be undone: its number, and for each article the value before and the change that had set it.
#[derive(Clone, Debug)]
struct Done {
    set: Set,
    change: u64,
    before: Vec<(usize, Set, u64)>,
}

impl Model {
    pub fn new(articles: Articles) -> Model {
        let (query, marks) = (Query::default(), Marks::new());
        let (found, rows, shown, focus) = (Vec::new(), Vec::new(), None, Focus::List);
        let (reasons, stories) = (BTreeMap::new(), BTreeMap::new());
        let (back, forward) = (Vec::new(), Vec::new());
        let (row, moved, range, finding, entry, view) = (0, false, None, false, 0, Marks::new());
        let at = Place {
            query,
            found,
            rows,
            reasons,
            stories,
            row,
            moved,
            shown,
            focus,
            range,
            finding,
            entry,
            back,
            forward,
            view,
        };
        let (unfolded, others, done, undone) = (false, BTreeSet::new(), Vec::new(), Vec::new());
        let (stale, typing, question, minute) = (false, false, None, 0);
        let (set_by, changes) = (BTreeMap::new(), 0);
        let mut model = Model {
            articles,
            marks,
            at,
            unfolded,
            others,
            stale,
            typing,
            recorded: false,
            question,
            done,
            undone,
            set_by,
            changes,
            minute,
        };
        model.find(true);
        model
    }

    pub fn did(&self, number: usize) -> Did {
        self.marks.get(&number).copied().unwrap_or_default()
    }

    pub fn selected(&self) -> Option<usize> {
        self.at.rows.get(self.at.row).copied()
    }

    pub fn unread(&self) -> usize {
        self.at.found.iter().filter(|number| self.did(**number).read.is_none()).count()
    }

    pub fn jump_depth(&self) -> usize {
        self.at.back.len()
    }

    /// The selected rows.
    pub fn ranged(&self) -> Vec<usize> {
        let Some(start) = self.at.range.and_then(|from| self.row_of(from)) else { return Vec::new() };
        self.at.rows[start.min(self.at.row)..=start.max(self.at.row)].to_vec()
    }

    /// The related articles of the shown article.
    pub fn related(&self) -> Vec<usize> {
        self.at.shown.map(|shown| related(&self.articles, shown)).unwrap_or_default()
    }

    /// The selected one of those.
    fn related_target(&self) -> Option<usize> {
        self.related().get(self.at.entry).copied()
    }

    /// The same, if it is in the library.
    fn related_here(&self) -> Option<usize> {
        self.related_target().filter(|number| self.articles.contains_key(number))
    }

    /// Selects it again, at its present row.
    fn select_related(&mut self, target: Option<usize>) {
        let related = self.related();
        let again = target.and_then(|target| related.iter().position(|number| *number == target));
        self.at.entry = again.unwrap_or(self.at.entry.min(related.len().saturating_sub(1)));
    }

    fn has_related(&self) -> bool {
        !self.related().is_empty()
    }

    // Stories.

    fn is_unfolded(&self, head: usize) -> bool {
        self.unfolded != self.others.contains(&head)
    }

    /// The articles of a row: all of a folded story, else one.
    fn articles_of_row(&self, row: usize) -> Vec<usize> {
        if head(&self.articles, row) == Some(row) && !self.is_unfolded(row) {
            story(&self.articles, row)
        } else {
            vec![row]
        }
    }

    pub fn is_unread_row(&self, row: usize) -> bool {
        let story = self.articles_of_row(row);
        let counts = |number: &usize| story.len() == 1 || self.at.found.contains(number);
        story.iter().any(|number| counts(number) && self.did(*number).read.is_none())
    }

    /// The row of an article, or of the head of its story.
    fn row_of(&self, number: usize) -> Option<usize> {
        let row = |number| self.at.rows.iter().position(|known| *known == number);
        row(number).or_else(|| row(head(&self.articles, number)?))
    }

    /// The head above an article that is found, or the head that represents it.
    pub fn head_over(&self, number: usize) -> Option<usize> {
        head(&self.articles, number).filter(|head| *head != number && self.at.rows.contains(head))
    }

    /// Makes the rows for articles that are found. Each story has one row: at the position of its head, or of its first member
    /// if the head is not found or the best hits are first. Members that are found follow an unfolded head. A hidden head that
    /// is not found represents no story.
    fn fold(&mut self) {
        let Place { query, found, view, .. } = &self.at;
        let is_found: BTreeSet<usize> = found.iter().copied().collect();
        let is_hidden = |number: &usize| view.get(number).is_some_and(|did| did.hidden);
        let is_valid = |head: &usize| is_found.contains(head) || !is_hidden(head);
        let head = |number: usize| head(&self.articles, number).filter(is_valid);
        let mut firsts = BTreeMap::new();
        for number in found {
            if let Some(head) = head(*number) {
                let heads_place = is_found.contains(&head) && !query.is_ranked();
                firsts.entry(head).or_insert(if heads_place { head } else { *number });
            }
        }
        let mut rows = Vec::new();
        for number in found {
            match head(*number) {
                None => rows.push(*number),
                Some(head) if firsts[&head] == *number => {
                    rows.push(head);
                    let members =
                        story(&self.articles, head).into_iter().skip(1).filter(|number| is_found.contains(number));
                    rows.extend(members.filter(|_| self.is_unfolded(head)));
                }
                Some(_) => {}
            }
        }
        self.at.stories = firsts.keys().map(|head| (*head, story(&self.articles, *head))).collect();
        self.at.rows = rows;
        firsts.retain(|head, first| head != first);
        self.at.reasons = firsts;
        self.at.range = self.at.range.filter(|from| self.row_of(*from).is_some());
    }

    /// Changes which stories are folded.
    fn turn(&mut self, turn: impl FnOnce(&mut Model)) {
        let selected = self.selected();
        turn(self);
        self.fold();
        self.at.moved = true;
        self.at.row = selected.and_then(|number| self.row_of(number)).unwrap_or(0);
        if self.at.focus == Focus::List {
            self.show_selected();
        }
    }

    fn turn_story(&mut self) {
        let selected = self.selected().and_then(|number| head(&self.articles, number));
        if let Some(head) = selected.filter(|head| self.at.rows.contains(head)) {
            self.turn(|model| {
                if !model.others.remove(&head) {
                    model.others.insert(head);
                }
            });
        }
    }

    fn turn_stories(&mut self) {
        if self.articles.keys().any(|number| head(&self.articles, *number).is_some()) {
            self.turn(|model| (model.unfolded, model.others) = (!model.unfolded, BTreeSet::new()));
        }
    }

    // Rows.

    /// Finds the rows of the query. The selection stays with its article, else with the next one, else in its row.
    fn find(&mut self, is_new: bool) {
        let found = self.at.query.find(&self.articles, &self.at.view);
        self.take(found, is_new, &self.nearest());
    }

    /// The selected article, those below it, then those above it. A head is followed by its story.
    fn nearest(&self) -> Vec<usize> {
        let (above, below) = self.at.rows.split_at(self.at.row.min(self.at.rows.len()));
        let rows = below.iter().chain(above.iter().rev());
        rows.flat_map(|row| self.at.stories.get(row).cloned().unwrap_or(vec![*row])).collect()
    }

    fn take(&mut self, found: Vec<usize>, is_new: bool, nearest: &[usize]) {
        self.at.found = found;
        self.fold();
        let row_of = |number: &usize| self.row_of(*number);
        let is_kept = nearest.first().and_then(row_of).is_some();
        let next = nearest.iter().find_map(row_of);
        self.at.moved &= !is_new || (is_kept && !self.typing);
        let same = self.at.row.min(self.at.rows.len().saturating_sub(1));
        self.at.row = if self.at.moved { next.unwrap_or(same) } else { 0 };
        let is_gone = self.at.shown.is_none_or(|shown| !self.articles.contains_key(&shown));
        if is_new || is_gone || self.at.focus == Focus::List {
            self.show_selected();
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
        if !std::mem::replace(&mut self.recorded, self.typing) {
            let is_same = |spot: &Spot| matches!(spot, Spot::View(last, ..) if *last == self.at.query);
            if !self.at.back.last().is_some_and(is_same) {
                let view = self.view();
                self.at.back.push(view);
            }
            self.at.forward.clear();
        }
        (self.stale, self.at.view) = (false, self.marks.clone());
        (self.at.query, self.at.range) = (query, None);
        self.find(true);
    }

    pub fn reload(&mut self, edits: &[Edit]) {
        let target = self.related_target();
        for edit in edits {
            match edit {
                Edit::Put(number, article) => drop(self.articles.insert(*number, *article)),
                Edit::Remove(number) => drop(self.articles.remove(number)),
            }
        }
        self.select_related(target);
        self.carry();
    }

    /// The articles changed. Until the query has run, the rows are the articles that still exist. The selection goes to the next
    /// one that exists, or to the one next to the row that is selected in the meantime.
    fn carry(&mut self) {
        let nearest = self.nearest();
        if self.at.query != Query::default() {
            let found = self.at.found.iter().copied().filter(|number| self.articles.contains_key(number)).collect();
            self.take(found, false, &nearest);
        }
        let still_there = nearest.into_iter().find(|number| self.articles.contains_key(number));
        let nearest: Vec<usize> = still_there.into_iter().chain(self.nearest()).collect();
        self.take(self.at.query.find(&self.articles, &self.at.view), false, &nearest);
        if self.at.focus == Focus::Related && !self.has_related() {
            self.at.focus = Focus::Detail;
        }
    }

    // Panes.

    /// Shows an article. True if it is a different one.
    fn show(&mut self, number: Option<usize>) -> bool {
        let other = self.at.shown != number;
        if other {
            (self.at.shown, self.at.finding, self.at.entry) = (number, false, 0);
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

    /// In the list, the shown article is the selected one.
    fn focus_list(&mut self) {
        self.at.focus = Focus::List;
        self.show_selected();
    }

    fn step(&mut self, by: isize) {
        match self.at.focus {
            Focus::List => {
                self.select(self.at.row as isize + by);
                self.show_selected();
            }
            Focus::Detail | Focus::Navigation => {}
            Focus::Related => {
                let last = self.related().len().saturating_sub(1) as isize;
                self.at.entry = (self.at.entry as isize + by).clamp(0, last) as usize;
            }
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
            Focus::Detail | Focus::Navigation => {}
            Focus::Related => {
                let (Some(shown), Some(number)) = (self.at.shown, self.related_here()) else { return };
                self.at.back.push(Spot::Article(shown, self.at.entry));
                self.at.forward.clear();
                self.travel(number, 0);
                self.opened();
            }
        }
    }

    fn travel(&mut self, number: usize, entry: usize) {
        if let Some(row) = self.row_of(number) {
            self.select(row as isize);
        }
        self.show(Some(number));
        (self.at.finding, self.at.focus) = (false, Focus::Detail);
        self.at.entry = entry.min(self.related().len().saturating_sub(1));
    }

    fn jump(&mut self, back: bool) {
        let article = self.at.shown.map(|shown| Spot::Article(shown, self.at.entry));
        let (view, query) = (self.view(), self.at.query.clone());
        let Place { back: behind, forward: before, .. } = &mut self.at;
        let (from, to) = if back { (behind, before) } else { (before, behind) };
        let is_place = |spot: &Spot| match spot {
            Spot::Article(number, _) => self.articles.contains_key(number),
            Spot::View(other, ..) => *other != query,
        };
        let Some(at) = from.iter().rposition(is_place) else { return };
        let spot = from[at].clone();
        from.truncate(at);
        to.extend(if matches!(spot, Spot::Article(..)) { article } else { Some(view) });
        match spot {
            Spot::Article(number, entry) => self.travel(number, entry),
            Spot::View(query, selected, read) => self.return_to(query, selected, read),
        }
    }

    fn view(&self) -> Spot {
        let is_read = matches!(self.at.focus, Focus::Detail | Focus::Related);
        Spot::View(self.at.query.clone(), self.selected(), self.at.shown.filter(|_| is_read))
    }

    fn return_to(&mut self, query: Query, selected: Option<usize>, read: Option<usize>) {
        (self.stale, self.at.view) = (false, self.marks.clone());
        (self.at.query, self.at.range, self.at.moved) = (query, None, true);
        let read = read.filter(|number| self.articles.contains_key(number));
        match read {
            Some(number) => {
                self.show(Some(number));
                (self.at.finding, self.at.focus) = (false, Focus::Detail);
            }
            None => self.focus_list(),
        }
        // A view in which nothing was selected had no rows: it begins at the top.
        let next = if selected.is_none() && read.is_none() { Vec::new() } else { self.nearest() };
        let nearest: Vec<usize> = selected.into_iter().chain(next).collect();
        let found = self.at.query.find(&self.articles, &self.at.view);
        self.take(found, read.is_none(), &nearest);
    }

    fn back(&mut self) {
        match self.at.focus {
            Focus::Detail if self.at.finding => self.at.finding = false,
            Focus::Related => self.at.focus = Focus::Detail,
            Focus::Detail | Focus::List | Focus::Navigation => self.focus_list(),
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
            Focus::List | Focus::Detail | Focus::Navigation => self.focus_list(),
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
        let is_unread = |row: &isize| self.is_unread_row(self.at.rows[*row as usize]);
        let order = (1..count).map(|steps| (row + by.signum() * steps).rem_euclid(count));
        let mut unread: Vec<isize> = order.filter(is_unread).collect();
        if !unread.is_empty() {
            unread.extend(Some(row).filter(is_unread));
            self.select(unread[(by.unsigned_abs() - 1) % unread.len()]);
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
            Focus::Related => self.related_here().into_iter().collect(),
            Focus::Detail | Focus::List | Focus::Navigation => self.at.shown.into_iter().collect(),
        }
    }

    /// The articles that are marked with a row: without hidden members, unless the mark is `hidden` or they are found.
    fn marked_with(&self, row: usize, hides: bool) -> Vec<usize> {
        let is_hidden = |number: &usize| self.at.view.get(number).is_some_and(|did| did.hidden);
        let is_seen = |number: &usize| *number == row || self.at.found.contains(number) || !is_hidden(number);
        self.articles_of_row(row).into_iter().filter(|number| hides || is_seen(number)).collect()
    }

    /// The same for all articles of the rows.
    fn meant_with_stories(&self, hides: bool) -> Vec<usize> {
        let meant = self.meant();
        let are_rows = self.at.range.is_some() || (self.at.focus != Focus::Related && self.selected() == self.at.shown);
        if !are_rows {
            return meant;
        }
        let all: BTreeSet<usize> = meant.into_iter().flat_map(|row| self.marked_with(row, hides)).collect();
        all.into_iter().collect()
    }

    fn mark(&mut self, set: Set, number: usize, change: u64) {
        set.on(self.marks.entry(number).or_default());
        self.set_by.insert((number, set.field()), change);
        self.stale = true;
    }

    fn set_by(&self, number: usize, set: Set) -> u64 {
        self.set_by.get(&(number, set.field())).copied().unwrap_or(0)
    }

    /// Sets a mark where it is not set, as one step for undo.
    fn change(&mut self, sets: &[(usize, Set, u64)]) {
        sets.iter().for_each(|(number, set, change)| self.mark(*set, *number, *change));
        // An article that is no longer hidden comes back at once.
        let shown: Vec<usize> =
            sets.iter().filter(|(_, set, _)| *set == Set::Hidden(false)).map(|(n, ..)| *n).collect();
        if !shown.is_empty() {
            shown.iter().for_each(|number| self.at.view.entry(*number).or_default().hidden = false);
            self.find(false);
        }
    }

    fn set(&mut self, set: Set, numbers: &[usize]) {
        let others = numbers.iter().filter(|number| !set.is_on(self.did(**number)));
        let before: Vec<(usize, Set, u64)> =
            others.map(|number| (*number, set.before(self.did(*number)), self.set_by(*number, set))).collect();
        if !before.is_empty() {
            self.changes += 1;
            let change = self.changes;
            let sets: Vec<(usize, Set, u64)> = before.iter().map(|(number, ..)| (*number, set, change)).collect();
            self.undone.clear();
            self.done.push(Done { set, change, before });
            self.change(&sets);
        }
    }

    fn toggle(&mut self, set: Set, other: Set) {
        let meant = if matches!(set, Set::Starred(_)) {
            self.meant()
        } else {
            self.meant_with_stories(matches!(set, Set::Hidden(_)))
        };
        if !meant.is_empty() {
            self.at.range = None;
            let all = meant.iter().all(|number| set.is_on(self.did(*number)));
            self.set(if all { other } else { set }, &meant);
        }
    }

    fn read_and_next(&mut self) {
        let meant = self.meant_with_stories(false);
        if !meant.is_empty() {
            self.at.range = None;
            self.set(Set::Read(Some(self.minute)), &meant);
            self.next_unread(1);
        }
    }

    /// Marks articles read: all that are found, or those of the rows above.
    fn read_rows(&mut self, rows: usize) {
        let above: BTreeSet<usize> =
            self.at.rows.iter().take(rows).flat_map(|row| self.articles_of_row(*row)).collect();
        let found = self.at.found.iter().copied().filter(|number| rows == usize::MAX || above.contains(number));
        let unread: Vec<usize> = found.filter(|number| self.did(*number).read.is_none()).collect();
        let set = Set::Read(Some(self.minute));
        if unread.len() > 50 { self.question = Some((set, unread)) } else { self.set(set, &unread) }
    }

    fn undo(&mut self) {
        let Some(done) = self.done.pop() else { return };
        self.undone.push(done.clone());
        // Later changes of another instance stay.
        let is_valid = |(number, ..): &&(usize, Set, u64)| self.set_by(*number, done.set) == done.change;
        let sets: Vec<(usize, Set, u64)> = done.before.iter().filter(is_valid).copied().collect();
        self.change(&sets);
    }

    fn redo(&mut self) {
        let Some(done) = self.undone.pop() else { return };
        self.done.push(done.clone());
        let is_valid = |(number, _, change): &&(usize, Set, u64)| self.set_by(*number, done.set) == *change;
        let sets = done.before.iter().filter(is_valid).map(|(number, ..)| (*number, done.set, done.change));
        let sets: Vec<(usize, Set, u64)> = sets.collect();
        self.change(&sets);
    }

    pub fn sync(&mut self, number: usize, mark: Elsewhere) {
        let set = match mark {
            Elsewhere::Read(on) => Set::Read(on.then_some(self.minute)),
            Elsewhere::Starred(on) => Set::Starred(on),
            Elsewhere::Hidden(on) => Set::Hidden(on),
        };
        self.changes += 1;
        self.mark(set, number, self.changes);
    }

    pub fn time(&self) -> i64 {
        self.minute
    }

    pub fn minute(&mut self) -> i64 {
        self.minute += 1;
        self.minute
    }

    // Keys.

    fn read_on(&mut self, frame: &FrameInfo) {
        let Some(shown) = self.at.shown else { return };
        if frame.detail.area.is_empty() {
            self.at.focus = Focus::Detail;
            return self.opened();
        }
        if frame.detail.offset + frame.detail.page() >= frame.detail.lines {
            let is_row = self.selected() == Some(shown);
            let all = if is_row { self.marked_with(shown, false) } else { vec![shown] };
            self.set(Set::Read(Some(self.minute)), &all);
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

    /// The rows from the selected one down, as many as a count says.
    fn count_rows(&mut self, count: usize) {
        if self.at.focus != Focus::Related && self.at.range.is_none() && self.selected() == self.at.shown {
            let last = (self.at.row + count - 1).min(self.at.rows.len().saturating_sub(1));
            self.at.range = self.at.rows.get(last).copied();
        }
    }

    pub fn press(&mut self, keys: &str, frame: &FrameInfo) {
        let key = keys.trim_start_matches(|c: char| c.is_ascii_digit());
        let count: Option<usize> = keys[..keys.len() - key.len()].parse().ok();
        if self.question.is_some() {
            return self.answered(key);
        }
        if let Some(count) = count.filter(|_| matches!(key, "m" | "s" | "D" | "r")) {
            self.count_rows(count);
        }
        let times = count.unwrap_or(1) as isize;
        let page = match self.at.focus {
            Focus::Related => usize::from(frame.related.area.height),
            _ => frame.list.page(),
        };
        let page = page.max(2) as isize;
        match key {
            "j" | "<down>" => self.step(times),
            "k" | "<up>" => self.step(-times),
            "gg" | "G" if count.is_some() => {
                // In one step: the row that is selected already changes nothing.
                let at = if self.at.focus == Focus::Related { self.at.entry } else { self.at.row };
                self.step(times - 1 - at as isize);
            }
            "gg" => self.step(-1_000_000),
            "G" => self.step(1_000_000),
            "<ctrl-d>" => self.step(page / 2 * times),
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
                self.set_query(self.at.query.widened())
            }
            "<esc>" => self.back(),
            "J" => self.across(times),
            "K" => self.across(-times),
            "m" | "N" => self.toggle(Set::Read(Some(self.minute)), Set::Read(None)),
            "s" => self.toggle(Set::Starred(true), Set::Starred(false)),
            "D" => self.toggle(Set::Hidden(true), Set::Hidden(false)),
            "r" | "O" => self.read_and_next(),
            "u" => (0..times).for_each(|_| self.undo()),
            "<ctrl-r>" => (0..times).for_each(|_| self.redo()),
            "M" => self.read_rows(self.at.row),
            "A" => self.read_rows(usize::MAX),
            "n" | "p" if self.at.finding && self.at.focus == Focus::Detail => {}
            "n" => self.next_unread(times),
            "p" => self.next_unread(-times),
            "ga" => self.set_query(self.at.query.in_state(None)),
            "gu" => self.set_query(self.at.query.in_state(Some("unread"))),
            "gs" => self.set_query(self.at.query.in_state(Some("starred"))),
            "H" => self.set_query(Query { parts: vec![Part::State("read")], latest_read_first: true }),
            "c" => self.set_query(Query::default()),
            "v" => {
                self.focus_list();
                self.at.range = if self.at.range.is_some() { None } else { self.selected() };
            }
            "<space>" => self.read_on(frame),
            "<ctrl-o>" | "[" => self.jump(true),
            "]" => self.jump(false),
            "<ctrl-l>" => self.refresh(),
            "x" => self.turn_story(),
            "X" => self.turn_stories(),
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

    /// The list follows the typed query, from its top. Esc restores everything.
    fn type_queries(&mut self, steps: &[Query], end: End, edits: Option<&[Edit]>) {
        let (before, target) = ((self.at.clone(), self.stale), self.related_target());
        self.focus_list();
        self.typing = true;
        edits.into_iter().for_each(|edits| self.reload(edits));
        steps.iter().for_each(|query| self.set_query(query.clone()));
        (self.typing, self.recorded) = (false, false);
        if end == End::Esc {
            (self.at, self.stale) = before;
            if edits.is_some() {
                self.select_related(target);
                self.carry();
            }
        }
    }

    pub fn pick(&mut self, letters: &str, moves: &[&str], end: End) {
        let among = self.at.query.with_topics(Vec::new()).find(&self.articles, &self.marks);
        let count = |topic: usize| among.iter().filter(|number| self.articles[number].has_topic(topic)).count();
        let mut labels: Vec<usize> = (0..TOPICS.len()).filter(|topic| count(*topic) > 0).collect();
        labels.sort_by_key(|topic| (usize::MAX - count(*topic), TOPICS[*topic]));
        labels.retain(|topic| TOPICS[*topic].contains(letters));
        let mut picked = self.at.query.topics();
        let (had, mut touched, mut at) = (!picked.is_empty(), false, 0usize);
        let last = labels.len().saturating_sub(1);
        for key in moves {
            match (*key, labels.get(at)) {
                ("<ctrl-space>", Some(topic)) => {
                    touched = true;
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
        if end == End::Enter
            && let Some(selected) = labels.get(at)
        {
            if !touched && (!had || !letters.is_empty()) {
                picked = vec![*selected];
            }
            self.set_query(self.at.query.with_topics(picked));
        }
    }
}
