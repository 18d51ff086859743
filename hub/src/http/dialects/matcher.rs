//! Matchers of labels as Alertmanager writes them: `name="value"`, `!=`, `=~`, `!~`.

use hub_core::rule::{LabelMatch, LabelTest};
use serde_json::{Map, Value};

use super::fields;
use crate::http::problem::Problem;

/// The tests of a query's `filter`.
pub struct Filter(Vec<LabelTest>);

impl Filter {
    pub fn of<'a>(filters: impl Iterator<Item = &'a str>) -> Result<Self, Problem> {
        let test = |text| LabelTest::new(&parse(text)?).map_err(|reason| Problem::field("filter", reason));
        Ok(Self(filters.map(test).collect::<Result<_, _>>()?))
    }

    /// Whether all of them fit these labels; one that is missing is empty.
    pub fn fits(&self, labels: &Map<String, Value>) -> bool {
        self.0.iter().all(|test| test.fits(&fields::text(labels, &test.name)))
    }

    /// Whether something with these matchers is about what is asked for: each test fits the value of a matcher of its label.
    pub fn fits_matchers(&self, matchers: &[LabelMatch]) -> bool {
        self.0.iter().all(|test| matchers.iter().any(|matcher| matcher.name == test.name && test.fits(&matcher.value)))
    }
}

fn parse(text: &str) -> Result<LabelMatch, Problem> {
    let wrong = || Problem::field("filter", format!("`{text}` must look like name=\"value\""));
    let place = text.find(['=', '!']).ok_or_else(wrong)?;
    let (name, rest) = text.split_at_checked(place).ok_or_else(wrong)?;
    let operators = [("!=", false, false), ("=~", true, true), ("!~", true, false), ("=", false, true)];
    let found = operators.into_iter().find_map(|(sign, is_regex, is_equal)| Some((rest.strip_prefix(sign)?, is_regex, is_equal)));
    let (value, is_regex, is_equal) = found.ok_or_else(wrong)?;
    if name.trim().is_empty() {
        return Err(wrong());
    }
    Ok(LabelMatch { name: name.trim().to_owned(), value: value.trim().trim_matches('"').to_owned(), is_regex, is_equal })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(filter: &str, label: &str) -> bool {
        let labels = serde_json::json!({ "severity": label, "team": label });
        Filter::of([filter].into_iter()).expect("a matcher").fits(labels.as_object().expect("an object"))
    }

    #[test]
    fn matchers_mean_what_the_table_says() {
        let table = [
            (r#"severity="page""#, "page", true),
            ("severity=page", "warning", false),
            (r#"severity!="page""#, "", true),
            (r#"team=~"red|blue""#, "blue", true),
            (r#"team=~"red""#, "dark red", false),
            (r#"team!~"r.*""#, "red", false),
            ("nobody=x", "x", false),
        ];
        for (matcher, label, expected) in table {
            assert_eq!(fits(matcher, label), expected, "{matcher} {label}");
        }
        for wrong in ["", "severity", "=x", "a=~(", "a!x", &format!("a=~{}", "(a{1000}){1000}")] {
            assert!(Filter::of([wrong].into_iter()).is_err(), "{wrong}");
        }
    }
}
