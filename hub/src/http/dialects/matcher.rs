//! Matchers of labels as Alertmanager writes them: `name="value"`, `!=`, `=~`, `!~`.

use regex::RegexBuilder;

use crate::http::problem::Problem;

/// Memory that one expression may take, bytes.
const EXPRESSION_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub struct Matcher {
    pub name: String,
    value: Value,
    is_negative: bool,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Expression(Box<regex::Regex>),
}

impl Matcher {
    pub fn new(name: String, value: &str, is_expression: bool, is_negative: bool) -> Result<Self, Problem> {
        let value = if is_expression {
            let whole = format!("^(?:{value})$");
            let built = RegexBuilder::new(&whole).size_limit(EXPRESSION_BYTES).build();
            Value::Expression(Box::new(built.map_err(|err| Problem::field("matchers", err.to_string()))?))
        } else {
            Value::Text(value.to_owned())
        };
        Ok(Self { name, value, is_negative })
    }

    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::field("filter", format!("`{text}` must look like name=\"value\""));
        let place = text.find(['=', '!']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at_checked(place).ok_or_else(wrong)?;
        let operators = [("!=", false, true), ("=~", true, false), ("!~", true, true), ("=", false, false)];
        let found = operators.into_iter().find_map(|(sign, expression, negative)| Some((rest.strip_prefix(sign)?, expression, negative)));
        let (value, is_expression, is_negative) = found.ok_or_else(wrong)?;
        if name.trim().is_empty() {
            return Err(wrong());
        }
        Self::new(name.trim().to_owned(), value.trim().trim_matches('"'), is_expression, is_negative)
    }

    /// A label that is missing is an empty one.
    pub fn matches(&self, label: &str) -> bool {
        let is_equal = match &self.value {
            Value::Text(text) => text == label,
            Value::Expression(expression) => expression.is_match(label),
        };
        is_equal != self.is_negative
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_mean_what_the_table_says() {
        let table = [
            (r#"severity="page""#, "page", true),
            ("severity=page", "warning", false),
            (r#"severity!="page""#, "", true),
            (r#"team=~"red|blue""#, "blue", true),
            (r#"team=~"red""#, "dark red", false),
            (r#"team!~"r.*""#, "red", false),
        ];
        for (matcher, label, expected) in table {
            assert_eq!(Matcher::parse(matcher).expect("a matcher").matches(label), expected, "{matcher} {label}");
        }
        for wrong in ["", "severity", "=x", "a=~(", "a!x", &format!("a=~{}", "(a{1000}){1000}")] {
            assert!(Matcher::parse(wrong).is_err(), "{wrong}");
        }
    }
}
