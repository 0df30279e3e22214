//! The name by which the program tells servers what it is.

/// The header `User-Agent` of the program.
pub fn user_agent() -> String {
    let (version, address) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"));
    let address = if address.is_empty() { String::new() } else { format!(" (+{address})") };
    format!("frontpage/{version}{address}")
}
