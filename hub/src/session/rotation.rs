//! New keys for agents, as they are spoken of: `rotate` out, `new_key` in, `new_key_ok` out.

use shared::wire::to_agent::{NewKeyOk, Rotate, ToAgent};
use shared::wire::to_hub::{KeyState, NewKey};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::fanout::registry::Handle;
use crate::hub::Hub;
use crate::store::{ClientId, StoreError, Turned};

/// Says `rotate` to those of these clients that are connected; the others hear it when they come.
pub fn ask(hub: &Hub, clients: &[ClientId]) {
    let frame: Utf8Bytes = rotate().encode().into();
    hub.registry.send(clients.iter().map(|client| (*client, &frame)), None);
}

pub(super) fn rotate() -> ToAgent {
    ToAgent::Rotate(Rotate {})
}

/// Takes in what an agent says of its new key: the answer, or the code of what is wrong with it.
pub(super) async fn hear(hub: &Hub, handle: &Handle, said: NewKey) -> Result<ToAgent, (&'static str, String)> {
    let state = said.state;
    match keep(hub, handle, said).await {
        Ok(Turned::Kept) => Ok(ToAgent::NewKeyOk(NewKeyOk { state })),
        Ok(Turned::Unexpected) => Err(("unexpected_key", "no such new key is expected of this client".into())),
        Err(err) => {
            tracing::warn!(%err, client = %handle.name, "could not keep a new key; the agent will say it again");
            Err(("not_saved", "the hub cannot save now; say it again later".into()))
        }
    }
}

async fn keep(hub: &Hub, handle: &Handle, said: NewKey) -> Result<Turned, StoreError> {
    let (now, pepper) = (hub.clock.now(), *hub.secrets.pepper());
    match said.state {
        KeyState::Offered => hub.store.offer_key(now, handle.client, &handle.name, pepper, said.clave).await,
        KeyState::InUse => hub.store.use_key(now, handle.client, &handle.name, pepper, said.clave).await,
    }
}
