/*
 * Drains a topic with librdkafka alone: one thread, rd_kafka_consume_batch_queue() on the consumer's queue, the lengths
 * of all values added up. It ends when each partition has reached its end offset.
 *
 * Arguments: TOPIC END,END,... RESULT-FILE [PROPERTY=VALUE ...]
 */
#include "program.h"
#include <rdkafka.h>

/* The call waits for a full batch: with 100 ms, as much would be lost at the end. The best of the pairs tried. */
enum { BATCH_RECORDS = 16384, POLL_MS = 1 };

static double start_ms;

static void on_rebalance(rd_kafka_t *client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *assigned,
                         void *opaque) {
        (void)opaque;
        if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
                start_ms = now_ms();
                /* As our members do: where to begin is known, so nobody is asked for it. */
                for (int index = 0; index < assigned->cnt; index++)
                        assigned->elems[index].offset = 0;
                rd_kafka_assign(client, assigned);
        } else {
                rd_kafka_assign(client, NULL);
        }
}

static rd_kafka_t *connect_consumer(int count, char **properties) {
        char why[512];
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        for (int index = 0; index < count; index++) {
                char *equals = strchr(properties[index], '=');
                if (equals == NULL)
                        die(properties[index], "is not PROPERTY=VALUE");
                *equals = '\0';
                if (rd_kafka_conf_set(conf, properties[index], equals + 1, why, sizeof(why)) != RD_KAFKA_CONF_OK)
                        die(properties[index], why);
        }
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
        rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
        if (client == NULL)
                die("the client cannot start", why);
        rd_kafka_poll_set_consumer(client);
        return client;
}

static void subscribe(rd_kafka_t *client, const char *topic) {
        rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
        rd_kafka_resp_err_t error = rd_kafka_subscribe(client, topics);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
                die("subscribe", rd_kafka_err2str(error));
        rd_kafka_topic_partition_list_destroy(topics);
}

static int reached_ends(void) {
        for (int partition = 0; partition < partitions; partition++)
                if (next_offsets[partition] < ends[partition])
                        return 0;
        return 1;
}

int main(int argc, char **argv) {
        if (argc < 4)
                die("usage", "drain TOPIC END,END,... RESULT-FILE [PROPERTY=VALUE ...]");
        parse_ends(argv[2]);
        rd_kafka_t *client = connect_consumer(argc - 4, argv + 4);
        rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(client);
        static rd_kafka_message_t *batch[BATCH_RECORDS];
        int64_t records = 0;
        int64_t bytes = 0;
        subscribe(client, argv[1]);
        while (!reached_ends()) {
                ssize_t count = rd_kafka_consume_batch_queue(queue, POLL_MS, batch, BATCH_RECORDS);
                for (ssize_t index = 0; index < count; index++) {
                        const rd_kafka_message_t *record = batch[index];
                        if (record->err) {
                                fprintf(stderr, "%s\n", rd_kafka_message_errstr(record));
                        } else {
                                records++;
                                bytes += (int64_t)record->len;
                                next_offsets[record->partition] = record->offset + 1;
                        }
                        rd_kafka_message_destroy(batch[index]);
                }
        }
        double end_ms = now_ms();
        write_result(argv[3], start_ms, end_ms, records, bytes);
        rd_kafka_queue_destroy(queue);
        rd_kafka_consumer_close(client);
        rd_kafka_destroy(client);
        return 0;
}
