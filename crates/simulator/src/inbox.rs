//! Writing to the app's own mailbox, from Rust.

use crate::api;
use crate::letter::Letter;
use crate::simulator::Simulator;

pub use crate::api::Received;

impl Simulator {
    /// Somebody sends a mail that reaches the app's mailbox, whoever else it goes to. Answers WeCom's id of it.
    pub fn mail_to_app(&self, letter: &Letter) -> String {
        self.raw_mail_to_app(letter.eml(self.clock().now()))
    }

    /// The same of a mail as it goes over the wire, whatever it is.
    pub fn raw_mail_to_app(&self, eml: impl Into<String>) -> String {
        api::receive_mail(&self.hub, eml.into())
    }

    /// The mails in the app's mailbox, oldest first.
    pub fn received_mails(&self) -> Vec<Received> {
        self.hub.read(|world| world.received.iter().cloned().collect())
    }
}
