//! Subsets of the article fields, selected from the table of fields at compile time, and the version of the table.

use super::fields::{Accessor, Completion, Field, FieldDescriptor, TABLE, ValueKind};
use crate::fnv;

/// A set of fields, evaluated at compile time.
#[derive(Clone, Copy)]
pub enum FieldSubset {
    /// Fields with a number from the file.
    Numbers,
    /// Text fields that free words search.
    FreeTexts,
    /// Other text fields that a query may name.
    OtherTexts,
    /// Fields whose values completion offers, but which are not counted.
    Completion,
}

impl FieldSubset {
    const fn has(self, field: &FieldDescriptor) -> bool {
        match self {
            FieldSubset::Numbers => matches!(field.accessor, Accessor::Number(..)),
            FieldSubset::FreeTexts => field.search_weight.is_some(),
            FieldSubset::OtherTexts => {
                field.search_weight.is_none() && field.query.is_some() && matches!(field.kind, ValueKind::Text)
            }
            FieldSubset::Completion => matches!(field.completion, Completion::Offered),
        }
    }

    /// Number of fields in the set.
    pub const fn count(self) -> usize {
        // Constant functions cannot contain `for` loops.
        let (mut at, mut count) = (0, 0);
        while at < Field::COUNT {
            count += self.has(&TABLE[at]) as usize;
            at += 1;
        }
        count
    }

    /// The fields of the set, in order. `COUNT` must be [`FieldSubset::count`].
    pub const fn fields<const COUNT: usize>(self) -> [Field; COUNT] {
        let (mut at, mut count, mut fields) = (0, 0, [Field::Any; COUNT]);
        while at < Field::COUNT {
            if self.has(&TABLE[at]) {
                fields[count] = TABLE[at].field;
                count += 1;
            }
            at += 1;
        }
        fields
    }
}

/// Number of [`COMPLETION_FIELDS`].
pub const COMPLETION_FIELD_COUNT: usize = FieldSubset::Completion.count();
/// The fields whose values completion offers, but which are not counted.
pub const COMPLETION_FIELDS: [Field; COMPLETION_FIELD_COUNT] = FieldSubset::Completion.fields();

/// Number of [`NUMBER_FIELDS`].
pub const NUMBER_FIELD_COUNT: usize = FieldSubset::Numbers.count();
/// The fields with a number from the file.
pub const NUMBER_FIELDS: [Field; NUMBER_FIELD_COUNT] = FieldSubset::Numbers.fields();
/// The numbers of an article, in the order of [`NUMBER_FIELDS`].
pub type NumberValues = [Option<i64>; NUMBER_FIELD_COUNT];

/// The value of a number field; `None` if it is missing or the field is not a number field.
pub fn number_in(numbers: &NumberValues, field: Field) -> Option<i64> {
    NUMBER_FIELDS.iter().zip(numbers).find(|(known, _)| **known == field).and_then(|(_, number)| *number)
}

/// A hash of the table. A snapshot written with another table is ignored, because the fields of its records differ.
pub const VERSION: u32 = {
    let (mut at, mut sum) = (0, fnv::OFFSET_BASIS);
    while at < Field::COUNT {
        let field = &TABLE[at];
        // `Field::descriptor` indexes the table by field.
        assert!(field.field as usize == at);
        // The completion columns have room for one name per article.
        assert!(
            !FieldSubset::Completion.has(field) || matches!(field.accessor, Accessor::Line(..) | Accessor::Name(..))
        );
        let form =
            [field.kind as u8, field.is_generic as u8, field.completion as u8, field.search_weight.is_some() as u8];
        sum = hash(sum, &form);
        let mut key = 0;
        while key < field.keys.len() {
            sum = hash(sum, field.keys[key].as_bytes());
            key += 1;
        }
        if let Some(name) = field.query {
            sum = hash(sum, name.as_bytes());
        }
        at += 1;
    }
    (sum ^ (sum >> 32)) as u32
};

const fn hash(mut sum: u64, bytes: &[u8]) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        sum = fnv::hash_byte(sum, bytes[at]);
        at += 1;
    }
    sum
}
