//! QR codes from a file: judged row by row, made in batches, drawn as they are designed, removed with their links.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

async fn ended(app: &TestApp, who: &Person, query: &str, file: &str) -> Value {
    let path = format!("/v1/bulk/jobs?resource=qr_codes{query}");
    let sent = app.post(&path).bearer(&who.token).header("content-type", "text/csv").body(file.to_owned());
    let job = sent.send().await.expect(202).json();
    while app.app.work_on_bulk(100).await.expect("the database answers") {}
    get(app, who, &job, "").await.json()
}

async fn get(app: &TestApp, who: &Person, job: &Value, rest: &str) -> tessera_testkit::Reply {
    let path = format!("/v1/bulk/jobs/{}{rest}", job["id"].as_str().unwrap());
    app.get(&path).bearer(&who.token).send().await.expect(200)
}

/// Codes and links that there are.
async fn totals(app: &TestApp, who: &Person) -> (u64, u64) {
    let mut totals = Vec::new();
    for of in ["qr-codes", "links"] {
        let list = app.get(&format!("/v1/{of}?limit=1")).bearer(&who.token).send().await.expect(200).json();
        totals.push(list["meta"]["total"].as_u64().unwrap());
    }
    (totals[0], totals[1])
}

fn counts(job: &Value) -> (&str, u64, u64, u64) {
    let number = |name: &str| job[name].as_u64().unwrap();
    (job["state"].as_str().unwrap(), number("rows"), number("created"), number("refused"))
}

fn archive(reply: &tessera_testkit::Reply) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(reply.bytes.clone())).unwrap();
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let mut files = BTreeMap::new();
    for name in names {
        let mut text = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    files
}

const WHITE: &str = r##"{""dotsOptions"": {""color"": ""#fff""}, ""cornersSquareOptions"": {""color"": ""#fff""}, ""cornersDotOptions"": {""color"": ""#fff""}}"##;

