//! Which system wrote this file? Known by the names of its columns together, which then have their meaning for certain.

use crate::read::names::words;
use crate::table::role::Role;
use crate::table::table::Kind;

/// A kind of file that a known system writes.
#[derive(Debug)]
pub struct Export {
    /// The system and what it exported, for a person.
    pub system: &'static str,
    /// What a row stands for.
    pub kind: Kind,
    /// Names that must be there; of names parted by `/` one suffices.
    must: &'static str,
    /// Whether no other names than those in `roles` may be there.
    only: bool,
    /// Names by role; of an id, money or day the first that is there counts. Names that are not in the list mean what they
    /// say, as in any file, but are no id, money or day of the order.
    roles: &'static [(Role, &'static str)],
}

const WOO_ROLES: &[(Role, &str)] = &[
    (Role::OrderId, "orderid ordernumber order"),
    (Role::Date, "orderdate date datecreated"),
    (Role::Amount, "ordertotalamount ordertotal netrevenue nrevenue total"),
    (Role::Refund, "orderrefundamount refundedtotal"),
    (Role::Cancellation, "orderstatus status"),
    (Role::Email, "emailbilling billingemail customeremail"),
    // Guests have no number there, or 0: the e-mail tells customers apart where there is one.
    (Role::Other, "customerid customeruser customeruserid"),
    (Role::Product, "itemname productname products"),
    (Role::Quantity, "quantityrefund quantity itemssold"),
    (Role::UnitPrice, "itemcost itemprice"),
    (Role::Name, "firstnamebilling lastnamebilling billingfirstname billinglastname customer"),
    (Role::City, "citybilling billingcity"),
    (Role::Region, "statecodebilling billingstate"),
    (Role::Postcode, "postcodebilling billingpostcode"),
    (Role::Country, "countrycodebilling billingcountry"),
    (Role::Phone, "phonebilling billingphone"),
];

