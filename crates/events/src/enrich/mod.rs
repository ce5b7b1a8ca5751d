//! What can be worked out about an event from what the log keeps of it: place, device, source, visitor.
//!
//! It happens once, when the log is folded, off the path of redirects; only [`RobotList`] is asked there. Nothing of it can
//! fail: what cannot be found out is empty. Texts are borrowed from the event, from what was worked out before, or from
//! buffers that are used again, so an event costs no allocation once its like was seen.

mod agent;
mod channel;
mod language;
mod place;
mod place_file;
mod recent;
mod referrer;
mod robots;
mod text;
mod visitor;

use std::fmt::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tessera_types::Chance;

use self::agent::Agents;
pub use self::channel::Channels;
pub use self::language::first as preferred_language;
use self::place::Places;
pub use self::place_file::PlaceFile;
pub use self::robots::RobotList;
use self::text::{HOST_BYTES_MAX, Mended, ROUTE_BYTES_MAX, USER_AGENT_BYTES_MAX, UTM_BYTES_MAX};
use self::visitor::Salts;
use crate::{Click, ClickRow, Request, RequestRow, Utm};

/// Refreshes (minutes) after which what nobody needed is let go: an idle server is a small one.
const IDLE_REFRESHES_MAX: u32 = 10;

/// What enrichment works with.
#[derive(Debug, Clone)]
pub struct EnrichOptions {
    /// An MMDB file with countries or cities, for whoever else asks it too.
    pub place_file: Arc<PlaceFile>,
    /// Whether the addresses of visitors are kept with their clicks.
    pub keeps_addresses: bool,
    /// Where the file `salts` is kept, readable by its owner alone.
    pub salts_directory: PathBuf,
}

/// Makes rows of events. Belongs to whoever folds the log.
pub struct Enricher {
    places: Places,
    agents: Agents,
    salts: Salts,
    channels: Channels,
    keeps_addresses: bool,
    buffers: Buffers,
}

/// Texts of the row that is being made.
#[derive(Default)]
struct Buffers {
    domain: Mended,
    utm: Utm<Mended>,
    referrer: String,
    language: String,
    address: String,
    user_agent: Mended,
}

impl Enricher {
    /// Reads the salts.
    pub fn open(options: EnrichOptions, chance: Arc<dyn Chance>) -> Self {
        Self {
            places: Places::new(options.place_file),
            agents: Agents::new(&*chance),
            salts: Salts::open(&options.salts_directory, chance),
            channels: Channels::new(),
            keeps_addresses: options.keeps_addresses,
            buffers: Buffers::default(),
        }
    }

    /// The row of a click; good until the next call.
    pub fn click<'a>(&'a mut self, click: &'a Click<'_>) -> ClickRow<&'a str> {
        let address = click.address.map(|address| address.to_canonical());
        let place = self.places.find(address);
        let agent = self.agents.find(click.user_agent);
        let visitor = if click.is_untracked {
            0
        } else {
            self.salts.visitor(click.at_ms, click.workspace, address, click.user_agent)
        };
        self.buffers.read(click);
        self.buffers.set_address(address.filter(|_| self.keeps_addresses && !click.is_untracked));

        let (place, agent, buffers) = (self.places.at(place), self.agents.at(agent), &self.buffers);
        let utm = buffers.utm(click);
        ClickRow {
            at_ms: click.at_ms,
            workspace: click.workspace,
            link: click.link,
            visitor,
            is_robot: click.is_robot,
            trigger: click.trigger,
            domain: buffers.domain.of(click.domain, HOST_BYTES_MAX),
            country: &place.country,
            region: &place.region,
            city: &place.city,
            device: if click.is_robot { "robot" } else { agent.device },
            browser: &agent.browser,
            os: &agent.os,
            language: &buffers.language,
            referrer: &buffers.referrer,
            channel: self.channels.of(click.trigger, &utm, &buffers.referrer),
            utm,
            address: &buffers.address,
        }
    }

    /// The row of a request; good until the next call. Its address is kept: who holds a key may see from where it is
    /// used.
    pub fn request<'a>(&'a mut self, request: &'a Request<'_>) -> RequestRow<&'a str> {
        let address = request.address.map(|address| address.to_canonical());
        let place = self.places.find(address);
        self.buffers.set_address(address);
        self.buffers.user_agent.look(request.user_agent);
        RequestRow {
            at_ms: request.at_ms,
            workspace: request.workspace,
            key: request.key,
            secret: request.secret,
            id: request.id,
            method: request.method,
            class: request.class,
            status: request.status,
            latency_us: request.latency_us,
            route: text::beginning(request.route, ROUTE_BYTES_MAX),
            address: &self.buffers.address,
            country: &self.places.at(place).country,
            user_agent: self.buffers.user_agent.of(request.user_agent, USER_AGENT_BYTES_MAX),
        }
    }

    /// To be called every minute: reads the place file again if it changed, forgets the salts of days that are over,
    /// lets go of what was not needed for long.
    pub fn refresh(&mut self, now_ms: i64) {
        self.places.refresh();
        self.agents.refresh();
        self.salts.forget(now_ms);
    }
}

impl Buffers {
    fn read(&mut self, click: &Click<'_>) {
        self.domain.look(click.domain);
        self.utm.source.look(click.utm.source);
        self.utm.medium.look(click.utm.medium);
        self.utm.campaign.look(click.utm.campaign);
        self.utm.term.look(click.utm.term);
        self.utm.content.look(click.utm.content);
        referrer::host(click.referrer, click.domain, &mut self.referrer);
        language::first(click.languages, &mut self.language);
    }

    fn utm<'a>(&'a self, click: &'a Click<'_>) -> Utm<&'a str> {
        Utm {
            source: self.utm.source.of(click.utm.source, UTM_BYTES_MAX),
            medium: self.utm.medium.of(click.utm.medium, UTM_BYTES_MAX),
            campaign: self.utm.campaign.of(click.utm.campaign, UTM_BYTES_MAX),
            term: self.utm.term.of(click.utm.term, UTM_BYTES_MAX),
            content: self.utm.content.of(click.utm.content, UTM_BYTES_MAX),
        }
    }

    fn set_address(&mut self, address: Option<IpAddr>) {
        self.address.clear();
        if let Some(address) = address {
            // Writing to a string cannot fail.
            let _ = write!(self.address, "{address}");
        }
    }
}

#[cfg(test)]
mod tests;
