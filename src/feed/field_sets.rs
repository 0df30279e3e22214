//! Sets of fields that have something in common, chosen from their table when the program is compiled; and its version.

use super::fields::{Descriptor, Field, Kind, Names, Slot, TABLE};
use crate::fnv;

/// Fields that have something in common, chosen when the program is compiled.
#[derive(Clone, Copy)]
pub enum Choice {
    /// Numbers of a file.
    Numbers,
    /// Texts that free words are looked for in.
    FreeTexts,
    /// Other texts that a query may name.
    OtherTexts,
    /// Lines that are completed, but not counted.
    Completed,
}

impl Choice {
    const fn has(self, field: &Descriptor) -> bool {
        match self {
            Choice::Numbers => matches!(field.slot, Slot::Number(..)),
            Choice::FreeTexts => field.worth.is_some(),
            Choice::OtherTexts => field.worth.is_none() && field.query.is_some() && matches!(field.kind, Kind::Text),
            Choice::Completed => matches!(field.names, Names::Completed),
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
pub const COMPLETED_COUNT: usize = Choice::Completed.count();
/// Those fields.
pub const COMPLETED: [Field; COMPLETED_COUNT] = Choice::Completed.fields();

/// How many numbers a file gives an article.
pub const NUMBER_COUNT: usize = Choice::Numbers.count();
/// Fields of those numbers.
pub const NUMBERS: [Field; NUMBER_COUNT] = Choice::Numbers.fields();
/// The numbers of an article, in the order of [`NUMBERS`].
pub type Numbers = [Option<i64>; NUMBER_COUNT];

/// The number of a field among the numbers of an article.
pub fn number_of(numbers: &Numbers, field: Field) -> Option<i64> {
    NUMBERS.iter().zip(numbers).find(|(known, _)| **known == field).and_then(|(_, number)| *number)
}

/// A number for the table: what was made of articles by another table is not read.
pub const VERSION: u32 = {
    let (mut at, mut sum) = (0, fnv::START);
    while at < Field::COUNT {
        let field = &TABLE[at];
        // The rows stand in the order of the fields.
        assert!(field.field as usize == at);
        // A column holds one name of each article.
        assert!(!Choice::Completed.has(field) || matches!(field.slot, Slot::Line(..) | Slot::Name(..)));
        let form = [field.kind as u8, field.is_plain as u8, field.names as u8, field.worth.is_some() as u8];
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
        sum = fnv::step(sum, bytes[at]);
        at += 1;
    }
    sum
}
