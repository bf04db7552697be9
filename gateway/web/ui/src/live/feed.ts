import { signal } from '@preact/signals';
import { type Contact, contactAt } from './contact';
import { after, merged, passageOf, type Passages } from './passages';
import type { Board, Fact, Health, Passage, ReasonText } from './words';

export const board = signal<Board | null>(null);
export const health = signal<Health | null>(null);
export const passages = signal<Passages>([]);
export const reasons = signal<ReadonlyMap<string, ReasonText>>(new Map());
/** True once the passages of before are known: only then is a lane without any really empty. */
export const primed = signal(false);
export const contact = signal<Contact>('connecting');
/** The wall clock in whole seconds, as milliseconds: for ages. */
export const wallNow = signal(Date.now());

const retryMs = 1000;
const began = performance.now();
let lastWord: number | null = null;
let decided: (passage: Passage) => void = () => undefined;

function heard(): void {
  lastWord = performance.now();
  contact.value = 'live';
}

async function fetched<T>(path: string): Promise<T> {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** Fills what the stream does not repeat; tried until it succeeds. */
async function prime(): Promise<void> {
  try {
    if (reasons.value.size === 0) {
      const table = await fetched<{ reasons: ReasonText[] }>('/api/v1/reasons');
      reasons.value = new Map(table.reasons.map((reason) => [reason.code, reason]));
    }
    const known = await fetched<{ passages: Passage[] }>('/api/v1/passages?limit=200');
    passages.value = merged(passages.value, known.passages);
    primed.value = true;
  } catch {
    setTimeout(() => void prime(), retryMs);
  }
}

/** `event` of the stream, parsed; anything unparsable is no sign of life. */
function listen<T>(source: EventSource, event: string, take: (value: T) => void): void {
  source.addEventListener(event, (message) => {
    const value = JSON.parse((message as MessageEvent<string>).data) as T;
    heard();
    take(value);
  });
}

function connect(): void {
  const source = new EventSource('/api/v1/live');
  source.onopen = () => void prime();
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;  // the browser tries again itself
    setTimeout(connect, retryMs);
  };
  listen<Board>(source, 'board', (value) => (board.value = value));
  listen<Health>(source, 'health', (value) => (health.value = value));
  listen<unknown>(source, 'reset', () => {
    passages.value = [];
    void prime();
  });
  listen<Fact>(source, 'fact', (fact) => {
    passages.value = after(passages.value, fact);
    const passage = passageOf(fact);
    if (passage) decided(passage);
  });
}

/** Begins to listen; `onDecided` hears each decision that is made from now on, once. */
export function start(onDecided: (passage: Passage) => void): void {
  decided = onDecided;
  connect();
  setInterval(() => {
    contact.value = contactAt(performance.now(), lastWord, began);
    wallNow.value = Math.floor(Date.now() / 1000) * 1000;
  }, 250);
}
