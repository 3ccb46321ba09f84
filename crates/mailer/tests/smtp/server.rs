//! The mail server of the tests, a real one in a process of its own; and one that is none.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// No step of a test takes longer, unless something is broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; ends with the test.
pub(crate) struct Server {
    pub(crate) port: u16,
    mails: UnboundedReceiver<Value>,
    _child: Child,
    _reader: JoinSet<()>,
    _folder: Option<TempDir>,
    /// The root certificate, where it has TLS.
    pub(crate) ca_pem: Option<Vec<u8>>,
}

impl Server {
    /// Starts one without TLS and with the faults that are asked for.
    pub(crate) async fn plain(wanted: Value) -> Self {
        Self::start(wanted, None, None).await
    }

    /// Starts one with TLS: `starttls` or `implicit`.
    pub(crate) async fn with_tls(security: &str, mut wanted: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (ca, certificate, key) = certificates();
        let paths = [("certificate", certificate), ("key", key)].map(|(name, pem)| {
            let path = folder.path().join(name);
            std::fs::write(&path, pem).unwrap();
            (name, path)
        });
        for (name, path) in paths {
            wanted[name] = json!(path);
        }
        wanted["security"] = json!(security);
        Self::start(wanted, Some(folder), Some(ca.into_bytes())).await
    }

    async fn start(wanted: Value, folder: Option<TempDir>, ca_pem: Option<Vec<u8>>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/server.py");
        let mut child = Command::new(python().await)
            .arg(script)
            .arg(wanted.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // Read as it comes: a full pipe would stop the server in the middle of a mail.
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, mails) = unbounded_channel();
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                drop(sender.send(serde_json::from_str(&line).unwrap()));
            }
        });
        let mut server = Self {
            port: 0,
            mails,
            _child: child,
            _reader: reader,
            _folder: folder,
            ca_pem,
        };
        server.port = u16::try_from(server.next().await["port"].as_u64().unwrap()).unwrap();
        server
    }

    /// The next mail that it took over.
    pub(crate) async fn next(&mut self) -> Value {
        timeout(PATIENCE, self.mails.recv())
            .await
            .expect("the server says nothing")
            .expect("the server ended")
    }
}

/// A Python with aiosmtpd, which `scripts/smtp-python` finds or makes; a test without one fails.
async fn python() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/smtp-python");
    let output = Command::new(script)
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    assert!(
        output.status.success(),
        "scripts/smtp-python found no Python with aiosmtpd"
    );
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end())
}

/// A root, a certificate of 127.0.0.1 and localhost under it, and its key, in PEM.
fn certificates() -> (String, String, String) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let issuer = Issuer::new(ca, ca_key);
    let leaf = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    (ca_pem, leaf.pem(), key.serialize_pem())
}

/// Something that listens, greets with these bytes (perhaps none) and says nothing more; its port.
pub(crate) async fn dumb(greeting: &'static [u8]) -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            drop(stream.write_all(greeting).await);
            open.push(stream);
        }
    });
    (port, tasks)
}
