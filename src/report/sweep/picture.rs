//! A sweep as a picture: what is drawn, for the terminal and for a slide.

use super::{Axis, Curve, Point, Sweep};
use crate::phrase;
use crate::report::chart::{Chart, Panel, Scale, Series};
use crate::report::compare::no_reply;
use crate::report::numbers::milliseconds;
use crate::story::limit::why_stopped;
use crate::words::{Phrase, Words};

/// The picture.
pub fn chart(sweep: &Sweep, words: &Words) -> Chart {
    let (title, note) = (sweep.about.title.clone(), words.say(&note(sweep)));
    Chart { title, note, panels: panels(sweep, words) }
}

/// The panels: how likely it goes wrong, and how long a reply takes. How long the assistant thinks
/// changes nothing of the first.
pub fn panels(sweep: &Sweep, words: &Words) -> Vec<Panel> {
    let panel = |title: Phrase, scale, value: fn(&Point) -> Option<f64>, ended: Phrase| {
        let ended = words.say(&ended);
        Panel {
            title: words.say(&title),
            x_label: words.say(&sweep.axis.what()),
            x: sweep.values.iter().map(|&value| value as f64).collect(),
            scale,
            series: sweep.curves.iter().map(|curve| series(curve, value, &ended)).collect(),
        }
    };
    let chance = phrase!("sweep-chance-of", anomaly = sweep.anomaly.id);
    let chances = panel(chance, Scale::Share, Point::chance, phrase!("sweep-stopped"));
    let seconds = Scale::Linear { unit: "s".into() };
    let replies = panel(phrase!("sweep-mean-reply-time"), seconds, Point::mean_s, no_reply());
    match sweep.axis {
        Axis::InferMs => vec![replies],
        Axis::Lanes | Axis::Turns => vec![chances, replies],
    }
}

fn series(curve: &Curve, value: fn(&Point) -> Option<f64>, ended: &str) -> Series {
    let points: Vec<Option<f64>> = curve.points.iter().map(value).collect();
    let stopped = points.last().is_some_and(Option::is_none).then(|| ended.to_owned());
    Series { name: curve.strategy.clone(), points, stopped }
}

/// What the numbers are about.
pub fn note(sweep: &Sweep) -> Phrase {
    let about = &sweep.about;
    let server = &about.server;
    let mut parts = vec![phrase!(
        "sweep-about",
        scenario = &about.scenario,
        grain = server.grain,
        server = server.phrase()
    )];
    if sweep.axis != Axis::InferMs {
        parts.push(phrase!("thinks", time = milliseconds(about.infer_ms.into())));
        parts.push(phrase!("sweep-note-chance"));
    }
    if let Some((_, stopped)) = sweep.curves.iter().find_map(Curve::stopped) {
        parts.push(phrase!("sweep-note-stopped", why = why_stopped(stopped)));
    }
    Phrase::joined("dots", parts)
}
