// Places in words.
const regions = new Intl.DisplayNames(["en"], { type: "region" });
export const countryName = (code: string) => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code);
