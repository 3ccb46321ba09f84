//! Members and departments, as far as the app may see them.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::error::Error;
use crate::lenient;

/// A member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user id.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
    /// The name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// Departments that the app may see.
    #[serde(default, deserialize_with = "lenient::many")]
    pub department: Vec<i64>,
    /// 1 for each of the departments that this member leads.
    #[serde(default, deserialize_with = "lenient::many")]
    pub is_leader_in_dept: Vec<i64>,
    /// The superior, if the app may see them.
    #[serde(default, deserialize_with = "lenient::many")]
    pub direct_leader: Vec<String>,
    /// The position.
    #[serde(default, deserialize_with = "lenient::text")]
    pub position: String,
    /// 1 active, 2 disabled, 4 not activated, 5 left.
    #[serde(default, deserialize_with = "lenient::int")]
    pub status: Option<i64>,
    /// The main department.
    #[serde(default, deserialize_with = "lenient::int")]
    pub main_department: Option<i64>,
    /// Only for old apps.
    #[serde(default, deserialize_with = "lenient::text")]
    pub email: String,
    /// Only for old apps.
    #[serde(default, deserialize_with = "lenient::text")]
    pub biz_mail: String,
}

/// How a member stands with the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// 已激活.
    Active,
    /// 已禁用.
    Disabled,
    /// 未激活.
    NotActivated,
    /// 退出企业.
    Left,
    /// WeCom says nothing, or something new.
    Unknown,
}

impl User {
    /// How the member stands with the company.
    pub fn standing(&self) -> UserStatus {
        match self.status {
            Some(1) => UserStatus::Active,
            Some(2) => UserStatus::Disabled,
            Some(4) => UserStatus::NotActivated,
            Some(5) => UserStatus::Left,
            Some(_) | None => UserStatus::Unknown,
        }
    }

    /// The departments that this member leads: each flag belongs to the department in the same place.
    pub fn leads(&self) -> impl Iterator<Item = i64> {
        let flagged = self.department.iter().zip(&self.is_leader_in_dept);
        flagged
            .filter(|(_, leads)| **leads == 1)
            .map(|(department, _)| *department)
    }
}

/// A member as a list names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimpleUser {
    /// The user id.
    #[serde(default, deserialize_with = "lenient::text")]
    pub userid: String,
    /// The name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// Departments that the app may see; empty in the list of a tag.
    #[serde(default, deserialize_with = "lenient::many")]
    pub department: Vec<i64>,
}

/// Where a department stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentPlace {
    /// The department.
    #[serde(default)]
    pub id: i64,
    /// The one above it.
    #[serde(default, deserialize_with = "lenient::int")]
    pub parentid: Option<i64>,
    /// Its place among its sisters; the larger stands in front.
    #[serde(default, deserialize_with = "lenient::int")]
    pub order: Option<i64>,
}

/// A department.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentInfo {
    /// The department.
    #[serde(default)]
    pub id: i64,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: String,
    /// The one above it.
    #[serde(default, deserialize_with = "lenient::int")]
    pub parentid: Option<i64>,
    /// Who leads it.
    #[serde(default, deserialize_with = "lenient::many")]
    pub department_leader: Vec<String>,
}

/// Who logged in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginUser {
    #[serde(default, deserialize_with = "lenient::text")]
    userid: String,
    /// Of somebody who is no member.
    #[serde(default, deserialize_with = "lenient::text")]
    pub openid: String,
}

impl LoginUser {
    /// The member; none for somebody outside the company, which WeCom does not call an error.
    pub fn userid(&self) -> Option<&str> {
        // A member of a linked company has `CorpId/userid`.
        Some(self.userid.as_str()).filter(|userid| !userid.is_empty() && !userid.contains('/'))
    }
}

#[derive(Deserialize)]
struct Departments {
    #[serde(default, deserialize_with = "lenient::many")]
    department: Vec<DepartmentInfo>,
}

#[derive(Deserialize)]
struct Places {
    #[serde(default, deserialize_with = "lenient::many")]
    department_id: Vec<DepartmentPlace>,
}

#[derive(Deserialize)]
struct Members {
    #[serde(default, deserialize_with = "lenient::many")]
    userlist: Vec<SimpleUser>,
}

impl Client {
    /// A member. [`Error::is_no_such_user`] tells that there is none whom the app may see; one who left by themselves may
    /// still be answered, with [`UserStatus::Left`].
    pub async fn user_get(&self, userid: &str) -> Result<User, Error> {
        self.get("user/get", &[("userid", userid)]).await
    }

    /// The members of one department whom the app may see, without those of the departments below it: WeCom does not
    /// look there.
    pub async fn user_simplelist(&self, department: i64) -> Result<Vec<SimpleUser>, Error> {
        let id = department.to_string();
        let reply: Members = self
            .get("user/simplelist", &[("department_id", id.as_str())])
            .await?;
        Ok(reply.userlist)
    }

    /// Where the departments stand, without names: a department with all below it; none: all that the app may see.
    /// WeCom advises this with [`department_get`](Self::department_get) over
    /// [`department_list`](Self::department_list), which it calls slow.
    pub async fn department_simplelist(&self, below: Option<i64>) -> Result<Vec<DepartmentPlace>, Error> {
        let id = below.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = id.iter().map(|id| ("id", id.as_str())).collect();
        let reply: Places = self.get("department/simplelist", &query).await?;
        Ok(reply.department_id)
    }

    /// One department.
    pub async fn department_get(&self, id: i64) -> Result<DepartmentInfo, Error> {
        const PATH: &str = "department/get";
        let id = id.to_string();
        let reply: Departments = self.get(PATH, &[("id", id.as_str())]).await?;
        reply.department.into_iter().next().ok_or_else(|| Error::Answer {
            path: PATH,
            message: "no department in it".to_owned(),
        })
    }

    /// A department with all below it; none: all that the app may see.
    pub async fn department_list(&self, below: Option<i64>) -> Result<Vec<DepartmentInfo>, Error> {
        let id = below.map(|id| id.to_string());
        let query: Vec<(&str, &str)> = id.iter().map(|id| ("id", id.as_str())).collect();
        let reply: Departments = self.get("department/list", &query).await?;
        Ok(reply.department)
    }

    /// Who a login's code stands for; each code works once.
    pub async fn auth_getuserinfo(&self, code: &str) -> Result<LoginUser, Error> {
        self.get("auth/getuserinfo", &[("code", code)]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_belongs_to_the_department_in_its_place() {
        let user: User = serde_json::from_str(
            r#"{"userid":"liqiang","department":[2,5,7],"is_leader_in_dept":[1,0,1],"status":5}"#,
        )
        .unwrap();
        assert_eq!(user.leads().collect::<Vec<_>>(), [2, 7]);
        assert_eq!(user.standing(), UserStatus::Left);
        assert_eq!(User::default().standing(), UserStatus::Unknown);
    }

    #[test]
    fn a_single_department_is_read_like_a_list_of_one() {
        let reply: Departments = serde_json::from_str(
            r#"{"department":{"id":2,"name":"行情组","department_leader":["liqiang"]}}"#,
        )
        .unwrap();
        assert_eq!(reply.department[0].department_leader, ["liqiang"]);
    }
}
