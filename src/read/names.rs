//! What does a column's name say? Names are cut into lower-case words (`customerID`, `customer_id` and `Customer ID` are
//! the same two) and compared with what exports of shops and customer systems call things, in English, German, French,
//! Spanish, Italian, Portuguese and Dutch.

use crate::table::role::Role;

/// The words of a name in lower case, cut at blanks, punctuation and inner capitals.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut before_lower = false;
    let letters: Vec<char> = name.chars().take(200).collect();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            (fresh, before_lower) = (true, false);
            continue;
        }
        let ends_capitals = letter.is_uppercase()
            && at > 0
            && letters[at - 1].is_uppercase()
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if fresh || letter.is_uppercase() && before_lower || ends_capitals {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
        (fresh, before_lower) = (false, letter.is_lowercase() || letter.is_numeric());
    }
    words
}

/// The role a name speaks for, and how clearly.
pub fn role_of_name(name: &str) -> (Role, f64) {
    let words = words(name);
    let joined = words.concat();
    for (role, confidence, names) in WHOLE_NAMES {
        if names.split_ascii_whitespace().any(|known| known == joined) {
            return (*role, *confidence);
        }
    }
    let has = |list: &str| list.split_ascii_whitespace().any(|known| words.iter().any(|word| word == known));
    if has(NOT_THE_TOTAL) {
        return (Role::Other, 0.0);
    }
    for (role, confidence, list) in WORDS {
        if has(list) {
            return (*role, *confidence);
        }
    }
    (Role::Other, 0.0)
}

/// Whether a name belongs to a code, whose digits are no number: ids, postal codes, telephone numbers, article codes.
pub fn is_code_name(name: &str) -> bool {
    let (role, _) = role_of_name(name);
    if matches!(role, Role::CustomerId | Role::OrderId | Role::Postcode | Role::Phone | Role::Email) {
        return true;
    }
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let holds = |list: &str, word: &str| list.split_ascii_whitespace().any(|known| known == word);
    let numbered = words.len() > 1 && holds("number no nr num nummer numero", last) && {
        holds(NUMBERED, &words[words.len() - 2])
    };
    holds("id ids uuid guid sku ean gtin upc isbn iban bic vat", last)
        || holds("id uuid guid", first)
        || last == "code"
        || ["nummer", "nr"].iter().any(|end| last.strip_suffix(end).is_some_and(|stem| holds(NUMBERED, stem)))
        || numbered
}

/// Whether a name asks a question that 1 and 0 may answer.
pub fn is_flag_name(name: &str) -> bool {
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let holds = |list: &str, word: &str| list.split_ascii_whitespace().any(|known| known == word);
    role_of_name(name).0 == Role::Consent
        || holds("is has was accepts ist hat war est tiene è ha é tem heeft", first) && words.len() > 1
        || holds(
            "flag yn optin optout subscribed unsubscribed active aktiv actif activo attivo ativo actief verified enabled",
            last,
        )
}

/// Whether a name says that the values are days or moments.
pub fn is_date_name(name: &str) -> bool {
    let words = words(name);
    let holds = |list: &str, word: &String| list.split_ascii_whitespace().any(|known| known == word);
    let not = "of from to days day hours count number diff delta since until avg rate amount price value score";
    !words.iter().any(|word| holds(not, word)) && {
        role_of_name(name).0 == Role::Date
            || words.iter().any(|word| holds("date datum fecha timestamp datetime birthdate", word))
            || words.last().is_some_and(|last| words.len() > 1 && holds("at on ts time am", last))
    }
}

/// What is told apart by a number that is no quantity.
const NUMBERED: &str = "customer client account member user contact order invoice receipt transaction ticket case tracking \
    part item article product contract serial employee policy card phone fax mobile house vehicle store shop \
    kunden kunde artikel auftrags bestell rechnungs vertrags beleg konto telefon haus filial mitglieds karten kd bon ordre klant";

