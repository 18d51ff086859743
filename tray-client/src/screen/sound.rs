//! A short sound for grave alerts, made here and played by whatever program the PC has. Never waited for.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::time::timeout;

use crate::platform;

const RATE: u32 = 22_050;
/// A player that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_secs(3);

/// The sound, as a file that is written when it is first needed.
#[derive(Debug)]
pub struct Sound {
    file: PathBuf,
    played_at: Option<Instant>,
}

impl Sound {
    pub fn new(file: PathBuf) -> Self {
        Self { file, played_at: None }
    }

    /// Starts playing, unless it has just been played: many alerts at once are one sound.
    pub fn play(&mut self) {
        if self.played_at.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        self.played_at = Some(Instant::now());
        let file = self.file.clone();
        tokio::spawn(async move {
            if let Err(err) = write_once(&file) {
                return tracing::warn!("no sound: {err}");
            }
            for (program, arguments) in platform::players(&file) {
                let mut player = Command::new(program);
                player.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
                if let Ok(Ok(status)) = timeout(LONGEST, player.status()).await
                    && status.success()
                {
                    return;
                }
            }
        });
    }
}

fn write_once(file: &Path) -> std::io::Result<()> {
    if file.exists() { Ok(()) } else { std::fs::write(file, wav()) }
}

/// Two tones, rising, 0.5 s: one channel, 16 bits.
fn wav() -> Vec<u8> {
    let samples: Vec<u8> = (0..RATE / 2).flat_map(|index| sample(index).to_le_bytes()).collect();
    let size = u32::try_from(samples.len()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(samples.len() + 44);
    bytes.extend(b"RIFF");
    bytes.extend((size + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(RATE.to_le_bytes());
    bytes.extend((RATE * 2).to_le_bytes());
    bytes.extend(2_u16.to_le_bytes());
    bytes.extend(16_u16.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(size.to_le_bytes());
    bytes.extend(samples);
    bytes
}

fn sample(index: u32) -> i16 {
    let (half, within) = (index / (RATE / 4), index % (RATE / 4));
    let at = f64::from(within) / f64::from(RATE);
    let pitch = if half == 0 { 660.0 } else { 880.0 };
    // A soft start and a fading end, so that nothing clicks.
    let loudness = (at * 100.0).min(1.0) * (1.0 - at / 0.25);
    // Within 16 bits by construction.
    #[allow(clippy::cast_possible_truncation, reason = "at most 14,000")]
    let value = (14_000.0 * loudness * (at * pitch * TAU).sin()) as i16;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_is_a_wav_file_of_the_length_that_it_says() {
        let wav = wav();
        assert!(wav.starts_with(b"RIFF") && wav.windows(4).any(|word| word == b"data"));
        assert_eq!(wav.len(), 44 + usize::try_from(RATE / 2).unwrap_or(0) * 2);
    }
}
