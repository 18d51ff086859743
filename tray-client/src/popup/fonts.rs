//! Fonts of the system for characters that a window's own fonts lack. They are looked for beside the window, which never
//! waits: it shows a box until one is found, and keeps the box where the system has none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use eframe::egui::epaint::text::FallbackRequest;
use eframe::egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use eframe::egui::{Context, FontData, FontFamily};
use skrifa::MetadataProvider as _;
use skrifa::raw::FileRef;

/// The characters of a text are missed one after the other; they are looked for together.
const GATHER: Duration = Duration::from_millis(40);
/// Missed characters that wait to be looked for; further ones keep their box.
const QUEUE: usize = 1_024;
/// No larger file is read.
const FILE_BYTES: u64 = 32 << 20;
/// What a window holds of found fonts at most.
const HELD_BYTES: u64 = 64 << 20;
/// What is read in the life of a window: a text of rare characters must not keep the disk busy.
const READ_BYTES: u64 = 1 << 30;
const MOST_FILES: usize = 4_000;
const DEPTH: usize = 5;

/// From now on, characters that no font of the window has are looked for in these folders.
pub fn watch(ctx: &Context, folders: Vec<PathBuf>) {
    let (missed, asked) = sync_channel(QUEUE);
    ctx.add_font_provider(Arc::new(move |request: &FallbackRequest<'_>| {
        if let Some(character) = request.cluster.chars().next() {
            let _ = missed.try_send(character);
        }
        None
    }));
    let ctx = ctx.clone();
    // Without a thread there are boxes, and everything else as usual.
    let _ = std::thread::Builder::new().name("fonts".to_owned()).spawn(move || search(&asked, &ctx, folders));
}

fn search(asked: &Receiver<char>, ctx: &Context, folders: Vec<PathBuf>) {
    let mut finder = Finder::new(folders);
    while let Ok(first) = asked.recv() {
        let mut missing = BTreeSet::from([first]);
        while let Ok(next) = asked.recv_timeout(GATHER) {
            missing.insert(next);
        }
        for Found { name, data } in finder.find(missing) {
            let last = InsertFontFamily { family: FontFamily::Proportional, priority: FontPriority::Lowest };
            ctx.add_font(FontInsert::new(&name, data, vec![last]));
            ctx.request_repaint();
        }
    }
}

struct Found {
    name: String,
    data: FontData,
}

struct Finder {
    folders: Vec<PathBuf>,
    /// Fonts that may still be read, the likeliest first; listed when the first character is missed.
    files: Option<Vec<PathBuf>>,
    tried: BTreeSet<char>,
    read: u64,
    held: u64,
}

impl Finder {
    fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, files: None, tried: BTreeSet::new(), read: 0, held: 0 }
    }

    /// As few fonts as draw as many of these characters as the system can. Each character is looked for once.
    fn find(&mut self, mut missing: BTreeSet<char>) -> Vec<Found> {
        missing.retain(|character| self.tried.insert(*character));
        let files = self.files.take().unwrap_or_else(|| listed(&self.folders));
        let (mut found, mut left) = (Vec::new(), Vec::new());
        for path in files {
            match self.useful(&path, &mut missing) {
                Some(font) => found.push(font),
                None => left.push(path),
            }
        }
        self.files = Some(left);
        found
    }

    /// This file if it draws some of what is missing, which is missing no longer.
    fn useful(&mut self, path: &Path, missing: &mut BTreeSet<char>) -> Option<Found> {
        let size = fs::metadata(path).ok()?.len();
        if missing.is_empty() || size > FILE_BYTES || self.read + size > READ_BYTES || self.held + size > HELD_BYTES {
            return None;
        }
        let bytes = fs::read(path).ok()?;
        self.read += size;
        let (index, drawn) = drawn(&bytes, missing)?;
        missing.retain(|character| !drawn.contains(character));
        self.held += size;
        let data = FontData { index, ..FontData::from_owned(bytes) };
        Some(Found { name: path.display().to_string(), data })
    }
}

/// The first font of the file that draws some of the characters, and which ones.
fn drawn(bytes: &[u8], wanted: &BTreeSet<char>) -> Option<(u32, BTreeSet<char>)> {
    let fonts = FileRef::new(bytes).ok()?;
    (0u32..).zip(fonts.fonts()).find_map(|(index, font)| {
        let font = font.ok()?;
        let (map, outlines) = (font.charmap(), font.outline_glyphs());
        // A font of coloured pictures knows a character and has no outline to draw it with.
        let draws = |character: &char| map.map(*character).is_some_and(|glyph| outlines.get(glyph).is_some());
        let drawn: BTreeSet<char> = wanted.iter().copied().filter(draws).collect();
        (!drawn.is_empty()).then_some((index, drawn))
    })
}

