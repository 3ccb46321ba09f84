//! The title's pattern, such as `{system}系统{feature}功能上线变更`.

/// What a pattern leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    System,
    Feature,
}

impl Slot {
    /// How the slot is called in front of people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "系统",
            Self::Feature => "功能",
        }
    }
}

/// A pattern with two slots and literal text before, between and after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TitlePattern {
    source: String,
    first: Slot,
    before: String,
    between: String,
    after: String,
    words: PatternWords,
}

/// The literal parts as titles are compared with them: normalised, without blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PatternWords {
    pub(crate) before: Vec<char>,
    pub(crate) between: Vec<char>,
    pub(crate) after: Vec<char>,
}

const SYSTEM: &str = "{system}";
const FEATURE: &str = "{feature}";

impl TitlePattern {
    /// Reads a pattern in brace form; the error says what is wrong with it.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let (system, feature) = (only(source, SYSTEM)?, only(source, FEATURE)?);
        let (first, one, two) = if system < feature {
            (Slot::System, (system, SYSTEM), (feature, FEATURE))
        } else {
            (Slot::Feature, (feature, FEATURE), (system, SYSTEM))
        };
        let part = |from: usize, to: usize| source.get(from..to).unwrap_or_default().to_owned();
        let before = part(0, one.0);
        let between = part(one.0 + one.1.len(), two.0);
        let after = part(two.0 + two.1.len(), source.len());
        if [&before, &between, &after]
            .into_iter()
            .any(|text| text.contains(['{', '}']))
        {
            return Err("only {system} and {feature} may stand in braces".to_owned());
        }
        if between.trim().is_empty() {
            return Err("{system} and {feature} need some text between them".to_owned());
        }
        let words = |text: &str| {
            crate::text::normalise(text)
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect()
        };
        let words = PatternWords {
            before: words(&before),
            between: words(&between),
            after: words(&after),
        };
        Ok(Self {
            source: source.to_owned(),
            first,
            before,
            between,
            after,
            words,
        })
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The literal parts as titles are compared with them.
    pub(crate) fn words(&self) -> &PatternWords {
        &self.words
    }

    /// The slot that comes first.
    pub(crate) fn first(&self) -> Slot {
        self.first
    }

    /// A whole title.
    pub(crate) fn fill(&self, system: &str, feature: &str) -> String {
        let (one, two) = match self.first {
            Slot::System => (system, feature),
            Slot::Feature => (feature, system),
        };
        [&self.before, one, &self.between, two, &self.after].concat()
    }
}

/// The place of a slot that stands exactly once.
fn only(source: &str, slot: &str) -> Result<usize, String> {
    let mut places = source.match_indices(slot).map(|(at, _)| at);
    match (places.next(), places.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => Err(format!("{slot} is missing: the pattern has to name it once")),
        (Some(_), Some(_)) => Err(format!("{slot} stands twice: the pattern has to name it once")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_and_filled() {
        let pattern = TitlePattern::parse("{system}系统{feature}功能上线变更").unwrap();
        assert_eq!(pattern.fill("行情", "条件单"), "行情系统条件单功能上线变更");
        assert_eq!(
            (&*pattern.before, &*pattern.between, &*pattern.after),
            ("", "系统", "功能上线变更")
        );
        let turned = TitlePattern::parse("【{feature}】@{system}").unwrap();
        assert_eq!(turned.fill("行情", "条件单"), "【条件单】@行情");
    }

    #[test]
    fn a_pattern_without_its_slots_is_refused() {
        for wrong in [
            "",
            "{system}系统",
            "{system}{feature}上线",
            "{system}-{system}-{feature}",
            "{system}{x}{feature}",
        ] {
            assert!(TitlePattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
