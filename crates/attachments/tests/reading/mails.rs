//! Mails as mail programs export them.

use changegate_attachments::{Content, Kind, Mail, Unreadable, read};

#[track_caller]
fn opened(bytes: &[u8]) -> Mail {
    match read("申请.eml", bytes) {
        Content::Mail(mail) => mail,
        content => panic!("{content:?}"),
    }
}

#[test]
fn the_header_says_who_whom_when_and_in_which_thread() {
    let mail = opened(
        b"Received: from mx by mx; Tue, 24 Nov 2026 10:00:01 +0800\r\n\
          Message-ID: <Abc.1@example.com>\r\n\
          In-Reply-To: <first@example.com>\r\n\
          References: <first@example.com>\r\n <second@example.com>\r\n\
          From: =?utf-8?B?5byg5LiJ?= <Zhang.San@Example.com>\r\n\
          To: ops@example.com, \"Lead, Test\" <LEAD@example.com>\r\n\
          Cc: ccb@example.com\r\n\
          Date: Tue, 24 Nov 2026 10:00:00 +0800\r\n\
          Subject: =?GB2312?B?vfS8sbei sOY=?=\r\n\
          \r\n\
          From: nobody@example.com\r\n",
    );
    assert_eq!(mail.message_id, "Abc.1@example.com");
    assert_eq!(mail.from, "zhang.san@example.com");
    assert_eq!(mail.to, ["ops@example.com", "lead@example.com"]);
    assert_eq!(mail.cc, ["ccb@example.com"]);
    assert_eq!(mail.date, Some("2026-11-24T02:00:00Z".parse().unwrap()));
    assert_eq!(mail.thread, ["first@example.com", "second@example.com"]);
}

#[test]
fn chinese_subjects_are_read_in_every_usual_encoding() {
    for subject in [
        "=?GB2312?B?vfS8sbeisObJ6sfr?=",
        "=?gbk?Q?=BD=F4=BC=B1=B7=A2=B0=E6=C9=EA=C7=EB?=",
        "=?GB18030?B?vfS8sbeisOY=?=\r\n =?gb18030?B?yerH6w==?=",
        "=?UTF-8?B?57Sn5oCl5Y+R54mI55Sz6K+3?=",
        "紧急发版申请",
    ] {
        let mail = opened(format!("From: a@example.com\r\nSubject: {subject}\r\n\r\n").as_bytes());
        assert_eq!(mail.subject, "紧急发版申请", "{subject}");
    }
}

#[test]
fn a_mail_is_known_by_its_content() {
    let bytes = b"Date: Tue, 24 Nov 2026 10:00:00 +0800\nFrom: a@example.com\n\nbody";
    assert!(matches!(read("mail.txt", bytes), Content::Mail(_)));
    let looks_like = Kind::Text;
    let not_a_mail = Content::Unreadable(Unreadable::NotAMail { looks_like });
    assert_eq!(read("申请.eml", b"hello"), not_a_mail);
    assert_eq!(
        read("申请.msg", b"hello"),
        Content::Unreadable(Unreadable::OutlookMail)
    );
}

#[test]
fn what_is_missing_stays_empty() {
    let mail = opened(b"From: a@example.com\nSubject: x\nDate: yesterday\n\n");
    let expected = Mail {
        from: "a@example.com".to_owned(),
        subject: "x".to_owned(),
        ..Mail::default()
    };
    assert_eq!(mail, expected);
}

#[test]
fn lists_are_kept_up_to_a_limit() {
    let everybody: Vec<String> = (0..5_000)
        .map(|number| format!("u{number}@example.com,"))
        .collect();
    let mail = opened(format!("From: a@example.com\nTo: {}\n\n", everybody.concat()).as_bytes());
    assert_eq!(mail.to.len(), 200);
}
