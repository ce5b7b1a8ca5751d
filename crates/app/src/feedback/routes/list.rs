//! `GET /v1/feedback`: what people of the workspace say of the guides.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tessera_types::Timestamp;
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::feedback::model::{ArticleFeedback, Feedback};
use crate::feedback::{self, store};
use crate::http::auth::{AsAdmin, Can};
use crate::http::extract::Query;
use crate::http::page::{Listing, SortedBy, Window};
use crate::problem::Problem;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Parameters {
    /// From 1 to 10000.
    #[param(minimum = 1, maximum = 10_000)]
    page: Option<i64>,
    /// From 1 to 100; 20 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `meta.next_cursor` of the answer before. Instead of `page`.
    cursor: Option<String>,
}

/// What people say of one guide.
#[derive(Serialize, ToSchema)]
#[schema(as = ArticleFeedback)]
pub(super) struct Shown {
    #[schema(examples("api-keys"))]
    article: String,
    /// How many people found it helpful.
    #[schema(examples(17))]
    helpful: u64,
    /// How many did not.
    #[schema(examples(2))]
    unhelpful: u64,
    /// The latest five, newest first.
    comments: Vec<Comment>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackComment)]
struct Comment {
    #[schema(examples("An example for PowerShell would help."))]
    comment: String,
    is_helpful: bool,
    #[schema(examples("usr_01jd8qd4vkf4ktabjqvqxgqzne"))]
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Feedback> for Comment {
    fn from(feedback: Feedback) -> Self {
        Self {
            comment: feedback.comment.unwrap_or_default(),
            is_helpful: feedback.is_helpful,
            created_by: feedback.created_by,
            created_at: feedback.created_at,
        }
    }
}

impl From<ArticleFeedback> for Shown {
    fn from(article: ArticleFeedback) -> Self {
        Self {
            article: article.article,
            helpful: article.helpful,
            unhelpful: article.unhelpful,
            comments: article.comments.into_iter().map(Comment::from).collect(),
        }
    }
}

/// List feedback on guides
///
/// Every guide that somebody of the workspace said something of, by its slug.
#[utoipa::path(get, path = "/v1/feedback", tag = "Guides", operation_id = "listFeedback",
    params(Parameters),
    extensions(("x-needs" = json!("role:admin"))),
    responses((status = 200, description = "Guides", body = Listing<Shown>)))]
pub(super) async fn list(
    can: Can<AsAdmin>,
    State(app): State<App>,
    Query(asked): Query<Parameters>,
) -> Result<Response, Problem> {
    let window = Window::read(asked.page, asked.limit, asked.cursor.as_deref(), store::SORT, SortedBy::Text)?;
    let (total, list) = feedback::list(&app, can.workspace(), &window).await?;
    Ok(window.list(total, list, store::cursor_of, Shown::from).into_response())
}
