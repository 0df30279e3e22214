//! The tags of details in Markdown that was made of HTML.

/// A tag of details, which can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldTag {
    /// Details begin that are folded at first.
    Closed,
    /// Details begin that are open at first.
    Open,
    /// The innermost details end.
    End,
    /// Their title begins.
    Title,
    /// It ends.
    TitleEnd,
}

const ALL: [FoldTag; 5] = [FoldTag::Closed, FoldTag::Open, FoldTag::End, FoldTag::Title, FoldTag::TitleEnd];

impl FoldTag {
    /// The tag itself.
    pub fn html(self) -> &'static str {
        match self {
            FoldTag::Closed => "<details>",
            FoldTag::Open => "<details open>",
            FoldTag::End => "</details>",
            FoldTag::Title => "<summary>",
            FoldTag::TitleEnd => "</summary>",
        }
    }

    /// The tag that a line consists of.
    pub fn read(line: &str) -> Option<FoldTag> {
        ALL.into_iter().find(|tag| tag.html() == line.trim())
    }
}
