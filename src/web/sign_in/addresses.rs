//! Where a sign-in goes: WeCom's own browser knows who holds it, any other shows a code to scan.

use url::Url;

use crate::config;

/// What it takes to send a browser to WeCom.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    oauth_base: Url,
    sso_base: Url,
    corp_id: String,
    agent_id: u32,
    back: String,
    secure: bool,
}

impl SignIn {
    /// The sign-in of the configured app, which leads back below the public address.
    pub(crate) fn new(wecom: &config::Wecom, public_url: &Url) -> Self {
        let base = public_url.as_str().trim_end_matches('/');
        Self {
            oauth_base: wecom.oauth_base.clone(),
            sso_base: wecom.sso_base.clone(),
            corp_id: wecom.corp_id.clone(),
            agent_id: wecom.agent_id,
            back: format!("{base}/login/done"),
            secure: public_url.scheme() == "https",
        }
    }

    /// Whether browsers reach changegate by HTTPS, so that cookies may insist on it.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The address for a state, inside WeCom's browser or outside of it.
    pub(super) fn address(&self, state: &str, inside: bool) -> String {
        let agent_id = self.agent_id.to_string();
        if inside {
            let pairs = [
                ("appid", self.corp_id.as_str()),
                ("redirect_uri", &self.back),
                ("response_type", "code"),
                ("scope", "snsapi_base"),
                ("state", state),
                ("agentid", &agent_id),
            ];
            // Without the fragment the page stays blank.
            format!(
                "{}#wechat_redirect",
                join(&self.oauth_base, "connect/oauth2/authorize", &pairs)
            )
        } else {
            let pairs = [
                ("login_type", "CorpApp"),
                ("appid", self.corp_id.as_str()),
                ("agentid", &agent_id),
                ("redirect_uri", &self.back),
                ("state", state),
                ("lang", "zh"),
            ];
            join(&self.sso_base, "wwlogin/sso/login", &pairs)
        }
    }
}

fn join(base: &Url, path: &str, pairs: &[(&str, &str)]) -> String {
    let base = base.as_str().trim_end_matches('/');
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{base}/{path}?{query}")
}
