//! The year as it is played: who joins, what is made and what is put away, each on its day and by somebody's hand.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use tessera_keys::Role;
use tessera_qr::Style;
use tessera_types::{LogoId, QrCodeId, TemplateId, UserId, WorkspaceId};

use super::calls::Held;
use super::print::{
    Base, LOGO, LOGO_PLACE, Look, PRINTED_LINKS, PrintedLink, STATIC_CODES, StaticCode, TEMPLATES, VIEWS,
};
use super::story::{GUEST, KEYS, LINKS, LinkStory, PEOPLE, RULES};
use super::traffic::Told;
use super::{DemoError, password};
use crate::accounts::{self, Application};
use crate::audit::Actor;
use crate::author::Author;
use crate::caller::Principal;
use crate::http::Facts;
use crate::http::auth::Carrier;
use crate::problem::Problem;
use crate::workspaces::members::{self, Acting, Invitation};
use crate::{App, keys, links, logos, qr, templates, views, workspaces};

/// Where the people of the story sit (RFC 5737).
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 40));
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Something that is done, by its place in the story.
pub(super) enum Step {
    /// Logo and templates.
    Look,
    Person(usize),
    Link(usize),
    StaticCode(usize),
    /// Puts the code away that has this name or alias.
    Archive(&'static str),
    Key(usize),
    View(usize),
    Guest,
}

pub(super) struct Dated {
    pub(super) day: i64,
    pub(super) what: Step,
}

/// Everything that is done, in the order of its days.
pub(super) fn steps() -> Vec<Dated> {
    let dated = |day, what| Dated { day, what };
    let people = PEOPLE.iter().enumerate().map(|(at, person)| dated(person.3, Step::Person(at)));
    let links = LINKS.iter().enumerate().map(|(at, link)| dated(link.begins_day, Step::Link(at)));
    let keys = KEYS.iter().enumerate().map(|(at, key)| dated(key.made_day, Step::Key(at)));
    let codes = STATIC_CODES.iter().enumerate().map(|(at, code)| dated(code.made_day, Step::StaticCode(at)));
    let printed = PRINTED_LINKS.iter().map(|printed| (printed.alias, printed.archived_day));
    let printed = printed.chain(STATIC_CODES.iter().map(|code| (code.name, code.archived_day)));
    let archived = printed.filter_map(|(name, day)| Some(dated(day?, Step::Archive(name))));
    let views = VIEWS.iter().enumerate().map(|(at, view)| dated(view.2, Step::View(at)));
    let look = std::iter::once(dated(0, Step::Look));
    let mut steps: Vec<Dated> = look
        .chain(people)
        .chain(links)
        .chain(keys)
        .chain(codes)
        .chain(archived)
        .chain(views)
        .chain(std::iter::once(dated(GUEST.2, Step::Guest)))
        .collect();
    steps.sort_by_key(|step| step.day);
    steps
}

/// What there is so far.
pub(super) struct Stage<'a> {
    app: &'a App,
    workspace: WorkspaceId,
    /// The owner first.
    pub(super) people: Vec<UserId>,
    pub(super) told: Vec<Told>,
    pub(super) held: Vec<Held>,
    logo: Option<LogoId>,
    pub(super) templates: Vec<TemplateId>,
    /// By alias, or by name where there is none.
    pub(super) codes: HashMap<&'static str, QrCodeId>,
    pub(super) views: usize,
    pub(super) api_key: String,
}

impl<'a> Stage<'a> {
    pub(super) fn new(app: &'a App, workspace: WorkspaceId, owner: UserId) -> Self {
        Self {
            app,
            workspace,
            people: vec![owner],
            told: Vec::new(),
            held: Vec::new(),
            logo: None,
            templates: Vec::new(),
            codes: HashMap::new(),
            views: 0,
            api_key: String::new(),
        }
    }

    /// Durable when it returns.
    pub(super) async fn play(&mut self, step: Step) -> Result<(), DemoError> {
        match step {
            Step::Look => self.choose_looks().await,
            Step::Person(place) => self.join(place).await,
            Step::Link(place) => self.make_link(place, &LINKS[place]).await,
            Step::StaticCode(place) => self.make_static_code(place, &STATIC_CODES[place]).await,
            Step::Archive(name) => Box::pin(self.archive(name)).await,
            Step::Key(place) => self.make_key(place).await,
            Step::View(place) => self.save_view(place).await,
            Step::Guest => self.invite(GUEST.0, GUEST.1).await.map(drop),
        }
    }

    /// Somebody of those who are there already.
    async fn author(&self, place: usize) -> Result<Author, DemoError> {
        let standing = workspaces::standing(self.app, self.app.db.read(), self.workspace, None).await?;
        let plan = standing.ok_or_else(Problem::not_found)?.plan;
        let name = self.people[place % self.people.len()].to_string();
        Ok(Author::new(self.workspace, Actor::operator(), name, plan))
    }

    async fn choose_looks(&mut self) -> Result<(), DemoError> {
        let by = self.author(0).await?;
        let (name, svg) = LOGO;
        let (logo, _) = logos::create(self.app, &by, Some(name.to_owned()), svg.into()).await?;
        self.logo = Some(logo.id);
        for (name, look) in TEMPLATES {
            let style = self.style(look)?;
            let template = templates::create(self.app, &by, (*name).to_owned(), style).await?;
            self.templates.push(template.id);
        }
        Ok(())
    }

    async fn invite(&self, email: &str, role: Role) -> Result<Invitation, DemoError> {
        let actor = Actor::operator();
        let acting =
            Acting { workspace: self.workspace, user: self.people[0], role: Role::Owner, actor: &actor };
        let address = accounts::Email::parse(email)
            .map_err(|wrong| Problem::field("email", wrong.code, wrong.message))?;
        Ok(members::invite(self.app, &acting, Some(address), role).await?)
    }

