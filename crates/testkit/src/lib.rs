//! A whole Tessera inside a test: both databases, pinned time and chance, requests without a socket.
//!
//! A test is written once and runs on SQLite and PostgreSQL:
//!
//! ```no_run
//! use tessera_testkit::{TestApp, both};
//!
//! both! {
//!     async fn s011_without_a_token_a_request_is_refused(app: TestApp) {
//!         let reply = app.get("/v1/me").send().await.expect(401);
//!         assert_eq!(reply.code(), "unauthorized");
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! Time stands still at [`START`] until the test moves it; ids, keys and aliases are the same on every run.

mod app;
mod clock;
mod database;
mod logs;
mod request;

pub use app::{KeyMade, PASSWORD, Person, TestApp, settings};
pub use clock::{START, TestClock};
pub use database::{Backend, TestDb};
pub use logs::Logs;
pub use request::{BROWSER, Listening, PEER, Reply, Request};
pub use tessera_types::SeededChance;

/// Makes two tests of each function: `name::sqlite` and `name::postgres`. A closure in front changes the
/// settings for all of them. Attributes such as `#[ignore]` and `#[should_panic]` go to both tests.
///
/// ```no_run
/// # use tessera_testkit::{TestApp, both};
/// both! {
///     |settings| settings.keys.grace_seconds = 0;
///
///     async fn s178_the_old_key_dies_with_the_rotation(app: TestApp) {}
///     async fn s179_a_new_key_is_issued(app: TestApp) {}
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! both {
    (|$settings:ident| $adjust:expr; $($rest:tt)+) => {
        $crate::both! { @tests (|$settings: &mut $crate::both::Settings| { $adjust; }) $($rest)+ }
    };
    (@tests ($adjust:expr) $(
        $(#[$attribute:meta])*
        async fn $name:ident($app:ident: $type:ty) $body:block
    )+) => {$(
        async fn $name($app: $type) $body

        mod $name {
            #[test]
            $(#[$attribute])*
            fn sqlite() {
                $crate::both::run($crate::Backend::Sqlite, $adjust, super::$name);
            }

            #[test]
            $(#[$attribute])*
            fn postgres() {
                $crate::both::run($crate::Backend::Postgres, $adjust, super::$name);
            }
        }
    )+};
    ($($rest:tt)+) => {
        $crate::both! { @tests (|_: &mut $crate::both::Settings| {}) $($rest)+ }
    };
}

/// What the macro [`both!`] expands to.
pub mod both {
    pub use tessera_app::Settings;

    use super::{Backend, TestApp};

    /// Runs one test on a runtime of its own, with two workers, so that races are real.
    pub fn run<T, F>(backend: Backend, adjust: impl FnOnce(&mut Settings), test: T)
    where
        T: FnOnce(TestApp) -> F,
        F: Future<Output = ()>,
    {
        super::runtime().block_on(async {
            let app = TestApp::with(backend, adjust).await;
            Box::pin(test(app)).await;
        });
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made")
}
