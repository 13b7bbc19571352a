//! k-prototypes and latent classes against published and independently computed numbers, and what must hold of them whatever
//! the data.

use crate::common::cluster_data::{adjusted_rand, cluster, mixed_reference, normal, texts};
use crate::common::{load, shared};
use marquetry::error::Code;
use marquetry::math::rng::Rng;
use marquetry::segment::cluster::clustering::Clustering;
use marquetry::segment::cluster::job::ClusterJob;
use marquetry::segment::cluster::model::Model;
use marquetry::table::column::Column;
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use serde_json::{Value, json};
use std::rc::Rc;

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} is not {expected}");
}

/// Clusters by JSON options, with what holds of every result.
fn run(data: &Rc<Table>, options: Value) -> Clustering {
    let found = cluster(data, serde_json::from_value(options).unwrap());
    assert_eq!(found.apply(data).unwrap(), found.assignments, "apply on the rows fitted gives the assignments");
    assert_eq!(found.sizes.iter().sum::<usize>(), found.assignments.iter().filter(|&&cluster| cluster >= 0).count());
    assert!(found.sizes.windows(2).all(|pair| pair[0] >= pair[1]) && found.sizes.iter().all(|&size| size > 0));
    assert_eq!((found.sizes.len(), found.centers.len(), found.quality.stability.len()), (found.k, found.k, found.k));
    let within: f64 = found.variables.iter().map(|one| one.within_ss).sum();
    near(within, found.inertia, 1e-9);
    let json = serde_json::to_string(&found).unwrap();
    assert!(!json.contains("null"), "every number is a number: {json}");
    found
}

fn fails(data: &Rc<Table>, options: Value) -> marquetry::error::Error {
    ClusterJob::new(Rc::clone(data), serde_json::from_value(options).unwrap(), 1).unwrap_err()
}

fn stocks() -> Option<Rc<Table>> {
    mixed_reference("stocks.csv", false)
}

#[test]
fn stocks_by_value_sector_and_country() {
    let Some(stocks) = stocks() else { return };
    let features = json!([{ "column": "c1", "transform": "none" }, "c2", "c3"]);
    let found = run(&stocks, json!({ "method": "kprototypes", "features": features, "k": 4 }));
    println!("{:?}", found.notices);
    near(found.gamma.unwrap(), 69.903336, 1e-6);
    near(found.inertia, 1664.470855, 1e-6);
    let expected = [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3];
    assert_eq!(adjusted_rand(&found.assignments, &expected), 1.0);
    assert!(found.notices.iter().any(|notice| notice.contains("gamma") && notice.contains("69.9")));
    assert!(found.notices.iter().any(|notice| notice.contains("Cao") && notice.contains("Huang")));
}

#[test]
fn consumer_segments_by_numbers_and_categories() {
    let Some(people) = mixed_reference("consumer_segments_simulated.csv", true) else { return };
    let number = |name: &str| json!({ "column": name, "transform": "z" });
    let features = json!([number("age"), number("income"), number("kids"), "gender", "ownHome", "subscribe"]);
    for (k, expected) in [(3, 524.147033), (4, 425.917488)] {
        let options = json!({ "method": "kprototypes", "features": features, "k": k, "gamma": 0.5 });
        let found = run(&people, options);
        println!("k = {k}: {} {:?} {:?}", found.inertia, found.sizes, found.notices);
        near(found.inertia, expected, 1e-6);
        assert_eq!(found.gamma, Some(0.5));
        let usual = run(&people, json!({ "method": "kprototypes", "features": features, "k": k }));
        near(usual.gamma.unwrap(), 0.5, 1e-12);
        near(usual.inertia, expected, 1e-6);
        // Centres are means: of numbers in own units, of levels the share of members who have them.
        let at = |name: &str| found.features.iter().position(|feature| feature == name).unwrap();
        let ages = people.numbers("age").unwrap();
        for (cluster, size) in found.sizes.iter().enumerate() {
            let members = || (0..300).filter(|&row| found.assignments[row] == cluster as i32);
            near(found.centers[cluster][at("age")], members().map(|row| ages[row]).sum::<f64>() / *size as f64, 1e-9);
            let (male, female) = (at("gender = Male"), at("gender = Female"));
            near(found.centers[cluster][male] + found.centers[cluster][female], 1.0, 1e-9);
        }
    }
}

