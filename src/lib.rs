//! t
pub mod feed;
pub mod query;
