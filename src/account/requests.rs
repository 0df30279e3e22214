//! A request to a service, relative to the address of its API.

use url::form_urlencoded;

/// A request to a service. Its `Debug` output is not for messages: a form may have a password.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiRequest {
    /// Path and query, appended to the address of the API.
    pub path: String,
    /// The form that is posted, encoded; `None` to get.
    pub form: Option<String>,
}

impl ApiRequest {
    /// Gets a path with these parameters.
    pub fn get(path: &str, parameters: &[(&str, &str)]) -> ApiRequest {
        let query = encoded(parameters);
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        ApiRequest { path, form: None }
    }

    /// Posts a form to a path.
    pub fn post(path: &str, form: &[(&str, &str)]) -> ApiRequest {
        ApiRequest { path: path.to_owned(), form: Some(encoded(form)) }
    }
}

/// Parameters as `application/x-www-form-urlencoded` (URL standard, 5.2).
fn encoded(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}
