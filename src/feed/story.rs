//! Stories: a head article and its members, grouped by scores and related entries.
//!
//! In the native form of article files, the head of a story has more heat than quality and lists its members as related; a
//! member has heat −1. A member that several heads list belongs to the hottest head. A member that no head lists belongs to
//! the first head that it lists itself. A member whose head is not in the library belongs to no story.

use super::article::Article;

/// The role of an article in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// On its own, in no story.
    Single,
    /// The head of a story.
    Head,
    /// A member of a story.
    Member,
}

impl Role {
    /// The name of the role on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Role::Single => "single",
            Role::Head => "head",
            Role::Member => "member",
        }
    }
}

/// A head and its members, as indices in the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The head.
    pub head: usize,
    /// The members without the head, in the order of the feed.
    pub members: Vec<usize>,
}

impl Story {
    /// Number of articles, head included.
    pub fn size(&self) -> usize {
        self.members.len() + 1
    }
}

/// True if the scores are those of a head.
fn is_head(article: &Article) -> bool {
    match (article.heat, article.quality) {
        (Some(heat), Some(quality)) => heat > quality && !article.related.is_empty(),
        _ => false,
    }
}

/// True if the scores are those of a member.
fn is_member(article: &Article) -> bool {
    article.heat == Some(-1)
}

/// The role of an article, by its scores alone.
pub fn role_by_scores(article: &Article) -> Role {
    match article {
        article if is_head(article) => Role::Head,
        article if is_member(article) => Role::Member,
        _ => Role::Single,
    }
}

/// Groups `count` articles into stories. `scores(i)` is the role and the heat of article `i`; `listed(i)` are the indices of the
/// articles that its file lists as related.
pub fn group<I: Iterator<Item = usize>>(
    count: usize,
    scores: impl Fn(usize) -> Option<(Role, Option<i64>)>,
    listed: impl Fn(usize) -> I,
) -> Vec<Story> {
    let is = |index: usize, role: Role| scores(index).is_some_and(|(known, _)| known == role);
    let mut head_of: Vec<Option<usize>> = vec![None; count];
    let mut heads: Vec<usize> = (0..count).filter(|&index| is(index, Role::Head)).collect();
    heads.sort_by_key(|&head| std::cmp::Reverse(scores(head).and_then(|(_, heat)| heat)));
    for head in heads {
        for member in listed(head) {
            if is(member, Role::Member)
                && let Some(slot) = head_of.get_mut(member)
            {
                slot.get_or_insert(head);
            }
        }
    }
    for (member, slot) in head_of.iter_mut().enumerate() {
        if slot.is_none() && is(member, Role::Member) {
            *slot = listed(member).find(|&other| is(other, Role::Head));
        }
    }
    let mut stories: Vec<Story> = Vec::new();
    let mut story_of: Vec<Option<usize>> = vec![None; count];
    for (member, head) in head_of.iter().enumerate() {
        let Some(slot) = head.and_then(|head| story_of.get_mut(head)) else { continue };
        let story = *slot.get_or_insert_with(|| {
            stories.push(Story { head: head.unwrap_or_default(), members: Vec::new() });
            stories.len() - 1
        });
        if let Some(story) = stories.get_mut(story) {
            story.members.push(member);
        }
    }
    stories
}
