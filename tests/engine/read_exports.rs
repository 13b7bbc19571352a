//! Exports of known systems load with every role in place, and a shop's orders become the right customers.

use crate::common::{fold, load};
use marquetry::math::rng::Rng;
use marquetry::study::load::{FoldJob, FoldOptions};
use marquetry::table::column::ColumnType;
use marquetry::table::date::{format_day, from_civil};
use marquetry::table::role::Role;
use marquetry::table::table::{Kind, Table};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What an export is to become.
#[derive(Debug, Default, PartialEq)]
struct Truth {
    orders: u32,
    cents: i64,
    last: i32,
}

const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,\
Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,\
Lineitem compare at price,Lineitem sku,Billing Name,Billing Phone,Billing City,Billing Zip,Billing Country,Shipping Country,Notes,\
Cancelled at,Payment Method,Refunded Amount,Vendor,Outstanding Balance,Device ID,Id,Tags,Phone";

/// Order lines as Shopify exports them: an order's own fields on its first line only (`mail_on_all` says whether the e-mail
/// stands on each line, as in newer exports, and `time_on_all` the same of the time), times with a zone, refunds, cancelled orders, apostrophes, quoted texts.
fn shopify(seed: u64, orders: usize, mail_on_all: bool, time_on_all: bool) -> (String, BTreeMap<String, Truth>) {
    let mut rng = Rng::new(seed);
    let mut truth: BTreeMap<String, Truth> = BTreeMap::new();
    let mut out = format!("{HEADER}\n");
    let first = from_civil(2025, 1, 1).unwrap();
    for number in 0..orders {
        let customer = rng.below(orders / 3);
        let mail = format!("anna.{customer}@example.org");
        let said = if rng.below(10) == 0 { mail.replace("anna", "Anna") } else { mail.clone() };
        let day = first + rng.below(400) as i32;
        // The hour in a zone two hours ahead: before two it is the day before in UTC.
        let hour = rng.below(24) as i32;
        let lines = 1 + rng.below(4);
        let pieces: Vec<(i64, i64)> =
            (0..lines).map(|_| (1 + rng.below(3) as i64, 199 + rng.below(9_000) as i64)).collect();
        let subtotal: i64 = pieces.iter().map(|(quantity, price)| quantity * price).sum();
        let total = subtotal + 495;
        let refund = match rng.below(8) {
            0 => total,
            1 => rng.below(total as usize) as i64,
            _ => 0,
        };
        let cancelled = rng.below(12) == 0;
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let created = format!("{} {hour:02}:15:00 +0200", format_day(day));
        for (line, (quantity, price)) in pieces.iter().enumerate() {
            let own = |text: String| if line == 0 { text } else { String::new() };
            let mail_here = if line == 0 || mail_on_all { said.clone() } else { String::new() };
            let status = if refund == total { "refunded" } else { "paid" };
            let cells = [
                format!("#{}", 1_001 + number),
                mail_here,
                own(status.into()),
                own(created.clone()),
                own("fulfilled".into()),
                own(created.clone()),
                own("yes".into()),
                own("EUR".into()),
                own(money(subtotal)),
                own("4.95".into()),
                own("0.00".into()),
                own(money(total)),
                String::new(),
                own("0.00".into()),
                own("\"Standard, 2 days\"".into()),
                if time_on_all { created.clone() } else { own(created.clone()) },
                quantity.to_string(),
                format!("\"Tea \"\"No. {}\"\", loose\nleaf\"", price % 7),
                money(*price),
                String::new(),
                format!("'00{}", price % 7),
                own(format!("Anna {customer}")),
                own(format!("'+3161234{customer:04}")),
                own("Utrecht".into()),
                own(format!("'{:05}", 1_000 + customer)),
                own("NL".into()),
                own("NL".into()),
                String::new(),
                own(if cancelled { created.clone() } else { String::new() }),
                own("Kreditkarte".into()),
                own(money(refund)),
                "Tea Ltd".into(),
                own("0.00".into()),
                String::new(),
                own(format!("'{}", 4_901_510_000_000 + number as u64)),
                own("\"new, gift\"".into()),
                own(format!("'+3161234{customer:04}")),
            ];
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        let known = truth.entry(mail).or_insert(Truth { last: i32::MIN, ..Truth::default() });
        if !cancelled {
            known.orders += 1;
            known.cents += total - refund;
            known.last = known.last.max(if hour < 2 { day - 1 } else { day });
        }
    }
    (out, truth)
}

fn code(table: &Table, code: &str) -> Option<u64> {
    table.findings.iter().find(|found| found.code == code).map(|found| found.rows)
}

fn compare(customers: &Table, truth: &BTreeMap<String, Truth>) {
    assert_eq!(customers.row_count, truth.len());
    let numbers = |name: &str| customers.numbers(name).expect("numbers");
    let (frequency, monetary) = (numbers("frequency"), numbers("monetary"));
    let last = customers.column("last_order").expect("a column");
    for row in 0..customers.row_count {
        let mail = customers.columns[0].text_of(row).expect("an id");
        let known = &truth[&mail];
        assert_eq!(frequency[row], f64::from(known.orders), "{mail}");
        assert_eq!(monetary[row], known.cents as f64 / 100.0, "{mail}");
        assert_eq!(last.text_of(row), (known.orders > 0).then(|| format_day(known.last)), "{mail}");
    }
}

#[test]
fn shopify_orders_become_the_right_customers() {
    for (seed, mail_on_all) in [(1, true), (2, false)] {
        for time_on_all in [false, true] {
            let (file, truth) = shopify(seed, 400, mail_on_all, time_on_all);
            let table = load(file.as_bytes());
            assert_eq!((table.kind, code(&table, "known-export")), (Kind::Orders, Some(0)));
            let roles =
                ["Name", "Email", "Created at", "Total", "Refunded Amount", "Cancelled at", "Lineitem quantity"];
            let expected = [
                Role::OrderId,
                Role::Email,
                Role::Date,
                Role::Amount,
                Role::Refund,
                Role::Cancellation,
                Role::Quantity,
            ];
            for (name, role) in roles.into_iter().zip(expected) {
                let column = table.column(name).expect("a column");
                assert_eq!((column.role, column.role_confidence), (role, 1.0), "{name}");
            }
            for name in ["Id", "Paid at", "Subtotal", "Shipping Country", "Device ID"] {
                assert_eq!(table.column(name).expect("a column").role, Role::Other, "{name}");
            }
            let text = |name: &str| table.column(name).expect("a column").text_of(0).expect("a value");
            assert!(
                text("Id").starts_with("49015")
                    && text("Billing Zip").starts_with("0")
                    && text("Phone").starts_with('+')
            );
            assert_eq!(table.column("Tags").expect("a column").kind(), ColumnType::List);
            assert_eq!(table.column("Created at").expect("a column").kind(), ColumnType::Time);
            // Blank on later lines is not missing.
            let blank =
                table.findings.iter().filter(|found| found.code == "missing-values" || found.code == "mostly-missing");
            let blank: Vec<&str> = blank.filter_map(|found| found.column.as_deref()).collect();
            assert!(
                ["Total", "Email", "Tags", "Currency", "Phone"].iter().all(|name| !blank.contains(name)),
                "{blank:?}"
            );
            assert!(code(&table, "order-lines").is_some_and(|rows| rows > 400));
            let customers = fold(table, Some("2026-12-31"));
            compare(&customers, &truth);
            assert!(code(&customers, "refunds-subtracted").is_some() && code(&customers, "cancelled-orders").is_some());
            assert_eq!(code(&customers, "lines-filled").is_some(), !mail_on_all);
            assert_eq!(code(&customers, "missing-customer-id"), None);
        }
    }
}

#[test]
fn cancelled_orders_and_whole_orders_can_be_chosen() {
    for time_on_all in [false, true] {
        let (file, truth) = shopify(3, 60, true, time_on_all);
        let mut options = FoldOptions::default();
        options.columns.keep_cancelled = true;
        let mut job = FoldJob::new(Rc::new(load(file.as_bytes())), &options, None).expect("a fold");
        let customers = marquetry::job::run(&mut job, &[]).expect("customers").0;
        let orders: f64 = customers.numbers("frequency").expect("numbers").iter().sum();
        assert_eq!(orders, 60.0);
        assert!(truth.values().map(|known| known.orders).sum::<u32>() < 60);

        // A rule about a field of the order leaves out its later lines too.
        let options: FoldOptions =
            serde_json::from_str(r#"{"exclude": "\"Financial Status\" = 'refunded'"}"#).expect("options");
        let table = load(file.as_bytes());
        let refunded = (0..table.row_count)
            .filter(|&row| table.column("Financial Status").unwrap().text_of(row).as_deref() == Some("refunded"))
            .count();
        let mut job = FoldJob::new(Rc::new(table), &options, None).expect("a fold");
        let customers = marquetry::job::run(&mut job, &[]).expect("customers").0;
        let orders: f64 = customers.numbers("frequency").expect("numbers").iter().sum();
        let cancelled = code(&customers, "cancelled-orders").unwrap_or(0);
        assert!(refunded > 0);
        assert_eq!(orders as u64 + cancelled + refunded as u64, 60);
    }
}

#[test]
fn a_total_on_every_line_counts_once() {
    let file = "customer_id,order_id,order_date,order_total,item\n\
        a,1,2026-01-01,30,x\na,1,2026-01-01,30,y\nb,2,2026-01-02,12.5,x\nb,2,2026-01-02,12.5,z\n\
        a,3,2026-01-03,7,x\nb,4,2026-01-04,9,x\nb,4,2026-01-04,9,y\nb,4,2026-01-04,9,z\n";
    let customers = fold(load(file.as_bytes()), None);
    assert_eq!(customers.numbers("monetary").expect("numbers"), [37.0, 21.5]);
    assert_eq!(code(&customers, "order-totals-repeated"), Some(4));
    // Money of lines adds up, and so do totals that differ from line to line.
    let lines = fold(load(file.replace("order_total", "revenue").as_bytes()), None);
    assert_eq!(lines.numbers("monetary").expect("numbers"), [67.0, 52.0]);
    let other = fold(load(file.replace("9,z", "10,z").as_bytes()), None);
    assert_eq!(other.numbers("monetary").expect("numbers"), [67.0, 53.0]);
}

#[test]
fn every_system_is_known_with_its_roles() {
    for (system, file, kind, roles) in [
        (
            "Shopify customers",
            "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags\n\
             '7001,Ann,Lee,ann@example.org,yes,,Utrecht,UT,NL,'01012,,'+31612345678,no,120.50,3,,no,\"vip, new\"\n\
             '7002,Bob,Ray,bob@example.org,no,,Wien,,AT,1010,,'+43123456789,no,0.00,0,,no,new\n",
            Kind::Customers,
            "customer-id name name email consent firmographic city region country postcode phone phone consent amount other other other other",
        ),
        (
            "HubSpot contacts",
            "Record ID - Contact,First Name,Last Name,Email,Phone Number,Contact owner,Last Activity Date,Lead Status,Marketing contact status,Create Date\n\
             501,Ann,Lee,ann@example.org,+31612345678,Eve Hall,2026-01-02 10:00,New,Marketing contact,2025-01-02 10:00\n\
             502,Bob,Ray,bob@example.org,+43123456789,Eve Hall,2026-01-03 10:00,Open,Non-marketing contact,2025-01-03 10:00\n",
            Kind::Customers,
            "customer-id name name email phone other other other consent date",
        ),
        (
            "Mailchimp audience",
            "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n\
             ann@example.org,Ann,Lee,3,,,2025-01-02 10:00:00,1.2.3.4,52.1,5.1,1,2,Europe/Amsterdam,NL,UT,2026-01-02 10:00:00,9001,ab12,,\"\"\"VIP\"\",\"\"Sale, 2026\"\"\"\n\
             bob@example.org,Bob,Ray,4,,,2025-01-03 10:00:00,1.2.3.5,48.2,16.4,1,2,Europe/Vienna,AT,W,2026-01-03 10:00:00,9002,ab13,,\"\"\"VIP\"\"\"\n",
            Kind::Customers,
            "email name name other other other date other other other other other other country region other other customer-id other other",
        ),
        (
            "Klaviyo profiles",
            "Email,Klaviyo ID,First Name,Last Name,City,State / Region,Country,Zip Code,Source,Email Marketing Consent,Profile Created On,Date Added\n\
             ann@example.org,01AB,Ann,Lee,Utrecht,UT,Netherlands,1012 AB,Form,SUBSCRIBED,2025-01-02,2025-01-03\n\
             bob@example.org,01AC,Bob,Ray,Wien,W,Austria,1010,Form,NEVER_SUBSCRIBED,2025-01-03,2025-01-04\n",
            Kind::Customers,
            "email customer-id name name city region country postcode other consent date other",
        ),
        (
            "Salesforce contacts",
            "Id,AccountId,LastName,FirstName,MailingCity,MailingState,MailingPostalCode,MailingCountry,Phone,Email,LeadSource,Birthdate,OwnerId,HasOptedOutOfEmail,DoNotCall,CreatedDate\n\
             0031,0011,Lee,Ann,Utrecht,UT,1012,NL,+31612345678,ann@example.org,Web,1980-05-06,0051,0,1,2025-01-02T10:00:00.000+0000\n\
             0032,0012,Ray,Bob,Wien,W,1010,AT,+43123456789,bob@example.org,Web,1990-05-06,0051,1,0,2025-01-03T10:00:00.000+0000\n",
            Kind::Customers,
            "customer-id other name name city region postcode country phone email other demographic other consent consent date",
        ),
        (
            "Stripe payments",
            "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer ID,Customer Email,Captured\n\
             ch_1,Order 1,Payment complete.,2026-01-02 10:00:00,20.00,5.00,eur,0.50,Paid,cus_1,ann@example.org,true\n\
             ch_2,Order 2,Payment complete.,2026-01-03 10:00:00,30.00,0.00,eur,0.70,Paid,cus_2,bob@example.org,true\n",
            Kind::Orders,
            "order-id other other date amount refund other other other customer-id email other",
        ),
        (
            "WooCommerce orders",
            "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),City (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),Phone (Billing),Order Refund Amount,Order Total Amount,SKU,Item Name,Quantity (- Refund),Item Cost\n\
             11,Completed,2026-01-02 10:00,Ann,Lee,Utrecht,1012,NL,ann@example.org,+31612345678,0,20,T1,Tea,2,10\n\
             12,Completed,2026-01-03 10:00,Bob,Ray,Wien,1010,AT,bob@example.org,+43123456789,0,30,T2,Mug,1,30\n",
            Kind::Orders,
            "order-id other date name name city postcode country email phone refund amount other product quantity unit-price",
        ),
        (
            "a Google Customer Match list",
            "Email,Email,Phone,First Name,Last Name,Country,Zip\n\
             ann@example.org,lee@example.org,+31612345678,Ann,Lee,NL,1012\nbob@example.org,,+43123456789,Bob,Ray,AT,1010\n",
            Kind::Customers,
            "email email phone name name country postcode",
        ),
        (
            "a Meta customer list",
            "email,email,phone,madid,fn,ln,zip,ct,st,country,dob,doby,gen,age,uid,value\n\
             ann@example.org,,+31612345678,,Ann,Lee,1012,Utrecht,UT,NL,1980-05-06,1980,F,45,u1,12.5\n\
             bob@example.org,,+43123456789,,Bob,Ray,1010,Wien,W,AT,1990-05-06,1990,M,35,u2,3\n",
            Kind::Customers,
            "email email phone other name name postcode city region country demographic demographic demographic demographic customer-id amount",
        ),
    ] {
        let table = load(file.as_bytes());
        let finding = table.findings.iter().find(|found| found.code == "known-export").expect(system);
        assert!(finding.message.contains(system), "{}", finding.message);
        let found: Vec<String> = table
            .columns
            .iter()
            .map(|column| serde_json::to_value(column.role).unwrap().as_str().unwrap().to_string())
            .collect();
        assert_eq!(found.join(" "), roles, "{system}");
        assert_eq!(table.kind, kind, "{system}");
        let sure = |role: Role| {
            table.columns.iter().filter(|column| column.role == role).all(|column| column.role_confidence == 1.0)
        };
        assert!(
            [Role::CustomerId, Role::OrderId, Role::Date, Role::Amount, Role::Email, Role::Name].into_iter().all(sure)
        );
    }
}

#[test]
fn names_in_seven_languages_have_their_roles() {
    for (header, row) in [
        ("customer_id,order_id,order_date,amount,quantity,country,city", ""),
        ("Kundennummer,Bestellnummer,Bestelldatum,Umsatz,Menge,Land,Ort", ""),
        ("id_client,numéro_commande,date_commande,montant,quantité,pays,ville", ""),
        ("id_cliente,número_pedido,fecha_pedido,importe,cantidad,país,ciudad", ""),
        ("codice_cliente,numero_ordine,data_ordine,importo,quantità,paese,città", ""),
        ("código_cliente,numero_pedido,data_pedido,valor_total,quantidade,país,cidade", ""),
        ("klantnummer,bestelnummer,besteldatum,bedrag,aantal,land,plaats", ""),
    ] {
        let rows: String =
            (0..6).map(|row| format!("c{},o{row},2026-01-0{},{row}.5,{row},NL,Utrecht\n", row % 3, row + 1)).collect();
        let table = load(format!("{header}\n{rows}{row}").as_bytes());
        let found: Vec<Role> = table.columns.iter().map(|column| column.role).collect();
        let expected =
            [Role::CustomerId, Role::OrderId, Role::Date, Role::Amount, Role::Quantity, Role::Country, Role::City];
        assert_eq!((found, table.kind), (expected.to_vec(), Kind::Orders), "{header}");
    }
}
