//! Which rules suit this table from the start? Templates by objective and by kind, filled with the table's own columns,
//! numbers and values.
//!
//! A template is offered where the table has what it needs, and otherwise says what is missing. The texts are data: adding a
//! template is adding a line to `TEMPLATES`, and perhaps one to `SLOTS`.

use crate::error::Result;
use crate::segment::rules::format::{format_name, format_value};
use crate::segment::rules::formats::exchange::read_request;
use crate::segment::rules::tree::Value;
use serde_json::{Value as Json, json};

/// What a rule may use: key; types (number, text, date, boolean, list); role, or "-"; names, the best first; in words.
const SLOTS: &str = "\
recency|n|-|recency_days,recency,days_since_last_order,days_inactive|the days since the last order
last|d|-|last_order,last_purchase,last_order_date,last_seen,last_active,last_login,last_visit|the day of the last order or visit
first|d|-|first_order,first_purchase,signup,sign_up_date,created,created_at,joined,registered,registration_date,customer_since|the day of the first order or of signing up
frequency|n|-|frequency,total_orders,orders_count,order_count,orders,number_of_orders,purchases,transactions,x|the number of orders
money|n|amount|monetary,total_spent,total_spend,lifetime_value,revenue,spend,total_charges|what each customer has spent
basket|n|-|average_order,aov,average_order_value,avg_basket,monthly_charges|the value of an average order or bill
tenure|n|-|tenure_days,tenure,months_as_customer,age_days|how long they have been customers
refunds|n|-|refunds,returns,refunded,returned|the number of refunds or returns
contacts|n|-|campaign,emails_sent,mailings,contacts,calls,touches|how often they were contacted
success|b|-|y,response,responded,converted,purchased,accepted|whether they responded
churn|b|-|churn,churned,attrition,exited,cancelled,canceled|whether they have left
contract|t|-|contract,plan,membership,subscription,tier,segment|the contract, plan or group
age|n|-|age,customer_age,alter|the age
gender|t|-|gender,sex,geschlecht|the gender
income|n|-|income,annual_income,household_income,salary,einkommen|the income
children|n|-|kids,children,dependents,number_of_children|the number of children
family|b|-|dependents,has_children,children,partner|whether there is a family
job|t|-|job,occupation,profession,education,marital|the occupation, education or marital status
birthday|d|-|birthday,birth_date,birthdate,date_of_birth,dob,geburtsdatum|the birthday
country|t|country|country,land|the country
region|t|region|region,state,province|the region or state
city|t|city|city,town,ort|the city
postcode|t|postcode|postcode,postal_code,zip,zip_code,plz|the postcode
latitude|n|-|latitude,lat|the latitude
longitude|n|-|longitude,lon,lng,long|the longitude
email|t|email|email,e_mail|the e-mail address
phone|t|phone|phone,telephone,mobile|the telephone number
consent|b|consent|consent,opt_in,subscribed,newsletter,accepts_marketing,accepts_email_marketing|the consent to be contacted
score|n|psychographic|satisfaction,nps,satisfaction_score,rating,spending_score,loyalty_score,happiness,score|a score of satisfaction, loyalty or attitude
attitude|t|psychographic|attitude,lifestyle,persona,personality,values,motive,opinion,style,segment,subscribe|the attitude, lifestyle or group
interests|l|psychographic|interests,hobbies,preferences,tags|the interests, as a list
device|t|technographic|device,device_type,browser,os,operating_system,platform,app,internet_service|the device, browser or platform
channel|t|-|payment_method,contact,channel,login_method,multiple_lines|how they pay, log in or are reached
digital|b|technographic|paperless_billing,paperless,uses_app,has_app,app_user,mobile_app,online,phone_service|whether they use the digital service
support|t|-|tech_support,online_backup,device_protection,online_security,streaming_tv|the technical service they use";

