//! The proxies that the environment names.

use std::fmt;

use url::Url;

/// Proxies as the variables of the environment name them. A proxy looks up names itself, so only literal addresses and names that are
/// private by their form are refused then. `Debug` shows no value: an address may contain a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    https: Option<String>,
    http: Option<String>,
    excluded: Vec<String>,
}

impl Proxies {
    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in small letters too, from the given environment.
    pub fn from_variables(value: impl Fn(&str) -> Option<String>) -> Proxies {
        let first = |names: [&str; 2]| names.into_iter().filter_map(&value).find(|value| !value.trim().is_empty());
        let all = first(["all_proxy", "ALL_PROXY"]);
        let excluded = first(["no_proxy", "NO_PROXY"]).unwrap_or_default();
        Proxies {
            https: first(["https_proxy", "HTTPS_PROXY"]).or_else(|| all.clone()),
            http: first(["http_proxy", "HTTP_PROXY"]).or(all),
            excluded: excluded.split(',').map(|entry| entry.trim().to_ascii_lowercase()).collect(),
        }
    }

    /// The ports of the proxies, to which the process must be able to connect.
    pub fn ports(&self) -> Vec<u16> {
        let urls = [&self.https, &self.http].into_iter().flatten().filter_map(|proxy| parse(proxy));
        urls.filter_map(|url| url.port_or_known_default()).collect()
    }

    /// The address of the proxy for `url` as the user wrote it, if one is to be used.
    pub(super) fn of(&self, url: &Url) -> Option<&str> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        if self.excluded.iter().any(|entry| excludes(entry, &host)) { None } else { proxy.as_deref() }
    }
}

/// The address of a proxy; without a scheme it is one of http. `None` for other schemes than http and https.
pub(super) fn parse(proxy: &str) -> Option<Url> {
    let proxy = proxy.trim();
    let url = if proxy.contains("://") { Url::parse(proxy) } else { Url::parse(&format!("http://{proxy}")) };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// `*` excludes all hosts, `example.org`, `.example.org` and `*.example.org` a host and those below it.
fn excludes(entry: &str, host: &str) -> bool {
    let name = entry.trim_start_matches('*').trim_start_matches('.');
    let is_below = || host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    entry == "*" || !name.is_empty() && is_below()
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_of_an_address_is_found() {
        let proxies = |variables: &'static [(&str, &str)]| {
            Proxies::from_variables(|name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let all = proxies(&[("ALL_PROXY", "proxy:81"), ("NO_PROXY", "localhost, .a.example,b.example,10.0.0.1")]);
        let both =
            proxies(&[("https_proxy", "http://u:p@s:1"), ("HTTP_PROXY", "http://h:2"), ("all_proxy", "http://a:3")]);
        for (proxies, url, expected) in [
            (&all, "https://example.org/", Some("proxy:81")),
            (&all, "http://example.org/", Some("proxy:81")),
            (&all, "http://a.example/", None),
            (&all, "http://x.A.example./", None),
            (&all, "http://xa.example/", Some("proxy:81")),
            (&all, "http://x.b.example/", None),
            (&all, "http://10.0.0.1/", None),
            (&both, "https://example.org/", Some("http://u:p@s:1")),
            (&both, "http://example.org/", Some("http://h:2")),
            (&Proxies::default(), "http://example.org/", None),
        ] {
            assert_eq!(proxies.of(&Url::parse(url).unwrap()), expected, "{url}");
        }
        assert_eq!(all.ports(), [81, 81]);
        assert_eq!(both.ports(), [1, 2]);
        assert_eq!(
            proxies(&[("ALL_PROXY", "http://a"), ("NO_PROXY", "*")]).of(&Url::parse("http://b/").unwrap()),
            None
        );
        assert_eq!(parse("socks5://a"), None);
        assert!(!format!("{both:?}").contains('p'.to_string().repeat(2).as_str()));
    }
}
