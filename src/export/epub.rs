//! Writes a collection as EPUB 3: a chapter for each article, and a table of contents.
//!
//! The same articles give the same bytes.

use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::SecondsFormat;

use super::collection::Collection;
use super::markup::escaped;
use super::page::{origin, push_article};
use super::xhtml::BodyLook;
use super::zip_writer::{MAX_FILES, ZipWriter};

/// Articles in an EPUB. The archive has five more files.
pub const MAX_CHAPTERS: usize = MAX_FILES - 5;

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n<rootfiles>\n\
<rootfile full-path=\"content.opf\" media-type=\"application/oebps-package+xml\"/>\n</rootfiles>\n</container>\n";

/// E-readers have colours and margins of their own.
const STYLE: &str = "pre,code{font-family:monospace}pre{white-space:pre-wrap}blockquote{margin:1em 0 1em 1em}
table{border-collapse:collapse}td,th{padding:.2em .6em;border:1px solid}.right{text-align:right}.center{text-align:center}
.facts,.note{font-size:.9em}.note p{display:inline}
";

/// Writes the document. It must have an article.
pub(super) fn write(collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    // By this file, which must be the first one and not compressed, programs know the format.
    zip.file("mimetype", b"application/epub+zip")?;
    zip.file("META-INF/container.xml", CONTAINER.as_bytes())?;
    zip.file("style.css", STYLE.as_bytes())?;
    let (mut contents, mut manifest, mut spine) = (String::new(), String::new(), String::new());
    for (number, article) in collection.articles().enumerate() {
        let article = article?;
        let name = format!("chapter-{}.xhtml", number + 1);
        let mut chapter = document(article.title.as_str());
        push_article(collection, &article, BodyLook { key: "0", level: 1, loads_pictures: false }, &mut chapter);
        chapter.push_str(END);
        zip.file(&name, chapter.as_bytes())?;
        let (title, origin) = (escaped(article.title.as_str()), escaped(origin(collection, &article).as_str()));
        let origin = if origin.is_empty() { origin } else { format!(" ({origin})") };
        let _ = writeln!(contents, "<li><a href=\"{name}\">{title}{origin}</a></li>");
        let id = format!("c{}", number + 1);
        let _ = writeln!(manifest, "<item id=\"{id}\" href=\"{name}\" media-type=\"application/xhtml+xml\"/>");
        let _ = writeln!(spine, "<itemref idref=\"{id}\"/>");
    }
    zip.file("contents.xhtml", navigation(collection, &contents).as_bytes())?;
    zip.file("content.opf", package(collection, &manifest, &spine).as_bytes())?;
    zip.finish()
}

/// What is behind the content of a document.
const END: &str = "</body>\n</html>\n";

/// What is before the content of a document.
fn document(title: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" dir=\"auto\">\n<head>\n\
         <title>{}</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n<body>\n",
        escaped(title)
    )
}

/// The table of contents, which is the first page, too.
fn navigation(collection: &Collection, contents: &str) -> String {
    let title = collection.title.as_str();
    let (start, heading) = (document(title), escaped(title));
    format!("{start}<nav epub:type=\"toc\">\n<h1>{heading}</h1>\n<ol>\n{contents}</ol>\n</nav>\n{END}")
}

/// The list of the files, and what is known of the document.
fn package(collection: &Collection, manifest: &str, spine: &str) -> String {
    let (id, title) = (collection.edition_id(), escaped(collection.title.as_str()));
    let updated = collection.updated().to_rfc3339_opts(SecondsFormat::Secs, true);
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<dc:identifier id=\"id\">{id}</dc:identifier>\n\
         <dc:title>{title}</dc:title>\n<dc:language>und</dc:language>\n<dc:creator>frontpage</dc:creator>\n\
         <meta property=\"dcterms:modified\">{updated}</meta>\n</metadata>\n<manifest>\n\
         <item id=\"contents\" href=\"contents.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
         <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n{manifest}</manifest>\n\
         <spine>\n<itemref idref=\"contents\"/>\n{spine}</spine>\n</package>\n"
    )
}
