//! Tests in two lengths: few rounds in every run of `cargo test`, many in the heavy tier (`cargo test -- --ignored`).

/// Makes the tests `NAME::few` and `NAME::many` of a function NAME, which gets its number of rounds: `rounds!(NAME, 10, 1_000)`.
#[macro_export]
macro_rules! rounds {
    ($name:ident, $few:expr, $many:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "numbers of rounds may be constants of the file")]
            use super::*;

            #[test]
            fn few() {
                super::$name($few);
            }

            #[test]
            #[ignore = "heavy"]
            fn many() {
                super::$name($many);
            }
        }
    };
}
