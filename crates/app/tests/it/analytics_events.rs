//! Single clicks: pages, files, the live stream, and forgetting them.

use serde_json::{Value, json};
use tessera_testkit::{Listening, TestApp, both};

use crate::analytics::Shop;
use crate::support::other_workspace;

fn times(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|click| click["at"].as_str().unwrap().to_owned()).collect()
}

/// Lets the log be followed: a question always follows it to its end.
async fn follow(shop: &Shop) {
    shop.get("/v1/analytics/workspace?include=summary").await;
}

async fn next_click(stream: &mut Listening) -> Value {
    loop {
        let event = stream.next().await.expect("the stream goes on");
        if let Some(data) = event.strip_prefix("event: click\ndata: ") {
            return serde_json::from_str(data).unwrap();
        }
        assert!(event.starts_with(':'), "{event}");
    }
}

both! {
    async fn s101_s102_clicks_are_listed_newest_first_page_by_page(app: TestApp) {
        let shop = Shop::open(app).await;
        let mut path = "/v1/events?range=30d&limit=4".to_owned();
        let first = shop.get(&path).await;
        assert_eq!(first["meta"]["total"], 6);
        assert_eq!(times(&first), ["2026-02-16T09:00:00Z", "2026-02-16T09:00:00Z", "2026-02-15T11:30:00Z", "2026-02-15T10:30:00Z"]);
        // A click that comes in between moves nothing.
        shop.app.get("/plain").send().await.expect(302);
        path += &format!("&cursor={}", first["meta"]["next_cursor"].as_str().unwrap());
        let second = shop.get(&path).await;
        assert_eq!(times(&second), ["2026-02-15T10:30:00Z", "2026-02-15T10:30:00Z"]);
        assert_eq!((&second["meta"]["next_cursor"], &second["meta"]["total"]), (&Value::Null, &json!(7)));
        let seen: std::collections::HashSet<String> = [&first, &second].iter().flat_map(|page| page["data"].as_array().unwrap()).map(Value::to_string).collect();
        assert_eq!(seen.len(), 6, "each once");
        let scan = &shop.get("/v1/events?range=yesterday&trigger=qr").await["data"];
        let visitor = scan[0]["visitor"].as_str().unwrap();
        assert!(visitor.starts_with("vis_") && visitor.len() == 20, "{visitor}");
        assert_eq!(scan, &json!([{
            "at": "2026-02-16T09:00:00Z", "link": shop.spring, "trigger": "qr", "is_robot": false, "visitor": visitor, "domain": "localhost:8080",
            "country": null, "region": null, "city": null, "device": "mobile", "browser": "Mobile Safari", "os": "iOS", "language": "de-DE", "referrer": null, "channel": "qr",
            "utm_source": null, "utm_medium": null, "utm_campaign": null, "utm_term": null, "utm_content": null, "address": null,
        }]));
        assert_eq!(shop.get("/v1/events?range=30d&robots=only").await["meta"]["total"], 1);
        assert_eq!(shop.get("/v1/events?range=30d&tag=print&device=desktop").await["meta"]["total"], 3);
    }

    async fn wrong_parameters_of_a_list_are_all_named(app: TestApp) {
        let shop = Shop::open(app).await;
        let reply = shop.app.get("/v1/events?limit=101&cursor=x&format=xml&robots=no&range=soon").bearer(&shop.key).send().await.expect(400).json();
        let fields: Vec<&str> = reply["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["range", "robots", "limit", "cursor", "format"]);
        shop.app.get("/v1/events?group_by=country").bearer(&shop.key).send().await.expect(400);
    }

    async fn everything_that_matches_comes_as_csv_or_parquet(app: TestApp) {
        let shop = Shop::open(app).await;
        let csv = shop.app.get("/v1/events?range=all&robots=include&format=csv").bearer(&shop.key).send().await.expect(200);
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"clicks.csv\"");
        let text = csv.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 8, "a head and seven clicks: {text}");
        assert!(lines[0].starts_with("at,link,trigger,is_robot,visitor,domain,country"));
        assert!(lines[1].starts_with("2026-02-16T09:00:00Z,link_"), "{}", lines[1]);
        let parquet = shop.app.get("/v1/events?range=all&format=parquet").bearer(&shop.key).send().await.expect(200);
        assert_eq!(parquet.header("content-type"), "application/vnd.apache.parquet");
        assert_eq!(parquet.header("content-disposition"), "attachment; filename=\"clicks.parquet\"");
        // Parquet files begin and end with these four bytes (Apache Parquet, file format).
        assert!(parquet.bytes.starts_with(b"PAR1") && parquet.bytes.ends_with(b"PAR1"), "{} bytes", parquet.bytes.len());
    }

    async fn a_live_stream_tells_of_each_click_of_its_workspace(app: TestApp) {
        let shop = Shop::open(app).await;
        let elsewhere = other_workspace(&shop.app, &shop.owner).await;
        let foreign = json!({"destination_url": "https://example.org/", "alias": "foreign"});
        shop.app.post("/v1/links").bearer(&elsewhere.token).json(foreign).send().await.expect(201);
        let listen = async |query: &str| {
            let mut stream = shop.app.get(&format!("/v1/events/live{query}")).bearer(&shop.key).listen().await;
            assert_eq!(stream.next().await.as_deref(), Some(": here"), "at once, so that a client knows it is connected");
            stream
        };
        let mut all = listen("").await;
        let mut tagged = listen("?tag=print&trigger=qr").await;
        for path in ["/foreign", "/plain", "/spring", "/spring?qr=1"] {
            shop.app.get(path).send().await.expect(302);
        }
        follow(&shop).await;
        let heard = [next_click(&mut all).await, next_click(&mut all).await, next_click(&mut all).await];
        let links: Vec<&str> = heard.iter().map(|click| click["link"].as_str().unwrap()).collect();
        assert_eq!(links, [&shop.plain, &shop.spring, &shop.spring]);
        let scan = next_click(&mut tagged).await;
        assert_eq!((&scan["link"], &scan["trigger"]), (&json!(shop.spring), &json!("qr")));
        shop.app.get("/v1/events/live?group_by=link").bearer(&shop.key).send().await.expect(400);
    }

    async fn t04_a_live_stream_ends_with_the_key_that_opened_it(app: TestApp) {
        let shop = Shop::open(app).await;
        let minted = shop.app.key(&shop.owner, json!(["events.read"])).await;
        let mut stream = shop.app.get("/v1/events/live").bearer(&minted.key).listen().await;
        let mut other = shop.app.get("/v1/events/live").bearer(&shop.key).listen().await;
        assert_eq!(stream.next().await.as_deref(), Some(": here"));
        assert_eq!(other.next().await.as_deref(), Some(": here"));
        shop.app.post(&format!("/v1/api-keys/{}/revoke", minted.id)).bearer(&shop.owner.token).send().await.expect(200);
        // Nobody clicks, and no heartbeat is due: the revocation itself ends it.
        let end = stream.next().await.unwrap();
        assert!(end.starts_with("event: end\ndata: {\"code\":\"api_key_inactive\""), "{end}");
        assert_eq!(stream.next().await, None);
        shop.app.get("/plain").send().await.expect(302);
        follow(&shop).await;
        assert_eq!(next_click(&mut other).await["link"], json!(shop.plain), "the other key's goes on");
    }

    async fn a_process_that_ends_hangs_up_on_its_listeners(app: TestApp) {
        let shop = Shop::open(app).await;
        let mut stream = shop.app.get("/v1/events/live").bearer(&shop.key).listen().await;
        assert_eq!(stream.next().await.as_deref(), Some(": here"));
        shop.app.app.hang_up();
        assert_eq!(stream.next().await, None);
        let mut late = shop.app.get("/v1/events/live").bearer(&shop.key).listen().await;
        assert_eq!(late.next().await, None);
    }

    async fn a_workspace_listens_to_twenty_streams_and_no_more(app: TestApp) {
        let shop = Shop::open(app).await;
        let open = || shop.app.get("/v1/events/live").bearer(&shop.key);
        let mut streams = Vec::new();
        for _ in 0..20 {
            streams.push(open().listen().await);
        }
        assert_eq!(open().send().await.expect(429).code(), "too_many_streams");
        streams.pop();
        open().send().await.expect(200);
    }

    async fn a_visitor_or_a_link_is_forgotten_for_good_and_it_is_on_record(app: TestApp) {
        let shop = Shop::open(app).await;
        let phone = shop.get("/v1/events?range=yesterday&device=mobile").await["data"][0]["visitor"].clone();
        let owner = shop.owner.clone();
        let erase = async |body: Value| shop.app.post("/v1/events/erase").bearer(&owner.token).json(body).send().await;
        // The same phone is somebody else on another day, so one of its two clicks goes.
        assert_eq!(erase(json!({"visitor": phone})).await.expect(200).json(), json!({"clicks_erased": 1}));
        assert_eq!(shop.get("/v1/events?range=30d").await["meta"]["total"], 5);
        assert_eq!(erase(json!({"visitor": phone})).await.expect(200).json(), json!({"clicks_erased": 0}));
        assert_eq!(erase(json!({"link": shop.spring})).await.expect(200).json(), json!({"clicks_erased": 3}));
        let shop = Shop { app: shop.app.restart().await, ..shop };
        assert_eq!(shop.get("/v1/events?range=30d&robots=include").await["meta"]["total"], 3, "sale twice, plain once");
        let audit = shop.app.get("/v1/audit?action=clicks.erased").bearer(&owner.token).send().await.expect(200);
        assert_eq!(audit.json()["meta"]["total"], 3);
        assert!(!audit.text().contains(phone.as_str().unwrap()), "what is forgotten is not written down elsewhere");
        for (body, field) in [(json!({}), "visitor"), (json!({"visitor": "vis_1"}), "visitor"), (json!({"visitor": phone, "link": shop.spring}), "link")] {
            let wrong = shop.app.post("/v1/events/erase").bearer(&owner.token).json(body).send().await.expect(400).json();
            assert_eq!(wrong["errors"][0]["field"], field);
        }
    }
}
