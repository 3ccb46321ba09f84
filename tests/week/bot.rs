//! The bot in a runtime of its own, whose time stands still until it is told how much has passed, and which can end
//! at any moment without a word.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use changegate::app;
use changegate::clock::Clock;
use changegate::config::Config;
use changegate_simulator::Clock as SimulatedClock;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What a bot is told.
enum Word {
    /// So much time has passed.
    Passed(Duration),
    /// The machine is off: nothing is finished, nothing said.
    Die,
}

/// A running bot.
pub(crate) struct Bot {
    pub(crate) address: SocketAddr,
    words: UnboundedSender<Word>,
    thread: Option<JoinHandle<()>>,
}

impl Bot {
    /// Starts a bot by its configuration file and waits until it listens.
    pub(crate) fn start(config: PathBuf, clock: SimulatedClock) -> Self {
        let (words, heard) = unbounded_channel();
        let (listening, listens) = mpsc::channel();
        let thread = std::thread::spawn(move || run(&config, clock, &listening, heard));
        let address = listens.recv().expect("the bot starts");
        Self {
            address,
            words,
            thread: Some(thread),
        }
    }

    /// Lets time pass for whatever waits in the bot.
    pub(crate) fn time_passes(&self, by: Duration) {
        self.words.send(Word::Passed(by)).expect("the bot lives");
    }

    /// Ends it wherever it is: every task is dropped at its next point of waiting.
    pub(crate) fn kill(mut self) {
        self.die();
    }

    fn die(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.words.send(Word::Die).ok();
            thread.join().expect("the bot ends without a panic");
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.die();
        }
    }
}

fn run(
    config: &std::path::Path,
    clock: SimulatedClock,
    listening: &mpsc::Sender<SocketAddr>,
    heard: UnboundedReceiver<Word>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    // While a blocking task runs, the runtime does not move its time by itself when it has nothing to do.
    let (_until_the_end, end) = mpsc::channel::<()>();
    runtime.spawn_blocking(move || end.recv());
    runtime.block_on(async {
        let config = Config::load(Some(config), [("", ""); 0]).expect("the configuration is right");
        let app = Box::pin(app::build(config, Clock::from_fn(move || clock.now()))).await;
        let running = app.and_then(app::App::start).expect("the bot starts");
        let address = *running.addresses().first().expect("it listens");
        listening.send(address).expect("somebody waits for it");
        live(heard).await;
        drop(running);
    });
    runtime.shutdown_background();
}

async fn live(mut heard: UnboundedReceiver<Word>) {
    while let Some(Word::Passed(by)) = heard.recv().await {
        tokio::time::advance(by).await;
    }
}
