//! SVG: looked through against what a logo must not have, then read into plain shapes and written anew.
//!
//! What is dangerous is refused by name, so that nobody wonders where it went. What is left is resolved by `usvg`: styles,
//! `use` and units become paths and paints, and only those are written.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};
use tiny_skia::{Pixmap, Transform};
use usvg::{ImageHrefResolver, Options, Tree, WriteOptions};

use super::{LOGO_ASPECT_MAX, LOGO_BYTES_MAX, LOGO_KEPT_SIDE_PX_MAX, wrong};
use crate::Wrong;
use crate::pixels::Pixels;

/// Elements, each `use` counted as all that it repeats.
const ELEMENTS_MAX: u64 = 5_000;
/// Letters of all their attributes, counted alike: a path is as long as it is repeated often.
const LETTERS_MAX: u64 = 2 * LOGO_BYTES_MAX as u64;
/// Groups that must be painted apart before they are laid on the rest (opacity, masks, clips), however they were written.
const LAYERS_MAX: usize = 100;
/// Elements inside elements.
const DEPTH_MAX: usize = 40;
/// XML nodes: elements, texts, comments.
const NODES_MAX: u32 = 50_000;
/// Numbers beyond this are no drawing.
const SIDE_MAX: f32 = 100_000.0;

pub(super) fn read(bytes: &[u8]) -> Result<(Tree, String), Wrong> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| wrong("format", "the SVG is not UTF-8 text; save it as UTF-8"))?
        .trim_start_matches('\u{feff}');
    // A document type may stay, many programs write one; what it could define may not.
    if text.contains("<!ENTITY") {
        return Err(refused("entities (<!ENTITY>)", "save it without a document type"));
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| wrong("format", format!("the SVG is not well formed: {error}")))?;
    check(&document)?;
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options)
        .map_err(|error| wrong("format", format!("the SVG cannot be drawn: {error}")))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    if width > SIDE_MAX || height > SIDE_MAX {
        return Err(wrong("range", format!("the SVG is {width} × {height}; at most {SIDE_MAX} on a side")));
    }
    if width.max(height) / width.min(height) > LOGO_ASPECT_MAX as f32 {
        let message = format!("no side of the SVG may be more than {LOGO_ASPECT_MAX} times the other");
        return Err(wrong("range", message));
    }
    if !tree.root().has_children() {
        return Err(wrong("format", "the SVG draws nothing"));
    }
    let write =
        WriteOptions { coordinates_precision: 4, indent: usvg::Indent::None, ..WriteOptions::default() };
    // Style sheets and `use` are resolved by now: this is what will be painted.
    let layers = isolated(tree.root());
    if layers > LAYERS_MAX {
        let message = format!("{layers} opacities, masks and clips, more than {LAYERS_MAX}");
        return Err(refused(&message, "flatten it"));
    }
    let written = tree.to_string(&write);
    if written.len() > LOGO_BYTES_MAX {
        let message = format!(
            "the SVG takes {} bytes with everything spelled out; a logo has at most {LOGO_BYTES_MAX} (1 MiB)",
            written.len()
        );
        return Err(wrong("length", message));
    }
    Ok((tree, written))
}

/// Every layer that is painted apart costs memory of the picture's size, so where there are any, what is larger than a picture of
/// pixels is ever kept is drawn at that size and enlarged.
pub(super) fn drawn(tree: &Tree, width: u32, height: u32) -> Pixels {
    let longer = width.max(height);
    if longer <= LOGO_KEPT_SIDE_PX_MAX || isolated(tree.root()) == 0 {
        return drawn_at(tree, width, height);
    }
    let share = f64::from(LOGO_KEPT_SIDE_PX_MAX) / f64::from(longer);
    let side = |length: u32| ((f64::from(length) * share).round() as u32).max(1);
    drawn_at(tree, side(width), side(height)).resized(width, height)
}

fn drawn_at(tree: &Tree, width: u32, height: u32) -> Pixels {
    let Some(mut pixmap) = Pixmap::new(width, height) else {
        return Pixels { width, height, rgba: vec![0; width as usize * height as usize * 4] };
    };
    let scale =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(tree, scale, &mut pixmap.as_mut());
    Pixels { width, height, rgba: pixmap.take_demultiplied() }
}

/// Groups that are painted apart, at every depth.
fn isolated(group: &usvg::Group) -> usize {
    let within = group.children().iter().map(|node| match node {
        usvg::Node::Group(group) => isolated(group),
        _ => 0,
    });
    usize::from(group.should_isolate()) + within.sum::<usize>()
}

fn refused(what: &str, remedy: &str) -> Wrong {
    wrong("unsupported", format!("the SVG contains {what}, which a logo must not have; {remedy}"))
}

