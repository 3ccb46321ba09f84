//! Who calls the API: bearer tokens, stored as hashes, each with its scopes.

use std::future::Future;
use std::pin::Pin;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, dev, web};
use changegate_store::ApiToken;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;
use super::server::Site;
use crate::cli::TokenScope;

/// A caller whose token is known.
pub(crate) struct Caller(ApiToken);

impl Caller {
    /// What the token is called.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// Refuses a caller whose token lacks the scope; `admin` may do everything.
    pub(crate) fn may(&self, scope: TokenScope) -> Result<(), Problem> {
        let allowed = [scope, TokenScope::Admin]
            .iter()
            .any(|wanted| self.0.scopes.iter().any(|has| has == wanted.as_str()));
        if allowed {
            Ok(())
        } else {
            Err(Problem::forbidden(format!(
                "the token `{}` lacks the scope `{}`",
                self.0.name,
                scope.as_str()
            )))
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut dev::Payload) -> Self::Future {
        let token = bearer(request).map(|token| Sha256::digest(token.as_bytes()).into());
        let site = request.app_data::<web::Data<Site>>().cloned();
        Box::pin(async move {
            let hash: [u8; 32] =
                token.ok_or_else(|| Problem::unauthorized("send `Authorization: Bearer TOKEN`"))?;
            let site = site.ok_or_else(Problem::internal)?;
            let found = site.store.find_token(&hash).await?;
            let token = found.ok_or_else(|| {
                Problem::unauthorized("the token is not known; make one with `changegate token create`")
            })?;
            site.store.touch_token(&token, site.clock.now()).await?;
            Ok(Self(token))
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let (scheme, token) = request
        .headers()
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .trim()
        .split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}
