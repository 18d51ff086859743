//! The hub's own secrets in DATA/secrets: made once on the first start, never made again silently.
//!
//! Without the pepper no stored password or key can be checked, and agents pin the signing key: losing either locks
//! everybody out, so a missing one is an error with advice.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::files;
use super::token::{Token, hmac_sha256, random_bytes};

const FOLDER: &str = "secrets";
const PEPPER: &str = "pepper";
const SIGNING_KEY: &str = "signing.key";
const CLI_TOKEN: &str = "cli.token";

/// What only the hub knows. Wiped when dropped, never printed.
pub struct Secrets {
    pepper: Zeroizing<[u8; 32]>,
    signing_key: SigningKey,
    cli_token: Token,
}

/// Why the secrets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("{path}: {source}", path = path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Exposed(String),
    #[error("{path} is missing; put it back from a backup of the data folder: nobody can log in without it", path = .0.display())]
    Missing(PathBuf),
    #[error("{path} is damaged ({found} bytes instead of 32); put it back from a backup of the data folder", path = path.display())]
    Damaged { path: PathBuf, found: usize },
}

impl Secrets {
    /// Reads DATA/secrets, or makes it when this is the first start.
    pub fn open(data: &Path) -> Result<Self, SecretsError> {
        let folder = data.join(FOLDER);
        if is_empty(&folder).map_err(at(&folder))? {
            files::create_folder(
                &folder,
                &[
                    (PEPPER, random_bytes::<32>().as_slice()),
                    (SIGNING_KEY, random_bytes::<32>().as_slice()),
                    (CLI_TOKEN, Token::random().as_str().as_bytes()),
                ],
            )
            .map_err(at(&folder))?;
        }
        refuse_exposed(&folder)?;
        let pepper = key(&folder.join(PEPPER))?;
        let signing_key = SigningKey::from_bytes(&*key(&folder.join(SIGNING_KEY))?);
        let cli_token = cli_token(&folder.join(CLI_TOKEN))?;
        Ok(Self { pepper, signing_key, cli_token })
    }

    /// The key all alerts are signed with; agents pin its public half.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }

    /// What makes the hashes in the database useless to whoever has the database alone.
    pub fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }

    /// Something that changes with a text and does not give it away.
    pub fn fingerprint(&self, text: &str) -> String {
        hmac_sha256(&self.pepper, &[b"fingerprint", text.as_bytes()]).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The token that lets subcommands on this machine act through the running hub.
    pub fn cli_token(&self) -> &str {
        self.cli_token.as_str()
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

/// Reads the token of subcommands alone, for a process that is not the hub.
pub fn read_cli_token(data: &Path) -> Result<Token, SecretsError> {
    let path = data.join(FOLDER).join(CLI_TOKEN);
    let text = fs::read_to_string(&path).map_err(at(&path))?;
    Ok(Token::of_text(Zeroizing::new(text)))
}

/// What is wrong with who may open the secrets, one sentence each, with the command that mends it.
pub fn exposures(data: &Path) -> Result<Vec<String>, SecretsError> {
    let folder = data.join(FOLDER);
    let paths = [folder.clone(), folder.join(PEPPER), folder.join(SIGNING_KEY), folder.join(CLI_TOKEN)];
    let found = paths.iter().filter(|path| path.exists()).map(|path| files::exposure(path).map_err(at(path)));
    found.filter_map(Result::transpose).collect()
}

fn refuse_exposed(folder: &Path) -> Result<(), SecretsError> {
    match exposures(folder.parent().unwrap_or(Path::new("")))?.into_iter().next() {
        Some(problem) => Err(SecretsError::Exposed(problem)),
        None => Ok(()),
    }
}

fn key(path: &Path) -> Result<Zeroizing<[u8; 32]>, SecretsError> {
    let content = match fs::read(path) {
        Ok(content) => Zeroizing::new(content),
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Err(SecretsError::Missing(path.to_owned())),
        Err(err) => return Err(at(path)(err)),
    };
    let bytes = <[u8; 32]>::try_from(content.as_slice());
    bytes.map(Zeroizing::new).map_err(|_| SecretsError::Damaged { path: path.to_owned(), found: content.len() })
}

/// Nothing depends on this one: without it, or when it is damaged, a new one is made.
fn cli_token(path: &Path) -> Result<Token, SecretsError> {
    let kept = match fs::read(path) {
        Ok(content) => String::from_utf8(content).ok().map(|text| Token::of_text(Zeroizing::new(text))),
        Err(err) if err.kind() == io::ErrorKind::NotFound => None,
        Err(err) => return Err(at(path)(err)),
    };
    match kept.filter(|token| token.as_str().len() >= 43) {
        Some(token) => Ok(token),
        None => {
            let token = Token::random();
            files::replace(path, token.as_str().as_bytes()).map_err(at(path))?;
            Ok(token)
        }
    }
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(err) => Err(err),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> SecretsError {
    let path = path.to_owned();
    move |source| SecretsError::Io { path, source }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]

    use super::*;

    #[test]
    fn secrets_are_made_once_and_stay() {
        let data = tempfile::tempdir().unwrap();
        let made = Secrets::open(data.path()).unwrap();
        let again = Secrets::open(data.path()).unwrap();
        assert_eq!(made.pepper(), again.pepper());
        assert_eq!(made.signing_key().to_bytes(), again.signing_key().to_bytes());
        assert_eq!(made.cli_token(), again.cli_token());
        assert_eq!(read_cli_token(data.path()).unwrap().as_str(), made.cli_token());
        assert_ne!(made.pepper(), made.signing_key().as_bytes());
        assert_eq!(format!("{made:?}"), "Secrets(…)");
    }

    #[test]
    fn a_missing_or_damaged_secret_is_never_made_again() {
        let data = tempfile::tempdir().unwrap();
        Secrets::open(data.path()).unwrap();
        let pepper = data.path().join("secrets/pepper");
        fs::write(&pepper, "short").unwrap();
        assert!(matches!(Secrets::open(data.path()), Err(SecretsError::Damaged { found: 5, .. })));
        fs::remove_file(&pepper).unwrap();
        assert!(matches!(Secrets::open(data.path()), Err(SecretsError::Missing(_))));
    }

    #[test]
    fn a_new_token_of_subcommands_can_be_had_by_removing_the_old() {
        let data = tempfile::tempdir().unwrap();
        let old = Secrets::open(data.path()).unwrap();
        fs::remove_file(data.path().join("secrets/cli.token")).unwrap();
        let new = Secrets::open(data.path()).unwrap();
        assert_ne!(old.cli_token(), new.cli_token());
        assert_eq!(old.pepper(), new.pepper());
    }

    #[cfg(unix)]
    #[test]
    fn secrets_that_others_can_read_are_refused_with_advice() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        Secrets::open(data.path()).unwrap();
        let pepper = data.path().join("secrets/pepper");
        fs::set_permissions(&pepper, fs::Permissions::from_mode(0o644)).unwrap();
        let error = Secrets::open(data.path()).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains("pepper"), "{error}");
        assert_eq!(exposures(data.path()).unwrap().len(), 1);
    }
}
