//! What happens to alerts over their life: sent when it is time, corrected, reminded of, expired.

use shared::{AlertId, Severity};

use super::Publisher;
use crate::fanout::envelope;
use crate::fanout::panels::ScheduledNews;
use crate::notice::Notice;
use crate::security::token::random_u128;
use crate::store::{Actor, Amended, Correction, Overdue, Reminder, Sent, StoreError};

impl Publisher {
    /// Puts a corrected alert in the place of one that stands, on every screen that had it.
    pub async fn amend(&self, actor: &Actor, old: AlertId, correction: Correction) -> Result<Amended, StoreError> {
        let (publisher, actor) = (self.clone(), actor.clone());
        self.to_the_end(async move {
            let now = publisher.clock.now();
            let ids = (old, AlertId::from_parts(now, random_u128()));
            let (amended, copies) = publisher.store.amend_alert(now, &actor, ids, correction, publisher.rules.book()).await?;
            publisher.fan_out_amended(&amended).await;
            for copy in &copies {
                publisher.fan_out_amended(copy).await;
            }
            Ok(amended)
        })
        .await
    }

    /// The successor goes first, so that no screen is empty in between.
    pub(super) async fn fan_out_amended(&self, amended: &Amended) {
        self.fan_out(&amended.recorded);
        self.fan_out_withdrawal(&amended.withdrawal).await;
    }

    /// Brings an alert up again where it was not seen yet and the agent is connected.
    pub async fn remind(&self, actor: &Actor, id: AlertId) -> Result<Reminder, StoreError> {
        let connected = self.registry.clients().into_iter().collect();
        let reminder = self.store.remind(self.clock.now(), actor, id, connected).await?;
        if let Reminder::Sent { clients, .. } = &reminder {
            let frame = envelope::remind(id);
            self.registry.send(clients.iter().map(|client| (*client, &frame)), None);
            self.announce_alert(id).await;
        }
        Ok(reminder)
    }

    /// Sends every planned alert whose time has come. One that fails does not hold up the others.
    pub async fn send_due(&self) -> Result<(), StoreError> {
        for id in self.store.due_scheduled(self.clock.now()).await? {
            let publisher = self.clone();
            if let Err(err) = self.to_the_end(async move { publisher.send_scheduled(id).await }).await {
                tracing::warn!(%err, %id, "could not send a planned alert; it is tried again");
            }
        }
        Ok(())
    }

    async fn send_scheduled(&self, id: AlertId) -> Result<(), StoreError> {
        let now = self.clock.now();
        match self.store.send_scheduled(now, (id, AlertId::from_parts(now, random_u128())), self.rules.book()).await? {
            Sent::Gone => return Ok(()),
            Sent::Alert(recorded) => self.fan_out(&recorded),
            Sent::Unfit { reason, due_at } => {
                // Reported first: should the hub end in between, the same report is made again and counts once.
                let notice = Notice::new(Severity::Warning, format!("a scheduled alert was not sent: {reason}"));
                let notice = notice.code("scheduled_unsent").value("reason", reason.as_str());
                self.notice(notice.once(format!("unsent-{id}-{due_at}")).label("scheduled", id.to_string())).await?;
                self.store.fail_scheduled(now, id, reason).await?;
            }
        }
        self.panels.say("scheduled", &ScheduledNews { id });
        Ok(())
    }

    /// Ends what has expired unseen, reports it and tells the panels.
    pub async fn expire(&self) -> Result<(), StoreError> {
        for overdue in self.store.overdue(self.clock.now()).await? {
            // Reported first: should the hub end in between, the same report is made again and counts once.
            self.notice(expired_unseen(&overdue)).await?;
            self.store.expire(self.clock.now(), &overdue.alert).await?;
            self.announce_alert(overdue.alert.id).await;
        }
        Ok(())
    }
}

fn expired_unseen(Overdue { alert, unseen }: &Overdue) -> Notice {
    let what = if alert.title.is_empty() { &alert.text } else { &alert.title };
    let drill = if alert.drill { " (drill)" } else { "" };
    let message = format!("alert expired, {unseen} had not seen it{drill}: {what}");
    let severity = if alert.drill { Severity::Info } else { alert.severity.min(Severity::Warning) };
    let notice = Notice::new(severity, message).once(format!("expired-{}", alert.id)).label("alert", alert.id.to_string());
    notice.code(if alert.drill { "drill_expired" } else { "alert_expired" }).value("count", *unseen).value("what", what.as_str())
}
