/** The lane that an address names ("#line-1"); empty for none, and for a part that is no text. */
export function laneOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
