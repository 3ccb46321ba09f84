//! `GET /healthz` and `GET /readyz`.

use actix_web::{HttpResponse, web};
use changegate_wecom::client::OpenCircuit;
use serde::Serialize;

use super::server::Site;

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: &'static str,
    migrations_pending: Option<usize>,
    /// What WeCom refuses at present; empty is the normal state.
    wecom_refuses: Vec<Refused>,
}

/// Something that is not called for a while, because WeCom refused it for its configuration.
#[derive(Serialize)]
struct Refused {
    api: &'static str,
    errcode: i64,
    errmsg: String,
    next_probe_in_secs: u64,
}

impl From<OpenCircuit> for Refused {
    fn from(circuit: OpenCircuit) -> Self {
        Self {
            api: circuit.api.unwrap_or("all"),
            errcode: circuit.errcode,
            errmsg: circuit.errmsg,
            next_probe_in_secs: circuit.probe_in.as_secs(),
        }
    }
}

/// Alive: answers while the process runs.
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok")
}

/// Able to work: the database answers and its migrations are done. An open WeCom circuit is told, and does not
/// make the bot unready: callbacks are still taken, and messages wait.
pub(crate) async fn ready(site: web::Data<Site>) -> HttpResponse {
    let pending = match site.store.ping().await {
        Ok(()) => site
            .store
            .pending_migrations()
            .await
            .ok()
            .map(|pending| pending.len()),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            None
        }
    };
    let body = Readiness {
        ready: pending == Some(0),
        database: if pending.is_some() { "ok" } else { "unreachable" },
        migrations_pending: pending,
        wecom_refuses: site.wecom.circuits().into_iter().map(Refused::from).collect(),
    };
    if body.ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}
