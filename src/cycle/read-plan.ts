import type { Settings } from '../config';
import type { AddressBook, Mail } from '../ports';
import { type CyclePlan, planCycle } from '../triage/plan';
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
  const [judged, sweep] = await Promise.all([
    readJudged(occasion.judgement, located, ports, now),
    settings.sweep ? readSlipped(occasion, located, ports.book, now) : NOTHING_SLIPPED,
  ]);
  return planCycle({
    ...judged,
    sweep,
    places: located.places,
    categories: settings.categories,
    judgement: occasion.judgement,
    today: now.toISOString().slice(0, 10),
    warningsEnabled: settings.warningsEnabled,
    ownUid: (address) => ownUid(address, 0),
  });
}
