//! Reads the settings, the saved searches and the subscriptions, and checks the queries and keys in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::appearance::AppearanceArgs;
use super::error::CliError;
use crate::app::UserConfig;
use crate::config::saved_searches_file::{self, ReadSearches};
use crate::config::{ConfigProblem, LocatedText, RuleAction, RuleSetting, Settings};
use crate::feed::{Position, Problem, Tag, TagNameError, clean};
use crate::keymap::Keymap;
use crate::library::site::SiteBase;
use crate::query::{Query, Rule, Rules, SavedSearches};
#[cfg(feature = "sync")]
use crate::subscriptions::Found;
use crate::subscriptions::{self, SubscriptionsFile};
use crate::text::counted;

/// Maximum number of problems listed for a file. Further ones are counted.
const MOST_PROBLEMS: usize = 20;

/// The problem of a missing home folder, reported for `$HOME`.
const NO_HOME: &str = "not set to a folder: marks and the position in the list are not saved";

/// The paths of the files, and what the command line overrides.
#[derive(Clone, Debug)]
pub struct UserFiles {
    /// The settings file.
    pub config_file: PathBuf,
    /// True if the user named the settings file, so a missing one is a problem.
    pub is_named: bool,
    /// The home folder, for `~` in settings.
    pub home: Option<PathBuf>,
    /// True if there is no home folder, so nothing can be saved.
    pub has_no_home: bool,
    /// Theme and symbols from the command line.
    pub appearance: AppearanceArgs,
    /// True if the command line leaves the mouse to the terminal.
    pub no_mouse: bool,
}

impl UserFiles {
    /// The file of saved searches.
    pub fn searches_file(&self) -> PathBuf {
        saved_searches_file::path_beside(&self.config_file)
    }

    /// The file of subscriptions.
    pub fn subscriptions_file(&self) -> PathBuf {
        subscriptions::path_beside(&self.config_file)
    }

    /// Reads the files. [`UserConfig::problems`] has what is wrong with them.
    ///
    /// `running` is the configuration of a running terminal reader. Settings that apply only from the next start keep its values. If
    /// the settings file cannot be read, all settings keep them. An error means that the built-in keys are invalid: a bug.
    pub fn read(&self, running: Option<&(UserConfig, Keymap)>) -> Result<(UserConfig, Keymap), CliError> {
        let read = Settings::read(&self.config_file, self.home.as_deref());
        let is_broken = read.is_err();
        let (mut settings, mut wrong) = read.unwrap_or_else(|problem| (Settings::default(), vec![problem]));
        let wrong_appearance = self.appearance.override_settings(&mut settings);
        settings.mouse &= !self.no_mouse;
        if self.is_named && !self.config_file.exists() {
            wrong.push(ConfigProblem::new(None, "no such file", "defaults apply"));
        }
        let (read, saved) = self.read_searches();
        let wrong_query = |query: &LocatedText, hint: &str| {
            let error = Query::parse_with(&query.text, &saved).err()?;
            let (line, column) = query.at;
            let at = (line, column + u32::try_from(error.span.0).unwrap_or(0));
            Some(ConfigProblem::new(Some(at), &error.to_string(), hint))
        };
        wrong.extend(settings.query.as_ref().and_then(|query| wrong_query(query, "all articles are listed")));
        wrong.extend(settings.rules.iter().filter_map(|rule| wrong_query(&rule.when, "rule ignored")));
        wrong.extend(settings.on_new.iter().filter_map(|hook| wrong_query(&hook.when, "nothing runs for it")));
        wrong.extend(settings.rules.iter().flat_map(wrong_tags));
        wrong.extend(settings.sites.iter().filter_map(|site| {
            let (why, hint) = match SiteBase::parse(&site.address.text) {
                Err(why) => (why.to_string(), "ignored until fixed"),
                Ok(_) if site.folder.is_dir() => return None,
                Ok(_) => (format!("no such folder: {}", clean::path(&site.folder)), "name a folder of articles"),
            };
            Some(ConfigProblem::new(Some(site.address.at), &format!("`sites`: {why}"), hint))
        }));
        // A broken settings file leaves the last keys in use, and they win over those of searches too.
        let last = running.filter(|_| is_broken).map(|(user, _)| &*user.settings);
        let used = last.unwrap_or(&settings);
        let (mut keymap, wrong_keys) = Keymap::with(&used.keys).map_err(|error| CliError::new(&error.to_string()))?;
        let wrong_commands = keymap.bind_commands(&used.commands);
        if last.is_none() {
            // Those of the last settings were reported before.
            wrong.extend(wrong_keys.into_iter().chain(wrong_commands));
        }
        let mut wrong_searches = read.problems;
        wrong_searches.extend(keymap.pin(&read.searches));
        keymap.explain_refused(&read.refused_keys);
        let (subscriptions, wrong_subscriptions) = self.read_subscriptions(&saved, running.map(|(user, _)| user));
        // The checks ran by kind; users fix a file from top to bottom.
        wrong.sort_by_key(|problem| problem.at);
        let no_home = ConfigProblem::new(None, NO_HOME, "set it to your home folder");
        let problems = as_problems(Path::new("$HOME"), self.has_no_home.then_some(no_home).into_iter().collect())
            .chain(wrong_appearance.into_iter().flat_map(|(source, problem)| as_problems(source, vec![problem])))
            .chain(as_problems(&self.config_file, wrong))
            .chain(as_problems(&self.searches_file(), wrong_searches))
            .chain(as_problems(&self.subscriptions_file(), wrong_subscriptions))
            .collect();
        // Saved searches are in another file, so a broken settings file does not keep the old ones.
        if let Some((user, _)) = running.filter(|_| is_broken) {
            return Ok((UserConfig { saved, subscriptions, problems, ..user.clone() }, keymap));
        }
        let rules = Rules::new(settings.rules.iter().filter_map(|rule| read_rule(rule, &saved)).collect());
        let settings = match running {
            Some((user, _)) => settings.while_running(&user.settings),
            None => settings,
        };
        let settings = Arc::new(settings);
        Ok((UserConfig { settings, saved, rules, bound_commands: Arc::default(), subscriptions, problems }, keymap))
    }

