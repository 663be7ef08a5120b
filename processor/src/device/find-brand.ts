/** Makers that put their own name before the model's. */
const namedMakers =
  'Fairphone Nothing TCL Doogee Umidigi Cubot Oukitel Ulefone Wiko Hisense Sharp Micromax Lava Alcatel Meizu Coolpad Gionee Honor Blackview Vodafone Teclast'.split(
    ' ',
  );
const makerByWord = new Map(namedMakers.map((maker) => [maker.toLowerCase(), maker]));

/** Model numbers whose form only one maker uses. */
const makerByForm: readonly (readonly [form: RegExp, maker: string])[] = [
  [/^Pixel /, 'Google'],
  [/^V\d{4}[A-Z]{0,2}$/, 'Vivo'],
  [/^(?:AC|BE|DE|DN|EB|GM|HD|IN|KB|LE|MT|NE|PHB|PJ[A-Z])\d{3,4}$/, 'OnePlus'],
  [/^XQ-[A-Z]{2}\d{2}$/, 'Sony'],
  [/^BV\d{4}/, 'Blackview'],
];

/** Systems of televisions that one maker builds. */
const makerBySystem = new Map([
  ['webOS', 'LG'],
  ['Tizen', 'Samsung'],
]);

/** Gives the maker of a device by its model and system, where the user-agent parser has none; '' where not known. Never throws. */
export function findBrand(model: string, os: string): string {
  const space = model.indexOf(' ');
  const word = space < 0 ? model : model.slice(0, space);
  return (
    makerByWord.get(word.toLowerCase()) ??
    makerByForm.find(([form]) => form.test(model))?.[1] ??
    makerBySystem.get(os) ??
    ''
  );
}
