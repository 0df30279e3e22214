//! What the parsing process is asked and answers.

use serde::{Deserialize, Serialize};

use crate::account::ApiDocument;

/// A document to read; its bytes are the body of the frame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseRequest {
    /// The header `Content-Type` of the document.
    pub content_type: Option<String>,
    /// The header `Content-Language` of the document.
    pub content_language: Option<String>,
    /// The address that it came from.
    pub base: Option<String>,
    /// True if the document is a page whose article is wanted, not a channel. The answer has another type then.
    #[serde(default)]
    pub is_page: bool,
    /// Set if the document is one of an account. The answer has another type then.
    #[serde(default)]
    pub of_account: Option<ApiDocument>,
    /// True if the plain text of each body is wanted too, which only a preview shows.
    pub with_text: bool,
}
