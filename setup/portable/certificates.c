/*
 * OpenSSL's default certificates are those of the folder that it was compiled for. The client uses
 * Node's OpenSSL, compiled for /etc/ssl, where RHEL and its relatives have none. librdkafka calls this
 * function in place of SSL_CTX_set_default_verify_paths(): a macro renames its calls.
 */
#include <stdlib.h>
#include <unistd.h>
#include <openssl/ssl.h>

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Alpine */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL */
    "/etc/pki/tls/certs/ca-bundle.crt", /* older RHEL */
    "/etc/ssl/ca-bundle.pem", /* SUSE */
};

int portable_default_verify_paths(SSL_CTX *ctx) {
  if (getenv("SSL_CERT_FILE") == NULL && getenv("SSL_CERT_DIR") == NULL) {
    for (size_t i = 0; i < sizeof(bundles) / sizeof(*bundles); i++) {
      if (access(bundles[i], R_OK) == 0) return SSL_CTX_load_verify_file(ctx, bundles[i]);
    }
  }
  return SSL_CTX_set_default_verify_paths(ctx);
}
