//! The registry of the tests: Debian's, in a process of its own and with a folder of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use changegate_registry::{Certificate, Digest};
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::issuer::Issuer;

pub(crate) const USER: &str = "robot";
pub(crate) const PASSWORD: &str = "correct-horse-battery";
/// The user and the password's hash, with little work in it.
const HTPASSWD: &str = "robot:$2b$04$abcdefghijklmnopqrstuupOWRSKKNe562z1DsLEArFuJDHVyRIMa\n";

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";

/// No step of a test takes longer, unless something is broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running registry; ends with the test.
pub(crate) struct Registry {
    /// As images name it.
    pub(crate) host: String,
    pub(crate) base: Url,
    /// What its certificate is signed by, where it has TLS.
    pub(crate) roots: Vec<Certificate>,
    http: reqwest::Client,
    /// For pushing, where a token is needed.
    token: Option<String>,
    child: Child,
    _log: JoinSet<()>,
    _folder: TempDir,
}

impl Registry {
    pub(crate) async fn plain() -> Self {
        Self::start("", false, None).await
    }

    pub(crate) async fn with_password() -> Self {
        Self::start(
            "auth: {htpasswd: {realm: tests, path: FOLDER/htpasswd}}\n",
            false,
            None,
        )
        .await
    }

    pub(crate) async fn with_tls() -> Self {
        Self::start("", true, None).await
    }

    pub(crate) async fn with_tokens(issuer: &Issuer) -> Self {
        Self::start(&issuer.configuration(), false, Some(issuer)).await
    }

    pub(crate) async fn with_tls_and_tokens(issuer: &Issuer) -> Self {
        Self::start(&issuer.configuration(), true, Some(issuer)).await
    }

    async fn start(auth: &str, tls: bool, issuer: Option<&Issuer>) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("htpasswd", HTPASSWD);
        if let Some(issuer) = issuer {
            write("issuer.pem", &issuer.certificate.pem());
        }
        let mut roots = Vec::new();
        let mut configuration = format!(
            "version: 0.1\nlog: {{level: info}}\n{auth}storage:\n  filesystem: {{rootdirectory: FOLDER/data}}\n  \
             delete: {{enabled: true}}\nhttp:\n  addr: 127.0.0.1:0\n  secret: of-the-tests\n"
        );
        if tls {
            let (root, certificate, key) = certificates();
            write("tls.pem", &certificate);
            write("tls.key", &key);
            configuration += "  tls: {certificate: FOLDER/tls.pem, key: FOLDER/tls.key}\n";
            roots.push(Certificate::from_pem(root.as_bytes()).unwrap());
        }
        let path = folder.path().display().to_string();
        write("config.yml", &configuration.replace("FOLDER", &path));
        let mut child = spawn(&folder.path().join("config.yml"));
        // Read to the end: a full pipe would stop the server.
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = address(&mut lines).await;
        let mut log = JoinSet::new();
        log.spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let scheme = if tls { "https" } else { "http" };
        Self {
            base: format!("{scheme}://{address}").parse().unwrap(),
            host: address,
            http: changegate_registry::http_client(&roots).unwrap(),
            roots,
            token: issuer.map(|issuer| issuer.token("trade/order-service", &["pull", "push"])),
            child,
            _log: log,
            _folder: folder,
        }
    }

    /// Ends it, and waits until it has ended.
    pub(crate) async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Pushes an image of one platform; its digest.
    pub(crate) async fn push(&self, repository: &str, tag: &str, content: &str) -> Digest {
        self.push_blob(repository, &config(content)).await;
        self.push_manifest(repository, tag, MANIFEST, manifest(content))
            .await
    }

    /// Pushes an index over an image that is there already; the index's digest.
    pub(crate) async fn push_index(&self, repository: &str, tag: &str, content: &str) -> Digest {
        let manifest = manifest(content);
        let (digest, size) = (Digest::of(manifest.as_bytes()), manifest.len());
        let index = format!(
            r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"{MANIFEST}","size":{size},"digest":"{digest}","platform":{{"architecture":"amd64","os":"linux"}}}}]}}"#
        );
        self.push_manifest(repository, tag, INDEX, index).await
    }

    /// Deletes a manifest, and with it the tags that stand for it.
    pub(crate) async fn delete(&self, repository: &str, digest: &Digest) {
        let path = format!("/v2/{repository}/manifests/{digest}");
        self.send(self.request(Method::DELETE, &path), StatusCode::ACCEPTED)
            .await;
    }

    async fn push_blob(&self, repository: &str, blob: &str) {
        let path = format!("/v2/{repository}/blobs/uploads/");
        let started = self
            .send(self.request(Method::POST, &path), StatusCode::ACCEPTED)
            .await;
        let mut upload: Url = started.headers()["location"].to_str().unwrap().parse().unwrap();
        upload
            .query_pairs_mut()
            .append_pair("digest", Digest::of(blob.as_bytes()).as_str());
        let path = format!("{}?{}", upload.path(), upload.query().unwrap());
        let request = self.request(Method::PUT, &path).body(blob.to_owned());
        self.send(request, StatusCode::CREATED).await;
    }

    async fn push_manifest(&self, repository: &str, tag: &str, kind: &str, manifest: String) -> Digest {
        let digest = Digest::of(manifest.as_bytes());
        let path = format!("/v2/{repository}/manifests/{tag}");
        let request = self.request(Method::PUT, &path).header("content-type", kind);
        self.send(request.body(manifest), StatusCode::CREATED).await;
        digest
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.base.join(path).unwrap());
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request.basic_auth(USER, Some(PASSWORD)),
        }
    }

    async fn send(&self, request: RequestBuilder, expected: StatusCode) -> reqwest::Response {
        let response = request.send().await.unwrap();
        let status = response.status();
        assert!(
            status == expected,
            "{status} instead of {expected}: {}",
            response.text().await.unwrap()
        );
        response
    }
}

fn config(content: &str) -> String {
    format!(r#"{{"architecture":"amd64","os":"linux","author":"{content}"}}"#)
}

fn manifest(content: &str) -> String {
    let config = config(content);
    let (digest, size) = (Digest::of(config.as_bytes()), config.len());
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"{CONFIG}","size":{size},"digest":"{digest}"}},"layers":[]}}"#
    )
}

fn spawn(configuration: &Path) -> Child {
    Command::new("docker-registry")
        .arg("serve")
        .arg(configuration)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!("docker-registry does not start ({error}); install it: apt-get install docker-registry")
        })
}

/// Where it listens, once it says so.
async fn address(lines: &mut Lines<BufReader<ChildStderr>>) -> String {
    let mut log = String::new();
    loop {
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.expect("docker-registry says nothing").unwrap();
        let Some(line) = line else {
            panic!("docker-registry ended:\n{log}");
        };
        if let Some((_, rest)) = line.split_once("listening on ") {
            return rest.split(['"', ',']).next().unwrap().to_owned();
        }
        log += &line;
        log.push('\n');
    }
}

/// A root, a certificate of 127.0.0.1 under it, and its key, in PEM.
fn certificates() -> (String, String, String) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::new(root, root_key);
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    (root_pem, leaf.pem(), key.serialize_pem())
}
