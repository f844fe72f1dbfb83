import { PROGRAM } from '../../program';
import { sentence, type Titled, titled } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import { widthOf } from '../../screen/width';
import type { Feature } from '../../triage/features';
import { type Inventory, type InventoryItem, lackingItems } from './inventory';

type Made<Item extends InventoryItem> = Item & { readonly made: boolean };

/** What is there `after`, and whether it was there `before`. */
export function withMade<Item extends InventoryItem>(
  before: readonly Item[],
  after: readonly Item[],
): readonly Made<Item>[] {
  return after.map((item, index) => ({ ...item, made: item.state === 'there' && before[index]?.state !== 'there' }));
}

/** `wanted`: what must be there of that which is optional. */
export function inventoryLines(
  before: Inventory,
  after: Inventory,
  wanted: ReadonlySet<Feature>,
  applied: boolean,
  screen: Screen,
): readonly string[] {
  const mailboxes = withMade(before.mailboxes, after.mailboxes);
  // Groups of a feature that nobody has switched on say nothing that its label does not.
  const groups = withMade(before.groups, after.groups).filter(
    ({ feature, state }) => state === 'there' || feature === null || wanted.has(feature),
  );
  const column = Math.max(...[...mailboxes, ...groups].map(({ name }) => widthOf(name))) + MARK_WIDTH;
  const line = (item: Made<InventoryItem>, note = ''): Titled => {
    const [mark, look] = MARKS[item.made ? 'made' : item.state];
    return [`  ${mark} ${item.name}`, `${item.use}${note}${remarkOn(item, wanted)}`, look];
  };
  const optional = mailboxes.flatMap(({ feature, state }) => (feature !== null && state === 'missing' ? feature : []));
  const made = [mailboxes, groups].map((items) => items.filter((item) => item.made).length);
  const hidden = mailboxes.filter(({ subscribed }) => subscribed === false).map(({ name }) => name);
  return [
    screen.style.title('Mailboxes and labels'),
    ...titled(
      mailboxes.map((item) => line(item, item.subscribed === false ? ' (not subscribed)' : '')),
      screen,
      column,
    ),
    screen.style.title('Contact groups'),
    ...titled(
      groups.map((item) => line(item)),
      screen,
      column,
    ),
    '',
    ...[
      conclusion(lackingItems(mailboxes, wanted), lackingItems(groups, wanted), made, applied),
      ...(optional.length === 0
        ? []
        : [`Optional, and missing: ${PROGRAM} setup --apply --with ${optional.join(',')}`]),
      ...(hidden.length === 0
        ? []
        : [
            `Mail clients may hide ${hidden.join(', ')}: subscribe to them there, or show them in the list of folders.`,
          ]),
    ].flatMap((text) => sentence(text, screen)),
  ];
}

/** Of a mark, with the spaces around it. */
const MARK_WIDTH = 4;

const MARKS = {
  there: ['✓', 'good'],
  made: ['+', 'good'],
  missing: ['-', 'odd'],
  ambiguous: ['✗', 'bad'],
} as const;

function remarkOn({ state, feature, made }: Made<InventoryItem>, wanted: ReadonlySet<Feature>): string {
  if (made) return ' (made)';
  return state === 'missing' && feature !== null && !wanted.has(feature) ? ' (optional, missing)' : REMARKS[state];
}

const REMARKS = {
  there: '',
  missing: ' (missing)',
  ambiguous: ' (several nested ones, none at the top level: rename all but one)',
} as const;

/** `made`: how many mailboxes, and how many groups. */
function conclusion(
  mailboxes: readonly InventoryItem[],
  groups: readonly InventoryItem[],
  made: readonly number[],
  applied: boolean,
): string {
  const missing = [mailboxes, groups].map((items) => items.filter(({ state }) => state === 'missing').length);
  const counted = ([boxes = 0, others = 0]: readonly number[]): string =>
    `${boxes} ${boxes === 1 ? 'mailbox' : 'mailboxes'} and ${others} contact ${others === 1 ? 'group' : 'groups'}`;
  if (made.some((count) => count > 0)) return `Made ${counted(made)}.`;
  if (missing.every((count) => count === 0)) return 'Everything that can be made is there: nothing to do.';
  if (applied) return `Still missing: ${counted(missing)}.`;
  return `Nothing was written. To make ${counted(missing)}: ${PROGRAM} setup --apply`;
}