#[test]
fn soybeans_by_modes() {
    let Some(soybeans) = mixed_reference("soybean_small.csv", false) else { return };
    let features: Vec<Value> = (0..35).map(|at| json!({ "column": format!("c{at}"), "kind": "category" })).collect();
    for (k, expected) in [(2, 308.0), (3, 236.0), (4, 199.0), (5, 176.0)] {
        let found = run(&soybeans, json!({ "method": "kprototypes", "features": features, "k": k }));
        println!("k = {k}: {} {:?} {:?}", found.inertia, found.sizes, found.notices.last());
        near(found.inertia, expected, 1e-9);
        assert_eq!(found.gamma, Some(1.0));
    }
}

fn survey(name: &str, more: Value) -> Option<Clustering> {
    let data = mixed_reference(name, true)?;
    let mut options = json!({ "method": "latent-class", "features": data.columns.iter().map(|one| one.name.clone()).collect::<Vec<_>>() });
    more.as_object().unwrap().iter().for_each(|(name, value)| options[name] = value.clone());
    Some(run(&data, options))
}

fn shares(found: &Clustering) -> Vec<f64> {
    let Model::Classes { shares, .. } = &found.model else { panic!("{:?}", found.model) };
    let mut shares = shares.clone();
    shares.sort_by(f64::total_cmp);
    shares
}

#[test]
fn carcinoma_as_polca_has_it() {
    for (k, expected) in [(1, -524.46482), (2, -317.25684), (3, -293.70498), (4, -289.28585)] {
        let Some(found) = survey("carcinoma.csv", json!({ "k": k })) else { return };
        println!(
            "k = {k}: {:?} in {} passes, {:?}, {:?}",
            found.log_likelihood, found.iterations, found.starts_at_best, found.notices
        );
        near(found.log_likelihood.unwrap(), expected, 1e-6 / 50.0);
        assert!(found.converged && found.starts_at_best.unwrap() >= 1);
        if k == 3 {
            near(found.aic.unwrap(), 633.40996, 1e-6);
            near(found.bic.unwrap(), 697.1357, 1e-6);
            let goodness = found.goodness.unwrap();
            near(goodness.g_squared, 15.261712, 1e-3);
            near(goodness.chi_squared, 20.503356, 1e-3);
            shares(&found)
                .iter()
                .zip([0.18171, 0.37356, 0.44473])
                .for_each(|(&share, expected)| near(share, expected, 1e-3));
            assert!((0.5..1.0).contains(&found.entropy_r2.unwrap()));
        }
    }
}

#[test]
fn values_as_polca_has_them() {
    for (k, expected) in [(1, -543.64982), (2, -504.46767), (3, -503.30114)] {
        let Some(found) = survey("values.csv", json!({ "k": k })) else { return };
        println!("k = {k}: {:?} in {} passes, {:?}", found.log_likelihood, found.iterations, found.starts_at_best);
        near(found.log_likelihood.unwrap(), expected, 1e-6);
        if k == 2 {
            near(found.aic.unwrap(), 1026.9353, 1e-6);
            shares(&found).iter().zip([0.27925, 0.72075]).for_each(|(&share, expected)| near(share, expected, 1e-3));
        }
    }
}

/// Planted kinds of customers: two numbers and three categories, each of which says the kind most of the time.
fn customers(seed: u64, rows: usize, kinds: usize) -> (Vec<Vec<String>>, Vec<i32>) {
    let mut rng = Rng::new(seed);
    let mut cells = vec![Vec::new(); 5];
    let mut planted = Vec::new();
    for row in 0..rows {
        let kind = row % kinds;
        planted.push(kind as i32);
        cells[0].push((kind as f64 * 6.0 + normal(&mut rng)).to_string());
        cells[1].push((kind as f64 * -5.0 + normal(&mut rng)).to_string());
        for (at, column) in cells[2..].iter_mut().enumerate() {
            let said = if rng.unit() < 0.9 { kind } else { rng.below(kinds) };
            column.push(format!("{}{said}", ["plan ", "town ", "use "][at]));
        }
    }
    (cells, planted)
}

const NAMES: [&str; 5] = ["spend", "visits", "plan", "town", "use"];

fn made(cells: &[Vec<String>], order: &[usize]) -> Rc<Table> {
    let column = |&at: &usize| {
        let values: Vec<&str> = cells[at].iter().map(String::as_str).collect();
        if at < 2 {
            let numbers = values.iter().map(|value| value.parse().unwrap_or(f64::NAN)).collect();
            Column::number(NAMES[at], Role::Other, numbers)
        } else {
            texts(NAMES[at], &values)
        }
    };
    Rc::new(Table::computed(order.iter().map(column).collect(), Kind::Customers))
}