/// Whole names, compared with all words joined.
const WHOLE_NAMES: &[(Role, f64, &str)] = &[
    (
        Role::CustomerId,
        0.95,
        "customerid custid clientid userid memberid contactid accountid buyerid shopperid customernumber customerno customernr \
         customercode customerkey customerref customernum kundenid kundeid kundennr kundennummer kundenummer kdnr kundencode \
         mitgliedsnummer mitgliedsnr clientno clientnumber idclient idcliente clienteid codigocliente codecliente numeroclient \
         codeclient numéroclient idcliente códigocliente numerocliente númerocliente codicecliente klantnummer klantid klantcode klientid idklienta kundnummer kundnr personid subscriberid cardholderid loyaltyid householdid \
         idcustomer iduser customerids",
    ),
    (
        Role::CustomerId,
        0.8,
        "customer kunde client cliente klant kund klient buyer recordid recordidcontact uid euid klaviyoid visitorid profileid",
    ),
    (Role::CustomerId, 0.6, "id"),
    (
        Role::OrderId,
        0.95,
        "orderid ordernumber orderno ordernr ordernum invoiceid invoiceno invoicenumber invoicenr transactionid transactionno \
         transactionnumber receiptid receiptno receiptnumber basketid saleid purchaseid bookingid bestellnummer bestellnr \
         bestellid bestellungid auftragsnummer auftragsnr auftragid rechnungsnummer rechnungsnr rechnungid belegnr belegnummer \
         bonnr bonnummer numerocommande commandeid idcommande pedidoid idpedido numérocommande numérodecommande numerodecommande numeropedido númeropedido númerodepedido numerodepedido númerodopedido \
         numeroordine idordine codiceordine numerofattura numérofacture numérodefacture numerofactura bestelnummer ordernummer factuurnummer ordrenummer transaktionsid transaktionid \
         idorder ordercode orderkey orderref",
    ),
    (
        Role::OrderId,
        0.8,
        "invoice order bestellung auftrag rechnung beleg transaction commande facture pedido factura ordine fattura encomenda bestelling factuur",
    ),
    (
        Role::Date,
        0.95,
        "orderdate ordertime orderdatetime orderedat invoicedate purchasedate purchasedat transactiondate transactiontime saledate \
         salesdate paidat bestelldatum rechnungsdatum kaufdatum auftragsdatum belegdatum buchungsdatum umsatzdatum dateachat \
         datecommande datedecommande datedachat datefacture fechapedido fechadepedido fechacompra fechadecompra dataordine dataacquisto \
         datapedido datadopedido datacompra datadacompra aankoopdatum factuurdatum besteldatum orderdatum bookingdate datebought dateofpurchase",
    ),
    (
        Role::Date,
        0.9,
        "date datum fecha timestamp datetime createdat createdutc created processedat eventdate eventtime tag day zeitpunkt",
    ),
    // Also the English word for facts: the values must be days.
    (Role::Date, 0.7, "data"),
    (
        Role::Amount,
        0.95,
        "amount revenue total totalprice totalamount ordertotal ordervalue orderamount sales salesamount salesvalue turnover \
         umsatz betrag gesamtbetrag gesamtpreis gesamtsumme summe bestellwert warenwert auftragswert rechnungsbetrag totalspent \
         totalspend spend spent monetary monetaryvalue grandtotal nettobetrag bruttobetrag nettoumsatz bruttoumsatz importe \
         montant totale importo omzet bedrag linetotal lineamount netamount grossamount lifetimevalue totalcharges \
         totalrevenue totalsales gmv purchaseamount amountspent transactionamount paymentamount invoiceamount erlös erloes ingresos montanttotal prixtotal chiffredaffaires chiffreaffaires importetotal monto montototal ventas importototale \
         fatturato ricavi valortotal receita faturamento totaalbedrag totaal",
    ),
    (Role::Refund, 0.9, "refundedamount amountrefunded refundamount refundtotal erstattungsbetrag erstatteterbetrag"),
    (
        Role::Cancellation,
        0.9,
        "cancelledat canceledat cancelled canceled iscancelled cancelleddate storniert storniertam stornodatum",
    ),
    // Where an order stands: some of the values must say that it was cancelled.
    (
        Role::Cancellation,
        0.7,
        "status orderstatus financialstatus paymentstatus bestellstatus auftragsstatus zahlungsstatus statut statutcommande \
         statutdelacommande estado estadopedido estadodelpedido estadodopedido stato statoordine statodellordine bestelstatus",
    ),
    (
        Role::UnitPrice,
        0.95,
        "unitprice einzelpreis stückpreis stueckpreis itemprice lineitemprice priceeach unitcost prixunitaire preciounitario prezzounitario preçounitário precounitario stuksprijs eenheidsprijs",
    ),
    (Role::UnitPrice, 0.8, "price preis prix precio prezzo prijs pris preço preco cena"),
    (
        Role::Quantity,
        0.95,
        "quantity qty menge stück stueck stückzahl stueckzahl units pieces cantidad quantité quantite quantità lineitemquantity \
         itemcount unitssold quantityordered orderquantity hoeveelheid quantidade qtd quantita",
    ),
    (Role::Quantity, 0.7, "anzahl items aantal"),
    (
        Role::Product,
        0.9,
        "product productname productid productcode item itemname itemid sku stockcode article articleid artikel artikelnummer \
         artikelnr artikelname artikelbezeichnung produkt produktname producto produit prodotto artículo articulo articolo artigo lineitemname lineitemsku asin",
    ),
    (Role::Product, 0.6, "description bezeichnung"),
    (
        Role::Category,
        0.9,
        "category kategorie productcategory productline producttype warengruppe categorie categoria categoría catégorie produktgruppe productgroup",
    ),
    (
        Role::Country,
        0.95,
        "country land countrycode countryname pays pais país nation paese ländercode laendercode landcode ländername",
    ),
    (
        Role::Region,
        0.9,
        "region state province bundesland county kanton provincecode statecode provincia regionname departement région região regiao regione provincie",
    ),
    (
        Role::City,
        0.95,
        "city town stadt ort wohnort ville ciudad gemeinde città citta cidade plaats woonplaats stad localidad comune commune",
    ),
    (
        Role::Postcode,
        0.95,
        "zip zipcode postcode postalcode plz postleitzahl codepostal codigopostal códigopostal codicepostale cep zippostalcode postnummer postnr",
    ),
    (
        Role::Email,
        0.95,
        "email emailaddress mail emailadresse emails courriel correo correoelectrónico correoelectronico adressemail indirizzoemail emailadress customeremail",
    ),
    (
        Role::Phone,
        0.95,
        "phone telephone mobile telefon handy tel phonenumber mobil mobilephone homephone otherphone fax telefonnummer telefono téléphone handynummer mobilnummer mobilenumber telephonenumber teléfono telefone telefoon telefoonnummer móvil movil cellulare telemóvel telemovel",
    ),
    (
        Role::Name,
        0.95,
        "firstname lastname fullname surname vorname nachname customername kundenname givenname familyname nom prenom prénom apellido \
         apellidos nombre forename middlename contactname clientname membername achternaam voornaam nome cognome sobrenome naam nomdefamille",
    ),
    (Role::Name, 0.7, "name"),
    (
        Role::Consent,
        0.95,
        "consent optin optout acceptsmarketing newsletter emailoptin smsoptin marketingconsent emailmarketingconsent einwilligung \
         werbeeinwilligung donotcall hasoptedoutofemail unsubscribed acceptsemailmarketing acceptssmsmarketing doubleoptin \
         marketingoptin newsletteroptin emailconsent dsgvoeinwilligung optedin optedout emailmarketing consentement consentimiento consenso consentimento toestemming \
         abonné suscrito iscritto nieuwsbrief abonniert",
    ),
    (
        Role::Demographic,
        0.9,
        "age alter gender sex geschlecht income einkommen education bildung marital maritalstatus familienstand children kids kinder \
         dependents partner seniorcitizen birthdate birthday birthyear yearofbirth dateofbirth dob geburtsdatum geburtstag \
         geburtsjahr job occupation beruf profession ownhome household householdsize ethnicity race salary agegroup \
         altersgruppe nationality religion spouse homeowner edad âge età idade leeftijd \
         sexe sexo sesso geslacht género genere fechanacimiento fechadenacimiento datenaissance datedenaissance datadinascita \
         datanascimento datadenascimento geboortedatum",
    ),
    (
        Role::Psychographic,
        0.8,
        "interests interessen hobby hobbies lifestyle personality attitude satisfaction nps npsscore zufriedenheit motivation",
    ),
    (
        Role::Technographic,
        0.8,
        "browser device devicetype operatingsystem os platform useragent gerät geraet betriebssystem",
    ),
    (
        Role::Firmographic,
        0.8,
        "industry branche sector companysize numberofemployees employees mitarbeiter mitarbeiterzahl company companyname firma unternehmen naics sic legalform rechtsform",
    ),
];

