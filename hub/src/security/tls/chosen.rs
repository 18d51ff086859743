//! Which certificate a connection gets; certificates can be replaced while connections come in.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::HUB_NAME;

/// The hub's own leaf, and an organisation's certificate for everybody but agents.
#[derive(Debug)]
pub struct Chosen {
    leaf: ArcSwap<CertifiedKey>,
    organisation: ArcSwapOption<CertifiedKey>,
}

impl Chosen {
    pub fn new(leaf: CertifiedKey, organisation: Option<CertifiedKey>) -> Self {
        Self { leaf: ArcSwap::from_pointee(leaf), organisation: ArcSwapOption::from_pointee(organisation) }
    }

    pub fn replace_leaf(&self, leaf: CertifiedKey) {
        self.leaf.store(Arc::new(leaf));
    }

    /// True when it is another certificate than before.
    pub fn replace_organisation(&self, organisation: Option<CertifiedKey>) -> bool {
        let before = self.organisation.load();
        let is_same = before.as_ref().map(|key| &key.cert) == organisation.as_ref().map(|key| &key.cert);
        if !is_same {
            self.organisation.store(organisation.map(Arc::new));
        }
        !is_same
    }
}

impl ResolvesServerCert for Chosen {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // Agents and subcommands ask for this name and trust nothing but the hub's own authority.
        let is_agent = hello.server_name().is_some_and(|name| name.eq_ignore_ascii_case(HUB_NAME));
        let organisation = if is_agent { None } else { self.organisation.load_full() };
        Some(organisation.unwrap_or_else(|| self.leaf.load_full()))
    }
}
