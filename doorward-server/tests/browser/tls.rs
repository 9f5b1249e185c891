//! TLS before a server or an app, as the proxy of an operator speaks it. Without a certificate for it, the browser must ignore
//! who signed the one that it gets.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig, crypto,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// A port that speaks TLS as soon as it is told where to.
pub(crate) struct Tls {
    listener: TcpListener,
    pub(crate) port: u16,
}

impl Tls {
    pub(crate) async fn bind() -> Self {
        Self::bind_to("127.0.0.1:0").await
    }

    /// Binds to an address of this machine with its port.
    pub(crate) async fn bind_to(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        Self { listener, port }
    }

    /// Passes the bytes of each connection on to `address`, which speaks plain HTTP.
    pub(crate) fn lead_to(self, address: String) {
        let (certificate, key) = self_signed();
        self.lead_with(certificate, key, address);
    }

    /// The same with a certificate for the names of the port.
    pub(crate) fn lead_with(
        self,
        certificate: CertificateDer<'static>,
        key: PrivateKeyDer<'static>,
        address: String,
    ) {
        let acceptor = acceptor(certificate, key);
        tokio::spawn(async move {
            while let Ok((stream, _)) = self.listener.accept().await {
                let (acceptor, address) = (acceptor.clone(), address.clone());
                tokio::spawn(async move {
                    let mut outside = acceptor.accept(stream).await?;
                    let mut inside = TcpStream::connect(address).await?;
                    copy_bidirectional(&mut outside, &mut inside).await
                });
            }
        });
    }
}

fn self_signed() -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    (certificate.into(), PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
}

fn acceptor(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
