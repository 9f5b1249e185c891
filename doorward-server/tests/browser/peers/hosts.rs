//! Two hosts with TLS: one for Doorward, one for an app of somebody else.

use std::{path::PathBuf, process::Command};

use axum::{Router, body::Body, extract::State, http::HeaderValue, response::Response};
use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::{
    chromium::Chromium,
    peers::alone::run,
    people::{ANN, PASSWORD},
    server::Server,
    tls::Tls,
};

/// The host of Doorward, and its address.
pub(super) const ACCOUNTS: (&str, &str) = ("accounts.example.org", "10.0.0.1");

/// The host of the app, and its address.
pub(super) const WIKI: (&str, &str) = ("wiki.example.net", "10.0.0.2");

/// The name of Ann. An app must write it as it is, and as a text.
pub(super) const NAME: &str = "Zoë <Ann> O'Hara & Sons";

/// Both hosts, and Doorward on the first one. Ann has an account there.
pub(super) struct Hosts {
    /// Holds the certificates.
    pub(super) folder: TempDir,
    _server: Server,
}

impl Hosts {
    /// Starts Doorward with this `doorward.toml`.
    pub(super) async fn start(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/peers/authority.bash");
        run("bash", &[authority, folder.path().to_str().unwrap(), ACCOUNTS.0, WIKI.0]);
        let line = |(name, address): (&str, &str)| format!("{address} {name}\n");
        let names = ["127.0.0.1 localhost\n", &line(ACCOUNTS), &line(WIKI)].concat();
        std::fs::write(path("names"), names).unwrap();
        run("mount", &["--bind", &path("names"), "/etc/hosts"]);
        run("mount", &["--bind", &path("ca.pem"), "/etc/ssl/certs/ca-certificates.crt"]);

        let public_url = format!("https://{}", ACCOUNTS.0);
        let server = Server::with_file(file, &[("PUBLIC_URL", &public_url), ("LOG", "error")]);
        server.register(ANN, PASSWORD);
        server.name(ANN, PASSWORD, NAME);
        let hosts = Self { folder, _server: server };
        hosts.lead(ACCOUNTS.1, hosts._server.address()).await;
        hosts
    }

    /// Leads the host of the app to a port of this machine.
    pub(super) async fn lead_wiki_to(&self, port: u16) {
        self.lead(WIKI.1, format!("127.0.0.1:{port}")).await;
    }

    /// Speaks TLS at the port 443 of an address, and passes each request on.
    async fn lead(&self, address: &str, to: String) {
        let front = Tls::bind_to(&format!("{address}:443")).await;
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let certificate = CertificateDer::from_pem_file(self.file("hosts.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(self.file("hosts.key")).unwrap();
        front.lead_with(certificate, key, proxy.local_addr().unwrap().to_string());
        let routes = Router::new().fallback(pass_on).with_state(to);
        tokio::spawn(async move { axum::serve(proxy, routes).await });
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets a program trust the authority.
    pub(super) fn trusted_by<'a>(&self, program: &'a mut Command) -> &'a mut Command {
        let authority = self.file("ca.pem");
        // The first is for the library `ssl` of Python, the second for `requests`, the third for Node.js.
        let names = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
        program.envs(names.map(|name| (name, &authority)))
    }

    /// Launches a browser that trusts the certificate of both hosts.
    pub(super) async fn browser(&self) -> Chromium {
        let key = std::fs::read_to_string(self.file("spki")).unwrap();
        Chromium::launch_with(&[&format!("ignore-certificate-errors-spki-list={}", key.trim())]).await
    }
}

/// Passes a request on, and says that it came over TLS, as a proxy does.
async fn pass_on(State(to): State<String>, mut request: axum::extract::Request) -> Response {
    request.headers_mut().insert("x-forwarded-proto", HeaderValue::from_static("https"));
    let stream = TcpStream::connect(to).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender.send_request(request).await.unwrap().map(Body::new)
}