/// Words that speak for a role wherever they stand in a name.
const WORDS: &[(Role, f64, &str)] = &[
    (Role::Consent, 0.8, "consent optin einwilligung unsubscribe gdpr dsgvo rgpd consentement toestemming"),
    (Role::Demographic, 0.8, "birth birthday geburtsdatum age gender sex income einkommen marital education"),
    (Role::Email, 0.8, "email mail"),
    (Role::Postcode, 0.8, "zip postcode plz zipcode postal"),
    (Role::Country, 0.8, "country"),
    (Role::City, 0.8, "city"),
    (Role::Date, 0.6, "date datum fecha timestamp"),
    (Role::Amount, 0.8, "revenue amount umsatz betrag turnover spend spent"),
    (Role::UnitPrice, 0.7, "price preis"),
    (Role::Quantity, 0.8, "quantity qty menge"),
    (Role::Category, 0.7, "category kategorie"),
    (Role::Product, 0.6, "product produkt artikel sku"),
];

/// Money and days that are beside the order's own: what is in these names is never the total or the order's day.
const NOT_THE_TOTAL: &str = "discount rabatt tax steuer vat shipping versand fee fees refund refunded outstanding goal target \
    average avg mean count number per rate percent share score idx index";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for name in ["customerID", "customer_id", "Customer ID", "CUSTOMER-ID", "CustomerId"] {
            assert_eq!(words(name), ["customer", "id"], "{name}");
        }
        assert_eq!(words("emp.var.rate"), ["emp", "var", "rate"]);
        assert_eq!(words("IDNumber2"), ["id", "number2"]);
        assert_eq!(words("Größe (cm)"), ["größe", "cm"]);
    }

    #[test]
    fn names_of_real_exports_are_known() {
        for (name, role) in [
            ("customerID", Role::CustomerId),
            ("Kundennummer", Role::CustomerId),
            ("Kunden-Nr.", Role::CustomerId),
            ("InvoiceNo", Role::OrderId),
            ("Bestellnummer", Role::OrderId),
            ("order_date", Role::Date),
            ("Created (UTC)", Role::Date),
            ("Default Address Zip", Role::Postcode),
            ("TotalCharges", Role::Amount),
            ("Umsatz", Role::Amount),
            ("Total Spent", Role::Amount),
            ("Discount Amount", Role::Other),
            ("Lineitem quantity", Role::Quantity),
            ("UnitPrice", Role::UnitPrice),
            ("Shipping Country", Role::Other),
            ("Country", Role::Country),
            ("annual_income_thousands", Role::Demographic),
            ("tenure", Role::Other),
            ("PhoneService", Role::Other),
            ("emp.var.rate", Role::Other),
            ("Accepts Email Marketing", Role::Consent),
            ("__proto__", Role::Other),
            ("", Role::Other),
        ] {
            assert_eq!(role_of_name(name).0, role, "{name}");
        }
    }

    #[test]
    fn codes_are_no_numbers_and_counts_are_no_codes() {
        for name in
            ["customerID", "zip", "StockCode", "Artikelnummer", "phone number", "Invoice No", "id_shop", "Belegnr"]
        {
            assert!(is_code_name(name), "{name}");
        }
        for name in ["nr.employed", "number of orders", "tenure", "age", "valid", "amount", "Kids", "no", ""] {
            assert!(!is_code_name(name), "{name}");
        }
    }
}
