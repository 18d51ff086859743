//! The built panel as bytes in the binary. The hub decides about headers; this crate only knows what was built.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Stands in [`index_html`] wherever a nonce belongs; the hub puts a fresh one there for every response.
pub const NONCE_PLACEHOLDER: &str = "__PREGON_NONCE__";

/// One file of the panel.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub bytes: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
    pub content_type: &'static str,
    /// Its name holds the hash of its content: it may be cached for ever.
    pub immutable: bool,
    /// Strong and quoted, ready for the header.
    pub etag: &'static str,
}

/// The file at `path` (with or without the leading slash). The page itself is not among them: see [`index_html`].
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    find(path.strip_prefix('/').unwrap_or(path))
}

/// The page for every route of the panel. Not to be cached: it holds the nonce.
#[must_use]
pub fn index_html() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/index.html"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// The addresses of scripts and style sheets that the page asks for.
    fn wanted_by_the_page() -> Vec<&'static str> {
        index_html().split('"').filter(|part| part.starts_with("/assets/")).collect()
    }

    #[test]
    fn the_page_finds_every_file_it_asks_for() {
        for path in wanted_by_the_page() {
            let asset = asset(path).unwrap_or_else(|| panic!("{path} is not embedded"));
            assert!(asset.immutable && !asset.bytes.is_empty() && asset.etag.starts_with('"'), "{path}");
        }
    }

    #[test]
    fn scripts_come_compressed_and_typed() {
        for path in wanted_by_the_page().into_iter().filter(|path| path.ends_with(".js")) {
            let asset = asset(path).unwrap();
            assert_eq!(asset.content_type, "text/javascript; charset=utf-8");
            assert!(asset.brotli.unwrap().len() < asset.gzip.unwrap().len());
        }
    }

    #[test]
    fn the_first_load_stays_under_300_kb() {
        let load: usize = wanted_by_the_page().iter().filter_map(|path| asset(path)).map(|a| a.brotli.unwrap_or(a.bytes).len()).sum();
        assert!(load < 300_000, "{load} bytes");
    }

    #[test]
    fn an_unknown_path_is_nothing() {
        assert!(asset("/../Cargo.toml").is_none() && asset("index.html").is_none() && asset("").is_none());
    }

    #[test]
    fn the_page_names_its_build_and_holds_no_foreign_address() {
        assert!(!index_html().contains("__PREGON_BUILD__"));
        assert!(!index_html().contains("http://") && !index_html().contains("https://"));
        assert_eq!(BUILD_ID.len(), 16);
    }
}
