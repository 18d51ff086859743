//! Many rows by few statements: in a flood, what a statement costs by itself is more than its row.

use std::sync::LazyLock;

use rusqlite::{Connection, ToSql, params_from_iter};

use crate::store::StoreError;

/// Rows that one statement writes, the most first; SQLite compiles each once.
const SIZES: [usize; 3] = [32, 8, 1];

/// One statement, for each number of rows.
pub(super) type Bulk = LazyLock<[(usize, String); 3]>;

/// `{head} (…), (…) {tail}`. `row` says a row's parameters, numbered from what it is given.
pub(super) fn statements(head: &str, common: usize, each: usize, row: fn(usize) -> String, tail: &str) -> [(usize, String); 3] {
    SIZES.map(|size| {
        let rows: Vec<_> = (0..size).map(|place| row(common + place * each + 1)).collect();
        (size, format!("{head} {} {tail}", rows.join(", ")))
    })
}

/// Writes the rows in order. The parameters of a statement are those that its rows have in common, then those of each.
pub(super) fn write<const EACH: usize>(
    tx: &Connection,
    statements: &[(usize, String)],
    common: &[&dyn ToSql],
    rows: &[[&dyn ToSql; EACH]],
) -> Result<(), StoreError> {
    let mut rest = rows;
    for (size, sql) in statements {
        while let Some((now, later)) = rest.split_at_checked(*size) {
            tx.prepare_cached(sql)?.execute(params_from_iter(common.iter().chain(now.iter().flatten())))?;
            rest = later;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    static NUMBERS: Bulk =
        LazyLock::new(|| statements("insert into numbers (common, own, twice) values", 1, 2, |p| format!("(?1, ?{p}, ?{})", p + 1), ""));

    #[test]
    fn each_row_is_written_once_and_in_order_whatever_their_number() {
        for count in [0, 1, 7, 8, 9, 31, 32, 33, 79, 200] {
            let tx = Connection::open_in_memory().expect("a database");
            tx.execute_batch("create table numbers (id integer primary key, common, own, twice)").expect("a table");
            let values: Vec<(i64, i64)> = (0..count).map(|own| (own, own * 2)).collect();
            let rows: Vec<[&dyn ToSql; 2]> = values.iter().map(|(own, twice)| [own as &dyn ToSql, twice]).collect();
            write(&tx, NUMBERS.as_slice(), &[&"same"], &rows).expect("written");
            let mut read = tx.prepare("select own, twice from numbers where common = 'same' order by id").expect("read");
            let read: Vec<(i64, i64)> =
                read.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").map(Result::unwrap).collect();
            assert_eq!(read, values);
        }
    }
}
