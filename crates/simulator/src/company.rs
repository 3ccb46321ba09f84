//! Steering the company from Rust: departments, tags, who moves and who leaves, and the app's menu.

use crate::api;
use crate::directory::{Department, Standing, Tag};
use crate::office;
use crate::seen::PressOutcome;
use crate::simulator::Simulator;

pub use crate::api::MenuItem;

impl Simulator {
    /// The departments as they are.
    pub fn departments(&self) -> Vec<Department> {
        self.hub.directory(|directory| directory.departments().to_vec())
    }

    /// Replaces the departments. Who was in one that is gone belongs to the company itself.
    pub fn set_departments(&self, departments: Vec<Department>) {
        self.hub
            .rearrange(|directory| directory.set_departments(departments));
    }

    /// Adds a tag, or replaces the one of this number.
    pub fn add_tag(&self, tag: Tag) {
        self.hub.rearrange(|directory| directory.put_tag(tag));
    }

    /// Moves a member to departments, the main one first.
    pub fn move_member(&self, userid: &str, departments: &[u32]) {
        self.hub
            .rearrange(|directory| directory.place(userid, departments.to_vec()));
    }

    /// Lets a member leave the company: answered with status 5 from now on, in no list, out of reach for messages.
    pub fn member_leaves(&self, userid: &str) {
        self.set_standing(userid, Standing::Left);
    }

    /// Changes how a member stands with the company; [`Standing::Removed`] is answered 60111.
    pub fn set_standing(&self, userid: &str, standing: Standing) {
        self.hub
            .rearrange(|directory| directory.set_standing(userid, standing));
    }

    /// The buttons of the app's menu, those that unfold others left out.
    pub fn menu(&self) -> Vec<MenuItem> {
        self.hub.read(|world| api::menu_items(world.menu.as_ref()))
    }

    /// Presses a button of the app's menu by what it says: WeCom tells the app. What a page's button opens is for
    /// [`open_link`](Self::open_link).
    pub fn press_menu(&self, by: &str, name: &str) -> PressOutcome {
        match office::press_menu(&self.hub, by, name) {
            Ok(()) => PressOutcome::Sent,
            Err(_) => PressOutcome::NoSuchButton,
        }
    }
}
