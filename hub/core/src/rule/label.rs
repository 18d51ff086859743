//! Tests of one label, exact or by a regular expression, as Alertmanager writes them.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Memory that one expression may take, bytes.
const EXPRESSION_BYTES: usize = 64 * 1024;

/// What a label must be, or must not be. A label that is missing is an empty one; case counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelMatch {
    pub name: String,
    pub value: String,
    /// `value` is a regular expression that must fit the whole label.
    #[serde(default)]
    pub is_regex: bool,
    /// `false`: the label must differ. `true` if absent.
    #[serde(default = "yes")]
    pub is_equal: bool,
}

fn yes() -> bool {
    true
}

/// A test, ready to be asked; in linear time whatever the expression.
#[derive(Debug, Clone)]
pub struct LabelTest {
    pub name: String,
    value: Value,
    is_equal: bool,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Expression(Box<Regex>),
}

impl LabelTest {
    /// Fails with the reason if the expression is none, or needs too much memory.
    pub fn new(said: &LabelMatch) -> Result<Self, String> {
        let value = if said.is_regex {
            let whole = format!("^(?:{})$", said.value);
            let built = RegexBuilder::new(&whole).size_limit(EXPRESSION_BYTES).build();
            Value::Expression(Box::new(built.map_err(|err| err.to_string())?))
        } else {
            Value::Text(said.value.clone())
        };
        Ok(Self { name: said.name.clone(), value, is_equal: said.is_equal })
    }

    /// Of a label that is missing, ask with the empty text.
    pub fn fits(&self, label: &str) -> bool {
        let is_so = match &self.value {
            Value::Text(text) => text == label,
            Value::Expression(expression) => expression.is_match(label),
        };
        is_so == self.is_equal
    }
}
