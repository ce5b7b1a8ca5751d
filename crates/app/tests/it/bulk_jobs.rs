//! Jobs: a file is validated, made and told of, and nothing is lost or doubled however it is interrupted.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

use crate::support::other_workspace;

async fn send(app: &TestApp, who: &Person, query: &str, file: impl Into<bytes::Bytes>) -> Value {
    let path = format!("/v1/bulk/jobs?resource=links{query}");
    let reply = app
        .post(&path)
        .bearer(&who.token)
        .header("content-type", "text/csv")
        .body(file)
        .send()
        .await
        .expect(202);
    let job = reply.json();
    assert_eq!(reply.header("location"), format!("/v1/bulk/jobs/{}", job["id"].as_str().unwrap()));
    assert_eq!((job["state"].as_str(), job["progress_pct"].as_u64()), (Some("validating"), Some(0)));
    job
}

async fn get(app: &TestApp, who: &Person, job: &Value, rest: &str) -> tessera_testkit::Reply {
    app.get(&format!("/v1/bulk/jobs/{}{rest}", job["id"].as_str().unwrap())).bearer(&who.token).send().await
}

async fn post(app: &TestApp, who: &Person, job: &Value, verb: &str) -> tessera_testkit::Reply {
    app.post(&format!("/v1/bulk/jobs/{}/{verb}", job["id"].as_str().unwrap())).bearer(&who.token).send().await
}

/// Works until nothing waits.
async fn work(app: &TestApp) {
    while app.app.work_on_bulk(100).await.expect("the database answers") {}
}

async fn ended(app: &TestApp, who: &Person, query: &str, file: impl Into<bytes::Bytes>) -> Value {
    let job = send(app, who, query, file).await;
    work(app).await;
    get(app, who, &job, "").await.expect(200).json()
}

async fn links(app: &TestApp, who: &Person) -> u64 {
    let list = app.get("/v1/links?limit=1").bearer(&who.token).send().await.expect(200).json();
    list["meta"]["total"].as_u64().unwrap()
}

fn counts(job: &Value) -> (&str, u64, u64, u64) {
    let number = |name: &str| job[name].as_u64().unwrap();
    (job["state"].as_str().unwrap(), number("rows"), number("created"), number("refused"))
}

fn file_of(rows: usize) -> String {
    let lines = (0..rows).map(|row| format!("https://example.org/{row},n{row}\n"));
    "destination_url,alias\n".to_owned() + &lines.collect::<String>()
}

