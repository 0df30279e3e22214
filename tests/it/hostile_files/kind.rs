//! A kind of hostile entry: how it is made, and its expected outcome and message.

use std::path::Path;

/// How an entry is made.
pub enum Make {
    /// A file of these bytes.
    Bytes(Vec<u8>),
    /// Anything else, at a path.
    With(Box<dyn Fn(&Path)>),
}

pub struct Kind {
    /// Where it is below the folder.
    pub name: Vec<u8>,
    pub make: Make,
    pub outcome: &'static str,
    pub at: Option<(u64, u64)>,
    /// Text that the message must contain; empty if there must be no message.
    pub message: String,
    pub title: Option<String>,
    /// Only where it matters.
    pub open: Option<&'static str>,
    /// Only where it matters.
    pub instant: Option<Option<i64>>,
}

fn kind(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>, outcome: &'static str) -> Kind {
    Kind {
        name: name.as_ref().to_owned(),
        make: Make::Bytes(bytes.as_ref().to_owned()),
        outcome,
        at: None,
        message: String::new(),
        title: None,
        open: None,
        instant: None,
    }
}

/// A file that is an article without problems.
pub fn loaded(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>, title: &str) -> Kind {
    Kind { title: Some(title.to_owned()), ..kind(name, bytes, "loaded") }
}

/// A file titled `T` from which a part is left out or repaired, with a warning.
pub fn warned(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>, at: (u64, u64), message: &str) -> Kind {
    let (title, message) = (Some("T".to_owned()), message.to_owned());
    Kind { at: Some(at), message, title, ..kind(name, bytes, "warning") }
}

/// A file whose body alone is read, because its front matter is invalid, for a reason with a position. It is titled after its
/// file.
pub fn broken(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>, at: (u64, u64), message: &str) -> Kind {
    let title = String::from_utf8_lossy(name.as_ref()).into_owned();
    warned(name, bytes, at, message).titled(&title)
}

/// A file that is not an article, for a reason with a position.
pub fn refused(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>, at: (u64, u64), message: &str) -> Kind {
    Kind { at: Some(at), message: message.to_owned(), ..kind(name, bytes, "rejected") }
}

/// An entry that is rejected as a whole.
pub fn unreadable(name: impl AsRef<[u8]>, make: impl Fn(&Path) + 'static, message: &str) -> Kind {
    Kind { make: Make::With(Box::new(make)), message: message.to_owned(), ..kind(name, "", "rejected") }
}

/// An entry that is ignored.
pub fn ignored(name: impl AsRef<[u8]>, message: &str) -> Kind {
    Kind { message: message.to_owned(), ..kind(name, "---\ntitle: T\n---\n", "ignored") }
}

impl Kind {
    pub fn made(self, make: impl Fn(&Path) + 'static) -> Kind {
        Kind { make: Make::With(Box::new(make)), ..self }
    }

    pub fn titled(self, title: &str) -> Kind {
        Kind { title: Some(title.to_owned()), ..self }
    }

    pub fn opens(self, open: &'static str) -> Kind {
        Kind { open: Some(open), ..self }
    }

    pub fn dated(self, instant: Option<i64>) -> Kind {
        Kind { instant: Some(instant), ..self }
    }

    pub fn shown_name(&self) -> String {
        String::from_utf8_lossy(&self.name).escape_debug().to_string()
    }

    /// The same file with CR LF at the ends of its lines, for one whose problem has a position in its text.
    pub fn twin(&self) -> Option<Kind> {
        let Make::Bytes(bytes) = &self.make else { return None };
        let text = std::str::from_utf8(bytes).ok()?;
        if self.at.is_none() || text.contains(['\r', '\0']) || !text.contains('\n') {
            return None;
        }
        let name = [b"crlf/", &self.name[..]].concat();
        let make = Make::Bytes(text.replace('\n', "\r\n").into_bytes());
        let (message, title) = (self.message.clone(), self.title.clone());
        Some(Kind { name, make, message, title, at: self.at, open: self.open, ..kind("", "", self.outcome) })
    }
}

/// Front matter between its fences.
pub fn front(text: impl AsRef<str>) -> String {
    format!("---\n{}\n---\n", text.as_ref().trim_end_matches('\n'))
}

/// Puts kinds into their own folder, as Markdown files.
pub fn family(folder: &str, kinds: Vec<Kind>) -> Vec<Kind> {
    let named = |kind: Kind| Kind { name: [folder.as_bytes(), b"/", &kind.name[..], b".md"].concat(), ..kind };
    kinds.into_iter().map(named).collect()
}
