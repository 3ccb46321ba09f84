//! What the HTTP side, the callback workers and the Rust API share.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError, RwLock};

use changegate_wecom::CallbackKeys;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::callback::Job;
use crate::cast::Person;
use crate::directory::Directory;
use crate::settings::Settings;
use crate::world::World;

/// The running simulator's inside.
pub(crate) struct Hub {
    pub(crate) settings: Settings,
    pub(crate) keys: CallbackKeys,
    pub(crate) revision: watch::Sender<u64>,
    lanes: Vec<UnboundedSender<Job>>,
    world: Mutex<World>,
    /// Beside the world, so that it can be looked at while the world is being changed; never the other way round.
    directory: RwLock<Directory>,
}

impl Hub {
    pub(crate) fn new(settings: Settings, keys: CallbackKeys, lanes: Vec<UnboundedSender<Job>>) -> Self {
        let mut world = World::new(settings.callback_url.clone());
        world.jira = crate::jira::seed(settings.clock.now());
        let directory = Directory::new(&settings.people, &settings.departments, &settings.tags);
        Self {
            directory: RwLock::new(directory),
            settings,
            keys,
            revision: watch::Sender::new(0),
            lanes,
            world: Mutex::new(world),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.settings.clock.now()
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, and wakes whoever waits for a change.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = change(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner));
        self.revision.send_modify(|revision| *revision += 1);
        result
    }

    /// Changes what nobody waits for.
    pub(crate) fn quietly<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the directory.
    pub(crate) fn directory<T>(&self, look: impl FnOnce(&Directory) -> T) -> T {
        look(&self.directory.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the directory, and wakes whoever waits for a change.
    pub(crate) fn rearrange(&self, change: impl FnOnce(&mut Directory)) {
        change(&mut self.directory.write().unwrap_or_else(PoisonError::into_inner));
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Somebody who belongs, or belonged, to the company.
    pub(crate) fn person(&self, userid: &str) -> Option<&Person> {
        self.settings
            .people
            .iter()
            .find(|person| person.userid.eq_ignore_ascii_case(userid))
    }

    /// Somebody who belongs to the company now.
    pub(crate) fn employee(&self, userid: &str) -> Option<&Person> {
        let person = self.person(userid)?;
        let gone = self.directory(|directory| directory.is_gone(&person.userid));
        (!gone).then_some(person)
    }

    /// The name to show for a member, else the id.
    pub(crate) fn name_of<'a>(&'a self, userid: &'a str) -> &'a str {
        self.person(userid).map_or(userid, |person| person.name.as_str())
    }

    /// The name of a group of the app; none for an id that the app did not make.
    pub(crate) fn chat_name(&self, id: &str) -> Option<&str> {
        let chats = self.settings.chats.iter();
        chats
            .filter(|(known, _)| known == id)
            .map(|(_, name)| name.as_str())
            .next()
    }

    /// The name of a member's main department.
    pub(crate) fn department_of(&self, userid: &str) -> String {
        self.directory(|directory| {
            let department = directory.department(directory.main_place_of(userid));
            department.map_or_else(String::new, |department| department.name.clone())
        })
    }

    pub(crate) fn department_id(&self, person: &Person) -> u32 {
        self.directory(|directory| directory.main_place_of(&person.userid))
    }

    /// Hands a callback to the worker of its lane; what shares a lane is delivered in order.
    pub(crate) fn deliver(&self, lane: &str, job: Job) {
        let mut hasher = DefaultHasher::new();
        lane.hash(&mut hasher);
        let count = u64::try_from(self.lanes.len()).unwrap_or(1).max(1);
        let index = usize::try_from(hasher.finish() % count).unwrap_or(0);
        let sent = self.lanes.get(index).map(|lane| lane.send(job));
        if !matches!(sent, Some(Ok(()))) {
            tracing::debug!("the simulator is stopping, a callback stays undelivered");
        }
    }
}

/// A random string of 32 hexadecimal digits.
pub(crate) fn random_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}
