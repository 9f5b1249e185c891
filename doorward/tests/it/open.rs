//! Opening and closing.

use std::time::Duration;

use crate::app::{ANN, App, config};

#[tokio::test]
async fn closing_waits_for_pending_work() {
    let app = App::new().await;
    app.register(ANN).await;
    tokio::time::timeout(Duration::from_secs(10), app.close()).await.expect("closing ends");
    let again = App::on(&app.database, config()).await;
    again.token(ANN).await;
}
