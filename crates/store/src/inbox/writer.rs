//! Group commit: events that arrive together are committed together.
//!
//! A commit costs one flush however many rows it holds, so whatever came in during one flush shares the next. An
//! answer is given only after the commit; nothing is ever acknowledged that a power cut could take away. While callers
//! wait for the next commit, it is begun first and those of the last one are answered meanwhile: on a shared core their
//! new requests would otherwise compete with the database's thread before it gets to its flush.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::task::Poll;

use tokio::sync::{mpsc, oneshot};

use super::insert;
use crate::transaction::retrying;
use crate::{Accepted, NewEvent, Store, StoreError};

/// Events that may wait for the next commit; beyond that callers are turned away.
const QUEUE: usize = 4_096;
/// Events in one commit.
const BATCH: usize = 512;
/// How often the task steps back for others that are about to submit, before it commits.
const PATIENCE: usize = 16;

/// Callers that arrive together can keep the only core busy until all of them wait. After so many the task gets a turn
/// at it, so that its flush runs while the rest are still being read.
const TURN: usize = 4;

struct Job {
    event: NewEvent,
    answer: oneshot::Sender<Outcome>,
}

/// Takes events from any number of callers. Cheap to clone.
#[derive(Clone)]
pub struct InboxWriter {
    queue: mpsc::Sender<Job>,
}

impl std::fmt::Debug for InboxWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboxWriter").finish_non_exhaustive()
    }
}

/// The task behind an [`InboxWriter`]: to be spawned and joined by the caller, ends with the last writer.
pub type InboxWriterTask = Pin<Box<dyn Future<Output = ()> + Send>>;

impl InboxWriter {
    /// A writer on `store` and the task that does its work.
    pub fn start(store: Store) -> (Self, InboxWriterTask) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        (Self { queue }, Box::pin(run(store, jobs)))
    }

    /// Stores the event and answers once it is durable: this is the moment to answer 200.
    pub async fn submit(&self, event: NewEvent) -> Result<Accepted, StoreError> {
        insert::check(&event)?;
        let (answer, answered) = oneshot::channel();
        if self.queue.try_send(Job { event, answer }).is_err() {
            return Err(StoreError::Busy);
        }
        let waiting = self.queue.max_capacity() - self.queue.capacity();
        if waiting.is_multiple_of(TURN) {
            std::thread::yield_now();
        }
        answered.await.unwrap_or(Err(StoreError::Busy))
    }
}

async fn run(store: Store, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut settled = Settled::default();
    loop {
        if batch.is_empty() && jobs.is_empty() {
            settled.tell();
        }
        if jobs.recv_many(&mut batch, BATCH).await == 0 {
            break;
        }
        gather(&mut jobs, &mut batch).await;
        let mut next = pin!(commit(&store, std::mem::take(&mut batch)));
        if let Some(done) = begun(next.as_mut()).await {
            settled.tell();
            settled = done;
            continue;
        }
        // The database's thread has its work: it comes first, then those whose events are stored already.
        std::thread::yield_now();
        settled.tell();
        settled = next.await;
    }
    settled.tell();
}

type Outcome = Result<Accepted, StoreError>;

/// Answers that can be given: their events are stored, or could not be.
#[derive(Default)]
struct Settled(Vec<(oneshot::Sender<Outcome>, Outcome)>);

impl Settled {
    /// Gives them. A caller that went away meanwhile needs none: its event is stored all the same.
    fn tell(&mut self) {
        for (answer, result) in self.0.drain(..) {
            drop(answer.send(result));
        }
    }
}

/// Lets a future begin; its output if it is done with that.
async fn begun<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Takes in what other tasks submit when given a turn, as long as each turn brings something.
async fn gather(jobs: &mut mpsc::Receiver<Job>, batch: &mut Vec<Job>) {
    for _ in 0..PATIENCE {
        tokio::task::yield_now().await;
        let before = batch.len();
        while batch.len() < BATCH
            && let Ok(job) = jobs.try_recv()
        {
            batch.push(job);
        }
        if batch.len() == before {
            return;
        }
    }
}

async fn commit(store: &Store, batch: Vec<Job>) -> Settled {
    let (events, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.event, job.answer)).unzip();
    match retrying!(insert::all(&store.writer, &events)) {
        Ok(accepted) => {
            store
                .taken
                .fetch_add(u64::try_from(answers.len()).unwrap_or(0), Ordering::Relaxed);
            if accepted.contains(&Accepted::New) {
                store.wake().inbox.notify_one();
            }
            Settled(answers.into_iter().zip(accepted.into_iter().map(Ok)).collect())
        }
        Err(error) => {
            tracing::error!(error = %error, events = events.len(), "events could not be stored");
            let why = || Err(StoreError::NotStored(error.to_string()));
            Settled(answers.into_iter().map(|answer| (answer, why())).collect())
        }
    }
}
