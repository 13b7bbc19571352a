//! Cohorts against a twin that counts every cell by looking at every order, and what must hold of them whatever the rows.

use marquetry::features::customers::{CustomersOptions, PurchasesJob};
use marquetry::features::purchases::PurchaseDays;
use marquetry::job::run;
use marquetry::math::rng::Rng;
use marquetry::table::bitmap::Bitmap;
use marquetry::table::column::Column;
use marquetry::table::date::to_civil;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use marquetry::table::texts::TextsBuilder;
use marquetry::value::cohorts::cohorts;
use marquetry::value::periods::Period;
use std::rc::Rc;

type Line = (u32, i32, f64);

/// Whole amounts, so that sums are exact in any order. One in twenty is a refund.
fn lines(seed: u64) -> Vec<Line> {
    let mut rng = Rng::new(seed);
    (0..3_000)
        .map(|_| {
            let customer = rng.below(400) as u32;
            let money = rng.below(100) as f64;
            let sign = if rng.below(20) == 0 { -1.0 } else { 1.0 };
            (customer, 19_000 + (customer as usize + rng.below(500)) as i32, sign * (money + 1.0))
        })
        .collect()
}

fn purchases(lines: &[Line]) -> PurchaseDays {
    let mut ids = TextsBuilder::default();
    lines.iter().for_each(|line| _ = ids.push(&line.0.to_string()));
    let columns = vec![
        Column::text("id", Role::CustomerId, ids.finish(), Bitmap::ones(lines.len())),
        Column::date("day", Role::Date, lines.iter().map(|line| line.1).collect()),
        Column::number("money", Role::Amount, lines.iter().map(|line| line.2).collect()),
    ];
    let table = Rc::new(Table::computed(columns, Kind::Orders));
    run(&mut PurchasesJob::new(table, &CustomersOptions::default()).unwrap(), &[]).unwrap().0
}

/// Months as anybody would number them.
fn month(day: i32) -> i32 {
    let (year, month, _) = to_civil(day);
    year * 12 + month as i32 - 1
}

#[test]
fn every_cell_is_that_of_a_naive_count() {
    for seed in 1..6 {
        let lines = lines(seed);
        let found = purchases(&lines);
        let end = lines.iter().map(|line| line.1).max().unwrap();
        let first = |customer: u32| {
            lines.iter().filter(|line| line.0 == customer && line.2 >= 0.0).map(|line| month(line.1)).min()
        };
        // Only customers with an even number count.
        let counts: Vec<bool> =
            (0..found.customers()).map(|at| found.ids.value(at as u32).parse::<u32>().unwrap() % 2 == 0).collect();
        let cohorts = cohorts(&found, &counts, Period::Month).unwrap();
        let mut customers = 0;
        for cohort in &cohorts.cohorts {
            let own: Vec<u32> = (0..400).step_by(2).filter(|&one| first(one) == Some(cohort.period)).collect();
            assert_eq!(cohort.customers as usize, own.len());
            assert_eq!(cohort.active.len() as i32, month(end) - cohort.period + 1);
            customers += own.len();
            for since in 0..cohort.active.len() {
                let then = |line: &&Line| own.contains(&line.0) && month(line.1) == cohort.period + since as i32;
                let orders = lines.iter().filter(then).filter(|line| line.2 >= 0.0);
                let active = own.iter().filter(|one| orders.clone().any(|line| line.0 == **one)).count();
                assert_eq!(cohort.active[since] as usize, active);
                assert_eq!(cohort.orders[since] as usize, orders.count());
                assert_eq!(cohort.revenue[since], lines.iter().filter(then).map(|line| line.2).sum::<f64>());
            }
        }
        // Every customer and every coin is somewhere.
        let meant = (0..400).step_by(2).filter(|one| lines.iter().any(|line| line.0 == *one)).count();
        assert_eq!(customers + cohorts.without_orders as usize, meant);
        let placed: f64 = cohorts.cohorts.iter().flat_map(|cohort| &cohort.revenue).sum();
        let all: f64 = lines.iter().filter(|line| line.0 % 2 == 0).map(|line| line.2).sum();
        assert_eq!(placed + cohorts.unplaced.1, all);
    }
}

#[test]
fn the_order_of_rows_does_not_matter_and_too_many_cells_are_refused() {
    let mut rows = lines(9);
    let everyone = |found: &PurchaseDays| vec![true; found.customers()];
    let of = |rows: &[Line], by| {
        let found = purchases(rows);
        cohorts(&found, &everyone(&found), by)
    };
    let before = of(&rows, Period::Week).unwrap();
    rows.reverse();
    assert_eq!(of(&rows, Period::Week).unwrap(), before);
    // A thousand years of weeks, a customer in each.
    let ages: Vec<Line> = (0..52_000).map(|week| (week, week as i32 * 7, 1.0)).collect();
    let refused = of(&ages, Period::Week).unwrap_err();
    assert_eq!(refused.code.as_str(), "limit-exceeded");
    assert_eq!(of(&ages, Period::Year).unwrap().cohorts.len(), 997);
}
