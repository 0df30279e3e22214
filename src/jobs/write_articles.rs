//! Writes articles to a file, or to a folder with a file for each. Nothing is overwritten unless the user has said so.

use std::collections::HashSet;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Answer, Done, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::export::{self, Collection, CollectionFormat, DocumentFormat, FileFormat, MAX_CHAPTERS, UnreadableArticle};
use crate::feed::{Article, clean};
use crate::file_system::{FileSystem, RealFileSystem, atomic_write};
use crate::library::{Library, io_error_text};
use crate::query::SearchContext;

/// Articles to write, and where.
#[derive(Clone, Debug)]
pub struct WriteRequest {
    /// The path as the user typed it: `~` is the home folder.
    pub typed: String,
    /// The indices of the articles in the feed of `context`.
    pub articles: Vec<usize>,
    /// The feed, the marks and the time zone.
    pub context: SearchContext,
    /// Whether an existing file is replaced.
    pub replaces: bool,
}

impl PartialEq for WriteRequest {
    fn eq(&self, other: &WriteRequest) -> bool {
        (&self.typed, &self.articles, self.replaces) == (&other.typed, &other.articles, other.replaces)
            && Arc::ptr_eq(&self.context.feed, &other.context.feed)
    }
}

impl Eq for WriteRequest {}

#[derive(Debug)]
struct WriteArticles {
    request: WriteRequest,
    path: PathBuf,
    libraries: Vec<Library>,
}

/// A job that writes articles to `path`, which is absolute. It writes nothing inside of `libraries`.
pub fn write(request: WriteRequest, path: PathBuf, libraries: Vec<Library>) -> Job {
    Job::new(WriteArticles { request, path, libraries })
}

/// Why articles were not written.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("{} is in the library, whose files are never written", clean::path(.0))]
    InLibrary(PathBuf),
    #[error("the name has no known ending; end it in .md, .txt, .html or .epub")]
    NoFormat,
    #[error("an EPUB has at most {MAX_CHAPTERS} articles, and these are {0}")]
    TooMany(usize),
    #[error("the articles are no longer there")]
    NoArticle,
    #[error("{0}")]
    Unreadable(#[from] UnreadableArticle),
    #[error("there is no folder {}", clean::path(.0))]
    NoFolder(PathBuf),
    #[error("{} exists", clean::path(.0))]
    Exists(PathBuf),
    #[error("cannot write {}: {}", clean::path(.path), io_error_text(.why))]
    Io { path: PathBuf, why: io::Error },
}

impl Task for WriteArticles {
    fn kind(&self) -> JobKind {
        JobKind::Write
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let written = match self.path.is_dir() || self.request.typed.ends_with('/') {
            true => self.write_folder(monitor),
            false => self.write_file(),
        };
        match written {
            Ok(done) => Ok(Answer::Write(done)),
            Err(error) => Err(JobError::Failed(clean::plain_line(&format!("Not written: {error}")))),
        }
    }
}

impl WriteArticles {
    fn articles(&self) -> Result<Vec<(usize, Arc<Article>)>, UnreadableArticle> {
        let feed = &self.request.context.feed;
        let read = |index: &usize| match feed.get(*index) {
            Some(article) => Ok((*index, article)),
            None => Err(UnreadableArticle::of(feed, *index)),
        };
        self.request.articles.iter().map(read).collect()
    }

    /// Fails if a folder does not exist, or if `inner`, a path in it, is inside of a library. `named` is what the message names.
    fn check_folder(&self, folder: &Path, inner: &Path, named: &Path) -> Result<(), WriteError> {
        if !folder.is_dir() {
            return Err(WriteError::NoFolder(folder.to_owned()));
        }
        match self.libraries.iter().any(|library| library.has_path(inner)) {
            true => Err(WriteError::InLibrary(named.to_owned())),
            false => Ok(()),
        }
    }

    fn write_file(&self) -> Result<Done, WriteError> {
        let format = FileFormat::of_path(&self.path).ok_or(WriteError::NoFormat)?;
        self.check_folder(self.path.parent().unwrap_or(Path::new("/")), &self.path, &self.path)?;
        let WriteRequest { typed, articles: found, context, replaces } = &self.request;
        if format == FileFormat::Collection(CollectionFormat::Epub) && found.len() > MAX_CHAPTERS {
            return Err(WriteError::TooMany(found.len()));
        }
        let title = match found.as_slice() {
            [] => return Err(WriteError::NoArticle),
            [index] => context.feed.get(*index).map(|article| article.title.clone()),
            _ => self.path.file_stem().map(|stem| clean::path(Path::new(stem))),
        };
        let collection = Collection { title: title.unwrap_or_default(), address: None, context, found };
        // A link stays, and its file is replaced.
        let target = if *replaces { self.path.canonicalize().ok() } else { None };
        put(target.as_deref().unwrap_or(&self.path), *replaces, |out| format.write(&collection, out))?;
        let count = if found.len() == 1 { String::new() } else { format!("{} articles to ", found.len()) };
        let words = clean::plain_line(&format!("Wrote {count}{}", clean::path(&self.path)));
        Ok(Done { words, folder: typed.rsplit_once('/').map(|(folder, _)| folder.to_owned()) })
    }

