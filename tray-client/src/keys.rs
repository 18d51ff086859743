//! The agent's keys on its disk: the one in use, one that is offered to the hub, and the one before.
//!
//! A step is on the disk before the hub hears of it, so that at any moment one of these files holds a key that the hub takes.

use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::secret::Clave;

use crate::folder::Folder;

/// The key in use.
pub const KEY: &str = "key";
/// A new key that the hub may know already.
const NEXT: &str = "key.next";
/// The key before, for a hub that was restored from a backup of its time.
const OLD: &str = "key.old";

/// The order in which keys are tried.
const ORDER: [&str; 3] = [KEY, NEXT, OLD];

/// What the agent can prove itself with.
pub struct Keys {
    folder: Folder,
    /// The file that is tried; after a refusal the next one.
    turn: &'static str,
    /// It has switched, and the hub has not confirmed it yet.
    switching: bool,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("turn", &self.turn).finish_non_exhaustive()
    }
}

impl Keys {
    pub fn of(folder: &Folder) -> Self {
        Self { folder: folder.clone(), turn: KEY, switching: false }
    }

    /// What to say to the hub now.
    pub fn clave(&self) -> io::Result<Clave> {
        Ok(Clave::of_key(&read(&self.folder, self.turn)?))
    }

    /// The hub does not know this key: the next attempt tries another one, if there is one.
    pub fn refused(&mut self) {
        let mut later = ORDER.into_iter().skip_while(|file| *file != self.turn).skip(1);
        self.turn = later.find(|file| self.folder.file(file).exists()).unwrap_or(KEY);
    }

    /// The hub knows this key: it is the one in use from now on.
    pub fn accepted(&mut self) -> io::Result<()> {
        self.switching = false;
        match std::mem::replace(&mut self.turn, KEY) {
            KEY => Ok(()),
            other => self.put_in_use(other),
        }
    }

    /// A new key beside the one in use, the same until the hub has taken it in. `None` while the last one is on its way.
    pub fn offer(&self) -> io::Result<Option<Clave>> {
        if self.switching {
            return Ok(None);
        }
        let current = read(&self.folder, KEY)?;
        if let Some(key) = read(&self.folder, NEXT).ok().filter(|key| !key.is_empty() && *key != current) {
            return Ok(Some(Clave::of_key(&key)));
        }
        let mut bits = [0_u8; 32];
        getrandom::fill(&mut bits).map_err(|err| io::Error::other(err.to_string()))?;
        let key = URL_SAFE_NO_PAD.encode(bits);
        write(&self.folder, NEXT, &key)?;
        Ok(Some(Clave::of_key(&key)))
    }

    /// The hub has the new key: it is the one in use from now on. `None` if there is none.
    pub fn switch(&mut self) -> io::Result<Option<Clave>> {
        if self.switching || !self.folder.file(NEXT).exists() {
            return Ok(None);
        }
        self.put_in_use(NEXT)?;
        self.switching = true;
        Ok(Some(Clave::of_key(&read(&self.folder, KEY)?)))
    }

    /// The hub holds the old key for void.
    pub fn confirmed(&mut self) {
        self.switching = false;
    }

    /// In an order in which no crash loses a key that the hub knows.
    fn put_in_use(&self, file: &str) -> io::Result<()> {
        let (fresh, before) = (read(&self.folder, file)?, read(&self.folder, KEY)?);
        if file == OLD {
            write(&self.folder, KEY, &fresh)?;
            return write(&self.folder, OLD, &before);
        }
        write(&self.folder, OLD, &before)?;
        write(&self.folder, KEY, &fresh)?;
        std::fs::remove_file(self.folder.file(NEXT))
    }
}

fn write(folder: &Folder, file: &str, key: &str) -> io::Result<()> {
    folder.replace(file, format!("{key}\n").as_bytes())
}

fn read(folder: &Folder, file: &str) -> io::Result<String> {
    Ok(std::fs::read_to_string(folder.file(file))?.trim().to_owned())
}

/// Keeps the key of an enrolment; what was before is of no use to the hub that said it.
pub fn save(folder: &Folder, key: &str) -> io::Result<()> {
    write(folder, KEY, key)?;
    for file in [NEXT, OLD] {
        match std::fs::remove_file(folder.file(file)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn enrolled() -> (tempfile::TempDir, Folder) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::choose(Some(temporary.path().into())).unwrap();
        save(&folder, "first").unwrap();
        (temporary, folder)
    }

    #[test]
    fn an_offered_key_stays_the_same_until_it_is_in_use_and_the_old_one_is_kept() {
        let (_temporary, folder) = enrolled();
        let offered = Keys::of(&folder).offer().unwrap().unwrap();
        let mut keys = Keys::of(&folder);
        assert_eq!((keys.offer().unwrap().unwrap(), keys.clave().unwrap()), (offered.clone(), Clave::of_key("first")));
        assert_eq!(keys.switch().unwrap(), Some(offered.clone()));
        assert_eq!((keys.switch().unwrap(), keys.offer().unwrap()), (None, None), "the hub has not confirmed it yet");
        keys.confirmed();
        let mut keys = Keys::of(&folder);
        assert_eq!(keys.clave().unwrap(), offered);
        keys.refused();
        assert_eq!(keys.clave().unwrap(), Clave::of_key("first"), "a hub that was restored knows the old one");
        keys.accepted().unwrap();
        keys.refused();
        assert_eq!((Keys::of(&folder).clave().unwrap(), keys.clave().unwrap()), (Clave::of_key("first"), offered));
        keys.refused();
        assert_eq!(keys.clave().unwrap(), Clave::of_key("first"), "and around again");
    }

    #[test]
    fn a_crash_after_any_write_of_the_switch_leaves_a_key_that_the_hub_takes() {
        let texts = |key: Option<&str>| key.map(|key| format!("{key}\n"));
        // What lies in the files after each write: both keys are good until the new one was used.
        let steps = [("first", Some("second"), None), ("first", Some("second"), Some("first")), ("second", Some("second"), Some("first"))];
        for (key, next, old) in steps {
            let (_temporary, folder) = enrolled();
            for (file, text) in [(KEY, texts(Some(key))), (NEXT, texts(next)), (OLD, texts(old))] {
                text.into_iter().for_each(|text| folder.replace(file, text.as_bytes()).unwrap());
            }
            let mut keys = Keys::of(&folder);
            assert_eq!(keys.clave().unwrap(), Clave::of_key(key));
            keys.accepted().unwrap();
            let offered = keys.offer().unwrap().unwrap();
            assert_eq!(offered == Clave::of_key("second"), key == "first", "{key}: the key in use is no new one");
            assert_eq!(keys.switch().unwrap(), Some(offered));
        }
    }

    #[test]
    fn a_new_enrolment_forgets_the_keys_of_the_one_before() {
        let (_temporary, folder) = enrolled();
        let mut keys = Keys::of(&folder);
        keys.offer().unwrap();
        keys.switch().unwrap();
        keys.offer().unwrap();
        save(&folder, "anew").unwrap();
        assert!(!folder.file(NEXT).exists() && !folder.file(OLD).exists());
        assert_eq!(Keys::of(&folder).clave().unwrap(), Clave::of_key("anew"));
    }
}
