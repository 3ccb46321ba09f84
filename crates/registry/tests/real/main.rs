//! The client against Debian's registry: plain, with a password, with TLS and with tokens.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop where it stands"
)]

mod issuer;
mod server;

use changegate_registry::{Client, Error, ErrorClass, Host, Reference, Settings, http_client};

use crate::issuer::Issuer;
use crate::server::{PASSWORD, Registry, USER};

fn image(registry: &Registry, repository: &str, tag: &str) -> Reference {
    Reference::new(&registry.host, repository, tag).unwrap()
}

fn host(registry: &Registry, password: Option<&str>) -> Host {
    Host {
        host: registry.host.clone(),
        api_base: registry.base.clone(),
        user: password.map(|_| USER.to_owned()),
        password: password.map(|password| password.to_owned().into()),
        token_hosts: Vec::new(),
    }
}

fn client(registry: &Registry, password: Option<&str>) -> Client {
    client_of(registry, host(registry, password))
}

fn client_of(registry: &Registry, host: Host) -> Client {
    Client::new(Settings::new(vec![host]), http_client(&registry.roots).unwrap())
}

#[tokio::test]
async fn a_tag_has_another_digest_once_it_is_pushed_again() {
    let registry = Registry::plain().await;
    let client = client(&registry, None);
    let release = image(&registry, "trade/order-service", "1.4.2");
    client.ping(&registry.host).await.unwrap();

    let first = registry.push("trade/order-service", "1.4.2", "first build").await;
    assert_eq!(client.digest(&release).await, Ok(Some(first.clone())));
    assert_eq!(client.digest(&release).await, Ok(Some(first.clone())));

    let second = registry
        .push("trade/order-service", "1.4.2", "second build")
        .await;
    assert_ne!(first, second);
    assert_eq!(client.digest(&release).await, Ok(Some(second.clone())));

    let third = registry.push("trade/order-service", "1.4.3", "third build").await;
    assert_eq!(client.digest(&release).await, Ok(Some(second)));
    let next = image(&registry, "trade/order-service", "1.4.3");
    assert_eq!(client.digest(&next).await, Ok(Some(third)));
}

#[tokio::test]
async fn what_is_missing_or_deleted_has_no_digest() {
    let registry = Registry::plain().await;
    let client = client(&registry, None);
    let digest = registry.push("trade/order-service", "1.4.2", "a build").await;
    let release = image(&registry, "trade/order-service", "1.4.2");
    assert_eq!(
        client
            .digest(&image(&registry, "trade/order-service", "1.4.9"))
            .await,
        Ok(None)
    );
    assert_eq!(
        client
            .digest(&image(&registry, "trade/nothing-here", "1.4.2"))
            .await,
        Ok(None)
    );
    assert_eq!(client.digest(&release).await, Ok(Some(digest.clone())));
    registry.delete("trade/order-service", &digest).await;
    assert_eq!(client.digest(&release).await, Ok(None));
}

#[tokio::test]
async fn an_image_for_several_platforms_has_the_digest_of_its_index() {
    let registry = Registry::plain().await;
    let of_platform = registry
        .push("trade/order-service", "1.4.2-amd64", "a build")
        .await;
    let of_index = registry
        .push_index("trade/order-service", "1.4.2", "a build")
        .await;
    assert_ne!(of_platform, of_index);
    let release = image(&registry, "trade/order-service", "1.4.2");
    assert_eq!(client(&registry, None).digest(&release).await, Ok(Some(of_index)));
}