fn mixed(k: usize) -> Value {
    json!({ "method": "kprototypes", "features": NAMES, "k": k })
}

fn latent(k: usize) -> Value {
    json!({ "method": "latent-class", "features": NAMES[2..], "k": k })
}

const ORDER: [usize; 5] = [0, 1, 2, 3, 4];

fn permuted(cells: &[Vec<String>], order: &[usize]) -> Vec<Vec<String>> {
    cells.iter().map(|column| order.iter().map(|&row| column[row].clone()).collect()).collect()
}

#[test]
fn order_of_rows_and_columns_and_names_of_levels_do_not_matter() {
    let (cells, planted) = customers(1, 300, 3);
    let data = made(&cells, &ORDER);
    let mut order: Vec<usize> = (0..300).collect();
    let mut rng = Rng::new(2);
    (1..300).rev().for_each(|at| order.swap(at, rng.below(at + 1)));
    let shuffled = made(&permuted(&cells, &order), &ORDER);
    let mut renamed = cells.clone();
    renamed[2..].iter_mut().flatten().for_each(|text| *text = format!("zz {}", text.chars().rev().collect::<String>()));
    for options in [mixed(3), latent(3)] {
        let one = run(&data, options.clone());
        assert!(adjusted_rand(&one.assignments, &planted) > 0.75, "the kinds that were planted are found");
        assert_eq!(one, run(&data, options.clone()), "the seed decides everything");
        let two = run(&shuffled, options.clone());
        let back: Vec<i32> = order.iter().map(|&row| one.assignments[row]).collect();
        assert_eq!(adjusted_rand(&two.assignments, &back), 1.0);
        let three = run(&made(&cells, &[4, 1, 3, 0, 2]), options.clone());
        assert_eq!(adjusted_rand(&three.assignments, &one.assignments), 1.0);
        let four = run(&made(&renamed, &ORDER), options);
        assert_eq!(adjusted_rand(&four.assignments, &one.assignments), 1.0);
        for other in [two, three, four] {
            near(other.inertia, one.inertia, 1e-9);
            near(other.log_likelihood.unwrap_or(1.0), one.log_likelihood.unwrap_or(1.0), 1e-9);
        }
    }
}

#[test]
fn every_row_twice_is_the_same_partition_twice() {
    let (cells, _) = customers(3, 150, 3);
    let twice: Vec<usize> = (0..150).flat_map(|row| [row, row]).collect();
    for options in [mixed(3), latent(3)] {
        let one = run(&made(&cells, &ORDER), options.clone());
        let two = run(&made(&permuted(&cells, &twice), &ORDER), options);
        let doubled: Vec<i32> = one.assignments.iter().flat_map(|&cluster| [cluster, cluster]).collect();
        assert_eq!(adjusted_rand(&two.assignments, &doubled), 1.0);
        near(two.inertia, 2.0 * one.inertia, 1e-9);
        near(two.log_likelihood.unwrap_or(2.0), 2.0 * one.log_likelihood.unwrap_or(1.0), 1e-9);
    }
}

#[test]
fn a_constant_category_is_left_out_and_more_clusters_than_rows_are_fewer() {
    let (mut cells, _) = customers(5, 120, 3);
    let one = run(&made(&cells, &ORDER), json!({ "method": "latent-class", "features": ["plan", "town"], "k": 2 }));
    cells[4] = vec!["same".into(); 120];
    let two = run(&made(&cells, &ORDER), latent(2));
    assert_eq!(two.assignments, one.assignments);
    assert!(two.notices.iter().any(|notice| notice.contains("“use” has one single value")), "{:?}", two.notices);
    for (options, most) in [(latent(40), 9), (mixed(300), 120)] {
        let many = run(&made(&cells, &ORDER), options);
        assert!(many.k <= most, "{}", many.k);
        assert!(many.notices.iter().any(|notice| notice.contains("different rows")), "{:?}", many.notices);
    }
    let nothing = json!({ "method": "kprototypes", "features": ["use"], "k": 2 });
    assert_eq!(run(&made(&cells, &ORDER), nothing).k, 1);
}

