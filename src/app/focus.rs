//! Where keys go now: a pane, or what lies on top of the panes.

/// One of the three panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list of articles.
    #[default]
    List,
    /// The article.
    Detail,
    /// What is related to it.
    Related,
}

/// What keys mean now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// In the list.
    List,
    /// In the article.
    Detail,
    /// In the related articles.
    Related,
    /// In a line that is being typed.
    Prompt,
    /// In a list that narrows as one types.
    Picker,
    /// Where one types what to do.
    Palette,
    /// In the links of an article, where letters are hints.
    Links,
    /// In what there is to do, with its keys.
    Help,
    /// In the charts of articles, topics and providers.
    Insights,
    /// Where one says yes or no.
    Confirm,
    /// In any other overlay.
    Overlay,
}
