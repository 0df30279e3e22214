//! t
pub mod feed;
pub mod library;
pub mod query;
