//! A site: the settings of a site generator above a folder of the library, and the addresses that they give to its articles.

use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHasher;
use url::{Host, Url};

use super::docusaurus::Docusaurus;
use super::hugo::Hugo;
use super::hugo_folders::HugoFolders;
use super::jekyll::Jekyll;
use super::literals::{self, Language, Literal};
use super::mkdocs::MkDocs;
use super::page::{Page, PageValues};
use super::pelican::Pelican;
use super::settings_file::SettingsFile;
use super::settings_map::SettingsMap;
use super::url_path::encode;
use super::zola::Zola;
use crate::feed::{Address, Link, Problem, Refusal, SafeText, SitePlace, clean};

/// The rules of a site generator.
#[derive(Clone, Debug)]
pub enum Generator {
    /// Hugo.
    Hugo(Hugo),
    /// Jekyll.
    Jekyll(Jekyll),
    /// Zola.
    Zola(Zola),
    /// Docusaurus.
    Docusaurus(Docusaurus),
    /// Pelican.
    Pelican(Pelican),
    /// MkDocs.
    MkDocs(MkDocs),
}

impl Generator {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Generator::Hugo(_) => "Hugo",
            Generator::Jekyll(_) => "Jekyll",
            Generator::Zola(_) => "Zola",
            Generator::Docusaurus(_) => "Docusaurus",
            Generator::Pelican(_) => "Pelican",
            Generator::MkDocs(_) => "MkDocs",
        }
    }

    /// The path of a page on the site, such as `/2021/02/brains/`, not percent-encoded. None if the page is not on the site, or
    /// if its path depends on more than these rules know.
    pub fn path(&self, page: &Page) -> Option<String> {
        match self {
            Generator::Hugo(rules) => rules.path(page),
            Generator::Jekyll(rules) => rules.path(page),
            Generator::Zola(rules) => rules.path(page),
            Generator::Docusaurus(rules) => rules.path(page),
            Generator::Pelican(rules) => rules.path(page),
            Generator::MkDocs(rules) => rules.path(page),
        }
    }
}

/// The address of a site, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteBase(String);

/// Why a text is not the address of a site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABase {
    /// It is not an address that may be opened.
    #[error("{0}")]
    Refused(Refusal),
    /// It has a query or a fragment.
    #[error("the address of a site has no `?` and no `#`")]
    HasQuery,
    /// It leads to this machine, as the settings of a site under development do.
    #[error("the address leads to this machine")]
    ThisMachine,
}

impl SiteBase {
    /// Checks the address of a site.
    pub fn parse(text: &str) -> Result<SiteBase, NotABase> {
        let address = Address::parse(text).map_err(NotABase::Refused)?;
        let url = Url::parse(address.as_str()).map_err(|_| NotABase::Refused(Refusal::NotAnAddress))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(NotABase::HasQuery);
        }
        let is_here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
            None => true,
        };
        if is_here {
            return Err(NotABase::ThisMachine);
        }
        Ok(SiteBase(address.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the site on its host, such as `/blog`; empty for a whole host.
    fn path(&self) -> &str {
        let behind_host =
            self.0.split_once("://").and_then(|(_, rest)| Some(rest.find('/')?..).and_then(|range| rest.get(range)));
        behind_host.unwrap_or_default()
    }

    /// The address of a path on the site. None if it cannot be an address.
    fn join(&self, path: &str) -> Option<Address> {
        Address::parse(&format!("{}{}", self.0, encode(path))).ok()
    }

    /// The address of a link that begins with a slash, as an article gives it for itself. It may begin with the path of the site.
    fn join_link(&self, link: &str) -> Option<Address> {
        if !link.starts_with('/') || link.starts_with("//") {
            return None;
        }
        let path = self.path();
        let is_whole =
            !path.is_empty() && link.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let base = if is_whole { self.0.strip_suffix(path)? } else { &self.0 };
        Address::parse(&format!("{base}{link}")).ok()
    }
}

/// The settings of a site that apply to a folder of the library.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The settings file; none if only the user's settings give an address.
    pub file: Option<PathBuf>,
    /// The rules of its generator.
    pub generator: Option<Generator>,
    /// Its address; none if the settings give none that can be used.
    pub base: Option<SiteBase>,
    /// What is wrong with the settings.
    pub problems: Vec<Problem>,
    /// The path of the library's folder in the folder of the site.
    pub(super) prefix: PathBuf,
    /// The path in the library's folder of the folder that the site is for, if it is for a part of it. The prefix is of that folder.
    within: PathBuf,
    /// The folders of a Hugo site.
    folders: Arc<HugoFolders>,
    /// A hash of the settings: another one gives articles other addresses.
    pub(super) hash: u64,
}

