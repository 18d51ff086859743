//! What all windows of the agent look like: sizes, colours, fonts, and dark where the desktop is.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use eframe::egui::{Context, SystemTheme, Theme, ThemePreference, ViewportCommand};

use super::{fonts, theme};
use crate::platform;

/// How long a window waits to hear whether the desktop is dark.
const WAIT: Duration = Duration::from_millis(300);

/// The look of this desktop, asked for while the window is being made.
pub struct Look {
    is_dark: Receiver<bool>,
}

impl Look {
    pub fn ask() -> Self {
        let (answer, is_dark) = channel();
        std::thread::spawn(move || answer.send(platform::prefers_dark()));
        Self { is_dark }
    }

    pub fn apply(self, ctx: &Context) {
        theme::apply(ctx);
        theme::add_fallback_font(ctx);
        fonts::watch(ctx, platform::font_folders());
        let fallback = if self.is_dark.recv_timeout(WAIT).unwrap_or(false) { Theme::Dark } else { Theme::Light };
        ctx.options_mut(|options| options.fallback_theme = fallback);
        ctx.set_theme(ThemePreference::System);
        if ctx.system_theme().is_none() {
            // The frame around the window goes with what is in it.
            let frame = if fallback == Theme::Dark { SystemTheme::Dark } else { SystemTheme::Light };
            ctx.send_viewport_cmd(ViewportCommand::SetTheme(frame));
        }
    }
}
