//! Chromium with a fresh profile, and a tab that records its network traffic.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use chromiumoxide::{
    Browser, BrowserConfig, Element, Page,
    cdp::{
        IntoEventKind,
        browser_protocol::{
            dom::{GetDocumentParams, GetOuterHtmlParams},
            emulation::{
                MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
                SetScriptExecutionDisabledParams,
            },
            input::{DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams},
            log::{EventEntryAdded, LogEntryLevel},
            network::{
                Cookie, EventRequestWillBeSent, EventResponseReceivedExtraInfo, GetCookiesParams, Headers,
            },
            page::{GetNavigationHistoryParams, NavigateToHistoryEntryParams, Viewport},
            web_authn::{
                AddVirtualAuthenticatorParams, AuthenticatorId, AuthenticatorProtocol,
                AuthenticatorTransport, Ctap2Version, EnableParams, GetCredentialsParams,
                VirtualAuthenticatorOptions,
            },
        },
        js_protocol::runtime::EventExceptionThrown,
    },
    page::ScreenshotParams,
};
use futures_util::StreamExt;
use serde_json::Value;
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(30);
const FLAGS: [&str; 12] = [
    "disable-gpu",
    // The tests speak to a page, and not to one that is kept alive behind it.
    "disable-features=BackForwardCache",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "disable-dev-shm-usage",
    "disable-default-apps",
    "disable-breakpad",
    "metrics-recording-only",
    "mute-audio",
];

/// Asks again and again until there is an answer, and panics at the deadline.
pub(crate) async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = probe().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// A browser. It ends when it is dropped.
pub(crate) struct Chromium {
    browser: Browser,
    _profile: TempDir,
}

impl Chromium {
    pub(crate) async fn launch() -> Self {
        Self::launch_with(&[]).await
    }

    /// Launches a browser with further flags.
    pub(crate) async fn launch_with(flags: &[&str]) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let config = BrowserConfig::builder()
            .disable_default_args()
            .args(FLAGS)
            .args(flags.iter().copied())
            .no_sandbox()
            .user_data_dir(profile.path())
            .window_size(1200, 1000)
            .viewport(None)
            .launch_timeout(DEADLINE)
            .request_timeout(DEADLINE)
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.unwrap();
        // The task ends together with the browser.
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { browser, _profile: profile }
    }

    /// Opens an empty tab.
    pub(crate) async fn tab(&self) -> Tab {
        Tab::of(self.browser.new_page("about:blank").await.unwrap()).await
    }

    /// Waits for a window at an address that begins like this. A page may have opened it.
    pub(crate) async fn window(&self, begin: &str) -> Tab {
        let page = until(begin, async || {
            for page in self.browser.pages().await.ok()? {
                if page.url().await.ok().flatten().is_some_and(|url| url.starts_with(begin)) {
                    return Some(page);
                }
            }
            None
        })
        .await;
        Tab::of(page).await
    }
}

impl Drop for Chromium {
    /// Waits until it has ended, also when a test fails. Then nothing writes to the profile while it is deleted.
    fn drop(&mut self) {
        let end = async {
            let close = async {
                let _ = self.browser.close().await;
                let _ = self.browser.wait().await;
            };
            if tokio::time::timeout(Duration::from_secs(5), close).await.is_err() {
                self.browser.kill().await;
            }
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(end));
    }
}

async fn watch<E: IntoEventKind + Unpin + Send + Sync>(
    page: &Page,
    seen: &Arc<Mutex<Seen>>,
    note: fn(&mut Seen, &E),
) {
    let mut events = page.event_listener::<E>().await.unwrap();
    let seen = Arc::clone(seen);
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            note(&mut seen.lock().unwrap(), &event);
        }
    });
}

/// A request of the browser, and its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    id: String,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) status: Option<i64>,
    pub(crate) set_cookie: bool,
}

impl Exchange {
    /// `true` if all of the above is known: the answer has arrived.
    pub(crate) fn is_complete(&self) -> bool {
        !self.url.is_empty() && self.status.is_some()
    }
}

#[derive(Default)]
struct Seen {
    exchanges: Vec<Exchange>,
    complaints: Vec<String>,
}

