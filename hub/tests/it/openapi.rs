//! The committed document is the one that this hub makes; the panel's types are generated from it.

#[test]
fn the_committed_document_is_the_hubs_own() {
    let committed = include_str!("../../openapi.json");
    let made = pregon_hub::http::openapi::document_json();
    assert_eq!(committed.trim(), made.trim(), "run `pregon-hub openapi > hub/openapi.json` and `npm run api` in admin-web");
}

#[test]
fn statements_number_their_parameters_so_that_both_databases_agree() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sqlite"))];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let named = text.as_bytes().windows(2).any(|pair| pair[0] == b'$' && pair[1].is_ascii_digit());
            assert!(!named, "{}: SQLite takes $1 for a name and numbers it by first appearance; write ?1", path.display());
        }
    }
}