    /// Writes a file for each article. Names that are in use get a number.
    fn write_folder(&self, monitor: &dyn Monitor) -> Result<Done, WriteError> {
        let folder = self.path.as_path();
        // With a `/` at its end it is clear that a folder is meant: it is made, in a folder that exists.
        if let Some(parent) = folder.parent().filter(|parent| !folder.exists() && parent.is_dir()) {
            self.check_folder(parent, &folder.join("x"), folder)?;
            let failed = |why| WriteError::Io { path: folder.to_owned(), why };
            RealFileSystem.make_folder(folder).map_err(failed)?;
        }
        // The folder itself may be the library, and not in it.
        self.check_folder(folder, &folder.join("x"), folder)?;
        let articles = self.articles()?;
        let mut used = HashSet::new();
        for (done, article) in articles.iter().enumerate() {
            if monitor.is_cancelled() {
                break;
            }
            monitor.progress(Progress::of(done, articles.len()));
            let text =
                export::documents(DocumentFormat::Markdown, std::slice::from_ref(article), &self.request.context);
            let stem = export::file_stem(&article.1.title);
            let names = std::iter::once(format!("{stem}.md")).chain((2..).map(|number| format!("{stem}-{number}.md")));
            for name in names {
                let path = folder.join(&name);
                if !used.insert(name) {
                    continue;
                }
                match put(&path, false, |out| out.write_all(text.as_bytes())) {
                    Err(WriteError::Exists(_)) => {}
                    written => {
                        written?;
                        break;
                    }
                }
            }
        }
        let files = if articles.len() == 1 { "1 file".to_owned() } else { format!("{} files", articles.len()) };
        let words = clean::plain_line(&format!("Wrote {files} to {}", clean::path(folder)));
        Ok(Done { words, folder: Some(self.request.typed.trim_end_matches('/').to_owned()) })
    }
}

