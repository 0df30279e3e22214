//! The focused pane, and the context that decides what keys do: a pane or an overlay.

/// One of the panes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list of articles.
    #[default]
    List,
    /// The article.
    Detail,
    /// The related articles.
    Related,
    /// The navigation pane.
    Navigation,
}

impl Focus {
    /// Whether the article shown follows the selection of the list.
    pub fn shows_selected(self) -> bool {
        matches!(self, Focus::List | Focus::Navigation)
    }
}

/// The context of a key: each context has its own key bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// The list has the focus.
    List,
    /// The article has the focus.
    Detail,
    /// The related pane has the focus.
    Related,
    /// The navigation pane has the focus.
    Navigation,
    /// A prompt: a line of text is typed.
    Prompt,
    /// A picker: typing narrows its list.
    Picker,
    /// The palette, or help while its search is typed.
    Palette,
    /// The links of an article: letters open links.
    Links,
    /// Help: all commands with their keys.
    Help,
    /// The charts.
    Insights,
    /// The subscriptions.
    Subscriptions,
    /// A picture on the whole screen.
    Picture,
    /// A yes/no question.
    Confirm,
    /// Any other overlay.
    Overlay,
}
