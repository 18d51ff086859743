//! The REST interface as a script uses it: one HTTPS request a connection, JSON in and out.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::tls::{Endpoint, SERVER_NAME};
use crate::{PATIENCE, within};

/// A user of the REST interface; without a token until it logs in.
#[derive(Debug, Clone)]
pub struct Api {
    hub: Endpoint,
    token: Option<String>,
}

/// What the hub answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as JSON, if the status is the wanted one; else an error with the problem in it.
    pub fn expect(&self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "expected {status}, got {}: {}", self.status, String::from_utf8_lossy(&self.body));
        Ok(self.json())
    }
}

impl Api {
    /// Nobody: no token.
    pub fn new(hub: &Endpoint) -> Self {
        Self { hub: hub.clone(), token: None }
    }

    /// A program with a token that was made for it.
    pub fn with_token(hub: &Endpoint, token: &str) -> Self {
        Self { hub: hub.clone(), token: Some(token.to_owned()) }
    }

    /// Logs a technician or viewer in.
    pub async fn login(hub: &Endpoint, username: &str, password: &str) -> Result<Self> {
        Self::log_in_at("/api/login", hub, username, password).await
    }

    /// Logs the account `admin` in.
    pub async fn admin(hub: &Endpoint, password: &str) -> Result<Self> {
        Self::log_in_at("/api/admin/login", hub, "admin", password).await
    }

    async fn log_in_at(path: &str, hub: &Endpoint, username: &str, password: &str) -> Result<Self> {
        let body = json!({"username": username, "password": password});
        let answer = Self::new(hub).post(path, &body).await?.expect(200).with_context(|| format!("logging {username} in"))?;
        let token = answer.get("token").and_then(Value::as_str).context("the answer to the log-in holds no token")?;
        Ok(Self { hub: hub.clone(), token: Some(token.to_owned()) })
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.request(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.request(Method::POST, path, &[], Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Result<Reply> {
        self.request(Method::PUT, path, &[], Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<Reply> {
        self.request(Method::PATCH, path, &[], Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Result<Reply> {
        self.request(Method::DELETE, path, &[], None).await
    }

    /// A JSON request with headers of one's own.
    pub async fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Result<Reply> {
        let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let mut all = headers.to_vec();
        if body.is_some() {
            all.push((CONTENT_TYPE.as_str(), "application/json"));
        }
        self.raw(method, path, &all, bytes).await
    }

    /// Any bytes under any content type.
    pub async fn raw(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Bytes) -> Result<Reply> {
        let mut request = Request::builder().method(method.clone()).uri(path).header(HOST, SERVER_NAME).header(CONNECTION, "close");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(client) = self.hub.named {
            request = request.header("x-forwarded-for", client.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body))?;
        within(PATIENCE, &format!("{method} {path}"), exchange(&self.hub, request)).await
    }
}

/// An answer that goes on, read piece by piece.
#[derive(Debug)]
pub struct Stream {
    body: hyper::body::Incoming,
    read: String,
    driver: tokio::task::JoinHandle<hyper::Result<()>>,
}

impl Api {
    /// A request whose answer goes on.
    pub async fn stream(&self, path: &str) -> Result<Stream> {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(self.hub.dial().await?)).await?;
        let driver = tokio::spawn(connection);
        let request = Request::builder().uri(path).header(HOST, SERVER_NAME).body(Full::new(Bytes::new()))?;
        let answer = within(PATIENCE, path, async { sender.send_request(request).await.context("no answer") }).await?;
        ensure!(answer.status() == 200, "expected 200, got {}", answer.status());
        Ok(Stream { body: answer.into_body(), read: String::new(), driver })
    }
}

impl Stream {
    /// Everything from the last time until this text and what came with it.
    pub async fn until(&mut self, text: &str) -> Result<String> {
        while !self.read.contains(text) {
            let frame =
                within(PATIENCE, text, async { self.body.frame().await.context("the answer ended")?.context("the answer broke off") });
            if let Ok(data) = frame.await?.into_data() {
                self.read.push_str(&String::from_utf8_lossy(&data));
            }
        }
        Ok(std::mem::take(&mut self.read))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

async fn exchange(hub: &Endpoint, request: Request<Full<Bytes>>) -> Result<Reply> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(hub.dial().await?)).await?;
    // Ends with the request: the connection serves only this one.
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.context("no answer")?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.into_body().collect().await.context("the answer ended early")?.to_bytes();
    drop(sender);
    driver.abort();
    Ok(Reply { status, headers, body })
}
