/** Why an address can't be reached. @param code - of Node */
export function reachWords(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'unknown host name';
    default:
      return code;
  }
}

/** Why a TLS handshake failed. @param code - of Node or of OpenSSL */
export function tlsWords(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `its certificate is not signed by a trusted authority (${code})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another host name';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'CERT_REVOKED':
      return 'its certificate was revoked (ssl.crl.location)';
    case 'UNABLE_TO_GET_CRL':
      return 'ssl.crl.location has no revocation list of the authority that signed its certificate';
    case 'ECONNRESET':
      return 'it closed the connection during the handshake; it may expect plaintext';
    default:
      return code;
  }
}
