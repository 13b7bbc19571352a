//! How are the parts of a rule called, in text and in JSON?

use crate::segment::rules::tree::{Arithmetic, Comparison, Direction, End, Function, Measure, Unit, Which};

/// Function by function its name and how many values it takes.
pub const FUNCTIONS: [(Function, &str, std::ops::RangeInclusive<usize>); 14] = [
    (Function::Length, "length", 1..=1),
    (Function::Absolute, "absolute", 1..=1),
    (Function::Year, "year", 1..=1),
    (Function::Quarter, "quarter", 1..=1),
    (Function::Month, "month", 1..=1),
    (Function::Day, "day", 1..=1),
    (Function::Weekday, "weekday", 1..=1),
    (Function::Hour, "hour", 1..=1),
    (Function::DaysBetween, "days_between", 2..=2),
    (Function::ReferenceDate, "reference_date", 0..=0),
    (Function::DistanceKm, "distance_km", 4..=4),
    (Function::DistanceMiles, "distance_miles", 4..=4),
    (Function::PercentileRank, "percentile_rank", 1..=2),
    (Function::Random, "random", 2..=2),
];

impl Function {
    /// As it is written in rules and JSON.
    pub fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(function, ..)| *function == self).map_or("", |(_, name, _)| name)
    }

    /// The function of this name, in any case, with the number of values it takes.
    pub fn named(name: &str) -> Option<(Function, std::ops::RangeInclusive<usize>)> {
        let found = FUNCTIONS.into_iter().find(|(_, known, _)| name.eq_ignore_ascii_case(known));
        found.map(|(function, _, takes)| (function, takes))
    }
}

impl Arithmetic {
    /// All of them.
    pub const ALL: [Arithmetic; 4] = [Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply, Arithmetic::Divide];

    /// As it is written in rules and JSON.
    pub fn symbol(self) -> &'static str {
        ["+", "-", "*", "/"][self as usize]
    }
}

/// The measures by the words of rules and JSON. `Orders` and `Lines` are both "count"; `Nth` is named apart.
pub const MEASURES: [(Measure, &str); 10] = [
    (Measure::Distinct, "distinct"),
    (Measure::Sum, "sum"),
    (Measure::Average, "avg"),
    (Measure::Minimum, "min"),
    (Measure::Maximum, "max"),
    (Measure::First, "first"),
    (Measure::Last, "last"),
    (Measure::MostFrequent, "most_frequent"),
    (Measure::List, "list"),
    (Measure::Days, "days_active"),
];

impl Measure {
    /// Whether it is of a column of orders, rather than of the orders themselves.
    pub fn has_column(self) -> bool {
        !matches!(self, Measure::Orders | Measure::Lines | Measure::Days)
    }

    /// Whether a customer without orders has 0 rather than nothing.
    pub fn is_zero_for_none(self) -> bool {
        matches!(self, Measure::Orders | Measure::Lines | Measure::Days | Measure::Distinct | Measure::Sum)
    }
}

/// All comparisons.
pub const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Greater,
    Comparison::AtLeast,
];

/// The months as they are written behind `from`, from January on.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Comparison {
    /// As it is written in rules and JSON.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::Greater => ">",
            Comparison::AtLeast => ">=",
        }
    }
}

impl Unit {
    /// The unit in the singular.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }

    /// The unit by its name in the singular or plural, any case.
    pub fn named(name: &str) -> Option<Unit> {
        let name = name.to_ascii_lowercase();
        Unit::ALL.into_iter().find(|unit| name.strip_suffix('s').unwrap_or(&name) == unit.name())
    }
}

impl Direction {
    /// As it is written in rules and JSON.
    pub fn name(self) -> &'static str {
        ["last", "next"][self as usize]
    }
}

impl Which {
    /// All of them.
    pub const ALL: [Which; 3] = [Which::Previous, Which::This, Which::Next];

    /// As it is written in rules and JSON.
    pub fn name(self) -> &'static str {
        ["previous", "this", "next"][self as usize]
    }
}

impl End {
    /// As it is written in rules and JSON.
    pub fn name(self) -> &'static str {
        ["top", "bottom"][self as usize]
    }
}
