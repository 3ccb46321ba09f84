//! Debian's image registry in a process of its own: it can be stopped, and started again where it was.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Method, StatusCode};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::setup::free_port;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";

pub(crate) struct DockerRegistry {
    /// As images name it.
    pub(crate) host: String,
    http: Client,
    folder: TempDir,
    process: Option<Child>,
}

impl DockerRegistry {
    /// A registry with nothing in it, which listens.
    pub(crate) fn start() -> Self {
        // What another test of this process installed before stays.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut registry = Self {
            host: format!("127.0.0.1:{}", free_port()),
            http: Client::builder().no_proxy().tls_certs_only([]).build().unwrap(),
            folder: tempfile::tempdir().unwrap(),
            process: None,
        };
        registry.start_again();
        registry
    }

    /// The section of the bot's configuration that names it.
    pub(crate) fn config(&self) -> String {
        format!("[registry]\nhosts = [\"http://{}\"]\n", self.host)
    }

    /// Starts it with what it holds, and waits until it listens.
    pub(crate) fn start_again(&mut self) {
        let file = self.folder.path().join("config.yml");
        let data = self.folder.path().join("data");
        let text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http: {{addr: \"{}\", secret: of-the-stories}}\n",
            data.display(),
            self.host
        );
        std::fs::write(&file, text).unwrap();
        let mut process = Command::new("docker-registry")
            .arg("serve")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "docker-registry does not start ({error}); install it: apt-get install docker-registry"
                )
            });
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let listens = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("listening on "));
        self.process = Some(process);
        assert!(listens, "docker-registry ended");
        // Read to the end: a full pipe would stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    }

    /// Ends it, and waits until it has ended.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Pushes an image of this content under a tag.
    pub(crate) async fn push(&self, repository: &str, tag: &str, content: &str) {
        let config = format!(r#"{{"architecture":"amd64","os":"linux","author":"{content}"}}"#);
        let (digest, size) = (digest(&config), config.len());
        let uploads = format!("/v2/{repository}/blobs/uploads/");
        let started = self
            .send(Method::POST, &uploads, "", String::new(), StatusCode::ACCEPTED)
            .await;
        let upload: url::Url = started.headers()["location"].to_str().unwrap().parse().unwrap();
        let mut place = format!("{}?{}", upload.path(), upload.query().unwrap());
        write!(place, "&digest={digest}").unwrap();
        self.send(
            Method::PUT,
            &place,
            "application/octet-stream",
            config,
            StatusCode::CREATED,
        )
        .await;
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"{CONFIG}","size":{size},"digest":"{digest}"}},"layers":[]}}"#
        );
        let place = format!("/v2/{repository}/manifests/{tag}");
        self.send(Method::PUT, &place, MANIFEST, manifest, StatusCode::CREATED)
            .await;
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: String,
        wanted: StatusCode,
    ) -> reqwest::Response {
        let request = self.http.request(method, format!("http://{}{path}", self.host));
        let answer = request
            .header("content-type", kind)
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), wanted, "{path}");
        answer
    }
}

impl Drop for DockerRegistry {
    fn drop(&mut self) {
        self.stop();
    }
}

fn digest(text: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(text)))
}
