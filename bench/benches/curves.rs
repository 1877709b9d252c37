//! Draws `docs/engine.svg`: states, time and memory of the engine over turns, for lanes and
//! strategies. `cargo bench -p bench --bench curves`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::fmt::Write;

/// A series ends with the first run that takes longer.
const SECONDS_MAX: f64 = 2.0;
const STRATEGIES: [(&str, &str); 4] = [
    ("global", "#c0392b"),
    ("session-map", "#1f77b4"),
    ("locked", "#2ca02c"),
    ("actor", "#8e44ad"),
];
const PANELS: [(&str, f64, f64); 3] =
    [("states", 10.0, 1e7), ("seconds, whole process", 1e-3, 10.0), ("memory, MiB", 1.0, 1e4)];
const WIDTH: f64 = 330.0;
const HEIGHT: f64 = 300.0;

struct Point {
    strategy: usize,
    lanes: usize,
    turns: usize,
    values: [f64; 3],
}

fn main() {
    bench::build();
    let machine = bench::machine();
    println!("{machine}\nstrategy lanes turns states seconds MiB");
    let mut points = Vec::new();
    for (strategy, (name, _)) in STRATEGIES.into_iter().enumerate() {
        for lanes in 2..=5 {
            for turns in 1..=4 {
                let run = bench::run(lanes, turns, name, &["--grain", "line"]);
                let seconds = run.cost.wall.as_secs_f64();
                let mebibytes = run.memory_kib as f64 / 1024.0;
                let values = [run.number("states") as f64, seconds, mebibytes];
                println!("{name} {lanes} {turns} {} {seconds:.3} {mebibytes:.0}", values[0]);
                if run.complete() {
                    points.push(Point { strategy, lanes, turns, values });
                }
                if seconds > SECONDS_MAX {
                    break;
                }
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/engine.svg");
    std::fs::write(path, draw(&points, &machine)).unwrap();
    println!("drawn: docs/engine.svg");
}

fn draw(points: &[Point], machine: &str) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1060 420\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"1060\" height=\"420\" fill=\"white\"/>\n",
    );
    for (panel, (title, low, high)) in PANELS.into_iter().enumerate() {
        let left = 50.0 + panel as f64 * 350.0;
        let y = |value: f64| {
            60.0 + HEIGHT * (1.0 - (value.max(low) / low).log10() / (high / low).log10())
        };
        let x = |turns: usize| left + 30.0 + (WIDTH - 90.0) * (turns - 1) as f64 / 3.0;
        let _ = writeln!(svg, "<text x=\"{left}\" y=\"40\" font-size=\"16\">{title}</text>");
        let mut tick = low;
        while tick <= high * 1.01 {
            let at = y(tick);
            let _ = writeln!(
                svg,
                "<path d=\"M{left} {at:.0}h{:.0}\" stroke=\"#ddd\"/><text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\" font-size=\"11\">{tick}</text>",
                WIDTH - 40.0,
                left - 4.0,
                at + 4.0
            );
            tick *= 10.0;
        }
        for turns in 1..=4 {
            let _ = writeln!(
                svg,
                "<text x=\"{:.0}\" y=\"378\" text-anchor=\"middle\">{turns}</text>",
                x(turns)
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"396\" text-anchor=\"middle\">turns of each lane</text>",
            x(2) + 40.0
        );
        for (strategy, (_, colour)) in STRATEGIES.into_iter().enumerate() {
            for lanes in 2..=5 {
                let series: Vec<&Point> = points
                    .iter()
                    .filter(|point| (point.strategy, point.lanes) == (strategy, lanes))
                    .collect();
                let line: Vec<String> = series
                    .iter()
                    .map(|point| format!("{:.1},{:.1}", x(point.turns), y(point.values[panel])))
                    .collect();
                let _ = writeln!(
                    svg,
                    "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                    line.join(" ")
                );
                for point in &series {
                    let _ = writeln!(
                        svg,
                        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>",
                        x(point.turns),
                        y(point.values[panel])
                    );
                }
                if let Some(last) = series.last() {
                    let _ = writeln!(
                        svg,
                        "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\" font-size=\"11\">{lanes} lanes</text>",
                        x(last.turns) + 6.0,
                        y(last.values[panel]) + 4.0
                    );
                }
            }
        }
    }
    for (strategy, (name, colour)) in STRATEGIES.into_iter().enumerate() {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"18\" fill=\"{colour}\" font-weight=\"bold\">{name}</text>",
            50 + 110 * strategy
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"520\" y=\"18\" font-size=\"11\" fill=\"#555\">every anomaly, grain line · {machine}</text>\n</svg>"
    );
    svg
}
