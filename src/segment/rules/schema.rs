//! What may a rule speak of, and of which type is a value?

use crate::error::Code;
use crate::segment::rules::definitions::Definitions;
use crate::segment::rules::format::{format_name, format_value};
use crate::segment::rules::rule_error::RuleError;
use crate::segment::rules::tree::{Aggregate, Function, Measure, Operand, Place, Reference, Value};
use crate::table::column::ColumnType;
use crate::table::date::parse_iso_day;
use crate::table::table::{nearest_names, plural};

/// Columns by name and type, in the table's order.
pub type Columns = [(String, ColumnType)];

/// What a rule may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    /// The table's columns.
    pub columns: &'a Columns,
    /// The columns of the customers' orders.
    pub orders: OrderColumns<'a>,
    /// The study's segments and parameters; without them any may be spoken of.
    pub definitions: Option<&'a Definitions>,
}

/// The columns of the customers' orders.
#[derive(Clone, Copy, Debug)]
pub enum OrderColumns<'a> {
    /// Not known: whatever a rule says of orders is taken for right.
    Unchecked,
    /// There are no orders.
    Absent,
    /// Known.
    Present {
        /// By name and type.
        columns: &'a Columns,
        /// The column with the order's day.
        date: Option<&'a str>,
    },
}

impl<'a> Schema<'a> {
    /// A table's columns alone; orders, segments and parameters are not checked.
    pub fn of(columns: &'a Columns) -> Schema<'a> {
        Schema { columns, orders: OrderColumns::Unchecked, definitions: None }
    }

    /// What a rule about orders may speak of; none where orders are not checked.
    ///
    /// # Errors
    /// Where there are no orders.
    pub fn of_orders(&self, place: Place) -> Result<Option<Schema<'a>>, RuleError> {
        match self.orders {
            OrderColumns::Unchecked => Ok(None),
            OrderColumns::Present { columns, .. } => {
                Ok(Some(Schema { columns, orders: OrderColumns::Absent, definitions: self.definitions }))
            }
            OrderColumns::Absent => Err(RuleError::new(
                Code::RuleType,
                place,
                "There are no orders here: the rule speaks of orders, and only customers who come with an order table have them.",
            )),
        }
    }

