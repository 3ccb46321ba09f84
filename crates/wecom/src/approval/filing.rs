//! Filling a template in: values by the titles of its controls, as `oa/applyevent` takes them.
//!
//! All that is wrong is collected and told at once, in Chinese, since it goes to the person who fills the form in.
//! Titles can be renamed and need not be unique: a value for a title that two controls have is a fault, and an id is
//! taken in place of a title. What the applicant left empty is left out.

mod fault;
mod slot;

use serde_json::Value;

pub use self::fault::{FilingError, FilingFault};
use self::slot::Slot;
use super::TemplateDetail;

/// Files on one form, all controls together.
const FILES: usize = 6;

/// A template being filled in.
#[derive(Debug, Clone)]
pub struct Filing<'t> {
    slots: Vec<Slot<'t>>,
    faults: Vec<FilingFault>,
}

impl<'t> Filing<'t> {
    /// An empty form of a template.
    pub fn new(template: &'t TemplateDetail) -> Self {
        Self {
            slots: template.controls().iter().map(Slot::new).collect(),
            faults: Vec::new(),
        }
    }

    /// Fills in a `Text` or `Textarea`. A `Text` takes one line: WeCom refuses more, so line ends become blanks there.
    #[must_use]
    pub fn text(self, title: &str, value: &str) -> Self {
        self.fill(title, |slot| slot.text(value))
    }

    /// Chooses an option of a `Selector` by its text; several times for one that takes several.
    #[must_use]
    pub fn choose(self, title: &str, option: &str) -> Self {
        self.fill(title, |slot| slot.choose(option))
    }

    /// Names members in a `Contact`, by user id.
    #[must_use]
    pub fn members(self, title: &str, userids: &[String]) -> Self {
        self.fill(title, |slot| slot.members(userids))
    }

    /// Fills in a `Date`, in seconds since 1970. One that takes days only shows the day in Shanghai.
    #[must_use]
    pub fn date(self, title: &str, seconds: i64) -> Self {
        self.fill(title, |slot| slot.date(seconds))
    }

    /// Adds a file to a `File`, by the media id of its upload.
    #[must_use]
    pub fn file(self, title: &str, media_id: &str) -> Self {
        self.fill(title, |slot| slot.file(media_id))
    }

    /// Names other forms in a `RelatedApproval`, by their numbers.
    #[must_use]
    pub fn related(self, title: &str, sp_nos: &[String]) -> Self {
        self.fill(title, |slot| slot.related(sp_nos))
    }

    /// The `contents` for [`ApplyEvent`](super::ApplyEvent), in the order of the template; or all that is wrong.
    pub fn finish(self) -> Result<Vec<Value>, FilingError> {
        let Self { slots, mut faults } = self;
        faults.extend(slots.iter().filter_map(Slot::lacks));
        let files: usize = slots.iter().map(Slot::file_count).sum();
        if files > FILES {
            faults.push(FilingFault::TooManyFiles {
                count: files,
                most: FILES,
            });
        }
        if !faults.is_empty() {
            return Err(FilingError { faults });
        }
        Ok(slots.into_iter().filter_map(Slot::into_content).collect())
    }

    fn fill(mut self, title: &str, deed: impl FnOnce(&mut Slot<'t>) -> Result<(), FilingFault>) -> Self {
        let outcome = match self.place_of(title) {
            Ok(place) => self.slots.get_mut(place).map_or(Ok(()), deed),
            Err(fault) => Err(fault),
        };
        self.faults.extend(outcome.err());
        self
    }

    fn place_of(&self, title: &str) -> Result<usize, FilingFault> {
        if let Some(place) = self.slots.iter().position(|slot| slot.id() == title) {
            return Ok(place);
        }
        let wanted = title.trim();
        let mut found = (0..).zip(&self.slots).filter(|(_, slot)| slot.title() == wanted);
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(place),
            (Some(_), Some(_)) => Err(FilingFault::TwoControls {
                title: wanted.to_owned(),
            }),
            (None, _) => Err(FilingFault::NoControl {
                title: wanted.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