    /// Reads the subscriptions, with their problems. A running reader keeps the last list if the file cannot be read as a whole.
    #[cfg(feature = "sync")]
    fn read_subscriptions(
        &self,
        saved: &SavedSearches,
        running: Option<&UserConfig>,
    ) -> (Arc<SubscriptionsFile>, Vec<ConfigProblem>) {
        let mut read = SubscriptionsFile::read(&self.subscriptions_file(), self.home.as_deref());
        let mut wrong = std::mem::take(&mut read.problems);
        // Without its filter, a subscription would bring articles that the user does not want.
        read.subscriptions.retain(|listed| {
            let Some((line, column)) = listed.only_at else { return true };
            let query = listed.subscription.only.as_deref().map(|query| Query::parse_with(query, saved));
            let Some(Err(error)) = query else { return true };
            let at = (line, column.saturating_add(u32::try_from(error.span.0).unwrap_or(0)));
            wrong.push(ConfigProblem::new(Some(at), &error.to_string(), "subscription ignored until fixed"));
            false
        });
        wrong.sort_by_key(|problem| problem.at);
        if read.found == Found::Unusable
            && let Some(user) = running.filter(|user| user.has_subscriptions())
        {
            wrong.iter_mut().for_each(|problem| problem.hint.push_str("; the last list stays in use"));
            return (user.subscriptions.clone(), wrong);
        }
        (Arc::new(read), wrong)
    }

    /// This build cannot fetch, so a list is one problem.
    #[cfg(not(feature = "sync"))]
    fn read_subscriptions(
        &self,
        _: &SavedSearches,
        _: Option<&UserConfig>,
    ) -> (Arc<SubscriptionsFile>, Vec<ConfigProblem>) {
        let problem = ConfigProblem::new(None, "this build of frontpage cannot fetch", "ignored");
        let is_there = std::fs::symlink_metadata(self.subscriptions_file()).is_ok();
        (Arc::default(), is_there.then_some(problem).into_iter().collect())
    }

    /// Reads the saved searches, with their problems.
    fn read_searches(&self) -> (ReadSearches, SavedSearches) {
        let mut read = saved_searches_file::read(&self.searches_file());
        let saved = SavedSearches::new(read.searches.iter().map(|search| (search.name.clone(), search.query.clone())));
        let unusable = |(name, text): (&str, &str)| {
            let error = Query::parse_with(text, &saved).err()?;
            let what = format!("`{name}`, column {}: {error}", error.span.0 + 1);
            Some(ConfigProblem::new(None, &what, "ignored"))
        };
        read.problems.extend(saved.iter().filter_map(unusable));
        (read, saved)
    }
}

/// The problems of the tags that a rule names.
fn wrong_tags(rule: &RuleSetting) -> impl Iterator<Item = ConfigProblem> {
    let wrong = |action: &RuleAction| match action {
        RuleAction::Tag(name) => Tag::parse(name).err(),
        _ => None,
    };
    let problem =
        |error: TagNameError| ConfigProblem::new(Some(rule.when.at), &format!("`tag`: {error}"), "tag ignored");
    rule.actions.iter().filter_map(wrong).map(problem)
}

/// A rule. None if its query cannot be parsed; [`UserFiles::read`] reports that.
fn read_rule(rule: &RuleSetting, saved: &SavedSearches) -> Option<Rule> {
    let query = Query::parse_with(&rule.when.text, saved).ok()?;
    Some(query.rule(rule.actions.clone()))
}

