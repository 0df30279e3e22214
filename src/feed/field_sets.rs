//! Sets of fields that have something in common, chosen from their table when the program is compiled; and its version.

use super::fields::{Accessor, Completion, Field, FieldDescriptor, TABLE, ValueKind};
use crate::fnv;

/// Fields that have something in common, chosen when the program is compiled.
#[derive(Clone, Copy)]
pub enum FieldSet {
    /// Numbers of a file.
    Numbers,
    /// Texts that free words are looked for in.
    FreeTexts,
    /// Other texts that a query may name.
    OtherTexts,
    /// Lines that are completed, but not counted.
    Completion,
}

impl FieldSet {
    const fn has(self, field: &FieldDescriptor) -> bool {
        match self {
            FieldSet::Numbers => matches!(field.accessor, Accessor::Number(..)),
            FieldSet::FreeTexts => field.search_weight.is_some(),
            FieldSet::OtherTexts => {
                field.search_weight.is_none() && field.query.is_some() && matches!(field.kind, ValueKind::Text)
            }
            FieldSet::Completion => matches!(field.completion, Completion::Offered),
        }
    }

    /// How many fields those are.
    pub const fn count(self) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < Field::COUNT {
            count += self.has(&TABLE[at]) as usize;
            at += 1;
        }
        count
    }

    /// Those fields, in order; there must be so many.
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

/// Number of the fields whose names are completed, but not counted.
pub const COMPLETION_FIELD_COUNT: usize = FieldSet::Completion.count();
/// Those fields.
pub const COMPLETION_FIELDS: [Field; COMPLETION_FIELD_COUNT] = FieldSet::Completion.fields();

/// How many numbers a file gives an article.
pub const NUMBER_FIELD_COUNT: usize = FieldSet::Numbers.count();
/// Fields of those numbers.
pub const NUMBER_FIELDS: [Field; NUMBER_FIELD_COUNT] = FieldSet::Numbers.fields();
/// The numbers of an article, in the order of [`NUMBER_FIELDS`].
pub type NumberValues = [Option<i64>; NUMBER_FIELD_COUNT];

/// The number of a field among the numbers of an article.
pub fn number_in(numbers: &NumberValues, field: Field) -> Option<i64> {
    NUMBER_FIELDS.iter().zip(numbers).find(|(known, _)| **known == field).and_then(|(_, number)| *number)
}

/// A number for the table: what was made of articles by another table is not read.
pub const VERSION: u32 = {
    let (mut at, mut sum) = (0, fnv::OFFSET_BASIS);
    while at < Field::COUNT {
        let field = &TABLE[at];
        // The rows stand in the order of the fields.
        assert!(field.field as usize == at);
        // A column holds one name of each article.
        assert!(!FieldSet::Completion.has(field) || matches!(field.accessor, Accessor::Line(..) | Accessor::Name(..)));
        let form =
            [field.kind as u8, field.is_plain as u8, field.completion as u8, field.search_weight.is_some() as u8];
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
