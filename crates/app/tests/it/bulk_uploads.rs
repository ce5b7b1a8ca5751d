//! Files on their way to a bulk job: sent twice, sent slowly, sent too slowly, and what is told of a job that was undone.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tessera_testkit::{Person, Reply, Request, TestApp, both};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::support::other_workspace;

/// Longer than any of these takes, and short enough for a person to wait.
const WAIT_MAX: Duration = Duration::from_secs(10);

fn upload(app: &TestApp, who: &Person) -> Request {
    app.post("/v1/bulk/jobs?resource=links").bearer(&who.token).header("content-type", "text/csv")
}

/// A file that has begun to arrive, and goes on as its sender says.
struct Sending {
    pieces: mpsc::Sender<Bytes>,
    answer: JoinHandle<Reply>,
}

impl Sending {
    async fn begin(request: Request) -> Self {
        let (pieces, arriving) = mpsc::channel(1);
        let answer = tokio::spawn(request.send_pieces(arriving));
        // The first fills the channel; that the second fits proves that the first was taken.
        let sending = Self { pieces, answer };
        for piece in ["destination_url\n", "https://example.org/1\n"] {
            sending.send(piece).await;
        }
        sending
    }

    async fn send(&self, piece: &'static str) {
        let sent = tokio::time::timeout(WAIT_MAX, self.pieces.send(Bytes::from_static(piece.as_bytes())));
        sent.await.expect("the piece is taken in time").expect("somebody takes it");
    }

    async fn end(self) -> Reply {
        drop(self.pieces);
        self.answer.await.unwrap()
    }
}

async fn jobs(app: &TestApp, who: &Person) -> u64 {
    let list = app.get("/v1/bulk/jobs").bearer(&who.token).send().await.expect(200).json();
    list["meta"]["total"].as_u64().unwrap()
}

fn files(app: &TestApp) -> usize {
    std::fs::read_dir(app.directory.path().join("bulk")).map_or(0, Iterator::count)
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let waited = tokio::time::timeout(WAIT_MAX, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("{what}"));
}

