/** Numbers as people read them. One place, so that 12.4 % looks the same everywhere. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const percents = new Intl.NumberFormat("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** 8000 → “8,000”. */
export const count = (value: number): string => whole.format(value);
/** 1,234,567 → “1.23M”; for places with little room. */
export const short = (value: number): string => (Math.abs(value) < 10000 ? whole.format(value) : compact.format(value));
/** Any measured value, four digits; missing is a dash. */
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value) ? "–" : plain.format(value);
/** 0.124 → “12.4 %”; tiny shares do not read as nothing. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  if (share === 0) return "0\u00a0%";
  if (share > 0 && share < 0.0005) return "<\u00a00.1\u00a0%";
  return `${percents.format(share * 100)}\u00a0%`;
}
/** “1 customer”, “2 customers”. */
export const plural = (value: number, one: string, many: string = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
/** 1536000 → “1.5 MB”. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6
    ? `${(size / 1e3).toFixed(0)} kB`
    : size < 1e9
      ? `${(size / 1e6).toFixed(1)} MB`
      : `${(size / 1e9).toFixed(2)} GB`;
}
/** “customer-id” → “Customer id”. */
export function label(name: string): string {
  const spaced = name.replace(/[-_]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
/** “A long name” → “A lon…”: so many letters at most. */
export const shortened = (name: string, letters: number): string =>
  name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name;
