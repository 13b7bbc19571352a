//! Which country does a name or code mean? Names in seven languages (English, German, French, Spanish, Italian, Portuguese,
//! Dutch) and codes of two and three letters, for the countries that customers of most shops live in.

/// ISO 3166-1 alpha-2, alpha-3, then names in lower case.
const COUNTRIES: &str = "DE,DEU,germany,deutschland,allemagne,alemania,germania,alemanha,duitsland,brd|\
    AT,AUT,austria,österreich,oesterreich,autriche,áustria,oostenrijk|\
    CH,CHE,switzerland,schweiz,suisse,suiza,svizzera,suíça,zwitserland|\
    LI,LIE,liechtenstein|LU,LUX,luxembourg,luxemburg,luxemburgo,lussemburgo|\
    FR,FRA,france,frankreich,francia,frança,frankrijk|\
    IT,ITA,italy,italien,italie,italia,itália,italië|\
    ES,ESP,spain,spanien,espagne,españa,spagna,espanha,spanje|\
    PT,PRT,portugal,portogallo|\
    NL,NLD,netherlands,the netherlands,niederlande,pays-bas,países bajos,paesi bassi,olanda,países baixos,holanda,nederland,holland,hollande|\
    BE,BEL,belgium,belgien,belgique,bélgica,belgio,belgië|\
    GB,GBR,united kingdom,uk,u.k.,great britain,england,scotland,wales,northern ireland,großbritannien,grossbritannien,\
    vereinigtes königreich,royaume-uni,angleterre,reino unido,regno unito,inghilterra,verenigd koninkrijk|\
    IE,IRL,ireland,irland,irlande,irlanda,ierland,eire|\
    US,USA,united states,united states of america,u.s.a.,u.s.,america,vereinigte staaten,états-unis,etats-unis,estados unidos,\
    stati uniti,verenigde staten|CA,CAN,canada,kanada,canadá|MX,MEX,mexico,mexiko,mexique,méxico,messico|\
    DK,DNK,denmark,dänemark,daenemark,danemark,dinamarca,danimarca,denemarken,danmark|\
    SE,SWE,sweden,schweden,suède,suecia,svezia,suécia,zweden,sverige|NO,NOR,norway,norwegen,norvège,noruega,norvegia,noorwegen,norge|\
    FI,FIN,finland,finnland,finlande,finlandia,finlândia,suomi|IS,ISL,iceland,island,islande,islandia,islanda,islândia,ijsland|\
    PL,POL,poland,polen,pologne,polonia,polônia,polska|CZ,CZE,czech republic,czechia,tschechien,tchéquie,chequia,repubblica ceca,chéquia,tsjechië|\
    SK,SVK,slovakia,slowakei,slovaquie,eslovaquia,slovacchia,eslováquia,slowakije|HU,HUN,hungary,ungarn,hongrie,hungría,ungheria,hungria,hongarije|\
    SI,SVN,slovenia,slowenien,slovénie,eslovenia,eslovénia,slovenië|HR,HRV,croatia,kroatien,croatie,croacia,croazia,croácia,kroatië|\
    RO,ROU,romania,rumänien,rumaenien,roumanie,rumania,romênia,roemenië|BG,BGR,bulgaria,bulgarien,bulgarie,bulgária,bulgarije|\
    GR,GRC,greece,griechenland,grèce,grecia,grécia,griekenland|TR,TUR,turkey,türkei,tuerkei,turquie,turquía,turchia,turquia,turkije,türkiye|\
    UA,UKR,ukraine,ucrania,ucraina,ucrânia,oekraïne|RU,RUS,russia,russland,russie,rusia,rússia,rusland,russian federation|\
    EE,EST,estonia,estland,estonie|LV,LVA,latvia,lettland,lettonie,letonia,lettonia,letland|LT,LTU,lithuania,litauen,lituanie,lituania,litouwen|\
    MT,MLT,malta,malte|CY,CYP,cyprus,zypern,chypre,chipre,cipro|RS,SRB,serbia,serbien,serbie,servië|\
    AU,AUS,australia,australien,australie,austrália,australië|NZ,NZL,new zealand,neuseeland,nouvelle-zélande,nueva zelanda,nuova zelanda,nova zelândia,nieuw-zeeland|\
    JP,JPN,japan,japon,japón,giappone,japão|CN,CHN,china,chine,cina|HK,HKG,hong kong,hongkong|TW,TWN,taiwan|\
    KR,KOR,south korea,korea,südkorea,corée du sud,corea del sur,corea del sud,coreia do sul,zuid-korea,republic of korea|\
    IN,IND,india,indien,inde,índia|SG,SGP,singapore,singapur,singapour|BR,BRA,brazil,brasilien,brésil,brasil,brasile,brazilië|\
    AR,ARG,argentina,argentinien,argentine,argentinië|CL,CHL,chile,chili,cile|CO,COL,colombia,kolumbien,colombie|\
    ZA,ZAF,south africa,südafrika,suedafrika,afrique du sud,sudáfrica,sudafrica,áfrica do sul,zuid-afrika|\
    IL,ISR,israel,israël,israele|AE,ARE,united arab emirates,uae,vereinigte arabische emirate,émirats arabes unis,emiratos árabes unidos,emirati arabi uniti|\
    SA,SAU,saudi arabia,saudi-arabien,arabie saoudite,arabia saudita|EG,EGY,egypt,ägypten,égypte,egipto,egitto,egito|MA,MAR,morocco,marokko,maroc,marruecos,marocco";

/// The two letters of a country by name or code, in any case; nothing where it is not known or means several.
pub fn iso(text: &str) -> Option<&'static str> {
    let wanted = text.trim().to_lowercase();
    let row = COUNTRIES.split('|').find(|row| row.split(',').any(|name| name == wanted || code_is(name, &wanted)))?;
    row.split(',').next()
}

fn code_is(name: &str, wanted: &str) -> bool {
    name.len() < 4 && name.bytes().all(|byte| byte.is_ascii_uppercase()) && name.eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_of_seven_languages_mean_one_country() {
        for text in
            ["Germany", "DEUTSCHLAND", " allemagne", "de", "DEU", "Duitsland", "Alemania", "Germania", "Alemanha"]
        {
            assert_eq!(iso(text), Some("DE"), "{text}");
        }
        assert_eq!(
            [iso("UK"), iso("England"), iso("U.S.A."), iso("Österreich")],
            [Some("GB"), Some("GB"), Some("US"), Some("AT")]
        );
        for text in ["", "Atlantis", "XX", "Congo", "D"] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_means_two_countries() {
        let mut seen = std::collections::BTreeMap::new();
        for row in COUNTRIES.split('|') {
            for name in row.split(',') {
                assert_eq!(seen.insert(name.to_lowercase(), row), None, "{name}");
            }
        }
    }
}
