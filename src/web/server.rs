//! The HTTP server: which path leads where, and the headers that every answer carries.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, DefaultHeaders};
use actix_web::{App, HttpResponse, HttpServer, web};
use changegate_policy::Policy;
use changegate_store::Store;
use changegate_wecom::client::Client;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::SecretString;

use super::hooks::{GithubApp, Zadig};
use super::problem::Problem;
use super::sign_in::{self, SignIn};
use super::{Receiver, api, assets, callback, change_page, health, hooks, metrics, pages};
use crate::clock::Clock;
use crate::config::Fields;
use crate::links::Links;
use crate::pipeline::Jira;
use crate::policies::Policies;
use crate::registry::Registry;
use crate::reports::Reports;

/// How long a request in flight may take once the program is told to stop.
const SHUTDOWN: u64 = 10;
/// How long the head of a request may take.
const HEAD_TIME_OUT: Duration = Duration::from_secs(5);
/// `POST /api/v1/evaluate`: a form with all of its comments stays far below this.
pub(super) const MAX_API_BODY: usize = 1024 * 1024;
/// What a deployment job reports.
pub(super) const MAX_REPORT: usize = 64 * 1024;

/// What pages and API read.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) clock: Clock,
    pub(crate) fields: Arc<Fields>,
    /// GitHub, where it is configured.
    pub(crate) github: Option<Arc<GithubApp>>,
    /// JIRA, where it is configured.
    pub(crate) jira: Option<Arc<Jira>>,
    /// What the address of JIRA's web hooks ends with; none: they are not taken.
    pub(crate) jira_hook: Option<SecretString>,
    pub(crate) links: Arc<Links>,
    pub(crate) policies: Arc<Policies>,
    /// The registries, where any is configured.
    pub(crate) registry: Option<Arc<Registry>>,
    pub(crate) reports: Reports,
    pub(crate) sign_in: Arc<SignIn>,
    pub(crate) store: Store,
    /// The templates that are production changes.
    pub(crate) templates: Arc<[String]>,
    pub(crate) wecom: Arc<Client>,
    /// Zadig, where it is configured.
    pub(crate) zadig: Option<Arc<Zadig>>,
}

impl Site {
    /// The policy that holds now.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        self.policies.now()
    }
}

/// Binds the address and makes the server; the caller runs and stops it.
pub(crate) fn start(
    bind: SocketAddr,
    workers: Option<NonZeroUsize>,
    site: Site,
    receiver: Receiver,
    figures: PrometheusHandle,
) -> std::io::Result<(Server, Vec<SocketAddr>)> {
    let site = web::Data::new(site);
    let receiver = web::Data::new(receiver);
    let figures = web::Data::new(figures);
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(site.clone())
            .app_data(receiver.clone())
            .app_data(figures.clone())
            .app_data(web::PayloadConfig::new(MAX_API_BODY))
            .app_data(
                web::QueryConfig::default()
                    .error_handler(|error, _request| Problem::bad_request(error.to_string()).into()),
            )
            .configure(routes)
    })
    .client_request_timeout(HEAD_TIME_OUT)
    .shutdown_timeout(SHUTDOWN)
    .disable_signals();
    if let Some(workers) = workers {
        server = server.workers(workers.get());
    }
    let server = server.bind(bind)?;
    let addresses = server.addrs();
    Ok((server.run(), addresses))
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    for path in ["/wecom/callback", "/wecom/callback/"] {
        config.service(
            web::resource(path)
                .route(web::post().to(callback::receive))
                .route(web::get().to(callback::verify)),
        );
    }
    config
        .route("/healthz", web::get().to(health::alive))
        .route("/readyz", web::get().to(health::ready))
        .route("/metrics", web::get().to(metrics::metrics))
        .service(web::scope("/api/v1").wrap(private()).configure(api::routes))
        .service(
            web::scope("")
                .wrap(Compress::default())
                .wrap(private())
                .wrap(page_headers())
                .route("/c/{sp_no}", web::get().to(change_page::show))
                .configure(hooks::routes)
                .configure(sign_in::routes)
                .configure(pages::routes)
                .configure(assets::routes)
                .default_service(web::to(|| async { HttpResponse::NotFound().finish() })),
        );
}

/// No cache keeps what only the asker may see.
fn private() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add(("X-Content-Type-Options", "nosniff"))
}

/// Pages load nothing from elsewhere, run nothing but their own script, and leak no link to others.
fn page_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Frame-Options", "DENY"))
}
