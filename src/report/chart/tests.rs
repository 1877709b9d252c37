//! Both pictures from outside: what is in them can be read, and nothing but read.

use super::letters::{BOLD, width};
use super::{Chart, Panel, Scale, Series, braille, svg};
use crate::screen;
use crate::words::Words;

fn series(name: &str, points: &[f64]) -> Series {
    Series { name: name.into(), points: points.iter().copied().map(Some).collect(), stopped: None }
}

fn panel(scale: Scale, series: Vec<Series>) -> Panel {
    let x = (2..=8).map(f64::from).collect();
    Panel { title: "Chance of a leak".into(), x_label: "users".into(), x, scale, series }
}

fn leaks() -> Panel {
    let names = ["session-map", "session-lock", "actor"];
    let mut all = vec![
        series("global", &[0.62, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0]),
        series("locked-global", &[1.0; 7]),
        series("current-user", &[0.25, 0.41, 0.55, 0.66]),
    ];
    all[2].stopped = Some("stopped".into());
    all.extend(names.map(|name| series(name, &[0.0; 7])));
    panel(Scale::Share, all)
}

fn drawn(panels: Vec<Panel>) -> String {
    svg(
        &Chart { title: "A lock does not help".into(), note: "Every order.".into(), panels },
        Words::english(),
    )
}

/// A text of a picture: what it says, and its left, upper, right and lower end.
struct Text {
    said: String,
    ends: [f64; 4],
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let from = tag.split_once(&format!(" {name}=\"")).map_or("", |(_, rest)| rest);
    from.split('"').next().unwrap_or_default()
}

fn unescaped(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

fn texts(svg: &str) -> Vec<Text> {
    let elements = svg.split("<text").skip(1).map(|rest| rest.split("</text>").next().unwrap());
    let text = |element: &str| {
        let (tag, said) = element.split_once('>').unwrap();
        let number = |name: &str| attribute(tag, name).parse::<f64>().unwrap();
        let (size, said) = (number("font-size"), unescaped(said));
        let bold = if tag.contains("bold") { BOLD } else { 1.0 };
        let wide = width(&said) * size * bold;
        let anchor = attribute(tag, "text-anchor");
        let before = ["start", "middle", "end"].iter().position(|it| *it == anchor).unwrap();
        let left = number("x") - wide * before as f64 / 2.0;
        let base = number("y");
        Text { said, ends: [left, base - 0.78 * size, left + wide, base + 0.24 * size] }
    };
    elements.map(text).collect()
}

/// All text is inside the picture, and none on another.
#[track_caller]
fn check_layout(svg: &str) {
    let view: Vec<f64> =
        attribute(svg, "viewBox").split(' ').map(|number| number.parse().unwrap()).collect();
    let all = texts(svg);
    for (index, one) in all.iter().enumerate() {
        let [left, top, right, bottom] = one.ends;
        let inside = left >= 0.0 && top >= 0.0 && right <= view[2] && bottom <= view[3];
        assert!(inside, "{:?} is at {:?}", one.said, one.ends);
        for other in &all[..index] {
            let apart = left >= other.ends[2]
                || right <= other.ends[0]
                || top >= other.ends[3]
                || bottom <= other.ends[1];
            let places = (one.ends, other.ends);
            assert!(apart, "{:?} and {:?} at {places:?}", one.said, other.said);
        }
    }
}

/// Well-formed XML of a document that has elements, quoted attributes and text only.
#[track_caller]
fn check_xml(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg.trim_end();
    while let Some((text, after)) = rest.split_once('<') {
        check_text(text);
        let (tag, after) = after.split_once('>').unwrap();
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        let known = ["svg", "title", "desc", "rect", "line", "path", "circle", "polygon", "text"];
        assert!(known.contains(&name), "{name}");
        let parts: Vec<&str> = tag.trim_end_matches('/').split('"').collect();
        assert_eq!(parts.len() % 2, 1, "a quote is missing: {tag}");
        parts.iter().for_each(|part| check_text(part));
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "{tag}");
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(rest.is_empty() && open.is_empty(), "{svg}");
}

#[track_caller]
fn check_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let known = ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"];
        assert!(known.iter().any(|sign| text[at..].starts_with(sign)), "{text}");
    }
    let bad = |c: char| c != '\n' && screen::drives(c) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(bad), "{text:?}");
}

