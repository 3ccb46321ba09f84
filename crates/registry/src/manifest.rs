//! Manifests: how they are asked for, and which digest an answer is about.

use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::digest::Digest;
use crate::http::Answer;

/// The kinds of manifest that a tag may stand for. The ones for several platforms come first: without them a registry
/// would pick one platform's, and its digest is another.
pub(crate) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// The specification wants registries to take manifests of this size, and few take larger ones.
pub(crate) const MAX_MANIFEST: usize = 4 * 1024 * 1024;

/// The header in which a registry names the digest.
const DIGEST_HEADER: &str = "docker-content-digest";

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "schemaVersion")]
    schema_version: u64,
}

/// The digest that the registry names; none where it names none that can be read.
pub(crate) fn announced(headers: &HeaderMap) -> Option<Digest> {
    Digest::parse(headers.get(DIGEST_HEADER)?.to_str().ok()?)
}

/// The digest of the manifest that came; else what is wrong with it.
pub(crate) fn measured(answer: &Answer) -> Result<Digest, &'static str> {
    // A list would do for serde.
    let is_object = answer.body.trim_ascii_start().starts_with(b"{");
    let Some(manifest) = is_object
        .then(|| serde_json::from_slice::<Manifest>(&answer.body).ok())
        .flatten()
    else {
        return Err("no manifest came");
    };
    // Older ones are made up when they are asked for: their digest says nothing of the image.
    if manifest.schema_version != 2 {
        return Err("the manifest is not of version 2");
    }
    let measured = Digest::of(&answer.body);
    match announced(&answer.headers) {
        Some(announced) if announced != measured => {
            Err("the manifest has another digest than the answer says")
        }
        _ => Ok(measured),
    }
}