fn check(document: &Document<'_>) -> Result<(), Wrong> {
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        let message = format!("the file is not SVG: its root is <{}>", root.tag_name().name());
        return Err(wrong("format", message));
    }
    for element in root.descendants().filter(Node::is_element) {
        check_name(element.tag_name().name())?;
        if element.ancestors().count() > DEPTH_MAX {
            return Err(refused(&format!("elements nested more than {DEPTH_MAX} deep"), "simplify it"));
        }
        for attribute in element.attributes() {
            check_attribute(attribute.name(), attribute.value())?;
        }
        if element.tag_name().name() == "style" {
            let sheet: String = element.children().filter_map(|child| child.text()).collect();
            check_css(&sheet)?;
        }
    }
    let Weight { elements, letters } = Expansion::of(document)?.weigh(root, 0)?;
    if letters > LETTERS_MAX {
        let message = format!(
            "{letters} letters of attributes once every <use> is spelled out, more than {LETTERS_MAX}"
        );
        return Err(refused(&message, "simplify it"));
    }
    if elements > ELEMENTS_MAX {
        let message =
            format!("{elements} elements once every <use> is spelled out, more than {ELEMENTS_MAX}");
        return Err(refused(&message, "simplify it"));
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), Wrong> {
    let remedy = match name {
        "script" | "handler" | "listener" => "remove it",
        "foreignObject" | "iframe" | "object" | "embed" | "audio" | "video" | "canvas" | "a" => {
            "draw shapes only"
        }
        "animate" | "animateMotion" | "animateTransform" | "animateColor" | "set" => "a print does not move",
        "text" | "tspan" | "textPath" | "tref" | "font" | "font-face" => "convert text to paths",
        "image" | "feImage" => "send the picture itself as PNG or JPEG",
        "filter" => "flatten the effect, or send a PNG",
        "pattern" | "marker" => "expand it to shapes",
        _ => return Ok(()),
    };
    Err(refused(&format!("<{name}>"), remedy))
}

fn check_attribute(name: &str, value: &str) -> Result<(), Wrong> {
    if name.len() > 2 && name.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("on")) {
        return Err(refused(&format!("the event attribute {name}"), "remove it"));
    }
    if name == "href" && !value.trim_start().starts_with('#') {
        return Err(refused("a reference to outside (href)", "refer to the file's own elements only"));
    }
    if name == "base" {
        return Err(refused("xml:base", "remove it"));
    }
    if name == "stroke-dasharray" && value.trim() != "none" {
        return Err(refused("a dashed line (stroke-dasharray)", "expand it to shapes"));
    }
    check_css(value)
}

/// Style sheets, `style` attributes and every value that could hold `url(…)`.
fn check_css(css: &str) -> Result<(), Wrong> {
    let lower = css.to_ascii_lowercase();
    // A backslash could spell any of the words below in another way.
    if lower.contains("url") && lower.contains('\\') {
        return Err(refused("an escaped style", "write styles without backslashes"));
    }
    for rest in lower.split("url(").skip(1) {
        let target = rest.trim_start().trim_start_matches(['"', '\'']).trim_start();
        if !target.starts_with('#') {
            return Err(refused("a reference to outside (url(…))", "refer to the file's own elements only"));
        }
    }
    let words = [
        ("@import", "put the styles into the file"),
        ("javascript:", "remove it"),
        ("expression(", "remove it"),
    ];
    for (word, remedy) in words {
        if lower.contains(word) {
            return Err(refused(word, remedy));
        }
    }
    if lower.contains("stroke-dasharray") && !lower.contains("stroke-dasharray:none") {
        return Err(refused("a dashed line (stroke-dasharray)", "expand it to shapes"));
    }
    Ok(())
}

/// What a drawing is once every `use` is replaced by what it names.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    elements: u64,
    letters: u64,
}

impl Weight {
    fn plus(self, other: Self) -> Self {
        Self {
            elements: self.elements.saturating_add(other.elements),
            letters: self.letters.saturating_add(other.letters),
        }
    }
}

struct Expansion<'a, 'input> {
    by_id: HashMap<&'a str, Node<'a, 'input>>,
    weighed: HashMap<roxmltree::NodeId, Weight>,
}

impl<'a, 'input> Expansion<'a, 'input> {
    /// # Errors
    /// Two elements of one id: readers differ in which of them they take.
    fn of(document: &'a Document<'input>) -> Result<Self, Wrong> {
        let mut by_id = HashMap::new();
        for node in document.root_element().descendants().filter(Node::is_element) {
            if let Some(id) = node.attribute("id")
                && by_id.insert(id, node).is_some()
            {
                return Err(refused("two elements of one id", "give each its own"));
            }
        }
        Ok(Self { by_id, weighed: HashMap::new() })
    }

    fn weigh(&mut self, node: Node<'a, 'input>, depth: usize) -> Result<Weight, Wrong> {
        if let Some(weight) = self.weighed.get(&node.id()) {
            return Ok(*weight);
        }
        // Also how a circle of references shows.
        if depth > 2 * DEPTH_MAX {
            return Err(refused("elements that use each other in a circle, or too deep", "simplify it"));
        }
        let letters = node.attributes().map(|attribute| attribute.value().len() as u64).sum();
        let mut weight = Weight { elements: 1, letters };
        for child in node.children().filter(Node::is_element) {
            weight = weight.plus(self.weigh(child, depth + 1)?);
        }
        let href = node.attributes().find(|attribute| attribute.name() == "href");
        let target = href.and_then(|href| href.value().trim().strip_prefix('#'));
        if let Some(target) = target.and_then(|id| self.by_id.get(id).copied()) {
            weight = weight.plus(self.weigh(target, depth + 1)?);
        }
        self.weighed.insert(node.id(), weight);
        Ok(weight)
    }
}
