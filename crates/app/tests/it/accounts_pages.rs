//! The pages behind one-time links, used as a browser without script would.

use tessera_app::accounts;
use tessera_testkit::{PASSWORD, Reply, TestApp, both};

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn post(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Reply {
    let form = app.post(path).header("content-type", "application/x-www-form-urlencoded");
    form.header("origin", "http://localhost:8080").body(encoded(fields)).send().await
}

fn path_of(link: &str) -> String {
    link.strip_prefix("http://localhost:8080").expect("a link to this server").to_owned()
}

fn token_of(link: &str) -> &str {
    link.split_once("token=").expect("a token").1
}

fn no_script(reply: &Reply) {
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(!reply.text().contains("<script"));
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
}

both! {
    async fn a_newcomer_sets_up_in_the_browser_and_takes_a_working_key_along(app: TestApp) {
        let link = accounts::setup_link(&app.app).await.unwrap().unwrap();
        let page = app.get(&path_of(&link)).send().await.expect(200);
        no_script(&page);
        for label in ["<label for=\"name\">Your name</label>", "<label for=\"email\">E-mail</label>", "<label for=\"password\">Password</label>"] {
            assert!(page.text().contains(label), "{label}");
        }
        let token = token_of(&link);
        let wrong = [("token", token), ("email", "ada"), ("password", "password123"), ("name", "Ada <b>"), ("workspace_name", "Engines")];
        let page = post(&app, "/setup", &wrong).await.expect(400);
        no_script(&page);
        let text = page.text();
        assert!(text.contains("value=\"ada\"") && text.contains("value=\"Ada &lt;b&gt;\"") && text.contains("value=\"Engines\""), "{text}");
        assert!(text.contains("an e-mail address, like") && text.contains("guessed first"), "{text}");
        assert!(!text.contains("password123"), "a password is never sent back");

        let right = [("token", token), ("email", "ada@example.com"), ("password", PASSWORD), ("name", ""), ("workspace_name", "Engines")];
        let page = post(&app, "/setup", &right).await.expect(201);
        no_script(&page);
        let text = page.text();
        let start = text.find("tsr_live_").expect("the first key");
        let key = &text[start..start + "tsr_live_".len() + 32];
        let workspace = app.get("/v1/workspace").bearer(key).send().await.expect(200).json();
        assert_eq!(workspace["name"], "Engines");
        assert_eq!(text.matches("curl ").count(), 3);
        assert!(!text.contains(PASSWORD));

        let again = app.get(&path_of(&link)).send().await.expect(404);
        no_script(&again);
        assert!(again.text().contains("does not work any more"));
        assert!(!post(&app, "/setup", &right).await.expect(404).text().contains("tsr_live_"));
    }

    async fn an_invitation_is_followed_with_a_new_account_or_the_one_there_is(app: TestApp) {
        let owner = app.owner().await;
        let invite = async |role: &str| {
            let order = serde_json::json!({"role": role, "email": "grace@example.com"});
            let made = app.post("/v1/invitations").bearer(&owner.token).json(order).send().await.expect(201).json();
            made["invite_url"].as_str().unwrap().to_owned()
        };
        let link = invite("editor").await;
        let page = app.get(&path_of(&link)).send().await.expect(200);
        no_script(&page);
        assert!(page.text().contains("Join Mosaic Works") && page.text().contains("value=\"grace@example.com\""), "{}", page.text());
        let form = [("token", token_of(&link)), ("email", "grace@example.com"), ("password", PASSWORD), ("name", "Grace")];
        assert!(post(&app, "/invite", &form).await.expect(200).text().contains("You are a member of Mosaic Works"));
        app.log_in("grace@example.com", PASSWORD).await;
        assert_eq!(app.get(&path_of(&link)).send().await.expect(404).header("content-type"), "text/html; charset=utf-8");

        let elsewhere = crate::support::other_workspace(&app, &owner).await;
        let order = serde_json::json!({"role": "viewer"});
        let made = app.post("/v1/invitations").bearer(&elsewhere.token).json(order).send().await.expect(201).json();
        let link = made["invite_url"].as_str().unwrap();
        let form = |password| [("token", token_of(link)), ("email", "grace@example.com"), ("password", password), ("name", "")];
        let wrong = post(&app, "/invite", &form("not-the-password")).await.expect(401);
        assert!(wrong.text().contains("value=\"grace@example.com\"") && wrong.text().contains("role=\"alert\""), "{}", wrong.text());
        assert!(post(&app, "/invite", &form(PASSWORD)).await.expect(200).text().contains("You are a member of Elsewhere"));
    }

    async fn a_forgotten_password_is_chosen_anew_in_the_browser(app: TestApp) {
        let owner = app.owner().await;
        let link = accounts::reset_link(&app.app, &owner.email).await.unwrap().unwrap();
        no_script(&app.get(&path_of(&link)).send().await.expect(200));
        let short = post(&app, "/reset", &[("token", token_of(&link)), ("password", "short")]).await.expect(400);
        assert!(short.text().contains("10 to 128 characters"), "{}", short.text());
        let done = post(&app, "/reset", &[("token", token_of(&link)), ("password", "mosaic-of-ten-tiles")]).await.expect(200);
        assert!(done.text().contains("Your new password is set"));
        app.log_in(&owner.email, "mosaic-of-ten-tiles").await;
        post(&app, "/reset", &[("token", token_of(&link)), ("password", "mosaic-of-six-tiles")]).await.expect(404);
    }

    async fn nonsense_gets_a_page_and_no_panic(app: TestApp) {
        for path in ["/setup", "/invite", "/reset", "/setup?token=%00", "/invite?token=%ff", "/reset?token=tsr_setup_x"] {
            no_script(&app.get(path).send().await.expect(404));
        }
        let nul = app.post("/setup").body("token=a&name=%00").send().await.expect(400);
        assert!(nul.text().contains("without NUL"), "{}", nul.text());
        app.post("/setup").body(vec![b'a'; 20_000]).send().await.expect(413);
    }
}
