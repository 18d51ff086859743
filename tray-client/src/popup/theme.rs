//! Colours and sizes of the window, for dark and light desktops.

use eframe::egui::epaint::text::{FontData, FontInsert, FontPriority, InsertFontFamily};
use eframe::egui::{Color32, Context, CornerRadius, FontFamily, FontId, Stroke, TextStyle, Theme, Ui, Visuals, vec2};
use shared::Severity;

use crate::platform;

pub const TITLE: f32 = 30.0;
pub const TEXT: f32 = 20.0;
pub const SMALL: f32 = 16.0;
pub const BAND: f32 = 24.0;

/// The colours that one theme gives.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub page: Color32,
    pub side: Color32,
    pub chosen: Color32,
    pub text: Color32,
    pub muted: Color32,
    pub line: Color32,
}

impl Palette {
    pub fn of(ui: &Ui) -> Self {
        if ui.visuals().dark_mode { DARK } else { LIGHT }
    }
}

const DARK: Palette = Palette {
    page: Color32::from_rgb(0x17, 0x1a, 0x20),
    side: Color32::from_rgb(0x1f, 0x23, 0x2b),
    chosen: Color32::from_rgb(0x2d, 0x33, 0x3e),
    text: Color32::from_rgb(0xf1, 0xf3, 0xf5),
    muted: Color32::from_rgb(0xb1, 0xb8, 0xc2),
    line: Color32::from_rgb(0x3a, 0x41, 0x4d),
};

const LIGHT: Palette = Palette {
    page: Color32::from_rgb(0xff, 0xff, 0xff),
    side: Color32::from_rgb(0xf2, 0xf4, 0xf7),
    chosen: Color32::from_rgb(0xdf, 0xe5, 0xed),
    text: Color32::from_rgb(0x16, 0x1a, 0x20),
    muted: Color32::from_rgb(0x52, 0x5b, 0x68),
    line: Color32::from_rgb(0xcf, 0xd6, 0xdf),
};

/// Background of good news; white is readable on it.
pub const GOOD: Color32 = Color32::from_rgb(0x1a, 0x6f, 0x3c);

/// Background of a severity's band and buttons, the same on both themes.
pub fn band(severity: Severity) -> Color32 {
    match severity {
        Severity::Info => Color32::from_rgb(0x1b, 0x5f, 0xb8),
        Severity::Warning => Color32::from_rgb(0xf5, 0xb8, 0x1f),
        Severity::Error => Color32::from_rgb(0xc2, 0x41, 0x0c),
        Severity::Critical => Color32::from_rgb(0xb0, 0x00, 0x20),
    }
}

/// What is readable on that band.
pub fn ink(severity: Severity) -> Color32 {
    match severity {
        Severity::Warning => Color32::from_rgb(0x1f, 0x18, 0x00),
        _ => Color32::WHITE,
    }
}

/// Sets sizes and colours for both themes.
pub fn apply(ctx: &Context) {
    for (theme, palette) in [(Theme::Dark, DARK), (Theme::Light, LIGHT)] {
        ctx.style_mut_of(theme, |style| {
            style.text_styles = [
                (TextStyle::Small, SMALL),
                (TextStyle::Body, TEXT),
                (TextStyle::Monospace, TEXT),
                (TextStyle::Button, TEXT),
                (TextStyle::Heading, TITLE),
            ]
            .map(|(name, size)| (name, FontId::new(size, FontFamily::Proportional)))
            .into();
            style.spacing.item_spacing = vec2(12.0, 10.0);
            style.spacing.button_padding = vec2(22.0, 12.0);
            colour(&mut style.visuals, palette);
        });
    }
}

/// Adds a font of the system for characters that the built-in ones lack.
pub fn add_fallback_font(ctx: &Context) {
    let Some(bytes) = platform::fallback_fonts().iter().find_map(|path| std::fs::read(path).ok()) else { return };
    let last = InsertFontFamily { family: FontFamily::Proportional, priority: FontPriority::Lowest };
    ctx.add_font(FontInsert::new("fallback", FontData::from_owned(bytes), vec![last]));
}

fn colour(visuals: &mut Visuals, palette: Palette) {
    visuals.panel_fill = palette.page;
    visuals.window_fill = palette.page;
    visuals.override_text_color = Some(palette.text);
    visuals.selection.stroke = Stroke::new(3.0, palette.text);
    for widget in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
        widget.corner_radius = CornerRadius::same(8);
        widget.bg_stroke = Stroke::new(1.0, palette.line);
    }
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    visuals.widgets.inactive.weak_bg_fill = palette.side;
    visuals.widgets.hovered.weak_bg_fill = palette.chosen;
    visuals.widgets.active.weak_bg_fill = palette.line;
    // The keyboard's place must be plain to see, on a button of any colour.
    visuals.widgets.active.bg_stroke = Stroke::new(3.0, palette.text);
}
