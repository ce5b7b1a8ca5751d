//! Many links in one call: all or none, or those that can be made.

use serde_json::{Value, json};
use tessera_testkit::{Person, TestApp, both};

use crate::support::other_workspace;

async fn links(app: &TestApp, who: &Person) -> u64 {
    let list = app.get("/v1/links?limit=1").bearer(&who.token).send().await.expect(200).json();
    list["meta"]["total"].as_u64().unwrap()
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
        let statuses = |made: &Value| made["results"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
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
