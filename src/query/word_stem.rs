//! Reduces English words to a stem, so that forms of a word are compared as one word. Few rules and no dictionary: a stem need not
//! be a word, and words of other languages lose at most an ending.

/// The shortest word that loses an ending other than the `s` of a plural, in letters, and the shortest rest.
const MIN_LENGTH: usize = 5;
const MIN_REST: usize = 3;

/// The stem of a word of lower-case ASCII letters. It is the start of the word, and a `y` at its end becomes `i`: `company` is the
/// same word as `companies`.
pub fn stem(word: &mut [u8]) -> &[u8] {
    let mut length = word.len();
    // `gas` and `bus` are not plurals, and neither is `boss`.
    if let [.., before, b's'] = word
        && length > 3
        && *before != b's'
    {
        length -= 1;
    }
    if length >= MIN_LENGTH {
        for ending in [&b"ing"[..], b"ed", b"er", b"e"] {
            let rest = word.get(..length).and_then(|word| word.strip_suffix(ending));
            if let Some(rest) = rest.filter(|rest| rest.len() >= MIN_REST && rest.iter().any(is_vowel)) {
                length = rest.len();
                // `stopped` has the stem of `stop`, but `called` that of `call`.
                if let [_, .., before, last] = rest
                    && ending.len() > 1
                    && before == last
                    && rest.len() > MIN_REST
                    && !b"lsz".contains(last)
                {
                    length -= 1;
                }
                break;
            }
        }
    }
    let (stem, _) = word.split_at_mut(length);
    if let [.., _, _, last @ b'y'] = stem {
        *last = b'i';
    }
    stem
}

fn is_vowel(letter: &u8) -> bool {
    b"aeiouy".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem_of(word: &str) -> String {
        let mut word = word.as_bytes().to_vec();
        String::from_utf8(stem(&mut word).to_vec()).expect("ASCII")
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (forms, stem) in [
            ("release releases released releasing", "releas"),
            ("launch launches launched launching launcher", "launch"),
            ("stop stops stopped stopping", "stop"),
            ("call calls called calling", "call"),
            ("company companies", "compani"),
            ("build builds building", "build"),
        ] {
            for form in forms.split(' ') {
                assert_eq!(stem_of(form), stem, "{form}");
            }
        }
    }

    #[test]
    fn short_words_and_other_endings_stay() {
        for word in
            ["", "s", "y", "as", "gas", "bus", "boss", "ring", "sing", "red", "used", "her", "the", "by", "string"]
        {
            assert_eq!(stem_of(word), word);
        }
        for (one, other) in [("beta", "bet"), ("boss", "bos"), ("string", "strong"), ("rust", "ruin")] {
            assert_ne!(stem_of(one), stem_of(other));
        }
    }

    #[test]
    fn a_stem_is_never_longer_than_the_word_nor_empty() {
        for word in ["ing", "eding", "eeee", "ssss", "yyyy", "ingingingeds", "zzzzed", "aaing", "aaaing"] {
            let stem = stem_of(word);
            assert!(!stem.is_empty() && stem.len() <= word.len(), "{word} {stem}");
        }
    }
}