impl Site {
    /// The site of a settings file. `prefix` is the path of the library's folder in the folder of the file.
    pub(super) fn new(file: SettingsFile, others: &[SettingsFile], prefix: PathBuf) -> Option<Site> {
        let mut map = file.map.clone();
        others.iter().for_each(|other| map.override_by(other.map.clone()));
        let (generator, base) = generator_of(&file, &map, others)?;
        let mut hash = FxHasher::default();
        hash.write(prefix.as_os_str().as_encoded_bytes());
        for file in std::iter::once(&file).chain(others) {
            hash.write(file.path.as_os_str().as_encoded_bytes());
            hash.write(file.text.as_bytes());
        }
        let mut site = Site {
            file: Some(file.path.clone()),
            generator: Some(generator),
            base: None,
            problems: Vec::new(),
            prefix,
            within: PathBuf::new(),
            folders: Arc::default(),
            hash: hash.finish(),
        };
        if let Some(BaseText { text, key, at }) = base {
            match SiteBase::parse(&text) {
                Ok(base) => site.base = Some(base),
                // `/` and an empty address are usual in settings for development.
                Err(NotABase::Refused(Refusal::Empty | Refusal::Relative)) => {}
                Err(why) => {
                    let from = others.iter().rfind(|other| other.map.has(&[key])).unwrap_or(&file);
                    let at = at.map(|at| from.position_at(at)).or_else(|| from.position(key));
                    let problem = Problem::warning(at, &format!("`{key}`: {why}"), "articles get no address from it");
                    site.problems.push(Problem { path: from.path.clone(), ..problem });
                }
            }
        }
        Some(site)
    }

    /// What is known of it, for display: its settings file, its generator, its address.
    pub fn summary(&self) -> SafeText {
        let address = self.base.as_ref().map_or("no address", SiteBase::as_str);
        let file = self.file.as_ref().map(|file| clean::path(file).to_string());
        let generator = self.generator.as_ref().map(Generator::name);
        let from: Vec<&str> = generator.into_iter().chain(file.as_deref()).collect();
        let from = if from.is_empty() { "the setting `sites`".to_owned() } else { from.join(", ") };
        clean::plain_line(&format!("{address} ({from})"))
    }

    /// Gives it another address.
    pub(super) fn set_base(&mut self, base: SiteBase) {
        let mut hash = FxHasher::default();
        hash.write_u64(self.hash);
        hash.write(base.as_str().as_bytes());
        self.hash = hash.finish();
        self.problems.clear();
        self.base = Some(base);
    }

    /// The site for a folder within the library's folder.
    pub(super) fn within(mut self, below: &Path) -> Site {
        let mut hash = FxHasher::default();
        hash.write_u64(self.hash);
        hash.write(below.as_os_str().as_encoded_bytes());
        self.hash = hash.finish();
        self.within = below.to_owned();
        self
    }

    /// True if the keys of the native form do not matter for an address, apart from `published`.
    pub fn is_for_native_form(&self, has_category: bool) -> bool {
        match &self.generator {
            Some(Generator::Pelican(_)) => false,
            Some(Generator::Jekyll(_)) => !has_category,
            _ => true,
        }
    }

    /// The place of an article on the site. `below` is its path in the folder of the library, `own` the link of its file.
    /// `is_public` is false for a draft, which has a path, by which other articles may link to it, and no address.
    pub fn place(
        &self,
        below: &Path,
        title: &str,
        values: &dyn PageValues,
        own: Option<&Link>,
        is_public: bool,
    ) -> SitePlace {
        let below = self.prefix.join(below.strip_prefix(&self.within).unwrap_or(below));
        let page = Page::new(&below, title, values);
        let path = page.as_ref().zip(self.generator.as_ref()).and_then(|(page, generator)| generator.path(page));
        let path = path.filter(|_| !self.is_hidden_by_folders(&below, values));
        // A path with invisible characters would not be the one that is shown.
        let path = path.filter(|path| clean::plain_line(path).as_str() == path).unwrap_or_default();
        let has_address = own.is_some_and(|link| link.address().is_some());
        let link = self.base.as_ref().filter(|_| is_public && !has_address).and_then(|base| match own {
            _ if !path.is_empty() => base.join(&path),
            // Placeholders are filled in by the generator.
            Some(link) if link.is_relative() && !link.shown().as_str().contains([':', '{']) => {
                base.join_link(link.shown().as_str())
            }
            _ => None,
        });
        SitePlace { path: clean::plain_line(&path), link: link.map(Link::Web) }
    }
}