/// Every font below these folders, the likeliest first.
fn listed(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting: Vec<(PathBuf, usize)> = folders.iter().map(|folder| (folder.clone(), 0)).collect();
    while let Some((folder, depth)) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) && depth < DEPTH {
                waiting.push((path, depth + 1));
            } else if is_font(&path) && files.len() < MOST_FILES {
                files.push(path);
            }
        }
    }
    files.sort_by_cached_key(|path| (rank(path), path.clone()));
    files
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc" | "otc"))
}

/// Upright faces of many characters first; slanted, bold and narrow ones after them; drawn from pixels last.
fn rank(path: &Path) -> u8 {
    const MANY: [&str; 10] = [
        "notosanssymbols",
        "notoemoji",
        "symbola",
        "droidsansfallback",
        "notosanscjk",
        "notosans-",
        "seguisym",
        "seguiemj",
        "msyh",
        "malgun",
    ];
    const ODD: [&str; 9] = ["bold", "italic", "oblique", "thin", "light", "black", "condensed", "mono", "serif"];
    let name = path.file_stem().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match name {
        _ if has(&["unifont"]) => 3,
        _ if has(&ODD) => 2,
        _ if has(&MANY) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use eframe::egui::{FontDefinitions, FontId, RawInput};

    use super::*;

    /// A folder with two fonts that egui brings along, and with what only looks like one.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let fonts = FontDefinitions::default().font_data;
        fs::create_dir_all(folder.path().join("deep/deeper")).unwrap();
        fs::write(folder.path().join("deep/deeper/emoji.TTF"), &*fonts["NotoEmoji-Regular"].font).unwrap();
        fs::write(folder.path().join("plain.ttf"), &*fonts["Ubuntu-Light"].font).unwrap();
        fs::write(folder.path().join("aaa.ttf"), b"no font at all").unwrap();
        fs::write(folder.path().join("empty.otf"), b"").unwrap();
        fs::write(folder.path().join("readme.txt"), b"x").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("deep/loop")).unwrap();
        folder
    }

    fn found(finder: &mut Finder, characters: &str) -> Vec<String> {
        let name = |found: Found| Path::new(&found.name).file_name().unwrap().to_string_lossy().into_owned();
        finder.find(characters.chars().collect()).into_iter().map(name).collect()
    }

    #[test]
    fn a_font_is_found_by_the_characters_it_draws_and_each_is_looked_for_once() {
        let folder = folder();
        let mut finder = Finder::new(vec![folder.path().to_owned(), "/no/such/folder".into()]);
        assert_eq!(found(&mut finder, "药"), [""; 0], "nobody has it");
        assert_eq!(found(&mut finder, "🚨药"), ["emoji.TTF"]);
        assert_eq!(found(&mut finder, "🚨🎉"), [""; 0], "the one that has it is there already");
        assert_eq!(found(&mut finder, "Ə"), ["plain.ttf"]);
    }

    #[test]
    fn what_a_window_reads_and_holds_is_bounded() {
        let folder = folder();
        let mut finder = Finder::new(vec![folder.path().to_owned()]);
        finder.held = HELD_BYTES;
        assert_eq!(found(&mut finder, "🚨"), [""; 0]);
        finder.held = 0;
        finder.read = READ_BYTES;
        assert_eq!(found(&mut finder, "🎉"), [""; 0]);
    }

    #[test]
    fn a_window_draws_a_box_at_once_and_the_character_when_its_font_is_found() {
        let folder = folder();
        let ctx = Context::default();
        let mut own = FontDefinitions::empty();
        own.font_data.insert("own".to_owned(), FontDefinitions::default().font_data["Ubuntu-Light"].clone());
        own.families.insert(FontFamily::Proportional, vec!["own".to_owned()]);
        own.families.insert(FontFamily::Monospace, vec!["own".to_owned()]);
        ctx.set_fonts(own);
        watch(&ctx, vec![folder.path().to_owned()]);
        let draw = || {
            let mut output = ctx.run_ui(RawInput::default(), |ui| {
                ui.label("Fuego 🚨");
            });
            output.textures_delta.clear();
            ctx.fonts_mut(|fonts| fonts.has_glyph(&FontId::proportional(14.0), '🚨'))
        };
        assert!(!draw(), "nobody waits for it");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !draw() {
            assert!(Instant::now() < deadline, "the font was not found");
            std::thread::yield_now();
        }
    }
}
