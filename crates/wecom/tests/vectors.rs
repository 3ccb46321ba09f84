//! Published callbacks and what must become of them: every SDK's samples, and the manual's.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use changegate_wecom::crypto::{CallbackKeys, Sealed};
use changegate_wecom::{CallbackQuery, envelope};

struct Account {
    token: &'static str,
    key: &'static str,
    receive_id: &'static str,
}

enum Outcome {
    Opens(&'static str),
    Refused(&'static str),
}

enum Kind {
    Url,
    Message,
}

struct Case {
    name: &'static str,
    kind: Kind,
    account: Account,
    timestamp: &'static str,
    nonce: &'static str,
    signature: &'static str,
    cipher: &'static str,
    outcome: Outcome,
}

impl Case {
    fn keys(&self) -> CallbackKeys {
        CallbackKeys::new(self.account.token, self.account.key, self.account.receive_id).unwrap()
    }

    /// The query as it stands on the wire, with a parameter of a proxy's in front.
    fn query(&self) -> CallbackQuery {
        let echostr = matches!(self.kind, Kind::Url).then(|| self.cipher.to_owned());
        let sent = CallbackQuery {
            msg_signature: self.signature.to_owned(),
            timestamp: self.timestamp.to_owned(),
            nonce: self.nonce.to_owned(),
            echostr,
        };
        CallbackQuery::parse(&format!("via=proxy&{}", sent.render())).unwrap()
    }

    fn open(&self) -> Result<Vec<u8>, changegate_wecom::CallbackError> {
        match self.kind {
            Kind::Url => self.keys().open_url(&self.query()),
            Kind::Message => {
                let body = changegate_wecom::crypto::render_envelope("anyone", "1", self.cipher);
                let envelope = envelope::parse(body.as_bytes())?;
                self.keys().open(&self.query(), &envelope.encrypt)
            }
        }
    }
}

const MANUAL: Account = Account {
    token: "QDG6eK",
    key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    receive_id: "wx5823bf96d3bd56c7",
};
const WECHATPY: Account = Account {
    token: "123456",
    key: "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    receive_id: "wx49f0ab532d5d035a",
};
const TOOL: Account = Account {
    token: "kjr2TKI8umCBfVF3wAHk8JiPwma5VBme",
    key: "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws",
    receive_id: "ww6a112864f8022910",
};
const XEN0N: Account = Account {
    token: "kz7Yx62CH8SaLN",
    key: "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP",
    receive_id: "wwf181555a13a31443",
};
const XEN0N_OTHER: Account = Account {
    token: "kz7Yx62CH8SaLN",
    key: "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP",
    receive_id: "ww6a112864f8022910",
};
const REAL: Account = Account {
    token: "pcoLldqMu2WQQtYBeDX5HiXPsBFlTnDM",
    key: "CyjBvGm4tJNmcThkeL5Wajzom4jKlBygKtpTkYeqsnE",
    receive_id: "wwedab3d5fc43636d8",
};
const WECHAT: Account = Account {
    token: "pamtest",
    key: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    receive_id: "wxb11529c136998cb6",
};
const MANUAL_OTHER: Account = Account {
    token: "QDG6eK",
    key: "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    receive_id: "ww1436e0e65a779aee",
};
const WRONG_KEY: Account = Account {
    token: "QDG6eK",
    key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    receive_id: "wx5823bf96d3bd56c7",
};

const ECHO_MANUAL: &str =
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";
const MESSAGE_MANUAL: &str = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==";
const MESSAGE_JSON: &str = "pvXgeha3nZ7UQ2DG3WD3IVsNJR38QVl1+h+wmLQHIAwEG3Jey2aTZtvAWzhEZ9JEKGwIUMBWX3JlUhfo7O7WbvI10vHIsdSNr1nr3LuOwAfnwLJAMQNDxi5tHUl08Op59jxOL73r8+g60KOxMTaFwXzlr9Yxgq5ey5nzNb/2vDjjvDZNXkJVmL/XWnv6PXrVbTpNxphqWRv2BpPYqvwRMkHgdFliatljMVlkkRHS40FOHmtBhj/4RXtIexfDx8opBXwi0L9RTlYNQzGx+FA+74xVHG7Le/pmNDwc2Ri5mbw=";
const ECHO_WECHATPY: &str =
    "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==";
const MESSAGE_WECHATPY: &str = "RgqEoJj5A4EMYlLvWO1F86ioRjZfaex/gePD0gOXTxpsq5Yj4GNglrBb8I2BAJVODGajiFnXBu7mCPatfjsu6IHCrsTyeDXzF6Bv283dGymzxh6ydJRvZsryDyZbLTE7rhnus50qGPMfp2wASFlzEgMW9z1ef/RD8XzaFYgm7iTdaXpXaG4+BiYyolBug/gYNx410cvkKR2/nPwBiT+P4hIiOAQqGp/TywZBtDh1yCF2KOd0gpiMZ5jSw3e29mTvmUHzkVQiMS6td7vXUaWOMZnYZlF3So2SjHnwh4jYFxdgpkHHqIrH/54SNdshoQgWYEvccTKe7FS709/5t6NMxuGhcUGAPOQipvWTT4dShyqio7mlsl5noTrb++x6En749zCpQVhDpbV6GDnTbcX2e8K9QaNWHp91eBdCRxthuL0=";
const REPLY_WECHATPY: &str = "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3";
const ECHO_TOOL: &str =
    "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==";
const MESSAGE_XEN0N: &str = "fyVN9BUnH6xNl0/VCHTCg6XGxxvoFdyZ7VQbAbBcQ79dVccYvdIyJYZSMMhkPy8LPaoe+V27qjoQ553fXavmrPOgxzHrKKf3YIu63pB4/nN0LY4S+GzUFi/LLFj1TI1sOh0q2jT5u1nYz5G3HFNLd3DFUvJVLtZl8mVMwUOzBpzKZhhmCvIJLVlvym9tt+VYwG06MSbmnf9AzYFKhm1BIy+95Q824ilY6Wy8l+vkFqEdASl2k83jMXvlkVRSB3hmNptWTbq8ygDdLtkCyA4UEiZvfTskqqVkbYwLptRl/1F+DVL9SH/TWt2j3dCm4rzY5jQG+fA+2xh2Kk+OrVgafqtQCfhjq8C38A2IwCcg2BONKk8s5ijFxQoszmXvJQ3zLYbjzRWQ40xhryDyPNNse7/slKVW2QMBEUPNOxUcX9k=";
const MESSAGE_FOOBAR: &str = "EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328=";
const MESSAGE_REAL: &str = "ZBY4h9SD1Y/v+ighMGU4yHSVWyMuf2UdQQfFuB8S/SY5il9MynR1rtKIJDG871vOqaCs0FVje6bX0VyhvL02PG7FXjRR+rAyiwVv7T7nBGgamkPeOv4n/jXgFQnY6NEt3Zym09t4aI+21pDcE6uN6JzcC+hxw5sBfVyza3NHyuLiyhvalsFbasA4HNcnK+4/3eZLMo+e6yvHUsY4WhmZWW5u5mHcDZm1jtI2fUtzod6Sx7PrCOhm+zUO1I98OD0EmICxHHMjMkGmSFuGhG8vXRKaRavzvV/fkscZK1HjW+XJOV0c9wYDZT+/LTjDS/yx5KkM5lIksiw57DsCro9gvmE1WdvB3bw3m+5ie2x1ZRSuh6ik1rbMTiXgJXt0MnbV8VsyPe1zhkbug1cwdhT9zcOTieb0oyiIl3wSAEkNNBNBaWB+78V1hM/ngMoZgKaaasJUCGtPH/rN+YnxGicDOg==";
const MESSAGE_WECHAT: &str = "rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==";
const MESSAGE_CUT: &str = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG";

const CASES: [Case; 16] = [
    Case {
        name: "the_manuals_url_verification",
        kind: Kind::Url,
        account: MANUAL,
        timestamp: "1409659589",
        nonce: "263014780",
        signature: "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        cipher: ECHO_MANUAL,
        outcome: Outcome::Opens("1616140317555161061"),
    },
    Case {
        name: "the_manuals_message_with_a_padding_of_30",
        kind: Kind::Message,
        account: MANUAL,
        timestamp: "1409659813",
        nonce: "1372623149",
        signature: "477715d11cdb4164915debcba66cb864d751f3e6",
        cipher: MESSAGE_MANUAL,
        outcome: Outcome::Opens(
            "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>",
        ),
    },
    Case {
        name: "a_json_message_of_the_php_sample",
        kind: Kind::Message,
        account: MANUAL,
        timestamp: "1409659813",
        nonce: "1372623149",
        signature: "1f3153b7abd0ba99b4ab2e57fac2376110d03a3c",
        cipher: MESSAGE_JSON,
        outcome: Outcome::Opens(
            r#"{ "ToUserName": "wx5823bf96d3bd56c7", "FromUserName": :mycreate", "CreateTime": 1409659813, "MsgType": "text", "Content": "hello", "MsgId": 4561255354251345929, "AgentID": 218}"#,
        ),
    },
    Case {
        name: "url_verification_of_wechatpy",
        kind: Kind::Url,
        account: WECHATPY,
        timestamp: "1411443780",
        nonce: "437374425",
        signature: "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
        cipher: ECHO_WECHATPY,
        outcome: Outcome::Opens("5927782489442352469"),
    },
    Case {
        name: "message_of_wechatpy",
        kind: Kind::Message,
        account: WECHATPY,
        timestamp: "1411525903",
        nonce: "461056294",
        signature: "74d92dfeb87ba7c714f89d98870ae5eb62dff26d",
        cipher: MESSAGE_WECHATPY,
        outcome: Outcome::Opens(
            "<xml><ToUserName><![CDATA[wx49f0ab532d5d035a]]></ToUserName>\n<FromUserName><![CDATA[messense]]></FromUserName>\n<CreateTime>1411525903</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n<MsgId>4363689963896700987</MsgId>\n<AgentID>1</AgentID>\n</xml>",
        ),
    },
    Case {
        name: "reply_of_wechatpy",
        kind: Kind::Message,
        account: WECHATPY,
        timestamp: "1411525903",
        nonce: "461056294",
        signature: "407518b7649e86ef23978113f92d27afa9296533",
        cipher: REPLY_WECHATPY,
        outcome: Outcome::Opens(
            "<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n<ToUserName><![CDATA[messense]]></ToUserName>\n<AgentID>1</AgentID>\n<CreateTime>1411525903</CreateTime>\n</xml>",
        ),
    },
    Case {
        name: "url_verification_with_a_canonical_key",
        kind: Kind::Url,
        account: TOOL,
        timestamp: "1583940690",
        nonce: "VHh7ymSeb0jc4lSb",
        signature: "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011",
        cipher: ECHO_TOOL,
        outcome: Outcome::Opens("94966531020182955848408"),
    },
    Case {
        name: "message_of_go_workwx",
        kind: Kind::Message,
        account: XEN0N,
        timestamp: "1583995625",
        nonce: "1584392382",
        signature: "a44d1b7dc3dc4b02edd99dc32afa6a26be7c92f6",
        cipher: MESSAGE_XEN0N,
        outcome: Outcome::Opens(
            "<xml><ToUserName><![CDATA[wwf181555a13a31443]]></ToUserName><FromUserName><![CDATA[xen0n]]></FromUserName><CreateTime>1583995625</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[x123]]></Content><MsgId>2018405441</MsgId><AgentID>1000002</AgentID></xml>",
        ),
    },
    Case {
        name: "message_of_go_workwx_for_another_company",
        kind: Kind::Message,
        account: XEN0N_OTHER,
        timestamp: "1583995625",
        nonce: "1584392382",
        signature: "f265ae551b1932727204c3d707628d01376a6940",
        cipher: MESSAGE_FOOBAR,
        outcome: Outcome::Opens(
            "<xml><ToUserName><![CDATA[ww6a112864f8022910]]></ToUserName><FromUserName><![CDATA[foobar]]></FromUserName><CreateTime>1583995625</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[x123]]></Content><MsgId>2018405441</MsgId><AgentID>1000002</AgentID></xml>",
        ),
    },
    Case {
        name: "a_real_message_in_chinese",
        kind: Kind::Message,
        account: REAL,
        timestamp: "1623301925",
        nonce: "1624217036",
        signature: "d728d2bea7e28585ebd14eacbd330d84073fe7f1",
        cipher: MESSAGE_REAL,
        outcome: Outcome::Opens(
            "<xml><ToUserName><![CDATA[wwedab3d5fc43636d8]]></ToUserName><FromUserName><![CDATA[WangChaoYi]]></FromUserName><CreateTime>1623301925</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[密文测试]]></Content><MsgId>6972028683187026694</MsgId><AgentID>1000005</AgentID></xml>",
        ),
    },
    Case {
        name: "the_same_cryptography_under_a_wechat_app_id",
        kind: Kind::Message,
        account: WECHAT,
        timestamp: "1458300676",
        nonce: "260774613",
        signature: "4f3ad57b6989f09f4eb392acce4f9e93942ed890",
        cipher: MESSAGE_WECHAT,
        outcome: Outcome::Opens(
            "<xml><URL><![CDATA[http://wechat.laravel.so/server]]></URL><ToUserName><![CDATA[asdasdasd]]></ToUserName><FromUserName><![CDATA[asdasdasdsadasd]]></FromUserName><CreateTime>1234567898</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hello]]></Content><MsgId>12345</MsgId></xml>",
        ),
    },
    Case {
        name: "another_nonce_is_refused",
        kind: Kind::Url,
        account: MANUAL,
        timestamp: "1409659589",
        nonce: "263014781",
        signature: "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        cipher: ECHO_MANUAL,
        outcome: Outcome::Refused("signature"),
    },
    Case {
        name: "another_signature_is_refused",
        kind: Kind::Url,
        account: MANUAL,
        timestamp: "1409659589",
        nonce: "263014780",
        signature: "5c46ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        cipher: ECHO_MANUAL,
        outcome: Outcome::Refused("signature"),
    },
    Case {
        name: "another_receive_id_is_refused",
        kind: Kind::Message,
        account: MANUAL_OTHER,
        timestamp: "1409659813",
        nonce: "1372623149",
        signature: "477715d11cdb4164915debcba66cb864d751f3e6",
        cipher: MESSAGE_MANUAL,
        outcome: Outcome::Refused("receive_id"),
    },
    Case {
        name: "a_cipher_text_cut_by_16_bytes_is_refused",
        kind: Kind::Message,
        account: MANUAL,
        timestamp: "1409659813",
        nonce: "1372623149",
        signature: "fc3690e8f9093c803be3b939a942f905f655d0eb",
        cipher: MESSAGE_CUT,
        outcome: Outcome::Refused("decrypt"),
    },
    Case {
        name: "a_wrong_key_is_refused",
        kind: Kind::Message,
        account: WRONG_KEY,
        timestamp: "1409659813",
        nonce: "1372623149",
        signature: "477715d11cdb4164915debcba66cb864d751f3e6",
        cipher: MESSAGE_MANUAL,
        outcome: Outcome::Refused("decrypt"),
    },
];

#[test]
fn published_callbacks_open_or_are_refused_as_published() {
    for case in CASES {
        match (case.open(), &case.outcome) {
            (Ok(plain), Outcome::Opens(expected)) => assert_eq!(plain, expected.as_bytes(), "{}", case.name),
            (Err(error), Outcome::Refused(kind)) => assert_eq!(error.kind(), *kind, "{}", case.name),
            (result, _) => panic!("{}: {result:?}", case.name),
        }
    }
}

#[test]
fn sealing_with_fixed_random_bytes_gives_the_published_cipher_text() {
    let case = CASES
        .into_iter()
        .find(|case| case.cipher == REPLY_WECHATPY)
        .unwrap();
    let Outcome::Opens(plain) = case.outcome else {
        panic!("published as valid")
    };
    let sealed = case
        .keys()
        .seal(plain.as_bytes(), case.timestamp, case.nonce, *b"1234567890123456");
    assert_eq!(
        sealed,
        Sealed {
            encrypt: REPLY_WECHATPY.to_owned(),
            msg_signature: case.signature.to_owned()
        }
    );
}

#[test]
fn a_blank_in_echostr_is_read_as_plus() {
    let case = CASES.into_iter().next().unwrap();
    let raw = format!(
        "msg_signature={}&timestamp={}&nonce={}&echostr={}",
        case.signature, case.timestamp, case.nonce, case.cipher
    );
    assert!(raw.contains('+'));
    let query = CallbackQuery::parse(&raw).unwrap();
    assert_eq!(case.keys().open_url(&query).unwrap(), b"1616140317555161061");
}
