//! What is done with the output of a program that the user runs.

/// How the output of a program is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgramOutputUse {
    /// Nothing: the program has a window of its own, and goes on after frontpage has ended.
    Nothing,
    /// Its last line becomes a notice.
    #[default]
    Notice,
    /// It is shown in an overlay.
    Overlay,
    /// It is shown in the pager.
    Pager,
    /// The program gets the terminal until it ends.
    Takeover,
}

impl ProgramOutputUse {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, ProgramOutputUse); 5] = [
        ("none", ProgramOutputUse::Nothing),
        ("notice", ProgramOutputUse::Notice),
        ("overlay", ProgramOutputUse::Overlay),
        ("pager", ProgramOutputUse::Pager),
        ("takeover", ProgramOutputUse::Takeover),
    ];
}
