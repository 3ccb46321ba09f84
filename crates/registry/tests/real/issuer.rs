//! A token service whose tokens the real registry believes: JSON web tokens, signed with ES256.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, KeyPair, SigningKey as _};
use reqwest::Url;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::server::{PASSWORD, USER};

pub(crate) const SERVICE: &str = "registry of the tests";
const NAME: &str = "issuer-of-the-tests";
/// The year 2100.
const END: u64 = 4_102_444_800;

/// What somebody asked for.
pub(crate) struct Asked {
    pub(crate) query: HashMap<String, String>,
    pub(crate) with_password: bool,
}

/// A running service; ends with the test.
pub(crate) struct Issuer {
    pub(crate) host: String,
    pub(crate) certificate: Certificate,
    signer: Signer,
    asked: UnboundedReceiver<Asked>,
    _task: JoinSet<()>,
}

#[derive(Clone)]
struct Signer {
    key_pem: String,
    certificate: String,
}

impl Issuer {
    pub(crate) async fn start() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key).unwrap();
        let signer = Signer {
            key_pem: key.serialize_pem(),
            certificate: STANDARD.encode(certificate.der()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (sender, asked) = unbounded_channel();
        let mut task = JoinSet::new();
        task.spawn(serve(listener, signer.clone(), sender));
        Self {
            host,
            certificate,
            signer,
            asked,
            _task: task,
        }
    }

    /// What a registry's configuration says of this service.
    pub(crate) fn configuration(&self) -> String {
        format!(
            "auth: {{token: {{realm: 'http://{}/token', service: {SERVICE}, issuer: {NAME}, rootcertbundle: \
             FOLDER/issuer.pem}}}}\n",
            self.host
        )
    }

    /// A token that allows this.
    pub(crate) fn token(&self, repository: &str, actions: &[&str]) -> String {
        self.signer.token(repository, actions)
    }

    /// The next request that came in.
    pub(crate) async fn next(&mut self) -> Asked {
        timeout(Duration::from_mins(1), self.asked.recv())
            .await
            .expect("nobody asks for a token")
            .unwrap()
    }

    /// Whether all requests have been looked at.
    pub(crate) fn was_not_asked_again(&mut self) -> bool {
        self.asked.try_recv().is_err()
    }
}

impl Signer {
    fn token(&self, repository: &str, actions: &[&str]) -> String {
        let header = json!({"typ": "JWT", "alg": "ES256", "x5c": [self.certificate]});
        let claims = json!({
            "iss": NAME, "sub": USER, "aud": SERVICE, "exp": END, "nbf": 0, "iat": 0, "jti": "1",
            "access": [{"type": "repository", "name": repository, "actions": actions}],
        });
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let key = KeyPair::from_pem(&self.key_pem).unwrap();
        let signature = raw_signature(&key.sign(signed.as_bytes()).unwrap());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The two numbers of an ECDSA signature, 32 bytes each, out of its DER form.
fn raw_signature(der: &[u8]) -> Vec<u8> {
    let mut raw = Vec::new();
    // A sequence's tag and length come first, then twice an integer's tag, length and bytes.
    let mut rest = &der[2..];
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        raw.extend(std::iter::repeat_n(0, 32 - number.len()));
        raw.extend(number);
        rest = &rest[2 + length..];
    }
    raw
}

async fn serve(listener: TcpListener, signer: Signer, asked: UnboundedSender<Asked>) {
    while let Ok((stream, _)) = listener.accept().await {
        answer(stream, &signer, &asked).await;
    }
}

async fn answer(stream: TcpStream, signer: &Signer, asked: &UnboundedSender<Asked>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap() == 0 {
            return;
        }
    }
    let target = head.split(' ').nth(1).unwrap();
    let address = Url::parse("http://issuer").unwrap().join(target).unwrap();
    let query: HashMap<String, String> = address.query_pairs().into_owned().collect();
    let repository = query.get("scope").and_then(|scope| scope.split(':').nth(1));
    let token = signer.token(repository.unwrap_or_default(), &["pull"]);
    let sent = format!(
        "authorization: Basic {}",
        STANDARD.encode(format!("{USER}:{PASSWORD}"))
    );
    let with_password = head.lines().any(|line| line.eq_ignore_ascii_case(&sent));
    drop(asked.send(Asked { query, with_password }));
    let body = json!({"token": token, "expires_in": 300}).to_string();
    let reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(reply.as_bytes()).await.unwrap();
}
