import type { Settings } from '../../config';
import { placesIn } from '../../cycle/locate';
import type { Mail } from '../../ports';
import { decisionsOn, isModifier } from '../../triage/places';
import { type Finding, fault, listed, warning } from './finding';

/** Messages with a label that says what a verdict is on, and none that says which. They are read where there may be any. */
export async function loneModifiers(settings: Settings, mail: Mail): Promise<readonly Finding[]> {
  const places = placesIn(settings, mail.mailboxes);
  const modifiers = mail.mailboxes.filter(({ id, totalEmails }) => totalEmails > 0 && isModifier(id, places));
  if (modifiers.length === 0) return [];
  const found = new Map<string, string>();
  try {
    for await (const page of mail.listedMessages([{ inMailboxes: modifiers.map(({ id }) => id) }])) {
      for (const message of page.filter((one) => decisionsOn(one, places).length === 0)) {
        found.set(message.id, `${JSON.stringify(message.subject)} of ${message.from?.[0]?.email ?? 'nobody'}`);
      }
    }
  } catch (error) {
    return [fault('modifiers', error)];
  }
  if (found.size === 0) return [];
  const labels = modifiers.map(({ name }) => name).join(' or ');
  const [who, rest] = found.size === 1 ? ['A message carries', 'is'] : [`${found.size} messages carry`, 'are'];
  return [
    warning(
      'modifiers',
      `${who} the label ${labels} and no triage label, and ${rest} left alone: ${listed([...found.values()])}`,
      'Put a triage label beside it, or take it off',
    ),
  ];
}
