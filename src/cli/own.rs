//! The reader's own files: the settings and the saved searches beside them, checked against what they speak of.

use std::path::{Path, PathBuf};

use super::error::CliError;
use super::looks::LookArgs;
use crate::app;
use crate::config::{ConfigProblem, RuleSetting, Settings, Written, searches};
use crate::dates::Zone;
use crate::feed::{Position, Problem, clean};
use crate::keymap::Keymap;
use crate::query::{Query, Rule, Rules, Saved};
use crate::terminal;
use crate::ui::Looks;

/// The most problems of one file that are told one by one.
const TOLD: usize = 20;

/// What it means that there is no home.
const HOMELESS: &str = "it names no folder, so neither marks nor the place in the list are kept";

/// What the reader's own files say.
#[derive(Clone, Debug)]
pub struct Own {
    /// The settings.
    pub settings: Settings,
    /// The settings file cannot be read, so these are the defaults.
    pub is_broken: bool,
    /// Where they are, or would be.
    pub config_file: PathBuf,
    /// The saved searches.
    pub saved: Saved,
    /// Where they are, or would be.
    pub searches: PathBuf,
    /// What holds of articles that a query finds.
    pub rules: Rules,
    /// What keys do.
    pub keymap: Keymap,
    /// What is wrong with these files.
    pub problems: Vec<Problem>,
}

/// Where they are, and what comes before them.
#[derive(Clone, Debug)]
pub struct OwnFiles {
    /// The file with the settings.
    pub config_file: PathBuf,
    /// The reader named that file, so it should be there.
    pub is_named: bool,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// There is no place for anything of the user's.
    pub is_homeless: bool,
    /// What the command line says of looks.
    pub looks: LookArgs,
}

impl OwnFiles {
    /// Reads them. The error is a fault of the program.
    pub fn read(&self) -> Result<Own, CliError> {
        let OwnFiles { config_file, is_named, home, is_homeless, looks } = self;
        let read = Settings::read(config_file, home.as_deref());
        let is_broken = read.is_err();
        let (mut settings, mut wrong) = read.unwrap_or_else(|problem| (Settings::default(), vec![problem]));
        let wrong_looks = looks.override_settings(&mut settings);
        if *is_named && !config_file.exists() {
            let what = format!("there is no file {}", clean::path(config_file));
            wrong.push(ConfigProblem::new(None, &what, "the defaults hold"));
        }
        let searches = searches::file_beside(config_file);
        let (found, mut wrong_searches) = searches::read(&searches);
        let saved = Saved::new(found);
        let unusable = |(name, text): (&str, &str)| {
            let error = Query::parse_with(text, &saved).err()?;
            let what = format!("`{name}`, column {}: {error}", error.span.0 + 1);
            Some(ConfigProblem::new(None, &what, "it cannot be used"))
        };
        wrong_searches.extend(saved.iter().filter_map(unusable));
        let wrong_query = |query: &Written, hint: &str| {
            let error = Query::parse_with(&query.text, &saved).err()?;
            let (line, column) = query.at;
            let at = (line, column + u32::try_from(error.span.0).unwrap_or(0));
            Some(ConfigProblem::new(Some(at), &error.to_string(), hint))
        };
        wrong.extend(settings.query.as_ref().and_then(|query| wrong_query(query, "every article is listed")));
        wrong.extend(settings.rules.iter().filter_map(|rule| wrong_query(&rule.when, "the rule does nothing")));
        let rules = Rules::new(settings.rules.iter().filter_map(|rule| read_rule(rule, &saved)).collect());
        let (keymap, wrong_keys) = Keymap::with(&settings.keys).map_err(|error| CliError::new(&error.to_string()))?;
        wrong.extend(wrong_keys);
        wrong.sort_by_key(|problem| problem.at);
        let homeless = is_homeless.then(|| ConfigProblem::new(None, HOMELESS, "set it to your home folder"));
        let problems = told(Path::new("$HOME"), homeless.into_iter().collect());
        let problems = problems.chain(wrong_looks.into_iter().flat_map(|(place, problem)| told(place, vec![problem])));
        let problems = problems.chain(told(config_file, wrong)).chain(told(&searches, wrong_searches)).collect();
        Ok(Own { settings, is_broken, config_file: config_file.to_owned(), saved, searches, rules, keymap, problems })
    }
}

impl Own {
    /// The same; but of settings that cannot be read now, what they said before holds, for the session.
    pub fn instead_of(self, before: &Own) -> Own {
        match self.is_broken {
            true => Own { saved: self.saved, problems: self.problems, ..before.clone() },
            false => self,
        }
    }

    /// The query that the reader starts with.
    pub fn query(&self) -> Option<Query> {
        Query::parse_with(&self.settings.query.as_ref()?.text, &self.saved).ok()
    }

    /// How the screen is laid out and written.
    pub fn looks(&self) -> Looks {
        Looks::new(&self.settings)
    }

    /// The zone of the reader.
    pub fn zone(&self) -> Zone {
        self.settings.dates.zone
    }

    /// What concerns the reading.
    pub fn reading(&self) -> app::Settings {
        app::Settings {
            saved: self.saved.clone(),
            rules: self.rules.clone(),
            read_when: self.settings.read,
            list_share: self.settings.layout.list,
            own_commands: self.keymap.own_commands(),
            zone: self.zone(),
            problems: self.problems.clone(),
        }
    }

    /// All that may change while the reader runs.
    pub fn settings(&self) -> terminal::Settings {
        terminal::Settings {
            reading: self.reading(),
            keymap: self.keymap.clone(),
            theme: self.settings.theme.clone(),
            themes: self.settings.themes.clone(),
            looks: self.looks(),
            mouse: self.settings.mouse,
            browser: self.settings.browser.clone(),
            editor: self.settings.editor.clone(),
        }
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
