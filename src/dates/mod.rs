//! Dates as people and programs write them, parsed into values that may lack a time of day or a zone.
//!
//! A date without a zone means a different moment in each zone. It is stored as written, and [`Date::at`] makes it a moment when
//! it is used, so a change of the zone does not require reading files again. Ids of articles must not depend on the
//! user's zone, so there such a date counts as UTC, see [`Date::as_utc`].

mod date;
mod formats;
mod iso;
mod names;
mod zone;

pub use date::Date;
pub use formats::{DateError, read, read_of_any_language};
pub use iso::{find_in_name, find_in_path, read as read_iso};
pub use zone::{DayLookup, Now, Zone};
