//! What a prompt for a tag needs: the articles that it is for, and the names that complete it.

use super::typed_words::TypedWords;
use crate::feed::{ArticleId, SafeText, Tag, TagNameError};
use crate::query::{fold, unknown_name};

/// The articles that a typed tag is for, and the tags that can be completed, the most used first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChoice {
    /// The articles, fixed when the prompt is opened: what arrives while the user types changes nothing.
    pub articles: Vec<ArticleId>,
    /// To add a tag: all tags in use. To remove one: those of the articles.
    pub known: Vec<Tag>,
}

/// Error: a text names no tag to add or to remove.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagChoiceError {
    /// It is not a valid name.
    #[error(transparent)]
    Name(#[from] TagNameError),
    /// None of the articles has the tag.
    #[error("{0}")]
    Unknown(String),
    /// None of the articles has a tag.
    #[error("no tags to remove here")]
    NoTags,
}

impl TagChoice {
    /// The names that match a typed text: first those that begin with it.
    pub fn matching(&self, typed: &str) -> Vec<SafeText> {
        let (start, words) = (fold(typed), TypedWords::of_text(typed));
        let folded = self.known.iter().map(|tag| (tag, fold(tag.shown().as_str())));
        let mut found: Vec<(bool, &Tag)> =
            folded.filter(|(_, name)| words.are_in(name)).map(|(tag, name)| (!name.starts_with(&start), tag)).collect();
        // A stable sort: the most used stay first.
        found.sort_by_key(|(is_inside, _)| *is_inside);
        found.into_iter().map(|(_, tag)| tag.shown().clone()).collect()
    }

    /// The tag to add for a typed text: spelt as it is in use.
    pub fn to_add(&self, typed: &str) -> Result<Tag, TagChoiceError> {
        let tag = Tag::parse(typed)?;
        Ok(self.known.iter().find(|known| known.key() == tag.key()).cloned().unwrap_or(tag))
    }

    /// The tag to remove for a typed text: the one with this name, or the only one that matches it. Without a text, the only one.
    pub fn to_remove(&self, typed: &str) -> Result<Tag, TagChoiceError> {
        if self.known.is_empty() {
            return Err(TagChoiceError::NoTags);
        }
        if let ([only], true) = (self.known.as_slice(), typed.trim().is_empty()) {
            return Ok(only.clone());
        }
        let tag = Tag::parse(typed)?;
        let folded = fold(tag.shown().as_str());
        // The name itself comes first: others may differ from it only in what folding drops, such as signs of quotes.
        let is_itself = |known: &&Tag| known.key() == tag.key();
        let is_near = |known: &&Tag| fold(known.shown().as_str()) == folded;
        if let Some(known) = self.known.iter().find(is_itself).or_else(|| self.known.iter().find(is_near)) {
            return Ok(known.clone());
        }
        match self.matching(typed).as_slice() {
            [only] => Ok(Tag::parse(only.as_str())?),
            _ => {
                let known = self.known.iter().map(|tag| tag.shown().as_str());
                Err(TagChoiceError::Unknown(unknown_name("tag", typed.trim(), known)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(names: &[&str]) -> TagChoice {
        let known = names.iter().map(|name| Tag::parse(name).expect("a name")).collect();
        TagChoice { articles: Vec::new(), known }
    }

    #[test]
    fn names_that_begin_with_the_typed_text_come_first() {
        let choice = choice(&["far later", "Later", "read later", "Café"]);
        let matching = |typed: &str| choice.matching(typed).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(matching("la"), ["Later", "far later", "read later"]);
        assert_eq!(matching("later re"), ["read later"]);
        assert_eq!(matching("CAFE"), ["Café"]);
        assert_eq!(matching("").len(), 4);
        assert_eq!(matching("x"), Vec::<String>::new());
    }

    #[test]
    fn an_added_tag_is_spelt_as_it_is_in_use() {
        let choice = choice(&["To Read"]);
        let added = |typed: &str| choice.to_add(typed).map(|tag| tag.shown().to_string());
        assert_eq!(added(" to read "), Ok("To Read".to_owned()));
        assert_eq!(added("to re"), Ok("to re".to_owned()), "a part of a name is another tag");
        assert_eq!(added(" "), Err(TagChoiceError::Name(TagNameError::Empty)));
        assert_eq!(added(&"x".repeat(200)), Err(TagChoiceError::Name(TagNameError::TooLong)));
    }

    #[test]
    fn a_part_of_a_name_removes_the_only_tag_that_has_it() {
        let choice = choice(&["later", "far later", "to read"]);
        let removed = |typed: &str| choice.to_remove(typed).map(|tag| tag.shown().to_string());
        assert_eq!(removed("Later"), Ok("later".to_owned()), "the whole name wins");
        assert_eq!(removed("re"), Ok("to read".to_owned()));
        for unknown in ["late", "xyz"] {
            let error = removed(unknown).expect_err(unknown).to_string();
            assert!(error.starts_with(&format!("unknown tag `{unknown}`")), "{error}");
        }
        let quotes = self::choice(&["it's", "it’s", "it\"s"]);
        for name in ["it’s", "it\"s", "it's"] {
            assert_eq!(quotes.to_remove(name).map(|tag| tag.shown().to_string()), Ok(name.to_owned()));
        }
        assert!(removed("").is_err());
        assert_eq!(self::choice(&["Later"]).to_remove(" ").map(|tag| tag.shown().to_string()), Ok("Later".to_owned()));
    }
}
