//! Opens a link in the browser, or with the program that the settings name for it.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use super::run_program::ProgramRun;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::browser::Browser;
use crate::config::{CommandSetting, ConfigProblem, LinkProgram, OpenerSetting, ProgramOutputUse, Settings};
use crate::external_program;
use crate::external_program::program::Program;
use crate::feed::{Address, clean};
use crate::file_system::RealFileSystem;
use crate::library::downloaded_files;

/// The program that the settings name for a link, but which cannot be run as it is written. No other program opens the link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} in the settings: {why}")]
pub struct RefusedProgram {
    setting: String,
    why: ConfigProblem,
}

/// The run of the first opener that fits an address; `None` if the browser opens it.
pub fn with_opener(openers: &[OpenerSetting], address: &Address) -> Result<Option<ProgramRun>, RefusedProgram> {
    let Some(opener) = openers.iter().find(|opener| opener.opens(address.as_str())) else { return Ok(None) };
    let setting = || format!("`{}` of `openers`", opener.pattern);
    let run = opener.run.as_ref().map_err(|why| RefusedProgram { setting: setting(), why: why.clone() })?;
    Ok(Some(run_of(run, address.as_str().as_ref(), "install it, or change `openers` in the settings")))
}

/// The run of a program for a link, or for the path of a file.
fn run_of(of: &LinkProgram, target: &OsStr, remedy: &'static str) -> ProgramRun {
    // A link is the only placeholder that such a program may have.
    let call = Program::new(of.program.fill(|_| vec![target.to_owned()]));
    ProgramRun {
        name: clean::plain_line(of.program.program()),
        calls: vec![call],
        output: of.output(),
        limit: CommandSetting::LIMIT,
        remedy,
    }
}

/// What plays a sound or film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Player {
    /// A program.
    Program(ProgramRun),
    /// The browser, at an address.
    Browser(Address),
    /// What the desktop has for the file at a path.
    Desktop(PathBuf),
}

/// What is played.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Played {
    /// The file at an address.
    Address(Address),
    /// A file of this computer, by its absolute path.
    File(PathBuf),
}

/// The run of the player: that of the settings, else an opener that fits, else mpv. `None` if there is no mpv: the browser plays it, or
/// the desktop.
fn with_player(settings: &Settings, played: &Played, has_mpv: bool) -> Result<Option<ProgramRun>, RefusedProgram> {
    let target: &OsStr = match played {
        Played::Address(address) => address.as_str().as_ref(),
        Played::File(path) => path.as_os_str(),
    };
    if let Some(player) = &settings.player {
        let refused = |why: &ConfigProblem| RefusedProgram { setting: "`player`".to_owned(), why: why.clone() };
        let player = player.as_ref().map_err(refused)?;
        return Ok(Some(run_of(player, target, "install it, or change `player` in the settings")));
    }
    if let Played::Address(address) = played
        && let Some(run) = with_opener(&settings.openers, address)?
    {
        return Ok(Some(run));
    }
    // The window lets the user stop what has no picture.
    let words = ["mpv", "--save-position-on-quit", "--force-window=yes", "--"].map(OsString::from);
    let call = Program::new(words.into_iter().chain([target.to_owned()]));
    Ok(has_mpv.then(|| ProgramRun {
        name: "mpv".into(),
        calls: vec![call],
        output: ProgramOutputUse::Nothing,
        limit: CommandSetting::LIMIT,
        remedy: "install it, or set `player`",
    }))
}

#[derive(Debug)]
struct FindPlayer {
    settings: Arc<Settings>,
    downloads: Option<PathBuf>,
    address: Address,
}

/// A job that finds what plays the sound or film at an address. It is the downloaded file that is played, if there is one in the folder
/// of downloads.
pub fn find_player(settings: Arc<Settings>, downloads: Option<PathBuf>, address: Address) -> Job {
    Job::new(FindPlayer { settings, downloads, address })
}

impl Task for FindPlayer {
    fn kind(&self) -> JobKind {
        JobKind::Player
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let FindPlayer { settings, downloads, address } = *self;
        // A folder that cannot be read has no file to play.
        let find = |folder: PathBuf| downloaded_files::find(&folder, &address, &RealFileSystem).ok().flatten();
        let played = downloads.and_then(find).map_or(Played::Address(address.clone()), Played::File);
        let run = with_player(&settings, &played, external_program::is_installed("mpv"))
            .map_err(|refused| JobError::Failed(clean::plain_line(&format!("Not played: {refused}"))))?;
        Ok(Answer::Player(match (run, played) {
            (Some(run), _) => Player::Program(run),
            (None, Played::Address(address)) => Player::Browser(address),
            (None, Played::File(path)) => Player::Desktop(path),
        }))
    }
}

/// A file that the desktop opens.
#[derive(Debug)]
struct OpenFile(PathBuf);

/// A job that opens a downloaded file with the program of the desktop.
pub fn open_file(path: PathBuf) -> Job {
    Job::new(OpenFile(path))
}

