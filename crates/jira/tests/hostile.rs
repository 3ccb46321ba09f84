//! The client against servers that are no good JIRA: nothing panics, nothing waits for long, nobody else is asked.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may fail the test")]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use changegate_jira::{Client, Error, ErrorClass, Looked, Settings, http_client};
use chrono::DateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a stand-in does with each connection, once it has read a request.
#[derive(Clone, Copy)]
enum Manner {
    /// Never says anything.
    Hang,
    /// Sends a byte, and another, and never ends.
    Drip,
    /// Closes at once.
    Close,
    /// Sends these bytes and closes.
    Say(&'static str),
    /// Promises a gigabyte and sends what is taken.
    Flood,
    /// Says this first, and answers properly from then on.
    First(&'static str),
}

struct StandIn {
    base: String,
    asked: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

const MYSELF: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 17\r\nconnection: close\r\n\r\n{\"name\": \"wulei\"}";

impl StandIn {
    async fn with(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/jira", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                connections.spawn(behave(stream, manner, number));
            }
        });
        Self {
            base,
            asked,
            _tasks: tasks,
        }
    }

    fn client(&self) -> Client {
        self.client_with(|settings| settings)
    }

    fn client_with(&self, change: impl FnOnce(Settings) -> Settings) -> Client {
        drop(rustls::crypto::ring::default_provider().install_default());
        let token = "a-token-that-nobody-may-see".to_owned().into();
        let settings = Settings {
            timeout: Duration::from_millis(300),
            backoff: Duration::from_millis(1),
            ..Settings::new(self.base.parse().unwrap(), token)
        };
        Client::new(change(settings), http_client().unwrap())
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn behave(mut stream: TcpStream, manner: Manner, number: usize) {
    let mut request = [0; 4096];
    drop(stream.read(&mut request).await);
    let words = match manner {
        Manner::Hang => return pending().await,
        Manner::Close => return,
        Manner::Drip => {
            drop(
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n")
                    .await,
            );
            let mut pace = tokio::time::interval(Duration::from_millis(20));
            while stream.write_all(b" ").await.is_ok() {
                pace.tick().await;
            }
            return;
        }
        Manner::Flood => {
            drop(
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
                    .await,
            );
            let block = vec![b' '; 65_536];
            while stream.write_all(&block).await.is_ok() {}
            return;
        }
        Manner::Say(words) => words,
        Manner::First(words) if number == 0 => words,
        Manner::First(_) => MYSELF,
    };
    drop(stream.write_all(words.as_bytes()).await);
    drop(stream.shutdown().await);
}

const LOGIN_PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html;charset=UTF-8\r\nconnection: close\r\n\r\n<html>Log in</html>";

#[tokio::test]
async fn whatever_answers_the_call_ends_with_words_for_people() {
    let silent = "JIRA 未及时答复";
    let gone = "JIRA 连接不上，或连接中断";
    let strange = "JIRA 返回了无法识别的内容（可能是登录页）";
    for (manner, words) in [
        (Manner::Hang, silent),
        (Manner::Drip, silent),
        (Manner::Close, gone),
        (Manner::Say("SSH-2.0-OpenSSH_9.2\r\n"), gone),
        (
            Manner::Say("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
            gone,
        ),
        (Manner::Say(LOGIN_PAGE), strange),
        (
            Manner::Say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\"\""),
            strange,
        ),
        (
            Manner::Say("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\0{]"),
            strange,
        ),
        (
            Manner::Say("HTTP/1.1 502 Bad\r\ncontent-length: 4\r\n\r\noops"),
            "JIRA 出错（502）",
        ),
    ] {
        let jira = StandIn::with(manner).await;
        let error = jira.client().myself().await.unwrap_err();
        assert_eq!(error.in_words(), words, "{error:?}");
        assert!(!format!("{error} {error:?}").contains("nobody-may-see"));
        let looked = jira
            .client()
            .facts(&["TRADE-1"], Duration::from_millis(200), DateTime::UNIX_EPOCH)
            .await;
        assert!(
            matches!(looked.get("TRADE-1"), Some(Looked::Unavailable(_))),
            "{looked:?}"
        );
    }
}

#[tokio::test]
async fn a_gigabyte_is_not_read() {
    let jira = StandIn::with(Manner::Flood).await;
    let patient = jira.client_with(|settings| Settings {
        timeout: Duration::from_secs(30),
        ..settings
    });
    let error = patient.myself().await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::TooLarge);
    assert_eq!(error.in_words(), "JIRA 返回的内容过大，未读取");
}

#[tokio::test]
async fn a_redirect_leads_nowhere_else() {
    let other = StandIn::with(Manner::Say(MYSELF)).await;
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}/login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        other.base
    );
    let jira = StandIn::with(Manner::Say(answer.leak())).await;
    let error = jira.client().myself().await.unwrap_err();
    assert_eq!(error, Error::Redirected { call: "myself" });
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_connection_that_breaks_once_is_made_again() {
    for first in [
        "",
        "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 429 Too Many\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ] {
        let jira = StandIn::with(Manner::First(first)).await;
        let patient = jira.client_with(|settings| Settings {
            timeout: Duration::from_secs(30),
            ..settings
        });
        assert_eq!(patient.myself().await.unwrap().name, "wulei", "{first}");
        assert_eq!(jira.asked(), 2);
    }
}

#[tokio::test]
async fn what_jira_refuses_or_wants_much_later_is_not_tried_again() {
    for (words, status) in [
        ("HTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n", 400),
        ("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n", 401),
        (
            "HTTP/1.1 429 Too Many\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n",
            429,
        ),
    ] {
        let jira = StandIn::with(Manner::Say(words)).await;
        match jira.client().myself().await.unwrap_err() {
            Error::Http { status: found, .. } => assert_eq!(found, status),
            other => panic!("{other:?}"),
        }
        assert_eq!(jira.asked(), 1, "{status}");
    }
}

#[tokio::test]
async fn after_a_silence_nobody_waits_for_jira() {
    let jira = StandIn::with(Manner::Hang).await;
    let client = jira.client();
    let keys: Vec<String> = (1..=200).map(|number| format!("TRADE-{number}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let patience = Duration::from_mins(1);
    let looked = client.facts(&keys, patience, DateTime::UNIX_EPOCH).await;
    assert_eq!(looked.len(), 200);
    assert_eq!(jira.asked(), 1, "the other batches are not sent");
    let error = client.clone().myself().await.unwrap_err();
    assert_eq!(error.in_words(), "JIRA 未及时答复，稍后自动重试");
    assert_eq!(error.class(), ErrorClass::Passing);
    assert_eq!(jira.asked(), 1);
}

#[tokio::test]
async fn after_the_pause_one_call_finds_out_that_jira_is_back() {
    let jira = StandIn::with(Manner::First("")).await;
    let client = jira.client_with(|settings| Settings {
        // Too long for a second try.
        backoff: Duration::from_mins(1),
        pause: Duration::from_nanos(1),
        ..settings
    });
    assert_eq!(client.myself().await.unwrap_err().class(), ErrorClass::Passing);
    assert_eq!(client.myself().await.unwrap().name, "wulei");
}

#[tokio::test]
async fn only_some_calls_are_under_way_at_once() {
    let jira = StandIn::with(Manner::Hang).await;
    let client = jira.client_with(|settings| Settings {
        at_once: 2,
        pause: Duration::ZERO,
        ..settings
    });
    // They all end at one moment, so that none comes after another.
    let client = client.within(Duration::from_millis(300));
    let mut calls = JoinSet::new();
    for _ in 0..6 {
        let client = client.clone();
        calls.spawn(async move { client.myself().await });
    }
    while let Some(answer) = calls.join_next().await {
        assert!(matches!(answer.unwrap(), Err(Error::TimedOut { .. })));
    }
    assert_eq!(jira.asked(), 2);
}
