//! `audit verify`: walks the hash chain of the action log, with or without a hub on the same data.

use std::path::Path;

use serde_json::json;

use super::output::{Failure, Report};
use crate::store::{self, Verification};

pub fn verify(data: &Path) -> Result<Report, Failure> {
    match store::verify_actions(data).map_err(|err| Failure::running(err.to_string()))? {
        None => Err(Failure::running(format!("there is no pregon.db in {}", data.display()))),
        Some(Verification::Whole { rows }) => {
            Ok(Report::new(json!({ "whole": true, "rows": rows }), format!("The action log is whole: {rows} rows.")))
        }
        Some(Verification::Broken { seq, reason }) => {
            let text = format!("The action log is broken at row {seq}: {reason}.");
            Ok(Report::new(json!({ "whole": false, "seq": seq, "reason": reason }), text).fine_if(false))
        }
    }
}
