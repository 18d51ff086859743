//! Quick texts: what a list of them may hold.

use shared::text;
use shared::wire::limits;

use crate::problem::FieldProblem;

/// Most quick texts.
pub const PHRASES: usize = 200;

/// The list without empty texts and repetitions, in its order; or what is wrong with it.
pub fn cleaned(phrases: &[String]) -> Result<Vec<String>, Vec<FieldProblem>> {
    let mut kept: Vec<String> = Vec::new();
    let mut problems = Vec::new();
    for (index, phrase) in phrases.iter().enumerate() {
        let phrase = text::lines(phrase);
        if phrase.chars().count() > limits::TEXT_CHARS {
            problems.push(FieldProblem::new(format!("phrases[{index}]"), format!("has more than {} characters", limits::TEXT_CHARS)));
        } else if !phrase.is_empty() && !kept.contains(&phrase) {
            kept.push(phrase);
        }
    }
    if kept.len() > PHRASES {
        problems.push(FieldProblem::new("phrases", format!("has {} texts, at most {PHRASES} are allowed", kept.len())));
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_texts_and_repetitions_are_dropped_and_the_order_stays() {
        let phrases = ["  b ", "", "a", "b", " \t", "A"].map(str::to_owned);
        assert_eq!(cleaned(&phrases), Ok(vec!["b".to_owned(), "a".into(), "A".into()]));
    }

    #[test]
    fn what_is_too_much_is_said() {
        let many: Vec<String> = (0..=PHRASES).map(|number| number.to_string()).collect();
        let problems = cleaned(&many).expect_err("too many");
        assert_eq!(problems[0].field, "phrases");
        assert_eq!(cleaned(&["x".repeat(limits::TEXT_CHARS + 1)]).expect_err("too long")[0].field, "phrases[0]");
    }
}
