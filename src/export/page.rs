//! Writes a collection as an HTML page with a table of contents, which loads nothing.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::collection::Collection;
use super::facts::facts;
use super::html::{self, push_section};
use super::markup::escaped;
use super::xhtml::BodyLook;
use crate::feed::{Article, SafeText, clean};

/// Writes the document. The articles are read twice: first for the table of contents.
pub(super) fn write(collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
    let title = collection.title.as_str();
    out.write_all(html::head(title).as_bytes())?;
    out.write_all(format!("<h1>{}</h1>\n", escaped(title)).as_bytes())?;
    if !collection.found.is_empty() {
        out.write_all(b"<nav>\n<ol>\n")?;
        for article in collection.articles() {
            let article = article?;
            let (title, origin) = (escaped(article.title.as_str()), origin(collection, &article));
            let origin = escaped(origin.as_str());
            let row = format!(
                "<li><a href=\"#article-{}\">{title}</a> <span class=\"facts\">{origin}</span></li>\n",
                article.id
            );
            out.write_all(row.as_bytes())?;
        }
        out.write_all(b"</ol>\n</nav>\n")?;
    }
    for article in collection.articles() {
        let article = article?;
        out.write_all(section(collection, &article).as_bytes())?;
    }
    out.write_all(html::END.as_bytes())
}

fn section(collection: &Collection, article: &Article) -> String {
    let key = article.id.to_string();
    let mut out = String::new();
    let _ = writeln!(out, "<article id=\"article-{key}\">");
    push_article(collection, article, BodyLook { key: &key, level: 2, loads_pictures: false }, &mut out);
    out.push_str("</article>\n");
    out
}

/// An article with its facts, its text and links to its files.
pub(super) fn push_article(collection: &Collection, article: &Article, look: BodyLook, out: &mut String) {
    push_section(article, &facts(collection.context, article), look, out);
}

/// Provider and day of an article.
pub(super) fn origin(collection: &Collection, article: &Article) -> SafeText {
    let day = article.published.map(|date| date.to_local(collection.context.now.zone).date_naive().to_string());
    let name = Some(article.provider.name.to_string()).filter(|name| !name.is_empty());
    clean::plain_line(&[name, day].into_iter().flatten().collect::<Vec<_>>().join(" · "))
}