/// The exports that are known. Names are in small letters, without blanks, signs and trailing digits.
const EXPORTS: [Export; 12] = [
    Export {
        system: "Shopify orders",
        kind: Kind::Orders,
        must: "name financialstatus createdat lineitemquantity lineitemname",
        only: false,
        roles: &[
            (Role::OrderId, "name"),
            (Role::Email, "email"),
            (Role::Date, "createdat"),
            (Role::Amount, "total"),
            (Role::Refund, "refundedamount"),
            (Role::Cancellation, "cancelledat"),
            (Role::Quantity, "lineitemquantity"),
            (Role::UnitPrice, "lineitemprice"),
            (Role::Product, "lineitemname"),
            (Role::Consent, "acceptsmarketing"),
            (Role::Name, "billingname"),
            (Role::City, "billingcity"),
            (Role::Region, "billingprovince"),
            (Role::Postcode, "billingzip"),
            (Role::Country, "billingcountry"),
            (Role::Phone, "phone"),
            (
                Role::Other,
                "id shippingcity shippingzip shippingcountry shippingname billingphone shippingphone deviceid",
            ),
        ],
    },
    Export {
        system: "Shopify customers",
        kind: Kind::Customers,
        must: "email totalspent totalorders taxexempt",
        only: false,
        roles: &[
            (Role::CustomerId, "customerid"),
            (Role::Name, "firstname lastname"),
            (Role::Email, "email"),
            (Role::Phone, "phone defaultaddressphone"),
            (Role::Consent, "acceptsemailmarketing acceptssmsmarketing acceptsmarketing"),
            (Role::Firmographic, "company defaultaddresscompany"),
            (Role::City, "city defaultaddresscity"),
            (Role::Region, "provincecode defaultaddressprovincecode"),
            (Role::Country, "countrycode defaultaddresscountrycode"),
            (Role::Postcode, "zip defaultaddresszip"),
            (Role::Amount, "totalspent"),
        ],
    },
    Export {
        system: "Stripe payments",
        kind: Kind::Orders,
        must: "id createdutc amount amountrefunded currency",
        only: false,
        roles: &[
            (Role::OrderId, "id"),
            (Role::Date, "createdutc"),
            (Role::Amount, "amount"),
            (Role::Refund, "amountrefunded"),
            (Role::Cancellation, "status"),
            (Role::CustomerId, "customerid"),
            (Role::Email, "customeremail"),
        ],
    },
    Export {
        system: "WooCommerce orders",
        kind: Kind::Orders,
        must: "ordernumber/orderid orderdate emailbilling ordertotalamount",
        only: false,
        roles: WOO_ROLES,
    },
    Export {
        system: "WooCommerce orders",
        kind: Kind::Orders,
        must: "ordernumber/orderid date/orderdate/datecreated billingemail ordertotal/total",
        only: false,
        roles: WOO_ROLES,
    },
    Export {
        system: "WooCommerce orders",
        kind: Kind::Orders,
        must: "order date nrevenue/netrevenue customertype itemssold",
        only: false,
        roles: &[
            (Role::OrderId, "order"),
            (Role::Date, "date"),
            (Role::Amount, "nrevenue netrevenue"),
            // A name is all that this report says about the customer.
            (Role::CustomerId, "customer"),
            (Role::Quantity, "itemssold"),
            (Role::Product, "products product"),
        ],
    },
    Export {
        system: "Mailchimp audience",
        kind: Kind::Customers,
        must: "emailaddress leid euid",
        only: false,
        roles: &[
            (Role::CustomerId, "euid leid"),
            (Role::Email, "emailaddress"),
            (Role::Name, "firstname lastname"),
            (Role::Phone, "phone phonenumber"),
            (Role::Country, "cc"),
            (Role::Region, "region"),
            (Role::Date, "optintime confirmtime"),
            (Role::Other, "notes latitude longitude memberrating optinip confirmip"),
        ],
    },
    Export {
        system: "Klaviyo profiles",
        kind: Kind::Customers,
        must: "klaviyoid email",
        only: false,
        roles: &[
            (Role::CustomerId, "klaviyoid"),
            (Role::Email, "email"),
            (Role::Name, "firstname lastname"),
            (Role::Phone, "phonenumber phone"),
            (Role::City, "city"),
            (Role::Region, "stateregion"),
            (Role::Country, "country"),
            (Role::Postcode, "zipcode"),
            (Role::Consent, "emailmarketingconsent smsmarketingconsent"),
            (Role::Date, "profilecreatedon dateadded"),
        ],
    },
    Export {
        system: "HubSpot contacts",
        kind: Kind::Customers,
        must: "recordidcontact/recordid email contactowner/leadstatus/lifecyclestage/marketingcontactstatus/createdate",
        only: false,
        roles: &[
            (Role::CustomerId, "recordidcontact recordid"),
            (Role::Name, "firstname lastname"),
            (Role::Email, "email"),
            (Role::Phone, "phonenumber mobilephonenumber"),
            (Role::Consent, "marketingcontactstatus"),
            (Role::Date, "createdate"),
            (Role::Firmographic, "companyname industry numberofemployees"),
            (Role::City, "city"),
            (Role::Region, "stateregion"),
            (Role::Country, "countryregion country"),
            (Role::Postcode, "postalcode"),
        ],
    },
    Export {
        system: "Salesforce contacts",
        kind: Kind::Customers,
        must: "id lastname mailingcity/mailingcountry/mailingpostalcode/accountid/leadsource",
        only: false,
        roles: &[
            (Role::CustomerId, "id"),
            (Role::Name, "lastname firstname name"),
            (Role::Email, "email"),
            (Role::Phone, "phone mobilephone homephone otherphone fax"),
            (Role::City, "mailingcity"),
            (Role::Region, "mailingstate"),
            (Role::Postcode, "mailingpostalcode"),
            (Role::Country, "mailingcountry"),
            (Role::Consent, "hasoptedoutofemail donotcall"),
            (Role::Demographic, "birthdate"),
            (Role::Date, "createddate"),
        ],
    },
    Export {
        system: "a Meta customer list",
        kind: Kind::Customers,
        must: "email/phone fn ln",
        only: true,
        roles: &[
            (Role::CustomerId, "uid"),
            (Role::Email, "email"),
            (Role::Phone, "phone"),
            (Role::Name, "fn ln"),
            (Role::Postcode, "zip"),
            (Role::City, "ct"),
            (Role::Region, "st"),
            (Role::Country, "country"),
            (Role::Demographic, "dob doby gen age"),
            (Role::Amount, "value"),
            (Role::Other, "madid"),
        ],
    },
    Export {
        system: "a Google Customer Match list",
        kind: Kind::Customers,
        must: "email/phone country zip",
        only: true,
        roles: &[
            (Role::Email, "email"),
            (Role::Phone, "phone"),
            (Role::Name, "firstname lastname"),
            (Role::Country, "country"),
            (Role::Postcode, "zip"),
        ],
    },
];

