//! The common names of emoji between colons, as GitHub writes them.

/// Longest name, in bytes.
pub const MAX_NAME: usize = 28;

/// The emoji with a name, which is without colons.
fn emoji(name: &[u8]) -> Option<&'static str> {
    let found = EMOJI.binary_search_by_key(&name, |(name, _)| name.as_bytes()).ok()?;
    EMOJI.get(found).map(|(_, emoji)| *emoji)
}

/// Length in bytes of the emoji name at the start of a text, with its colons, and the emoji.
pub fn at_start(rest: &[u8]) -> Option<(usize, &'static str)> {
    let inner = rest.strip_prefix(b":")?;
    let is_part = |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_+-".contains(byte);
    let length = inner.iter().take(MAX_NAME + 1).take_while(is_part).count();
    let name = inner.get(..length).filter(|_| inner.get(length) == Some(&b':'))?;
    Some((length + 2, emoji(name)?))
}

/// Names and emoji, sorted by name.
#[rustfmt::skip]
const EMOJI: [(&str, &str); 348] = [
    ("+1", "👍"), ("-1", "👎"), ("100", "💯"), ("1234", "🔢"), ("alarm_clock", "⏰"), ("alien", "👽"),
    ("ambulance", "🚑️"), ("angry", "😠"), ("arrow_down", "⬇️"), ("arrow_forward", "▶️"), ("arrow_left", "⬅️"),
    ("arrow_right", "➡️"), ("arrow_up", "⬆️"), ("arrows_counterclockwise", "🔄"), ("art", "🎨"),
    ("astonished", "😲"), ("balloon", "🎈"), ("bangbang", "‼️"), ("bar_chart", "📊"), ("battery", "🔋"),
    ("bear", "🐻"), ("bee", "🐝"), ("beer", "🍺"), ("beers", "🍻"), ("beetle", "🪲"), ("bell", "🔔"),
    ("birthday", "🎂"), ("black_circle", "⚫"), ("blue_heart", "💙"), ("blush", "😊"), ("bomb", "💣"),
    ("book", "📖"), ("bookmark", "🔖"), ("books", "📚"), ("boom", "💥"), ("bow", "🙇"), ("brain", "🧠"),
    ("briefcase", "💼"), ("broken_heart", "💔"), ("bug", "🐛"), ("building_construction", "🏗️"), ("bulb", "💡"),
    ("bullettrain_side", "🚄"), ("cactus", "🌵"), ("calendar", "📆"), ("calling", "📲"), ("camera", "📷"),
    ("card_file_box", "🗃️"), ("cat", "🐱"), ("chart_with_downwards_trend", "📉"),
    ("chart_with_upwards_trend", "📈"), ("checkered_flag", "🏁"), ("christmas_tree", "🎄"), ("clap", "👏"),
    ("clipboard", "📋"), ("clock1", "🕐"), ("closed_lock_with_key", "🔐"), ("cloud", "☁️"), ("clown_face", "🤡"),
    ("coffee", "☕"), ("computer", "💻"), ("confetti_ball", "🎊"), ("confused", "😕"), ("construction", "🚧"),
    ("construction_worker", "👷"), ("cookie", "🍪"), ("cool", "🆒"), ("copyright", "©️"), ("crab", "🦀"),
    ("credit_card", "💳"), ("crossed_fingers", "🤞"), ("cry", "😢"), ("crying_cat_face", "😿"),
    ("crystal_ball", "🔮"), ("dart", "🎯"), ("dash", "💨"), ("date", "📅"), ("desktop_computer", "🖥️"),
    ("dizzy", "💫"), ("dog", "🐶"), ("dolphin", "🐬"), ("door", "🚪"), ("dragon", "🐉"), ("dromedary_camel", "🐪"),
    ("e-mail", "📧"), ("earth_africa", "🌍"), ("earth_americas", "🌎"), ("elephant", "🐘"), ("email", "📧"),
    ("envelope", "✉️"), ("evergreen_tree", "🌲"), ("exclamation", "❗"), ("exploding_head", "🤯"), ("eye", "👁️"),
    ("eyes", "👀"), ("facepalm", "🤦"), ("fast_forward", "⏩"), ("file_folder", "📁"), ("fire", "🔥"),
    ("first_quarter_moon", "🌓"), ("fish", "🐟"), ("flashlight", "🔦"), ("floppy_disk", "💾"), ("flushed", "😳"),
    ("four_leaf_clover", "🍀"), ("fox_face", "🦊"), ("fries", "🍟"), ("frog", "🐸"), ("frowning", "😦"),
    ("gear", "⚙️"), ("gem", "💎"), ("ghost", "👻"), ("gift", "🎁"), ("globe_with_meridians", "🌐"),
    ("goal_net", "🥅"), ("green_apple", "🍏"), ("green_circle", "🟢"), ("green_heart", "💚"),
    ("grey_question", "❔"), ("grimacing", "😬"), ("grin", "😁"), ("grinning", "😀"), ("hammer", "🔨"),
    ("hammer_and_wrench", "🛠️"), ("handshake", "🤝"), ("hankey", "💩"), ("hash", "#️⃣"), ("headphones", "🎧"),
    ("hear_no_evil", "🙉"), ("heart", "❤️"), ("heart_eyes", "😍"), ("heartbeat", "💓"), ("hearts", "♥️"),
    ("heavy_check_mark", "✔️"), ("heavy_exclamation_mark", "❗"), ("heavy_minus_sign", "➖"),
    ("heavy_multiplication_x", "✖️"), ("heavy_plus_sign", "➕"), ("herb", "🌿"), ("hourglass", "⌛"),
    ("house", "🏠"), ("hugs", "🤗"), ("hushed", "😯"), ("inbox_tray", "📥"), ("information_source", "ℹ️"),
    ("innocent", "😇"), ("iphone", "📱"), ("jigsaw", "🧩"), ("joy", "😂"), ("key", "🔑"), ("keyboard", "⌨️"),
    ("kissing_heart", "😘"), ("label", "🏷️"), ("large_blue_circle", "🔵"), ("laughing", "😆"), ("ledger", "📒"),
    ("link", "🔗"), ("lipstick", "💄"), ("lock", "🔒"), ("loud_sound", "🔊"), ("loudspeaker", "📢"), ("mag", "🔍"),
    ("mag_right", "🔎"), ("mailbox", "📫"), ("man_technologist", "👨‍💻"), ("mega", "📣"), ("memo", "📝"),
    ("microphone", "🎤"), ("microscope", "🔬"), ("money_with_wings", "💸"), ("moneybag", "💰"), ("monkey", "🐒"),
    ("monkey_face", "🐵"), ("moon", "🌔"), ("mortar_board", "🎓"), ("movie_camera", "🎥"), ("muscle", "💪"),
    ("musical_note", "🎵"), ("nail_care", "💅"), ("nerd_face", "🤓"), ("neutral_face", "😐"), ("new", "🆕"),
    ("newspaper", "📰"), ("no_entry", "⛔"), ("no_entry_sign", "🚫"), ("notebook", "📓"), ("octopus", "🐙"),
    ("ok", "🆗"), ("ok_hand", "👌"), ("open_book", "📖"), ("open_file_folder", "📂"), ("open_mouth", "😮"),
    ("orange_heart", "🧡"), ("outbox_tray", "📤"), ("package", "📦"), ("page_facing_up", "📄"),
    ("page_with_curl", "📃"), ("panda_face", "🐼"), ("paperclip", "📎"), ("partying_face", "🥳"),
    ("passport_control", "🛂"), ("pencil", "📝"), ("pencil2", "✏️"), ("penguin", "🐧"), ("pensive", "😔"),
    ("performing_arts", "🎭"), ("phone", "☎️"), ("pig", "🐷"), ("pill", "💊"), ("pineapple", "🍍"),
    ("pizza", "🍕"), ("point_down", "👇"), ("point_left", "👈"), ("point_right", "👉"), ("point_up", "☝️"),
    ("point_up_2", "👆"), ("poop", "💩"), ("pouting_cat", "😾"), ("pray", "🙏"), ("printer", "🖨️"),
    ("purple_heart", "💜"), ("pushpin", "📌"), ("puzzle_piece", "🧩"), ("question", "❓"), ("rabbit", "🐰"),
    ("racehorse", "🐎"), ("rainbow", "🌈"), ("raised_hand", "✋"), ("raised_hands", "🙌"), ("raising_hand", "🙋"),
    ("recycle", "♻️"), ("red_circle", "🔴"), ("registered", "®️"), ("relaxed", "☺️"), ("relieved", "😌"),
    ("repeat", "🔁"), ("robot", "🤖"), ("rocket", "🚀"), ("rofl", "🤣"), ("roll_eyes", "🙄"), ("rose", "🌹"),
    ("rotating_light", "🚨"), ("round_pushpin", "📍"), ("runner", "🏃"), ("running", "🏃"), ("satellite", "📡"),
    ("satisfied", "😆"), ("scream", "😱"), ("scroll", "📜"), ("see_no_evil", "🙈"), ("seedling", "🌱"),
    ("shield", "🛡️"), ("ship", "🚢"), ("shipit", "🐿️"), ("shrug", "🤷"), ("shushing_face", "🤫"), ("skull", "💀"),
    ("sleeping", "😴"), ("sleepy", "😪"), ("slightly_smiling_face", "🙂"), ("smile", "😄"), ("smile_cat", "😸"),
    ("smiley", "😃"), ("smirk", "😏"), ("snail", "🐌"), ("snake", "🐍"), ("snowflake", "❄️"), ("snowman", "⛄"),
    ("sob", "😭"), ("soccer", "⚽"), ("sos", "🆘"), ("sound", "🔉"), ("sparkle", "❇️"), ("sparkles", "✨"),
    ("sparkling_heart", "💖"), ("speak_no_evil", "🙊"), ("speech_balloon", "💬"), ("spider_web", "🕸️"),
    ("star", "⭐"), ("star2", "🌟"), ("star_struck", "🤩"), ("stars", "🌠"), ("stop_sign", "🛑"),
    ("stopwatch", "⏱️"), ("stuck_out_tongue", "😛"), ("stuck_out_tongue_winking_eye", "😜"),
    ("sun_with_face", "🌞"), ("sunglasses", "😎"), ("sunny", "☀️"), ("sweat", "😓"), ("sweat_drops", "💦"),
    ("sweat_smile", "😅"), ("syringe", "💉"), ("t-rex", "🦖"), ("taco", "🌮"), ("tada", "🎉"), ("tea", "🍵"),
    ("technologist", "🧑‍💻"), ("telephone", "☎️"), ("test_tube", "🧪"), ("thinking", "🤔"),
    ("thinking_face", "🤔"), ("thought_balloon", "💭"), ("thumbsdown", "👎"), ("thumbsup", "👍"), ("tm", "™️"),
    ("toolbox", "🧰"), ("top", "🔝"), ("triangular_flag_on_post", "🚩"), ("triumph", "😤"), ("trophy", "🏆"),
    ("truck", "🚚"), ("turtle", "🐢"), ("tv", "📺"), ("twisted_rightwards_arrows", "🔀"), ("umbrella", "☔"),
    ("unamused", "😒"), ("unicorn", "🦄"), ("unlock", "🔓"), ("up", "🆙"), ("upside_down_face", "🙃"), ("v", "✌️"),
    ("video_camera", "📹"), ("video_game", "🎮"), ("warning", "⚠️"), ("wastebasket", "🗑️"), ("watch", "⌚"),
    ("wave", "👋"), ("weary", "😩"), ("whale", "🐳"), ("wheelchair", "♿"), ("white_check_mark", "✅"),
    ("white_circle", "⚪"), ("white_flag", "🏳️"), ("wink", "😉"), ("wolf", "🐺"), ("woman_technologist", "👩‍💻"),
    ("world_map", "🗺️"), ("worried", "😟"), ("wrench", "🔧"), ("writing_hand", "✍️"), ("x", "❌"),
    ("yellow_circle", "🟡"), ("yellow_heart", "💛"), ("yum", "😋"), ("zap", "⚡"), ("zipper_mouth_face", "🤐"),
    ("zzz", "💤"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_short() {
        assert!(EMOJI.is_sorted_by(|(one, _), (other, _)| one < other));
        assert!(EMOJI.iter().all(|(name, emoji)| name.len() <= MAX_NAME && !emoji.is_ascii()));
    }

    #[test]
    fn only_known_names_are_emoji() {
        for (text, found) in [
            (":rocket:", Some((8, "🚀"))),
            (":+1: yes", Some((4, "👍"))),
            (":x::x:", Some((3, "❌"))),
            (":rocket", None),
            (":no_such_name:", None),
            (":Rocket:", None),
            ("::", None),
            (":", None),
            ("rocket:", None),
        ] {
            assert_eq!(at_start(text.as_bytes()), found, "{text}");
        }
    }
}