/// id; kind; objective, or "-"; name; one sentence; rules, of which the first is taken whose columns are there.
///
/// In a rule `{slot}` is a column, `{slot.75}` a number that 75 % are below, rounded, `{slot.top}` the most frequent value,
/// `{slot.area}` the two characters with which that begins.
const TEMPLATES: &str = "\
best|behavioural|sell-more|Best customers|They spend the most and were here lately: show them what is new first.|{money} >= {money.75} and {recency} <= {recency.50}|{money} >= {money.75} and {last} in last 90 days|{money} >= {money.75}
second-order|behavioural|sell-more|Bought once, not long ago|One order and still warm: the second purchase decides whether they stay.|{frequency} = 1 and {recency} <= {recency.50}|{frequency} = 1 and {last} in last 90 days
big-baskets|behavioural|sell-more|Big baskets, few orders|Each order is worth much and there are few of them: one more visit a year pays.|{basket} >= {basket.75} and {frequency} <= {frequency.50}|{basket} >= {basket.75} and {tenure} <= {tenure.50}
new-customers|behavioural|retain|New customers|Here for a short time: a good start keeps them.|{first} in last 90 days|{tenure} <= {tenure.25}
slipping-away|behavioural|retain|Good customers going quiet|They spent much and have not ordered for longer than most.|{money} >= {money.50} and {recency} >= {recency.50} and {recency} < {recency.75}|{money} >= {money.50} and {last} not in last 90 days and {last} in last 365 days
loyal|behavioural|retain|Loyal customers|They have been with you for longest or order most often, and are still here: thank them.|{frequency} >= {frequency.75} and {recency} <= {recency.50}|{tenure} >= {tenure.75} and {churn} = false|{tenure} >= {tenure.75}
contract-at-risk|behavioural|retain|New on the most frequent plan|Short tenure on the plan that most have: the usual place to lose customers.|{contract} = {contract.top} and {tenure} <= {tenure.25}
lapsed|behavioural|win-back|Lapsed customers|No order for longer than three quarters of all customers.|{recency} >= {recency.75}|{last} not in last 365 days
lapsed-valuable|behavioural|win-back|Lapsed and valuable|They were worth more than most and are gone: worth a personal offer.|{money} >= {money.50} and {recency} >= {recency.75}|{money} >= {money.50} and {last} not in last 365 days|{money} >= {money.50} and {churn} = true
left|behavioural|win-back|Have left|Marked as gone; ask why, and offer a way back.|{churn} = true
returns|behavioural|serve-better|Had refunds|Something did not fit: ask before the next order.|{refunds} >= 1
birthday|demographic|serve-better|Birthday in the next 14 days|Congratulate in time.|{birthday} anniversary in next 14 days
unhappy|psychographic|serve-better|Low scores|They rate lower than three quarters of all: listen first, sell later.|{score} <= {score.25}
no-support|technographic|serve-better|Without the technical service|They do not have the service that solves trouble: offer help.|{support} = 'No'|{support} is missing
too-many-contacts|behavioural|save-cost|Contacted often, without response|More contacts than most and no answer: leave them in peace and save the cost.|{contacts} >= {contacts.75} and {success} = false|{contacts} >= {contacts.75}
not-worth-mailing|behavioural|save-cost|Small and inactive|They spend less than most and have been quiet for long: send them nothing that costs postage.|{money} <= {money.25} and {recency} >= {recency.50}|{money} <= {money.25} and {last} not in last 180 days|{money} <= {money.25} and {churn} = true
not-reachable|behavioural|save-cost|Cannot be reached|Neither e-mail nor telephone: leave them out of campaigns.|{email} is missing and {phone} is missing|{email} is missing
no-consent|behavioural|save-cost|No consent|They have not agreed to be contacted; a missing answer counts as no.|not {consent} = true treat missing as false
young|demographic|-|Younger customers|The youngest quarter.|{age} <= {age.25}
older|demographic|-|Older customers|The oldest quarter.|{age} >= {age.75}
well-off|demographic|sell-more|High income|The quarter with the highest income: show them the better range.|{income} >= {income.75}
families|demographic|-|Families|With children or others who depend on them.|{children} >= 1|{family} = true
main-gender|demographic|-|The most frequent gender|Everyone of the gender that most customers have.|{gender} = {gender.top}
main-group|demographic|-|The largest social group|Everyone of the most frequent occupation, education or status.|{job} = {job.top}
home-market|geographic|-|Home market|Customers in the country that most come from.|{country} = {country.top}
abroad|geographic|serve-better|Abroad|Customers in any other country: mind language, currency and postage.|{country} != {country.top}
main-region|geographic|-|Strongest region|Customers in the region that most come from.|{region} = {region.top}
main-city|geographic|sell-more|Largest city|Customers in the city that most come from: events and shops pay here.|{city} = {city.top}
postcode-area|geographic|save-cost|One postcode area|Everyone whose postcode begins like the most frequent one: deliveries can be bundled.|{postcode} starts with {postcode.area}
nearby|geographic|sell-more|Within 25 km of the middle|Customers near the place around which half of all live.|distance_km({latitude}, {longitude}, {latitude.50}, {longitude.50}) <= 25
fans|psychographic|sell-more|High scores|They rate higher than three quarters of all: ask them for a recommendation.|{score} >= {score.75}
middle|psychographic|-|Undecided|Neither among the highest nor the lowest scores.|{score} > {score.25} and {score} < {score.75}
main-attitude|psychographic|-|The most frequent attitude|Everyone of the group or lifestyle that most belong to.|{attitude} = {attitude.top}
other-attitudes|psychographic|-|Other attitudes|Everyone of the smaller groups: what do they want instead?|{attitude} != {attitude.top}
shared-interest|psychographic|sell-more|The most shared interest|Everyone who has an interest that most have.|{interests} any of ({interests.top})
main-device|technographic|-|The most frequent device|Test what you build on this one first.|{device} = {device.top}
other-devices|technographic|serve-better|Other devices|Everyone whose device, browser or platform is not the most frequent: check that all works there.|{device} != {device.top}
digital|technographic|save-cost|Digital customers|They use the digital service: no paper, no calls.|{digital} = true
not-digital|technographic|save-cost|Not digital yet|They do not use the digital service: moving them saves paper and calls.|{digital} = false
main-channel|technographic|-|The most frequent way to pay or get in touch|Everyone who uses it.|{channel} = {channel.top}";

