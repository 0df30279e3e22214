//! Which columns of a list the articles of a feed can fill, as far as that is known without going through them for each list.

use super::Feed;
use super::columnar_feed::{ArticleHeader, Column};
use crate::dates::Date;

/// Whether the date of an article has a time of day.
pub fn has_time(header: &ArticleHeader) -> bool {
    header.published.is_some_and(Date::has_time)
}

/// Whether the date of some article has a time of day. The first call goes through the articles until it finds one, later calls cost
/// nothing.
pub fn has_times(feed: &Feed) -> bool {
    let header = |index: usize| feed.header(index);
    *feed.has_times.get_or_init(|| (0..feed.len()).filter_map(header).any(|header| has_time(&header)))
}

/// Whether some article names its provider.
pub fn has_providers(feed: &Feed) -> bool {
    feed.provider_count() > usize::from(unnamed_provider(feed).is_some())
}

/// The number of the empty name, which articles without a provider have; `None` if all articles name one.
pub fn unnamed_provider(feed: &Feed) -> Option<u32> {
    let name = |number: usize| feed.columns.name(Column::ProviderNameEnds, Column::ProviderNames, number);
    (0..feed.provider_count()).find(|number| name(*number).is_empty()).and_then(|number| u32::try_from(number).ok())
}
