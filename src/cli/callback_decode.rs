//! `changegate callback decode`: opens one callback with the configured token, key and company.
//!
//! For the administrator whose callback does not verify, and for no one else: the plaintext is shown only here.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use changegate_wecom::{CallbackError, CallbackKeys, CallbackQuery, Event, envelope};
use secrecy::ExposeSecret as _;

use super::{DecodeArgs, Global, output};

/// What the server takes at most.
const MAX_BODY: u64 = 64 * 1024;

/// Why there is no plaintext: one word for scripts, and what to do for people.
struct Refusal {
    word: &'static str,
    detail: String,
    step: &'static str,
}

/// Exit status 0 with the plaintext as it is on standard output (a newline only to a terminal), 1 with the reason
/// on standard error, its word first; 2 if the configuration cannot be read.
pub fn run(global: &Global, args: &DecodeArgs) -> anyhow::Result<ExitCode> {
    let config = match global.layers().and_then(|layers| layers.callback()) {
        Ok(config) => config,
        Err(errors) => {
            output::err_line(&errors.to_string())?;
            return Ok(ExitCode::from(2));
        }
    };
    let (token, key) = (
        config.token.expose_secret(),
        config.encoding_aes_key.expose_secret(),
    );
    let keys = match CallbackKeys::new(token, key, &config.corp_id) {
        Ok(keys) => keys,
        Err(error) => {
            output::err_line(&format!("wecom.token 或 wecom.encoding_aes_key 不能用：{error}"))?;
            return Ok(ExitCode::from(2));
        }
    };
    let body = args.body.as_deref().map(read_body).transpose()?;
    match decode(&keys, &args.query, body.as_deref()) {
        Ok(plaintext) => {
            output::out_bytes(&plaintext)?;
            if std::io::stdout().is_terminal() {
                output::out("\n")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Refusal { word, detail, step }) => {
            output::err_line(&format!("{word}: {detail}\n{step}"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// One byte more than is allowed, so that what is too long shows.
fn read_body(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MAX_BODY + 1)
            .read_to_end(&mut body)
            .context("读不了标准输入")?;
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("读不了 {}", path.display()))?;
        file.take(MAX_BODY + 1)
            .read_to_end(&mut body)
            .with_context(|| format!("读不了 {}", path.display()))?;
    }
    Ok(body)
}

fn decode(keys: &CallbackKeys, query: &str, body: Option<&[u8]>) -> Result<Vec<u8>, Refusal> {
    let query = CallbackQuery::parse(query).map_err(|error| refusal(&error))?;
    let Some(body) = body else {
        if query.echostr.is_none() {
            return Err(Refusal {
                word: "parameters",
                detail: "查询串里没有 echostr，也没有给出正文".to_owned(),
                step: "URL 验证（GET）的查询串须含 echostr；事件（POST）请用 --body 给出正文",
            });
        }
        return keys.open_url(&query).map_err(|error| refusal(&error));
    };
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > MAX_BODY {
        return Err(Refusal {
            word: "too_large",
            detail: "正文超过 64 KiB".to_owned(),
            step: "企业微信的回调没有这么大：请检查正文是否取对",
        });
    }
    let envelope = envelope::parse(body).map_err(|error| refusal(&error))?;
    let plaintext = keys
        .open(&query, &envelope.encrypt)
        .map_err(|error| refusal(&error))?;
    // A robot's JSON is not for the bot, but whoever decodes it has verified what they wanted to.
    if !plaintext.trim_ascii_start().starts_with(b"{") {
        Event::parse(&plaintext).map_err(|error| refusal(&error))?;
    }
    Ok(plaintext)
}

fn refusal(error: &CallbackError) -> Refusal {
    let detail = error.to_string();
    // For scripts, an envelope that is no XML and an event that is no XML are the same.
    let word = if matches!(error, CallbackError::Envelope(_)) {
        "xml"
    } else {
        error.kind()
    };
    let step = match error {
        CallbackError::Parameters(_) => {
            "查询串须含 msg_signature、timestamp、nonce 各一次（GET 还须 echostr）：请从访问日志原样抄下问号之后的部分，用单引号括起来"
        }
        CallbackError::Envelope(_) => {
            "正文应为 <xml>…<Encrypt>…</Encrypt></xml>：请确认保存的是完整的 POST 正文；JSON 正文属于智能机器人，不是自建应用的回调"
        }
        CallbackError::Signature => {
            "签名不符：核对 wecom.token 与管理后台“接收消息服务器配置”里的 Token 是否一致；查询串或正文是否被截断、改写或重新编码（+ 变成空格）"
        }
        CallbackError::Base64 => "密文不是合法的 base64：查询串或正文被截断或改写，请重新抄一份",
        CallbackError::Decrypt(_) => {
            "解不开：核对 wecom.encoding_aes_key 与管理后台“接收消息服务器配置”里的 EncodingAESKey 是否一致（43 位，不带等号）"
        }
        CallbackError::ReceiveId => {
            "收件方不是本企业：核对 wecom.corp_id（管理后台 → 我的企业 → 企业信息 → 企业ID）；第三方应用的回调不归变更闸处理"
        }
        CallbackError::Xml(_) => "已解密，但内容不是企业微信的 XML 事件：请确认这次回调来自企业微信",
    };
    Refusal { word, detail, step }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str =
        "<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[sys_approval_change]]></Event></xml>";

    fn keys(token: &str, aes_key: &str, corp: &str) -> CallbackKeys {
        CallbackKeys::new(token, aes_key, corp).unwrap()
    }

    fn ours() -> CallbackKeys {
        keys(
            "QDG6eK",
            "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
            "ww0000000000000000",
        )
    }

    /// What WeCom would send: the query, and the body.
    fn sealed(keys: &CallbackKeys, plaintext: &str) -> (String, String) {
        let sealed = keys.seal(plaintext.as_bytes(), "1409659813", "1372623149", [7; 16]);
        let query = format!(
            "msg_signature={}&timestamp=1409659813&nonce=1372623149",
            sealed.msg_signature
        );
        (
            query,
            format!("<xml><Encrypt><![CDATA[{}]]></Encrypt></xml>", sealed.encrypt),
        )
    }

    fn word(query: &str, body: &str) -> &'static str {
        decode(&ours(), query, Some(body.as_bytes())).map_or_else(|refusal| refusal.word, |_| "ok")
    }

    #[test]
    fn an_event_and_a_url_verification_come_out_as_they_went_in() {
        let (query, body) = sealed(&ours(), EVENT);
        assert_eq!(
            decode(&ours(), &query, Some(body.as_bytes())).ok().as_deref(),
            Some(EVENT.as_bytes())
        );
        let echo = ours().seal(b"1616140317555161061", "1", "2", [9; 16]);
        let mut query = format!(
            "msg_signature={}&timestamp=1&nonce=2&echostr=",
            echo.msg_signature
        );
        query.push_str(&echo.encrypt.replace('+', "%2B").replace('=', "%3D"));
        assert_eq!(
            decode(&ours(), &query, None).ok().as_deref(),
            Some(&b"1616140317555161061"[..])
        );
    }

    #[test]
    fn each_fault_has_its_word() {
        let (query, body) = sealed(&ours(), EVENT);
        assert_eq!(word(&query, &body), "ok");
        assert_eq!(word("timestamp=1", &body), "parameters");
        assert_eq!(word(&query, "{\"Encrypt\":\"x\"}"), "xml");
        assert_eq!(
            word(&query.replace("1372623149", "1372623140"), &body),
            "signature"
        );
        assert_eq!(word(&query, &"x".repeat(70_000)), "too_large");
        let other_key = keys(
            "QDG6eK",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "ww0000000000000000",
        );
        let (query, body) = sealed(&other_key, EVENT);
        assert_eq!(word(&query, &body), "decrypt");
        let other_corp = keys(
            "QDG6eK",
            "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
            "ww1111111111111111",
        );
        let (query, body) = sealed(&other_corp, EVENT);
        assert_eq!(word(&query, &body), "receive_id");
        let (query, body) = sealed(&ours(), "hello");
        assert_eq!(word(&query, &body), "xml");
        let (query, body) = sealed(&ours(), "{\"msgtype\":\"text\"}");
        assert_eq!(word(&query, &body), "ok");
    }

    #[test]
    fn a_query_alone_must_hold_an_echo_string() {
        let (query, _) = sealed(&ours(), EVENT);
        assert_eq!(
            decode(&ours(), &query, None).err().map(|refusal| refusal.word),
            Some("parameters")
        );
    }
}
