import type { Limits } from './limits';

/** Where everything of one Cyrus is: its own folder, as its programs see it, and its ports on 127.0.0.1. */
export interface CyrusPlace {
  readonly folder: string;
  readonly imapPort: number;
  readonly httpPort: number;
  readonly lmtpPort: number;
}

/** The domain that user names without one belong to; also the realm of the passwords. */
export const DOMAIN = 'example.com';

export const PROGRAMS = '/usr/lib/cyrus/bin';

/** By its path: not everybody's PATH has the folder. */
export const SET_PASSWORD = '/usr/sbin/saslpasswd2';

/** The folders that Cyrus wants to find. */
export const FOLDERS: readonly string[] = [
  ...['db', 'log', 'socket', 'proc', 'lock', 'quota', 'user', 'ptclient', 'msg'].map((name) => `var/${name}`),
  'spool',
  'search',
  'sieve',
  'jwt',
];

/** The text of imapd.conf(5). */
export function imapdConf({ folder }: CyrusPlace, limits: Partial<Limits>): string {
  return settings({
    configdirectory: `${folder}/var`,
    'partition-default': `${folder}/spool`,
    defaultpartition: 'default',
    // The realm in which logins without a domain are looked up: the machine's own name otherwise.
    servername: DOMAIN,
    search_engine: 'xapian',
    defaultsearchtier: 't1',
    't1searchpartition-default': `${folder}/search`,
    sievedir: `${folder}/sieve`,
    // In batches of 20, the default, squatter never comes to an end in a mailbox that holds more.
    search_batchsize: '1000000',
    sieve_extensions: 'fileinto mailbox vnd.cyrus.jmapquery',
    admins: 'cyrus',
    virtdomains: 'userid',
    defaultdomain: DOMAIN,
    unixhierarchysep: 'on',
    altnamespace: 'on',
    // Labels: JMAP finds the copies of a message in several mailboxes by the conversations database.
    conversations: 'yes',
    conversations_db: 'twoskip',
    httpmodules: 'carddav jmap',
    httpallowcompress: 'no',
    // Nought makes the INBOX at the first login, without a quota.
    autocreate_quota: '0',
    // 8-bit header values stay as they came; Cyrus would make each such byte an X.
    munge8bit: 'no',
    sasl_pwcheck_method: 'auxprop',
    sasl_auxprop_plugin: 'sasldb',
    sasl_sasldb_path: `${folder}/sasldb2`,
    sasl_mech_list: 'PLAIN LOGIN',
    allowplaintext: 'yes',
    http_jwt_key_dir: `${folder}/jwt`,
    mailbox_legacy_dirs: 'yes',
    ...limitSettings(limits),
    lmtpsocket: `${folder}/var/socket/lmtp`,
    // Nobody's rights come from a group of the machine's, which would be looked up at each request.
    unix_group_enable: 'no',
    // At each JMAP request httpd asks its mailer what that can do: one that refuses is the cheapest. No test sends mail.
    smtp_backend: 'host',
    smtp_host: '127.0.0.1:9/noauth',
    proc_path: `${folder}/var/proc`,
    mboxname_lockpath: `${folder}/var/lock`,
    idlesocket: `${folder}/var/socket/idle`,
    notifysocket: `${folder}/var/socket/notify`,
  });
}

/** The text of cyrus.conf(5). */
export function cyrusConf({ folder, imapPort, httpPort, lmtpPort }: CyrusPlace): string {
  const configuration = `-C ${folder}/imapd.conf`;
  return `START {
  recover cmd="${PROGRAMS}/ctl_cyrusdb ${configuration} -r"
}
SERVICES {
  imap cmd="${PROGRAMS}/imapd ${configuration} -U 30" listen="127.0.0.1:${imapPort}" prefork=1
  http cmd="${PROGRAMS}/httpd ${configuration} -U 1000" listen="127.0.0.1:${httpPort}" prefork=4
  lmtp cmd="${PROGRAMS}/lmtpd ${configuration} -a" listen="127.0.0.1:${lmtpPort}" prefork=0
}
EVENTS { }
DAEMON { }
`;
}

function limitSettings(limits: Partial<Limits>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [
      `jmap_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      String(name === 'maxSizeRequest' ? value / 1024 : value),
    ]),
  );
}

function settings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}
