//! TLS from two PEM files, for deployments without a proxy in front.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tessera_app::settings::Server;
use tokio_rustls::TlsAcceptor;

use crate::ending::Failure;

/// `None` if no files are set: then the listener speaks without TLS.
pub(super) fn acceptor(settings: &Server) -> Result<Option<TlsAcceptor>, Failure> {
    if settings.tls_certificate_file.is_empty() {
        return Ok(None);
    }
    let wrong = |file: &str, why: &dyn std::fmt::Display| Failure::usage(format!("{file}: {why}"));
    let certificate_file = settings.tls_certificate_file.as_str();
    let chain = CertificateDer::pem_file_iter(certificate_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(certificate_file, &error))?;
    let key = PrivateKeyDer::from_pem_file(&settings.tls_key_file)
        .map_err(|error| wrong(&settings.tls_key_file, &error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Failure::failed)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(certificate_file, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}
