//! The client against a small stand-in for WeCom that answers from a script.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop where it stands"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use changegate_wecom::{Client, Error, ErrorClass, Settings, client};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Answers each path from its list, the last one again and again; counts the calls.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<HashMap<&'static str, Vec<String>>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn says(self, path: &'static str, answers: &[&str]) -> Self {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        self.answers.lock().unwrap().insert(path, answers);
        self
    }

    fn count(&self, path: &str) -> usize {
        self.calls
            .lock()
            .unwrap()
            .iter()
            .filter(|call| call.as_str() == path)
            .count()
    }

    fn answer(&self, target: &str) -> String {
        let path = target
            .split('?')
            .next()
            .unwrap()
            .trim_start_matches("/cgi-bin/")
            .to_owned();
        let mut answers = self.answers.lock().unwrap();
        let list = answers
            .get_mut(path.as_str())
            .unwrap_or_else(|| panic!("no answer for {path}"));
        let body = if list.len() > 1 {
            list.remove(0)
        } else {
            list[0].clone()
        };
        self.calls.lock().unwrap().push(path);
        body
    }

    /// A client of it, and the tasks that serve it.
    async fn serve(&self) -> (Client, JoinSet<()>) {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let script = self.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(converse(stream, script.clone()));
            }
        });
        let settings = Settings::new(&base, "wwcorp", SecretString::from("s3cret-s3cret"), 1_000_002);
        (Client::new(settings, client::http_client().unwrap()), tasks)
    }
}

async fn converse(mut stream: tokio::net::TcpStream, script: Script) {
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        received.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&received).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0_usize);
        if body.len() < length {
            continue;
        }
        let answer = script.answer(head.split(' ').nth(1).unwrap());
        let (status, answer) = match answer.strip_prefix("HTTP ") {
            Some(status) => (status.to_owned(), String::new()),
            None => ("200 OK".to_owned(), answer),
        };
        let reply = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
            answer.len()
        );
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
        received.clear();
    }
}

const TOKEN: &str = r#"{"errcode":0,"errmsg":"ok","access_token":"first-access-token","expires_in":7200}"#;
const SECOND: &str = r#"{"errcode":0,"errmsg":"ok","access_token":"second-access-token","expires_in":7200}"#;
const SENT: &str = r#"{"errcode":0,"errmsg":"ok","invaliduser":"a|b","msgid":"m1"}"#;
const EXPIRED: &str = r#"{"errcode":42001,"errmsg":"access_token expired"}"#;
const WRONG_SECRET: &str = r#"{"errcode":40001,"errmsg":"invalid credential"}"#;

#[tokio::test]
async fn many_calls_at_once_fetch_one_token() {
    let script = Script::default()
        .says("gettoken", &[TOKEN])
        .says("message/send", &[SENT]);
    let (client, _tasks) = script.serve().await;
    let client = Arc::new(client);
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let client = Arc::clone(&client);
        calls.spawn(async move { client.send_message("{}").await });
    }
    for result in calls.join_all().await {
        assert_eq!(result.unwrap().missed_users().collect::<Vec<_>>(), ["a", "b"]);
    }
    assert_eq!((script.count("gettoken"), script.count("message/send")), (1, 20));
}

#[tokio::test]
async fn an_expired_token_is_replaced_and_the_call_repeated_once() {
    let script = Script::default()
        .says("gettoken", &[TOKEN, SECOND])
        .says("message/send", &[EXPIRED, SENT]);
    let (client, _tasks) = script.serve().await;
    assert_eq!(client.send_message("{}").await.unwrap().msgid, "m1");
    assert_eq!((script.count("gettoken"), script.count("message/send")), (2, 2));
}

#[tokio::test]
async fn a_token_refused_again_and_again_is_an_error_after_one_repetition() {
    let script = Script::default()
        .says("gettoken", &[TOKEN])
        .says("message/send", &[EXPIRED]);
    let (client, _tasks) = script.serve().await;
    assert_eq!(
        client.send_message("{}").await.unwrap_err().class(),
        ErrorClass::Token
    );
    assert_eq!((script.count("gettoken"), script.count("message/send")), (2, 2));
}

