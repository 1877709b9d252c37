//! How lines are told apart: by colour, by dashes and by the shape of their points. Each alone
//! would do for a few lines, so colours may be unseen, and the picture printed in grey.

/// Okabe and Ito's palette for every kind of colour vision, without its yellow, which nobody sees
/// on white; dark colours first.
const COLOURS: [&str; 7] =
    ["#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];

/// Lengths of dashes and gaps, in widths of the line. With seven colours and eight shapes no two of
/// the first 280 lines look the same.
const DASHES: [&[f64]; 5] = [&[], &[4.0, 2.0], &[1.2, 1.2], &[5.0, 1.5, 1.2, 1.5], &[9.0, 2.5]];

/// Corners around a middle at 0, 0: about 1 from it, and of about the same area. No corners are a
/// circle.
const SHAPES: [&[(f64, f64)]; 8] = [
    &[],
    &[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
    &[(0.0, -1.3), (1.2, 0.85), (-1.2, 0.85)],
    &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
    &[(0.0, 1.3), (1.2, -0.85), (-1.2, -0.85)],
    &[
        (-0.4, -1.2),
        (0.4, -1.2),
        (0.4, -0.4),
        (1.2, -0.4),
        (1.2, 0.4),
        (0.4, 0.4),
        (0.4, 1.2),
        (-0.4, 1.2),
        (-0.4, 0.4),
        (-1.2, 0.4),
        (-1.2, -0.4),
        (-0.4, -0.4),
    ],
    &[(-1.15, -1.2), (1.15, -1.2), (0.35, 0.0), (1.15, 1.2), (-1.15, 1.2), (-0.35, 0.0)],
    &[
        (0.0, -1.45),
        (0.38, -0.52),
        (1.38, -0.45),
        (0.61, 0.2),
        (0.85, 1.17),
        (0.0, 0.64),
        (-0.85, 1.17),
        (-0.61, 0.2),
        (-1.38, -0.45),
        (-0.38, -0.52),
    ],
];

/// Looks of lines, by number. There is one for every number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(pub(super) usize);

impl Ink {
    /// `#rrggbb`
    pub(super) fn colour(self) -> &'static str {
        pick(&COLOURS, self.0).copied().unwrap_or("#000000")
    }

    /// A `stroke-dasharray` for a line of that width; empty for one without gaps.
    pub(super) fn dashes(self, width: f64) -> String {
        let lengths = pick(&DASHES, self.0).copied().unwrap_or_default();
        lengths.iter().map(|length| tenth(length * width)).collect::<Vec<_>>().join(" ")
    }

    /// A point of the line. Filled points have a white edge, so that they are seen where they lie
    /// on one another; an open one is where a line had to stop.
    pub(super) fn point(self, (x, y): (f64, f64), radius: f64, open: bool) -> String {
        let (fill, edge, edge_width) = if open {
            ("#ffffff", self.colour(), radius * 0.4)
        } else {
            (self.colour(), "#ffffff", radius * 0.2)
        };
        let paint = format!(
            "fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
            tenth(edge_width)
        );
        let corners = pick(&SHAPES, self.0).copied().unwrap_or_default();
        if corners.is_empty() {
            let (x, y, radius) = (tenth(x), tenth(y), tenth(radius));
            return format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>");
        }
        let at = |(dx, dy): &(f64, f64)| {
            format!("{},{}", tenth(x + dx * radius), tenth(y + dy * radius))
        };
        let corners: Vec<String> = corners.iter().map(at).collect();
        format!("<polygon points=\"{}\" {paint}/>", corners.join(" "))
    }
}

/// The one of that number, from the start again after the last.
fn pick<T>(all: &[T], number: usize) -> Option<&T> {
    all.get(number.checked_rem(all.len())?)
}

/// A length as it is written: tenths are finer than any screen, and the same on every machine.
pub(super) fn tenth(length: f64) -> String {
    // Adding zero makes a negative zero a plain one.
    let rounded = (length * 10.0).round() / 10.0 + 0.0;
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_many_lines_look_the_same() {
        let look = |number: usize| {
            let ink = Ink(number);
            (ink.colour(), ink.dashes(5.0), number % SHAPES.len())
        };
        for one in 0..280 {
            assert!((0..one).all(|other| look(one) != look(other)), "{one}");
        }
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([1.0, -0.01, 2.345].map(tenth), ["1", "0", "2.3"]);
    }
}
