/*
 * What librdkafka's configure script would find for Linux with glibc 2.28 or newer. GSSAPI and
 * external LZ4 are left out. RDKAFKA_VERSION_STR and WITH_CRC32C_HW are compiler flags
 * (librdkafka.js).
 */
#define SOLIB_EXT ".so"
#define ENABLE_DEVEL 0
#define ENABLE_REFCNT_DEBUG 0
#define BUILT_WITH "PORTABLE ZLIB SSL ZSTD CURL SNAPPY SASL_SCRAM SASL_OAUTHBEARER OAUTHBEARER_OIDC"
#define HAVE_ATOMICS_32 1
#define HAVE_ATOMICS_32_ATOMIC 1
#define ATOMIC_OP32(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
#define HAVE_ATOMICS_64 1
#define HAVE_ATOMICS_64_ATOMIC 1
#define ATOMIC_OP64(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
#define ATOMIC_OP(OP1,OP2,PTR,VAL) __atomic_ ## OP1 ## _ ## OP2(PTR, VAL, __ATOMIC_SEQ_CST)
#define WITH_C11THREADS 1
#define WITH_LIBDL 1
#define WITH_PLUGINS 1
#define WITH_ZLIB 1
#define WITH_SSL 1
#define OPENSSL_SUPPRESS_DEPRECATED 1
#define WITH_ZSTD 1
#define WITH_CURL 1
#define WITH_HDRHISTOGRAM 1
#define WITH_SNAPPY 1
#define WITH_SOCKEM 1
#define WITH_SASL_SCRAM 1
#define WITH_SASL_OAUTHBEARER 1
#define WITH_OAUTHBEARER_OIDC 1
#define WITH_SYSLOG 1
#define HAVE_REGEX 1
#define HAVE_RAND_R 1
#define HAVE_GETENTROPY 1
#define HAVE_STRNDUP 1
#define HAVE_STRERROR_R 1
#define HAVE_STRCASESTR 1
#define HAVE_PTHREAD_SETNAME_GNU 1
#define HAVE_GETRUSAGE 1
