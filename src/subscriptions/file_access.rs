//! Reads how the server of a subscription is asked. Values are quoted in no problem: they may be secret.

use super::subscription::{Access, Login, PasswordSource};
use crate::config::suggest;
use crate::config::value_reader::{ConfigEntry, ConfigGroup, ValueReader};
use crate::config::yaml_tree::{YamlNode, YamlValue};
use crate::feed::{UntrustedText, clean};

/// Further headers of one subscription at most.
const MAX_HEADERS: usize = 50;
/// The longest value of a header, in bytes.
const LONGEST_VALUE: usize = 8 * 1024;
/// Headers that the program sets itself, and what to write in place of one that the user can set elsewhere.
const OWN_HEADERS: [(&str, &str); 20] = [
    ("host", ""),
    ("content-length", ""),
    ("content-type", ""),
    ("connection", ""),
    ("keep-alive", ""),
    ("transfer-encoding", ""),
    ("te", ""),
    ("trailer", ""),
    ("upgrade", ""),
    ("expect", ""),
    ("proxy-connection", ""),
    ("proxy-authorization", ""),
    ("referer", ""),
    ("origin", ""),
    ("range", ""),
    ("if-range", ""),
    ("if-none-match", ""),
    ("if-modified-since", ""),
    ("accept-encoding", ""),
    ("user-agent", "write `user agent`, beside `headers`"),
];
const USER: &str = "user";
const COMMAND: &str = "password command";
const FILE: &str = "password file";
const VARIABLE: &str = "password variable";

/// What happens to a line or a value with a problem.
pub const IGNORED: &str = "ignored until fixed";

/// Reads the values of a subscription that say how its server is asked. `None` if one is not valid: a request without it would be
/// another one than the user wants.
pub fn read(reader: &mut ValueReader, fields: &ConfigGroup) -> Option<Access> {
    let user_agent = strict(fields, "user agent", |field| {
        let text = reader.text(field)?;
        let problem = (!is_header_value(&text)).then_some("`user agent` has a character that a header cannot have");
        checked(reader, field.node, text, problem)
    });
    let headers = fields.get("headers").map_or(Some(Vec::new()), |field| headers(reader, field));
    let login = strict(fields, "auth", |field| login(reader, field));
    let certificate = strict(fields, "certificate", |field| reader.path(field));
    let is_private = strict(fields, "private", |field| reader.flag(field));
    Some(Access {
        user_agent: user_agent?,
        headers: headers?,
        login: login?,
        certificate: certificate?,
        is_private: is_private?.unwrap_or(false),
    })
}

/// Reads a value that must be valid if it is set. `None` if it is not.
pub fn strict<T>(fields: &ConfigGroup, name: &str, read: impl FnOnce(ConfigEntry) -> Option<T>) -> Option<Option<T>> {
    let is_set = |field: &ConfigEntry| !matches!(&field.node.value, YamlValue::Text(text) if text.trim().is_empty());
    match fields.get(name).filter(is_set) {
        None => Some(None),
        Some(field) => read(field).map(Some),
    }
}

fn checked(reader: &mut ValueReader, node: &YamlNode, text: String, problem: Option<&str>) -> Option<String> {
    match problem {
        None => Some(text),
        Some(problem) => {
            reader.report(node, problem, &format!("write visible ASCII characters; {IGNORED}"));
            None
        }
    }
}

/// The characters of a value as in RFC 9110, section 5.5, without those beyond ASCII.
fn is_header_value(text: &str) -> bool {
    text.len() <= LONGEST_VALUE && text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) && text.trim() == text
}

/// The characters of a token, RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.len() <= 200 && name.bytes().all(is_allowed)
}

