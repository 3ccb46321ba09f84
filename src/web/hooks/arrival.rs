//! How a hook's body arrives: bounded in size and time.

use std::time::Duration;

use actix_web::{HttpResponse, web};

/// A body that stalls is cut off.
const BODY_TIME_OUT: Duration = Duration::from_secs(5);

/// The whole body of at most `limit` bytes, or the answer to whoever sent none.
pub(super) async fn body(payload: web::Payload, limit: usize) -> Result<web::Bytes, HttpResponse> {
    match tokio::time::timeout(BODY_TIME_OUT, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_broken_off))) => Err(HttpResponse::BadRequest().finish()),
        Ok(Err(_limit)) => Err(HttpResponse::PayloadTooLarge().finish()),
        Err(_elapsed) => Err(HttpResponse::RequestTimeout().finish()),
    }
}
