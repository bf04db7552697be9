/** What /api/v1 and the event stream say; only what the screens use. */
export interface Weight {
  grams?: number;
  declaredGrams?: number;
  allowedGrams?: number;
  stable?: boolean;
}

/** What came of the parcel's X-ray images. */
export interface Screening {
  result?: string;
}

export interface Actuated {
  result: string;
  revision?: number;
  commanded?: number;
  actual?: number;
}

export interface Passage {
  sequence: string;
  time: string;
  passage: string;
  revision: number;
  attempt: number;
  lane: string;
  waybill?: string;
  verdict: 'release' | 'inspect' | 'hold';
  class: string;
  reasons: string[];
  weight?: Weight;
  xray?: Screening;
  chute?: number;
  actuated?: Actuated;
}

export interface Fact {
  type: string;
  sequence: string;
  time: string;
  data: Record<string, unknown>;
}

export interface Lane {
  id: string;
  flow: string;
  scale: boolean;
  sorter: boolean;
}

export interface Device {
  id: string;
  kind: string;
  link: string;
  state: 'up' | 'down' | 'starting';
  age_ms?: number;
  error?: string;
  counters?: Record<string, number>;
}

export interface Board {
  site: string;
  gateway: string;
  kind: string;
  version: string;
  mode: 'running' | 'degraded' | 'stopped';
  detail: string;
  freshness: string;
  clock: string;
  lanes: Lane[];
  devices: Device[];
  sync: { state: string; acked: string; last: string; age_ms?: number; detail: string };
  store: { free_bytes: number; wal_pages: number };
  inbox: { waiting: number; taken: number; refused: number; parked: number };
}

export interface Health {
  ok: boolean;
  mode: string;
  turn_age_ms: number;
  reason?: string;
  detail?: string;
}

export interface ReasonText {
  code: string;
  zh: string;
  en: string;
}