#[test]
fn missing_values_go_where_they_were_sent() {
    let (mut cells, planted) = customers(7, 240, 3);
    (0..240).step_by(12).for_each(|row| cells[2][row] = String::new());
    (0..240).step_by(40).for_each(|row| cells[0][row] = String::new());
    cells[2..].iter_mut().for_each(|column| column[30] = String::new());
    let data = made(&cells, &ORDER);
    let with = |mut options: Value, missing: &str| {
        options["missing"] = missing.into();
        run(&data, options)
    };
    let out = |found: &Clustering| found.assignments.iter().filter(|&&cluster| cluster < 0).count();
    let dropped = with(mixed(3), "drop");
    let lacking = (0..240).filter(|row| row % 12 == 0 || row % 40 == 0 || *row == 30).count();
    assert_eq!(out(&dropped), lacking);
    let own = with(mixed(3), "category");
    assert_eq!(out(&own), 6, "rows that lack a number are left out");
    assert!(own.features.iter().any(|name| name == "plan is missing"), "{:?}", own.features);
    let filled = with(mixed(3), "median");
    assert_eq!(out(&filled), 0);
    assert!(filled.notices.iter().any(|notice| notice.contains("“plan” is missing in 21 rows; its most frequent")));
    let likely = run(&data, latent(3));
    assert_eq!(likely.assignments[30], -1, "a row without any answer belongs nowhere");
    assert_eq!(out(&likely), 1);
    assert!(likely.goodness.is_none());
    let known: Vec<usize> = (0..240).filter(|&row| row != 30).collect();
    let pick = |labels: &[i32]| known.iter().map(|&row| labels[row]).collect::<Vec<i32>>();
    assert!(adjusted_rand(&pick(&likely.assignments), &pick(&planted)) > 0.7);
    // With one class the likelihood is that of each question by itself, over those who answered it.
    let mut expected = 0.0;
    for column in &cells[2..] {
        let given: Vec<&String> = column.iter().filter(|text| !text.is_empty()).collect();
        let share = |text: &String| given.iter().filter(|other| **other == text).count() as f64 / given.len() as f64;
        expected += given.iter().map(|text| libm::log(share(text))).sum::<f64>();
    }
    near(run(&data, latent(1)).log_likelihood.unwrap(), expected, 1e-9);
    assert!(with(latent(3), "category").features.iter().any(|name| name == "plan is missing"));
}

#[test]
fn what_a_model_has_never_seen_is_counted_and_placed_by_the_rest() {
    let (mut cells, _) = customers(9, 200, 2);
    let data = made(&cells, &ORDER);
    let (one, two) = (run(&data, mixed(2)), run(&data, latent(2)));
    assert_eq!(one.check(&data).unwrap(), []);
    (0..7).for_each(|row| cells[2][row] = "plan new".into());
    cells[3][9] = String::new();
    let other = made(&cells, &ORDER);
    for found in [one, two] {
        let unknown = found.check(&other).unwrap();
        println!("{unknown:?}");
        assert_eq!((unknown.len(), unknown[0].column.as_str(), unknown[1].missing), (2, "plan", 1));
        assert_eq!((unknown[0].unseen_rows, unknown[0].unseen[0].n), (7, 7));
        assert_eq!(unknown[0].unseen[0].value, "plan new");
        let placed = found.apply(&other).unwrap();
        assert!((0..7).all(|row| placed[row] >= 0));
        assert_eq!(placed[10..], found.assignments[10..]);
        let texts: Vec<&str> = vec!["never seen"; 3];
        let strange = ["plan", "town", "use"].map(|name| texts_column(name, &texts));
        let numbers = ["spend", "visits"].map(|name| Column::number(name, Role::Other, vec![0.0; 3]));
        let strange = Table::computed(strange.into_iter().chain(numbers).collect(), Kind::Customers);
        let expected = if found.method == "latent-class" { -1 } else { found.apply(&strange).unwrap()[0].max(0) };
        assert_eq!(found.apply(&strange).unwrap(), [expected; 3]);
    }
}

fn texts_column(name: &str, values: &[&str]) -> Column {
    texts(name, values)
}

