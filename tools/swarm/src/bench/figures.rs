//! What was measured, and whether it is what was promised.

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Figure {
    pub what: String,
    pub value: f64,
    pub unit: &'static str,
    pub promise: Promise,
}

/// What a figure must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Promise {
    AtMost(f64),
    AtLeast(f64),
    /// Good to know.
    None,
}

impl Promise {
    pub fn is_kept_by(self, value: f64) -> Option<bool> {
        match self {
            Self::AtMost(limit) => Some(value <= limit),
            Self::AtLeast(limit) => Some(value >= limit),
            Self::None => None,
        }
    }
}

/// All of them, in the order of measuring.
#[derive(Debug, Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// Notes a figure and says it at once: the bench takes minutes.
    #[allow(clippy::print_stderr, reason = "progress for whoever waits")]
    pub fn add(&mut self, what: impl Into<String>, value: f64, unit: &'static str, promise: Promise) {
        let what = what.into();
        eprintln!("{what}: {value:.1} {unit}");
        self.0.push(Figure { what, value, unit, promise });
    }

    pub fn iter(&self) -> impl Iterator<Item = &Figure> {
        self.0.iter()
    }
}

/// The one in the middle, so that what the machine did meanwhile counts little.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
