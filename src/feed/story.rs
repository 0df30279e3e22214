//! Stories: a head article and the members it groups.
//!
//! In the native form the head of a story has more heat than quality and lists its members as related; every other member
//! has heat −1. A member named by several heads belongs to the hottest; one that no head names belongs to the first head it
//! names itself. A member whose head is not in the library hangs under nothing.

use super::article::Article;

/// What an article is in its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Stands on its own.
    Single,
    /// Leads a story.
    Head,
    /// Hangs under a head.
    Member,
}

impl Role {
    /// The word for it, as on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Role::Single => "single",
            Role::Head => "head",
            Role::Member => "member",
        }
    }
}

/// A head and its members, by their places in the feed; members in the order of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The article that leads.
    pub head: usize,
    /// The others.
    pub members: Vec<usize>,
}

impl Story {
    /// Articles in the story, the head counted.
    pub fn size(&self) -> usize {
        self.members.len() + 1
    }
}

/// True for the head of a story, by the scores.
fn is_head(article: &Article) -> bool {
    match (article.heat, article.quality) {
        (Some(heat), Some(quality)) => heat > quality && !article.related.is_empty(),
        _ => false,
    }
}

/// True for a member of a story that is not its head, by the scores.
fn is_member(article: &Article) -> bool {
    article.heat == Some(-1)
}

/// What an article is, by its scores alone.
pub fn role_by_scores(article: &Article) -> Role {
    match article {
        article if is_head(article) => Role::Head,
        article if is_member(article) => Role::Member,
        _ => Role::Single,
    }
}

/// Groups `count` articles into stories. `scores(a)` is the role of `a` by its scores and its heat; `given(a)` are the places
/// of the articles that the file of `a` lists as related.
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
