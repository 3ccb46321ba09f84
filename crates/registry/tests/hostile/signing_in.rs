//! Registries and token services that want to be told more than they may know.

use changegate_registry::{Error, ErrorClass, Host};

use crate::stand::{Reply, Stand, Stranger, bare, http};
use crate::{DIGEST, IMPATIENCE, PASSWORD, PATIENCE, announcing, client, digest, host, image};

/// A registry that wants a token, and is its own token service unless the realm is another.
async fn wanting_a_token(realm: Option<&str>, token: Reply) -> Stand {
    let realm = realm.map(str::to_owned);
    Stand::start(move |request, _| {
        if request.starts_with("GET /token") {
            return token.clone();
        }
        if request.contains("Bearer a-token") {
            return bare("200 OK", &announcing(DIGEST));
        }
        let host = request
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap();
        let own = format!("http://{host}/token?old=1");
        unauthorized(&format!(
            r#"Bearer realm="{}",service="r",scope="repository:other/one:pull,push""#,
            realm.as_deref().unwrap_or(&own)
        ))
    })
    .await
}

fn unauthorized(challenge: &str) -> Reply {
    bare("401 Unauthorized", &format!("www-authenticate: {challenge}\r\n"))
}

fn token(body: &str) -> Reply {
    http("200 OK", "", body)
}

fn tokens_asked_for(stand: &Stand) -> usize {
    let asked = stand.asked();
    asked.iter().filter(|line| line.starts_with("GET /token")).count()
}

