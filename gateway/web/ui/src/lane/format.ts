import type { Weight } from '../live/words';

const digits = new Intl.NumberFormat('en-US');

/** Whole grams with separators: "1,284 g". */
export function grams(value: number): string {
  return `${digits.format(value)} g`;
}

/** With its sign, a true minus: "+6 g", "−6 g", "±0 g". */
export function difference(value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  return `${sign}${grams(Math.abs(value))}`;
}

/** Measured minus declared; null when one of them is missing. */
export function weightGap(weight: Weight | undefined): number | null {
  if (weight?.grams === undefined || weight.declaredGrams === undefined) return null;
  return weight.grams - weight.declaredGrams;
}

const shownLength = 40;

/** A number as it may stand on a screen: nothing invisible or that turns the text around, and not longer than a line or two. */
export function shownNumber(text: string): string {
  const plain = [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')];
  return plain.length <= shownLength ? plain.join('') : `${plain.slice(0, 26).join('')}…${plain.slice(-12).join('')}`;
}

/** Local time of the screen, "10:15:07"; empty when it is no time. */
export function clockTime(rfc3339: string): string {
  const at = new Date(rfc3339);
  if (Number.isNaN(at.getTime())) return '';
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** A dash when it is negative: the disk could not be asked. */
export function gibibytes(bytes: number): string {
  return bytes < 0 ? '–' : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** How many facts the platform does not have yet. */
export function behind(acked: string, last: string): string {
  const left = BigInt(last) - BigInt(acked);
  return (left > 0n ? left : 0n).toString();
}