#[tokio::test]
async fn a_registry_with_a_password_lets_its_user_in_and_nobody_else() {
    let registry = Registry::with_password().await;
    let digest = registry.push("trade/order-service", "1.4.2", "a build").await;
    let release = image(&registry, "trade/order-service", "1.4.2");

    let known = client(&registry, Some(PASSWORD));
    known.ping(&registry.host).await.unwrap();
    assert_eq!(known.digest(&release).await, Ok(Some(digest)));
    assert_eq!(
        known
            .digest(&image(&registry, "trade/order-service", "1.4.9"))
            .await,
        Ok(None)
    );

    for stranger in [None, Some("not-the-password")] {
        let stranger = client(&registry, stranger);
        let unauthorized = Error::Unauthorized {
            host: registry.host.clone(),
        };
        assert_eq!(stranger.digest(&release).await, Err(unauthorized.clone()));
        assert_eq!(stranger.ping(&registry.host).await, Err(unauthorized));
    }
}

#[tokio::test]
async fn a_certificate_is_taken_from_the_firms_own_root_and_from_no_other() {
    let registry = Registry::with_tls().await;
    let digest = registry.push("trade/order-service", "1.4.2", "a build").await;
    let release = image(&registry, "trade/order-service", "1.4.2");
    assert_eq!(client(&registry, None).digest(&release).await, Ok(Some(digest)));

    let stranger = Client::new(
        Settings::new(vec![host(&registry, None)]),
        http_client(&[]).unwrap(),
    );
    let error = stranger.digest(&release).await.unwrap_err();
    assert!(
        matches!(&error, Error::Network { message, .. } if message.contains("certificate")),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_is_fetched_with_the_password_and_for_reading_alone() {
    let mut issuer = Issuer::start().await;
    let registry = Registry::with_tokens(&issuer).await;
    let digest = registry.push("trade/order-service", "1.4.2", "a build").await;
    let release = image(&registry, "trade/order-service", "1.4.2");
    let known = client_of(
        &registry,
        Host {
            token_hosts: vec![issuer.host.clone()],
            ..host(&registry, Some(PASSWORD))
        },
    );
    assert_eq!(known.digest(&release).await, Ok(Some(digest.clone())));
    let asked = issuer.next().await;
    assert_eq!(asked.query["service"], issuer::SERVICE);
    assert_eq!(asked.query["scope"], "repository:trade/order-service:pull");
    assert!(asked.with_password);

    // The token is kept: the second question asks for none.
    assert_eq!(known.digest(&release).await, Ok(Some(digest)));
    assert_eq!(
        known
            .digest(&image(&registry, "trade/order-service", "1.4.9"))
            .await,
        Ok(None)
    );
    known.ping(&registry.host).await.unwrap();
    assert!(!issuer.next().await.query.contains_key("scope"));
    assert!(issuer.was_not_asked_again());
}

#[tokio::test]
async fn a_token_service_that_is_not_configured_hears_nothing() {
    let mut issuer = Issuer::start().await;
    // With TLS, even a configured one would be refused: the realm steps back to plain HTTP.
    for (registry, token_hosts) in [
        (Registry::with_tokens(&issuer).await, vec![]),
        (
            Registry::with_tls_and_tokens(&issuer).await,
            vec![issuer.host.clone()],
        ),
    ] {
        let host = Host {
            token_hosts,
            ..host(&registry, Some(PASSWORD))
        };
        let client = client_of(&registry, host);
        let release = image(&registry, "trade/order-service", "1.4.2");
        let error = client.digest(&release).await.unwrap_err();
        assert_eq!(
            error,
            Error::TokenHost {
                host: registry.host.clone(),
                realm: format!("http://{}", issuer.host),
            }
        );
        assert_eq!(error.class(), ErrorClass::Configuration);
        assert_eq!(client.ping(&registry.host).await, Err(error));
    }
    assert!(issuer.was_not_asked_again());
}

#[tokio::test]
async fn a_registry_that_is_gone_is_a_passing_trouble() {
    let registry = Registry::plain().await;
    let client = client(&registry, None);
    let release = image(&registry, "trade/order-service", "1.4.2");
    registry.stop().await;
    let error = client.digest(&release).await.unwrap_err();
    assert!(error.is_passing(), "{error}");
    assert!(matches!(error, Error::Network { .. }), "{error}");
}
