//! What is refused or cut beyond a size. Characters are Unicode scalar values, bytes are UTF-8.

/// Largest WebSocket frame of agent or hub, bytes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Most receipts in a frame.
pub const RECEIPTS: usize = 100;
/// Largest line of a sensor, bytes, without its end.
pub const LINE_BYTES: usize = 16 * 1024;
/// An event's source is cut here, characters.
pub const SOURCE_CHARS: usize = 80;
/// An event's message is cut here, characters.
pub const MESSAGE_CHARS: usize = 300;
/// Most labels of an event; what is beyond is left out.
pub const LABELS: usize = 32;
/// A label's name is cut here, characters.
pub const LABEL_NAME_CHARS: usize = 60;
/// A label's value is cut here, characters.
pub const LABEL_VALUE_CHARS: usize = 200;
/// Longest `id` or `dedup_key` of an event, characters.
pub const KEY_CHARS: usize = 200;
/// Longest title of an alert, characters.
pub const TITLE_CHARS: usize = 120;
/// Longest text of an alert, characters.
pub const TEXT_CHARS: usize = 4_000;
/// Most quick replies of an alert.
pub const REPLIES: usize = 8;
/// Longest quick reply or typed reply, characters.
pub const REPLY_CHARS: usize = 200;
/// Longest `version`, `os` or `epoch` an agent says, characters.
pub const LABEL_CHARS: usize = 120;
/// Longest id that an agent gives to a message, characters.
pub const MESSAGE_ID_CHARS: usize = 64;
/// Longest message of a branch to the technicians, characters.
pub const BRANCH_MESSAGE_CHARS: usize = 1_000;
