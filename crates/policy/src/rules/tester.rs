//! `tester` (六.8): a tester other than the applicant.

use crate::evaluate::{Context, Judgement};
use crate::facts::Role;
use crate::rules::people::{self, Contact};

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    people::judge(
        context,
        &Contact {
            label: "测试同事",
            role: Role::Tester,
            field: &context.submission.tester,
        },
    )
}
