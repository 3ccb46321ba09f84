//! The digest of an image at submission stays; later looks stand beside it.

use changegate_store::{StoreError, StoredImage};

use crate::database::{Fixture, on_all_databases};
use crate::material::at;

on_all_databases!(
    the_first_digest_stands,
    a_missing_digest_may_come_later,
    the_last_look_takes_the_place_of_the_one_before,
    names_are_told_apart_byte_by_byte_and_must_fit,
);

const SP: &str = "202611240001";
const IMAGE: &str = "registry.example.com/trade/order:1.2.3";

fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

async fn only(f: &Fixture) -> StoredImage {
    let mut images = f.store.images(SP).await.expect("read");
    assert_eq!(images.len(), 1);
    images.remove(0)
}

async fn the_first_digest_stands(f: Fixture) {
    for (seconds, letter) in [(0, 'a'), (60, 'b')] {
        let digest = digest(letter);
        f.store
            .record_image(SP, IMAGE, Some(&digest), at(seconds))
            .await
            .expect("recorded");
    }
    f.store
        .record_image(SP, IMAGE, None, at(90))
        .await
        .expect("recorded");
    let expected = StoredImage {
        image: IMAGE.to_owned(),
        digest: Some(digest('a')),
        recorded_at: at(0),
        current: None,
        current_at: None,
        failure: None,
    };
    assert_eq!(only(&f).await, expected);
    assert_eq!(f.store.images("202611240002").await.expect("read"), []);
}

async fn a_missing_digest_may_come_later(f: Fixture) {
    f.store
        .record_image(SP, IMAGE, None, at(0))
        .await
        .expect("recorded");
    let image = only(&f).await;
    assert_eq!((image.digest, image.recorded_at), (None, at(0)));
    f.store
        .record_image(SP, IMAGE, Some(&digest('a')), at(60))
        .await
        .expect("recorded");
    let image = only(&f).await;
    assert_eq!((image.digest, image.recorded_at), (Some(digest('a')), at(60)));
}

async fn the_last_look_takes_the_place_of_the_one_before(f: Fixture) {
    f.store
        .record_image(SP, IMAGE, Some(&digest('a')), at(0))
        .await
        .expect("recorded");
    let looks = [
        (Some(digest('b')), None),
        (None, Some("镜像仓库没有回应")),
        (None, None),
        (Some(digest('a')), None),
    ];
    for (seconds, (current, failure)) in (10..).zip(looks) {
        f.store
            .note_image_now(SP, IMAGE, current.as_deref(), failure, at(seconds))
            .await
            .expect("noted");
        let image = only(&f).await;
        assert_eq!(
            (image.current, image.failure.as_deref(), image.current_at),
            (current, failure, Some(at(seconds)))
        );
        assert_eq!((image.digest, image.recorded_at), (Some(digest('a')), at(0)));
    }
}

async fn names_are_told_apart_byte_by_byte_and_must_fit(f: Fixture) {
    for name in ["trade/order:RC", "trade/order:rc"] {
        f.store
            .note_image_now(SP, name, None, None, at(0))
            .await
            .expect("noted");
    }
    let images = f.store.images(SP).await.expect("read");
    let names: Vec<&str> = images.iter().map(|image| image.image.as_str()).collect();
    assert_eq!(names, ["trade/order:RC", "trade/order:rc"]);
    let longest = "x".repeat(512);
    f.store
        .record_image(SP, &longest, None, at(0))
        .await
        .expect("it fits");
    let error = f
        .store
        .record_image(SP, &format!("{longest}x"), None, at(0))
        .await;
    assert!(matches!(error, Err(StoreError::TooLong { .. })), "{error:?}");
}