#[tokio::test]
async fn a_wrong_secret_is_not_tried_in_a_loop_and_heals_by_itself() {
    let script = Script::default()
        .says("gettoken", &[WRONG_SECRET, WRONG_SECRET, TOKEN])
        .says("message/send", &[SENT]);
    let (client, _tasks) = script.serve().await;
    for _ in 0..5 {
        let error = client.send_message("{}").await.unwrap_err();
        assert_eq!(
            (error.class(), error.errcode()),
            (ErrorClass::Configuration, Some(40_001))
        );
    }
    assert_eq!(script.count("gettoken"), 1);
    assert_eq!(client.circuit().unwrap().errcode, 40_001);
    minute_passes().await;
    for _ in 0..5 {
        client.send_message("{}").await.unwrap_err();
    }
    assert_eq!(
        (script.count("gettoken"), client.circuit().unwrap().failures),
        (2, 2)
    );
    minute_passes().await;
    client.send_message("{}").await.unwrap();
    assert_eq!(client.circuit(), None);
}

/// The clock stands still only while it is moved: a standing clock would run ahead of the sockets.
async fn minute_passes() {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn an_api_not_permitted_does_not_stop_the_others() {
    let script = Script::default()
        .says("gettoken", &[TOKEN])
        .says("appchat/send", &[r#"{"errcode":48002,"errmsg":"api forbidden"}"#])
        .says("message/send", &[SENT]);
    let (client, _tasks) = script.serve().await;
    for _ in 0..3 {
        assert_eq!(
            client.appchat_send("{}").await.unwrap_err().errcode(),
            Some(48_002)
        );
    }
    client.send_message("{}").await.unwrap();
    assert_eq!(script.count("appchat/send"), 1);
    assert_eq!((client.circuit(), client.circuits().len()), (None, 1));
}

#[tokio::test]
async fn passing_failures_are_told_apart_from_lasting_ones() {
    let script = Script::default().says("gettoken", &[TOKEN]).says(
        "message/send",
        &[
            r#"{"errcode":-1,"errmsg":"system busy"}"#,
            r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#,
            "HTTP 502 Bad Gateway",
            "<html>",
            r#"{"errcode":81013,"errmsg":"all invalid"}"#,
        ],
    );
    let (client, _tasks) = script.serve().await;
    for class in [
        ErrorClass::Retry,
        ErrorClass::RateLimited,
        ErrorClass::Retry,
        ErrorClass::Retry,
        ErrorClass::Data,
    ] {
        assert_eq!(client.send_message("{}").await.unwrap_err().class(), class);
    }
}

#[tokio::test]
async fn no_error_tells_the_token_or_the_secret() {
    let script = Script::default()
        .says(
            "gettoken",
            &[r#"{"errcode":40013,"errmsg":"bad s3cret-s3cret"}"#, TOKEN],
        )
        .says(
            "user/get",
            &[r#"{"errcode":60111,"errmsg":"no user, access_token=first-access-token"}"#],
        );
    let (client, tasks) = script.serve().await;
    let first = client.user_get("u").await.unwrap_err();
    minute_passes().await;
    let second = client.user_get("u").await.unwrap_err();
    drop(tasks);
    let third = loop {
        // The stand-in goes away in its own time.
        if let Err(error @ Error::Network { .. }) = client.user_get("u").await {
            break error;
        }
    };
    for error in [first, second, third] {
        let printed = format!("{error} {error:?}");
        assert!(
            !printed.contains("s3cret") && !printed.contains("access-token"),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn numbers_of_forms_are_listed_page_by_page() {
    let script = Script::default().says("gettoken", &[TOKEN]).says(
        "oa/getapprovalinfo",
        &[
            r#"{"errcode":0,"sp_no_list":["1","2"],"new_next_cursor":"a"}"#,
            r#"{"errcode":0,"sp_no_list":[],"new_next_cursor":"b"}"#,
            r#"{"errcode":0,"sp_no_list":["3"]}"#,
        ],
    );
    let (client, _tasks) = script.serve().await;
    let numbers = client
        .list_approvals(&client::InfoQuery::default())
        .await
        .unwrap();
    assert_eq!(numbers, ["1", "2", "3"]);
}