#[test]
fn numbers_and_ids_are_refused_where_they_make_no_sense() {
    let (mut cells, _) = customers(11, 100, 2);
    cells[3] = (0..100).map(|row| format!("key {row}")).collect();
    let data = made(&cells, &ORDER);
    let error = fails(&data, mixed(2));
    assert!(error.code == Code::BadOption && error.message.contains("“town” has another value in nearly every row"));
    let error = fails(&data, json!({ "features": ["plan"] }));
    assert!(error.code == Code::WrongType && error.message.contains("kprototypes"), "{error:?}");
    let z = json!([{ "column": "plan", "transform": "z" }]);
    assert_eq!(fails(&data, json!({ "method": "kprototypes", "features": z })).code, Code::BadOption);
    let weight = json!([{ "column": "plan", "weight": 2 }]);
    assert_eq!(fails(&data, json!({ "method": "latent-class", "features": weight })).code, Code::BadOption);
    // Left to itself, each method takes the columns that suit it.
    let chosen = run(&data, json!({ "method": "kprototypes", "k": 2 }));
    assert_eq!(chosen.features, ["spend", "visits", "plan = plan 0", "plan = plan 1", "use = use 1", "use = use 0"]);
    assert!(chosen.notices.iter().any(|notice| notice.contains("“town” was left out")), "{:?}", chosen.notices);
}

#[test]
fn independent_categories_are_called_no_groups_and_planted_ones_are_found() {
    let mut rng = Rng::new(21);
    let draws: Vec<Vec<String>> = (0..5).map(|_| (0..400).map(|_| rng.below(3).to_string()).collect()).collect();
    let plain = made(&draws, &ORDER);
    for method in ["kprototypes", "latent-class"] {
        let features = &NAMES[2..];
        let nothing = run(&plain, json!({ "method": method, "features": features, "k": { "min": 2, "max": 4 } }));
        println!("{method}: {:?} {}", nothing.quality.verdict, nothing.quality.reason);
        let (cells, _) = customers(22, 400, 3);
        let some =
            run(&made(&cells, &ORDER), json!({ "method": method, "features": features, "k": { "min": 2, "max": 5 } }));
        println!("{method}: k = {} {:?} {}", some.k, some.quality.verdict, some.quality.reason);
        assert_eq!(some.k, 3);
        assert!(some.quality.silhouette > nothing.quality.silhouette);
    }
}

#[test]
fn a_sample_decides_and_the_other_rows_follow() {
    let (cells, planted) = customers(31, 30_000, 3);
    for options in [mixed(3), latent(3)] {
        let found = run(&made(&cells, &ORDER), options);
        assert!(adjusted_rand(&found.assignments, &planted) > 0.75);
        assert!(found.notices.iter().any(|notice| notice.contains("sample of 20000 rows")), "{:?}", found.notices);
    }
}

#[test]
fn files_left_to_themselves_say_what_is_left_out_and_why() {
    let left_out = |found: &Clustering, column: &str, why: &str| {
        let told = |notice: &String| notice.starts_with(&format!("“{column}” was left out")) && notice.contains(why);
        assert!(found.notices.iter().any(told), "{column}: {:?}", found.notices);
        assert!(found.scales.iter().all(|feature| feature.column != column));
    };
    if let Some(bytes) = shared("data/wholesale_customers.csv") {
        let found = run(&Rc::new(load(&bytes)), json!({ "k": 2 }));
        left_out(&found, "Channel", "codes");
        left_out(&found, "Region", "codes");
        assert!(found.notices.iter().any(|notice| notice.contains("“kprototypes”")), "{:?}", found.notices);
        let found = run(&Rc::new(load(&bytes)), json!({ "method": "kprototypes", "k": 2 }));
        assert_eq!(found.features[6..], ["Channel = 1", "Channel = 2", "Region = 3", "Region = 1", "Region = 2"]);
    }
    if let Some(bytes) = shared("data/telco_customer_churn.csv") {
        let telco = Rc::new(load(&bytes));
        let found = run(&telco, json!({ "method": "kprototypes", "k": 3 }));
        println!("{:?} {} {:?} {:?}", found.sizes, found.inertia, found.quality.verdict, found.notices);
        left_out(&found, "customerID", "rows apart");
        left_out(&found, "gender", "the law protects");
        left_out(&found, "SeniorCitizen", "the law protects");
        assert_eq!(found.features[..3], ["tenure", "MonthlyCharges", "TotalCharges"]);
        assert!(found.features.iter().any(|name| name == "Contract = Month-to-month"));
        assert_eq!(found.assignments.iter().filter(|&&cluster| cluster < 0).count(), 11, "TotalCharges is a blank");
        let services = ["PhoneService", "OnlineSecurity", "OnlineBackup", "TechSupport", "StreamingTV", "Contract"];
        let found = run(&telco, json!({ "method": "latent-class", "features": services, "k": 3 }));
        println!("{:?} {:?} {:?}", found.sizes, found.log_likelihood, found.notices);
        assert!(found.starts_at_best.unwrap() >= 1 && found.converged);
    }
}
