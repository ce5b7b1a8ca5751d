//! Many links or QR codes in one call: all or none, or those that can be made.

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

use crate::support::other_workspace;

async fn total(app: &TestApp, who: &Person, of: &str) -> u64 {
    let list = app.get(&format!("/v1/{of}?limit=1")).bearer(&who.token).send().await.expect(200).json();
    list["meta"]["total"].as_u64().unwrap()
}

async fn links(app: &TestApp, who: &Person) -> u64 {
    total(app, who, "links").await
}

/// Codes, and the links of them.
async fn codes(app: &TestApp, who: &Person) -> (u64, u64) {
    (total(app, who, "qr-codes").await, links(app, who).await)
}

fn menus(count: usize) -> Vec<Value> {
    let menu = |number| json!({"name": format!("Table {number}"), "destination_url": format!("https://example.org/{number}")});
    (0..count).map(menu).collect()
}

fn statuses(made: &Value) -> Vec<&str> {
    made["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect()
}

fn local(url: &Value) -> String {
    url.as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned()
}

fn many(count: usize) -> Vec<Value> {
    (0..count).map(|number| json!({"destination_url": format!("https://example.org/{number}")})).collect()
}

fn fields(reply: &Value) -> Vec<(String, String)> {
    let errors = reply["errors"].as_array().unwrap();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect()
}

fn pairs<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(field, code)| (field.to_owned(), code.to_owned())).to_vec()
}