#[test]
fn a_slide_has_its_size_and_names_equal_lines_together() {
    let drawn = drawn(vec![leaks(), leaks()]);
    check_xml(&drawn);
    check_layout(&drawn);
    assert!(drawn.contains("viewBox=\"0 0 1280 720\""));
    assert!(drawn.contains("session-map, session-lock, actor: at 2 0 %, at 3 0 %"), "{drawn}");
    assert!(
        drawn
            .contains("current-user: at 2 25 %, at 3 41 %, at 4 55 %, at 5 66 %, stopped after 5.")
    );
    let said: Vec<String> = texts(&drawn).into_iter().map(|text| text.said).collect();
    let names = ["locked-global", "global", "current-user", "stopped after 5", "session-map"];
    let order = names.map(|name| said.iter().position(|said| said == name).unwrap());
    assert!(order.is_sorted(), "from the top: {said:?}");
}

#[test]
fn type_can_be_read_from_the_last_row() {
    let mut many = leaks();
    let more = [("queue", 0.1), ("batch", 0.2), ("wrong-lock", 0.3), ("thread-local", 0.4)];
    many.series.extend(more.map(|(name, share)| series(name, &[share; 7])));
    let drawn = drawn(vec![many, leaks()]);
    check_layout(&drawn);
    for tag in drawn.split("<text").skip(1) {
        assert!(attribute(tag, "font-size").parse::<f64>().unwrap() >= 22.0, "{tag}");
    }
}

#[test]
fn nothing_in_a_name_is_more_than_text() {
    let evil = "</title><script>\u{1b}[2J&\"'\u{202e}\u{ffff}";
    let mut bad = leaks();
    bad.series[0].name = evil.into();
    (bad.title, bad.x_label) = (evil.into(), evil.into());
    bad.scale = Scale::Linear { unit: evil.into() };
    let told = Chart { title: evil.into(), note: evil.into(), panels: vec![bad.clone()] };
    check_xml(&svg(&told, Words::english()));
    let lines = braille(&bad, 80, 10, Words::english());
    assert!(lines.iter().all(|line| !line.contains(screen::drives)), "{lines:?}");
}

/// A value as wide as an axis is written, too, and every value has its mark.
#[test]
fn the_last_value_is_written_however_wide_it_is() {
    let mut wide = panel(Scale::Share, vec![series("up", &[0.0, 1.0])]);
    wide.x = vec![0.0, 3_600_000.0];
    let lines = braille(&wide, 60, 4, Words::english());
    assert!(lines.iter().any(|line| line.trim_end().ends_with("3,600,000")), "{lines:?}");
    assert_eq!(lines.iter().map(|line| line.matches('┬').count()).sum::<usize>(), 2);
}

