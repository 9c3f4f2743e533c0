/*
 * The limit of any client on this machine: fetches record batches (Fetch version 4), walks the headers of the batches
 * and discards the rest. One thread and connection per broker. It ends when each partition has reached its end offset.
 *
 * Arguments: TOPIC END,END,... RESULT-FILE HOST:PORT
 */
#include "program.h"
#include <arpa/inet.h>
#include <endian.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BROKERS_MAX = 64, REQUEST_MAX = 65536 };
enum { FETCH = 1, METADATA = 3 };
enum { PARTITION_BYTES = 4 << 20, RESPONSE_BYTES = 64 << 20, WAIT_MS = 500 };
/* Of a record batch: what precedes its own length's count, and the place of the last offset's difference to the base. */
enum { BATCH_PREFIX = 12, LAST_OFFSET_DELTA_AT = 23, BATCH_HEADER = 61 };

struct broker {
        int32_t id;
        char host[256];
        char port[8];
        pthread_t thread;
        int64_t records;
        int64_t bytes;
};

/* Bytes that are written to a request or read from a response. */
struct cursor {
        unsigned char *at;
        unsigned char *end;
};

static const char *topic;
static int32_t leaders[PARTITIONS_MAX];
static struct broker brokers[BROKERS_MAX];
static int broker_count;

static void put(struct cursor *to, const void *bytes, size_t count) {
        if (count > (size_t)(to->end - to->at))
                die("request", "too large");
        memcpy(to->at, bytes, count);
        to->at += count;
}

static void put8(struct cursor *to, int8_t value) { put(to, &value, 1); }
static void put16(struct cursor *to, int16_t value) { put(to, &(uint16_t){htobe16((uint16_t)value)}, 2); }
static void put32(struct cursor *to, int32_t value) { put(to, &(uint32_t){htobe32((uint32_t)value)}, 4); }
static void put64(struct cursor *to, int64_t value) { put(to, &(uint64_t){htobe64((uint64_t)value)}, 8); }

static void put_string(struct cursor *to, const char *text) {
        put16(to, (int16_t)strlen(text));
        put(to, text, strlen(text));
}

static unsigned char *take(struct cursor *from, int64_t count) {
        if (count < 0 || count > from->end - from->at)
                die("response", "too short");
        unsigned char *start = from->at;
        from->at += count;
        return start;
}

static int16_t take16(struct cursor *from) {
        uint16_t value;
        memcpy(&value, take(from, 2), 2);
        return (int16_t)be16toh(value);
}

static int32_t take32(struct cursor *from) {
        uint32_t value;
        memcpy(&value, take(from, 4), 4);
        return (int32_t)be32toh(value);
}

static int64_t take64(struct cursor *from) {
        uint64_t value;
        memcpy(&value, take(from, 8), 8);
        return (int64_t)be64toh(value);
}

/* A null string has the length -1. */
static void take_string(struct cursor *from, char *text, size_t size) {
        int16_t length = take16(from);
        unsigned char *start = take(from, length < 0 ? 0 : length);
        snprintf(text, size, "%.*s", length < 0 ? 0 : length, (char *)start);
}

static int connect_to(const char *host, const char *port) {
        struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
        if (getaddrinfo(host, port, &hints, &found) != 0)
                die(host, "is unknown");
        int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
        if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
                die(host, "cannot be connected to");
        freeaddrinfo(found);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        return fd;
}

static struct cursor start_request(unsigned char *buffer, int16_t api, int16_t version) {
        struct cursor request = {buffer + 4, buffer + REQUEST_MAX};
        put16(&request, api);
        put16(&request, version);
        put32(&request, 0);
        put_string(&request, "raw-fetch");
        return request;
}

static void receive(int fd, unsigned char *to, size_t count) {
        while (count > 0) {
                ssize_t got = recv(fd, to, count, 0);
                if (got <= 0)
                        die("connection", "closed by the broker");
                to += got;
                count -= (size_t)got;
        }
}

/* Sends the request, and returns the response without its correlation id. The buffer grows as needed. */
static struct cursor exchange(int fd, unsigned char *buffer, unsigned char *request_end, unsigned char **response,
                              size_t *size) {
        struct cursor length = {buffer, buffer + 4};
        put32(&length, (int32_t)(request_end - buffer - 4));
        if (send(fd, buffer, (size_t)(request_end - buffer), 0) != request_end - buffer)
                die("connection", "the request was not sent");
        uint32_t count;
        receive(fd, (unsigned char *)&count, 4);
        count = be32toh(count);
        if (count > *size) {
                free(*response);
                *response = malloc(count);
                *size = count;
                if (*response == NULL)
                        die("response", "no memory");
        }
        receive(fd, *response, count);
        struct cursor body = {*response, *response + count};
        take32(&body);
        return body;
}

