//! A rule over real customers, against a plain count over the raw cells.

use marquetry::segment::rules::counts::{Revenue, RuleCounts, counts};
use marquetry::segment::rules::evaluate::{Context, evaluate};
use marquetry::segment::rules::parse::parse;
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::Column;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;

/// `Contract`, `TotalCharges` and `MonthlyCharges` as they stand in the file; nothing where the file is absent.
fn raw_cells() -> Option<Vec<[String; 3]>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/telco_customer_churn.csv");
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        println!("skipped: 1 (telco_customer_churn.csv is not there)");
        return None;
    };
    let headers = reader.headers().unwrap().clone();
    let position = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let wanted = ["Contract", "TotalCharges", "MonthlyCharges"].map(position);
    Some(reader.records().map(|row| row.unwrap()).map(|row| wanted.map(|index| row[index].to_string())).collect())
}

/// Blank cells are missing.
fn table(cells: &[[String; 3]]) -> Table {
    let mut contracts = TextsBuilder::default();
    cells.iter().for_each(|[contract, ..]| {
        contracts.push(contract);
    });
    let numbers = |index: usize| cells.iter().map(|row| row[index].trim().parse().unwrap_or(f64::NAN)).collect();
    let columns = vec![
        Column::text("Contract", Role::Other, contracts.finish(), Bitmap::ones(cells.len())),
        Column::number("TotalCharges", Role::Amount, numbers(1)),
        Column::number("MonthlyCharges", Role::Other, numbers(2)),
    ];
    Table::computed(columns, Kind::Customers)
}

fn count(table: &Table, text: &str) -> RuleCounts {
    let verdict = evaluate(&parse(text).unwrap(), table, &Context::on(0)).unwrap();
    let column = table.column("TotalCharges").unwrap();
    let revenue = Revenue::of(column).unwrap();
    counts(&verdict, Some(revenue))
}

#[test]
fn in_out_and_unknown_equal_a_count_over_the_raw_cells() {
    let Some(cells) = raw_cells() else { return };
    let table = table(&cells);
    assert_eq!(cells.len(), 7_043);
    let (mut within, mut out, mut unknown) = (0, 0, 0);
    for [contract, total, _] in &cells {
        let blank = total.trim().is_empty();
        if contract != "Month-to-month" || (!blank && total.parse::<f64>().unwrap() <= 1000.0) {
            out += 1;
        } else if blank {
            unknown += 1;
        } else {
            within += 1;
        }
    }
    let found = count(&table, "Contract = 'Month-to-month' and TotalCharges > 1000");
    assert_eq!((found.within, found.out, found.unknown), (within, out, unknown));
    assert!(within > 1_000);
    // All 11 blanks are unknown to the condition on the blank column. None of them has a monthly contract, so that with
    // "and" they are out for certain, and with "or" they stay open unless the other half holds.
    assert_eq!(found.children[1].unknown, 11);
    let blanks = cells.iter().filter(|[_, total, _]| total.trim().is_empty());
    let open = blanks.clone().filter(|[contract, ..]| contract == "Month-to-month").count();
    assert_eq!(unknown, open);
    let either = count(&table, "Contract = 'Month-to-month' or TotalCharges > 1000");
    assert_eq!(either.unknown, 11 - open);

    assert_eq!(count(&table, "TotalCharges > 1000 treat missing as 0").unknown, 0);
    let moved = count(&table, "TotalCharges > 1000 treat missing as 2000").within - found.children[1].within;
    assert_eq!(moved, 11);
    assert_eq!(count(&table, "TotalCharges is missing").within, 11);
}

#[test]
fn revenue_is_that_of_the_members() {
    let Some(cells) = raw_cells() else { return };
    let found = count(&table(&cells), "Contract = 'Two year' and TotalCharges >= MonthlyCharges");
    let cents: i64 = cells
        .iter()
        .filter(|[contract, ..]| contract == "Two year")
        .filter_map(|[_, total, monthly]| total.parse::<f64>().ok().zip(monthly.parse::<f64>().ok()))
        .filter(|(total, monthly)| total >= monthly)
        .map(|(total, _)| (total * 100.0).round() as i64)
        .sum();
    assert_eq!((found.revenue.unwrap() * 100.0).round() as i64, cents);
}