/// Eight columns and two rows of dots: 16 across, 8 down.
#[test]
fn every_point_falls_on_its_cell() {
    let mut hand = panel(Scale::Share, vec![series("up", &[0.0, 1.0])]);
    hand.x = vec![2.0, 3.0];
    hand.series.push(Series { points: vec![Some(1.0), None], ..series("here", &[]) });
    hand.series[1].stopped = Some("stopped".into());
    let lines = braille(&hand, 5 + 2 + 8 + 2, 2, Words::english());
    let expected = [
        "Chance of a leak",
        "100 % ┤⠁2  ⣀⠤⠒⠉1",
        "  0 % ┤⣀⠤⠒⠉",
        "      └┬──────┬",
        "       2      3",
        "        users",
        "1 up",
        "2 here (stopped",
        "  after 2)",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn a_terminal_shows_who_is_where() {
    let lines = braille(&leaks(), 80, 12, Words::english());
    assert!(lines.iter().all(|line| screen::width(line) <= 80), "{lines:?}");
    assert!(lines[1].starts_with("100 % ┤⠉") && lines[1].ends_with("1 2"), "{}", lines[1]);
    assert!(lines[12].starts_with("  0 % ┤⣀") && lines[12].ends_with("⣀4"), "{}", lines[12]);
    let legend = "1 global\n2 locked-global\n3 current-user (stopped after 5)\n\
                  4 session-map, session-lock, actor";
    assert_eq!(lines[lines.len() - 4..].join("\n"), legend);
}

#[test]
fn zero_stands_below_the_powers_of_ten() {
    let scale = Scale::Log { unit: "orders".into() };
    let mut orders = panel(scale, vec![series("a", &[0.0, 15.0, 3e3, 2e6, 5e9, 1e17, 1e20])]);
    orders.series.push(series("below", &[-1.0; 7]));
    let lines = braille(&orders, 80, 12, Words::english());
    let ticks: Vec<&str> =
        lines.iter().filter_map(|line| line.split_once(" ┤")).map(|it| it.0).collect();
    assert_eq!(ticks, ["10^20", "10^15", "10^10", " 10^5", "    1", "    0"]);
    assert_eq!(lines.last().unwrap(), "2 below (no value)");
    let drawn = drawn(vec![orders]);
    assert!(drawn.contains(">10²⁰</text>") && drawn.contains(">no value</text>"), "{drawn}");
}

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn number(&mut self) -> f64 {
        let some = [0.0, 1.0, -1.0, 0.5, 1e30, -1e30, 1e308, f64::MAX, f64::MIN_POSITIVE, 5e-324];
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
        match self.below(10) {
            0 => self.one_of(&some),
            1 if self.below(8) == 0 => self.one_of(&odd),
            2..=5 => self.below(100) as f64 / 99.0,
            _ => self.below(9) as f64 * 1000.0,
        }
    }

    fn text(&mut self) -> String {
        let some = [
            "",
            "a",
            "session-map",
            "会话映射每个用户一份历史",
            "👩‍💻",
            "<&\">'",
            "\u{1b}[2J",
            " ",
            "\n",
            "e\u{301}",
            "\u{ffff}",
            "عربي",
            "-",
            "WWWWWWWWWWWWWWWWWWW",
            "👩‍👩‍👧‍👧‍👩‍👩‍👧‍👧‍👩‍👩‍👧‍👧",
        ];
        (0..self.below(6)).map(|_| self.one_of(&some)).collect()
    }

    fn series(&mut self, points: usize) -> Series {
        let point = |dice: &mut Dice| (dice.below(6) > 0).then(|| dice.number());
        let points = (0..points + self.below(3)).map(|_| point(self)).collect();
        Series {
            name: self.text(),
            points,
            stopped: (self.below(3) == 0).then(|| "stopped".into()),
        }
    }

    fn panel(&mut self) -> Panel {
        let unit = self.text();
        let scale =
            [Scale::Share, Scale::Linear { unit: unit.clone() }, Scale::Log { unit: unit.clone() }];
        let points = self.one_of(&[0, 1, 2, 7, 7, 40]);
        let x = match self.below(3) {
            0 => (0..points).map(|_| self.number()).collect(),
            _ => (2..points + 2).map(|x| x as f64).collect(),
        };
        let count = self.one_of(&[0, 1, 2, 6, 10, 40]);
        let series = (0..count).map(|_| self.series(points)).collect();
        Panel { title: self.text(), x_label: self.text(), x, scale: self.one_of(&scale), series }
    }
}

#[test]
fn every_chart_can_be_drawn() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    for _ in 0..100 {
        let panels: Vec<Panel> = (0..dice.below(5)).map(|_| dice.panel()).collect();
        for panel in &panels {
            let columns = dice.one_of(&[0, 1, 9, 20, 79, 80, 1000]);
            let rows = dice.one_of(&[0, 1, 2, 12, 1000]);
            for line in braille(panel, columns, rows, Words::english()) {
                assert!(screen::width(&line) <= columns, "{line:?} in {columns}");
                assert!(!line.contains(screen::drives), "{line:?}");
            }
        }
        let note = (0..dice.below(20)).map(|_| dice.text()).collect();
        let drawn = svg(&Chart { title: dice.text(), note, panels }, Words::english());
        check_xml(&drawn);
        check_layout(&drawn);
    }
}
