//! `description-regression` (六.5): every item says 已通过回归测试.

use super::description_items::NO_ITEM;
use super::description_uat::acceptance;
use crate::evaluate::{Context, Judgement};

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let description = &context.reading.description;
    if description.items().is_empty() {
        return NO_ITEM;
    }
    let items = (1_usize..).zip(description.items());
    acceptance(
        context,
        "已通过回归测试",
        items.map(|(number, item)| (number, item, description.regression(item))),
    )
}
