//! Token, AES key and receive id of one callback configuration.

use std::fmt;

use aes::cipher::{Iv, KeyInit};
use aes::{Aes256Dec, Aes256Enc};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::{Zeroize, Zeroizing};

/// An `EncodingAESKey` has 43 characters, 258 bits for 256: the last two bits mean nothing, and WeCom's own
/// keys seldom have them zero. Only this key is read so leniently; cipher text is not.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Everything needed to open and seal callbacks; prints as `***`.
#[derive(Clone)]
pub struct CallbackKeys {
    token: Zeroizing<String>,
    receive_id: String,
    encryptor: Aes256Enc,
    decryptor: Aes256Dec,
    iv: Iv<cbc::Decryptor<Aes256Dec>>,
}

/// A callback configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// An `EncodingAESKey` has 43 characters.
    #[error("EncodingAESKey must have 43 characters, this one has {0}")]
    Length(usize),
    /// A character that base64 does not have.
    #[error("EncodingAESKey holds a character outside A-Z a-z 0-9 + /")]
    Alphabet,
    /// A token has 1 to 32 characters.
    #[error("token must have 1 to 32 characters, this one has {0}")]
    Token(usize),
}

impl CallbackKeys {
    /// Reads the three settings of the admin console; blanks around them are cut off, and a `=` behind the
    /// key is allowed. An empty receive id is that of WeCom's callbacks without a company.
    pub fn new(token: &str, encoding_aes_key: &str, receive_id: &str) -> Result<Self, KeyError> {
        let token = token.trim();
        let length = token.chars().count();
        if length == 0 || length > 32 {
            return Err(KeyError::Token(length));
        }
        let key = encoding_aes_key.trim();
        let key = key.strip_suffix('=').unwrap_or(key);
        if key.chars().count() != 43 {
            return Err(KeyError::Length(key.chars().count()));
        }
        let Ok(decoded) = LENIENT.decode(key) else {
            return Err(KeyError::Alphabet);
        };
        let Ok(mut bytes) = <[u8; 32]>::try_from(Zeroizing::new(decoded).as_slice()) else {
            return Err(KeyError::Length(key.len()));
        };
        let mut iv = [0; 16];
        for (to, from) in iv.iter_mut().zip(bytes) {
            *to = from;
        }
        let keys = Self {
            token: Zeroizing::new(token.to_owned()),
            receive_id: receive_id.trim().to_owned(),
            encryptor: Aes256Enc::new(&bytes.into()),
            decryptor: Aes256Dec::new(&bytes.into()),
            iv: iv.into(),
        };
        bytes.zeroize();
        Ok(keys)
    }

    pub(crate) fn token(&self) -> &[u8] {
        self.token.as_bytes()
    }

    pub(crate) fn receive_id(&self) -> &[u8] {
        self.receive_id.as_bytes()
    }

    pub(crate) fn encryptor(&self) -> &Aes256Enc {
        &self.encryptor
    }

    pub(crate) fn decryptor(&self) -> &Aes256Dec {
        &self.decryptor
    }

    pub(crate) fn iv(&self) -> &Iv<cbc::Decryptor<Aes256Dec>> {
        &self.iv
    }
}

impl fmt::Debug for CallbackKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackKeys")
            .field("receive_id", &self.receive_id)
            .field("secrets", &"***")
            .finish_non_exhaustive()
    }
}