static void find_leaders(const char *bootstrap) {
        char host[256], port[8];
        if (sscanf(bootstrap, "%255[^:]:%7[0-9]", host, port) != 2)
                die(bootstrap, "is not HOST:PORT");
        unsigned char buffer[REQUEST_MAX], *response = NULL;
        size_t size = 0;
        int fd = connect_to(host, port);
        struct cursor request = start_request(buffer, METADATA, 1);
        put32(&request, 1);
        put_string(&request, topic);
        struct cursor body = exchange(fd, buffer, request.at, &response, &size);
        broker_count = take32(&body);
        if (broker_count > BROKERS_MAX)
                die("brokers", "too many");
        for (int index = 0; index < broker_count; index++) {
                struct broker *broker = &brokers[index];
                broker->id = take32(&body);
                take_string(&body, broker->host, sizeof(broker->host));
                snprintf(broker->port, sizeof(broker->port), "%d", take32(&body));
                take_string(&body, host, sizeof(host));
        }
        take32(&body);
        if (take32(&body) != 1 || take16(&body) != 0)
                die(topic, "is not there");
        take_string(&body, host, sizeof(host));
        take(&body, 1);
        for (int32_t left = take32(&body); left > 0; left--) {
                take16(&body);
                int32_t partition = take32(&body);
                if (partition < 0 || partition >= partitions)
                        die(topic, "has other partitions");
                leaders[partition] = take32(&body);
                for (int list = 0; list < 2; list++)
                        take(&body, 4 * (int64_t)take32(&body));
        }
        free(response);
        close(fd);
}

/* Walks the headers of whole batches; the last one of a response may be cut off. */
static void walk(struct broker *broker, int32_t partition, struct cursor log) {
        while (log.end - log.at >= BATCH_HEADER) {
                struct cursor batch = log;
                int64_t base = take64(&batch);
                int64_t length = BATCH_PREFIX + (int64_t)take32(&batch);
                if (length > log.end - log.at)
                        return;
                batch.at = log.at + LAST_OFFSET_DELTA_AT;
                int64_t last = base + take32(&batch);
                batch.at = log.at + BATCH_HEADER - 4;
                broker->records += take32(&batch);
                broker->bytes += length;
                next_offsets[partition] = last + 1;
                log.at += length;
        }
}

static int missing_of(const struct broker *broker, int32_t *list) {
        int count = 0;
        for (int32_t partition = 0; partition < partitions; partition++)
                if (leaders[partition] == broker->id && next_offsets[partition] < ends[partition])
                        list[count++] = partition;
        return count;
}

static void *fetch_all(void *argument) {
        struct broker *broker = argument;
        unsigned char *buffer = malloc(REQUEST_MAX), *response = NULL;
        size_t size = 0;
        int32_t missing[PARTITIONS_MAX];
        int fd = connect_to(broker->host, broker->port);
        for (int count; (count = missing_of(broker, missing)) > 0;) {
                struct cursor request = start_request(buffer, FETCH, 4);
                put32(&request, -1);
                put32(&request, WAIT_MS);
                put32(&request, 1);
                put32(&request, RESPONSE_BYTES);
                put8(&request, 0);
                put32(&request, 1);
                put_string(&request, topic);
                put32(&request, count);
                for (int index = 0; index < count; index++) {
                        put32(&request, missing[index]);
                        put64(&request, next_offsets[missing[index]]);
                        put32(&request, PARTITION_BYTES);
                }
                struct cursor body = exchange(fd, buffer, request.at, &response, &size);
                take32(&body);
                if (take32(&body) != 1)
                        die(topic, "is not in the response");
                take(&body, take16(&body));
                for (int32_t left = take32(&body); left > 0; left--) {
                        int32_t partition = take32(&body);
                        if (take16(&body) != 0)
                                die(topic, "fetch failed");
                        take(&body, 16);
                        int32_t aborted = take32(&body);
                        take(&body, aborted < 0 ? 0 : 16 * (int64_t)aborted);
                        int32_t length = take32(&body);
                        struct cursor log = {body.at, take(&body, length < 0 ? 0 : length)};
                        log.end = body.at;
                        walk(broker, partition, log);
                }
        }
        close(fd);
        free(response);
        free(buffer);
        return NULL;
}

int main(int argc, char **argv) {
        if (argc != 5)
                die("usage", "raw-fetch TOPIC END,END,... RESULT-FILE HOST:PORT");
        topic = argv[1];
        parse_ends(argv[2]);
        find_leaders(argv[4]);
        double start_ms = now_ms();
        int64_t records = 0, bytes = 0;
        for (int index = 0; index < broker_count; index++)
                if (pthread_create(&brokers[index].thread, NULL, fetch_all, &brokers[index]) != 0)
                        die("thread", "cannot be started");
        for (int index = 0; index < broker_count; index++) {
                pthread_join(brokers[index].thread, NULL);
                records += brokers[index].records;
                bytes += brokers[index].bytes;
        }
        double end_ms = now_ms();
        write_result(argv[3], start_ms, end_ms, records, bytes);
        return 0;
}
