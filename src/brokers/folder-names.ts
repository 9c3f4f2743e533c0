/**
 * Names in a cluster's folder, which is the working folder of its processes; prepareFolder in
 * node-files.ts creates them.
 */
export const linkToKafka = 'kafka';
export const logConfig = 'log4j2.properties';
export const temporaryFolder = 'tmp';