both! {
    async fn s144_twelve_hundred_links_are_made_in_one_call_and_each_leads_on(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["bulk.create", "links.create"])).await.key;
        let order = json!({"resource": "links", "records": many(1_200), "defaults": {"tags": ["spring"], "utm_source": "post"}});
        let made = app.post("/v1/bulk").bearer(&key).json(&order).send().await.expect(200).json();
        assert_eq!((made["created"].as_u64(), made["refused"].as_u64()), (Some(1_200), Some(0)));
        let results = made["results"].as_array().unwrap();
        assert_eq!(results.len(), 1_200);
        assert_eq!((results[17]["index"].as_u64(), results[17]["status"].as_str()), (Some(17), Some("created")));
        let path = results[17]["short_url"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
        let visit = app.get(&path).send().await.expect(302);
        assert_eq!(visit.header("location"), "https://example.org/17?utm_source=post");
        let link = app.get(&format!("/v1/links/{}", results[17]["id"].as_str().unwrap())).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((&link["tags"], link["created_by"].as_str().map(|by| &by[..4])), (&json!(["spring"]), Some("key_")));
        // One row in the audit log, and not 1,200.
        let audit = app.get("/v1/audit?limit=1").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!((audit["data"][0]["action"].as_str(), audit["data"][0]["change"]["after"]["created"].as_u64()), (Some("bulk.created"), Some(1_200)));
    }

    async fn all_or_none_names_every_wrong_field_of_every_record_and_makes_nothing(app: TestApp) {
        let owner = app.owner().await;
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/", "alias": "old"})).send().await.expect(201);
        let send = |body: Value| app.post("/v1/bulk").bearer(&owner.token).json(body).send();
        let records = json!([
            {"destination_url": "https://example.org/1", "alias": "one"},
            {"destination_url": "javascript:alert(1)", "tags": ["a,b"]},
            {"alias": "three"},
            {"destination_url": "https://example.org/4", "alias": "ONE"},
            5,
            {"destination_url": "https://example.org/6", "redirect_status": 303, "colour": "red"},
        ]);
        let refused = send(json!({"resource": "links", "records": records})).await.expect(400).json();
        let expected = pairs([
            ("records[1].destination_url", "scheme"), ("records[1].tags[0]", "format"), ("records[2].destination_url", "required"),
            ("records[3].alias", "duplicate"), ("records[4]", "type"), ("records[5].colour", "unknown"),
        ]);
        assert_eq!(fields(&refused), expected);
        assert_eq!(refused["errors"][3]["message"], "records[0] has this alias too; give each its own");
        // What only the database knows.
        let records = json!([{"destination_url": "https://example.org/1"}, {"destination_url": "https://example.org/2", "alias": "Old"}]);
        let refused = send(json!({"resource": "links", "records": records})).await.expect(400).json();
        assert_eq!(fields(&refused), pairs([("records[1].alias", "alias_taken")]));
        assert_eq!(links(&app, &owner).await, 1);
    }

    async fn skipping_makes_those_that_can_be_made_and_says_what_became_of_each(app: TestApp) {
        let owner = app.owner().await;
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/", "alias": "old"})).send().await.expect(201);
        let records = json!([
            {"destination_url": "https://example.org/1", "alias": "new"}, {"destination_url": "file:///etc/passwd"},
            {"destination_url": "https://example.org/3", "alias": "old"}, {"destination_url": "https://example.org/4", "password": "mosaic"},
        ]);
        let mut order = json!({"resource": "links", "on_error": "skip", "validate_only": true, "records": records});
        let tried = app.post("/v1/bulk").bearer(&owner.token).json(&order).send().await.expect(200).json();

        assert_eq!(statuses(&tried), ["valid", "refused", "refused", "valid"]);
        assert_eq!((tried["created"].as_u64(), links(&app, &owner).await), (Some(0), 1));
        order["validate_only"] = false.into();
        let made = app.post("/v1/bulk").bearer(&owner.token).json(&order).send().await.expect(200).json();
        assert_eq!(statuses(&made), ["created", "refused", "refused", "created"]);
        assert_eq!(made["results"][2]["errors"][0]["code"], "alias_taken");
        assert_eq!((made["created"].as_u64(), made["refused"].as_u64(), links(&app, &owner).await), (Some(2), Some(2), 3));
        // The password asks.
        let path = made["results"][3]["short_url"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned();
        assert!(app.get(&path).send().await.text().contains("password"));
    }

    async fn a_call_has_its_limits_and_names_them(app: TestApp) {
        let owner = app.owner().await;
        let send = |records: Value| app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "links", "records": records})).send();
        for records in [json!([]), json!(many(1_201))] {
            let refused = send(records).await.expect(400).json();
            assert_eq!(fields(&refused), pairs([("records", "length")]));
        }
        let secret = json!({"destination_url": "https://example.org/", "password": "mosaic"});
        let refused = send(json!(vec![secret; 101])).await.expect(400).json();
        assert_eq!(fields(&refused), pairs([("records", "length")]));
        let large = json!([{"destination_url": "https://example.org/", "notes": "x".repeat(4_194_304)}]);
        assert_eq!(send(large).await.expect(413).code(), "body_too_large");
        // Larger than other bodies may be, and small enough for this one: also under an idempotency key.
        let records: Vec<Value> = (0..400).map(|_| json!({"destination_url": "https://example.org/", "notes": "x".repeat(3_900)})).collect();
        let order = json!({"resource": "links", "records": records});
        let call = || app.post("/v1/bulk").bearer(&owner.token).header("idempotency-key", "once").json(&order).send();
        let (first, second) = (call().await.expect(200), call().await.expect(200));
        assert_eq!((first.bytes, second.header("idempotent-replayed").as_str()), (second.bytes.clone(), "true"));
        assert_eq!(links(&app, &owner).await, 400);
    }

    async fn what_is_given_to_every_record_has_at_most_16_kib(app: TestApp) {
        let owner = app.owner().await;
        // {"metadata":{"x":"…"}} is 21 bytes beside what it says.
        let order = |bytes: usize| json!({"resource": "links", "records": many(2), "validate_only": true, "defaults": {"metadata": {"x": "x".repeat(bytes - 21)}}});
        let send = async |bytes: usize| app.post("/v1/bulk").bearer(&owner.token).json(order(bytes)).send().await.expect(400).json();
        let refused = send(16_385).await;
        assert_eq!(fields(&refused), pairs([("defaults", "length")]));
        assert_eq!(refused["errors"][0]["message"], "at most 16384 bytes, not 16385");
        // One byte less gets through to the rules of links, which have their own bound.
        let refused = send(16_384).await;
        assert_eq!(fields(&refused), pairs([("records[0].metadata", "length"), ("records[1].metadata", "length")]));
        assert_eq!(links(&app, &owner).await, 0);
    }

    async fn an_alias_that_was_archived_leads_to_its_new_link_at_once(app: TestApp) {
        let owner = app.owner().await;
        let old = app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": "https://example.org/old", "alias": "again"})).send().await.expect(201).json();
        app.post(&format!("/v1/links/{}/archive", old["id"].as_str().unwrap())).bearer(&owner.token).send().await.expect(200);
        app.get("/again").send().await.expect(410);
        let records = json!([{"destination_url": "https://example.org/new", "alias": "again"}]);
        app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "links", "records": records})).send().await.expect(200);
        assert_eq!(app.get("/again").send().await.expect(302).header("location"), "https://example.org/new");
    }

    async fn many_takes_the_scope_of_one_too(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["bulk.create"])).await.key;
        let order = json!({"resource": "links", "records": many(1)});
        let refused = app.post("/v1/bulk").bearer(&key).json(&order).send().await.expect(403).json();
        assert_eq!(refused["detail"], "This API key lacks the scope links.create.");
        let refused = app.post("/v1/bulk/jobs?resource=links").bearer(&key).header("content-type", "text/csv").body("destination_url\n").send().await.expect(403);
        assert_eq!(refused.code(), "insufficient_scope");
        let other = app.key(&owner, json!(["links.create"])).await.key;
        assert_eq!(app.post("/v1/bulk").bearer(&other).json(&order).send().await.expect(403).json()["detail"], "This API key lacks the scope bulk.create.");
        assert_eq!(links(&app, &owner).await, 0);
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").links_max = 5;

    async fn a_plan_holds_as_many_links_as_it_says_also_from_two_calls_at_once(app: TestApp) {
        let owner = app.owner().await;
        let send = |on_error: &str| app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "links", "on_error": on_error, "records": many(3)})).send();
        let (one, two) = tokio::join!(send("abort"), send("abort"));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403]);
        assert_eq!(send("abort").await.expect(403).code(), "plan_required");
        // Two more fit.
        let made = send("skip").await.expect(200).json();
        assert_eq!((made["created"].as_u64(), made["results"][2]["errors"][0]["code"].as_str()), (Some(2), Some("plan_required")));
        assert_eq!(links(&app, &owner).await, 5);
        // Another workspace has room of its own.
        let elsewhere = other_workspace(&app, &owner).await;
        app.post("/v1/bulk").bearer(&elsewhere.token).json(json!({"resource": "links", "records": many(3)})).send().await.expect(200);
    }
}

