//! The page's style sheet and script, part of the binary.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// A file that pages ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Its media type.
    pub(crate) mime: &'static str,
    /// Its content.
    pub(crate) bytes: &'static [u8],
}

const STYLES: Asset = Asset {
    mime: "text/css; charset=utf-8",
    bytes: include_bytes!("../../../assets/page.css"),
};
const SCRIPT: Asset = Asset {
    mime: "text/javascript; charset=utf-8",
    bytes: include_bytes!("../../../assets/page.js"),
};

/// The file at `/assets/{name}`.
pub(crate) fn asset(name: &str) -> Option<Asset> {
    match name {
        "page.css" => Some(STYLES),
        "page.js" => Some(SCRIPT),
        _ => None,
    }
}

/// Goes into the assets' addresses, so that a browser may keep them until they change.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let digest = Sha256::new()
            .chain_update(STYLES.bytes)
            .chain_update(SCRIPT.bytes)
            .finalize();
        hex::encode(digest).chars().take(10).collect()
    });
    &VERSION
}
