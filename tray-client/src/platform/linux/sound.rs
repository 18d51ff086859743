//! Programs that can play a WAV file, best first.

use std::ffi::OsString;
use std::path::Path;

/// Command lines that play the file, to be tried in order until one ends well.
pub fn players(file: &Path) -> Vec<(&'static str, Vec<OsString>)> {
    let file = || file.as_os_str().to_owned();
    vec![("pw-play", vec![file()]), ("paplay", vec![file()]), ("aplay", vec!["-q".into(), file()])]
}
