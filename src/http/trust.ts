/** What Node.js says where nobody that it trusts has signed a certificate. Names and dates are other faults. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** The way out where an authority of the user's own has signed the server's certificate. */
export const PRIVATE_AUTHORITY_HINT =
  "If an authority of your own has signed it, give the file with that authority's certificate (PEM) in NODE_EXTRA_CA_CERTS; docs/run-anywhere.md shows where";

/** True for the code of a connection that ended because of who signed the certificate. */
export function isUnknownAuthority(code: string): boolean {
  return UNKNOWN_AUTHORITY.includes(code);
}
