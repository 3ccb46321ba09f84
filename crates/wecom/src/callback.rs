//! Why a callback was refused.
//!
//! The order of the checks is part of the contract: parameters, envelope, signature, base64, decryption,
//! receive id, event. The first fault met is the one reported.

/// A callback that is not accepted, by the check that refused it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// The query lacks a parameter, repeats one, or holds one that is too long.
    #[error("query parameters: {0}")]
    Parameters(&'static str),
    /// The posted body is no XML envelope with exactly one `Encrypt`.
    #[error("envelope: {0}")]
    Envelope(String),
    /// The signature does not belong to this token, time stamp, nonce and cipher text.
    #[error("signature does not match")]
    Signature,
    /// The cipher text is not strict base64.
    #[error("cipher text is not base64")]
    Base64,
    /// The cipher text does not decrypt to a well-formed message with this key.
    #[error("decryption: {0}")]
    Decrypt(&'static str),
    /// The message was meant for another receiver.
    #[error("receive id is not ours")]
    ReceiveId,
    /// The decrypted message is no event in XML.
    #[error("event: {0}")]
    Xml(String),
}

impl CallbackError {
    /// The check that refused it, in one stable word for logs, metrics and scripts.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Parameters(_) => "parameters",
            Self::Envelope(_) => "envelope",
            Self::Signature => "signature",
            Self::Base64 => "base64",
            Self::Decrypt(_) => "decrypt",
            Self::ReceiveId => "receive_id",
            Self::Xml(_) => "xml",
        }
    }
}