/// A column as templates see it.
struct Column<'a> {
    name: &'a str,
    /// The type's first letter.
    kind: u8,
    role: &'a str,
    /// The name in small letters with `_` between words.
    plain: String,
    distinct: f64,
}

/// The answer to a request in JSON: `{ columns, spreads }`, as the tables and distributions of the package, gives
/// `{ templates, wanted }`: as long as `wanted` names columns, ask again with their spreads.
///
/// # Errors
/// `bad-option` for what is no request.
pub fn answer_templates(request: &str) -> Result<String> {
    let request = read_request(request)?;
    let columns: Vec<Column> = request["columns"].as_array().into_iter().flatten().map(column).collect();
    let mut wanted: Vec<&str> = Vec::new();
    let mut templates = Vec::new();
    for line in TEMPLATES.lines() {
        let mut parts = line.split('|');
        let mut next = || parts.next().unwrap_or_default();
        let (id, kind, objective, name, description) = (next(), next(), next(), next(), next());
        let rules: Vec<&str> = parts.collect();
        let filled = rules.iter().map(|rule| fill(rule, &columns, &request["spreads"])).collect::<Vec<_>>();
        // What is nearest to being there speaks for the others.
        let best = filled.iter().min_by_key(|filled| filled.missing.len());
        let Some(best) = best else { continue };
        for name in &best.wanted {
            if !wanted.contains(name) {
                wanted.push(name);
            }
        }
        let mut template = json!({
            "id": id, "kind": kind, "name": name, "description": description,
            "needs": best.needs, "missing": best.missing,
            "columns": if best.missing.is_empty() { &best.columns[..] } else { &[] },
        });
        if objective != "-" {
            template["objective"] = objective.into();
        }
        if best.missing.is_empty() {
            template["rule"] = best.rule.as_str().into();
        }
        templates.push(template);
    }
    Ok(json!({ "templates": templates, "wanted": wanted }).to_string())
}

fn column(column: &Json) -> Column<'_> {
    let text = |key: &str| column[key].as_str().unwrap_or_default();
    Column {
        name: text("name"),
        kind: text("type").bytes().next().unwrap_or_default(),
        role: text("role"),
        plain: plain(text("name")),
        distinct: column["distinct"].as_f64().unwrap_or_default(),
    }
}

/// `TotalCharges`, `total-charges` and `Total Charges` alike.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut small_before = false;
    for char in name.chars() {
        let new_word = !char.is_alphanumeric() || char.is_uppercase() && small_before;
        if new_word && !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
        if char.is_alphanumeric() {
            plain.extend(char.to_lowercase());
        }
        small_before = char.is_lowercase() || char.is_numeric();
    }
    plain
}