impl Task for OpenFile {
    fn kind(&self) -> JobKind {
        JobKind::Open
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let shown = clean::path(&self.0);
        match external_program::open_with_desktop(&self.0.to_string_lossy()) {
            Ok(()) => Ok(Answer::Open(clean::plain_line(&format!("Opened {shown}")))),
            Err(failed) => {
                let why = failed.map_or_else(String::new, |(program, error)| format!(" with {program}: {error}"));
                let words = format!("cannot open {shown}{why}; install mpv, or set `player`");
                Err(JobError::Failed(clean::plain_line(&words)))
            }
        }
    }
}

#[derive(Debug)]
struct OpenLink {
    browser: Browser,
    address: Address,
}

/// A job that opens an address in the browser.
pub fn open(browser: Browser, address: Address) -> Job {
    Job::new(OpenLink { browser, address })
}

impl Task for OpenLink {
    fn kind(&self) -> JobKind {
        JobKind::Open
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        match self.browser.open(&self.address) {
            Ok(()) => Ok(Answer::Open(clean::plain_line(&format!("Opened {}", self.address.shown())))),
            Err(error) => Err(JobError::Failed(clean::plain_line(&format!("{error}; copy the link instead")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::file_system::FileSystem;
    use crate::jobs::JobStatus;

    #[test]
    fn the_downloaded_file_is_played_if_there_is_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::parse("https://e.org/7.mp3?t=1").expect("an address");
        let (settings, _) = Settings::parse("player: vlc", Path::new("/"), None).expect("settings");
        let settings = Arc::new(settings);
        let words = |downloads: Option<PathBuf>| {
            let job = find_player(settings.clone(), downloads, address.clone());
            match job.run_now().status {
                JobStatus::Answer(Answer::Player(Player::Program(run))) => run.calls[0].words[1].clone(),
                other => panic!("{other:?}"),
            }
        };
        let there = || Some(folder.path().to_owned());
        let link = OsString::from(address.as_str());
        assert_eq!((words(there()), words(None), words(Some("/nowhere".into()))), (link.clone(), link.clone(), link));
        let file = folder.path().join(format!("a-{}.mp3", downloaded_files::hash(&address)));
        RealFileSystem.replace(&file, b"x", false).expect("a file");
        assert_eq!(words(there()), file.into_os_string());
    }

    #[test]
    fn a_refused_program_is_replaced_by_no_other() {
        let address = Address::parse("https://e.org/a.mp3").expect("an address");
        for (settings, words) in [
            ("player: [mpv, \"{title}\"]", "`player` in the settings: "),
            ("player: {takeover: true}", "`player` in the settings: "),
            ("openers: {e.org: {takeover: true}, \"*.mp3\": vlc}", "`e.org` of `openers` in the settings: "),
            ("openers: {\"*.mp3\": [mpv, {a: b}]}", "`*.mp3` of `openers` in the settings: "),
        ] {
            let (settings, problems) = Settings::parse(settings, Path::new("/"), None).expect("settings");
            assert_eq!(problems.len(), 1, "{problems:?}");
            let refused = with_player(&settings, &Played::Address(address.clone()), true).expect_err(words).to_string();
            assert_eq!(refused, format!("{words}{}", problems[0]));
        }
    }

    #[test]
    fn the_player_is_that_of_the_settings_else_an_opener_else_mpv() {
        let address = Address::parse("https://e.org/-a.mp3?x=1;$(y)").expect("an address");
        let (played, file) = (Played::Address(address.clone()), Played::File(PathBuf::from("/d/-rf.mp3")));
        let words = |settings: &str, played: &Played, has_mpv: bool| -> Option<Vec<String>> {
            let (settings, problems) = Settings::parse(settings, Path::new("/"), None).expect("settings");
            assert_eq!(problems, []);
            let run = with_player(&settings, played, has_mpv).expect("valid settings")?;
            Some(run.calls[0].words.iter().map(|word| word.to_string_lossy().into_owned()).collect())
        };
        let link = address.as_str();
        let is = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>());
        for (settings, played, has_mpv, expected) in [
            ("", &played, true, is(&["mpv", "--save-position-on-quit", "--force-window=yes", "--", link])),
            ("", &file, true, is(&["mpv", "--save-position-on-quit", "--force-window=yes", "--", "/d/-rf.mp3"])),
            ("", &played, false, None),
            ("", &file, false, None),
            ("player: vlc -q", &played, true, is(&["vlc", "-q", link])),
            ("player: [vlc, \"--x={link}\", y]", &file, false, is(&["vlc", "--x=/d/-rf.mp3", "y"])),
            ("openers: {\"*.mp3\": cvlc}", &played, true, is(&["cvlc", link])),
            ("openers: {e.org: cvlc}", &file, false, None),
            ("openers: {e.org: cvlc}\nplayer: {run: mpv, takeover: true}", &played, false, is(&["mpv", link])),
        ] {
            assert_eq!(words(settings, played, has_mpv), expected, "{settings} {played:?}");
        }
    }
}
