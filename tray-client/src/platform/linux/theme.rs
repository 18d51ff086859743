//! What the desktop looks like: whether it is dark, from the settings of GTK and KDE, and fonts with many characters.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

/// Whether the user's desktop is set to dark; light if nothing says so. Asks another program, so it may take a moment.
pub fn prefers_dark() -> bool {
    if let Ok(theme) = std::env::var("GTK_THEME") {
        return names_dark(&theme);
    }
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".config")));
    let Some(config) = config else { return false };
    let read = |file: &str| std::fs::read_to_string(config.join(file)).unwrap_or_default();
    ["gtk-4.0/settings.ini", "gtk-3.0/settings.ini", "kdeglobals"].into_iter().any(|file| says_dark(&read(file))) || gnome_is_dark()
}

/// GNOME keeps its settings where only its own tool reads them.
fn gnome_is_dark() -> bool {
    let output = super::ask("gsettings", &["get", "org.gnome.desktop.interface", "color-scheme"]);
    output.is_some_and(|answer| answer.contains("prefer-dark"))
}

/// Fonts for characters that the window's own fonts lack, such as ✓, ⚠ and →; those that exist are used.
pub fn fallback_fonts() -> &'static [&'static str] {
    &[
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    ]
}

/// Where fonts are, those of the person first.
pub fn font_folders() -> Vec<PathBuf> {
    let own = BaseDirs::new().map(|dirs| [dirs.data_dir().join("fonts"), dirs.home_dir().join(".fonts")]);
    let shared = ["/usr/local/share/fonts", "/usr/share/fonts"].map(PathBuf::from);
    own.into_iter().flatten().chain(shared).collect()
}

fn says_dark(settings: &str) -> bool {
    settings.lines().filter_map(|line| line.split_once('=')).any(|(key, value)| match key.trim() {
        "gtk-application-prefer-dark-theme" => matches!(value.trim(), "1" | "true"),
        "gtk-theme-name" | "ColorScheme" => names_dark(value),
        _ => false,
    })
}

/// `Adwaita:dark`, `Breeze-Dark`, `BreezeDark`…
fn names_dark(theme: &str) -> bool {
    theme.trim().to_ascii_lowercase().ends_with("dark")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_gtk_and_kde_say_dark() {
        assert!(names_dark("Adwaita:dark") && !names_dark("Adwaita"));
        assert!(says_dark("[Settings]\ngtk-application-prefer-dark-theme=1\n"));
        assert!(says_dark("[General]\nColorScheme=BreezeDark\n"));
        assert!(!says_dark("[Settings]\ngtk-theme-name=Adwaita\ngtk-application-prefer-dark-theme=0\n"));
    }
}
