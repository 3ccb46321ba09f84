//! Who belongs where: departments with their leaders, tags, and who has left. Knows no lock and no HTTP.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cast::Person;

/// The company itself, above all departments.
pub(crate) const ROOT: u32 = 1;

/// A department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its number; 1 is the company.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The one above it; 0 above the company.
    pub parent: u32,
    /// Who leads it, user ids.
    #[serde(default)]
    pub leaders: Vec<String>,
}

/// A tag: members and departments under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its number.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// User ids.
    #[serde(default)]
    pub members: Vec<String>,
    /// Departments whose members carry it too.
    #[serde(default)]
    pub departments: Vec<u32>,
}

/// How a member stands with the company.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// 已激活.
    #[default]
    Active,
    /// 已禁用: still listed, gets nothing.
    Disabled,
    /// 未激活: still listed.
    NotActivated,
    /// 退出企业: answered with status 5, in no list.
    Left,
    /// Deleted by an administrator: WeCom knows nobody of this id.
    Removed,
}

impl Standing {
    /// WeCom's `status`.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Active => 1,
            Self::Disabled => 2,
            Self::NotActivated => 4,
            Self::Left | Self::Removed => 5,
        }
    }
}

/// The company's directory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    departments: Vec<Department>,
    tags: Vec<Tag>,
    /// Departments of members by user id in lower case, the main one first.
    places: BTreeMap<String, Vec<u32>>,
    standings: BTreeMap<String, Standing>,
}

impl Directory {
    /// With every member in the department of their name; one that is not among `departments` stands below the
    /// company.
    pub(crate) fn new(people: &[Person], departments: &[Department], tags: &[Tag]) -> Self {
        let mut directory = Self {
            departments: departments.to_vec(),
            tags: tags.to_vec(),
            ..Self::default()
        };
        for person in people {
            let id = directory.id_of(&person.department);
            directory.place(&person.userid, vec![id]);
        }
        directory
    }

    fn id_of(&mut self, name: &str) -> u32 {
        if let Some(known) = self.departments.iter().find(|known| known.name == name) {
            return known.id;
        }
        let id = self
            .departments
            .iter()
            .map(|known| known.id)
            .max()
            .unwrap_or(ROOT)
            + 1;
        self.departments.push(Department {
            id,
            name: name.to_owned(),
            parent: ROOT,
            leaders: Vec::new(),
        });
        id
    }

    pub(crate) fn departments(&self) -> &[Department] {
        &self.departments
    }

    pub(crate) fn department(&self, id: u32) -> Option<&Department> {
        self.departments.iter().find(|known| known.id == id)
    }

    /// Replaces the tree. Who was in a department that is gone belongs to the company itself.
    pub(crate) fn set_departments(&mut self, departments: Vec<Department>) {
        self.departments = departments;
        let known: Vec<u32> = self.departments.iter().map(|known| known.id).collect();
        for places in self.places.values_mut() {
            places.retain(|place| known.contains(place));
            if places.is_empty() {
                places.push(ROOT);
            }
        }
    }

    pub(crate) fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Adds a tag, or replaces the one of this number.
    pub(crate) fn put_tag(&mut self, tag: Tag) {
        self.tags.retain(|known| known.id != tag.id);
        self.tags.push(tag);
    }

    /// Where a member is, the main department first.
    pub(crate) fn places_of(&self, userid: &str) -> &[u32] {
        self.places
            .get(&userid.to_ascii_lowercase())
            .map_or(&[ROOT], Vec::as_slice)
    }

    pub(crate) fn main_place_of(&self, userid: &str) -> u32 {
        self.places_of(userid).first().copied().unwrap_or(ROOT)
    }

    /// Puts a member into departments, the main one first.
    pub(crate) fn place(&mut self, userid: &str, departments: Vec<u32>) {
        self.places.insert(userid.to_ascii_lowercase(), departments);
    }

