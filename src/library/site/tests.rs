//! Tests of the rules of site generators.
