import type { Message } from '../triage/message';
import type { Places } from '../triage/places';
import { isSame, listOf, type Subject, type SubjectKind, subjectsOf } from '../triage/subject';

/** A message to more lists or people than that is looked at for its own list alone: each address is asked for. */
const MOST_RECIPIENTS = 20;

/** Whose verdicts may decide about a message, as far as there are verdicts on such. */
export function decidersOf(message: Message, places: Places): readonly Subject[] {
  const isJudged: Readonly<Record<SubjectKind, boolean>> = {
    sender: true,
    domain: places.wholeDomain !== null,
    list: places.wholeList !== null,
  };
  const subjects = subjectsOf(message).filter(({ kind }) => isJudged[kind]);
  if (subjects.length <= MOST_RECIPIENTS) return subjects;
  const own = listOf(message);
  return subjects.filter((one) => one.kind !== 'list' || (own !== null && isSame(one, own)));
}
