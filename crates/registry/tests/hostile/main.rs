//! The client against registries that are broken or mean harm.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod signing_in;
mod stand;

use std::time::Duration;

use changegate_registry::{Client, Digest, Error, ErrorClass, Host, Reference, Settings, http_client};

use crate::stand::{Reply, Stand, Stranger, bare, http};

const PASSWORD: &str = "correct-horse-battery";
const MANIFEST: &str = r#"{"schemaVersion":2}"#;
/// Of no manifest here.
const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// How long a client waits for those that never answer in full.
const IMPATIENCE: Duration = Duration::from_millis(300);
/// How long a client waits for those that answer.
const PATIENCE: Duration = Duration::from_mins(1);

fn host(stand: &Stand) -> Host {
    Host {
        host: stand.host.clone(),
        api_base: format!("http://{}", stand.host).parse().unwrap(),
        user: Some("robot".to_owned()),
        password: Some(PASSWORD.to_owned().into()),
        token_hosts: Vec::new(),
    }
}

fn client(host: Host, timeout: Duration) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let settings = Settings {
        hosts: vec![host],
        timeout,
    };
    Client::new(settings, http_client(&[]).unwrap())
}

fn image(stand: &Stand) -> Reference {
    Reference::new(&stand.host, "trade/order-service", "1.4.2").unwrap()
}

async fn digest(stand: &Stand) -> Result<Option<Digest>, Error> {
    client(host(stand), PATIENCE).digest(&image(stand)).await
}

fn announcing(digest: &str) -> String {
    format!("docker-content-digest: {digest}\r\n")
}

#[tokio::test]
async fn who_never_answers_in_full_is_given_up() {
    let partial = "HTTP/1.1 404 Not Found\r\ncontent-length: 1000\r\n\r\n{";
    for (head, get) in [
        (Reply::Silence, Reply::Silence),
        (Reply::Drip("HTTP/1.1 200 "), Reply::Silence),
        (Reply::Drip("HTTP/1.1 200 OK\r\nx:"), Reply::Silence),
        (bare("404 Not Found", ""), Reply::Silence),
        (bare("404 Not Found", ""), Reply::Drip(partial)),
    ] {
        let stand = Stand::start(move |request, _| {
            if request.starts_with("HEAD") {
                head.clone()
            } else {
                get.clone()
            }
        })
        .await;
        let client = client(host(&stand), IMPATIENCE);
        let late = Error::Network {
            host: stand.host.clone(),
            message: "no answer in time".to_owned(),
        };
        assert_eq!(client.digest(&image(&stand)).await, Err(late.clone()));
        assert!(late.is_passing());
    }
    let stand = Stand::always(Reply::Silence).await;
    let error = client(host(&stand), IMPATIENCE)
        .ping(&stand.host)
        .await
        .unwrap_err();
    assert!(error.is_passing(), "{error}");
}

#[tokio::test]
async fn what_breaks_once_is_tried_again_and_what_breaks_twice_is_not() {
    for broken in [
        Reply::Reset,
        Reply::Bytes(Vec::new()),
        bare("503 Service Unavailable", ""),
    ] {
        let reply = broken.clone();
        let stand = Stand::start(move |_, before| match before {
            0 => reply.clone(),
            _ => bare("200 OK", &announcing(DIGEST)),
        })
        .await;
        assert_eq!(digest(&stand).await, Ok(Digest::parse(DIGEST)));
        assert_eq!(stand.asked().len(), 2);

        let stand = Stand::always(broken).await;
        let error = digest(&stand).await.unwrap_err();
        assert!(error.is_passing(), "{error}");
        assert_eq!(stand.asked().len(), 2);
    }
}

#[tokio::test]
async fn garbage_is_no_answer() {
    for garbage in [
        "!!\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\0\0\0\0",
    ] {
        let stand = Stand::always(Reply::Bytes(garbage.into())).await;
        let error = digest(&stand).await.unwrap_err();
        assert!(matches!(error, Error::Network { .. }), "{error}");
    }
}

#[tokio::test]
async fn too_much_is_not_read() {
    for endless in [
        "HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{",
    ] {
        let stand = Stand::start(move |request, _| {
            if request.starts_with("HEAD") {
                bare("200 OK", "")
            } else {
                Reply::Flood(endless)
            }
        })
        .await;
        let too_large = |max| Error::TooLarge {
            host: stand.host.clone(),
            max,
        };
        assert_eq!(digest(&stand).await, Err(too_large(4 * 1024 * 1024)));
        let pinged = client(host(&stand), PATIENCE).ping(&stand.host).await;
        assert_eq!(pinged, Err(too_large(64 * 1024)));
    }
    // A refusal keeps its status, however long its page is.
    let stand = Stand::always(Reply::Flood(
        "HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n<",
    ))
    .await;
    let error = client(host(&stand), PATIENCE)
        .ping(&stand.host)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), format!("{}: HTTP 403: Forbidden", stand.host));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let stranger = Stranger::new();
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        for target in [format!("http://{}/x", stranger.host), "/elsewhere".to_owned()] {
            let stand = Stand::always(bare(status, &format!("location: {target}\r\n"))).await;
            let redirected = Error::Redirected {
                host: stand.host.clone(),
            };
            assert_eq!(digest(&stand).await, Err(redirected.clone()));
            let pinged = client(host(&stand), PATIENCE).ping(&stand.host).await;
            assert_eq!(pinged, Err(redirected));
            assert_eq!(
                stand.asked(),
                ["HEAD /v2/trade/order-service/manifests/1.4.2", "GET /v2/"]
            );
        }
    }
    stranger.was_left_alone();
}

