//! A plot of ratios as SVG: one line per contestant over the number of connections.

use std::fmt::Write as _;

use crate::contest::Outcome;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 50.0;
const ACROSS: f64 = WIDTH - LEFT - RIGHT;
const DOWN: f64 = HEIGHT - TOP - BOTTOM;
const COLOURS: [&str; 8] =
    ["#555555", "#0b6e4f", "#1f5fa8", "#b5541c", "#7a3b8f", "#a81f4f", "#5c6e0b", "#0b5c6e"];

/// Draws the requests per second of each contestant as a share of those of the first.
pub(crate) fn ratios(title: &str, outcomes: &[Outcome]) -> String {
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = draw(&mut svg, title, outcomes);
    svg
}

/// The scales of both axes.
struct Scale {
    /// The number of places across.
    places: f64,
    /// The ratio at the top.
    top: f64,
}

impl Scale {
    fn x(&self, place: usize) -> f64 {
        LEFT + ACROSS * (place as f64 + 0.5) / self.places
    }

    fn y(&self, ratio: f64) -> f64 {
        TOP + DOWN * (1.0 - ratio / self.top)
    }
}

fn draw(svg: &mut String, title: &str, outcomes: &[Outcome]) -> std::fmt::Result {
    let most = outcomes
        .iter()
        .flat_map(|outcome| {
            (0..outcome.names.len()).map(|number| outcome.ratio(number, |round| round.rate).most)
        })
        .fold(1.0, f64::max);
    let scale = Scale { places: outcomes.len() as f64, top: most * 1.05 };
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"16\">{title}</text>"
    )?;
    axes(svg, &scale, outcomes)?;
    let names = outcomes.first().map(|outcome| &outcome.names[..]).unwrap_or_default();
    for (number, name) in names.iter().enumerate() {
        line(svg, &scale, outcomes, number, name)?;
    }
    writeln!(svg, "</svg>")
}

fn axes(svg: &mut String, scale: &Scale, outcomes: &[Outcome]) -> std::fmt::Result {
    for step in 0..=(scale.top / 0.2) as usize {
        let ratio = step as f64 * 0.2;
        let at = scale.y(ratio);
        writeln!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#dddddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{ratio:.1}</text>",
            LEFT + ACROSS,
            LEFT - 8.0,
            at + 4.0
        )?;
    }
    for (place, outcome) in outcomes.iter().enumerate() {
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            scale.x(place),
            HEIGHT - BOTTOM + 20.0,
            outcome.connections
        )?;
    }
    writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">connections</text>",
        LEFT + ACROSS / 2.0,
        HEIGHT - 10.0
    )
}

/// Draws the line of the contestant with this number, and its name.
fn line(
    svg: &mut String,
    scale: &Scale,
    outcomes: &[Outcome],
    number: usize,
    name: &str,
) -> std::fmt::Result {
    let colour = COLOURS[number % COLOURS.len()];
    let mut points = String::new();
    for (place, outcome) in outcomes.iter().enumerate() {
        let ratio = outcome.ratio(number, |round| round.rate);
        let (x, median) = (scale.x(place), scale.y(ratio.median));
        write!(points, "{x:.1},{median:.1} ")?;
        writeln!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"{colour}\" opacity=\"0.4\"/>\n\
             <circle cx=\"{x:.1}\" cy=\"{median:.1}\" r=\"3.5\" fill=\"{colour}\"/>",
            scale.y(ratio.least),
            scale.y(ratio.most),
        )?;
    }
    writeln!(
        svg,
        "<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
        LEFT + ACROSS + 14.0,
        TOP + 16.0 + number as f64 * 20.0
    )
}
