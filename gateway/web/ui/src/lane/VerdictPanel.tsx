import { language, texts } from '../i18n/language';
import { reasons } from '../live/feed';
import type { Standing } from '../live/contact';
import type { Passage, Weight } from '../live/words';
import { clockTime, difference, grams, shownNumber, weightGap } from './format';
import { Shape } from './Shape';
import { lookOf } from './tone';

/** The reason's text in the language of the screen; its code until the table has come. */
export function reasonText(code: string): string {
  const text = reasons.value.get(code);
  return text ? text[language.value] : code;
}

function WeightLine({ weight, scale }: { weight: Weight | undefined; scale: boolean }) {
  const t = texts.value;
  const gap = weightGap(weight);
  if (weight?.grams === undefined) return <p class="weight">{scale ? t.notWeighed : t.noScale}</p>;
  const over = gap !== null && weight.allowedGrams !== undefined && Math.abs(gap) > weight.allowedGrams;
  return (
    <p class="weight">
      <span>{t.weight} <b>{grams(weight.grams)}</b></span>
      {weight.declaredGrams !== undefined ? <span>{t.declared} <b>{grams(weight.declaredGrams)}</b></span> : null}
      {gap !== null ? (
        <span class={over ? 'over' : ''}>
          {t.difference} <b>{difference(gap)}</b>
          {weight.allowedGrams !== undefined ? <small> ({t.allowed} ±{grams(weight.allowedGrams)})</small> : null}
        </span>
      ) : null}
      {weight.stable === false ? <span class="over">{t.unstable}</span> : null}
    </p>
  );
}

/** Where the parcel goes: a verdict alone does not tell a second weighing from an inspection. */
function Way({ passage }: { passage: Passage }) {
  const t = texts.value;
  return (
    <p class="way">
      <span>{t.parcelClass} <b>{t.className(passage.class)}</b></span>
      {passage.xray?.result ? <span>{t.xray} <b>{t.xrayResult(passage.xray.result)}</b></span> : null}
      {passage.chute ? <span>{t.chute} <b>{passage.chute}</b></span> : null}
    </p>
  );
}

function Meta({ passage, age }: { passage: Passage; age: number }) {
  const t = texts.value;
  return (
    <p class="meta">
      <span>{clockTime(passage.time)}{age >= 5 ? ` · ${t.ago(age)}` : ''}</span>
      {passage.attempt > 1 ? <span>{t.attempt(passage.attempt)}</span> : null}
      {passage.revision > 1 ? <span>{t.revision(passage.revision)}</span> : null}
      <span class="number">#{passage.sequence}</span>
    </p>
  );
}

/** Says that the verdict below is not that of the parcel at hand. */
function StandingNote({ passage, standing, age }: { passage: Passage; standing: Standing; age: number }) {
  const t = texts.value;
  if (standing === 'void') return <p class="note void">{t.voidVerdict} · {clockTime(passage.time)}</p>;
  if (standing === 'past') return <p class="note">{t.pastVerdict} · {t.ago(age)}</p>;
  return null;
}

interface Props {
  passage: Passage;
  scale: boolean;
  standing: Standing;
  age: number;  // in seconds
}

export function VerdictPanel({ passage, scale, standing, age }: Props) {
  const t = texts.value;
  const look = lookOf(passage);
  const [headline, ...others] = passage.reasons;
  // A new key for each decision: the panel flashes also when the same verdict comes again.
  return (
    <section key={passage.sequence} class={`verdict ${look} ${standing}`}>
      <StandingNote passage={passage} standing={standing} age={age} />
      <div class="head" role="status">
        <Shape look={look} />
        <h2 class="word">{t[look]}</h2>
      </div>
      <p class="headline" role="status">
        {passage.revision > 1 ? <span class="changed">{t.changed}</span> : null}
        {headline ? reasonText(headline) : ''}
        {others.length > 0 ? <span class="all-items">{t.allItems(passage.reasons.length)}</span> : null}
      </p>
      <ul class="others">{others.slice(0, 3).map((code) => <li key={code}>{reasonText(code)}</li>)}</ul>
      <div class="facts">
        <div class="which">
          <p class={passage.waybill ? 'waybill' : 'waybill none-read'} title={passage.waybill}>{passage.waybill ? shownNumber(passage.waybill) : t.noBarcode}</p>
          <Way passage={passage} />
        </div>
        <WeightLine weight={passage.weight} scale={scale} />
        <Meta passage={passage} age={age} />
      </div>
    </section>
  );
}
