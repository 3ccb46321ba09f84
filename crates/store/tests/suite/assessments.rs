//! Verdicts keep the facts that they were given on; the newest evaluation is there whether it was news or not.

use changegate_store::{Advance, Assessment, ChangeDraft, EventSource, NewVerdict, StoredAssessment};
use serde_json::json;

use crate::database::{Fixture, on_all_databases};
use crate::material::{at, draft, first_step};

on_all_databases!(
    a_verdict_keeps_its_facts,
    the_newest_evaluation_takes_the_place_of_the_one_before,
    an_evaluation_on_an_old_version_is_not_stored,
    how_a_change_was_first_heard_of_stays,
);

const SP: &str = "202611240001";

fn assessment(text: &str) -> Assessment {
    Assessment {
        body: json!({ "verdict": "compliant", "说明": text }),
        facts: json!({ "issues": { "TRADE-1024": { "status": "待上线" } } }),
    }
}

async fn a_verdict_keeps_its_facts(f: Fixture) {
    let facts = json!({ "issues": null, "files": { "known": [] } });
    let first = first_step(SP);
    let with_facts = NewVerdict {
        facts: Some(facts.clone()),
        ..first.verdict.clone().expect("given")
    };
    f.store.commit(&first).await.expect("stored");
    let second = Advance {
        now: at(60),
        expected_version: Some(1),
        verdict: Some(with_facts),
        ..first
    };
    f.store.commit(&second).await.expect("stored");
    let latest = f.store.latest_verdict(SP).await.expect("read").expect("there");
    assert_eq!((latest.facts, latest.evaluated_at), (Some(facts), at(60)));
    let all = f.store.verdicts(SP).await.expect("read");
    assert_eq!(all[0].facts, None);
    assert_eq!(all[1].id, latest.id);
}

async fn the_newest_evaluation_takes_the_place_of_the_one_before(f: Fixture) {
    assert_eq!(f.store.assessment(SP).await.expect("read"), None);
    let mut step = Advance {
        assessment: Some(assessment("一")),
        change: ChangeDraft {
            facts_at: Some(at(1)),
            ..draft(SP)
        },
        ..first_step(SP)
    };
    f.store.commit(&step).await.expect("stored");
    step = Advance {
        now: at(60),
        expected_version: Some(1),
        verdict: None,
        assessment: Some(assessment("二")),
        ..step
    };
    f.store.commit(&step).await.expect("stored");
    let silent = Advance {
        now: at(90),
        expected_version: Some(2),
        assessment: None,
        ..step
    };
    f.store.commit(&silent).await.expect("stored");
    let Assessment { body, facts } = assessment("二");
    let expected = StoredAssessment {
        evaluated_at: at(60),
        body,
        facts,
    };
    assert_eq!(f.store.assessment(SP).await.expect("read"), Some(expected));
    assert_eq!(f.store.verdicts(SP).await.expect("read").len(), 1);
    let change = f.store.change(SP).await.expect("read").expect("there");
    assert_eq!(change.draft.facts_at, Some(at(1)));
}

async fn an_evaluation_on_an_old_version_is_not_stored(f: Fixture) {
    f.store.commit(&first_step(SP)).await.expect("stored");
    let late = Advance {
        expected_version: Some(7),
        assessment: Some(assessment("迟到")),
        ..first_step(SP)
    };
    f.store.commit(&late).await.expect_err("an old version");
    assert_eq!(f.store.assessment(SP).await.expect("read"), None);
}

async fn how_a_change_was_first_heard_of_stays(f: Fixture) {
    let mut step = first_step(SP);
    let heard = [
        (None, None),
        (
            Some(EventSource::Reconciliation),
            Some(EventSource::Reconciliation),
        ),
        (Some(EventSource::Callback), Some(EventSource::Reconciliation)),
        (None, Some(EventSource::Reconciliation)),
    ];
    for (version, (said, kept)) in heard.into_iter().enumerate() {
        step.expected_version = (version > 0).then(|| i64::try_from(version).expect("small"));
        step.change.first_source = said;
        f.store.commit(&step).await.expect("stored");
        let change = f.store.change(SP).await.expect("read").expect("there");
        assert_eq!(change.draft.first_source, kept, "{version}");
    }
}
