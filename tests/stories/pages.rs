//! The pages of changegate in WeCom's browser: signed in through WeCom, pressed with a thumb.

use changegate_simulator::forms;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::{Client, RequestBuilder, Response, redirect};

use crate::office::{Office, evening};

/// A member's browser: one cookie, and the eyes to follow a redirect.
struct Browser<'a> {
    office: &'a Office,
    http: Client,
    session: String,
}

impl<'a> Browser<'a> {
    /// Opens a page as a member who never signed in: the way there leads through WeCom and back.
    async fn of(office: &'a Office, user: &str, path: &str) -> (Self, String) {
        let builder = Client::builder().no_proxy().tls_certs_only([]);
        let http = builder.redirect(redirect::Policy::none()).build().unwrap();
        let mut browser = Self {
            office,
            http,
            session: String::new(),
        };
        let to_login = location(&browser.get(path).await);
        let begun = browser.get(&to_login).await;
        let bound = cookie(&begun);
        let asked = location(&begun);
        let (_, query) = asked.split_once('?').unwrap();
        let (query, _) = query
            .split_once("#wechat_redirect")
            .expect("else the page stays blank");
        let authorize = format!(
            "{}/connect/oauth2/authorize?{query}&sim_user={user}",
            office.wecom.base_url()
        );
        let back = location(&browser.http.get(authorize).send().await.unwrap());
        let done = back
            .strip_prefix("https://gate.example.com")
            .expect("back to the bot");
        browser.session = bound;
        let signed_in = browser.get(done).await;
        browser.session = cookie(&signed_in);
        assert_eq!(location(&signed_in), path);
        let page = browser.get(path).await.text().await.unwrap();
        (browser, page)
    }

    async fn get(&self, path: &str) -> Response {
        self.ask(self.http.get(self.office.bot_url(path))).await
    }

    async fn press(&self, sp_no: &str, fields: &[(&str, &str)]) -> Response {
        let address = self.office.bot_url(&format!("/press/{sp_no}"));
        self.ask(self.http.post(address).form(fields)).await
    }

    async fn ask(&self, request: RequestBuilder) -> Response {
        let request = request.header(USER_AGENT, "Mozilla/5.0 (iPhone) wxwork/4.1.30");
        request.header(COOKIE, &self.session).send().await.unwrap()
    }
}

fn location(response: &Response) -> String {
    let to = response.headers().get(LOCATION);
    let to = to.unwrap_or_else(|| panic!("no redirect: {response:?}"));
    to.to_str().unwrap().to_owned()
}

/// Name and value of the first cookie that was set.
fn cookie(response: &Response) -> String {
    let cookie = response.headers().get(SET_COOKIE).unwrap().to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn input<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, after) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    after.split_once('"').unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_moves_the_time_on_a_page_and_sees_what_came_of_it() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    let path = format!("/a/{sp_no}");
    let (browser, page) = Browser::of(&office, "zhangwei", &path).await;
    assert!(page.contains("张伟 已登录"), "{page}");
    let fields = [
        ("token", input(&page, "token")),
        ("nonce", input(&page, "nonce")),
        ("back", path.as_str()),
        ("action", "reschedule"),
        ("note", "与运维同事商定"),
        ("from", "2026-11-24T18:00"),
        ("until", "2026-11-24T19:00"),
    ];
    let pressed = browser.press(&sp_no, &fields).await;
    assert_eq!(pressed.status().as_u16(), 303);
    let shown = browser.get(&location(&pressed)).await.text().await.unwrap();
    assert!(shown.contains("已提交：改期"), "{shown}");
    assert!(shown.contains("18:00–19:00"), "{shown}");
    // The same form sent twice is one press.
    let again = browser.press(&sp_no, &fields).await;
    assert_eq!(again.status().as_u16(), 303);
    let token = office.token("read");
    let change = office.change(&sp_no, &token, |_| true).await;
    let timeline = change["timeline"].as_array().unwrap();
    let presses = timeline.iter().filter(|entry| entry["what"] == "pressed").count();
    assert_eq!(presses, 1, "{timeline:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_nothing_to_do_with_a_change_neither_sees_nor_moves_it() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    let (stranger, page) = Browser::of(&office, "wulei", &format!("/a/{sp_no}")).await;
    assert!(page.contains("这份变更与您无关"), "{page}");
    let own = stranger.get("/me").await.text().await.unwrap();
    let nonce = "0123456789abcdef0123456789abcdef";
    let fields = [
        ("token", input(&own, "token")),
        ("nonce", nonce),
        ("action", "toggle_us"),
    ];
    assert_eq!(stranger.press(&sp_no, &fields).await.status().as_u16(), 403);
    let (_, own) = Browser::of(&office, "zhangwei", &format!("/a/{sp_no}")).await;
    let stolen = [
        ("token", input(&own, "token")),
        ("nonce", nonce),
        ("action", "toggle_us"),
    ];
    assert_eq!(stranger.press(&sp_no, &stolen).await.status().as_u16(), 403);
    office.close().await;
}
