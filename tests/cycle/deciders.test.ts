import { decidersOf } from '../../src/cycle/deciders';
import { keyOf } from '../../src/triage/subject';
import { aListMessage, DEFAULTS, LIST, placesOf, WHOLE_DOMAIN, WHOLE_LIST } from '../support/builders';

/** With what there is besides: a sender and a domain make two more. */
const MOST_LISTS = 18;

function decidersOn(recipients: readonly string[], places: Parameters<typeof placesOf>[1]): readonly string[] {
  const message = aListMessage('1', 'ann@example.com', [], { recipients });
  return decidersOf(message, placesOf(DEFAULTS, places)).map(keyOf);
}

describe('whose verdicts are asked for because of a message', () => {
  const SENDER = 'ann@example.com';
  const DOMAIN = '*@example.com';
  const features = { wholeDomain: WHOLE_DOMAIN, wholeList: WHOLE_LIST };

  it.each<[string, Parameters<typeof placesOf>[1], readonly string[]]>([
    ['neither', {}, [SENDER]],
    ['domains', { wholeDomain: WHOLE_DOMAIN }, [SENDER, DOMAIN]],
    ['lists', { wholeList: WHOLE_LIST }, [SENDER, `list:${LIST}`, 'list:me@home.example']],
    ['both', features, [SENDER, DOMAIN, `list:${LIST}`, 'list:me@home.example']],
  ])('are its sender’s, and where there are verdicts on %s, theirs', (_, places, keys) => {
    expect(decidersOn([LIST, 'me@home.example'], places)).toEqual(keys);
  });

  it('are those of its own list alone where it has many recipients', () => {
    const others = Array.from({ length: MOST_LISTS }, (_, index) => `r${index}@x.example`);
    const [first, ...rest] = others;
    expect(decidersOn([...rest, LIST], features)).toHaveLength(2 + MOST_LISTS);
    expect(decidersOn([...others, LIST], features)).toEqual([SENDER, DOMAIN, `list:${LIST}`]);
    expect(decidersOn([...others, `${first}.example`], features)).toEqual([SENDER, DOMAIN]);
  });
});