/// A rule with what it needs.
#[derive(Default)]
struct Filled<'a> {
    rule: String,
    columns: Vec<&'a str>,
    needs: Vec<&'static str>,
    missing: Vec<String>,
    /// Columns whose spread is needed and was not given.
    wanted: Vec<&'a str>,
}

fn fill<'a>(rule: &'static str, columns: &'a [Column<'a>], spreads: &Json) -> Filled<'a> {
    let mut filled = Filled::default();
    let mut rest = rule;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((asked, after)) = behind.split_once('}') else { break };
        rest = after;
        filled.rule.push_str(before);
        let (key, what) = asked.split_once('.').unwrap_or((asked, ""));
        let Some((said, found)) = slot(key, columns) else { break };
        let lacks = |filled: &mut Filled, lacking: String| {
            if !filled.missing.contains(&lacking) {
                filled.missing.push(lacking);
            }
        };
        if !filled.needs.contains(&said) {
            filled.needs.push(said);
        }
        let Some(column) = found else {
            lacks(&mut filled, said.to_string());
            continue;
        };
        if !filled.columns.contains(&column.name) {
            filled.columns.push(column.name);
        }
        if what.is_empty() {
            filled.rule.push_str(&format_name(column.name));
        } else if spreads[column.name].is_null() {
            filled.wanted.push(column.name);
        } else {
            match constant(&spreads[column.name], what) {
                Some(constant) => filled.rule.push_str(&constant),
                None => lacks(&mut filled, format!("enough different values of {said}")),
            }
        }
    }
    filled.rule.push_str(rest);
    filled
}

/// A slot in words, and the column that fits it best.
fn slot<'a>(key: &str, columns: &'a [Column<'a>]) -> Option<(&'static str, Option<&'a Column<'a>>)> {
    let line = SLOTS.lines().find(|line| line.split('|').next() == Some(key))?;
    let parts: Vec<&'static str> = line.split('|').collect();
    let &[_, kinds, role, names, said] = parts.as_slice() else { return None };
    let fitting = || columns.iter().filter(|column| kinds.as_bytes().contains(&column.kind) && column.distinct >= 1.0);
    let exact = || names.split(',').find_map(|name| fitting().find(|column| column.plain == name));
    // A word of the name: `annual_income_thousands` is an income, `package` is no age.
    let within = |column: &&Column, name: &str| format!("_{}_", column.plain).contains(&format!("_{name}_"));
    let part = || names.split(',').find_map(|name| fitting().find(|column| name.len() > 2 && within(column, name)));
    let found = fitting().find(|column| role != "-" && column.role == role).or_else(exact).or_else(part);
    Some((said, found))
}

/// A number or a value from a column's distribution; none where it has too little in it.
fn constant(spread: &Json, what: &str) -> Option<String> {
    match what {
        "top" | "area" => {
            let top = spread["values"][0].as_str()?;
            let text: String = if what == "area" { top.chars().take(2).collect() } else { top.into() };
            Some(format_value(&Value::Text(text)))
        }
        share => {
            let share: f64 = share.parse::<f64>().ok()? / 100.0;
            let (from, to) = (spread["from"].as_f64()?, spread["to"].as_f64()?);
            let bars: Vec<f64> = spread["bars"].as_array()?.iter().filter_map(Json::as_f64).collect();
            let total: f64 = bars.iter().sum();
            if total == 0.0 || from >= to {
                return None;
            }
            let mut left = share * total;
            let width = (to - from) / bars.len() as f64;
            let at = bars.iter().position(|rows| {
                left -= rows;
                left <= 0.0
            })?;
            let inside = if bars[at] > 0.0 { 1.0 + left / bars[at] } else { 0.5 };
            Some(format_value(&Value::Number(rounded(from + (at as f64 + inside) * width, width))))
        }
    }
}

/// A number that people would choose: two digits, or as many as tell it from its neighbours.
fn rounded(number: f64, width: f64) -> f64 {
    let mut step = 1.0;
    while step * 10.0 <= number.abs() / 10.0 && step * 10.0 <= width {
        step *= 10.0;
    }
    while step > number.abs().max(width) / 2.0 && step > 1e-6 {
        step /= 10.0;
    }
    let rounded = (number / step).round() * step;
    // Without the dust of a step below 1.
    if step < 1.0 { (rounded * 1e6).round() / 1e6 } else { rounded }
}
