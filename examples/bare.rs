//! A minimal list in ratatui: the baseline for the start and the keys of frontpage in `cargo bench --bench terminal`.

use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, List, ListState};

fn main() -> std::io::Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000usize);
    let mut terminal = ratatui::init();
    let mut selected = 0usize;
    let ended = loop {
        terminal.draw(|frame| {
            let height = usize::from(frame.area().height.saturating_sub(2));
            let first = (selected + 1).saturating_sub(height);
            let rows = (first..count.min(first + height))
                .map(|row| format!("Article number {row}, with a title of some length"));
            let list = List::new(rows.collect::<Vec<String>>())
                .block(Block::bordered().title(format!("{}/{count} ", selected + 1)))
                .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
            let mut state = ListState::default().with_selected(Some(selected - first));
            frame.render_stateful_widget(list, frame.area(), &mut state);
        })?;
        if let Event::Key(key) = event::read()? {
            match key.code {
                KeyCode::Char('j') => selected = (selected + 1).min(count.saturating_sub(1)),
                KeyCode::Char('k') => selected = selected.saturating_sub(1),
                KeyCode::Char('Q') => break Ok(()),
                _ => {}
            }
        }
    };
    ratatui::restore();
    ended
}
