//! Dates: what people and programs write, read into values that know whether they name a time of day and a zone.
//!
//! A date without a zone means another moment in each zone. It is kept as it was written and becomes a moment when it is
//! looked at, with [`Date::at`], so that another zone needs no file to be read again. Where a date decides which article
//! this is, the reader's zone must not matter: there it counts as UTC, see [`Date::as_utc`].

mod date;
mod formats;
mod iso;
mod zone;

pub use date::Date;
pub use formats::{DateError, read};
pub use iso::{find_in_name, find_in_path, read as read_iso};
pub use zone::{DayLookup, Now, Zone};
