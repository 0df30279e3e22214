//! What is wrong with a file of settings, told with its place.

/// Something wrong with the settings, or with the saved searches beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Line and column, from 1, when there is a place.
    pub at: Option<(u32, u32)>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}

impl ConfigProblem {
    /// A problem in words.
    pub fn new(at: Option<(u32, u32)>, what: &str, hint: &str) -> ConfigProblem {
        ConfigProblem { at, what: what.to_owned(), hint: hint.to_owned() }
    }

    /// What a reader of YAML says, without the place in its words.
    pub fn of_yaml(error: &serde_yaml::Error, hint: &str) -> ConfigProblem {
        let at = error.location().map(|at| (at.line() as u32, at.column() as u32));
        let what = error.to_string();
        ConfigProblem::new(at, what.split(" at line ").next().unwrap_or(&what), hint)
    }
}