/// Writes a file as a whole: under another name first, so that a full disk leaves nothing behind.
fn put(path: &Path, replaces: bool, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), WriteError> {
    let failed = |why: io::Error| match why.downcast::<UnreadableArticle>() {
        Ok(unreadable) => WriteError::Unreadable(unreadable),
        Err(why) if why.kind() == ErrorKind::AlreadyExists => WriteError::Exists(path.to_owned()),
        Err(why) => WriteError::Io { path: path.to_owned(), why },
    };
    let mut new = atomic_write::temporary_for(path).map_err(failed)?;
    let mut out = BufWriter::new(new.as_file_mut());
    write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    atomic_write::place(new, path, replaces).map_err(failed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)] // files of the test

    use super::*;
    use crate::dates::{Now, Zone};
    use crate::jobs::JobStatus;

    struct Desk {
        folder: tempfile::TempDir,
        context: SearchContext,
    }

    impl Desk {
        /// A library of three articles, two with one title, and a folder beside it.
        fn new() -> Desk {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, title) in [("a", "../.. /Tide: <clocks>"), ("b", "Moon"), ("c", "moon!")] {
                let path = folder.path().join("library").join(format!("{name}.md"));
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
                std::fs::write(path, format!("---\ntitle: \"{title}\"\n---\nText *of* {name}.\n")).expect("a file");
            }
            std::fs::create_dir(folder.path().join("out")).expect("a folder");
            let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
            let library = Library::Paths(vec![folder.path().join("library")]);
            let loaded = library.load(now, |_| {}).expect("the articles");
            Desk { folder, context: SearchContext::new(loaded.feed, Arc::default(), now) }
        }

        /// The same, read from a snapshot in which a byte of the text of an article was changed after it was opened.
        fn with_damaged_article(mut self, name: &str) -> Desk {
            let (library, snapshots) = (Library::Paths(vec![self.path("library")]), self.path("snapshots"));
            let loaded = library.load(self.context.now, |_| {}).expect("the articles");
            library.save_snapshot(&snapshots, &loaded, self.context.now.at).expect("saved");
            let snapshot = library.open_snapshot(&snapshots, self.context.now.at).expect("a snapshot");
            self.context.feed = snapshot.loaded.feed;
            let text = format!("Text *of* {name}");
            for entry in std::fs::read_dir(&snapshots).expect("the folder") {
                let path = entry.expect("a file").path();
                let mut bytes = std::fs::read(&path).expect("the bytes");
                let found: Vec<usize> = bytes
                    .windows(text.len())
                    .enumerate()
                    .filter(|(_, at)| *at == text.as_bytes())
                    .map(|(at, _)| at)
                    .collect();
                found.into_iter().for_each(|at| bytes[at] = b'X');
                let file = std::fs::File::options().write(true).open(path).expect("the file");
                std::io::Write::write_all(&mut &file, &bytes).expect("written");
            }
            self
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, articles: &[usize], replaces: bool) -> Result<String, String> {
            let (typed, articles) = (name.to_owned(), articles.to_vec());
            let request = WriteRequest { typed, articles, context: self.context.clone(), replaces };
            let library = Library::Paths(vec![self.path("library")]);
            let root = format!("{}/", self.folder.path().to_string_lossy());
            match write(request, self.path(name), vec![library]).run_now().status {
                JobStatus::Answer(Answer::Write(done)) => Ok(done.words.as_str().replace(&root, "")),
                JobStatus::Failed(words) => Err(words.as_str().replace(&root, "")),
                other => panic!("{other:?}"),
            }
        }

        fn read(&self, name: &str) -> String {
            std::fs::read_to_string(self.path(name)).expect("the file")
        }
    }

    #[test]
    fn the_ending_chooses_the_format_and_several_articles_are_in_one_file() {
        let desk = Desk::new();
        assert_eq!(desk.write("out/a.md", &[1, 2], false), Ok("Wrote 2 articles to out/a.md".to_owned()));
        let markdown = desk.read("out/a.md");
        assert!(markdown.contains("Text *of* ") && markdown.contains("\n\n---\n\n# "), "{markdown}");
        assert_eq!(desk.write("out/b.txt", &[0], false), Ok("Wrote out/b.txt".to_owned()));
        assert!(desk.read("out/b.txt").contains("Text of "), "{}", desk.read("out/b.txt"));
        assert_eq!(desk.write("out/c.html", &[0, 1, 2], false), Ok("Wrote 3 articles to out/c.html".to_owned()));
        let html = desk.read("out/c.html");
        assert_eq!((html.matches("<article id=").count(), html.matches("<h1>").count()), (3, 1), "{html}");
        assert!(html.contains("<title>c</title>") && html.contains("<h1>c</h1>"), "{html}");
        assert_eq!(desk.write("out/d.html", &[1], false), Ok("Wrote out/d.html".to_owned()));
        let html = desk.read("out/d.html");
        assert!(html.contains("<title>Moon</title>") || html.contains("<title>moon!</title>"), "{html}");
        assert!(!html.contains("<nav>"), "{html}");
    }

    #[test]
    fn a_selection_becomes_a_book_with_a_chapter_for_each_article() {
        let desk = Desk::new();
        assert_eq!(
            desk.write("out/my week.epub", &[0, 1, 2], false),
            Ok("Wrote 3 articles to out/my week.epub".to_owned())
        );
        let bytes = std::fs::read(desk.path("out/my week.epub")).expect("the file");
        let has = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(bytes.starts_with(b"PK") && has("mimetypeapplication/epub+zip"));
        assert!(has("chapter-3.xhtml") && !has("chapter-4.xhtml"));
        assert_eq!(desk.write("out/one.epub", &[1], false), Ok("Wrote out/one.epub".to_owned()));
        let none = desk.write("out/none.epub", &[], false);
        assert_eq!(none, Err("Not written: the articles are no longer there".to_owned()));
        let many = desk.write("out/many.epub", &vec![0; MAX_CHAPTERS + 1], false).expect_err("a refusal");
        assert!(many.contains(&format!("at most {MAX_CHAPTERS} articles")), "{many}");
        assert_eq!(std::fs::read_dir(desk.path("out")).expect("the folder").count(), 2);
    }

    #[test]
    fn nothing_is_overwritten_unasked_and_nothing_is_left_behind() {
        let desk = Desk::new();
        std::fs::write(desk.path("out/a.md"), "mine").expect("a file");
        assert_eq!(desk.write("out/a.md", &[0], false), Err("Not written: out/a.md exists".to_owned()));
        assert_eq!(desk.read("out/a.md"), "mine");
        assert!(desk.write("out/a.md", &[0], true).is_ok() && desk.read("out/a.md").starts_with("# "));
        assert_eq!(std::fs::read_dir(desk.path("out")).expect("the folder").count(), 1);
    }

    #[test]
    fn the_file_behind_a_link_is_replaced_unless_it_is_in_the_library() {
        let desk = Desk::new();
        std::fs::write(desk.path("out/real.md"), "mine").expect("a file");
        std::os::unix::fs::symlink("real.md", desk.path("out/link.md")).expect("a link");
        std::os::unix::fs::symlink(desk.path("library/a.md"), desk.path("out/article.md")).expect("a link");
        assert_eq!(desk.write("out/link.md", &[0], false), Err("Not written: out/link.md exists".to_owned()));
        assert!(desk.write("out/link.md", &[0], true).is_ok());
        assert!(desk.read("out/real.md").starts_with("# ") && desk.path("out/link.md").is_symlink());
        let refused = desk.write("out/article.md", &[0], true).expect_err("a refusal");
        assert!(refused.ends_with("is in the library, whose files are never written"), "{refused}");
        assert!(desk.read("library/a.md").starts_with("---"));
    }

    #[test]
    fn a_folder_that_is_named_as_one_is_made_but_none_above_it_and_none_in_a_library() {
        let desk = Desk::new();
        assert_eq!(desk.write("out/each/", &[0, 1], false), Ok("Wrote 2 files to out/each/".to_owned()));
        assert_eq!(std::fs::read_dir(desk.path("out/each")).expect("the folder").count(), 2);
        assert_eq!(desk.write("out/a/b/", &[0], false), Err("Not written: there is no folder out/a/b/".to_owned()));
        assert!(desk.write("library/each/", &[0], false).is_err_and(|why| why.contains("is in the library")));
        assert!(!desk.path("library/each").exists());
    }

    #[test]
    fn nothing_is_written_into_a_library_or_a_missing_folder() {
        let desk = Desk::new();
        std::os::unix::fs::symlink(desk.path("library"), desk.path("link")).expect("a link");
        std::fs::create_dir(desk.path("library/inner")).expect("a folder");
        for name in
            ["library/x.md", "link/x.md", "library/inner/x.md", "out/../library/x.txt", "library/a.md", "library"]
        {
            let refused = desk.write(name, &[0], true).expect_err("a refusal");
            assert_eq!(refused, format!("Not written: {name} is in the library, whose files are never written"));
        }
        assert_eq!(desk.write("none/x.md", &[0], true), Err("Not written: there is no folder none".to_owned()));
        assert_eq!(
            desk.write("none/inner/", &[0], true),
            Err("Not written: there is no folder none/inner/".to_owned())
        );
        for name in ["out/x", "out/x.pdf", "out/.md"] {
            let refused = desk.write(name, &[0], true).expect_err("a refusal");
            assert!(refused.ends_with("no known ending; end it in .md, .txt, .html or .epub"), "{refused}");
        }
        assert_eq!(std::fs::read_dir(desk.path("out")).expect("the folder").count(), 0);
    }

    #[test]
    fn an_article_whose_stored_bytes_are_damaged_replaces_no_file_and_is_named() {
        for name in ["out/a.html", "out/a.md", "out/a.txt", "out/a.epub", "out"] {
            for articles in [&[1][..], &[0, 1, 2]] {
                let desk = Desk::new().with_damaged_article("c");
                if name != "out" {
                    std::fs::write(desk.path(name), "mine").expect("a file");
                }
                let index = |index: &&usize| desk.context.feed.path(**index) == Some(desk.path("library/c.md"));
                let damaged = [0, 1, 2].iter().find(index).copied().expect("the article");
                let articles = if articles.len() == 1 { &[damaged][..] } else { articles };
                let refused = desk.write(name, articles, true).expect_err(name);
                assert!(refused.starts_with("Not written: library/c.md can no longer be read"), "{name}: {refused}");
                let files = std::fs::read_dir(desk.path("out")).expect("the folder").count();
                assert_eq!(files, usize::from(name != "out"), "{name}");
                assert!(name == "out" || desk.read(name) == "mine", "{name}");
            }
        }
    }

    #[test]
    fn a_folder_gets_a_file_for_each_article_with_a_safe_name_of_its_own() {
        let desk = Desk::new();
        std::fs::write(desk.path("out/moon.md"), "mine").expect("a file");
        assert_eq!(desk.write("out", &[0, 1, 2], true), Ok("Wrote 3 files to out".to_owned()));
        let mut names: Vec<String> = std::fs::read_dir(desk.path("out"))
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
            .collect();
        names.sort();
        assert_eq!(names, ["moon-2.md", "moon-3.md", "moon.md", "tide-clocks.md"]);
        assert_eq!(desk.read("out/moon.md"), "mine");
    }
}