impl Export {
    /// For a sentence: “an export of Shopify orders”, “a Meta customer list”.
    pub fn said(&self) -> String {
        if self.only { self.system.into() } else { format!("an export of {}", self.system) }
    }
}

/// A name as the lists above have it.
fn plain(name: &str) -> String {
    words(name).concat().trim_end_matches(|letter: char| letter.is_ascii_digit()).to_string()
}

fn holds(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == name)
}

/// What a name means in an export: a role and the name's place among those that could have it; nothing where it does not say.
pub type Meaning = Option<(Role, usize)>;

/// The export that has these names, with what each of them means.
pub fn recognise(names: &[&str]) -> Option<(&'static Export, Vec<Meaning>)> {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let there = |name: &str| names.iter().any(|known| known == name);
    let fits = |export: &Export| {
        export.must.split_ascii_whitespace().all(|choice| choice.split('/').any(there))
            && (!export.only || names.iter().all(|name| export.roles.iter().any(|(_, list)| holds(list, name))))
    };
    let export = EXPORTS.iter().find(|export| fits(export))?;
    let meaning = |name: &String| {
        export.roles.iter().find_map(|(role, list)| {
            list.split_ascii_whitespace().position(|known| known == name).map(|place| (*role, place))
        })
    };
    Some((export, names.iter().map(meaning).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_sets_name_their_system() {
        let system = |header: &str| {
            let names: Vec<&str> = header.split(',').collect();
            recognise(&names).map(|(export, _)| export.system)
        };
        for (header, expected) in [
            ("Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem name,Id", "Shopify orders"),
            ("Customer ID,First Name,Email,Total Spent,Total Orders,Tax Exempt,Tags", "Shopify customers"),
            ("id,Description,Created (UTC),Amount,Amount Refunded,Currency,Customer ID", "Stripe payments"),
            ("Order Number,Order Status,Order Date,Email (Billing),Order Total Amount", "WooCommerce orders"),
            ("order_id,date,status,order_total,customer_id,billing_email", "WooCommerce orders"),
            ("Date,Order #,N. Revenue,Customer,Customer type,Items sold", "WooCommerce orders"),
            ("Email Address,First Name,MEMBER_RATING,LEID,EUID,NOTES,TAGS", "Mailchimp audience"),
            ("Email,Klaviyo ID,First Name,State / Region,Date Added", "Klaviyo profiles"),
            ("Record ID - Contact,First Name,Email,Lead Status,Create Date", "HubSpot contacts"),
            ("Id,AccountId,LastName,MailingCity,Email", "Salesforce contacts"),
            ("email,email_2,phone,fn,ln,zip,country,value", "a Meta customer list"),
            ("Email,Phone,First Name,Last Name,Country,Zip,Zip_2", "a Google Customer Match list"),
        ] {
            assert_eq!(system(header), Some(expected), "{header}");
        }
        for header in ["customer_id,date,amount", "Name,Email,Total", "Email,Phone,Country,Zip,Umsatz", ""] {
            assert_eq!(system(header), None, "{header}");
        }
    }
}