both! {
    async fn another_file_of_the_same_length_under_one_key_is_refused(app: TestApp) {
        let owner = app.owner().await;
        let send = |file: &'static str| upload(&app, &owner).header("idempotency-key", "file-8").header("content-length", "38").body(file).send();
        let (one, other) = ("destination_url\nhttps://example.org/1\n", "destination_url\nhttps://example.org/2\n");
        assert_eq!((one.len(), other.len()), (38, 38));
        let first = send(one).await.expect(202).json();
        assert_eq!(send(other).await.expect(422).code(), "idempotency_key_reused");
        let again = send(one).await.expect(202);
        assert_eq!((again.json()["id"].clone(), again.header("idempotent-replayed").as_str()), (first["id"].clone(), "true"));
        assert_eq!((jobs(&app, &owner).await, files(&app)), (1, 1));
    }

    async fn a_file_is_the_same_however_it_is_cut_and_whether_its_length_is_told(app: TestApp) {
        let owner = app.owner().await;
        let request = || upload(&app, &owner).header("idempotency-key", "file-9");
        let whole = request().header("content-length", "38").body("destination_url\nhttps://example.org/1\n").send().await.expect(202);
        let cut = Sending::begin(request()).await.end().await.expect(202);
        assert_eq!((cut.json()["id"].clone(), cut.header("idempotent-replayed").as_str()), (whole.json()["id"].clone(), "true"));
        assert_eq!(jobs(&app, &owner).await, 1);
    }

    async fn while_a_file_is_on_its_way_its_key_is_taken_however_long_it_takes(app: TestApp) {
        let owner = app.owner().await;
        let request = || upload(&app, &owner).header("idempotency-key", "file-10");
        let sending = Sending::begin(request()).await;
        for minutes in [0, 2, 12] {
            app.clock.advance(Duration::from_secs(minutes * 60));
            let meanwhile = request().body("destination_url\nhttps://example.org/1\n").send().await.expect(409);
            assert_eq!(meanwhile.code(), "request_in_progress", "after {minutes} minutes more");
        }
        let first = sending.end().await.expect(202).json();
        let again = request().body("destination_url\nhttps://example.org/1\n").send().await.expect(202);
        assert_eq!((again.json()["id"].clone(), jobs(&app, &owner).await), (first["id"].clone(), 1));
    }

    async fn t28_a_file_whose_call_was_cut_off_is_not_taken_again_by_itself(app: TestApp) {
        let owner = app.owner().await;
        // A key outlives the wait.
        let owner = Person { token: app.key(&owner, json!(["all"])).await.key, ..owner };
        let request = || upload(&app, &owner).header("idempotency-key", "file-11");
        let again = async || request().body("destination_url\nhttps://example.org/1\n").send().await.expect(409).code();
        let _lost = Sending::begin(request()).await;
        // 15 minutes for the file, half a minute for the answer, and as long again for what was begun.
        app.clock.advance(Duration::from_secs(959));
        assert_eq!(again().await, "request_in_progress");
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(again().await, "conflict");
        assert_eq!(jobs(&app, &owner).await, 0);
    }

    async fn ten_files_of_a_workspace_may_be_on_their_way_as_they_will_be_jobs(app: TestApp) {
        let owner = app.owner().await;
        let mut sendings = Vec::new();
        for _ in 0..9 {
            sendings.push(Sending::begin(upload(&app, &owner)).await);
        }
        // A job that is open counts with them.
        upload(&app, &owner).body("destination_url\nhttps://example.org/1\n").send().await.expect(202);
        let more = upload(&app, &owner).body("destination_url\nhttps://example.org/1\n").send().await.expect(409);
        assert_eq!((more.code().as_str(), files(&app)), ("conflict", 10));
        let elsewhere = other_workspace(&app, &owner).await;
        upload(&app, &elsewhere).body("destination_url\nhttps://example.org/1\n").send().await.expect(202);
        // Who hangs up after the last piece has sent a file all the same.
        let impatient = sendings.pop().unwrap();
        impatient.answer.abort();
        drop(impatient.pieces);
        for sending in sendings {
            sending.end().await.expect(202);
        }
        until("the last file has become a job", || files(&app) == 11).await;
        assert_eq!((jobs(&app, &owner).await, jobs(&app, &elsewhere).await), (10, 1));
    }

    async fn the_result_of_an_undone_job_says_that_its_rows_are_gone(app: TestApp) {
        let owner = app.owner().await;
        let rows = (0..2_500).map(|row| format!("https://example.org/{row},n{row}\n")).collect::<String>();
        let job = upload(&app, &owner).body(format!("destination_url,alias\n{rows}")).send().await.expect(202).json();
        let at = format!("/v1/bulk/jobs/{}", job["id"].as_str().unwrap());
        let step = async || assert!(app.app.work_on_bulk(1).await.unwrap());
        let statuses = async || {
            let result = app.get(&format!("{at}/result.csv")).bearer(&owner.token).send().await.expect(200).text();
            let of = |status: &str| result.lines().skip(1).filter(|line| line.split(',').nth(5) == Some(status)).count();
            assert_eq!(result.lines().next(), Some("row,name,id,short_url,alias,status,reason"));
            (of("created"), of("removed"), result)
        };
        // Validated, then two batches of a thousand.
        for _ in 0..3 {
            step().await;
        }
        let (created, removed, _) = statuses().await;
        assert_eq!((created, removed), (2_000, 0));
        let cancelled = app.post(&format!("{at}/cancel")).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(cancelled["state"], "undoing");
        step().await;
        let (created, removed, _) = statuses().await;
        assert_eq!((created, removed), (1_001, 999), "half of it is undone: a thousand lines, the head among them");
        while app.app.work_on_bulk(100).await.unwrap() {}
        let (created, removed, result) = statuses().await;
        assert_eq!((created, removed), (0, 2_000));
        let first: Vec<&str> = result.lines().nth(1).unwrap().split(',').collect();
        assert_eq!((first[0], first[4], first[5], first[6]), ("2", "n0", "removed", "the job was cancelled"));
        let images = app.get(&format!("{at}/images.zip")).bearer(&owner.token).send().await.expect(409);
        assert_eq!(images.json()["detail"], "This job was undone: what its images would lead to is gone.");
    }

    async fn the_result_of_a_failed_job_gives_its_failure_as_the_reason(app: TestApp) {
        let owner = app.owner().await;
        let rows = (0..1_500).map(|row| format!("https://example.org/{row},n{row}\n")).collect::<String>();
        let job = upload(&app, &owner).body(format!("destination_url,alias\n{rows}")).send().await.expect(202).json();
        assert!(app.app.work_on_bulk(1).await.unwrap() && app.app.work_on_bulk(1).await.unwrap());
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/mine", "alias": "n1200"})).send().await.expect(201);
        while app.app.work_on_bulk(100).await.unwrap() {}
        let at = format!("/v1/bulk/jobs/{}", job["id"].as_str().unwrap());
        let failed = app.get(&at).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((&failed["state"], &failed["removed"]), (&json!("failed"), &json!(1_000)));
        let result = app.get(&format!("{at}/result.csv")).bearer(&owner.token).send().await.expect(200).text();
        let lines: Vec<&str> = result.lines().collect();
        assert_eq!(lines.len(), 1_001);
        assert!(lines[1_000].starts_with("1001,") && lines[1_000].ends_with(",n999,removed,row 1202: alias: another link of this domain has it"), "{}", lines[1_000]);
    }
}

both! {
    |settings| settings.bulk.upload_seconds_max = 1;

    async fn a_file_that_takes_too_long_is_given_up_and_nothing_of_it_stays(app: TestApp) {
        let owner = app.owner().await;
        let app = Arc::new(app);
        let sending = Sending::begin(upload(&app, &owner)).await;
        // It goes on and on, as over HTTP/2, where an answer does not end what is being sent.
        let pieces = sending.pieces.clone();
        let going_on = tokio::spawn(async move {
            while pieces.send(Bytes::from_static(b"https://example.org/\n")).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let refused = sending.answer.await.unwrap().expect(408);
        assert_eq!(refused.json()["detail"], "The file took longer than 1 s to arrive. Nothing of it is kept.");
        until("what was taken of the file is deleted", || files(&app) == 0).await;
        until("nobody takes any more of it", || going_on.is_finished()).await;
        assert_eq!(jobs(&app, &owner).await, 0);
    }
}
