//! Names of months, weekdays and time zones, as dates use them.

use chrono::FixedOffset;

/// English names of the months, in lower case.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// English names of the weekdays, in lower case.
pub(super) const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The position of a name in a list, by the whole name or its first three letters.
pub(super) fn position_of_name(names: &[&str], word: &str) -> Option<usize> {
    names.iter().position(|name| *name == word || name.get(..3) == Some(word))
}

/// Names of the months in German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Danish and Russian, with the abbreviations
/// that have one meaning, where they differ from the English ones.
const OTHER_MONTHS: [&str; 12] = [
    "januar januari janvier janv enero ene gennaio gen janeiro янв января январь",
    "februar februari février févr fevrier fevr febrero febbraio fevereiro fev фев февр февраля февраль",
    "märz mrz mär maerz mars marzo março marco maart mrt marts мар марта март",
    "avril avr abril abr aprile апр апреля апрель",
    "mai mayo maggio mag maio mei maj мая май",
    "juni juin junio giugno giu junho июн июня июнь",
    "juli juillet juil julio luglio lug julho июл июля июль",
    "août aout agosto ago augustus augusti авг августа август",
    "septembre septiembre settembre set setembro сен сент сентября сентябрь",
    "oktober okt octobre octubre ottobre ott outubro out окт октября октябрь",
    "novembre noviembre novembro ноя нояб ноября ноябрь",
    "dezember dez décembre déc decembre diciembre dic dicembre dezembro дек декабря декабрь",
];

/// Names of the weekdays in the same languages, and words between the parts of a date.
const OTHER_WORDS: &str = "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
    lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche \
    mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado sabado domingo \
    gio lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi venerdì venerdi sabato domenica \
    seg ter qua qui sex segunda terça quarta quinta sexta ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag \
    mån tis ons tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag man lør søn mandag tirsdag lørdag søndag \
    пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье \
    de del le um uhr г года";

/// A date with the names in it in English; `None` if a word has no meaning in a date.
pub(super) fn in_english(text: &str) -> Option<String> {
    let is_word = |piece: &str| piece.starts_with(char::is_alphabetic);
    let month = |word: &str| {
        let other = || OTHER_MONTHS.iter().position(|names| names.split(' ').any(|name| name == word));
        position_of_name(&MONTHS, word).or((word == "sept").then_some(8)).or_else(other)
    };
    let mut pieces: Vec<String> = Vec::new();
    let mut months = 0;
    for c in text.chars().flat_map(char::to_lowercase) {
        match pieces.last_mut().filter(|last| is_word(last) == c.is_alphabetic()) {
            Some(last) => last.push(c),
            None => pieces.push(c.to_string()),
        }
    }
    for piece in pieces.iter_mut().filter(|piece| is_word(piece)).rev() {
        let is_english = position_of_name(&DAYS, piece).is_some()
            || ["t", "am", "pm"].contains(&&**piece)
            || zone_by_name(piece).is_some();
        if let Some(month) = month(piece).and_then(|month| MONTHS.get(month)) {
            // `mar` at the beginning is Tuesday in French, Spanish and Italian if the month follows.
            let is_tuesday = months > 0 && piece == "mar";
            *piece = if is_tuesday { String::new() } else { (*month).to_owned() };
            months += usize::from(!is_tuesday);
        } else if OTHER_WORDS.split_whitespace().any(|other| other == piece) {
            piece.clear();
        } else if !is_english {
            return None;
        }
    }
    let text = pieces.concat();
    Some(text.trim_start_matches([' ', ',', '.']).to_owned())
}

/// Names of zones with their offset from UTC in minutes: those of RFC 822, then names with one common meaning.
///
/// Left out: ambiguous names, such as `IST` (India, Ireland, Israel), and military letters except `Z`. RFC 822 gave those the
/// wrong sign (RFC 1123, 5.2.14), so their meaning is unpredictable (RFC 5322, 4.3).
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("nst", -210),
    ("ndt", -150),
    ("adt", -180),
    ("brt", -180),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("sast", 120),
    ("hkt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];

/// The offset of a zone by its name in lower case.
pub(super) fn zone_by_name(word: &str) -> Option<FixedOffset> {
    let (_, minutes) = ZONES.iter().find(|(name, _)| *name == word)?;
    FixedOffset::east_opt(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated() {
        for (text, expected) in [
            ("lun., 01 janv. 2024 10:00:00 +0100", Some("01 january. 2024 10:00:00 +0100")),
            ("mar, 05 mar 2024", Some("05 march 2024")),
            ("1 de enero de 2024", Some("1  january  2024")),
            ("Edited, 1 January 2024", None),
        ] {
            assert_eq!(in_english(text).as_deref(), expected, "{text}");
        }
    }
}
