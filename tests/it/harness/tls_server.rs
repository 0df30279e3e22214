//! A server on loopback with TLS, and certificates of its own.

use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::web_server::{Reply, Stream, WebServer};

/// A certificate or key of the fixtures.
pub fn pem(name: &str) -> String {
    std::fs::read_to_string(format!("tests/fixtures/certificates/{name}.pem")).expect("a fixture")
}

/// A server for `home.example`, whose path `/` says a text.
pub fn tls_server(certificate: &str) -> WebServer {
    let chain = vec![CertificateDer::from_pem_slice(pem(certificate).as_bytes()).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_slice(pem("key").as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a key that fits");
    let config = Arc::new(config);
    let wrap = move |stream: TcpStream| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).ok()?;
        Some(Box::new(rustls::StreamOwned::new(connection, stream)) as Box<dyn Stream>)
    };
    let server = WebServer::start_with("https", &["127.0.0.1"], Arc::new(wrap));
    server.route("/", Reply::ok("the secret garden"));
    server
}
