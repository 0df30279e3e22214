//! Changes the library of a running reader: the articles of subscriptions join it, or the user opens another folder.

use std::io;
use std::path::{Path, PathBuf};

use super::bookmark_file;
use super::effect_context::EffectContext;
use super::event_loop::EventLoop;
use super::signals;
use crate::app::{Event, LibraryChange};
use crate::config::paths;
use crate::feed::clean;
#[cfg(feature = "sync")]
use crate::jobs::import_subscriptions::{self, ImportSource};
use crate::jobs::write_articles::{self, WriteRequest};
use crate::library::Library;

/// The path that is meant by what the user typed.
fn meant(typed: &Path) -> PathBuf {
    paths::with_home(typed, paths::home().as_deref())
}

/// Writes articles to the path that the user typed. If the file exists, the session asks first.
pub fn write_articles(reader: &mut EventLoop, request: WriteRequest) -> io::Result<()> {
    let path = match std::path::absolute(meant(Path::new(&request.typed))) {
        Ok(path) => path,
        Err(error) => return reader.report_failure(&format!("Not written: {error}")),
    };
    let subscribed = reader.io.subscription_articles.clone().map(|folder| Library::Paths(vec![folder]));
    let libraries: Vec<Library> = [reader.io.library.clone()].into_iter().chain(subscribed).collect();
    // A file of the library is refused by the job, whatever the answer would be.
    let asks = !request.replaces && path.is_file() && !libraries.iter().any(|library| library.has_path(&path));
    if asks {
        return reader.send_event(Event::FileExists(Box::new(request)));
    }
    reader.start(write_articles::write(request, path, libraries))
}

/// The change to another library, with its bookmark, which is the one to write from now on.
fn replacement(io: &EffectContext, library: &Library, arrives: bool) -> LibraryChange {
    let file = io.bookmarks.as_ref().map(|folder| bookmark_file::path_for(folder, library));
    let bookmark = file.as_deref().and_then(bookmark_file::read).map(Box::new);
    if let Some(marks_writer) = &io.marks_writer {
        marks_writer.set_bookmark_file(file);
    }
    LibraryChange::Replaced { bookmark, arrives }
}

impl EventLoop {
    /// Adds the folder of the subscriptions' articles to the library, unless it was named on the command line. The built-in feed
    /// is replaced as soon as the folder has an article.
    pub fn join_subscriptions(&mut self) -> io::Result<()> {
        let joined = |folder: &PathBuf| self.io.library.with_subscriptions(folder);
        let Some(library) = self.io.subscription_articles.as_ref().and_then(joined) else { return Ok(()) };
        match self.io.library {
            Library::BuiltIn => {
                let change = replacement(&self.io, &library, true);
                self.switch_library(library, change)
            }
            Library::Paths(_) => self.switch_library(library, LibraryChange::Joined),
        }
    }

    /// Reads a folder or a file in place of the present library, until the program ends.
    pub fn open_library(&mut self, typed: &Path) -> io::Result<()> {
        let library = Library::Paths(vec![meant(typed)]);
        if let Err(error) = library.check() {
            return self.send_event(Event::Failed(clean::plain_line(&format!("Not opened: {error}"))));
        }
        let change = replacement(&self.io, &library, false);
        self.switch_library(library, change)?;
        let words = format!("Read until you quit; to keep it, add to the settings: library: {}", clean::path(typed));
        self.send_event(Event::Succeeded(clean::plain_line(&words)))
    }

    /// Imports a list of subscriptions in the background.
    #[cfg(feature = "sync")]
    pub fn import(&mut self, list: ImportSource) -> io::Result<()> {
        let list = match list {
            ImportSource::File(path) => ImportSource::File(meant(&path)),
            channels => channels,
        };
        self.start(import_subscriptions::import(self.io.sync.program.clone(), list))
    }

    fn switch_library(&mut self, library: Library, change: LibraryChange) -> io::Result<()> {
        self.io.subscription_articles = None;
        self.io.library = library.clone();
        self.send_event(Event::LibraryChanged { name: library.name(), change })?;
        self.io.library_service.switch(library);
        let send = self.io.events.sender();
        self.io.library_service.watch(move |watching| {
            send(watching.into());
            signals::wake();
        });
        self.load()
    }
}
