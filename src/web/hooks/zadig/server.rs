//! The Zadig that is configured: the secret of its hook, and where its callbacks go.

use anyhow::Context as _;
use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use subtle::ConstantTimeEq as _;
use url::Url;

use super::plan::Plan;
use crate::config;
use crate::web::hooks::{HookError, outbound};

/// How a check ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckResult {
    /// The plan goes on.
    Success,
    /// The plan stops; its people change it and start it again.
    Failed,
    /// The plan waits on; only its description changes. Older versions refuse it, and wait as well.
    Executing,
}

/// The server.
pub(crate) struct Zadig {
    base: Url,
    token: Option<SecretString>,
    hook_secret: SecretString,
    http: Client,
}

#[derive(Serialize)]
struct Callback<'a> {
    release_plan_id: &'a str,
    instance_code: &'a str,
    hook_event: &'a str,
    result: CheckResult,
    failed_reason: &'a str,
    description: &'a str,
}

impl Zadig {
    /// From the configuration; connects to nothing yet.
    pub(crate) fn new(settings: &config::Zadig) -> anyhow::Result<Self> {
        Ok(Self {
            base: settings.base.clone(),
            token: settings.token.clone(),
            hook_secret: settings.hook_secret.clone(),
            http: outbound::http_client().context("the HTTP client cannot be made")?,
        })
    }

    /// Whether this is the hook's secret. Compared in constant time.
    pub(super) fn knows(&self, secret: &str) -> bool {
        let known = self.hook_secret.expose_secret().as_bytes();
        known.ct_eq(secret.as_bytes()).into()
    }

    /// Tells a plan how its check ended.
    pub(super) async fn call_back(
        &self,
        plan: &Plan,
        result: CheckResult,
        words: &str,
    ) -> Result<(), HookError> {
        const WHAT: &str = "Zadig: callback of a release plan";
        let address = outbound::below(&self.base, &["api", "callback", "release_plan"])
            .ok_or_else(|| HookError::Setup("zadig.base can hold no path".to_owned()))?;
        let request = self.http.post(address).json(&Callback {
            release_plan_id: &plan.id,
            instance_code: &plan.instance_code,
            hook_event: &plan.event,
            result,
            failed_reason: if result == CheckResult::Failed { words } else { "" },
            description: words,
        });
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        let (status, answer) = outbound::send(WHAT, request).await?;
        if status.is_success() {
            return Ok(());
        }
        Err(outbound::refused(WHAT, status, &answer))
    }
}
