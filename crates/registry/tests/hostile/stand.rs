//! A registry that does as a test tells it, and a host that nobody may call.

use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What a stand-in does about a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Says nothing, for ever.
    Silence,
    /// Sends these bytes, and then blanks one at a time, for ever.
    Drip(&'static str),
    /// Sends these bytes, and then the last one again and again, as fast as they are taken.
    Flood(&'static str),
    /// Resets the connection.
    Reset,
}

/// An answer with headers (each ending in a line break) and a body.
pub(crate) fn http(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Bytes(
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
            .into_bytes(),
    )
}

/// An answer with headers alone, as to a HEAD.
pub(crate) fn bare(status: &str, headers: &str) -> Reply {
    Reply::Bytes(format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n").into_bytes())
}

/// Something that listens; ends with the test.
pub(crate) struct Stand {
    /// With its port.
    pub(crate) host: String,
    heads: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Stand {
    /// Starts one; `reply` gets the head of each request and how many came before it.
    pub(crate) async fn start(reply: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        let (reply, seen) = (Arc::new(reply), Arc::clone(&heads));
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&reply), Arc::clone(&seen)));
            }
        });
        Self {
            host,
            heads,
            _tasks: tasks,
        }
    }

    /// One that answers everything alike.
    pub(crate) async fn always(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone()).await
    }

    /// The heads of all requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// The first line of all requests so far, without the version.
    pub(crate) fn asked(&self) -> Vec<String> {
        let first = |head: &String| head.lines().next().unwrap().replace(" HTTP/1.1", "");
        self.heads().iter().map(first).collect()
    }
}

async fn serve<F: Fn(&str, usize) -> Reply>(stream: TcpStream, reply: Arc<F>, seen: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if !matches!(stream.read_line(&mut head).await, Ok(1..)) {
            return;
        }
    }
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(head.clone());
        seen.len() - 1
    };
    // The client may be gone at any time, which is not the stand-in's concern.
    drop(act(&mut stream, reply(&head, before)).await);
}

async fn act(stream: &mut BufReader<TcpStream>, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await
        }
        Reply::Silence => std::future::pending().await,
        Reply::Drip(start) => {
            stream.write_all(start.as_bytes()).await?;
            let mut beat = tokio::time::interval(Duration::from_millis(20));
            loop {
                beat.tick().await;
                stream.write_all(b" ").await?;
                stream.flush().await?;
            }
        }
        Reply::Flood(start) => {
            stream.write_all(start.as_bytes()).await?;
            let more = vec![*start.as_bytes().last().unwrap(); 64 * 1024];
            loop {
                stream.write_all(&more).await?;
            }
        }
        Reply::Reset => stream.get_ref().set_zero_linger(),
    }
}

/// A host that is not configured. A connection to it would wait to be accepted, so none can be missed.
pub(crate) struct Stranger {
    listener: StdListener,
    /// With its port.
    pub(crate) host: String,
}

impl Stranger {
    pub(crate) fn new() -> Self {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let host = listener.local_addr().unwrap().to_string();
        Self { listener, host }
    }

    /// Fails if anybody ever connected.
    pub(crate) fn was_left_alone(&self) {
        let visit = self.listener.accept().map(|(_, from)| from);
        let nobody = std::io::ErrorKind::WouldBlock;
        assert_eq!(
            visit.map_err(|error| error.kind()),
            Err(nobody),
            "somebody called"
        );
    }
}