/// Problems of a settings file in the form of problems of articles.
fn as_problems(file: &Path, problems: Vec<ConfigProblem>) -> impl Iterator<Item = Problem> {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    let more = (more > 0).then(|| ConfigProblem::new(None, &counted(more, "more problem"), "fix the first ones"));
    problems.into_iter().take(MOST_PROBLEMS).chain(more).map(|problem| {
        let at = problem.at.map(|(line, column)| Position { line, column });
        Problem { path: file.to_owned(), ..Problem::warning(at, &problem.what, &problem.hint) }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)] // files of the test

    use std::fs;

    use super::*;
    use crate::app::{Event, SessionInit};
    use crate::config::{Applies, CHANGES, SETTINGS};
    use crate::keymap::Key;
    use crate::library::Library;
    use crate::terminal::HeadlessUi;

    /// A session that started with the first configuration and then adopted the others.
    fn session(read: &[(UserConfig, Keymap)]) -> HeadlessUi {
        let [(user, keymap), others @ ..] = read else { panic!("nothing was read") };
        let now = "2021-02-20T12:00:00Z".parse().expect("a time");
        let mut session =
            HeadlessUi::new(SessionInit { user: user.clone(), ..SessionInit::default() }, keymap.clone(), now);
        let news = Library::Paths(vec!["tests/fixtures/news".into()]).load(now, |_| {}).expect("the articles");
        let effects = session.receive(Event::FeedLoaded { feed: news.feed, problems: Vec::new(), complete: true });
        let _ = session.run_jobs(effects);
        for (user, keymap) in others {
            let effects = session.apply_config(user.clone(), keymap.clone());
            let _ = session.run_jobs(effects);
        }
        session
    }

    fn screen(mut session: HeadlessUi, keys: &str) -> String {
        session.screen(100, 30);
        for key in Key::parse_all(keys).expect("keys") {
            let effects = session.press(key).0;
            let _ = session.run_jobs(effects);
            session.screen(100, 30);
        }
        format!("{:?}", session.screen(100, 30))
    }

    #[test]
    fn each_setting_applies_at_once_or_from_the_next_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let config_file = folder.path().join("config.yaml");
        // A site whose folder is missing is a problem.
        fs::create_dir(folder.path().join("elsewhere")).expect("a folder");
        let files = UserFiles {
            config_file: config_file.clone(),
            is_named: false,
            home: None,
            has_no_home: false,
            appearance: AppearanceArgs::default(),
            no_mouse: false,
        };
        let before = files.read(None).expect("the defaults");
        for setting in SETTINGS {
            let change = CHANGES.iter().find(|(name, ..)| *name == setting.name);
            let (name, yaml, keys) = change.unwrap_or_else(|| panic!("no change of `{}` is tested", setting.name));
            fs::write(&config_file, yaml).expect("a file");
            let after = files.read(Some(&before)).expect("the settings");
            assert_eq!(after.0.problems, [], "{yaml}");
            assert_ne!(files.read(None).expect("the settings").0.settings, before.0.settings, "{yaml} is a change");
            let at_once = setting.applies == Applies::AtOnce;
            assert_eq!(after.0.settings != before.0.settings, at_once, "{name}");
            if let Some(keys) = keys {
                let read = [before.clone(), after];
                let differs = screen(session(&read), keys) != screen(session(&read[..1]), keys);
                assert_eq!(differs, at_once, "{name} on the screen after {keys:?}");
            }
        }
    }

    #[test]
    fn an_unreadable_settings_file_keeps_the_last_settings() {
        let folder = tempfile::tempdir().expect("a folder");
        let config_file = folder.path().join("config.yaml");
        let (appearance, home) = (AppearanceArgs::default(), None);
        let files = UserFiles {
            config_file: config_file.clone(),
            is_named: true,
            home,
            has_no_home: false,
            appearance,
            no_mouse: true,
        };
        fs::write(
            &config_file,
            "read: never\nmouse: true\nrules: [{when: moon, do: hide}]\nkeys: {panes: {ö: topic ai}}\n",
        )
        .expect("a file");
        let before = files.read(None).expect("the settings");
        assert!(!before.0.settings.mouse, "the command line overrides the settings");
        for broken in ["read: [", "- a: {", "query: b: c\n"] {
            fs::write(&config_file, broken).expect("a file");
            fs::write(files.searches_file(), "sea: topic:sea\n").expect("a file");
            let (user, keymap) = files.read(Some(&before)).expect("the settings");
            assert_eq!(user.settings, before.0.settings, "{broken}");
            assert_eq!(user.rules, before.0.rules);
            assert_eq!(keymap.bound_commands(), before.1.bound_commands());
            assert_eq!((user.problems.len(), user.saved.get("sea")), (1, Some("topic:sea")), "{broken}");
        }
        fs::write(&config_file, "").expect("a file");
        let (user, _) = files.read(Some(&before)).expect("the settings");
        assert!(user.rules.is_empty() && user.problems.is_empty());
    }
}
