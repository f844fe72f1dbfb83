import { combineErrors, MailroomError } from '../errors';
import { SERVICES } from '../http/services';
import type { AddressBook, Mail } from '../ports';

/** Throws `credentials` where mail or contacts may be read only: each sender would fail, for a reason that is no sender's. */
export function requireWritable({ mail, book }: { readonly mail: Mail; readonly book: AddressBook }): void {
  const [first, ...others] = [
    ...(mail.writable ? [] : [readOnlyMail()]),
    ...(book.writable ? [] : [readOnlyContacts()]),
  ];
  if (first !== undefined) throw combineErrors([first, ...others]);
}

export function readOnlyMail(): MailroomError {
  return readOnly('JMAP', 'JMAP: the token lets mail be read only');
}

export function readOnlyContacts(): MailroomError {
  return readOnly('CardDAV', 'CardDAV: the password lets contacts be read only');
}

function readOnly(service: keyof typeof SERVICES, message: string): MailroomError {
  return new MailroomError({ code: 'credentials', message, hint: SERVICES[service].credentialHint });
}
