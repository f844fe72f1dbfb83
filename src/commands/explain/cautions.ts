import type { AddressBook, Mail } from '../../ports';
import { areSeveralNames, type Caution } from '../../triage/caution';
import { cleanName } from '../../triage/display-name';
import type { Message } from '../../triage/message';
import { compareTexts } from '../../triage/order';
import { displayNameOf } from '../../triage/sender';
import type { Subject } from '../../triage/subject';
import { findCautions } from '../queue/find-cautions';
import type { ExplainContext } from './sender-report';

/** Why one may want to look twice at a sender, or at a domain, of which no name counts. No request without a message. */
export async function cautionsOnSender(
  { kind, address }: Subject,
  messages: readonly Message[],
  ports: { readonly mail: Mail; readonly book: AddressBook },
  { settings, ownUid }: Pick<ExplainContext, 'settings' | 'ownUid'>,
): Promise<readonly Caution[]> {
  const newestFirst = messages.toSorted((one, other) => compareTexts(other.receivedAt, one.receivedAt));
  const [newest] = newestFirst;
  if (newest === undefined) return [];
  const names = kind === 'sender' ? newestFirst.map(displayNameOf) : [];
  const party = {
    sender: address,
    name: names.map(cleanName).find((name) => name !== null) ?? null,
    severalNames: areSeveralNames(names, address),
    newestId: newest.id,
  };
  const cautions = await findCautions([party], ports, settings, (folded) => ownUid(folded, 0));
  return cautions.get(address) ?? [];
}