both! {
    async fn s144_fifty_codes_are_made_in_one_call_and_each_scans(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["bulk.create", "qr.create", "qr.read"])).await.key;
        let design = json!({"style": {"dotsOptions": {"type": "rounded", "color": "#123456"}}});
        let template = app.post("/v1/templates").bearer(&owner.token).json(json!({"name": "House", "style": design["style"]})).send().await.expect(201).json();
        let defaults = json!({"tags": ["tables"], "template_id": template["id"]});
        let order = json!({"resource": "qr_codes", "records": menus(50), "defaults": defaults});
        let made = app.post("/v1/bulk").bearer(&key).json(&order).send().await.expect(200).json();
        assert_eq!((&made["created"], &made["refused"]), (&json!(50), &json!(0)));
        let results = made["results"].as_array().unwrap();
        assert_eq!((results.len(), &results[17]["index"], &results[17]["status"]), (50, &json!(17), &json!("created")));
        for (number, one) in results.iter().enumerate() {
            let visit = app.get(&format!("{}?qr=1", local(&one["short_url"]))).send().await.expect(302);
            assert_eq!(visit.header("location"), format!("https://example.org/{number}"));
        }
        let code = app.get(&format!("/v1/qr-codes/{}", results[17]["id"].as_str().unwrap())).bearer(&key).send().await.expect(200).json();
        assert_eq!((&code["name"], &code["tags"], &code["scans"]), (&json!("Table 17"), &json!(["tables"]), &json!(1)));
        assert_eq!((&code["verdict"]["verdict"], &code["style"], &code["image_url"]), (&json!("good"), &design["style"], &results[17]["image_url"]));
        let image = app.get(&local(&results[17]["image_url"])).bearer(&key).send().await.expect(200);
        assert!(image.text().contains("#123456"), "{}", image.text());
        // Made alone, it is judged the same.
        let mut alone = menus(1)[0].clone();
        alone["template_id"] = template["id"].clone();
        let alone = app.post("/v1/qr-codes").bearer(&key).json(&alone).send().await.expect(201).json();
        assert_eq!(alone["verdict"], code["verdict"]);
        let audit = app.get("/v1/audit?action=bulk.created").bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(audit["data"][0]["change"]["after"], json!({"resource": "qr_codes", "created": 50, "refused": 0}));
    }

    async fn all_or_none_of_codes_names_every_wrong_field_and_makes_nothing(app: TestApp) {
        let owner = app.owner().await;
        let send = |records: Value| app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "qr_codes", "records": records})).send();
        let url = "https://example.org/";
        let white = json!({"dotsOptions": {"color": "#fff"}, "cornersSquareOptions": {"color": "#fff"}, "cornersDotOptions": {"color": "#fff"}});
        let refused = send(json!([
            {"name": "a", "destination_url": url, "alias": "one"},
            {"name": "b", "destination_url": url, "alias": "ONE"},
            {"name": " ", "destination_url": "javascript:alert(1)", "style": {"dotsOptions": {"color": "blurple"}}},
            {"name": "d", "payload": {"type": "text", "text": "a"}},
            "e",
            {"name": "f", "destination_url": url, "colour": "red"},
            {"name": "g", "destination_url": url, "template_id": "tpl_01jd8qd4vkf4ktabjqvqxgqzne"},
            {"destination_url": url},
        ])).await.expect(400).json();
        let mut found = fields(&refused);
        found.sort();
        let expected = pairs([
            ("records[1].alias", "duplicate"), ("records[2].destination_url", "scheme"), ("records[2].name", "length"),
            ("records[2].style.dotsOptions.color", "format"), ("records[3].kind", "choice"), ("records[4]", "type"), ("records[5].colour", "unknown"),
            ("records[6].template_id", "not_found"), ("records[7].name", "required"),
        ]);
        assert_eq!(found, expected);
        let twice = refused["errors"].as_array().unwrap().iter().find(|error| error["field"] == "records[1].alias").unwrap();
        assert_eq!(twice["message"], "records[0] has this alias too; give each its own");
        let refused = send(json!([{"name": "a", "destination_url": url}, {"name": "b", "destination_url": url, "style": white}])).await.expect(400).json();
        assert_eq!(refused["errors"][0]["field"], "records[1].style");
        assert_eq!(refused["errors"][0]["code"], "unscannable");
        assert!(refused["errors"].as_array().unwrap().len() > 1, "and the reasons: {refused}");
        assert_eq!(codes(&app, &owner).await, (0, 0));
        // What only the database knows: two at once.
        for alias in ["old", "older"] {
            app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": url, "alias": alias})).send().await.expect(201);
        }
        let taken = |alias: &str| json!({"name": "a", "destination_url": url, "alias": alias});
        let refused = send(json!([taken("new"), taken("OLD"), taken("older")])).await.expect(400).json();
        assert_eq!(fields(&refused), pairs([("records[1].alias", "alias_taken"), ("records[2].alias", "alias_taken")]));
        assert_eq!(codes(&app, &owner).await, (0, 2));
    }

    async fn skipping_makes_the_codes_that_can_be_made(app: TestApp) {
        let owner = app.owner().await;
        let url = "https://example.org/";
        app.post("/v1/links").bearer(&owner.token).json(json!({"destination_url": url, "alias": "old"})).send().await.expect(201);
        let white = json!({"dotsOptions": {"color": "#fff"}, "cornersSquareOptions": {"color": "#fff"}, "cornersDotOptions": {"color": "#fff"}});
        let mut order = json!({"resource": "qr_codes", "on_error": "skip", "validate_only": true, "records": [
            {"name": "Menu", "destination_url": url, "alias": "menu"},
            {"name": "Nowhere", "destination_url": "file:///etc/passwd"},
            {"name": "Taken", "destination_url": url, "alias": "old"},
            {"name": "Room", "kind": "static", "payload": {"type": "text", "text": "Room 12"}},
            {"name": "White", "destination_url": url, "style": white},
            {"name": "White", "destination_url": url, "style": white, "allow_unscannable": true},
            {"name": "Ada", "payload": {"type": "vcard", "first_name": "Ada", "last_name": "Stone"}},
        ]});
        let send = async |order: &Value| app.post("/v1/bulk").bearer(&owner.token).json(order).send().await.expect(200).json();
        let tried = send(&order).await;
        assert_eq!(statuses(&tried), ["valid", "refused", "refused", "valid", "refused", "valid", "valid"]);
        assert_eq!((&tried["created"], codes(&app, &owner).await), (&json!(0), (0, 1)));
        assert_eq!(tried["results"][0], json!({"index": 0, "status": "valid"}));
        order["validate_only"] = false.into();
        let made = send(&order).await;
        assert_eq!(statuses(&made), ["created", "refused", "refused", "created", "refused", "created", "created"]);
        assert_eq!((&made["created"], &made["refused"]), (&json!(4), &json!(3)));
        let code = |place: usize| made["results"][place]["errors"][0]["code"].as_str();
        assert_eq!((code(2), code(4)), (Some("alias_taken"), Some("unscannable")));
        // The static one has no link, and each result is its own.
        assert_eq!((&made["results"][3]["short_url"], codes(&app, &owner).await), (&Value::Null, (4, 4)));
        for (place, name) in [(0, "Menu"), (3, "Room"), (5, "White"), (6, "Ada")] {
            let id = made["results"][place]["id"].as_str().unwrap();
            assert_eq!(app.get(&format!("/v1/qr-codes/{id}")).bearer(&owner.token).send().await.expect(200).json()["name"], name);
        }
        assert_eq!(made["results"][0]["short_url"], "http://localhost:8080/menu");
        assert!(app.get(&local(&made["results"][6]["short_url"])).send().await.expect(200).text().contains("Ada Stone"));
    }

    async fn of_two_calls_that_want_the_same_addresses_each_goes_to_one(app: TestApp) {
        let owner = app.owner().await;
        let aliases = ["one", "two", "three", "four"];
        let order = |on_error: &str, order: &[&str]| {
            let records: Vec<Value> = order.iter().map(|alias| json!({"name": alias, "destination_url": "https://example.org/", "alias": alias})).collect();
            app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "qr_codes", "on_error": on_error, "records": records})).send()
        };
        let (one, two) = tokio::join!(order("skip", &aliases), order("skip", &["four", "five", "three"]));
        let (one, two) = (one.expect(200).json(), two.expect(200).json());
        assert_eq!(one["created"].as_u64().unwrap() + two["created"].as_u64().unwrap(), 5);
        assert_eq!(codes(&app, &owner).await, (5, 5));
        let (one, two) = tokio::join!(order("abort", &["six", "seven"]), order("abort", &["eight", "seven"]));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 400]);
        assert_eq!(codes(&app, &owner).await, (7, 7));
    }

    async fn codes_take_the_scope_of_one_too(app: TestApp) {
        let owner = app.owner().await;
        let order = json!({"resource": "qr_codes", "records": menus(1)});
        let send = async |scopes: Value| {
            let key = app.key(&owner, scopes).await.key;
            app.post("/v1/bulk").bearer(&key).json(&order).send().await.expect(403).json()["detail"].clone()
        };
        assert_eq!(send(json!(["bulk.create", "links.create"])).await, "This API key lacks the scope qr.create.");
        assert_eq!(send(json!(["qr.create"])).await, "This API key lacks the scope bulk.create.");
        let key = app.key(&owner, json!(["bulk.create", "links.create"])).await.key;
        let file = app.post("/v1/bulk/jobs?resource=qr_codes").bearer(&key).header("content-type", "text/csv").body("name\n");
        assert_eq!(file.send().await.expect(403).json()["detail"], "This API key lacks the scope qr.create.");
        assert_eq!(codes(&app, &owner).await, (0, 0));
    }

    async fn a_call_for_codes_has_its_limits_and_names_them(app: TestApp) {
        let owner = app.owner().await;
        let send = |records: Vec<Value>| app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "qr_codes", "on_error": "skip", "records": records})).send();
        let secret = json!({"name": "x", "destination_url": "https://example.org/", "password": "mosaic"});
        for records in [Vec::new(), menus(1_201), vec![secret; 101]] {
            assert_eq!(fields(&send(records).await.expect(400).json()), pairs([("records", "length")]));
        }
        // A look is judged once, and 101 are too many to wait for.
        let looks = (0..101).map(|number| json!({"name": "x", "destination_url": "https://example.org/", "style": {"dotsOptions": {"color": format!("#0000{number:02x}")}}}));
        let refused = send(looks.collect()).await.expect(400).json();
        assert_eq!(fields(&refused), pairs([("records", "length")]));
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("at most 100 looks"), "{refused}");
        assert_eq!(codes(&app, &owner).await, (0, 0));
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").qr_codes_max = 3;

    async fn a_plan_holds_as_many_codes_as_it_says_also_from_two_calls_at_once(app: TestApp) {
        let owner = app.owner().await;
        let send = |on_error: &str| app.post("/v1/bulk").bearer(&owner.token).json(json!({"resource": "qr_codes", "on_error": on_error, "records": menus(2)})).send();
        let (one, two) = tokio::join!(send("abort"), send("abort"));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 403]);
        let refused = send("abort").await.expect(403).json();
        assert_eq!((&refused["code"], &refused["detail"]), (&json!("plan_required"), &json!("The plan has no room for records[1] and those after it. Nothing was made.")));
        let made = send("skip").await.expect(200).json();
        assert_eq!((statuses(&made), &made["results"][1]["errors"][0]["code"]), (vec!["created", "refused"], &json!("plan_required")));
        assert_eq!(codes(&app, &owner).await, (3, 3));
    }
}

both! {
    |settings| settings.plans.tiers.get_mut("standard").expect("the example's tier").links_max = 1;

    async fn a_static_code_needs_no_room_for_a_link(app: TestApp) {
        let owner = app.owner().await;
        let room = json!({"name": "Room", "kind": "static", "payload": {"type": "text", "text": "Room 12"}});
        let mut records = menus(2);
        records.push(room);
        let order = json!({"resource": "qr_codes", "on_error": "skip", "records": records});
        let made = app.post("/v1/bulk").bearer(&owner.token).json(&order).send().await.expect(200).json();
        assert_eq!(statuses(&made), ["created", "refused", "created"]);
        assert_eq!(made["results"][1]["errors"][0]["message"], "the plan holds no more links, and a dynamic code has one");
        assert_eq!(codes(&app, &owner).await, (2, 1));
    }
}
