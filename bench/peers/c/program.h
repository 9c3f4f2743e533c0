/*
 * What the C programs of the comparison have in common: the end offsets that they are given, their clock, and the file
 * that they write.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PARTITIONS_MAX = 1024 };

static int64_t ends[PARTITIONS_MAX];
static int64_t next_offsets[PARTITIONS_MAX];
static int partitions;

static double now_ms(void) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void die(const char *what, const char *why) {
        fprintf(stderr, "%s: %s\n", what, why);
        exit(1);
}

static void parse_ends(char *text) {
        for (char *end = strtok(text, ","); end != NULL && partitions < PARTITIONS_MAX; end = strtok(NULL, ","))
                ends[partitions++] = strtoll(end, NULL, 10);
}

static void write_result(const char *file, double start_ms, double end_ms, int64_t records, int64_t bytes) {
        FILE *result = fopen(file, "w");
        if (result == NULL)
                die(file, "cannot be written");
        fprintf(result, "{\"startedAtMs\":%.3f,\"endedAtMs\":%.3f,\"records\":%" PRId64 ",\"bytes\":%" PRId64 "}", start_ms,
                end_ms, records, bytes);
        fclose(result);
}
