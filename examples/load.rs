//! A load program: `load MODE ADDRESS REQUESTS [CONNECTIONS]`.
//!
//! MODE is `events` (distinct encrypted approval events), `verify` (URL verifications), `bare` (the same posts
//! to an endpoint that does nothing, for comparison) or `gate` (may this change be deployed?, of one change after the
//! other of those that `many_changes` stored; each has to be allowed). Speaks plain HTTP/1.1 over kept-alive
//! connections, so that the client costs little beside the server. Token, key and corp id come from
//! `CHANGEGATE__WECOM__…`, as the server's own do; of the gate, the token from `CHANGEGATE_TOKEN` and the number of
//! changes from `CHANGES`. `scripts/bench` runs it.

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use changegate_wecom::CallbackKeys;
use changegate_wecom::crypto::render_envelope;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Events,
    Verify,
    Bare,
    Gate,
}

/// Numbers that are asked for one after the other are so far apart: on other pages of the database each time.
const STRIDE: usize = 7_919;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, address, requests, rest @ ..] = arguments.as_slice() else {
        bail!("usage: load events|verify|bare|gate ADDRESS REQUESTS [CONNECTIONS]");
    };
    let mode = match mode.as_str() {
        "events" => Mode::Events,
        "verify" => Mode::Verify,
        "bare" => Mode::Bare,
        "gate" => Mode::Gate,
        other => bail!("unknown mode {other}"),
    };
    let connections = rest.first().map_or(Ok(32), |text| text.parse::<usize>())?;
    let requests = requests.parse::<usize>()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(mode, address, requests, connections))
}

async fn run(mode: Mode, address: &str, requests: usize, connections: usize) -> anyhow::Result<()> {
    let each = requests.div_ceil(connections);
    let mut work: Vec<Vec<Vec<u8>>> = Vec::with_capacity(connections);
    let requests_of: Box<dyn Fn(usize) -> Vec<u8>> = if mode == Mode::Gate {
        let (token, changes) = (variable("CHANGEGATE_TOKEN")?, variable("CHANGES")?.parse()?);
        Box::new(move |number| question(&token, number, changes))
    } else {
        let keys = keys()?;
        Box::new(move |number| request(mode, &keys, number))
    };
    for connection in 0..connections {
        work.push((0..each).map(|i| requests_of(connection * each + i)).collect());
    }
    let wanted = if mode == Mode::Gate {
        "\"allowed\":true"
    } else {
        ""
    };
    let mut tasks = JoinSet::new();
    let started = Instant::now();
    for mine in work {
        let address = address.to_owned();
        tasks.spawn(async move { one_connection(&address, &mine, wanted).await });
    }
    let mut latencies: Vec<Duration> = Vec::with_capacity(requests);
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done??);
    }
    report(started.elapsed(), &mut latencies)
}

fn report(took: Duration, latencies: &mut [Duration]) -> anyhow::Result<()> {
    latencies.sort_unstable();
    let at = |per_mille: usize| {
        let index = (latencies.len() * per_mille / 1000).min(latencies.len().saturating_sub(1));
        latencies.get(index).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    let count = u32::try_from(latencies.len())?;
    let line = format!(
        "{count} requests in {:.2} s: {:.0}/s, p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms\n",
        took.as_secs_f64(),
        f64::from(count) / took.as_secs_f64(),
        at(500),
        at(950),
        at(990),
        at(1000)
    );
    std::io::stdout().write_all(line.as_bytes())?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a load program of its own, with the server's variables"
)]
fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

fn keys() -> anyhow::Result<CallbackKeys> {
    let read = |name: &str| variable(&format!("CHANGEGATE__WECOM__{name}"));
    Ok(CallbackKeys::new(
        &read("TOKEN")?,
        &read("ENCODING_AES_KEY")?,
        &read("CORP_ID")?,
    )?)
}

