import { computed, signal } from '@preact/signals';
import { type Age, type Contact, contactAt, contactLimitMs, secondsSince, trustworthy } from './contact';
import { fetched } from './fetched';
import { FirstSeen, wholeSecond } from './firstSeen';
import { after, passageOf, type Passages } from './passages';
import type { Board, Fact, Health, Passage, ReasonText } from './words';

export const board = signal<Board | null>(null);
export const health = signal<Health | null>(null);
export const passages = signal<Passages>([]);
export const reasons = signal<ReadonlyMap<string, ReasonText>>(new Map());
/**
 * True while the passages of before this stream are known: only then is a lane without any really empty, and the newest
 * verdict really the newest.
 */
export const primed = signal(false);
export const contact = signal<Contact>('connecting');
/** Whether a verdict on the screen may be believed at all. */
export const trusted = computed(() => trustworthy(contact.value, health.value, board.value?.mode));
/** The wall clock in whole seconds, as milliseconds: for ages. */
const wallNow = signal(wholeSecond(Date.now()));
/** The same of a clock that nobody sets. */
const steadyNow = signal(wholeSecond(performance.now()));

const retryMs = 1000;
const silentMs = 10_000;  // a stream that is open and says nothing for so long is opened anew
const heldBack = 5000;    // facts that wait for the passages of before
const began = performance.now();
const firstSeen = new FirstSeen();
let source: EventSource | null = null;
let opened = began;
let lastWord: number | null = null;
let sinceOpen: Fact[] = [];  // what was heard while the passages of before were not known
let generation = 0;          // of priming: an answer to an older question counts for nothing
let decided: (passage: Passage) => void = () => undefined;

function look(): void {
  contact.value = contactAt(performance.now(), lastWord, began, primed.value);
  wallNow.value = wholeSecond(Date.now());
  steadyNow.value = wholeSecond(performance.now());
}

/** Goes on by itself: what reads it is drawn again each second. */
export function ageOf(passage: Passage): Age {
  return { wall: secondsSince(passage.time, wallNow.value), seen: firstSeen.seconds(passage, steadyNow.value) };
}

function show(next: Passages): void {
  look();  // the clocks first: what was decided now must not lie ahead of them
  firstSeen.note(next, performance.now());
  passages.value = next;
}

/** The stream is known to be broken: nothing waits for the limit. */
function lose(): void {
  lastWord = performance.now() - contactLimitMs;
  look();
}

/** From now on nothing is known of what was before. */
function forget(): void {
  ++generation;
  sinceOpen = [];
  primed.value = false;
  look();
}

/** Takes what was before from the server, then what was heard since: another journal's passages do not stay. */
async function prime(): Promise<void> {
  forget();
  const mine = generation;
  try {
    if (reasons.value.size === 0) {
      const table = await fetched<{ reasons: ReasonText[] }>('/api/v1/reasons');
      reasons.value = new Map(table.reasons.map((reason) => [reason.code, reason]));
    }
    const known = await fetched<{ passages: Passage[] }>('/api/v1/passages?limit=20');
    if (mine !== generation) return;
    show(sinceOpen.reduce(after, known.passages as Passages));
    sinceOpen = [];
    primed.value = true;
    look();
  } catch {
    setTimeout(() => {
      if (mine === generation) void prime();
    }, retryMs);
  }
}

function heard(fact: Fact): void {
  if (!primed.value && sinceOpen.push(fact) > heldBack) sinceOpen.shift();
  show(after(passages.value, fact));
  const passage = passageOf(fact);
  if (passage && trusted.value) decided(passage);  // what was missed comes before contact counts as live: it is silent
}

function listen<T>(event: string, take: (value: T) => void): void {
  source?.addEventListener(event, (message) => take(JSON.parse((message as MessageEvent<string>).data) as T));
}

function connect(): void {
  source?.close();
  forget();
  opened = performance.now();
  source = new EventSource('/api/v1/live');
  source.onopen = () => void prime();
  source.onerror = (failed) => {
    lose();
    const gone = failed.target as EventSource;
    if (gone !== source || gone.readyState !== EventSource.CLOSED) return;  // the browser tries again itself
    setTimeout(connect, retryMs);
  };
  // Health comes once all that was missed has come. Nothing else counts as contact: old facts are no sign of now.
  listen<Health>('health', (value) => {
    health.value = value;
    lastWord = performance.now();
    look();
  });
  listen<Board>('board', (value) => {
    if (board.value && board.value.version !== value.version) location.reload();  // another gateway brings another page
    board.value = value;
  });
  listen<unknown>('reset', () => {
    passages.value = [];
    void prime();
  });
  listen<Fact>('fact', heard);
}

/** Begins to listen; `onDecided` hears each decision that is made from now on, once. */
export function start(onDecided: (passage: Passage) => void): void {
  decided = onDecided;
  connect();
  setInterval(() => {
    look();
    if (contact.value === 'lost' && performance.now() - Math.max(opened, lastWord ?? 0) > silentMs) connect();
  }, 250);
  document.addEventListener('visibilitychange', look);  // a page that slept must not show what was
}
