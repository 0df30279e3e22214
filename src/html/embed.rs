//! Players and other pages in frames: which ones are worth a link, and where it leads.

use url::Url;

use super::media_kind::MediaKind;

/// Hosts whose frames are players or documents, by the end of the host.
const PLAYERS: [&str; 22] = [
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "vimeo.com",
    "dailymotion.com",
    "soundcloud.com",
    "spotify.com",
    "bandcamp.com",
    "ted.com",
    "twitch.tv",
    "archive.org",
    "mixcloud.com",
    "podcasts.apple.com",
    "music.apple.com",
    "codepen.io",
    "jsfiddle.net",
    "slideshare.net",
    "speakerdeck.com",
    "streamable.com",
    "loom.com",
    "wistia.net",
    "giphy.com",
];

/// The page and the title of what a picture in Markdown leads to, if it is a video or a sound and no picture.
pub fn media(address: &str) -> Option<(String, String)> {
    match MediaKind::of_path(address) {
        Some(MediaKind::Video) => return Some((address.to_owned(), "Video".to_owned())),
        Some(MediaKind::Audio) => return Some((address.to_owned(), "Audio".to_owned())),
        Some(MediaKind::Picture) => return None,
        None if !address.contains("://") => return None,
        None => {}
    }
    player(address, false).map(|player| (player.address, player.title))
}

/// A page that shows the same as a frame.
pub struct Player {
    /// Its address.
    pub address: String,
    /// What it is, for frames without a title.
    pub title: String,
    /// It is of a host whose frames are players or documents.
    pub is_known: bool,
}

/// The page behind a frame. `None` for frames that are likely to be advertisements: unknown hosts without a full screen.
pub fn player(address: &str, is_for_full_screen: bool) -> Option<Player> {
    let address = address.trim();
    // Many frames are written without a scheme; another relative address is left to the base.
    let absolute = address.strip_prefix("//").map(|rest| format!("https://{rest}"));
    let address = absolute.as_deref().unwrap_or(address);
    let Ok(url) = Url::parse(address) else {
        let title = "Embedded page".to_owned();
        return is_for_full_screen.then(|| Player { address: address.to_owned(), title, is_known: false });
    };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let is_known = PLAYERS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.')));
    if !matches!(url.scheme(), "http" | "https") || !(is_known || is_for_full_screen) {
        return None;
    }
    let page = page_of(&host, &url).unwrap_or_else(|| url.to_string());
    let title = match host.as_str() {
        "youtube.com" | "youtube-nocookie.com" | "youtu.be" => "Video on YouTube".to_owned(),
        "player.vimeo.com" | "vimeo.com" => "Video on Vimeo".to_owned(),
        _ => format!("Embedded: {host}"),
    };
    Some(Player { address: page, title, is_known })
}

/// The page that a player's address is made from.
fn page_of(host: &str, url: &Url) -> Option<String> {
    let mut path = url.path_segments()?;
    let (first, second) = (path.next()?, path.next());
    let start =
        |names: &[&str]| url.query_pairs().find(|(name, _)| names.contains(&&**name)).map(|(_, at)| at.into_owned());
    match (host, first, second) {
        ("youtube.com" | "youtube-nocookie.com", "embed", Some("videoseries")) => {
            Some(format!("https://www.youtube.com/playlist?list={}", start(&["list"])?))
        }
        ("youtube.com" | "youtube-nocookie.com", "embed" | "v", Some(id)) if !id.is_empty() => {
            // Old addresses have parameters without a question mark.
            let id = id.split('&').next()?;
            let at = start(&["start"]).map(|at| format!("&t={at}s")).unwrap_or_default();
            Some(format!("https://www.youtube.com/watch?v={id}{at}"))
        }
        ("player.vimeo.com", "video", Some(id)) => Some(format!("https://vimeo.com/{id}")),
        ("dailymotion.com", "embed", Some("video")) => {
            Some(format!("https://www.dailymotion.com/video/{}", path.next()?))
        }
        ("open.spotify.com", "embed", Some(kind)) => Some(format!("https://open.spotify.com/{kind}/{}", path.next()?)),
        ("w.soundcloud.com", "player", _) => start(&["url"]),
        _ => None,
    }
}
