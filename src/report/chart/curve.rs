//! Lines and their points on a slide, so that what lies on one another can be seen.

use super::ink::{Ink, tenth};
use std::fmt::Write;

/// Each colour of a line that several series share, before the next one follows.
const STRIPE: f64 = 22.0;

/// One line in pixels.
pub(super) struct Curve {
    /// The inks of the series that are this line; at least one.
    pub(super) inks: Vec<Ink>,
    /// The places of its points; `None` is a gap.
    pub(super) points: Vec<Option<(f64, f64)>>,
    /// Whether it ends with an open point.
    pub(super) stopped: bool,
    /// Its width. One that is drawn earlier is wider, so that it shows beside a later one.
    pub(super) width: f64,
    /// The size of its points.
    pub(super) radius: f64,
}

impl Curve {
    /// The line. Several inks take turns along it.
    pub(super) fn draw_line(&self, svg: &mut String) {
        let path = self.path();
        if path.is_empty() {
            return;
        }
        for (turn, ink) in self.inks.iter().enumerate() {
            let others = self.inks.len() as f64 - 1.0;
            let dashes = match self.inks.len() {
                1 => ink.dashes(self.width),
                _ => format!("{} {}", tenth(STRIPE), tenth(STRIPE * others)),
            };
            let dashes = match dashes.as_str() {
                "" => String::new(),
                _ => format!(
                    " stroke-dasharray=\"{dashes}\" stroke-dashoffset=\"{}\"",
                    tenth(-STRIPE * turn as f64)
                ),
            };
            let _ = writeln!(
                svg,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" \
                 stroke-linejoin=\"round\"{dashes}/>",
                ink.colour(),
                tenth(self.width)
            );
        }
    }

    /// The ink of a point: several take turns. The last point has the first one, which is the
    /// topmost of the label too.
    fn ink(&self, index: usize) -> Option<Ink> {
        let turn = self.last()?.checked_sub(index)?;
        self.inks.get(turn.checked_rem(self.inks.len())?).copied()
    }

    fn last(&self) -> Option<usize> {
        self.points.iter().rposition(Option::is_some)
    }

    fn draw_point(&self, svg: &mut String, index: usize) {
        let point = self.points.get(index).copied().flatten();
        if let (Some(point), Some(ink)) = (point, self.ink(index)) {
            let open = self.stopped && Some(index) == self.last();
            let _ = writeln!(svg, "{}", ink.point(point, self.radius, open));
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for run in self.points.split(Option::is_none).filter(|run| run.len() > 1) {
            for (index, (x, y)) in run.iter().flatten().enumerate() {
                let sign = if index == 0 { 'M' } else { 'L' };
                let _ = write!(path, "{sign}{} {}", tenth(*x), tenth(*y));
            }
        }
        path
    }
}

/// Draws the points of all lines: of very many, only one in `stride` and the last. Lines that meet
/// in a point take turns in being the topmost, so that each is seen where they go together.
pub(super) fn draw_points(svg: &mut String, curves: &[Curve], stride: usize) {
    let count = curves.iter().map(|curve| curve.points.len()).max().unwrap_or(0);
    for index in 0..count {
        let drawn =
            |curve: &&Curve| index.is_multiple_of(stride.max(1)) || Some(index) == curve.last();
        let shown: Vec<&Curve> = curves.iter().filter(drawn).collect();
        let mut order: Vec<(bool, &Curve)> =
            shown.iter().map(|curve| (is_topmost(curve, &shown, index), *curve)).collect();
        order.sort_by_key(|(topmost, _)| *topmost);
        order.into_iter().for_each(|(_, curve)| curve.draw_point(svg, index));
    }
}

/// Whether it is the turn of this line, among those that have a point in about the same place.
fn is_topmost(curve: &Curve, all: &[&Curve], index: usize) -> bool {
    let place = |curve: &Curve| curve.points.get(index).copied().flatten();
    let Some((x, y)) = place(curve) else { return false };
    let meets = |other: &&&Curve| {
        place(other).is_some_and(|(other_x, other_y)| {
            (x - other_x).abs().max((y - other_y).abs()) < curve.radius / 2.0
        })
    };
    let count = all.iter().filter(meets).count();
    let turn = index.checked_rem(count).unwrap_or(0);
    all.iter().filter(meets).nth(turn).is_some_and(|other| std::ptr::eq(*other, curve))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[Option<(f64, f64)>], inks: &[usize]) -> Curve {
        Curve {
            inks: inks.iter().map(|ink| Ink(*ink)).collect(),
            points: points.to_vec(),
            stopped: true,
            width: 4.0,
            radius: 9.0,
        }
    }

    #[test]
    fn a_line_has_gaps_where_values_are_missing() {
        let at = |x: f64| Some((x, 1.0));
        let path = curve(&[at(0.0), at(1.0), None, at(3.0), None, at(5.0), at(6.5)], &[0]).path();
        assert_eq!(path, "M0 1L1 1M5 1L6.5 1");
    }

    #[test]
    fn only_the_last_point_of_a_line_that_stopped_is_open() {
        let mut svg = String::new();
        let stopped = curve(&[Some((0.0, 0.0)), Some((9.0, 0.0)), None], &[0]);
        draw_points(&mut svg, &[stopped], 1);
        let open: Vec<bool> = svg.lines().map(|line| line.contains("fill=\"#ffffff\"")).collect();
        assert_eq!(open, [false, true]);
    }

    #[test]
    fn lines_that_meet_take_turns() {
        let one = curve(&[Some((0.0, 0.0)), Some((9.0, 0.0)), Some((20.0, 0.0))], &[0]);
        let other = curve(&[Some((0.0, 1.0)), Some((9.0, 1.0)), Some((20.0, 30.0))], &[1]);
        let all = [&one, &other];
        let topmost = [0, 1, 2].map(|index| all.map(|curve| is_topmost(curve, &all, index)));
        assert_eq!(topmost, [[true, false], [false, true], [true, true]]);
    }

    #[test]
    fn every_ink_of_a_shared_line_is_drawn() {
        let mut svg = String::new();
        curve(&[Some((0.0, 0.0)), Some((9.0, 0.0))], &[1, 2, 3]).draw_line(&mut svg);
        for ink in [1, 2, 3] {
            assert!(svg.contains(Ink(ink).colour()), "{svg}");
        }
    }
}
