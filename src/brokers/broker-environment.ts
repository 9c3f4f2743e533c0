const inherited = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LD_LIBRARY_PATH'] as const;

/**
 * The environment of a Kafka process. It omits the variables by which a user changes Java programs
 * (JAVA_TOOL_OPTIONS, _JAVA_OPTIONS, JDK_JAVA_OPTIONS, KAFKA_OPTS …), because they would break or
 * distort measurements; --broker-jvm-option changes the brokers instead. The locale is fixed: under
 * a Turkish one Kafka cannot read its own settings (it looks for `CLASSİC`), and in the C locale
 * Java cannot open a file with a non-ASCII name. setup/java.js has the same list.
 */
export function brokerEnvironment(): Record<string, string> {
  const kept = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C.UTF-8' };
}
