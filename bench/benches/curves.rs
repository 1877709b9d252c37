//! Draws `docs/dev/engine.svg`: states, time and memory of the engine over turns, for lanes and
//! strategies. `cargo bench -p bench --bench curves`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use std::fmt::Write;

/// A series ends before the first run that would need more.
const STATES_MAX: &str = "1000000";
const STRATEGIES: [&str; 4] = ["global", "session-map", "locked", "actor"];
const LANES: std::ops::RangeInclusive<usize> = 2..=5;
/// One for each number of lanes, told apart in grey too.
const COLOURS: [&str; 4] = ["#8fbce6", "#3f8fd0", "#c0569b", "#7a1031"];
/// The rows: what is measured, and the powers of ten at the ends of its scale.
const ROWS: [(&str, i32, i32); 3] =
    [("states", 1, 6), ("seconds, whole process", -3, 1), ("memory, MiB", 0, 3)];
const WIDTH: f64 = 190.0;
const HEIGHT: f64 = 200.0;
/// What a label needs, from one base line to the next.
const LABEL: f64 = 13.0;

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
    for (strategy, name) in STRATEGIES.into_iter().enumerate() {
        for lanes in LANES {
            for turns in 1..=4 {
                let run = bench::fastest(
                    lanes,
                    turns,
                    name,
                    &["--grain", "line", "--max-states", STATES_MAX],
                );
                let seconds = run.cost.wall.as_secs_f64();
                let mebibytes = run.memory_kib as f64 / 1024.0;
                let values = [run.number("states") as f64, seconds, mebibytes];
                println!("{name} {lanes} {turns} {} {seconds:.3} {mebibytes:.0}", values[0]);
                if !run.complete() {
                    break;
                }
                points.push(Point { strategy, lanes, turns, values });
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/dev/engine.svg");
    std::fs::write(path, draw(&points, &machine)).unwrap();
    println!("drawn: docs/dev/engine.svg");
}

fn draw(points: &[Point], machine: &str) -> String {
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1060 815\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"1060\" height=\"815\" fill=\"white\"/>\n",
    );
    for (column, name) in STRATEGIES.into_iter().enumerate() {
        let middle = left(column) + WIDTH / 2.0;
        text(
            &mut svg,
            (middle, 28.0),
            "middle",
            "black",
            &format!("<tspan font-size=\"16\" font-weight=\"bold\">{name}</tspan>"),
        );
        text(&mut svg, (middle, 778.0), "middle", "black", "turns of each lane");
        for row in 0..ROWS.len() {
            panel(&mut svg, points, row, column);
        }
    }
    let told = format!(
        "Every anomaly, grain line, up to a million states; a curve for each number of lanes. {machine}."
    );
    text(&mut svg, (530.0, 803.0), "middle", "#555", &told);
    svg + "</svg>\n"
}

fn left(column: usize) -> f64 {
    75.0 + column as f64 * (WIDTH + 58.0)
}

fn top(row: usize) -> f64 {
    50.0 + row as f64 * (HEIGHT + 45.0)
}

/// One measure of one strategy.
fn panel(svg: &mut String, points: &[Point], row: usize, column: usize) {
    let (title, low, high) = ROWS[row];
    let y = |value: f64| {
        let above = value.log10().clamp(f64::from(low), f64::from(high)) - f64::from(low);
        top(row) + HEIGHT * (1.0 - above / f64::from(high - low))
    };
    let x = |turns: usize| left(column) + 12.0 + (WIDTH - 24.0) * (turns - 1) as f64 / 3.0;
    for power in low..=high {
        let at = y(10_f64.powi(power));
        let _ =
            writeln!(svg, "<path d=\"M{:.0} {at:.1}h{WIDTH:.0}\" stroke=\"#ddd\"/>", left(column));
        let scale = format!("10<tspan dy=\"-5\" font-size=\"9\">{power}</tspan>");
        text(svg, (left(column) - 5.0, at + 4.0), "end", "black", &scale);
    }
    (1..=4).for_each(|turns| {
        text(svg, (x(turns), top(row) + HEIGHT + 16.0), "middle", "black", &turns.to_string());
    });
    text(svg, (left(column), top(row) - 8.0), "start", "#555", title);
    let mut labels = Vec::new();
    for (lanes, colour) in LANES.zip(COLOURS) {
        let of = |point: &&Point| (point.strategy, point.lanes) == (column, lanes);
        let at: Vec<(f64, f64)> =
            points.iter().filter(of).map(|point| (x(point.turns), y(point.values[row]))).collect();
        curve(svg, &at, colour);
        labels.extend(at.last().map(|&(x, y)| (x, y, lanes, colour)));
    }
    spread(&mut labels);
    for (x, y, lanes, colour) in labels {
        text(svg, (x + 7.0, y + 4.0), "start", colour, &lanes.to_string());
    }
}

fn curve(svg: &mut String, at: &[(f64, f64)], colour: &str) {
    let line: Vec<String> = at.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
        line.join(" ")
    );
    for (x, y) in at {
        let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>");
    }
}

/// Moves labels that stand in one column apart, from the lowest one up, so that each can be read.
fn spread(labels: &mut [(f64, f64, usize, &str)]) {
    labels.sort_by(|one, other| other.1.total_cmp(&one.1));
    for label in 1..labels.len() {
        let (below, rest) = labels.split_at_mut(label);
        let in_the_way = below.iter().filter(|below| below.0 == rest[0].0);
        let highest = in_the_way.map(|below| below.1).fold(f64::INFINITY, f64::min);
        rest[0].1 = rest[0].1.min(highest - LABEL);
    }
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, colour: &str, what: &str) {
    let _ = writeln!(
        svg,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{what}</text>"
    );
}
