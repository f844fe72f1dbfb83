import type { Settings } from '../config';
import type { AddressBook, Mail } from '../ports';
import type { Judgement } from '../triage/judge';
import { type CyclePlan, planCycle } from '../triage/plan';
import type { CautionsOf } from '../triage/plan-cautions';
import { NOTHING_SLIPPED } from '../triage/sweep';
import type { Located } from './locate';
import type { Occasion } from './read';
import { readJudged } from './read-judged';
import { readSlipped } from './read-slipped';

export interface PlanContext {
  readonly settings: Settings;
  readonly now: Date;
  readonly ownUid: (address: string, attempt: number) => string;
}

/** Reads what is to be known of the judged and of what slipped past the rules, and plans everything that is written. */
export async function readPlan(
  occasion: Occasion,
  located: Located,
  ports: { readonly mail: Mail; readonly book: AddressBook },
  { settings, now, ownUid }: PlanContext,
): Promise<CyclePlan> {
  const [judged, cautionsOf, sweep] = await Promise.all([
    readJudged(occasion.judgement, located, ports, now),
    cautionsFor(occasion.judgement, ports, settings),
    settings.sweep ? readSlipped(occasion, located, ports.book, now) : NOTHING_SLIPPED,
  ]);
  return planCycle({
    ...judged,
    cautionsOf,
    sweep,
    places: located.places,
    categories: settings.categories,
    judgement: occasion.judgement,
    today: now.toISOString().slice(0, 10),
    warningsEnabled: settings.warningsEnabled,
    ownUid: (address) => ownUid(address, 0),
  });
}

/** Most cycles judge nobody, and most verdicts let nobody in: what looks at those is evaluated where there are some. */
async function cautionsFor(
  judgement: Judgement,
  ports: { readonly mail: Mail; readonly book: AddressBook },
  settings: Settings,
): Promise<CautionsOf> {
  if (!settings.warningsEnabled || judgement.verdicts.length === 0) return () => [];
  const { readCautions } = await import('./read-cautions');
  return readCautions(judgement, ports, settings);
}
