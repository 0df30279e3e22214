//! What the names of shortcodes and tags mean in the themes and sites that are in use.

use crate::feed::dialect::callouts;

/// The language that a tag is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// A shortcode of Hugo.
    Hugo,
    /// A tag of Liquid, and of Tera with `name(…)`.
    Liquid,
    /// `{{ … }}`: the value of an expression.
    Output,
}

/// What a tag represents on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A block of code.
    Code,
    /// Code as TOML, YAML or JSON, whose language is seen in the content.
    Settings,
    /// Content that is shown as it is written.
    Raw,
    /// Nothing, nor its content.
    Hidden,
    /// A box whose kind is the name of the tag.
    Callout,
    /// A box whose kind is an argument.
    CalloutOfKind,
    /// A box that a click opens, with a summary.
    Details,
    /// A box that says since when something is so.
    Version(&'static str),
    /// One of several pages, with a label.
    Tab,
    /// A picture.
    Picture,
    /// A video, a post or a program of another site.
    Embed(&'static str),
    /// A button or card that leads to a page.
    Link,
    /// The path of a page, used as the target of a link.
    Path,
    /// The path of a page below the root of the site.
    RootPath,
    /// A quotation.
    Quote,
    /// A term, which is shown.
    Term,
    /// A tag of a program: it shows nothing, but its content does.
    Control,
    /// A part of another file: what it shows depends on its name.
    Include,
    /// A part of another article, by its path.
    Reading,
    /// A value of the page or the site.
    Value,
    /// Anything else: its quoted arguments, and its content.
    Other,
}

/// The meaning of the tag of a name.
pub fn meaning(name: &str, syntax: Syntax) -> Meaning {
    let of_liquid = match name {
        "if" | "unless" | "for" | "case" | "when" | "else" | "elsif" | "elseif" | "assign" | "increment"
        | "decrement" | "cycle" | "break" | "continue" | "tablerow" | "layout" | "render" | "liquid" | "echo"
        | "seo" | "feed-meta" | "toc" | "set" | "block" | "extends" | "macro" | "import" | "from" | "with"
        | "cache" | "spaceless" | "filter" | "#" | "ifchanged" | "tabs" | "stepper" | "columns" | "column" => {
            Some(Meaning::Control)
        }
        "comment" | "capture" | "schema" | "javascript" | "stylesheet" | "style" => Some(Meaning::Hidden),
        "raw" | "verbatim" => Some(Meaning::Raw),
        "include" | "include-relative" | "include-cached" => Some(Meaning::Include),
        "link" => Some(Meaning::RootPath),
        "post-url" | "post-link" | "post-path" | "content-ref" => Some(Meaning::Path),
        "codeblock" | "prism" | "code-block" => Some(Meaning::Code),
        "asset-img" | "asset-image" | "responsive-image" | "picture" => Some(Meaning::Picture),
        "embed" => Some(Meaning::Link),
        "hint" => Some(Meaning::CalloutOfKind),
        "blockquote" | "pullquote" => Some(Meaning::Quote),
        _ => None,
    };
    if let Some(meaning) = of_liquid.filter(|_| syntax == Syntax::Liquid) {
        return meaning;
    }
    match name {
        "highlight" | "code" | "codeblock" | "code-block" | "sourcecode" | "prism" | "codefile" | "command" => {
            Meaning::Code
        }
        "code-toggle" => Meaning::Settings,
        "comment" => Meaning::Hidden,
        "raw" => Meaning::Raw,
        "notice" | "alert" | "callout" | "admonition" | "hint" | "alert-box" | "message" | "box" | "panel"
        | "infobox" | "blocks/alert" | "pageinfo" => Meaning::CalloutOfKind,
        "details" | "expand" | "collapse" | "spoiler" | "accordion" | "accordion-item" | "toggle" | "expandable" => {
            Meaning::Details
        }
        "new-in" | "newin" | "since" | "version-added" | "added-in" => Meaning::Version("New in"),
        "deprecated-in" | "deprecated" => Meaning::Version("Deprecated in"),
        "tab" | "tabitem" | "tab-item" | "tabpane-item" => Meaning::Tab,
        "figure" | "img" | "image" | "imgproc" | "picture" | "imgc" | "resize-image" | "lightbox" | "svg" | "photo" => {
            Meaning::Picture
        }
        "youtube" | "youtube-lite" | "yt" | "youtubelite" => Meaning::Embed("youtube"),
        "vimeo" | "vimeo-simple" => Meaning::Embed("vimeo"),
        "x" | "x-simple" | "tweet" | "twitter" | "twitter-simple" => Meaning::Embed("x"),
        "gist" => Meaning::Embed("gist"),
        "instagram" | "instagram-simple" => Meaning::Embed("instagram"),
        "audio" | "mp3" | "podcast" => Meaning::Embed("audio"),
        "video" | "bilibili" | "asciinema" | "iframe" | "soundcloud" | "spotify" | "codepen" | "jsfiddle" => {
            Meaning::Embed("video")
        }
        "button" | "btn" | "card" | "link-card" | "link" | "linkcard" => Meaning::Link,
        "ref" | "relref" | "get-url" | "siteurl" | "absurl" | "relurl" => Meaning::Path,
        "quote" | "blockquote" | "epigraph" => Meaning::Quote,
        "glossary-term" | "term" | "abbr" | "kbd" | "glossary" | "keyboard" | "badge" | "mark" => Meaning::Term,
        "include" | "readfile" | "render-file" | "embed-file" | "transclude" => Meaning::Reading,
        "icon" | "fa" | "fas" | "toc" | "table-of-contents" | "br" | "hr" | "clear" | "clearfix" | "newline"
        | "linebreak" | "pagebreak" | "more" | "content" => Meaning::Control,
        "param" | "site-param" => Meaning::Value,
        _ if callouts::is_kind(name) => Meaning::Callout,
        _ => Meaning::Other,
    }
}

/// True if the content of the tag of a name is not read for other tags.
pub fn is_verbatim(name: &str, syntax: Syntax) -> bool {
    matches!(meaning(name, syntax), Meaning::Code | Meaning::Settings | Meaning::Raw | Meaning::Hidden)
}