#[tokio::test]
async fn the_registry_names_neither_place_nor_scope_of_a_token() {
    let stranger = Stranger::new();
    for realm in [
        format!("http://{}/token", stranger.host),
        format!("https://{}/token", stranger.host),
        format!("http://user:pass@{}/token", stranger.host),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1:6379/_x".to_owned(),
        "http://169.254.169.254/latest/".to_owned(),
    ] {
        let stand = wanting_a_token(Some(&realm), Reply::Silence).await;
        let error = digest(&stand).await.unwrap_err();
        assert!(matches!(error, Error::TokenHost { .. }), "{error}");
        assert_eq!(stand.asked().len(), 1);
    }
    stranger.was_left_alone();

    let stand = wanting_a_token(None, token(r#"{"token":"a-token"}"#)).await;
    digest(&stand).await.unwrap();
    assert_eq!(
        stand.asked()[1],
        "GET /token?old=1&service=r&scope=repository%3Atrade%2Forder-service%3Apull"
    );
}

#[tokio::test]
async fn a_token_service_that_redirects_is_not_followed() {
    let stranger = Stranger::new();
    let redirect = bare(
        "307 Temporary",
        &format!("location: http://{}/\r\n", stranger.host),
    );
    let stand = wanting_a_token(None, redirect).await;
    let redirected = Error::Redirected {
        host: stand.host.clone(),
    };
    assert_eq!(digest(&stand).await, Err(redirected));
    stranger.was_left_alone();
}

#[tokio::test]
async fn a_token_service_with_a_strange_answer_gives_no_token() {
    let page = "<html><form action=/login>".to_owned();
    let large = format!(r#"{{"token":"a-token","more":"{}"}}"#, "x".repeat(1024 * 1024));
    for (reply, expected) in [
        (token(&large), ErrorClass::TooLarge),
        (token(&page), ErrorClass::BadAnswer),
        (token("{}"), ErrorClass::BadAnswer),
        (token(r#"{"token":"a\r\nhost: evil"}"#), ErrorClass::BadAnswer),
        (bare("204 No Content", ""), ErrorClass::Refused),
        (http("401 Unauthorized", "", ""), ErrorClass::Auth),
        (http("403 Forbidden", "", ""), ErrorClass::Auth),
        (http("429 Too Many Requests", "", ""), ErrorClass::Passing),
        (http("500 Oops", "", &page), ErrorClass::Passing),
        (Reply::Reset, ErrorClass::Passing),
    ] {
        let stand = wanting_a_token(None, reply).await;
        let error = digest(&stand).await.unwrap_err();
        assert_eq!(error.class(), expected, "{error}");
    }
    for reply in [
        Reply::Silence,
        Reply::Drip("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"),
    ] {
        let stand = wanting_a_token(None, reply).await;
        let error = client(host(&stand), IMPATIENCE)
            .digest(&image(&stand))
            .await
            .unwrap_err();
        assert!(error.is_passing(), "{error}");
    }
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end() {
    for (life, expected) in [(60, 1), (5, 2)] {
        let body = format!(r#"{{"token":"a-token","expires_in":{life}}}"#);
        let stand = wanting_a_token(None, token(&body)).await;
        let client = client(host(&stand), PATIENCE);
        client.digest(&image(&stand)).await.unwrap();
        client.clone().digest(&image(&stand)).await.unwrap();
        assert_eq!(tokens_asked_for(&stand), expected, "{life}");
    }
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_the_end() {
    let stand = wanting_a_token(None, token(r#"{"token":"another"}"#)).await;
    let client = client(host(&stand), PATIENCE);
    let unauthorized = Error::Unauthorized {
        host: stand.host.clone(),
    };
    assert_eq!(client.digest(&image(&stand)).await, Err(unauthorized.clone()));
    assert_eq!(stand.asked().len(), 3);
    // It is not kept either.
    assert_eq!(client.digest(&image(&stand)).await, Err(unauthorized));
    assert_eq!(stand.asked().len(), 6);
}

#[tokio::test]
async fn a_kept_token_that_is_refused_is_replaced() {
    let stand = Stand::start(|request, before| match before {
        _ if request.starts_with("GET /token") => token(&format!(r#"{{"token":"token-{before}"}}"#)),
        2 | 5 => bare("200 OK", &announcing(DIGEST)),
        _ => {
            let host = request
                .lines()
                .find_map(|line| line.strip_prefix("host: "))
                .unwrap();
            unauthorized(&format!(r#"Bearer realm="http://{host}/token""#))
        }
    })
    .await;
    let client = client(host(&stand), PATIENCE);
    client.digest(&image(&stand)).await.unwrap();
    client.digest(&image(&stand)).await.unwrap();
    let heads = stand.heads();
    assert!(heads[2].contains("Bearer token-1"), "{}", heads[2]);
    assert!(heads[3].contains("Bearer token-1"), "{}", heads[3]);
    assert!(heads[5].contains("Bearer token-4"), "{}", heads[5]);
}

#[tokio::test]
async fn nobody_signs_in_without_being_asked_or_without_a_password() {
    let stand = Stand::always(bare("200 OK", &announcing(DIGEST))).await;
    digest(&stand).await.unwrap();
    assert!(!stand.heads()[0].contains("authorization"));

    for challenge in [r#"Basic realm="x""#, "Negotiate", "", "Bearer", "garbage, =,"] {
        let stand = Stand::always(unauthorized(challenge)).await;
        let anonymous = Host {
            user: None,
            password: None,
            ..host(&stand)
        };
        let refused = client(anonymous, PATIENCE).digest(&image(&stand)).await;
        let expected = Error::Unauthorized {
            host: stand.host.clone(),
        };
        assert_eq!(refused, Err(expected), "{challenge}");
        assert_eq!(stand.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_a_registry_repeats_of_our_secrets_gets_into_no_error() {
    // The token is of a kind that is not kept.
    let body = r#"{"token":"short-lived-token","expires_in":0}"#;
    for challenge in ["Basic", "Bearer"] {
        let stand = Stand::start(move |request, _| {
            if request.starts_with("GET /token") {
                return token(body);
            }
            let line = |name| request.lines().find_map(|line: &str| line.strip_prefix(name));
            let Some(proof) = line("authorization: ") else {
                let host = line("host: ").unwrap();
                return unauthorized(&format!(r#"{challenge} realm="http://{host}/token""#));
            };
            let said = format!("{proof} of robot:{PASSWORD} {}", "may not do this ".repeat(100));
            let body = format!(r#"{{"errors":[{{"code":"DENIED","message":"{said}"}}]}}"#);
            if request.starts_with("HEAD") {
                bare("403 Forbidden", "")
            } else {
                http("403 Forbidden", "", &body)
            }
        })
        .await;
        let error = digest(&stand).await.unwrap_err();
        let Error::Http { message, .. } = &error else {
            panic!("{error}");
        };
        let start = format!("DENIED: {challenge} *** of robot:*** may not do this");
        assert!(message.starts_with(&start), "{message}");
        assert_eq!(message.chars().count(), 300);
        assert_eq!(error.class(), ErrorClass::Auth);
    }
}