both! {
    async fn a_file_becomes_links_and_its_result_tells_of_each_row(app: TestApp) {
        let owner = app.owner().await;
        let file = "\u{feff}Destination URL;alias;title;tags;Remark\r\nhttps://example.org/1;one;=cmd|' /C calc'!A0;\"a, b\";x\r\n\r\nhttps://example.org/2;;\"Two\nlines\";;\r\n";
        let mapping = "&mapping=%7B%22Remark%22%3A%22notes%22%7D";
        let job = ended(&app, &owner, mapping, file).await;
        assert_eq!((job["state"].as_str(), &job["errors"]), (Some("refused"), &json!([{"row": 4, "field": "title", "code": "format", "message": "one line, without control characters"}])));
        let file = file.replace("\"Two\nlines\"", "Two");
        let job = ended(&app, &owner, mapping, file).await;
        assert_eq!(counts(&job), ("done", 2, 2, 0));
        assert_eq!((job["valid"].as_u64(), job["progress_pct"].as_u64(), job["errors_total"].as_u64()), (Some(2), Some(100), Some(0)));
        let one = app.get("/v1/links?search=one").bearer(&owner.token).send().await.expect(200).json()["data"][0].clone();
        assert_eq!((&one["title"], &one["tags"], &one["notes"]), (&json!("=cmd|' /C calc'!A0"), &json!(["a", "b"]), &json!("x")));
        let reply = get(&app, &owner, &job, "/result.csv").await.expect(200);
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        let result = reply.text();
        let lines: Vec<&str> = result.split("\r\n").collect();
        assert_eq!(lines[0], "row,name,id,short_url,alias,status,reason");
        let id = one["id"].as_str().unwrap();
        assert_eq!(lines[1], format!("2,'=cmd|' /C calc'!A0,{id},http://localhost:8080/one,one,created,"));
        assert!(lines[2].starts_with("4,Two,link_") && lines[2].ends_with(",created,"), "{}", lines[2]);
        assert_eq!(lines[3..], [""]);
        assert_eq!(app.get("/one").send().await.expect(302).header("location"), "https://example.org/1");
        let report = get(&app, &owner, &job, "/report.csv").await.expect(200).text();
        assert_eq!(report, "row,field,code,reason\r\n");
        // What was sent is gone from the disk, the result is not.
        let files = std::fs::read_dir(app.directory.path().join("bulk").join(job["id"].as_str().unwrap())).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["report.csv", "result.csv"]);
    }

    async fn every_hazard_of_a_file_is_refused_by_name_and_nothing_is_made(app: TestApp) {
        let owner = app.owner().await;
        let latin = [b"destination_url,title\nhttps://example.org/,M\xfcller\n".as_slice()].concat();
        let utf16: Vec<u8> = "\u{feff}destination_url\nx\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        // The file, then row, field and code of what is wrong with it.
        let table: [(&[u8], u32, &str, &str); 17] = [
            (b"", 1, "file", "required"),
            (b"\n\n", 1, "file", "required"),
            (b"destination_url,alias\r\n", 1, "file", "required"),
            (b"destination_url,alias\nhttps://example.org/,\"x\nhttps://example.org/,y\n", 2, "file", "quotes"),
            (b"destination_url\n\"https://example.org/\"x\n", 2, "row", "quotes"),
            (&latin, 2, "row", "encoding"),
            (&utf16, 1, "file", "encoding"),
            (b"d\xe9stination_url\nx\n", 1, "header", "encoding"),
            (b"destination_url\nhttps://example.org/\0\n", 2, "row", "nul"),
            (b"destination_url,alias\nhttps://example.org/\n", 2, "row", "cells"),
            (b"destination_url,alias\nhttps://example.org/,a,b\n", 2, "row", "cells"),
            (b"destination_url,Destination URL\nhttps://example.org/,\n", 1, "Destination URL", "duplicate"),
            (b"destination_url,aliass\nhttps://example.org/,\n", 1, "aliass", "unknown"),
            (b"destination_url,\nhttps://example.org/,\n", 1, "header", "required"),
            (b"alias\na\n", 1, "destination_url", "required"),
            (b"destination_url,alias\nhttps://example.org/,a\nhttps://example.org/,b\r\nhttps://example.org/,A\n", 4, "alias", "duplicate"),
            (b"destination_url,max_clicks\nhttps://example.org/,many\n", 2, "max_clicks", "type"),
        ];
        for (file, row, field, code) in table {
            let job = ended(&app, &owner, "", file.to_vec()).await;
            let shown = String::from_utf8_lossy(file);
            assert_eq!((job["state"].as_str(), job["errors_total"].as_u64()), (Some("refused"), Some(1)), "{shown}: {job}");
            let error = &job["errors"][0];
            assert_eq!((error["row"].as_u64(), error["field"].as_str(), error["code"].as_str()), (Some(u64::from(row)), Some(field), Some(code)), "{shown}: {job}");
        }
        // Also where bad rows are skipped, a file that cannot be read to its end is no file.
        let job = ended(&app, &owner, "&on_error=skip", "destination_url\nhttps://example.org/\n\"x\n").await;
        assert_eq!(counts(&job), ("refused", 1, 0, 0));
        assert_eq!(links(&app, &owner).await, 0);
    }

    async fn a_cell_of_a_hundred_megabytes_is_refused_without_being_held(app: TestApp) {
        let owner = app.owner().await;
        let job = ended(&app, &owner, "", [b"destination_url\n\"".as_slice(), &vec![b'x'; 100_000_000]].concat()).await;
        assert_eq!((job["state"].as_str(), job["errors"][0]["code"].as_str(), job["errors"][0]["row"].as_u64()), (Some("refused"), Some("length"), Some(2)));
    }

    async fn a_job_takes_csv_in_utf_8_and_no_other_body(app: TestApp) {
        let owner = app.owner().await;
        for kind in ["application/json", "text/csv; charset=iso-8859-1", "multipart/form-data; boundary=x"] {
            let reply = app.post("/v1/bulk/jobs?resource=links").bearer(&owner.token).header("content-type", kind).body("x").send().await;
            assert_eq!(reply.expect(415).code(), "unsupported_media_type", "{kind}");
        }
        let large = app.post("/v1/bulk/jobs?resource=links").bearer(&owner.token).header("content-type", "text/csv").header("content-length", "536870913").body("x");
        assert_eq!(large.send().await.expect(413).code(), "body_too_large");
        for query in ["", "?resource=menus", "?resource=links&on_error=maybe", "?resource=links&mapping=%5B%5D", "?resource=links&colour=red"] {
            let reply = app.post(&format!("/v1/bulk/jobs{query}")).bearer(&owner.token).header("content-type", "text/csv").body("x").send().await;
            assert_eq!(reply.expect(400).code(), "invalid_request", "{query}");
        }
    }

    async fn the_report_names_both_rows_and_ends_at_ten_thousand_entries(app: TestApp) {
        let owner = app.owner().await;
        let mut file = "destination_url,alias\nhttps://example.org/,same\n".to_owned();
        (0..10_500).for_each(|_| file.push_str("https://example.org/,same\n"));
        let job = ended(&app, &owner, "", file).await;
        assert_eq!((job["state"].as_str(), job["rows"].as_u64(), job["valid"].as_u64(), job["errors_total"].as_u64()), (Some("refused"), Some(10_501), Some(1), Some(10_500)));
        assert_eq!(job["errors"].as_array().map(Vec::len), Some(20));
        let report = get(&app, &owner, &job, "/report.csv").await.expect(200).text();
        let lines: Vec<&str> = report.lines().collect();
        assert_eq!((lines.len(), lines[1]), (10_001, "3,alias,duplicate,row 2 has this alias too; give each its own"));
        assert_eq!(get(&app, &owner, &job, "/result.csv").await.expect(409).code(), "conflict");
    }

    async fn a_job_waits_to_be_started_if_it_is_told_to(app: TestApp) {
        let owner = app.owner().await;
        let job = send(&app, &owner, "&start=manual", file_of(3)).await;
        assert_eq!(post(&app, &owner, &job, "start").await.expect(409).code(), "conflict");
        work(&app).await;
        let ready = get(&app, &owner, &job, "").await.expect(200).json();
        assert_eq!((counts(&ready), ready["valid"].as_u64()), (("ready", 3, 0, 0), Some(3)));
        assert_eq!(links(&app, &owner).await, 0);
        // Who may only follow jobs starts none.
        let follower = app.key(&owner, json!(["bulk.create"])).await.key;
        app.post(&format!("/v1/bulk/jobs/{}/start", job["id"].as_str().unwrap())).bearer(&follower).send().await.expect(403);
        assert_eq!(post(&app, &owner, &job, "start").await.expect(200).json()["state"], "running");
        work(&app).await;
        assert_eq!(counts(&get(&app, &owner, &job, "").await.json()), ("done", 3, 3, 0));
        assert_eq!(post(&app, &owner, &job, "start").await.expect(409).code(), "conflict");
        let audit = app.get("/v1/audit?limit=4").bearer(&owner.token).send().await.expect(200).json();
        let actions: Vec<&str> = audit["data"].as_array().unwrap().iter().take(3).map(|row| row["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["bulk_job.finished", "bulk_job.started", "api_key.created"]);
        assert_eq!(audit["data"][0]["change"]["after"]["created"], 3);
    }

    async fn a_crash_between_batches_repeats_no_row_and_loses_none(app: TestApp) {
        let owner = app.owner().await;
        let job = send(&app, &owner, "&on_error=skip", file_of(3_500)).await;
        assert!(app.app.work_on_bulk(1).await.unwrap(), "it is validated");
        assert!(app.app.work_on_bulk(1).await.unwrap(), "a first batch is made");
        let half = get(&app, &owner, &job, "").await.json();
        assert_eq!((counts(&half), half["progress_pct"].as_u64()), (("running", 3_500, 1_000, 0), Some(27)));
        // Lines that a crash left behind a batch that was not committed.
        let result = app.directory.path().join("bulk").join(job["id"].as_str().unwrap()).join("result.csv");
        let whole = std::fs::read(&result).unwrap();
        std::fs::write(&result, [whole.as_slice(), b"1002,x,link_00000000000000000000000000,half a li"].concat()).unwrap();
        let app = app.restart().await;
        assert!(app.app.work_on_bulk(1).await.unwrap());
        let app = app.restart().await;
        work(&app).await;
        assert_eq!(counts(&get(&app, &owner, &job, "").await.json()), ("done", 3_500, 3_500, 0));
        assert_eq!(links(&app, &owner).await, 3_500);
        let result = get(&app, &owner, &job, "/result.csv").await.expect(200).text();
        let rows: Vec<u32> = result.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
        assert_eq!(rows, (2..=3_501).collect::<Vec<_>>());
    }

    async fn what_comes_between_undoes_all_or_nothing(app: TestApp) {
        let owner = app.owner().await;
        let job = send(&app, &owner, "", file_of(2_500)).await;
        assert!(app.app.work_on_bulk(1).await.unwrap() && app.app.work_on_bulk(1).await.unwrap());
        assert_eq!(links(&app, &owner).await, 1_000);
        assert_eq!(app.get("/n7").send().await.expect(302).header("location"), "https://example.org/7");
        // Somebody takes an alias of a row that was valid.
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/mine", "alias": "n1700"})).send().await.expect(201);
        work(&app).await;
        let failed = get(&app, &owner, &job, "").await.json();
        assert_eq!((counts(&failed), failed["removed"].as_u64()), (("failed", 2_500, 1_000, 0), Some(1_000)));
        assert_eq!(failed["failure"], "row 1702: alias: another link of this domain has it");
        assert_eq!(links(&app, &owner).await, 1);
        // Also for visitors who had just been there.
        app.get("/n7").send().await.expect(404);
        assert_eq!(app.get("/n1700").send().await.expect(302).header("location"), "https://example.org/mine");
    }

    async fn cancelling_keeps_what_was_made_or_removes_it_as_was_agreed(app: TestApp) {
        let owner = app.owner().await;
        for (on_error, left, removed) in [("skip", 1_000, 0), ("abort", 1_000, 1_000)] {
            let job = send(&app, &owner, &format!("&on_error={on_error}"), file_of(2_500).replace(",n", &format!(",{on_error}"))).await;
            assert!(app.app.work_on_bulk(1).await.unwrap() && app.app.work_on_bulk(1).await.unwrap());
            let cancelled = post(&app, &owner, &job, "cancel").await.expect(200).json();
            assert_eq!(cancelled["state"], if on_error == "skip" { "cancelled" } else { "undoing" });
            let app_again = &app;
            work(app_again).await;
            let cancelled = get(&app, &owner, &job, "").await.json();
            assert_eq!((counts(&cancelled), cancelled["removed"].as_u64()), (("cancelled", 2_500, 1_000, 0), Some(removed)));
            assert_eq!(links(&app, &owner).await, left);
            assert_eq!(post(&app, &owner, &job, "cancel").await.expect(409).code(), "conflict");
        }
        // Before anything is made, nothing is to be undone.
        let job = send(&app, &owner, "", file_of(10)).await;
        assert_eq!(post(&app, &owner, &job, "cancel").await.expect(200).json()["state"], "cancelled");
        assert!(!app.app.work_on_bulk(1).await.unwrap());
    }

    async fn ten_jobs_of_a_workspace_may_be_open_and_they_end_in_their_order(app: TestApp) {
        let owner = app.owner().await;
        let mut jobs = Vec::new();
        for number in 0..10 {
            jobs.push(send(&app, &owner, "", format!("destination_url\nhttps://example.org/{number}\n")).await);
            app.clock.advance(std::time::Duration::from_secs(1));
        }
        let more = app.post("/v1/bulk/jobs?resource=links").bearer(&owner.token).header("content-type", "text/csv").body(file_of(1)).send().await;
        assert_eq!(more.expect(409).code(), "conflict");
        assert_eq!(std::fs::read_dir(app.directory.path().join("bulk")).unwrap().count(), 10);
        let elsewhere = other_workspace(&app, &owner).await;
        send(&app, &elsewhere, "", file_of(1)).await;
        work(&app).await;
        let list = app.get("/v1/bulk/jobs?limit=3").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((list["meta"]["total"].as_u64(), list["data"][0]["id"].as_str()), (Some(10), jobs[9]["id"].as_str()));
        assert!(list["data"].as_array().unwrap().iter().all(|job| job["state"] == "done"));
        let next = list["meta"]["next_cursor"].as_str().unwrap();
        let list = app.get(&format!("/v1/bulk/jobs?limit=3&cursor={next}")).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(list["data"][0]["id"], jobs[6]["id"]);
    }

    async fn what_ended_is_deleted_when_asked_or_after_a_week_and_what_it_made_stays(app: TestApp) {
        let owner = app.owner().await;
        let directory = app.directory.path().join("bulk");
        let open = send(&app, &owner, "", file_of(1)).await;
        let path = |job: &Value| format!("/v1/bulk/jobs/{}", job["id"].as_str().unwrap());
        app.delete(&path(&open)).bearer(&owner.token).send().await.expect(409);
        work(&app).await;
        app.delete(&path(&open)).bearer(&owner.token).send().await.expect(204);
        app.get(&path(&open)).bearer(&owner.token).send().await.expect(404);
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
        let old = ended(&app, &owner, "", "destination_url\nhttps://example.org/old\n").await;
        // What a crash left of a file that was being sent.
        let orphan = directory.join("job_01jd8qd4vkf4ktabjqvqxgqzne");
        std::fs::create_dir(&orphan).unwrap();
        app.app.sweep().await.unwrap();
        assert!(!orphan.exists());
        app.clock.advance(std::time::Duration::from_secs(7 * 86_400 - 1));
        app.app.sweep().await.unwrap();
        let owner = crate::support::again(&app, &owner).await;
        app.get(&path(&old)).bearer(&owner.token).send().await.expect(200);
        app.clock.advance(std::time::Duration::from_secs(2));
        app.app.sweep().await.unwrap();
        app.get(&path(&old)).bearer(&owner.token).send().await.expect(404);
        assert_eq!((std::fs::read_dir(&directory).unwrap().count(), links(&app, &owner).await), (0, 2));
    }

    async fn progress_is_told_until_the_end_and_not_beyond_the_key(app: TestApp) {
        let owner = app.owner().await;
        let job = send(&app, &owner, "&start=manual", file_of(2)).await;
        let path = format!("/v1/bulk/jobs/{}/events", job["id"].as_str().unwrap());
        let mut told = app.get(&path).bearer(&owner.token).listen().await;
        let key = app.key(&owner, json!(["bulk.create"])).await;
        let mut followed = app.get(&path).bearer(&key.key).listen().await;
        let first = told.next().await.unwrap();
        assert!(first.starts_with("event: progress\n") && first.contains("\"state\":\"validating\""), "{first}");
        assert!(followed.next().await.unwrap().starts_with("event: progress\n"));
        app.post(&format!("/v1/api-keys/{}/revoke", key.id)).bearer(&owner.token).send().await.expect(200);
        let last = followed.next().await.unwrap();
        assert!(last.starts_with("event: end\n") && last.contains("api_key_inactive"), "{last}");
        assert_eq!(followed.next().await, None);
        work(&app).await;
        assert!(told.next().await.unwrap().contains("\"state\":\"ready\""));
        post(&app, &owner, &job, "start").await.expect(200);
        work(&app).await;
        loop {
            let event = told.next().await.unwrap();
            if event.starts_with("event: end\n") {
                assert!(event.contains("\"state\":\"done\"") && event.contains("\"created\":2"), "{event}");
                break;
            }
        }
        assert_eq!(told.next().await, None);
    }

    async fn images_come_in_one_archive_named_by_row_and_title(app: TestApp) {
        let owner = app.owner().await;
        let file = "destination_url,alias,title\nhttps://example.org/1,one,../../Summer Sale!\nhttps://example.org/2,two,\nfile:///x,three,\n";
        let job = ended(&app, &owner, "&on_error=skip", file).await;
        assert_eq!(counts(&job), ("done", 3, 2, 1));
        let reply = get(&app, &owner, &job, "/images.zip").await.expect(200);
        assert_eq!(reply.header("content-type"), "application/zip");
        let mut archive = zip::ZipArchive::new(Cursor::new(reply.bytes.clone())).unwrap();
        assert_eq!(archive.file_names().collect::<Vec<_>>(), ["000002-summer-sale.svg", "000003-two.svg"]);
        let mut svg = String::new();
        archive.by_index(1).unwrap().read_to_string(&mut svg).unwrap();
        let link = app.get("/v1/links?search=two").bearer(&owner.token).send().await.expect(200).json()["data"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(svg, app.get(&format!("/v1/links/{link}/qr.svg")).bearer(&owner.token).send().await.expect(200).text());
        assert_eq!(get(&app, &owner, &job, "/images.zip").await.bytes, reply.bytes);
        let png = get(&app, &owner, &job, "/images.zip?format=png&size=300&from_row=3").await.expect(200);
        let mut archive = zip::ZipArchive::new(Cursor::new(png.bytes)).unwrap();
        let mut image = Vec::new();
        archive.by_name("000003-two.png").unwrap().read_to_end(&mut image).unwrap();
        assert_eq!((archive.len(), &image[..8], &image[16..24]), (1, b"\x89PNG\r\n\x1a\n".as_slice(), [0, 0, 1, 44, 0, 0, 1, 44].as_slice()));
        for query in ["?size=1", "?format=gif", "?from_row=0", "?from_row=5&to_row=4"] {
            get(&app, &owner, &job, &format!("/images.zip{query}")).await.expect(400);
        }
    }

    async fn s014_another_workspaces_jobs_look_like_none(app: TestApp) {
        let owner = app.owner().await;
        let elsewhere = other_workspace(&app, &owner).await;
        let job = ended(&app, &elsewhere, "", file_of(1)).await;
        let absent = json!({"id": "job_01jd8qd4vkf4ktabjqvqxgqzne"});
        let body = |reply: tessera_testkit::Reply| {
            let mut body = reply.expect(404).json();
            body.as_object_mut().unwrap().remove("request_id");
            body
        };
        for rest in ["", "/events", "/report.csv", "/result.csv", "/images.zip"] {
            assert_eq!(body(get(&app, &owner, &job, rest).await), body(get(&app, &owner, &absent, rest).await), "{rest}");
        }
        for verb in ["start", "cancel"] {
            assert_eq!(body(post(&app, &owner, &job, verb).await), body(post(&app, &owner, &absent, verb).await), "{verb}");
        }
        app.delete(&format!("/v1/bulk/jobs/{}", job["id"].as_str().unwrap())).bearer(&owner.token).send().await.expect(404);
        assert_eq!(app.get("/v1/bulk/jobs").bearer(&owner.token).send().await.expect(200).json()["meta"]["total"], 0);
        get(&app, &elsewhere, &job, "").await.expect(200);
    }

    async fn a_file_sent_twice_under_one_key_is_one_job(app: TestApp) {
        let owner = app.owner().await;
        let call = |file: String| {
            let post = app.post("/v1/bulk/jobs?resource=links").bearer(&owner.token).header("idempotency-key", "file-7");
            let length = file.len().to_string();
            post.header("content-type", "text/csv").header("content-length", length).body(file).send()
        };
        let (first, second) = (call(file_of(2)).await.expect(202), call(file_of(2)).await.expect(202));
        assert_eq!((first.json()["id"].clone(), second.header("idempotent-replayed").as_str()), (second.json()["id"].clone(), "true"));
        assert_eq!(call(file_of(3)).await.expect(422).code(), "idempotency_key_reused");
        assert_eq!(app.get("/v1/bulk/jobs").bearer(&owner.token).send().await.expect(200).json()["meta"]["total"], 1);
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").links_max = 5;

    async fn a_plan_that_is_full_refuses_a_file_or_what_of_it_is_beyond(app: TestApp) {
        let owner = app.owner().await;
        let job = ended(&app, &owner, "", file_of(6)).await;
        assert_eq!((counts(&job), job["errors"][0]["code"].as_str()), (("refused", 6, 0, 0), Some("plan_required")));
        let job = ended(&app, &owner, "&on_error=skip", file_of(6)).await;
        assert_eq!(counts(&job), ("done", 6, 5, 1));
        assert_eq!(links(&app, &owner).await, 5);
        let result = get(&app, &owner, &job, "/result.csv").await.expect(200).text();
        assert_eq!(result.lines().last(), Some("7,,,,,refused,row: the plan holds no more links"));
    }
}
