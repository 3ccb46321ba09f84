//! What counts as the name of an image, and what does not.

use proptest::prelude::*;

use super::*;
use crate::rules::testing::{compliant, text};
use crate::submission::{Field, Submission};

const SHA: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn named(entered: &str) -> Vec<String> {
    let submission = Submission {
        images: text(entered),
        ..compliant()
    };
    named_images(&submission)
        .iter()
        .map(ImageName::to_string)
        .collect()
}

#[test]
fn a_reference_is_read_by_the_specification() {
    for (entered, registry, repository, tag, digest) in [
        ("nginx", None, "nginx", None, None),
        ("quote-api:v2.9.0", None, "quote-api", Some("v2.9.0"), None),
        ("trade/quote-api", None, "trade/quote-api", None, None),
        (
            "harbor.yxzq.com/quote-api:1",
            Some("harbor.yxzq.com"),
            "quote-api",
            Some("1"),
            None,
        ),
        (
            "Harbor.YXZQ.com:8443/a/b/c:T_1.x-y",
            Some("harbor.yxzq.com:8443"),
            "a/b/c",
            Some("T_1.x-y"),
            None,
        ),
        ("localhost/a", Some("localhost"), "a", None, None),
        ("localhost:5000/a:b", Some("localhost:5000"), "a", Some("b"), None),
        ("10.0.0.1:5000/a", Some("10.0.0.1:5000"), "a", None, None),
        ("a__b/c-d.e--f", None, "a__b/c-d.e--f", None, None),
    ] {
        let image: ImageName = entered.parse().unwrap();
        assert_eq!(
            (
                image.registry.as_deref(),
                image.repository.as_str(),
                image.tag.as_deref(),
                image.digest.as_deref()
            ),
            (registry, repository, tag, digest),
            "{entered}"
        );
    }
    let whole = format!("harbor.yxzq.com/trade/quote-api:v2.9.0@{SHA}");
    let image: ImageName = whole.parse().unwrap();
    assert_eq!(image.digest.as_deref(), Some(SHA));
    assert_eq!(image.to_string(), whole);
    assert_eq!(image.short_name(), "quote-api");
}

#[test]
fn what_is_no_reference_is_refused() {
    let long = "a".repeat(256);
    let long_tag = format!("a:{}", "t".repeat(129));
    let endless = "a/".repeat(100_000);
    let upper_digest = format!("a@{}", SHA.to_ascii_uppercase());
    for entered in [
        "",
        ":",
        "@",
        "/",
        "a:",
        "a@",
        ":a",
        "/a",
        "a/",
        "a//b",
        "A",
        "Quote-API:1",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a:b:c",
        "a:.b",
        "a:-b",
        "a b",
        "a:b c",
        "镜像",
        "a@sha256:12",
        "a@md5:00",
        "h.com:0/a",
        "h.com:65536/a",
        "h.com:/a",
        "h.com:x/a",
        "-h.com/a",
        "h..com/a",
        "h.com/",
        "[::1]:5000/a",
        "user@h.com/a",
        "http://h.com/a",
        "a:b@",
        "a\n",
        &long,
        &long_tag,
        &endless,
        &upper_digest,
    ] {
        assert_eq!(entered.parse::<ImageName>(), Err(NoImageName), "{entered:?}");
    }
    assert!("a".repeat(255).parse::<ImageName>().is_ok());
    assert!(format!("a:{}", "t".repeat(128)).parse::<ImageName>().is_ok());
}