both! {
    async fn a_file_becomes_codes_each_drawn_as_it_is_designed(app: TestApp) {
        let owner = app.owner().await;
        let style = json!({"dotsOptions": {"type": "rounded", "color": "#123456"}});
        let template = app.post("/v1/templates").bearer(&owner.token).json(json!({"name": "House", "style": style})).send().await.expect(201).json();
        let file = format!(
            "Name,destination_url,alias,template_id,kind,payload.type,payload.ssid,payload.password,tags\n\
             Menü am Tisch,https://example.org/menu,menu,{0},,,,,\"tables, spring\"\n\
             Guests,,,,static,wifi,Lobby;1,correct horse,\n",
            template["id"].as_str().unwrap(),
        );
        let job = ended(&app, &owner, "", &file).await;
        assert_eq!((counts(&job), &job["resource"], &job["errors"]), (("done", 2, 2, 0), &json!("qr_codes"), &json!([])));
        assert_eq!(totals(&app, &owner).await, (2, 1));
        let visit = app.get("/menu?qr=1").send().await.expect(302);
        assert_eq!(visit.header("location"), "https://example.org/menu");

        let result = get(&app, &owner, &job, "/result.csv").await.text();
        let lines: Vec<Vec<&str>> = result.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(lines[0], ["row", "name", "id", "short_url", "alias", "status", "reason"]);
        assert_eq!((lines[1][1], lines[1][3], lines[1][4], lines[1][5]), ("Menü am Tisch", "http://localhost:8080/menu", "menu", "created"));
        assert_eq!((lines[2][1], lines[2][3], lines[2][4], lines[2][5]), ("Guests", "", "", "created"));
        let code = app.get(&format!("/v1/qr-codes/{}", lines[1][2])).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((&code["style"], &code["tags"], &code["verdict"]["verdict"]), (&style, &json!(["tables", "spring"]), &json!("good")));

        let files = archive(&get(&app, &owner, &job, "/images.zip?size=512").await);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["000002-menü-am-tisch.svg", "000003-guests.svg"]);
        for (line, svg) in [&lines[1], &lines[2]].into_iter().zip(files.values()) {
            let image = app.get(&format!("/v1/qr-codes/{}/image.svg?size=512", line[2])).bearer(&owner.token).send().await.expect(200);
            assert_eq!(svg, &image.text(), "{}", line[1]);
        }
        assert!(files["000002-menü-am-tisch.svg"].contains("#123456"));
        // What is archived is drawn no more.
        app.post(&format!("/v1/qr-codes/{}/archive", lines[1][2])).bearer(&owner.token).send().await.expect(200);
        let files = archive(&get(&app, &owner, &job, "/images.zip").await);
        assert_eq!(files.into_keys().collect::<Vec<_>>(), ["000003-guests.svg"]);
    }

    async fn every_row_that_could_be_no_code_is_reported_and_none_is_made(app: TestApp) {
        let owner = app.owner().await;
        let file = format!(
            "name,destination_url,alias,style,template_id,payload.type\n\
             a,https://example.org/,one,,,\n\
             b,https://example.org/,ONE,,,\n\
             ,javascript:alert(1),,,,\n\
             c,https://example.org/,,\"{WHITE}\",,\n\
             d,,,,,text\n\
             e,https://example.org/,,,tpl_01jd8qd4vkf4ktabjqvqxgqzne,\n\
             f,https://example.org/,,\"{{\"\"image\"\": \"\"data:image/png;base64,AAAA\"\"}}\",,\n\
             g,https://example.org/,,round,,\n",
        );
        let job = ended(&app, &owner, "", &file).await;
        assert_eq!(counts(&job), ("refused", 8, 0, 0));
        let found: Vec<_> = job["errors"].as_array().unwrap().iter().map(|error| {
            (error["row"].as_u64().unwrap(), error["field"].as_str().unwrap(), error["code"].as_str().unwrap())
        }).filter(|(row, ..)| *row != 5).collect();
        let expected = [
            (3, "alias", "duplicate"), (4, "name", "required"), (6, "payload.text", "required"), (7, "template_id", "not_found"),
            (8, "style.image", "choice"), (9, "style", "format"),
        ];
        assert_eq!(found, expected);
        let white = job["errors"].as_array().unwrap().iter().find(|error| error["row"] == 5).unwrap();
        assert_eq!((&white["field"], &white["code"]), (&json!("style"), &json!("unscannable")));
        assert_eq!(totals(&app, &owner).await, (0, 0));
        // Those that can be made are, if that is agreed.
        let job = ended(&app, &owner, "&on_error=skip", &file).await;
        assert_eq!((counts(&job), totals(&app, &owner).await), (("done", 8, 1, 7), (1, 1)));
    }

    async fn codes_of_a_file_that_stops_halfway_are_removed_with_their_links(app: TestApp) {
        let owner = app.owner().await;
        let rows: String = (0..1_200).map(|row| format!("Table {row},https://example.org/{row},t{row}\n")).collect();
        let path = "/v1/bulk/jobs?resource=qr_codes";
        let sent = app.post(path).bearer(&owner.token).header("content-type", "text/csv").body(format!("name,destination_url,alias\n{rows}"));
        let job = sent.send().await.expect(202).json();
        assert!(app.app.work_on_bulk(1).await.unwrap() && app.app.work_on_bulk(1).await.unwrap());
        assert_eq!(totals(&app, &owner).await, (1_000, 1_000));
        // Somebody takes an alias of a row that was valid.
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/mine", "alias": "t1100"})).send().await.expect(201);
        while app.app.work_on_bulk(1).await.unwrap() {}
        let failed = get(&app, &owner, &job, "").await.json();
        assert_eq!((counts(&failed), failed["removed"].as_u64()), (("failed", 1_200, 1_000, 0), Some(1_000)));
        assert_eq!(totals(&app, &owner).await, (0, 1));
        app.get("/t7").send().await.expect(404);
    }
}

both! {
    |settings| {
        let tier = settings.plans.tiers.get_mut("standard").expect("the example's tier");
        (tier.links_max, tier.qr_codes_max) = (2, 3);
    };

    async fn a_plan_that_is_full_of_codes_or_of_their_links_says_which(app: TestApp) {
        let owner = app.owner().await;
        let dynamic = "name,destination_url\na,https://example.org/\nb,https://example.org/\nc,https://example.org/\n";
        let job = ended(&app, &owner, "", dynamic).await;
        assert_eq!((counts(&job), &job["errors"]), (("refused", 3, 0, 0), &json!([
            {"row": 1, "field": "file", "code": "plan_required", "message": "the plan has room for 2 more links, and the file has 3"},
        ])));
        let fixed = "name,kind,payload.type,payload.text\na,static,text,a\nb,static,text,b\nc,static,text,c\nd,static,text,d\n";
        let job = ended(&app, &owner, "", fixed).await;
        assert_eq!((counts(&job), job["errors"][0]["message"].as_str()), (("refused", 4, 0, 0), Some("the plan has room for 3 more QR codes, and the file has 4")));
        let job = ended(&app, &owner, "&on_error=skip", dynamic).await;
        assert_eq!((counts(&job), totals(&app, &owner).await), (("done", 3, 2, 1), (2, 2)));
        let result = get(&app, &owner, &job, "/result.csv").await.text();
        assert_eq!(result.lines().last(), Some("4,,,,,refused,\"row: the plan holds no more links, and a dynamic code has one\""));
        let job = ended(&app, &owner, "&on_error=skip", fixed).await;
        assert_eq!((counts(&job), totals(&app, &owner).await), (("done", 4, 1, 3), (3, 2)));
    }
}
