import type { ListedMessage } from '../../src/triage/message';
import { byDomain, isNoReply, Queue, type WaitingSender } from '../../src/triage/queue';

let ids = 0;

function message(changes: Partial<ListedMessage> = {}): ListedMessage {
  return {
    id: `m${++ids}`,
    mailboxIds: ['screener'],
    from: [{ name: 'Ann', email: 'ann@sender.example' }],
    receivedAt: '2026-03-01T09:00:00Z',
    subject: 'Hello',
    list: false,
    ...changes,
  };
}

function queueOf(...messages: readonly ListedMessage[]): Queue {
  const queue = new Queue((domain) => domain === 'mailer.example');
  queue.add(messages);
  return queue;
}

describe('the queue', () => {
  it('counts a sender once, whatever the case of the address', () => {
    const other = { from: [{ name: null, email: 'ANN@Sender.Example' }] };
    expect(queueOf(message(), message(other)).senders).toMatchObject([{ sender: 'ann@sender.example', messages: 2 }]);
  });

  it('tells addresses apart that only look alike', () => {
    const emails = ['ann@sender.example', 'ann+news@sender.example', 'joann@sender.example'];
    expect(queueOf(...emails.map((email) => message({ from: [{ name: null, email }] }))).senders).toHaveLength(3);
  });

  it('counts a message once that comes twice', () => {
    const twice = message();
    const queue = queueOf(twice, message());
    queue.add([twice]);
    expect(queue.senders).toMatchObject([{ messages: 2 }]);
  });

  it('tells the oldest and the newest message, and the subject and the name of the newest, in whatever order they come', () => {
    const middle = message({ receivedAt: '2026-03-02T09:00:00Z', subject: 'Middle' });
    const newest = message({
      receivedAt: '2026-03-03T09:00:00Z',
      subject: 'Newest',
      from: [{ name: ' "Ann B."\r\n', email: 'ann@sender.example' }],
    });
    const oldest = message({ receivedAt: '2026-03-01T09:00:00Z', subject: 'Oldest' });
    const expected: WaitingSender = {
      sender: 'ann@sender.example',
      domain: 'sender.example',
      name: 'Ann B.',
      severalNames: true,
      messages: 3,
      oldest: '2026-03-01T09:00:00Z',
      newest: '2026-03-03T09:00:00Z',
      subject: 'Newest',
      newestId: newest.id,
      list: false,
      noReply: false,
    };
    expect(queueOf(middle, newest, oldest).senders).toEqual([expected]);
    expect(queueOf(oldest, middle, newest).senders).toEqual([expected]);
  });

  it('knows no domain where people have it who do not know each other', () => {
    const from = [{ name: null, email: 'ann@Mailer.example' }];
    expect(queueOf(message({ from })).senders).toMatchObject([{ sender: 'ann@mailer.example', domain: null }]);
  });

  it('keeps an older name where the newest message has none', () => {
    const nameless = { from: [{ name: null, email: 'ann@sender.example' }], receivedAt: '2026-03-05T09:00:00Z' };
    expect(queueOf(message(), message(nameless)).senders).toMatchObject([{ name: 'Ann' }]);
    expect(queueOf(message(nameless), message()).senders).toMatchObject([{ name: 'Ann' }]);
    expect(queueOf(message(nameless)).senders).toMatchObject([{ name: null }]);
  });

  it('takes a sender for a list when any message looks like one', () => {
    expect(queueOf(message({ list: true }), message()).senders).toMatchObject([{ list: true }]);
  });

  it('puts first whoever wrote last', () => {
    const from = (email: string, receivedAt: string) => message({ from: [{ name: null, email }], receivedAt });
    const queue = queueOf(
      from('b@x.example', '2026-03-01T09:00:00Z'),
      from('c@x.example', '2026-03-03T09:00:00Z'),
      from('a@x.example', '2026-03-01T09:00:00Z'),
    );
    expect(queue.senders.map(({ sender }) => sender)).toEqual(['c@x.example', 'a@x.example', 'b@x.example']);
  });

  it('counts messages without a usable From for themselves', () => {
    const queue = queueOf(message({ from: null }), message({ from: [{ name: 'Ann', email: 'nobody' }] }), message());
    expect(queue.withoutSender).toBe(2);
    expect(queue.senders).toHaveLength(1);
  });

  it('counts messages with several From addresses for themselves: they wait for none of these', () => {
    const from = ['bank@bank.example', 'thief@evil.example'].map((email) => ({ name: null, email }));
    const queue = queueOf(message({ from }), message());
    expect([queue.severalSenders, queue.withoutSender]).toEqual([1, 0]);
    expect(queue.senders).toHaveLength(1);
  });
});

describe('a no-reply address', () => {
  it.each([
    'noreply@shop.example',
    'no-reply@shop.example',
    'no_reply+7@shop.example',
    'NoReply@shop.example',
    'orders-noreply@shop.example',
    'do-not-reply@shop.example',
    'donotreply@shop.example',
    'never-answer@shop.example',
    'nicht-antworten@shop.example',
    'ne-pas-repondre@shop.example',
  ])('is %s', (address) => {
    expect(isNoReply(address)).toBe(true);
  });

  it.each([
    'ann@shop.example',
    'casino-replay@shop.example',
    'casinoreply@shop.example',
    'reply@shop.example',
    'ann@noreply.example',
  ])('is not %s', (address) => {
    expect(isNoReply(address)).toBe(false);
  });
});

describe('senders by their domains', () => {
  const at = (domain: string | null, name: string) => ({ domain, name });

  it('are together from three on, in the place of the first', () => {
    const [a1, b1, a2, b2, a3, c1] = [
      at('a', '1'),
      at('b', '1'),
      at('a', '2'),
      at('b', '2'),
      at('a', '3'),
      at('c', '1'),
    ];
    expect(byDomain([c1, a1, b1, a2, b2, a3])).toEqual([[c1], [a1, a2, a3], [b1], [b2]]);
  });

  it('are each for itself where the domain is shared by strangers', () => {
    const strangers = [at(null, '1'), at(null, '2'), at(null, '3')];
    expect(byDomain(strangers)).toEqual(strangers.map((one) => [one]));
  });
});
