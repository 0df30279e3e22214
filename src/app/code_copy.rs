//! Copies code blocks: which one a key means, by what the last frame showed.

use super::effect::Effect;
use super::frame_info::DetailInfo;
use crate::feed::code_blocks::{CodeBlock, code_blocks};
use crate::feed::{Article, ArticleId, TextPosition, clean, folds};
use crate::text::FoldChoices;

/// Error: there is no code block to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum NoCodeBlock {
    /// The article has none.
    InArticle,
    /// All are in folded blocks.
    Folded,
    /// None is on the screen.
    OnScreen,
    /// The article is not on the screen.
    NoArticle,
}

impl NoCodeBlock {
    /// The words of the notice.
    pub fn message(self) -> &'static str {
        match self {
            NoCodeBlock::InArticle => "This article has no code block",
            NoCodeBlock::Folded => "All code of this article is folded",
            NoCodeBlock::OnScreen => "No code block on the screen; again: copies the next one",
            NoCodeBlock::NoArticle => "Open the article to copy its code",
        }
    }
}

/// The article, and the position at the top of the screen.
type Top = Option<(ArticleId, TextPosition)>;

/// The code block that was copied last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeCopy {
    /// What was at the top of the screen then, and the offset of the block, or none if no block was on the screen.
    last: Option<(Top, Option<usize>)>,
}

impl CodeCopy {
    /// Makes the next copy begin again with the block at the top of the screen.
    pub fn begin_again(&mut self) {
        self.last = None;
    }

    /// The effect that copies the first code block on the screen. When nothing has moved since the last copy, it copies the next block
    /// of the article, and after the last of them the first. An error says why nothing was copied; when no block is on the screen, the
    /// next press copies the next one below, or else the last one above.
    ///
    /// Code in folded blocks is not copied.
    pub fn next(
        &mut self,
        article: &Article,
        frame: &DetailInfo,
        choices: &FoldChoices,
    ) -> Result<Effect, NoCodeBlock> {
        if frame.area.is_empty() {
            return Err(NoCodeBlock::NoArticle);
        }
        let all = code_blocks(&article.body, article.syntax());
        let has_code = !all.is_empty();
        let blocks = without_folded(all, article, frame, choices);
        if has_code && blocks.is_empty() {
            return Err(NoCodeBlock::Folded);
        }
        let top = frame.position.filter(|(id, _)| *id == article.id);
        let is_below_top = |block: &&CodeBlock| top.is_none_or(|(_, top)| is_below(block, top));
        let is_visible = |block: &&CodeBlock| {
            is_below_top(block) && frame.bottom.is_some_and(|bottom| TextPosition::in_body(block.offset) <= bottom)
        };
        let block = match self.last.filter(|(then, _)| *then == top) {
            Some((_, Some(last))) => blocks.iter().find(|block| block.offset > last).or(blocks.first()),
            Some((_, None)) => blocks.iter().find(is_below_top).or(blocks.last()),
            None => match blocks.iter().find(is_visible) {
                None if !blocks.is_empty() => {
                    self.last = Some((top, None));
                    return Err(NoCodeBlock::OnScreen);
                }
                block => block,
            },
        };
        let block = block.ok_or(NoCodeBlock::InArticle)?;
        self.last = Some((top, Some(block.offset)));
        let number = blocks.iter().take_while(|other| other.offset <= block.offset).count();
        Ok(copy(block, number, blocks.len()))
    }
}

/// The blocks that are not in a folded block.
fn without_folded(
    mut blocks: Vec<CodeBlock>,
    article: &Article,
    frame: &DetailInfo,
    choices: &FoldChoices,
) -> Vec<CodeBlock> {
    if blocks.is_empty() {
        return blocks;
    }
    let folds = folds::folds(&article.body, article.syntax());
    let is_folded = |(number, fold): &(u32, &folds::Fold)| {
        // The screen also shows what a search has unfolded.
        !frame.folds.state(*number).unwrap_or_else(|| choices.is_open(*number, fold.is_open))
    };
    // In the order of their starts; one within another is covered by it.
    let mut folded = (0_u32..).zip(&folds).filter(is_folded).map(|(_, fold)| fold.content.clone()).peekable();
    blocks.retain(|block| {
        while folded.next_if(|content| content.end <= block.offset || content.is_empty()).is_some() {}
        folded.peek().is_none_or(|content| block.offset < content.start)
    });
    blocks
}

/// True if a line of the block is at the top of the screen or below it.
fn is_below(block: &CodeBlock, top: TextPosition) -> bool {
    let start = TextPosition::in_body(block.offset);
    // The blank line behind a block has the last position in it.
    let is_inside = start == top.start_of_block() && top.inside != u32::MAX;
    is_inside || start >= top
}

fn copy(block: &CodeBlock, number: usize, count: usize) -> Effect {
    // Without the last line end: a shell would run what is pasted.
    let code = block.code.untrusted().trim_end();
    let blank: usize = code.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let text = clean::text_with_tabs(code.get(blank..).unwrap_or_default());
    let lines = text.as_str().lines().count();
    let facts = [
        if count > 1 { format!("{number} of {count}") } else { String::new() },
        clean::plain_line(&block.info.language).to_string(),
        format!("{lines} line{}", if lines == 1 { "" } else { "s" }),
    ];
    let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    Effect::Copy { text, what: clean::plain_line(&format!("code block ({})", facts.join(", "))) }
}
