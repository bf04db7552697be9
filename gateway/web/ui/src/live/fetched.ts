/** An answer that takes longer is none: a request that hangs must not keep the page from asking again. */
const answerLimitMs = 5000;

/** The JSON at `path`, fresh from the gateway; throws when it does not come whole in time. */
export async function fetched<T>(path: string): Promise<T> {
  const late = new AbortController();
  const limit = setTimeout(() => late.abort(), answerLimitMs);
  try {
    const answer = await fetch(path, { cache: 'no-store', signal: late.signal });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as T;
  } finally {
    clearTimeout(limit);
  }
}
