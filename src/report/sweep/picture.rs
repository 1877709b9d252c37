//! A sweep as a picture: what is drawn, for the terminal and for a slide.

use super::{Axis, Curve, Point, Sweep};
use crate::report::chart::{Chart, Panel, Scale, Series};
use crate::report::compare::NO_REPLY;
use crate::report::numbers::milliseconds;
use crate::story::limit::why_stopped;
use crate::story::server::Server;

/// The picture.
pub fn chart(sweep: &Sweep) -> Chart {
    Chart { title: sweep.scenario.title.clone(), note: note(sweep), panels: panels(sweep) }
}

/// The panels: how likely it goes wrong, and how long a reply takes. How long the assistant thinks
/// changes nothing of the first.
pub fn panels(sweep: &Sweep) -> Vec<Panel> {
    let panel = |title: String, scale, value: fn(&Point) -> Option<f64>, ended| Panel {
        title,
        x_label: sweep.axis.words().into(),
        x: sweep.values.iter().map(|&value| value as f64).collect(),
        scale,
        series: sweep.curves.iter().map(|curve| series(curve, value, ended)).collect(),
    };
    let chances =
        panel(format!("Chance of {}", sweep.anomaly.id), Scale::Share, Point::chance, "stopped");
    let replies = panel(
        "Mean reply time".into(),
        Scale::Linear { unit: "s".into() },
        Point::mean_s,
        NO_REPLY,
    );
    match sweep.axis {
        Axis::InferMs => vec![replies],
        Axis::Lanes | Axis::Turns => vec![chances, replies],
    }
}

fn series(curve: &Curve, value: fn(&Point) -> Option<f64>, ended: &'static str) -> Series {
    let points: Vec<Option<f64>> = curve.points.iter().map(value).collect();
    let stopped = points.last().is_some_and(Option::is_none).then_some(ended);
    Series { name: curve.strategy.clone(), points, stopped }
}

/// What the numbers are about.
pub fn note(sweep: &Sweep) -> String {
    let (grain, server) =
        (sweep.program.setting.grain.name(), Server::of(&sweep.program).phrase().english());
    let mut parts = vec![format!("{} · grain {grain}{server}", sweep.scenario_name)];
    if sweep.axis != Axis::InferMs {
        let thinks = milliseconds(sweep.scenario.cast.infer_ms.into());
        parts.push(format!("the assistant thinks {thinks}"));
        parts.push("chance: if each next step is drawn at random".into());
    }
    if let Some((_, stopped)) = sweep.curves.iter().find_map(Curve::stopped) {
        parts.push(format!("stopped: {}", why_stopped(stopped).english()));
    }
    parts.join(" · ")
}
