//! The documentation: parts that repeat the code are generated from it, and what pages refer to exists.
//!
//! A generated part is between `<!-- generated: NAME -->` and `<!-- end of generated -->`. To write all of them again:
//! `UPDATE_DOCS=1 cargo test --test it docs`.

mod code_names;
mod generated;
mod references;

use std::path::{Path, PathBuf};

/// Most lines of the README.
const README_LINES: usize = 200;
const BEGIN: &str = "\n<!-- generated: ";
const BEGIN_END: &str = " -->\n";
const END: &str = "<!-- end of generated -->";

/// A Markdown file of the repository.
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn read(path: impl AsRef<Path>) -> Page {
        let path = path.as_ref().to_owned();
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Page { path, text }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The fenced code blocks, each with the word behind the fence; and the text outside of them.
    fn parts(&self) -> (Vec<(&str, String)>, String) {
        let (mut blocks, mut prose, mut is_inside) = (Vec::<(&str, String)>::new(), String::new(), false);
        for line in self.text.lines() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                is_inside = !is_inside;
                if is_inside {
                    blocks.push((language, String::new()));
                }
                continue;
            }
            let text = blocks.last_mut().filter(|_| is_inside).map_or(&mut prose, |(_, text)| text);
            text.push_str(line);
            text.push('\n');
        }
        (blocks, prose)
    }

    fn blocks(&self) -> Vec<(&str, String)> {
        self.parts().0
    }

    fn prose(&self) -> String {
        self.parts().1
    }

    /// The code spans outside of fenced code blocks.
    fn spans(&self) -> Vec<String> {
        let prose = self.prose();
        prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }
}

/// All pages of the documentation.
fn pages() -> Vec<Page> {
    let mut paths: Vec<PathBuf> =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "packaging/README.md"]
            .iter()
            .map(PathBuf::from)
            .collect();
    for folder in ["docs", "docs/decisions"] {
        let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    paths.sort();
    paths.iter().map(Page::read).collect()
}

/// A page with its generated parts as they should be. The names of the parts are added to `found`.
fn regenerated(page: &Page, found: &mut Vec<String>) -> String {
    let mut pieces = page.text.split(BEGIN);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(BEGIN_END).expect("a marker is a line of its own");
        let (_, behind) = rest.split_once(END).unwrap_or_else(|| panic!("{}: no {END} after {name}", page.name()));
        text += &format!("{BEGIN}{name}{BEGIN_END}\n{}\n{END}{behind}", generated::part(name));
        found.push(name.to_owned());
    }
    text
}

#[test]
fn generated_parts_are_what_the_code_says() {
    let is_update = std::env::var_os("UPDATE_DOCS").is_some();
    let (mut found, mut outdated) = (Vec::new(), Vec::new());
    for page in pages().iter().filter(|page| page.text.contains(BEGIN)) {
        let text = regenerated(page, &mut found);
        if text != page.text {
            outdated.push(page.name());
            if is_update {
                // Other tests read the pages meanwhile: they must see the old text or the new one.
                let temporary = page.path.with_extension("md.new");
                std::fs::write(&temporary, text).expect("the page can be written");
                std::fs::rename(&temporary, &page.path).expect("the page can be replaced");
            }
        }
    }
    assert!(
        is_update || outdated.is_empty(),
        "generated parts are out of date in {}: run `UPDATE_DOCS=1 cargo test --test it docs` and read the diff",
        outdated.join(", ")
    );
    found.sort();
    let mut known: Vec<String> = generated::NAMES.iter().map(|name| (*name).to_owned()).collect();
    known.sort();
    assert_eq!(found, known, "each generated part is on one page");
}

#[test]
fn the_readme_is_a_front_page() {
    let lines = Page::read("README.md").text.lines().count();
    assert!(lines <= README_LINES, "{lines} lines: move text to a page in docs/");
}

#[test]
fn every_page_is_in_the_index() {
    let index = Page::read("docs/README.md").text;
    for page in pages() {
        let Ok(name) = page.path.strip_prefix("docs") else { continue };
        let name = name.display().to_string();
        if name != "README.md" && (!name.contains('/') || name == "decisions/README.md") {
            assert!(index.contains(&format!("]({name})")), "docs/README.md does not name {name}");
        }
    }
}
