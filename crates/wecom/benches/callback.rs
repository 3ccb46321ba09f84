//! One approval callback of realistic size: verified, decrypted and read into the full model.

#![expect(clippy::expect_used, reason = "a benchmark may stop where it stands")]

use std::hint::black_box;

use changegate_wecom::{CallbackKeys, CallbackQuery, Event, crypto, envelope};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const TOKEN: &str = "benchmark";
const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

/// A form with two steps signed by three people, both views, a copy and a comment.
const EVENT: &str = "<xml><ToUserName><![CDATA[ww0123456789abcdef]]></ToUserName>\
<FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1764000000</CreateTime>\
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[sys_approval_change]]></Event>\
<AgentID>3010040</AgentID><ApprovalInfo><SpNo>202611240001</SpNo><SpNoStr><![CDATA[202611240001]]></SpNoStr>\
<SpName><![CDATA[生产上线变更]]></SpName><SpStatus>1</SpStatus>\
<TemplateId><![CDATA[3TkaH5KFbrG9heEQWLJjhgpFwmqAFB4dLEnapaB7]]></TemplateId><ApplyTime>1763990000</ApplyTime>\
<Applyer><UserId><![CDATA[zhangsan]]></UserId><Party><![CDATA[12]]></Party></Applyer>\
<SpRecord><SpStatus>2</SpStatus><ApproverAttr>1</ApproverAttr>\
<Details><Approver><UserId><![CDATA[lisi]]></UserId></Approver><Speech><![CDATA[同意上线]]></Speech>\
<SpStatus>2</SpStatus><SpTime>1763999000</SpTime></Details>\
<Details><Approver><UserId><![CDATA[wangwu]]></UserId></Approver><Speech><![CDATA[]]></Speech>\
<SpStatus>1</SpStatus><SpTime>0</SpTime></Details></SpRecord>\
<Notifyer><UserId><![CDATA[zhaoliu]]></UserId></Notifyer>\
<ProcessList><NodeList><NodeType>1</NodeType><SpStatus>2</SpStatus><ApvRel>2</ApvRel>\
<SubNodeList><UserInfo><UserId><![CDATA[lisi]]></UserId></UserInfo><Speech><![CDATA[同意上线]]></Speech>\
<SpYj>2</SpYj><Sptime>1763999000</Sptime></SubNodeList></NodeList>\
<NodeList><NodeType>2</NodeType><SubNodeList><UserInfo><UserId><![CDATA[zhaoliu]]></UserId></UserInfo>\
</SubNodeList></NodeList></ProcessList>\
<Comments><CommentUserInfo><UserId><![CDATA[lisi]]></UserId></CommentUserInfo><CommentTime>1763999500</CommentTime>\
<CommentContent><![CDATA[请注意收盘时间]]></CommentContent><CommentId><![CDATA[6750538708562308220]]></CommentId></Comments>\
<StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo></xml>";

fn callback(c: &mut Criterion) {
    let keys = CallbackKeys::new(TOKEN, KEY, "ww0123456789abcdef").expect("settings of the right form");
    let sealed = keys.seal(EVENT.as_bytes(), "1764000000", "1372623149", *b"0123456789abcdef");
    let body = crypto::render_envelope("ww0123456789abcdef", "1000002", &sealed.encrypt);
    let query = format!(
        "msg_signature={}&timestamp=1764000000&nonce=1372623149",
        sealed.msg_signature
    );
    let mut group = c.benchmark_group("callback");
    group.throughput(Throughput::Bytes(u64::try_from(EVENT.len()).unwrap_or_default()));
    group.bench_function("verify, decrypt and parse", |b| {
        b.iter(|| {
            let query = CallbackQuery::parse(black_box(&query)).expect("a query");
            let envelope = envelope::parse(black_box(body.as_bytes())).expect("an envelope");
            let plain = keys.open(&query, &envelope.encrypt).expect("a message");
            Event::parse(&plain).expect("an event")
        });
    });
    group.bench_function("query and envelope", |b| {
        b.iter(|| {
            drop(black_box(CallbackQuery::parse(black_box(&query))));
            drop(black_box(envelope::parse(black_box(body.as_bytes()))));
        });
    });
    let parsed = CallbackQuery::parse(&query).expect("a query");
    group.bench_function("verify and decrypt", |b| {
        b.iter(|| keys.open(&parsed, black_box(&sealed.encrypt)));
    });
    group.bench_function("parse", |b| {
        b.iter(|| Event::parse(black_box(EVENT.as_bytes())));
    });
    group.finish();
}

criterion_group!(benches, callback);
criterion_main!(benches);
