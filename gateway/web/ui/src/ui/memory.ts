/** What this screen remembers for itself. Never throws: a browser may refuse storage. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`hefang.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`hefang.${name}`, value);
  } catch {
    // the choice holds until the page is closed
  }
}
