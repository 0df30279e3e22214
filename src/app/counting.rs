//! Counting: the charts are opened, turned and left, and counted again when articles or marks have arrived.

use super::action::Action;
use super::effect::{Effect, Effects};
use super::insights::{InsightsView, Section};
use super::overlay::Overlay;
use super::request::Request;
use super::state::State;
use crate::query::Period;

impl State {
    /// Shows the charts of what the query finds.
    pub(super) fn show_insights(&mut self) -> Effects {
        let view = InsightsView::new(self.ticket(), self.query().clone(), self.glance);
        let request = Request::insights(view.ticket, &view.query, self.ground());
        self.overlays.push(Overlay::Insights(view));
        Effect::Search(Box::new(request)).into()
    }

    /// Counts again what the charts show, if they are open: until that is done they stay as they were.
    pub(super) fn count_again(&mut self) -> Effects {
        let (ticket, ground) = (self.ticket(), self.ground());
        let charts = self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Insights(view) => Some(view),
            _ => None,
        });
        let Some(view) = charts else { return Effects::none() };
        view.ticket = ticket;
        Effect::Search(Box::new(Request::insights(ticket, &view.query, ground))).into()
    }

    pub(super) fn count_by(&mut self, period: Period) -> Effects {
        self.in_insights(|view| view.count_by(period))
    }

    pub(super) fn turn_section(&mut self, by: isize) -> Effects {
        self.in_insights(|view| view.turn(by))
    }

    pub(super) fn order_names(&mut self) -> Effects {
        self.in_insights(InsightsView::turn_order)
    }

    /// Changes what is looked at; the next time the charts begin there.
    fn in_insights(&mut self, change: impl FnOnce(&mut InsightsView)) -> Effects {
        if let Some(Overlay::Insights(view)) = self.overlays.last_mut() {
            change(view);
            self.glance = view.glance;
        }
        Effects::none()
    }

    /// Lists the articles of the selected bar. While there is none the charts stay.
    pub(super) fn open_bar(&mut self, view: InsightsView) -> Effects {
        let Some(query) = view.chosen() else { return self.put_on_top(Overlay::Insights(view)) };
        self.panes.focus_list(self.articles.feed());
        self.set_query(query)
    }

    /// Whether an action would do something in the charts.
    pub(super) fn insights_offer(&self, action: Action) -> bool {
        let Some(Overlay::Insights(view)) = self.overlays.last() else { return true };
        match action {
            Action::Open => !view.bars().is_empty(),
            Action::Sort => view.glance.section.has_names(),
            Action::ByDay | Action::ByWeek | Action::ByMonth => view.glance.section != Section::Providers,
            _ => true,
        }
    }
}
