//! Mails as people forward them, and as nobody should.

use super::*;

const ORIGINAL: &str = "From: dev@yxzq.example\r\nTo: lead@yxzq.example\r\nSubject: original\r\n\
    Message-ID: <1@yxzq.example>\r\nDate: Tue, 24 Nov 2026 10:00:00 +0800\r\n\r\nplease\r\n";

fn parsed(eml: &str) -> Forwarded {
    parse(eml.as_bytes()).unwrap()
}

fn with_part(part: &str) -> String {
    format!(
        "From: dev@yxzq.example\r\nSubject: Fwd\r\nContent-Type: multipart/mixed;\r\n boundary=\"=_a\"\r\n\r\n\
         --=_a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
         5a6h5om55Y2VIDIwMjYxMTI0MDAwMQ==\r\n--=_a\r\n{part}\r\n--=_a--\r\n"
    )
}

#[test]
fn the_mail_that_is_carried_counts_however_it_is_wrapped() {
    let lines = |text: &str| {
        let packed = STANDARD.encode(text);
        let chunks = packed.as_bytes().chunks(76);
        chunks
            .map(|chunk| String::from_utf8_lossy(chunk).into_owned() + "\r\n")
            .collect::<String>()
    };
    for part in [
        format!("Content-Type: message/rfc822\r\n\r\n{ORIGINAL}"),
        format!(
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            lines(ORIGINAL)
        ),
        format!(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n filename=\"a.EML\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}",
            lines(ORIGINAL)
        ),
    ] {
        let mail = parsed(&with_part(&part));
        let evidence = mail.evidence();
        assert_eq!(evidence.message_id, "1@yxzq.example", "{part}");
        assert_eq!(evidence.to, ["lead@yxzq.example"]);
        assert!(evidence.date.is_some());
        assert!(mail.text.contains("审批单 202611240001"), "{}", mail.text);
        assert_eq!(mail.subjects(), "Fwd original");
    }
}

#[test]
fn a_mail_that_carries_none_counts_itself() {
    let eml = "From: dev@yxzq.example\r\nTo: bot@app.example\r\nSubject: apply\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n-- \r\n=E5=AE=A1 2026112=\r\n40001\r\n";
    let mail = parsed(eml);
    assert_eq!(mail.evidence().to, ["bot@app.example"]);
    assert!(mail.text.contains("202611240001"), "{}", mail.text);
    assert_eq!(parse(b"no mail at all"), None);
}

#[test]
fn a_hostile_mail_is_read_within_bounds() {
    let deep = format!(
        "From: a@b\r\nSubject: x\r\n{}",
        "Content-Type: message/rfc822\r\n\r\n".repeat(100_000)
    );
    let many = with_part(&"--=_a\r\n\r\nx\r\n".repeat(100_000));
    let long = format!("From: a@b\r\nSubject: x\r\n\r\n{}", "y".repeat(4 * 1024 * 1024));
    for eml in [deep, many, long] {
        let mail = parsed(&eml);
        assert!(mail.text.len() <= 2 * TEXT_BYTES, "{}", mail.text.len());
        assert!(parts(eml.as_bytes()).len() <= MOST_PARTS);
    }
}