    /// Invites somebody, who accepts.
    async fn join(&mut self, place: usize) -> Result<(), DemoError> {
        let (name, email, role, _) = PEOPLE[place];
        let invitation = self.invite(email, role).await?;
        let token = invitation.url.split_once("token=").map_or("", |(_, token)| token);
        let facts = Facts::new(self.app.new_id(), OFFICE, BROWSER.to_owned());
        let form = Application {
            email: email.to_owned(),
            password: password(self.app),
            name: Some(name.to_owned()),
            workspace_name: None,
        };
        let opened = accounts::accept_invitation(self.app, &facts, token, form).await?;
        self.people.push(opened.account.id);
        Ok(())
    }

    /// A link; or a code that owns it, if it is printed.
    async fn make_link(&mut self, place: usize, story: &'static LinkStory) -> Result<(), DemoError> {
        let [source, medium, campaign] = story.utm.map_or([None; 3], |utm| utm.map(Some));
        let mut wishes = json!({
            "alias": story.alias,
            "tags": story.tags,
            "utm_source": source,
            "utm_medium": medium,
            "utm_campaign": campaign,
        });
        let destination_url = format!("https://www.harbourlane.example{}", story.path);
        if let Some(printed) = PRINTED_LINKS.iter().find(|printed| printed.alias == story.alias) {
            wishes["name"] = story.title.into();
            match printed.page {
                "" => wishes["destination_url"] = destination_url.into(),
                page => wishes["payload"] = parsed(page)?,
            }
            return self.print(place, story, printed, wishes).await;
        }
        wishes["destination_url"] = destination_url.into();
        wishes["title"] = story.title.into();
        if let Some((_, rules)) = RULES.iter().find(|(alias, _)| *alias == story.alias)
            && let (Value::Object(wishes), Value::Object(rules)) = (&mut wishes, parsed(rules)?)
        {
            wishes.extend(rules);
        }
        let author = self.people[place % self.people.len()];
        let (id, domain) = links::create_as_operator(self.app, self.workspace, author, wishes).await?;
        self.told.push(Told { id, domain, story });
        Ok(())
    }

    async fn print(
        &mut self,
        place: usize,
        story: &'static LinkStory,
        printed: &PrintedLink,
        wishes: Value,
    ) -> Result<(), DemoError> {
        let made = self.make_code(place, story.alias, &printed.look, wishes).await?;
        let link = made.link.ok_or_else(|| Problem::internal("a printed link is no link"))?;
        self.told.push(Told { id: link.id, domain: link.domain, story });
        Ok(())
    }

    async fn make_static_code(&mut self, place: usize, story: &'static StaticCode) -> Result<(), DemoError> {
        let payload = parsed(story.payload)?;
        let wishes = json!({"name": story.name, "kind": "static", "payload": payload, "tags": story.tags});
        self.make_code(place, story.name, &story.look, wishes).await.map(drop)
    }

    async fn make_code(
        &mut self,
        place: usize,
        name: &'static str,
        look: &Look,
        mut wishes: Value,
    ) -> Result<qr::Made, DemoError> {
        wishes["style"] = json!(self.style(look)?);
        if let Base::Template(template) = look.base {
            wishes["template_id"] = json!(self.templates[template]);
        }
        let wish = serde_json::from_value(wishes).map_err(Problem::internal)?;
        let by = self.author(place).await?;
        let made = Box::pin(qr::create(self.app, &by, wish)).await?;
        self.codes.insert(name, made.code.id);
        Ok(made)
    }

    /// The look as it is stored; of one over a template, what differs from it.
    fn style(&self, look: &Look) -> Result<Style, DemoError> {
        let logo = self.logo.map(|logo| logo.to_string()).unwrap_or_default();
        let own: Style =
            serde_json::from_str(&look.own.replace(LOGO_PLACE, &logo)).map_err(Problem::internal)?;
        let Base::Preset(name) = look.base else { return Ok(own) };
        let preset = Style::presets().iter().find(|(known, _)| *known == name);
        Ok(preset.map_or_else(|| own.clone(), |(_, style)| style.merged(&own)))
    }

    async fn archive(&self, name: &str) -> Result<(), DemoError> {
        let code = self.codes.get(name).copied().ok_or_else(Problem::not_found)?;
        qr::archive(self.app, &self.author(0).await?, code).await?;
        Ok(())
    }

    async fn make_key(&mut self, place: usize) -> Result<(), DemoError> {
        let story = &KEYS[place];
        let scopes: Vec<String> = story.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let plain = keys::mint_as_operator(self.app, self.workspace, story.name, &scopes).await?;
        let admitted = keys::admit(self.app, &plain, OFFICE, Carrier::Header).await?;
        let Principal::Key { id, secret, .. } = admitted.caller.principal else {
            return Err(Problem::internal("a key was admitted as a person").into());
        };
        self.held.push(Held { key: id, secret, story });
        if story.scopes == ["all"] {
            self.api_key = plain;
        }
        Ok(())
    }

    async fn save_view(&mut self, place: usize) -> Result<(), DemoError> {
        let (name, query, _) = VIEWS[place];
        let wish = views::Wish { name: name.to_owned(), query: query.to_owned() };
        views::create(self.app, &self.author(place + 2).await?, wish).await?;
        self.views += 1;
        Ok(())
    }
}

fn parsed(json: &str) -> Result<Value, DemoError> {
    Ok(serde_json::from_str(json).map_err(Problem::internal)?)
}