impl Seen {
    /// Records the events of one request, which come in any order.
    fn exchange(&mut self, id: &str) -> &mut Exchange {
        let at = self.exchanges.iter().position(|exchange| exchange.id == id).unwrap_or_else(|| {
            self.exchanges.push(Exchange { id: id.to_owned(), ..Exchange::default() });
            self.exchanges.len() - 1
        });
        &mut self.exchanges[at]
    }

    fn request(&mut self, event: &EventRequestWillBeSent) {
        let exchange = self.exchange(event.request_id.inner());
        exchange.method.clone_from(&event.request.method);
        exchange.url.clone_from(&event.request.url);
    }

    fn answer_headers(&mut self, event: &EventResponseReceivedExtraInfo) {
        let exchange = self.exchange(event.request_id.inner());
        exchange.status = Some(event.status_code);
        exchange.set_cookie = has_header(&event.headers, "set-cookie");
    }

    fn log_entry(&mut self, event: &EventEntryAdded) {
        // Below that are recommendations, such as how to mark up a form.
        if matches!(event.entry.level, LogEntryLevel::Warning | LogEntryLevel::Error) {
            self.complaints.push(format!("{:?}: {}", event.entry.source, event.entry.text));
        }
    }

    fn exception(&mut self, event: &EventExceptionThrown) {
        self.complaints.push(format!("exception: {:?}", event.exception_details));
    }
}

fn has_header(headers: &Headers, name: &str) -> bool {
    headers.inner().as_object().is_some_and(|all| all.keys().any(|key| key.eq_ignore_ascii_case(name)))
}

/// A device that keeps passkeys for a tab.
pub(crate) struct Device {
    page: Page,
    id: AuthenticatorId,
}

impl Device {
    /// Returns how many passkeys it keeps.
    pub(crate) async fn passkeys(&self) -> usize {
        let kept = self.page.execute(GetCredentialsParams::new(self.id.clone())).await.unwrap();
        kept.result.credentials.len()
    }
}

/// A tab, and a record of its traffic since it was opened.
pub(crate) struct Tab {
    page: Page,
    seen: Arc<Mutex<Seen>>,
}

