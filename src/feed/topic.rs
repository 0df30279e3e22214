//! Topics: labels of articles, compared without case and shown as first written.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::clean::SafeText;

/// A label of an article. `AI` and `ai` are the same topic.
#[derive(Clone)]
pub struct Topic {
    shown: SafeText,
    key: Box<str>,
}

impl Topic {
    /// A topic with this name; `None` if the name is empty.
    pub fn new(shown: SafeText) -> Option<Topic> {
        let key = shown.as_str().to_lowercase().into();
        (!shown.is_empty()).then_some(Topic { shown, key })
    }

    /// The name as first written.
    pub fn shown(&self) -> &SafeText {
        &self.shown
    }

    /// The name in lower case, by which topics are compared.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Topic {
    fn eq(&self, other: &Topic) -> bool {
        self.key == other.key
    }
}

impl Eq for Topic {}

impl Hash for Topic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_compared_without_case() {
        assert_eq!(Topic::new("AI".into()), Topic::new("ai".into()));
        assert_ne!(Topic::new("AI".into()), Topic::new("ML".into()));
        assert_eq!(Topic::new("".into()), None);
    }
}
