//! A site with one change on a database of its own, beside a simulated WeCom, and a browser of few words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use actix_web::{App, test, web};
use changegate_lifecycle::{Anomaly, Change, Duty, DutyKind, DutyState, Incident, People, Stage, Stamp};
use changegate_policy::{Policy, UserId};
use changegate_simulator::{Settings, Simulator, cast};
use changegate_store::{Advance, ChangeDraft, Event, NewEntry, Store, StoreOptions};
use changegate_wecom::client::{self, Client};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;
use url::Url;

use crate::clock::Clock;
use crate::config;
use crate::links::Links;
use crate::policies::Policies;
use crate::reports::Reports;
use crate::web::server::{Site, routes};
use crate::web::sign_in::SignIn;

pub(super) const SP_NO: &str = "202611240001";

pub(super) struct Desk {
    pub(super) wecom: Simulator,
    pub(super) store: Store,
    site: web::Data<Site>,
    _folder: TempDir,
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) policy: String,
    pub(super) body: String,
    pub(super) bytes: Vec<u8>,
    cookies: Vec<String>,
}

impl Answer {
    /// The whole header of a cookie that was set.
    pub(super) fn cookie(&self, name: &str) -> String {
        let found = self
            .cookies
            .iter()
            .find(|cookie| cookie.starts_with(&format!("{name}=")));
        found
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.cookies))
            .clone()
    }
}

/// Name and value of a cookie.
pub(super) fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

/// The first hidden input of a name.
pub(super) fn input(page: &str, name: &str) -> String {
    let after = page.split_once(&format!("name=\"{name}\" value=\""));
    let (_, after) = after.unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split_once('"').unwrap().0.to_owned()
}

fn ids(users: &[&str]) -> BTreeSet<UserId> {
    users.iter().map(UserId::new).collect()
}

pub(super) fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T10:30:00+08:00")
        .unwrap()
        .to_utc()
}

pub(super) fn duty(number: u32, kind: DutyKind, holders: &[&str]) -> Duty {
    Duty {
        number,
        kind,
        holders: ids(holders),
        said: [].into(),
        acknowledged: BTreeSet::new(),
        arrived: BTreeMap::new(),
        state: DutyState::Open,
        since: morning(),
        reminded: 0,
    }
}

fn people() -> People {
    People {
        applicants: ids(&["zhangwei"]),
        product_managers: ids(&["chenjing"]),
        testers: ids(&["wangfang"]),
        development_leads: ids(&["liqiang"]),
        operations_leads: ids(&["zhaolei"]),
        executors: ids(&["machao", "qianhao"]),
        admins: ids(&["yexin"]),
        ..People::default()
    }
}

/// A change that went wrong and was marked as an incident.
pub(super) fn with_incident() -> Change {
    let stamp = Stamp {
        by: UserId::new("zhaolei"),
        at: morning(),
    };
    let mut change = Change {
        stage: Stage::Anomaly,
        statement: Some("已按回退方案恢复，<b>x</b>".to_owned()),
        duties: vec![duty(1, DutyKind::Report, &["liqiang"])],
        ..Change::default()
    };
    change.anomalies.push(Anomaly {
        at: morning(),
        by: UserId::new("wangfang"),
        what: "港股行情不更新".to_owned(),
        handled: None,
        recovered: None,
        corrected: None,
    });
    change.incident = Some(Incident {
        number: "SG-20261124-1".to_owned(),
        opened: stamp,
        statement: None,
        reported: None,
        claim: None,
        report: changegate_lifecycle::ReportText::default(),
    });
    change
}

impl Desk {
    /// A site that knows one change, as it is given, of the usual people.
    pub(super) async fn open(change: &Change) -> Self {
        let settings = Settings::demo();
        settings.clock.set(morning());
        let wecom = Simulator::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("changegate.db");
        let store = Store::open(&StoreOptions::new(format!("sqlite://{}", file.display())))
            .await
            .unwrap();
        store.migrate_up().await.unwrap();
        let clock = wecom.clock().clone();
        let text = format!("{}\n{}", Policy::BUILT_IN_TEXT, cast::directory_toml("directory"));
        let site = Site {
            clock: Clock::from_fn(move || clock.now()),
            fields: Arc::new(config::Fields::default()),
            github: None,
            links: Arc::new(Links::new(public_url(), [7; 64])),
            jira: None,
            jira_hook: None,
            registry: None,
            templates: vec!["TPL".to_owned()].into(),
            policies: Arc::new(Policies::new(Arc::new(
                Policy::parse(&text, "policy.toml").unwrap(),
            ))),
            reports: Reports::default(),
            sign_in: Arc::new(sign_in(&wecom)),
            store: store.clone(),
            wecom: Arc::new(api_client(&wecom)),
            zadig: None,
        };
        let desk = Self {
            wecom,
            store,
            site: web::Data::new(site),
            _folder: folder,
        };
        desk.remember(change).await;
        desk
    }

    async fn remember(&self, change: &Change) {
        let mut change = change.clone();
        change.people = people();
        let draft = ChangeDraft {
            sp_no: SP_NO.to_owned(),
            title: "行情系统条件单功能上线变更".to_owned(),
            stage: change.stage.word().to_owned(),
            applicant: "zhangwei".to_owned(),
            open: change.stage.is_open(),
            told: serde_json::to_value(&change).unwrap(),
            ..ChangeDraft::default()
        };
        let advance = Advance {
            now: morning(),
            change: draft,
            ..Advance::default()
        };
        self.store.commit(&advance).await.unwrap();
    }

