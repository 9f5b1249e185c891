//! When a session was last used.

use std::time::Duration;

use crate::app::App;

#[tokio::test]
async fn the_last_use_is_noted_to_the_minute() {
    let app = App::new().await;
    let mut ann = app.ann().await;
    let begun = ann.sessions().await[0]["last_seen_at"].clone();
    app.advance(Duration::from_secs(3600));
    assert!(ann.is_logged_in().await);
    // The request does not wait until its use is noted.
    for _ in 0..1000 {
        if ann.sessions().await[0]["last_seen_at"] != begun {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the use was never noted");
}