    /// The column with the order's day.
    ///
    /// # Errors
    /// Where orders have none.
    pub fn order_date(&self, place: Place) -> Result<Option<&'a str>, RuleError> {
        match self.orders {
            OrderColumns::Present { date: None, .. } => Err(RuleError::new(
                Code::RuleType,
                place,
                "The orders have no column with the role “date”, so that nothing is known of when they were made.",
            )),
            OrderColumns::Present { date, .. } => Ok(date),
            _ => Ok(None),
        }
    }

    /// A column's type.
    ///
    /// # Errors
    /// `unknown-column`, with the nearest names.
    pub fn column(&self, name: &str, place: Place) -> Result<ColumnType, RuleError> {
        match self.columns.iter().find(|(known, _)| known == name) {
            Some((_, kind)) => Ok(*kind),
            None => {
                let nearest = nearest_names(name, self.columns.iter().map(|(known, _)| known.as_str()));
                let hint = nearest.first().map(|best| format!(" Did you mean “{best}”?")).unwrap_or_default();
                let message = format!("There is no column “{name}”.{hint}");
                let names = nearest.iter().map(|name| format_name(name));
                Err(RuleError::new(Code::UnknownColumn, place, message).column(name).suggest(names))
            }
        }
    }

    /// The literal that a parameter stands for; the operand itself where it is none, or where nothing is defined.
    ///
    /// # Errors
    /// `not-found`
    pub fn resolved<'o>(&self, operand: &'o Operand) -> Result<&'o Value, RuleError>
    where
        'a: 'o,
    {
        match (&operand.value, self.definitions) {
            (Value::Parameter(name), Some(definitions)) => definitions.parameter(name, operand.place),
            (value, _) => Ok(value),
        }
    }

    /// The type of a value; none where it depends on what is not known here.
    ///
    /// # Errors
    /// Unknown names, and parts that do not fit together.
    pub fn kind(&self, operand: &Operand) -> Result<Option<ColumnType>, RuleError> {
        match self.resolved(operand)? {
            Value::Number(_) => Ok(Some(ColumnType::Number)),
            Value::Text(_) => Ok(Some(ColumnType::Text)),
            Value::Day(_) => Ok(Some(ColumnType::Date)),
            Value::Boolean(_) => Ok(Some(ColumnType::Boolean)),
            Value::Column(name) => self.column(name, operand.place).map(Some),
            Value::Parameter(_) => Ok(None),
            Value::Calculation(_, sides) => {
                for side in sides.iter() {
                    self.expect(side, &[ColumnType::Number], "A calculation takes numbers")?;
                }
                Ok(Some(ColumnType::Number))
            }
            Value::Call(function, operands) => self.call(*function, operands),
            Value::Orders(aggregate) => self.aggregate(aggregate, operand.place),
        }
    }

    /// Refuses a value of another type.
    fn expect(&self, operand: &Operand, kinds: &[ColumnType], what: &str) -> Result<(), RuleError> {
        let Some(kind) = self.kind(operand)? else { return Ok(()) };
        let day = kinds.contains(&ColumnType::Date)
            && matches!(self.resolved(operand)?, Value::Text(text) if parse_iso_day(text).is_ok());
        if day || kinds.contains(&kind) {
            return Ok(());
        }
        let message = format!("{what}, and {} is one of the {}.", format_value(&operand.value), plural(kind));
        Err(RuleError::new(Code::RuleType, operand.place, message))
    }

    fn call(&self, function: Function, operands: &[Operand]) -> Result<Option<ColumnType>, RuleError> {
        use ColumnType::{Date, List, Number, Text, Time};
        let name = function.name();
        let kinds: &[ColumnType] = match function {
            Function::Length => &[Text, List],
            Function::Absolute | Function::DistanceKm | Function::DistanceMiles => &[Number],
            Function::Hour => &[Time],
            Function::PercentileRank => &[Number, Date, Time],
            Function::Random => &[Number, Text, Date, Time],
            _ => &[Date, Time],
        };
        let (first, rest) = match function {
            Function::PercentileRank | Function::Random => operands.split_at(operands.len().min(1)),
            _ => (operands, &[][..]),
        };
        for operand in first {
            let of_column = matches!(operand.value, Value::Column(_));
            if !of_column && matches!(function, Function::PercentileRank | Function::Random) {
                let message = format!("{name}(…) takes a column’s name first.");
                return Err(RuleError::new(Code::RuleType, operand.place, message));
            }
            let said: Vec<&str> = kinds.iter().map(|kind| plural(*kind)).collect();
            self.expect(operand, kinds, &format!("{name}(…) takes {}", said.join(", ")))?;
        }
        for operand in rest {
            let right = match (function, self.resolved(operand)?) {
                (Function::PercentileRank, Value::Column(group)) => self.column(group, operand.place)? != List,
                (Function::Random, Value::Text(_) | Value::Parameter(_)) => true,
                _ => false,
            };
            if !right {
                let what =
                    if function == Function::Random { "a seed in single quotes" } else { "a column that makes groups" };
                let message = format!("{name}(…) takes {what} second, not {}.", format_value(&operand.value));
                return Err(RuleError::new(Code::RuleType, operand.place, message));
            }
        }
        Ok(Some(if function == Function::ReferenceDate { Date } else { Number }))
    }

    /// The type of what orders come to. What is asked of the orders is checked by `check`.
    fn aggregate(&self, aggregate: &Aggregate, place: Place) -> Result<Option<ColumnType>, RuleError> {
        let orders = self.of_orders(place)?;
        let measured = match (&aggregate.of, orders) {
            (Some(of), Some(orders)) => Some(orders.measured(of, aggregate.measure)?),
            _ => None,
        };
        Ok(match aggregate.measure {
            Measure::Orders | Measure::Lines | Measure::Days | Measure::Distinct | Measure::Sum | Measure::Average => {
                Some(ColumnType::Number)
            }
            Measure::List => Some(ColumnType::List),
            _ => measured,
        })
    }

    /// The type of a column of orders, if it can be measured so.
    fn measured(&self, of: &Reference, measure: Measure) -> Result<ColumnType, RuleError> {
        let kind = self.column(&of.name, of.place)?;
        let wanted = match measure {
            Measure::Sum | Measure::Average => "numbers",
            Measure::Minimum | Measure::Maximum => "numbers, texts or dates",
            Measure::List => "texts",
            _ => "single values",
        };
        let right = match measure {
            Measure::Sum | Measure::Average => kind == ColumnType::Number,
            Measure::Minimum | Measure::Maximum => !matches!(kind, ColumnType::Boolean | ColumnType::List),
            Measure::List => matches!(kind, ColumnType::Text | ColumnType::List),
            _ => kind != ColumnType::List,
        };
        if right {
            return Ok(kind);
        }
        let message = format!("“{}” holds {}, {wanted} are needed here.", of.name, plural(kind));
        Err(RuleError::new(Code::RuleType, of.place, message).column(&of.name))
    }
}
