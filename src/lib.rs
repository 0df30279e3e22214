//! t
pub mod feed;
