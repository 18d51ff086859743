//! `backup` and `restore`: everything of a hub in one file, and back.

use std::path::Path;

use serde_json::json;

use super::output::{Failure, Report};
use crate::backup;
use crate::clock::Clock;

pub fn make(data: &Path, file: &Path) -> Result<Report, Failure> {
    let label = backup::make(data, file, Clock::default().now()).map_err(|err| Failure::running(err.to_string()))?;
    let text = format!(
        "Backup of {} written to {}. It holds every secret of the hub: keep it where only you can read it.",
        data.display(),
        file.display()
    );
    Ok(Report::new(json!({ "file": file.display().to_string(), "made_at": label.made_at }), text))
}

pub fn put_back(data: &Path, file: &Path) -> Result<Report, Failure> {
    let (label, aside) = backup::put_back(data, file, Clock::default().now()).map_err(|err| Failure::running(err.to_string()))?;
    let kept = aside.as_ref().map(|path| format!(" What was there before is in {}.", path.display())).unwrap_or_default();
    let text = format!("Restored the backup of {} into {}.{kept} Start the hub; everybody logs in anew.", label.made_at, data.display());
    let aside = aside.map(|path| path.display().to_string());
    Ok(Report::new(json!({ "made_at": label.made_at, "before": aside }), text))
}
