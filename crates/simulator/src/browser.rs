//! A small browser for tests: it follows links as WeCom's own does for a member, with a cookie jar for each. It
//! knows redirects, forms and cookies, and no scripts.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use actix_web::cookie::Cookie;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, REFERER, SET_COOKIE, USER_AGENT};
use url::Url;

const MOST_STEPS: usize = 10;
const LARGEST_PAGE: usize = 4 * 1024 * 1024;
/// Where WeCom's login page is in the real world.
const OAUTH_HOST: &str = "open.weixin.qq.com";

/// What WeCom's own browser says it is: pages sign in another way in any other.
const WECOM: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 wxwork/4.1.30";

/// A page that was arrived at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The address after all redirects.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The page.
    pub body: String,
    /// Its content type.
    pub content_type: String,
    /// How many redirects led here.
    pub redirects: usize,
}

/// Why no page was arrived at.
#[derive(Debug, thiserror::Error)]
pub enum BrowseError {
    /// The link cannot be read.
    #[error("no address: {0}")]
    BadAddress(String),
    /// No answer, or one that breaks off.
    #[error("no answer")]
    Network(#[source] reqwest::Error),
    /// Redirects without end.
    #[error("more than {MOST_STEPS} redirects, last to {0}")]
    TooManyRedirects(Url),
    /// The page is too large.
    #[error("page of more than {LARGEST_PAGE} bytes")]
    TooLarge,
}

/// The cookies of every member.
#[derive(Debug, Default)]
pub(crate) struct Jars(Mutex<BTreeMap<String, Vec<Kept>>>);

/// A cookie that is kept.
#[derive(Debug, Clone)]
struct Kept {
    host: String,
    path: String,
    name: String,
    value: String,
    secure: bool,
}

/// What is sent first.
pub(crate) enum Errand<'a> {
    /// Opens the page.
    Open,
    /// Sends a form's fields.
    Submit(&'a [(&'a str, &'a str)]),
}

impl Jars {
    pub(crate) fn forget(&self, userid: &str) {
        self.lock().remove(userid);
    }

    /// The header for an address; none without cookies.
    fn header(&self, userid: &str, url: &Url) -> Option<String> {
        let jars = self.lock();
        let host = url.host_str().unwrap_or_default();
        let safe = url.scheme() == "https" || matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let pairs: Vec<String> = jars
            .get(userid)?
            .iter()
            .filter(|kept| kept.host == host && below(url.path(), &kept.path) && (safe || !kept.secure))
            .map(|kept| format!("{}={}", kept.name, kept.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps, changes or removes a cookie as its header says.
    fn keep(&self, userid: &str, url: &Url, header: &str) {
        let Ok(cookie) = Cookie::parse(header.to_owned()) else {
            return;
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let path = cookie.path().unwrap_or("/").to_owned();
        let mut jars = self.lock();
        let jar = jars.entry(userid.to_owned()).or_default();
        jar.retain(|kept| !(kept.host == host && kept.path == path && kept.name == cookie.name()));
        let removed = cookie.max_age().is_some_and(|age| !age.is_positive());
        if !removed {
            jar.push(Kept {
                host,
                path,
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                secure: cookie.secure().unwrap_or(false),
            });
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a path lies below a cookie's.
fn below(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}

/// Goes to an address as a member and follows where it leads. `own` is the simulator's address, which stands in
/// for WeCom's login page.
pub(crate) async fn go(
    client: &reqwest::Client,
    jars: &Jars,
    own: &Url,
    userid: &str,
    link: &str,
    errand: Errand<'_>,
) -> Result<Visit, BrowseError> {
    let mut url = Url::parse(link).map_err(|error| BrowseError::BadAddress(format!("{link}: {error}")))?;
    let mut form = match errand {
        Errand::Open => None,
        Errand::Submit(fields) => Some(
            url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish(),
        ),
    };
    for redirects in 0..=MOST_STEPS {
        url = as_member(url, own, userid);
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut request = client.request(method, url.clone()).header(USER_AGENT, WECOM);
        if let Some(form) = &form {
            // What a browser sends with a form of the same site.
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ORIGIN, url.origin().ascii_serialization())
                .header(REFERER, url.as_str())
                .header("sec-fetch-site", "same-origin")
                .body(form.clone());
        }
        if let Some(cookies) = jars.header(userid, &url) {
            request = request.header(COOKIE, cookies);
        }
        let response = request.send().await.map_err(BrowseError::Network)?;
        for header in response.headers().get_all(SET_COOKIE) {
            if let Ok(header) = header.to_str() {
                jars.keep(userid, &url, header);
            }
        }
        let status = response.status().as_u16();
        let next = response
            .headers()
            .get(LOCATION)
            .filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308))
            .and_then(|to| to.to_str().ok())
            .map(|to| url.join(to));
        match next {
            Some(Ok(next)) => {
                if !matches!(status, 307 | 308) {
                    form = None;
                }
                url = next;
            }
            Some(Err(error)) => return Err(BrowseError::BadAddress(error.to_string())),
            None => return arrive(response, url, redirects).await,
        }
    }
    Err(BrowseError::TooManyRedirects(url))
}

/// WeCom's login page knows who opens it: it is asked at the simulator, for this member.
fn as_member(mut url: Url, own: &Url, userid: &str) -> Url {
    if url.path() != "/connect/oauth2/authorize" {
        return url;
    }
    if url.host_str() == Some(OAUTH_HOST) {
        let query = url.query().map(str::to_owned);
        url = own.clone();
        url.set_path("/connect/oauth2/authorize");
        url.set_query(query.as_deref());
    }
    let at_home = url.origin() == own.origin();
    if at_home && !url.query_pairs().any(|(name, _)| name == "sim_user") {
        url.query_pairs_mut().append_pair("sim_user", userid);
    }
    url
}

async fn arrive(mut response: reqwest::Response, url: Url, redirects: usize) -> Result<Visit, BrowseError> {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BrowseError::Network)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_PAGE {
            return Err(BrowseError::TooLarge);
        }
    }
    Ok(Visit {
        url,
        status,
        body: String::from_utf8_lossy(&body).into_owned(),
        content_type,
        redirects,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn cookies_go_back_to_their_host_and_path_only_and_end_when_told() {
        let jars = Jars::default();
        let page = url("http://127.0.0.1:8080/m/duty");
        jars.keep("machao", &page, "session=abc; Path=/m; HttpOnly; Secure");
        let header = |user: &str, to: &str| jars.header(user, &url(to));
        assert_eq!(
            header("machao", "http://127.0.0.1:8080/m/x").as_deref(),
            Some("session=abc")
        );
        assert_eq!(header("machao", "http://127.0.0.1:8080/menu"), None);
        assert_eq!(header("machao", "http://other.example/m"), None);
        assert_eq!(header("yexin", "http://127.0.0.1:8080/m"), None);
        jars.keep("machao", &page, "session=; Path=/m; Max-Age=0");
        assert_eq!(header("machao", "http://127.0.0.1:8080/m"), None);
    }

    #[test]
    fn the_login_page_is_asked_at_the_simulator_for_the_member() {
        let own = url("http://127.0.0.1:9000");
        let login = as_member(
            url("https://open.weixin.qq.com/connect/oauth2/authorize?appid=w&state=s#wechat_redirect"),
            &own,
            "machao",
        );
        assert_eq!(
            login.as_str(),
            "http://127.0.0.1:9000/connect/oauth2/authorize?appid=w&state=s&sim_user=machao"
        );
        let page = url("http://127.0.0.1:8080/m");
        assert_eq!(as_member(page.clone(), &own, "machao"), page);
    }
}
