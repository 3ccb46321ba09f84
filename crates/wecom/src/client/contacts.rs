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

impl Client {
    /// A member.
    pub async fn user_get(&self, userid: &str) -> Result<User, Error> {
        self.get("user/get", &[("userid", userid)]).await
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
