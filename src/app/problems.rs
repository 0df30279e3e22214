//! The problems of files, in this order: settings and saved searches, article files, files of the marks, subscriptions.

use std::path::Path;

use crate::feed::{Article, Problem, Severity};

/// The problems of all files.
#[derive(Debug, Default)]
pub struct Problems {
    all: Vec<Problem>,
    /// Number of problems of settings and saved searches, which come first.
    user: usize,
    /// The problems of the files of the marks, which are also at the end of `all`.
    of_marks: Vec<Problem>,
    /// The problems of subscriptions, which are also at the end of `all`.
    of_subscriptions: Vec<Problem>,
}

impl Problems {
    /// All problems.
    pub fn all(&self) -> &[Problem] {
        &self.all
    }

    /// The problems of article files.
    pub fn of_articles(&self) -> Vec<Problem> {
        let files = self.all.iter().skip(self.user);
        files
            .filter(|problem| !self.of_marks.contains(problem) && !self.of_subscriptions.contains(problem))
            .cloned()
            .collect()
    }

    /// The problems of an article: those found when it was read, and errors of its file since then.
    pub fn of<'a>(&'a self, article: &'a Article) -> impl Iterator<Item = &'a Problem> {
        let is_since = |problem: &&Problem| problem.severity == Severity::Error && problem.path == article.path;
        self.all.iter().filter(is_since).chain(&article.problems)
    }

    /// The index of a problem; if it is gone, of the first problem of its file.
    pub fn number_of(&self, problem: &Problem) -> Option<usize> {
        let in_file = |path: &Path| self.all.iter().position(|other| other.path == path);
        self.all.iter().position(|other| other == problem).or_else(|| in_file(&problem.path))
    }

    /// Replaces the problems of the settings and the saved searches.
    pub fn set_user(&mut self, problems: Vec<Problem>) {
        let (before, now) = (self.user, problems.len());
        self.all.splice(..before, problems);
        self.user = now;
    }

    /// Replaces the problems of article files.
    pub fn set_of_articles(&mut self, problems: Vec<Problem>) {
        self.all.truncate(self.user);
        self.all.extend(problems);
        // `truncate` removed these too, and a load of articles does not find them again.
        self.all.extend(self.of_marks.iter().chain(&self.of_subscriptions).cloned());
    }

    /// Replaces the problems of subscriptions, which are at the end. True if they have changed.
    pub fn set_of_subscriptions(&mut self, problems: Vec<Problem>) -> bool {
        if self.of_subscriptions == problems {
            return false;
        }
        self.all.retain(|problem| !self.of_subscriptions.contains(problem));
        self.all.extend(problems.iter().cloned());
        self.of_subscriptions = problems;
        true
    }

    /// Adds problems of the files of the marks.
    pub fn add_of_marks(&mut self, problems: Vec<Problem>) {
        self.all.extend(problems.iter().cloned());
        self.of_marks.extend(problems);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn problem(path: &str, what: &str) -> Problem {
        Problem { path: PathBuf::from(path), ..Problem::error(None, what, "") }
    }

    fn words(problems: &Problems) -> Vec<&str> {
        problems.all().iter().map(|problem| problem.what.as_str()).collect()
    }

    #[test]
    fn problems_of_each_kind_are_replaced_separately() {
        let mut problems = Problems::default();
        problems.set_of_articles(vec![problem("a.md", "article")]);
        problems.set_user(vec![problem("config.yaml", "user"), problem("config.yaml", "user too")]);
        problems.add_of_marks(vec![problem("marks", "marks")]);
        assert_eq!(words(&problems), ["user", "user too", "article", "marks"]);
        assert_eq!(problems.of_articles(), [problem("a.md", "article")]);
        problems.set_user(vec![problem("config.yaml", "other")]);
        problems.set_of_articles(vec![problem("b.md", "b"), problem("c.md", "c")]);
        assert_eq!(words(&problems), ["other", "b", "c", "marks"]);
    }

    #[test]
    fn a_fixed_problem_leads_to_the_first_of_its_file() {
        let mut problems = Problems::default();
        problems.set_of_articles(vec![problem("a.md", "a"), problem("b.md", "one"), problem("b.md", "two")]);
        for (path, what, number) in [("b.md", "two", Some(2)), ("b.md", "three", Some(1)), ("c.md", "one", None)] {
            assert_eq!(problems.number_of(&problem(path, what)), number, "{path}: {what}");
        }
    }
}
