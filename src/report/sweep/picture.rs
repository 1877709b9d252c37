//! A sweep as a picture: what is drawn, for the terminal and for a slide.

use super::{Axis, Curve, Point, Sweep};
use crate::report::chart::{Chart, Panel, Scale, Series};
use crate::report::numbers::{float, mean, milliseconds};
use crate::report::{server_words, stopped_words};

/// The picture.
pub fn chart(sweep: &Sweep) -> Chart {
    Chart { title: sweep.scenario.title.clone(), note: note(sweep), panels: panels(sweep) }
}

/// The panels: how likely it goes wrong, and how long a reply takes. How long the assistant thinks
/// changes nothing of the first.
pub fn panels(sweep: &Sweep) -> Vec<Panel> {
    let panel = |title: String, scale, value: fn(&Point) -> Option<f64>| Panel {
        title,
        x_label: sweep.axis.words().into(),
        x: sweep.values.iter().map(|&value| value as f64).collect(),
        scale,
        series: sweep.curves.iter().map(|curve| series(curve, value)).collect(),
    };
    let seconds = |point: &Point| point.timed.mean_ms().map(|ms| mean(ms) / 1000.0);
    let chance = |point: &Point| {
        let found = point.found.as_ref().filter(|found| found.stopped.is_none())?;
        Some(float(&found.chance))
    };
    let chances = panel(format!("Chance of {}", sweep.anomaly.id), Scale::Share, chance);
    let replies = panel("Mean reply time".into(), Scale::Linear { unit: "s".into() }, seconds);
    match sweep.axis {
        Axis::InferMs => vec![replies],
        Axis::Lanes | Axis::Turns => vec![chances, replies],
    }
}

fn series(curve: &Curve, value: fn(&Point) -> Option<f64>) -> Series {
    let points: Vec<Option<f64>> = curve.points.iter().map(value).collect();
    let stopped = points.last().is_some_and(Option::is_none);
    Series { name: curve.strategy.clone(), points, stopped }
}

/// What the numbers are about.
pub fn note(sweep: &Sweep) -> String {
    let thinks = match sweep.axis {
        Axis::InferMs => String::new(),
        Axis::Lanes | Axis::Turns => {
            let thinks = milliseconds(sweep.scenario.cast.infer_ms.into());
            format!(" · the assistant thinks {thinks}")
        }
    };
    let (grain, server) = (sweep.program.setting.grain.name(), server_words(&sweep.program));
    let stopped = sweep.curves.iter().find_map(|curve| curve.stopped());
    let stopped = stopped
        .map_or_else(String::new, |(_, stopped)| format!(" · stopped: {}", stopped_words(stopped)));
    format!("{} · grain {grain}{server}{thinks} · {COIN}{stopped}", sweep.scenario_name)
}

const COIN: &str = "chance: if each next step is drawn at random";
