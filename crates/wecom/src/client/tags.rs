//! Tags: lists of members and departments that an administrator keeps, whatever the departments are.
//!
//! From the official pages 90213 (members of a tag: anyone may ask, but only members whom the app may see are listed)
//! and 90216 (all tags: self-built apps get them all).

use serde::{Deserialize, Serialize};

use super::{Client, SimpleUser};
use crate::error::Error;
use crate::lenient;

/// A tag with who carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its name.
    #[serde(default, rename = "tagname", deserialize_with = "lenient::text")]
    pub name: String,
    /// The members that carry it themselves, as far as the app may see them.
    #[serde(default, rename = "userlist", deserialize_with = "lenient::many")]
    pub users: Vec<SimpleUser>,
    /// The departments that carry it: their members do too, without being listed.
    #[serde(default, rename = "partylist", deserialize_with = "lenient::many")]
    pub departments: Vec<i64>,
}

/// A tag by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagName {
    /// The tag.
    #[serde(default, rename = "tagid")]
    pub id: i64,
    /// Its name.
    #[serde(default, rename = "tagname", deserialize_with = "lenient::text")]
    pub name: String,
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default, deserialize_with = "lenient::many")]
    taglist: Vec<TagName>,
}

impl Client {
    /// Who carries a tag.
    pub async fn tag_get(&self, tag_id: i64) -> Result<Tag, Error> {
        let id = tag_id.to_string();
        self.get("tag/get", &[("tagid", id.as_str())]).await
    }

    /// The names of all tags of the company.
    pub async fn tag_list(&self) -> Result<Vec<TagName>, Error> {
        let reply: Tags = self.get("tag/list", &[]).await?;
        Ok(reply.taglist)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_the_page_shows_it() {
        let tag: Tag = serde_json::from_str(
            r#"{"errcode":0,"tagname":"CCB 组","userlist":[{"userid":"huangtao","name":"黄涛"}],"partylist":[2]}"#,
        )
        .unwrap();
        assert_eq!(
            (tag.name.as_str(), tag.departments.as_slice()),
            ("CCB 组", &[2][..])
        );
        assert_eq!(tag.users[0].userid, "huangtao");
    }
}
