//! Where alerts are shown: the window's process, or JSON lines for another program.

pub mod feed;
pub mod headless;
pub mod sound;
pub mod window;
pub mod writer;

use shared::AlertId;

use crate::outbox::Text;

/// What the screen reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The window works.
    WindowStands,
    Displayed {
        id: AlertId,
        user: Option<String>,
    },
    Dismissed {
        id: AlertId,
        reply: Option<String>,
        user: Option<String>,
    },
    /// The branch writes to the technicians.
    Message(Text),
    /// The window's process ended; the text says how.
    WindowGone {
        generation: u64,
        how: String,
    },
    /// A person asked the tray icon for the window.
    ShowAgain,
    /// A person wants to write to the technicians.
    Write,
    /// Nobody reads what is shown any more.
    Deaf(&'static str),
    /// A line that could not be read.
    Unreadable(String),
}
