//! The next legal starts of a 正常 flow, and which rule took the earlier ones.

use changegate_calendar::Window;

use crate::evaluate::Context;
use crate::policy::day_in_words;
use crate::reading::Urgency;

/// How many starts are named.
const NAMED: usize = 3;

/// How many windows are looked through for them; a freeze may take a whole season.
const LOOKED_THROUGH: usize = 120;

/// The message with the next three legal starts, and what took the earlier windows.
pub(super) fn with_next(context: &Context<'_>, message: String) -> String {
    let Starts { next, removed } = starts(context);
    let mut message = message;
    if next.is_empty() {
        message.push_str("。近期没有可用的变更窗口，请与运维负责人确认");
    } else {
        message.push_str("。可选的变更时间：");
        message.push_str(&next.join("，"));
    }
    if !removed.is_empty() {
        message.push_str("（不可选：");
        message.push_str(&removed.join("；"));
        message.push('）');
    }
    message
}

struct Starts {
    next: Vec<String>,
    removed: Vec<String>,
}

/// Windows from the moment of judgement on. A 正常 flow is filed on the window's day before the cut-off, so
/// today's windows are gone once that has passed.
fn starts(context: &Context<'_>) -> Starts {
    let policy = context.policy;
    let now = policy.local(context.now);
    let mut starts = Starts {
        next: Vec::new(),
        removed: Vec::new(),
    };
    for window in policy.windows().windows_from(context.now).take(LOOKED_THROUGH) {
        let too_late = policy.day_of(window.opens) <= now.date_naive() && now.time() >= policy.cutoff();
        let free = policy.free_part(window).filter(|free| context.now < free.closes);
        match free {
            _ if too_late => starts.removed.push(format!(
                "{}，已过当天 {} 的发起截止时间（cutoff）",
                in_words(context, window),
                policy.cutoff().format("%H:%M")
            )),
            Some(free) => starts.next.push(in_words(context, free)),
            None => starts.removed.push(frozen(context, window)),
        }
        if starts.next.len() == NAMED {
            break;
        }
    }
    starts.removed.truncate(NAMED);
    starts
}

fn frozen(context: &Context<'_>, window: Window) -> String {
    let freeze = context
        .policy
        .freeze_touching(window.opens, window.closes, Some(Urgency::Normal));
    let name = freeze.map_or("封网", |freeze| freeze.freeze.name());
    format!("{}，封网“{name}”（freeze）", in_words(context, window))
}

/// A window such as 11月26日（周四）16:30–21:00.
pub(super) fn in_words(context: &Context<'_>, window: Window) -> String {
    let (opens, closes) = (
        context.policy.local(window.opens),
        context.policy.local(window.closes),
    );
    format!(
        "{}{}–{}",
        day_in_words(opens.date_naive()),
        opens.format("%H:%M"),
        closes.format("%H:%M")
    )
}
