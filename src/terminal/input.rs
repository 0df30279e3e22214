//! From what the terminal says to keys, to what a pointer does, and to text that was pasted.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::keymap::{Code, Gesture, Key, Pointer};

/// The most that is taken of one paste, in characters: more is no query and no name.
const PASTED: usize = 4000;

/// What is taken of text that was pasted.
pub fn pasted(text: &str) -> &str {
    text.char_indices().nth(PASTED).map_or(text, |(end, _)| &text[..end])
}

/// The key of an event; none for releases, for keys held down with Alt and the like, and for keys that we do not know.
pub fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release
        || event
            .modifiers
            .intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META)
    {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let code = match event.code {
        KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter if event.modifiers.contains(KeyModifiers::SHIFT) => Code::ShiftEnter,
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    Some(Key { code, ctrl })
}

/// What a pointer does; none for other buttons, and for what is held down with a key.
pub fn pointer(event: MouseEvent) -> Option<Pointer> {
    let gesture = match event.kind {
        _ if !event.modifiers.is_empty() => return None,
        MouseEventKind::Down(MouseButton::Left) => Gesture::Press,
        MouseEventKind::Drag(MouseButton::Left) => Gesture::Drag,
        MouseEventKind::Up(MouseButton::Left) => Gesture::Release,
        MouseEventKind::ScrollDown => Gesture::Wheel(1),
        MouseEventKind::ScrollUp => Gesture::Wheel(-1),
        _ => return None,
    };
    Some(Pointer { gesture, column: event.column, row: event.row })
}

/// Whether an event is a press, which means what stands on the screen.
pub fn is_press(event: &Event) -> bool {
    matches!(event, Event::Mouse(mouse) if matches!(mouse.kind, MouseEventKind::Down(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_paste_is_cut_between_characters() {
        assert_eq!(pasted("港a\n"), "港a\n");
        for times in [PASTED, PASTED + 1, 2_000_000] {
            assert_eq!(pasted(&"港".repeat(times)), "港".repeat(PASTED));
        }
    }
}
