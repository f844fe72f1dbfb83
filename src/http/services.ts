/** The servers that Mailroom talks to, as its messages call them. */
export type ServiceName = 'JMAP' | 'CardDAV' | 'Kubernetes';

interface Service {
  /** What says where the server is. */
  readonly urlSetting: string;
  /** Where the user makes new credentials. */
  readonly credentialHint: string;
}

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  JMAP: {
    urlSetting: 'MAILROOM_JMAP_SESSION_URL',
    credentialHint:
      'Make a new API token at Fastmail under Settings → Privacy & Security → Connected apps & API tokens, with read-write access to Email.',
  },
  CardDAV: {
    urlSetting: 'MAILROOM_CARDDAV_URL',
    credentialHint:
      'Make a new app password at Fastmail under Settings → Privacy & Security → Connected apps & API tokens, with access to Contacts (CardDAV); the user name is the full Fastmail address.',
  },
  Kubernetes: {
    urlSetting: 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT',
    credentialHint: 'kubectl apply -f deploy/ makes the service account and its rights.',
  },
};
