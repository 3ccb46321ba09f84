//! The cryptography of callbacks, both ways.
//!
//! A message is AES-256-CBC under the `EncodingAESKey` with the key's first half as initial vector, padded to
//! a multiple of 32 bytes (not of the cipher's own 16), and signed with SHA-1 over the sorted values of
//! token, time stamp, nonce and cipher text. Inside stand 16 random bytes, a length, the message and the
//! receive id. Every length and every padding byte is checked; nothing is decrypted before the signature
//! has been found right; signatures are compared in constant time. No message is ever logged here.

mod key;

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

pub use self::key::{CallbackKeys, KeyError};
use crate::{CallbackError, CallbackQuery};

/// WeCom pads to multiples of this.
const BLOCK: usize = 32;
/// Random bytes in front of every message.
const RANDOM: usize = 16;
/// Random bytes and the length of the message.
const HEAD: usize = RANDOM + 4;

/// An encrypted message with its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The cipher text in base64.
    pub encrypt: String,
    /// The signature over token, time stamp, nonce and cipher text.
    pub msg_signature: String,
}

impl CallbackKeys {
    /// Verifies and decrypts the cipher text of a posted envelope; the bytes come back exactly as sent.
    pub fn open(&self, query: &CallbackQuery, encrypt: &str) -> Result<Vec<u8>, CallbackError> {
        let expected = self.signature(&query.timestamp, &query.nonce, encrypt);
        if !bool::from(expected.as_slice().ct_eq(query.msg_signature.as_bytes())) {
            return Err(CallbackError::Signature);
        }
        let Ok(buffer) = STANDARD.decode(encrypt) else {
            return Err(CallbackError::Base64);
        };
        self.decrypt(buffer)
    }

    /// Verifies and decrypts the `echostr` of a URL verification: the answer to it.
    pub fn open_url(&self, query: &CallbackQuery) -> Result<Vec<u8>, CallbackError> {
        match &query.echostr {
            Some(echostr) => self.open(query, echostr),
            None => Err(CallbackError::Parameters("echostr missing")),
        }
    }

    /// Encrypts and signs a message the way WeCom does.
    pub fn seal(&self, plaintext: &[u8], timestamp: &str, nonce: &str, random16: [u8; 16]) -> Sealed {
        let length = u32::try_from(plaintext.len()).unwrap_or(u32::MAX);
        let mut buffer = Vec::with_capacity(HEAD + plaintext.len() + self.receive_id().len() + BLOCK);
        buffer.extend_from_slice(&random16);
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(plaintext);
        buffer.extend_from_slice(self.receive_id());
        let pad = BLOCK - buffer.len() % BLOCK;
        buffer.resize(buffer.len() + pad, u8::try_from(pad).unwrap_or_default());
        let filled = buffer.len();
        let encrypted = cbc::Encryptor::inner_iv_init(self.encryptor(), self.iv())
            .encrypt_padded::<NoPadding>(&mut buffer, filled)
            .map(|bytes| STANDARD.encode(bytes));
        // The buffer was just filled to whole blocks, the only thing that encryption without padding asks.
        let encrypt = encrypted.unwrap_or_default();
        let signature = self.signature(timestamp, nonce, &encrypt);
        Sealed {
            msg_signature: String::from_utf8_lossy(&signature).into_owned(),
            encrypt,
        }
    }

    fn signature(&self, timestamp: &str, nonce: &str, encrypt: &str) -> [u8; 40] {
        let mut parts = [
            self.token(),
            timestamp.as_bytes(),
            nonce.as_bytes(),
            encrypt.as_bytes(),
        ];
        parts.sort_unstable();
        let mut sha = Sha1::new();
        for part in parts {
            sha.update(part);
        }
        hex_of(sha.finalize().into())
    }

    fn decrypt(&self, mut buffer: Vec<u8>) -> Result<Vec<u8>, CallbackError> {
        if buffer.is_empty() || !buffer.len().is_multiple_of(BLOCK) {
            return Err(CallbackError::Decrypt("length is no multiple of 32"));
        }
        let cipher = cbc::Decryptor::inner_iv_init(self.decryptor(), self.iv());
        if cipher.decrypt_padded::<NoPadding>(&mut buffer).is_err() {
            return Err(CallbackError::Decrypt("length is no multiple of 16"));
        }
        let content = unpad(&buffer)?;
        let Some((head, rest)) = content.split_first_chunk::<HEAD>() else {
            return Err(CallbackError::Decrypt("too short"));
        };
        let [.., a, b, c, d] = *head;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let Some((_, receive_id)) = rest.split_at_checked(length) else {
            return Err(CallbackError::Decrypt("message longer than its envelope"));
        };
        if !bool::from(receive_id.ct_eq(self.receive_id())) {
            return Err(CallbackError::ReceiveId);
        }
        buffer.truncate(HEAD + length);
        buffer.drain(..HEAD);
        Ok(buffer)
    }
}

/// The body of a callback as WeCom posts it.
pub fn render_envelope(to_user: &str, agent_id: &str, encrypt: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{to_user}]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt>\
         <AgentID><![CDATA[{agent_id}]]></AgentID></xml>"
    )
}

/// The content in front of the padding, every byte of which is checked.
fn unpad(buffer: &[u8]) -> Result<&[u8], CallbackError> {
    const WRONG: CallbackError = CallbackError::Decrypt("padding is wrong (is it the right key?)");
    let pad = usize::from(*buffer.last().ok_or(WRONG)?);
    if pad == 0 || pad > BLOCK {
        return Err(WRONG);
    }
    let (content, padding) = buffer
        .len()
        .checked_sub(pad)
        .and_then(|at| buffer.split_at_checked(at))
        .ok_or(WRONG)?;
    if padding.iter().any(|byte| usize::from(*byte) != pad) {
        return Err(WRONG);
    }
    Ok(content)
}

/// Lower-case hexadecimal digits of a digest.
fn hex_of(digest: [u8; 20]) -> [u8; 40] {
    let mut out = [0; 40];
    for (pair, byte) in out.chunks_exact_mut(2).zip(digest) {
        for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
            *digit = if nibble < 10 {
                b'0' + nibble
            } else {
                b'a' + nibble - 10
            };
        }
    }
    out
}
