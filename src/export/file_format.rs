//! The formats of files with articles, which the endings of their names mean.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::collection::Collection;
use super::collection_format::CollectionFormat;
use super::document_format::{DocumentFormat, documents};
use super::facts::facts;
use super::html;
use super::unreadable_article::UnreadableArticle;
use crate::feed::Article;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Articles, one after the other.
    Document(DocumentFormat),
    /// Articles with a title and a table of contents.
    Collection(CollectionFormat),
}

/// The endings of file names, and what each means.
const ENDINGS: [(&str, FileFormat); 6] = [
    ("md", FileFormat::Document(DocumentFormat::Markdown)),
    ("markdown", FileFormat::Document(DocumentFormat::Markdown)),
    ("txt", FileFormat::Document(DocumentFormat::Text)),
    ("html", FileFormat::Collection(CollectionFormat::Html)),
    ("htm", FileFormat::Collection(CollectionFormat::Html)),
    ("epub", FileFormat::Collection(CollectionFormat::Epub)),
];

impl FileFormat {
    /// The format that the ending of a file name means.
    pub fn of_path(path: &Path) -> Option<FileFormat> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
    }

    /// Writes articles to a file. A page with one article has no title but that of the article. An EPUB must have an article, and at
    /// most [`super::MAX_CHAPTERS`]. The error of an article that can no longer be read is an [`UnreadableArticle`].
    pub fn write(self, collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
        let feed = &collection.context.feed;
        let get = |index: &usize| match feed.get(*index) {
            Some(article) => Ok((*index, article)),
            None => Err(io::Error::other(UnreadableArticle::of(feed, *index))),
        };
        match (self, collection.found) {
            (FileFormat::Collection(CollectionFormat::Html), [index]) => {
                let (_, article) = get(index)?;
                let facts = facts(collection.context, &article);
                out.write_all(html::document(&[(article, facts)]).as_bytes())
            }
            (FileFormat::Collection(format), _) => format.write(collection, out),
            (FileFormat::Document(format), found) => {
                let articles: Vec<(usize, Arc<Article>)> = found.iter().map(get).collect::<io::Result<_>>()?;
                out.write_all(documents(format, &articles, collection.context).as_bytes())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_file_names_its_format() {
        for (path, format) in [
            ("a/b.md", Some(FileFormat::Document(DocumentFormat::Markdown))),
            ("b.TXT", Some(FileFormat::Document(DocumentFormat::Text))),
            ("b.tar.html", Some(FileFormat::Collection(CollectionFormat::Html))),
            ("b.EPUB", Some(FileFormat::Collection(CollectionFormat::Epub))),
            ("md", None),
            (".md", None),
            ("b.pdf", None),
        ] {
            assert_eq!(FileFormat::of_path(Path::new(path)), format, "{path}");
        }
    }
}
