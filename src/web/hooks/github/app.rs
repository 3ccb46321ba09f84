//! changegate as a GitHub App: it knows the webhook's secret, and signs itself in with the app's private key.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Client;
use rustls::SignatureScheme;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::sign::Signer;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use url::Url;

use super::request::Requested;
use crate::config;
use crate::web::hooks::{HookError, outbound};

/// The version of the API that is spoken.
const API_VERSION: &str = "2022-11-28";
/// GitHub takes tokens of at most ten minutes, and its clock may be behind.
const VALID_FOR: TimeDelta = TimeDelta::minutes(9);
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// What is decided about a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Approved,
    /// Final: the job fails.
    Rejected,
}

/// The app.
pub(crate) struct GithubApp {
    id: String,
    webhook_secret: SecretString,
    api_base: Url,
    signer: Box<dyn Signer>,
    http: Client,
}

#[derive(Deserialize)]
struct AccessToken {
    token: SecretString,
}

impl GithubApp {
    /// From the configuration; connects to nothing yet.
    pub(crate) fn new(settings: &config::Github) -> anyhow::Result<Self> {
        let pem = settings.private_key.expose_secret();
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .ok()
            .context("github.private_key：应为 GitHub App 的私钥（PEM）")?;
        let key = rustls::crypto::ring::sign::any_supported_type(&key)
            .ok()
            .context("github.private_key：不是可用的私钥")?;
        let signer = key
            .choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256])
            .context("github.private_key：应为 RSA 私钥")?;
        Ok(Self {
            id: settings.app_id.clone(),
            webhook_secret: settings.webhook_secret.clone(),
            api_base: settings.api_base.clone(),
            signer,
            http: outbound::http_client().context("the HTTP client cannot be made")?,
        })
    }

    pub(super) fn api_base(&self) -> &Url {
        &self.api_base
    }

    /// Whether `X-Hub-Signature-256` is of this body: `sha256=` and its HMAC in hex. Compared in constant time.
    pub(super) fn signed(&self, signature: &str, body: &[u8]) -> bool {
        let Some(signature) = signature
            .strip_prefix("sha256=")
            .and_then(|hex| hex::decode(hex).ok())
        else {
            return false;
        };
        let secret = self.webhook_secret.expose_secret().as_bytes();
        Hmac::<Sha256>::new_from_slice(secret)
            .map(|mac| mac.chain_update(body))
            .is_ok_and(|mac| mac.verify_slice(&signature).is_ok())
    }

    /// Decides, or, without a state, only comments.
    pub(super) async fn review(
        &self,
        asked: &Requested,
        state: Option<State>,
        comment: &str,
        now: DateTime<Utc>,
    ) -> Result<(), HookError> {
        const WHAT: &str = "GitHub: review of a deployment";
        let address = outbound::named_below(&self.api_base, &asked.callback).ok_or_else(|| {
            HookError::Setup("the answer would have to go elsewhere than to github.api_base".to_owned())
        })?;
        let token = self.access_token(asked, now).await?;
        let mut body = json!({ "environment_name": asked.environment, "comment": comment });
        if let (Some(state), Some(body)) = (state, body.as_object_mut()) {
            body.insert("state".to_owned(), serde_json::to_value(state)?);
        }
        let request = self.http.post(address).json(&body);
        let (status, answer) = outbound::send(WHAT, as_api(request, &token)).await?;
        if status.is_success() {
            return Ok(());
        }
        Err(outbound::refused(WHAT, status, &answer))
    }

    /// A token of the installation, for this repository's deployments alone.
    async fn access_token(&self, asked: &Requested, now: DateTime<Utc>) -> Result<SecretString, HookError> {
        const WHAT: &str = "GitHub: token of the installation";
        let installation = asked.installation.to_string();
        let address = outbound::below(
            &self.api_base,
            &["app", "installations", &installation, "access_tokens"],
        )
        .ok_or_else(|| HookError::Setup("github.api_base can hold no path".to_owned()))?;
        let mut body = json!({ "permissions": { "deployments": "write" } });
        if let (Some(id), Some(body)) = (asked.repository, body.as_object_mut()) {
            body.insert("repository_ids".to_owned(), json!([id]));
        }
        let request = self.http.post(address).json(&body);
        let (status, answer) = outbound::send(WHAT, as_api(request, &self.jwt(now)?)).await?;
        if !status.is_success() {
            return Err(outbound::refused(WHAT, status, &answer));
        }
        // The error's words could hold the token.
        serde_json::from_slice(&answer)
            .map(|AccessToken { token }| token)
            .map_err(|_told_without| HookError::NoAnswer {
                what: WHAT,
                why: "it holds no token".to_owned(),
            })
    }

    /// The app's own token: a JSON Web Token, signed RS256.
    fn jwt(&self, now: DateTime<Utc>) -> Result<SecretString, HookError> {
        let head = json!({ "alg": "RS256", "typ": "JWT" });
        let claims = json!({
            "iat": (now - CLOCKS_DIFFER).timestamp(),
            "exp": (now + VALID_FOR).timestamp(),
            "iss": self.id,
        });
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(head.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = self
            .signer
            .sign(signed.as_bytes())
            .map_err(|error| HookError::Setup(format!("github.private_key cannot sign: {error}")))?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(SecretString::from(format!("{signed}.{signature}")))
    }
}

fn as_api(request: reqwest::RequestBuilder, token: &SecretString) -> reqwest::RequestBuilder {
    request
        .bearer_auth(token.expose_secret())
        .header("Accept", "application/vnd.github+json")
        .header("X-GitHub-Api-Version", API_VERSION)
}