    pub(crate) fn standing(&self, userid: &str) -> Standing {
        let standing = self.standings.get(&userid.to_ascii_lowercase());
        standing.copied().unwrap_or_default()
    }

    pub(crate) fn set_standing(&mut self, userid: &str, standing: Standing) {
        self.standings.insert(userid.to_ascii_lowercase(), standing);
    }

    /// Whether the member has left or was deleted.
    pub(crate) fn is_gone(&self, userid: &str) -> bool {
        matches!(self.standing(userid), Standing::Left | Standing::Removed)
    }

    pub(crate) fn leads(&self, userid: &str, department: u32) -> bool {
        let leaders = self.department(department).map(|known| known.leaders.as_slice());
        leaders
            .unwrap_or_default()
            .iter()
            .any(|leader| leader.eq_ignore_ascii_case(userid))
    }

    /// Who leads a member: of the main department, or for its own leader of the next one above.
    pub(crate) fn superior_of(&self, userid: &str) -> Option<&str> {
        let mut at = self.department(self.main_place_of(userid));
        // A tree that bites its own tail ends the search after as many steps as there are departments.
        for _ in 0..=self.departments.len() {
            let department = at?;
            if !self.leads(userid, department.id)
                && let Some(leader) = department.leaders.first()
            {
                return Some(leader);
            }
            at = self.department(department.parent);
        }
        None
    }

    /// A department with all below it.
    pub(crate) fn within(&self, id: u32) -> Vec<u32> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&above) = found.get(next) {
            for below in &self.departments {
                if below.parent == above && !found.contains(&below.id) {
                    found.push(below.id);
                }
            }
            next += 1;
        }
        found
    }

    /// Whether a member carries a tag, alone or with a department.
    pub(crate) fn carries(&self, userid: &str, tag: u32) -> bool {
        let Some(tag) = self.tags.iter().find(|known| known.id == tag) else {
            return false;
        };
        let alone = tag
            .members
            .iter()
            .any(|member| member.eq_ignore_ascii_case(userid));
        alone
            || tag
                .departments
                .iter()
                .any(|id| self.is_in(userid, &self.within(*id)))
    }

    /// Whether a member is in one of these departments.
    pub(crate) fn is_in(&self, userid: &str, departments: &[u32]) -> bool {
        self.places_of(userid)
            .iter()
            .any(|place| departments.contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast;

    fn demo() -> Directory {
        Directory::new(&cast::demo(), &cast::departments(), &cast::tags())
    }

    #[test]
    fn everybody_has_a_superior_but_the_director() {
        let directory = demo();
        for (userid, superior) in [
            ("zhangwei", Some("liqiang")),
            ("liqiang", Some("guoming")),
            ("machao", Some("zhaolei")),
            ("guoming", None),
        ] {
            assert_eq!(directory.superior_of(userid), superior, "{userid}");
        }
    }

    #[test]
    fn who_moves_or_leaves_is_found_where_they_are() {
        let mut directory = demo();
        directory.place("ZhangWei", vec![3, 2]);
        assert_eq!(directory.places_of("zhangwei"), [3, 2]);
        assert!(directory.is_in("zhangwei", &directory.within(6)));
        directory.set_departments(vec![Department {
            id: ROOT,
            name: "示例证券".to_owned(),
            parent: 0,
            leaders: Vec::new(),
        }]);
        assert_eq!(directory.places_of("zhangwei"), [ROOT]);
        directory.set_standing("zhangwei", Standing::Left);
        assert!(directory.is_gone("ZHANGWEI") && !directory.is_gone("liqiang"));
    }

    #[test]
    fn a_department_without_a_place_in_the_tree_stands_below_the_company() {
        let mut people = cast::demo();
        people[0].department = "新业务组".to_owned();
        let directory = Directory::new(&people, &cast::departments(), &[]);
        let id = directory.main_place_of("zhangwei");
        assert_eq!(directory.department(id).unwrap().parent, ROOT);
    }
}
