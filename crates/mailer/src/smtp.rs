//! One mail over one connection.
//!
//! lettre speaks the protocol; the steps are taken one by one, since its own `send` would neither tell a refused
//! login from a refused recipient, nor send to the others when one of many has left the firm. Nor is there a pool:
//! mails are few and far between, and a kept connection would be a closed one.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{Instant, timeout, timeout_at};

use crate::error::{MailError, MailErrorClass, Refused, Stage, clean};
use crate::mail::Mail;
use crate::mailbox::Mailbox;
use crate::message_id::MessageId;
use crate::settings::{Security, SettingsError, SmtpSettings, SmtpUrl};

/// The mail is delivered by then; nobody waits long for a goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A way to a mail server.
pub struct Smtp {
    url: SmtpUrl,
    from: Mailbox,
    timeout: Duration,
    tls: Option<TlsParameters>,
    credentials: Option<(String, SecretString)>,
    hello: ClientId,
}

/// A mail that the server took over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The mail's identity.
    pub message_id: MessageId,
    /// The server's words, which often name its queue's number.
    pub response: String,
    /// Recipients who were refused for good while others got the mail.
    pub refused: Vec<Refused>,
}

/// A server that would take a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Whether the connection had TLS.
    pub encrypted: bool,
    /// Whether there was a login.
    pub logged_in: bool,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp")
            .field("url", &self.url)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// Reads the root certificates; connects to nothing yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let credentials = settings.url.credentials(settings.password.as_ref())?;
        let tls = match settings.url.security {
            Security::None => None,
            Security::Implicit | Security::Required | Security::Opportunistic => {
                Some(trust(&settings.url.host, settings.ca_pem.as_deref())?)
            }
        };
        Ok(Self {
            url: settings.url,
            from: settings.from,
            timeout: settings.timeout,
            tls,
            credentials,
            hello: ClientId::default(),
        })
    }

    /// Where it sends to.
    pub fn url(&self) -> &SmtpUrl {
        &self.url
    }

    /// Who sends.
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Sends a mail. Recipients who are refused for good do not keep it from the others; if one is refused for a
    /// passing reason nobody gets it yet, since a retry could not leave out those who have it.
    pub async fn send(&self, mail: &Mail) -> Result<Sent, MailError> {
        let bytes = mail.to_bytes(&self.from)?;
        let mut session = self.open().await?;
        let sent = session.transact(&self.from, mail, &bytes).await;
        session.close(sent.as_ref().err()).await;
        let (response, refused) = sent?;
        Ok(Sent {
            message_id: mail.message_id.clone(),
            response,
            refused,
        })
    }

    /// Goes as far as one can without sending: connection, TLS, login, and whether the sender is accepted.
    pub async fn check(&self) -> Result<Checked, MailError> {
        let mut session = self.open().await?;
        let checked = session.probe(&self.from).await;
        session.close(checked.as_ref().err()).await;
        checked.map(|encrypted| Checked {
            encrypted,
            logged_in: self.credentials.is_some(),
        })
    }

    async fn open(&self) -> Result<Session<'_>, MailError> {
        let clock = Clock {
            deadline: Instant::now() + self.timeout,
            secret: self
                .credentials
                .as_ref()
                .map_or("", |(_, password)| password.expose_secret()),
        };
        let wrapper = match self.url.security {
            Security::Implicit => self.tls.clone(),
            Security::Required | Security::Opportunistic | Security::None => None,
        };
        let server = (self.url.host.as_str(), self.url.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.hello, wrapper, None);
        let connection = Box::pin(clock.step(Stage::Connect, connecting)).await?;
        let mut session = Session { connection, clock };
        match self.ready(&mut session).await {
            Ok(()) => Ok(session),
            Err(error) => {
                session.close(Some(&error)).await;
                Err(error)
            }
        }
    }

    /// TLS and login, as far as the settings want them.
    async fn ready(&self, session: &mut Session<'_>) -> Result<(), MailError> {
        let Session { connection, clock } = session;
        match (self.url.security, &self.tls) {
            (Security::Required | Security::Opportunistic, Some(tls)) if connection.can_starttls() => {
                let starting = connection.starttls(tls.clone(), &self.hello);
                Box::pin(clock.step(Stage::Encrypt, starting)).await?;
            }
            (Security::Required, _) => {
                let words = "the server offers no STARTTLS";
                return Err(MailError::new(
                    MailErrorClass::Configuration,
                    Stage::Encrypt,
                    words,
                ));
            }
            _ => {}
        }
        let Some((user, password)) = &self.credentials else {
            return Ok(());
        };
        if !connection.is_encrypted() {
            let words = "the server offers no TLS, and the password is not sent in clear";
            return Err(MailError::new(MailErrorClass::Configuration, Stage::LogIn, words));
        }
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        clock.step(Stage::LogIn, login).await?;
        Ok(())
    }
}

