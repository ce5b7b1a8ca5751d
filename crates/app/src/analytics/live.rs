//! Clicks as they happen: which of them a stream hears.
//!
//! A stream hears the clicks of its workspace only, and of those what its filters let through. Tags are those that
//! links carried when the stream began.

use std::collections::HashSet;

use tessera_events::{ClickRow, Dimension, Filter, FilterValue, Robots};
use tessera_types::WorkspaceId;

use super::parameters::Selection;
use crate::problem::Problem;
use crate::{App, links};

/// Which clicks a stream hears.
#[derive(Debug)]
pub(super) struct Ear {
    workspace: WorkspaceId,
    robots: Robots,
    filters: Vec<(Dimension, HashSet<FilterValue>, bool)>,
}

impl Ear {
    pub(super) async fn new(
        app: &App,
        workspace: WorkspaceId,
        selection: &Selection,
    ) -> Result<Self, Problem> {
        let labels = match super::is_by_tag(selection) {
            true => Some(links::labels(app, workspace).await?),
            false => None,
        };
        let kept =
            |filter: Filter| (filter.dimension, filter.values.into_iter().collect(), filter.is_negated);
        let filters = super::filters(selection, labels.as_ref()).into_iter().map(kept).collect();
        Ok(Self { workspace, robots: selection.robots, filters })
    }

    pub(super) fn hears(&self, row: &ClickRow<String>) -> bool {
        let is_wanted = match self.robots {
            Robots::Exclude => !row.is_robot,
            Robots::Include => true,
            Robots::Only => row.is_robot,
        };
        row.workspace == self.workspace
            && is_wanted
            && self
                .filters
                .iter()
                .all(|(by, values, is_negated)| values.contains(&value(row, by)) != *is_negated)
    }
}

/// What a click holds of a thing that can be filtered by.
fn value(row: &ClickRow<String>, by: &Dimension) -> FilterValue {
    let text = match by {
        Dimension::Link => return FilterValue::Id(row.link.uuid()),
        Dimension::Trigger => row.trigger.as_str(),
        Dimension::Domain => &row.domain,
        Dimension::Country => &row.country,
        Dimension::Region => &row.region,
        Dimension::City => &row.city,
        Dimension::Device => &row.device,
        Dimension::Browser => &row.browser,
        Dimension::Os => &row.os,
        Dimension::Language => &row.language,
        Dimension::Referrer => &row.referrer,
        Dimension::Channel => &row.channel,
        Dimension::UtmSource => &row.utm.source,
        Dimension::UtmMedium => &row.utm.medium,
        Dimension::UtmCampaign => &row.utm.campaign,
        Dimension::UtmTerm => &row.utm.term,
        Dimension::UtmContent => &row.utm.content,
        // The parameters of a stream have no word for any other.
        _ => "",
    };
    FilterValue::Text(text.to_owned())
}

#[cfg(test)]
mod tests {
    use tessera_events::{Trigger, Utm};
    use tessera_types::LinkId;
    use uuid::Uuid;

    use super::*;

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId::from_uuid(Uuid::from_u128(number))
    }

    fn click(country: &str, is_robot: bool) -> ClickRow<String> {
        let none = String::new;
        ClickRow {
            at_ms: 0,
            workspace: workspace(1),
            link: LinkId::from_uuid(Uuid::from_u128(7)),
            visitor: 0,
            is_robot,
            trigger: Trigger::Link,
            domain: none(),
            country: country.to_owned(),
            region: none(),
            city: none(),
            device: none(),
            browser: none(),
            os: none(),
            language: none(),
            referrer: none(),
            channel: none(),
            utm: Utm::default(),
            address: none(),
        }
    }

    fn ear(workspace: WorkspaceId, robots: Robots, countries: &[&str], is_negated: bool) -> Ear {
        let values = countries.iter().map(|country| FilterValue::Text((*country).to_owned())).collect();
        Ear { workspace, robots, filters: vec![(Dimension::Country, values, is_negated)] }
    }

    #[test]
    fn a_stream_hears_its_own_workspace_and_what_its_filters_let_through() {
        let hears = |ear: Ear, country, is_robot| ear.hears(&click(country, is_robot));
        assert!(hears(ear(workspace(1), Robots::Exclude, &["DE", ""], false), "DE", false));
        assert!(hears(ear(workspace(1), Robots::Exclude, &["DE", ""], false), "", false));
        assert!(!hears(ear(workspace(1), Robots::Exclude, &["DE", ""], false), "FR", false));
        assert!(hears(ear(workspace(1), Robots::Exclude, &["DE"], true), "FR", false));
        assert!(!hears(ear(workspace(1), Robots::Exclude, &[], true), "FR", true));
        assert!(hears(ear(workspace(1), Robots::Only, &[], true), "FR", true));
        assert!(!hears(ear(workspace(1), Robots::Only, &[], true), "FR", false));
        assert!(!hears(ear(workspace(2), Robots::Include, &[], true), "FR", false));
    }
}
