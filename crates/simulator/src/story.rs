//! What happened, as lines to read when a test waits in vain.

use chrono::{DateTime, Utc};

use crate::message::{Channel, Message};
use crate::world::World;

/// Callbacks, calls and messages in their order.
pub(crate) fn conversation(world: &World) -> String {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for callback in &world.callbacks {
        let deliveries: Vec<String> = callback
            .deliveries
            .iter()
            .map(|delivery| match (delivery.status, &delivery.failure) {
                (Some(status), _) => status.to_string(),
                (None, failure) => failure.clone().unwrap_or_default(),
            })
            .collect();
        let line = format!(
            "callback {} {:?} [{}]",
            callback.event,
            callback.state,
            deliveries.join(", ")
        );
        lines.push((callback.id, stamped(callback.at, &line)));
    }
    for call in &world.calls {
        let answer = call
            .errcode
            .map_or_else(|| "no JSON".to_owned(), |code| code.to_string());
        let fault = call
            .fault
            .as_deref()
            .map_or_else(String::new, |fault| format!(" ({fault})"));
        let line = format!("call     {} {} → {answer}{fault}", call.method, call.path);
        lines.push((call.seq, stamped(call.at, &line)));
    }
    for message in &world.messages {
        lines.push((message.seq, stamped(message.at, &message_line(message))));
    }
    lines.sort();
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    if lines.is_empty() {
        "(nothing happened)".to_owned()
    } else {
        lines.join("\n")
    }
}

fn message_line(message: &Message) -> String {
    let to = match &message.channel {
        Channel::App => message.to.join("|"),
        Channel::Chat(chat) => format!("chat {chat}"),
        Channel::Webhook(key) => format!("webhook {key}"),
    };
    let body = message.text().replace('\n', "\n             ");
    format!("message  to {to}, {}:\n             {body}", message.kind())
}

fn stamped(at: DateTime<Utc>, line: &str) -> String {
    format!(
        "{} {line}",
        at.with_timezone(&chrono_tz::Asia::Shanghai)
            .format("%m-%d %H:%M:%S")
    )
}
