//! The alerts in the window: severest first, then oldest; which one is in front, and which have been seen on the screen.

use shared::AlertId;
use shared::wire::to_agent::Alert;

/// Frames in which an alert must have been drawn before it counts as shown: the first may come before the window does.
const FRAMES: u8 = 2;

/// All alerts that wait for a person.
#[derive(Debug, Default)]
pub struct Board {
    items: Vec<Item>,
    front: Option<Front>,
}

#[derive(Debug)]
struct Item {
    alert: Alert,
    frames: u8,
    reported: bool,
}

/// The alert that is shown whole.
#[derive(Debug, Clone, Copy)]
struct Front {
    id: AlertId,
    /// When it came in front, in seconds of the window's clock; unknown until it is drawn.
    since: Option<f64>,
}

impl Board {
    /// Takes in an alert; `seen` if it has been on the screen before. A graver one than that in front comes in front, and
    /// so does one that corrects it.
    pub fn add(&mut self, alert: Alert, seen: bool) {
        if self.items.iter().any(|item| item.alert.id == alert.id) {
            return;
        }
        let corrects_front = alert.replaces.is_some() && alert.replaces == self.front.map(|front| front.id);
        self.items.retain(|item| Some(item.alert.id) != alert.replaces);
        let is_graver = self.front().is_none_or(|front| alert.severity > front.severity);
        let id = alert.id;
        self.items.push(Item { alert, frames: 0, reported: seen });
        self.items.sort_by_key(|item| (std::cmp::Reverse(item.alert.severity), item.alert.sent_at, item.alert.id));
        if is_graver || corrects_front {
            self.bring(id);
        }
    }

    /// Brings that alert in front, unless a graver one is there.
    pub fn recall(&mut self, id: AlertId) {
        let wanted = self.alerts().find(|alert| alert.id == id).map(|alert| alert.severity);
        if wanted.is_some() && wanted >= self.front().map(|front| front.severity) {
            self.bring(id);
        }
    }

    /// Takes an alert off; the severest of the others comes in front if it was there.
    pub fn remove(&mut self, id: AlertId) {
        self.items.retain(|item| item.alert.id != id);
        if self.front.is_some_and(|front| front.id == id) {
            self.front = self.items.first().map(|item| Front { id: item.alert.id, since: None });
        }
    }

    /// Shows that alert whole.
    pub fn bring(&mut self, id: AlertId) {
        if self.front.is_none_or(|front| front.id != id) {
            self.front = Some(Front { id, since: None });
        }
    }

    pub fn front(&self) -> Option<&Alert> {
        let id = self.front?.id;
        self.alerts().find(|alert| alert.id == id)
    }

    /// Place of the alert in front, counted from 1.
    pub fn place(&self) -> usize {
        let id = self.front.map(|front| front.id);
        self.alerts().position(|alert| Some(alert.id) == id).map_or(0, |index| index + 1)
    }

    /// In the order in which they are listed.
    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.items.iter().map(|item| &item.alert)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How long the alert in front has been there, in seconds; `now` is the window's clock.
    pub fn age_of_front(&mut self, now: f64) -> f64 {
        self.front.as_mut().map_or(0.0, |front| now - *front.since.get_or_insert(now))
    }

    /// The alert was drawn in this frame.
    pub fn drawn(&mut self, id: AlertId) {
        if let Some(item) = self.items.iter_mut().find(|item| item.alert.id == id) {
            item.frames = item.frames.saturating_add(1);
        }
    }

    /// Whether an alert still has to be drawn before it counts as shown.
    pub fn is_settling(&self) -> bool {
        self.items.iter().any(|item| !item.reported && (1..FRAMES).contains(&item.frames))
    }

    /// Whether an alert has been drawn often enough and was not reported.
    pub fn has_news(&self) -> bool {
        self.items.iter().any(|item| !item.reported && item.frames >= FRAMES)
    }

    /// Alerts that now count as shown; each is returned once.
    pub fn newly_shown(&mut self) -> Vec<AlertId> {
        let shown = self.items.iter_mut().filter(|item| !item.reported && item.frames >= FRAMES);
        shown
            .map(|item| {
                item.reported = true;
                item.alert.id
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use shared::{Audience, Severity, Timestamp};

    use super::*;

    fn alert(number: u128, severity: Severity, sent_at: i64) -> Alert {
        Alert {
            id: id(number),
            seq: 1,
            severity,
            title: number.to_string(),
            text: String::new(),
            from: "ana".into(),
            audience: Audience::Global,
            sent_at: Timestamp::from_millis(sent_at),
            expires_at: None,
            expires_in_s: None,
            replies: Vec::new(),
            free_reply: false,
            drill: false,
            replaces: None,
            signature: String::new(),
        }
    }

    fn id(number: u128) -> AlertId {
        AlertId::from_parts(Timestamp::from_millis(1), number)
    }

    fn titles(board: &Board) -> Vec<&str> {
        board.alerts().map(|alert| alert.title.as_str()).collect()
    }

    #[test]
    fn the_severest_comes_first_and_then_the_oldest() {
        let mut board = Board::default();
        board.add(alert(1, Severity::Warning, 20), false);
        board.add(alert(2, Severity::Info, 5), false);
        board.add(alert(3, Severity::Warning, 10), false);
        assert_eq!(board.front().map(|front| front.id), Some(id(1)), "an equal one does not push in front");
        board.add(alert(4, Severity::Critical, 30), false);
        board.add(alert(4, Severity::Critical, 30), false);
        assert_eq!(titles(&board), ["4", "3", "1", "2"]);
        assert_eq!((board.front().map(|front| front.id), board.place()), (Some(id(4)), 1));
        board.remove(id(4));
        assert_eq!((board.front().map(|front| front.id), board.place(), board.len()), (Some(id(3)), 1, 3));
        board.bring(id(2));
        board.remove(id(1));
        assert_eq!((board.front().map(|front| front.id), board.place()), (Some(id(2)), 2));
    }

    #[test]
    fn an_alert_counts_as_shown_once_after_its_second_frame() {
        let mut board = Board::default();
        board.add(alert(1, Severity::Info, 1), false);
        board.add(alert(2, Severity::Info, 2), true);
        board.drawn(id(1));
        board.drawn(id(2));
        assert!(board.newly_shown().is_empty() && board.is_settling() && !board.has_news());
        board.drawn(id(1));
        board.drawn(id(2));
        assert!(board.has_news());
        assert_eq!(board.newly_shown(), [id(1)]);
        assert!(!board.has_news() && board.newly_shown().is_empty() && !board.is_settling());
    }

    #[test]
    fn the_age_counts_from_the_first_drawing_in_front() {
        let mut board = Board::default();
        board.add(alert(1, Severity::Info, 1), false);
        let ages = [5.0, 5.5, 7.0].map(|now| board.age_of_front(now));
        assert_eq!(ages.map(|age| age.to_string()), ["0", "0.5", "2"]);
        board.bring(id(1));
        assert!(board.age_of_front(8.0) > 2.0);
    }
}
