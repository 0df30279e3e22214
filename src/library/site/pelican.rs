//! The addresses of articles by the rules of Pelican: `ARTICLE_URL` and `PAGE_URL` with `{slug}` and `{date:%Y}`.

use super::literals::Literal;
use super::page::Page;
use super::url_path::{hyphenated, to_ascii, with_single_slashes};

/// The rules of one Pelican site.
#[derive(Clone, Debug)]
pub struct Pelican {
    content: String,
    article: Option<String>,
    page: Option<String>,
    /// True if slugs are made from titles, false if from names of files. None if settings change how.
    slug_of_title: Option<bool>,
}

impl Pelican {
    /// The rules of the assignments in a settings file: only string literals count.
    pub fn new(settings: &[Literal]) -> Pelican {
        let get = |key: &str, default: &str| match settings.iter().rfind(|one| one.key == key) {
            None => Some(default.to_owned()),
            Some(one) => one.value.map(str::to_owned),
        };
        let has = |key: &str| settings.iter().any(|one| one.key == key);
        let is_usual = ![
            "SLUG_REGEX_SUBSTITUTIONS",
            "SLUG_SUBSTITUTIONS",
            "SLUGIFY_USE_UNICODE",
            "SLUGIFY_PRESERVE_CASE",
            "FILENAME_METADATA",
            "PATH_METADATA",
            "ARTICLE_PATHS",
            "PAGE_PATHS",
        ]
        .iter()
        .any(|key| has(key));
        Pelican {
            content: get("PATH", "content").unwrap_or_default(),
            article: get("ARTICLE_URL", "{slug}.html").filter(|_| is_usual),
            page: get("PAGE_URL", "pages/{slug}.html").filter(|_| is_usual),
            slug_of_title: match get("SLUGIFY_SOURCE", "title").as_deref() {
                Some("title") => Some(true),
                Some("basename") => Some(false),
                _ => None,
            },
        }
    }

    /// The path of an article on its site.
    pub fn path(&self, page: &Page) -> Option<String> {
        let content = self.content.trim_start_matches("./");
        let folders = page.folders_below(content)?;
        let is_public = page.values.text("status").is_none_or(|status| status.trim().eq_ignore_ascii_case("published"));
        if !is_public || !page.values.has_front_matter() {
            return None;
        }
        if let Some(url) = page.values.text("url") {
            return (!url.contains(':') && !url.contains('{')).then(|| with_single_slashes(&url));
        }
        let pattern =
            if folders.first() == Some(&"pages") { self.page.as_deref()? } else { self.article.as_deref()? };
        let slug = match (page.values.text("slug"), self.slug_of_title?) {
            (Some(slug), _) => slug,
            (None, true) => slugified(&page.values.text("title")?)?,
            (None, false) => slugified(page.stem)?,
        };
        let mut out = String::from("/");
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            let (token, after) = behind.split_once('}')?;
            out.push_str(before);
            match token.split_once(':') {
                None if token == "slug" => out.push_str(&slug),
                None if token == "category" => {
                    // Without one, it is the folder of the file.
                    let folder = folders.first().copied().unwrap_or("misc");
                    out.push_str(&slugified(&page.values.text("category").unwrap_or_else(|| folder.to_owned()))?);
                }
                Some(("date", format)) => {
                    let is_known = ["%Y", "%m", "%d", "%b", "%B", "%y"].contains(&format);
                    out.push_str(&is_known.then_some(page.written_day("date")?)?.format(format).to_string());
                }
                _ => return None,
            }
            rest = after;
        }
        out.push_str(rest);
        Some(with_single_slashes(&out))
    }
}

/// The slug of a title: ASCII letters and digits in lower case, a hyphen for blanks, nothing for other characters.
fn slugified(text: &str) -> Option<String> {
    let ascii = to_ascii(text)?.to_ascii_lowercase();
    let kept: String =
        ascii.chars().filter(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '_')).collect();
    let slug = hyphenated(kept.trim(), |c| c.is_ascii_alphanumeric() || c == '_');
    (!slug.is_empty()).then_some(slug)
}
