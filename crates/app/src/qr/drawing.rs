//! Codes drawn and judged, beside the threads that answer.
//!
//! Drawing costs from some hundred microseconds to a second of a core, a verdict some ten milliseconds; so both wait for a
//! worker (`workers.rs`), and too many at once are a 503.

use std::collections::HashMap;
use std::sync::Arc;

use tessera_qr::style::QrOptions;
use tessera_qr::verdict::Grade;
use tessera_qr::{Code as Drawn, Fix, Format, Level, Logo as Picture, Style, Terminal, Verdict, Wrong};

use crate::App;
use crate::logos::{busy, of_style};
use crate::problem::{Code, FieldError, Problem};

/// A code to draw: what is in the symbol, and how it looks.
#[derive(Debug, Clone)]
pub(crate) struct Drawing {
    pub(super) text: String,
    pub(super) style: Style,
    /// What the style's `image` names.
    pub(super) picture: Option<Arc<Picture>>,
    /// The field to blame if the text does not fit: `data`, `payload`, `alias`.
    pub(super) text_field: &'static str,
}

impl Drawing {
    fn draw(&self) -> Result<Drawn, Vec<FieldError>> {
        Drawn::build(&self.text, &self.style, self.picture.clone())
            .map_err(|wrong| wrong.iter().map(|wrong| self.blame(wrong)).collect())
    }

    /// The image, drawn on the thread that asks: for those who draw thousands on a thread of their own.
    ///
    /// # Errors
    /// What is wrong with the style.
    pub(crate) fn image_here(&self, format: Format) -> Result<Vec<u8>, String> {
        let words = |errors: Vec<FieldError>| {
            errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ")
        };
        self.draw().map_err(words)?.image(format).map_err(|error| error.to_string())
    }

    fn blame(&self, wrong: &Wrong) -> FieldError {
        match wrong.field.as_ref() {
            "data" => FieldError::new(self.text_field, wrong.code, wrong.message.clone()),
            _ => of_style(wrong),
        }
    }
}

/// The image, as it is in a file.
///
/// # Errors
/// What is wrong with the style; pixels without end; too much to do.
pub(super) async fn image(app: &App, drawing: Drawing, format: Format) -> Result<Vec<u8>, Problem> {
    let draw = move || {
        let code = drawing.draw()?;
        code.image(format).map_err(|error| vec![FieldError::new("format", "range", error.to_string())])
    };
    app.drawing.run(draw).await.map_err(busy)??.map_err(Problem::fields)
}

/// The symbol in characters. Of the style, only what makes the symbol another one counts: level, version, mask, mode.
///
/// # Errors
/// What is wrong with the style; too much to do.
pub(super) async fn text(app: &App, drawing: Drawing, terminal: Terminal) -> Result<Vec<u8>, Problem> {
    let draw = move || drawing.draw().map(|code| code.symbol().text(terminal).into_bytes());
    app.drawing.run(draw).await.map_err(busy)??.map_err(Problem::fields)
}

/// Pixels of the width of a plain code.
pub(crate) const SIZE_PX_MIN: u32 = 128;
pub(crate) const SIZE_PX_DEFAULT: u32 = 512;
pub(crate) const SIZE_PX_MAX: u32 = 4_096;

/// What a plain code is drawn with: black on white, of level M.
pub(super) fn plain_style() -> Style {
    let options = QrOptions { error_correction_level: Some(Level::M), ..QrOptions::default() };
    Style { qr_options: Some(options), ..Style::default() }
}

/// A plain code.
pub(crate) fn plain(text: String, size_px: u32) -> Drawing {
    let style = Style { width: Some(f64::from(size_px)), ..plain_style() };
    Drawing { text, style, picture: None, text_field: "data" }
}

/// Verdicts of this call. Codes that look the same and have symbols of the same size are judged once: the modules differ, what
/// can go wrong with them does not.
#[derive(Default)]
pub(super) struct Verdicts {
    known: HashMap<(String, u32), Verdict>,
    /// What a style became, so that of a thousand codes of one design one is mended.
    mended: HashMap<(String, u32, Vec<Fix>), Style>,
}

impl Verdicts {
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// The style with which the code is best, of its own and of those that `fixes` make of it, and how it will scan with that.
    /// A code that is good keeps its own.
    ///
    /// # Errors
    /// What is wrong with the style; too much to do.
    pub(super) async fn judge(
        &mut self,
        app: &App,
        drawing: Drawing,
        fixes: &[Fix],
    ) -> Result<(Style, Verdict), Problem> {
        let fixes = fixes.to_vec();
        let mut verdicts = std::mem::take(self);
        let judge = move || {
            let judged = verdicts.judge_here(drawing, fixes);
            (verdicts, judged)
        };
        let (verdicts, judged) = app.drawing.run(judge).await.map_err(busy)??;
        *self = verdicts;
        judged.map_err(Problem::fields)
    }

    fn judge_here(&mut self, drawing: Drawing, fixes: Vec<Fix>) -> Result<(Style, Verdict), Vec<FieldError>> {
        let code = drawing.draw()?;
        let verdict = self.verdict(&code);
        if verdict.is_good() || fixes.is_empty() {
            return Ok((drawing.style, verdict));
        }
        let place = (written(&drawing.style), code.symbol().modules(), fixes);
        if let Some(style) = self.mended.get(&place).cloned() {
            // A text may be a letter too long for what mended another of its size.
            if let Ok(code) = Drawn::build(&drawing.text, &style, drawing.picture.clone()) {
                let verdict = self.verdict(&code);
                return Ok((style, verdict));
            }
        }
        match tessera_qr::mend(&drawing.text, &drawing.style, drawing.picture, &place.2) {
            Some((style, verdict)) => {
                self.mended.insert(place, style.clone());
                Ok((style, verdict))
            }
            None => Ok((drawing.style, verdict)),
        }
    }

    fn verdict(&mut self, code: &Drawn) -> Verdict {
        let place = (written(code.style()), code.symbol().modules());
        self.known.entry(place).or_insert_with(|| code.verdict()).clone()
    }
}

/// Two styles that are written alike look alike.
fn written(style: &Style) -> String {
    serde_json::to_string(style).unwrap_or_default()
}

/// Whether a code may be kept that would not scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unscannable {
    Refused,
    Allowed,
}

impl From<Option<bool>> for Unscannable {
    fn from(is_allowed: Option<bool>) -> Self {
        if is_allowed == Some(true) { Self::Allowed } else { Self::Refused }
    }
}

/// # Errors
/// `unscannable`, with the reasons.
pub(super) fn check_scannable(verdict: &Verdict, unscannable: Unscannable) -> Result<(), Problem> {
    if verdict.verdict != Grade::Fails || unscannable == Unscannable::Allowed {
        return Ok(());
    }
    let errors = verdict.reasons.iter().map(|reason| {
        let code = serde_json::to_value(reason.code).ok();
        let code = code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
        FieldError::new("style", code, reason.message.clone())
    });
    let detail = format!(
        "This code would not scan (score {} of 100). Mend its style, or send allow_unscannable: true.",
        verdict.score
    );
    Err(Problem { errors: errors.collect(), ..Problem::new(Code::Unscannable, detail) })
}
