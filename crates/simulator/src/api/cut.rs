//! A body that ends before it is whole: the connection is cut under the answer.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;

/// Promises more than it sends.
#[derive(Default)]
pub(super) struct CutBody {
    begun: bool,
}

impl MessageBody for CutBody {
    type Error = Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        Poll::Ready(Some(if std::mem::replace(&mut self.begun, true) {
            Err(Error::from(ErrorKind::ConnectionAborted))
        } else {
            Ok(Bytes::from_static(b"{\"errcode\":"))
        }))
    }
}
