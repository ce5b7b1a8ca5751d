//! SVG: looked through against what a logo must not have, then read into plain shapes and written anew.
//!
//! What is dangerous is refused by name, so that nobody wonders where it went. What is left is resolved by `usvg`: styles,
//! `use` and units become paths and paints, and only those are written.

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};
use tiny_skia::{Pixmap, Transform};
use usvg::{ImageHrefResolver, Options, Tree, WriteOptions};

use super::{LOGO_ASPECT_MAX, wrong};
use crate::Wrong;
use crate::pixels::Pixels;

/// Elements, each `use` counted as all that it repeats.
const ELEMENTS_MAX: u64 = 5_000;
/// Groups that must be painted apart before they are laid on the rest: opacity, masks, clips.
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
    let written = tree.to_string(&write);
    Ok((tree, written))
}

pub(super) fn drawn(tree: &Tree, width: u32, height: u32) -> Pixels {
    let Some(mut pixmap) = Pixmap::new(width, height) else {
        return Pixels { width, height, rgba: vec![0; width as usize * height as usize * 4] };
    };
    let scale =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(tree, scale, &mut pixmap.as_mut());
    Pixels { width, height, rgba: pixmap.take_demultiplied() }
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
    let mut layers = 0;
    for element in root.descendants().filter(Node::is_element) {
        check_name(element.tag_name().name())?;
        if element.ancestors().count() > DEPTH_MAX {
            return Err(refused(&format!("elements nested more than {DEPTH_MAX} deep"), "simplify it"));
        }
        for attribute in element.attributes() {
            check_attribute(attribute.name(), attribute.value())?;
            let is_layer = matches!(attribute.name(), "opacity" | "mask" | "clip-path")
                || attribute.name() == "style"
                    && ["opacity", "mask", "clip-path"].iter().any(|name| attribute.value().contains(name));
            layers += usize::from(is_layer);
        }
        if element.tag_name().name() == "style" {
            let sheet: String = element.children().filter_map(|child| child.text()).collect();
            check_css(&sheet)?;
            layers += ["opacity", "mask", "clip-path"]
                .iter()
                .map(|name| sheet.matches(name).count())
                .sum::<usize>();
        }
    }
    if layers > LAYERS_MAX {
        let message = format!("more than {LAYERS_MAX} opacities, masks and clips");
        return Err(refused(&message, "flatten it"));
    }
    let elements = Expansion::of(document).count(root, 0)?;
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
    if name.len() > 2 && name[..2].eq_ignore_ascii_case("on") {
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

/// How many elements a drawing has once every `use` is replaced by what it names.
struct Expansion<'a, 'input> {
    by_id: HashMap<&'a str, Node<'a, 'input>>,
    counted: HashMap<roxmltree::NodeId, u64>,
}

impl<'a, 'input> Expansion<'a, 'input> {
    fn of(document: &'a Document<'input>) -> Self {
        let elements = document.root_element().descendants().filter(Node::is_element);
        let by_id = elements.filter_map(|node| Some((node.attribute("id")?, node))).collect();
        Self { by_id, counted: HashMap::new() }
    }

    fn count(&mut self, node: Node<'a, 'input>, depth: usize) -> Result<u64, Wrong> {
        if let Some(count) = self.counted.get(&node.id()) {
            return Ok(*count);
        }
        // Also how a circle of references shows.
        if depth > 2 * DEPTH_MAX {
            return Err(refused("elements that use each other in a circle, or too deep", "simplify it"));
        }
        let mut count = 1u64;
        for child in node.children().filter(Node::is_element) {
            count = count.saturating_add(self.count(child, depth + 1)?);
        }
        let href = node.attributes().find(|attribute| attribute.name() == "href");
        let target = href.and_then(|href| href.value().trim().strip_prefix('#'));
        if let Some(target) = target.and_then(|id| self.by_id.get(id).copied()) {
            count = count.saturating_add(self.count(target, depth + 1)?);
        }
        self.counted.insert(node.id(), count);
        Ok(count)
    }
}
