//! Frames of an agent and of a hub: never a panic, and what is read is written back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared::wire::to_agent::ToAgent;
use shared::wire::to_hub::ToHub;

fuzz_target!(|bytes: &[u8]| {
    let Ok(frame) = std::str::from_utf8(bytes) else { return };
    if let Ok(read) = ToHub::decode(frame) {
        assert_eq!(ToHub::decode(&read.encode()), Ok(read));
    }
    if let Ok(read) = ToAgent::decode(frame) {
        assert_eq!(ToAgent::decode(&read.encode()), Ok(read));
    }
});