impl Site {
    /// True if the folders above a file say that it is not a page of its own.
    fn is_hidden_by_folders(&self, below: &Path, values: &dyn PageValues) -> bool {
        let Some((Generator::Hugo(_), file)) = self.generator.as_ref().zip(self.file.as_ref()) else { return false };
        let says_itself = ["build.render", "_build.render"].iter().any(|key| values.text(key).is_some());
        // The settings may be in `config/_default`.
        let folder = file.parent().unwrap_or(Path::new("/"));
        let folder =
            if folder.ends_with("config/_default") { folder.ancestors().nth(2).unwrap_or(folder) } else { folder };
        self.folders.hide(folder, below, says_itself)
    }
}

/// The address of a site as its settings give it.
struct BaseText {
    text: String,
    key: &'static str,
    /// The byte at which it is written, in a program.
    at: Option<usize>,
}

/// The generator that a settings file is for, and the address in it. None if the file is for something else.
fn generator_of(
    file: &SettingsFile,
    map: &SettingsMap,
    others: &[SettingsFile],
) -> Option<(Generator, Option<BaseText>)> {
    let name = file.path.file_name()?.to_str()?;
    let base = |key: &'static str| map.text(&[key]).map(|text| BaseText { text: text.to_owned(), key, at: None });
    let (stem, _) = name.split_once('.').unwrap_or((name, ""));
    Some(match stem {
        "hugo" => (Generator::Hugo(Hugo::new(map)), base("baseURL")),
        "config" if map.has(&["base_url"]) => (Generator::Zola(Zola::new(map)), base("base_url")),
        "zola" => (Generator::Zola(Zola::new(map)), base("base_url")),
        "config" if map.has(&["baseURL"]) => (Generator::Hugo(Hugo::new(map)), base("baseURL")),
        // Hexo has a file of this name, too.
        "_config" if map.has(&["new_post_name"]) || map.has(&["source_dir"]) => return None,
        "_config" => {
            let folder = map.text(&["baseurl"]).unwrap_or_default().trim_matches('/');
            let text = map.text(&["url"]).map(|url| format!("{}/{folder}", url.trim_end_matches('/')));
            (Generator::Jekyll(Jekyll::new(map)), text.map(|text| BaseText { text, key: "url", at: None }))
        }
        "mkdocs" => (Generator::MkDocs(MkDocs::new(map)), base("site_url")),
        "docusaurus" => {
            let literals = literals::literals(&file.text, Language::JavaScript);
            let top = literals.iter().filter(|one| one.key == "url").map(|one| one.inside.len()).min();
            let get = |key: &str| {
                let mut all = literals.iter().filter(|one| one.key == key && Some(one.inside.len()) == top);
                all.next().filter(|_| all.next().is_none())
            };
            let (url, folder) = (get("url"), get("baseUrl"));
            let text = url.and_then(|url| url.value).zip(folder.and_then(|folder| folder.value));
            let text = text.map(|(url, folder)| format!("{}/{}", url.trim_end_matches('/'), folder.trim_matches('/')));
            let has_versions = file.path.with_file_name("versions.json").exists();
            let at = url.map(|url| url.at);
            (
                Generator::Docusaurus(Docusaurus::new(&literals, &file.text, has_versions)),
                text.map(|text| BaseText { text, key: "url", at }),
            )
        }
        "pelicanconf" => {
            let mut all: Vec<Literal> = literals::literals(&file.text, Language::Python);
            let own = all.len();
            let publish = others.first();
            all.extend(publish.map(|other| literals::literals(&other.text, Language::Python)).unwrap_or_default());
            let url = all.iter().enumerate().rfind(|(_, one)| one.key == "SITEURL");
            let text = url.and_then(|(number, one)| Some((one.value?, (number < own).then_some(one.at))));
            (
                Generator::Pelican(Pelican::new(&all)),
                text.map(|(text, at)| BaseText { text: text.to_owned(), key: "SITEURL", at }),
            )
        }
        _ => return None,
    })
}
