//! The user's own files: the settings and the saved searches beside them, checked against each other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::CliError;
use super::looks::LookArgs;
use crate::app::UserConfig;
use crate::config::{ConfigProblem, RuleSetting, Settings, Written, searches};
use crate::feed::{Position, Problem, clean};
use crate::keymap::Keymap;
use crate::query::{Query, Rule, Rules, Saved};

/// The most problems of a file that are listed; the rest are counted.
const TOLD: usize = 20;

/// What it means that there is no home.
const HOMELESS: &str = "it names no folder, so neither marks nor the place in the list are kept";

/// Where the files are, and what overrides the settings.
#[derive(Clone, Debug)]
pub struct UserFiles {
    /// The file with the settings.
    pub config_file: PathBuf,
    /// The user named that file, so it should be there.
    pub is_named: bool,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// There is no place for anything of the user's.
    pub is_homeless: bool,
    /// What the command line says of looks.
    pub looks: LookArgs,
    /// The command line leaves the mouse to the terminal.
    pub leaves_mouse: bool,
}

impl UserFiles {
    /// The file with the saved searches.
    pub fn searches_file(&self) -> PathBuf {
        searches::file_beside(&self.config_file)
    }

    /// Reads the files: what they say, and what keys do then. `running` is what a running reader has: settings that apply
    /// from the next start on stay, and all of them while the file cannot be read. The error is a fault of the program.
    pub fn read(&self, running: Option<&(UserConfig, Keymap)>) -> Result<(UserConfig, Keymap), CliError> {
        let read = Settings::read(&self.config_file, self.home.as_deref());
        let is_broken = read.is_err();
        let (mut settings, mut wrong) = read.unwrap_or_else(|problem| (Settings::default(), vec![problem]));
        let wrong_looks = self.looks.override_settings(&mut settings);
        settings.mouse &= !self.leaves_mouse;
        if self.is_named && !self.config_file.exists() {
            let what = format!("there is no file {}", clean::path(&self.config_file));
            wrong.push(ConfigProblem::new(None, &what, "the defaults hold"));
        }
        let (saved, wrong_searches) = self.read_searches();
        let wrong_query = |query: &Written, hint: &str| {
            let error = Query::parse_with(&query.text, &saved).err()?;
            let (line, column) = query.at;
            let at = (line, column + u32::try_from(error.span.0).unwrap_or(0));
            Some(ConfigProblem::new(Some(at), &error.to_string(), hint))
        };
        wrong.extend(settings.query.as_ref().and_then(|query| wrong_query(query, "every article is listed")));
        wrong.extend(settings.rules.iter().filter_map(|rule| wrong_query(&rule.when, "the rule does nothing")));
        let (keymap, wrong_keys) = Keymap::with(&settings.keys).map_err(|error| CliError::new(&error.to_string()))?;
        wrong.extend(wrong_keys);
        wrong.sort_by_key(|problem| problem.at);
        let homeless = ConfigProblem::new(None, HOMELESS, "set it to your home folder");
        let problems = told(Path::new("$HOME"), self.is_homeless.then_some(homeless).into_iter().collect())
            .chain(wrong_looks.into_iter().flat_map(|(place, problem)| told(place, vec![problem])))
            .chain(told(&self.config_file, wrong))
            .chain(told(&self.searches_file(), wrong_searches))
            .collect();
        if let Some((user, keymap)) = running.filter(|_| is_broken) {
            return Ok((UserConfig { saved, problems, ..user.clone() }, keymap.clone()));
        }
        let rules = Rules::new(settings.rules.iter().filter_map(|rule| read_rule(rule, &saved)).collect());
        let settings = match running {
            Some((user, _)) => settings.while_running(&user.settings),
            None => settings,
        };
        let own_commands = keymap.own_commands();
        Ok((UserConfig { settings: Arc::new(settings), saved, rules, own_commands, problems }, keymap))
    }

    /// The saved searches, and what is wrong with them.
    fn read_searches(&self) -> (Saved, Vec<ConfigProblem>) {
        let (found, mut wrong) = searches::read(&self.searches_file());
        let saved = Saved::new(found);
        let unusable = |(name, text): (&str, &str)| {
            let error = Query::parse_with(text, &saved).err()?;
            let what = format!("`{name}`, column {}: {error}", error.span.0 + 1);
            Some(ConfigProblem::new(None, &what, "it cannot be used"))
        };
        wrong.extend(saved.iter().filter_map(unusable));
        (saved, wrong)
    }
}

/// A rule; none when its query cannot be read, which is told elsewhere.
fn read_rule(rule: &RuleSetting, saved: &Saved) -> Option<Rule> {
    let query = Query::parse_with(&rule.when.text, saved).ok()?;
    Some(query.rule(rule.acts.clone()))
}

/// Problems of one of our own files, as those of articles are told.
fn told(file: &Path, problems: Vec<ConfigProblem>) -> impl Iterator<Item = Problem> {
    let more = problems.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| ConfigProblem::new(None, &format!("{more} more problems"), "mend the first ones"));
    problems.into_iter().take(TOLD).chain(more).map(|problem| {
        let at = problem.at.map(|(line, column)| Position { line, column });
        Problem { path: file.to_owned(), ..Problem::warning(at, &problem.what, &problem.hint) }
    })
}