fn request(mode: Mode, keys: &CallbackKeys, number: usize) -> Vec<u8> {
    let mut random = [0; 16];
    rand::fill(&mut random);
    let timestamp = "1795500000";
    let nonce = number.to_string();
    if mode == Mode::Verify {
        let sealed = keys.seal(b"1616140317555161061", timestamp, &nonce, random);
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("msg_signature", &sealed.msg_signature)
            .append_pair("timestamp", timestamp)
            .append_pair("nonce", &nonce)
            .append_pair("echostr", &sealed.encrypt)
            .finish();
        return format!("GET /wecom/callback?{query} HTTP/1.1\r\nHost: load\r\n\r\n").into_bytes();
    }
    let sealed = keys.seal(event(number).as_bytes(), timestamp, &nonce, random);
    let body = render_envelope("corp", "1000002", &sealed.encrypt);
    let head = format!(
        "POST /wecom/callback?msg_signature={}&timestamp={timestamp}&nonce={nonce} HTTP/1.1\r\nHost: load\r\n\
         Content-Type: text/xml\r\nContent-Length: {}\r\n\r\n",
        sealed.msg_signature,
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// Asks the gate for the time at which `many_changes` leaves its changes.
fn question(token: &str, number: usize, changes: usize) -> Vec<u8> {
    let sp_no = 400_000_000_000_usize + number * STRIDE % changes;
    format!(
        "GET /api/v1/changes/{sp_no}/gate?at=2026-11-24T17:05:00%2B08:00 HTTP/1.1\r\nHost: load\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    )
    .into_bytes()
}

/// A `sys_approval_change` of about 1.6 KB, each of another form. Its template is none of ours, so that the
/// benchmark measures the callback path and not the fetching of forms that do not exist.
fn event(number: usize) -> String {
    let details = |who: &str| {
        format!(
            "<SpRecord><SpStatus>1</SpStatus><ApproverAttr>1</ApproverAttr><Details><Approver><UserId><![CDATA[{who}]]>\
             </UserId></Approver><Speech><![CDATA[]]></Speech><SpStatus>1</SpStatus><SpTime>0</SpTime></Details></SpRecord>"
        )
    };
    let node = |who: &str| {
        format!(
            "<NodeList><NodeType>1</NodeType><SpStatus>1</SpStatus><ApvRel>1</ApvRel><SubNodeList><UserInfo><UserId>\
             <![CDATA[{who}]]></UserId></UserInfo><SpYj>1</SpYj><Sptime>0</Sptime></SubNodeList></NodeList>"
        )
    };
    format!(
        "<xml><ToUserName><![CDATA[ww1436e0e65a779aee]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>\
         <CreateTime>1795500000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[sys_approval_change]]>\
         </Event><AgentID>3010040</AgentID><ApprovalInfo><SpNoStr><![CDATA[{sp}]]></SpNoStr><SpNo>{sp}</SpNo>\
         <SpName><![CDATA[生产上线变更]]></SpName><SpStatus>1</SpStatus><TemplateId><![CDATA[load-test-template]]>\
         </TemplateId><ApplyTime>1795500000</ApplyTime><Applyer><UserId><![CDATA[zhangwei]]></UserId>\
         <Party><![CDATA[2]]></Party></Applyer>{}{}{}<Notifyer><UserId><![CDATA[chenjing]]></UserId></Notifyer>\
         <ProcessList>{}{}</ProcessList><StatuChangeEvent>1</StatuChangeEvent></ApprovalInfo></xml>",
        details("liqiang"),
        details("sunli"),
        details("zhaolei"),
        node("liqiang"),
        node("sunli"),
        sp = 202_611_240_000_000_usize + number
    )
}

async fn one_connection(address: &str, requests: &[Vec<u8>], wanted: &str) -> anyhow::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::with_capacity(requests.len());
    let mut buffer = vec![0; 8192];
    for request in requests {
        let sent = Instant::now();
        stream.write_all(request).await?;
        let read = stream.read(&mut buffer).await?;
        latencies.push(sent.elapsed());
        let answer = String::from_utf8_lossy(buffer.get(..read).unwrap_or_default());
        ensure!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(wanted),
            "answered {answer:?}"
        );
    }
    Ok(latencies)
}
