//! Turns the items of a channel into article files in the folder of its subscription.
