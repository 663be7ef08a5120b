/** Regions of countries with several timezones, by the zone that at least 19 of 20 of their people live in. */
const regions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  US: {
    'America/New_York':
      'Connecticut|Delaware|District of Columbia|Washington, D.C.|Florida|Georgia|Maine|Maryland|Massachusetts|New Hampshire|New Jersey|New York|North Carolina|Ohio|Pennsylvania|Rhode Island|South Carolina|Vermont|Virginia|West Virginia',
    'America/Detroit': 'Michigan',
    'America/Chicago':
      'Alabama|Arkansas|Illinois|Iowa|Kansas|Louisiana|Minnesota|Mississippi|Missouri|Nebraska|Oklahoma|Texas|Wisconsin',
    'America/Denver': 'Colorado|Montana|New Mexico|Utah|Wyoming',
    'America/Phoenix': 'Arizona',
    'America/Los_Angeles': 'California|Nevada|Oregon|Washington',
    'America/Anchorage': 'Alaska',
    'Pacific/Honolulu': 'Hawaii',
  },
  CA: {
    'America/Toronto': 'Ontario|Quebec',
    'America/Vancouver': 'British Columbia',
    'America/Edmonton': 'Alberta',
    'America/Winnipeg': 'Manitoba',
    'America/Regina': 'Saskatchewan',
    'America/Halifax': 'Nova Scotia|Prince Edward Island',
    'America/Moncton': 'New Brunswick',
    'America/St_Johns': 'Newfoundland and Labrador',
  },
  AU: {
    'Australia/Sydney': 'New South Wales|Australian Capital Territory',
    'Australia/Melbourne': 'Victoria',
    'Australia/Brisbane': 'Queensland',
    'Australia/Adelaide': 'South Australia',
    'Australia/Perth': 'Western Australia',
    'Australia/Hobart': 'Tasmania',
    'Australia/Darwin': 'Northern Territory',
  },
  ES: {
    'Europe/Madrid':
      'Andalusia|Aragon|Asturias|Principality of Asturias|Balearic Islands|Basque Country|Cantabria|Castilla-La Mancha|Castilla y Leon|Castille and Leon|Castille-La Mancha|Catalonia|Ceuta|Extremadura|Galicia|La Rioja|Madrid|Community of Madrid|Melilla|Murcia|Region of Murcia|Navarre|Valencia|Valencian Community',
    'Atlantic/Canary': 'Canary Islands|Canarias',
  },
  MX: {
    'America/Mexico_City':
      'Mexico City|Aguascalientes|Colima|Estado de Mexico|Guanajuato|Guerrero|Hidalgo|Jalisco|Mexico|Michoacan|Morelos|Oaxaca|Puebla|Queretaro|San Luis Potosi|Tlaxcala|Veracruz|Zacatecas',
    'America/Cancun': 'Quintana Roo',
    'America/Monterrey': 'Nuevo Leon|Coahuila',
    'America/Hermosillo': 'Sonora',
    'America/Tijuana': 'Baja California',
  },
  BR: {
    'America/Sao_Paulo':
      'Sao Paulo|Rio de Janeiro|Minas Gerais|Espirito Santo|Parana|Santa Catarina|Rio Grande do Sul|Goias|Federal District|Distrito Federal',
    'America/Bahia': 'Bahia',
    'America/Recife': 'Pernambuco',
    'America/Fortaleza': 'Ceara|Maranhao|Piaui|Paraiba|Rio Grande do Norte',
    'America/Maceio': 'Alagoas|Sergipe',
    'America/Manaus': 'Amazonas',
    'America/Cuiaba': 'Mato Grosso',
    'America/Campo_Grande': 'Mato Grosso do Sul',
  },
};

const byRegion = new Map<string, string>();
for (const [country, zones] of Object.entries(regions)) {
  for (const [timezone, names] of Object.entries(zones)) {
    for (const name of names.split('|')) byRegion.set(toKey(country, name), timezone);
  }
}

/** Gives the IANA timezone of a region by its English name, accents or not; '' where not known. Never throws. */
export function findRegionTimezone(country: string, region: string): string {
  return byRegion.get(toKey(country, region)) ?? '';
}

function toKey(country: string, region: string): string {
  return `${country}:${region.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()}`;
}
