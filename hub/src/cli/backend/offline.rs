//! Answers within this process, by the hub's own router on the data folder, when no hub runs.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http_body_util::{BodyExt as _, Limited};
use tower_service::Service as _;

use super::BackendError;
use super::running::{ANSWER_BYTES, json, request};
use crate::app::{App, AppError};
use crate::cli::ask::{Answer, Ask};
use crate::config::Config;
use crate::security::secrets::read_cli_token;
use crate::security::token::Token;

/// The hub's router, without doors.
pub struct Offline {
    app: App,
    router: Router,
    token: Token,
}

impl Offline {
    pub async fn open(data: &Path, config: Config) -> Result<Self, BackendError> {
        refuse_foreign(data)?;
        let app = App::open(data, config).await.map_err(|err| match err {
            AppError::InUse(path) => BackendError::InUse(path),
            other => BackendError::Open(other.to_string()),
        })?;
        let token = read_cli_token(data)?;
        Ok(Self { router: crate::http::router(Arc::clone(&app.hub)), app, token })
    }

    /// Commits what waits and lets go of the data folder.
    pub async fn close(self) {
        self.app.stop().await;
    }

    pub async fn ask(&self, ask: Ask) -> Result<Answer, BackendError> {
        let request = request(ask, self.token.as_str(), Body::from)?;
        let response = match self.router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES).collect().await.map_err(|err| BackendError::Answer(err.to_string()))?;
        Ok(Answer { status: head.status.as_u16(), body: json(&body.to_bytes())? })
    }
}

/// Files that another user makes in the folder are closed to the hub: they hold secrets.
#[cfg(unix)]
fn refuse_foreign(data: &Path) -> Result<(), BackendError> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(folder) = std::fs::metadata(data) else { return Ok(()) };
    if folder.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(BackendError::Foreign { path: data.to_owned(), owner: folder.uid() })
}

#[cfg(not(unix))]
fn refuse_foreign(_data: &Path) -> Result<(), BackendError> {
    Ok(())
}
