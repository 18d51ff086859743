//! The figures as a Markdown table, put between two marks of a document.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::figures::{Figure, Figures, Promise};

const BEGIN: &str = "<!-- figures of ./dev bench: begin -->\n";
const END: &str = "<!-- figures of ./dev bench: end -->";

/// Replaces what stands between the marks of a document.
pub fn write(path: &Path, figures: &Figures) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let marks = text.split_once(BEGIN).and_then(|(head, rest)| rest.split_once(END).map(|(_, tail)| (head, tail)));
    let (head, tail) = marks.with_context(|| format!("{} lacks its marks", path.display()))?;
    let new = format!("{head}{BEGIN}\n{}\n\n{}\n{END}{tail}", machine(), table(figures));
    std::fs::write(path, new).with_context(|| format!("writing {}", path.display()))
}

pub fn table(figures: &Figures) -> String {
    let head = "| | measured | promised | |\n| --- | ---: | ---: | --- |\n";
    figures.iter().map(row).fold(head.to_owned(), |table, row| table + &row)
}

fn row(figure: &Figure) -> String {
    let Figure { what, value, unit, promise } = figure;
    let promised = match promise {
        Promise::AtMost(limit) => format!("≤ {} {unit}", number(*limit)),
        Promise::AtLeast(limit) => format!("≥ {} {unit}", number(*limit)),
        Promise::None => String::new(),
    };
    let verdict = promise.is_kept_by(*value).map_or("", |is_kept| if is_kept { "kept" } else { "**missed**" });
    format!("| {what} | {} {unit} | {promised} | {verdict} |\n", number(*value))
}

/// Three digits that count, thousands set apart.
fn number(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    String::from_utf8_lossy(&groups.join(&b',')).into_owned()
}

/// Kernel, processor and number of cores: absolute figures mean nothing without them.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores of {}, Linux {}.", model.trim_start_matches([' ', '\t', ':']), kernel.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("performance.md");
        std::fs::write(&path, format!("before\n{BEGIN}old\n{END}\nafter\n")).unwrap();
        let mut figures = Figures::default();
        figures.add("events", 12_345.6, "/s", Promise::AtLeast(10_000.0));
        figures.add("memory", 41.0, "MB", Promise::AtMost(40.0));
        write(&path, &figures).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("before\n") && text.ends_with("\nafter\n") && !text.contains("old"), "{text}");
        assert!(text.contains("| events | 12,346 /s | ≥ 10,000 /s | kept |\n| memory | 41.0 MB | ≤ 40.0 MB | **missed** |"), "{text}");
        std::fs::write(&path, "no marks").unwrap();
        assert!(write(&path, &figures).is_err());
    }
}