#[tokio::test]
async fn a_digest_that_cannot_be_read_is_measured() {
    for header in [
        "",
        "sha256:",
        "sha256:zz",
        "garbage",
        "sha512:00",
        "\u{1}",
        "../../etc/passwd",
    ] {
        let announced = announcing(header);
        let stand = Stand::start(move |request, _| {
            if request.starts_with("HEAD") {
                bare("200 OK", &announced)
            } else {
                http("200 OK", "", MANIFEST)
            }
        })
        .await;
        let measured = digest(&stand).await;
        // A control character is no header at all.
        if header == "\u{1}" {
            assert!(matches!(measured, Err(Error::Network { .. })), "{measured:?}");
        } else {
            assert_eq!(measured, Ok(Some(Digest::of(MANIFEST.as_bytes()))), "{header:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_manifest_has_no_digest() {
    let page = "<html><form action=/login>";
    for (headers, body, expected) in [
        ("content-type: text/html\r\n", page, "no manifest came"),
        ("", "", "no manifest came"),
        ("", "{}", "no manifest came"),
        ("", "[2]", "no manifest came"),
        ("", r#"{"schemaVersion":1}"#, "the manifest is not of version 2"),
        (
            &announcing(DIGEST),
            MANIFEST,
            "the manifest has another digest than the answer says",
        ),
    ] {
        let answer = http("200 OK", headers, body);
        let stand = Stand::start(move |request, _| {
            if request.starts_with("HEAD") {
                bare("200 OK", "")
            } else {
                answer.clone()
            }
        })
        .await;
        let error = Error::Answer {
            host: stand.host.clone(),
            message: expected.to_owned(),
        };
        assert_eq!(digest(&stand).await, Err(error.clone()));
        assert_eq!(error.class(), ErrorClass::BadAnswer);
    }
    let stand = Stand::always(http("200 OK", "", page)).await;
    let error = client(host(&stand), PATIENCE)
        .ping(&stand.host)
        .await
        .unwrap_err();
    assert_eq!(error.class(), ErrorClass::BadAnswer);
}

#[tokio::test]
async fn a_proxys_404_does_not_say_that_there_is_no_tag() {
    let stand = Stand::always(http("404 Not Found", "", "")).await;
    let error = digest(&stand).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{}: HTTP 404: Not Found", stand.host));
    assert_eq!(error.class(), ErrorClass::Refused);
}

#[tokio::test]
async fn a_registry_that_asks_for_fewer_questions_gets_no_second() {
    let stand = Stand::always(bare("429 Too Many Requests", "retry-after: 3600\r\n")).await;
    let error = digest(&stand).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}: HTTP 429: Too Many Requests", stand.host)
    );
    assert!(error.is_passing());
    assert_eq!(stand.asked().len(), 1);
}

#[tokio::test]
async fn only_configured_registries_are_asked() {
    let stranger = Stranger::new();
    let stand = Stand::always(bare("200 OK", &announcing(DIGEST))).await;
    let client = client(host(&stand), PATIENCE);
    assert!(client.knows(&stand.host));
    assert!(!client.knows(&stranger.host));
    let elsewhere = Reference::new(&stranger.host, "trade/order-service", "1.4.2").unwrap();
    let refused = Error::NotConfigured {
        host: stranger.host.clone(),
    };
    assert_eq!(client.digest(&elsewhere).await, Err(refused.clone()));
    assert_eq!(client.ping(&stranger.host).await, Err(refused.clone()));
    assert_eq!(refused.class(), ErrorClass::Configuration);
    stranger.was_left_alone();
}

#[tokio::test]
async fn an_address_keeps_its_path_and_gives_away_no_password_of_its_own() {
    let stand = Stand::always(bare("200 OK", &announcing(DIGEST))).await;
    let nested = Host {
        api_base: format!("http://user:{PASSWORD}@{}/proxy/?x=1#y", stand.host)
            .parse()
            .unwrap(),
        ..host(&stand)
    };
    assert!(!format!("{nested:?}").contains(PASSWORD));
    client(nested, PATIENCE).digest(&image(&stand)).await.unwrap();
    assert_eq!(
        stand.asked(),
        ["HEAD /proxy/v2/trade/order-service/manifests/1.4.2"]
    );
    assert!(!stand.heads()[0].to_lowercase().contains("authorization"));
}
