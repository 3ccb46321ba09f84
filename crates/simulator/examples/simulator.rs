//! A simulated WeCom on a fixed port, with its phone page: `cargo run -p changegate-simulator --example simulator
//! [ADDRESS] [CALLBACK_URL]`.

use changegate_simulator::{Settings, Simulator};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example tells its address")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let bind = arguments
        .next()
        .unwrap_or_else(|| "127.0.0.1:8090".to_owned())
        .parse()?;
    let simulator = Simulator::start(Settings {
        bind,
        callback_url: arguments.next(),
        ..Settings::demo()
    })
    .await?;
    println!("{}", simulator.base_url());
    tokio::signal::ctrl_c().await?;
    simulator.stop().await;
    Ok(())
}
