import type { Actuated, Fact, Passage, Screening, Weight } from './words';

/** Passages of all lanes, newest decision first. Never changed in place. */
export type Passages = readonly Passage[];

export const kept = 20;

const newer = (a: Passage, b: Passage): number => {
  const left = BigInt(a.sequence), right = BigInt(b.sequence);
  return left > right ? -1 : left < right ? 1 : 0;
};

/** At most `kept` of each lane. */
function trimmed(passages: Passage[]): Passages {
  const count = new Map<string, number>();
  return passages.sort(newer).filter((passage) => {
    const n = (count.get(passage.lane) ?? 0) + 1;
    count.set(passage.lane, n);
    return n <= kept;
  });
}

/** The passage that a passage.decided says; null for another fact or one that cannot be understood. */
export function passageOf(fact: Fact): Passage | null {
  if (fact.type !== 'hefang.passage.decided.v1') return null;
  const data = fact.data;
  const { passage, lane, verdict, revision } = data;
  if (typeof passage !== 'string' || typeof lane !== 'string' || !Array.isArray(data['reasons'])) return null;
  if (verdict !== 'release' && verdict !== 'inspect' && verdict !== 'hold') return null;
  const out: Passage = {
    sequence: fact.sequence,
    time: fact.time,
    passage,
    lane,
    verdict,
    revision: typeof revision === 'number' ? revision : 1,
    attempt: typeof data['attempt'] === 'number' ? data['attempt'] : 1,
    class: typeof data['class'] === 'string' ? data['class'] : verdict,
    reasons: data['reasons'].filter((reason): reason is string => typeof reason === 'string'),
  };
  const what = data['what'] as { waybill?: unknown } | undefined;
  if (typeof what?.waybill === 'string') out.waybill = what.waybill;
  if (typeof data['weight'] === 'object' && data['weight'] !== null) out.weight = data['weight'] as Weight;
  if (typeof data['xray'] === 'object' && data['xray'] !== null) out.xray = data['xray'] as Screening;
  if (typeof data['chute'] === 'number') out.chute = data['chute'];
  return out;
}

/** What is known after one more fact. A later revision replaces the earlier one; the same fact again changes nothing. */
export function after(passages: Passages, fact: Fact): Passages {
  if (fact.type === 'hefang.passage.actuated.v1') {
    const actuated = fact.data as unknown as Actuated;
    return passages.map((p) => (p.passage === fact.data['passage'] ? { ...p, actuated } : p));
  }
  const decided = passageOf(fact);
  return decided ? merged(passages, [decided]) : passages;
}

/** Both together; of two decisions of one passage the newer counts, and what became of it stays known. */
export function merged(passages: Passages, others: Passages): Passages {
  const byPassage = new Map<string, Passage>();
  for (const passage of [...passages, ...others]) {
    const known = byPassage.get(passage.passage);
    const newest = known && newer(known, passage) < 0 ? known : passage;
    const actuated = newest.actuated ?? passage.actuated ?? known?.actuated;
    byPassage.set(passage.passage, actuated ? { ...newest, actuated } : newest);
  }
  return trimmed([...byPassage.values()]);
}
