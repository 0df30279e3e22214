//! Runs the program in a temporary home: its output and its exit code.

use std::process::{Command, Stdio};

use tempfile::TempDir;

pub struct Home {
    pub folder: TempDir,
    variables: Vec<(String, String)>,
}

pub struct Ran {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: TempDir::new().expect("a temporary folder"), variables: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Home {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file below the home.
    pub fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(&path, text).expect("the file");
        path
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontpage"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TZ", "UTC")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program at the time of every test.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output =
            self.command().args(arguments).args(["--now", "2021-02-20T12:00:00Z"]).output().expect("the program");
        Ran {
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
            code: output.status.code().unwrap_or(-1),
        }
    }
}