    pub(super) async fn close(self) {
        self.wecom.stop().await;
        self.store.close().await.unwrap();
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(test::TestRequest::get().uri(path), cookie).await
    }

    pub(super) async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let request = test::TestRequest::post().uri(path);
        self.ask(request.set_form(fields), cookie).await
    }

    pub(super) async fn press(&self, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(&format!("/press/{SP_NO}"), cookie, fields).await
    }

    /// Begins a sign-in: where WeCom is, and the cookie that binds the browser.
    pub(super) async fn begin(&self, path: &str, agent: &str) -> (String, String) {
        let request = test::TestRequest::get()
            .uri(path)
            .insert_header((USER_AGENT, agent));
        let answer = self.ask(request, "").await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.body);
        let cookie = answer.cookies.first().map(|cookie| pair(cookie).to_owned());
        (answer.location, cookie.unwrap_or_default())
    }

    /// WeCom sends the browser back with a code.
    pub(super) async fn done(&self, begun: &str, code: &str, cookie: &str) -> Answer {
        let begun = Url::parse(begun).unwrap();
        let (_, state) = begun.query_pairs().find(|(name, _)| name == "state").unwrap();
        self.get(&format!("/login/done?code={code}&state={state}"), cookie)
            .await
    }

    /// The cookie of a member who is signed in.
    pub(super) async fn session(&self, user: &str) -> String {
        let (begun, cookie) = self.begin("/login?to=/me", "wxwork").await;
        let done = self.done(&begun, &self.wecom.login_code(user), &cookie).await;
        pair(&done.cookie("__Host-changegate")).to_owned()
    }

    /// The event that a press brought.
    pub(super) async fn take(&self) -> Event {
        let wait = async {
            loop {
                let now = self.wecom.clock().now();
                let found = self
                    .store
                    .claim_events(now, Duration::from_secs(30), 1)
                    .await
                    .unwrap();
                if let Some(event) = found.into_iter().flat_map(|batch| batch.events).next() {
                    return event;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait)
            .await
            .expect("no event came")
    }

    /// Does what the pipeline does with a press: records it, and settles its event.
    pub(super) async fn work_off(&self) {
        let wait = async {
            loop {
                let now = self.wecom.clock().now();
                let found = self
                    .store
                    .claim_events(now, Duration::from_secs(30), 1)
                    .await
                    .unwrap();
                if let Some(batch) = found.first() {
                    let entry = NewEntry {
                        at: now,
                        what: "pressed".to_owned(),
                        who: "chenjing".to_owned(),
                        detail: json!({ "action": "verified", "duty": "verify", "note": "" }),
                    };
                    self.store.append_timeline(SP_NO, &[entry]).await.unwrap();
                    self.store.complete_batch(&batch.lease(), now).await.unwrap();
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait)
            .await
            .expect("no event came");
    }

    async fn ask(&self, request: test::TestRequest, cookie: &str) -> Answer {
        let app = test::init_service(App::new().app_data(self.site.clone()).configure(routes)).await;
        let request = request.insert_header((COOKIE, cookie)).to_request();
        let response = match test::try_call_service(&app, request).await {
            Ok(response) => response,
            Err(error) => panic!("{error}"),
        };
        let header = |name| {
            let value = response.headers().get(name);
            value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        let (location, policy) = (
            header(LOCATION),
            header(actix_web::http::header::CONTENT_SECURITY_POLICY),
        );
        let cookies = response.headers().get_all(SET_COOKIE);
        let cookies = cookies
            .map(|cookie| cookie.to_str().unwrap().to_owned())
            .collect();
        let status = response.status();
        let bytes = test::read_body(response).await.to_vec();
        Answer {
            status,
            location,
            policy,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
            cookies,
        }
    }
}

fn public_url() -> Url {
    Url::parse("https://gate.example.com").unwrap()
}

fn sign_in(wecom: &Simulator) -> SignIn {
    let (settings, secret) = (wecom.settings(), SecretString::from("secret"));
    let wecom = config::Wecom {
        api_base: Url::parse(&wecom.base_url()).unwrap(),
        oauth_base: Url::parse("https://open.weixin.qq.com").unwrap(),
        sso_base: Url::parse("https://login.work.weixin.qq.com").unwrap(),
        corp_id: settings.corp_id.clone(),
        agent_id: settings.agent_id,
        secret: secret.clone(),
        token: secret.clone(),
        encoding_aes_key: secret,
        templates: Vec::new(),
        reconcile_interval: Duration::from_mins(5),
        reconcile_days: 7,
        fields: config::Fields::default(),
    };
    SignIn::new(&wecom, &public_url())
}

fn api_client(wecom: &Simulator) -> Client {
    let settings = wecom.settings();
    let secret = SecretString::from(settings.secret.clone());
    let agent = i64::from(settings.agent_id);
    let api = client::Settings::new(&wecom.base_url(), &settings.corp_id, secret, agent);
    Client::new(api, client::http_client().unwrap())
}
