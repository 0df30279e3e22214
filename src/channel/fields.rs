//! What the elements of a channel mean.

use super::update_hints::Hint;
use super::vocabularies::Vocabulary;

/// What an element of a channel or an item tells. The number is a rank: of several elements for one value, the highest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Title.
    Title(u8),
    /// A text about it that may be the whole text.
    Description(u8),
    /// A short text about it.
    Summary(u8),
    /// The whole text.
    Content(u8),
    /// Address of the original.
    Link(u8),
    /// Id.
    Guid,
    /// Time of publication.
    Published(u8),
    /// Time of the last change.
    Updated(u8),
    /// A time without a meaning: of publication, unless another one is given, and of the last change.
    Date,
    /// Author.
    Author,
    /// A topic.
    Topic,
    /// Topics with commas between them.
    Topics,
    /// Language.
    Language(u8),
    /// Address of the comments.
    Comments(u8),
    /// Address of an icon.
    Icon(u8),
    /// A picture.
    Image,
    /// A picture whose address is an attribute.
    Thumbnail,
    /// A file.
    Enclosure,
    /// Address of the file that an enclosure leads to.
    OriginalFile,
    /// A file or a picture with a description.
    MediaContent,
    /// Length of the file in hours, minutes and seconds.
    Duration,
    /// The channel that an item was taken from.
    Source,
    /// A further link.
    NamedLink(&'static str),
    /// How often the channel changes.
    Hint(Hint),
    /// Elements that belong to what is around them.
    Group,
}

impl Field {
    /// True for texts with markup.
    pub fn is_text(self) -> bool {
        matches!(self, Field::Title(_) | Field::Description(_) | Field::Summary(_) | Field::Content(_))
    }
}

/// What an element inside a channel or an item means; `None` for unknown ones. The name is in lower case.
pub(super) fn field(vocabulary: Vocabulary, name: &str) -> Option<Field> {
    match vocabulary {
        Vocabulary::Core | Vocabulary::Atom => core(name),
        Vocabulary::Dc | Vocabulary::DcTerms => dublin_core(name),
        Vocabulary::Content if name == "encoded" => Some(Field::Content(5)),
        Vocabulary::Media => media(name),
        Vocabulary::Itunes => podcast(name),
        Vocabulary::Podcast => match name {
            "chapters" => Some(Field::NamedLink("Chapters")),
            "transcript" => Some(Field::NamedLink("Transcript")),
            "season" | "episode" => None,
            _ => None,
        },
        Vocabulary::Xhtml if matches!(name, "body" | "div") => Some(Field::Content(4)),
        Vocabulary::Syndication if name == "updateperiod" => Some(Field::Hint(Hint::Period)),
        Vocabulary::Syndication if name == "updatefrequency" => Some(Field::Hint(Hint::Frequency)),
        Vocabulary::Wfw if name == "commentrss" => Some(Field::Comments(0)),
        Vocabulary::Threading if name == "in-reply-to" => Some(Field::NamedLink("In reply to")),
        Vocabulary::FeedBurner if name == "origlink" => Some(Field::Link(9)),
        Vocabulary::FeedBurner if name == "origenclosurelink" => Some(Field::OriginalFile),
        _ => None,
    }
}

/// RSS, Atom and CDF. Channels mix them, so one table serves all.
fn core(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title(4),
        "description" | "abstract" => Field::Description(4),
        "subtitle" | "tagline" => Field::Description(3),
        "info" => Field::Summary(1),
        "summary" => Field::Summary(4),
        "content" => Field::Content(5),
        "body" => Field::Content(4),
        "fullitem" => Field::Content(3),
        "link" => Field::Link(4),
        "guid" | "id" => Field::Guid,
        "pubdate" | "published" | "issued" => Field::Published(4),
        "created" => Field::Published(2),
        "updated" | "modified" | "lastbuilddate" => Field::Updated(4),
        "date" => Field::Date,
        "author" | "managingeditor" | "creator" => Field::Author,
        "category" => Field::Topic,
        "categories" => Field::Group,
        "tags" | "keywords" => Field::Topics,
        "language" => Field::Language(3),
        "comments" => Field::Comments(3),
        "icon" => Field::Icon(4),
        "logo" => Field::Icon(2),
        "image" => Field::Image,
        "thumbnail" => Field::Thumbnail,
        "enclosure" => Field::Enclosure,
        "source" => Field::Source,
        "ttl" => Field::Hint(Hint::Ttl),
        "skiphours" | "skipdays" => Field::Group,
        "hour" => Field::Hint(Hint::SkippedHour),
        "day" => Field::Hint(Hint::SkippedDay),
        _ => return None,
    })
}

fn dublin_core(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title(3),
        "description" | "abstract" => Field::Description(2),
        "date" => Field::Date,
        "issued" | "available" | "datesubmitted" => Field::Published(3),
        "created" => Field::Published(2),
        "modified" | "updated" => Field::Updated(3),
        "creator" | "author" => Field::Author,
        "subject" => Field::Topic,
        "language" => Field::Language(2),
        _ => return None,
    })
}

fn media(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title(2),
        "description" => Field::Summary(2),
        "content" => Field::MediaContent,
        "thumbnail" => Field::Thumbnail,
        "group" => Field::Group,
        "category" => Field::Topic,
        "keywords" => Field::Topics,
        _ => return None,
    })
}

fn podcast(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title(1),
        "summary" | "description" => Field::Summary(3),
        "subtitle" => Field::Summary(1),
        "author" => Field::Author,
        "category" => Field::Topic,
        "keywords" => Field::Topics,
        "image" => Field::Thumbnail,
        "duration" => Field::Duration,
        _ => return None,
    })
}
