//! What the machine tells about this process. Linux alone tells it without a library.

#[derive(Debug)]
pub struct Process {
    pub cpu_seconds: f64,
    pub memory_bytes: u64,
    pub threads: u64,
    pub file_handles: Option<u64>,
}

/// `None` where there is no `/proc`.
pub fn read() -> Option<Process> {
    let mut process = parse(&std::fs::read_to_string("/proc/self/stat").ok()?)?;
    process.file_handles = std::fs::read_dir("/proc/self/fd").ok().map(|handles| handles.count() as u64);
    Some(process)
}

/// proc_pid_stat(5): times in hundredths of a second, memory in pages of 4 KiB on every machine the hub is built for.
fn parse(stat: &str) -> Option<Process> {
    const TICKS: f64 = 100.0;
    const PAGE: u64 = 4_096;
    // The name may hold spaces and brackets itself; what follows its last bracket begins with field 3.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Process {
        cpu_seconds: (number(14)? + number(15)?) as f64 / TICKS,
        memory_bytes: number(24)?.saturating_mul(PAGE),
        threads: number(20)?,
        file_handles: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_moves_no_field() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 0 0 0 0 0 150 50 0 0 20 0 9 0 100 5000 12 18446744073709551615 0";
        let process = parse(stat).expect("a process");
        assert_eq!((process.cpu_seconds, process.threads, process.memory_bytes), (2.0, 9, 12 * 4_096));
        assert!(parse("7 (cut").is_none());
        assert!(parse("7 (cut) S 1").is_none());
    }
}
