//! Cells of CSV files that an office program opens: none of them is run as a formula.

const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A cell that would be run as a formula begins with an apostrophe.
pub fn guarded(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell as it was before it was guarded.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}