impl Tab {
    /// Begins to record the traffic of a page.
    async fn of(page: Page) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        watch(&page, &seen, Seen::request).await;
        watch(&page, &seen, Seen::answer_headers).await;
        watch(&page, &seen, Seen::log_entry).await;
        watch(&page, &seen, Seen::exception).await;
        Self { page, seen }
    }

    pub(crate) async fn open(&self, url: &str) {
        self.page.goto(url).await.unwrap();
    }

    /// Returns the value of a JavaScript expression. Waits for a promise.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        self.page.evaluate(expression).await.unwrap().into_value().unwrap()
    }

    /// Waits for an element that matches.
    pub(crate) async fn element(&self, selector: &str) -> Element {
        until(selector, async || self.page.find_element(selector).await.ok()).await
    }

    pub(crate) async fn click(&self, selector: &str) {
        // It may exist without a layout yet.
        until(&format!("to click {selector}"), async || {
            self.page.find_element(selector).await.ok()?.click().await.ok().map(drop)
        })
        .await;
    }

    /// Types like a person, with a key press for each character.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        self.click(selector).await;
        self.element(selector).await.type_str(text).await.unwrap();
    }

    /// Shows pages like a screen of this width, in the dark or the light theme.
    pub(crate) async fn look(&self, width: i64, dark: bool) {
        let screen = SetDeviceMetricsOverrideParams::new(width, 900, 1.0, width < 500);
        self.page.execute(screen).await.unwrap();
        let theme = MediaFeature::new("prefers-color-scheme", if dark { "dark" } else { "light" });
        let still = MediaFeature::new("prefers-reduced-motion", "reduce");
        let media = SetEmulatedMediaParams::builder().features([theme, still]).build();
        self.page.execute(media).await.unwrap();
    }

    /// Disables scripts for all pages from now on.
    pub(crate) async fn without_scripts(&self) {
        self.page.execute(SetScriptExecutionDisabledParams::new(true)).await.unwrap();
    }

    /// Gives this tab a device that keeps passkeys and touches itself.
    pub(crate) async fn device(&self) -> Device {
        self.page.execute(EnableParams::default()).await.unwrap();
        let options = VirtualAuthenticatorOptions::builder()
            .protocol(AuthenticatorProtocol::Ctap2)
            .ctap2_version(Ctap2Version::Ctap21)
            .transport(AuthenticatorTransport::Internal)
            .has_resident_key(true)
            .has_user_verification(true)
            .is_user_verified(true)
            .automatic_presence_simulation(true)
            .build()
            .unwrap();
        let added = self.page.execute(AddVirtualAuthenticatorParams::new(options)).await.unwrap();
        Device { page: self.page.clone(), id: added.result.authenticator_id }
    }

    /// Brings this tab to the front. A tab in the background gets no clicks.
    pub(crate) async fn to_front(&self) {
        self.page.bring_to_front().await.unwrap();
    }

    /// Enters a text at the focus.
    pub(crate) async fn insert(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Waits until the document contains this. Also works without scripts.
    pub(crate) async fn wait_for_html(&self, text: &str) -> String {
        until(&format!("{text:?} in the document"), async || {
            self.html().await.filter(|html| html.contains(text))
        })
        .await
    }

    /// Returns the current document, unless it is just being replaced.
    pub(crate) async fn html(&self) -> Option<String> {
        let root = self.page.execute(GetDocumentParams::default()).await.ok()?.result.root;
        let ask = GetOuterHtmlParams::builder().node_id(root.node_id).build();
        Some(self.page.execute(ask).await.ok()?.result.outer_html)
    }

    /// Presses a key at the focus.
    pub(crate) async fn press(&self, key: &str) {
        let text = if key == "Enter" { "\r" } else { "" };
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            _ => 0,
        };
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let mut press = DispatchKeyEventParams::builder()
                .r#type(kind.clone())
                .key(key)
                .code(key)
                .windows_virtual_key_code(code);
            if kind == DispatchKeyEventType::KeyDown && !text.is_empty() {
                press = press.text(text);
            }
            self.page.execute(press.build().unwrap()).await.unwrap();
        }
    }

    /// Goes back, like the button of the browser.
    pub(crate) async fn go_back(&self) {
        let history = self.page.execute(GetNavigationHistoryParams::default()).await.unwrap().result;
        let entry = &history.entries[usize::try_from(history.current_index).unwrap() - 1];
        self.page.execute(NavigateToHistoryEntryParams::new(entry.id)).await.unwrap();
    }

    /// Returns the address of the page.
    pub(crate) async fn address(&self) -> String {
        self.page.url().await.unwrap().unwrap_or_default()
    }

    /// Waits until a page whose address ends like this is loaded.
    pub(crate) async fn arrive(&self, end: &str) {
        until(&format!("to arrive at {end}"), async || {
            let address =
                self.page.evaluate("document.readyState === 'complete' ? location.href : ''").await.ok()?;
            address.into_value::<String>().ok()?.ends_with(end).then_some(())
        })
        .await;
    }

    /// Waits until the text of the page, or of a part of it, contains this.
    pub(crate) async fn wait_for_text(&self, selector: &str, text: &str) {
        until(&format!("{text:?} in {selector}"), async || {
            let element = self.page.find_element(selector).await.ok()?;
            element.inner_text().await.ok()??.contains(text).then_some(())
        })
        .await;
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.seen.lock().unwrap().exchanges.clone()
    }

    /// Returns the log of the browser: violations of the content security policy, uncaught exceptions, files that
    /// could not be loaded.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.seen.lock().unwrap().complaints.clone()
    }

    pub(crate) async fn cookies(&self, url: &str) -> Vec<Cookie> {
        let ask = GetCookiesParams::builder().url(url).build();
        self.page.execute(ask).await.unwrap().result.cookies
    }

    /// Writes a picture of the page to the target directory.
    pub(crate) async fn screenshot(&self, name: &str) {
        self.screenshot_at(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)).await;
    }

    /// Writes a picture of the page.
    pub(crate) async fn screenshot_at(&self, path: &Path) {
        // The whole page, without resizing the screen.
        let size = self.value("[innerWidth, document.documentElement.scrollHeight]").await;
        let (width, height) = (size[0].as_f64().unwrap(), size[1].as_f64().unwrap());
        let clip = Viewport { x: 0.0, y: 0.0, width, height, scale: 1.0 };
        let params = ScreenshotParams::builder().clip(clip).capture_beyond_viewport(true).build();
        self.page.save_screenshot(params, path).await.unwrap();
    }
}
