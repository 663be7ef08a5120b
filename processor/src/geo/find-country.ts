/**
 * Countries by the continent that GeoNames puts them on, with their timezone where at least 19 of 20 of their people
 * live in one: by ISO 3166-1 alpha-2. Source: tzdata's zone.tab, in the public domain; Kosovo as its neighbours.
 */
const countries: Readonly<Record<string, string>> = {
  AF: `
    AO:Africa/Luanda BF:Africa/Ouagadougou BI:Africa/Bujumbura BJ:Africa/Porto-Novo BW:Africa/Gaborone CD
    CF:Africa/Bangui CG:Africa/Brazzaville CI:Africa/Abidjan CM:Africa/Douala CV:Atlantic/Cape_Verde
    DJ:Africa/Djibouti DZ:Africa/Algiers EG:Africa/Cairo EH:Africa/El_Aaiun ER:Africa/Asmara
    ET:Africa/Addis_Ababa GA:Africa/Libreville GH:Africa/Accra GM:Africa/Banjul GN:Africa/Conakry
    GQ:Africa/Malabo GW:Africa/Bissau KE:Africa/Nairobi KM:Indian/Comoro LR:Africa/Monrovia LS:Africa/Maseru
    LY:Africa/Tripoli MA:Africa/Casablanca MG:Indian/Antananarivo ML:Africa/Bamako MR:Africa/Nouakchott
    MU:Indian/Mauritius MW:Africa/Blantyre MZ:Africa/Maputo NA:Africa/Windhoek NE:Africa/Niamey
    NG:Africa/Lagos RE:Indian/Reunion RW:Africa/Kigali SC:Indian/Mahe SD:Africa/Khartoum
    SH:Atlantic/St_Helena SL:Africa/Freetown SN:Africa/Dakar SO:Africa/Mogadishu SS:Africa/Juba
    ST:Africa/Sao_Tome SZ:Africa/Mbabane TD:Africa/Ndjamena TG:Africa/Lome TN:Africa/Tunis
    TZ:Africa/Dar_es_Salaam UG:Africa/Kampala YT:Indian/Mayotte ZA:Africa/Johannesburg ZM:Africa/Lusaka
    ZW:Africa/Harare`,
  AN: `
    AQ BV GS:Atlantic/South_Georgia HM TF:Indian/Kerguelen`,
  AS: `
    AE:Asia/Dubai AF:Asia/Kabul AM:Asia/Yerevan AZ:Asia/Baku BD:Asia/Dhaka BH:Asia/Bahrain BN:Asia/Brunei
    BT:Asia/Thimphu CC:Indian/Cocos CN:Asia/Shanghai CX:Indian/Christmas GE:Asia/Tbilisi HK:Asia/Hong_Kong
    ID IL:Asia/Jerusalem IN:Asia/Kolkata IO:Indian/Chagos IQ:Asia/Baghdad IR:Asia/Tehran JO:Asia/Amman
    JP:Asia/Tokyo KG:Asia/Bishkek KH:Asia/Phnom_Penh KP:Asia/Pyongyang KR:Asia/Seoul KW:Asia/Kuwait
    KZ:Asia/Almaty LA:Asia/Vientiane LB:Asia/Beirut LK:Asia/Colombo MM:Asia/Yangon MN MO:Asia/Macau
    MV:Indian/Maldives MY:Asia/Kuala_Lumpur NP:Asia/Kathmandu OM:Asia/Muscat PH:Asia/Manila PK:Asia/Karachi
    PS:Asia/Gaza QA:Asia/Qatar SA:Asia/Riyadh SG:Asia/Singapore SY:Asia/Damascus TH:Asia/Bangkok
    TJ:Asia/Dushanbe TM:Asia/Ashgabat TR:Europe/Istanbul TW:Asia/Taipei UZ:Asia/Tashkent VN:Asia/Ho_Chi_Minh
    YE:Asia/Aden`,
  EU: `
    AD:Europe/Andorra AL:Europe/Tirane AT:Europe/Vienna AX:Europe/Mariehamn BA:Europe/Sarajevo
    BE:Europe/Brussels BG:Europe/Sofia BY:Europe/Minsk CH:Europe/Zurich CY:Asia/Nicosia CZ:Europe/Prague
    DE:Europe/Berlin DK:Europe/Copenhagen EE:Europe/Tallinn ES FI:Europe/Helsinki FO:Atlantic/Faroe
    FR:Europe/Paris GB:Europe/London GG:Europe/Guernsey GI:Europe/Gibraltar GR:Europe/Athens
    HR:Europe/Zagreb HU:Europe/Budapest IE:Europe/Dublin IM:Europe/Isle_of_Man IS:Atlantic/Reykjavik
    IT:Europe/Rome JE:Europe/Jersey LI:Europe/Vaduz LT:Europe/Vilnius LU:Europe/Luxembourg LV:Europe/Riga
    MC:Europe/Monaco MD:Europe/Chisinau ME:Europe/Podgorica MK:Europe/Skopje MT:Europe/Malta
    NL:Europe/Amsterdam NO:Europe/Oslo PL:Europe/Warsaw PT RO:Europe/Bucharest RS:Europe/Belgrade RU
    SE:Europe/Stockholm SI:Europe/Ljubljana SJ:Arctic/Longyearbyen SK:Europe/Bratislava SM:Europe/San_Marino
    UA:Europe/Kyiv VA:Europe/Vatican XK:Europe/Belgrade`,
  NA: `
    AG:America/Antigua AI:America/Anguilla AW:America/Aruba BB:America/Barbados BL:America/St_Barthelemy
    BM:Atlantic/Bermuda BQ:America/Kralendijk BS:America/Nassau BZ:America/Belize CA CR:America/Costa_Rica
    CU:America/Havana CW:America/Curacao DM:America/Dominica DO:America/Santo_Domingo GD:America/Grenada GL
    GP:America/Guadeloupe GT:America/Guatemala HN:America/Tegucigalpa HT:America/Port-au-Prince
    JM:America/Jamaica KN:America/St_Kitts KY:America/Cayman LC:America/St_Lucia MF:America/Marigot
    MQ:America/Martinique MS:America/Montserrat MX NI:America/Managua PA:America/Panama PM:America/Miquelon
    PR:America/Puerto_Rico SV:America/El_Salvador SX:America/Lower_Princes TC:America/Grand_Turk
    TT:America/Port_of_Spain US VC:America/St_Vincent VG:America/Tortola VI:America/St_Thomas`,
  OC: `
    AS:Pacific/Pago_Pago AU CK:Pacific/Rarotonga FJ:Pacific/Fiji FM GU:Pacific/Guam KI MH:Pacific/Majuro
    MP:Pacific/Saipan NC:Pacific/Noumea NF:Pacific/Norfolk NR:Pacific/Nauru NU:Pacific/Niue
    NZ:Pacific/Auckland PF PG:Pacific/Port_Moresby PN:Pacific/Pitcairn PW:Pacific/Palau
    SB:Pacific/Guadalcanal TK:Pacific/Fakaofo TL:Asia/Dili TO:Pacific/Tongatapu TV:Pacific/Funafuti UM
    VU:Pacific/Efate WF:Pacific/Wallis WS:Pacific/Apia`,
  SA: `
    AR:America/Argentina/Buenos_Aires BO:America/La_Paz BR CL:America/Santiago CO:America/Bogota
    EC:America/Guayaquil FK:Atlantic/Stanley GF:America/Cayenne GY:America/Guyana PE:America/Lima
    PY:America/Asuncion SR:America/Paramaribo UY:America/Montevideo VE:America/Caracas`,
};

const byCountry = new Map<string, CountryFacts>();
for (const [continent, list] of Object.entries(countries)) {
  for (const [, country = '', timezone = ''] of list.matchAll(/(\w\w)(?::(\S+))?/g)) {
    byCountry.set(country, { continent, timezone });
  }
}

/** What a country's code alone tells of a place; '' where it doesn't. */
export interface CountryFacts {
  /** AF, AN, AS, EU, NA, OC or SA. */
  readonly continent: string;
  /** IANA timezone. */
  readonly timezone: string;
}

const unknown: CountryFacts = { continent: '', timezone: '' };

/** Gives the continent and timezone of an ISO 3166-1 alpha-2 code. Never throws. */
export function findCountry(country: string): CountryFacts {
  return byCountry.get(country) ?? unknown;
}
