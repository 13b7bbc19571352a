//! k-prototypes and latent classes against published and independently computed numbers, and what must hold of them whatever
//! the data.

mod cluster_data;

use cluster_data::{adjusted_rand, cluster, mixed_reference, normal, texts};
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
