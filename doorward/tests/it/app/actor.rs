//! A client of the application, and the answers it gets.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{app::PASSWORD, documented::Documented};

/// A client that sends requests to an application.
#[derive(Clone)]
pub(crate) struct Actor<'a> {
    router: &'a Router,
    documented: &'a Documented,
    /// Sent with every request.
    headers: HeaderMap,
    /// The address of the connection, if the host tells it.
    peer: Option<SocketAddr>,
    /// The cookies that answers have set.
    pub(crate) cookies: BTreeMap<String, String>,
}

impl<'a> Actor<'a> {
    /// A client without headers. Its answers are compared with the document.
    pub(crate) fn new(router: &'a Router, documented: &'a Documented) -> Self {
        Self { router, documented, headers: HeaderMap::new(), peer: None, cookies: BTreeMap::new() }
    }

    /// Connects from this address.
    pub(crate) fn from(self, peer: &str) -> Self {
        Self { peer: Some(SocketAddr::new(peer.parse().unwrap(), 4711)), ..self }
    }

    /// Sends this header with every request, instead of others of this name.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    /// The `Authorization` header that it sends, if any.
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.headers.get("authorization")?.to_str().ok()
    }

    /// Stops sending these headers.
    pub(crate) fn without<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        names.for_each(|name| drop(self.headers.remove(name)));
        self
    }

    /// Sends this header in addition to others of this name.
    pub(crate) fn another_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, value.parse().unwrap());
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, "").await
    }

    pub(crate) async fn head(&mut self, path: &str) -> Answer {
        self.send(Method::HEAD, path, None, "").await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string()).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string()).await
    }

    pub(crate) async fn delete(&mut self, path: &str, body: Option<Value>) -> Answer {
        match body {
            Some(body) => self.send(Method::DELETE, path, Some("application/json"), body.to_string()).await,
            None => self.send(Method::DELETE, path, None, "").await,
        }
    }

    /// Posts a form.
    pub(crate) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body).await
    }

    /// Registers by `POST /register`.
    pub(crate) async fn register(&mut self, email: &str, password: &str) -> Answer {
        self.post("/auth/register", json!({"email": email, "password": password})).await
    }

    /// Logs in by `POST /login`.
    pub(crate) async fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/auth/login", json!({"email": email, "password": password})).await
    }

    /// Asks for a token by `POST /token`.
    pub(crate) async fn request_token(&mut self, email: &str, password: &str) -> Answer {
        self.form("/auth/token", &[("username", email), ("password", password)]).await
    }

    /// Logs out by `POST /logout`.
    pub(crate) async fn log_out(&mut self) -> Answer {
        self.post("/auth/logout", json!({})).await
    }

    /// Changes the password by `POST /password`.
    pub(crate) async fn change_password(&mut self, current: &str, new: &str) -> Answer {
        self.post("/auth/password", json!({"current_password": current, "new_password": new})).await
    }

    /// Changes the address by `PATCH /me`, with [`PASSWORD`].
    pub(crate) async fn change_email(&mut self, email: &str) -> Answer {
        self.patch("/auth/me", json!({"email": email, "current_password": PASSWORD})).await
    }

    /// Deletes the account by `DELETE /me`.
    pub(crate) async fn delete_account(&mut self, password: &str) -> Answer {
        self.delete("/auth/me", Some(json!({"current_password": password}))).await
    }

    /// The sessions of the user, by `GET /sessions`.
    pub(crate) async fn sessions(&mut self) -> Vec<Value> {
        let answer = self.get("/auth/sessions").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json().as_array().unwrap().clone()
    }

    /// Returns `true` if the session is accepted. The actor itself stays as it is.
    pub(crate) async fn is_logged_in(&self) -> bool {
        match self.clone().get("/auth/me").await.status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("unexpected status {other}"),
        }
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
        request.headers_mut().extend(self.headers.clone());
        if let Some(content_type) = content_type {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        }
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().append(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        self.raw(request).await
    }

    /// Sends a `GET` and returns the raw body, which may be compressed.
    pub(crate) async fn get_bytes(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        request.headers_mut().extend(self.headers.clone());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let headers = response.headers().clone();
        (headers, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    }

    /// Sends a request as it is.
    pub(crate) async fn raw(&mut self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let answer = Answer::of(response).await;
        // A program continues with the new token.
        if path == "/auth/password" && answer.status == StatusCode::OK {
            let token = answer.token();
            self.headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        self.documented.check(&method, &path, answer.status, &answer.headers, &answer.text);
        answer
    }
}

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Self { status, headers, text: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {:?}", self.text))
    }

    /// The code of an error. Asserts that it is a valid problem document.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["detail"].is_string());
        problem["code"].as_str().unwrap().to_owned()
    }

    /// The names of the fields that are wrong.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.text);
        let errors = self.json()["errors"].as_array().expect("a list of fields").clone();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }

    /// The token that `POST /token` or `POST /password` gave.
    #[track_caller]
    pub(crate) fn token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// The seconds after which the client may try again.
    #[track_caller]
    pub(crate) fn retry_after(&self) -> u64 {
        self.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap()
    }

    /// Asserts that a link or code was refused.
    #[track_caller]
    pub(crate) fn assert_invalid_link(&self) {
        assert_eq!((self.status, &*self.code()), (StatusCode::BAD_REQUEST, "invalid_link"));
    }

    /// Asserts that this is the answer while the database cannot be used.
    #[track_caller]
    pub(crate) fn assert_unavailable(&self) {
        assert_eq!(self.status, StatusCode::SERVICE_UNAVAILABLE, "{}", self.text);
        assert!((1..=4).contains(&self.retry_after()));
    }
}