fn trust(host: &str, ca_pem: Option<&[u8]>) -> Result<TlsParameters, SettingsError> {
    let mut builder = TlsParametersBuilder::new(host.to_owned());
    if let Some(pem) = ca_pem {
        // An empty list of certificates would be taken without complaint.
        if !pem
            .windows(27)
            .any(|window| window == b"-----BEGIN CERTIFICATE-----")
        {
            return Err(SettingsError::Certificates);
        }
        match Certificate::from_pem(pem) {
            Ok(certificates) => builder = builder.add_root_certificate(certificates),
            Err(_) => return Err(SettingsError::Certificates),
        }
    }
    builder
        .build()
        .map_err(|error| SettingsError::Tls(error.to_string()))
}

/// The time that is left, and the word that must not get into an error.
struct Clock<'a> {
    deadline: Instant,
    secret: &'a str,
}

impl Clock<'_> {
    async fn step<T>(
        &self,
        stage: Stage,
        work: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, MailError> {
        match timeout_at(self.deadline, work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) if error.is_timeout() => Err(MailError::late(stage)),
            Ok(Err(error)) => Err(MailError::judge(stage, &error, self.secret)),
            Err(_) => Err(MailError::late(stage)),
        }
    }
}

/// A connection on which a mail may be sent.
struct Session<'a> {
    connection: AsyncSmtpConnection,
    clock: Clock<'a>,
}

impl Session<'_> {
    async fn transact(
        &mut self,
        from: &Mailbox,
        mail: &Mail,
        bytes: &[u8],
    ) -> Result<(String, Vec<Refused>), MailError> {
        self.sender(from).await?;
        let mut refused = Vec::new();
        let recipients = mail.recipients();
        for mailbox in &recipients {
            if let Err(error) = self.recipient(mailbox).await {
                match (error.class, error.code) {
                    (MailErrorClass::Permanent, Some(code)) => refused.push(Refused {
                        address: mailbox.address().to_owned(),
                        code,
                        words: error.words,
                    }),
                    _ => return Err(error),
                }
            }
        }
        if refused.len() == recipients.len() {
            return Err(MailError::all_refused(refused));
        }
        let Self { connection, clock } = self;
        clock.step(Stage::Content, connection.command(Data)).await?;
        let response = clock.step(Stage::Content, connection.message(bytes)).await?;
        Ok((words_of(&response, clock.secret), refused))
    }

    /// Whether the connection has TLS, if the sender is accepted.
    async fn probe(&mut self, from: &Mailbox) -> Result<bool, MailError> {
        self.sender(from).await?;
        let Self { connection, clock } = self;
        clock.step(Stage::Sender, connection.command(Rset)).await?;
        Ok(connection.is_encrypted())
    }

    async fn sender(&mut self, from: &Mailbox) -> Result<Response, MailError> {
        let command = MailFrom::new(Some(from.envelope_address()), Vec::new());
        let Self { connection, clock } = self;
        clock.step(Stage::Sender, connection.command(command)).await
    }

    async fn recipient(&mut self, mailbox: &Mailbox) -> Result<Response, MailError> {
        let command = Rcpt::new(mailbox.envelope_address(), Vec::new());
        let Self { connection, clock } = self;
        clock.step(Stage::Recipients, connection.command(command)).await
    }

    /// Says goodbye, unless the two no longer understand each other: in the middle of a mail, the word would be taken
    /// for a part of it. Does not mind if nobody answers.
    async fn close(mut self, error: Option<&MailError>) {
        if error.is_none_or(|error| error.code.is_some()) {
            drop(timeout(GOODBYE, self.connection.quit()).await);
        }
    }
}

fn words_of(response: &Response, secret: &str) -> String {
    let lines: Vec<_> = response.message().collect();
    clean(&format!("{} {}", response.code(), lines.join(" ")), secret)
}
