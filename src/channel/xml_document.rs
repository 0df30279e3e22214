//! Reads RSS, RDF, Atom and CDF: maps the events of the XML reader to a channel and its items.
//!
//! Elements are known by their vocabulary and name, wherever they are inside a channel or an item; what is not known is skipped.

mod element_ends;

use std::borrow::Cow;

use url::Url;

use super::addresses::absolute;
use super::capture::{Capture, append};
use super::draft::Draft;
use super::fields::{Field, field};
use super::item_parts::{MediaFile, PersonParts, Picture};
use super::newest_items::Items;
use super::repairs::Repairs;
use super::text_kind::TextKind;
use super::update_hints::HintsDraft;
use super::vocabularies::{LowerName, Vocabularies, Vocabulary};
use super::{Channel, Document, Format};
use crate::feed::UntrustedText;
use crate::xml::{Damages, Element, Event, Reader};

/// The root element is looked for in this number of elements: warnings of PHP may come before it.
const MOST_BEFORE_ROOT: usize = 256;
/// Items inside each other, from which on the ends of the outer ones seem to be missing.
const MOST_NESTED_ITEMS: usize = 4;

/// What an XML document is.
pub(super) enum XmlDocument {
    /// A channel.
    Channel(Box<Channel>),
    /// A list of subscriptions.
    Opml,
    /// Something else, with the name of its first element.
    Other(Option<String>),
}

/// Reads a document from its text. `damages` are those of its encoding.
pub(super) fn read(text: &str, document: &Document, damages: Damages) -> XmlDocument {
    let mut reader = Reader::new(text, document.base);
    let mut is_preceded = !text.trim_start().starts_with('<');
    let mut first: Option<String> = None;
    let mut elements = 0usize;
    while let Some(event) = reader.next() {
        let Event::Start(root) = event else { continue };
        let name = LowerName::new(root.local);
        let is_first = first.is_none();
        let format = match name.as_str() {
            "opml" if is_first => return XmlDocument::Opml,
            "html" if is_first => return XmlDocument::Other(Some("html".to_owned())),
            "rss" | "channel" => Some(Format::Rss),
            "rdf" => Some(Format::Rdf),
            "feed" => Some(Format::Atom),
            "item" if is_first => Some(Format::Rss),
            "entry" if is_first => Some(Format::Atom),
            _ => None,
        };
        if let Some(format) = format {
            is_preceded |= !is_first;
            let mut channel = DocumentReader::new(reader, format, document);
            if is_preceded {
                channel.repairs.push(1, "text before the channel: left out".into());
            }
            return XmlDocument::Channel(Box::new(channel.read(&root, damages)));
        }
        first.get_or_insert_with(|| root.local.to_owned());
        elements += 1;
        if elements > MOST_BEFORE_ROOT {
            break;
        }
    }
    XmlDocument::Other(first)
}

/// What is around an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// The channel, or the root element around it.
    Channel,
    /// An item.
    Item,
    /// A person.
    Person,
    /// A picture of RSS.
    Picture,
    /// A file with a description.
    Media,
    /// The channel that an item was taken from.
    Source,
    /// Something unknown.
    Unknown,
}

