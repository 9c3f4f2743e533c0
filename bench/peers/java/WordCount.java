import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Kafka Streams' word count, as its own WordCountDemo does it, with our definition of a word. Arguments: k=v, those
 * that begin with "streams." are settings of Streams. It ends when every word of the topic was counted and its counts topic
 * holds the final counts, committed.
 */
public final class WordCount {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}_]+");

    private final Map<String, String> arguments;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicLong words = new AtomicLong();
    private final AtomicLong startedAtMs = new AtomicLong();
    private final CountDownLatch counted = new CountDownLatch(1);
    private volatile Throwable failure;

    private WordCount(Map<String, String> arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> arguments = new HashMap<>();
        for (String argument : args) {
            int equals = argument.indexOf('=');
            arguments.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        new WordCount(arguments).run();
    }

    private void run() throws Exception {
        String output = arguments.get("application") + "-counts";
        createOutput(output);
        KafkaStreams streams = new KafkaStreams(topology(output), settings());
        streams.setUncaughtExceptionHandler(error -> {
            failure = error;
            counted.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        counted.await();
        // Closing commits, so the last counts need not wait for the commit interval.
        streams.close(Duration.ofMinutes(2));
        if (failure != null) throw new IllegalStateException("the word count failed", failure);
        readOutput(output);
    }

    private Topology topology(String output) {
        long wordsExpected = Long.parseLong(arguments.get("words"));
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(arguments.get("topic"), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
            .flatMapValues(this::split)
            .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
            // What count() does, and it tells how far it is.
            .aggregate(() -> 0L, (word, value, count) -> {
                if (words.incrementAndGet() == wordsExpected) counted.countDown();
                return count + 1;
            }, store())
            .toStream()
            .to(output, Produced.with(Serdes.String(), Serdes.Long()));
        Properties optimization = new Properties();
        optimization.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        return builder.build(optimization);
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> store() {
        return Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts")
            .withKeySerde(Serdes.String())
            .withValueSerde(Serdes.Long());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments.get("application"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments.get("bootstrap"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments.get("state"));
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        arguments.forEach((name, value) -> {
            if (name.startsWith("streams.")) settings.put(name.substring("streams.".length()), value);
        });
        return settings;
    }

    private List<String> split(byte[] value) {
        startedAtMs.compareAndSet(0, System.currentTimeMillis());
        records.increment();
        bytes.add(value.length);
        List<String> found = new ArrayList<>();
        Matcher matcher = WORD.matcher(new String(value, StandardCharsets.UTF_8));
        while (matcher.find()) found.add(matcher.group().toLowerCase(Locale.ROOT));
        return found;
    }

    /** The brokers' clock on each count tells afterwards when the last one was there, with nobody reading meanwhile. */
    private void createOutput(String output) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments.get("bootstrap")))) {
            NewTopic topic = new NewTopic(output, Integer.parseInt(arguments.get("partitions")), (short) -1);
            topic.configs(Map.of("message.timestamp.type", "LogAppendTime"));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private void readOutput(String output) throws Exception {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", arguments.get("bootstrap"), "isolation.level", "read_committed");
        Map<String, Long> counts = new HashMap<>();
        long endedAtMs = 0;
        try (KafkaConsumer<String, Long> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(output).stream()
                .map(info -> new TopicPartition(output, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(200))) {
                    counts.put(record.key(), record.value());
                    endedAtMs = Math.max(endedAtMs, record.timestamp());
                }
            }
        }
        try (BufferedWriter writer = Files.newBufferedWriter(Path.of(arguments.get("counts")))) {
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                writer.write(count.getKey() + "\t" + count.getValue() + "\n");
            }
        }
        String result = String.format(Locale.ROOT, "{\"startedAtMs\":%d,\"endedAtMs\":%d,\"records\":%d,\"bytes\":%d}",
            startedAtMs.get(), endedAtMs, records.sum(), bytes.sum());
        Files.writeString(Path.of(arguments.get("result")), result);
    }
}