#[test]
fn images_are_found_as_people_write_them() {
    let full = "harbor.yxzq.com/trade/quote-api:v2.9.0";
    let pinned = format!("quote-api@{SHA}");
    let apart = format!("quote-api {SHA}");
    let short = "quote-api:v2.9.0";
    for (entered, images) in [
        (full, &[full][..]),
        ("harbor.yxzq.com/trade/quote-api:v2.9.0。", &[full]),
        ("镜像：harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("镜像:harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("image: harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("image:harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("harbor.yxzq.com／trade／quote-api：v2.9.0", &[full]),
        ("https://harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("docker pull harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("`harbor.yxzq.com/trade/quote-api:v2.9.0`", &[full]),
        ("行情服务quote-api:v2.9.0已推送", &[short]),
        ("quote-api:v2.9.0，order-api:v3.1.0", &[short, "order-api:v3.1.0"]),
        (
            "quote-api:v2.9.0、order-api:v3.1.0；pay:1",
            &[short, "order-api:v3.1.0", "pay:1"],
        ),
        (
            "1、quote-api:v2.9.0\n2、order-api:v3.1.0\n\n",
            &[short, "order-api:v3.1.0"],
        ),
        ("quote-api:v2.9.0 order-api:v3.1.0", &[short, "order-api:v3.1.0"]),
        ("quote-api:v2.9.0\r\nquote-api:v2.9.0", &[short]),
        ("quote-api:v2.8.3 → quote-api:v2.9.0", &[short]),
        ("quote-api:v2.8.3 -> quote-api:v2.9.0", &[short]),
        ("quote-api:v2.8.3->quote-api:v2.9.0", &[short]),
        ("quote-api:v2.8.3 → v2.9.0", &[short]),
        ("quote-api：v2.8.3 → v2.9.0", &[short]),
        ("quote-api: v2.8.3 => v2.9.0", &[short]),
        ("quote-api v2.8.3→v2.9.0", &[short]),
        ("quote-api:v2.8.3 升级到 v2.9.0", &[short]),
        ("quote-api 由 v2.8.3 升级至 v2.9.0", &[short]),
        ("quote-api v2.9.0", &[short]),
        ("quote-api，tag：v2.9.0", &[short]),
        ("镜像名：quote-api，版本：v2.9.0", &[short]),
        ("quote-api : v2.9.0", &[short]),
        ("quote-api:quote-api:v2.9.0", &[short]),
        ("quote: harbor.yxzq.com/trade/quote-api:v2.9.0", &[full]),
        ("quote-api", &["quote-api"]),
        ("镜像：quote-api", &["quote-api"]),
        ("quote-api、order-api", &["quote-api", "order-api"]),
        (
            "harbor.yxzq.com/trade/quote-api",
            &["harbor.yxzq.com/trade/quote-api"],
        ),
        ("quote-api:latest", &["quote-api:latest"]),
        (&pinned, &[&*pinned]),
        (&apart, &[&*pinned]),
        ("无", &[]),
        ("N/A", &[]),
        ("n/a", &[]),
        ("TBD", &[]),
        ("xx", &[]),
        ("见附件", &[]),
        ("镜像见 confluence 页面", &[]),
        ("无 docker 镜像", &[]),
        ("2026/11/24 17:30", &[]),
        ("2026-11-24", &[]),
        ("v2.9.0", &[]),
        ("tag:v2.9.0", &[]),
        ("10.0.0.1:8080", &[]),
        ("quote.yxzq.com:8080", &[]),
        ("localhost:8080", &[]),
        ("https://harbor.yxzq.com/harbor/projects/3", &[]),
        ("someone@yxzq.com", &[]),
        ("JIRA:TRADE-1024", &[]),
        ("readme.md", &[]),
        ("", &[]),
    ] {
        assert_eq!(named(entered), images, "{entered:?}");
    }
}

#[test]
fn an_image_keeps_the_words_of_the_form() {
    let submission = Submission {
        images: text("镜像：quote-api：v2.8.3 → v2.9.0"),
        ..compliant()
    };
    let images = named_images(&submission);
    let texts: Vec<&str> = images.iter().map(|image| image.text.as_str()).collect();
    assert_eq!(texts, ["quote-api：v2.8.3 → v2.9.0"]);
}

#[test]
fn a_form_names_fifty_at_most_and_may_have_no_such_control() {
    let many: Vec<String> = (0..80)
        .map(|number| format!("app{number}:v1.0.{number}"))
        .collect();
    assert_eq!(named(&many.join("\n")).len(), 50);
    for images in [Field::Empty, Field::Absent("镜像".to_owned())] {
        let submission = Submission {
            images,
            ..compliant()
        };
        assert_eq!(named_images(&submission), []);
    }
}

/// Parts of such fields, thrown together.
fn entered() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "quote-api",
        "harbor.yxzq.com",
        "v2.9.0",
        ":",
        "：",
        "/",
        "@",
        " ",
        "\n",
        "、",
        "→",
        "->",
        "镜像",
        "tag",
        "-",
        ".",
        "_",
        "localhost",
        "5000",
        "latest",
        "改为",
        SHA,
        "\u{200b}",
        "𠮷",
        "A",
        "n/a",
        "://",
        "http",
    ]);
    prop_oneof![
        prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat()),
        "\\PC{0,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_reads_back_as_the_same(entered in entered()) {
        let submission = Submission { images: text(&entered), ..compliant() };
        for image in named_images(&submission) {
            let again: ImageName = image.to_string().parse().unwrap();
            prop_assert!(again.is_same(&image), "{:?}", image);
            prop_assert!(!image.text.is_empty());
        }
        if let Ok(image) = entered.parse::<ImageName>() {
            prop_assert!(image.to_string().parse::<ImageName>().unwrap().is_same(&image));
        }
    }
}