/// What an element without markup in it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Nothing by itself.
    None,
    /// An item.
    Item,
    Field(Field),
    /// `name`, `email` or `uri` of a person.
    OfPerson(&'static str),
    /// `url`, `title`, `width` or `height` of a picture.
    OfPicture(&'static str),
    /// A title in a file with a description.
    MediaTitle,
    /// `title`, `link` or `id` of a source.
    OfSource(&'static str),
}

/// An open element.
#[derive(Debug)]
struct Frame<'a> {
    /// What is around the elements in it.
    context: Context,
    part: Part,
    text: Cow<'a, str>,
    line: u32,
}

/// True if an element cannot be in a text, so the end of the text is missing: HTML has no such elements.
fn is_missing_end(capture: &Capture, vocabulary: Vocabulary, name: &str) -> bool {
    // Drawings in a text have metadata of other vocabularies, but not directly in the text.
    let is_direct = capture.depth() == 0;
    match vocabulary {
        Vocabulary::Core | Vocabulary::Atom => match name {
            "item" | "entry" | "pubdate" | "guid" => true,
            "description" | "author" | "category" | "comments" | "enclosure" | "published" | "updated" => is_direct,
            "link" => is_direct && matches!(capture.field, Field::Title(_)),
            _ => false,
        },
        Vocabulary::Dc | Vocabulary::DcTerms | Vocabulary::Content | Vocabulary::Media | Vocabulary::Itunes => {
            is_direct && field(vocabulary, name).is_some()
        }
        _ => false,
    }
}

/// The state of reading a document.
struct DocumentReader<'a, 'd> {
    reader: Reader<'a>,
    document: &'d Document<'d>,
    format: Format,
    vocabularies: Vocabularies<'a>,
    frames: Vec<Frame<'a>>,
    capture: Option<Capture<'a>>,
    channel: Draft,
    item: Option<Draft>,
    items: Items,
    person: PersonParts,
    picture: Picture,
    media: MediaFile,
    hints: HintsDraft,
    /// The address of the site.
    home: Option<Url>,
    repairs: Repairs,
}

impl<'a, 'd> DocumentReader<'a, 'd> {
    fn new(reader: Reader<'a>, format: Format, document: &'d Document<'d>) -> DocumentReader<'a, 'd> {
        DocumentReader {
            reader,
            document,
            format,
            vocabularies: Vocabularies::default(),
            frames: Vec::new(),
            capture: None,
            channel: Draft::default(),
            item: None,
            items: Items::default(),
            person: PersonParts::default(),
            picture: Picture::default(),
            media: MediaFile::default(),
            hints: HintsDraft::default(),
            home: None,
            repairs: Repairs::default(),
        }
    }

    /// Reads the rest of the document, from behind the start of its root element.
    fn read(mut self, root: &Element<'a>, damages: Damages) -> Channel {
        self.vocabularies.set_root(root);
        self.set_language();
        // The elements around the root and the root itself.
        for _ in 1..self.reader.depth() {
            self.push(Context::Channel, Part::None);
        }
        match LowerName::new(root.local).as_str() {
            "item" | "entry" => self.start_item(root),
            name => {
                self.push(Context::Channel, Part::None);
                // CDF has only this element around its items.
                if name == "channel" {
                    self.read_own_attributes(root);
                }
            }
        }
        while let Some(event) = self.reader.next() {
            match event {
                Event::Start(element) => self.start(&element),
                Event::Text(text) => match (&mut self.capture, self.frames.last_mut()) {
                    (Some(capture), _) => capture.push_text(text),
                    (None, Some(frame)) if frame.part != Part::None && frame.part != Part::Item => {
                        append(&mut frame.text, text)
                    }
                    _ => {}
                },
                Event::End => self.end(),
            }
        }
        self.finish(damages)
    }

    fn push(&mut self, context: Context, part: Part) {
        // Only a date that cannot be read is reported with its line; to count lines at each element would take longer.
        let is_date = matches!(part, Part::Field(Field::Published(_) | Field::Updated(_) | Field::Date));
        let line = if is_date { self.reader.line() } else { 0 };
        self.frames.push(Frame { context, part, text: Cow::Borrowed(""), line });
    }

    /// What is around the element that begins.
    fn context(&self) -> Context {
        self.frames.last().map_or(Context::Channel, |frame| frame.context)
    }

    fn target(&mut self) -> &mut Draft {
        match &mut self.item {
            Some(item) => item,
            None => &mut self.channel,
        }
    }

    /// The base of addresses in the element that begins.
    fn base(&self) -> Option<&Url> {
        self.reader.base().or(self.home.as_ref())
    }

    fn absolute(&self, address: &str) -> Option<UntrustedText> {
        absolute(address, self.base())
    }

    fn set_language(&mut self) {
        if let Some(language) = self.reader.language().map(str::to_owned) {
            self.target().language.set(1, language);
        }
    }

    fn start(&mut self, element: &Element<'a>) {
        let vocabulary = self.vocabularies.of(element);
        let name = LowerName::new(element.local);
        let name = name.as_str();
        let is_of_format = matches!(vocabulary, Vocabulary::Core | Vocabulary::Atom);
        if let Some(capture) = &mut self.capture {
            if !is_missing_end(capture, vocabulary, name) {
                return capture.start(element, self.reader.base());
            }
            let inner = capture.depth();
            self.finish_capture();
            (0..inner).for_each(|_| self.push(self.context(), Part::None));
        }
        if is_of_format && matches!(name, "item" | "entry") && self.context() != Context::Source {
            return self.start_item(element);
        }
        match self.context() {
            Context::Channel if is_of_format && name == "channel" => {
                self.push(Context::Channel, Part::None);
                self.set_language();
                self.read_own_attributes(element);
            }
            Context::Channel | Context::Item | Context::Media => self.start_field(element, vocabulary, name),
            Context::Person => {
                let part = match name {
                    "name" => Part::OfPerson("name"),
                    "email" | "mbox" => Part::OfPerson("email"),
                    "uri" | "url" | "homepage" | "weblog" => Part::OfPerson("uri"),
                    _ => Part::None,
                };
                self.push(Context::Person, part);
            }
            Context::Picture => {
                let part = match name {
                    "url" => Part::OfPicture("url"),
                    "title" => Part::OfPicture("title"),
                    "width" => Part::OfPicture("width"),
                    "height" => Part::OfPicture("height"),
                    _ => Part::None,
                };
                self.push(Context::Picture, part);
            }
            Context::Source => self.start_of_source(element, vocabulary, name),
            Context::Unknown => self.push(Context::Unknown, Part::None),
        }
    }

    fn start_item(&mut self, element: &Element<'a>) {
        self.finish_item();
        let line = self.reader.line();
        self.close_items(line);
        self.item = Some(Draft { line, ..Draft::default() });
        self.push(Context::Item, Part::Item);
        self.set_language();
        self.read_own_attributes(element);
    }

    /// Closes the items around one that begins at a line, if their ends seem to be missing.
    fn close_items(&mut self, line: u32) {
        let is_item = |frame: &Frame| frame.part == Part::Item;
        let open = self.frames.iter().filter(|frame| is_item(frame)).count();
        // An item directly in another one, or in many, is not a part of it.
        if self.frames.last().is_some_and(is_item) || open >= MOST_NESTED_ITEMS {
            let depth = self.frames.iter().position(is_item).unwrap_or_default();
            self.frames.truncate(depth);
            self.reader.close_around(depth);
            self.repairs.push(line, "an item is not closed: closed where the next one begins".into());
        }
    }

    /// Reads the attributes of an item or a channel: `rdf:about` of RDF, `HREF` and `LASTMOD` of CDF.
    fn read_own_attributes(&mut self, element: &Element<'a>) {
        for attribute in element.attributes() {
            let name = LowerName::new(attribute.name);
            let value = attribute.value();
            match name.as_str() {
                "rdf:about" | "about" => {
                    let text = value.trim().to_owned();
                    self.target().guid.set(1, super::draft::Guid { text, is_link: true });
                }
                "href" => {
                    let link = self.absolute(&value);
                    link.into_iter().for_each(|link| self.target().link.set(3, link));
                    self.set_home();
                }
                "lastmod" => {
                    let line = self.reader.line();
                    self.set_date(Field::Updated(3), &value, line);
                }
                _ => {}
            }
        }
    }

    fn start_field(&mut self, element: &Element<'a>, vocabulary: Vocabulary, name: &str) {
        let context = self.context();
        let Some(field) = field(vocabulary, name) else { return self.push(Context::Unknown, Part::None) };
        if context == Context::Media && field.is_text() {
            return self.push(context, if matches!(field, Field::Title(_)) { Part::MediaTitle } else { Part::None });
        }
        if field.is_text() {
            return self.start_text(field, element, vocabulary);
        }
        match field {
            Field::Author => {
                self.person = PersonParts::default();
                self.push(Context::Person, Part::Field(field));
            }
            Field::Image if element.attribute("href").is_none() => {
                self.picture = Picture::of_resource(element);
                self.push(Context::Picture, Part::Field(field));
            }
            Field::Source => {
                let url = element.attribute("url").and_then(|url| self.absolute(&url));
                let source = super::Source { title: UntrustedText::default(), link: url };
                self.target().source = Some(source);
                self.push(Context::Source, Part::Field(field));
            }
            Field::Topic => self.start_topic(element),
            Field::MediaContent => {
                self.media = MediaFile::of(element);
                self.push(Context::Media, Part::Field(field));
            }
            _ => {
                self.read_field_attributes(field, element, vocabulary);
                self.push(context, Part::Field(field));
            }
        }
    }

    /// Begins a text with markup. Its end pops the frame.
    fn start_text(&mut self, field: Field, element: &Element<'a>, vocabulary: Vocabulary) {
        // The text of Atom may be elsewhere.
        if let (Field::Content(_), Some(address)) = (field, element.attribute("src"))
            && let Some(link) = self.absolute(&address)
        {
            self.target().link.set(0, link);
        }
        let kind = TextKind::of(element, vocabulary, self.format == Format::Atom);
        self.push(self.context(), Part::Field(field));
        let keeps_lines = vocabulary == Vocabulary::Media;
        self.capture = Some(Capture::new(field, kind, self.reader.own_base(), keeps_lines));
    }

    /// Begins a topic, whose name is in an attribute or in the text.
    fn start_topic(&mut self, element: &Element<'a>) {
        let attribute = |name: &str| element.attribute(name).filter(|value| !value.trim().is_empty());
        // Blogger tells with such a category that an item is an item.
        let is_kind = attribute("scheme").is_some_and(|scheme| scheme.ends_with("#kind"));
        // The term is a name or an address; the label is for readers, but often longer: `r/rust`.
        let term = attribute("term").filter(|term| !term.contains("//") && !term.starts_with('#'));
        let topic = term.or_else(|| attribute("label")).or_else(|| attribute("text"));
        let part = if topic.is_some() || is_kind { Part::None } else { Part::Field(Field::Topic) };
        if let Some(topic) = topic.filter(|_| !is_kind) {
            self.target().add_topic(&topic);
        }
        self.push(self.context(), part);
    }

    /// Reads what fields tell in attributes.
    fn read_field_attributes(&mut self, field: Field, element: &Element<'a>, vocabulary: Vocabulary) {
        let attribute = |name: &str| element.attribute(name).filter(|value| !value.trim().is_empty());
        match field {
            Field::Link(_) if matches!(vocabulary, Vocabulary::Core | Vocabulary::Atom) => self.read_link(element),
            Field::Guid => {
                let is_link = !attribute("isPermaLink").is_some_and(|value| value.trim().eq_ignore_ascii_case("false"));
                self.target().guid.set(2, super::draft::Guid { text: String::new(), is_link });
            }
            Field::Thumbnail | Field::Image => {
                let picture = Picture::of(element);
                self.add_picture(&picture);
            }
            Field::Enclosure => {
                let media = MediaFile::of(element);
                self.add_media(&media);
            }
            Field::NamedLink(name) => {
                let address = attribute("url").or_else(|| attribute("href")).and_then(|url| self.absolute(&url));
                address.into_iter().for_each(|url| self.target().add_link(super::NamedLink { name, url }));
            }
            _ => {}
        }
    }

    /// Reads a link of Atom, which may also be in another format.
    fn read_link(&mut self, element: &Element<'a>) {
        let rel = element.attribute("rel").unwrap_or("alternate".into()).trim().to_ascii_lowercase();
        let rel = rel.rsplit('/').next().unwrap_or_default();
        // Most links are for programs, and their addresses need not be looked at.
        if !matches!(rel, "alternate" | "" | "replies" | "enclosure" | "related" | "via" | "icon" | "shortcut icon") {
            return;
        }
        let href = element.attribute("href").or_else(|| element.attribute("rdf:resource"));
        let Some(url) = href.and_then(|href| self.absolute(&href)) else { return };
        let kind = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let is_page = kind.is_empty() || kind.contains("html");
        match rel {
            "alternate" | "" => self.target().link.set(if is_page { 3 } else { 1 }, url),
            "replies" => self.target().comments.set(if is_page { 2 } else { 1 }, url),
            "enclosure" => {
                let media = MediaFile::of(element);
                self.add_media(&media);
            }
            "related" => self.target().add_link(super::NamedLink { name: "Related", url }),
            "via" => self.target().add_link(super::NamedLink { name: "Via", url }),
            "icon" | "shortcut icon" => self.target().icon.set(3, url),
            _ => {}
        }
    }

    fn start_of_source(&mut self, element: &Element<'a>, vocabulary: Vocabulary, name: &str) {
        let is_of_format = matches!(vocabulary, Vocabulary::Core | Vocabulary::Atom);
        if is_of_format && name == "title" {
            return self.start_text(Field::Title(0), element, vocabulary);
        }
        if is_of_format && name == "link" {
            let rel = element.attribute("rel").unwrap_or("alternate".into());
            let url = element.attribute("href").and_then(|href| self.absolute(&href));
            let is_page = rel.trim().eq_ignore_ascii_case("alternate");
            if let Some(source) = &mut self.target().source
                && (is_page || source.link.is_none())
            {
                source.link = url.or(source.link.take());
            }
            return self.push(Context::Source, Part::OfSource("link"));
        }
        let part = if is_of_format && name == "id" { Part::OfSource("id") } else { Part::None };
        // What else a source tells is about the source.
        self.push(if part == Part::None { Context::Unknown } else { Context::Source }, part);
    }

    fn add_picture(&mut self, picture: &Picture) {
        let Some(image) = picture.image(|url| self.absolute(url)) else { return };
        match &mut self.item {
            Some(item) => item.add_image(image),
            None => self.channel.icon.set(3, image.url),
        }
    }

    fn add_media(&mut self, media: &MediaFile) {
        let Some(url) = self.absolute(&media.url) else { return };
        match media.is_image() {
            true => self.target().add_image(media.image(url)),
            false if media.is_page() => {}
            false => self.target().add_enclosure(media.enclosure(url)),
        }
    }
}
