//! One screen: what goes wrong, how often, one order of lines that matter, why, what repairs it, and
//! what to type next.

use super::{Repairs, why, with_witness};
use crate::report::assumptions::assumptions;
use crate::report::lanes::{Diagram, Lines, draw};
use crate::report::numbers::{about, count, grouped};
use crate::report::page::{Page, Tone};
use crate::report::{Entry, clean, orders, server_words};
use crate::verdict::{Judged, Kind, WitnessRun};
use num_traits::One;

/// Repairs that are named; more of them are only counted.
const NAMED_MAX: usize = 2;

impl Entry<'_> {
    /// Tells what fits a screen. After a limit there is no shorter way to say what is known.
    pub(super) fn brief(&self, page: &mut Page, repairs: &Repairs) {
        if self.verdict.stopped.is_some() {
            return self.full(page);
        }
        let found: Vec<_> = self.verdict.found().filter_map(with_witness).collect();
        match found.split_first() {
            Some(((judged, witness), others)) => {
                self.first(page, judged, witness, others);
                if let Some(repairs) = clean_here(repairs) {
                    page.labelled(("Repair", Tone::Good), &repairs);
                }
            }
            None => {
                page.labelled(("CLEAN", Tone::Good), &self.clean());
                page.labelled(("", Tone::Plain), &format!("{}.", self.what_ran()));
                let why = clean::why(&self.verdict.program);
                if !why.is_empty() {
                    page.labelled(("Why", Tone::Strong), &why);
                }
            }
        }
        for assumption in assumptions(&self.verdict.program) {
            page.paragraph(("", Tone::Plain), assumption, Tone::Dim);
        }
        orders::examples(page, self);
        if let Some(next) = self.next {
            page.command("Try", &self.command("run", next));
        }
        page.command("More", &format!("{} --full", self.command("run", self.strategy_name)));
        self.surprises(page);
    }

    fn first(
        &self,
        page: &mut Page,
        judged: &Judged,
        witness: &WitnessRun,
        others: &[(&Judged, &WitnessRun)],
    ) {
        page.labelled((judged.anomaly.mark, Tone::Bad), &self.said(judged, witness));
        page.labelled(("", Tone::Plain), &self.how_often(judged));
        let (program, record) = (&self.verdict.program, &witness.record);
        let findings = &[(judged.anomaly, &witness.finding)];
        draw(page, &Diagram { program, record, findings, lines: Lines::ThatMatter });
        page.labelled(("Why", Tone::Strong), &why(self, judged, witness));
        if !others.is_empty() {
            let told: Vec<String> =
                others.iter().map(|(judged, _)| self.also_found(judged)).collect();
            page.labelled(("Also", Tone::Strong), &format!("{}.", told.join(", ")));
        }
    }

    fn what_ran(&self) -> String {
        let grain = self.setting.grain.name();
        let server = server_words(&self.verdict.program);
        format!("{} × {} · grain {grain}{server}", self.scenario_name, self.strategy_name)
    }

    /// In how many orders, how likely, and what that means for the one who repairs it.
    fn how_often(&self, judged: &Judged) -> String {
        let means = match (judged.kind(), judged.preemptions) {
            (Some(Kind::Sharing), _) => {
                " Sharing: requests need not overlap, so no lock repairs it."
            }
            (Some(Kind::Race), _) if !self.scenario.cast.cancels.is_empty() => {
                " Race: it happens only when requests overlap, or one is cancelled."
            }
            (Some(Kind::Race), Some(0 | 1)) => " Race: it happens only when requests overlap.",
            (Some(Kind::Race), Some(many)) => {
                let switches = count(many as usize);
                &format!(" Race: it needs {switches} switches inside a turn.")
            }
            _ => "",
        };
        let chance = match judged.orders == self.verdict.orders {
            true => String::new(),
            false => format!("; chance {}", about(&judged.chance)),
        };
        format!("{}: {}{chance}.{means}", self.what_ran(), self.of_all(judged, " orders"))
    }

    fn of_all(&self, judged: &Judged, orders: &str) -> String {
        let all = grouped(&self.verdict.orders);
        match judged.orders == self.verdict.orders {
            true if judged.orders.is_one() => "the only order".into(),
            true => format!("all {all}{orders}"),
            false => format!("{} of {all}{orders}", grouped(&judged.orders)),
        }
    }

    fn also_found(&self, judged: &Judged) -> String {
        let kind = judged.kind().map_or_else(String::new, |kind| format!(" ({})", kind.name()));
        format!("{} in {}{kind}", judged.anomaly.mark, self.of_all(judged, ""))
    }
}

/// Which shipped strategies are clean here, and of how many that is not known; `None` if there is
/// nothing to say.
fn clean_here(repairs: &Repairs) -> Option<String> {
    let all = &repairs.clean;
    let named =
        all[..all.len().min(NAMED_MAX)].join(if all.len() > NAMED_MAX { ", " } else { " and " });
    let clean = match all.len() {
        0 => None,
        1 => Some(format!("{named} is clean here")),
        2 => Some(format!("{named} are clean here")),
        3 => Some(format!("{named} and 1 other are clean here")),
        more => Some(format!("{named} and {} others are clean here", more - NAMED_MAX)),
    };
    match (clean, repairs.undecided) {
        (None, 0) => None,
        (Some(clean), 0) => Some(format!("{clean}.")),
        (None, undecided) => Some(format!("{undecided} undecided, none known to be clean here.")),
        (Some(clean), undecided) => Some(format!("{clean} ({undecided} undecided).")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_that_were_not_decided_are_counted() {
        let told = |clean: &[&'static str], undecided| {
            clean_here(&Repairs { clean: clean.to_vec(), undecided }).unwrap_or_default()
        };
        assert_eq!(told(&[], 0), "");
        assert_eq!(told(&["a"], 0), "a is clean here.");
        assert_eq!(told(&["a", "b"], 0), "a and b are clean here.");
        assert_eq!(told(&["a", "b", "c"], 0), "a, b and 1 other are clean here.");
        assert_eq!(told(&["a", "b", "c", "d"], 0), "a, b and 2 others are clean here.");
        assert_eq!(told(&["a"], 3), "a is clean here (3 undecided).");
        assert_eq!(told(&[], 3), "3 undecided, none known to be clean here.");
    }
}
