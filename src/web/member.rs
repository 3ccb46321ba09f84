//! Who is signed in: the session's cookie, and the tokens by which a form proves that it is ours.

use std::pin::Pin;
use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, web};
use changegate_policy::UserId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::local_path::LocalPath;
use super::refusal::Refusal;
use super::server::Site;

/// A session that nobody uses ends after this.
pub(super) const IDLE: Duration = Duration::from_hours(12);
/// Any session ends after this.
pub(super) const ABSOLUTE: Duration = Duration::from_hours(7 * 24);
/// The session's cookie.
const SESSION: &str = "changegate";
/// A nonce is this many random bytes, in hex.
const NONCE_BYTES: usize = 16;

/// A member who is signed in.
#[derive(Clone)]
pub(crate) struct Member {
    /// Who, as WeCom told at the sign-in.
    pub(crate) user: UserId,
    token: String,
}

impl Member {
    /// The member of a session's token.
    pub(crate) fn new(user: UserId, token: String) -> Self {
        Self { user, token }
    }

    /// What every form of this session carries: another site cannot know it, and it does not give the session away.
    pub(crate) fn form_token(&self) -> String {
        hex::encode(self.keyed(b"form"))
    }

    /// Whether a form comes from a page of this session.
    pub(crate) fn owns(&self, form_token: &str) -> bool {
        bool::from(self.form_token().as_bytes().ct_eq(form_token.as_bytes()))
    }

    /// The key of an event that a form with this nonce brings: the same however often the form is sent.
    pub(crate) fn event_key(&self, nonce: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.keyed(b"event"))
            .chain_update(nonce.as_bytes())
            .finalize()
            .into()
    }

    /// The session's token, to end it.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    fn keyed(&self, purpose: &[u8]) -> [u8; 32] {
        // A key of any length will do.
        Hmac::<Sha256>::new_from_slice(self.token.as_bytes())
            .map(|mac| mac.chain_update(purpose).finalize().into_bytes().into())
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// A pressing of a button that was never made before.
pub(super) fn nonce() -> String {
    let mut bytes = [0_u8; NONCE_BYTES];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}

/// Whether a form's nonce can be one of ours.
pub(super) fn is_nonce(text: &str) -> bool {
    text.len() == 2 * NONCE_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The cookie of a session; an empty token takes it away.
pub(super) fn session_cookie(site: &Site, token: &str) -> Cookie<'static> {
    let mut cookie = cookie(site, SESSION, token);
    if token.is_empty() {
        cookie.make_removal();
    }
    cookie
}

/// A cookie that only this host gets, and no script.
pub(super) fn cookie(site: &Site, name: &str, value: &str) -> Cookie<'static> {
    Cookie::build(cookie_name(site, name), value.to_owned())
        .path("/")
        .secure(site.sign_in.is_secure())
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

/// Browsers take a `__Host-` cookie only by HTTPS and from the very host, so no neighbour can plant one.
pub(super) fn cookie_name(site: &Site, name: &str) -> String {
    let prefix = if site.sign_in.is_secure() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// The member whose session the request's cookie names.
pub(super) async fn of(request: &HttpRequest, site: &Site) -> Result<Option<Member>, Refusal> {
    let Some(cookie) = request.cookie(&cookie_name(site, SESSION)) else {
        return Ok(None);
    };
    let token = cookie.value();
    if token.len() > 128 {
        return Ok(None);
    }
    let session = site
        .store
        .session(token, site.clock.now(), IDLE, ABSOLUTE)
        .await?;
    Ok(session.map(|session| Member::new(UserId::new(session.user), token.to_owned())))
}

impl FromRequest for Member {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    /// Who reads without being signed in is led to the sign-in and back; who sends is told, with what was sent: that
    /// is for the handler, which has the body.
    fn from_request(request: &HttpRequest, _body: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let site = request
                .app_data::<web::Data<Site>>()
                .ok_or_else(Refusal::failed)?;
            if let Some(member) = of(&request, site).await? {
                return Ok(member);
            }
            let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
            let to = LocalPath::parse(asked).unwrap_or_else(LocalPath::home);
            Err(if request.method() == Method::GET {
                Refusal::SignIn(to)
            } else {
                Refusal::signed_out(None, "")
            })
        })
    }
}
