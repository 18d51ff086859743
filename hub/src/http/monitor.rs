//! How the hub is: for the panel as JSON, for Prometheus as text. The names match: `cpu_percent` is `pregon_cpu_percent`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::auth::{Administrator, Meter, Reader};
use super::extract::Query;
use super::health;
use super::problem::Problem;
use crate::hub::Hub;
use crate::monitor::traffic::{Traffic, TrafficKind};
use crate::monitor::trouble::Trouble;
use crate::monitor::{self, FINE_S, Sample};

/// Samples of one rate.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MonitorSeries {
    /// Seconds between two samples.
    pub every_s: u64,
    /// Oldest first.
    pub samples: Vec<Sample>,
}

/// What the guard did since the hub started.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GuardFigures {
    /// In force now, of addresses and of names behind them.
    pub bans: u64,
    /// By kind; those of trusted addresses included.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub strikes_total: BTreeMap<&'static str, u64>,
    /// Connections and requests that were refused before anybody asked who it is, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub refused_total: BTreeMap<&'static str, u64>,
    /// Mails that left together with others.
    pub mails_bundled_total: u64,
}

impl GuardFigures {
    fn of(hub: &Hub) -> Self {
        Self {
            bans: hub.guard.bans_in_force() as u64,
            strikes_total: hub.guard.strikes(),
            refused_total: hub.monitor.refusals.totals(),
            mails_bundled_total: hub.monitor.mails_bundled(),
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MonitorView {
    pub now: Sample,
    /// What keeps the hub from its promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The same and what soon will, one by one.
    pub problems: Vec<Trouble>,
    pub guard: GuardFigures,
    /// The last hour.
    pub series: MonitorSeries,
    /// The last week.
    pub week: MonitorSeries,
}

/// How the hub is, now and of late.
#[utoipa::path(get, path = "/api/monitor", tag = "monitor", responses((status = 200, body = MonitorView)))]
pub async fn show(State(hub): State<Arc<Hub>>, Reader(_): Reader) -> Json<MonitorView> {
    let (fine, coarse) = hub.monitor.series();
    let problems = health::troubles(&hub);
    Json(MonitorView {
        now: monitor::now(&hub),
        trouble: health::broken(&problems),
        problems,
        guard: GuardFigures::of(&hub),
        series: MonitorSeries { every_s: FINE_S, samples: fine },
        week: MonitorSeries { every_s: 300, samples: coarse },
    })
}

/// The same for Prometheus; a token of scope `metrics` may read it, and so may admin.
#[utoipa::path(get, path = "/metrics", tag = "monitor", responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn metrics(State(hub): State<Arc<Hub>>, Meter(_): Meter) -> impl IntoResponse {
    let mut text = exposition(&monitor::now(&hub), health::broken(&health::troubles(&hub)).is_none());
    text.push_str(&guarded(&GuardFigures::of(&hub)));
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

fn exposition(sample: &Sample, is_ready: bool) -> String {
    let gauge = "gauge";
    let table = [
        ("ready", gauge, "1 while the hub can keep its promise, as /readyz says.", Some(if is_ready { 1.0 } else { 0.0 })),
        ("cpu_percent", gauge, "CPU of the last interval, 100 is one core.", sample.cpu_percent),
        ("memory_bytes", gauge, "Resident memory.", sample.memory_bytes.map(|bytes| bytes as f64)),
        ("threads", gauge, "Threads.", sample.threads.map(|count| count as f64)),
        ("file_handles", gauge, "Open files and sockets.", sample.file_handles.map(|count| count as f64)),
        ("connections", gauge, "Agents that are connected.", Some(sample.connections as f64)),
        ("panels", gauge, "Panels that are open.", Some(sample.panels as f64)),
        ("sensors", gauge, "Open connections of sensors.", Some(sample.sensors as f64)),
        ("messages_in_total", "counter", "Frames of agents and lines of sensors.", Some(sample.messages_in as f64)),
        ("messages_out_total", "counter", "Frames written to agents.", Some(sample.messages_out as f64)),
        ("queue_depth", gauge, "Pieces of work that wait to be saved.", Some(sample.queue_depth as f64)),
        ("mails_waiting", gauge, "Mails that wait to leave.", Some(sample.mails_waiting as f64)),
        ("webhooks_waiting", gauge, "Calls of webhooks that wait.", Some(sample.webhooks_waiting as f64)),
        ("commit_worst_seconds", gauge, "The slowest commit of the last seconds.", Some(sample.commit_worst_ms / 1_000.0)),
        ("commit_failures_total", "counter", "Commits that failed.", Some(sample.commit_failures as f64)),
        (
            "traffic_errors_total",
            "counter",
            "Frames and lines that were wrong, and who was not let in.",
            Some(sample.traffic_errors as f64),
        ),
        ("disk_free_bytes", gauge, "Room where the data folder is.", sample.disk_free_bytes.map(|bytes| bytes as f64)),
        ("commit_seconds", gauge, "The last commit, its sync to disk included.", Some(sample.commit_ms / 1_000.0)),
        ("database_bytes", gauge, "pregon.db with its write-ahead log.", Some(sample.database_bytes as f64)),
        ("certificate_days_left", gauge, "Days until the server certificate ends.", sample.certificate_days_left.map(|days| days as f64)),
    ];
    let mut text = String::new();
    for (name, kind, about, value) in table {
        if let Some(value) = value {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "# HELP pregon_{name} {about}\n# TYPE pregon_{name} {kind}\npregon_{name} {value}");
        }
    }
    text
}

/// The same names, and one value a kind or reason.
fn guarded(figures: &GuardFigures) -> String {
    let mut text = String::new();
    let single = [
        ("bans", "gauge", "Bans in force, of addresses and of names behind them.", figures.bans),
        ("mails_bundled_total", "counter", "Mails that left together with others.", figures.mails_bundled_total),
    ];
    for (name, kind, about, value) in single {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "# HELP pregon_{name} {about}\n# TYPE pregon_{name} {kind}\npregon_{name} {value}");
    }
    let several = [
        ("strikes_total", "kind", "Strikes, those of trusted addresses included.", &figures.strikes_total),
        ("refused_total", "reason", "Connections and requests that were refused before anybody asked who it is.", &figures.refused_total),
    ];
    for (name, label, about, values) in several {
        let _ = writeln!(text, "# HELP pregon_{name} {about}\n# TYPE pregon_{name} counter");
        for (word, value) in values {
            let _ = writeln!(text, "pregon_{name}{{{label}=\"{word}\"}} {value}");
        }
    }
    text
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrafficQuery {
    /// Of one kind of connection alone.
    #[param(inline)]
    kind: Option<TrafficKind>,
}

/// What passes over the connections of agents, panels and sensors: a sample without texts. Asking begins the look, which
/// lasts for 15 s.
#[utoipa::path(get, path = "/api/monitor/traffic", tag = "monitor", params(TrafficQuery),
    responses((status = 200, body = Traffic), (status = 422, body = Problem)))]
pub async fn traffic(State(hub): State<Arc<Hub>>, Administrator(_): Administrator, Query(query): Query<TrafficQuery>) -> Json<Traffic> {
    Json(hub.monitor.tap.look(query.kind))
}