fn headers(reader: &mut ValueReader, field: ConfigEntry) -> Option<Vec<(String, UntrustedText)>> {
    let pairs = match &field.node.value {
        YamlValue::Map(_) => reader.pairs(field.node, field.name),
        _ => {
            let what = format!("`headers` is {}, not names and values", field.node.kind());
            reader.report(field.node, &what, &format!("write headers: {{Accept-Language: de}}; {IGNORED}"));
            return None;
        }
    };
    if pairs.len() > MAX_HEADERS {
        reader.report(field.node, &format!("more than {MAX_HEADERS} headers"), IGNORED);
        return None;
    }
    let mut headers: Vec<(String, UntrustedText)> = Vec::new();
    let mut are_valid = true;
    for (name, key, value) in pairs {
        let own = OWN_HEADERS.iter().find(|(own, _)| name.eq_ignore_ascii_case(own));
        let problem = match (&value.value, own) {
            _ if !is_token(name) => Some((key, format!("`{}` is not the name of a header", clean::quote(name)), "")),
            (_, Some((_, hint))) => Some((key, format!("the program sets the header `{name}` itself"), *hint)),
            _ if headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) => {
                Some((key, format!("the header `{name}` occurs twice"), ""))
            }
            (YamlValue::Text(text), _) if is_header_value(text) => {
                headers.push((name.to_owned(), UntrustedText::new(text)));
                None
            }
            (YamlValue::Text(_), _) => {
                Some((value, format!("`{name}` has a character that a header cannot have"), "write ASCII"))
            }
            _ => Some((value, format!("`{name}` is {}, not text", value.kind()), "write one text")),
        };
        if let Some((node, what, hint)) = problem {
            let hint = if hint.is_empty() { IGNORED.to_owned() } else { format!("{hint}; {IGNORED}") };
            reader.report(node, &what, &hint);
            are_valid = false;
        }
    }
    are_valid.then_some(headers)
}

/// Reads `{user: NAME, password command: COMMAND}`.
fn login(reader: &mut ValueReader, field: ConfigEntry) -> Option<Login> {
    let names = [USER, COMMAND, FILE, VARIABLE];
    if !matches!(field.node.value, YamlValue::Map(_)) {
        let what = format!("`auth` is {}, not a group of settings", field.node.kind());
        reader.report(field.node, &what, &format!("write auth: {{user: NAME, password command: COMMAND}}; {IGNORED}"));
        return None;
    }
    let mut known = Vec::new();
    let mut are_valid = true;
    for (name, key, node) in reader.pairs(field.node, field.name) {
        if names.contains(&name) {
            known.push(ConfigEntry { name, node });
            continue;
        }
        are_valid = false;
        match name {
            "password" => {
                let hint = format!("write `{COMMAND}`, `{FILE}` or `{VARIABLE}`; {IGNORED}");
                reader.report(key, "a password must not be in this file", &hint);
            }
            name => reader.report(key, &format!("unknown setting `{name}` of `auth`"), &suggest(name, &names)),
        }
    }
    let fields = ConfigGroup::new(known);
    let user = strict(&fields, USER, |field| reader.text(field));
    let command = strict(&fields, COMMAND, |field| reader.command(field).map(PasswordSource::Command));
    let file = strict(&fields, FILE, |field| reader.path(field).map(PasswordSource::File));
    let variable = strict(&fields, VARIABLE, |field| variable(reader, field));
    let (user, sources) = (user?, [command?, file?, variable?]);
    if !are_valid {
        return None;
    }
    let mut sources = sources.into_iter().flatten();
    match (user, sources.next(), sources.next()) {
        (Some(user), Some(password), None) => Some(Login { user: UntrustedText::from_string(user), password }),
        (None, ..) => {
            reader.report(field.node, "`auth` without `user`", &format!("add the user; {IGNORED}"));
            None
        }
        (_, None, _) => {
            let hint = format!("add `{COMMAND}`, `{FILE}` or `{VARIABLE}`; {IGNORED}");
            reader.report(field.node, "`auth` without a password", &hint);
            None
        }
        (_, _, Some(_)) => {
            let what = format!("`auth` has more than one of `{COMMAND}`, `{FILE}` and `{VARIABLE}`");
            reader.report(field.node, &what, &format!("write one of them; {IGNORED}"));
            None
        }
    }
}

fn variable(reader: &mut ValueReader, field: ConfigEntry) -> Option<PasswordSource> {
    let text = reader.text(field)?;
    if !text.contains(['=', '\0']) && !text.contains(char::is_whitespace) {
        return Some(PasswordSource::Variable(text.strip_prefix('$').unwrap_or(&text).to_owned()));
    }
    let hint = format!("write its name, such as FEED_PASSWORD; {IGNORED}");
    reader.report(field.node, &format!("`{VARIABLE}` is not the name of a variable"), &hint);
    None
}
