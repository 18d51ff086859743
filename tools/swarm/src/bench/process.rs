//! What the kernel knows about a process: memory and CPU time.

use std::time::Duration;

use anyhow::{Context as _, Result};

/// Ticks a second in `/proc/PID/stat`: 100 on every Linux a program can see.
const TICKS: u64 = 100;

/// Resident memory, kB.
pub fn resident_kb(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// CPU time used so far, user and system.
pub fn cpu(pid: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The program's name may hold spaces; what follows its bracket does not.
    let (_, fields) = stat.rsplit_once(')').context("no process name")?;
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_process_has_memory_and_used_some_time() {
        let pid = std::process::id();
        assert!(super::resident_kb(pid).unwrap() > 1_000.0);
        assert!(super::cpu(pid).unwrap() < std::time::Duration::from_secs(60));
    }
}
