//! What clicks add up to: reports with numbers that can be checked by hand.

use serde_json::{Value, json};
use tessera_testkit::{TestApp, both};

use crate::support::{again, other_workspace};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.0 Mobile/15E148 Safari/604.1";
const GOOGLEBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

pub(crate) struct Shop {
    pub(crate) app: TestApp,
    pub(crate) owner: tessera_testkit::Person,
    /// A key with the preset `read`.
    pub(crate) key: String,
    pub(crate) spring: String,
    pub(crate) sale: String,
    pub(crate) plain: String,
}

pub(crate) fn now(app: &TestApp, text: &str) {
    app.clock.set(text.parse().unwrap());
}

async fn link(app: &TestApp, key: &str, alias: &str, more: Value) -> String {
    let mut wish = json!({"destination_url": "https://example.com/to", "alias": alias});
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = app.post("/v1/links").bearer(key).json(wish).send().await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

impl Shop {
    /// Three links and seven visits, on a Sunday and the Monday after it; asked about on the Tuesday.
    ///
    /// | when (UTC)       | link   | who   |                                   |
    /// |------------------|--------|-------|-----------------------------------|
    /// | 2026-02-15 10:30 | spring | desk  | scan of the QR code               |
    /// | 2026-02-15 10:30 | spring | desk  | from news.example.com             |
    /// | 2026-02-15 10:30 | spring | phone | in German                         |
    /// | 2026-02-15 11:30 | sale   | desk  |                                   |
    /// | 2026-02-15 11:30 | sale   | robot |                                   |
    /// | 2026-02-16 09:00 | plain  | desk  |                                   |
    /// | 2026-02-16 09:00 | spring | phone | scan of the QR code, in German    |
    pub(crate) async fn open(app: TestApp) -> Self {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        let spring =
            link(&app, &owner.token, "spring", json!({"title": "=1+1", "tags": ["print", "spring"]})).await;
        let sale = link(&app, &owner.token, "sale", json!({"tags": ["print"]})).await;
        let plain = link(&app, &owner.token, "plain", json!({})).await;
        let desk = |path: &str| app.get(path).from("192.0.2.1");
        let phone = |path: &str| {
            app.get(path).from("192.0.2.2").header("user-agent", PHONE).header("accept-language", "de-DE,en")
        };
        desk("/spring?qr=1").send().await.expect(302);
        desk("/spring").header("referer", "https://www.news.example.com/today").send().await.expect(302);
        phone("/spring").send().await.expect(302);
        now(&app, "2026-02-15T11:30:00Z");
        desk("/sale").send().await.expect(302);
        app.get("/sale").from("192.0.2.3").header("user-agent", GOOGLEBOT).send().await.expect(302);
        now(&app, "2026-02-16T09:00:00Z");
        desk("/plain").send().await.expect(302);
        phone("/spring?qr=1").send().await.expect(302);
        now(&app, "2026-02-17T12:00:00Z");
        let owner = again(&app, &owner).await;
        Self { app, owner, key, spring, sale, plain }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.app.get(path).bearer(&self.key).send().await.expect(200).json()
    }

    /// Of both days, about the workspace.
    async fn both_days(&self, more: &str) -> Value {
        self.get(&format!("/v1/analytics/workspace?from=2026-02-15&to=2026-02-16&interval=day{more}")).await
    }

    /// Clicks that pass a filter.
    async fn clicks(&self, filter: &str) -> u64 {
        self.both_days(&format!("&include=summary&{filter}")).await["summary"]["clicks"].as_u64().unwrap()
    }

    /// Each group, as its values in JSON, with its clicks.
    async fn groups(&self, by: &str) -> Vec<(String, u64)> {
        let report = self.both_days(&format!("&include=breakdown&group_by={by}")).await;
        let rows = report["breakdown"]["rows"].as_array().unwrap().iter();
        let names: Vec<&str> = by.split('&').next().unwrap().split(',').collect();
        rows.map(|row| {
            let values: Vec<String> = names.iter().map(|name| row["group"][name].to_string()).collect();
            (values.join(" ").replace('"', ""), row["clicks"].as_u64().unwrap())
        })
        .collect()
    }
}

fn some(groups: &[(&str, u64)]) -> Vec<(String, u64)> {
    groups.iter().map(|(name, clicks)| ((*name).to_owned(), *clicks)).collect()
}

both! {
    async fn s001_s021_s101_s102_a_read_key_reads_what_the_workspace_was_clicked(app: TestApp) {
        let shop = Shop::open(app).await;
        let report = shop.both_days("").await;
        // The robot is no click. Salts change by day, so the two people are two on each of the two days.
        assert_eq!(report["summary"], json!({
            "clicks": 6, "unique_visitors": 4, "unique_visitors_is_estimate": false, "robots": 1, "qr_scans": 2,
        }));
        assert_eq!(report["series"], json!([
            {"start": "2026-02-15T00:00:00Z", "clicks": 4, "unique_visitors": 2, "unique_visitors_is_estimate": false, "robots": 1},
            {"start": "2026-02-16T00:00:00Z", "clicks": 2, "unique_visitors": 2, "unique_visitors_is_estimate": false, "robots": 0},
        ]));
        assert_eq!(report["range"], json!({
            "from": "2026-02-15T00:00:00Z", "to": "2026-02-17T00:00:00Z", "timezone": "UTC", "interval": "day",
        }));
        assert_eq!(report.get("breakdown"), None);
        let week = shop.get("/v1/analytics/workspace?range=7d").await;
        let clicks: Vec<u64> = week["series"].as_array().unwrap().iter().map(|point| point["clicks"].as_u64().unwrap()).collect();
        assert_eq!(clicks, [0, 0, 0, 0, 4, 2, 0], "days without clicks are there");
    }

    async fn s083_a_nightly_export_gets_yesterday_as_json_that_becomes_csv(app: TestApp) {
        let shop = Shop::open(app).await;
        let yesterday = shop.get("/v1/analytics/workspace?range=yesterday").await;
        assert_eq!(yesterday["summary"]["clicks"], 2);
        let points = yesterday["series"].as_array().unwrap();
        assert_eq!((points.len(), &points[9]["start"], &points[9]["clicks"]), (24, &json!("2026-02-16T09:00:00Z"), &json!(2)));
        // What a script makes of the JSON is what the server makes of it.
        let columns = ["start", "clicks", "unique_visitors", "unique_visitors_is_estimate", "robots"];
        let mut lines = vec![columns.join(",")];
        lines.extend(points.iter().map(|point| {
            columns.map(|column| point[column].to_string().replace('"', "")).join(",")
        }));
        let reply = shop.app.get("/v1/analytics/workspace?range=yesterday&format=csv").bearer(&shop.key).send().await.expect(200);
        assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(reply.header("content-disposition"), "attachment; filename=\"analytics.csv\"");
        assert_eq!(reply.text(), lines.join("\r\n") + "\r\n");
        let accepted = shop.app.get("/v1/analytics/workspace?range=yesterday").header("accept", "text/csv").bearer(&shop.key);
        assert_eq!(accepted.send().await.expect(200).text(), reply.text());
    }

    async fn s119_a_scan_shows_up_in_the_analytics_of_its_link(app: TestApp) {
        let shop = Shop::open(app).await;
        let path = format!("/v1/analytics/links/{}?range=all", shop.spring);
        let report = shop.get(&path).await;
        assert_eq!((&report["summary"]["clicks"], &report["summary"]["qr_scans"]), (&json!(4), &json!(2)));
        shop.app.get("/spring?qr=1").send().await.expect(302);
        let report = shop.get(&path).await;
        assert_eq!((&report["summary"]["clicks"], &report["summary"]["qr_scans"]), (&json!(5), &json!(3)));
        let scans = shop.get(&format!("{path}&trigger=qr&group_by=channel")).await;
        assert_eq!((&scans["summary"]["clicks"], &scans["breakdown"]["rows"][0]["group"]["channel"]), (&json!(3), &json!("qr")));
    }

    async fn a_breakdown_tells_clicks_apart_by_up_to_three_things(app: TestApp) {
        let shop = Shop::open(app).await;
        assert_eq!(shop.groups("trigger").await, some(&[("link", 4), ("qr", 2)]));
        // The robot is no click, and shows: its row counts it beside the clicks.
        assert_eq!(shop.groups("device").await, some(&[("desktop", 4), ("mobile", 2), ("robot", 0)]));
        assert_eq!(shop.groups("language").await, some(&[("null", 4), ("de-DE", 2)]));
        assert_eq!(shop.groups("referrer").await, some(&[("null", 5), ("news.example.com", 1)]));
        assert_eq!(shop.groups("channel").await, some(&[("direct", 3), ("qr", 2), ("referral", 1)]));
        assert_eq!(shop.groups("domain").await, some(&[("localhost:8080", 6)]));
        // Sunday is 7. The hours are those of the clock, whatever the day.
        assert_eq!(shop.groups("weekday").await, some(&[("1", 2), ("7", 4)]));
        assert_eq!(shop.groups("hour").await, some(&[("9", 2), ("10", 3), ("11", 1)]));
        assert_eq!(shop.groups("time,trigger").await, some(&[
            ("2026-02-15T00:00:00Z link", 3), ("2026-02-15T00:00:00Z qr", 1), ("2026-02-16T00:00:00Z link", 1), ("2026-02-16T00:00:00Z qr", 1),
        ]));
        assert_eq!(shop.groups("device,trigger,weekday&sort=group").await, some(&[
            ("desktop link 1", 1), ("desktop link 7", 2), ("desktop qr 7", 1), ("mobile link 7", 1), ("mobile qr 1", 1),
            ("robot link 7", 0),
        ]));
        let top = shop.both_days("&group_by=link&limit=1").await["breakdown"].clone();
        assert_eq!(top["groups_found"], 3);
        assert_eq!(top["rows"], json!([{
            "group": {"link": shop.spring}, "link": {"title": "=1+1", "short_url": "http://localhost:8080/spring"},
            "clicks": 4, "unique_visitors": 3, "unique_visitors_is_estimate": false, "robots": 0,
        }]));
        // Spring was opened by two people on Sunday and by one of them on Monday; plain and sale by one each.
        assert_eq!(shop.groups("link&sort=unique_visitors&limit=2").await.iter().map(|(_, clicks)| *clicks).collect::<Vec<_>>(), [1, 1]);
    }

    async fn filters_choose_with_several_values_with_none_and_with_their_negation(app: TestApp) {
        let shop = Shop::open(app).await;
        for (filter, clicks) in [
            ("device=mobile", 2), ("device=mobile,desktop", 6), ("device_not=mobile", 4), ("referrer=none", 5), ("referrer_not=none", 1),
            ("referrer=News.example.com", 1), ("language=none,de-DE", 6), ("trigger=qr&device=desktop", 1), ("tag=print", 5), ("tag=spring", 4),
            ("tag=none", 1), ("tag_not=spring", 2), ("tag=spring,none", 5), ("tag=print&tag_not=spring", 1), ("tag=unheard", 0),
            ("robots=only", 1), ("robots=include", 7), ("robots=only&device=desktop", 0), ("domain=localhost:8080", 6), ("utm_source=none", 6),
        ] {
            assert_eq!(shop.clicks(filter).await, clicks, "{filter}");
        }
        assert_eq!(shop.clicks(&format!("link={},{}", shop.sale, shop.plain)).await, 2);
        assert_eq!(shop.clicks(&format!("link_not={}", shop.spring)).await, 2);
    }

    async fn tags_are_those_of_now_and_move_past_clicks_with_them(app: TestApp) {
        let shop = Shop::open(app).await;
        assert_eq!(shop.groups("tag").await, some(&[("print", 5), ("spring", 4), ("null", 1)]));
        assert_eq!(shop.get("/v1/analytics/tags/spring?range=all").await["summary"]["clicks"], 4);
        let path = format!("/v1/links/{}", shop.spring);
        shop.app.patch(&path).bearer(&shop.owner.token).json(json!({"tags": ["easter"]})).send().await.expect(200);
        assert_eq!(shop.groups("tag").await, some(&[("easter", 4), ("null", 1), ("print", 1)]));
        assert_eq!(shop.get("/v1/analytics/tags/easter?range=all").await["summary"]["clicks"], 4);
        shop.app.get("/v1/analytics/tags/spring").bearer(&shop.key).send().await.expect(404);
        assert_eq!(shop.get("/v1/analytics/domains/LOCALHOST:8080?range=all").await["summary"]["clicks"], 6);
        shop.app.get("/v1/analytics/domains/example.com").bearer(&shop.key).send().await.expect(404);
    }

    async fn a_deleted_link_keeps_its_clicks_and_loses_its_name(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.delete(&format!("/v1/links/{}", shop.spring)).bearer(&shop.owner.token).send().await.expect(204);
        let row = shop.both_days("&group_by=link&limit=1").await["breakdown"]["rows"][0].clone();
        assert_eq!((&row["group"]["link"], &row["link"], &row["clicks"]), (&json!(shop.spring), &Value::Null, &json!(4)));
        assert!(row.as_object().unwrap().contains_key("link"), "null, and not left out");
        shop.app.get(&format!("/v1/analytics/links/{}", shop.spring)).bearer(&shop.key).send().await.expect(404);
        assert_eq!(shop.clicks(&format!("link={}", shop.spring)).await, 4);
    }

    async fn a_comparison_stands_beside_each_number(app: TestApp) {
        let shop = Shop::open(app).await;
        let report = shop.get("/v1/analytics/workspace?range=yesterday&interval=day&compare=previous_period&group_by=device").await;
        assert_eq!((&report["range"]["compared_from"], &report["range"]["compared_to"]), (&json!("2026-02-15T00:00:00Z"), &json!("2026-02-16T00:00:00Z")));
        let summary = &report["summary"];
        assert_eq!((&summary["clicks"], &summary["previous"]["clicks"], &summary["previous"]["qr_scans"]), (&json!(2), &json!(4), &json!(1)));
        // 2 against 4, 2 against 2, 0 against 1, 1 against 1.
        assert_eq!(summary["change_pct"], json!({"clicks": -50.0, "unique_visitors": 0.0, "robots": -100.0, "qr_scans": 0.0}));
        assert_eq!(report["series"][0]["previous"]["start"], "2026-02-15T00:00:00Z");
        assert_eq!(report["series"][0]["change_pct"]["clicks"], -50.0);
        let rows = report["breakdown"]["rows"].as_array().unwrap();
        let seen: Vec<_> = rows.iter().map(|row| (row["group"]["device"].as_str().unwrap(), &row["clicks"], &row["previous"]["clicks"], &row["change_pct"]["clicks"])).collect();
        let (one, three, third) = (json!(1), json!(3), json!(-66.7));
        assert_eq!(seen, [("desktop", &one, &three, &third), ("mobile", &one, &one, &json!(0.0))]);
        let year = shop.get("/v1/analytics/workspace?range=yesterday&compare=previous_year").await;
        assert_eq!((&year["summary"]["previous"]["clicks"], &year["summary"]["change_pct"]["clicks"]), (&json!(0), &Value::Null));
        let csv = shop.app.get("/v1/analytics/workspace?range=yesterday&interval=day&compare=previous_period&format=csv").bearer(&shop.key);
        assert_eq!(csv.send().await.expect(200).text(), "start,clicks,unique_visitors,unique_visitors_is_estimate,robots,\
            previous_clicks,previous_unique_visitors,previous_robots\r\n2026-02-16T00:00:00Z,2,2,false,0,4,2,1\r\n");
    }

    async fn a_spreadsheet_runs_nothing_that_a_title_says(app: TestApp) {
        let shop = Shop::open(app).await;
        let csv = shop.app.get("/v1/analytics/workspace?range=all&group_by=link&limit=1&format=csv").bearer(&shop.key).send().await.expect(200);
        let (head, row) = ("link,link_title,link_short_url,clicks,unique_visitors,unique_visitors_is_estimate,robots", "'=1+1,http://localhost:8080/spring,4,3,false,0");
        assert_eq!(csv.text(), format!("{head}\r\n{},{row}\r\n", shop.spring));
    }

    async fn what_is_wrong_with_a_question_is_said_at_once_with_what_would_be_right(app: TestApp) {
        let shop = Shop::open(app).await;
        let ask = async |query: &str| {
            let reply = shop.app.get(&format!("/v1/analytics/workspace?{query}")).bearer(&shop.key).send().await.expect(400).json();
            let errors = reply["errors"].as_array().unwrap().iter();
            errors.map(|error| (error["field"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        let wrong = ask("group_by=planet&timezone=Mars&robots=some&contry=DE").await;
        assert_eq!(wrong, [("contry".to_owned(), "there is no such field; did you mean country?".to_owned())], "the names first");
        let wrong = ask("group_by=planet&timezone=Mars&robots=some&format=pdf").await;
        let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["format", "timezone", "robots", "group_by"]);
        assert!(wrong[3].1.starts_with("expected one of time, weekday, hour, link, tag, domain"), "{}", wrong[3].1);
        let range = ask("from=2026-02-16&to=2026-02-15").await;
        assert_eq!(range, [("to".to_owned(), "the range ends before it begins: from comes before to".to_owned())]);
        let buckets = ask("range=30d&interval=minute").await;
        assert_eq!(buckets, [("interval".to_owned(), "at most 1500 intervals: take a longer interval, or a shorter range".to_owned())]);
        assert_eq!(ask("from=0001-01-01&to=9999-12-30&interval=minute").await, buckets);
        assert_eq!(ask("limit=0&group_by=country").await[0].1, "from 1 to 1000");
        assert_eq!(ask("country=").await[0].0, "country");
    }

    async fn s014_t19_another_workspaces_clicks_are_out_of_reach(app: TestApp) {
        let shop = Shop::open(app).await;
        let elsewhere = other_workspace(&shop.app, &shop.owner).await;
        let key = shop.app.key(&elsewhere, json!(["all"])).await.key;
        let get = |path: String| shop.app.get(&path).bearer(&key);
        let link = &shop.spring;
        for (path, clicks) in [("/v1/analytics/workspace?range=all".to_owned(), 0), (format!("/v1/analytics/workspace?range=all&link={link}"), 0)] {
            assert_eq!(get(path).send().await.expect(200).json()["summary"]["clicks"], clicks);
        }
        let mut bodies = Vec::new();
        for id in [link.as_str(), "link_01jd8qd4vkf4ktabjqvqxgqzne", "nonsense"] {
            let mut body = get(format!("/v1/analytics/links/{id}")).send().await.expect(404).json();
            body.as_object_mut().unwrap().remove("request_id");
            bodies.push(body);
        }
        assert_eq!((&bodies[0], &bodies[0]), (&bodies[1], &bodies[2]));
        get("/v1/analytics/tags/print".to_owned()).send().await.expect(404);
        let rows = get(format!("/v1/events?range=all&link={link}")).send().await.expect(200).json();
        assert_eq!((&rows["data"], &rows["meta"]["total"]), (&json!([]), &json!(0)));
        for path in ["/v1/events?range=all&format=csv", "/v1/events?range=all&format=parquet"] {
            let text = get(path.to_owned()).send().await.expect(200).text();
            assert!(!text.contains(link.as_str()), "{path}: {text}");
        }
        // Erasing it changes nothing here.
        let erase = shop.app.post("/v1/events/erase").bearer(&elsewhere.token).json(json!({"link": link}));
        assert_eq!(erase.send().await.expect(200).json(), json!({"clicks_erased": 0}));
        assert_eq!(shop.clicks("").await, 6);
    }

    async fn who_runs_the_deployment_sees_all_workspaces_and_nobody_else_does(app: TestApp) {
        let shop = Shop::open(app).await;
        let elsewhere = other_workspace(&shop.app, &shop.owner).await;
        let other = link(&shop.app, &elsewhere.token, "other", json!({})).await;
        shop.app.get("/other").send().await.expect(302);
        let path = "/v1/operator/analytics?range=all&group_by=workspace";
        let owner = &shop.owner;
        let report = shop.app.get(path).bearer(&owner.token).send().await.expect(200).json();
        assert_eq!(report["summary"]["clicks"], 7);
        let rows = report["breakdown"]["rows"].as_array().unwrap();
        let seen: Vec<_> = rows.iter().map(|row| (row["group"]["workspace"].as_str().unwrap(), row["clicks"].as_u64().unwrap())).collect();
        assert_eq!(seen, [(shop.owner.workspace_id.as_str(), 6), (elsewhere.workspace_id.as_str(), 1)]);
        assert!(!other.is_empty());
        assert_eq!(shop.app.get(path).bearer(&shop.key).send().await.expect(403).code(), "person_required");
        shop.app.get("/v1/operator/analytics?tag=print").bearer(&owner.token).send().await.expect(400);
    }

    async fn days_and_hours_are_those_of_the_zone_also_when_clocks_change(app: TestApp) {
        let owner = app.owner().await;
        let key = app.key(&owner, json!(["read"])).await.key;
        link(&app, &owner.token, "demo", json!({})).await;
        app.patch("/v1/workspace").bearer(&owner.token).json(json!({"timezone": "Europe/Berlin"})).send().await.expect(200);
        // Clocks go back at 03:00 on 2026-10-25 in Berlin: half past two comes twice.
        for at in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:00Z", "2026-10-25T23:00:00Z"] {
            now(&app, at);
            app.get("/demo").send().await.expect(302);
        }
        now(&app, "2026-11-01T00:00:00Z");
        let day = async |day: &str, more: &str| {
            let path = format!("/v1/analytics/workspace?from={day}&to={day}&interval=hour{more}");
            let report = app.get(&path).bearer(&key).send().await.expect(200).json();
            let points = report["series"].as_array().unwrap().clone();
            points.iter().map(|point| (point["start"].as_str().unwrap().to_owned(), point["clicks"].as_u64().unwrap())).collect::<Vec<_>>()
        };
        let long = day("2026-10-25", "").await;
        assert_eq!(long.len(), 25);
        assert_eq!(long[0].0, "2026-10-25T00:00:00+02:00");
        assert_eq!(long[2], ("2026-10-25T02:00:00+02:00".to_owned(), 1));
        assert_eq!(long[3], ("2026-10-25T02:00:00+01:00".to_owned(), 1));
        assert_eq!(long[24], ("2026-10-25T23:00:00+01:00".to_owned(), 1), "the fourth is of the next day");
        assert_eq!(day("2026-03-29", "").await.len(), 23);
        // Lord Howe Island puts its clocks forward by half an hour: 02:00 becomes 02:30 on 2026-10-04.
        assert_eq!(day("2026-10-04", "&timezone=Australia/Lord_Howe").await.len(), 24);
        assert_eq!(day("2026-10-25", "&timezone=Asia/Kathmandu").await[0].0, "2026-10-25T00:00:00+05:45");
    }
}
