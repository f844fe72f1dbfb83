import type { Mail } from '../ports';
import { domainOf, foldAddress } from '../triage/address';
import { type Judgement, judge, judgesDomains } from '../triage/judge';
import type { Message } from '../triage/message';
import type { Places } from '../triage/places';

/** Judges the labelled messages. Which domains are the user's own, and which are nobody's, is asked where one is judged. */
export async function readJudgement(
  labelled: readonly Message[],
  places: Places,
  mail: Pick<Mail, 'ownAddresses'>,
): Promise<Judgement> {
  if (!judgesDomains(labelled, places)) return judge(labelled, places);
  const [{ isPublicDomain }, addresses] = await Promise.all([import('../domains/public-domains'), mail.ownAddresses()]);
  const own = new Set(addresses.map((address) => domainOf(foldAddress(address))));
  return judge(labelled, places, { isPublic: isPublicDomain, own });
}
