//! The language in which the agent speaks to people: Spanish or English, by locale. Logs are English always.

use crate::platform;

/// Language of windows, tray and terminal messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Spanish,
    English,
}

impl Language {
    /// The language of whoever is logged in.
    pub fn of_system() -> Self {
        Self::of_locale(&platform::locale())
    }

    /// `es`, `es_ES.UTF-8` and the like are Spanish, all else is English.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("es") { Self::Spanish } else { Self::English }
    }

    /// The text of this language.
    pub fn pick<'a>(self, spanish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_chooses_the_language() {
        for (locale, language) in [
            ("es_ES.UTF-8", Language::Spanish),
            ("es-MX", Language::Spanish),
            ("ES", Language::Spanish),
            ("C.UTF-8", Language::English),
            ("", Language::English),
            ("est_EE", Language::English),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }
}
