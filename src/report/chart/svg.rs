//! A chart for a slide, 1280 × 720: read from the last row, without colour vision, printed in grey,
//! or read aloud. Names stand at the ends of their lines, so nobody has to match a legend.

use super::letters::{BOLD, wrap_evenly, xml};
use super::panel::{Frame, Inks, draw};
use super::{Chart, Panel, scale};
use crate::phrase;
use crate::words::{Phrase, Words};
use std::fmt::Write;

const WIDTH: f64 = 1280.0;
const HEIGHT: f64 = 720.0;
/// What each further row of panels adds to the height.
const ROW: f64 = 520.0;
/// White around everything.
const MARGIN: f64 = 36.0;
/// Between two panels side by side.
const BETWEEN: f64 = 44.0;
/// The font of the title.
const TITLE: f64 = 34.0;
/// The font of the note, and of everything in a panel that has a neighbour.
pub(super) const BODY: f64 = 22.0;
/// The font in a panel that has the whole width.
const LARGE: f64 = 26.0;
const TITLE_LINES_MAX: usize = 2;
const NOTE_LINES_MAX: usize = 4;
const LEADING: f64 = 1.3;
/// A common font first, then what each system calls its own.
const FONTS: &str = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// How a line of text is set.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    /// Where the place of the text is in it: `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    pub(super) fill: &'static str,
    pub(super) bold: bool,
}

/// Text that has to be read.
pub(super) const DARK: &str = "#1a1a1a";
/// Text that helps to read.
pub(super) const GREY: &str = "#4d4d4d";

/// A whole SVG document. It needs nothing else: no script, no style sheet, no font.
pub fn svg(chart: &Chart, words: &Words) -> String {
    let columns = chart.panels.len().clamp(1, 2);
    let rows = chart.panels.len().div_ceil(columns).max(1);
    let height = HEIGHT + ROW * (rows - 1) as f64;
    let inner = WIDTH - 2.0 * MARGIN;
    let title = wrap_evenly(&chart.title, inner / TITLE / BOLD, TITLE_LINES_MAX);
    let note = wrap_evenly(&chart.note, inner / BODY, NOTE_LINES_MAX);
    let top = MARGIN * 1.1 + title.len() as f64 * TITLE * LEADING;
    let bottom = height - MARGIN - note.len() as f64 * BODY * LEADING;

    let mut svg = opening(chart, height, words);
    let bold = Type { size: TITLE, anchor: "start", fill: DARK, bold: true };
    lines(&mut svg, (MARGIN, MARGIN * 0.6), &title, bold);
    let panel_width = (inner - BETWEEN * (columns - 1) as f64) / columns as f64;
    let panel_height = (bottom - top) / rows as f64;
    let inks = Inks(names(chart));
    for (index, panel) in chart.panels.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let neighbours = chart.panels.iter().skip(row * columns).take(columns);
        let frame = Frame {
            left: MARGIN + (panel_width + BETWEEN) * column as f64,
            top: top + panel_height * row as f64,
            width: panel_width,
            height: panel_height - if row + 1 < rows { MARGIN } else { 0.0 },
            size: if columns == 1 { LARGE } else { BODY },
            headings: neighbours.map(Panel::heading).collect(),
            column,
        };
        draw(&mut svg, panel, &frame, &inks, words);
    }
    let plain = Type { size: BODY, anchor: "start", fill: GREY, bold: false };
    lines(&mut svg, (MARGIN, bottom + MARGIN * 0.3), &note, plain);
    svg + "</svg>\n"
}

fn opening(chart: &Chart, height: f64, words: &Words) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" font-family=\"{FONTS}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        xml(&chart.title),
        xml(&description(chart, words))
    )
}

/// Every number of the picture in words, and the whole note.
fn description(chart: &Chart, words: &Words) -> String {
    let panels = chart.panels.iter().flat_map(|panel| {
        let lines = panel.groups().into_iter().map(|group| {
            let values = panel.x.iter().zip(&group.values).filter_map(|(x, value)| {
                let value = scale::told(&panel.scale, (*value)?);
                Some(phrase!("chart-at", x = scale::number(*x), value = value))
            });
            let remark = group.remark(&panel.x, words).map(Phrase::from);
            let told = Phrase::list(values.chain(remark));
            phrase!("chart-line", names = Phrase::list(group.names.iter().copied()), told = told)
        });
        let title = phrase!("chart-panel", title = panel.heading(), by = &panel.x_label);
        [title].into_iter().chain(lines.collect::<Vec<_>>())
    });
    words.say(&Phrase::sentences(panels.chain([chart.note.as_str().into()])))
}

/// The names of all series, each once: the place of a name in it is the number of its ink.
fn names(chart: &Chart) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for series in chart.panels.iter().flat_map(|panel| &panel.series) {
        if !names.contains(&series.name.as_str()) {
            names.push(&series.name);
        }
    }
    names
}

/// Lines of text below each other; the place is the upper left corner of the first.
pub(super) fn lines(svg: &mut String, (x, y): (f64, f64), all: &[String], set: Type) {
    for (index, line) in all.iter().enumerate() {
        text(svg, (x, y + set.size * (0.95 + LEADING * index as f64)), line, set);
    }
}

/// One line of text; the place is on its base line.
pub(super) fn text(svg: &mut String, (x, y): (f64, f64), what: &str, set: Type) {
    let weight = if set.bold { " font-weight=\"bold\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{}\" fill=\"{}\"{weight}>{}</text>",
        super::ink::tenth(x),
        super::ink::tenth(y),
        super::ink::tenth(set.size),
        set.anchor,
        set.fill,
        xml(what)
    );
}
